//! The provider's people: who they are, what they may, how they sign in.
//!
//! A sign-in has two steps. After the password there is a session that opens nothing but the page for the code; after
//! the code it gets a new token and counts.

pub(crate) mod desk;
pub(crate) mod own;
pub(crate) mod pages;
mod role;
mod sign_in;
mod store;
pub mod team;
pub(crate) mod totp;

pub use role::{Role, rights};
pub use sign_in::{HALF, SetUp, Step, accept, half, open_session, second_factor, sign_in};
pub use store::{
    Credential, Half, StaffRow, any, by_email, by_id, credential, end, end_all, list, stands, touch,
};

use crate::links::{self, Target};
use db::audit::{self, Entry};
use db::{Result, Tx};
use kernel::{Actor, Ctx, Email, Moment, Secret, StaffId, World};
use serde_json::json;
use std::time::Duration;

/// A desk session that is not used ends after this time.
pub const IDLE: Duration = Duration::from_secs(3600);
/// Every desk session ends after this time.
pub const TOTAL: Duration = Duration::from_secs(12 * 3600);
/// How long the operator's link for a new member of staff is good.
pub const LINK: Duration = Duration::from_secs(24 * 3600);
/// Kind of that link.
pub const INVITATION: &str = "staff-invitation";

pub(crate) fn sealed_at(staff: StaffId) -> String {
    format!("staff/{staff}/totp")
}

pub(crate) fn line(act: &'static str, staff: StaffId, detail: serde_json::Value) -> Entry {
    Entry {
        act,
        customer: None,
        subject: "staff",
        subject_id: staff.to_string(),
        detail,
    }
}

/// The context of somebody who has just proven to be this member of staff.
pub(crate) fn acting(ctx: &Ctx, staff: StaffId) -> Ctx {
    Ctx {
        actor: Actor::Staff(staff),
        ..ctx.clone()
    }
}

/// A new member of staff; gives the token of the one-time link for [`crate::INVITATION`]. Conflict on `staff.email`
/// when the address is taken.
pub async fn add(tx: &mut Tx, ctx: &Ctx, email: &Email, name: &str, role: Role) -> Result<Secret> {
    let new = store::New {
        email,
        name,
        role,
        locale: ctx.locale,
        password: None,
    };
    let staff = store::insert(tx, ctx, new).await?;
    audit::record(
        tx,
        ctx,
        line("staff.added", staff, json!({ "role": role.as_str() })),
    )
    .await?;
    invite(tx, ctx, staff).await
}

/// Takes password and second factor away, ends all sessions, and gives the token of a new one-time link.
pub async fn reset(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<Secret> {
    store::clear(tx, staff).await?;
    crate::factors::recovery::clear(tx, staff.0).await?;
    store::end_all(tx, staff).await?;
    audit::record(tx, ctx, line("staff.reset", staff, json!({}))).await?;
    invite(tx, ctx, staff).await
}

async fn invite(tx: &mut Tx, ctx: &Ctx, staff: StaffId) -> Result<Secret> {
    links::end_for_staff(tx, ctx, INVITATION, staff).await?;
    let target = Target {
        staff: Some(staff),
        ..Target::default()
    };
    links::issue(tx, ctx, INVITATION, target, LINK).await
}

/// Somebody who can sign in at once, for the demo and tests.
pub struct Seed<'a> {
    pub email: &'a Email,
    pub name: &'a str,
    pub role: Role,
    pub password_hash: &'a str,
    /// 20 bytes.
    pub totp_secret: &'a [u8],
}

/// Needs a world with a master key.
pub async fn seed(tx: &mut Tx, ctx: &Ctx, seed: Seed<'_>) -> Result<StaffId> {
    let password = Some(seed.password_hash);
    let new = store::New {
        email: seed.email,
        name: seed.name,
        role: seed.role,
        locale: ctx.locale,
        password,
    };
    let staff = store::insert(tx, ctx, new).await?;
    let sealed = seal(&ctx.world, staff, seed.totp_secret)?;
    store::set_totp(tx, staff, sealed, None).await?;
    audit::record(
        tx,
        ctx,
        line("staff.added", staff, json!({ "role": seed.role.as_str() })),
    )
    .await?;
    Ok(staff)
}

pub(crate) fn seal(world: &World, staff: StaffId, secret: &[u8]) -> Result<Vec<u8>> {
    world
        .seal(&sealed_at(staff), secret)
        .map_err(|error| db::Error::Other(error.into()))
}

/// The code that the app of this member of staff shows now; `None` without a second factor. For the demo's page.
pub async fn current_code(
    tx: &mut Tx,
    world: &World,
    staff: StaffId,
    now: Moment,
) -> Result<Option<String>> {
    let Some(sealed) = store::totp(tx, staff).await? else {
        return Ok(None);
    };
    let secret = world
        .open(&sealed_at(staff), &sealed)
        .map_err(|error| db::Error::Other(error.into()))?;
    Ok(Some(totp::code(&secret, now)))
}

/// The name of a member of staff; empty when there is no such one.
pub async fn name(tx: &mut Tx, staff: StaffId) -> Result<String> {
    Ok(by_id(tx, staff)
        .await?
        .map(|row| row.name)
        .unwrap_or_default())
}

/// The desk session of a hashed token: only with a finished second factor, and unless it has ended.
pub async fn session(
    tx: &mut Tx,
    token: [u8; 32],
    now: Moment,
) -> Result<Option<web::StaffSession>> {
    let full = store::full(tx, token, now, IDLE, TOTAL).await?;
    Ok(full.map(|full| web::StaffSession {
        session: full.session,
        staff: full.staff,
        name: full.name,
        role: full.role.label(),
        rights: full.role.held(),
        locale: full.language,
        seen: full.seen,
    }))
}
