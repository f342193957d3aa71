//! What other pages show of messages: counters, the overview's tile, the customer file's tab, the desk's search.

use super::{desk, portal, shown};
use crate::ticket::queue::{self, Show};
use crate::ticket::store::newest;
use crate::ticket::{State, store};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{CustomerId, Moment};
use serde::Serialize;
use web::{Cx, Hit, Page, Result, Tile};

/// Messages on the overview.
const TILE: i64 = 3;
/// Messages on the customer file.
const FILE: i64 = 10;
/// Hits of a search.
const HITS: i64 = 10;

/// Threads with an answer that whoever asks has not seen.
pub fn unread<'a>(cx: &'a Cx, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<i64>> {
    Box::pin(async move {
        match cx
            .user()
            .and_then(|session| Some((session.user, session.acting.as_ref()?.customer)))
        {
            Some((user, customer)) => store::unread(tx, customer, user).await,
            None => Ok(0),
        }
    })
}

/// Messages that nobody has answered yet.
pub fn new_ones<'a>(_: &'a Cx, tx: &'a mut Tx) -> BoxFuture<'a, db::Result<i64>> {
    Box::pin(queue::count_new(tx))
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

/// The last open messages.
pub fn overview<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let Some(user) = cx.user().map(|session| session.user) else {
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

#[derive(Debug, Serialize)]
pub struct FileRow {
    pub href: String,
    pub subject: String,
    pub who: String,
    pub state: State,
    pub last_at: Moment,
}

#[derive(Debug, Serialize)]
pub struct FileTab {
    pub rows: Vec<FileRow>,
    /// All messages of the customer.
    pub all: String,
}

impl Page for FileTab {
    const TEMPLATE: &'static str = "support/desk/file.html";
    fn samples() -> Vec<Self> {
        let row = |state: &State| FileRow {
            href: "/desk/nachrichten/1".into(),
            subject: "Die Kasse zeigt <502>".into(),
            who: "Jana Petersen".into(),
            state: *state,
            last_at: Moment::from_micros(1_795_000_000_000_000),
        };
        let full = FileTab {
            rows: State::ALL.iter().map(row).collect(),
            all: desk::QUEUE.url(),
        };
        vec![
            full,
            FileTab {
                rows: Vec::new(),
                all: desk::QUEUE.url(),
            },
        ]
    }
}

/// The last messages of a customer.
pub fn file_tab<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let now = cx.ctx.now;
        let found = queue::of_customer(tx, now, customer, Show::All, newest(), FILE).await?;
        let rows = found.into_iter().map(|row| FileRow {
            href: desk::ONE.to(row.id),
            subject: shown(cx, row.subject),
            who: row.requester_name,
            state: row.state,
            last_at: row.last_at,
        });
        let rows = rows.collect();
        let number = customers::customer::label(tx, customer, "").await?.number;
        let all = format!(
            "{}?zustand={}&suche={number}",
            desk::QUEUE.url(),
            Show::All.as_str()
        );
        Tile::of(&FileTab { rows, all }).map(Some)
    })
}

/// The message with this number, then those whose subject begins with what is looked for.
pub fn search<'a>(cx: &'a Cx, tx: &'a mut Tx, words: &'a str) -> BoxFuture<'a, Result<Vec<Hit>>> {
    Box::pin(async move {
        let mut found = Vec::new();
        if let Ok(number) = words.trim().trim_start_matches('#').trim_start().parse() {
            found.extend(queue::by_number(tx, number).await?);
        }
        let begin = queue::by_subject(tx, cx.ctx.now, words, Show::All, newest(), HITS).await?;
        for row in begin {
            if found.iter().all(|known| known.id != row.id) {
                found.push(row);
            }
        }
        let hits = found.into_iter().map(|row| Hit {
            href: desk::ONE.to(row.id),
            title: shown(cx, row.subject),
            note: row.requester_name,
        });
        Ok(hits.collect())
    })
}
