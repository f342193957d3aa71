//! Numbers that people read, without gaps from failed transactions.

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
