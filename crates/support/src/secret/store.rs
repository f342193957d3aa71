//! All SQL on `ticket_secrets` and `ticket_secret_openings`.

use super::Ready;
use super::SecretId;
use crate::ticket::{Side, Ticket, TicketId};
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, StaffId, Uuid};

kernel::row! {
    /// That there is or was something, without what it is.
    #[derive(Debug, Clone)]
    pub struct Kept {
        pub id: SecretId,
        pub label: String,
        pub added_at: Moment,
        pub added_side: Side,
        pub added_name: String,
        // bytes of the file among it
        pub file_size: Option<i64>,
        pub wiped_at: Option<Moment>,
        // closing, customer or staff
        pub wiped_by: Option<String>,
    }
}

/// Those of a ticket, the oldest first. The ticket has been checked by who asks.
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> db::Result<Vec<Kept>> {
    let stmt = sql!(
        Kept,
        "SELECT id, label, added_at, added_side, added_name, file_size, wiped_at, wiped_by FROM ticket_secrets WHERE ticket_id = $1 ORDER BY id LIMIT 200"
    );
    tx.all(stmt, params![ticket]).await
}

kernel::row! {
    /// Somebody looked.
    #[derive(Debug, Clone)]
    pub struct Opening {
        pub secret_id: SecretId,
        pub staff_name: String,
        pub reason: String,
        pub at: Moment,
    }
}

pub async fn openings(tx: &mut Tx, ticket: TicketId) -> db::Result<Vec<Opening>> {
    let stmt = sql!(
        Opening,
        "SELECT secret_id, staff_name, reason, at FROM ticket_secret_openings WHERE ticket_id = $1 ORDER BY id LIMIT 500"
    );
    tx.all(stmt, params![ticket]).await
}

pub async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    (side, name): (Side, &str),
    ready: &Ready,
) -> db::Result<()> {
    let sealed = &ready.sealed;
    tx.exec(
        sql!(
            "INSERT INTO ticket_secrets (id, ticket_id, customer_id, label, sealed_key, sealed, added_at, added_side, added_name, file_size, sealed_file)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            ready.id,
            ticket.id,
            ticket.customer_id,
            &ready.label,
            sealed.key.clone(),
            sealed.body.clone(),
            ctx.now,
            side,
            name,
            ready.file_size,
            sealed.file.clone()
        ],
    )
    .await
    .map(drop)
}

kernel::row! {
    /// What is to be opened.
    pub struct Locked {
        pub label: String,
        pub sealed_key: Option<Vec<u8>>,
        pub sealed: Option<Vec<u8>>,
        pub file_size: Option<i64>,
    }
}

pub async fn locked(tx: &mut Tx, ticket: TicketId, id: SecretId) -> db::Result<Locked> {
    let stmt = sql!(
        Locked,
        "SELECT label, sealed_key, sealed, file_size FROM ticket_secrets WHERE ticket_id = $1 AND id = $2"
    );
    tx.one(stmt, params![ticket, id]).await
}

kernel::row! {
    /// What is to be opened, with the file among it.
    pub struct LockedFile {
        pub sealed_key: Option<Vec<u8>>,
        pub sealed: Option<Vec<u8>>,
        pub sealed_file: Option<Vec<u8>>,
    }
}

pub async fn locked_file(tx: &mut Tx, ticket: TicketId, id: SecretId) -> db::Result<LockedFile> {
    let stmt = sql!(
        LockedFile,
        "SELECT sealed_key, sealed, sealed_file FROM ticket_secrets WHERE ticket_id = $1 AND id = $2"
    );
    tx.one(stmt, params![ticket, id]).await
}

pub async fn add_opening(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    id: SecretId,
    (staff, name): (StaffId, &str),
    reason: &str,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO ticket_secret_openings (id, secret_id, ticket_id, customer_id, staff_id, staff_name, reason, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            ctx.id::<Uuid>(),
            id,
            ticket.id,
            ticket.customer_id,
            staff,
            name,
            reason,
            ctx.now
        ],
    )
    .await
    .map(drop)
}

/// Wipes key and data; gives the label, or nothing when that was done before.
pub async fn wipe(
    tx: &mut Tx,
    ticket: TicketId,
    id: SecretId,
    by: &str,
    now: Moment,
) -> db::Result<Option<String>> {
    let found = tx
        .opt(
            sql!(
                (String,),
                "UPDATE ticket_secrets SET sealed_key = NULL, sealed = NULL, sealed_file = NULL, file_size = NULL, wiped_at = $3, wiped_by = $4
                 WHERE ticket_id = $1 AND id = $2 AND wiped_at IS NULL RETURNING label"
            ),
            params![ticket, id, now, by],
        )
        .await?;
    Ok(found.map(|(label,)| label))
}

/// Those whose ticket was closed before `before`, at most so many.
pub async fn outlived(
    tx: &mut Tx,
    before: Moment,
    limit: i64,
) -> db::Result<Vec<(SecretId, TicketId, Option<CustomerId>)>> {
    tx.all(
        sql!(
            (SecretId, TicketId, Option<CustomerId>),
            "SELECT s.id, s.ticket_id, s.customer_id FROM ticket_secrets s JOIN tickets t ON t.id = s.ticket_id
             WHERE s.wiped_at IS NULL AND t.state = 'closed' AND t.closed_at < $1 ORDER BY s.id LIMIT $2"
        ),
        params![before, limit],
    )
    .await
}

/// The ticket became part of another one: what it kept goes along.
pub async fn follow(tx: &mut Tx, from: TicketId, to: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE ticket_secrets SET ticket_id = $2, customer_id = $3 WHERE ticket_id = $1"),
        params![from, to.id, to.customer_id],
    )
    .await?;
    tx.exec(
        sql!(
            "UPDATE ticket_secret_openings SET ticket_id = $2, customer_id = $3 WHERE ticket_id = $1"
        ),
        params![from, to.id, to.customer_id],
    )
    .await
    .map(drop)
}
