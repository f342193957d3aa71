//! Full-text search over everything that was written, internal notes too: for staff alone.
//!
//! The index is a copy on each node, as the knowledge base has one. A change writes the ticket's revision after the
//! fact; whoever searches brings the index up to it: a little at once, much in the background.

use super::list::{Asked, Row, names};
use super::{QUEUE, SEARCH, store};
use crate::ticket::TicketId;
use db::{Tx, params, sql};
use kernel::{CustomerId, Locale, Uuid};
use search::{Document, Highlighter, Mark, Query};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use web::{App, Page, Result, Staff};

/// So many changed tickets are taken in while somebody waits.
const INLINE: i64 = 40;
/// Tickets that are read at once when the index is filled.
const CHUNK: i64 = 300;
/// Hits on the page.
const HITS: usize = 25;
/// Texts that are looked through for what to show of the hits.
const TEXTS: i64 = 400;
/// Of one ticket no more is read, in bytes.
const LONGEST: usize = 400_000;
const STAFF: &str = "staff";

/// A node's index; given to the application at start.
pub struct Words {
    index: search::Index,
    filling: tokio::sync::Mutex<()>,
}

impl Words {
    /// With its index in this folder, which is this node's alone.
    pub fn open(folder: &Path) -> Words {
        Words::with(search::Index::open(&folder.join("tickets")))
    }

    pub fn in_memory() -> Words {
        Words::with(search::Index::in_memory())
    }

    fn with(index: search::Index) -> Words {
        Words {
            index,
            filling: tokio::sync::Mutex::new(()),
        }
    }

    /// Brings the index up to date where that is little work; `false` when it is on its way.
    async fn follow(self: &Arc<Self>, app: &App, tx: &mut Tx) -> Result<bool> {
        let now = read_mark(tx).await?;
        let since = match self.index.mark() {
            Some(mark) if mark == now => return Ok(true),
            // a database that was brought back from a copy counts anew
            Some(mark) if mark.epoch == now.epoch && mark.revision < now.revision => mark.revision,
            _ => {
                self.begin(app);
                return Ok(false);
            }
        };
        let Ok(_guard) = self.filling.try_lock() else {
            return Ok(false);
        };
        let heads = heads_since(tx, since, INLINE + 1).await?;
        if heads.len() as i64 > INLINE {
            self.begin(app);
            return Ok(false);
        }
        let documents = documents(heads, texts_since(tx, since).await?);
        self.update(documents, now).await?;
        Ok(true)
    }

    async fn update(self: &Arc<Self>, documents: Vec<Document>, mark: Mark) -> Result<()> {
        let all: Vec<(Uuid, Vec<Document>)> = documents
            .into_iter()
            .map(|document| (document.id, vec![document]))
            .collect();
        let words = self.clone();
        tokio::task::spawn_blocking(move || words.index.update(&all, mark))
            .await
            .map_err(web::Error::internal)?
            .map_err(web::Error::internal)
    }

    fn begin(self: &Arc<Self>, app: &App) {
        let (words, app) = (self.clone(), app.clone());
        tokio::spawn(async move { words.fill(&app).await });
    }

    /// Fills it anew, from a snapshot of its own. Errors are told in the log: search goes on with what it has.
    pub async fn fill(self: &Arc<Self>, app: &App) {
        // whoever else is at it fills it for all
        let Ok(_guard) = self.filling.try_lock() else {
            return;
        };
        if let Err(error) = self.fill_all(app).await {
            tracing::warn!(%error, "index of tickets not filled");
        }
    }

    async fn fill_all(self: &Arc<Self>, app: &App) -> Result<()> {
        let mut tx = app.db().read().await?;
        let mark = read_mark(&mut tx).await?;
        let (send, take) = sync_channel::<Document>(64);
        let words = self.clone();
        let writing = tokio::task::spawn_blocking(move || words.index.fill(take, mark));
        // by id, the latest last: they are found where a word stands in very many
        let mut after = TicketId(Uuid::nil());
        loop {
            let heads = heads_after(&mut tx, after).await?;
            let Some(last) = heads.last().map(|head| head.id) else {
                break;
            };
            let texts = texts_after(&mut tx, after).await?;
            after = last;
            let send = send.clone();
            let documents = documents(heads, texts);
            let sent = tokio::task::spawn_blocking(move || {
                documents.into_iter().all(|one| send.send(one).is_ok())
            });
            if !sent.await.map_err(web::Error::internal)? {
                break;
            }
        }
        drop(send);
        writing
            .await
            .map_err(web::Error::internal)?
            .map_err(web::Error::internal)
    }
}

/// Reads everything once after the start, so that nobody waits for it.
pub async fn warm(app: App) {
    if let Some(words) = app.state::<Words>() {
        let behind = async {
            let mut tx = app.db().read().await?;
            db::Result::<bool>::Ok(words.index.mark() != Some(read_mark(&mut tx).await?))
        };
        if matches!(behind.await, Ok(true)) {
            words.fill(&app).await;
        }
    }
}

async fn read_mark(tx: &mut Tx) -> db::Result<Mark> {
    let stmt = sql!(
        (i64, i64),
        "SELECT epoch, revision FROM ticket_words_state WHERE id = 1"
    );
    let (epoch, revision) = tx.one(stmt, params![]).await?;
    Ok(Mark { epoch, revision })
}

/// Says that a ticket reads otherwise now.
pub(super) async fn changed(tx: &mut Tx, ticket: TicketId) -> db::Result<()> {
    let stmt = sql!(
        (i64,),
        "UPDATE ticket_words_state SET revision = revision + 1 WHERE id = 1 RETURNING revision"
    );
    let (revision,) = tx.one(stmt, params![]).await?;
    let stmt = sql!(
        "INSERT INTO ticket_words (ticket_id, revision) VALUES ($1, $2) ON CONFLICT (ticket_id) DO UPDATE SET revision = excluded.revision"
    );
    tx.exec(stmt, params![ticket, revision]).await.map(drop)
}

/// Has every node fill its index anew.
pub async fn rebuild(tx: &mut Tx) -> db::Result<()> {
    let stmt = sql!("UPDATE ticket_words_state SET epoch = epoch + 1 WHERE id = 1");
    tx.exec(stmt, params![]).await.map(drop)
}

kernel::row! {
    struct Head {
        id: TicketId,
        number: i64,
        subject: String,
        requester_name: String,
        requester_email: Option<String>,
        company: Option<String>,
    }
}

kernel::row! {
    struct Text {
        ticket_id: TicketId,
        author_name: String,
        text: String,
    }
}

async fn heads_since(tx: &mut Tx, since: i64, limit: i64) -> db::Result<Vec<Head>> {
    let stmt = sql!(
        Head,
        "SELECT t.id, t.number, t.subject, t.requester_name, t.requester_email, t.company FROM ticket_words w
         JOIN tickets t ON t.id = w.ticket_id WHERE w.revision > $1 ORDER BY w.revision LIMIT $2"
    );
    tx.all(stmt, params![since, limit]).await
}

async fn texts_since(tx: &mut Tx, since: i64) -> db::Result<Vec<Text>> {
    let stmt = sql!(
        Text,
        "SELECT ticket_id, author_name, text FROM ticket_entries
         WHERE kind = 'text' AND ticket_id IN (SELECT ticket_id FROM ticket_words WHERE revision > $1) ORDER BY ticket_id, seq"
    );
    tx.all(stmt, params![since]).await
}

async fn heads_after(tx: &mut Tx, after: TicketId) -> db::Result<Vec<Head>> {
    let stmt = sql!(
        Head,
        "SELECT id, number, subject, requester_name, requester_email, company FROM tickets WHERE id > $1 ORDER BY id LIMIT $2"
    );
    tx.all(stmt, params![after, CHUNK]).await
}

async fn texts_after(tx: &mut Tx, after: TicketId) -> db::Result<Vec<Text>> {
    let stmt = sql!(
        Text,
        "SELECT ticket_id, author_name, text FROM ticket_entries
         WHERE kind = 'text' AND ticket_id IN (SELECT id FROM tickets WHERE id > $1 ORDER BY id LIMIT $2) ORDER BY ticket_id, seq"
    );
    tx.all(stmt, params![after, CHUNK]).await
}

fn documents(heads: Vec<Head>, texts: Vec<Text>) -> Vec<Document> {
    let mut bodies: BTreeMap<TicketId, String> = BTreeMap::new();
    for text in texts {
        let body = bodies.entry(text.ticket_id).or_default();
        if body.len() < LONGEST {
            body.push_str(&text.author_name);
            body.push('\n');
            body.push_str(&text.text);
            body.push('\n');
        }
    }
    let document = |head: Head| Document {
        id: head.id.0,
        locale: Locale::De,
        audience: STAFF,
        keywords: format!(
            "{} {} {} {}",
            head.number,
            head.requester_name,
            head.requester_email.unwrap_or_default(),
            head.company.unwrap_or_default()
        ),
        body: bodies.remove(&head.id).unwrap_or_default(),
        title: head.subject,
    };
    heads.into_iter().map(document).collect()
}

/// A piece of a text; what was looked for is marked.
#[derive(Debug, Clone, Serialize)]
pub struct Piece {
    pub text: String,
    pub hit: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct HitView {
    pub row: Row,
    pub excerpt: Vec<Piece>,
}

#[derive(Debug, Serialize)]
pub struct FindPage {
    pub text: String,
    pub hits: Vec<HitView>,
    /// The index is being filled: there may be more.
    pub late: bool,
    pub action: String,
    pub queue: String,
}

impl Page for FindPage {
    const TEMPLATE: &'static str = "support/desk/find.html";
    fn samples() -> Vec<Self> {
        let rows = super::list::QueueView::samples()
            .pop()
            .map(|queue| queue.rows)
            .unwrap_or_default();
        let piece = |text: &str, hit| Piece {
            text: text.into(),
            hit,
        };
        let hits = rows.into_iter().map(|row| HitView {
            row,
            excerpt: vec![piece("Die ", false), piece("Kasse", true)],
        });
        let page = |text: &str, hits, late| FindPage {
            text: text.into(),
            hits,
            late,
            action: SEARCH.url(),
            queue: QUEUE.url(),
        };
        vec![
            page("kasse", hits.collect(), false),
            page("kasse", Vec::new(), true),
            page("kasse", Vec::new(), false),
            page("", Vec::new(), false),
        ]
    }
}

pub async fn show(cx: Staff) -> Result {
    let text: String = cx
        .query("suche")
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    let mut tx = cx.read().await?;
    let mut page = FindPage {
        text: text.clone(),
        hits: Vec::new(),
        late: false,
        action: SEARCH.url(),
        queue: QUEUE.url(),
    };
    let Some(words) = cx.app.state::<Words>().filter(|_| !text.trim().is_empty()) else {
        return cx.page(page);
    };
    page.late = !words.follow(&cx.app, &mut tx).await?;
    let query = Query {
        text: &text,
        audiences: &[STAFF],
        locale: cx.ctx.locale,
        limit: HITS,
    };
    // a broken index is begun anew, and no page stops for it
    let found = words.index.find(&query).unwrap_or_default();
    let ids: Vec<TicketId> = found.hits.iter().map(|hit| TicketId(hit.id)).collect();
    page.hits = hits(&cx, &mut tx, &ids, &found.marker).await?;
    cx.page(page)
}

/// The tickets in the order they were found, each with the place that fits best.
async fn hits(
    cx: &Staff,
    tx: &mut Tx,
    ids: &[TicketId],
    marker: &Highlighter,
) -> Result<Vec<HitView>> {
    let rows = store::these(tx, ids).await?;
    let customers: BTreeSet<CustomerId> = rows.iter().filter_map(|row| row.customer_id).collect();
    let names = names(cx, tx, customers).await?;
    let mut texts: BTreeMap<TicketId, Vec<String>> = BTreeMap::new();
    for (ticket, text) in texts_of(tx, ids).await? {
        texts.entry(ticket).or_default().push(text);
    }
    let asked = Asked::of(cx);
    let mut views: BTreeMap<TicketId, HitView> = BTreeMap::new();
    for row in rows {
        let id = row.id;
        let texts = texts.remove(&id).unwrap_or_default();
        // no further than to the first that fits: looking for words in a text is what costs most here
        let mut first = Vec::new();
        let mut best = None;
        for text in &texts {
            let pieces = marker.excerpt(text, 220);
            if pieces.iter().any(|piece| piece.hit) {
                best = Some(pieces);
                break;
            }
            if first.is_empty() {
                first = pieces;
            }
        }
        let excerpt = best.unwrap_or(first).into_iter().map(|piece| Piece {
            text: piece.text,
            hit: piece.hit,
        });
        let view = HitView {
            row: Row::of(
                cx,
                &Asked {
                    text: String::new(),
                    ..asked.clone()
                },
                row,
                &names,
                None,
            ),
            excerpt: excerpt.collect(),
        };
        views.insert(id, view);
    }
    Ok(ids.iter().filter_map(|id| views.remove(id)).collect())
}

async fn texts_of(tx: &mut Tx, ids: &[TicketId]) -> db::Result<Vec<(TicketId, String)>> {
    let stmt = sql!(
        (TicketId, String),
        "SELECT ticket_id, text FROM ticket_entries WHERE kind = 'text' AND ticket_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
         $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) ORDER BY ticket_id, seq LIMIT $26"
    );
    let Some(last) = ids.last() else {
        return Ok(Vec::new());
    };
    let params: Vec<db::Value> = ids
        .iter()
        .chain(std::iter::repeat(last))
        .take(25)
        .map(|id| (*id).into())
        .chain([TEXTS.into()])
        .collect();
    tx.all(stmt, params).await
}
