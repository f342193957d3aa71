//! Looks as people do: what stands in a customer's address book and among the messages, and in the tickets at the desk,
//! beside what was promised.

use crate::notes::Noted;
use crate::place::Plan;
use crate::write::MARK;
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use testkit::Client;

const DESK: &str = "/desk/tickets";

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
            next = older(&html, "/nachrichten?").filter(|older| *older != path);
        }
    }
    if plan.mailers > 0 {
        mails(&plan, &mut found).await?;
    }
    Ok(verdict(&noted, &found))
}

/// What stands in the tickets that mails opened.
async fn mails(plan: &Plan, found: &mut BTreeMap<String, usize>) -> Result<()> {
    let mut staff = plan.staff().await;
    let mut tickets = BTreeSet::new();
    let mut next = Some(format!("{DESK}?art=ticket&zustand=alle"));
    while let Some(path) = next {
        let html = page(&mut staff, &path).await?;
        tickets.extend(links(&html).filter_map(|href| {
            let id = href.strip_prefix(DESK)?.strip_prefix('/')?;
            let id = id.split('?').next()?;
            id.bytes()
                .all(|b| b.is_ascii_hexdigit() || b == b'-')
                .then(|| id.to_owned())
        }));
        next = older(&html, &format!("{DESK}?")).filter(|older| *older != path);
    }
    let mut there = BTreeMap::new();
    for id in tickets {
        let html = page(&mut staff, &format!("{DESK}/{id}")).await?;
        count(&html, "<li>", &mut there);
    }
    // the customers' messages are at the desk, too, and have been counted where customers read them
    found.extend(
        there
            .into_iter()
            .filter(|(mark, _)| nth(mark).is_none_or(|nth| nth >= plan.writers.len())),
    );
    Ok(())
}

/// Who wrote it.
fn nth(mark: &str) -> Option<usize> {
    mark.strip_prefix(MARK)?.split('-').next()?.parse().ok()
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
fn older(html: &str, list: &str) -> Option<String> {
    links(html).find(|href| href.starts_with(list) && href.contains("nach="))
}

fn links(html: &str) -> impl Iterator<Item = String> + '_ {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(testkit::html::unescape)
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
