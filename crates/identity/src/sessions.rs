//! Who is signed in at the portal, on which device. Only hashes of tokens are stored.

use db::{Result, Tx, params, sql};
use kernel::{Ctx, CustomerId, Locale, Moment, Secret, UserId, Uuid};
use std::time::Duration;

/// A session that is not used ends after this time.
pub const IDLE: Duration = Duration::from_secs(24 * 3600);
/// Every session ends after this time.
pub const TOTAL: Duration = Duration::from_secs(14 * 24 * 3600);
/// So long a sign-in counts as fresh, for acts that ask for one.
pub const FRESH: Duration = Duration::from_secs(600);

/// A session that is in force.
#[derive(Debug, Clone)]
pub struct UserSession {
    pub session: Uuid,
    pub user: UserId,
    pub name: String,
    /// The language of the user's mails.
    pub locale: Locale,
    /// The language of pages, if the user has chosen one.
    pub language: Option<Locale>,
    pub seen: Moment,
    pub fresh_until: Moment,
    /// The customer the user acts for.
    pub acting: Option<CustomerId>,
    /// The user must have a second factor, and has none: nothing opens but the pages to set it up.
    pub factor_due: bool,
}

kernel::row! {
    struct Row {
        id: Uuid,
        user_id: UserId,
        customer_id: Option<CustomerId>,
        seen_at: Moment,
        fresh_until: Moment,
        first_name: String,
        last_name: String,
        locale: Locale,
        language: Option<Locale>,
        second_factor: bool,
        second_factor_required: bool,
    }
}

/// Signs the user in; gives the token for the cookie. The caller writes the audit line and ends the session that the
/// browser had before.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    customer: Option<CustomerId>,
    info: &web::Info,
) -> Result<Secret> {
    let token = ctx.world.token();
    let stmt = sql!(
        "INSERT INTO sessions (id, token_hash, user_id, customer_id, created_at, seen_at, fresh_until, user_agent, network) \
         VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)"
    );
    let params = params![
        ctx.id::<Uuid>(),
        web::token_hash(&token),
        user,
        customer,
        ctx.now,
        ctx.now + FRESH,
        &info.user_agent,
        &info.network
    ];
    tx.exec(stmt, params).await?;
    Ok(Secret::new(token))
}

/// The session of a hashed token, unless it has ended.
pub async fn by_token(tx: &mut Tx, token: [u8; 32], now: Moment) -> Result<Option<UserSession>> {
    let stmt = sql!(
        Row,
        "SELECT s.id, s.user_id, s.customer_id, s.seen_at, s.fresh_until, u.first_name, u.last_name, u.locale, u.language, \
         u.second_factor, u.second_factor_required \
         FROM sessions s JOIN users u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND s.seen_at > $2 AND s.created_at > $3"
    );
    let row = tx
        .opt(stmt, params![token, now - IDLE, now - TOTAL])
        .await?;
    Ok(row.map(|row| UserSession {
        session: row.id,
        user: row.user_id,
        name: crate::users::full_name(&row.first_name, &row.last_name),
        locale: row.locale,
        language: row.language,
        seen: row.seen_at,
        fresh_until: row.fresh_until,
        acting: row.customer_id,
        factor_due: row.second_factor_required && !row.second_factor,
    }))
}

/// Whether it has not been ended.
pub async fn stands(tx: &mut Tx, session: Uuid) -> Result<bool> {
    let stmt = sql!((Uuid,), "SELECT id FROM sessions WHERE id = $1");
    Ok(tx.opt(stmt, params![session]).await?.is_some())
}

/// Notes that the session is in use.
pub async fn touch(tx: &mut Tx, session: Uuid, now: Moment) -> Result<()> {
    let stmt = sql!("UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2");
    tx.exec(stmt, params![session, now]).await.map(drop)
}

/// Whom the user acts for from now on; the caller has checked the membership.
pub async fn set_acting(tx: &mut Tx, session: Uuid, customer: CustomerId) -> Result<()> {
    let stmt = sql!("UPDATE sessions SET customer_id = $2 WHERE id = $1");
    tx.exec(stmt, params![session, customer]).await.map(drop)
}

/// Signs one device out.
pub async fn end(tx: &mut Tx, session: Uuid) -> Result<()> {
    tx.exec(sql!("DELETE FROM sessions WHERE id = $1"), params![session])
        .await
        .map(drop)
}

/// Signs out whoever holds this cookie, for the change of tokens at sign-in.
pub async fn end_token(tx: &mut Tx, token: &str) -> Result<()> {
    let stmt = sql!("DELETE FROM sessions WHERE token_hash = $1");
    tx.exec(stmt, params![web::token_hash(token)])
        .await
        .map(drop)
}

/// Signs all devices out.
pub async fn end_all(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.exec(
        sql!("DELETE FROM sessions WHERE user_id = $1"),
        params![user],
    )
    .await
    .map(drop)
}

/// A new token for a session whose holder has just proven to be its user: the sign-in is fresh again, and the old token
/// is worth nothing. `None` when the session ended meanwhile.
pub async fn renew(tx: &mut Tx, ctx: &Ctx, session: Uuid) -> Result<Option<Secret>> {
    let token = ctx.world.token();
    let stmt = sql!("UPDATE sessions SET token_hash = $2, fresh_until = $3 WHERE id = $1");
    let params = params![session, web::token_hash(&token), ctx.now + FRESH];
    let found = tx.exec(stmt, params).await?;
    Ok((found > 0).then(|| Secret::new(token)))
}

/// Signs all devices out but this one.
pub async fn end_others(tx: &mut Tx, user: UserId, kept: Uuid) -> Result<()> {
    let stmt = sql!("DELETE FROM sessions WHERE user_id = $1 AND id <> $2");
    tx.exec(stmt, params![user, kept]).await.map(drop)
}

/// The customer the user last acted for in a session that is still kept.
pub async fn last_acting(tx: &mut Tx, user: UserId) -> Result<Option<CustomerId>> {
    let stmt = sql!(
        (CustomerId,),
        "SELECT customer_id FROM sessions WHERE user_id = $1 AND customer_id IS NOT NULL ORDER BY seen_at DESC LIMIT 1"
    );
    Ok(tx.opt(stmt, params![user]).await?.map(|row| row.0))
}
