//! "Bearbeiten": subject, department, priority, and with whom a ticket lies.

use super::list::Asked;
use super::{DETAILS, ONE, QUEUE, acts, author};
use crate::message::shown;
use crate::ticket::{self, Department, Details, Priority, Ticket, TicketId, department};
use axum::http::StatusCode;
use db::Tx;
use identity::rights::MESSAGES_ANSWER;
use identity::staff::StaffRow;
use kernel::StaffId;
use serde::Serialize;
use web::form::OptionView;
use web::{FormView, Page, Param, Posted, RawForm, Result, Staff, bad};

web::form! {
    pub struct Edit as "desk-details"; {
        subject: String = line(100),
        department: String = select().half(),
        priority: String = select().half(),
        assignee: Option<String> = select(),
    }
}

#[derive(Debug, Serialize)]
pub struct DetailsPage {
    pub number: i64,
    pub subject: String,
    pub form: FormView,
    pub queue: String,
    pub back: String,
    /// What somebody else changed meanwhile: text keys.
    pub changed: Vec<&'static str>,
    /// Whether it is critical: that is taken back elsewhere.
    pub critical: bool,
}

impl Page for DetailsPage {
    const TEMPLATE: &'static str = "support/desk/details.html";
    fn samples() -> Vec<Self> {
        let page = |form: &FormView, changed: &[&'static str]| DetailsPage {
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            form: form.clone(),
            queue: QUEUE.url(),
            back: ONE.to("1"),
            changed: changed.to_vec(),
            critical: changed.is_empty(),
        };
        let [plain, wrong] = FormView::samples::<Edit>();
        vec![
            page(&plain, &[]),
            page(&wrong, &["desk-changed-assignee", "desk-changed-thread"]),
        ]
    }
}

/// What a page showed when it was drawn, to tell what somebody else has changed since.
fn state_of(ticket: &Ticket) -> String {
    let assignee = ticket.assignee_id.map(|id| id.0.simple().to_string());
    format!(
        "{}.{}.{}",
        ticket.entries,
        ticket.state.as_str(),
        assignee.unwrap_or_default()
    )
}

/// Which of it is different now.
fn changed(seen: &str, ticket: &Ticket) -> Vec<&'static str> {
    let now = state_of(ticket);
    let keys = [
        "desk-changed-thread",
        "desk-changed-state",
        "desk-changed-assignee",
    ];
    seen.split('.')
        .zip(now.split('.'))
        .zip(keys)
        .filter(|((seen, now), _)| seen != now)
        .map(|(_, key)| key)
        .collect()
}

fn options(form: &mut FormView, name: &str, all: Vec<(String, String)>) {
    for field in form.rows.iter_mut().flatten() {
        if field.name == name {
            field.options = all
                .iter()
                .map(|(value, label)| OptionView {
                    selected: *value == field.value,
                    value: value.clone(),
                    label: label.clone(),
                })
                .collect();
        }
    }
}

/// Critical comes with an emergency and its cost, and goes with a reason: both have pages of their own.
fn may_become(ticket: &Ticket, priority: Priority) -> bool {
    (ticket.priority == Priority::Critical) == (priority == Priority::Critical)
}

/// What can be chosen.
struct Choices {
    departments: Vec<Department>,
    staff: Vec<StaffRow>,
}

impl Choices {
    async fn read(tx: &mut Tx) -> db::Result<Self> {
        let staff = identity::staff::list(tx).await?.into_iter();
        Ok(Choices {
            departments: department::all(tx).await?,
            staff: staff
                .filter(|one| one.active && one.role.rights().contains(&MESSAGES_ANSWER))
                .collect(),
        })
    }

    fn into_form(self, cx: &Staff, ticket: &Ticket, form: &mut FormView) {
        let departments = self.departments.into_iter();
        let departments =
            departments.map(|one| (one.id.clone(), one.name(cx.ctx.locale).to_owned()));
        options(form, "department", departments.collect());
        let priorities = Priority::ALL
            .iter()
            .filter(|one| may_become(ticket, **one))
            .map(|one| {
                let label = cx.text(&format!("queue-priority-{}", one.as_str()));
                (one.as_str().to_owned(), label)
            });
        options(form, "priority", priorities.collect());
        let nobody = (String::new(), cx.text("desk-nobody"));
        let staff = self.staff.into_iter();
        let staff = staff.map(|one| (one.id.to_string(), one.name));
        options(
            form,
            "assignee",
            [nobody].into_iter().chain(staff).collect(),
        );
    }
}

fn filled(ticket: &Ticket) -> RawForm {
    let mut raw = RawForm::default();
    raw.set("subject", ticket.subject.clone());
    raw.set("department", ticket.department.clone());
    raw.set("priority", ticket.priority.as_str());
    let assignee = ticket.assignee_id.map(|id| id.to_string());
    raw.set("assignee", assignee.unwrap_or_default());
    raw
}

async fn page(
    cx: &Staff,
    tx: &mut Tx,
    ticket: Ticket,
    form: impl FnOnce(web::form::Builder<'_>) -> FormView,
    changed: Vec<&'static str>,
) -> Result<DetailsPage> {
    let asked = Asked::of(cx);
    let back = asked.link(&ONE.to(ticket.id), &[]);
    let action = asked.link(&DETAILS.to(ticket.id), &[("stand", &state_of(&ticket))]);
    let builder = cx
        .form::<Edit>(action)
        .submit("form-save")
        .cancel(back.clone());
    let mut form = form(builder);
    Choices::read(tx).await?.into_form(cx, &ticket, &mut form);
    Ok(DetailsPage {
        number: ticket.number,
        critical: ticket.priority == Priority::Critical,
        subject: shown(cx, ticket.subject),
        form,
        queue: asked.link(QUEUE.pattern(), &[]),
        back,
        changed,
    })
}

pub async fn show(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let raw = filled(&ticket);
    let page = page(&cx, &mut tx, ticket, |form| form.raw(&raw), Vec::new()).await?;
    cx.page(page)
}

pub async fn change(cx: Staff, Param(id): Param<TicketId>, form: Posted<Edit>) -> Result {
    let edit = match form.parse() {
        Ok(edit) => edit,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket::store::any(&mut tx, id).await?;
            let page = page(&cx, &mut tx, ticket, |form| form.bad(&bad), Vec::new()).await?;
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    let mut ticket = ticket::store::any(&mut tx, id).await?;
    let meanwhile = cx
        .query("stand")
        .map(|seen| changed(seen, &ticket))
        .unwrap_or_default();
    if !meanwhile.is_empty() {
        let page = page(&cx, &mut tx, ticket, |f| f.raw(&form.raw), meanwhile).await?;
        drop(tx);
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let choices = Choices::read(&mut tx).await?;
    let department = choices
        .departments
        .iter()
        .any(|one| one.id == edit.department);
    let priority = Priority::parse(&edit.priority).filter(|one| may_become(&ticket, *one));
    let assignee = match edit.assignee.as_deref() {
        None => Some(None),
        Some(wanted) => choices
            .staff
            .iter()
            .find(|one| one.id.to_string() == wanted)
            .map(|one| Some((one.id, one.name.clone()))),
    };
    let (Some(priority), Some(assignee), true) = (priority, assignee, department) else {
        let field = match (priority, department) {
            (None, _) => "priority",
            (_, false) => "department",
            _ => "assignee",
        };
        let bad = bad(&form.raw, field, "fault-choice");
        let page = page(&cx, &mut tx, ticket, |form| form.bad(&bad), Vec::new()).await?;
        drop(tx);
        return cx.invalid(page);
    };
    let details = Details {
        subject: edit.subject,
        department: edit.department,
        priority,
    };
    let author = author(&cx)?;
    ticket::edit_details(&mut tx, &cx.ctx, &mut ticket, author, &details).await?;
    let to: Option<(StaffId, &str)> = assignee.as_ref().map(|(id, name)| (*id, name.as_str()));
    acts::assign(&mut tx, &cx.ctx, &mut ticket, to).await?;
    let back = Asked::of(&cx).link(&ONE.to(id), &[]);
    cx.done(tx, back, "notice-desk-details").await
}
