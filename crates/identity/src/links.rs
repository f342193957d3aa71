//! Mailed links that let somebody do something once. Only the hash of the token is stored.

use db::{Result, Tx, params, sql};
use kernel::{Ctx, Email, Moment, Secret, StaffId, UserId, Uuid};
use serde::de::DeserializeOwned;
use std::time::Duration;

kernel::row! {
    /// What a link stands for.
    #[derive(Debug, Clone)]
    pub struct Link {
        pub id: Uuid,
        pub user: Option<UserId>,
        pub staff: Option<StaffId>,
        pub email: Option<Email>,
        // JSON, as issued
        pub payload: String,
        pub expires_at: Moment,
        pub used_at: Option<Moment>,
    }
}

impl Link {
    /// The payload as it was issued; `None` when it is of another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.payload).ok()
    }
}

/// Whom and what a link is for; `..Target::default()` leaves the rest empty.
#[derive(Debug, Clone, Default)]
pub struct Target {
    pub user: Option<UserId>,
    pub staff: Option<StaffId>,
    pub email: Option<Email>,
    pub payload: serde_json::Value,
}

/// How a link stands.
#[derive(Debug, Clone)]
pub enum LinkState {
    Good(Link),
    Used,
    Expired,
    /// Altered, of another kind, or so old that it was swept.
    Unknown,
}

impl LinkState {
    /// Key part of the text that explains it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            LinkState::Good(_) => "good",
            LinkState::Used => "used",
            LinkState::Expired => "expired",
            LinkState::Unknown => "unknown",
        }
    }
}

/// A new link; gives the token for its address. `kind` stays the same over releases (`activation`).
pub async fn issue(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    target: Target,
    ttl: Duration,
) -> Result<Secret> {
    let token = ctx.world.token();
    let stmt = sql!(
        "INSERT INTO links (id, hash, kind, user_id, staff_id, email, payload, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let params = params![
        ctx.id::<Uuid>(),
        web::token_hash(&token),
        kind,
        target.user,
        target.staff,
        target.email,
        target.payload.to_string(),
        ctx.now,
        ctx.now + ttl
    ];
    tx.exec(stmt, params).await?;
    Ok(Secret::new(token))
}

/// How the link stands; changes nothing, so that prefetching does no harm.
pub async fn peek(tx: &mut Tx, kind: &str, token: &str, now: Moment) -> Result<LinkState> {
    let stmt = sql!(
        Link,
        "SELECT id, user_id AS \"user\", staff_id AS staff, email, payload, expires_at, used_at \
         FROM links WHERE hash = $1 AND kind = $2"
    );
    let found = tx.opt(stmt, params![web::token_hash(token), kind]).await?;
    Ok(match found {
        None => LinkState::Unknown,
        Some(link) if link.used_at.is_some() => LinkState::Used,
        Some(link) if link.expires_at <= now => LinkState::Expired,
        Some(link) => LinkState::Good(link),
    })
}

/// Uses the link up, in the transaction of the act it allows. `Err` says why it is not good any more; of two who
/// spend it at once, one gets it.
pub async fn spend(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    token: &str,
) -> Result<std::result::Result<Link, LinkState>> {
    let stmt = sql!(
        Link,
        "UPDATE links SET used_at = $3 WHERE hash = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3 \
         RETURNING id, user_id AS \"user\", staff_id AS staff, email, payload, expires_at, used_at"
    );
    let spent = tx
        .opt(stmt, params![web::token_hash(token), kind, ctx.now])
        .await?;
    match spent {
        Some(link) => Ok(Ok(link)),
        None => Ok(Err(peek(tx, kind, token, ctx.now).await?)),
    }
}

/// Ends all open links of this kind to an address: a newer one takes their place.
pub async fn end_for_email(tx: &mut Tx, ctx: &Ctx, kind: &str, email: &Email) -> Result<()> {
    let stmt = sql!(
        "UPDATE links SET expires_at = $3, payload = 'null' \
         WHERE email = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3"
    );
    tx.exec(stmt, params![email, kind, ctx.now]).await.map(drop)
}

/// Ends all open links of this kind to a user.
pub async fn end_for_user(tx: &mut Tx, ctx: &Ctx, kind: &str, user: UserId) -> Result<()> {
    let stmt = sql!(
        "UPDATE links SET expires_at = $3, payload = 'null' \
         WHERE user_id = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3"
    );
    tx.exec(stmt, params![user, kind, ctx.now]).await.map(drop)
}

/// Ends all open links of this kind to one address of a user.
pub async fn end_for_user_email(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    user: UserId,
    email: &Email,
) -> Result<()> {
    let stmt = sql!(
        "UPDATE links SET expires_at = $4, payload = 'null' \
         WHERE user_id = $1 AND email = $2 AND kind = $3 AND used_at IS NULL AND expires_at > $4"
    );
    let params = params![user, email, kind, ctx.now];
    tx.exec(stmt, params).await.map(drop)
}

/// Ends all open links of this kind to a member of staff.
pub async fn end_for_staff(tx: &mut Tx, ctx: &Ctx, kind: &str, staff: StaffId) -> Result<()> {
    let stmt = sql!(
        "UPDATE links SET expires_at = $3, payload = 'null' \
         WHERE staff_id = $1 AND kind = $2 AND used_at IS NULL AND expires_at > $3"
    );
    tx.exec(stmt, params![staff, kind, ctx.now]).await.map(drop)
}
