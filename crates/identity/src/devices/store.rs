//! All SQL on devices, and on sessions as their owner sees them.

use super::DeviceId;
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Moment, UserId, Uuid};

pub async fn find(
    tx: &mut Tx,
    user: UserId,
    token: [u8; 32],
    since: Moment,
) -> Result<Option<DeviceId>> {
    let stmt = sql!(
        (DeviceId,),
        "SELECT id FROM devices WHERE user_id = $1 AND token_hash = $2 AND seen_at > $3"
    );
    Ok(tx
        .opt(stmt, params![user, token, since])
        .await?
        .map(|r| r.0))
}

pub async fn any(tx: &mut Tx, user: UserId) -> Result<bool> {
    let stmt = sql!(
        (DeviceId,),
        "SELECT id FROM devices WHERE user_id = $1 LIMIT 1"
    );
    Ok(tx.opt(stmt, params![user]).await?.is_some())
}

pub async fn seen(tx: &mut Tx, user: UserId, device: DeviceId, now: Moment) -> Result<()> {
    let stmt = sql!("UPDATE devices SET seen_at = $3 WHERE user_id = $1 AND id = $2");
    tx.exec(stmt, params![user, device, now]).await.map(drop)
}

/// All users of one browser get a new token together; `user` comes in anew and leaves nothing old behind.
pub async fn renew(tx: &mut Tx, user: UserId, old: [u8; 32], new: [u8; 32]) -> Result<()> {
    let stmt = sql!("DELETE FROM devices WHERE user_id = $1 AND token_hash = $2");
    tx.exec(stmt, params![user, old]).await?;
    let stmt = sql!("UPDATE devices SET token_hash = $2 WHERE token_hash = $1");
    tx.exec(stmt, params![old, new]).await.map(drop)
}

pub async fn insert(tx: &mut Tx, ctx: &Ctx, user: UserId, token: [u8; 32]) -> Result<DeviceId> {
    let id: DeviceId = ctx.id();
    let stmt = sql!(
        "INSERT INTO devices (id, token_hash, user_id, created_at, seen_at) VALUES ($1, $2, $3, $4, $4)"
    );
    tx.exec(stmt, params![id, token, user, ctx.now]).await?;
    Ok(id)
}

/// Notes in which browser the session lives.
pub async fn join(tx: &mut Tx, user: UserId, session: [u8; 32], device: DeviceId) -> Result<()> {
    let stmt = sql!("UPDATE sessions SET device_id = $3 WHERE user_id = $1 AND token_hash = $2");
    tx.exec(stmt, params![user, session, device])
        .await
        .map(drop)
}

kernel::row! {
    /// Where a user is signed in.
    #[derive(Debug, Clone)]
    pub struct Place {
        pub id: Uuid,
        pub user_agent: String,
        pub created_at: Moment,
        pub seen_at: Moment,
    }
}

/// The sessions in force, the newest first; one more than a page holds.
pub async fn places(
    tx: &mut Tx,
    user: UserId,
    now: Moment,
    before: Uuid,
    limit: usize,
) -> Result<Vec<Place>> {
    let stmt = sql!(
        Place,
        "SELECT id, user_agent, created_at, seen_at FROM sessions \
         WHERE user_id = $1 AND seen_at > $2 AND created_at > $3 AND id < $4 ORDER BY id DESC LIMIT $5"
    );
    let params = params![
        user,
        now - crate::sessions::IDLE,
        now - crate::sessions::TOTAL,
        before,
        i64::try_from(limit).unwrap_or(i64::MAX)
    ];
    tx.all(stmt, params).await
}

/// Ends one session; gives the device it lived on, `None` when there is no such session.
pub async fn end(tx: &mut Tx, user: UserId, session: Uuid) -> Result<Option<Option<DeviceId>>> {
    let stmt = sql!(
        (Option<DeviceId>,),
        "DELETE FROM sessions WHERE user_id = $1 AND id = $2 RETURNING device_id"
    );
    Ok(tx.opt(stmt, params![user, session]).await?.map(|r| r.0))
}

pub async fn forget(tx: &mut Tx, user: UserId, device: DeviceId) -> Result<()> {
    let stmt = sql!("DELETE FROM devices WHERE user_id = $1 AND id = $2");
    tx.exec(stmt, params![user, device]).await.map(drop)
}

/// Forgets all devices but the one this session lives on.
pub async fn forget_others(tx: &mut Tx, user: UserId, keep: Uuid) -> Result<()> {
    let stmt = sql!(
        "DELETE FROM devices WHERE user_id = $1 AND id NOT IN \
         (SELECT device_id FROM sessions WHERE id = $2 AND device_id IS NOT NULL)"
    );
    tx.exec(stmt, params![user, keep]).await.map(drop)
}

pub async fn sweep(tx: &mut Tx, before: Moment) -> Result<()> {
    let stmt = sql!("DELETE FROM devices WHERE seen_at <= $1");
    tx.exec(stmt, params![before]).await.map(drop)
}
