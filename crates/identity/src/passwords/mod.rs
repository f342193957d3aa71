//! The stored password of a user: a hash in PHC form, never the password.

pub mod portal;

use crate::devices;
use crate::factors::halves;
use crate::notices::{self, What};
use crate::{Hasher, links, password_rule, reset, sessions, throttle, users};
use db::audit::{self, Entry};
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Secret, UserId};
use std::time::Duration;
use web::{App, Cx, Fault};

/// Sets or replaces the password. `hash` comes from [`crate::Hasher::hash`], made before the transaction. Links that
/// would have set another one end, and so do sign-ins that wait for the second factor.
pub async fn set(tx: &mut Tx, ctx: &Ctx, user: UserId, hash: &str) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at"
    );
    tx.exec(stmt, params![user, hash, ctx.now]).await?;
    links::end_for_user(tx, ctx, reset::LINK, user).await?;
    halves::end_all(tx, user).await?;
    note(tx, ctx, "user.password_set", user).await
}

async fn note(tx: &mut Tx, ctx: &Ctx, act: &'static str, user: UserId) -> Result<()> {
    let entry = Entry::about_user(act, user);
    audit::record(tx, ctx, entry).await.map(drop)
}

/// What to verify against; `None` when the user has no password.
pub async fn hash_of(tx: &mut Tx, user: UserId) -> Result<Option<String>> {
    let stmt = sql!((String,), "SELECT hash FROM passwords WHERE user_id = $1");
    Ok(tx.opt(stmt, params![user]).await?.map(|row| row.0))
}

/// What makes a password of this user easy to guess: names and addresses, the customers, the provider.
pub async fn personal(tx: &mut Tx, app: &App, user: UserId) -> Result<Vec<String>> {
    let mut words = Vec::new();
    if let Some(person) = users::by_id(tx, user).await? {
        words.extend([person.first_name, person.last_name]);
    }
    let emails = users::emails(tx, user).await?;
    words.extend(emails.into_iter().map(|own| own.email.to_string()));
    let customers = app.customers_of(tx, user).await?;
    words.extend(customers.into_iter().map(|(_, name)| name));
    words.push(app.settings().provider_name.clone());
    Ok(words)
}

/// As [`password_rule`], for this user.
pub async fn rule(
    tx: &mut Tx,
    app: &App,
    user: UserId,
    password: &Secret,
) -> Result<std::result::Result<(), Fault>> {
    let words = personal(tx, app, user).await?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(password_rule(password, &words))
}

/// Why a password is not changed.
pub enum Refused {
    /// Belongs to the field of the present password.
    Wrong,
    /// Belongs to the field of the new one.
    New(Fault),
    Wait(Duration),
}

/// The first half of a change, before the transaction: checks the present password, counting a wrong one, and gives
/// the hash of the new one for [`change`].
///
/// # Errors
/// [`web::Error::SignIn`] for nobody, `Busy` when too many passwords are being checked, and when the database is away.
pub async fn prepare(
    cx: &Cx,
    present: &Secret,
    new: &Secret,
) -> web::Result<std::result::Result<String, Refused>> {
    let user = cx.user().ok_or(web::Error::SignIn)?.user;
    let mut tx = cx.read().await?;
    let device = devices::known(&mut tx, Some(user), cx.device_token(), cx.ctx.now).await?;
    let keys = match device {
        // where the browser is known nobody else can use up the tries
        Some(device) => vec![device.key()],
        None => vec![
            format!("account:{user}"),
            format!("network:{}:sign-in", cx.info.network),
        ],
    };
    if let Some(wait) = wait(&mut tx, &cx.ctx, &keys).await? {
        return Ok(Err(Refused::Wait(wait)));
    }
    let hash = hash_of(&mut tx, user).await?;
    let rule = rule(&mut tx, &cx.app, user, new).await?;
    drop(tx);
    let hasher = Hasher::of(&cx.app)?;
    let fits = hasher.verify(hash.as_deref(), present).await?;
    let mut tx = cx.app.db().begin().await?;
    // of many tries at once only the free ones get an answer
    if let Some(wait) = wait(&mut tx, &cx.ctx, &keys).await? {
        return Ok(Err(Refused::Wait(wait)));
    }
    if !fits {
        for key in &keys {
            throttle::fail(&mut tx, cx.ctx.now, key).await?;
        }
        note(&mut tx, &cx.ctx, "user.password_refused", user).await?;
        tx.commit().await?;
        return Ok(Err(Refused::Wrong));
    }
    drop(tx);
    if let Err(fault) = rule {
        return Ok(Err(Refused::New(fault)));
    }
    Ok(Ok(hasher.hash(new).await?))
}

async fn wait(tx: &mut Tx, ctx: &Ctx, keys: &[String]) -> Result<Option<Duration>> {
    for key in keys {
        if let Err(wait) = throttle::check(tx, ctx.now, key).await? {
            return Ok(Some(wait));
        }
    }
    Ok(None)
}

/// The second half: stores the hash of [`prepare`], signs all other devices out, tells the user by mail, and gives this
/// device a new token (for `cx.set_session`).
///
/// # Errors
/// [`web::Error::SignIn`] when the session ended meanwhile, and when the database is away.
pub async fn change(tx: &mut Tx, cx: &Cx, hash: &str) -> web::Result<Secret> {
    let session = cx.user().ok_or(web::Error::SignIn)?;
    let token = sessions::renew(tx, &cx.ctx, session.session).await?;
    let token = token.ok_or(web::Error::SignIn)?;
    set(tx, &cx.ctx, session.user, hash).await?;
    sessions::end_others(tx, session.user, session.session).await?;
    throttle::succeed(tx, &format!("account:{}", session.user)).await?;
    notices::changed(tx, cx, session.user, What::Password).await?;
    Ok(token)
}
