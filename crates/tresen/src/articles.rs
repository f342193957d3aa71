//! `tresen articles import|export` and `tresen search rebuild`.

use crate::config::Config;
use crate::{again, say, serve};
use anyhow::{Context, Result};
use kernel::{Actor, Ctx, Locale};
use knowledge::transfer::{self, File};
use std::path::Path;

/// Reads a folder of Markdown files into the knowledge base, all or nothing.
///
/// # Errors
/// A file that cannot be read, by name.
pub async fn import(config: &Config, dir: &Path) -> Result<()> {
    let files = read(dir)?;
    let (db, world) = serve::open(config).await?;
    let ctx = Ctx::new(&world, Actor::System, Locale::De);
    let report = again(|| async {
        let mut tx = db.begin().await?;
        let report = transfer::import(&mut tx, &ctx, &files).await?;
        tx.commit().await?;
        Ok(report)
    })
    .await?;
    for path in &report.left_out {
        say(&format!("left out: {path}"));
    }
    say(&format!(
        "{} new, {} changed, {} as they were.",
        report.created, report.changed, report.same
    ));
    Ok(())
}

/// Writes all articles into a folder; other files in it stay.
///
/// # Errors
/// A file that cannot be written.
pub async fn export(config: &Config, dir: &Path) -> Result<()> {
    let (db, _) = serve::open(config).await?;
    let mut tx = db.read().await?;
    let files = transfer::export(&mut tx).await?;
    drop(tx);
    for (path, text) in &files {
        // names come from addresses: small letters, digits and hyphens
        let file = dir.join(path);
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("{} cannot be made", folder.display()))?;
        }
        std::fs::write(&file, text)
            .with_context(|| format!("{} cannot be written", file.display()))?;
    }
    say(&format!("{} files.", files.len()));
    Ok(())
}

/// Has every node fill its index anew.
///
/// # Errors
/// When the database is away.
pub async fn rebuild(config: &Config) -> Result<()> {
    let (db, _) = serve::open(config).await?;
    again(|| async {
        let mut tx = db.begin().await?;
        knowledge::rebuild(&mut tx).await?;
        Ok(tx.commit().await?)
    })
    .await?;
    say("Every node fills its index anew at its next search.");
    Ok(())
}

/// All files below a folder, by their path in it; names that begin with a dot are left out.
///
/// # Errors
/// A folder or file that cannot be read, or is no text.
pub fn read(dir: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(dir)?.to_string_lossy().replace('\\', "/");
            let text = match path.extension().is_some_and(|ending| ending == "md") {
                true => std::fs::read_to_string(&path)
                    .with_context(|| format!("{} cannot be read as text", path.display()))?,
                false => String::new(),
            };
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}
