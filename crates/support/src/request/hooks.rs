//! What the account overview shows of tickets and messages.

use super::list::{LIST, Row};
use super::new::NEW;
use crate::message::{hooks, portal, shown};
use crate::ticket::{Kind, store};
use customers::rights::MESSAGES;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::CustomerId;
use serde::Serialize;
use web::{Cx, Page, Result, Tile};

/// As many of each kind.
const TILE: i64 = 3;

#[derive(Debug, Serialize)]
pub struct OverviewTile {
    pub rows: Vec<Row>,
    pub list: String,
    pub write: String,
    /// For who may read messages.
    pub messages: Option<hooks::OverviewTile>,
}

impl Page for OverviewTile {
    const TEMPLATE: &'static str = "support/request/tile.html";
    fn samples() -> Vec<Self> {
        let messages = hooks::OverviewTile::samples().into_iter().map(Some);
        [Row::samples(), Vec::new()]
            .into_iter()
            .zip(messages.chain([None]))
            .map(|(rows, messages)| OverviewTile {
                rows,
                list: LIST.url(),
                write: NEW.url(),
                messages,
            })
            .collect()
    }
}

/// The last open tickets, and beside them the last open messages: one query for both.
pub fn overview<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let Some(user) = cx.user().map(|session| session.user) else {
            return Ok(None);
        };
        let found = store::open_ones(tx, customer, user, TILE).await?;
        let (tickets, messages): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|row| row.kind == Kind::Ticket);
        // the tile names no department
        let rows = tickets.into_iter().map(|row| Row::of(cx, &[], row));
        let messages = messages.into_iter().map(|row| portal::Row {
            href: portal::ONE.to(row.id),
            subject: shown(cx, row.subject),
            state: row.state,
            last_at: row.last_at,
            unread: row.unread,
        });
        let messages = cx.may(MESSAGES).then(|| hooks::OverviewTile {
            rows: messages.collect(),
            list: portal::LIST.url(),
            write: portal::NEW.url(),
        });
        Tile::of(&OverviewTile {
            rows: rows.collect(),
            list: LIST.url(),
            write: NEW.url(),
            messages,
        })
        .map(Some)
    })
}
