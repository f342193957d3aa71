//! All SQL on passkeys and on what was asked of them.

use super::PasskeyId;
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Moment, UserId};

kernel::row! {
    /// One passkey as its owner sees it.
    #[derive(Debug, Clone)]
    pub struct Row {
        pub id: PasskeyId,
        pub name: String,
        // JSON, as the library wrote it
        pub stored: String,
        pub created_at: Moment,
        pub used_at: Option<Moment>,
    }
}

pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Row>> {
    let stmt = sql!(
        Row,
        "SELECT id, name, stored, created_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY id"
    );
    tx.all(stmt, params![user]).await
}

pub async fn one(tx: &mut Tx, user: UserId, id: PasskeyId) -> Result<Row> {
    let stmt = sql!(
        Row,
        "SELECT id, name, stored, created_at, used_at FROM passkeys WHERE user_id = $1 AND id = $2"
    );
    tx.one(stmt, params![user, id]).await
}

pub async fn by_credential(tx: &mut Tx, user: UserId, credential: &[u8]) -> Result<Option<Row>> {
    let stmt = sql!(
        Row,
        "SELECT id, name, stored, created_at, used_at FROM passkeys WHERE user_id = $1 AND credential = $2"
    );
    tx.opt(stmt, params![user, credential.to_vec()]).await
}

/// Conflict when the credential is known already, whosever it is.
pub async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    credential: &[u8],
    name: &str,
    stored: &str,
) -> Result<PasskeyId> {
    let id: PasskeyId = ctx.id();
    let stmt = sql!(
        "INSERT INTO passkeys (id, user_id, credential, name, stored, counter, created_at) \
         VALUES ($1, $2, $3, $4, $5, 0, $6)"
    );
    let params = params![id, user, credential.to_vec(), name, stored, ctx.now];
    tx.exec(stmt, params).await?;
    Ok(id)
}

/// Notes a use; `false` when the counter did not move on. Authenticators without one always say zero.
pub async fn used(
    tx: &mut Tx,
    user: UserId,
    id: PasskeyId,
    stored: &str,
    counter: i64,
    now: Moment,
) -> Result<bool> {
    let stmt = sql!(
        "UPDATE passkeys SET stored = $3, counter = $4, used_at = $5 \
         WHERE user_id = $1 AND id = $2 AND (counter < $4 OR (counter = $4 AND counter = 0))"
    );
    let params = params![user, id, stored, counter, now];
    Ok(tx.exec(stmt, params).await? == 1)
}

pub async fn rename(tx: &mut Tx, user: UserId, id: PasskeyId, name: &str) -> Result<()> {
    let stmt = sql!("UPDATE passkeys SET name = $3 WHERE user_id = $1 AND id = $2");
    tx.exec(stmt, params![user, id, name]).await.map(drop)
}

pub async fn delete(tx: &mut Tx, user: UserId, id: PasskeyId) -> Result<()> {
    let stmt = sql!("DELETE FROM passkeys WHERE user_id = $1 AND id = $2");
    tx.exec(stmt, params![user, id]).await.map(drop)
}

pub async fn delete_all(tx: &mut Tx, user: UserId) -> Result<()> {
    let stmt = sql!("DELETE FROM passkeys WHERE user_id = $1");
    tx.exec(stmt, params![user]).await.map(drop)
}

pub async fn ask(
    tx: &mut Tx,
    hash: [u8; 32],
    kind: &str,
    user: Option<UserId>,
    state: &str,
    until: Moment,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO ceremonies (hash, kind, user_id, state, expires_at) VALUES ($1, $2, $3, $4, $5)"
    );
    tx.exec(stmt, params![hash, kind, user, state, until])
        .await
        .map(drop)
}

/// Takes away what was asked: each question is answered once.
pub async fn take(
    tx: &mut Tx,
    hash: [u8; 32],
    kind: &str,
    user: Option<UserId>,
    now: Moment,
) -> Result<Option<String>> {
    let stmt = sql!(
        (String, Option<UserId>, Moment),
        "DELETE FROM ceremonies WHERE hash = $1 AND kind = $2 RETURNING state, user_id, expires_at"
    );
    let taken = tx.opt(stmt, params![hash, kind]).await?;
    Ok(taken
        .filter(|(_, whose, until)| *whose == user && *until > now)
        .map(|(state, ..)| state))
}

pub async fn sweep(tx: &mut Tx, now: Moment) -> Result<()> {
    let stmt = sql!("DELETE FROM ceremonies WHERE expires_at <= $1");
    tx.exec(stmt, params![now]).await.map(drop)
}
