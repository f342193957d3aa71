//! What other pages show of messages: the counter and the overview's tile.

use super::{portal, shown};
use crate::ticket::store;
use crate::ticket::store::newest;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::CustomerId;
use serde::Serialize;
use web::{Cx, Page, Result, Tile};

/// Messages on the overview.
const TILE: i64 = 3;
/// The counters of the portal's menu.
pub const UNREAD_MESSAGES: &str = "messages-unread";
pub const UNREAD_TICKETS: &str = "tickets-unread";

/// Messages and tickets with an answer that whoever asks has not seen.
pub fn unread<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
) -> BoxFuture<'a, db::Result<Vec<(&'static str, i64)>>> {
    Box::pin(async move {
        let session = cx.user();
        let acting =
            session.and_then(|session| Some((session.acting.as_ref()?.customer, session.user)));
        let Some((customer, user)) = acting else {
            return Ok(Vec::new());
        };
        let (messages, tickets) = store::unread(tx, customer, user).await?;
        Ok(vec![(UNREAD_MESSAGES, messages), (UNREAD_TICKETS, tickets)])
    })
}

#[derive(Debug, Serialize)]
pub struct OverviewTile {
    pub rows: Vec<portal::Row>,
    pub list: String,
    pub write: String,
}

impl Page for OverviewTile {
    const TEMPLATE: &'static str = "support/portal/tile.html";
    fn samples() -> Vec<Self> {
        portal::ListPage::samples()
            .into_iter()
            .map(|page| OverviewTile {
                rows: page.rows,
                list: page.write.clone(),
                write: page.write,
            })
            .collect()
    }
}

/// The last open messages; where there are tickets, too, their tile shows both.
pub fn overview<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let user = cx.user().map(|session| session.user);
        let Some(user) = user.filter(|_| !cx.may(customers::rights::TICKETS)) else {
            return Ok(None);
        };
        let found = store::list(tx, customer, user, Some(false), newest(), TILE).await?;
        let rows = found.into_iter().map(|row| portal::Row {
            href: portal::ONE.to(row.id),
            subject: shown(cx, row.subject),
            state: row.state,
            last_at: row.last_at,
            unread: row.unread,
        });
        let (list, write) = (portal::LIST.url(), portal::NEW.url());
        Tile::of(&OverviewTile {
            rows: rows.collect(),
            list,
            write,
        })
        .map(Some)
    })
}
