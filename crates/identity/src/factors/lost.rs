//! The second factor is lost: one member of staff asks for it to be taken away, another one confirms, and three days pass in
//! which the user can stop it. A caller with a good story gets nowhere alone.

use super::{clear, line};
use crate::links::{self, Target};
use crate::notices::{self, What};
use crate::{sessions, users};
use axum::http::StatusCode;
use db::{Tx, audit, params, sql};
use jobs::{Job, JobCx, Outcome};
use kernel::{Ctx, Moment, Secret, StaffId, UserId};
use mail::Slot;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use web::{App, Envelope, Guest, LateApp, MailPage, Page, Param, Path1, START};

kernel::typed_id!(/** One wish to take a second factor away. */ ResetId);

/// So long the user can stop it.
pub const WAIT: Duration = Duration::from_secs(72 * 3600);
/// What nobody has confirmed by then is forgotten.
const LAPSE: Duration = Duration::from_secs(14 * 24 * 3600);
/// Kind of the link that stops it.
pub const LINK: &str = "factor-stop";
/// Page of that link.
pub const STOP: Path1 = Path1::new("/zwei-faktor/stoppen/{token}");
/// How often the job is run again at once when the database asks for it.
const RUNS: usize = 5;

kernel::row! {
    /// One that is under way.
    #[derive(Debug, Clone)]
    pub struct Reset {
        pub id: ResetId,
        pub user: UserId,
        pub requested_by: StaffId,
        pub requested_at: Moment,
        pub due_at: Moment,
        pub confirmed_by: Option<StaffId>,
    }
}

/// The one that is under way for this user.
pub async fn open_of(tx: &mut Tx, user: UserId) -> db::Result<Option<Reset>> {
    let stmt = sql!(
        Reset,
        "SELECT id, user_id AS \"user\", requested_by, requested_at, due_at, confirmed_by \
         FROM factor_resets WHERE user_id = $1 AND ended_at IS NULL"
    );
    tx.opt(stmt, params![user]).await
}

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is one under way.
    Open,
    /// There is none under way, or no factor to take away.
    Nothing,
    /// It takes a second person.
    SamePerson,
}

/// Asks for it: the user is told at every proven address, with a link that stops it.
///
/// # Errors
/// When the database is away, or the mail's template is broken.
pub async fn request(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    user: UserId,
    staff: StaffId,
) -> web::Result<Result<ResetId, Refused>> {
    if open_of(tx, user).await?.is_some() {
        return Ok(Err(Refused::Open));
    }
    if !super::has(tx, user).await? {
        return Ok(Err(Refused::Nothing));
    }
    let id: ResetId = ctx.id();
    let stmt = sql!(
        "INSERT INTO factor_resets (id, user_id, requested_by, requested_at, due_at, outcome) \
         VALUES ($1, $2, $3, $4, $5, '')"
    );
    tx.exec(stmt, params![id, user, staff, ctx.now, ctx.now + WAIT])
        .await?;
    note(tx, ctx, "factor_reset.requested", user, id).await?;
    tell(tx, app, ctx, user, id).await?;
    Ok(Ok(id))
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    act: &'static str,
    user: UserId,
    id: ResetId,
) -> db::Result<()> {
    let entry = line(act, user, json!({ "reset": id }));
    audit::record(tx, ctx, entry).await.map(drop)
}

/// Confirms it, by somebody else than who has asked. It is carried out when the three days are over.
pub async fn confirm(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    staff: StaffId,
) -> db::Result<Result<(), Refused>> {
    let Some(open) = open_of(tx, user).await? else {
        return Ok(Err(Refused::Nothing));
    };
    if open.requested_by == staff {
        return Ok(Err(Refused::SamePerson));
    }
    let stmt = sql!(
        "UPDATE factor_resets SET confirmed_by = $2 \
         WHERE id = $1 AND ended_at IS NULL AND confirmed_by IS NULL AND requested_by <> $2"
    );
    if tx.exec(stmt, params![open.id, staff]).await? == 0 {
        return Ok(Err(Refused::Open));
    }
    note(tx, ctx, "factor_reset.confirmed", user, open.id).await?;
    let job = CarryOut { reset: open.id };
    jobs::enqueue_at(tx, ctx, &job, open.due_at.max(ctx.now)).await?;
    Ok(Ok(()))
}

/// Stops it, at the wish of the user or of staff; `false` when there is none under way.
pub async fn stop(tx: &mut Tx, ctx: &Ctx, user: UserId) -> db::Result<bool> {
    let Some(open) = open_of(tx, user).await? else {
        return Ok(false);
    };
    let ended = end(tx, open.id, "stopped", ctx.now).await?;
    if ended {
        links::end_for_user(tx, ctx, LINK, user).await?;
        note(tx, ctx, "factor_reset.stopped", user, open.id).await?;
    }
    Ok(ended)
}

async fn end(tx: &mut Tx, id: ResetId, outcome: &str, now: Moment) -> db::Result<bool> {
    let stmt = sql!(
        "UPDATE factor_resets SET ended_at = $3, outcome = $2 WHERE id = $1 AND ended_at IS NULL"
    );
    Ok(tx.exec(stmt, params![id, outcome, now]).await? == 1)
}

/// Carries it out when its time has come and nobody has stopped it.
#[derive(Debug, Serialize, Deserialize)]
pub struct CarryOut {
    reset: ResetId,
}

impl Job for CarryOut {
    const KIND: &'static str = "identity.factor-reset";

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = LateApp::of(cx) else {
            return Outcome::Retry("the application does not stand yet".into());
        };
        for _ in 0..RUNS {
            match carry_out(&app, cx, self.reset).await {
                Ok(()) => return Outcome::Done,
                Err(web::Error::Retry) => {}
                Err(error) => return Outcome::Retry(error.to_string()),
            }
        }
        Outcome::Retry("the database is busy".into())
    }
}

async fn carry_out(app: &App, cx: &JobCx, id: ResetId) -> web::Result<()> {
    let ctx = &cx.ctx;
    let mut tx = cx.db.begin().await?;
    let stmt = sql!(
        (UserId,),
        "UPDATE factor_resets SET ended_at = $2, outcome = 'done' \
         WHERE id = $1 AND ended_at IS NULL AND confirmed_by IS NOT NULL AND due_at <= $2 RETURNING user_id"
    );
    let Some((user,)) = tx.opt(stmt, params![id, ctx.now]).await? else {
        return Ok(());
    };
    links::end_for_user(&mut tx, ctx, LINK, user).await?;
    clear(&mut tx, ctx, user).await?;
    sessions::end_all(&mut tx, user).await?;
    notices::by(&mut tx, app, ctx, user, What::TwoFactorOff, "").await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn sweep(tx: &mut Tx, now: Moment) -> db::Result<()> {
    let stmt = sql!(
        "UPDATE factor_resets SET ended_at = $1, outcome = 'lapsed' \
         WHERE ended_at IS NULL AND confirmed_by IS NULL AND requested_at <= $2"
    );
    tx.exec(stmt, params![now, now - LAPSE]).await.map(drop)
}

/// Tells the user what was asked for, and how to stop it.
#[derive(Debug, Serialize)]
pub struct Asked {
    pub name: String,
    pub due: Moment,
    pub stop: String,
}

impl MailPage for Asked {
    const TEMPLATE: &'static str = "identity/mail/factor_reset";
    const SUBJECT: &'static str = "mail-factor-reset-subject";
    fn samples() -> Vec<Self> {
        vec![Asked {
            name: "Jana Petersen".into(),
            due: Moment::from_micros(1_793_610_000_000_000),
            stop: mail::slot("stop"),
        }]
    }
}

async fn tell(tx: &mut Tx, app: &App, ctx: &Ctx, user: UserId, id: ResetId) -> web::Result<()> {
    let Some(person) = users::by_id(tx, user).await? else {
        return Ok(());
    };
    let home = app.customers_of(tx, user).await?;
    let emails = users::emails(tx, user).await?.into_iter();
    for own in emails.filter(|own| own.verified_at.is_some()) {
        let target = Target {
            user: Some(user),
            payload: json!({ "reset": id }),
            ..Target::default()
        };
        // as long as anybody can still confirm it, and it comes to an end then
        let token = links::issue(tx, ctx, LINK, target, LAPSE).await?;
        let page = Asked {
            name: person.name(),
            due: ctx.now + WAIT,
            stop: mail::slot("stop"),
        };
        let link = app.absolute(&STOP.to(token.expose()));
        let envelope = Envelope {
            to: own.email,
            to_name: person.name(),
            customer: home.first().map(|(customer, _)| *customer),
            user: Some(user),
            kind: "identity.factor-reset",
            locale: person.locale,
            slots: vec![Slot {
                name: "stop",
                value: Secret::new(link),
                expires: Some(ctx.now + LAPSE),
            }],
        };
        web::send_mail(tx, app, ctx, envelope, page).await?;
    }
    Ok(())
}

/// Asks once more, or says how it stands.
#[derive(Serialize)]
pub struct StopPage {
    /// `ask`, `done`, `late`.
    state: &'static str,
    action: String,
    csrf: String,
    home: String,
}

impl StopPage {
    fn of(state: &'static str, token: &str, csrf: String) -> Self {
        StopPage {
            state,
            action: STOP.to(token),
            csrf,
            home: START.url(),
        }
    }
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "identity/factors/stop.html";
    fn samples() -> Vec<Self> {
        ["ask", "done", "late"]
            .map(|state| StopPage::of(state, "x", "csrf".into()))
            .into()
    }
}

pub async fn ask_stop(cx: Guest, Param(token): Param<String>) -> web::Result {
    let mut tx = cx.read().await?;
    match links::peek(&mut tx, LINK, &token, cx.ctx.now).await? {
        links::LinkState::Good(_) => cx.page(StopPage::of("ask", &token, cx.csrf())),
        _ => cx.page_with(
            StatusCode::GONE,
            StopPage::of("late", &token, String::new()),
        ),
    }
}

pub async fn stop_it(cx: Guest, Param(token): Param<String>) -> web::Result {
    let mut tx = cx.begin().await?;
    let spent = links::spend(&mut tx, &cx.ctx, LINK, &token).await?;
    let user = spent.ok().and_then(|link| link.user);
    let stopped = match user {
        Some(user) => stop(&mut tx, &cx.ctx, user).await?,
        None => false,
    };
    if !stopped {
        return cx.page_with(
            StatusCode::GONE,
            StopPage::of("late", &token, String::new()),
        );
    }
    tx.commit().await?;
    cx.app.wake();
    cx.page(StopPage::of("done", &token, String::new()))
}
