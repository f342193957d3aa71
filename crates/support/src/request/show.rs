//! A ticket's own page (SUP-7): what was written, the answer, and who takes part.

use super::form::{Reply, hang};
use super::rate::RateView;
use super::{author, details::DETAILS, list::LIST, people::PEOPLE};
use crate::desk::join;
use crate::elsewhere;
use crate::hours::{self, Hours};
use crate::message::shown;
use crate::message::thread::{Entries, EntryView, STATES};
use crate::secret;
use crate::ticket::store::Shown;
use crate::ticket::{self, Kind, Participant, Priority, Role, State, Ticket, TicketId, Written};
use crate::ticket::{people, store};
use axum::http::StatusCode;
use customers::rights;
use db::Tx;
use files::FileId;
use kernel::{Locale, Moment};
use serde::Serialize;
use web::form::RawForm;
use web::{Bad, Error, FormView, Link, Member, Page, Param, Path1, Posted, Reader, Result};

pub const ONE: Path1 = Path1::new("/tickets/{id}");
/// The thread alone, for the script that keeps it fresh.
pub const THREAD: Path1 = Path1::new("/tickets/{id}/verlauf");
/// A file of any ticket of the customer.
pub const FILE: Path1 = Path1::new("/tickets/dateien/{id}");
pub const CLOSE: Path1 = Path1::new("/tickets/{id}/schliessen");

/// The thread as its template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct ThreadView {
    pub entries: Entries,
    pub older: Option<Link>,
    pub closed: bool,
}

#[derive(Debug, Serialize)]
pub struct ThreadPart {
    pub thread: ThreadView,
}

impl Page for ThreadPart {
    const TEMPLATE: &'static str = "support/request/thread.html";
    fn samples() -> Vec<Self> {
        ThreadView::samples()
            .into_iter()
            .map(|thread| ThreadPart { thread })
            .collect()
    }
}

impl ThreadView {
    async fn read(cx: &Member, tx: &mut Tx, ticket: &Ticket) -> db::Result<Self> {
        let before = cx.query("vor");
        let entries = Entries::read(cx, tx, ticket, cx.user.0, false, before)
            .await?
            .with_files(cx, tx, ticket, false, |id| FILE.to(id))
            .await?;
        let older = entries.older.as_ref().map(|seq| Link {
            href: format!("{}?vor={seq}", ONE.to(ticket.id)),
            label: cx.text("ticket-older"),
        });
        let closed = ticket.is_closed();
        Ok(ThreadView {
            entries,
            older,
            closed,
        })
    }

    fn samples() -> Vec<Self> {
        let full = ThreadView {
            entries: Entries {
                shown: EntryView::samples(),
                last: 8,
                ..Entries::default()
            },
            older: Some(Link {
                href: "/tickets/1?vor=9".into(),
                label: "Ältere".into(),
            }),
            closed: false,
        };
        let short = ThreadView {
            older: None,
            closed: true,
            ..full.clone()
        };
        vec![full, short]
    }
}

/// Somebody who takes part, by address; users of the customer see the ticket anyway.
#[derive(Debug, Clone, Serialize)]
pub struct PersonView {
    pub id: String,
    pub name: String,
    pub requester: bool,
    /// Takes part as a contact of the customer, and is taken out there.
    pub contact: bool,
    pub bounced: bool,
}

impl PersonView {
    pub(super) fn all(people: Vec<Participant>) -> Vec<Self> {
        let view = |one: Participant| PersonView {
            id: one.id.to_string(),
            name: one.email.map_or(one.name, |email| email.to_string()),
            requester: one.role == Role::Requester,
            contact: one.role == Role::Contact,
            bounced: one.bounced_at.is_some(),
        };
        people.into_iter().map(view).collect()
    }

    pub(super) fn samples() -> Vec<Self> {
        let view = |name: &str, requester, bounced| PersonView {
            id: "1".into(),
            name: name.into(),
            requester,
            contact: name.starts_with("support@"),
            bounced,
        };
        vec![
            view("support@petersen.example", false, false),
            view("Jana Petersen", true, false),
            view("technik@<petersen>.example", false, true),
            view("buchhaltung@petersen.example", false, false),
        ]
    }
}

#[derive(Debug, Serialize)]
pub struct TicketPage {
    pub number: i64,
    pub subject: String,
    pub state: State,
    pub department: String,
    pub priority: Priority,
    pub opened_at: Moment,
    pub opened_by: String,
    pub answered_at: Option<Moment>,
    /// When somebody is there, and until when an answer is promised.
    pub office: hours::Shown,
    pub thread: ThreadView,
    pub people: Vec<PersonView>,
    pub form: FormView,
    pub list: String,
    /// Where the thread alone is read.
    pub refresh: String,
    pub details: String,
    /// The page on which addresses are added, for whoever may.
    pub add: Option<String>,
    /// Sensible data.
    pub secrets: String,
    /// Where an emergency is declared; none when it is one, or closed.
    pub raise: Option<String>,
    /// Where closing is posted to; none when it is closed.
    pub close: Option<String>,
    /// Whether the customer was content, once it is closed.
    pub rate: Option<RateView>,
}

impl Page for TicketPage {
    const TEMPLATE: &'static str = "support/request/ticket.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_794_000_000_000_000);
        let page = |(state, priority): (&State, &Priority),
                    form: &FormView,
                    thread,
                    offices: &hours::Shown| TicketPage {
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            state: *state,
            department: "Technik".into(),
            priority: *priority,
            opened_at: at,
            opened_by: "Jana Petersen".into(),
            answered_at: (*state == State::Waiting).then_some(at),
            office: offices.clone(),
            thread,
            people: if *state == State::Closed {
                Vec::new()
            } else {
                PersonView::samples()
            },
            form: form.clone(),
            list: LIST.url(),
            refresh: THREAD.to("1"),
            details: DETAILS.to("1"),
            add: (*state != State::Open).then(|| PEOPLE.to("1")),
            secrets: crate::secret::portal::PAGE.to("1"),
            raise: (*state == State::New).then(|| crate::critical::portal::RAISE.to("1")),
            close: (*state != State::Closed).then(|| CLOSE.to("1")),
            rate: None,
        };
        let forms = FormView::samples::<Reply>();
        let threads = ThreadView::samples();
        let offices = hours::Shown::samples();
        STATES
            .iter()
            .zip(Priority::ALL)
            .zip(forms.iter().cycle().zip(threads.iter().cycle()))
            .zip(offices.iter().cycle())
            .map(|((both, (form, thread)), office)| page(both, form, thread.clone(), office))
            .chain(RateView::samples().into_iter().filter_map(|rate| {
                let closed = (&State::Closed, &Priority::Normal);
                let parts = forms.first().zip(threads.last()).zip(offices.first());
                parts.map(|((form, thread), office)| TicketPage {
                    rate: Some(rate),
                    ..page(closed, form, thread.clone(), office)
                })
            }))
            .collect()
    }
}

/// What stands in the reply box.
enum Box<'a> {
    Empty,
    Bad(&'a Bad),
    /// Kept, because something was added to the thread meanwhile.
    Kept(&'a RawForm),
}

/// Whether this member may let others into the thread: whoever opened it, and whoever may let people into the account
/// (an owner always may).
pub(super) fn may_add(cx: &Member, people: &[Participant]) -> bool {
    let own = |one: &Participant| one.role == Role::Requester && one.user_id == Some(cx.user);
    cx.may(rights::USERS) || people.iter().any(own)
}

async fn page(cx: &Member, tx: &mut Tx, shown: Shown, reply: Box<'_>) -> Result<TicketPage> {
    let ticket = shown.ticket;
    let thread = ThreadView::read(cx, tx, &ticket).await?;
    let people = people::all(tx, ticket.id).await?;
    let form = cx.form::<Reply>(ONE.to(ticket.id)).submit("answer-send");
    Ok(TicketPage {
        number: ticket.number,
        state: ticket.state,
        department: match cx.ctx.locale {
            Locale::De => shown.name_de,
            Locale::En => shown.name_en,
        },
        priority: ticket.priority,
        opened_at: ticket.opened_at,
        answered_at: ticket.answered_at,
        office: Hours::of(&cx.app).shown(cx.ctx.now, promised(cx, &ticket)),
        thread,
        form: match reply {
            Box::Empty => form.empty(),
            Box::Bad(bad) => form.bad(bad),
            Box::Kept(raw) => form.error("ticket-answer-meanwhile").raw(raw),
        },
        list: LIST.url(),
        refresh: THREAD.to(ticket.id),
        details: DETAILS.to(ticket.id),
        add: may_add(cx, &people).then(|| PEOPLE.to(ticket.id)),
        secrets: crate::secret::portal::PAGE.to(ticket.id),
        raise: (!ticket.is_closed() && ticket.priority != Priority::Critical)
            .then(|| crate::critical::portal::RAISE.to(ticket.id)),
        close: (!ticket.is_closed()).then(|| CLOSE.to(ticket.id)),
        rate: RateView::of(cx, tx, &ticket).await?,
        people: PersonView::all(people),
        subject: self::shown(cx, ticket.subject),
        opened_by: ticket.requester_name,
    })
}

/// Until when an answer is promised: as stored, or by the rules while only the day of [`store::save`] stands there.
fn promised(cx: &Member, ticket: &Ticket) -> Option<Moment> {
    let since = ticket.waiting_since?;
    let by_rule = || Hours::of(&cx.app).promised(since, ticket.priority);
    let stored = ticket.due_at.filter(|due| *due != since + store::A_DAY);
    Some(stored.unwrap_or_else(by_rule))
}

pub async fn show(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let found = match store::shown(&mut tx, cx.customer, cx.user, id).await {
        Err(db::Error::Missing) => {
            return elsewhere::show(&cx, &mut tx, Kind::Ticket, id, &ONE).await;
        }
        found => found?,
    };
    if let Some(into) = found.ticket.merged_into {
        return elsewhere::kept(&cx, &mut tx, into).await;
    }
    let unseen = found.unread;
    let page = page(&cx, &mut tx, found, Box::Empty).await?;
    drop(tx);
    if unseen && cx.info.is_look {
        crate::message::portal::note_seen(&cx, id).await;
    }
    cx.page(page)
}

/// The page with a vote on it that could not be read.
pub(super) async fn rated(cx: &Member, tx: &mut Tx, id: TicketId, view: RateView) -> Result {
    let found = store::shown(tx, cx.customer, cx.user, id).await?;
    let mut page = page(cx, tx, found, Box::Empty).await?;
    page.rate = Some(view);
    cx.invalid(page)
}

/// The thread alone. It notes nothing as read: nobody may be looking.
pub async fn thread(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = of_customer(&cx, &mut tx, id).await?;
    let thread = ThreadView::read(&cx, &mut tx, &ticket).await?;
    cx.fragment(ThreadPart { thread })
}

pub async fn file(cx: Member, Param(id): Param<FileId>) -> Result {
    let mut tx = cx.read().await?;
    if !store::has_file(&mut tx, cx.customer, Kind::Ticket, id).await? {
        return Err(Error::NotFound);
    }
    let file = files::one(&mut tx, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    cx.send_file(&file, Reader::Customer).await
}

/// The ticket, if it is the customer's.
pub(super) async fn of_customer(cx: &Member, tx: &mut Tx, id: TicketId) -> db::Result<Ticket> {
    store::one_of(tx, cx.customer, Kind::Ticket, id).await
}

/// Whether something was written that the page, which this was posted from, did not show.
async fn behind(tx: &mut Tx, id: TicketId, raw: &RawForm) -> db::Result<bool> {
    match raw.get("stand").and_then(|seen| seen.parse().ok()) {
        Some(seen) => store::said_since(tx, id, seen).await,
        None => Ok(false),
    }
}

pub async fn answer(cx: Member, Param(id): Param<TicketId>, form: Posted<Reply>) -> Result {
    let read = form
        .parse()
        .and_then(|reply| secret::clear(&form.raw, &reply.text.0).map(|cleared| (reply, cleared)));
    let (reply, cleared) = match read {
        Ok(read) => read,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let found = store::shown(&mut tx, cx.customer, cx.user, id).await?;
            return cx.invalid(page(&cx, &mut tx, found, Box::Bad(&bad)).await?);
        }
    };
    let (moved, author) = (cleared.seal(&cx)?, author(&cx)?);
    let mut tx = cx.begin().await?;
    let mut ticket = of_customer(&cx, &mut tx, id).await?;
    if ticket.merged_into.is_some() {
        // two became one while this was written: it belongs where the thread goes on
        let goes_on = join::target(&mut tx, ticket).await?.id;
        ticket = of_customer(&cx, &mut tx, goes_on).await?;
    } else if behind(&mut tx, id, &form.raw).await? {
        let found = store::shown(&mut tx, cx.customer, cx.user, id).await?;
        let page = page(&cx, &mut tx, found, Box::Kept(&form.raw)).await?;
        drop(tx);
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let written = Written {
        files: &hang(&reply.files),
        ..Written::typed(author, &cleared.text)
    };
    ticket::write(&mut tx, &cx.ctx, &mut ticket, &written).await?;
    secret::keep(&mut tx, &cx.ctx, &mut ticket, author, moved.as_ref()).await?;
    store::seen(&mut tx, cx.customer, ticket.id, cx.user, cx.ctx.now).await?;
    cx.done(tx, ONE.to(ticket.id), "notice-ticket-answered")
        .await
}

pub async fn close(cx: Member, Param(id): Param<TicketId>, raw: RawForm) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = of_customer(&cx, &mut tx, id).await?;
    if behind(&mut tx, id, &raw).await? {
        return cx.done(tx, ONE.to(id), "notice-ticket-moved-warn").await;
    }
    ticket::close(&mut tx, &cx.ctx, &mut ticket, author(&cx)?).await?;
    cx.done(tx, ONE.to(id), "notice-ticket-closed").await
}
