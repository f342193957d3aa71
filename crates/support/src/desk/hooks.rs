//! What other pages show of tickets: the counter, the customer file's tab, the desk's search.

use super::store::{self, Counts, Filter, Show};
use super::{ONE, QUEUE};
use crate::message::shown;
use crate::ticket::store::newest;
use crate::ticket::{Kind, State};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Actor, CustomerId, Moment};
use serde::Serialize;
use web::{Cx, Hit, Page, Result, Staff, Tile};

/// Tickets on the customer file.
const FILE: i64 = 10;
/// Hits of a search.
const HITS: i64 = 10;

/// The counter of the menu, and those that the queue shows itself.
pub const NEW: &str = "messages-new";
const OURS: &str = "queue-ours";
const OVERDUE: &str = "queue-overdue";
const MINE: &str = "queue-mine";

/// All counters of the desk's menu that tickets have, in one statement.
pub fn counted<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
) -> BoxFuture<'a, db::Result<Vec<(&'static str, i64)>>> {
    Box::pin(async move {
        let Actor::Staff(me) = cx.ctx.actor else {
            return Ok(Vec::new());
        };
        let counts = store::counts(tx, cx.ctx.now, me).await?;
        Ok(vec![
            (NEW, counts.new),
            (crate::critical::COUNTER, counts.calls),
            (crate::inbound::COUNTER, counts.held),
            (OURS, counts.ours),
            (OVERDUE, counts.overdue),
            (MINE, counts.mine),
        ])
    })
}

/// What the menu has counted already; a page that answers a form counts itself.
pub(super) async fn counts(cx: &Staff, tx: &mut Tx) -> db::Result<Counts> {
    let counted = [NEW, OURS, OVERDUE, MINE].map(|name| cx.counted(name));
    match counted {
        [Some(new), Some(ours), Some(overdue), Some(mine)] => Ok(Counts {
            new,
            ours,
            overdue,
            mine,
            ..Counts::default()
        }),
        _ => store::counts(tx, cx.ctx.now, cx.staff).await,
    }
}

#[derive(Debug, Serialize)]
pub struct FileRow {
    pub href: String,
    pub number: i64,
    pub kind: Kind,
    pub subject: String,
    pub who: String,
    pub state: State,
    pub last_at: Moment,
}

#[derive(Debug, Serialize)]
pub struct FileTab {
    pub rows: Vec<FileRow>,
    /// All of the customer.
    pub all: String,
}

impl Page for FileTab {
    const TEMPLATE: &'static str = "support/desk/file.html";
    fn samples() -> Vec<Self> {
        let row = |state: &State| FileRow {
            href: "/desk/tickets/1".into(),
            number: 10_001,
            kind: if *state == State::New {
                Kind::Ticket
            } else {
                Kind::Message
            },
            subject: "Die Kasse zeigt <502>".into(),
            who: "Jana Petersen".into(),
            state: *state,
            last_at: Moment::from_micros(1_795_000_000_000_000),
        };
        let all = QUEUE.url();
        let full = FileTab {
            rows: State::ALL.iter().map(row).collect(),
            all: all.clone(),
        };
        let rows = Vec::new();
        vec![full, FileTab { rows, all }]
    }
}

/// The last tickets and messages of a customer.
pub fn file_tab<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let now = cx.ctx.now;
        let all = Filter::default();
        let found = store::of_customer(tx, now, customer, Show::All, &all, newest(), FILE).await?;
        let rows = found.into_iter().map(|row| FileRow {
            href: ONE.to(row.id),
            number: row.number,
            kind: row.kind,
            subject: shown(cx, row.subject),
            who: row.requester_name,
            state: row.state,
            last_at: row.key_at,
        });
        let rows = rows.collect();
        let number = customers::customer::label(tx, customer, "").await?.number;
        let all = format!(
            "{}?zustand={}&suche={number}",
            QUEUE.url(),
            Show::All.as_str()
        );
        Tile::of(&FileTab { rows, all }).map(Some)
    })
}

/// The one with this number, then those whose subject begins with what is looked for.
pub fn search<'a>(cx: &'a Cx, tx: &'a mut Tx, words: &'a str) -> BoxFuture<'a, Result<Vec<Hit>>> {
    Box::pin(async move {
        let mut found = Vec::new();
        if let Ok(number) = words.trim().trim_start_matches('#').trim_start().parse() {
            found.extend(store::by_number(tx, number).await?);
        }
        let all = Filter::default();
        let begin =
            store::by_subject(tx, cx.ctx.now, words, Show::All, &all, newest(), HITS).await?;
        for row in begin {
            if found.iter().all(|known| known.id != row.id) {
                found.push(row);
            }
        }
        found.truncate(10);
        let hits = found.into_iter().map(|row| Hit {
            href: ONE.to(row.id),
            title: shown(cx, row.subject),
            note: format!("#{} · {}", row.number, row.requester_name),
        });
        Ok(hits.collect())
    })
}
