//! `/desk/kunden`: the list of customers, and how the desk's search finds them (DESK-3).

pub use super::file::FILE;
use super::new::NEW;
use super::{Kind, store};
use crate::rights::CUSTOMERS_EDIT;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{CustomerNumber, Moment};
use serde::Serialize;
use web::{Cx, Hit, PAGE, Page, Pager, Path, Result, Staff};

pub const LIST: Path = Path::new("/desk/kunden");

#[derive(Serialize)]
struct Row {
    href: String,
    number: String,
    name: String,
    person: Option<String>,
    kind: Kind,
    email: String,
    created_at: Moment,
}

#[derive(Serialize)]
pub struct ListPage {
    text: String,
    rows: Vec<Row>,
    pager: Pager,
    /// For those who may make customers.
    new: Option<String>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "customers/desk/list.html";
    fn samples() -> Vec<Self> {
        let row = |kind, person: Option<&str>| Row {
            href: "/".into(),
            number: "K-10001".into(),
            name: "Segelverein Holtenau e. V.".into(),
            person: person.map(str::to_owned),
            kind,
            email: "jana@post.example".into(),
            created_at: Moment::from_micros(0),
        };
        let rows = Kind::ALL
            .iter()
            .map(|kind| row(*kind, None))
            .chain([row(Kind::Company, Some("Jana"))]);
        let pager = Pager {
            newer: Some("/".into()),
            older: Some("/".into()),
            note: None,
        };
        vec![
            ListPage {
                text: String::new(),
                rows: rows.collect(),
                pager,
                new: Some("/".into()),
            },
            ListPage {
                text: "xyz".into(),
                rows: Vec::new(),
                pager: Pager::default(),
                new: None,
            },
            ListPage {
                text: String::new(),
                rows: Vec::new(),
                pager: Pager::default(),
                new: None,
            },
        ]
    }
}

pub async fn list(cx: Staff) -> Result {
    let text: String = cx
        .query("suche")
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    let before = cx
        .query("nach")
        .and_then(|n| n.parse().ok())
        .unwrap_or(i64::MAX);
    let mut tx = cx.read().await?;
    let mut lines = found(&mut tx, &cx, &text, before, PAGE as i64 + 1).await?;
    drop(tx);
    let pager = Pager::cut(&cx, &mut lines, |line| line.number.to_string());
    let rows = lines.iter().map(|line| row(&cx, line)).collect();
    cx.page(ListPage {
        text,
        rows,
        pager,
        new: cx.may(CUSTOMERS_EDIT).then(|| NEW.url()),
    })
}

async fn found(
    tx: &mut Tx,
    cx: &Cx,
    text: &str,
    before: i64,
    limit: i64,
) -> db::Result<Vec<store::Line>> {
    if text.trim().is_empty() {
        return store::list(tx, before, limit).await;
    }
    let prefix = &cx.app.settings().number_prefix;
    store::find(tx, &super::forms(text, prefix), before, limit).await
}

fn row(cx: &Cx, line: &store::Line) -> Row {
    let person = format!("{} {}", line.first_name, line.last_name);
    Row {
        href: FILE.to(line.id),
        number: CustomerNumber::format(line.number, &cx.app.settings().number_prefix),
        name: super::name(line.company.as_deref(), &line.first_name, &line.last_name),
        person: line.company.is_some().then_some(person),
        kind: line.kind,
        email: line.billing_email.to_string(),
        created_at: line.created_at,
    }
}

/// Hits of a search.
const HITS: i64 = 10;

/// The desk's search over everything finds customers through this.
pub fn search<'a>(cx: &'a Cx, tx: &'a mut Tx, text: &'a str) -> BoxFuture<'a, Result<Vec<Hit>>> {
    Box::pin(async move {
        let forms = super::forms(text, &cx.app.settings().number_prefix);
        let lines = store::beginning(tx, &forms, HITS).await?;
        let hit = |row: Row| Hit {
            href: row.href,
            title: row.name,
            note: format!("{}, {}", row.number, row.email),
        };
        Ok(lines.iter().map(|line| hit(row(cx, line))).collect())
    })
}
