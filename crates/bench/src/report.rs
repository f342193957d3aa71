//! The table and the verdicts.

use crate::lmtp::Inbound;
use crate::load::Figures;
use crate::measure::{CONNECTIONS, Row};
use crate::pages::SEARCH;
use crate::place::Place;
use crate::population::Size;
use crate::visit::Loaded;
use anyhow::Result;
use std::time::Duration;

/// How much more a page may cost with the large database.
const GROWTH: f64 = 1.20;
/// Milliseconds until the desk has found something.
const SEARCH_MS: f64 = 5.0;
/// Until all articles can be found.
const INDEXING: Duration = Duration::from_secs(20);
/// Mails a second that come in and stand in tickets.
const MAILS: f64 = 50.0;
/// Bytes on the wire of a first visit.
const FIRST_VISIT: usize = 40_000;

pub fn head(place: &Place, people: usize, time: Duration) -> Result<()> {
    println!(
        "\n{} customers, {} messages in {} threads, {} MB; {people} people signed in; {:.0} s each, gzip, HTTP/1.1 kept alive",
        thousands(place.size.customers),
        thousands(place.size.messages),
        thousands(place.size.threads()),
        place.bytes()? / 1_000_000,
        time.as_secs_f64(),
    );
    println!(
        "everything asked for once before; without the note that a session is in use, written once a minute"
    );
    println!(
        "plain and wire: bytes of the page before compression, and of the answer with its head"
    );
    println!(
        "bare: axum answering as many bytes as the page has (plain), or as went over the wire (packed), from memory\n"
    );
    println!("{:>82} {:>24} {:>24}", "", "bare, plain", "bare, packed");
    println!(
        "{:<17}{:>5} {:>8} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8}  {:>8} {:>7} {:>6}  {:>8} {:>7} {:>6}",
        "page",
        "conn",
        "req/s",
        "p50 ms",
        "p99 ms",
        "CPU ms",
        "queries",
        "plain",
        "wire",
        "req/s",
        "CPU ms",
        "ratio",
        "req/s",
        "CPU ms",
        "ratio"
    );
    Ok(())
}

pub fn row(row: &Row) {
    let figures = row.large.iter().zip(&row.bare_plain).zip(&row.bare_wire);
    for (connections, ((ours, plain), wire)) in CONNECTIONS.iter().zip(figures) {
        let bare = |bare: &Figures| {
            format!(
                "{:>8.0} {:>7.3} {:>6.2}",
                bare.rate,
                bare.cpu_ms,
                ours.rate / bare.rate
            )
        };
        println!(
            "{:<17}{:>5} {:>8.0} {:>7.2} {:>7.2} {:>7.3} {:>7} {:>8} {:>8.0}  {}  {}",
            row.page.name,
            connections,
            ours.rate,
            ours.p50.as_secs_f64() * 1e3,
            ours.p99.as_secs_f64() * 1e3,
            ours.cpu_ms,
            row.cost.queries,
            row.cost.plain,
            ours.head + ours.body,
            bare(plain),
            bare(wire),
        );
    }
}

pub fn sizes(rows: &[Row], small: Size, large: Size) {
    println!(
        "\nCPU ms a page with {} and with {} customers, and bytes on the wire: a list may be shorter with less behind it",
        thousands(small.customers),
        thousands(large.customers)
    );
    for row in rows {
        for (connections, (small, large)) in
            CONNECTIONS.iter().zip(row.small.iter().zip(&row.large))
        {
            let growth = percent(large.cpu_ms / small.cpu_ms);
            println!(
                "{:<17}{connections:>5} {:>8.3} {:>8.3} {growth:>8} {:>8} {:>8}",
                row.page.name,
                small.cpu_ms,
                large.cpu_ms,
                small.head + small.body,
                large.head + large.body
            );
        }
    }
}

pub fn visits(visits: &[Vec<Loaded>]) {
    println!("\nfirst visit, bytes on the wire");
    for visit in visits {
        for loaded in visit {
            println!("{:<44}{:>8}", loaded.path, loaded.bytes);
        }
        println!("{:<44}{:>8}", "", total(visit));
    }
}

fn total(visit: &[Loaded]) -> usize {
    visit.iter().map(|loaded| loaded.bytes).sum()
}

pub fn goals(rows: &[Row], visits: &[Vec<Loaded>]) {
    // judged under load: with one connection the time also holds the waking up of idle threads
    let loaded = |figures: &[Figures; 2]| figures.last().map_or(f64::NAN, |figures| figures.cpu_ms);
    println!("\ngoals");
    for row in rows {
        let cpu = loaded(&row.large);
        let most = row.page.goal;
        let text = format!("{}: {cpu:.3} ms of CPU, goal {most:.2} ms", row.page.name);
        goal(cpu <= most, &text);
    }
    for row in rows {
        let growth = loaded(&row.large) / loaded(&row.small);
        let text = format!(
            "{}: {} with the large database, goal +20 %",
            row.page.name,
            percent(growth)
        );
        goal(growth <= GROWTH, &text);
    }
    for row in rows.iter().filter(|row| row.page.name == SEARCH) {
        let [alone, _] = &row.large;
        let took = alone.p99.as_secs_f64() * 1e3;
        let text = format!("{SEARCH}: {took:.2} ms for 99 of 100, goal {SEARCH_MS:.0} ms");
        goal(took <= SEARCH_MS, &text);
    }
    for visit in visits {
        let path = visit.first().map_or("", |loaded| loaded.path.as_str());
        let bytes = total(visit);
        goal(
            bytes <= FIRST_VISIT,
            &format!("first visit of {path}: {bytes} bytes, goal {FIRST_VISIT}"),
        );
    }
}

pub fn others(size: Size, indexing: Duration, inbound: Inbound) {
    println!(
        "\nindexing of {} articles: {:.1} s",
        thousands(size.articles()),
        indexing.as_secs_f64()
    );
    self::inbound(inbound);
}

/// What [`crate::lmtp`] measured.
pub fn inbound(inbound: Inbound) {
    println!(
        "{} mails by LMTP, half of them answers: {:.0} a second stored, {:.0} a second in tickets, {:.0} a second with all that \
         follows; {:.2} ms of CPU each",
        thousands(inbound.mails),
        inbound.stored,
        inbound.taken,
        inbound.followed,
        inbound.cpu_ms
    );
}

pub fn other_goals(indexing: Duration, inbound: Inbound) {
    let (took, most) = (indexing.as_secs_f64(), INDEXING.as_secs());
    goal(
        indexing <= INDEXING,
        &format!("indexing of articles: {took:.1} s, goal {most} s"),
    );
    inbound_goal(inbound);
}

pub fn inbound_goal(inbound: Inbound) {
    let rate = inbound.taken;
    goal(
        rate >= MAILS,
        &format!("mails in tickets: {rate:.0} a second, goal {MAILS:.0}"),
    );
}

fn goal(held: bool, what: &str) {
    println!("{}  {what}", if held { "held  " } else { "missed" });
}

fn percent(ratio: f64) -> String {
    format!("{:+.0} %", (ratio - 1.0) * 100.0)
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_easily() {
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(400_000), "400,000");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(percent(1.204), "+20 %");
        assert_eq!(percent(0.97), "-3 %");
    }
}
