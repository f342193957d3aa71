//! What is done on a thread by one press: answer, note, close, open again, take it.

use super::list::Asked;
use super::thread::{self, Note, Reply};
use super::{ONE, author, blocks, store, undo};
use crate::message::notice;
use crate::request::form::{Reply as Answer, hang};
use crate::secret;
use crate::ticket::{self, EntryId, Kind, Ticket, TicketId, Written};
use axum::http::StatusCode;
use db::{Tx, audit};
use kernel::{Ctx, StaffId};
use web::{App, Error, Param, Posted, RawForm, Result, Staff};

fn back(cx: &Staff, id: TicketId) -> String {
    Asked::of(cx).link(&ONE.to(id), &[])
}

pub async fn answer(cx: Staff, Param(id): Param<TicketId>, form: Posted<Answer>) -> Result {
    if form.raw.get("dann") == Some("baustein") {
        return blocks::put_in(&cx, id, &form.raw).await;
    }
    let read = form
        .parse()
        .and_then(|read| secret::clear(&form.raw, &read.text.0).map(|cleared| (read, cleared)));
    let (answer, cleared) = match read {
        Ok(read) => read,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket::store::any(&mut tx, id).await?;
            return cx.invalid(thread::page(&cx, &mut tx, ticket, Reply::Bad(&bad)).await?);
        }
    };
    let moved = cleared.seal(&cx)?;
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    let seen = cx.query("stand").and_then(|seen| seen.parse().ok());
    let meanwhile = seen.is_some_and(|seen| ticket.moved_on(seen));
    if meanwhile || undo::store::of_others(&mut tx, id, cx.staff).await? {
        let page = thread::page(&cx, &mut tx, ticket, Reply::Kept(&form.raw)).await?;
        drop(tx);
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let author = author(&cx)?;
    let close = form.raw.get("dann") == Some("schliessen");
    // what was taken out of the text is sealed for good: that does not come back
    if let (Some(wait), None) = (undo::wait(&cx.app), &moved) {
        let answer = undo::Answer {
            text: &cleared.text,
            files: &answer.files,
            closing: close,
        };
        let staff = (cx.staff, author.name);
        undo::pause(&mut tx, &cx.ctx, &ticket, staff, answer, wait).await?;
        return cx.done(tx, back(&cx, id), "notice-undo-paused").await;
    }
    let written = Written {
        files: &hang(&answer.files),
        ..Written::typed(author, &cleared.text)
    };
    undo::store::forget(&mut tx, id, cx.staff).await?;
    let (app, ctx) = (&cx.app, &cx.ctx);
    send(
        &mut tx,
        app,
        ctx,
        &mut ticket,
        &written,
        moved.as_ref(),
        close,
    )
    .await?;
    let said = match (ticket.kind, close) {
        (Kind::Message, true) => "notice-answer-closed",
        (Kind::Message, false) => "notice-answer-sent",
        (Kind::Ticket, true) => "notice-desk-answer-closed",
        (Kind::Ticket, false) => "notice-desk-answer-sent",
    };
    cx.done(tx, back(&cx, id), said).await
}

/// What an answer does, once nothing takes it back any more.
pub(super) async fn send(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    ticket: &mut Ticket,
    written: &Written<'_>,
    moved: Option<&secret::Ready>,
    close: bool,
) -> Result<()> {
    ticket::write(tx, ctx, ticket, written).await?;
    secret::keep(tx, ctx, ticket, written.author, moved).await?;
    // tickets are told of by mail by whoever hears of the event; a message says no more than that there is one
    if let (Kind::Message, Some(customer)) = (ticket.kind, ticket.customer_id) {
        notice::answer_waiting(app, ctx, tx, customer, ticket).await?;
    }
    if close {
        ticket::close(tx, ctx, ticket, written.author).await?;
    }
    Ok(())
}

/// Written for staff alone: nobody is told, and it is nobody's turn.
pub async fn note(cx: Staff, Param(id): Param<TicketId>, form: Posted<Note>) -> Result {
    let note = match form.parse() {
        Ok(note) => note,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket::store::any(&mut tx, id).await?;
            return cx.invalid(thread::page(&cx, &mut tx, ticket, Reply::BadNote(&bad)).await?);
        }
    };
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    let written = Written {
        internal: true,
        files: &hang(&note.note_files),
        ..Written::typed(author(&cx)?, &note.note.0)
    };
    ticket::write(&mut tx, &cx.ctx, &mut ticket, &written).await?;
    cx.done(tx, back(&cx, id), "notice-desk-noted").await
}

/// Takes a mail that nothing proves for what it says it is.
pub async fn accept(cx: Staff, Param(id): Param<TicketId>, raw: RawForm) -> Result {
    let entry = held(&raw)?;
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    let author = author(&cx)?;
    let decided = ticket::held::accept(&mut tx, &cx.ctx, &mut ticket, author, entry).await?;
    let said = if decided {
        intake::store::reveal_entry(&mut tx, entry.0).await?;
        "notice-held-accepted"
    } else {
        "notice-held-before-warn"
    };
    cx.done(tx, back(&cx, id), said).await
}

/// Leaves it among staff.
pub async fn decline(cx: Staff, Param(id): Param<TicketId>, raw: RawForm) -> Result {
    let entry = held(&raw)?;
    let mut tx = cx.begin().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let said = if ticket::held::decline(&mut tx, &cx.ctx, &ticket, entry).await? {
        "notice-held-declined"
    } else {
        "notice-held-before-warn"
    };
    cx.done(tx, back(&cx, id), said).await
}

fn held(raw: &RawForm) -> Result<EntryId> {
    let entry = raw.get("eintrag").and_then(|entry| entry.parse().ok());
    entry.ok_or(Error::NotFound)
}

pub async fn close(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    undo::send_now(&mut tx, &cx.app, &cx.ctx, id).await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    ticket::close(&mut tx, &cx.ctx, &mut ticket, author(&cx)?).await?;
    let said = match ticket.kind {
        Kind::Message => "notice-message-closed",
        Kind::Ticket => "notice-desk-closed",
    };
    cx.done(tx, back(&cx, id), said).await
}

pub async fn reopen(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    if ticket.merged_into.is_some() {
        return cx.done(tx, back(&cx, id), "notice-desk-merged-bad").await;
    }
    ticket::reopen(&mut tx, &cx.ctx, &mut ticket, author(&cx)?).await?;
    let said = match ticket.kind {
        Kind::Message => "notice-message-reopened",
        Kind::Ticket => "notice-desk-reopened",
    };
    cx.done(tx, back(&cx, id), said).await
}

/// Whoever presses takes it, from whomever it lay with: two who press at once see who has it now.
pub async fn take(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    let name = author(&cx)?.name.to_owned();
    assign(&mut tx, &cx.ctx, &mut ticket, Some((cx.staff, &name))).await?;
    cx.done(tx, back(&cx, id), "notice-desk-taken").await
}

/// Gives it to somebody, or to nobody; says whether that is different now.
pub async fn assign(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    to: Option<(StaffId, &str)>,
) -> db::Result<bool> {
    let before = ticket.assignee_id;
    if before == to.map(|(id, _)| id) {
        return Ok(false);
    }
    ticket.assignee_id = to.map(|(id, _)| id);
    store::assign(tx, ticket.id, to).await?;
    let entry = audit::Entry {
        act: "ticket.assigned",
        customer: ticket.customer_id,
        subject: ticket.kind.as_str(),
        subject_id: ticket.id.to_string(),
        detail: serde_json::json!({
            "number": ticket.number,
            "before": before.map(|id| id.to_string()),
            "to": to.map(|(_, name)| name),
        }),
    };
    audit::record(tx, ctx, entry).await?;
    Ok(true)
}
