//! Signed-in people for a run: fresh sessions whose tokens are known here.

use anyhow::{Context, Result};
use db::{Db, params, sql};
use kernel::{CustomerId, UserId, Uuid, World};
use std::time::Duration;

/// How many different people a run lets in.
const MOST: u64 = 2_000;

/// Somebody signed in, and one of the messages of the customer acted for.
pub struct Visitor {
    pub token: String,
    pub message: Uuid,
}

/// Replaces all sessions by new ones. Whoever writes more visits more: people are drawn by their messages.
pub async fn sign_in(db: &Db, messages: u64) -> Result<Vec<Visitor>> {
    let world = World::system();
    let now = world.now();
    let mut tx = db.begin().await?;
    tx.exec(sql!("DELETE FROM sessions"), params![]).await?;
    let (first, last): (i64, i64) = tx
        .one(
            sql!((i64, i64), "SELECT coalesce(min(number), 0) AS first, coalesce(max(number), 0) AS last FROM tickets"),
            params![],
        )
        .await?;
    let mut visitors = Vec::new();
    for _ in 0..MOST.min(messages) {
        let drawn = u64::from_le_bytes(world.bytes()) % u64::try_from(last - first + 1)?;
        let (message, customer, user): (Uuid, CustomerId, UserId) = tx
            .opt(
                sql!(
                    (Uuid, CustomerId, UserId),
                    "SELECT t.id, t.customer_id, m.user_id FROM tickets t JOIN memberships m ON m.customer_id = t.customer_id \
                     WHERE t.number = $1"
                ),
                params![first + i64::try_from(drawn)?],
            )
            .await?
            .context("a message of a customer with a user")?;
        let token = world.token();
        tx.exec(
            sql!(
                "INSERT INTO sessions (id, token_hash, user_id, customer_id, created_at, seen_at, fresh_until, user_agent, network) \
                 VALUES ($1, $2, $3, $4, $5, $5, $6, 'bench', '127.0.0.0/24')"
            ),
            params![world.uuid(), web::token_hash(&token), user, customer, now, now + Duration::from_secs(600)],
        )
        .await?;
        visitors.push(Visitor { token, message });
    }
    tx.commit().await?;
    Ok(visitors)
}

/// Marks all sessions as just used. The server writes a use down once a minute; which page that falls on would be
/// chance.
pub async fn refresh(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    let now = World::system().now();
    tx.exec(sql!("UPDATE sessions SET seen_at = $1"), params![now])
        .await?;
    Ok(tx.commit().await?)
}
