//! The steps of a sign-in at the desk.

use super::{Half, acting, line, seal, sealed_at, store, totp};
use crate::factors::recovery;
use crate::throttle;
use db::audit::{self, Entry};
use db::{Error, Result, Tx};
use kernel::{Ctx, Email, Secret, StaffId, Uuid};
use serde_json::json;
use std::time::Duration;

/// So long after the password the code is waited for.
pub const HALF: Duration = Duration::from_secs(900);
/// Bytes of a new second factor's secret (RFC 4226).
const SECRET: usize = 20;

/// How a step ended. Commit in every case: a failed try must count.
pub enum Step {
    /// The token for the cookie.
    On(Secret),
    Wrong,
    /// Not tried at all; after this time it can be.
    Wait(Duration),
}

/// Keys a sign-in is throttled by: known or not, an address is counted as typed. Few tries from one network, so that a
/// stranger elsewhere keeps nobody out, and more from all together.
pub(crate) fn keys(email: &Email, info: &web::Info) -> [String; 3] {
    [
        format!("account:desk:{}:{email}", info.network),
        format!("desk:{email}"),
        format!("network:{}:sign-in", info.network),
    ]
}

/// The first thing that forbids a try now.
pub(crate) async fn wait(tx: &mut Tx, ctx: &Ctx, keys: &[String]) -> Result<Option<Duration>> {
    for key in keys {
        if let Err(wait) = throttle::check(tx, ctx.now, key).await? {
            return Ok(Some(wait));
        }
    }
    Ok(None)
}

/// The password step. `fits` is the hash that the password was verified against, `None` when it did not fit; it is
/// compared with what is stored now.
pub async fn sign_in(
    tx: &mut Tx,
    ctx: &Ctx,
    email: &Email,
    fits: Option<&str>,
    info: &web::Info,
) -> Result<Step> {
    let keys = keys(email, info);
    if let Some(wait) = wait(tx, ctx, &keys).await? {
        return Ok(Step::Wait(wait));
    }
    let known = store::credential(tx, email).await?;
    let [account, everywhere, _] = &keys;
    match known {
        Some(known) if fits.is_some() && known.password.as_deref() == fits => {
            throttle::succeed(tx, account).await?;
            throttle::succeed(tx, everywhere).await?;
            Ok(Step::On(open(tx, ctx, known.id, info).await?))
        }
        known => {
            for key in &keys {
                throttle::fail(tx, ctx.now, key).await?;
            }
            let entry = Entry {
                act: "staff.sign_in_failed",
                customer: None,
                subject: "staff",
                subject_id: known.map(|known| known.id.to_string()).unwrap_or_default(),
                detail: json!({ "email": email.masked(), "network": info.network }),
            };
            audit::record(tx, ctx, entry).await?;
            Ok(Step::Wrong)
        }
    }
}

/// The invitation's password is set; gives the token of a session that waits for the second factor.
pub async fn accept(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    hash: &str,
    info: &web::Info,
) -> Result<Secret> {
    let ctx = &acting(ctx, staff);
    store::set_password(tx, staff, hash).await?;
    store::end_all(tx, staff).await?;
    audit::record(tx, ctx, line("staff.password_set", staff, json!({}))).await?;
    open(tx, ctx, staff, info).await
}

/// A session without any step, for tests and the bench; whole when `done`, otherwise it waits for its code.
pub async fn open_session(
    tx: &mut Tx,
    ctx: &Ctx,
    staff: StaffId,
    info: &web::Info,
    done: bool,
) -> Result<Secret> {
    let (session, token) = begin(tx, ctx, staff, info).await?;
    if done {
        store::finish(tx, session, web::token_hash(token.expose()), ctx.now).await?;
    }
    Ok(token)
}

async fn open(tx: &mut Tx, ctx: &Ctx, staff: StaffId, info: &web::Info) -> Result<Secret> {
    Ok(begin(tx, ctx, staff, info).await?.1)
}

async fn begin(tx: &mut Tx, ctx: &Ctx, staff: StaffId, info: &web::Info) -> Result<(Uuid, Secret)> {
    let token = ctx.world.token();
    let id: Uuid = ctx.id();
    // drawn here because the page that shows it must not write
    let pending = match store::totp(tx, staff).await? {
        Some(_) => None,
        None => Some(seal(&ctx.world, staff, &ctx.world.bytes::<SECRET>())?),
    };
    store::open(tx, ctx, id, staff, web::token_hash(&token), pending, info).await?;
    Ok((id, Secret::new(token)))
}

/// The session of this token that waits for its second factor.
pub async fn half(tx: &mut Tx, ctx: &Ctx, token: &str) -> Result<Option<Half>> {
    store::half(tx, web::token_hash(token), ctx.now, HALF).await
}

/// What a first sign-in shows: the new secret.
pub struct SetUp {
    pub picture: Option<String>,
    pub text: String,
}

impl Half {
    /// Whether the second factor is still to be set up.
    pub fn is_first(&self) -> bool {
        self.totp_sealed.is_none()
    }

    /// The new secret in both forms; `issuer` is the provider's name.
    pub fn set_up(&self, ctx: &Ctx, issuer: &str) -> Result<SetUp> {
        let secret = self.secret(ctx)?;
        let picture = totp::picture(&secret, issuer, self.email.as_str());
        Ok(SetUp {
            picture,
            text: totp::text(&secret),
        })
    }

    fn secret(&self, ctx: &Ctx) -> Result<Vec<u8>> {
        let sealed = self
            .totp_sealed
            .as_ref()
            .or(self.totp_pending.as_ref())
            .ok_or(Error::Missing)?;
        ctx.world
            .open(&sealed_at(self.staff), sealed)
            .map_err(|error| Error::Other(error.into()))
    }
}

/// The code step; sets the second factor up when this is the first sign-in. A code is good once, and so is a recovery
/// code, which comes hashed ([`crate::factors::recovery::hash`]). The delay is the person's, not the session's.
pub async fn second_factor(
    tx: &mut Tx,
    ctx: &Ctx,
    half: &Half,
    typed: &str,
    recovery: Option<[u8; 32]>,
) -> Result<Step> {
    let ctx = &acting(ctx, half.staff);
    let key = format!("account:code:{}", half.staff);
    if let Err(wait) = throttle::check(tx, ctx.now, &key).await? {
        return Ok(Step::Wait(wait));
    }
    let recovered = match recovery {
        Some(hash) if !half.is_first() => recovery::spend(tx, ctx.now, half.staff.0, hash).await?,
        _ => false,
    };
    let taken = match totp::step_of(&half.secret(ctx)?, typed, ctx.now) {
        None => recovered,
        Some(step) => match (&half.totp_sealed, &half.totp_pending) {
            (None, Some(pending)) => {
                store::set_totp(tx, half.staff, pending.clone(), Some(step)).await?
            }
            _ => store::use_step(tx, half.staff, step).await?,
        },
    };
    if !taken {
        throttle::fail(tx, ctx.now, &key).await?;
        audit::record(tx, ctx, line("staff.code_failed", half.staff, json!({}))).await?;
        return Ok(Step::Wrong);
    }
    throttle::succeed(tx, &key).await?;
    if half.is_first() {
        audit::record(
            tx,
            ctx,
            line("staff.second_factor_set_up", half.staff, json!({})),
        )
        .await?;
    }
    if recovered {
        let detail = json!({ "left": recovery::left(tx, half.staff.0).await? });
        let entry = line("staff.recovery_code_used", half.staff, detail);
        audit::record(tx, ctx, entry).await?;
    }
    audit::record(tx, ctx, line("staff.signed_in", half.staff, json!({}))).await?;
    let token = ctx.world.token();
    store::finish(tx, half.session, web::token_hash(&token), ctx.now).await?;
    store::touch(tx, half.session, ctx.now).await?;
    Ok(Step::On(Secret::new(token)))
}
