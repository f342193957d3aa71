//! The log ("Protokoll", DESK-6): who did what, with filters; and a customer's part of it in the customer file.

use crate::people::People;
use customers::customer::{by_number, desk as customer_file};
use db::Tx;
use db::audit::{self, AuditId, Filter, Line};
use futures_util::future::BoxFuture;
use kernel::jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{CustomerId, Moment};
use serde::Serialize;
use web::{Cx, PAGE, Page, Pager, Path, Result, Staff, Tile};

pub const LIST: Path = Path::new("/desk/protokoll");

/// Lines on the customer file.
const TAB: i64 = 25;

/// How acts begin, and the word for the group.
const GROUPS: &[(&str, &str)] = &[
    ("address.", "log-group-address"),
    ("mail.", "log-group-mail"),
    ("customer.", "log-group-customer"),
    ("member.", "log-group-member"),
    ("message.", "log-group-message"),
    ("registration.", "log-group-registration"),
    ("session.", "log-group-session"),
    ("user.", "log-group-user"),
    ("staff.", "log-group-staff"),
    ("job.", "log-group-job"),
];
const KINDS: &[(&str, &str)] = &[
    ("user", "log-kind-user"),
    ("staff", "log-kind-staff"),
    ("guest", "log-guest"),
    ("system", "log-system"),
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
        }
    }

    pub(crate) fn samples() -> Vec<Self> {
        let line = |customer: Option<web::Link>, detail: &str| LineView {
            at: Moment::from_micros(1_795_000_000_000_000),
            act: "Nachricht beantwortet".into(),
            who: "Malte Brodersen".into(),
            customer,
            subject: "message 0190".into(),
            detail: detail.into(),
        };
        let link = web::Link {
            href: "/desk/kunden/1".into(),
            label: "Jana Petersen, K-10001".into(),
        };
        vec![line(Some(link), "{\"number\":10001}"), line(None, "")]
    }
}

/// The word for an act; the act itself where no context has given it one.
fn act(cx: &Cx, act: &str) -> String {
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

#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

/// What was asked for, as the filter shows it again.
#[derive(Debug, Default, Serialize)]
pub struct Asked {
    pub acts: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub customer: String,
    pub from: String,
    pub to: String,
    /// Whether anything is asked for.
    pub any: bool,
}

#[derive(Debug, Serialize)]
pub struct LogPage {
    pub asked: Asked,
    pub lines: Vec<LineView>,
    pub pager: Pager,
    pub list: String,
}

impl Page for LogPage {
    const TEMPLATE: &'static str = "operations/log.html";
    fn samples() -> Vec<Self> {
        let choice = |selected| Choice {
            value: "mail.".into(),
            label: "E-Mails".into(),
            selected,
        };
        let asked = |any| Asked {
            acts: vec![choice(any), choice(false)],
            kinds: vec![choice(any)],
            customer: "K-10001".into(),
            from: "2026-11-22".into(),
            to: String::new(),
            any,
        };
        let page = |any, lines: Vec<LineView>| LogPage {
            asked: asked(any),
            pager: Pager {
                older: (!lines.is_empty()).then(|| LIST.url()),
                ..Pager::default()
            },
            lines,
            list: LIST.url(),
        };
        vec![
            page(false, LineView::samples()),
            page(true, Vec::new()),
            page(false, Vec::new()),
        ]
    }
}

fn choices(cx: &Cx, all: &[(&str, &str)], chosen: &str) -> Vec<Choice> {
    let choice = |(value, label): &(&str, &str)| Choice {
        value: (*value).to_owned(),
        label: cx.text(label),
        selected: *value == chosen,
    };
    all.iter().map(choice).collect()
}

/// A day's first moment in the provider's time zone.
fn start_of(day: Date, zone: &TimeZone) -> Option<Moment> {
    let start = day.to_zoned(zone.clone()).ok()?;
    Some(Moment::from_micros(start.timestamp().as_microsecond()))
}

/// Days as typed, both included.
fn span(from: &str, to: &str, zone: &TimeZone) -> (Option<Moment>, Option<Moment>) {
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let first = day(from).and_then(|day| start_of(day, zone));
    let after = day(to).and_then(|day| start_of(day.checked_add(1.day()).ok()?, zone));
    (first, after)
}

pub async fn list(cx: Staff) -> Result {
    let word = |name: &str| {
        cx.query(name)
            .unwrap_or_default()
            .trim()
            .chars()
            .take(100)
            .collect::<String>()
    };
    let (group, kind, typed) = (word("was"), word("wer"), word("kunde"));
    let (from, to) = (word("von"), word("bis"));
    let settings = cx.app.settings();
    let zone = TimeZone::get(&settings.timezone).unwrap_or(TimeZone::UTC);
    let span = span(&from, &to, &zone);
    let mut tx = cx.read().await?;
    let customer = by_number(&mut tx, &typed, &settings.number_prefix).await?;
    let filter = Filter {
        customer,
        act: group.clone(),
        actor_kind: kind.clone(),
        from: span.0,
        to: span.1,
        ..Filter::default()
    };
    let after = cx.query("nach").and_then(|id| id.parse().ok());
    let page = after.map_or(audit::Page::Newest, audit::Page::OlderThan);
    // a number nobody has finds nothing, rather than everything
    let mut found = if typed.is_empty() || customer.is_some() {
        lines(&cx, &mut tx, &filter, page, PAGE as i64 + 1, true).await?
    } else {
        Vec::new()
    };
    let pager = Pager::cut(&cx, &mut found, |(id, _)| id.to_string());
    let asked = Asked {
        any: [&group, &kind, &typed, &from, &to]
            .iter()
            .any(|word| !word.is_empty()),
        acts: choices(&cx, GROUPS, &group),
        kinds: choices(&cx, KINDS, &kind),
        customer: typed,
        from,
        to,
    };
    let lines = found.into_iter().map(|(_, line)| line).collect();
    cx.page(LogPage {
        asked,
        lines,
        pager,
        list: LIST.url(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desk_6_days_are_meant_in_the_providers_time_and_the_last_one_counts() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let (from, to) = span("2026-03-29", " 2026-03-29 ", &zone);
        let hours = to.unwrap().since(from.unwrap()).as_secs() / 3600;
        assert_eq!(hours, 23, "the clocks go forward that day");
        for odd in [
            "",
            "29.03.2026",
            "2026-02-30",
            "x",
            "9999-12-31",
            "-9999-01-01",
        ] {
            let _ = span(odd, odd, &zone);
        }
        assert_eq!(span("", "gestern", &zone), (None, None));
    }
}
