//! The queue: its page, and the part of it that the script keeps fresh.

use super::store::{self, Counts, Filter, Listed, Narrow, Queued, Show, Whose};
use super::{BULK, FIGURES, FRAGMENT, ONE, QUEUE, SEARCH};
use crate::message::thread::STATES;
use crate::message::{key, shown};
use crate::ticket::store::Before;
use crate::ticket::{Department, Kind, Priority, State, Ticket, TicketId, department};
use db::Tx;
use kernel::{CustomerId, Moment, is_blank};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use web::form::OptionView;
use web::{PAGE, Page, Pager, Result, Staff};

/// Rows of the queue beside a thread.
const BESIDE: usize = 15;

/// What of the queue is asked for; it stands in the address of every page beside it.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub show: Show,
    pub text: String,
    pub filter: Filter,
    pub after: Option<String>,
}

impl Asked {
    pub fn of(cx: &Staff) -> Self {
        let show = cx
            .query("zustand")
            .and_then(Show::parse)
            .unwrap_or(Show::Ours);
        let text = cx.query("suche").map(str::trim).unwrap_or_default();
        Asked {
            show,
            text: text.chars().take(200).collect(),
            filter: Filter {
                kind: cx.query("art").and_then(Kind::parse),
                department: cx
                    .query("abteilung")
                    .map(|id| id.chars().take(64).collect()),
                priority: cx.query("prioritaet").and_then(Priority::parse),
                whose: cx.query("bei").and_then(Whose::parse),
                me: Some(cx.staff),
            },
            after: cx.query("nach").map(str::to_owned),
        }
    }

    /// A link that keeps what is asked for.
    pub fn link(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = Vec::new();
        if self.show != Show::Ours {
            query.push(("zustand", self.show.as_str()));
        }
        if !self.text.is_empty() {
            query.push(("suche", self.text.as_str()));
        }
        query.extend(self.hidden());
        query.extend(self.after.as_deref().map(|after| ("nach", after)));
        query.extend_from_slice(more);
        if query.is_empty() {
            return path.to_owned();
        }
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        format!("{path}?{query}")
    }

    /// The filters, as names and values of the address.
    fn hidden(&self) -> Vec<(&str, &str)> {
        let filter = &self.filter;
        let mut all = Vec::new();
        all.extend(filter.kind.map(|kind| ("art", kind.as_str())));
        all.extend(filter.department.as_deref().map(|id| ("abteilung", id)));
        all.extend(filter.priority.map(|word| ("prioritaet", word.as_str())));
        all.extend(filter.whose.map(|word| ("bei", word.as_str())));
        all
    }

    fn tab(&self, show: Show) -> String {
        Asked {
            show,
            after: None,
            ..self.clone()
        }
        .link(QUEUE.pattern(), &[])
    }

    fn page(&self, after: Option<String>) -> String {
        Asked {
            after,
            ..self.clone()
        }
        .link(QUEUE.pattern(), &[])
    }

    async fn narrow(&self, cx: &Staff, tx: &mut Tx) -> Result<Narrow> {
        if is_blank(&self.text) {
            return Ok(Narrow::Nothing);
        }
        let number = |text: &str| text.trim().parse().ok().map(Narrow::Number);
        if let Some(found) = self.text.strip_prefix('#').and_then(number) {
            return Ok(found);
        }
        let prefix = &cx.app.settings().number_prefix;
        let found = customers::customer::by_number(tx, &self.text, prefix).await?;
        Ok(found
            .map(Narrow::Customer)
            .or_else(|| number(&self.text))
            .unwrap_or_else(|| Narrow::Subject(self.text.clone())))
    }

    fn before(&self) -> Option<Before> {
        let (at, id) = self.after.as_deref()?.rsplit_once('-')?;
        Some((Moment::from_micros(at.parse().ok()?), id.parse().ok()?))
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub id: String,
    pub href: String,
    pub number: i64,
    pub subject: String,
    pub who: String,
    pub kind: Kind,
    pub state: State,
    pub priority: Priority,
    pub assignee: Option<String>,
    pub at: Moment,
    /// Until when an answer is promised.
    pub due: Option<Moment>,
    pub overdue: bool,
    /// Nobody has answered yet.
    pub unread: bool,
    /// A mail waits for staff's word.
    pub held: bool,
    pub current: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub current: bool,
    /// None where nothing is; a hundred and more are "99+".
    pub count: Option<String>,
}

fn counted(count: i64) -> Option<String> {
    match count {
        ..=0 => None,
        1..100 => Some(count.to_string()),
        _ => Some("99+".to_owned()),
    }
}

/// The queue as its template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct QueueView {
    pub rows: Vec<Row>,
    pub tabs: Vec<Tab>,
    pub pager: Pager,
    pub text: String,
    pub show: Show,
    /// Where no thread is open beside it.
    pub filters: Option<Filters>,
    /// The filters beside a thread, where they are not shown: name and value.
    pub hidden: Vec<(String, String)>,
    pub action: String,
    /// Where the text is looked for in everything that was written.
    pub find: String,
    pub figures: String,
    pub bulk: String,
    pub refresh: String,
}

/// What the queue can be narrowed by.
#[derive(Debug, Clone, Serialize)]
pub struct Filters {
    pub kinds: Vec<OptionView>,
    pub departments: Vec<OptionView>,
    pub priorities: Vec<OptionView>,
    pub whose: Vec<OptionView>,
}

impl Filters {
    fn of(cx: &Staff, filter: &Filter, counts: Counts, departments: &[Department]) -> Self {
        Filters {
            kinds: kinds(cx, filter),
            departments: departments_of(cx, departments, filter.department.as_deref()),
            priorities: priorities(cx, filter.priority),
            whose: whose(cx, filter, counts),
        }
    }
}

impl QueueView {
    /// The queue, and the names of all customers in it and of the one whose thread is open.
    pub(crate) async fn read(
        cx: &Staff,
        tx: &mut Tx,
        asked: &Asked,
        open: Option<&Ticket>,
    ) -> Result<(Self, Names)> {
        let narrow = asked.narrow(cx, tx).await?;
        let now = cx.ctx.now;
        let most = if open.is_some() { BESIDE } else { PAGE };
        let Listed { rows, next } = store::list(
            tx,
            now,
            asked.show,
            &narrow,
            &asked.filter,
            asked.before(),
            most,
        )
        .await?;
        let pager = Pager {
            newer: asked.after.as_ref().map(|_| asked.page(None)),
            older: next.map(|(at, id)| asked.page(Some(key(at, id.0)))),
            note: None,
        };
        let counts = super::hooks::counts(cx, tx).await?;
        let customers = rows
            .iter()
            .map(|row| row.customer_id)
            .chain([open.and_then(|t| t.customer_id)]);
        let customers: BTreeSet<CustomerId> = customers.flatten().collect();
        let names = names(cx, tx, customers).await?;
        let filters = match open {
            None => {
                let departments = department::all(tx).await?;
                Some(Filters::of(cx, &asked.filter, counts, &departments))
            }
            Some(_) => None,
        };
        let open = open.map(|ticket| ticket.id);
        let open_id = open.map(|id| id.to_string()).unwrap_or_default();
        let more: &[(&str, &str)] = if open.is_some() {
            &[("auf", &open_id)]
        } else {
            &[]
        };
        // a ticket from further down opens with those around it
        let below = rows.get(BESIDE - 1).map(|last| Asked {
            after: Some(key(last.key_at, last.id.0)),
            ..asked.clone()
        });
        let view = QueueView {
            rows: (0..)
                .zip(rows)
                .map(|(nth, row)| {
                    let asked = below.as_ref().filter(|_| nth >= BESIDE).unwrap_or(asked);
                    Row::of(cx, asked, row, &names, open)
                })
                .collect(),
            tabs: tabs(cx, asked, counts),
            pager,
            text: asked.text.clone(),
            show: asked.show,
            filters,
            hidden: asked
                .hidden()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            action: QUEUE.url(),
            find: format!("{}?{}", SEARCH.url(), pair("suche", &asked.text)),
            figures: FIGURES.url(),
            bulk: asked.link(BULK.pattern(), &[]),
            refresh: asked.link(FRAGMENT.pattern(), more),
        };
        Ok((view, names))
    }

    pub(crate) fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let row = |(state, priority): (&State, &Priority)| Row {
            id: "1".into(),
            href: "/desk/tickets/1".into(),
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            who: "Jana Petersen".into(),
            kind: if *state == State::New {
                Kind::Ticket
            } else {
                Kind::Message
            },
            state: *state,
            priority: *priority,
            assignee: (*state == State::Open).then(|| "Malte Brodersen".into()),
            at,
            due: (*state == State::Open).then_some(at),
            overdue: *state == State::Open,
            unread: *state == State::New,
            held: *state == State::Waiting,
            current: *state == State::Waiting,
        };
        let tab = |count| Tab {
            href: QUEUE.url(),
            label: "Offen".into(),
            current: true,
            count,
        };
        let option = |selected| OptionView {
            value: "support".into(),
            label: "Technik".into(),
            selected,
        };
        let full = QueueView {
            rows: STATES
                .iter()
                .zip(Priority::ALL.iter().cycle())
                .map(row)
                .collect(),
            tabs: vec![tab(counted(3)), tab(counted(100)), tab(counted(0))],
            pager: Pager {
                older: Some("/desk/tickets?nach=1".into()),
                ..Pager::default()
            },
            text: "kasse".into(),
            show: Show::Ours,
            filters: Some(Filters {
                kinds: vec![option(false)],
                departments: vec![option(true)],
                priorities: vec![option(false)],
                whose: vec![option(false)],
            }),
            hidden: vec![("art".into(), "ticket".into())],
            action: QUEUE.url(),
            find: SEARCH.url(),
            figures: FIGURES.url(),
            bulk: BULK.url(),
            refresh: FRAGMENT.url(),
        };
        let empty = |show, text: &str| QueueView {
            rows: Vec::new(),
            show,
            text: text.into(),
            pager: Pager::default(),
            ..full.clone()
        };
        let mut samples: Vec<_> = Show::ALL.iter().map(|show| empty(*show, "")).collect();
        samples.push(empty(Show::All, "kasse"));
        samples.push(QueueView {
            filters: None,
            ..full.clone()
        });
        samples.push(full);
        samples
    }
}

fn pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish()
}

impl Row {
    pub(crate) fn of(
        cx: &Staff,
        asked: &Asked,
        row: Queued,
        names: &Names,
        open: Option<TicketId>,
    ) -> Self {
        let customer = row.customer_id.and_then(|id| names.get(&id));
        Row {
            id: row.id.to_string(),
            href: asked.link(&ONE.to(row.id), &[]),
            overdue: row.is_overdue(cx.ctx.now),
            held: row.is_held(),
            number: row.number,
            subject: shown(cx, row.subject),
            who: customer.map_or(row.requester_name, |(_, name)| name.clone()),
            kind: row.kind,
            state: row.state,
            priority: row.priority,
            assignee: row.assignee_name,
            at: row.key_at,
            due: row.due_at,
            unread: row.state == State::New,
            current: open == Some(row.id),
        }
    }
}

/// Numbers and names of customers.
pub(crate) type Names = BTreeMap<CustomerId, (String, String)>;

pub(crate) async fn names(
    cx: &Staff,
    tx: &mut Tx,
    customers: BTreeSet<CustomerId>,
) -> db::Result<Names> {
    let customers: Vec<CustomerId> = customers.into_iter().collect();
    customers::customer::labels(tx, &customers, &cx.app.settings().number_prefix).await
}

fn tabs(cx: &Staff, asked: &Asked, counts: Counts) -> Vec<Tab> {
    Show::ALL
        .iter()
        .map(|show| {
            let (label, count) = match show {
                Show::New => ("queue-new", Some(counts.new)),
                Show::Ours => ("queue-ours", Some(counts.ours)),
                Show::Theirs => ("queue-theirs", None),
                Show::Overdue => ("queue-overdue", Some(counts.overdue)),
                Show::Closed => ("queue-closed", None),
                Show::All => ("queue-all", None),
            };
            Tab {
                href: asked.tab(*show),
                label: cx.text(label),
                current: *show == asked.show,
                count: count.and_then(counted),
            }
        })
        .collect()
}

fn choice(cx: &Staff, value: &str, label: String, selected: bool) -> OptionView {
    let label = if value.is_empty() {
        cx.text("queue-any")
    } else {
        label
    };
    OptionView {
        value: value.to_owned(),
        label,
        selected,
    }
}

fn kinds(cx: &Staff, filter: &Filter) -> Vec<OptionView> {
    let one = |kind: &Kind| {
        let label = cx.text(&format!("queue-kind-{}", kind.as_str()));
        choice(cx, kind.as_str(), label, filter.kind == Some(*kind))
    };
    let any = choice(cx, "", String::new(), filter.kind.is_none());
    [any].into_iter().chain(Kind::ALL.iter().map(one)).collect()
}

/// The priorities to choose from, none first.
fn priorities(cx: &Staff, chosen: Option<Priority>) -> Vec<OptionView> {
    let one = |priority: &Priority| {
        let label = cx.text(&format!("queue-priority-{}", priority.as_str()));
        choice(cx, priority.as_str(), label, chosen == Some(*priority))
    };
    let any = choice(cx, "", String::new(), chosen.is_none());
    let all = Priority::ALL.iter().rev().map(one);
    [any].into_iter().chain(all).collect()
}

fn departments_of(cx: &Staff, all: &[Department], chosen: Option<&str>) -> Vec<OptionView> {
    let one = |department: &Department| {
        let name = department.name(cx.ctx.locale).to_owned();
        choice(
            cx,
            &department.id,
            name,
            chosen == Some(department.id.as_str()),
        )
    };
    let any = choice(cx, "", String::new(), chosen.is_none());
    [any].into_iter().chain(all.iter().map(one)).collect()
}

fn whose(cx: &Staff, filter: &Filter, counts: Counts) -> Vec<OptionView> {
    let one = |word: &Whose| {
        let mut label = cx.text(&format!("queue-whose-{}", word.as_str()));
        if let (Whose::Mine, Some(mine)) = (word, counted(counts.mine)) {
            label = format!("{label} ({mine})");
        }
        choice(cx, word.as_str(), label, filter.whose == Some(*word))
    };
    let any = choice(cx, "", String::new(), filter.whose.is_none());
    [any]
        .into_iter()
        .chain(Whose::ALL.iter().map(one))
        .collect()
}

#[derive(Debug, Serialize)]
pub struct QueuePage {
    pub queue: QueueView,
    pub blocks: String,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "support/desk/index.html";
    fn samples() -> Vec<Self> {
        QueueView::samples()
            .into_iter()
            .filter(|queue| queue.filters.is_some())
            .map(|queue| QueuePage {
                queue,
                blocks: super::BLOCKS.url(),
            })
            .collect()
    }
}

#[derive(Debug, Serialize)]
pub struct FragmentPage {
    pub queue: QueueView,
}

impl Page for FragmentPage {
    const TEMPLATE: &'static str = "support/desk/queue.html";
    fn samples() -> Vec<Self> {
        QueueView::samples()
            .into_iter()
            .map(|queue| FragmentPage { queue })
            .collect()
    }
}

pub async fn queue(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let (queue, _) = QueueView::read(&cx, &mut tx, &Asked::of(&cx), None).await?;
    cx.page(QueuePage {
        queue,
        blocks: super::BLOCKS.url(),
    })
}

pub async fn fragment(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let open = match cx.query("auf").and_then(|id| id.parse().ok()) {
        Some(id) => Some(crate::ticket::store::any(&mut tx, id).await?),
        None => None,
    };
    let (queue, _) = QueueView::read(&cx, &mut tx, &Asked::of(&cx), open.as_ref()).await?;
    cx.fragment(FragmentPage { queue })
}
