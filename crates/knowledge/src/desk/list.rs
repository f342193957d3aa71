//! `/desk/wissen`: all articles, and how the desk's search finds them.

use super::{LIST, NEW, ONE, Tab, tabs};
use crate::article::{ArticleId, Audience, State};
use crate::feedback::store::{Count, counts};
use crate::group::Kind;
use crate::shelf::{Head, Shelf, Snapshot};
use db::Tx;
use futures_util::future::BoxFuture;
use identity::rights::ARTICLES;
use kernel::{Locale, Moment, fold};
use serde::Serialize;
use web::{Cx, Hit, PAGE, Page, Pager, Result, Staff};

#[derive(Debug, Clone, Serialize)]
pub struct Language {
    pub word: &'static str,
    pub stale: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub title: String,
    pub folder: String,
    pub state: State,
    /// Published, but its day has not come.
    pub waits: bool,
    pub audience: Audience,
    pub languages: Vec<Language>,
    pub yes: i64,
    pub no: i64,
    pub changed_at: Moment,
}

impl Row {
    fn of(head: &Head, snapshot: &Snapshot, now: Moment, locale: Locale, counts: &[Count]) -> Row {
        let count = counts.iter().find(|count| count.article_id == head.id);
        let folder = head.folder.and_then(|id| snapshot.group(id));
        let language = |title: &crate::shelf::Title| Language {
            word: title.locale.as_str(),
            stale: title.stale,
        };
        Row {
            href: ONE.to(head.id),
            title: head
                .title(locale)
                .map(|title| title.title.clone())
                .unwrap_or_default(),
            folder: folder
                .map(|group| group.name(locale).to_owned())
                .unwrap_or_default(),
            state: head.state,
            waits: head.state == State::Published && !head.is_public(now),
            audience: head.audience,
            languages: head.titles.iter().map(language).collect(),
            yes: count.map_or(0, |count| count.yes),
            no: count.map_or(0, |count| count.no),
            changed_at: head.changed_at,
        }
    }
}

/// A choice of a filter.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

#[derive(Serialize)]
pub struct ListPage {
    pub tabs: Vec<Tab>,
    pub text: String,
    pub states: Vec<Choice>,
    pub folders: Vec<Choice>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub filtered: bool,
    /// For those who may write.
    pub new: Option<String>,
    pub action: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "knowledge/desk/list.html";
    fn samples() -> Vec<Self> {
        let row = |state: State, audience: Audience, waits: bool| Row {
            href: ONE.to("1"),
            title: "Postfach ist <voll>".into(),
            folder: if waits {
                String::new()
            } else {
                "E-Mail".into()
            },
            state,
            waits,
            audience,
            languages: vec![
                Language {
                    word: "de",
                    stale: false,
                },
                Language {
                    word: "en",
                    stale: true,
                },
            ],
            yes: i64::from(waits),
            no: i64::from(waits),
            changed_at: Moment::from_micros(1_795_000_000_000_000),
        };
        let mut rows: Vec<Row> = State::ALL
            .iter()
            .zip(Audience::ALL)
            .map(|(state, audience)| row(*state, *audience, false))
            .collect();
        rows.push(row(State::Published, Audience::Public, true));
        let choices = || {
            vec![Choice {
                value: "draft".into(),
                label: "Entwurf".into(),
                selected: true,
            }]
        };
        let page = |rows, filtered, new: Option<String>| ListPage {
            tabs: Tab::sample(),
            text: String::new(),
            states: choices(),
            folders: choices(),
            rows,
            pager: Pager {
                older: Some("/".into()),
                ..Pager::default()
            },
            filtered,
            new,
            action: LIST.url(),
        };
        vec![
            page(rows, false, Some(NEW.url())),
            page(Vec::new(), true, None),
            page(Vec::new(), false, Some(NEW.url())),
        ]
    }
}

/// The extra choice beside the states: something is out of date.
const STALE: &str = "stale";

pub async fn list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let snapshot = Shelf::of(&cx.app)?.snapshot(&mut tx).await?;
    let counts = counts(&mut tx).await?;
    drop(tx);
    let text: String = cx
        .query("suche")
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    let state = cx.query("zustand").unwrap_or_default();
    let folder = cx.query("ordner").unwrap_or_default();
    let mut found = matching(&snapshot, &text, state, folder);
    found.sort_by_key(|head| {
        (
            std::cmp::Reverse(head.changed_at),
            std::cmp::Reverse(head.id),
        )
    });
    let after = cx.query("nach").and_then(|id| id.parse::<ArticleId>().ok());
    let mut shown: Vec<&Head> = found
        .into_iter()
        .skip_while(|head| after.is_some_and(|id| head.id != id))
        .skip(usize::from(after.is_some()))
        .take(PAGE + 1)
        .collect();
    let pager = Pager::cut(&cx, &mut shown, |head| head.id.to_string());
    let (now, locale) = (cx.ctx.now, cx.ctx.locale);
    let rows = shown
        .iter()
        .map(|head| Row::of(head, &snapshot, now, locale, &counts))
        .collect();
    let words = State::ALL.iter().map(|state| state.as_str()).chain([STALE]);
    let states = words.map(|word| Choice {
        value: word.to_owned(),
        label: cx.text(&format!("article-state-{word}")),
        selected: state == word,
    });
    let folders = snapshot.groups(Kind::Folder).map(|group| Choice {
        value: group.slug.clone(),
        label: group.name(locale).to_owned(),
        selected: folder == group.slug,
    });
    cx.page(ListPage {
        tabs: tabs(&cx),
        states: states.collect(),
        folders: folders.collect(),
        filtered: !text.is_empty() || !state.is_empty() || !folder.is_empty() || after.is_some(),
        text,
        rows,
        pager,
        new: cx.may(ARTICLES).then(|| NEW.url()),
        action: LIST.url(),
    })
}

fn matching<'a>(snapshot: &'a Snapshot, text: &str, state: &str, folder: &str) -> Vec<&'a Head> {
    let key = fold(text);
    let folder = snapshot
        .group_by_slug(Kind::Folder, folder)
        .map(|group| group.id);
    let fits = |head: &&Head| {
        let state_fits = match state {
            "" => true,
            STALE => head.titles.iter().any(|title| title.stale),
            word => head.state.as_str() == word,
        };
        state_fits
            && (folder.is_none() || head.folder == folder)
            && (key.is_empty() || head.titles.iter().any(|title| title.key.contains(&key)))
    };
    snapshot.heads.iter().filter(fits).collect()
}

/// Hits of a search.
const HITS: usize = 10;

/// The desk's search over everything finds articles of every kind by their title.
pub fn search<'a>(cx: &'a Cx, tx: &'a mut Tx, words: &'a str) -> BoxFuture<'a, Result<Vec<Hit>>> {
    Box::pin(async move {
        let snapshot = Shelf::of(&cx.app)?.snapshot(tx).await?;
        let found = matching(&snapshot, words, "", "");
        let hit = |head: &&Head| Hit {
            href: ONE.to(head.id),
            title: head
                .title(cx.ctx.locale)
                .map(|title| title.title.clone())
                .unwrap_or_default(),
            note: cx.text(&format!("article-audience-{}", head.audience.as_str())),
        };
        Ok(found.iter().take(HITS).map(hit).collect())
    })
}
