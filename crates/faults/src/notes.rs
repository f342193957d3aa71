//! What was sent and what was promised, on disk before anybody relies on it. Lines are only ever added.

use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub struct Notes(Mutex<File>);

impl Notes {
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Notes(Mutex::new(file.with_context(|| {
            format!("{} cannot be written", path.display())
        })?)))
    }

    /// The form with this mark goes off under this key; what becomes of it is not known.
    pub fn sent(&self, mark: &str, key: &str) -> Result<()> {
        self.add(&format!("sent {mark} {key}\n"))
    }

    /// The server has said that it is stored.
    pub fn promised(&self, mark: &str) -> Result<()> {
        self.add(&format!("promised {mark}\n"))
    }

    /// It did not go through at once.
    pub fn again(&self, mark: &str, status: u16) -> Result<()> {
        self.add(&format!("again {mark} {status}\n"))
    }

    fn add(&self, line: &str) -> Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes())?;
        Ok(file.sync_data()?)
    }
}

/// The notes, read back.
#[derive(Debug, Default)]
pub struct Noted {
    pub sent: BTreeSet<String>,
    pub promised: BTreeSet<String>,
    pub again: usize,
}

impl Noted {
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let mut noted = Noted::default();
        for line in text.lines() {
            let mut words = line.split(' ');
            match (words.next(), words.next()) {
                (Some("sent"), Some(mark)) => drop(noted.sent.insert(mark.to_owned())),
                (Some("promised"), Some(mark)) => drop(noted.promised.insert(mark.to_owned())),
                (Some("again"), Some(_)) => noted.again += 1,
                _ => anyhow::bail!("{line} is no note"),
            }
        }
        Ok(noted)
    }

    /// How many promises there are right now, while they are being made.
    pub fn promises(path: &Path) -> usize {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.lines()
            .filter(|line| line.starts_with("promised "))
            .count()
    }
}
