//! The second factor of users (AUTH-6): codes of an app, passkeys, and recovery codes for the day on which both are gone.
//!
//! Once there is an app or a passkey, a password alone opens nothing. Recovery codes stand in for either and go with the last.

pub mod halves;
pub mod lost;
pub mod passkeys;
pub mod portal;
pub mod recovery;
mod store;

pub use recovery::Set;
pub use store::{State, has, state};

use crate::hasher::{Busy, Hasher};
use crate::notices::{self, What};
use crate::staff::totp;
use crate::throttle;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use db::audit::{self, Entry};
use db::{Result, Tx};
use kernel::{Ctx, Moment, UserId};
use serde_json::json;
use std::time::Duration;
use web::Settings;

/// All that opens to somebody who must first set up a second factor; the first is where they are led.
pub const UNTIL_SET_UP: &[&str] = &[
    "/profil/zwei-faktor",
    "/profil/passkeys",
    "/anmelden/bestaetigen",
    "/abmelden",
];

/// Bytes of a new app's secret (RFC 4226).
const SECRET: usize = 20;
/// So long a new app can be set up after its picture was drawn.
const DRAWN: Duration = Duration::from_secs(1800);

pub(crate) fn line(act: &'static str, user: UserId, detail: serde_json::Value) -> Entry {
    Entry {
        detail,
        ..Entry::about_user(act, user)
    }
}

pub(crate) fn sealed_at(user: UserId) -> String {
    format!("users/{user}/totp")
}

fn drawn_at(user: UserId) -> String {
    format!("users/{user}/totp/new")
}

/// The secret of an app that is being set up. It is stored with its first code; until then it travels sealed in the form.
pub struct New {
    secret: Vec<u8>,
    /// For the form.
    pub sealed: String,
}

impl New {
    /// Draws a secret.
    ///
    /// # Errors
    /// Without a master key.
    pub fn draw(ctx: &Ctx, user: UserId) -> Result<Self> {
        let secret = ctx.world.bytes::<SECRET>().to_vec();
        let mut plain = ctx.now.micros().to_be_bytes().to_vec();
        plain.extend(&secret);
        let sealed = ctx
            .world
            .seal(&drawn_at(user), &plain)
            .map_err(|error| db::Error::Other(error.into()))?;
        let sealed = URL_SAFE_NO_PAD.encode(sealed);
        Ok(New { secret, sealed })
    }

    /// As the form brought it back; `None` when that is too long ago, or somebody else's.
    pub fn reopen(ctx: &Ctx, user: UserId, sealed: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let plain = ctx.world.open(&drawn_at(user), &bytes).ok()?;
        let (drawn, secret) = plain.split_first_chunk::<8>()?;
        let drawn = Moment::from_micros(i64::from_be_bytes(*drawn));
        (ctx.now.since(drawn) < DRAWN).then(|| New {
            secret: secret.to_vec(),
            sealed: sealed.to_owned(),
        })
    }

    /// As people type it into an app.
    pub fn text(&self) -> String {
        totp::text(&self.secret)
    }

    /// For an app's camera, as a `data:` address.
    pub fn picture(&self, issuer: &str, account: &str) -> Option<String> {
        totp::picture(&self.secret, issuer, account)
    }

    /// The code the app shows; for tests and the demo.
    pub fn code(&self, now: Moment) -> String {
        totp::code(&self.secret, now)
    }

    /// Whether the app shows this code now.
    pub fn fits(&self, typed: &str, now: Moment) -> Option<i64> {
        totp::step_of(&self.secret, typed, now)
    }
}

/// The app is set up: its first code, of this step, was typed.
pub async fn set_up(tx: &mut Tx, ctx: &Ctx, user: UserId, new: &New, step: i64) -> Result<()> {
    let sealed = ctx
        .world
        .seal(&sealed_at(user), &new.secret)
        .map_err(|error| db::Error::Other(error.into()))?;
    store::set_app(tx, ctx, user, sealed, step).await?;
    store::set_on(tx, user, true).await?;
    audit::record(tx, ctx, line("user.totp_on", user, json!({}))).await?;
    Ok(())
}

/// Stores a new set of recovery codes; those before are worth nothing from here on.
pub async fn renew_codes(tx: &mut Tx, ctx: &Ctx, user: UserId, set: &Set) -> Result<()> {
    recovery::replace(tx, ctx, user.0, set).await?;
    audit::record(tx, ctx, line("user.recovery_codes_made", user, json!({}))).await?;
    Ok(())
}

/// It is the last factor of somebody who must have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required;

/// Takes the app away.
pub async fn drop_app(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
) -> Result<std::result::Result<(), Required>> {
    let state = store::state(tx, user).await?;
    if state.required && state.passkeys == 0 {
        return Ok(Err(Required));
    }
    if store::drop_app(tx, user).await? {
        audit::record(tx, ctx, line("user.totp_off", user, json!({}))).await?;
        settle(tx, user).await?;
    }
    Ok(Ok(()))
}

/// After a factor has gone: with the last one the recovery codes go, too.
async fn settle(tx: &mut Tx, user: UserId) -> Result<()> {
    let state = store::state(tx, user).await?;
    let on = state.app.is_some() || state.passkeys > 0;
    store::set_on(tx, user, on).await?;
    if !on {
        recovery::clear(tx, user.0).await?;
    }
    Ok(())
}

/// Whether the user must have a second factor. Who has none is led to set it up, and nothing else opens.
pub async fn require(tx: &mut Tx, ctx: &Ctx, user: UserId, required: bool) -> Result<()> {
    store::set_required(tx, user, required).await?;
    let act = if required {
        "user.second_factor_required"
    } else {
        "user.second_factor_optional"
    };
    audit::record(tx, ctx, line(act, user, json!({}))).await?;
    Ok(())
}

/// Takes every second factor away: app, passkeys, recovery codes. What is required stays required.
pub async fn clear(tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<()> {
    store::drop_app(tx, user).await?;
    passkeys::clear(tx, user).await?;
    settle(tx, user).await?;
    halves::end_all(tx, user).await?;
    audit::record(tx, ctx, line("user.second_factor_cleared", user, json!({}))).await?;
    Ok(())
}

/// What was typed where a code is asked for, ready to be compared.
pub enum Proof {
    /// Six digits, perhaps.
    App(String),
    /// A recovery code, hashed.
    Recovery([u8; 32]),
    Passkey(passkeys::Answer),
}

impl Proof {
    /// `salt` is [`recovery::salt`] of the user. Call outside of a write transaction: a recovery code is hashed here.
    ///
    /// # Errors
    /// No turn in time.
    pub async fn of(
        hasher: &Hasher,
        typed: &str,
        salt: Option<[u8; 16]>,
    ) -> std::result::Result<Self, Busy> {
        Ok(match recovery::hash(hasher, typed, salt).await? {
            Some(hash) => Proof::Recovery(hash),
            None => Proof::App(typed.to_owned()),
        })
    }
}

/// How a proof ended. Commit in every case: a failed try must count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Fits,
    Wrong,
    /// Not tried at all; after this time it can be.
    Wait(Duration),
}

/// The key of the throttle on codes: the user's own where the browser is known, so that nobody who knows the password can
/// keep the user out.
pub fn throttle_key(user: UserId, device: Option<crate::devices::DeviceId>) -> String {
    match device {
        Some(device) => format!("{}:code", device.key()),
        None => format!("account:code:{user}"),
    }
}

/// Whether the proof is the user's; each is good once, on all nodes. `key` is [`throttle_key`].
pub async fn prove(
    tx: &mut Tx,
    ctx: &Ctx,
    settings: &Settings,
    user: UserId,
    key: &str,
    proof: &Proof,
) -> Result<Step> {
    // nobody guesses a passkey: it needs no throttle, and nobody can use it up
    if let Proof::Passkey(answer) = proof {
        let fits = passkeys::is_second(tx, ctx, settings, user, answer).await?;
        return Ok(if fits { Step::Fits } else { Step::Wrong });
    }
    if let Err(wait) = throttle::check(tx, ctx.now, key).await? {
        return Ok(Step::Wait(wait));
    }
    let taken = match proof {
        Proof::App(typed) => takes(tx, ctx, user, typed).await?,
        Proof::Recovery(hash) => recovery::spend(tx, ctx.now, user.0, *hash).await?,
        Proof::Passkey(_) => false,
    };
    if !taken {
        return failed(tx, ctx, user, key).await;
    }
    throttle::succeed(tx, key).await?;
    if let Proof::Recovery(_) = proof {
        let left = recovery::left(tx, user.0).await?;
        let detail = json!({ "left": left });
        audit::record(tx, ctx, line("user.recovery_code_used", user, detail)).await?;
    }
    Ok(Step::Fits)
}

/// Tells the user of a recovery code that was used, in the transaction in which it was: whoever has found the paper with
/// the codes is not to go unnoticed.
///
/// # Errors
/// When the database is away, or the mail's template is broken.
pub async fn tell(tx: &mut Tx, cx: &web::Cx, user: UserId, proof: &Proof) -> web::Result<()> {
    match proof {
        Proof::Recovery(_) => notices::changed(tx, cx, user, What::RecoveryCodeUsed).await,
        Proof::App(_) | Proof::Passkey(_) => Ok(()),
    }
}

/// Notes a failed try.
async fn failed(tx: &mut Tx, ctx: &Ctx, user: UserId, key: &str) -> Result<Step> {
    throttle::fail(tx, ctx.now, key).await?;
    audit::record(tx, ctx, line("user.code_failed", user, json!({}))).await?;
    Ok(Step::Wrong)
}

/// The code that the user's app shows now; `None` without one. For tests and the demo.
pub async fn current_code(tx: &mut Tx, ctx: &Ctx, user: UserId) -> Result<Option<String>> {
    let sealed = store::app(tx, user).await?;
    let secret = sealed.and_then(|sealed| ctx.world.open(&sealed_at(user), &sealed).ok());
    Ok(secret.map(|secret| totp::code(&secret, ctx.now)))
}

async fn takes(tx: &mut Tx, ctx: &Ctx, user: UserId, typed: &str) -> Result<bool> {
    let Some(sealed) = store::app(tx, user).await? else {
        return Ok(false);
    };
    let secret = ctx
        .world
        .open(&sealed_at(user), &sealed)
        .map_err(|error| db::Error::Other(error.into()))?;
    match totp::step_of(&secret, typed, ctx.now) {
        Some(step) => store::use_step(tx, user, step).await,
        None => Ok(false),
    }
}
