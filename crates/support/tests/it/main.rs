//! Messages as customers and staff use them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

mod abuse;
mod articles;
mod contacts;
mod critical;
mod desk;
mod desk_files;
mod desk_tickets;
mod history;
pub mod inbound;
mod inbound_corpus;
mod keep;
mod merged;
mod mta;
mod outbound;
mod past;
mod portal;
mod postfix;
mod rating;
mod second_thoughts;
mod secret;
mod secret_files;
mod tickets;
mod today;

use std::sync::Arc;
use testkit::{Client, TestApp};

/// With the module under test, and the articles it offers.
async fn app() -> TestApp {
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![Arc::new(knowledge::Shelf::in_memory())],
    )
    .await
}

/// Writes a message; gives its page.
async fn write(client: &mut Client, text: &str) -> String {
    let sent = client
        .fill("/nachrichten/neu", &[("text", text)])
        .await
        .expect(303);
    sent.location().to_owned()
}

/// The same thread on the desk.
fn at_desk(thread: &str) -> String {
    format!(
        "/desk/tickets/{}",
        thread.rsplit('/').next().unwrap_or_default()
    )
}
