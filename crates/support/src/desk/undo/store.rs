//! All SQL on `paused_answers`.

use super::PausedId;
use crate::ticket::{Ticket, TicketId};
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, StaffId};

kernel::row! {
    /// An answer that has not gone out.
    #[derive(Debug, Clone)]
    pub struct Paused {
        pub id: PausedId,
        pub ticket_id: TicketId,
        pub staff_id: StaffId,
        pub staff_name: String,
        pub text: String,
        // JSON of `Kept`
        pub files: String,
        pub closing: bool,
    }
}

pub async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: Option<CustomerId>,
    paused: &Paused,
    due: Moment,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO paused_answers (id, ticket_id, customer_id, staff_id, staff_name, text, files, closing, state, at, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'paused', $9, $10)"
        ),
        params![
            paused.id,
            paused.ticket_id,
            customer,
            paused.staff_id,
            &paused.staff_name,
            &paused.text,
            &paused.files,
            paused.closing,
            ctx.now,
            due
        ],
    )
    .await
    .map(drop)
}

/// Takes it out to be sent; nothing when somebody was faster, or it was taken back.
pub async fn take(tx: &mut Tx, id: PausedId) -> db::Result<Option<Paused>> {
    tx.opt(
        sql!(
            Paused,
            "DELETE FROM paused_answers WHERE id = $1 AND state = 'paused' RETURNING id, ticket_id, staff_id, staff_name, text, files, closing"
        ),
        params![id],
    )
    .await
}

/// What waits on a ticket, in the order in which it is to go out.
pub async fn waiting(tx: &mut Tx, ticket: TicketId) -> db::Result<Vec<PausedId>> {
    let stmt = sql!(
        (PausedId,),
        "SELECT id FROM paused_answers WHERE ticket_id = $1 AND state = 'paused' ORDER BY due_at, id"
    );
    let rows = tx.all(stmt, params![ticket]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether somebody else's answer waits there.
pub async fn of_others(tx: &mut Tx, ticket: TicketId, me: StaffId) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (PausedId,),
                "SELECT id FROM paused_answers WHERE ticket_id = $1 AND state = 'paused' AND staff_id <> $2 LIMIT 1"
            ),
            params![ticket, me],
        )
        .await?;
    Ok(found.is_some())
}

/// Makes it a draft of its author; nothing when it has gone out.
pub async fn take_back(tx: &mut Tx, staff: StaffId, id: PausedId) -> db::Result<Option<TicketId>> {
    let found = tx
        .opt(
            sql!(
                (TicketId,),
                "UPDATE paused_answers SET state = 'draft' WHERE id = $1 AND staff_id = $2 AND state = 'paused' RETURNING ticket_id"
            ),
            params![id, staff],
        )
        .await?;
    Ok(found.map(|(ticket,)| ticket))
}

/// Whether there were drafts of this person on the ticket.
pub async fn forget(tx: &mut Tx, ticket: TicketId, staff: StaffId) -> db::Result<bool> {
    let gone = tx
        .exec(
            sql!(
                "DELETE FROM paused_answers WHERE ticket_id = $1 AND staff_id = $2 AND state = 'draft'"
            ),
            params![ticket, staff],
        )
        .await?;
    Ok(gone > 0)
}

/// Drops drafts that nobody came back to.
pub async fn sweep(tx: &mut Tx, before: Moment) -> db::Result<()> {
    tx.exec(
        sql!("DELETE FROM paused_answers WHERE state = 'draft' AND at < $1"),
        params![before],
    )
    .await
    .map(drop)
}

/// What waits on a ticket that went into another one waits there.
pub async fn follow(tx: &mut Tx, from: TicketId, into: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE paused_answers SET ticket_id = $2, customer_id = $3 WHERE ticket_id = $1"),
        params![from, into.id, into.customer_id],
    )
    .await
    .map(drop)
}
