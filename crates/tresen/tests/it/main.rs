//! Tests that know everything: all statements, templates, texts, routes; and the walk through the whole.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may fail"
)]

mod abuse;
mod asvs;
mod canary;
mod demo;
mod doctor;
mod keys;
mod language;
mod operation;
mod paging;
mod post;
mod process;
mod races;
mod routes;
mod slow;
mod statements;
mod templates;
mod texts;
mod transfer;
mod walk;
mod wire;

use std::any::Any;
use std::sync::Arc;
use testkit::{Node, TestApp};
use web::Module;

/// The whole product, with the demo's page.
async fn whole() -> TestApp {
    let (modules, state) = parts();
    TestApp::with(modules, state).await
}

/// A second node on the same database.
async fn second(t: &TestApp) -> Node {
    let (modules, state) = parts();
    t.second_node(modules, state).await
}

fn parts() -> (Vec<Module>, Vec<Arc<dyn Any + Send + Sync>>) {
    let documents = legal::Documents::load(None).expect("the samples can be read");
    let mut modules = tresen::house::modules();
    // the test kit brings these itself
    modules.retain(|module| !matches!(module.name, "identity" | "customers"));
    modules.push(tresen::demo::module());
    (
        modules,
        vec![Arc::new(documents), Arc::new(knowledge::Shelf::in_memory())],
    )
}
