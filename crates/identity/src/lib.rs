//! Who somebody is: users, passwords, sessions, mailed links, throttles; staff, their roles and their sign-in.
//!
//! Not here: whom a user acts for and what a name or customer number leads to (`customers`).

pub mod devices;
pub mod emails;
pub mod factors;
mod hasher;
pub mod links;
pub mod notices;
pub mod passwords;
pub mod profile;
mod reseal;
pub mod reset;
pub mod rule;
pub mod sessions;
pub mod staff;
mod sweep;
pub mod throttle;
pub mod users;
pub mod views;

pub use devices::device_words;
pub use hasher::{Busy, Hasher};
pub use links::{Link, LinkState, Target};
pub use reseal::reseal;
pub use rule::password_rule;
pub use sessions::UserSession;
pub use staff::desk::{CODE, INVITATION, SET_UP, SIGN_OUT};
pub use staff::{Role, rights, session as staff_session};
pub use sweep::{Sweep, sweep};

use web::{Access, DESK_SIGN_IN, Module, Place};

#[derive(rust_embed::RustEmbed)]
#[folder = "templates"]
struct Files;

/// Needs [`Hasher`] in the application's state and a world with a master key.
pub fn module() -> Module {
    team(factor(own(desk(Module::new("identity")))))
}

/// Staff as their managers see them, and what each changes of themselves.
fn team(module: Module) -> Module {
    staff::team::desk::add(staff::own::desk::add(module))
}

/// What users see of themselves, and the pages of links mailed to them.
fn own(module: Module) -> Module {
    use emails::portal as addresses;
    use passwords::portal as password;
    use reset::portal as new_password;
    let user = Access::user();
    module
        .get(profile::PROFILE, user, profile::show)
        .post(profile::PROFILE, user, profile::change)
        .get(password::CHANGE, user, password::ask)
        .post(password::CHANGE, user, password::save)
        .get(addresses::NEW, user.fresh(), addresses::ask_add)
        .post(addresses::NEW, user.fresh(), addresses::add)
        .post(addresses::AGAIN, user, addresses::prove_again)
        .post(addresses::PRIMARY, user.fresh(), addresses::make_primary)
        .get(addresses::REMOVE, user.fresh(), addresses::ask_remove)
        .post(addresses::REMOVE, user.fresh(), addresses::remove)
        .get(addresses::PROVE, Access::open(), addresses::show_proof)
        .post(addresses::PROVE, Access::open(), addresses::prove)
        .get(addresses::STOP, Access::open(), addresses::show_stop)
        .post(addresses::STOP, Access::open(), addresses::stop)
        .get(addresses::STOPPED, Access::open(), addresses::stopped)
        .get(new_password::NEW, Access::open(), new_password::show)
        .post(new_password::NEW, Access::open(), new_password::save)
        .nav(Place::Account(1), 80, "profile", profile::PROFILE.url())
        .page::<profile::ProfilePage>()
        .page::<password::ChangePage>()
        .page::<addresses::AddPage>()
        .page::<addresses::RemovePage>()
        .page::<addresses::ProvePage>()
        .page::<addresses::StopPage>()
        .page::<addresses::EndedPage>()
        .page::<new_password::NewPage>()
        .page::<new_password::EndedPage>()
        .mail::<notices::Changed>()
        .mail::<reset::Reset>()
        .mail::<emails::Proof>()
        .mail::<emails::Taken>()
}

/// The second factor, passkeys, and where one is signed in.
fn factor(module: Module) -> Module {
    use devices::portal as places;
    use factors::lost;
    use factors::passkeys::portal as keys;
    use factors::portal as pages;
    let user = Access::user();
    module
        .get(pages::OVERVIEW, user.fresh(), pages::overview)
        .get(pages::APP, user.fresh(), pages::app)
        .post(pages::APP, user.fresh(), pages::app_on)
        .get(pages::APP_OFF, user.fresh(), pages::ask_off)
        .post(pages::APP_OFF, user.fresh(), pages::app_off)
        .post(pages::CODES, user.fresh(), pages::codes)
        .post(pages::CODES_FILE, user, pages::codes_file)
        .get(keys::LIST, user.fresh(), keys::show)
        .post(keys::LIST, user.fresh(), keys::create)
        .post(keys::BEGIN, user.fresh(), keys::begin)
        .get(keys::ONE, user.fresh(), keys::edit)
        .post(keys::ONE, user.fresh(), keys::save)
        .post(keys::REMOVE, user.fresh(), keys::delete)
        .get(places::LIST, user, places::list)
        .post(places::END, user.fresh(), places::end_one)
        .post(places::END_OTHERS, user.fresh(), places::end_rest)
        .get(lost::STOP, Access::open(), lost::ask_stop)
        .post(lost::STOP, Access::open(), lost::stop_it)
        .nav(Place::Account(1), 90, "devices", places::LIST.url())
        .page::<pages::OverviewPage>()
        .page::<pages::AppPage>()
        .page::<pages::AppOffPage>()
        .page::<pages::CodesPage>()
        .page::<keys::ListPage>()
        .page::<keys::EditPage>()
        .page::<places::DevicesPage>()
        .page::<lost::StopPage>()
        .mail::<lost::Asked>()
}

fn desk(module: Module) -> Module {
    use staff::{desk, pages};
    module
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .templates::<Files>()
        .get(DESK_SIGN_IN, Access::desk_open(), desk::sign_in_page)
        .post(DESK_SIGN_IN, Access::desk_open(), desk::sign_in)
        .get(CODE, Access::desk_open(), desk::code_page)
        .post(CODE, Access::desk_open(), desk::code)
        .get(SET_UP, Access::desk_open(), desk::set_up_page)
        .post(SET_UP, Access::desk_open(), desk::code)
        .get(INVITATION, Access::desk_open(), desk::invitation_page)
        .post(INVITATION, Access::desk_open(), desk::accept)
        .post(SIGN_OUT, Access::any_staff(), desk::sign_out)
        .page::<pages::SignInPage>()
        .page::<pages::CodePage>()
        .page::<pages::SetUpPage>()
        .page::<pages::InvitationPage>()
        .page::<pages::EndedPage>()
        .desk_rights(&[rights::STAFF_MANAGE, rights::SETTINGS])
        // hourly: what an unused link holds of a person is to be gone soon after its end
        .jobs(|registry| {
            registry
                .schedule("20 * * * *", Sweep {})
                .job::<factors::lost::CarryOut>()
        })
}
