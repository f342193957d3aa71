//! A transaction.

use crate::db::Counters;
use crate::error::{Error, Result};
use crate::pg::PgTx;
use crate::sqlite::SqliteTx;
use crate::stmt::{Source, Stmt};
use kernel::data::{FromRow, Value};

/// An open transaction that owns its connection. Dropped without [`Tx::commit`] it leaves no trace.
///
/// Await nothing but statements while it is open: on SQLite all writers wait for it.
pub struct Tx {
    conn: Conn,
    counters: Counters,
    /// A statement failed or its future was dropped half way.
    broken: bool,
}

pub(crate) enum Conn {
    Sqlite(SqliteTx),
    Postgres(PgTx),
    /// After an error: rolled back already, so that nobody waits for a transaction that comes to nothing.
    Over,
}

impl Tx {
    pub(crate) fn new(conn: Conn, counters: Counters) -> Self {
        Tx {
            conn,
            counters,
            broken: false,
        }
    }

    /// All rows.
    pub async fn all<R: FromRow>(
        &mut self,
        stmt: &'static Stmt<R>,
        params: impl AsRef<[Value]>,
    ) -> Result<Vec<R>> {
        self.rows(stmt, params.as_ref(), usize::MAX).await
    }

    /// The first row, if there is one.
    pub async fn opt<R: FromRow>(
        &mut self,
        stmt: &'static Stmt<R>,
        params: impl AsRef<[Value]>,
    ) -> Result<Option<R>> {
        Ok(self.rows(stmt, params.as_ref(), 1).await?.pop())
    }

    /// The first row; [`Error::Missing`] if there is none.
    pub async fn one<R: FromRow>(
        &mut self,
        stmt: &'static Stmt<R>,
        params: impl AsRef<[Value]>,
    ) -> Result<R> {
        self.rows(stmt, params.as_ref(), 1)
            .await?
            .pop()
            .ok_or(Error::Missing)
    }

    /// How many rows were changed.
    pub async fn exec(
        &mut self,
        stmt: &'static Stmt<()>,
        params: impl AsRef<[Value]>,
    ) -> Result<u64> {
        self.start()?;
        let (source, params) = (&stmt.source, params.as_ref());
        let done = match &mut self.conn {
            Conn::Sqlite(tx) => tx.exec(source.sqlite, params),
            Conn::Postgres(tx) => tx.exec(source.postgres, params).await,
            Conn::Over => Err(over()),
        };
        self.end(source, done)
    }

    async fn rows<R: FromRow>(
        &mut self,
        stmt: &'static Stmt<R>,
        params: &[Value],
        most: usize,
    ) -> Result<Vec<R>> {
        self.start()?;
        let source = &stmt.source;
        let done = match &mut self.conn {
            Conn::Sqlite(tx) => tx.rows(source.sqlite, params, most),
            Conn::Postgres(tx) => tx.rows(source.postgres, params, most).await,
            Conn::Over => Err(over()),
        };
        self.end(source, done)
    }

    /// Text without markers, several statements at once: for migrations.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<()> {
        self.start()?;
        match &mut self.conn {
            Conn::Sqlite(tx) => tx.batch(text)?,
            Conn::Postgres(tx) => tx.batch(text).await?,
            Conn::Over => return Err(over()),
        }
        self.broken = false;
        Ok(())
    }

    /// Stores everything. [`Error::Retry`]: nothing was stored, run the whole again.
    pub async fn commit(self) -> Result<()> {
        if self.broken {
            return Err(over());
        }
        match self.conn {
            Conn::Sqlite(tx) => tx.commit(),
            Conn::Postgres(tx) => tx.commit().await,
            Conn::Over => Err(over()),
        }
    }

    fn start(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(over());
        }
        self.counters.count();
        Ok(())
    }

    fn end<T>(&mut self, source: &Source, done: Result<T>) -> Result<T> {
        match done {
            Ok(value) => {
                self.broken = false;
                Ok(value)
            }
            Err(error) => {
                self.conn = Conn::Over;
                Err(error.at(source))
            }
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn conn(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

fn over() -> Error {
    Error::other("the transaction is over: an earlier statement failed")
}
