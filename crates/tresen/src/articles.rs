//! `tresen articles import|export` and `tresen search rebuild`.

use crate::config::Config;
use crate::{again, house, say, serve};
use anyhow::{Context, Result, bail};
use kernel::{Actor, Ctx, Locale, World};
use knowledge::transfer::{self, File};
use std::path::Path;

/// Reads a folder of Markdown files into the knowledge base, with what hangs on the articles, all or nothing.
///
/// # Errors
/// A file that cannot be read, by name.
pub async fn import(config: &Config, dir: &Path) -> Result<()> {
    let (texts, paths) = read(dir)?;
    let (db, world) = serve::open(config).await?;
    let store = house::store(config)?;
    let ctx = Ctx::new(&world, Actor::System, Locale::De);
    let mut hung = Vec::new();
    let mut same = 0;
    for path in &paths {
        let Some((slug, name)) = transfer::hung_at(path) else {
            say(&format!("left out: {path}"));
            continue;
        };
        let bytes = bytes(&dir.join(path))?;
        let mut tx = db.read().await?;
        let present = transfer::present(&mut tx, slug, name).await?;
        drop(tx);
        if says(&store, &world, present.as_ref(), &bytes).await {
            same += 1;
            continue;
        }
        // what comes to nothing is swept after a day
        let up = files::take(&store, &db, &ctx, files::By::System, name, &bytes)
            .await
            .with_context(|| format!("{path} cannot be stored"))?;
        hung.push((path, slug, name, up.id));
    }
    let (report, nowhere) = again(|| async {
        let mut tx = db.begin().await?;
        let report = transfer::import(&mut tx, &ctx, &texts).await?;
        let mut nowhere = Vec::new();
        for (path, slug, name, file) in &hung {
            if !transfer::hang(&mut tx, &ctx, slug, name, *file).await? {
                nowhere.push(path.to_owned());
            }
        }
        tx.commit().await?;
        Ok((report, nowhere))
    })
    .await?;
    for path in report.left_out.iter().chain(nowhere.iter().copied()) {
        say(&format!("left out: {path}"));
    }
    say(&format!(
        "{} new, {} changed, {} as they were.",
        report.created, report.changed, report.same
    ));
    if same + hung.len() > 0 {
        say(&format!(
            "Pictures and files: {} new or changed, {same} as they were.",
            hung.len() - nowhere.len()
        ));
    }
    Ok(())
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .with_context(|| format!("{shown} cannot be read"))?
        .len();
    if size > files::FILE_MAX {
        bail!("{shown} is larger than {} MB", files::FILE_MAX >> 20);
    }
    std::fs::read(path).with_context(|| format!("{shown} cannot be read"))
}

/// Whether it is that file already, byte for byte.
async fn says(
    store: &files::Store,
    world: &World,
    present: Option<&files::File>,
    bytes: &[u8],
) -> bool {
    let Some(file) = present.filter(|file| usize::try_from(file.size) == Ok(bytes.len())) else {
        return false;
    };
    let now = files::read(store, world, file, files::FILE_MAX).await;
    now.is_ok_and(|now| now == bytes)
}

/// Writes all articles into a folder, with what hangs on them; other files in it stay.
///
/// # Errors
/// A file that cannot be written.
pub async fn export(config: &Config, dir: &Path) -> Result<()> {
    let (db, world) = serve::open(config).await?;
    let store = house::store(config)?;
    let mut tx = db.read().await?;
    let texts = transfer::export(&mut tx).await?;
    let hung = transfer::hung(&mut tx).await?;
    drop(tx);
    for (path, text) in &texts {
        write(dir, path, text.as_bytes())?;
    }
    for one in &hung {
        let bytes = files::read(&store, &world, &one.file, files::FILE_MAX)
            .await
            .with_context(|| format!("{} cannot be read from the store", one.path))?;
        write(dir, &one.path, &bytes)?;
    }
    say(&format!("{} files.", texts.len() + hung.len()));
    Ok(())
}

/// Names come from addresses (small letters, digits and hyphens), those of files were made safe when they were taken.
fn write(dir: &Path, path: &str, bytes: &[u8]) -> Result<()> {
    let file = dir.join(path);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    std::fs::write(&file, bytes).with_context(|| format!("{} cannot be written", file.display()))
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

/// All files below a folder: the texts, and the paths of those that may hang on an article. Names that begin with a dot
/// are left out.
///
/// # Errors
/// A folder or text that cannot be read.
pub fn read(dir: &Path) -> Result<(Vec<File>, Vec<String>)> {
    let (mut texts, mut hung) = (Vec::new(), Vec::new());
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
            if name.matches('/').count() >= 2 {
                hung.push(name);
                continue;
            }
            let text = match path.extension().is_some_and(|ending| ending == "md") {
                true => std::fs::read_to_string(&path)
                    .with_context(|| format!("{} cannot be read as text", path.display()))?,
                false => String::new(),
            };
            texts.push((name, text));
        }
    }
    texts.sort();
    hung.sort();
    Ok((texts, hung))
}
