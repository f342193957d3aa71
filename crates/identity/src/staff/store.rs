//! All SQL on staff and their sessions.

use super::Role;
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Email, Locale, Moment, StaffId, Uuid};
use std::time::Duration;

kernel::row! {
    /// One of the provider's people.
    #[derive(Debug, Clone)]
    pub struct StaffRow {
        pub id: StaffId,
        pub name: String,
        pub email: Email,
        pub role: Role,
        pub active: bool,
        pub last_seen: Option<Moment>,
    }
}

kernel::row! {
    /// What a sign-in is compared with.
    pub struct Credential {
        pub id: StaffId,
        pub password: Option<String>,
    }
}

kernel::row! {
    /// A sign-in that waits for its second factor.
    pub struct Half {
        pub session: Uuid,
        pub staff: StaffId,
        pub name: String,
        pub email: Email,
        pub totp_sealed: Option<Vec<u8>>,
        pub totp_step: Option<i64>,
        pub totp_pending: Option<Vec<u8>>,
    }
}

kernel::row! {
    pub struct Full {
        pub session: Uuid,
        pub staff: StaffId,
        pub name: String,
        pub role: Role,
        pub language: Option<Locale>,
        pub seen: Moment,
    }
}

/// What a new member of staff begins with.
pub struct New<'a> {
    pub email: &'a Email,
    pub name: &'a str,
    pub role: Role,
    pub locale: Locale,
    pub password: Option<&'a str>,
}

pub async fn insert(tx: &mut Tx, ctx: &Ctx, new: New<'_>) -> Result<StaffId> {
    let id: StaffId = ctx.id();
    let stmt = sql!(
        "INSERT INTO staff (id, email, name, role, locale, password, active, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, TRUE, $7)"
    );
    let params = params![
        id,
        new.email,
        new.name,
        new.role,
        new.locale,
        new.password,
        ctx.now
    ];
    tx.exec(stmt, params).await?;
    Ok(id)
}

pub async fn list(tx: &mut Tx) -> Result<Vec<StaffRow>> {
    let stmt = sql!(
        StaffRow,
        "SELECT id, name, email, role, active, last_seen FROM staff ORDER BY name, id"
    );
    tx.all(stmt, params![]).await
}

/// Whether there is anybody at all.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let stmt = sql!((StaffId,), "SELECT id FROM staff LIMIT 1");
    Ok(tx.opt(stmt, params![]).await?.is_some())
}

pub async fn by_id(tx: &mut Tx, staff: StaffId) -> Result<Option<StaffRow>> {
    let stmt = sql!(
        StaffRow,
        "SELECT id, name, email, role, active, last_seen FROM staff WHERE id = $1"
    );
    tx.opt(stmt, params![staff]).await
}

pub async fn by_email(tx: &mut Tx, email: &Email) -> Result<Option<StaffRow>> {
    let stmt = sql!(
        StaffRow,
        "SELECT id, name, email, role, active, last_seen FROM staff WHERE email = $1"
    );
    tx.opt(stmt, params![email]).await
}

pub async fn credential(tx: &mut Tx, email: &Email) -> Result<Option<Credential>> {
    let stmt = sql!(
        Credential,
        "SELECT id, password FROM staff WHERE email = $1 AND active = TRUE"
    );
    tx.opt(stmt, params![email]).await
}

pub async fn set_password(tx: &mut Tx, staff: StaffId, hash: &str) -> Result<()> {
    let stmt = sql!("UPDATE staff SET password = $2 WHERE id = $1");
    tx.exec(stmt, params![staff, hash]).await.map(drop)
}

/// Sealed secret of the second factor.
pub async fn totp(tx: &mut Tx, staff: StaffId) -> Result<Option<Vec<u8>>> {
    let stmt = sql!(
        (Option<Vec<u8>>,),
        "SELECT totp_sealed FROM staff WHERE id = $1"
    );
    Ok(tx.opt(stmt, params![staff]).await?.and_then(|row| row.0))
}

/// Sets up the second factor; `false` when another session was first.
pub async fn set_totp(
    tx: &mut Tx,
    staff: StaffId,
    sealed: Vec<u8>,
    step: Option<i64>,
) -> Result<bool> {
    let stmt = sql!(
        "UPDATE staff SET totp_sealed = $2, totp_step = $3 WHERE id = $1 AND totp_sealed IS NULL"
    );
    Ok(tx.exec(stmt, params![staff, sealed, step]).await? == 1)
}

/// Uses a step up; `false` when it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, staff: StaffId, step: i64) -> Result<bool> {
    let stmt = sql!(
        "UPDATE staff SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2)"
    );
    Ok(tx.exec(stmt, params![staff, step]).await? == 1)
}

/// Takes password and second factor away.
pub async fn clear(tx: &mut Tx, staff: StaffId) -> Result<()> {
    let stmt = sql!(
        "UPDATE staff SET password = NULL, totp_sealed = NULL, totp_step = NULL WHERE id = $1"
    );
    tx.exec(stmt, params![staff]).await.map(drop)
}

/// A session that waits for its second factor.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    id: Uuid,
    staff: StaffId,
    token: [u8; 32],
    pending: Option<Vec<u8>>,
    info: &web::Info,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO staff_sessions \
         (id, token_hash, staff_id, second_factor_done, totp_pending, created_at, seen_at, user_agent, network) \
         VALUES ($1, $2, $3, FALSE, $4, $5, $5, $6, $7)"
    );
    let params = params![
        id,
        token,
        staff,
        pending,
        ctx.now,
        &info.user_agent,
        &info.network
    ];
    tx.exec(stmt, params).await.map(drop)
}

pub async fn half(
    tx: &mut Tx,
    token: [u8; 32],
    now: Moment,
    longest: Duration,
) -> Result<Option<Half>> {
    let stmt = sql!(
        Half,
        "SELECT s.id AS session, s.staff_id AS staff, t.name, t.email, t.totp_sealed, t.totp_step, s.totp_pending \
         FROM staff_sessions s JOIN staff t ON t.id = s.staff_id \
         WHERE s.token_hash = $1 AND s.second_factor_done = FALSE AND s.created_at > $2 AND t.active = TRUE"
    );
    tx.opt(stmt, params![token, now - longest]).await
}

/// The whole session under a token of its own.
pub async fn finish(tx: &mut Tx, session: Uuid, token: [u8; 32], now: Moment) -> Result<()> {
    let stmt = sql!(
        "UPDATE staff_sessions SET token_hash = $2, second_factor_done = TRUE, totp_pending = NULL, \
         created_at = $3, seen_at = $3 WHERE id = $1"
    );
    tx.exec(stmt, params![session, token, now]).await.map(drop)
}

pub async fn full(
    tx: &mut Tx,
    token: [u8; 32],
    now: Moment,
    idle: Duration,
    total: Duration,
) -> Result<Option<Full>> {
    let stmt = sql!(
        Full,
        "SELECT s.id AS session, s.staff_id AS staff, t.name, t.role, t.language, s.seen_at AS seen \
         FROM staff_sessions s JOIN staff t ON t.id = s.staff_id \
         WHERE s.token_hash = $1 AND s.second_factor_done = TRUE AND s.seen_at > $2 AND s.created_at > $3 \
         AND t.active = TRUE"
    );
    tx.opt(stmt, params![token, now - idle, now - total]).await
}

/// Whether it has not been ended.
pub async fn stands(tx: &mut Tx, session: Uuid) -> Result<bool> {
    let stmt = sql!((Uuid,), "SELECT id FROM staff_sessions WHERE id = $1");
    Ok(tx.opt(stmt, params![session]).await?.is_some())
}

pub async fn touch(tx: &mut Tx, session: Uuid, now: Moment) -> Result<()> {
    let stmt = sql!("UPDATE staff_sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2");
    tx.exec(stmt, params![session, now]).await?;
    let stmt = sql!(
        "UPDATE staff SET last_seen = $2 WHERE id = (SELECT staff_id FROM staff_sessions WHERE id = $1)"
    );
    tx.exec(stmt, params![session, now]).await.map(drop)
}

pub async fn end(tx: &mut Tx, session: Uuid) -> Result<()> {
    tx.exec(
        sql!("DELETE FROM staff_sessions WHERE id = $1"),
        params![session],
    )
    .await
    .map(drop)
}

pub async fn end_token(tx: &mut Tx, token: [u8; 32]) -> Result<()> {
    let stmt = sql!("DELETE FROM staff_sessions WHERE token_hash = $1");
    tx.exec(stmt, params![token]).await.map(drop)
}

pub async fn end_all(tx: &mut Tx, staff: StaffId) -> Result<()> {
    let stmt = sql!("DELETE FROM staff_sessions WHERE staff_id = $1");
    tx.exec(stmt, params![staff]).await.map(drop)
}
