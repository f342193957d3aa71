//! Who somebody is: users, passwords, sessions, mailed links, throttles; staff, their roles and their sign-in.
//!
//! Not here: whom a user acts for and what a name or customer number leads to (`customers`).

mod hasher;
pub mod links;
pub mod passwords;
mod rule;
pub mod sessions;
pub mod staff;
mod sweep;
pub mod throttle;
pub mod users;

pub use hasher::{Busy, Hasher};
pub use links::{Link, LinkState, Target};
pub use rule::password_rule;
pub use sessions::UserSession;
pub use staff::desk::{CODE, INVITATION, SET_UP, SIGN_OUT};
pub use staff::{Role, rights, session as staff_session};
pub use sweep::{Sweep, sweep};

use web::{Access, DESK_SIGN_IN, Module};

#[derive(rust_embed::RustEmbed)]
#[folder = "templates"]
struct Files;

/// Needs [`Hasher`] in the application's state and a world with a master key.
pub fn module() -> Module {
    use staff::{desk, pages};
    Module::new("identity")
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
        .jobs(|registry| registry.schedule("20 * * * *", Sweep {}))
}
