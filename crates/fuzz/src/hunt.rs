//! The hunt: inputs that lead to something new are kept and changed again; one that fails is made small and stored.

use crate::mutate::{Dice, mutated};
use crate::targets::{Seen, Target};
use anyhow::{Context, Result};
use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// Inputs that are kept.
const KEPT: usize = 4_000;
/// Processor time for one input, even in an unoptimised build.
const LONGEST: Duration = Duration::from_secs(1);
/// The process may grow to this, in kilobytes.
const MEMORY: u64 = 1 << 20;
/// So often a failing input is tried to be made smaller.
const SHRINKS: usize = 3_000;
/// And no longer than this.
const SHRINKING: Duration = Duration::from_secs(30);

/// How a hunt went.
#[derive(Debug)]
pub struct Report {
    pub runs: u64,
    /// Inputs of the pool at the end.
    pub kept: usize,
    pub slowest: Duration,
    pub find: Option<Find>,
}

/// An input that must not do what it does.
#[derive(Debug)]
pub struct Find {
    pub input: Vec<u8>,
    pub why: String,
}

/// Runs one input: what was seen, or why it fails.
///
/// # Errors
/// What was promised and does not hold, a panic, or too much time.
pub fn run(target: &Target, input: &[u8]) -> Result<(Seen, Duration), String> {
    let before = cpu();
    let done = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let took = cpu().saturating_sub(before);
    let seen = match done {
        Ok(seen) => seen?,
        Err(panic) => return Err(format!("panics: {}", said(panic.as_ref()))),
    };
    if took > LONGEST {
        return Err(format!("takes {took:?}"));
    }
    Ok((seen, took))
}

fn said(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a word")
}

/// Processor time of this thread; a busy machine must not make an input look slow.
fn cpu() -> Duration {
    let read = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = read.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// The most memory this process has had, in kilobytes.
fn memory() -> u64 {
    let read = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = read.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    number.and_then(|n| n.parse().ok()).unwrap_or_default()
}

/// Hunts for this long or this often. `running` holds each input while it runs: what ends the process lies there.
///
/// # Errors
/// When `running` cannot be written.
pub fn hunt(
    target: &Target,
    seed: u64,
    time: Duration,
    most: u64,
    running: Option<&Path>,
) -> Result<Report> {
    let started = Instant::now();
    let mut dice = Dice(seed);
    let mut pool = (target.seeds)();
    let mut known: HashSet<Seen> = HashSet::new();
    let mut report = Report {
        runs: 0,
        kept: 0,
        slowest: Duration::ZERO,
        find: None,
    };
    let mut waiting: Vec<Vec<u8>> = pool.clone();
    while report.runs < most && started.elapsed() < time {
        let input = match waiting.pop() {
            Some(first) => first,
            None => {
                let base = dice.one(&pool).cloned().unwrap_or_default();
                mutated(&base, &pool, target.words, &mut dice)
            }
        };
        if let Some(file) = running {
            fs::write(file, &input).with_context(|| file.display().to_string())?;
        }
        report.runs += 1;
        let outcome = match run(target, &input) {
            Ok(_) if memory() > MEMORY => Err("needs more than a gigabyte".to_owned()),
            other => other,
        };
        match outcome {
            Ok((seen, took)) => {
                report.slowest = report.slowest.max(took);
                if known.insert(seen) && pool.len() < KEPT {
                    pool.push(input);
                }
            }
            Err(why) => {
                report.find = Some(small(target, input, why));
                break;
            }
        }
    }
    if let Some(file) = running {
        fs::remove_file(file).ok();
    }
    report.kept = pool.len();
    Ok(report)
}

/// The same failure with as little as possible: pieces are taken out while it still fails.
fn small(target: &Target, mut input: Vec<u8>, mut why: String) -> Find {
    let mut piece = input.len().div_ceil(2);
    let mut tries = 0;
    let began = Instant::now();
    let goes_on = |tries: usize| tries < SHRINKS && began.elapsed() < SHRINKING;
    while piece > 0 && goes_on(tries) {
        let mut at = 0;
        let mut smaller = false;
        while at < input.len() && goes_on(tries) {
            tries += 1;
            let mut less = input.clone();
            less.drain(at..(at + piece).min(input.len()));
            match run(target, &less) {
                Err(same) => {
                    (input, why, smaller) = (less, same, true);
                }
                Ok(_) => at += piece,
            }
        }
        if !smaller {
            piece /= 2;
        }
    }
    Find { input, why }
}
