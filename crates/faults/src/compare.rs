//! Looks as a customer does: what stands in the address book and among the messages, beside what was promised.

use crate::notes::Noted;
use crate::place::Plan;
use crate::write::MARK;
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use testkit::Client;

/// What was found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Verdict {
    pub promised: usize,
    /// Sent, never promised, and there all the same: allowed.
    pub unpromised: usize,
    /// Answers that came only after asking again.
    pub again: usize,
    pub lost: Vec<String>,
    pub doubled: Vec<String>,
    /// There, though nobody sent it.
    pub strange: Vec<String>,
}

impl Verdict {
    pub fn is_good(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.strange.is_empty()
    }
}

pub async fn all(plan: &Path, notes: &Path) -> Result<Verdict> {
    let plan = Plan::read(plan)?;
    let noted = Noted::read(notes)?;
    let mut found = BTreeMap::new();
    for writer in &plan.writers {
        let mut client = plan.client(writer).await;
        count(
            &page(&mut client, "/konto/adressen").await?,
            "<li class=\"card\"",
            &mut found,
        );
        let mut next = Some("/nachrichten".to_owned());
        while let Some(path) = next {
            let html = page(&mut client, &path).await?;
            count(&html, "<tr", &mut found);
            next = older(&html).filter(|older| *older != path);
        }
    }
    Ok(verdict(&noted, &found))
}

fn verdict(noted: &Noted, found: &BTreeMap<String, usize>) -> Verdict {
    let times = |mark: &&String| found.get(*mark).copied().unwrap_or(0);
    let unpromised = noted.sent.difference(&noted.promised);
    Verdict {
        promised: noted.promised.len(),
        unpromised: unpromised.filter(|mark| times(mark) > 0).count(),
        again: noted.again,
        lost: noted
            .promised
            .iter()
            .filter(|mark| times(mark) == 0)
            .cloned()
            .collect(),
        doubled: noted
            .sent
            .iter()
            .filter(|mark| times(mark) > 1)
            .cloned()
            .collect(),
        strange: found
            .keys()
            .filter(|mark| !noted.sent.contains(*mark))
            .cloned()
            .collect(),
    }
}

async fn page(client: &mut Client, path: &str) -> Result<String> {
    let answer = client.send("GET", path, None).await;
    ensure!(
        answer.status == 200,
        "{path}: {} {}",
        answer.status,
        answer.text()
    );
    Ok(answer.html)
}

/// Each piece of a page that begins so is one thing; its mark stands in it.
fn count(html: &str, piece: &str, found: &mut BTreeMap<String, usize>) {
    for thing in html.split(piece).skip(1) {
        let Some(at) = thing.find(MARK) else { continue };
        let mark: String = thing
            .chars()
            .skip(thing.get(..at).map_or(0, |before| before.chars().count()))
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        *found.entry(mark).or_insert(0) += 1;
    }
}

/// The link to the next page of a list.
fn older(html: &str) -> Option<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(testkit::html::unescape)
        .find(|href| href.starts_with("/nachrichten?") && href.contains("nach="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_doubled_and_strange_are_told_apart() {
        let mut found = BTreeMap::new();
        let html = "<tr><td>Probe-0-1</td></tr><tr><a title=\"Probe-0-2\">Probe-0-2</a></tr><tr>Probe-0-2</tr><tr>Probe-7-7 x";
        count(html, "<tr", &mut found);
        let set = |marks: &[&str]| marks.iter().map(|mark| (*mark).to_owned()).collect();
        let noted = Noted {
            sent: set(&["Probe-0-1", "Probe-0-2", "Probe-0-3", "Probe-0-4"]),
            promised: set(&["Probe-0-2", "Probe-0-3"]),
            again: 1,
        };
        let verdict = verdict(&noted, &found);
        assert!(!verdict.is_good());
        assert_eq!(verdict.lost, ["Probe-0-3"]);
        assert_eq!(verdict.doubled, ["Probe-0-2"]);
        assert_eq!(verdict.strange, ["Probe-7-7"]);
        assert_eq!((verdict.promised, verdict.unpromised), (2, 1));
    }
}
