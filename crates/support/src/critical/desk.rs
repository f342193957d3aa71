//! The desk's page of escalations: who must act now, who was called, who has taken over; and saying that something was
//! no emergency.

use super::store::{self, Called, Escalation, EscalationId, Kind, Step};
use super::{Emergency, escalation, steps};
use crate::message::{self, key, read_key};
use crate::request::form::priorities;
use crate::secret::desk::DESK_TICKET;
use crate::secret::scan;
use crate::ticket::{self, Author, Priority, Side, Ticket, TicketId, What};
use db::{Tx, audit};
use futures_util::future::BoxFuture;
use identity::rights::TICKETS_MANAGE;
use kernel::{Ctx, Moment, StaffId};
use serde::Serialize;
use web::form::{Fault, Faults};
use web::{
    Bad, Error, FormView, PAGE, Page, Pager, Param, Path, Path1, Posted, Result, Staff, Tile,
};

pub const LIST: Path = Path::new("/desk/eskalation");
/// The bar over every page of the desk, for the script that keeps it fresh.
pub const BAR: Path = Path::new("/desk/eskalation/leiste");
pub const ACKNOWLEDGE: Path1 = Path1::new("/desk/eskalation/{id}/uebernehmen");
pub const LOWER: Path1 = Path1::new("/desk/tickets/{id}/einstufung");

#[derive(Debug, Clone, Serialize)]
pub struct CallView {
    pub kind: Kind,
    pub who: String,
    pub state: String,
    pub at: Moment,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub number: i64,
    pub href: String,
    pub emergency: Emergency,
    pub at: Moment,
    /// When the next one is called.
    pub next: Option<Moment>,
    pub taken_by: Option<String>,
    pub taken_at: Option<Moment>,
    pub ended_at: Option<Moment>,
    pub calls: Vec<CallView>,
    /// Where taking over is posted to, while nobody has.
    pub take: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub struct StepRow {
    pub href: Option<String>,
    pub kind: Kind,
    pub who: String,
    pub minutes: i64,
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub open: Vec<Row>,
    pub past: Vec<Row>,
    pub pager: Pager,
    pub steps: Vec<StepRow>,
    /// For those who may change the steps.
    pub new: Option<String>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "support/critical/list.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let call = |kind: &Kind, state: &str| CallView {
            kind: *kind,
            who: if state == "failed" {
                String::new()
            } else {
                "Malte <Brodersen>".into()
            },
            state: state.into(),
            at,
        };
        let calls: Vec<_> = Kind::ALL
            .iter()
            .zip(["sent", "queued", "failed"].into_iter().cycle())
            .map(|(kind, state)| call(kind, state))
            .collect();
        let row = |emergency: Emergency, taken: bool, ended: bool| Row {
            number: 10_001,
            href: "/desk/tickets/1".into(),
            emergency,
            at,
            next: (!taken && !ended).then_some(at),
            taken_by: taken.then(|| "Malte Brodersen".into()),
            taken_at: taken.then_some(at),
            ended_at: ended.then_some(at),
            calls: if ended { Vec::new() } else { calls.clone() },
            take: (!taken && !ended).then(|| ACKNOWLEDGE.to("1")),
        };
        let step = |kind: &Kind| StepRow {
            href: (*kind != Kind::Team).then(|| steps::ONE.to("1")),
            kind: *kind,
            who: "Malte <Brodersen>".into(),
            minutes: if *kind == Kind::Team { 0 } else { 15 },
        };
        let full = ListPage {
            open: vec![
                row(Emergency::Server, false, false),
                Row {
                    next: None,
                    ..row(Emergency::Site, false, false)
                },
            ],
            past: vec![
                row(Emergency::Service, true, false),
                row(Emergency::Site, false, true),
            ],
            pager: Pager {
                older: Some("/desk/eskalation?nach=1".into()),
                ..Pager::default()
            },
            steps: Kind::ALL.iter().map(step).collect(),
            new: Some(steps::NEW.url()),
        };
        let empty = ListPage {
            open: Vec::new(),
            past: Vec::new(),
            pager: Pager::default(),
            steps: Vec::new(),
            new: None,
        };
        vec![full, empty]
    }
}

impl Row {
    fn of(found: Escalation, calls: &[Called]) -> Self {
        let open = found.is_open() && found.live;
        Row {
            number: found.number,
            href: DESK_TICKET.to(found.ticket_id),
            emergency: found.emergency,
            at: found.started_at,
            next: escalation::due(&found),
            taken_at: found.acknowledged_at,
            ended_at: found.ended_at,
            calls: calls
                .iter()
                .filter(|call| call.escalation_id == found.id)
                .map(|call| CallView {
                    kind: call.kind,
                    who: call.who.clone(),
                    state: call.state.clone(),
                    at: call.at,
                })
                .collect(),
            take: open.then(|| ACKNOWLEDGE.to(found.id)),
            taken_by: found.acknowledged_name,
        }
    }
}

pub async fn list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let (at, id) = read_key(cx.query("nach"));
    let before = (at, EscalationId(id.0));
    let found = store::list(&mut tx, before, PAGE as i64 + 1).await?;
    let ids = || found.iter().map(|row| row.id.0);
    let calls = match (ids().min(), ids().max()) {
        (Some(from), Some(to)) => {
            store::calls(&mut tx, EscalationId(from), EscalationId(to)).await?
        }
        _ => Vec::new(),
    };
    let manages = cx.may(TICKETS_MANAGE);
    let steps = steps(&mut tx, manages).await?;
    let (open, rest): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|row| row.is_open() && row.live);
    // those that nobody has taken over although their ticket is closed are ended within the hour
    let (lingering, mut past): (Vec<_>, Vec<_>) = rest.into_iter().partition(Escalation::is_open);
    let pager = Pager::cut(&cx, &mut past, |row| key(row.started_at, row.id.0));
    let past = lingering.into_iter().chain(past);
    cx.page(ListPage {
        // who has waited longest comes first
        open: open
            .into_iter()
            .rev()
            .map(|row| Row::of(row, &calls))
            .collect(),
        past: past.map(|row| Row::of(row, &calls)).collect(),
        pager,
        steps,
        new: manages.then(|| steps::NEW.url()),
    })
}

async fn steps(tx: &mut Tx, manages: bool) -> Result<Vec<StepRow>> {
    let found = store::steps(tx).await?;
    let staff = if found.iter().any(|step| step.kind == Kind::Staff) {
        identity::staff::list(tx).await?
    } else {
        Vec::new()
    };
    let who = |step: &Step| match step.kind {
        Kind::Team => String::new(),
        Kind::Staff => staff
            .iter()
            .find(|person| Some(person.id) == step.staff_id)
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        Kind::Mail => step.target.clone().unwrap_or_default(),
        Kind::Webhook => super::webhook::host(step.target.as_deref().unwrap_or_default()),
    };
    let row = |step: Step| StepRow {
        href: manages.then(|| steps::ONE.to(step.id)),
        who: who(&step),
        kind: step.kind,
        minutes: step.minutes,
    };
    if found.is_empty() {
        return Ok(vec![StepRow {
            href: None,
            ..row(Step::team())
        }]);
    }
    Ok(found.into_iter().map(row).collect())
}

/// The bar alone.
#[derive(Debug, Serialize)]
pub struct BarPart {
    pub count: i64,
    pub href: String,
}

impl Page for BarPart {
    const TEMPLATE: &'static str = "support/critical/bar.html";
    fn samples() -> Vec<Self> {
        let bar = |count| BarPart {
            count,
            href: LIST.url(),
        };
        vec![bar(0), bar(1), bar(2)]
    }
}

pub async fn bar(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let count = store::count_open(&mut tx).await?;
    cx.fragment(BarPart {
        count,
        href: LIST.url(),
    })
}

/// Ways from a thread on the desk: to its sensible data, and while it is critical to whom it calls.
#[derive(Debug, Serialize)]
pub struct WaysPart {
    pub secrets: Option<String>,
    /// Of a critical ticket: where it is classified otherwise, and where somebody takes over.
    pub lower: Option<String>,
    pub list: String,
}

impl Page for WaysPart {
    const TEMPLATE: &'static str = "support/critical/ways.html";
    fn samples() -> Vec<Self> {
        let ways = |critical: bool| WaysPart {
            secrets: critical.then(|| crate::secret::desk::PAGE.to("1")),
            lower: critical.then(|| LOWER.to("1")),
            list: LIST.url(),
        };
        vec![ways(true), ways(false)]
    }
}

pub fn ways<'a>(
    cx: &'a Staff,
    _: &'a mut Tx,
    ticket: &'a Ticket,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let critical = ticket.priority == Priority::Critical;
        let ways = WaysPart {
            secrets: crate::secret::desk::department_fits(cx, ticket)
                .then(|| crate::secret::desk::PAGE.to(ticket.id)),
            lower: critical.then(|| LOWER.to(ticket.id)),
            list: LIST.url(),
        };
        Tile::of(&ways).map(Some)
    })
}

fn author(cx: &Staff) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}

pub async fn acknowledge(cx: Staff, Param(id): Param<EscalationId>) -> Result {
    let mut tx = cx.begin().await?;
    store::one(&mut tx, id).await?;
    let author = author(&cx)?;
    let staff = (cx.staff, author.name);
    let Some(found) = store::acknowledge(&mut tx, id, staff, cx.ctx.now).await? else {
        return cx
            .done(tx, LIST.url(), "notice-escalation-taken-warn")
            .await;
    };
    let mut ticket = ticket::store::any(&mut tx, found.ticket_id).await?;
    taken(&mut tx, &cx.ctx, &mut ticket, staff).await?;
    let to = DESK_TICKET.to(found.ticket_id);
    cx.done(tx, to, "notice-escalation-yours").await
}

/// What follows when somebody has taken over: the line in the thread, and the log.
pub async fn taken(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    (staff, name): (StaffId, &str),
) -> db::Result<()> {
    let author = Author {
        side: Side::Staff,
        id: Some(staff.0),
        name,
    };
    ticket::event(tx, ctx, ticket, author, What::Acknowledged, "").await?;
    let entry = audit::Entry {
        act: "escalation.acknowledged",
        customer: ticket.customer_id,
        subject: "ticket",
        subject_id: ticket.id.to_string(),
        detail: serde_json::json!({ "number": ticket.number }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

web::form! {
    /// What a ticket is instead of critical, and why.
    pub struct Lower as "lower", check(reason) = plain_reason; {
        priority: Priority = select(),
        reason: String = line(300),
    }
}

// the customer reads it
fn plain_reason(reason: &mut str, faults: &mut Faults) {
    if scan::suspicious(reason) {
        faults.add("reason", Fault::key("fault-secret-label"));
    }
}

#[derive(Debug, Serialize)]
pub struct LowerPage {
    pub subject: String,
    pub number: i64,
    pub queue: String,
    pub back: String,
    pub emergency: Option<Emergency>,
    pub form: FormView,
}

impl Page for LowerPage {
    const TEMPLATE: &'static str = "support/critical/lower.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Lower>();
        let page = |emergency, form| LowerPage {
            subject: "Der Shop <steht>".into(),
            number: 10_001,
            queue: crate::desk::QUEUE.url(),
            back: "/desk/tickets/1".into(),
            emergency,
            form,
        };
        vec![page(Some(Emergency::Site), plain), page(None, bad)]
    }
}

fn lower_page(cx: &Staff, ticket: &Ticket, bad: Option<&Bad>) -> LowerPage {
    let back = DESK_TICKET.to(ticket.id);
    let form = cx
        .form::<Lower>(LOWER.to(ticket.id))
        .submit("lower-submit")
        .cancel(back.clone());
    let mut form = match bad {
        Some(bad) => form.bad(bad),
        None => {
            let mut raw = web::form::RawForm::default();
            raw.set("priority", Priority::Normal.as_str());
            form.raw(&raw)
        }
    };
    for field in form.rows.iter_mut().flatten() {
        field
            .options
            .retain(|option| priorities(false).any(|one| one.as_str() == option.value));
    }
    LowerPage {
        subject: message::shown(cx, ticket.subject.clone()),
        number: ticket.number,
        queue: crate::desk::QUEUE.url(),
        back,
        emergency: ticket.emergency.as_deref().and_then(Emergency::parse),
        form,
    }
}

pub async fn ask(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    if ticket.priority != Priority::Critical {
        return Ok(web::redirect(&DESK_TICKET.to(id)));
    }
    cx.page(lower_page(&cx, &ticket, None))
}

pub async fn lower(cx: Staff, Param(id): Param<TicketId>, posted: Posted<Lower>) -> Result {
    let parsed = posted.parse().and_then(|lower| {
        if lower.priority == Priority::Critical {
            let fault = Fault::key("fault-choice");
            return Err(Bad::fault(posted.raw.clone(), "priority", fault));
        }
        Ok(lower)
    });
    let lower = match parsed {
        Ok(lower) => lower,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket::store::any(&mut tx, id).await?;
            return cx.invalid(lower_page(&cx, &ticket, Some(&bad)));
        }
    };
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    let (author, texts) = (author(&cx)?, cx.app.texts());
    let to = lower.priority;
    let done = super::lower(
        &mut tx,
        &cx.ctx,
        texts,
        &mut ticket,
        author,
        to,
        &lower.reason,
    )
    .await?;
    let notice = if done {
        "notice-lowered"
    } else {
        "notice-lowered-before-warn"
    };
    cx.done(tx, DESK_TICKET.to(id), notice).await
}
