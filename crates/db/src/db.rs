//! The database as the program holds it.

use crate::error::{Error, Result};
use crate::pg::Pg;
use crate::sqlite::Sqlite;
use crate::tx::{Conn, Tx};
use kernel::World;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Connections that are taken, and how many there can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    pub busy: usize,
    pub most: usize,
}

/// A handle on the database; clones share everything.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
    counter: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
}

struct Inner {
    side: Side,
    world: World,
}

enum Side {
    Sqlite(Sqlite),
    Postgres(Pg),
}

/// Where a transaction counts its statements.
#[derive(Clone)]
pub(crate) struct Counters {
    total: Arc<AtomicU64>,
    own: Arc<AtomicU64>,
}

impl Counters {
    pub(crate) fn count(&self) {
        self.total.fetch_add(1, Ordering::Relaxed);
        self.own.fetch_add(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // never the url: it holds the password
        f.debug_struct("Db")
            .field("engine", &self.engine())
            .finish_non_exhaustive()
    }
}

impl Db {
    /// `sqlite:PATH` (made if absent, with mode 0600) or `postgres://user:password@host:port/name?sslmode=…`.
    ///
    /// `sslmode=require` also checks the certificate against the system's roots; every other mode is plain text.
    /// A PostgreSQL server is first connected when it is asked something.
    pub async fn open(url: &str, world: &World) -> Result<Self> {
        Db::open_with(url, world, true).await
    }

    /// `durable: false` lets SQLite return before the disk has the data: for tests.
    #[doc(hidden)]
    pub async fn open_with(url: &str, world: &World, durable: bool) -> Result<Self> {
        let side = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(":memory:") {
                return Err(Error::other("sqlite: needs a path to a file"));
            }
            Side::Sqlite(Sqlite::open(Path::new(path), durable)?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Side::Postgres(Pg::open(url)?)
        } else {
            return Err(Error::other(
                "the url of the database begins with sqlite: or postgres://",
            ));
        };
        let inner = Inner {
            side,
            world: world.clone(),
        };
        Ok(Db {
            inner: Arc::new(inner),
            counter: Arc::default(),
            total: Arc::default(),
        })
    }

    pub fn engine(&self) -> Engine {
        match &self.inner.side {
            Side::Sqlite(_) => Engine::Sqlite,
            Side::Postgres(_) => Engine::Postgres,
        }
    }

    pub fn world(&self) -> &World {
        &self.inner.world
    }

    /// The file of a SQLite database.
    pub fn path(&self) -> Option<&Path> {
        match &self.inner.side {
            Side::Sqlite(sqlite) => Some(sqlite.path()),
            Side::Postgres(_) => None,
        }
    }

    /// One read-only snapshot.
    pub async fn read(&self) -> Result<Tx> {
        let conn = match &self.inner.side {
            Side::Sqlite(sqlite) => Conn::Sqlite(sqlite.read().await?),
            Side::Postgres(pg) => Conn::Postgres(pg.read().await?),
        };
        Ok(Tx::new(conn, self.counters()))
    }

    /// A write transaction; dropped without [`Tx::commit`] it leaves no trace.
    pub async fn begin(&self) -> Result<Tx> {
        self.begin_at("SERIALIZABLE").await
    }

    /// As [`Db::begin`], but READ COMMITTED on PostgreSQL: for a queue's own bookkeeping, where row locks keep two workers
    /// apart and each statement guards itself. SERIALIZABLE would see a conflict in every two claims.
    pub async fn begin_claim(&self) -> Result<Tx> {
        self.begin_at("READ COMMITTED").await
    }

    async fn begin_at(&self, level: &str) -> Result<Tx> {
        let conn = match &self.inner.side {
            Side::Sqlite(sqlite) => Conn::Sqlite(sqlite.begin().await?),
            Side::Postgres(pg) => {
                // never from a seeded world: two nodes must not draw the same id
                let id = World::system().uuid();
                Conn::Postgres(pg.begin(level, id, self.inner.world.now().micros()).await?)
            }
        };
        Ok(Tx::new(conn, self.counters()))
    }

    /// A write transaction on a schema that may still be empty.
    pub(crate) async fn begin_bare(&self) -> Result<Tx> {
        let conn = match &self.inner.side {
            Side::Sqlite(sqlite) => Conn::Sqlite(sqlite.begin().await?),
            Side::Postgres(pg) => Conn::Postgres(pg.begin_bare().await?),
        };
        Ok(Tx::new(conn, self.counters()))
    }

    /// A consistent copy of a SQLite file; nothing on PostgreSQL.
    pub(crate) async fn copy_to(&self, target: &Path) -> Result<()> {
        match &self.inner.side {
            Side::Sqlite(sqlite) => sqlite.copy_to(target).await,
            Side::Postgres(_) => Ok(()),
        }
    }

    /// How many connections are taken right now: on SQLite those that read, on PostgreSQL all.
    pub fn pool(&self) -> Pool {
        match &self.inner.side {
            Side::Sqlite(sqlite) => sqlite.pool(),
            Side::Postgres(pg) => pg.pool(),
        }
    }

    /// A consistent copy of a SQLite database in a new file that only this account may read, while others read and
    /// write. `false` on PostgreSQL, where the server's own tools do it.
    pub async fn copy(&self, target: &Path) -> Result<bool> {
        if target.exists() {
            return Err(Error::other(format!(
                "{} is there already",
                target.display()
            )));
        }
        self.copy_to(target).await?;
        Ok(self.engine() == Engine::Sqlite)
    }

    /// What SQLite finds wrong with its file; nothing on PostgreSQL.
    pub async fn damage(&self) -> Result<Option<String>> {
        match &self.inner.side {
            Side::Sqlite(sqlite) => sqlite.damage().await,
            Side::Postgres(_) => Ok(None),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read().await?;
        let _: (i64,) = tx
            .one(
                crate::sql!((i64,), "SELECT CAST(1 AS BIGINT)"),
                crate::params![],
            )
            .await?;
        Ok(())
    }

    /// Statements sent by all clones since the start (without BEGIN and COMMIT).
    pub fn queries(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// A clone whose statements [`Db::queries`] leaves out, for work that goes on beside a request and after it.
    pub fn aside(&self) -> Db {
        Db {
            total: Arc::default(),
            ..self.counted()
        }
    }

    /// A clone that counts for itself, for the statements of one request.
    pub fn counted(&self) -> Db {
        Db {
            inner: Arc::clone(&self.inner),
            counter: Arc::default(),
            total: Arc::clone(&self.total),
        }
    }

    /// Statements sent since [`Db::counted`] made this handle.
    pub fn count(&self) -> u64 {
        self.counter.load(Ordering::Relaxed)
    }

    fn counters(&self) -> Counters {
        Counters {
            total: Arc::clone(&self.total),
            own: Arc::clone(&self.counter),
        }
    }

    /// Runs what is pending; see [`crate::migrate`].
    pub async fn migrate(&self) -> Result<crate::Report> {
        crate::migrate(self).await
    }
}
