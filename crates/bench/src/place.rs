//! A folder with a filled database and what a server needs beside it; made once, used again.

use crate::inside::Inside;
use crate::population::Size;
use crate::{seed, visitors};
use anyhow::{Context, Result};
use db::{Db, SchemaState};
use kernel::World;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;
use tresen::config::Config;

/// Raised when what the seed writes changes: older databases are then made anew.
const SEED: &str = "6";

pub struct Place {
    pub size: Size,
    pub db: Db,
    folder: PathBuf,
}

impl Place {
    /// The database of this size below `parent`, taken over from an earlier run if its schema still fits.
    pub async fn ready(parent: &Path, size: Size) -> Result<Self> {
        let folder = parent.join(format!("{}-{}", size.customers, size.messages));
        let marker = folder.join("seeded");
        if fs::read_to_string(&marker).is_ok_and(|seed| seed == SEED) {
            let db = open(&in_folder(&folder)).await?;
            if db.schema_state().await? == SchemaState::UpToDate {
                let place = Place { size, db, folder };
                Inside::of(&place)?.warm().await;
                return Ok(place);
            }
        }
        let url = in_folder(&folder);
        let place = Self::filled(folder, &url, size).await?;
        fs::write(marker, SEED)?;
        Ok(place)
    }

    /// The empty database of a PostgreSQL server, filled; what the server needs beside it lies below `parent`.
    pub async fn on_server(parent: &Path, url: &str, size: Size) -> Result<Self> {
        Self::filled(parent.join("server"), url, size).await
    }

    /// A database that is made anew each time.
    pub async fn anew(parent: &Path, name: &str, size: Size) -> Result<Self> {
        let folder = parent.join(name);
        let url = in_folder(&folder);
        Self::filled(folder, &url, size).await
    }

    async fn filled(folder: PathBuf, url: &str, size: Size) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        println!(
            "Filling a database with {} customers and {} messages in {} threads",
            size.customers,
            size.messages,
            size.threads()
        );
        let db = open(url).await?;
        db.migrate().await?;
        seed::fill(&db, size).await?;
        // a server would catch up with the log while it is measured
        while db::audit::chain::seal(&db, &World::system()).await? > 0 {}
        beside(&folder, url)?;
        let place = Place { size, db, folder };
        let began = Instant::now();
        Inside::of(&place)?.warm().await;
        println!("  indexes of words, {:.0} s", began.elapsed().as_secs_f64());
        Ok(place)
    }

    /// Lets people in for one run.
    pub async fn visitors(&self) -> Result<Vec<visitors::Visitor>> {
        visitors::sign_in(&self.db, self.size.threads()).await
    }

    pub fn config_file(&self) -> PathBuf {
        self.folder.join("tresen.toml")
    }

    /// With the index of words elsewhere where a folder is named.
    pub fn config(&self, search: Option<&Path>) -> Result<Config> {
        let search = search.map(|folder| {
            let name = "TRESEN_SEARCH__PATH".to_owned();
            (name, folder.to_string_lossy().into_owned())
        });
        Config::load(Some(&self.config_file()), search.into_iter())
    }

    /// For what is measured once and thrown away.
    pub fn scratch(&self) -> PathBuf {
        self.folder.join("scratch")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("tresen.log")
    }

    /// Bytes of the database.
    pub fn bytes(&self) -> Result<u64> {
        Ok(fs::metadata(self.folder.join("tresen.db"))?.len())
    }
}

fn in_folder(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("tresen.db").display())
}

async fn open(url: &str) -> Result<Db> {
    // nothing is lost that could not be made again: the disk need not be waited for
    Db::open_with(url, &World::system(), false)
        .await
        .with_context(|| url.to_owned())
}

/// Configuration and master key; a server makes a key only beside an empty database.
fn beside(folder: &Path, url: &str) -> Result<()> {
    let key = folder.join("tresen.key");
    let config = format!(
        "[database]\nurl = \"{url}\"\n[secrets]\nmaster_key_file = \"{}\"\n[support]\nundo_seconds = 0\n",
        key.display()
    );
    fs::write(folder.join("tresen.toml"), config)?;
    let digits: String = World::system()
        .bytes::<32>()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(key)?;
    std::io::Write::write_all(&mut file, digits.as_bytes())?;
    Ok(())
}
