//! "Ein Ticket einreichen" (SUP-1): without sign-in; the thread goes on by mail alone.

use super::form::{Submit, hang};
use super::new::NEW;
use crate::secret;
use crate::ticket::store::NewFile;
use crate::ticket::{self, Author, Channel, NewTicket, Priority, Proof, Written};
use customers::registration::PrivacyVersion;
use customers::rights::TICKETS;
use identity::throttle;
use serde::Serialize;
use web::form::FieldView;
use web::{Bad, Fault, FormView, Guest, Page, Path, Posted, Result, SIGN_IN, START, redirect};

pub const SUBMIT: Path = Path::new("/ticket-einreichen");
/// A page of the legal context.
const PRIVACY: Path = Path::new("/datenschutz");

/// Whether a guest must name a company; as the operator sets. Without it they must.
pub struct CompanyRequired(pub bool);

#[derive(Debug, Serialize)]
pub struct SubmitPage {
    pub form: FormView,
    pub privacy: String,
    pub sign_in: String,
}

impl SubmitPage {
    fn of(form: FormView) -> Self {
        SubmitPage {
            form,
            privacy: PRIVACY.url(),
            sign_in: format!("{}?weiter={}", SIGN_IN.url(), NEW.url()),
        }
    }
}

impl Page for SubmitPage {
    const TEMPLATE: &'static str = "support/request/submit.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<Submit>().map(Self::of).into()
    }
}

/// How the form is to be drawn.
enum Drawn<'a> {
    Empty,
    Bad(&'a Bad),
    TooMany(&'a Posted<Submit>),
}

fn page(cx: &Guest, drawn: Drawn<'_>) -> SubmitPage {
    let form = cx.form::<Submit>(SUBMIT.url()).submit("submit-send");
    let mut view = match drawn {
        Drawn::Empty => form.empty(),
        Drawn::Bad(bad) => form.bad(bad),
        Drawn::TooMany(posted) => form.error("submit-too-many").raw(&posted.raw),
    };
    if company_required(cx) {
        let fields = view.rows.iter_mut().flatten();
        for field in fields.filter(|field| field.name == "company") {
            must(field);
        }
    }
    SubmitPage::of(view)
}

fn must(field: &mut FieldView) {
    field.required = true;
    field.optional = false;
}

fn company_required(cx: &Guest) -> bool {
    cx.app
        .state::<CompanyRequired>()
        .is_none_or(|required| required.0)
}

/// Whoever is signed in has the form that knows them.
fn known(cx: &Guest) -> bool {
    cx.user().is_some() && cx.may(TICKETS)
}

pub async fn ask(cx: Guest) -> Result {
    if known(&cx) {
        return Ok(redirect(&NEW.url()));
    }
    let page = page(&cx, Drawn::Empty);
    cx.page(page)
}

pub async fn create(cx: Guest, form: Posted<Submit>) -> Result {
    let read = read(&cx, &form).and_then(|submit| {
        secret::clear(&form.raw, &submit.text.0).map(|cleared| (submit, cleared))
    });
    let (submit, cleared) = match read {
        Ok(read) => read,
        Err(bad) => return cx.invalid(page(&cx, Drawn::Bad(&bad))),
    };
    let moved = cleared.seal(&cx)?;
    let mut tx = cx.begin().await?;
    let allowed = throttle::ticket(&mut tx, cx.ctx.now, &submit.email, &cx.info.network).await?;
    if let Err(wait) = allowed {
        drop(tx);
        return cx.too_many(page(&cx, Drawn::TooMany(&form)), wait);
    }
    let consent = cx.app.state::<PrivacyVersion>().map(|v| v.0.clone());
    let files = hang(&submit.files);
    let new = ticket_of(&cx, &submit, &cleared.text, &files, consent.as_deref());
    let opened = ticket::open_ticket(&mut tx, &cx.ctx, &new).await?;
    let author = new.first.author;
    secret::keep_with(&mut tx, &cx.ctx, opened.id, author, moved.as_ref()).await?;
    cx.done(tx, START.url(), "notice-ticket-submitted").await
}

/// All faults at once, the operator's rule on the company among them.
fn read(cx: &Guest, form: &Posted<Submit>) -> std::result::Result<Submit, Bad> {
    let parsed = form.parse();
    let company = form.raw.get("company").unwrap_or_default();
    if !company_required(cx) || !company.trim().is_empty() {
        return parsed;
    }
    let mut bad = parsed.err().unwrap_or_else(|| Bad {
        raw: form.raw.clone(),
        faults: web::form::Faults::default(),
    });
    bad.faults.add("company", Fault::key("fault-required"));
    Err(bad)
}

fn ticket_of<'a>(
    cx: &Guest,
    submit: &'a Submit,
    text: &'a str,
    files: &'a [NewFile],
    consent: Option<&'a str>,
) -> NewTicket<'a> {
    NewTicket {
        customer: None,
        subject: &submit.subject,
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: Some(&submit.email),
        company: submit.company.as_deref(),
        claimed_number: submit.number.as_deref(),
        language: cx.ctx.locale,
        noted: consent,
        first: Written {
            channel: Channel::Form,
            proof: Proof::Unproven,
            files,
            ..Written::typed(Author::stranger(&submit.name), text)
        },
    }
}
