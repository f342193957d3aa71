//! The log as a file (DESK-6): CSV for spreadsheets, JSON lines for programs; streamed, so that its length costs no memory.

use crate::log::{Asked, LIST};
use crate::people::People;
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use db::audit::{self, Entry, Filter, Line, Page};
use futures_util::stream;
use kernel::{csv_line, iso};
use serde_json::json;
use web::{Cx, Error, Path, RawForm, Result, Staff, redirect};

pub const EXPORT: Path = Path::new("/desk/protokoll/export");

/// Lines of one file; a shorter span of days gives the rest.
pub const MOST: usize = 100_000;
/// Lines read at once, in a snapshot of its own: nothing that was written changes.
const SOME: usize = 1_000;

const COLUMNS: [&str; 11] = [
    "seq",
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "actor",
    "customer",
    "act",
    "subject",
    "subject_id",
    "detail",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
}

/// Notes that somebody takes the log away, then streams it.
pub async fn download(cx: Staff, form: RawForm) -> Result {
    let format = match form.get("format") {
        Some("csv") => Format::Csv,
        Some("jsonl") => Format::JsonLines,
        _ => return Err(Error::Bad("the format is csv or jsonl")),
    };
    let asked = Asked::read(|name| form.get(name).filter(|value| !value.contains('\0')));
    let mut tx = cx.begin().await?;
    let Some(filter) = asked.filter(&cx, &mut tx).await? else {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(asked.pairs())
            .finish();
        return Ok(redirect(&format!("{}?{query}", LIST.pattern())));
    };
    // whom somebody looked for is not written down in the clear
    let noted = Asked {
        person: asked.person.chars().take(1).collect(),
        ..asked
    };
    let entry = Entry {
        act: "audit.exported",
        customer: filter.customer,
        subject: "audit",
        subject_id: String::new(),
        detail: json!(noted),
    };
    audit::record(&mut tx, &cx.ctx, entry).await?;
    tx.commit().await?;
    Ok(file(cx, filter, format))
}

fn file(cx: Staff, filter: Filter, format: Format) -> Response {
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::JsonLines => ("application/jsonl; charset=utf-8", "jsonl"),
    };
    let day: String = iso(cx.ctx.now).chars().take(10).collect();
    let name = format!("attachment; filename=\"protokoll-{day}.{ending}\"");
    let start = Reading {
        cx,
        filter,
        format,
        page: Page::Newest,
        left: MOST,
        begun: false,
    };
    let parts = stream::try_unfold(Some(start), |reading| async {
        match reading {
            Some(reading) => reading.next().await.map(Some),
            None => Ok(None),
        }
    });
    let mut response = Response::new(Body::from_stream(parts));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

struct Reading {
    cx: Staff,
    filter: Filter,
    format: Format,
    page: Page,
    left: usize,
    begun: bool,
}

impl Reading {
    async fn next(mut self) -> db::Result<(Bytes, Option<Self>)> {
        let limit = self.left.min(SOME);
        let mut tx = self.cx.app.db().read().await?;
        // one more than wanted tells whether there are any
        let mut lines = audit::list(&mut tx, &self.filter, self.page, limit as i64 + 1).await?;
        let more = lines.len() > limit;
        lines.truncate(limit);
        let people = People::of(&self.cx, &mut tx, &lines, true).await?;
        drop(tx);
        let mut text = String::new();
        if !self.begun && self.format == Format::Csv {
            text.push_str(&csv_line(COLUMNS));
        }
        for line in &lines {
            text.push_str(&self.line(line, &people));
        }
        self.begun = true;
        self.left -= lines.len();
        if let Some(last) = lines.last() {
            self.page = Page::OlderThan(last.id);
        }
        if more && self.left == 0 {
            text.push_str(&self.cut());
        }
        let on = more && self.left > 0;
        Ok((Bytes::from(text), on.then_some(self)))
    }

    fn line(&self, line: &Line, people: &People) -> String {
        let cx: &Cx = &self.cx;
        let actor = people.actor(cx, line);
        let customer = people.customer(line).map(|(number, _)| number.as_str());
        let actor_id = line.actor_id.map(|id| id.to_string());
        match self.format {
            Format::Csv => csv_line([
                line.seq
                    .map(|seq| seq.to_string())
                    .unwrap_or_default()
                    .as_str(),
                line.id.to_string().as_str(),
                iso(line.at).as_str(),
                &line.actor_kind,
                actor_id.unwrap_or_default().as_str(),
                &actor,
                customer.unwrap_or_default(),
                &line.act,
                &line.subject,
                &line.subject_id,
                &line.detail,
            ]),
            Format::JsonLines => {
                let detail: serde_json::Value =
                    serde_json::from_str(&line.detail).unwrap_or_else(|_| json!(line.detail));
                let mut text = json!({
                    "seq": line.seq,
                    "id": line.id,
                    "at": iso(line.at),
                    "actor_kind": line.actor_kind,
                    "actor_id": actor_id,
                    "actor": actor,
                    "customer": customer,
                    "act": line.act,
                    "subject": line.subject,
                    "subject_id": line.subject_id,
                    "detail": detail,
                })
                .to_string();
                text.push('\n');
                text
            }
        }
    }

    fn cut(&self) -> String {
        let words = self.cx.text("log-export-cut");
        match self.format {
            Format::Csv => csv_line([words.as_str()]),
            Format::JsonLines => format!("{}\n", json!({ "note": words })),
        }
    }
}
