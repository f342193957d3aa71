//! "Tickets" (SUP-6): all tickets of the customer.

use super::{department_name, departments, new::NEW, show::ONE};
use crate::message::portal::Tab;
use crate::message::thread::STATES;
use crate::message::{key, read_key, shown};
use crate::outbound::earlier;
use crate::ticket::store::{self, Filter, ListedTicket};
use crate::ticket::{Department, Priority, State, department};
use kernel::Moment;
use serde::Serialize;
use web::form::OptionView;
use web::{Cx, Member, Page, Pager, Path, Result};

pub const LIST: Path = Path::new("/tickets");

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub number: i64,
    pub subject: String,
    pub state: State,
    pub department: String,
    pub priority: Priority,
    pub last_at: Moment,
    pub unread: bool,
}

impl Row {
    pub(super) fn of(cx: &Cx, all: &[Department], row: ListedTicket) -> Self {
        Row {
            href: ONE.to(row.id),
            number: row.number,
            subject: shown(cx, row.subject),
            state: row.state,
            department: department_name(cx, all, &row.department),
            priority: row.priority,
            last_at: row.last_at,
            unread: row.unread,
        }
    }

    pub(super) fn samples() -> Vec<Self> {
        let row = |(state, priority): (&State, &Priority)| Row {
            href: ONE.to("1"),
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            state: *state,
            department: "Technik".into(),
            priority: *priority,
            last_at: Moment::from_micros(1_795_000_000_000_000),
            unread: *state == State::Waiting,
        };
        STATES.iter().zip(Priority::ALL).map(row).collect()
    }
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    pub tabs: Vec<Tab>,
    pub pager: Pager,
    pub write: String,
    pub action: String,
    pub departments: Vec<OptionView>,
    /// What was searched for.
    pub text: String,
    /// Which tab is open, for the form of the filter.
    pub state: String,
    /// Whether a filter left nothing over, rather than that there is nothing.
    pub filtered: bool,
    /// What was asked from the user's address before there was an account, if any of it can be taken over.
    pub earlier: Option<String>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "support/request/list.html";
    fn samples() -> Vec<Self> {
        let page = |rows: Vec<Row>, text: &str, filtered| ListPage {
            rows,
            tabs: vec![Tab {
                href: LIST.url(),
                label: "Alle".into(),
                current: true,
                count: None,
            }],
            pager: Pager {
                older: Some("/tickets?nach=1".into()),
                ..Pager::default()
            },
            write: NEW.url(),
            action: LIST.url(),
            departments: vec![OptionView {
                value: "support".into(),
                label: "Technik".into(),
                selected: filtered,
            }],
            text: text.into(),
            state: if filtered { "offen" } else { "" }.into(),
            filtered,
            earlier: (!filtered).then(|| earlier::portal::LIST.url()),
        };
        vec![
            page(Row::samples(), "", false),
            page(Row::samples(), "<502>", true),
            page(Vec::new(), "<502>", true),
            page(Vec::new(), "", true),
            page(Vec::new(), "", false),
        ]
    }
}

fn asked(cx: &Member) -> Filter {
    let text = cx.query("suche").map(str::trim).unwrap_or_default();
    Filter {
        closed: match cx.query("zustand") {
            Some("offen") => Some(false),
            Some("geschlossen") => Some(true),
            _ => None,
        },
        department: cx.query("abteilung").map(str::to_owned),
        text: text.chars().take(200).collect(),
    }
}

pub async fn list(cx: Member) -> Result {
    let filter = asked(&cx);
    let mut tx = cx.read().await?;
    let all = department::all(&mut tx).await?;
    let before = read_key(cx.query("nach"));
    let limit = web::PAGE as i64 + 1;
    let mut found = store::tickets(&mut tx, cx.customer, cx.user, &filter, before, limit).await?;
    let pager = Pager::cut(&cx, &mut found, |row| key(row.last_at, row.id.0));
    let rows = found.into_iter().map(|row| Row::of(&cx, &all, row));
    let rows = rows.collect();
    let chosen = filter.department.as_deref().unwrap_or_default();
    let options = departments(&cx, &all)
        .into_iter()
        .map(|(value, label)| OptionView {
            selected: value == chosen,
            value,
            label,
        });
    let filtered = filter != Filter::default() || cx.query("nach").is_some();
    let offered = !filtered && earlier::any(&mut tx, cx.user).await?;
    drop(tx);
    cx.page(ListPage {
        rows,
        tabs: tabs(&cx, filter.closed),
        pager,
        write: NEW.url(),
        action: LIST.url(),
        departments: options.collect(),
        state: cx.query("zustand").unwrap_or_default().to_owned(),
        filtered,
        text: filter.text,
        earlier: offered.then(|| earlier::portal::LIST.url()),
    })
}

fn tabs(cx: &Member, closed: Option<bool>) -> Vec<Tab> {
    let tab = |word: Option<&str>, label: &str, wanted: Option<bool>| Tab {
        href: link(cx, word),
        label: cx.text(label),
        current: closed == wanted,
        count: None,
    };
    vec![
        tab(None, "ticket-all", None),
        tab(Some("offen"), "ticket-open", Some(false)),
        tab(Some("geschlossen"), "ticket-closed", Some(true)),
    ]
}

/// The list's first page with what else is asked for.
fn link(cx: &Member, state: Option<&str>) -> String {
    let kept = ["suche", "abteilung"].map(|name| (name, cx.query(name)));
    let all = kept.into_iter().chain([("zustand", state)]);
    let pairs = all.filter_map(|(name, value)| Some((name, value?)));
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    if query.is_empty() {
        LIST.url()
    } else {
        format!("{}?{query}", LIST.url())
    }
}
