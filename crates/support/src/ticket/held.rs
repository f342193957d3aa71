//! Mails that nothing proves (SUP-9): they stand in the thread, but apart, for staff alone. They move nothing (neither the
//! state nor the customer's clock), go to nobody, and stand in the queue until staff has said whether they are to count.

use super::act::{add, note, tell, turn_back};
use super::{Author, CHANGED, EntryId, Proof, Side, Ticket, WRITTEN, What, Written, store};
use db::Tx;
use kernel::Ctx;

/// Puts a mail into the thread, apart. One that a machine wrote (`quiet`) waits for nobody.
pub async fn hold(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    written: &Written<'_>,
) -> db::Result<EntryId> {
    let written = Written {
        internal: true,
        proof: if written.quiet {
            Proof::Unproven
        } else {
            Proof::Held
        },
        ..*written
    };
    let entry = add(tx, ctx, ticket, What::Text, &written).await?;
    store::save(tx, ticket).await?;
    count(tx, ticket).await?;
    note(tx, ctx, ticket, "ticket.mail-held").await?;
    tell(tx, ctx, ticket.id, CHANGED, ticket.id).await?;
    Ok(entry)
}

/// Staff takes it for theirs: from now on it is as any other of theirs, as if it had stood there since it came. False: it
/// was decided before.
pub async fn accept(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    entry: EntryId,
) -> db::Result<bool> {
    let Some((at, seq)) = store::decide_held(tx, ticket.id, entry, Proof::Accepted).await? else {
        return Ok(false);
    };
    // what we wrote after it was written in its knowledge
    if !store::turned_since(tx, ticket.id, seq).await? {
        let waiting = ticket.waiting_since;
        turn_back(tx, ctx, ticket, author).await?;
        ticket.written(Side::Customer, ctx.now);
        ticket.waiting_since = waiting.or(Some(at));
    }
    store::save(tx, ticket).await?;
    count(tx, ticket).await?;
    note(tx, ctx, ticket, "ticket.mail-accepted").await?;
    tell(tx, ctx, ticket.id, WRITTEN, entry).await?;
    Ok(true)
}

/// It stays among staff and waits no longer. False: it was decided before.
pub async fn decline(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, entry: EntryId) -> db::Result<bool> {
    let decided = store::decide_held(tx, ticket.id, entry, Proof::Unproven).await?;
    if decided.is_none() {
        return Ok(false);
    }
    count(tx, ticket).await?;
    note(tx, ctx, ticket, "ticket.mail-declined").await?;
    tell(tx, ctx, ticket.id, CHANGED, ticket.id).await?;
    Ok(true)
}

/// Notes anew whether one waits: after an answer, a closing, a merge none of those before does.
pub(crate) async fn count(tx: &mut Tx, ticket: &Ticket) -> db::Result<()> {
    store::count_held(tx, ticket).await
}
