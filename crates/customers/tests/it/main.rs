//! Registration, sign-in, overview, address book and the desk's customers, at their surface. `TRESEN_TEST_DATABASE=postgres://…`
//! moves every test to PostgreSQL.

mod account;
mod addresses;
mod desk;
mod pages;
mod registration;
mod sign_in;

use testkit::TestApp;

pub async fn app() -> TestApp {
    TestApp::new(Vec::new()).await
}
