//! Registration, sign-in, overview, address book and the desk's customers, at their surface. `TRESEN_TEST_DATABASE=postgres://…`
//! moves every test to PostgreSQL.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may fail"
)]

mod abuse;
mod account;
mod addresses;
mod assignment;
mod authenticator;
mod contacts;
mod desk;
mod devices;
mod factors;
mod file;
mod fresh;
mod invitations;
mod pages;
mod passkeys;
mod profile;
mod record;
mod registration;
mod reset;
mod sign_in;
mod view;

use testkit::TestApp;

pub async fn app() -> TestApp {
    TestApp::new(Vec::new()).await
}
