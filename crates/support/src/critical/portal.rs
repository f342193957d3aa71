//! Where a customer declares an emergency: with a new ticket, or with one that is there. There is no other way.

use super::{Emergency, charged, declared};
use crate::message::{self, Body, LONGEST};
use crate::request::show::ONE;
use crate::secret::{self, portal::Beside, portal::BesideForm};
use crate::ticket::{self, Author, Kind, NewTicket, Priority, Ticket, TicketId, Written, store};
use db::Tx;
use kernel::SUBJECT_GRAPHEMES;
use serde::Serialize;
use web::form::{Fault, Faults, Form, RawForm};
use web::{Bad, Error, FormView, Member, Page, Param, Path, Path1, Posted, Result};

pub const NEW: Path = Path::new("/tickets/neu/kritisch");
pub const RAISE: Path1 = Path1::new("/tickets/{id}/kritisch");
/// Who is called belongs to this department.
const DEPARTMENT: &str = "support";

web::form! {
    /// A new critical ticket. `accept` is asked of firms alone.
    pub struct New as "critical", check(subject) = secret::check_subject; {
        emergency: Emergency = radio(),
        subject: String = line(SUBJECT_GRAPHEMES),
        text: Body = text(LONGEST).rows(8),
        accept: bool = tick(),
    }
}

web::form! {
    /// A ticket that has become critical.
    pub struct Raise as "critical"; {
        emergency: Emergency = radio(),
        accept: bool = tick(),
    }
}

#[derive(Debug, Serialize)]
pub struct CriticalPage {
    /// Of a ticket that is there.
    pub subject: Option<String>,
    pub number: Option<i64>,
    pub list: String,
    pub back: String,
    pub form: FormView,
    /// Fields for sensible data, with a new ticket.
    pub beside: Option<FormView>,
    /// Whether a call-out without an emergency is charged.
    pub charged: bool,
}

impl Page for CriticalPage {
    const TEMPLATE: &'static str = "support/critical/portal.html";
    fn samples() -> Vec<Self> {
        let page = |form: &FormView, beside: Option<&FormView>, charged| CriticalPage {
            subject: beside.is_none().then(|| "Der Shop <steht>".into()),
            number: beside.is_none().then_some(10_001),
            list: "/tickets".into(),
            back: "/tickets".into(),
            form: form.clone(),
            beside: beside.cloned(),
            charged,
        };
        let (new, raise) = (FormView::samples::<New>(), FormView::samples::<Raise>());
        let beside = FormView::samples::<BesideForm>();
        let mut pages: Vec<_> = new
            .iter()
            .zip(&beside)
            .map(|(form, beside)| page(form, Some(beside), true))
            .collect();
        pages.extend(raise.iter().map(|form| page(form, None, false)));
        pages
    }
}

async fn is_charged(cx: &Member, tx: &mut Tx) -> Result<bool> {
    let customer = customers::customer::store::one(tx, cx.customer).await?;
    Ok(charged(customer.record.kind))
}

/// What is drawn in a form.
enum Drawn<'a> {
    Empty,
    Bad(&'a Bad),
}

fn drawn<F: Form>(
    cx: &Member,
    action: String,
    back: &str,
    charged: bool,
    drawn: &Drawn<'_>,
) -> FormView {
    let form = cx
        .form::<F>(action)
        .submit("critical-send")
        .cancel(back.to_owned());
    let mut view = match drawn {
        Drawn::Empty => form.empty(),
        Drawn::Bad(bad) => form.bad(bad),
    };
    if !charged {
        view.rows
            .retain(|row| row.iter().all(|field| field.name != "accept"));
    }
    view
}

/// A firm says that it has read what a call-out may cost.
fn accepted(accept: bool, charged: bool, faults: &mut Faults) {
    if charged && !accept {
        faults.add("accept", Fault::key("fault-critical-accept"));
    }
}

fn new_page(cx: &Member, charged: bool, as_: &Drawn<'_>) -> CriticalPage {
    let back = crate::request::list::LIST.url();
    let mut form = drawn::<New>(cx, NEW.url(), &back, charged, as_);
    let beside = Beside::draw(
        cx,
        match as_ {
            Drawn::Empty => None,
            Drawn::Bad(bad) => Some(bad),
        },
    );
    form.errors.extend(beside.errors.iter().cloned());
    form.multipart |= beside.multipart;
    CriticalPage {
        subject: None,
        number: None,
        list: back.clone(),
        back,
        form,
        beside: Some(beside),
        charged,
    }
}

pub async fn ask_new(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let charged = is_charged(&cx, &mut tx).await?;
    let page = new_page(&cx, charged, &Drawn::Empty);
    cx.page(page)
}

/// The form, with what is asked of firms alone.
fn read(raw: &RawForm, charged: bool) -> std::result::Result<New, Bad> {
    let read = New::read(raw);
    let mut faults = read.as_ref().err().cloned().unwrap_or_default();
    accepted(raw.get("accept").is_some(), charged, &mut faults);
    match read {
        Ok(new) if faults.none() => Ok(new),
        _ => Err(Bad {
            raw: raw.clone(),
            faults,
        }),
    }
}

pub async fn create(cx: Member, form: Posted<New>) -> Result {
    let mut tx = cx.read().await?;
    let charged = is_charged(&cx, &mut tx).await?;
    drop(tx);
    let read = read(&form.raw, charged)
        .and_then(|new| secret::clear(&form.raw, &new.text.0).map(|cleared| (new, cleared)));
    let ((new, cleared), beside) = match Beside::with(&form.raw, read) {
        Ok(read) => read,
        Err(bad) => return cx.invalid(new_page(&cx, charged, &Drawn::Bad(&bad))),
    };
    let (moved, beside) = (cleared.seal(&cx)?, beside.seal(&cx)?);
    let mut tx = cx.begin().await?;
    let author = author(&cx)?;
    let opened = ticket::open_ticket(
        &mut tx,
        &cx.ctx,
        &NewTicket {
            customer: Some(cx.customer),
            subject: &new.subject,
            department: DEPARTMENT,
            priority: Priority::Critical,
            emergency: Some(new.emergency.as_str()),
            email: None,
            company: None,
            claimed_number: None,
            language: cx.ctx.locale,
            noted: None,
            first: Written::typed(author, &cleared.text),
        },
    )
    .await?;
    let mut ticket = store::one(&mut tx, cx.customer, opened.id).await?;
    declared(
        &mut tx,
        &cx.ctx,
        &mut ticket,
        author,
        new.emergency,
        charged,
    )
    .await?;
    for ready in [moved, beside] {
        secret::keep(&mut tx, &cx.ctx, &mut ticket, author, ready.as_ref()).await?;
    }
    cx.done(tx, ONE.to(opened.id), "notice-critical-sent").await
}

fn author(cx: &Member) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}

fn raise_page(cx: &Member, ticket: &Ticket, charged: bool, as_: &Drawn<'_>) -> CriticalPage {
    let back = ONE.to(ticket.id);
    CriticalPage {
        subject: Some(message::shown(cx, ticket.subject.clone())),
        number: Some(ticket.number),
        list: crate::request::list::LIST.url(),
        form: drawn::<Raise>(cx, RAISE.to(ticket.id), &back, charged, as_),
        back,
        beside: None,
        charged,
    }
}

pub async fn ask(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = store::one_of(&mut tx, cx.customer, Kind::Ticket, id).await?;
    if ticket.priority == Priority::Critical || ticket.is_closed() {
        return Ok(web::redirect(&ONE.to(id)));
    }
    let charged = is_charged(&cx, &mut tx).await?;
    cx.page(raise_page(&cx, &ticket, charged, &Drawn::Empty))
}

pub async fn raise(cx: Member, Param(id): Param<TicketId>, form: Posted<Raise>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = store::one_of(&mut tx, cx.customer, Kind::Ticket, id).await?;
    let charged = is_charged(&cx, &mut tx).await?;
    drop(tx);
    let parsed = form.parse();
    let accept = form.raw.get("accept").is_some();
    let raise = match parsed {
        Ok(raise) if accept || !charged => raise,
        other => {
            let mut bad = other.err().unwrap_or_else(|| Bad {
                raw: form.raw.clone(),
                faults: Faults::default(),
            });
            accepted(accept, charged, &mut bad.faults);
            return cx.invalid(raise_page(&cx, &ticket, charged, &Drawn::Bad(&bad)));
        }
    };
    let mut tx = cx.begin().await?;
    let mut ticket = store::one_of(&mut tx, cx.customer, Kind::Ticket, id).await?;
    let author = author(&cx)?;
    let raised = super::raise(
        &mut tx,
        &cx.ctx,
        &mut ticket,
        author,
        raise.emergency,
        charged,
    )
    .await?;
    let notice = if raised { "notice-critical-raised" } else { "" };
    cx.done(tx, ONE.to(id), notice).await
}
