//! All SQL on `tickets`, `ticket_participants`, `ticket_entries` and `ticket_unread`, but for the desk's queue.

use super::{
    Author, Channel, EntryId, Kind, ParticipantId, Proof, Side, State, Ticket, TicketId, What,
};
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, UserId, Uuid, fold, stored_key};
use serde::Serialize;

pub(crate) async fn insert(
    tx: &mut Tx,
    ticket: &Ticket,
    kind: Kind,
    channel: Channel,
    requester: Uuid,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO tickets (id, number, customer_id, kind, channel, subject, subject_key, state, requester_id, requester_name,
                opened_at, last_at, last_by, answered_at, waiting_since, closed_at, entries)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
        ),
        params![
            ticket.id,
            ticket.number,
            ticket.customer_id,
            kind,
            channel,
            &ticket.subject,
            stored_key(&fold(&ticket.subject)),
            ticket.state,
            requester,
            &ticket.requester_name,
            ticket.opened_at,
            ticket.last_at,
            ticket.last_by,
            ticket.answered_at,
            ticket.waiting_since,
            ticket.closed_at,
            ticket.entries
        ],
    )
    .await
    .map(drop)
}

/// Writes down what a verb moved.
pub(crate) async fn save(tx: &mut Tx, ticket: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE tickets SET state = $2, last_at = $3, last_by = $4, answered_at = $5, waiting_since = $6, closed_at = $7, entries = $8
             WHERE id = $1"
        ),
        params![
            ticket.id,
            ticket.state,
            ticket.last_at,
            ticket.last_by,
            ticket.answered_at,
            ticket.waiting_since,
            ticket.closed_at,
            ticket.entries
        ],
    )
    .await
    .map(drop)
}

/// Who takes part already stays as they are.
pub(crate) async fn add_participant(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    author: Author<'_>,
    role: &str,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO ticket_participants (id, ticket_id, customer_id, user_id, name, role, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (ticket_id, user_id) DO NOTHING"
        ),
        params![
            ctx.id::<ParticipantId>(),
            ticket.id,
            ticket.customer_id,
            author.id,
            author.name,
            role,
            ctx.now
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn add_entry(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    author: Author<'_>,
    what: What,
    channel: Channel,
    text: &str,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO ticket_entries (id, ticket_id, customer_id, seq, kind, at, author_kind, author_id, author_name, channel, proof, internal, text)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        params![
            ctx.id::<EntryId>(),
            ticket.id,
            ticket.customer_id,
            ticket.entries,
            what,
            ctx.now,
            author.side,
            author.id,
            author.name,
            channel,
            Proof::Proven,
            false,
            text
        ],
    )
    .await
    .map(drop)
}

/// A message of this customer; a stranger's is `Missing`.
pub async fn one(tx: &mut Tx, customer: CustomerId, id: TicketId) -> db::Result<Ticket> {
    tx.one(
        sql!(
            Ticket,
            "SELECT id, number, customer_id, subject, state, requester_name, opened_at, last_at, last_by, answered_at, waiting_since, closed_at, entries
             FROM tickets WHERE customer_id = $1 AND id = $2 AND kind = 'message'"
        ),
        params![customer, id],
    )
    .await
}

/// Any message, for staff.
pub async fn any(tx: &mut Tx, id: TicketId) -> db::Result<Ticket> {
    tx.one(
        sql!(
            Ticket,
            "SELECT id, number, customer_id, subject, state, requester_name, opened_at, last_at, last_by, answered_at, waiting_since, closed_at, entries
             FROM tickets WHERE id = $1 AND kind = 'message'"
        ),
        params![id],
    )
    .await
}

kernel::row! {
    /// One entry as a thread shows it.
    #[derive(Debug, Clone, Serialize)]
    pub struct Entry {
        pub seq: i64,
        pub kind: What,
        pub at: Moment,
        pub author_kind: Side,
        pub author_id: Option<Uuid>,
        pub author_name: String,
        pub channel: Channel,
        pub internal: bool,
        pub text: String,
    }
}

/// The newest entries before `seq`, oldest first.
pub async fn entries(
    tx: &mut Tx,
    ticket: TicketId,
    before: i64,
    with_internal: bool,
    limit: i64,
) -> db::Result<Vec<Entry>> {
    let mut entries = tx
        .all(
            sql!(
                Entry,
                "SELECT seq, kind, at, author_kind, author_id, author_name, channel, internal, text FROM ticket_entries
                 WHERE ticket_id = $1 AND seq < $2 AND (internal = FALSE OR $3) ORDER BY seq DESC LIMIT $4"
            ),
            params![ticket, before, with_internal, limit],
        )
        .await?;
    entries.reverse();
    Ok(entries)
}

kernel::row! {
    /// A message as the customer's overview lists it.
    #[derive(Debug, Clone, Serialize)]
    pub struct Listed {
        pub id: TicketId,
        pub subject: String,
        pub state: State,
        pub last_at: Moment,
        pub unread: bool,
    }
}

/// Where a page begins: everything older than this row.
pub type Before = (Moment, TicketId);

/// Before everything.
pub fn newest() -> Before {
    (Moment::from_micros(i64::MAX), TicketId(Uuid::max()))
}

/// The messages of a customer, newest activity first; `closed` narrows to closed or to open ones. Unread is as `user`
/// sees it.
pub async fn list(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    closed: Option<bool>,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Listed>> {
    tx.all(
        sql!(
            Listed,
            "SELECT t.id, t.subject, t.state, t.last_at, (r.since IS NOT NULL) AS unread
             FROM tickets t LEFT JOIN ticket_unread r ON r.user_id = $2 AND r.customer_id = t.customer_id AND r.ticket_id = t.id
             WHERE t.customer_id = $1 AND t.kind = 'message' AND (t.last_at, t.id) < ($4, $5)
               AND (CAST($3 AS BOOLEAN) IS NULL OR (t.state = 'closed') = CAST($3 AS BOOLEAN))
             ORDER BY t.last_at DESC, t.id DESC LIMIT $6"
        ),
        params![customer, user, closed, at, id, limit],
    )
    .await
}

/// How many threads hold an answer that the user has not seen.
pub async fn unread(tx: &mut Tx, customer: CustomerId, user: UserId) -> db::Result<i64> {
    let (count,) = tx
        .one(
            sql!(
                (i64,),
                "SELECT CAST(count(*) AS BIGINT) FROM ticket_unread WHERE customer_id = $1 AND user_id = $2"
            ),
            params![customer, user],
        )
        .await?;
    Ok(count)
}

/// Whether the thread holds an answer that the user has not seen.
pub async fn is_unread(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
    user: UserId,
) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (Moment,),
                "SELECT since FROM ticket_unread WHERE customer_id = $1 AND user_id = $2 AND ticket_id = $3"
            ),
            params![customer, user, ticket],
        )
        .await?;
    Ok(found.is_some())
}

/// An answer came that the user has not seen.
pub(crate) async fn add_unread(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
    user: UserId,
    since: Moment,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO ticket_unread (user_id, customer_id, ticket_id, since) VALUES ($1, $2, $3, $4)
             ON CONFLICT (user_id, customer_id, ticket_id) DO UPDATE SET since = excluded.since"
        ),
        params![user, customer, ticket, since],
    )
    .await
    .map(drop)
}

/// Notes that the user had the thread before them at a time; what came later stays unread.
pub async fn seen(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
    user: UserId,
    at: Moment,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "DELETE FROM ticket_unread WHERE customer_id = $1 AND user_id = $2 AND ticket_id = $3 AND since <= $4"
        ),
        params![customer, user, ticket, at],
    )
    .await
    .map(drop)
}
