//! The stored password of a user: a hash in PHC form, never the password.

use db::audit::{self, Entry};
use db::{Result, Tx, params, sql};
use kernel::{Ctx, UserId};
use serde_json::json;

/// Sets or replaces the password. `hash` comes from [`crate::Hasher::hash`], made before the transaction.
pub async fn set(tx: &mut Tx, ctx: &Ctx, user: UserId, hash: &str) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO passwords (user_id, hash, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at"
    );
    tx.exec(stmt, params![user, hash, ctx.now]).await?;
    let entry = Entry {
        act: "user.password_set",
        customer: None,
        subject: "user",
        subject_id: user.to_string(),
        detail: json!({}),
    };
    audit::record(tx, ctx, entry).await?;
    Ok(())
}

/// What to verify against; `None` when the user has no password.
pub async fn hash_of(tx: &mut Tx, user: UserId) -> Result<Option<String>> {
    let stmt = sql!((String,), "SELECT hash FROM passwords WHERE user_id = $1");
    Ok(tx.opt(stmt, params![user]).await?.map(|row| row.0))
}
