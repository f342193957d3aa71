//! The addresses of a user (AUTH-7): several, one of them primary, each proven by a mailed link.
//!
//! Whoever has the password can add an address or make another one primary; each address that was proven before is told,
//! with a link that stops it for three days.

mod mails;
pub mod portal;
mod proof;
mod stop;
pub mod store;

pub use mails::{Proof, Taken};
pub(crate) use proof::taken_by;
pub use proof::{Claim, look, prove};
pub use stop::{Stopped, peek_stop, stop};

use crate::notices::{Notice, What};
use crate::{links, reset, throttle, users};
use db::Tx;
use db::audit::{self, Entry};
use jobs::Event;
use kernel::{Ctx, Email, Moment, Secret, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use store::Own;
use web::Cx;

kernel::typed_id!(/** An address of a user. */ EmailId);

/// Kind of the link that proves an address, and how long it is good.
pub const PROOF: &str = "email-proof";
pub const PROOF_GOOD_FOR: Duration = Duration::from_secs(48 * 3600);
/// Kind of the link that undoes a change, and how long it is good.
pub const STOP: &str = "email-stop";
pub const STOP_GOOD_FOR: Duration = Duration::from_secs(72 * 3600);
/// Nobody has more addresses.
pub const MOST: usize = 10;
/// News that the addresses of a user have changed; subject and id are the user's.
pub const CHANGED: &str = "user.emails-changed";

/// Why an address is not taken, or not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The user has it already.
    Own,
    /// There are [`MOST`].
    Full,
    /// The user has no such address.
    Missing,
    /// It must be proven first.
    Unproven,
    /// It is the primary one, or the last proven one.
    Needed,
}

/// What [`change`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The address counts from now on.
    Done,
    /// It counts when the link in the mail to it is used.
    Proof,
}

/// What a proof link says besides user and address.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Wish {
    /// Make it the primary one when it is proven.
    primary: bool,
}

/// Adds an address, which counts when its link is used. Whether somebody else has proven it is not told here: then the
/// mail says so.
///
/// # Errors
/// Why not (inner), and when the database is away.
pub async fn add(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    email: &Email,
) -> web::Result<Result<(), Refused>> {
    claim(tx, cx, user, email, false).await
}

/// Makes this the primary address: at once if it is one of the user's and proven, else when its link is used. The one
/// before stays as a further address.
///
/// # Errors
/// Why not (inner), and when the database is away.
pub async fn change(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    email: &Email,
) -> web::Result<Result<Next, Refused>> {
    let own = store::all(tx, user).await?;
    match own.iter().find(|own| own.email == *email) {
        Some(own) if own.is_primary => Ok(Ok(Next::Done)),
        Some(own) if own.verified_at.is_some() => Ok(make_primary(tx, cx, user, own.id)
            .await?
            .map(|()| Next::Done)),
        Some(waiting) => {
            ask_again(tx, cx, user, waiting, true, &own).await?;
            Ok(Ok(Next::Proof))
        }
        None => Ok(claim(tx, cx, user, email, true)
            .await?
            .map(|()| Next::Proof)),
    }
}

async fn claim(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    email: &Email,
    primary: bool,
) -> web::Result<Result<(), Refused>> {
    let own = store::all(tx, user).await?;
    if own.iter().any(|own| own.email == *email) {
        return Ok(Err(Refused::Own));
    }
    if own.len() >= MOST {
        return Ok(Err(Refused::Full));
    }
    let id = store::insert(tx, &cx.ctx, user, email, None).await?;
    note(tx, &cx.ctx, "user.email_added", user, id).await?;
    send_proof(tx, cx, user, email, primary).await?;
    tell(tx, cx, user, What::EmailAdded, email, &own).await?;
    Ok(Ok(()))
}

/// Sends the link of an address that is not proven yet once more.
///
/// # Errors
/// Why not (inner), and when the database is away.
pub async fn prove_again(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    id: EmailId,
) -> web::Result<Result<(), Refused>> {
    let own = store::all(tx, user).await?;
    let Some(one) = own.iter().find(|own| own.id == id) else {
        return Ok(Err(Refused::Missing));
    };
    if one.verified_at.is_none() {
        ask_again(tx, cx, user, one, one.is_primary, &own).await?;
    }
    Ok(Ok(()))
}

/// The other addresses hear of it once more: by the time a later link is used, the one that stops it may have ended.
async fn ask_again(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    one: &Own,
    primary: bool,
    own: &[Own],
) -> web::Result<()> {
    let sent = send_proof(tx, cx, user, &one.email, primary).await?;
    note(tx, &cx.ctx, "user.email_proof_sent", user, one.id).await?;
    if sent {
        tell(tx, cx, user, What::EmailAdded, &one.email, own).await?;
    }
    Ok(())
}

/// The same for the one who asks, whether the address is free, somebody's, or has had too many mails; `false` in the
/// last case.
async fn send_proof(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    email: &Email,
    primary: bool,
) -> web::Result<bool> {
    if !throttle::mail(tx, cx.ctx.now, email, &cx.info.network).await? {
        return Ok(false);
    }
    if users::by_verified_email(tx, email).await?.is_some() {
        mails::taken(tx, cx, email).await?;
        return Ok(true);
    }
    links::end_for_user_email(tx, &cx.ctx, PROOF, user, email).await?;
    let wish = serde_json::to_value(Wish { primary }).map_err(web::Error::internal)?;
    let target = links::Target {
        user: Some(user),
        email: Some(email.clone()),
        payload: wish,
        ..links::Target::default()
    };
    let token = links::issue(tx, &cx.ctx, PROOF, target, PROOF_GOOD_FOR).await?;
    mails::proof(tx, cx, user, email, &token).await?;
    Ok(true)
}

/// # Errors
/// Why not (inner), and when the database is away.
pub async fn make_primary(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    id: EmailId,
) -> web::Result<Result<(), Refused>> {
    let own = store::all(tx, user).await?;
    let Some(one) = own.iter().find(|own| own.id == id) else {
        return Ok(Err(Refused::Missing));
    };
    if one.verified_at.is_none() {
        return Ok(Err(Refused::Unproven));
    }
    if one.is_primary {
        return Ok(Ok(()));
    }
    store::set_primary(tx, user, &one.email).await?;
    note(tx, &cx.ctx, "user.email_made_primary", user, id).await?;
    settle(tx, &cx.ctx, user).await?;
    tell(tx, cx, user, What::PrimaryChanged, &one.email, &own).await?;
    Ok(Ok(()))
}

/// Takes an address away; a proven one is told, and can stop it.
///
/// # Errors
/// Why not (inner), and when the database is away.
pub async fn remove(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    id: EmailId,
) -> web::Result<Result<(), Refused>> {
    let own = store::all(tx, user).await?;
    let Some(one) = own.iter().find(|own| own.id == id) else {
        return Ok(Err(Refused::Missing));
    };
    if !can_go(&own, one) {
        return Ok(Err(Refused::Needed));
    }
    store::remove(tx, user, &one.email).await?;
    links::end_for_user_email(tx, &cx.ctx, PROOF, user, &one.email).await?;
    note(tx, &cx.ctx, "user.email_removed", user, id).await?;
    settle(tx, &cx.ctx, user).await?;
    if one.verified_at.is_some() {
        tell(tx, cx, user, What::EmailRemoved, &one.email, &own).await?;
    }
    Ok(Ok(()))
}

/// Neither the primary address nor the last proven one.
fn can_go(own: &[Own], one: &Own) -> bool {
    let others = own
        .iter()
        .any(|other| other.id != one.id && other.verified_at.is_some());
    !one.is_primary && (one.verified_at.is_none() || others)
}

/// Links to a new password that went to the old addresses end, and whoever finds people by address is told.
async fn settle(tx: &mut Tx, ctx: &Ctx, user: UserId) -> db::Result<()> {
    links::end_for_user(tx, ctx, reset::LINK, user).await?;
    jobs::emit(tx, ctx, Event::new(CHANGED, user, user))
        .await
        .map(drop)
}

/// What came within the last three days can itself still be stopped, so it stops nothing; the first one always can.
fn can_stop(own: &Own, all: &[Own], now: Moment) -> bool {
    let first = |one: &&Own| one.verified_at.map(|at| (at, one.id.0));
    let oldest = all.iter().filter(|one| one.verified_at.is_some());
    let is_first = oldest.min_by_key(first).is_some_and(|it| it.id == own.id);
    is_first || own.verified_at.is_some_and(|at| at <= now - STOP_GOOD_FOR)
}

/// Each address that was proven before hears of the change, with a link of its own that stops it.
async fn tell(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    what: What,
    email: &Email,
    before: &[Own],
) -> web::Result<()> {
    let primary = before.iter().find(|own| own.is_primary);
    for own in before.iter().filter(|own| own.verified_at.is_some()) {
        let undo = stop::Undo {
            what: what.as_str().to_owned(),
            email: email.to_string(),
            primary: primary.map(|own| own.email.to_string()),
            since: own.verified_at,
        };
        let stop = match can_stop(own, before, cx.ctx.now) {
            true => Some(stop_link(tx, cx, user, &own.email, &undo).await?),
            false => None,
        };
        let notice = Notice {
            user,
            what,
            user_agent: &cx.info.user_agent,
            email: Some(email),
            stop: stop.map(|link| (link, cx.ctx.now + STOP_GOOD_FOR)),
        };
        notice.send(tx, &cx.app, &cx.ctx, &own.email).await?;
    }
    Ok(())
}

async fn stop_link(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    email: &Email,
    undo: &stop::Undo,
) -> web::Result<Secret> {
    let target = links::Target {
        user: Some(user),
        email: Some(email.clone()),
        payload: serde_json::to_value(undo).map_err(web::Error::internal)?,
        ..links::Target::default()
    };
    let token = links::issue(tx, &cx.ctx, STOP, target, STOP_GOOD_FOR).await?;
    Ok(Secret::new(cx.absolute(&portal::STOP.to(token.expose()))))
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    act: &'static str,
    user: UserId,
    id: EmailId,
) -> db::Result<()> {
    let entry = Entry {
        detail: json!({ "address": id }),
        ..Entry::about_user(act, user)
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
