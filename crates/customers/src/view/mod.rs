//! "Als Kunde ansehen" (DESK-4): staff sees the portal with the eyes of one of a customer's users, for a reason and a short
//! while. Nothing can be changed (`web` sees to that), and the customer can read who looked, when and why.

pub mod desk;
mod over;
pub mod portal;

pub use over::Over;

use crate::member;
use db::Tx;
use db::audit::{self, Entry};
use identity::views::{self, Ended, ViewId};
use kernel::{Ctx, CustomerId, Secret, UserId, Uuid};
use serde_json::json;
use web::Fault;
use web::form::{Faults, Field, FieldValue};

/// The act that the customer can read of.
pub const VIEWED: &str = "customer.viewed";

/// Letters of a reason that says something.
const REASON: usize = 5;

/// The user of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose(pub UserId);

impl FieldValue for Whose {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        let user = raw.parse().map_err(|()| Fault::key("fault-choice"))?;
        Ok(Whose(user))
    }
    fn raw(&self) -> String {
        self.0.to_string()
    }
}

web::form! {
    /// Why somebody looks, and with whose eyes.
    pub struct Ask as "view", check = says_something; {
        reason: String = line(200).autocomplete("off"),
        user: Whose = select(),
    }
}

fn says_something(ask: &mut Ask, faults: &mut Faults) {
    let letters = ask.reason.chars().filter(|c| c.is_alphanumeric());
    if letters.count() < REASON {
        faults.add("reason", Fault::key("fault-view-reason"));
    }
}

/// Opens a view from this session at the desk, in the place of the one it had; gives the token for the cookie, or `None`
/// when the user does not belong to the customer.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    session: Uuid,
    ask: &Ask,
) -> db::Result<Option<Secret>> {
    let Whose(user) = ask.user;
    if member::rights_of(tx, customer, user).await?.is_none() {
        return Ok(None);
    }
    let (token, before) = views::open(tx, ctx, session, customer, user).await?;
    if let Some(before) = before {
        note_end(tx, ctx, before).await?;
    }
    let entry = Entry {
        customer: Some(customer),
        detail: json!({ "reason": ask.reason }),
        ..Entry::about_user(VIEWED, user)
    };
    audit::record(tx, ctx, entry).await?;
    Ok(Some(token))
}

/// Ends a view; harmless when it has ended before.
pub async fn close(tx: &mut Tx, ctx: &Ctx, view: ViewId) -> db::Result<()> {
    match views::end(tx, view, ctx.now).await? {
        Some(ended) => note_end(tx, ctx, ended).await,
        None => Ok(()),
    }
}

async fn note_end(tx: &mut Tx, ctx: &Ctx, ended: Ended) -> db::Result<()> {
    // a line stands where it was written; one that comes late says when it was over
    let detail = match ended.at < ctx.now {
        true => json!({ "ended_at": ended.at.timestamp().to_string() }),
        false => json!({}),
    };
    let entry = Entry {
        customer: Some(ended.customer),
        detail,
        ..Entry::about_user("customer.view_ended", ended.user)
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
