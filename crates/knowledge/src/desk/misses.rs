//! Searches that found nothing: what readers look for and nobody has written.

use super::{MISS_SETTLE, NEW, Tab, tabs};
use crate::misses::{MissId, list as read, settle as settle_one};
use crate::portal::SEARCH;
use kernel::{Moment, Uuid};
use serde::Serialize;
use web::{PAGE, Page, Pager, Param, Result, Staff};

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub words: String,
    pub lang: &'static str,
    pub times: i64,
    pub last_at: Moment,
    /// The same search, as it is answered now.
    pub again: String,
    pub settle: String,
}

#[derive(Serialize)]
pub struct MissesPage {
    pub tabs: Vec<Tab>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub csrf: String,
    pub new: String,
}

impl Page for MissesPage {
    const TEMPLATE: &'static str = "knowledge/desk/misses.html";
    fn samples() -> Vec<Self> {
        let row = |times| Row {
            words: "<Glasfaser>".into(),
            lang: "de",
            times,
            last_at: Moment::from_micros(1_795_000_000_000_000),
            again: SEARCH.url(),
            settle: MISS_SETTLE.to("1"),
        };
        let page = |rows| MissesPage {
            tabs: Tab::sample(),
            rows,
            pager: Pager::default(),
            csrf: "csrf".into(),
            new: NEW.url(),
        };
        vec![page(vec![row(1), row(12)]), page(Vec::new())]
    }
}

pub async fn list(cx: Staff) -> Result {
    let before = cx.query("nach").and_then(|key| {
        let (at, id) = key.split_once('_')?;
        Some((Moment::from_micros(at.parse().ok()?), id.parse().ok()?))
    });
    let before = before.unwrap_or((Moment::from_micros(i64::MAX), MissId(Uuid::max())));
    let mut tx = cx.read().await?;
    let mut found = read(&mut tx, before, PAGE as i64 + 1).await?;
    drop(tx);
    let pager = Pager::cut(&cx, &mut found, |miss| {
        format!("{}_{}", miss.last_at.timestamp().as_microsecond(), miss.id)
    });
    let row = |miss: crate::misses::Miss| {
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("suche", &miss.shown)
            .finish();
        Row {
            again: format!("{}?{query}", SEARCH.pattern()),
            words: miss.shown,
            lang: miss.locale.as_str(),
            times: miss.times,
            last_at: miss.last_at,
            settle: MISS_SETTLE.to(miss.id),
        }
    };
    cx.page(MissesPage {
        tabs: tabs(&cx),
        rows: found.into_iter().map(row).collect(),
        pager,
        csrf: cx.csrf(),
        new: NEW.url(),
    })
}

pub async fn settle(cx: Staff, Param(id): Param<MissId>) -> Result {
    let mut tx = cx.begin().await?;
    settle_one(&mut tx, &cx.ctx, id).await?;
    cx.done(tx, super::MISSES.url(), "notice-miss-settled")
        .await
}
