//! All SQL on `ticket_mails`, and what outgoing mails change on tickets and those who take part.

use crate::inbound::verdict::Why;
use crate::ticket::{EntryId, ParticipantId, Side, TicketId};
use db::{Tx, params, sql};
use files::FileId;
use kernel::{CustomerId, Email, Moment, UserId};

/// What stands in a thread between a mail and those it is for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carried {
    pub ticket: TicketId,
    pub entry: EntryId,
    pub seq: i64,
    pub participant: ParticipantId,
}

/// Books that the entry goes to this one; or with an id, that it came from there; `false`: that is booked already.
pub(super) async fn book(
    tx: &mut Tx,
    at: Moment,
    carried: Carried,
    came_as: Option<&str>,
) -> db::Result<bool> {
    let booked = tx
        .exec(
            sql!(
                "INSERT INTO ticket_mails (participant_id, entry_id, ticket_id, seq, at, came, came_as) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (participant_id, entry_id, came) DO NOTHING"
            ),
            params![
                carried.participant,
                carried.entry,
                carried.ticket,
                carried.seq,
                at,
                came_as.is_some(),
                came_as
            ],
        )
        .await?;
    Ok(booked > 0)
}

/// From whom an entry came by mail.
pub(super) async fn came_from(tx: &mut Tx, entry: EntryId) -> db::Result<Option<ParticipantId>> {
    let stmt = sql!(
        (ParticipantId,),
        "SELECT participant_id FROM ticket_mails WHERE entry_id = $1 AND came = TRUE"
    );
    Ok(tx.opt(stmt, params![entry]).await?.map(|row| row.0))
}

/// Whether a machine wrote it, by what intake found: an answer of one machine is not handed to the next.
pub(super) async fn by_machine(tx: &mut Tx, entry: EntryId) -> db::Result<bool> {
    let stmt = sql!((String,), "SELECT why FROM ticket_entries WHERE id = $1");
    let why = tx.opt(stmt, params![entry]).await?.map(|row| row.0);
    let why = why.and_then(|why| serde_json::from_str::<Why>(&why).ok());
    Ok(why.is_some_and(|why| why.machine.is_some()))
}

kernel::row! {
    pub(super) struct Before {
        pub entry_id: EntryId,
        pub ticket_id: TicketId,
        pub came_as: Option<String>,
    }
}

/// What went to this one and came from there before an entry: the first, and the last ones, in order.
pub(super) async fn before(
    tx: &mut Tx,
    participant: ParticipantId,
    seq: i64,
) -> db::Result<Vec<Before>> {
    let stmt = sql!(
        Before,
        "SELECT entry_id, ticket_id, came_as FROM ticket_mails WHERE participant_id = $1 AND (seq < $2 OR (seq = $2 AND came = TRUE))
           AND (seq = (SELECT min(seq) FROM ticket_mails WHERE participant_id = $1)
             OR seq IN (SELECT seq FROM ticket_mails WHERE participant_id = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 8))
         ORDER BY seq, came DESC"
    );
    tx.all(stmt, params![participant, seq]).await
}

kernel::row! {
    /// An address that was added and has not been told.
    pub(super) struct Untold {
        pub id: ParticipantId,
        pub entry_id: EntryId,
        pub seq: i64,
        pub by: String,
        pub by_kind: Side,
    }
}

/// Who was added to a thread and does not know it. Their first entry is the line that says so.
pub(super) async fn untold(tx: &mut Tx, ticket: TicketId) -> db::Result<Vec<Untold>> {
    let stmt = sql!(
        Untold,
        "SELECT p.id, e.id AS entry_id, e.seq, e.author_name AS by, e.author_kind AS by_kind FROM ticket_participants p
         JOIN ticket_entries e ON e.ticket_id = p.ticket_id AND e.seq = p.since_seq AND e.kind = 'joined'
         LEFT JOIN ticket_mails m ON m.participant_id = p.id AND m.entry_id = e.id AND m.came = FALSE
         WHERE p.ticket_id = $1 AND p.user_id IS NULL AND p.role = 'participant' AND m.entry_id IS NULL"
    );
    tx.all(stmt, params![ticket]).await
}

/// The newest answers to people without an account.
pub(super) async fn answers_to_guests(
    tx: &mut Tx,
    limit: i64,
) -> db::Result<Vec<(TicketId, EntryId)>> {
    let stmt = sql!(
        (TicketId, EntryId),
        "SELECT t.id, e.id FROM tickets t JOIN ticket_entries e ON e.ticket_id = t.id AND e.seq = t.entries
         WHERE t.customer_id IS NULL AND t.kind = 'ticket' AND t.requester_email IS NOT NULL
           AND e.author_kind = 'staff' AND e.kind = 'text' AND e.internal = FALSE ORDER BY e.at DESC LIMIT $1"
    );
    tx.all(stmt, params![limit]).await
}

/// The ticket of whoever takes part by this id.
pub(super) async fn ticket_of(
    tx: &mut Tx,
    participant: ParticipantId,
) -> db::Result<Option<TicketId>> {
    let stmt = sql!(
        (TicketId,),
        "SELECT ticket_id FROM ticket_participants WHERE id = $1"
    );
    Ok(tx.opt(stmt, params![participant]).await?.map(|row| row.0))
}

/// The tickets in which mails went to this one; more than one when they were merged.
pub(super) async fn tickets_of_mails(
    tx: &mut Tx,
    participant: ParticipantId,
) -> db::Result<Vec<TicketId>> {
    let stmt = sql!(
        (TicketId,),
        "SELECT DISTINCT ticket_id FROM ticket_mails WHERE participant_id = $1 LIMIT 20"
    );
    let rows = tx.all(stmt, params![participant]).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Where an entry stands; the ticket it was written in, where that is there and the entry is not.
pub(super) async fn ticket_of_entry(
    tx: &mut Tx,
    entry: EntryId,
    ticket: TicketId,
) -> db::Result<Option<TicketId>> {
    let stmt = sql!(
        (Option<TicketId>,),
        "SELECT coalesce((SELECT ticket_id FROM ticket_entries WHERE id = $1), (SELECT id FROM tickets WHERE id = $2)) AS ticket_id"
    );
    Ok(tx.one(stmt, params![entry, ticket]).await?.0)
}

/// Whether a file hangs on an entry that this one may see.
pub(super) async fn sees_file(
    tx: &mut Tx,
    participant: ParticipantId,
    file: FileId,
) -> db::Result<bool> {
    let stmt = sql!(
        (i64,),
        "SELECT e.seq FROM entry_files f JOIN ticket_entries e ON e.id = f.entry_id JOIN ticket_participants p ON p.ticket_id = e.ticket_id
         WHERE f.file_id = $1 AND p.id = $2 AND e.internal = FALSE AND e.seq >= p.since_seq LIMIT 1"
    );
    Ok(tx.opt(stmt, params![file, participant]).await?.is_some())
}

pub(super) async fn merged_into(tx: &mut Tx, ticket: TicketId) -> db::Result<Option<TicketId>> {
    let stmt = sql!(
        (Option<TicketId>,),
        "SELECT merged_into FROM tickets WHERE id = $1"
    );
    Ok(tx.opt(stmt, params![ticket]).await?.and_then(|row| row.0))
}

pub(super) async fn raise_generation(
    tx: &mut Tx,
    ticket: TicketId,
    participant: ParticipantId,
) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE ticket_participants SET generation = generation + 1 WHERE ticket_id = $1 AND id = $2"),
        params![ticket, participant],
    )
    .await
    .map(drop)
}

/// Notes that mails to this one come back; `false`: that was known, or they are gone.
pub(super) async fn set_bounced(
    tx: &mut Tx,
    participant: ParticipantId,
    at: Moment,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE ticket_participants SET bounced_at = $2 WHERE id = $1 AND bounced_at IS NULL"),
            params![participant, at],
        )
        .await?;
    Ok(changed > 0)
}

/// Takes it back, for one participant.
pub(super) async fn clear_bounced(tx: &mut Tx, participant: ParticipantId) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE ticket_participants SET bounced_at = NULL WHERE id = $1 AND bounced_at IS NOT NULL"),
        params![participant],
    )
    .await
    .map(drop)
}

/// Takes it back wherever this user takes part.
pub(super) async fn clear_bounced_user(tx: &mut Tx, user: UserId) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE ticket_participants SET bounced_at = NULL WHERE user_id = $1 AND bounced_at IS NOT NULL"),
        params![user],
    )
    .await
    .map(drop)
}

kernel::row! {
    /// A ticket that somebody without an account wrote from an address.
    pub(super) struct Earlier {
        pub id: TicketId,
        pub number: i64,
        pub subject: String,
        pub opened_at: Moment,
        pub last_at: Moment,
    }
}

/// What was asked from this address without an account, the newest first, older than the ticket `before`.
pub(super) async fn earlier(
    tx: &mut Tx,
    email: &Email,
    before: TicketId,
    limit: i64,
) -> db::Result<Vec<Earlier>> {
    let stmt = sql!(
        Earlier,
        "SELECT id, number, subject, opened_at, last_at FROM tickets
         WHERE requester_email = $1 AND id < $2 AND customer_id IS NULL AND merged_into IS NULL ORDER BY id DESC LIMIT $3"
    );
    tx.all(stmt, params![email, before, limit]).await
}

/// Gives such a ticket to the customer: once, whoever comes first. What hangs on it goes along.
pub(super) async fn take(
    tx: &mut Tx,
    customer: CustomerId,
    id: TicketId,
    email: &Email,
) -> db::Result<Option<i64>> {
    let stmt = sql!(
        (i64,),
        "UPDATE tickets SET customer_id = $1 WHERE id = $2 AND requester_email = $3 AND customer_id IS NULL AND merged_into IS NULL
         RETURNING number"
    );
    let Some((number,)) = tx.opt(stmt, params![customer, id, email]).await? else {
        return Ok(None);
    };
    tx.exec(
        sql!("UPDATE ticket_entries SET customer_id = $1 WHERE ticket_id = $2"),
        params![customer, id],
    )
    .await?;
    tx.exec(
        sql!("UPDATE entry_files SET customer_id = $1 WHERE ticket_id = $2"),
        params![customer, id],
    )
    .await?;
    tx.exec(
        sql!("UPDATE ticket_participants SET customer_id = $1 WHERE ticket_id = $2"),
        params![customer, id],
    )
    .await?;
    intake::store::give_ticket(tx, customer, id.0).await?;
    Ok(Some(number))
}

/// Whoever took part by this address takes part as the user from now on; their addresses for answers stay good.
pub(super) async fn become_user(
    tx: &mut Tx,
    ticket: TicketId,
    email: &Email,
    user: UserId,
    name: &str,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE ticket_participants SET user_id = $3, email = NULL, name = $4 WHERE ticket_id = $1 AND lower(email) = $2 AND user_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM ticket_participants o WHERE o.ticket_id = $1 AND o.user_id = $3)"
        ),
        params![ticket, email, user, name],
    )
    .await
    .map(drop)
}
