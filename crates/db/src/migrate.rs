//! The history of the schema: numbered files, each run once and never changed afterwards.

use crate::{Db, Engine, Error, Result, Tx, params, sql};
use kernel::Moment;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

#[derive(RustEmbed)]
#[folder = "../../migrations"]
struct Files;

struct Migration {
    number: i64,
    name: String,
    text: String,
    checksum: String,
}

/// How the schema stands to this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    UpToDate,
    /// The files that are still to run.
    Pending(Vec<String>),
    /// Not a schema that this program made, with the reason; it must not be touched.
    Unknown(String),
}

/// What [`migrate`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The files that were run, in order.
    pub applied: Vec<String>,
    /// Where SQLite's file was copied first.
    pub copy: Option<PathBuf>,
}

kernel::row! {
    struct Applied { number: i64, name: String, checksum: String }
}

/// Runs what is pending, each file in a transaction of its own. Refuses a schema that it does not know.
///
/// Before anything changes, a SQLite file that is in use is copied to `<file>.before-NNNN`. Several nodes may call
/// this at once: the row in `migrations` lets one of them run the file.
pub async fn migrate(db: &Db) -> Result<Report> {
    let mut report = Report::default();
    let (files, applied) = compare(db).await?;
    let pending = pending(&files, &applied).map_err(Error::other)?;
    if let (Some(first), Some(path), false) = (pending.first(), db.path(), applied.is_empty()) {
        let mut copy = path.as_os_str().to_owned();
        copy.push(format!(".before-{:04}", first.number));
        let copy = PathBuf::from(copy);
        db.copy_to(&copy).await?;
        report.copy = Some(copy);
    }
    for file in pending {
        if crate::retry(|| run(db, file)).await? {
            report.applied.push(file.name.clone());
        }
    }
    Ok(report)
}

impl Db {
    /// The last file that was run; `None` in a database without any of our tables.
    pub async fn schema_number(&self) -> Result<Option<i64>> {
        let (_, applied) = compare(self).await?;
        Ok(applied.last().map(|row| row.number))
    }

    /// How the schema stands to this program.
    pub async fn schema_state(&self) -> Result<SchemaState> {
        let (files, applied) = compare(self).await?;
        Ok(match pending(&files, &applied) {
            Err(reason) => SchemaState::Unknown(reason),
            Ok(pending) if pending.is_empty() => SchemaState::UpToDate,
            Ok(pending) => {
                SchemaState::Pending(pending.into_iter().map(|file| file.name.clone()).collect())
            }
        })
    }
}

/// Deletes rows of `commits` that nobody can ask for any more; sensible after a day.
pub async fn sweep_commits(tx: &mut Tx, before: Moment) -> Result<u64> {
    tx.exec(sql!("DELETE FROM commits WHERE at < $1"), params![before])
        .await
}

/// Whether this call ran the file (another node may have been quicker).
async fn run(db: &Db, file: &Migration) -> Result<bool> {
    let mut tx = db.begin_bare().await?;
    // two nodes at once may both find it absent on PostgreSQL, and then one of them fails on the catalogue
    tx.batch(&on(db.engine(), HISTORY))
        .await
        .map_err(|error| match error {
            Error::Conflict(_) => Error::Retry,
            other => other,
        })?;
    let own = tx
        .exec(
            sql!(
                "INSERT INTO migrations (number, name, checksum, at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (number) DO NOTHING"
            ),
            params![file.number, &file.name, &file.checksum, db.world().now()],
        )
        .await?;
    if own == 0 {
        return Ok(false);
    }
    apply(&mut tx, db.engine(), &file.text)
        .await
        .map_err(|error| match error {
            Error::Other(inner) => Error::other(format!("{}: {inner}", file.name)),
            other => other,
        })?;
    tx.commit().await?;
    tracing::info!(file = file.name, "the schema was moved on");
    Ok(true)
}

/// Runs the statements of a file.
pub(crate) async fn apply(tx: &mut Tx, engine: Engine, text: &str) -> Result<()> {
    for (only, statement) in split(text) {
        if only.is_some_and(|only| only != engine) {
            continue;
        }
        tx.batch(&on(engine, &statement))
            .await
            .map_err(|error| match error {
                Error::Other(inner) => Error::other(format!("{inner} in\n{statement}")),
                other => other,
            })?;
    }
    Ok(())
}

const HISTORY: &str = "CREATE TABLE IF NOT EXISTS migrations (\
     number BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, at BIGINT NOT NULL);";

async fn compare(db: &Db) -> Result<(Vec<Migration>, Vec<Applied>)> {
    let files = files()?;
    let mut tx = db.read().await?;
    let history: (i64,) = tx
        .one(
            sql!(
                (i64,),
                sqlite = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
                postgres = "SELECT COUNT(*) FROM information_schema.tables \
                            WHERE table_schema = current_schema() AND table_name = 'migrations'"
            ),
            params![],
        )
        .await?;
    if history.0 == 0 {
        return Ok((files, Vec::new()));
    }
    let applied = tx
        .all(
            sql!(
                Applied,
                "SELECT number, name, checksum FROM migrations ORDER BY number"
            ),
            params![],
        )
        .await?;
    Ok((files, applied))
}

fn pending<'a>(files: &'a [Migration], applied: &[Applied]) -> Result<Vec<&'a Migration>, String> {
    for row in applied {
        match files.iter().find(|file| file.number == row.number) {
            None => {
                return Err(format!(
                    "the schema is newer than this program: it has {}",
                    row.name
                ));
            }
            Some(file) if file.checksum != row.checksum => {
                return Err(format!("{} was run with another content", row.name));
            }
            Some(_) => {}
        }
    }
    let missing = |file: &&Migration| applied.iter().all(|row| row.number != file.number);
    Ok(files.iter().filter(missing).collect())
}

/// The same for the same files: names the template of the tests' databases.
#[cfg(feature = "testing")]
pub(crate) fn fingerprint() -> Result<String> {
    let all: Vec<String> = files()?
        .into_iter()
        .map(|file| file.name + &file.checksum)
        .collect();
    let mut digits = kernel::hex(&Sha256::digest(all.concat()));
    digits.truncate(16);
    Ok(digits)
}

fn files() -> Result<Vec<Migration>> {
    let mut files = Vec::new();
    for name in Files::iter().filter(|name| name.ends_with(".sql")) {
        let Some(file) = Files::get(&name) else {
            continue;
        };
        let wrong = |what: &str| Error::other(format!("migrations/{name}: {what}"));
        let text = String::from_utf8(file.data.into_owned()).map_err(|_| wrong("not UTF-8"))?;
        let text = text.replace("\r\n", "\n");
        let number = name
            .split_once('_')
            .filter(|(digits, _)| digits.len() == 4)
            .and_then(|(digits, _)| digits.parse().ok())
            .ok_or_else(|| wrong("the name is not NNNN_name.sql"))?;
        if !text.starts_with("-- owner: ") {
            return Err(wrong("the first line is not `-- owner: <crate>`"));
        }
        let checksum = kernel::hex(&Sha256::digest(&text));
        files.push(Migration {
            number,
            name: name.into_owned(),
            text,
            checksum,
        });
    }
    files.sort_by_key(|file| file.number);
    let twice = files.windows(2).find_map(|pair| match pair {
        [one, two] if one.number == two.number => Some(format!("{} and {}", one.name, two.name)),
        _ => None,
    });
    match twice {
        Some(names) => Err(Error::other(format!("one number for {names}"))),
        None => Ok(files),
    }
}

/// Statements end with `;` at the end of a line. What only one engine can do has `-- on sqlite only` or
/// `-- on postgres only` in the line before.
fn split(text: &str) -> Vec<(Option<Engine>, String)> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut only = None;
    for line in text.lines() {
        match line.trim() {
            "-- on sqlite only" => only = Some(Engine::Sqlite),
            "-- on postgres only" => only = Some(Engine::Postgres),
            comment if comment.starts_with("--") => {}
            statement => {
                current.push_str(line);
                current.push('\n');
                if statement.ends_with(';') {
                    statements.push((only.take(), std::mem::take(&mut current)));
                }
            }
        }
    }
    if !current.trim().is_empty() {
        statements.push((only, current));
    }
    statements
}

/// Writes the column words of a table in the engine's own way. Other statements stay as they are.
fn on(engine: Engine, statement: &str) -> String {
    let table = ["CREATE TABLE", "ALTER TABLE"];
    if !table
        .iter()
        .any(|start| statement.trim_start().starts_with(start))
    {
        return statement.to_owned();
    }
    let mut out = String::with_capacity(statement.len() + 64);
    let mut word = String::new();
    let mut quoted = false;
    for letter in statement.chars().chain([' ']) {
        if !quoted && (letter.is_ascii_alphanumeric() || letter == '_') {
            word.push(letter);
            continue;
        }
        out.push_str(match (engine, word.as_str()) {
            (Engine::Postgres, "TEXT") => "TEXT COLLATE \"C\"",
            (Engine::Postgres, "BYTES") => "BYTEA",
            (Engine::Sqlite, "UUID" | "BYTES") => "BLOB",
            (_, other) => other,
        });
        word.clear();
        if letter == '\'' {
            quoted = !quoted;
        }
        out.push(letter);
    }
    out.truncate(out.trim_end().len());
    out
}
