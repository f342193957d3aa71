//! The desk's queue of messages, and one thread beside it.

use super::portal::Tab;
use super::thread::{Entries, EntryView, STATES};
use super::{Answer, key, notice, read_key, shown};
use crate::ticket::queue::{self, Counts, Narrow, Queued, Show};
use crate::ticket::{self, Author, State, Ticket, TicketId, store};
use axum::http::StatusCode;
use customers::rights::CUSTOMERS_VIEW;
use db::Tx;
use kernel::{CustomerId, Moment, is_blank};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use web::{
    Bad, Error, FormView, Link, PAGE, Page, Pager, Param, Path, Path1, Posted, RawForm, Result,
    Staff,
};

pub const QUEUE: Path = Path::new("/desk/nachrichten");
/// The queue alone, for the script that keeps it fresh.
pub const FRAGMENT: Path = Path::new("/desk/nachrichten/liste");
pub const ONE: Path1 = Path1::new("/desk/nachrichten/{id}");
pub const CLOSE: Path1 = Path1::new("/desk/nachrichten/{id}/schliessen");
pub const REOPEN: Path1 = Path1::new("/desk/nachrichten/{id}/oeffnen");

/// What of the queue is asked for; it stands in the address of every page of the desk's messages.
#[derive(Debug, Clone)]
struct Asked {
    show: Show,
    text: String,
    after: Option<String>,
}

impl Asked {
    fn of(cx: &Staff) -> Self {
        let show = cx
            .query("zustand")
            .and_then(Show::parse)
            .unwrap_or(Show::Ours);
        let text = cx.query("suche").map(str::trim).unwrap_or_default();
        Asked {
            show,
            text: text.chars().take(200).collect(),
            after: cx.query("nach").map(str::to_owned),
        }
    }

    /// A link that keeps what is asked for.
    fn link(&self, path: &str, more: &[(&str, &str)]) -> String {
        let mut query = Vec::new();
        if self.show != Show::Ours {
            query.push(("zustand", self.show.as_str()));
        }
        if !self.text.is_empty() {
            query.push(("suche", self.text.as_str()));
        }
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
        let prefix = &cx.app.settings().number_prefix;
        let found = customers::customer::by_number(tx, &self.text, prefix).await?;
        Ok(found.map_or_else(|| Narrow::Subject(self.text.clone()), Narrow::Customer))
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub subject: String,
    pub who: String,
    pub state: State,
    pub at: Moment,
    pub overdue: bool,
    /// Nobody has answered yet.
    pub unread: bool,
    pub current: bool,
}

/// The queue as its template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct QueueView {
    pub rows: Vec<Row>,
    pub tabs: Vec<Tab>,
    pub pager: Pager,
    pub text: String,
    pub show: Show,
    pub action: String,
    pub refresh: String,
    /// Whether no thread is open beside it.
    pub alone: bool,
}

impl QueueView {
    /// The queue, and the names of all customers in it and of the one whose thread is open.
    async fn read(
        cx: &Staff,
        tx: &mut Tx,
        asked: &Asked,
        open: Option<&Ticket>,
    ) -> Result<(Self, Names)> {
        let narrow = asked.narrow(cx, tx).await?;
        let before = read_key(asked.after.as_deref());
        let now = cx.ctx.now;
        let limit = PAGE as i64 + 1;
        let mut found = queue::list(tx, now, asked.show, &narrow, before, limit).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let last = found
            .last()
            .filter(|_| more)
            .map(|row| key(row.key_at, row.id.0));
        let pager = Pager {
            newer: asked.after.as_ref().map(|_| asked.page(None)),
            older: last.map(|last| asked.page(Some(last))),
            note: None,
        };
        let counts = queue::counts(tx, now).await?;
        let customers = found
            .iter()
            .map(|row| row.customer_id)
            .chain([open.and_then(|t| t.customer_id)]);
        let customers: BTreeSet<CustomerId> = customers.flatten().collect();
        let names = names(cx, tx, customers).await?;
        let open = open.map(|ticket| ticket.id);
        let open_id = open.map(|id| id.to_string()).unwrap_or_default();
        let more: &[(&str, &str)] = if open.is_some() {
            &[("auf", &open_id)]
        } else {
            &[]
        };
        let view = QueueView {
            rows: found
                .into_iter()
                .map(|row| Row::of(cx, asked, row, &names, open))
                .collect(),
            tabs: tabs(cx, asked, counts),
            pager,
            text: asked.text.clone(),
            show: asked.show,
            action: QUEUE.url(),
            refresh: asked.link(FRAGMENT.pattern(), more),
            alone: open.is_none(),
        };
        Ok((view, names))
    }

    fn samples() -> Vec<Self> {
        let row = |state: &State| Row {
            href: "/desk/nachrichten/1".into(),
            subject: "Die Kasse zeigt <502>".into(),
            who: "Jana Petersen".into(),
            state: *state,
            at: Moment::from_micros(1_795_000_000_000_000),
            overdue: *state == State::Open,
            unread: *state == State::New,
            current: *state == State::Waiting,
        };
        let tab = |count| Tab {
            href: QUEUE.url(),
            label: "Offen".into(),
            current: true,
            count,
        };
        let full = QueueView {
            rows: STATES.iter().map(row).collect(),
            tabs: vec![tab(Some(3)), tab(None)],
            pager: Pager {
                older: Some("/desk/nachrichten?nach=1".into()),
                ..Pager::default()
            },
            text: "kasse".into(),
            show: Show::Ours,
            action: QUEUE.url(),
            refresh: FRAGMENT.url(),
            alone: true,
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
        samples.push(full);
        samples
    }
}

impl Row {
    fn of(cx: &Staff, asked: &Asked, row: Queued, names: &Names, open: Option<TicketId>) -> Self {
        let customer = row.customer_id.and_then(|id| names.get(&id));
        Row {
            href: asked.link(&ONE.to(row.id), &[]),
            overdue: row.is_overdue(cx.ctx.now),
            subject: shown(cx, row.subject),
            who: customer.map_or(row.requester_name, |(_, name)| name.clone()),
            state: row.state,
            at: row.key_at,
            unread: row.state == State::New,
            current: open == Some(row.id),
        }
    }
}

/// Numbers and names of customers.
type Names = BTreeMap<CustomerId, (String, String)>;

async fn names(cx: &Staff, tx: &mut Tx, customers: BTreeSet<CustomerId>) -> db::Result<Names> {
    let customers: Vec<CustomerId> = customers.into_iter().collect();
    customers::customer::labels(tx, &customers, &cx.app.settings().number_prefix).await
}

fn tabs(cx: &Staff, asked: &Asked, counts: Counts) -> Vec<Tab> {
    Show::ALL
        .iter()
        .map(|show| {
            let (label, count) = match show {
                Show::New => ("queue-new", None),
                Show::Ours => ("queue-ours", Some(counts.ours)),
                Show::Theirs => ("queue-theirs", None),
                Show::Overdue => ("queue-overdue", Some(counts.overdue)),
                Show::Closed => ("queue-closed", None),
                Show::All => ("queue-all", None),
            };
            let count = count.filter(|count| *count > 0);
            Tab {
                href: asked.tab(*show),
                label: cx.text(label),
                current: *show == asked.show,
                count,
            }
        })
        .collect()
}

#[derive(Debug, Serialize)]
pub struct QueuePage {
    pub queue: QueueView,
}

impl Page for QueuePage {
    const TEMPLATE: &'static str = "support/desk/index.html";
    fn samples() -> Vec<Self> {
        QueueView::samples()
            .into_iter()
            .map(|queue| QueuePage { queue })
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
    cx.page(QueuePage { queue })
}

pub async fn fragment(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let open = match cx.query("auf").and_then(|id| id.parse().ok()) {
        Some(id) => Some(store::any(&mut tx, id).await?),
        None => None,
    };
    let (queue, _) = QueueView::read(&cx, &mut tx, &Asked::of(&cx), open.as_ref()).await?;
    cx.fragment(FragmentPage { queue })
}

/// The customer as the thread names them.
#[derive(Debug, Clone, Serialize)]
pub struct Customer {
    pub number: String,
    pub name: String,
    /// The customer file, for those who may see it.
    pub href: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct ThreadPage {
    pub queue: QueueView,
    pub subject: String,
    pub number: i64,
    pub state: State,
    pub customer: Option<Customer>,
    pub opened_at: Moment,
    pub opened_by: String,
    pub waiting_since: Option<Moment>,
    pub overdue: bool,
    pub entries: Entries,
    pub older: Option<Link>,
    pub form: FormView,
    /// Back to the queue alone.
    pub list: String,
    /// Where closing or opening again is posted to.
    pub turn: String,
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "support/desk/thread.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let Some(queue) = QueueView::samples().pop() else {
            return Vec::new();
        };
        let page = |state: State, form: &FormView| ThreadPage {
            queue: QueueView {
                alone: false,
                ..queue.clone()
            },
            subject: "Die Kasse zeigt <502>".into(),
            number: 10_001,
            state,
            customer: (state != State::New).then(|| Customer {
                number: "K-10001".into(),
                name: "Jana Petersen".into(),
                href: (state == State::Open).then(|| "/desk/kunden/1".into()),
            }),
            opened_at: at,
            opened_by: "Jana Petersen".into(),
            waiting_since: matches!(state, State::New | State::Open).then_some(at),
            overdue: state == State::Open,
            entries: Entries {
                shown: EntryView::samples(),
                older: None,
            },
            older: (state == State::New).then(|| Link {
                href: "?vor=9".into(),
                label: "Ältere".into(),
            }),
            form: form.clone(),
            list: QUEUE.url(),
            turn: CLOSE.to("1"),
        };
        let forms = FormView::samples::<Answer>();
        STATES
            .iter()
            .zip(forms.iter().cycle())
            .map(|(state, form)| page(*state, form))
            .collect()
    }
}

/// What stands in the reply box of a thread.
enum Reply<'a> {
    Empty,
    Bad(&'a Bad),
    /// Kept, because something was added to the thread meanwhile.
    Kept(&'a RawForm),
}

async fn thread(cx: &Staff, tx: &mut Tx, ticket: Ticket, reply: Reply<'_>) -> Result<ThreadPage> {
    let asked = Asked::of(cx);
    let (queue, names) = QueueView::read(cx, tx, &asked, Some(&ticket)).await?;
    let entries = Entries::read(tx, ticket.id, cx.staff.0, true, cx.query("vor")).await?;
    let customer = ticket.customer_id.and_then(|id| {
        let (number, name) = names.get(&id)?.clone();
        let href = cx
            .may(CUSTOMERS_VIEW)
            .then(|| customers::customer::desk::FILE.to(id));
        Some(Customer { number, name, href })
    });
    let here = ONE.to(ticket.id);
    let seen = ticket.entries.to_string();
    let form = cx
        .form::<Answer>(asked.link(&here, &[("stand", &seen)]))
        .submit("answer-send");
    let turn = if ticket.is_closed() { REOPEN } else { CLOSE };
    Ok(ThreadPage {
        older: entries.older.as_ref().map(|seq| Link {
            href: asked.link(&here, &[("vor", seq)]),
            label: cx.text("message-older"),
        }),
        overdue: ticket
            .waiting_since
            .is_some_and(|since| since < cx.ctx.now - queue::PATIENCE),
        turn: asked.link(&turn.to(ticket.id), &[]),
        list: asked.link(QUEUE.pattern(), &[]),
        queue,
        subject: shown(cx, ticket.subject),
        number: ticket.number,
        state: ticket.state,
        customer,
        opened_at: ticket.opened_at,
        opened_by: ticket.requester_name,
        waiting_since: ticket.waiting_since,
        entries,
        form: match reply {
            Reply::Empty => form.empty(),
            Reply::Bad(bad) => form.bad(bad),
            Reply::Kept(raw) => form.error("answer-meanwhile").raw(raw),
        },
    })
}

pub async fn show(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = store::any(&mut tx, id).await?;
    let page = thread(&cx, &mut tx, ticket, Reply::Empty).await?;
    cx.page(page)
}

fn author(cx: &Staff) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}

pub async fn answer(cx: Staff, Param(id): Param<TicketId>, form: Posted<Answer>) -> Result {
    let answer = match form.parse() {
        Ok(answer) => answer,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = store::any(&mut tx, id).await?;
            return cx.invalid(thread(&cx, &mut tx, ticket, Reply::Bad(&bad)).await?);
        }
    };
    let mut tx = cx.begin().await?;
    let mut ticket = store::any(&mut tx, id).await?;
    if cx
        .query("stand")
        .and_then(|seen| seen.parse().ok())
        .is_some_and(|seen| ticket.moved_on(seen))
    {
        let page = thread(&cx, &mut tx, ticket, Reply::Kept(&form.raw)).await?;
        drop(tx);
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let author = author(&cx)?;
    ticket::answer(&mut tx, &cx.ctx, &mut ticket, author, &answer.text.0).await?;
    if let Some(customer) = ticket.customer_id {
        notice::answer_waiting(&cx, &mut tx, customer, &ticket).await?;
    }
    let close = form.raw.get("dann") == Some("schliessen");
    if close {
        ticket::close(&mut tx, &cx.ctx, &mut ticket, author).await?;
    }
    let said = if close {
        "notice-answer-closed"
    } else {
        "notice-answer-sent"
    };
    cx.done(tx, back(&cx, id), said).await
}

fn back(cx: &Staff, id: TicketId) -> String {
    Asked::of(cx).link(&ONE.to(id), &[])
}

pub async fn close(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = store::any(&mut tx, id).await?;
    ticket::close(&mut tx, &cx.ctx, &mut ticket, author(&cx)?).await?;
    cx.done(tx, back(&cx, id), "notice-message-closed").await
}

pub async fn reopen(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = store::any(&mut tx, id).await?;
    ticket::reopen(&mut tx, &cx.ctx, &mut ticket, author(&cx)?).await?;
    cx.done(tx, back(&cx, id), "notice-message-reopened").await
}
