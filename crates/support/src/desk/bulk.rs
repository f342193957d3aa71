//! One act on all tickets that are ticked in the queue.

use super::QUEUE;
use super::acts;
use super::author;
use super::list::Asked;
use super::undo;
use crate::ticket::{self, Details, TicketId, department};
use web::{PAGE, RawForm, Result, Staff};

kernel::words! {
    /// What is done with them; `abteilung` takes the department from its own field.
    pub enum Act {
        Take = "nehmen",
        Leave = "abgeben",
        Close = "schliessen",
        Department = "abteilung",
    }
}

pub async fn act(cx: Staff, form: RawForm) -> Result {
    let back = Asked::of(&cx).link(QUEUE.pattern(), &[]);
    let wanted = form.get("tun").and_then(Act::parse);
    let ids: Vec<TicketId> = form
        .pairs()
        .filter_map(|(name, _)| name.strip_prefix("t-")?.parse().ok())
        .take(PAGE)
        .collect();
    let mut tx = cx.begin().await?;
    let (Some(act), false) = (wanted, ids.is_empty()) else {
        return cx.done(tx, back, "notice-desk-none-warn").await;
    };
    let to = form.look_up("nach-abteilung").unwrap_or_default();
    if act == Act::Department && department::one(&mut tx, to).await?.is_none() {
        return cx.done(tx, back, "notice-desk-none-warn").await;
    }
    let author = author(&cx)?;
    for id in ids {
        if act == Act::Close {
            undo::send_now(&mut tx, &cx.app, &cx.ctx, id).await?;
        }
        let mut ticket = ticket::store::any(&mut tx, id).await?;
        let (tx, ctx) = (&mut tx, &cx.ctx);
        match act {
            Act::Take => {
                acts::assign(tx, ctx, &mut ticket, Some((cx.staff, author.name))).await?;
            }
            Act::Leave => {
                acts::assign(tx, ctx, &mut ticket, None).await?;
            }
            Act::Close => ticket::close(tx, ctx, &mut ticket, author).await?,
            Act::Department => {
                let details = Details {
                    subject: ticket.subject.clone(),
                    department: to.to_owned(),
                    priority: ticket.priority,
                };
                ticket::edit_details(tx, ctx, &mut ticket, author, &details).await?;
            }
        }
    }
    cx.done(tx, back, "notice-desk-bulk").await
}
