//! Using the link that undoes a change of addresses.

use super::{PROOF, STOP, note, settle, store};
use crate::links::{self, Link, LinkState};
use crate::notices::What;
use crate::{sessions, users};
use db::Tx;
use kernel::{Actor, Ctx, Email, Moment, UserId};
use serde::{Deserialize, Serialize};
use web::Cx;

/// What is undone, as the link keeps it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Undo {
    pub what: String,
    /// The address that came, went or was made primary.
    pub email: String,
    /// The primary one before.
    pub primary: Option<String>,
    /// Since when the address that got the link was proven.
    #[serde(default)]
    pub since: Option<Moment>,
}

/// What a stop link stands for.
#[derive(Debug, Clone)]
pub struct Stopped {
    pub user: UserId,
    pub what: What,
    pub email: Email,
    /// Whoever reads this address stops the change.
    by: Email,
    since: Option<Moment>,
    /// The primary one before.
    pub primary: Option<Email>,
}

fn read(link: &Link) -> Option<Stopped> {
    let undo: Undo = link.read()?;
    Some(Stopped {
        user: link.user?,
        what: What::parse(&undo.what)?,
        email: Email::parse(&undo.email).ok()?,
        by: link.email.clone()?,
        since: undo.since,
        primary: undo.primary.and_then(|email| Email::parse(&email).ok()),
    })
}

/// Looks at a link without using it.
///
/// # Errors
/// How the link stands when it is not good (inner), and when the database is away.
pub async fn peek_stop(
    tx: &mut Tx,
    cx: &Cx,
    token: &str,
) -> web::Result<Result<Stopped, LinkState>> {
    match links::peek(tx, STOP, token, cx.ctx.now).await? {
        LinkState::Good(link) => Ok(read(&link).ok_or(LinkState::Unknown)),
        other => Ok(Err(other)),
    }
}

/// Uses the link: undoes the change, signs all devices of the user out, and ends links to addresses that are not proven.
///
/// # Errors
/// How the link stands when it is not good any more (inner), and when the database is away.
pub async fn stop(tx: &mut Tx, cx: &Cx, token: &str) -> web::Result<Result<Stopped, LinkState>> {
    let link = match links::spend(tx, &cx.ctx, STOP, token).await? {
        Ok(link) => link,
        Err(state) => return Ok(Err(state)),
    };
    let Some(stopped) = read(&link) else {
        return Ok(Err(LinkState::Unknown));
    };
    let ctx = &Ctx {
        actor: Actor::User(stopped.user),
        ..cx.ctx.clone()
    };
    let id = undo(tx, ctx, &stopped).await?;
    links::end_for_user(tx, ctx, PROOF, stopped.user).await?;
    sessions::end_all(tx, stopped.user).await?;
    note(tx, ctx, "user.email_change_stopped", stopped.user, id).await?;
    settle(tx, ctx, stopped.user).await?;
    Ok(Ok(stopped))
}

async fn undo(tx: &mut Tx, ctx: &Ctx, stopped: &Stopped) -> db::Result<super::EmailId> {
    let user = stopped.user;
    // the one who stops was taken away meanwhile: it was proven, so it comes back, unless it is somebody else's now
    let own = store::all(tx, user).await?;
    let mut id = own
        .iter()
        .find(|own| own.email == stopped.by)
        .map(|own| own.id);
    if id.is_none() && users::by_verified_email(tx, &stopped.by).await?.is_none() {
        let since = stopped.since.unwrap_or(ctx.now);
        id = Some(store::insert(tx, ctx, user, &stopped.by, Some(since)).await?);
    }
    let own = store::all(tx, user).await?;
    let proven = |email: &Email| {
        own.iter()
            .any(|own| own.email == *email && own.verified_at.is_some())
    };
    let primary = own.iter().find(|own| own.is_primary);
    let came = matches!(stopped.what, What::EmailAdded | What::PrimaryChanged);
    if came && primary.is_some_and(|own| own.email == stopped.email) {
        let before = stopped.primary.iter().chain([&stopped.by]);
        if let Some(email) = before
            .filter(|email| **email != stopped.email)
            .find(|email| proven(email))
        {
            store::set_primary(tx, user, email).await?;
        }
    }
    let own = store::all(tx, user).await?;
    let added = own.iter().find(|own| own.email == stopped.email);
    if let (What::EmailAdded, Some(added)) = (stopped.what, added)
        && super::can_go(&own, added)
    {
        id = Some(added.id);
        store::remove(tx, user, &stopped.email).await?;
    }
    Ok(id.unwrap_or(super::EmailId(kernel::Uuid::nil())))
}
