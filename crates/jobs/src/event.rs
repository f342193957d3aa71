//! News that goes up: a lower context writes an event in its own transaction, a higher one handles it later.

use crate::{job::JobId, store};
use db::Tx;
use kernel::Ctx;
use serde::{Deserialize, Serialize};

/// Row kind of an event that waits to be handed out.
pub(crate) const EVENT: &str = "event";
/// Row kind of one event for one handler.
pub(crate) const DELIVERY: &str = "event.deliver";

/// A fact and an id, never a state: handlers read what is true now. Order holds per subject, and each may come twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What happened, as `mail.failed`.
    pub kind: String,
    /// What it happened to; events of one subject arrive in order.
    pub subject: String,
    /// The row to look at.
    pub id: String,
}

impl Event {
    pub fn new(kind: &str, subject: impl ToString, id: impl ToString) -> Self {
        Event {
            kind: kind.to_owned(),
            subject: subject.to_string(),
            id: id.to_string(),
        }
    }
}

/// One event for one handler, as stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub handler: String,
    pub event: Event,
}

/// Writes the event in the caller's transaction; each handler gets it after commit, as a job of its own.
pub async fn emit(tx: &mut Tx, ctx: &Ctx, event: Event) -> db::Result<JobId> {
    let subject = format!("{EVENT}|{}", event.subject);
    let new = store::New::json(EVENT, &event)?.subject(subject);
    store::insert(tx, ctx, new).await
}
