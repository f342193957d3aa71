//! "Ticket-Details bearbeiten" (SUP-7).

use super::form::{Change, priorities};
use super::new::word;
use super::show::{ONE, of_customer};
use super::{author, choose, department_name, departments, list::LIST};
use crate::message::shown;
use crate::ticket::{self, Department, Details, Priority, Ticket, TicketId, department, store};
use axum::http::StatusCode;
use serde::Serialize;
use web::form::RawForm;
use web::{Bad, Fault, FormView, Member, Page, Param, Path1, Posted, Result};

pub const DETAILS: Path1 = Path1::new("/tickets/{id}/details");

/// What is stored now, beside the form of somebody who started from something else.
#[derive(Debug, Clone, Serialize)]
pub struct Now {
    pub subject: String,
    pub department: String,
    pub priority: Priority,
}

#[derive(Debug, Serialize)]
pub struct DetailsPage {
    pub number: i64,
    pub form: FormView,
    pub now: Option<Now>,
    pub list: String,
    pub ticket: String,
}

impl Page for DetailsPage {
    const TEMPLATE: &'static str = "support/request/details.html";
    fn samples() -> Vec<Self> {
        let now = |priority| Now {
            subject: "Die Kasse zeigt <502>".into(),
            department: "Technik".into(),
            priority,
        };
        let [empty, bad] = FormView::samples::<Change>();
        let page = |form, now| DetailsPage {
            number: 10_001,
            form,
            now,
            list: LIST.url(),
            ticket: ONE.to("1"),
        };
        vec![page(empty, None), page(bad, Some(now(Priority::High)))]
    }
}

enum Drawn<'a> {
    Stored,
    Bad(&'a Bad),
    /// Kept, because somebody else changed the details meanwhile.
    Kept(&'a RawForm),
}

fn page(cx: &Member, all: &[Department], ticket: &Ticket, drawn: Drawn<'_>) -> DetailsPage {
    let form = cx
        .form::<Change>(format!(
            "{}?stand={}",
            DETAILS.to(ticket.id),
            ticket.entries
        ))
        .submit("ticket-details-save")
        .cancel(ONE.to(ticket.id));
    let mut now = None;
    let mut view = match drawn {
        Drawn::Stored => form.filled(&Change {
            subject: ticket.subject.clone(),
            department: ticket.department.clone(),
            priority: ticket.priority,
        }),
        Drawn::Bad(bad) => form.bad(bad),
        Drawn::Kept(raw) => {
            now = Some(Now {
                subject: shown(cx, ticket.subject.clone()),
                department: department_name(cx, all, &ticket.department),
                priority: ticket.priority,
            });
            form.error("ticket-details-meanwhile").raw(raw)
        }
    };
    choose(&mut view, "department", departments(cx, all));
    let critical = ticket.priority == Priority::Critical;
    let words = priorities(critical).map(|one| word(cx, one));
    choose(&mut view, "priority", words);
    DetailsPage {
        number: ticket.number,
        form: view,
        now,
        list: LIST.url(),
        ticket: ONE.to(ticket.id),
    }
}

pub async fn ask(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = of_customer(&cx, &mut tx, id).await?;
    let all = department::all(&mut tx).await?;
    cx.page(page(&cx, &all, &ticket, Drawn::Stored))
}

pub async fn save(cx: Member, Param(id): Param<TicketId>, form: Posted<Change>) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = of_customer(&cx, &mut tx, id).await?;
    let all = department::all(&mut tx).await?;
    let change = match read(&form, &all, &ticket) {
        Ok(change) => change,
        Err(bad) => {
            drop(tx);
            return cx.invalid(page(&cx, &all, &ticket, Drawn::Bad(&bad)));
        }
    };
    let seen = cx.query("stand").and_then(|seen| seen.parse().ok());
    if let Some(seen) = seen
        && store::changed_since(&mut tx, id, seen).await?
    {
        drop(tx);
        let page = page(&cx, &all, &ticket, Drawn::Kept(&form.raw));
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let details = Details {
        subject: change.subject,
        department: change.department,
        priority: change.priority,
    };
    ticket::edit_details(&mut tx, &cx.ctx, &mut ticket, author(&cx)?, &details).await?;
    cx.done(tx, ONE.to(id), "notice-ticket-details").await
}

/// An emergency stays one, but none is declared here.
fn read(
    form: &Posted<Change>,
    all: &[Department],
    ticket: &Ticket,
) -> std::result::Result<Change, Bad> {
    let change = form.parse()?;
    if !all.iter().any(|one| one.id == change.department) {
        return Err(web::bad(&form.raw, "department", "fault-choice"));
    }
    if change.priority == Priority::Critical && ticket.priority != Priority::Critical {
        let fault = Fault::key("fault-choice");
        return Err(Bad::fault(form.raw.clone(), "priority", fault));
    }
    Ok(change)
}
