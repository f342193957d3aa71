//! "E-Mail-Verlauf" (ACC-7): every mail between provider and customer, with how it stands and what it said.

use crate::came;
use crate::days::{span, word};
use customers::rights::MAILS;
use intake::store::Came;
use kernel::{Moment, Uuid};
use mail::{MailId, MailRow, Past, Sent, Stand};
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

/// What is chosen to see the mails that came from the customer's side.
const CAME: &str = "eingegangen";

#[derive(Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub subject: String,
    /// To whom it went; for one that came, from whom.
    pub address: String,
    /// None: it came to us.
    pub stand: Option<Stand>,
    pub at: Moment,
    /// By what the list is in order.
    #[serde(skip)]
    key: (Moment, Uuid),
}

impl Row {
    fn of(row: MailRow) -> Self {
        Row {
            href: ONE.to(row.id),
            subject: row.subject,
            address: row.to_email,
            stand: Some(row.state.into()),
            at: row.sent_at.unwrap_or(row.created_at),
            key: (row.created_at, row.id.0),
        }
    }

    fn came(row: Came) -> Self {
        Row {
            href: came::ONE.to(row.id),
            subject: row.subject,
            address: row.sender,
            stand: None,
            at: row.received_at,
            key: (row.received_at, row.id.0),
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
        let at = Moment::from_micros(1_795_000_000_000_000);
        let row = |stand: Option<Stand>| Row {
            href: ONE.to("1"),
            subject: if stand.is_some() {
                "Eine Antwort wartet auf <Sie>".into()
            } else {
                String::new()
            },
            address: "jana@post.example".into(),
            stand,
            at,
            key: (at, Uuid::nil()),
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
            page(
                Stand::ALL
                    .iter()
                    .copied()
                    .map(Some)
                    .chain([None])
                    .map(row)
                    .collect(),
                true,
            ),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}

fn before(key: &str) -> Option<(Moment, Uuid)> {
    let (at, id) = key.split_once('-')?;
    Some((
        Moment::from_micros(at.parse().ok()?),
        Uuid::try_parse(id).ok()?,
    ))
}

async fn list(cx: Member) -> Result {
    let chosen = cx.query("zustand");
    let stand = chosen.and_then(Stand::parse);
    let only_came = chosen == Some(CAME);
    let (from, to) = (word(&cx, "von"), word(&cx, "bis"));
    let days = span(&cx, &from, &to);
    let past = Past {
        stand,
        from: days.0,
        to: days.1,
    };
    let mut tx = cx.read().await?;
    let after = cx.query("nach").and_then(before);
    let most = PAGE as i64 + 1;
    let mut rows = Vec::new();
    if !only_came {
        let after = after.map(|(at, id)| (at, MailId(id)));
        let sent = mail::of_customer(&mut tx, cx.customer, cx.own(), &past, after, most).await?;
        rows.extend(sent.into_iter().map(Row::of));
    }
    if stand.is_none() {
        let came = intake::store::of_customer(&mut tx, cx.customer, days, after, most).await?;
        rows.extend(came.into_iter().map(Row::came));
    }
    // each half begins at its newest, so what is beyond the page in one is beyond it in both
    rows.sort_by_key(|row| std::cmp::Reverse(row.key));
    let pager = Pager::cut(&cx, &mut rows, |row| {
        format!("{}-{}", row.key.0.micros(), row.key.1)
    });
    let choice = |value: &'static str, label: &str| Choice {
        value,
        label: cx.text(label),
        selected: value == stand.map_or(if only_came { CAME } else { "" }, Stand::as_str),
    };
    let stands = vec![
        choice("", "history-all"),
        choice(CAME, "history-came"),
        choice(Stand::Sent.as_str(), "history-sent"),
        choice(Stand::Underway.as_str(), "history-underway"),
        choice(Stand::Failed.as_str(), "history-failed"),
    ];
    cx.page(ListPage {
        rows,
        stands,
        filtered: stand.is_some() || only_came || !from.is_empty() || !to.is_empty(),
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
