//! The master key: made only beside an empty database, readable by its owner alone.

use anyhow::{Context, Result, bail};
use db::Db;
use kernel::World;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Reads the key file; makes it where there is none and nothing has been sealed yet.
///
/// # Errors
/// A missing key beside a database that is in use: what was sealed with it could never be opened again.
pub async fn read_or_make(path: &Path, db: &Db) -> Result<[u8; 32]> {
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
    let key = World::system().bytes::<32>();
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} cannot be made", path.display()))?;
    writeln!(file, "{hex}")?;
    file.sync_all()?;
    Ok(key)
}

/// Under this name the database notes which key it belongs to.
const MARK: &str = "master-key";

/// Whether the database belongs to this key, as far as it knows.
pub async fn fits(key: &[u8; 32], db: &Db) -> Result<bool> {
    let mut tx = db.read().await?;
    let noted = db::noted(&mut tx, MARK).await?;
    Ok(noted.is_none_or(|noted| noted == mark(key)))
}

/// Notes which key the database belongs to, the first time; later refuses every other.
pub async fn bind(key: &[u8; 32], db: &Db) -> Result<()> {
    let known = {
        let mut tx = db.read().await?;
        db::noted(&mut tx, MARK).await?
    };
    let known = match known {
        Some(known) => known,
        None => {
            db::retry(|| async {
                let mut tx = db.begin().await?;
                let known = db::note_once(&mut tx, MARK, mark(key)).await?;
                tx.commit().await?;
                Ok(known)
            })
            .await?
        }
    };
    if known != mark(key) {
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
pub fn read(path: &Path) -> Result<[u8; 32]> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & 0o077 != 0 {
        tracing::warn!(file = %path.display(), "the master key can be read by others; chmod 600 it");
    }
    let text = text.trim();
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        bail!(
            "{} holds no key: 64 hexadecimal digits are wanted",
            path.display()
        );
    }
    for (i, byte) in key.iter_mut().enumerate() {
        let pair = text.get(2 * i..2 * i + 2).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).with_context(|| {
            format!(
                "{} holds no key: 64 hexadecimal digits are wanted",
                path.display()
            )
        })?;
    }
    Ok(key)
}

async fn in_use(db: &Db) -> Result<bool> {
    if matches!(db.schema_state().await?, db::SchemaState::Pending(files) if files.iter().any(|f| f.contains("0001")))
    {
        return Ok(false);
    }
    let mut tx = db.read().await?;
    Ok(identity::staff::any(&mut tx).await? || identity::users::any(&mut tx).await?)
}
