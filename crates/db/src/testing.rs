//! A fresh database for each test, and the check of all statements.

use crate::tx::Conn;
use crate::{Db, Error, Result, Tx};
use kernel::World;
use kernel::data::{BadValue, Cells, Column, FromRow, Kind};
use std::ops::Deref;
use tokio_postgres::types::Type;

/// The variable that moves every test to a PostgreSQL server: the url of a database that may create others.
pub const SERVER: &str = "TRESEN_TEST_DATABASE";

/// A database of its own; gone when dropped.
pub struct TestDb {
    db: Db,
    url: String,
    home: Home,
}

enum Home {
    Folder { _folder: tempfile::TempDir },
    Server { url: String, name: String },
}

impl Deref for TestDb {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl TestDb {
    /// Where a second handle can open the same database.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// A migrated database: SQLite in a temporary folder, or on the server that [`SERVER`] names.
pub async fn fresh(world: &World) -> TestDb {
    let Some(server) = server() else {
        let db = in_folder(world).await;
        db.migrate().await.expect("the migrations run");
        return db;
    };
    let template = format!(
        "tresen_{}",
        crate::migrate::fingerprint().expect("good files")
    );
    for _ in 0..3 {
        if let Some(db) = on_server(&server, &template, world).await {
            return db;
        }
        make_template(&server, &template, world).await;
    }
    on_server(&server, &template, world)
        .await
        .expect("a copy of the template")
}

/// A database without any table.
pub async fn empty(world: &World) -> TestDb {
    match server() {
        Some(server) => on_server(&server, "template1", world)
            .await
            .expect("a new database"),
        None => in_folder(world).await,
    }
}

fn server() -> Option<String> {
    std::env::var(SERVER)
        .ok()
        .filter(|url| url.starts_with("postgres"))
}

/// Copying a migrated database is much quicker than migrating one for each test. It stays on the server.
async fn make_template(server: &str, template: &str, world: &World) {
    let db = on_server(server, "template1", world)
        .await
        .expect("a new database");
    db.migrate().await.expect("the migrations run");
    let Home::Server { name, .. } = &db.home else {
        return;
    };
    let rename = format!("ALTER DATABASE {name} RENAME TO {template}");
    let end =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    let _ = run_on(server, &end).await;
    // fails where another test was quicker, and then this one is dropped like any other
    let _ = run_on(server, &rename).await;
}

async fn in_folder(world: &World) -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("tresen.db").display());
    let db = Db::open_with(&url, world, false).await.expect("a new file");
    TestDb {
        db,
        url,
        home: Home::Folder { _folder: folder },
    }
}

async fn on_server(server: &str, template: &str, world: &World) -> Option<TestDb> {
    let name = format!("t_{}", World::system().uuid().simple());
    // through the log, as the server would do it by itself, takes seven times as long
    let create = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY");
    run_on(server, &create).await.ok()?;
    let url = with_name(server, &name);
    let db = Db::open(&url, world).await.expect("the url is good");
    let home = Home::Server {
        url: server.to_owned(),
        name,
    };
    Some(TestDb { db, url, home })
}

/// Runs migration text (column words, `;` at the end of the line) that only a test needs.
pub async fn create(db: &Db, text: &str) -> Result<()> {
    let mut tx = db.begin_bare().await?;
    crate::migrate::apply(&mut tx, db.engine(), text).await?;
    tx.commit().await
}

/// Runs plain text on a PostgreSQL server, outside of any transaction of ours.
pub async fn run_on(url: &str, text: &str) -> Result<(), tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let talk = tokio::spawn(connection);
    let done = client.batch_execute(text).await;
    drop(client);
    let _ = talk.await;
    done
}

fn with_name(url: &str, name: &str) -> String {
    let (before, query) = url
        .split_once('?')
        .map_or((url, None), |(a, b)| (a, Some(b)));
    let authority = before.find("://").map_or(0, |at| at + 3);
    let end = before.get(authority..).and_then(|rest| rest.find('/'));
    let root = end
        .and_then(|at| before.get(..authority + at))
        .unwrap_or(before);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{root}/{name}{query}")
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Home::Server { url, name } = &self.home else {
            return;
        };
        let text = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let url = url.clone();
        // a thread of its own: drop cannot wait, and the test's runtime may be ending
        let done = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.map(|runtime| runtime.block_on(run_on(&url, &text)).is_ok())
        });
        let _ = done.join();
    }
}

/// Prepares every statement of the program against the migrated schema and compares it with its row type and with
/// what we bind. Gives the problems, one line each.
pub async fn prepare_all(db: &Db) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for source in crate::statements() {
        // one transaction each: an error ends it
        let mut tx = db.read().await?;
        let columns = (source.columns)();
        let found = match describe(&mut tx, source).await {
            Ok(found) => found,
            Err(error) => {
                problems.push(format!("{}:{}: {error}", source.file, source.line));
                continue;
            }
        };
        let mut problem =
            |what: String| problems.push(format!("{}:{}: {what}", source.file, source.line));
        for what in found.problems {
            problem(what);
        }
        if columns.is_empty() {
            continue;
        }
        if columns.len() != found.columns.len() {
            let (wanted, given) = (columns.len(), found.columns.len());
            problem(format!(
                "the row type has {wanted} columns, the statement gives {given}"
            ));
        }
        for (column, (name, kind)) in columns.iter().zip(&found.columns) {
            if !column.name.is_empty() && column.name.trim_start_matches("r#") != name {
                problem(format!(
                    "the row type has `{}` where the statement gives `{name}`",
                    column.name
                ));
            }
            if let Some(kind) = kind
                && column.kind != Kind::Any
                && column.kind != *kind
            {
                problem(format!(
                    "`{name}`: the row type reads {:?}, the statement gives {kind:?}",
                    column.kind
                ));
            }
        }
    }
    Ok(problems)
}

#[derive(Default)]
struct Found {
    columns: Vec<(String, Option<Kind>)>,
    problems: Vec<String>,
}

async fn describe(tx: &mut Tx, source: &crate::Source) -> Result<Found> {
    let mut found = Found::default();
    match tx.conn() {
        Conn::Sqlite(tx) => {
            let (_, names) = tx.describe(source.sqlite)?;
            found.columns = names.into_iter().map(|name| (name, None)).collect();
        }
        Conn::Postgres(tx) => {
            let stmt = tx.describe(source.postgres).await?;
            for (at, ty) in stmt.params().iter().enumerate() {
                // int4 would be refused when bound: a cast in the text makes it a BIGINT
                if kind_of(ty).is_none() || [Type::INT4, Type::INT2].contains(ty) {
                    found.problems.push(format!("${} is taken as {ty}", at + 1));
                }
            }
            for column in stmt.columns() {
                let kind = kind_of(column.type_());
                if kind.is_none() {
                    found.problems.push(format!(
                        "`{}` is {}: cast it",
                        column.name(),
                        column.type_()
                    ));
                }
                found.columns.push((column.name().to_owned(), kind));
            }
        }
        Conn::Over => {}
    }
    Ok(found)
}

fn kind_of(ty: &Type) -> Option<Kind> {
    Some(match *ty {
        Type::INT8 | Type::INT4 | Type::INT2 => Kind::Int,
        Type::BOOL => Kind::Bool,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => Kind::Text,
        Type::BYTEA => Kind::Bytes,
        Type::UUID => Kind::Uuid,
        _ => return None,
    })
}

/// The server process of a PostgreSQL transaction, for tests that kill it.
pub async fn backend(tx: &mut Tx) -> Result<i64> {
    match tx.conn() {
        Conn::Postgres(tx) => tx.backend().await,
        Conn::Sqlite(_) | Conn::Over => Err(Error::other("no server")),
    }
}

/// The integers of the first row of a text that no literal could hold, for property tests on markers.
pub async fn rows_of(db: &Db, text: &str, values: &[i64]) -> Result<Vec<i64>> {
    let mut bytes = text.as_bytes().to_vec();
    crate::stmt::rewrite_into(text.as_bytes(), &mut bytes);
    let sqlite = String::from_utf8(bytes).map_err(|_| Error::other("not UTF-8"))?;
    let values: Vec<crate::Value> = values.iter().map(|value| (*value).into()).collect();
    let mut tx = db.read().await?;
    let mut rows = match tx.conn() {
        Conn::Sqlite(tx) => tx.rows::<Integers>(&sqlite, &values, 1)?,
        Conn::Postgres(tx) => tx.rows::<Integers>(text, &values, 1).await?,
        Conn::Over => Vec::new(),
    };
    Ok(rows.pop().ok_or(Error::Missing)?.0)
}

/// All integers of a row that holds nothing else.
struct Integers(Vec<i64>);

impl FromRow for Integers {
    fn columns() -> Vec<Column> {
        Vec::new()
    }
    fn from_row(cells: &mut Cells) -> Result<Self, BadValue> {
        let mut row = Vec::new();
        while let Some(value) = cells.take::<Option<i64>>()? {
            row.push(value);
        }
        Ok(Integers(row))
    }
}
