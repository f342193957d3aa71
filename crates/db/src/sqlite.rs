//! SQLite: one writer behind an async mutex, a pool of read-only connections, all in WAL mode.

use crate::error::{Conflict, Error, Result};
use kernel::data::{Cells, FromRow, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement, ffi};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

const STATEMENTS: usize = 512;
const MOST_READERS: usize = 16;
/// A transaction takes milliseconds; who waits this long waits for himself or for a fault.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Sqlite {
    path: PathBuf,
    durable: bool,
    writer: Arc<AsyncMutex<Connection>>,
    readers: Arc<Readers>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Sqlite {
    /// `durable: false` (tests) does not wait for the disk.
    pub(crate) fn open(path: &Path, durable: bool) -> Result<Self> {
        create(path)?;
        let writer = connect(path, durable, false)?;
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let idle = (0..(cores + 2).min(MOST_READERS))
            .map(|_| connect(path, durable, true))
            .collect::<Result<_>>()?;
        Ok(Sqlite {
            path: path.to_owned(),
            durable,
            writer: Arc::new(AsyncMutex::new(writer)),
            readers: Arc::new(Readers {
                idle: Mutex::new(idle),
                permits: Arc::new(Semaphore::new(MOST_READERS)),
            }),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) async fn read(&self) -> Result<SqliteTx> {
        let permits = &self.readers.permits;
        let permit = match Arc::clone(permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => timeout(PATIENCE, Arc::clone(permits).acquire_owned())
                .await
                .map_err(|_| Error::other("no reader became free within 30 s"))?
                .map_err(|_| Error::other("the database is closed"))?,
        };
        let idle = self.readers.lock().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => connect(&self.path, self.durable, true)?,
        };
        let reader = Reader {
            conn: Some(conn),
            home: Arc::clone(&self.readers),
            _permit: permit,
        };
        let tx = SqliteTx(Conn::Reader(reader));
        tx.plain("BEGIN")?;
        Ok(tx)
    }

    pub(crate) async fn begin(&self) -> Result<SqliteTx> {
        let writer = timeout(PATIENCE, Arc::clone(&self.writer).lock_owned())
            .await
            .map_err(|_| Error::other("the writer did not become free within 30 s"))?;
        let tx = SqliteTx(Conn::Writer(writer));
        tx.plain("BEGIN IMMEDIATE")?;
        Ok(tx)
    }

    pub(crate) fn pool(&self) -> crate::Pool {
        let free = self.readers.permits.available_permits();
        crate::Pool {
            busy: MOST_READERS.saturating_sub(free),
            most: MOST_READERS,
        }
    }

    /// The first thing that is wrong with the file.
    pub(crate) async fn damage(&self) -> Result<Option<String>> {
        let writer = Arc::clone(&self.writer).lock_owned().await;
        let said: String =
            blocking(|| writer.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)))?;
        Ok((said != "ok").then_some(said))
    }

    /// A consistent copy of the whole database in a new file.
    pub(crate) async fn copy_to(&self, target: &Path) -> Result<()> {
        let failed = |error: std::io::Error| Error::other(format!("{}: {error}", target.display()));
        if target.exists() {
            std::fs::remove_file(target).map_err(failed)?;
        }
        create(target)?;
        let name = target
            .to_str()
            .ok_or_else(|| Error::other("the path is not UTF-8"))?;
        let writer = Arc::clone(&self.writer).lock_owned().await;
        blocking(|| writer.execute("VACUUM INTO ?1", [name]))?;
        Ok(())
    }
}

impl Readers {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes an empty file that only this account may read.
fn create(path: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::other(format!("{}: {error}", path.display()));
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(failed)?;
    Ok(())
}

fn connect(path: &Path, durable: bool, reader: bool) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)
        .map_err(|error| Error::other(format!("{}: {error}", path.display())))?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // without it, a statement is planned anew whenever it is bound other values
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA mmap_size = 2147418112;",
    )?;
    let synchronous = if durable { "FULL" } else { "OFF" };
    conn.execute_batch(&format!("PRAGMA synchronous = {synchronous};"))?;
    if reader {
        conn.execute_batch("PRAGMA query_only = ON;")?;
    }
    Ok(conn)
}

/// Runs what waits for the disk without holding up the other tasks of this thread.
fn blocking<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// An open transaction; rolled back when dropped.
pub(crate) struct SqliteTx(Conn);

enum Conn {
    Writer(OwnedMutexGuard<Connection>),
    Reader(Reader),
}

struct Reader {
    conn: Option<Connection>,
    home: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl SqliteTx {
    fn conn(&self) -> Result<&Connection> {
        match &self.0 {
            Conn::Writer(writer) => Ok(writer),
            Conn::Reader(reader) => reader
                .conn
                .as_ref()
                .ok_or_else(|| Error::other("the reader is gone")),
        }
    }

    fn plain(&self, text: &str) -> Result<()> {
        self.conn()?.prepare_cached(text)?.raw_execute()?;
        Ok(())
    }

    /// At most `most` rows.
    pub(crate) fn rows<R: FromRow>(
        &self,
        text: &str,
        params: &[Value],
        most: usize,
    ) -> Result<Vec<R>> {
        let mut stmt = self.conn()?.prepare_cached(text)?;
        bind(&mut stmt, params)?;
        let columns = stmt.column_count();
        let mut rows = stmt.raw_query();
        let mut found = Vec::new();
        while found.len() < most {
            let Some(row) = rows.next()? else { break };
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(value(row.get_ref(column)?)?);
            }
            found.push(R::from_row(&mut Cells::new(values))?);
        }
        Ok(found)
    }

    pub(crate) fn exec(&self, text: &str, params: &[Value]) -> Result<u64> {
        let conn = self.conn()?;
        let mut stmt = conn.prepare_cached(text)?;
        bind(&mut stmt, params)?;
        let changed = if stmt.column_count() == 0 {
            stmt.raw_execute()?
        } else {
            // a statement with RETURNING whose rows nobody asked for
            let mut rows = stmt.raw_query();
            let mut count = 0;
            while rows.next()?.is_some() {
                count += 1;
            }
            count
        };
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    pub(crate) fn batch(&self, text: &str) -> Result<()> {
        Ok(self.conn()?.execute_batch(text)?)
    }

    pub(crate) fn commit(self) -> Result<()> {
        match &self.0 {
            Conn::Writer(_) => blocking(|| self.plain("COMMIT")),
            Conn::Reader(_) => self.plain("COMMIT"),
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) fn describe(&self, text: &str) -> Result<(usize, Vec<String>)> {
        let stmt = self.conn()?.prepare(text)?;
        let names = stmt.column_names().map(str::to_owned).collect();
        Ok((stmt.parameter_count(), names))
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        if let Ok(conn) = self.conn()
            && !conn.is_autocommit()
            && let Err(error) = self.plain("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.home.lock().push(conn);
        }
    }
}

struct Bind<'a>(&'a Value);

impl rusqlite::ToSql for Bind<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(inner) => ValueRef::Integer(*inner),
            Value::Bool(inner) => ValueRef::Integer(i64::from(*inner)),
            Value::Text(inner) => ValueRef::Text(inner.as_bytes()),
            Value::Bytes(inner) => ValueRef::Blob(inner),
            Value::Uuid(inner) => ValueRef::Blob(inner.as_bytes()),
        }))
    }
}

fn bind(stmt: &mut Statement<'_>, params: &[Value]) -> Result<()> {
    let wanted = stmt.parameter_count();
    if wanted != params.len() {
        return Err(Error::other(format!(
            "{wanted} markers but {} values",
            params.len()
        )));
    }
    for (at, param) in params.iter().enumerate() {
        stmt.raw_bind_parameter(at + 1, Bind(param))?;
    }
    Ok(())
}

fn value(cell: ValueRef<'_>) -> Result<Value> {
    Ok(match cell {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(inner) => Value::Int(inner),
        ValueRef::Blob(inner) => Value::Bytes(inner.to_vec()),
        ValueRef::Text(inner) => Value::Text(
            std::str::from_utf8(inner)
                .map_err(|_| Error::other("a text is not UTF-8"))?
                .to_owned(),
        ),
        ValueRef::Real(_) => {
            return Err(Error::other(
                "a column is a float: numbers are stored as integers",
            ));
        }
    })
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(code, message) = &error else {
            return Error::Other(Box::new(error));
        };
        match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID => Error::Conflict(Conflict {
                what: conflict(message.as_deref().unwrap_or("")),
            }),
            _ => match code.code {
                // another process holds the write lock
                rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked => {
                    Error::Retry
                }
                _ => Error::Other(Box::new(error)),
            },
        }
    }
}

/// `UNIQUE constraint failed: t.a, t.b` → `t.a,b`
fn conflict(message: &str) -> String {
    let list = message.rsplit_once(": ").map_or(message, |(_, list)| list);
    let mut columns = list.split(", ");
    let mut what = columns.next().unwrap_or("").to_owned();
    for column in columns {
        what.push(',');
        what.push_str(column.split_once('.').map_or(column, |(_, name)| name));
    }
    what
}
