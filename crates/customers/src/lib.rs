//! Customers: registration and activation, the acting customer and its members, sign-in names, the account overview,
//! the address book; on the desk the list of customers and the customer file.
//!
//! Here: who belongs to which customer, and what they may do. Not here: passwords, sessions and links (`identity`).

pub mod address;
pub mod contact;
pub mod customer;
mod follow;
mod gate;
pub mod invitation;
pub mod member;
pub mod note;
mod overview;
pub mod registration;
pub mod rights;
pub mod signin;
mod start;
pub mod view;

pub use gate::Doors;
pub use member::session as member_session;

use address::portal as addresses;
use contact::{portal as contacts, stop as contact_stop};
use customer::{data, desk, edit, file, file_data, new};
use invitation::{desk as invitations, portal as invited};
use member::{access, desk as members};
use note::desk as notes;
use registration::portal as register;
use signin::{code, confirm, forgotten, passkey, portal as door};
use view::portal as views;
use web::{ACCOUNT, Access, CONFIRM, Module, Place, SIGN_IN, START, VIEW_END};

#[derive(rust_embed::RustEmbed)]
#[folder = "templates"]
struct Templates;

/// What this context gives to the whole.
pub fn module() -> Module {
    let module = Module::new("customers")
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .texts(
            include_str!("../texts/view.de.ftl"),
            include_str!("../texts/view.en.ftl"),
        )
        .templates::<Templates>()
        .portal_rights(rights::ALL)
        .desk_rights(&[
            rights::CUSTOMERS_VIEW,
            rights::CUSTOMERS_EDIT,
            rights::CUSTOMERS_VIEW_AS,
        ]);
    samples(menus(portal(desk_pages(news(module)))))
}

fn news(module: Module) -> Module {
    module.jobs(|registry| {
        registry
            .job::<forgotten::Search>()
            .job::<registration::Asked>()
            .schedule("50 3 * * *", invitation::Sweep {})
            .schedule(view::Over::WHEN, view::Over {})
            .on(
                identity::emails::CHANGED,
                "customers.keys",
                follow::emails_changed,
            )
    })
}

fn portal(module: Module) -> Module {
    let addresses = Access::member(rights::ADDRESSES);
    own(module)
        .get(START, Access::open(), start::start)
        .get(register::REGISTER, Access::open(), register::ask)
        .post(register::REGISTER, Access::open(), register::create)
        .get(register::ASKED, Access::open(), register::asked)
        .get(register::ACTIVATE, Access::open(), register::show)
        .post(register::ACTIVATE, Access::open(), register::activate_with)
        .get(SIGN_IN, Access::open(), door::ask)
        .post(SIGN_IN, Access::open(), door::enter)
        .get(code::CODE, Access::open(), code::ask)
        .post(code::CODE, Access::open(), code::enter)
        .post(code::BEGIN, Access::open(), code::ask_passkey)
        .post(passkey::BEGIN, Access::open(), passkey::begin)
        .post(passkey::SEND, Access::open(), passkey::enter)
        .get(CONFIRM, Access::user(), confirm::ask)
        .post(CONFIRM, Access::user(), confirm::enter)
        .get(forgotten::FORGOTTEN, Access::open(), forgotten::ask)
        .post(forgotten::FORGOTTEN, Access::open(), forgotten::send)
        .get(forgotten::ASKED, Access::open(), forgotten::asked)
        .post(door::SIGN_OUT, Access::user(), door::leave)
        .post(door::SWITCH, Access::user(), door::switch)
        .get(
            ACCOUNT,
            Access::member(rights::ACCOUNT_VIEW),
            overview::show,
        )
        .get(addresses::LIST, addresses, addresses::list)
        .get(addresses::NEW, addresses, addresses::new)
        .post(addresses::NEW, addresses, addresses::create)
        .get(addresses::ONE, addresses, addresses::edit)
        .post(addresses::ONE, addresses, addresses::save)
        .get(addresses::DELETE, addresses, addresses::ask_delete)
        .post(addresses::DELETE, addresses, addresses::delete)
}

/// The customer's record, contacts, and the links that come by mail.
fn own(module: Module) -> Module {
    let edits = Access::member(rights::ACCOUNT_EDIT);
    let contact = Access::member(rights::CONTACTS);
    module
        .get(edit::EDIT, edits.fresh(), edit::show)
        .post(edit::EDIT, edits.fresh(), edit::save)
        .get(data::DATA, edits, data::show)
        .post(data::DATA, edits, data::save)
        .get(contacts::LIST, contact, contacts::list)
        .get(contacts::NEW, contact, contacts::new)
        .post(contacts::NEW, contact, contacts::create)
        .get(contacts::ONE, contact, contacts::edit)
        .post(contacts::ONE, contact, contacts::save)
        .get(contacts::DELETE, contact, contacts::ask_delete)
        .post(contacts::DELETE, contact, contacts::delete)
        .get(
            views::LIST,
            Access::member(rights::ACCOUNT_VIEW),
            views::list,
        )
        .post(VIEW_END, Access::user(), views::end)
        .get(contact_stop::STOP, Access::open(), contact_stop::ask)
        .post(contact_stop::STOP, Access::open(), contact_stop::stop)
        .get(invited::INVITATION, Access::open(), invited::show)
        .post(invited::INVITATION, Access::open(), invited::take)
}

fn desk_pages(module: Module) -> Module {
    let view = Access::staff(rights::CUSTOMERS_VIEW);
    let edits = Access::staff(rights::CUSTOMERS_EDIT);
    let looks = Access::staff(rights::CUSTOMERS_VIEW_AS);
    let right = rights::CUSTOMERS_VIEW;
    module
        .get(desk::LIST, view, desk::list)
        .get(new::NEW, edits, new::ask)
        .post(new::NEW, edits, new::make)
        .get(file::FILE, view, file::show)
        .get(file_data::DATA, edits, file_data::show)
        .post(file_data::DATA, edits, file_data::save)
        .get(view::desk::VIEW, looks, view::desk::ask)
        .post(view::desk::VIEW, looks, view::desk::begin)
        .post(notes::ADD, edits, notes::create)
        .get(notes::ONE, edits, notes::edit)
        .post(notes::ONE, edits, notes::save)
        .post(notes::PIN, edits, notes::pin_one)
        .post(notes::WARN, edits, notes::warn)
        .get(members::ONE, edits, members::show)
        .post(members::ONE, edits, members::save)
        .post(access::RESET, edits, access::send_reset)
        .post(access::SIGN_OUT, edits, access::end_sessions)
        .post(access::REQUIRE, edits, access::require)
        .post(access::LOST, edits, access::lost_factor)
        .post(members::MAIN, edits, members::make_main)
        .post(members::REMOVE, edits, members::take_out)
        .get(invitations::INVITE, edits, invitations::ask)
        .post(invitations::INVITE, edits, invitations::create)
        .post(invitations::AGAIN, edits, invitations::send)
        .post(invitations::WITHDRAW, edits, invitations::take_back)
        .file_tab(10, right, notes::TAB, notes::tab)
        .file_tab(82, right, members::TAB, members::tab)
        .file_tab(84, right, "desk-addresses", file::addresses)
        .file_tab(86, right, "desk-contacts", contact::desk::tab)
        .search("desk-customers", rights::CUSTOMERS_VIEW, desk::search)
}

fn menus(module: Module) -> Module {
    module
        .nav(Place::Door, 10, "sign-in", SIGN_IN.url())
        .nav(Place::Door, 20, "registration", register::REGISTER.url())
        .nav(Place::Account(0), 10, "account", ACCOUNT.url())
        .with_right(rights::ACCOUNT_VIEW)
        .nav(Place::Account(0), 20, "customer-data", data::DATA.url())
        .with_right(rights::ACCOUNT_EDIT)
        .nav(Place::Account(0), 30, "addresses", addresses::LIST.url())
        .with_right(rights::ADDRESSES)
        .nav(Place::Account(0), 40, "contacts", contacts::LIST.url())
        .with_right(rights::CONTACTS)
        .nav(Place::Account(0), 90, "views-nav", views::LIST.url())
        .with_right(rights::ACCOUNT_VIEW)
        .nav(Place::Desk, 30, "desk-customers", desk::LIST.url())
        .with_right(rights::CUSTOMERS_VIEW)
        .with_icon("users")
}

fn samples(module: Module) -> Module {
    own_samples(module)
        .page::<start::StartPage>()
        .page::<register::RegisterPage>()
        .page::<register::AskedPage>()
        .page::<register::ActivatePage>()
        .page::<register::DeadPage>()
        .page::<door::SignInPage>()
        .page::<code::CodePage>()
        .page::<confirm::ConfirmPage>()
        .page::<forgotten::ForgottenPage>()
        .page::<forgotten::AskedPage>()
        .page::<overview::OverviewPage>()
        .page::<addresses::ListPage>()
        .page::<addresses::EditPage>()
        .page::<addresses::DeletePage>()
        .page::<desk::ListPage>()
        .page::<file::FilePage>()
        .mail::<registration::Activation>()
        .mail::<registration::Known>()
}

fn own_samples(module: Module) -> Module {
    module
        .page::<edit::AccountEditPage>()
        .page::<data::DataPage>()
        .page::<contacts::ListPage>()
        .page::<contacts::EditPage>()
        .page::<contacts::DeletePage>()
        .page::<contact_stop::StopPage>()
        .page::<invited::InvitationPage>()
        .page::<invited::DeadPage>()
        .page::<new::NewPage>()
        .page::<file::OverviewTab>()
        .page::<file::AddressesTab>()
        .page::<file_data::FileDataPage>()
        .page::<notes::NotesTab>()
        .page::<notes::NotePage>()
        .page::<members::MembersTab>()
        .page::<members::MemberPage>()
        .page::<invitations::InvitePage>()
        .page::<view::desk::ViewPage>()
        .page::<views::ViewsPage>()
        .page::<contact::desk::ContactsTab>()
        .mail::<contact::mails::Entered>()
        .mail::<invitation::mails::Invited>()
}

/// The id that a button posts under this name; what is none names nothing.
pub(crate) fn named<T: std::str::FromStr>(form: &web::RawForm, name: &str) -> web::Result<T> {
    if form.repeats(name) {
        return Err(web::Error::Bad("a field came twice"));
    }
    let id = form.get(name).and_then(|id| id.parse().ok());
    id.ok_or(web::Error::NotFound)
}
