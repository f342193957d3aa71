//! Tests that know everything: all statements, templates, texts, routes; and the walk through the whole.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may fail"
)]

mod abuse;
mod paging;
mod routes;
mod slow;
mod statements;
mod templates;
mod texts;
mod walk;

use std::sync::Arc;
use testkit::TestApp;

/// The whole product, with the demo's page.
async fn whole() -> TestApp {
    let documents = legal::Documents::load(None).expect("the samples can be read");
    let mut modules = tresen::house::modules();
    // the test kit brings these itself
    modules.retain(|module| !matches!(module.name, "identity" | "customers"));
    modules.push(tresen::demo::module());
    TestApp::with(modules, vec![Arc::new(documents)]).await
}
