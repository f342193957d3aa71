//! The desk's frame as staff uses it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod history;
mod log;
mod search;
mod team;
mod work;

use kernel::{Ctx, CustomerId, Email, Locale};
use testkit::TestApp;

/// With the module under test.
async fn app() -> TestApp {
    TestApp::new(vec![operations::module()]).await
}

/// Queues a mail to a customer.
async fn queue(t: &TestApp, customer: CustomerId, to: &str, subject: &str) -> mail::MailId {
    queue_with(t, customer, to, subject, Vec::new()).await
}

async fn queue_with(
    t: &TestApp,
    customer: CustomerId,
    to: &str,
    subject: &str,
    slots: Vec<mail::Slot>,
) -> mail::MailId {
    let ctx = Ctx::system(&t.world);
    let draft = mail::Draft {
        to: Email::parse(to).expect("it works"),
        to_name: "Anna Adler".into(),
        customer: Some(customer),
        user: None,
        kind: "support.answer-waiting",
        locale: Locale::De,
        subject: subject.into(),
        text: format!(
            "Guten Tag,\n\nes wartet etwas. {}",
            if slots.is_empty() {
                ""
            } else {
                "{{slot:link}}"
            }
        ),
        html: String::new(),
        slots,
    };
    let mut tx = t.db().begin().await.expect("it works");
    let id = mail::queue(&mut tx, &ctx, draft).await.expect("it works");
    tx.commit().await.expect("it works");
    id
}
