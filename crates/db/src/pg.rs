//! PostgreSQL and engines that speak its protocol.
//!
//! Every write transaction stores a random id in `commits`. When the connection breaks at COMMIT, that row tells
//! whether the transaction was stored.

use crate::error::{Conflict, Error, Result};
use bytes::BytesMut;
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime, TimeoutType,
};
use futures_util::future::join;
use kernel::data::{Cells, FromRow, Value};
use rustls_platform_verifier::BuilderVerifierExt;
use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::{Severity, SqlState};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
use tokio_postgres::{Config, NoTls, Row, SimpleQueryMessage};
use uuid::Uuid;

const CONNECTIONS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to ask for the outcome of a COMMIT whose answer never came.
const OUTCOME: Duration = Duration::from_secs(20);
/// Between a refused connection and the next try, so that a restarting server is not run over.
const BREATH: Duration = Duration::from_millis(200);
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

type Failure = tokio_postgres::Error;

pub(crate) struct Pg {
    pool: Pool,
}

impl Pg {
    pub(crate) fn open(url: &str) -> Result<Self> {
        // the parser's message may quote the url, which holds the password
        let mut config: Config = url
            .parse()
            .map_err(|_| Error::other("the url of the database cannot be read"))?;
        if config.get_application_name().is_none() {
            config.application_name("tresen");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(PATIENCE);
            config.keepalives_idle(PATIENCE);
        }
        let recycling = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let manager = if config.get_ssl_mode() == SslMode::Require {
            let tls = tls().map_err(|error| Error::Other(Box::new(error)))?;
            let tls = tokio_postgres_rustls::MakeRustlsConnect::new(tls);
            Manager::from_config(config, tls, recycling)
        } else {
            config.ssl_mode(SslMode::Disable);
            Manager::from_config(config, NoTls, recycling)
        };
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .build()
            .map_err(|error| Error::Other(Box::new(error)))?;
        Ok(Pg { pool })
    }

    pub(crate) fn pool(&self) -> crate::Pool {
        let status = self.pool.status();
        crate::Pool {
            busy: status.size.saturating_sub(status.available),
            most: status.max_size,
        }
    }

    async fn connection(&self) -> Result<Object> {
        match self.pool.get().await {
            Ok(object) => Ok(object),
            Err(PoolError::Backend(failure)) => {
                let error = failed(&failure);
                if error.is_retry() {
                    let cause = failure
                        .source()
                        .map(ToString::to_string)
                        .unwrap_or_default();
                    tracing::warn!(%failure, cause, "the database cannot be reached");
                    sleep(BREATH).await;
                }
                Err(error)
            }
            Err(PoolError::Timeout(TimeoutType::Wait)) => {
                Err(Error::other("no connection became free within 30 s"))
            }
            Err(other) => Err(Error::Other(Box::new(other))),
        }
    }

    /// The snapshot begins with the first statement and costs no round trip of its own.
    pub(crate) async fn read(&self) -> Result<PgTx> {
        Ok(PgTx::new(self, self.connection().await?))
    }

    /// `at` lets old rows of `commits` be swept.
    pub(crate) async fn begin(&self, level: &str, id: Uuid, at: i64) -> Result<PgTx> {
        let text = format!(
            "BEGIN ISOLATION LEVEL {level}; \
             INSERT INTO commits (id, at) VALUES ('{id}', {at})"
        );
        let mut tx = self.start(&text).await?;
        tx.id = Some((id, at));
        Ok(tx)
    }

    /// A write transaction without a row in `commits`, for the schema itself.
    pub(crate) async fn begin_bare(&self) -> Result<PgTx> {
        self.start("BEGIN ISOLATION LEVEL SERIALIZABLE").await
    }

    async fn start(&self, text: &str) -> Result<PgTx> {
        // after a restart of the server the pool may hold this many dead connections
        for _ in 0..CONNECTIONS {
            let mut tx = PgTx::new(self, self.connection().await?);
            tx.write = true;
            tx.begun = true;
            tx.busy = true;
            match tx.object()?.batch_execute(text).await {
                Ok(()) => {
                    tx.busy = false;
                    return Ok(tx);
                }
                Err(failure) if lost(&failure) => {}
                Err(failure) => return Err(failed(&failure)),
            }
        }
        Err(Error::Retry)
    }

    /// Whether a transaction was stored whose COMMIT got no answer.
    ///
    /// Inserting the same id waits for a COMMIT that is still under way, and makes sure that a late one fails.
    async fn outcome(&self, id: Uuid, at: i64) -> Result<()> {
        let text = format!(
            "INSERT INTO commits (id, at) VALUES ('{id}', {at}) ON CONFLICT (id) DO NOTHING"
        );
        let started = Instant::now();
        while started.elapsed() < OUTCOME {
            let Ok(object) = self.connection().await else {
                sleep(BREATH).await;
                continue;
            };
            match timeout(Duration::from_secs(5), object.simple_query(&text)).await {
                Ok(Ok(messages)) => {
                    let inserted = messages
                        .iter()
                        .any(|message| matches!(message, SimpleQueryMessage::CommandComplete(1)));
                    return if inserted { Err(Error::Retry) } else { Ok(()) };
                }
                Ok(Err(failure)) => tracing::warn!(%failure, "asking for a lost commit failed"),
                Err(_) => tracing::warn!("asking for a lost commit took too long"),
            }
            drop(Object::take(object));
        }
        Err(Error::other(
            "the connection broke at COMMIT and the outcome could not be asked for",
        ))
    }
}

/// The provider is named: with two of them in the program rustls would choose none.
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?;
    Ok(config.with_no_client_auth())
}

/// An open transaction; when dropped it is rolled back, or its connection closed.
pub(crate) struct PgTx {
    pool: Pool,
    object: Option<Object>,
    id: Option<(Uuid, i64)>,
    write: bool,
    begun: bool,
    /// A statement was sent and its answer not read.
    busy: bool,
}

impl PgTx {
    fn new(home: &Pg, object: Object) -> Self {
        PgTx {
            pool: home.pool.clone(),
            object: Some(object),
            id: None,
            write: false,
            begun: false,
            busy: false,
        }
    }

    fn object(&self) -> Result<&Object> {
        self.object
            .as_ref()
            .ok_or_else(|| Error::other("the connection is gone"))
    }

    fn failed(&self, failure: &Failure) -> Error {
        if !self.write && failure.code() == Some(&SqlState::READ_ONLY_SQL_TRANSACTION) {
            return Error::other("a statement that writes was sent in db.read()");
        }
        failed(failure)
    }

    async fn send(&mut self, text: &str, params: &[Value]) -> Result<Vec<Row>> {
        let params: Vec<Bind<'_>> = params.iter().map(Bind).collect();
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|bind| bind as _).collect();
        for _ in 0..CONNECTIONS {
            self.busy = true;
            match self.try_send(text, &params).await {
                Ok(rows) => {
                    self.begun = true;
                    self.busy = false;
                    return Ok(rows);
                }
                // nothing was read yet: another connection serves as well
                Err(Step::Failed(failure)) if !self.begun && lost(&failure) => {
                    drop(self.object.take().map(Object::take));
                    let home = Pg {
                        pool: self.pool.clone(),
                    };
                    self.object = Some(home.connection().await?);
                }
                Err(Step::Failed(failure)) => {
                    self.begun = true;
                    self.busy = lost(&failure);
                    return Err(self.failed(&failure));
                }
                Err(Step::Wrong(error)) => {
                    self.busy = false;
                    return Err(error);
                }
            }
        }
        Err(Error::Retry)
    }

    async fn try_send(&self, text: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, Step> {
        let object = self.object().map_err(Step::Wrong)?;
        let stmt = object.prepare_cached(text).await.map_err(Step::Failed)?;
        let wanted = stmt.params().len();
        if wanted != params.len() {
            let given = params.len();
            return Err(Step::Wrong(Error::other(format!(
                "{wanted} markers but {given} values"
            ))));
        }
        let query = object.query(&stmt, params);
        if self.begun {
            return query.await.map_err(Step::Failed);
        }
        let (begun, rows) = join(object.batch_execute(READ), query).await;
        begun.and(rows).map_err(Step::Failed)
    }

    /// At most `most` rows.
    pub(crate) async fn rows<R: FromRow>(
        &mut self,
        text: &str,
        params: &[Value],
        most: usize,
    ) -> Result<Vec<R>> {
        let rows = self.send(text, params).await?;
        rows.iter().take(most).map(decode).collect()
    }

    pub(crate) async fn exec(&mut self, text: &str, params: &[Value]) -> Result<u64> {
        if !self.begun {
            return Err(Error::other(
                "a statement that writes was sent in db.read()",
            ));
        }
        let params: Vec<Bind<'_>> = params.iter().map(Bind).collect();
        self.busy = true;
        let sent = async {
            let object = self.object().map_err(Step::Wrong)?;
            let stmt = object.prepare_cached(text).await.map_err(Step::Failed)?;
            let wanted = stmt.params().len();
            if wanted != params.len() {
                let given = params.len();
                let message = format!("{wanted} markers but {given} values");
                return Err(Step::Wrong(Error::other(message)));
            }
            object
                .execute_raw(&stmt, params.iter())
                .await
                .map_err(Step::Failed)
        }
        .await;
        self.busy = matches!(&sent, Err(Step::Failed(failure)) if lost(failure));
        sent.map_err(|step| match step {
            Step::Failed(failure) => self.failed(&failure),
            Step::Wrong(error) => error,
        })
    }

    pub(crate) async fn batch(&mut self, text: &str) -> Result<()> {
        self.busy = true;
        let sent = self.object()?.batch_execute(text).await;
        self.busy = matches!(&sent, Err(failure) if lost(failure));
        sent.map_err(|failure| self.failed(&failure))
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        if !self.begun {
            self.busy = false;
            return Ok(());
        }
        self.busy = true;
        match self.object()?.batch_execute("COMMIT").await {
            Ok(()) => {
                self.begun = false;
                self.busy = false;
                Ok(())
            }
            Err(failure) if refused(&failure) => {
                self.busy = false;
                Err(failed(&failure))
            }
            Err(failure) => {
                tracing::warn!(%failure, "the connection broke at COMMIT");
                let home = Pg {
                    pool: self.pool.clone(),
                };
                let id = self.id;
                // frees its place in the pool for the question
                drop(self);
                match id {
                    Some((id, at)) => home.outcome(id, at).await,
                    None => Err(Error::Retry),
                }
            }
        }
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn describe(&mut self, text: &str) -> Result<tokio_postgres::Statement> {
        self.object()?
            .prepare(text)
            .await
            .map_err(|failure| failed(&failure))
    }

    #[cfg(feature = "testing")]
    pub(crate) async fn backend(&mut self) -> Result<i64> {
        let rows = self
            .send("SELECT CAST(pg_backend_pid() AS BIGINT)", &[])
            .await?;
        rows.first()
            .and_then(|row| row.try_get::<_, i64>(0).ok())
            .ok_or_else(|| Error::other("no process id"))
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else {
            return;
        };
        if !self.begun && !self.busy {
            return;
        }
        let runtime = tokio::runtime::Handle::try_current();
        match runtime {
            Ok(runtime) if !self.busy => {
                runtime.spawn(async move {
                    let ended = timeout(Duration::from_secs(5), object.batch_execute("ROLLBACK"));
                    if !matches!(ended.await, Ok(Ok(()))) {
                        drop(Object::take(object));
                    }
                });
            }
            // closing the connection rolls back and needs nobody to wait for
            _ => drop(Object::take(object)),
        }
    }
}

enum Step {
    Failed(Failure),
    Wrong(Error),
}

/// Whether the server said that the transaction came to nothing. Everything else at COMMIT is unknown: a server
/// that shuts down ends the session with FATAL even where the commit is already on disk.
fn refused(failure: &Failure) -> bool {
    failure
        .as_db_error()
        .is_some_and(|error| error.parsed_severity().unwrap_or(Severity::Fatal) == Severity::Error)
}

/// Whether the connection is gone.
fn lost(failure: &Failure) -> bool {
    match failure.as_db_error() {
        Some(error) => matches!(
            error.parsed_severity(),
            Some(Severity::Fatal | Severity::Panic)
        ),
        None => {
            failure.is_closed()
                || failure
                    .source()
                    .is_some_and(|source| source.is::<std::io::Error>())
        }
    }
}

fn failed(failure: &Failure) -> Error {
    let Some(error) = failure.as_db_error() else {
        return if lost(failure) {
            tracing::debug!(%failure, "a connection was lost");
            Error::Retry
        } else {
            // bind and decode errors name the column, not its content
            let reason = failure
                .source()
                .map(ToString::to_string)
                .unwrap_or_default();
            Error::other(format!("{failure}: {reason}"))
        };
    };
    let code = error.code();
    if code == &SqlState::UNIQUE_VIOLATION {
        return Error::Conflict(Conflict {
            what: conflict(error),
        });
    }
    let again = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        // the node has become a replica
        SqlState::READ_ONLY_SQL_TRANSACTION,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
    ];
    if again.contains(code) || code.code().starts_with("08") {
        tracing::debug!(
            code = code.code(),
            message = error.message(),
            "to be run again"
        );
        return Error::Retry;
    }
    // the detail is left out: it quotes the row
    Error::other(format!("{} ({})", error.message(), code.code()))
}

/// The detail reads `Key (a, b)=(…) already exists.` in the server's language.
fn conflict(error: &tokio_postgres::error::DbError) -> String {
    let columns = error
        .detail()
        .and_then(|detail| detail.split_once(")=("))
        .and_then(|(before, _)| before.split_once('('))
        .map(|(_, columns)| columns.replace(", ", ",").replace('"', ""));
    match (error.table(), columns) {
        (Some(table), Some(columns)) => format!("{table}.{columns}"),
        _ => error.constraint().unwrap_or("").to_owned(),
    }
}

struct Bind<'a>(&'a Value);

// the driver logs what it binds: what people wrote is not for logs
impl std::fmt::Debug for Bind<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

impl ToSql for Bind<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(inner) if *ty == Type::INT8 => inner.to_sql(ty, out),
            Value::Bool(inner) if *ty == Type::BOOL => inner.to_sql(ty, out),
            Value::Text(inner) if <String as ToSql>::accepts(ty) => inner.to_sql(ty, out),
            Value::Bytes(inner) if *ty == Type::BYTEA => inner.to_sql(ty, out),
            Value::Uuid(inner) if *ty == Type::UUID => inner.to_sql(ty, out),
            other => Err(format!("{} was given where {ty} is wanted", other.name()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

struct Cell(Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(
        ty: &Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::UUID => Value::Uuid(Uuid::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            Type::NUMERIC => return Err("numeric: write CAST(… AS BIGINT)".into()),
            _ if <String as FromSql<'_>>::accepts(ty) => Value::Text(String::from_sql(ty, raw)?),
            _ => return Err(format!("columns of type {ty} are not read").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

fn decode<R: FromRow>(row: &Row) -> Result<R> {
    let mut values = Vec::with_capacity(row.len());
    for column in 0..row.len() {
        let cell: Cell = row.try_get(column).map_err(|failure| failed(&failure))?;
        values.push(cell.0);
    }
    Ok(R::from_row(&mut Cells::new(values))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_bound_never_stands_in_a_log() {
        let value = Value::Text("Muscheln-am-Strand-7".into());
        assert_eq!(format!("{:?}", Bind(&value)), "text");
    }
}
