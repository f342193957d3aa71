//! What somebody asked before they had an account (the end of SUP-1): taken over one by one, by whoever has proved the
//! address it was asked from.

pub mod portal;

use super::store;
use crate::ticket::TicketId;
use db::{Tx, audit};
use identity::users;
use kernel::{Ctx, CustomerId, Email, UserId, Uuid};
use serde_json::json;

/// The addresses this user has proved.
async fn proved(tx: &mut Tx, user: UserId) -> db::Result<Vec<Email>> {
    let all = users::emails(tx, user).await?;
    Ok(all
        .into_iter()
        .filter(|one| one.verified_at.is_some())
        .map(|one| one.email)
        .collect())
}

/// Whether there is anything to take over: for a line on the tickets' overview, two statements.
pub async fn any(tx: &mut Tx, user: UserId) -> db::Result<bool> {
    for email in proved(tx, user).await? {
        let newest = TicketId(Uuid::max());
        if !store::earlier(tx, &email, newest, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The ticket belongs to the customer from now on, and the user takes part instead of the address. `Missing` when it is
/// not from an address that this user has proved, or belongs to somebody by now.
pub async fn take(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    user: UserId,
    name: &str,
    id: TicketId,
) -> db::Result<()> {
    for email in proved(tx, user).await? {
        let Some(number) = store::take(tx, customer, id, &email).await? else {
            continue;
        };
        files::hand_over(tx, crate::ticket::owner(id), customer).await?;
        store::become_user(tx, id, &email, user, name).await?;
        let entry = audit::Entry {
            act: "ticket.taken-over",
            customer: Some(customer),
            subject: "ticket",
            subject_id: id.to_string(),
            detail: json!({ "number": number, "email": email.as_str() }),
        };
        audit::record(tx, ctx, entry).await?;
        return Ok(());
    }
    Err(db::Error::Missing)
}
