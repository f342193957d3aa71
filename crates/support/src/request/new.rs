//! "Neues Ticket" (SUP-2): of somebody signed in.

use super::form::{New, hang, priorities};
use super::{author, choose, departments, list::LIST, show::ONE};
use crate::critical::portal::NEW as CRITICAL;
use crate::hours::{Hours, Shown};
use crate::secret;
use crate::secret::portal::{Beside, BesideForm};
use crate::ticket::{self, Department, NewTicket, Priority, Written, department};
use knowledge::Offer;
use serde::Serialize;
use web::form::RawForm;
use web::{Bad, Fault, FormView, Member, Page, Path, Posted, Result};

pub const NEW: Path = Path::new("/tickets/neu");

#[derive(Debug, Serialize)]
pub struct NewPage {
    pub form: FormView,
    pub offer: Offer,
    pub office: Shown,
    pub list: String,
    /// Where an emergency is declared.
    pub critical: String,
    /// Fields for sensible data.
    pub beside: FormView,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "support/request/new.html";
    fn samples() -> Vec<Self> {
        let forms = FormView::samples::<New>();
        let offices = Shown::samples();
        Offer::samples("subject")
            .into_iter()
            .zip(forms.iter().cycle().zip(offices.iter().cycle()))
            .map(|(offer, (form, office))| NewPage {
                form: form.clone(),
                offer,
                office: office.clone(),
                list: LIST.url(),
                critical: CRITICAL.url(),
                beside: FormView::samples::<BesideForm>()[0].clone(),
            })
            .collect()
    }
}

enum Drawn<'a> {
    Empty,
    Bad(&'a Bad),
    Kept(&'a RawForm),
}

fn page(cx: &Member, all: &[Department], drawn: Drawn<'_>, offer: Offer) -> NewPage {
    let form = cx
        .form::<New>(NEW.url())
        .submit("ticket-send")
        .cancel(LIST.url());
    let mut view = match &drawn {
        Drawn::Empty => {
            let mut raw = RawForm::default();
            raw.set("priority", Priority::Normal.as_str());
            // from an article or a mail: for whom it is
            raw.set("department", cx.query("abteilung").unwrap_or_default());
            form.raw(&raw)
        }
        Drawn::Bad(bad) => form.bad(bad),
        Drawn::Kept(raw) => form.raw(raw),
    };
    choose(&mut view, "department", departments(cx, all));
    let words = priorities(false).map(|one| word(cx, one));
    choose(&mut view, "priority", words);
    let beside = match drawn {
        Drawn::Empty => Beside::draw(cx, None),
        Drawn::Bad(bad) => Beside::draw(cx, Some(bad)),
        Drawn::Kept(raw) => Beside::kept(cx, raw),
    };
    view.errors.extend(beside.errors.iter().cloned());
    NewPage {
        beside,
        form: view,
        offer,
        office: Hours::of(&cx.app).shown(cx.ctx.now, None),
        list: LIST.url(),
        critical: CRITICAL.url(),
    }
}

/// A priority as a choice.
pub(super) fn word(cx: &Member, one: Priority) -> (String, String) {
    let key = format!("ticket-priority-{}", one.as_str());
    (one.as_str().to_owned(), cx.text(&key))
}

pub async fn ask(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let all = department::all(&mut tx).await?;
    let page = page(&cx, &all, Drawn::Empty, Offer::of("subject"));
    cx.page(page)
}

pub async fn create(cx: Member, form: Posted<New>) -> Result {
    let mut tx = cx.read().await?;
    let all = department::all(&mut tx).await?;
    if knowledge::asked(&form.raw) {
        let offer = knowledge::offer(&cx, &mut tx, &form.raw, "subject").await?;
        return cx.page(page(&cx, &all, Drawn::Kept(&form.raw), offer));
    }
    drop(tx);
    let read = read(&form, &all)
        .and_then(|new| secret::clear(&form.raw, &new.text.0).map(|cleared| (new, cleared)));
    let ((new, cleared), beside) = match Beside::with(&form.raw, read) {
        Ok(read) => read,
        Err(bad) => return cx.invalid(page(&cx, &all, Drawn::Bad(&bad), Offer::of("subject"))),
    };
    let (moved, beside) = (cleared.seal(&cx)?, beside.seal(&cx)?);
    let author = author(&cx)?;
    let mut tx = cx.begin().await?;
    let opened = ticket::open_ticket(
        &mut tx,
        &cx.ctx,
        &NewTicket {
            customer: Some(cx.customer),
            subject: &new.subject,
            department: &new.department,
            priority: new.priority,
            emergency: None,
            email: None,
            company: None,
            claimed_number: None,
            language: cx.ctx.locale,
            noted: None,
            first: Written {
                files: &hang(&new.files),
                ..Written::typed(author, &cleared.text)
            },
        },
    )
    .await?;
    for ready in [moved, beside] {
        secret::keep_with(&mut tx, &cx.ctx, opened.id, author, ready.as_ref()).await?;
    }
    cx.done(tx, ONE.to(opened.id), "notice-ticket-sent").await
}

fn read(form: &Posted<New>, all: &[Department]) -> std::result::Result<New, Bad> {
    let parsed = form.parse();
    let mut faults = Vec::new();
    let department = form.raw.get("department").unwrap_or_default();
    if !all.iter().any(|one| one.id == department) {
        faults.push("department");
    }
    if form.raw.get("priority") == Some(Priority::Critical.as_str()) {
        faults.push("priority");
    }
    if faults.is_empty() {
        return parsed;
    }
    let mut bad = parsed.err().unwrap_or_else(|| Bad {
        raw: form.raw.clone(),
        faults: web::form::Faults::default(),
    });
    for field in faults {
        if bad.faults.of(field).is_none() {
            bad.faults.add(field, Fault::key("fault-choice"));
        }
    }
    Err(bad)
}
