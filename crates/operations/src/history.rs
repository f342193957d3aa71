//! "E-Mail-Verlauf" (ACC-7): every mail between provider and customer, with how it stands and what it said.

use crate::days::{span, word};
use customers::rights::MAILS;
use kernel::{Moment, Uuid};
use mail::{Before, MailId, MailRow, Past, Sent, Stand};
use serde::Serialize;
use web::{Access, Link, Member, Module, PAGE, Page, Pager, Param, Path, Path1, Place, Result};

pub const LIST: Path = Path::new("/konto/mails");
pub const ONE: Path1 = Path1::new("/konto/mails/{id}");

pub fn add(module: Module) -> Module {
    let member = Access::member(MAILS);
    module
        .get(LIST, member, list)
        .get(ONE, member, show)
        .nav(Place::Account(0), 80, "history-nav", LIST.url())
        .with_right(MAILS)
        .page::<ListPage>()
        .page::<OnePage>()
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub subject: String,
    pub to: String,
    pub stand: Stand,
    pub at: Moment,
}

impl Row {
    fn of(row: MailRow) -> Self {
        Row {
            href: ONE.to(row.id),
            subject: row.subject,
            to: row.to_email,
            stand: row.state.into(),
            at: row.sent_at.unwrap_or(row.created_at),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Choice {
    pub value: &'static str,
    pub label: String,
    pub selected: bool,
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    pub stands: Vec<Choice>,
    pub from: String,
    pub to: String,
    /// Whether anything is asked for.
    pub filtered: bool,
    pub pager: Pager,
    pub list: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "operations/history/list.html";
    fn samples() -> Vec<Self> {
        let row = |stand: &Stand| Row {
            href: ONE.to("1"),
            subject: "Eine Antwort wartet auf <Sie>".into(),
            to: "jana@post.example".into(),
            stand: *stand,
            at: Moment::from_micros(1_795_000_000_000_000),
        };
        let page = |rows: Vec<Row>, filtered: bool| ListPage {
            pager: Pager {
                older: (!rows.is_empty()).then(|| LIST.url()),
                ..Pager::default()
            },
            rows,
            stands: vec![
                Choice {
                    value: "",
                    label: "Alle".into(),
                    selected: !filtered,
                },
                Choice {
                    value: "gesendet",
                    label: "Gesendet".into(),
                    selected: filtered,
                },
            ],
            from: if filtered {
                "2026-11-22".into()
            } else {
                String::new()
            },
            to: String::new(),
            filtered,
            list: LIST.url(),
        };
        vec![
            page(Stand::ALL.iter().map(row).collect(), true),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}

fn before(key: &str) -> Option<Before> {
    let (at, id) = key.split_once('-')?;
    Some((
        Moment::from_micros(at.parse().ok()?),
        MailId::from(Uuid::try_parse(id).ok()?),
    ))
}

async fn list(cx: Member) -> Result {
    let stand = cx.query("zustand").and_then(Stand::parse);
    let (from, to) = (word(&cx, "von"), word(&cx, "bis"));
    let days = span(&cx, &from, &to);
    let past = Past {
        stand,
        from: days.0,
        to: days.1,
    };
    let mut tx = cx.read().await?;
    let after = cx.query("nach").and_then(before);
    let mut found = mail::of_customer(
        &mut tx,
        cx.customer,
        cx.own(),
        &past,
        after,
        PAGE as i64 + 1,
    )
    .await?;
    let key = |row: &MailRow| format!("{}-{}", row.created_at.micros(), row.id);
    let pager = Pager::cut(&cx, &mut found, key);
    let choice = |wanted: Option<Stand>, label: &str| Choice {
        value: wanted.map_or("", Stand::as_str),
        label: cx.text(label),
        selected: stand == wanted,
    };
    let stands = vec![
        choice(None, "history-all"),
        choice(Some(Stand::Sent), "history-sent"),
        choice(Some(Stand::Underway), "history-underway"),
        choice(Some(Stand::Failed), "history-failed"),
    ];
    cx.page(ListPage {
        rows: found.into_iter().map(Row::of).collect(),
        stands,
        filtered: stand.is_some() || !from.is_empty() || !to.is_empty(),
        from,
        to,
        pager,
        list: LIST.url(),
    })
}

#[derive(Debug, Serialize)]
pub struct OnePage {
    pub mail: Sent,
    pub list: Link,
}

impl Page for OnePage {
    const TEMPLATE: &'static str = "operations/history/one.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let page = |stand: &Stand| OnePage {
            mail: Sent {
                to_email: "jana@post.example".into(),
                to_name: if *stand == Stand::Sent {
                    "Jana Petersen".into()
                } else {
                    String::new()
                },
                locale: kernel::Locale::De,
                subject: "Ihr Zugang".into(),
                text: "Guten Tag <Jana>,\n\n[Link entfernt]".into(),
                html: String::new(),
                stand: *stand,
                created_at: at,
                sent_at: (*stand == Stand::Sent).then_some(at),
            },
            list: Link {
                href: LIST.url(),
                label: "E-Mail-Verlauf".into(),
            },
        };
        Stand::ALL.iter().map(page).collect()
    }
}

async fn show(cx: Member, Param(id): Param<MailId>) -> Result {
    let mut tx = cx.read().await?;
    let mail = mail::one_of_customer(&mut tx, cx.customer, cx.own(), id).await?;
    cx.page(OnePage {
        mail,
        list: Link {
            href: LIST.url(),
            label: cx.text("history-nav"),
        },
    })
}
