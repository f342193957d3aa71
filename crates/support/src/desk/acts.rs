//! What is done on a thread by one press: answer, note, close, open again, take it.

use super::list::Asked;
use super::thread::{self, Note, Reply};
use super::{ONE, author, blocks, store};
use crate::message::Answer;
use crate::message::notice;
use crate::secret;
use crate::ticket::{self, Kind, Ticket, TicketId, Written};
use axum::http::StatusCode;
use db::{Tx, audit};
use kernel::{Ctx, StaffId};
use web::{Param, Posted, Result, Staff};

fn back(cx: &Staff, id: TicketId) -> String {
    Asked::of(cx).link(&ONE.to(id), &[])
}

pub async fn answer(cx: Staff, Param(id): Param<TicketId>, form: Posted<Answer>) -> Result {
    if form.raw.get("dann") == Some("baustein") {
        return blocks::put_in(&cx, id, &form.raw).await;
    }
    let read = form
        .parse()
        .and_then(|answer| secret::clear(&form.raw, &answer.text.0));
    let cleared = match read {
        Ok(cleared) => cleared,
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
    if seen.is_some_and(|seen| ticket.moved_on(seen)) {
        let page = thread::page(&cx, &mut tx, ticket, Reply::Kept(&form.raw)).await?;
        drop(tx);
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let author = author(&cx)?;
    ticket::answer(&mut tx, &cx.ctx, &mut ticket, author, &cleared.text).await?;
    secret::keep(&mut tx, &cx.ctx, &mut ticket, author, moved.as_ref()).await?;
    // tickets are told of by mail by whoever hears of the event; a message says no more than that there is one
    if let (Kind::Message, Some(customer)) = (ticket.kind, ticket.customer_id) {
        notice::answer_waiting(&cx, &mut tx, customer, &ticket).await?;
    }
    let close = form.raw.get("dann") == Some("schliessen");
    if close {
        ticket::close(&mut tx, &cx.ctx, &mut ticket, author).await?;
    }
    let said = match (ticket.kind, close) {
        (Kind::Message, true) => "notice-answer-closed",
        (Kind::Message, false) => "notice-answer-sent",
        (Kind::Ticket, true) => "notice-desk-answer-closed",
        (Kind::Ticket, false) => "notice-desk-answer-sent",
    };
    cx.done(tx, back(&cx, id), said).await
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
        ..Written::typed(author(&cx)?, &note.note.0)
    };
    ticket::write(&mut tx, &cx.ctx, &mut ticket, &written).await?;
    cx.done(tx, back(&cx, id), "notice-desk-noted").await
}

pub async fn close(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
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
