//! Sensible data of tickets and the keys of webhooks, under a new master key.

use crate::critical::webhook;
use crate::secret::seal;
use db::{Db, Reseal, Resealed, Result, params, sql};
use kernel::Uuid;

/// Seals anew the keys of ticket secrets and of webhooks; the secrets themselves stay as they are.
pub async fn reseal(db: &Db, keys: &Reseal) -> Result<Resealed> {
    let mut sum = keys
        .rows(
            db,
            async |tx, last| {
                let stmt = sql!((Uuid, Vec<u8>), "SELECT id, sealed_key FROM ticket_secrets WHERE id > $1 AND sealed_key IS NOT NULL ORDER BY id LIMIT 200");
                let rows = tx.all(stmt, params![last]).await?;
                let placed = rows
                    .into_iter()
                    .map(|(id, sealed)| (id, seal::key_place(id.into()), sealed));
                Ok(placed.collect())
            },
            async |tx, id, old, new| {
                let stmt = sql!("UPDATE ticket_secrets SET sealed_key = $3 WHERE id = $1 AND sealed_key = $2");
                tx.exec(stmt, params![id, old, new]).await.map(drop)
            },
        )
        .await?;
    sum += keys
        .rows(
            db,
            async |tx, last| {
                let stmt = sql!((Uuid, Vec<u8>), "SELECT id, sealed_key FROM escalation_steps WHERE id > $1 AND sealed_key IS NOT NULL ORDER BY id LIMIT 200");
                let rows = tx.all(stmt, params![last]).await?;
                let placed = rows
                    .into_iter()
                    .map(|(id, sealed)| (id, webhook::key_place(id.into()), sealed));
                Ok(placed.collect())
            },
            async |tx, id, old, new| {
                let stmt = sql!("UPDATE escalation_steps SET sealed_key = $3 WHERE id = $1 AND sealed_key = $2");
                tx.exec(stmt, params![id, old, new]).await.map(drop)
            },
        )
        .await?;
    Ok(sum)
}
