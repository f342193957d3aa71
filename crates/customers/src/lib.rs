//! Customers: registration and activation, the acting customer and its members, sign-in names, the account overview,
//! the address book; on the desk the list of customers and the customer file.
//!
//! Here: who belongs to which customer, and what they may do. Not here: passwords, sessions and links (`identity`).

pub mod address;
pub mod customer;
mod gate;
pub mod member;
mod overview;
pub mod registration;
pub mod rights;
pub mod signin;
mod start;

pub use gate::Doors;
pub use member::session as member_session;

use address::portal as addresses;
use customer::{desk, file};
use registration::portal as register;
use signin::portal as door;
use web::{ACCOUNT, Access, Module, Place, SIGN_IN, START};

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
        .templates::<Templates>()
        .portal_rights(rights::ALL)
        .desk_rights(&[rights::CUSTOMERS_VIEW, rights::CUSTOMERS_EDIT]);
    samples(menus(portal(desk_pages(module))))
}

fn portal(module: Module) -> Module {
    let addresses = Access::member(rights::ADDRESSES);
    module
        .get(START, Access::open(), start::start)
        .get(register::REGISTER, Access::open(), register::ask)
        .post(register::REGISTER, Access::open(), register::create)
        .get(register::ASKED, Access::open(), register::asked)
        .get(register::ACTIVATE, Access::open(), register::show)
        .post(register::ACTIVATE, Access::open(), register::activate_with)
        .get(SIGN_IN, Access::open(), door::ask)
        .post(SIGN_IN, Access::open(), door::enter)
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

fn desk_pages(module: Module) -> Module {
    let view = Access::staff(rights::CUSTOMERS_VIEW);
    module
        .get(desk::LIST, view, desk::list)
        .get(file::FILE, view, file::show)
        .search("desk-customers", rights::CUSTOMERS_VIEW, desk::search)
}

fn menus(module: Module) -> Module {
    module
        .nav(Place::Door, 10, "sign-in", SIGN_IN.url())
        .nav(Place::Door, 20, "registration", register::REGISTER.url())
        .nav(Place::Account(0), 10, "account", ACCOUNT.url())
        .with_right(rights::ACCOUNT_VIEW)
        .nav(Place::Account(0), 30, "addresses", addresses::LIST.url())
        .with_right(rights::ADDRESSES)
        .nav(Place::Desk, 30, "desk-customers", desk::LIST.url())
        .with_right(rights::CUSTOMERS_VIEW)
        .with_icon("users")
}

fn samples(module: Module) -> Module {
    module
        .page::<start::StartPage>()
        .page::<register::RegisterPage>()
        .page::<register::AskedPage>()
        .page::<register::ActivatePage>()
        .page::<register::DeadPage>()
        .page::<door::SignInPage>()
        .page::<overview::OverviewPage>()
        .page::<addresses::ListPage>()
        .page::<addresses::EditPage>()
        .page::<addresses::DeletePage>()
        .page::<desk::ListPage>()
        .page::<file::FilePage>()
        .mail::<registration::Activation>()
        .mail::<registration::Known>()
}
