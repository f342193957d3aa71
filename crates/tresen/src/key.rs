//! The master key: made only beside an empty database, readable by its owner alone. A file may hold former keys behind
//! it, one a line: what they sealed or signed still counts.

use anyhow::{Context, Result, bail};
use db::Db;
use kernel::{Moment, World};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The master key, and those before it.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    pub now: [u8; 32],
    /// The youngest first.
    pub former: Vec<[u8; 32]>,
}

impl Keys {
    pub fn world(&self) -> World {
        World::system().with_keys(&self.now, &self.former)
    }

    fn is_mark(&self, noted: i64) -> bool {
        std::iter::once(&self.now)
            .chain(&self.former)
            .any(|key| mark(key) == noted)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for key in std::iter::once(&self.now).chain(&self.former) {
            text.push_str(&kernel::hex(key));
            text.push('\n');
        }
        text
    }
}

/// Reads the key file; makes it where there is none and nothing has been sealed yet.
///
/// # Errors
/// A missing key beside a database that is in use: what was sealed with it could never be opened again.
pub async fn read_or_make(path: &Path, db: &Db) -> Result<Keys> {
    if path.exists() {
        return read(path);
    }
    if in_use(db).await? {
        bail!(
            "{} is missing, but the database is in use: secrets in it can only be opened with that key; \
             bring it back from your backup",
            path.display()
        );
    }
    let keys = Keys {
        now: World::system().bytes::<32>(),
        former: Vec::new(),
    };
    put(path, keys.text().as_bytes())?;
    Ok(keys)
}

/// A new file that only this account can read, from its first byte on.
fn put(path: &Path, text: &[u8]) -> Result<()> {
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    file.write_all(text)?;
    file.sync_all()?;
    Ok(())
}

/// Puts these keys in the place of those in the file: whole or not at all.
pub fn replace(path: &Path, keys: &Keys) -> Result<()> {
    let new = beside(path, "new");
    // left by an attempt that was cut; nothing was sealed with it
    if new.exists() {
        std::fs::remove_file(&new)?;
    }
    put(&new, keys.text().as_bytes())?;
    std::fs::rename(&new, path)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

/// Keeps keys that are in use no more: backups made with them can be opened with nothing else.
pub fn put_aside(path: &Path, keys: &Keys, stamp: &str) -> Result<PathBuf> {
    let aside = beside(path, &format!("former-{stamp}"));
    put(&aside, keys.text().as_bytes())?;
    Ok(aside)
}

fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{word}"));
    name.into()
}

/// Under this name the database notes which key it belongs to.
const MARK: &str = "master-key";

/// Whether the database belongs to one of these keys, as far as it knows.
pub async fn fits(keys: &Keys, db: &Db) -> Result<bool> {
    let mut tx = db.read().await?;
    let noted = db::noted(&mut tx, MARK).await?;
    Ok(noted.is_none_or(|noted| keys.is_mark(noted)))
}

/// Whether all is sealed under the present key, as far as the database knows.
pub async fn settled(keys: &Keys, db: &Db) -> Result<bool> {
    let mut tx = db.read().await?;
    let noted = db::noted(&mut tx, MARK).await?;
    Ok(noted == Some(mark(&keys.now)))
}

/// Notes that the database belongs to the present key from now on.
pub async fn settle(keys: &Keys, tx: &mut db::Tx) -> Result<()> {
    db::note(tx, SINCE, World::system().now().micros()).await?;
    Ok(db::note(tx, MARK, mark(&keys.now)).await?)
}

/// Under this name the database notes since when.
const SINCE: &str = "master-key-since";
/// So often a running node asks whether its key still counts.
const CHECK: Duration = Duration::from_secs(2);

/// Comes to its end when another key has taken the place of these: what a node seals from then on could some day be
/// opened by nobody. While the database does not answer, nothing can be sealed either.
pub async fn replaced(keys: Keys, db: Db) {
    loop {
        tokio::time::sleep(CHECK).await;
        match fits(&keys, &db).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::debug!(%error, "whether the key still counts is not known"),
        }
    }
}

/// Waits until every node that runs with the former key has noticed that it counts no more.
pub async fn noticed(db: &Db) -> Result<()> {
    let since = {
        let mut tx = db.read().await?;
        db::noted(&mut tx, SINCE).await?
    };
    if let Some(since) = since.map(Moment::from_micros) {
        let gone = World::system().now().since(since);
        tokio::time::sleep((CHECK * 2).saturating_sub(gone)).await;
    }
    Ok(())
}

/// Notes which key the database belongs to, the first time; later refuses every other.
pub async fn bind(keys: &Keys, db: &Db) -> Result<()> {
    let known = {
        let mut tx = db.read().await?;
        db::noted(&mut tx, MARK).await?
    };
    let known = match known {
        Some(known) => known,
        None => {
            db::retry(|| async {
                let mut tx = db.begin().await?;
                let known = db::note_once(&mut tx, MARK, mark(&keys.now)).await?;
                tx.commit().await?;
                Ok(known)
            })
            .await?
        }
    };
    if !keys.is_mark(known) {
        bail!(
            "the master key is not the one this database was begun with: what is sealed in it cannot be opened; \
             bring the right one back from your backup"
        );
    }
    Ok(())
}

/// Tells keys apart and gives nothing of them away: of 256 random bits, 63 of a hash.
fn mark(key: &[u8; 32]) -> i64 {
    let mut hash = Sha256::new();
    hash.update(b"tresen: which master key this is");
    hash.update(key);
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h]) & i64::MAX
}

/// Reads the key file.
pub fn read(path: &Path) -> Result<Keys> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(file = %path.display(), "the master key can be read by others; chmod 600 it");
    }
    let mut all = Vec::new();
    for line in text.trim().lines() {
        let key = one(line.trim()).with_context(|| {
            format!(
                "{} holds no key: 64 hexadecimal digits are wanted",
                path.display()
            )
        })?;
        all.push(key);
    }
    let mut all = all.into_iter();
    let now = all.next().with_context(|| {
        format!(
            "{} holds no key: 64 hexadecimal digits are wanted",
            path.display()
        )
    })?;
    Ok(Keys {
        now,
        former: all.collect(),
    })
}

fn one(line: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if line.len() != 64 || !line.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (i, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(line.get(2 * i..2 * i + 2)?, 16).ok()?;
    }
    Some(key)
}

async fn in_use(db: &Db) -> Result<bool> {
    if matches!(db.schema_state().await?, db::SchemaState::Pending(files) if files.iter().any(|f| f.contains("0001")))
    {
        return Ok(false);
    }
    let mut tx = db.read().await?;
    Ok(identity::staff::any(&mut tx).await? || identity::users::any(&mut tx).await?)
}
