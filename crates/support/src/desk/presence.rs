//! "Jemand antwortet gerade": while somebody writes, the page says so every few seconds; after a minute nobody is there.

use super::thread::FRESH;
use crate::ticket::{self, TicketId};
use axum::http::StatusCode;
use db::{Tx, params, sql};
use kernel::{Ctx, StaffId};
use web::{Param, RawForm, Result, Staff};

/// Notes that somebody writes; `gone`: not any more.
pub async fn put(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: TicketId,
    staff: StaffId,
    name: &str,
    gone: bool,
) -> db::Result<()> {
    let old =
        sql!("DELETE FROM ticket_presence WHERE (ticket_id = $1 AND staff_id = $2) OR at < $3");
    tx.exec(old, params![ticket, staff, ctx.now - FRESH])
        .await?;
    if gone {
        return Ok(());
    }
    let stmt = sql!(
        "INSERT INTO ticket_presence (ticket_id, staff_id, name, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (ticket_id, staff_id) DO UPDATE SET at = excluded.at, name = excluded.name"
    );
    tx.exec(stmt, params![ticket, staff, name, ctx.now])
        .await
        .map(drop)
}

/// Comes from the script. It leaves no line in the log: it says nothing that a minute later still holds.
pub async fn here(cx: Staff, Param(id): Param<TicketId>, form: RawForm) -> Result {
    let mut tx = cx.begin().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let name = super::author(&cx)?.name.to_owned();
    let gone = form.get("fort").is_some();
    put(&mut tx, &cx.ctx, ticket.id, cx.staff, &name, gone).await?;
    cx.commit(tx, "").await?;
    Ok(cx.html(StatusCode::NO_CONTENT, String::new()))
}
