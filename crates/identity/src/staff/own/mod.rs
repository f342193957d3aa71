//! What a member of staff changes of themselves: password, language, recovery codes, sessions.

pub mod desk;

use super::team::store as team;
use super::{line, store};
use crate::factors::recovery;
use crate::{Hasher, throttle};
use db::{Result, Tx, audit, params, sql};
use kernel::{Ctx, Locale, Secret, StaffId, Uuid};
use serde_json::json;
use std::time::Duration;
use web::Cx;

/// Why a change of the sign-in is refused.
pub enum Refused {
    /// The present one is another.
    Wrong,
    /// Too many tries: after this time.
    Wait(Duration),
    New(web::Fault),
}

kernel::row! {
    struct Known { name: String, email: kernel::Email, password: Option<String> }
}

async fn known(tx: &mut Tx, staff: StaffId) -> Result<Known> {
    let stmt = sql!(
        Known,
        "SELECT name, email, password FROM staff WHERE id = $1"
    );
    tx.one(stmt, params![staff]).await
}

fn key(staff: StaffId) -> String {
    format!("account:own:{staff}")
}

/// Whether the present password was typed. Before the transaction opens.
pub async fn confirm(
    cx: &Cx,
    staff: StaffId,
    current: &Secret,
) -> web::Result<std::result::Result<(), Refused>> {
    Ok(proven(cx, staff, current).await?.map(drop))
}

/// The hash of the new password, if the present one was typed and the new one is good. Before the transaction opens.
pub async fn prepare(
    cx: &Cx,
    staff: StaffId,
    current: &Secret,
    new: &Secret,
) -> web::Result<std::result::Result<String, Refused>> {
    let known = match proven(cx, staff, current).await? {
        Ok(known) => known,
        Err(refused) => return Ok(Err(refused)),
    };
    let provider = cx.app.settings().provider_name.clone();
    let personal = [known.name.as_str(), known.email.as_str(), provider.as_str()];
    if let Err(fault) = crate::password_rule(new, &personal) {
        return Ok(Err(Refused::New(fault)));
    }
    Ok(Ok(Hasher::of(&cx.app)?.hash(new).await?))
}

async fn proven(
    cx: &Cx,
    staff: StaffId,
    current: &Secret,
) -> web::Result<std::result::Result<Known, Refused>> {
    let mut tx = cx.read().await?;
    if let Err(wait) = throttle::check(&mut tx, cx.ctx.now, &key(staff)).await? {
        return Ok(Err(Refused::Wait(wait)));
    }
    let known = known(&mut tx, staff).await?;
    drop(tx);
    let hasher = Hasher::of(&cx.app)?;
    let fits = hasher.verify(known.password.as_deref(), current).await?;
    let mut tx = cx.app.db().begin().await?;
    // of many tries at once only the free ones get an answer
    if let Err(wait) = throttle::check(&mut tx, cx.ctx.now, &key(staff)).await? {
        return Ok(Err(Refused::Wait(wait)));
    }
    if !fits {
        throttle::fail(&mut tx, cx.ctx.now, &key(staff)).await?;
        audit::record(
            &mut tx,
            &cx.ctx,
            line("staff.password_refused", staff, json!({})),
        )
        .await?;
        tx.commit().await?;
        return Ok(Err(Refused::Wrong));
    }
    Ok(Ok(known))
}

/// Sets the password; all other sessions end, and this one goes on with the token that is given.
pub async fn change_password(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    session: Uuid,
    hash: &str,
) -> Result<Secret> {
    store::set_password(tx, staff, hash).await?;
    throttle::succeed(tx, &key(staff)).await?;
    team::end_others(tx, staff, session).await?;
    audit::record(tx, ctx, line("staff.password_set", staff, json!({}))).await?;
    let token = ctx.world.token();
    let stmt = sql!("UPDATE staff_sessions SET token_hash = $2 WHERE id = $1");
    tx.exec(stmt, params![session, web::token_hash(&token)])
        .await?;
    Ok(Secret::new(token))
}

/// The language of pages and mails from now on.
pub async fn change_language(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    language: Locale,
) -> Result<()> {
    let stmt = sql!("UPDATE staff SET language = $2, locale = $2 WHERE id = $1");
    tx.exec(stmt, params![staff, language]).await?;
    let detail = json!({ "language": language });
    audit::record(tx, ctx, line("staff.language_changed", staff, detail))
        .await
        .map(drop)
}

/// Ten new recovery codes in the place of the old ones.
pub async fn new_codes(tx: &mut Tx, ctx: &Ctx, staff: StaffId, set: &recovery::Set) -> Result<()> {
    recovery::replace(tx, ctx, staff.0, set).await?;
    throttle::succeed(tx, &key(staff)).await?;
    audit::record(tx, ctx, line("staff.recovery_codes_made", staff, json!({})))
        .await
        .map(drop)
}

/// Ends one session of one's own, or all others.
pub async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    here: Uuid,
    session: Option<Uuid>,
) -> Result<()> {
    let ended = match session {
        Some(session) => team::end_one(tx, staff, session).await?,
        None => team::end_others(tx, staff, here).await? > 0,
    };
    if !ended {
        return Ok(());
    }
    let detail = json!({ "all": session.is_none() });
    audit::record(tx, ctx, line("staff.sessions_ended", staff, detail))
        .await
        .map(drop)
}
