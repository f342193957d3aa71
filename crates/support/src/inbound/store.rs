//! Looking up what a mail points to.

use crate::ticket::{ParticipantId, TicketId};
use db::{Tx, params, sql};
use kernel::{Email, UserId};

kernel::row! {
    /// A thread, as far as the rules look at it.
    pub(super) struct Thread {
        pub id: TicketId,
        pub number: i64,
        pub takes_mail: bool,
        pub merged_into: Option<TicketId>,
    }
}

pub(super) async fn thread(tx: &mut Tx, id: TicketId) -> db::Result<Option<Thread>> {
    let stmt = sql!(
        Thread,
        "SELECT id, number, (kind = 'ticket') AS takes_mail, merged_into FROM tickets WHERE id = $1"
    );
    tx.opt(stmt, params![id]).await
}

pub(super) async fn numbered(tx: &mut Tx, number: i64) -> db::Result<Option<TicketId>> {
    let stmt = sql!((TicketId,), "SELECT id FROM tickets WHERE number = $1");
    Ok(tx.opt(stmt, params![number]).await?.map(|row| row.0))
}

/// Who takes part with this address, as a user or without being one.
pub(super) async fn part(
    tx: &mut Tx,
    ticket: TicketId,
    email: &Email,
    user: Option<UserId>,
) -> db::Result<Option<(ParticipantId, Option<UserId>)>> {
    let stmt = sql!(
        (ParticipantId, Option<UserId>),
        "SELECT id, user_id FROM ticket_participants
         WHERE ticket_id = $1 AND ((user_id IS NULL AND lower(email) = $2) OR user_id = $3) ORDER BY user_id NULLS LAST LIMIT 1"
    );
    tx.opt(stmt, params![ticket, email.as_str(), user]).await
}

/// The requester, where the ticket has one to whom mails go.
pub(super) async fn requester(tx: &mut Tx, ticket: TicketId) -> db::Result<Option<ParticipantId>> {
    let stmt = sql!(
        (ParticipantId,),
        "SELECT id FROM ticket_participants WHERE ticket_id = $1 AND role = 'requester' ORDER BY added_at, id LIMIT 1"
    );
    Ok(tx.opt(stmt, params![ticket]).await?.map(|row| row.0))
}
