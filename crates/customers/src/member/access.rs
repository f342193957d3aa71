//! What staff does about a member's ways to sign in: a link to a new password, the end of all sessions, the second factor.

use super::desk::one_url;
use super::edit;
use db::Tx;
use db::audit::{self, Entry};
use identity::factors::{self, lost};
use identity::{reset, sessions};
use kernel::{CustomerId, Moment, UserId};
use serde::Serialize;
use web::{Error, Param, Path1, RawForm, Result, Staff};

pub const RESET: Path1 = Path1::new("/desk/kunden/{id}/benutzer/passwort");
pub const SIGN_OUT: Path1 = Path1::new("/desk/kunden/{id}/benutzer/abmelden");
pub const REQUIRE: Path1 = Path1::new("/desk/kunden/{id}/benutzer/zwei-faktor");
pub const LOST: Path1 = Path1::new("/desk/kunden/{id}/benutzer/zwei-faktor/verloren");

/// How the member stands to the second factor.
#[derive(Debug, Serialize)]
pub struct FactorView {
    on: bool,
    required: bool,
    /// A wish to take it away that is under way.
    wish: Option<Wish>,
}

#[derive(Debug, Serialize)]
struct Wish {
    at: Moment,
    due_at: Moment,
    confirmed: bool,
    /// Whoever looks has asked for it: somebody else must confirm.
    own: bool,
}

impl FactorView {
    pub fn samples() -> [Self; 4] {
        let wish = |confirmed, own| Wish {
            at: Moment::from_micros(0),
            due_at: Moment::from_micros(0),
            confirmed,
            own,
        };
        let view = |on, required, wish| FactorView { on, required, wish };
        [
            view(false, false, None),
            view(true, true, None),
            view(true, false, Some(wish(false, true))),
            view(true, true, Some(wish(true, false))),
        ]
    }
}

pub(super) async fn factor(tx: &mut Tx, cx: &Staff, user: UserId) -> db::Result<FactorView> {
    let state = factors::state(tx, user).await?;
    let open = lost::open_of(tx, user).await?;
    Ok(FactorView {
        on: state.on,
        required: state.required,
        wish: open.map(|open| Wish {
            at: open.requested_at,
            due_at: open.due_at,
            confirmed: open.confirmed_by.is_some(),
            own: open.requested_by == cx.staff,
        }),
    })
}

/// The member the button names; somebody of another customer is unknown.
async fn member(tx: &mut Tx, id: CustomerId, form: &RawForm) -> Result<UserId> {
    let user = crate::named(form, "benutzer")?;
    edit::one(tx, id, user).await?;
    Ok(user)
}

pub async fn send_reset(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let mut tx = cx.begin().await?;
    let user = member(&mut tx, id, &form).await?;
    let notice = match reset::send_by_staff(&mut tx, &cx, user).await? {
        reset::Sent::Yes => "notice-reset-sent",
        reset::Sent::NoAddress => "notice-reset-no-address-warn",
        reset::Sent::TooMany => "notice-reset-too-many-warn",
    };
    cx.done(tx, one_url(id, user), notice).await
}

pub async fn end_sessions(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let mut tx = cx.begin().await?;
    let user = member(&mut tx, id, &form).await?;
    sessions::end_all(&mut tx, user).await?;
    let entry = Entry {
        customer: Some(id),
        ..Entry::about_user("user.sessions_ended", user)
    };
    audit::record(&mut tx, &cx.ctx, entry).await?;
    cx.done(tx, one_url(id, user), "notice-sessions-ended")
        .await
}

pub async fn require(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let on = form.get("pflicht").is_some_and(|on| !on.is_empty());
    let mut tx = cx.begin().await?;
    let user = member(&mut tx, id, &form).await?;
    factors::require(&mut tx, &cx.ctx, user, on).await?;
    let notice = match on {
        true => "notice-factor-required",
        false => "notice-factor-optional",
    };
    cx.done(tx, one_url(id, user), notice).await
}

kernel::words! {
    /// What is done about a lost second factor.
    enum Step { Ask = "anfragen", Confirm = "bestaetigen", Stop = "stoppen" }
}

pub async fn lost_factor(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let step = form.get("schritt").and_then(Step::parse);
    let step = step.ok_or(Error::NotFound)?;
    let mut tx = cx.begin().await?;
    let user = member(&mut tx, id, &form).await?;
    let ctx = &cx.ctx;
    let done = match step {
        Step::Ask => lost::request(&mut tx, &cx.app, ctx, user, cx.staff)
            .await?
            .map(|_| "notice-factor-asked"),
        Step::Confirm => lost::confirm(&mut tx, ctx, user, cx.staff)
            .await?
            .map(|()| "notice-factor-confirmed"),
        Step::Stop => {
            lost::stop(&mut tx, ctx, user).await?;
            Ok("notice-factor-stopped")
        }
    };
    let notice = match done {
        Ok(notice) => notice,
        Err(lost::Refused::Open) => "notice-factor-open-warn",
        Err(lost::Refused::Nothing) => "notice-factor-nothing-warn",
        Err(lost::Refused::SamePerson) => "notice-factor-same-warn",
    };
    cx.done(tx, one_url(id, user), notice).await
}
