//! Taking an answer back: for some seconds it waits beside its ticket, and only then is it written there.
//!
//! Until it is, nothing has happened: no state, no clock, no mail, nothing on the customer's page. Sending takes the row
//! out and taking back turns it into a draft, each by one statement on a row that still waits: exactly one of them wins.

pub mod store;

use super::list::Asked;
use super::{ONE, acts, author, join};
use crate::ticket::store::NewFile;
use crate::ticket::{self, Author, Side, Ticket, TicketId, Written};
use db::{Tx, audit};
use jobs::{Job, JobCx, Outcome, Retry};
use kernel::{Actor, Ctx, StaffId};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Paused;
use web::form::KeptView;
use web::{App, Cx, Error, Module, Param, Path1, RawForm, Result, Staff, Upload};

pub const TAKE_BACK: Path1 = Path1::new("/desk/tickets/{id}/zuruecknehmen");
pub const FORGET: Path1 = Path1::new("/desk/tickets/{id}/entwurf-verwerfen");

/// So long a draft is kept that nobody comes back to.
const KEPT: Duration = Duration::from_secs(24 * 3600);

kernel::typed_id!(
    /// An answer that waits, or was taken back.
    PausedId
);

/// How long answers wait, as configured; nothing and zero: they do not.
#[derive(Debug, Clone, Copy)]
pub struct Wait(Duration);

impl Wait {
    /// A minute at most: whoever waits for an answer is not kept waiting for our second thoughts.
    pub fn of(seconds: u64) -> Option<Self> {
        (seconds <= 60).then(|| Wait(Duration::from_secs(seconds)))
    }
}

/// How long an answer waits here, if it does.
pub fn wait(app: &App) -> Option<Duration> {
    let wait = app.state::<Wait>()?.0;
    (!wait.is_zero()).then_some(wait)
}

pub(super) fn part(module: Module, staff: web::Access) -> Module {
    module
        .texts(
            include_str!("../../../texts/undo.de.ftl"),
            include_str!("../../../texts/undo.en.ftl"),
        )
        .post(TAKE_BACK, staff, take_back)
        .post(FORGET, staff, forget)
        .jobs(|registry| registry.job::<Send>())
}

/// A file of an answer that waits: taken in, and belonging to nothing yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    id: files::FileId,
    pub name: String,
    size: i64,
    // brings it back into the form
    mark: String,
}

impl Kept {
    /// Of the stored text.
    pub fn read(stored: &str) -> Vec<Self> {
        serde_json::from_str(stored).unwrap_or_default()
    }

    pub fn view(self, cx: &Cx) -> KeptView {
        let size = web::size_text(cx.app.texts(), cx.ctx.locale, self.size);
        KeptView {
            mark: self.mark,
            label: format!("{} ({size})", self.name),
        }
    }
}

impl From<&Upload> for Kept {
    fn from(upload: &Upload) -> Self {
        Kept {
            id: upload.id,
            name: upload.name.clone(),
            size: upload.size,
            mark: upload.mark.clone(),
        }
    }
}

impl From<Kept> for NewFile {
    fn from(kept: Kept) -> Self {
        NewFile {
            id: kept.id,
            name: kept.name,
            size: kept.size,
        }
    }
}

/// What is to wait.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub text: &'a str,
    pub files: &'a web::Files,
    /// Whether the ticket is closed with it.
    pub closing: bool,
}

/// Lets an answer wait. What its author had taken back before is dropped: this is what became of it.
pub async fn pause(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    (staff, name): (StaffId, &str),
    answer: Answer<'_>,
    wait: Duration,
) -> db::Result<()> {
    let files: Vec<Kept> = answer.files.0.iter().map(Kept::from).collect();
    let paused = Paused {
        id: ctx.id(),
        ticket_id: ticket.id,
        staff_id: staff,
        staff_name: name.to_owned(),
        text: answer.text.to_owned(),
        files: serde_json::json!(files).to_string(),
        closing: answer.closing,
    };
    let due = ctx.now + wait;
    store::forget(tx, ticket.id, staff).await?;
    store::insert(tx, ctx, ticket.customer_id, &paused, due).await?;
    jobs::enqueue_at(tx, ctx, &Send { answer: paused.id }, due).await?;
    note(tx, ctx, ticket, "ticket.answer_paused").await
}

/// Sends what waits on a ticket at once, because what is done next must come after it. Whether there was anything.
pub async fn send_now(tx: &mut Tx, app: &App, ctx: &Ctx, ticket: TicketId) -> Result<bool> {
    let waiting = store::waiting(tx, ticket).await?;
    for id in &waiting {
        send(tx, app, ctx, *id).await?;
    }
    Ok(!waiting.is_empty())
}

async fn send(tx: &mut Tx, app: &App, ctx: &Ctx, id: PausedId) -> Result<()> {
    let Some(paused) = store::take(tx, id).await? else {
        return Ok(());
    };
    // it is their answer, whoever carries it out
    let ctx = Ctx {
        actor: Actor::Staff(paused.staff_id),
        ..ctx.clone()
    };
    let ticket = ticket::store::any(tx, paused.ticket_id).await?;
    let mut ticket = join::target(tx, ticket).await?;
    let author = Author {
        side: Side::Staff,
        id: Some(paused.staff_id.0),
        name: &paused.staff_name,
    };
    let files: Vec<NewFile> = Kept::read(&paused.files)
        .into_iter()
        .map(NewFile::from)
        .collect();
    let written = Written {
        files: &files,
        ..Written::typed(author, &paused.text)
    };
    acts::send(tx, app, &ctx, &mut ticket, &written, None, paused.closing).await
}

/// Writes an answer onto its ticket when its time has come.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Send {
    pub answer: PausedId,
}

impl Job for Send {
    const KIND: &'static str = "support.send-answer";
    const RETRY: Retry =
        Retry::backoff(Duration::from_secs(1), Duration::from_secs(60)).attempts(60);

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = web::LateApp::of(cx) else {
            return Outcome::Retry("the application is not there yet".into());
        };
        match self.carry_out(cx, &app).await {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Retry(error.to_string()),
        }
    }
}

impl Send {
    async fn carry_out(self, cx: &JobCx, app: &App) -> Result<()> {
        let mut tx = cx.db.begin().await?;
        send(&mut tx, app, &cx.ctx, self.answer).await?;
        store::sweep(&mut tx, cx.ctx.now - KEPT).await?;
        tx.commit().await?;
        app.wake();
        Ok(())
    }
}

pub async fn take_back(cx: Staff, Param(id): Param<TicketId>, raw: RawForm) -> Result {
    let wanted = raw.get("antwort").and_then(|id| id.parse().ok());
    let wanted: PausedId = wanted.ok_or(Error::NotFound)?;
    let mut tx = cx.begin().await?;
    ticket::store::any(&mut tx, id).await?;
    let found = store::take_back(&mut tx, cx.staff, wanted).await?;
    let said = match found {
        Some(at) => {
            let ticket = ticket::store::any(&mut tx, at).await?;
            note(&mut tx, &cx.ctx, &ticket, "ticket.answer_taken_back").await?;
            "notice-undo-done"
        }
        None => "notice-undo-late-warn",
    };
    let to = Asked::of(&cx).link(&ONE.to(found.unwrap_or(id)), &[]);
    cx.done(tx, to, said).await
}

pub async fn forget(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    author(&cx)?;
    if store::forget(&mut tx, id, cx.staff).await? {
        note(&mut tx, &cx.ctx, &ticket, "ticket.draft_dropped").await?;
    }
    let to = Asked::of(&cx).link(&ONE.to(id), &[]);
    cx.done(tx, to, "notice-undo-dropped").await
}

async fn note(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, act: &'static str) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: ticket.customer_id,
        subject: ticket.kind.as_str(),
        subject_id: ticket.id.to_string(),
        detail: serde_json::json!({ "number": ticket.number }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
