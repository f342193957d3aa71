//! Numbers that people read, without gaps from failed transactions; and numbers noted once.

use crate::{Result, Tx, params, sql};

/// The next number of `name`, beginning with `first`. Two transactions that take one wait for each other.
pub async fn next_number(tx: &mut Tx, name: &str, first: i64) -> Result<i64> {
    let stmt = sql!(
        (i64,),
        "INSERT INTO counters (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
    );
    Ok(tx.one(stmt, params![name, first]).await?.0)
}

/// Notes a number under a name of its own, once and for all, and gives what is noted there.
pub async fn note_once(tx: &mut Tx, name: &str, value: i64) -> Result<i64> {
    tx.exec(
        sql!("INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"),
        params![name, value],
    )
    .await?;
    noted(tx, name).await?.ok_or(crate::Error::Missing)
}

/// Notes a number in the place of what was noted under this name.
pub async fn note(tx: &mut Tx, name: &str, value: i64) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO counters (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2"
    );
    tx.exec(stmt, params![name, value]).await.map(drop)
}

/// What [`note_once`] noted.
pub async fn noted(tx: &mut Tx, name: &str) -> Result<Option<i64>> {
    let stmt = sql!((i64,), "SELECT value FROM counters WHERE name = $1");
    Ok(tx.opt(stmt, params![name]).await?.map(|row| row.0))
}
