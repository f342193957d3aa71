//! News from below that belong into a customer's log.

use db::audit::{self, Entry};
use jobs::{Event, JobCx, Outcome};
use mail::MailId;

/// A mail was given up: noted once for each time, though the news may come twice.
pub async fn mail_failed(event: Event, cx: JobCx) -> Outcome {
    let Ok(id) = event.id.parse() else {
        return Outcome::GiveUp(format!("{} is no mail", event.id));
    };
    db::retry(|| note(&cx, id)).await.into()
}

async fn note(cx: &JobCx, id: MailId) -> db::Result<()> {
    let mut tx = cx.db.begin().await?;
    let mail = match mail::one(&mut tx, cx.ctx.now, id).await {
        Ok(mail) => mail,
        // its customer was erased meanwhile
        Err(db::Error::Missing) => return Ok(()),
        Err(error) => return Err(error),
    };
    let entry = Entry {
        act: "mail.failed",
        customer: mail.customer_id,
        subject: "mail",
        subject_id: id.to_string(),
        detail: serde_json::json!({ "kind": mail.kind, "attempts": mail.attempts }),
    };
    audit::record_once(&mut tx, &cx.ctx, entry).await?;
    tx.commit().await
}
