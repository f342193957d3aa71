//! What readers said of one article: how many, the trend over months, their words.

use super::one::zone;
use super::{LIST, Tab, article_tabs};
use crate::article::{ArticleId, store};
use crate::feedback::VoteId;
use crate::feedback::store::{Line, counts, since, with_words};
use kernel::{Moment, Uuid};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;
use web::{PAGE, Page, Pager, Param, Result, Staff};

/// The trend looks back so far, over so many votes.
const LOOK_BACK: Duration = Duration::from_secs(183 * 86_400);
const MOST: i64 = 5_000;

#[derive(Debug, Clone, Serialize)]
pub struct Month {
    /// 11/2026
    pub name: String,
    pub yes: i64,
    pub no: i64,
    /// Of a hundred.
    pub share: i64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub at: Moment,
    pub helpful: bool,
    pub reasons: Vec<String>,
    pub comment: Option<String>,
    pub lang: &'static str,
}

#[derive(Serialize)]
pub struct VotesPage {
    pub title: String,
    pub tabs: Vec<Tab>,
    pub yes: i64,
    pub no: i64,
    pub months: Vec<Month>,
    pub said: Vec<Said>,
    pub pager: Pager,
    pub list: String,
}

impl Page for VotesPage {
    const TEMPLATE: &'static str = "knowledge/desk/votes.html";
    fn samples() -> Vec<Self> {
        let said = |helpful, comment: Option<&str>| Said {
            at: Moment::from_micros(1_795_000_000_000_000),
            helpful,
            reasons: if helpful {
                Vec::new()
            } else {
                vec![
                    "unclear".into(),
                    "wrong".into(),
                    "other".into(),
                    "long".into(),
                ]
            },
            comment: comment.map(str::to_owned),
            lang: "de",
        };
        let month = |yes, no| Month {
            name: "11/2026".into(),
            yes,
            no,
            share: 75,
        };
        let page = |months: Vec<Month>, said| VotesPage {
            title: "Postfach ist <voll>".into(),
            tabs: Tab::sample(),
            yes: 3,
            no: i64::from(!months.is_empty()),
            months,
            said,
            pager: Pager::default(),
            list: LIST.url(),
        };
        vec![
            page(
                vec![month(3, 1), month(0, 0)],
                vec![said(true, Some("<Danke>")), said(false, None)],
            ),
            page(Vec::new(), Vec::new()),
        ]
    }
}

pub async fn show(cx: Staff, Param(id): Param<ArticleId>) -> Result {
    let zone = zone(&cx)?;
    let mut tx = cx.read().await?;
    store::one(&mut tx, id).await?;
    let texts = store::texts(&mut tx, id).await?;
    let all = counts(&mut tx).await?;
    let votes = since(&mut tx, id, cx.ctx.now - LOOK_BACK, MOST).await?;
    let mut lines = with_words(&mut tx, id, before(cx.query("nach")), PAGE as i64 + 1).await?;
    drop(tx);
    let pager = Pager::cut(&cx, &mut lines, |line| {
        format!("{}_{}", line.at.timestamp().as_microsecond(), line.id)
    });
    let mut by_month: BTreeMap<(i16, i8), (i64, i64)> = BTreeMap::new();
    for vote in votes {
        let day = vote.at.timestamp().to_zoned(zone.clone());
        let month = by_month.entry((day.year(), day.month())).or_default();
        if vote.helpful {
            month.0 += 1;
        } else {
            month.1 += 1;
        }
    }
    let month = |((year, month), (yes, no)): ((i16, i8), (i64, i64))| Month {
        name: format!("{month:02}/{year}"),
        yes,
        no,
        share: 100 * yes / (yes + no).max(1),
    };
    let count = all.into_iter().find(|count| count.article_id == id);
    cx.page(VotesPage {
        title: texts
            .first()
            .map(|text| text.title.clone())
            .unwrap_or_default(),
        tabs: article_tabs(&cx, id),
        yes: count.map_or(0, |count| count.yes),
        no: count.map_or(0, |count| count.no),
        months: by_month.into_iter().rev().map(month).collect(),
        said: lines.into_iter().map(said).collect(),
        pager,
        list: LIST.url(),
    })
}

fn said(line: Line) -> Said {
    Said {
        at: line.at,
        helpful: line.helpful,
        reasons: line
            .reasons
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        comment: line.comment,
        lang: line.locale.as_str(),
    }
}

fn before(key: Option<&str>) -> (Moment, VoteId) {
    let read = key.and_then(|key| {
        let (at, id) = key.split_once('_')?;
        Some((Moment::from_micros(at.parse().ok()?), id.parse().ok()?))
    });
    read.unwrap_or((Moment::from_micros(i64::MAX), VoteId(Uuid::max())))
}
