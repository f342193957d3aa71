//! The secrets of second factors under a new master key.

use crate::{factors, staff};
use db::{Db, Result, params, sql};
use db::{Reseal, Resealed};
use kernel::{StaffId, UserId, Uuid};

/// Seals anew what shows codes: users' apps and staff's. Half-done sign-ins of staff begin again.
pub async fn reseal(db: &Db, keys: &Reseal) -> Result<Resealed> {
    let mut sum = keys
        .rows(
            db,
            async |tx, last| {
                let stmt = sql!((Uuid, Vec<u8>), "SELECT user_id, sealed FROM totps WHERE user_id > $1 ORDER BY user_id LIMIT 200");
                let rows = tx.all(stmt, params![last]).await?;
                let placed = rows.into_iter().map(|(id, sealed)| (id, factors::sealed_at(UserId(id)), sealed));
                Ok(placed.collect())
            },
            async |tx, id, old, new| {
                let stmt = sql!("UPDATE totps SET sealed = $3 WHERE user_id = $1 AND sealed = $2");
                tx.exec(stmt, params![id, old, new]).await.map(drop)
            },
        )
        .await?;
    sum += keys
        .rows(
            db,
            async |tx, last| {
                let stmt = sql!((Uuid, Vec<u8>), "SELECT id, totp_sealed FROM staff WHERE id > $1 AND totp_sealed IS NOT NULL ORDER BY id LIMIT 200");
                let rows = tx.all(stmt, params![last]).await?;
                let placed = rows.into_iter().map(|(id, sealed)| (id, staff::sealed_at(StaffId(id)), sealed));
                Ok(placed.collect())
            },
            async |tx, id, old, new| {
                let stmt = sql!("UPDATE staff SET totp_sealed = $3 WHERE id = $1 AND totp_sealed = $2");
                tx.exec(stmt, params![id, old, new]).await.map(drop)
            },
        )
        .await?;
    Ok(sum)
}
