//! `tresen backup` and `tresen restore`: the SQLite file, while it is in use, and the files that people sent, where they
//! lie in a folder. PostgreSQL and S3 have tools of their own.

use crate::config::Config;
use crate::{house, key, say};
use anyhow::{Context, Result, bail};
use db::{Db, SchemaState};
use kernel::World;
use kernel::jiff::tz::TimeZone;
use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// How every SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Not this program's work: holds what to run instead. Ends with 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Elsewhere(String);

/// Writes a copy of the database to `to`, or to a name with the time in it, and says what else to keep.
///
/// # Errors
/// [`Elsewhere`] on PostgreSQL; a target that exists; a copy that is not whole.
pub async fn backup(config: &Config, to: Option<PathBuf>) -> Result<()> {
    let url = config.get("database.url");
    let target = to.unwrap_or_else(|| PathBuf::from(name_for_now()));
    let Some(source) = url.strip_prefix("sqlite:") else {
        let file = target.with_extension("dump");
        return Err(elsewhere(url, |place| {
            format!(
                "pg_dump --format=custom --file={} \"{place}\"",
                file.display()
            )
        }));
    };
    if !Path::new(source.strip_prefix("//").unwrap_or(source)).exists() {
        bail!("there is no database at {source}");
    }
    free(&target)?;
    let part = beside(&target, "part");
    let written = copy(url, &part).await.and_then(|about| {
        fs::rename(&part, &target)?;
        sync_folder(&target)?;
        Ok(about)
    });
    let about = match written {
        Ok(about) => about,
        Err(error) => {
            sweep(&part);
            return Err(error);
        }
    };
    say(&format!(
        "{} holds the whole database: {about}",
        target.display()
    ));
    keep_files(config, &target).await?;
    let key = config.get("secrets.master_key_file");
    say(&format!(
        "Keep {key} as well, at another place: without it what is sealed in the copy cannot be opened, and with it \
         everybody can."
    ));
    Ok(())
}

/// Brings a copy back to the place where the configuration has the database.
///
/// # Errors
/// [`Elsewhere`] on PostgreSQL; a place that is not empty; a file that is no backup or a newer one; another key.
pub async fn restore(config: &Config, from: &Path) -> Result<()> {
    let url = config.get("database.url");
    let Some(target) = url.strip_prefix("sqlite:") else {
        return Err(elsewhere(url, |place| {
            format!(
                "pg_restore --no-owner --exit-on-error --dbname=\"{place}\" {}",
                from.display()
            )
        }));
    };
    let target = PathBuf::from(target.strip_prefix("//").unwrap_or(target));
    for ending in ["", "-wal", "-shm"] {
        free(&with_ending(&target, ending))?;
    }
    let mut magic = Vec::new();
    File::open(from)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut magic))
        .with_context(|| format!("{} cannot be read", from.display()))?;
    if magic != MAGIC {
        bail!("{} is no backup: it is no SQLite database", from.display());
    }
    let part = beside(&target, "part");
    let checked = async {
        take_over(from, &part)?;
        let about = examine(&part, config, from).await?;
        // what the examination left beside the file is part of it no more
        for ending in ["-wal", "-shm"] {
            remove(&with_ending(&part, ending))?;
        }
        File::open(&part)?.sync_all()?;
        fs::rename(&part, &target)?;
        sync_folder(&target)?;
        anyhow::Ok(about)
    };
    match checked.await {
        Ok(about) => {
            say(&format!("{} is restored: {about}", target.display()));
            bring_files(config, from).await?;
            say("`tresen serve` may be started.");
            Ok(())
        }
        Err(error) => {
            sweep(&part);
            Err(error)
        }
    }
}

/// Copies the files beside the copy of the database. They are never changed once they are there, so those that the copy
/// names are enough, whatever happens meanwhile; what is there from an earlier backup is not copied again.
async fn keep_files(config: &Config, target: &Path) -> Result<()> {
    let from = house::place(config)?;
    if from.folder().is_none() {
        say(&format!(
            "The files that people sent are in {}: copy it with its own tools, after this.",
            from.about()
        ));
        return Ok(());
    }
    let folder = with_ending(target, ".files");
    let to = files::Place::disk(&folder).context("a place for the copies of files")?;
    let db = Db::open(&format!("sqlite:{}", target.display()), &World::system()).await?;
    let copied = files::copy(&db, &from, &to).await?;
    drop(db);
    for ending in ["-wal", "-shm"] {
        remove(&with_ending(target, ending))?;
    }
    say(&format!(
        "{} holds the files that people sent: {}, {} bytes. It belongs to the copy.",
        folder.display(),
        copied.files,
        copied.bytes
    ));
    missing(&copied, &from)
}

async fn bring_files(config: &Config, from: &Path) -> Result<()> {
    let folder = with_ending(from, ".files");
    let to = house::place(config)?;
    if !folder.exists() {
        say(&format!(
            "Beside the backup there is no {}: the files that people sent are to be brought to {} by hand.",
            folder.display(),
            to.about()
        ));
        return Ok(());
    }
    let from = files::Place::disk(&folder).context("the copies of files")?;
    let db = Db::open(config.get("database.url"), &World::system()).await?;
    // a backup of an older program knows no files
    if !matches!(db.schema_state().await?, SchemaState::UpToDate) {
        return Ok(());
    }
    let copied = files::copy(&db, &from, &to).await?;
    say(&format!(
        "{} files, {} bytes, are in {}.",
        copied.files,
        copied.bytes,
        to.about()
    ));
    missing(&copied, &from)
}

fn missing(copied: &files::Copied, from: &files::Place) -> Result<()> {
    match copied.missing.first() {
        None => Ok(()),
        Some(first) => bail!(
            "{} files are not in {}, {first} the first",
            copied.missing.len(),
            from.about()
        ),
    }
}

async fn copy(url: &str, part: &Path) -> Result<String> {
    sweep(part);
    let db = Db::open(url, &World::system()).await?;
    if !db.copy(part).await? {
        bail!("only SQLite files are copied");
    }
    File::open(part)?.sync_all()?;
    let bytes = fs::metadata(part)?.len();
    let copy = Db::open(&format!("sqlite:{}", part.display()), &World::system()).await?;
    whole(&copy).await?;
    let about = about(&copy, bytes).await?;
    drop(copy);
    for ending in ["-wal", "-shm"] {
        remove(&with_ending(part, ending))?;
    }
    Ok(about)
}

/// A copy that only this account may read, from its first byte on.
fn take_over(from: &Path, part: &Path) -> Result<()> {
    sweep(part);
    if let Some(folder) = part.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(part)
        .with_context(|| format!("{} cannot be written", part.display()))?;
    std::io::copy(&mut File::open(from)?, &mut out)?;
    out.sync_all()?;
    Ok(())
}

async fn examine(part: &Path, config: &Config, from: &Path) -> Result<String> {
    let named = from.display();
    let bytes = fs::metadata(part)?.len();
    let url = format!("sqlite:{}", part.display());
    let db = Db::open(&url, &World::system())
        .await
        .with_context(|| format!("{named} is no backup"))?;
    whole(&db)
        .await
        .with_context(|| format!("{named} is no backup"))?;
    if let SchemaState::Unknown(reason) = db.schema_state().await? {
        bail!("{named} cannot be used by this program: {reason}");
    }
    let about = about(&db, bytes)
        .await
        .with_context(|| format!("{named} is no backup of Tresen"))?;
    let file = Path::new(config.get("secrets.master_key_file"));
    let key = key::read(file)
        .with_context(|| "the backup cannot be used without the master key that belongs to it")?;
    if !key::fits(&key, &db).await? {
        bail!(
            "{} is another master key than the one {named} was made with",
            file.display()
        );
    }
    Ok(about)
}

async fn whole(db: &Db) -> Result<()> {
    match db.damage().await {
        Ok(None) => Ok(()),
        Ok(Some(damage)) => bail!("it is damaged: {damage}"),
        Err(error) => bail!("it is damaged: {error}"),
    }
}

/// What a copy holds, in a few words.
async fn about(db: &Db, bytes: u64) -> Result<String> {
    let schema = db
        .schema_number()
        .await?
        .context("it has none of this program's tables")?;
    Ok(format!("{bytes} bytes, schema {schema:04}"))
}

fn free(path: &Path) -> Result<()> {
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| path.display().to_string()),
        Ok(_) => bail!(
            "{} is there already; nothing is overwritten",
            path.display()
        ),
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Takes away what an attempt left.
fn sweep(part: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let path = with_ending(part, ending);
        if let Err(error) = remove(&path) {
            tracing::warn!(file = %path.display(), %error, "left behind");
        }
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn beside(target: &Path, word: &str) -> PathBuf {
    with_ending(target, &format!(".{word}"))
}

/// A new name is on the disk only when its folder is.
fn sync_folder(file: &Path) -> Result<()> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

fn name_for_now() -> String {
    let now = World::system().now().timestamp().to_zoned(TimeZone::UTC);
    format!("tresen-{}.db", now.strftime("%Y-%m-%dT%H%M%SZ"))
}

fn elsewhere(url: &str, command: impl Fn(&str) -> String) -> anyhow::Error {
    let command = command(&without_password(url));
    Elsewhere(format!(
        "the database is on PostgreSQL, whose own tools copy it while it is in use. Run:\n  {command}\n\
         The password, if there is one, is asked for or read from PGPASSWORD or ~/.pgpass. Afterwards copy the files \
         that people sent (files.url), and keep the master key file as well, at another place."
    ))
    .into()
}

/// For a command line, which every account of the machine can read.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let rest = match rest.rsplit_once('@') {
        Some((user, place)) => {
            let user = user.split_once(':').map_or(user, |(user, _)| user);
            format!("{user}@{place}")
        }
        None => rest.to_owned(),
    };
    // it may stand among the options, too
    let (place, options) = rest.split_once('?').unwrap_or((&rest, ""));
    let secret = |option: &&str| {
        let name = option.split('=').next().unwrap_or_default();
        name.to_ascii_lowercase().contains("password")
    };
    let kept: Vec<&str> = options
        .split('&')
        .filter(|option| !secret(option))
        .collect();
    match kept.join("&").as_str() {
        "" => format!("{scheme}://{place}"),
        options => format!("{scheme}://{place}?{options}"),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_stand_on_no_command_line() {
        for (url, shown) in [
            (
                "postgres://u:ge@heim@h:5432/d?x=1",
                "postgres://u@h:5432/d?x=1",
            ),
            ("postgres://u@h/d", "postgres://u@h/d"),
            ("postgres://h/d", "postgres://h/d"),
            (
                "postgres://u@h/d?a=1&password=ge%40heim&sslpassword=x&b=2",
                "postgres://u@h/d?a=1&b=2",
            ),
            ("postgres://h/d?PASSWORD=geheim", "postgres://h/d"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
