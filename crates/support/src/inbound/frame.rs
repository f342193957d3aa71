//! A mail as its sender laid it out: cleaned, in a frame of its own that runs nothing and asks nobody; and beside the
//! thread, how each mail came there.

use super::desk::ORIGINAL;
use super::verdict::Why;
use crate::desk as tickets;
use crate::ticket::{Ticket, TicketId, store as threads};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Moment, Uuid};
use serde::Serialize;
use web::{Error, Link, Page, Param, Path1, Policy, Result, Staff, Tile};

pub const PAGE: Path1 = Path1::new("/desk/tickets/{id}/mail");
/// What stands in the frame.
pub const CONTENT: Path1 = Path1::new("/desk/tickets/{id}/mail/inhalt");

/// Mails told of beside a thread.
const TOLD: i64 = 10;

/// The page around the frame: as all pages, but that it may hold a frame of ours.
const AROUND: Policy = Policy(
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'",
);
/// In the frame nothing runs, nothing is sent and nobody is asked.
const CLOSED: Policy = Policy(
    "default-src 'none'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox",
);
/// The same, with pictures from elsewhere: staff has asked for them.
const PICTURES: Policy = Policy(
    "default-src 'none'; img-src data: https: http:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox",
);

#[derive(Debug, Serialize)]
pub struct FramePage {
    pub subject: String,
    pub back: String,
    pub content: String,
    /// The same with pictures from elsewhere; nothing where there are none or they are shown.
    pub pictures: Option<String>,
    pub shown: bool,
}

impl Page for FramePage {
    const TEMPLATE: &'static str = "support/inbound/frame.html";
    fn samples() -> Vec<Self> {
        [(true, false), (false, true), (false, false)]
            .into_iter()
            .map(|(blocked, shown)| FramePage {
                subject: "Die Kasse <502>".into(),
                back: "/desk/tickets/1".into(),
                content: "/desk/tickets/1/mail/inhalt?eintrag=1".into(),
                pictures: blocked.then(|| "/desk/tickets/1/mail?eintrag=1&bilder=ja".into()),
                shown,
            })
            .collect()
    }
}

struct Asked {
    ticket: Ticket,
    entry: Uuid,
    html: String,
    pictures: bool,
}

async fn asked(cx: &Staff, id: TicketId) -> Result<Asked> {
    let entry = cx
        .query("eintrag")
        .and_then(|entry| Uuid::try_parse(entry).ok());
    let entry = entry.ok_or(Error::NotFound)?;
    let mut tx = cx.read().await?;
    let ticket = threads::any(&mut tx, id).await?;
    let html = intake::store::html(&mut tx, ticket.id.0, entry).await?;
    Ok(Asked {
        ticket,
        entry,
        html: html.ok_or(Error::NotFound)?,
        pictures: cx.query("bilder").is_some(),
    })
}

pub async fn page(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let asked = asked(&cx, id).await?;
    let (_, remote) = intake::html::without_remote(&asked.html);
    let entry = asked.entry.simple();
    let more = if asked.pictures { "&bilder=ja" } else { "" };
    let mut response = cx.page(FramePage {
        subject: crate::message::shown(&cx, asked.ticket.subject),
        back: tickets::ONE.to(id),
        content: format!("{}?eintrag={entry}{more}", CONTENT.to(id)),
        pictures: (remote && !asked.pictures)
            .then(|| format!("{}?eintrag={entry}&bilder=ja", PAGE.to(id))),
        shown: asked.pictures,
    })?;
    response.extensions_mut().insert(AROUND);
    Ok(response)
}

pub async fn content(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let asked = asked(&cx, id).await?;
    let (shown, policy) = if asked.pictures {
        (asked.html, PICTURES)
    } else {
        (intake::html::without_remote(&asked.html).0, CLOSED)
    };
    let whole = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>-</title></head><body>{shown}</body></html>"
    );
    let mut response = Response::new(Body::from(whole));
    response.extensions_mut().insert(policy);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    Ok(response)
}

/// How a mail came into the thread.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    pub sender: String,
    pub at: Moment,
    pub way: String,
    pub proof: String,
    /// Whether staff should look twice at who sent it.
    pub doubtful: bool,
    pub maybe: Vec<String>,
    pub machine: bool,
    pub notes: Vec<String>,
    pub answers_to: Option<String>,
    pub html: Option<String>,
    /// Until it is deleted.
    pub original: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct MailsTile {
    pub mails: Vec<Told>,
    /// Tickets that the newest mail may belong to.
    pub search: Option<Link>,
}

impl Page for MailsTile {
    const TEMPLATE: &'static str = "support/inbound/tile.html";
    fn samples() -> Vec<Self> {
        let told = |full: bool| Told {
            sender: "anna@adler.example".into(),
            at: Moment::from_micros(1_795_000_000_000_000),
            way: "Antwort auf unsere E-Mail".into(),
            proof: "Absender belegt".into(),
            doubtful: full,
            maybe: if full {
                vec!["#10001: fremd".into()]
            } else {
                Vec::new()
            },
            machine: full,
            notes: if full {
                vec!["gekürzt".into()]
            } else {
                Vec::new()
            },
            answers_to: full.then(|| "eve@evil.example".into()),
            html: full.then(|| "/desk/tickets/1/mail?eintrag=1".into()),
            original: full.then(|| ORIGINAL.to("1")),
        };
        vec![
            MailsTile {
                mails: vec![told(true), told(false)],
                search: None,
            },
            MailsTile {
                mails: vec![told(false)],
                search: Some(Link {
                    href: "/desk/tickets?suche=10001".into(),
                    label: "#10001".into(),
                }),
            },
        ]
    }
}

/// How the mails of this thread came there.
pub fn mails<'a>(
    cx: &'a Staff,
    tx: &'a mut Tx,
    ticket: &'a Ticket,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let placed = intake::store::of_ticket(tx, ticket.id.0, TOLD).await?;
        if placed.is_empty() {
            return Ok(None);
        }
        let mut search = None;
        let mut mails = Vec::new();
        for one in placed {
            let why: Option<Why> = serde_json::from_str(&one.why).ok();
            let word = |what: &str, word: &str| cx.text(&format!("inbound-{what}-{word}"));
            if let Some((number, _, _)) = why.as_ref().and_then(|why| why.maybe.first()) {
                search.get_or_insert(Link {
                    href: format!("{}?zustand=alle&suche={number}", tickets::QUEUE.url()),
                    label: format!("#{number}"),
                });
            }
            let html = one.entry_id.filter(|_| one.has_html);
            mails.push(Told {
                way: why
                    .as_ref()
                    .map_or_else(String::new, |why| word("way", &why.way)),
                proof: why
                    .as_ref()
                    .map_or_else(String::new, |why| word("proof", &why.proof)),
                doubtful: why.as_ref().is_none_or(|why| why.proof != "proven"),
                maybe: why.as_ref().map_or_else(Vec::new, |why| {
                    let told = why.maybe.iter();
                    told.map(|(number, way, but)| {
                        format!("#{number}: {}, {}", word("way", way), word("but", but))
                    })
                    .collect()
                }),
                machine: why.as_ref().is_some_and(|why| why.machine.is_some()),
                notes: why.as_ref().map_or_else(Vec::new, |why| {
                    why.notes.iter().map(|note| word("note", note)).collect()
                }),
                answers_to: why.and_then(|why| why.answers_to),
                sender: one.sender,
                at: one.received_at,
                html: html
                    .map(|entry| format!("{}?eintrag={}", PAGE.to(ticket.id), entry.simple())),
                original: one.has_original.then(|| ORIGINAL.to(one.id)),
            });
        }
        Tile::of(&MailsTile { mails, search }).map(Some)
    })
}
