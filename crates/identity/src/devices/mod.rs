//! Browsers in which a user has signed in before, and where a user is signed in now (AUTH-8).
//!
//! A browser keeps a random token for long; it opens nothing. It gives this user, on this device, a count of failed
//! tries that nobody else can use up, and a sign-in from elsewhere is told by mail.

pub mod portal;
mod store;
mod words;

pub use words::Device;

use crate::factors::line;
use db::{Result, Tx, audit};
use kernel::{Ctx, Moment, Secret, UserId, Uuid};
use serde_json::json;
use std::time::Duration;

kernel::typed_id!(/** A browser, as one user's. */ DeviceId);

/// A browser in which nobody has signed in for so long is forgotten.
pub const KEPT: Duration = Duration::from_secs(400 * 24 * 3600);

/// Browser and system of this request, in words.
pub fn device_words(cx: &web::Cx, user_agent: &str) -> String {
    Device::of(user_agent).label(cx.app.texts(), cx.ctx.locale)
}

impl DeviceId {
    /// The throttle of this user in this browser.
    pub fn key(self) -> String {
        format!("device:{self}")
    }
}

/// The device of a browser's token, if this very user has signed in there. The same work for nobody.
pub async fn known(
    tx: &mut Tx,
    user: Option<UserId>,
    token: Option<&str>,
    now: Moment,
) -> Result<Option<DeviceId>> {
    let Some(token) = token else { return Ok(None) };
    let user = user.unwrap_or(UserId(Uuid::nil()));
    store::find(tx, user, web::token_hash(token), now - KEPT).await
}

/// A sign-in that has succeeded, seen from its browser.
pub struct Welcome {
    /// For the browser's cookie.
    pub token: Secret,
    pub device: DeviceId,
    /// This user was not seen in this browser before.
    pub is_new: bool,
    /// The user was not seen in any browser before.
    pub is_first: bool,
}

/// Notes that the user has signed in there, with the session of this token.
pub async fn welcome(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    token: Option<&str>,
    session: &Secret,
) -> Result<Welcome> {
    let welcome = match known(tx, Some(user), token, ctx.now).await? {
        Some(device) => {
            store::seen(tx, user, device, ctx.now).await?;
            Welcome {
                token: Secret::new(token.unwrap_or_default()),
                device,
                is_new: false,
                is_first: false,
            }
        }
        None => greet(tx, ctx, user, token).await?,
    };
    let session = web::token_hash(session.expose());
    store::join(tx, user, session, welcome.device).await?;
    Ok(welcome)
}

async fn greet(tx: &mut Tx, ctx: &Ctx, user: UserId, token: Option<&str>) -> Result<Welcome> {
    let is_first = !store::any(tx, user).await?;
    let new = ctx.world.token();
    let hash = web::token_hash(&new);
    // a token that somebody else put into the browser, or read there, is worth nothing from here on
    if let Some(old) = token {
        store::renew(tx, user, web::token_hash(old), hash).await?;
    }
    Ok(Welcome {
        device: store::insert(tx, ctx, user, hash).await?,
        token: Secret::new(new),
        is_new: true,
        is_first,
    })
}

/// Ends one of the user's sessions, and forgets its browser; `false` when there is none.
pub async fn end(tx: &mut Tx, ctx: &Ctx, user: UserId, session: Uuid) -> Result<bool> {
    let Some(device) = store::end(tx, user, session).await? else {
        return Ok(false);
    };
    if let Some(device) = device {
        store::forget(tx, user, device).await?;
    }
    audit::record(tx, ctx, line("device.ended", user, json!({}))).await?;
    Ok(true)
}

/// Ends all of the user's sessions but this one, and forgets their browsers.
pub async fn end_others(tx: &mut Tx, ctx: &Ctx, user: UserId, keep: Uuid) -> Result<()> {
    crate::sessions::end_others(tx, user, keep).await?;
    store::forget_others(tx, user, keep).await?;
    audit::record(tx, ctx, line("device.others_ended", user, json!({}))).await?;
    Ok(())
}

pub(crate) async fn sweep(tx: &mut Tx, now: Moment) -> Result<()> {
    store::sweep(tx, now - KEPT).await
}
