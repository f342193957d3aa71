//! The secrets of mails that are on their way, under a new master key.

use crate::{MailId, slots};
use db::{Db, Reseal, Resealed, Result, params, sql};
use kernel::Uuid;

/// Seals anew what is to be put into mails.
pub async fn reseal(db: &Db, keys: &Reseal) -> Result<Resealed> {
    keys.rows(
        db,
        async |tx, last| {
            // a mail has several; those on their way are few
            let stmt = sql!((Uuid, String, Vec<u8>), "SELECT mail_id, name, sealed FROM mail_slots WHERE mail_id > $1 AND sealed IS NOT NULL ORDER BY mail_id");
            let rows = tx.all(stmt, params![last]).await?;
            let placed = rows
                .into_iter()
                .map(|(mail, name, sealed)| (mail, slots::context(MailId(mail), &name), sealed));
            Ok(placed.collect())
        },
        async |tx, mail, old, new| {
            let stmt = sql!("UPDATE mail_slots SET sealed = $3 WHERE mail_id = $1 AND sealed = $2");
            tx.exec(stmt, params![mail, old, new]).await.map(drop)
        },
    )
    .await
}
