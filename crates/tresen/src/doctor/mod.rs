//! `tresen doctor`: whether what is stored is whole; changes nothing.

mod store;

use crate::config::Config;
use crate::{house, key, say};
use anyhow::{Result, bail};
use db::audit::chain::{self, Verdict, Wrong};
use db::{Db, SchemaState, Tx};
use kernel::{Moment, World, iso};
use std::path::Path;
use std::time::Duration;

/// A mail that is on its way for longer waits for a person.
const UNSENT: Duration = Duration::from_secs(24 * 3600);
/// The queue and the log are never behind by more while the service runs.
const BEHIND: Duration = Duration::from_secs(600);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Something is broken.
    Fault(String),
    /// Somebody should look at it.
    Look(String),
    /// As it should be.
    Fine(String),
}

use Finding::{Fault, Fine, Look};

/// Says what it found.
///
/// # Errors
/// At least one fault.
pub async fn run(config: &Config) -> Result<()> {
    let findings = examine(config).await;
    for finding in &findings {
        say(&match finding {
            Fault(text) => format!("fault  {text}"),
            Look(text) => format!("look   {text}"),
            Fine(text) => format!("fine   {text}"),
        });
    }
    match findings.iter().filter(|f| matches!(f, Fault(_))).count() {
        0 => Ok(()),
        1 => bail!("one fault was found"),
        many => bail!("{many} faults were found"),
    }
}

/// Looks at everything that can be looked at.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let url = config.get("database.url");
    if let Some(path) = url.strip_prefix("sqlite:")
        && !Path::new(path.strip_prefix("//").unwrap_or(path)).exists()
    {
        return vec![Fault(format!("there is no database at {path}"))];
    }
    let path = Path::new(config.get("secrets.master_key_file"));
    let (world, mut findings, read) = match key::read(path) {
        Ok(keys) => (keys.world(), Vec::new(), Some(keys)),
        Err(error) => (World::system(), vec![Fault(format!("{error:#}"))], None),
    };
    let db = match Db::open(url, &world).await {
        Ok(db) => db,
        Err(error) => {
            findings.push(Fault(format!("the database cannot be opened: {error}")));
            return findings;
        }
    };
    match schema(&db).await {
        Ok(fine) => findings.push(fine),
        Err(fault) => {
            findings.push(fault);
            return findings;
        }
    }
    if let Some(keys) = &read {
        findings.push(match key::fits(keys, &db).await {
            Ok(true) => Fine("the master key is the one of this database".into()),
            Ok(false) => Fault("the master key is not the one of this database".into()),
            Err(error) => Fault(error.to_string()),
        });
    }
    if let Some(keys) = &read
        && let Some(look) = former(keys, &db).await
    {
        findings.push(look);
    }
    if let Err(error) = data(&db, &world, &mut findings).await {
        findings.push(Fault(format!("the database: {error}")));
    }
    findings.extend(files(config, &db).await);
    findings
}

/// A change of keys that was begun, or is not needed any more.
async fn former(keys: &key::Keys, db: &Db) -> Option<Finding> {
    match key::settled(keys, db).await {
        Ok(false) if !keys.former.is_empty() => Some(Look(
            "the change of the master key is not finished: run `tresen keys rotate`".into(),
        )),
        Ok(true) if !keys.former.is_empty() => Some(Look(
            "a former master key still counts: see `tresen keys forget`".into(),
        )),
        _ => None,
    }
}

/// Whether the bytes of all files are where they belong.
async fn files(config: &Config, db: &Db) -> Vec<Finding> {
    let place = match house::place(config) {
        Ok(place) => place,
        Err(error) => return vec![Fault(format!("{error:#}"))],
    };
    let found = match files::missing(db, &place).await {
        Ok(found) => found,
        Err(error) => return vec![Fault(error.to_string())],
    };
    let mut findings: Vec<Finding> = Vec::new();
    for (what, ids) in [("missing", &found.missing), ("not whole", &found.cut)] {
        if let Some(first) = ids.first() {
            findings.push(Fault(format!(
                "{} of {} files are {what} in {}, {first} the first",
                ids.len(),
                found.files,
                place.about()
            )));
        }
    }
    if findings.is_empty() {
        findings.push(Fine(format!(
            "{} files are in {}",
            found.files,
            place.about()
        )));
    }
    findings
}

async fn schema(db: &Db) -> std::result::Result<Finding, Finding> {
    match db.schema_state().await {
        Ok(SchemaState::UpToDate) => Ok(Fine("the schema is up to date".into())),
        Ok(SchemaState::Pending(files)) => Err(Fault(format!(
            "the schema lacks {}: run `tresen migrate`",
            files.join(", ")
        ))),
        Ok(SchemaState::Unknown(reason)) => {
            Err(Fault(format!("the schema is not known: {reason}")))
        }
        Err(error) => Err(Fault(format!("the database does not answer: {error}"))),
    }
}

/// What the tables say of each other, in one snapshot.
async fn data(db: &Db, world: &World, findings: &mut Vec<Finding>) -> db::Result<()> {
    if let Some(damage) = db.damage().await? {
        findings.push(Fault(format!("the file is damaged: {damage}")));
    }
    let mut tx = db.read().await?;
    let now = world.now();
    let verdict = chain::verify(&mut tx, world).await?;
    findings.push(log(&verdict));
    if let Some(open) = verdict.open_since
        && now.since(open) > BEHIND
    {
        findings.push(Look(format!(
            "lines of the log since {} are not sealed yet: does the service run?",
            iso(open)
        )));
    }
    let orphans = store::orphans(&mut tx).await?;
    if orphans.is_empty() {
        findings.push(Fine("no row has lost what it belongs to".into()));
    }
    findings.extend(
        orphans
            .into_iter()
            .map(|(what, count)| Fault(format!("{count} {what}"))),
    );
    work(&mut tx, now, findings).await
}

fn log(verdict: &Verdict) -> Finding {
    let Some((line, wrong)) = verdict.broken else {
        return Fine(format!(
            "the log is whole: {} sealed lines, the last {}",
            verdict.lines, verdict.end
        ));
    };
    Fault(match wrong {
        Wrong::Changed => format!("the log: line {line} is not what was sealed"),
        Wrong::Missing => format!("the log: line {line} is missing"),
        Wrong::CutOff => format!("the log: the lines from {line} on are missing"),
        Wrong::Key => format!("the log: its end, line {line}, is not sealed under this master key"),
    })
}

async fn work(tx: &mut Tx, now: Moment, findings: &mut Vec<Finding>) -> db::Result<()> {
    let dead = jobs::counts(tx).await?.dead;
    if dead > 0 {
        findings.push(Look(format!(
            "{dead} jobs have failed for good: see /desk/vorgaenge/jobs"
        )));
    }
    if let Some(due) = jobs::due_since(tx, now).await?
        && now.since(due) > BEHIND
    {
        findings.push(Look(format!(
            "jobs wait since {}: does the service run?",
            iso(due)
        )));
    }
    let dead = mail::counts(tx).await?.dead;
    if dead > 0 {
        findings.push(Look(format!(
            "{dead} mails could not be delivered: see /desk/vorgaenge/mails"
        )));
    }
    match mail::unsent_since(tx).await? {
        Some(since) if now.since(since) > UNSENT => findings.push(Fault(format!(
            "mails wait to be sent since {}: see /desk/vorgaenge/mails",
            iso(since)
        ))),
        _ => findings.push(Fine("no mail waits for long".into())),
    }
    Ok(())
}
