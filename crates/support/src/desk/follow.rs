//! What follows when something on a ticket is different: its clock is set, an answer's time is counted, and the index of
//! words is told. All of it may come twice.

use crate::hours::Hours;
use crate::ticket::{self, CHANGED, EntryId, Priority, Side, Ticket, TicketId, WRITTEN};
use db::{Tx, params, sql};
use jobs::{Event, JobCx, Outcome, Registry};
use kernel::Moment;
use std::sync::Arc;
use web::LateApp;

pub fn registry(registry: Registry) -> Registry {
    registry
        .on(WRITTEN, "support.desk-written", |event, cx| async move {
            done(&event, &cx).await
        })
        .on(CHANGED, "support.desk-changed", |event, cx| async move {
            done(&event, &cx).await
        })
}

async fn done(event: &Event, cx: &JobCx) -> Outcome {
    let Ok(ticket) = event.subject.parse::<TicketId>() else {
        return Outcome::GiveUp("no ticket".into());
    };
    let entry = event.id.parse::<EntryId>().ok();
    let hours = match LateApp::of(cx) {
        Some(app) => Hours::of(&app),
        None => Arc::new(Hours::default()),
    };
    // neighbours raise the same revision
    let done = db::retry(|| async {
        let mut tx = cx.db.begin().await?;
        match ticket::store::any(&mut tx, ticket).await {
            Ok(ticket) => follow(&mut tx, &hours, &ticket, entry).await?,
            Err(db::Error::Missing) => return Ok(()),
            Err(error) => return Err(error),
        }
        tx.commit().await
    });
    done.await.into()
}

/// Sets the clock of a ticket, counts the answer `entry` is, and has the words of the ticket read anew.
pub async fn follow(
    tx: &mut Tx,
    hours: &Hours,
    ticket: &Ticket,
    entry: Option<EntryId>,
) -> db::Result<()> {
    let since = match ticket.waiting_since {
        None if ticket.due_at.is_some() => ticket::store::held_since(tx, ticket.id).await?,
        since => since,
    };
    let due = since.map(|since| hours.promised(since, ticket.priority));
    if due != ticket.due_at {
        super::store::set_due(tx, ticket.id, due).await?;
    }
    if let Some(entry) = entry {
        answered(tx, hours, ticket, entry).await?;
    }
    super::find::changed(tx, ticket.id).await
}

/// The same for all that was written without telling anybody: tickets of the past.
pub async fn past(tx: &mut Tx, hours: &Hours) -> db::Result<()> {
    let stmt = sql!((TicketId,), "SELECT id FROM tickets ORDER BY id");
    for (id,) in tx.all(stmt, params![]).await? {
        let ticket = ticket::store::any(tx, id).await?;
        follow(tx, hours, &ticket, None).await?;
        let stmt = sql!(
            (EntryId,),
            "SELECT id FROM ticket_entries WHERE ticket_id = $1 AND kind = 'text' AND author_kind = 'staff' AND internal = FALSE ORDER BY seq"
        );
        for (entry,) in tx.all(stmt, params![id]).await? {
            answered(tx, hours, &ticket, entry).await?;
        }
    }
    Ok(())
}

/// If this entry is the answer somebody waited for, how long that took is counted, once.
async fn answered(tx: &mut Tx, hours: &Hours, ticket: &Ticket, entry: EntryId) -> db::Result<()> {
    let Some(answer) = ticket::store::entry(tx, ticket.id, entry).await? else {
        return Ok(());
    };
    if answer.author_kind != Side::Staff || answer.internal {
        return Ok(());
    }
    let stmt = sql!(
        (Option<Moment>,),
        "SELECT min(at) AS since FROM ticket_entries WHERE ticket_id = $1 AND seq < $2 AND kind = 'text' AND internal = FALSE
           AND author_kind = 'customer' AND seq > coalesce((SELECT max(seq) FROM ticket_entries WHERE ticket_id = $1 AND seq < $2
             AND kind = 'text' AND internal = FALSE AND author_kind = 'staff'), 0)"
    );
    let Some(since) = tx.one(stmt, params![ticket.id, answer.seq]).await?.0 else {
        return Ok(());
    };
    let kept = hours.promised(since, ticket.priority) >= answer.at;
    let took = match ticket.priority {
        Priority::Critical => answer.at.since(since),
        _ => hours.between(since, answer.at),
    };
    let minutes = i64::try_from(took.as_secs() / 60).unwrap_or(i64::MAX);
    let stmt = sql!(
        "INSERT INTO ticket_responses (ticket_id, since, at, minutes) VALUES ($1, $2, $3, $4) ON CONFLICT (ticket_id, since) DO NOTHING"
    );
    if tx
        .exec(stmt, params![ticket.id, since, answer.at, minutes])
        .await?
        == 0
    {
        return Ok(());
    }
    let stmt = sql!(
        "INSERT INTO response_days (day, answers, minutes, kept) VALUES ($1, 1, $2, $3)
         ON CONFLICT (day) DO UPDATE SET answers = response_days.answers + 1, minutes = response_days.minutes + excluded.minutes,
            kept = response_days.kept + excluded.kept"
    );
    let day = hours.day(answer.at).to_string();
    tx.exec(stmt, params![day, minutes, i64::from(kept)])
        .await
        .map(drop)
}
