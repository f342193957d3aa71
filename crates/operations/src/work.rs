//! Work in the background ("Vorgänge", DESK-7): jobs by state, dead ones first, with restart.

use crate::mails;
use identity::rights::{JOBS_RESTART, MAILS_VIEW};
use jobs::{Job, JobId, JobRow, State};
use kernel::{Moment, Uuid};
use mail::SendMail;
use serde::Serialize;
use web::{Cx, Error, PAGE, Page, Pager, Param, Path, Path1, Result, Staff, redirect};

pub const WORK: Path = Path::new("/desk/vorgaenge");
pub const JOBS: Path = Path::new("/desk/vorgaenge/jobs");
pub const RESTART: Path1 = Path1::new("/desk/vorgaenge/jobs/{id}/neustart");
pub const DISCARD: Path1 = Path1::new("/desk/vorgaenge/jobs/{id}/verwerfen");

/// The list of the jobs in one state.
pub fn of_state(state: State) -> String {
    format!("{}?zustand={}", JOBS.url(), state.as_str())
}

/// A tab over a list.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub current: bool,
    pub count: Option<i64>,
}

impl Tab {
    pub(crate) fn samples() -> Vec<Self> {
        let tab = |current, count| Tab {
            href: WORK.url(),
            label: "E-Mails".into(),
            current,
            count,
        };
        vec![tab(true, Some(3)), tab(false, None)]
    }
}

/// The two lists, as far as one may see them.
pub(crate) fn tabs(cx: &Cx, here: Path) -> Vec<Tab> {
    [
        (MAILS_VIEW, mails::LIST, "mails-tab"),
        (JOBS_RESTART, JOBS, "work-jobs"),
    ]
    .into_iter()
    .filter(|(right, ..)| cx.may(*right))
    .map(|(_, path, label)| Tab {
        href: path.url(),
        label: cx.text(label),
        current: path == here,
        count: None,
    })
    .collect()
}

pub async fn enter(cx: Staff) -> Result {
    let list = [(MAILS_VIEW, mails::LIST), (JOBS_RESTART, JOBS)]
        .into_iter()
        .find(|(right, _)| cx.may(*right));
    list.map(|(_, path)| redirect(path.pattern()))
        .ok_or(Error::Forbidden)
}

#[derive(Debug, Serialize)]
pub struct Row {
    /// In words; the name in the queue where there are none.
    pub word: String,
    pub kind: String,
    /// What it is about.
    pub about: Option<String>,
    pub state: State,
    pub attempts: i64,
    pub max_attempts: i64,
    pub run_at: Moment,
    pub created_at: Moment,
    pub error: Option<String>,
    /// Where restarting is posted to.
    pub restart: Option<String>,
    pub discard: Option<String>,
}

impl Row {
    fn of(cx: &Cx, row: JobRow) -> Self {
        let dead = row.state == State::Dead;
        Row {
            restart: dead.then(|| RESTART.to(row.id)),
            discard: dead.then(|| DISCARD.to(row.id)),
            word: word(cx, &row.kind),
            about: about(cx, &row),
            kind: row.kind,
            state: row.state,
            attempts: row.attempts,
            max_attempts: row.max_attempts,
            run_at: row.run_at,
            created_at: row.created_at,
            error: row.last_error,
        }
    }
}

fn word(cx: &Cx, kind: &str) -> String {
    let key = format!("job-{}", kind.replace(['.', '_'], "-"));
    if cx.app.texts().has(cx.ctx.locale, &key) {
        cx.text(&key)
    } else {
        kind.to_owned()
    }
}

/// A mail that could not be sent is looked at rather than its job.
fn about(cx: &Cx, row: &JobRow) -> Option<String> {
    if row.kind != SendMail::KIND || !cx.may(MAILS_VIEW) {
        return None;
    }
    let job: SendMail = serde_json::from_str(&row.payload).ok()?;
    Some(mails::ONE.to(job.mail))
}

#[derive(Debug, Serialize)]
pub struct JobsPage {
    pub rows: Vec<Row>,
    pub state: State,
    pub work: Vec<Tab>,
    pub states: Vec<Tab>,
    pub pager: Pager,
}

impl Page for JobsPage {
    const TEMPLATE: &'static str = "operations/jobs.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let row = |state: &State| Row {
            word: "E-Mail senden".into(),
            kind: "mail.send".into(),
            about: (*state == State::Dead).then(|| mails::ONE.to("1")),
            state: *state,
            attempts: 12,
            max_attempts: 80,
            run_at: at,
            created_at: at,
            error: (*state == State::Dead).then(|| "450 <try later>".into()),
            restart: (*state == State::Dead).then(|| RESTART.to("1")),
            discard: (*state == State::Dead).then(|| DISCARD.to("1")),
        };
        let page = |state: &State, rows: Vec<Row>| JobsPage {
            pager: Pager {
                older: (!rows.is_empty()).then(|| JOBS.url()),
                ..Pager::default()
            },
            rows,
            state: *state,
            work: Tab::samples(),
            states: Tab::samples(),
        };
        State::ALL
            .iter()
            .flat_map(|state| [page(state, vec![row(state)]), page(state, Vec::new())])
            .collect()
    }
}

fn before(key: &str) -> Option<jobs::Before> {
    let (at, id) = key.split_once('-')?;
    Some((
        Moment::from_micros(at.parse().ok()?),
        JobId::from(Uuid::try_parse(id).ok()?),
    ))
}

pub async fn list(cx: Staff) -> Result {
    let state = cx
        .query("zustand")
        .and_then(State::parse)
        .unwrap_or(State::Dead);
    let mut tx = cx.read().await?;
    let after = cx.query("nach").and_then(before);
    let mut found = jobs::list(&mut tx, state, after, PAGE as i64 + 1).await?;
    let counts = jobs::counts(&mut tx).await?;
    let pager = Pager::cut(&cx, &mut found, |row| {
        format!("{}-{}", row.created_at.micros(), row.id)
    });
    let tab = |wanted: State, label: &str, count: i64| Tab {
        href: of_state(wanted),
        label: cx.text(label),
        current: state == wanted,
        count: Some(count).filter(|count| *count > 0),
    };
    let states = vec![
        tab(State::Dead, "work-dead", counts.dead),
        tab(State::Waiting, "work-waiting", counts.waiting),
        tab(State::Running, "work-running", counts.running),
    ];
    let rows = found.into_iter().map(|row| Row::of(&cx, row)).collect();
    cx.page(JobsPage {
        rows,
        state,
        work: tabs(&cx, JOBS),
        states,
        pager,
    })
}

pub async fn restart(cx: Staff, Param(id): Param<JobId>) -> Result {
    let mut tx = cx.begin().await?;
    let done = jobs::restart(&mut tx, &cx.ctx, id).await;
    over(cx, tx, done, "notice-job-restarted").await
}

pub async fn discard(cx: Staff, Param(id): Param<JobId>) -> Result {
    let mut tx = cx.begin().await?;
    let done = jobs::discard(&mut tx, &cx.ctx, id).await;
    over(cx, tx, done, "notice-job-discarded").await
}

async fn over(cx: Staff, tx: db::Tx, done: db::Result<()>, notice: &str) -> Result {
    let notice = match done {
        Ok(()) => notice,
        // somebody else was quicker, or the button was pressed twice
        Err(db::Error::Missing) => "notice-job-not-dead-warn",
        Err(error) => return Err(error.into()),
    };
    cx.done(tx, JOBS.url(), notice).await
}
