//! One SQL text on SQLite and PostgreSQL: `Db`, `Tx`, statements, migrations, the audit log.
//!
//! Here: which engine runs, transactions, when a transaction must be run again, what a unique violation is called.
//! Not here: any table of a context; its own crate owns it.
//!
//! ```ignore
//! let mut tx = db.begin().await?;
//! let rows = tx.all(sql!(AddressRow, "SELECT id, street FROM addresses WHERE customer_id = $1"), params![customer]).await?;
//! tx.exec(sql!("UPDATE addresses SET street = $2 WHERE id = $1"), params![id, street]).await?;
//! tx.commit().await?;
//! ```

pub mod audit;
mod db;
mod error;
mod migrate;
mod number;
mod pg;
mod reseal;
mod retry;
mod sqlite;
mod stmt;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;

pub use db::{Db, Engine, Pool};
pub use error::{Conflict, Error, Result};
pub use kernel::data::Value;
pub use migrate::{Report, SchemaState, migrate, sweep_commits};
pub use number::{next_number, note, note_once, noted};
pub use reseal::{Reseal, Resealed, SealedRow};
pub use retry::{retry, retry_when};
pub use stmt::{Source, Stmt, statements};
pub use tx::Tx;

/// What the macros of this crate expand to; not for hands.
#[doc(hidden)]
pub mod __private {
    pub use crate::stmt::{Registered, rewrite, utf8};
    pub use inventory;
}
