//! Messages as customers and staff use them.

mod desk;
mod past;
mod portal;

use testkit::{Client, TestApp};

/// With the module under test.
async fn app() -> TestApp {
    TestApp::new(vec![support::module()]).await
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
    format!("/desk{thread}")
}
