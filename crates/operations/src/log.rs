//! The log ("Protokoll", DESK-6): who did what, with filters; and a customer's part of it in the customer file.

use crate::days::{customer, short, span};
use crate::people::People;
use customers::customer::desk as customer_file;
use db::Tx;
use db::audit::{self, AuditId, Filter, Line};
use futures_util::future::BoxFuture;
use kernel::{CustomerId, Email, Moment, Uuid};
use serde::Serialize;
use web::{Cx, PAGE, Page, Pager, Path, Result, Staff, Tile};

pub const LIST: Path = Path::new("/desk/protokoll");

/// Lines on the customer file.
const TAB: i64 = 25;

/// How acts begin, and the word for the group.
const GROUPS: &[(&str, &str)] = &[
    ("address.", "log-group-address"),
    ("contact.", "log-group-contact"),
    ("mail.", "log-group-mail"),
    ("customer.", "log-group-customer"),
    ("member.", "log-group-member"),
    ("message.", "log-group-message"),
    ("registration.", "log-group-registration"),
    ("session.", "log-group-session"),
    ("user.", "log-group-user"),
    ("staff.", "log-group-staff"),
    ("job.", "log-group-job"),
    ("audit.", "log-group-audit"),
];
const KINDS: &[(&str, &str)] = &[
    ("user", "log-kind-user"),
    ("staff", "log-kind-staff"),
    ("guest", "log-guest"),
    ("system", "log-system"),
];
/// What acts are on.
const THINGS: &[(&str, &str)] = &[
    ("address", "log-thing-address"),
    ("contact", "log-thing-contact"),
    ("customer", "log-thing-customer"),
    ("job", "log-thing-job"),
    ("mail", "log-thing-mail"),
    ("message", "log-thing-message"),
    ("staff", "log-thing-staff"),
    ("user", "log-thing-user"),
];

/// One line as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct LineView {
    pub at: Moment,
    pub act: String,
    pub who: String,
    pub customer: Option<web::Link>,
    pub subject: String,
    pub detail: String,
    /// All lines on the same thing.
    pub more: Option<String>,
    /// Number in the chain; none in the first seconds.
    pub seq: Option<i64>,
}

impl LineView {
    fn of(cx: &Cx, people: &People, line: &Line) -> Self {
        let customer = people.customer(line).zip(line.customer_id);
        LineView {
            at: line.at,
            act: act(cx, &line.act),
            who: people.actor(cx, line),
            customer: customer.map(|((number, name), id)| web::Link {
                href: customer_file::FILE.to(id),
                label: format!("{name}, {number}"),
            }),
            subject: format!("{} {}", line.subject, line.subject_id),
            detail: if line.detail == "{}" {
                String::new()
            } else {
                line.detail.clone()
            },
            more: of_thing(&line.subject, &line.subject_id),
            seq: line.seq,
        }
    }

    pub(crate) fn samples() -> Vec<Self> {
        let line = |customer: Option<web::Link>, detail: &str, seq: Option<i64>| LineView {
            at: Moment::from_micros(1_795_000_000_000_000),
            act: "Nachricht beantwortet".into(),
            who: "Malte Brodersen".into(),
            customer,
            subject: "message 0190".into(),
            detail: detail.into(),
            more: seq.and_then(|_| of_thing("message", "0190")),
            seq,
        };
        let link = web::Link {
            href: "/desk/kunden/1".into(),
            label: "Jana Petersen, K-10001".into(),
        };
        vec![
            line(Some(link), "{\"number\":10001}", Some(12)),
            line(None, "", None),
        ]
    }
}

/// The log of one thing.
pub fn of_thing(subject: &str, id: &str) -> Option<String> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (!id.is_empty() && plain(subject) && plain(id))
        .then(|| format!("{}?gegenstand={subject}&id={id}", LIST.url()))
}

/// The word for an act; the act itself where no context has given it one.
pub(crate) fn act(cx: &Cx, act: &str) -> String {
    let key = format!("act-{}", act.replace(['.', '_'], "-"));
    if cx.app.texts().has(cx.ctx.locale, &key) {
        cx.text(&key)
    } else {
        act.to_owned()
    }
}

/// The newest lines that fit the filter.
pub async fn lines(
    cx: &Cx,
    tx: &mut Tx,
    filter: &Filter,
    page: audit::Page,
    limit: i64,
    with_customers: bool,
) -> db::Result<Vec<(AuditId, LineView)>> {
    let found = audit::list(tx, filter, page, limit).await?;
    let people = People::of(cx, tx, &found, with_customers).await?;
    Ok(found
        .iter()
        .map(|line| (line.id, LineView::of(cx, &people, line)))
        .collect())
}

/// A filter as it was typed.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Asked {
    pub act: String,
    pub kind: String,
    /// The mail address of a user or of staff.
    pub person: String,
    /// A customer number.
    pub customer: String,
    pub subject: String,
    pub id: String,
    pub from: String,
    pub to: String,
}

impl Asked {
    /// From the query string or a posted form.
    pub fn read<'a>(get: impl Fn(&str) -> Option<&'a str>) -> Self {
        let word = |name| short(get(name).unwrap_or_default());
        Asked {
            act: word("was"),
            kind: word("wer"),
            person: word("person"),
            customer: word("kunde"),
            subject: word("gegenstand"),
            id: word("id"),
            from: word("von"),
            to: word("bis"),
        }
    }

    /// Names and values, as they stand in an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("was", &self.act),
            ("wer", &self.kind),
            ("person", &self.person),
            ("kunde", &self.customer),
            ("gegenstand", &self.subject),
            ("id", &self.id),
            ("von", &self.from),
            ("bis", &self.to),
        ];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.clone()))
            .collect()
    }

    /// What the log is asked; `None` where a number or a person is named that nobody is: that finds nothing, rather than
    /// everything.
    pub async fn filter(&self, cx: &Cx, tx: &mut Tx) -> db::Result<Option<Filter>> {
        let (from, to) = span(cx, &self.from, &self.to);
        let Ok(customer) = customer(cx, tx, &self.customer).await? else {
            return Ok(None);
        };
        let Ok(actor) = actor(tx, &self.person).await? else {
            return Ok(None);
        };
        Ok(Some(Filter {
            customer,
            act: self.act.clone(),
            actor,
            actor_kind: self.kind.clone(),
            subject: self.subject.clone(),
            subject_id: self.id.clone(),
            from,
            to,
        }))
    }
}

async fn actor(tx: &mut Tx, typed: &str) -> db::Result<std::result::Result<Option<Uuid>, ()>> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let Ok(email) = Email::parse(typed) else {
        return Ok(Err(()));
    };
    if let Some(staff) = identity::staff::by_email(tx, &email).await? {
        return Ok(Ok(Some(staff.id.0)));
    }
    let user = identity::users::by_verified_email(tx, &email).await?;
    Ok(user.map(|user| Some(user.0)).ok_or(()))
}

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

fn choices(cx: &Cx, all: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    let choice = |(value, label): &(&str, &str)| Choice {
        value: (*value).to_owned(),
        label: cx.text(label),
        selected: *value == chosen,
    };
    all.iter().map(choice).collect()
}

/// A name and its value, for fields that nobody sees.
#[derive(Debug, Clone, Serialize)]
pub struct Hidden {
    pub name: &'static str,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub struct LogPage {
    pub asked: Asked,
    pub acts: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub things: Vec<Choice>,
    /// The same again, for the export.
    pub hidden: Vec<Hidden>,
    /// Whether anything is asked for.
    pub any: bool,
    pub lines: Vec<LineView>,
    pub pager: Pager,
    pub list: String,
    pub export: String,
}

impl Page for LogPage {
    const TEMPLATE: &'static str = "operations/log.html";
    fn samples() -> Vec<Self> {
        let choice = |selected| Choice {
            value: "mail.".into(),
            label: "E-Mails".into(),
            selected,
        };
        let page = |any: bool, lines: Vec<LineView>| {
            let asked = Asked {
                customer: "K-10001".into(),
                from: "2026-11-22".into(),
                id: if any { "0190".into() } else { String::new() },
                ..Asked::default()
            };
            LogPage {
                acts: vec![choice(any), choice(false)],
                kinds: vec![choice(any)],
                things: vec![choice(false)],
                hidden: hidden(&asked),
                asked,
                any,
                pager: Pager {
                    older: (!lines.is_empty()).then(|| LIST.url()),
                    ..Pager::default()
                },
                lines,
                list: LIST.url(),
                export: crate::export::EXPORT.url(),
            }
        };
        vec![
            page(false, LineView::samples()),
            page(true, LineView::samples()),
            page(true, Vec::new()),
            page(false, Vec::new()),
        ]
    }
}

fn hidden(asked: &Asked) -> Vec<Hidden> {
    let pairs = asked.pairs().into_iter();
    pairs.map(|(name, value)| Hidden { name, value }).collect()
}

pub async fn list(cx: Staff) -> Result {
    let asked = Asked::read(|name| cx.query(name));
    let mut tx = cx.read().await?;
    let after = cx.query("nach").and_then(|id| id.parse().ok());
    let page = after.map_or(audit::Page::Newest, audit::Page::OlderThan);
    let mut found = match asked.filter(&cx, &mut tx).await? {
        Some(filter) => lines(&cx, &mut tx, &filter, page, PAGE as i64 + 1, true).await?,
        None => Vec::new(),
    };
    let pager = Pager::cut(&cx, &mut found, |(id, _)| id.to_string());
    let hidden = hidden(&asked);
    cx.page(LogPage {
        acts: choices(&cx, GROUPS, &asked.act),
        kinds: choices(&cx, KINDS, &asked.kind),
        things: choices(&cx, THINGS, &asked.subject),
        any: !hidden.is_empty(),
        hidden,
        asked,
        lines: found.into_iter().map(|(_, line)| line).collect(),
        pager,
        list: LIST.url(),
        export: crate::export::EXPORT.url(),
    })
}

#[derive(Debug, Serialize)]
pub struct LogTab {
    pub lines: Vec<LineView>,
    pub all: String,
}

impl Page for LogTab {
    const TEMPLATE: &'static str = "operations/log_tab.html";
    fn samples() -> Vec<Self> {
        vec![
            LogTab {
                lines: LineView::samples(),
                all: LIST.url(),
            },
            LogTab {
                lines: Vec::new(),
                all: LIST.url(),
            },
        ]
    }
}

/// The last lines of a customer's log.
pub fn file_tab<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let filter = Filter {
            customer: Some(customer),
            ..Filter::default()
        };
        let found = lines(cx, tx, &filter, audit::Page::Newest, TAB, false).await?;
        let number = customers::customer::label(tx, customer, "").await?.number;
        let lines = found.into_iter().map(|(_, line)| line).collect();
        Tile::of(&LogTab {
            lines,
            all: format!("{}?kunde={number}", LIST.url()),
        })
        .map(Some)
    })
}
