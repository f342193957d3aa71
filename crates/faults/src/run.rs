//! The rounds: writers at work, the server killed or its line to the database cut, and the reckoning.

use crate::compare::Verdict;
use crate::notes::Noted;
use crate::place::{Load, Place};
use crate::proxy::{Cut, Proxy};
use crate::server::{Server, command};
use crate::write::{MARK, RAW};
use anyhow::{Context, Result, bail, ensure};
use kernel::World;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Child;
use tokio::time::timeout;

/// A restarted server is to answer within this time.
const READY: Duration = Duration::from_secs(2);
/// Nothing here takes as long.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(clap::Args, Debug, Clone)]
pub struct Options {
    /// How often the server is killed, on each engine
    #[arg(long, default_value_t = 10)]
    pub kills: usize,
    /// How often PostgreSQL's line is cut at COMMIT
    #[arg(long, default_value_t = 50)]
    pub cuts: usize,
    /// The program to kill; else the same code within this one
    #[arg(long)]
    pub tresen: Option<PathBuf>,
    /// No PostgreSQL, though TRESEN_TEST_DATABASE names one
    #[arg(long)]
    pub sqlite_only: bool,
    /// Only PostgreSQL
    #[arg(long, conflicts_with = "sqlite_only")]
    pub postgres_only: bool,
    /// Take something away behind the server's back, which must be found: loss or double
    #[arg(long)]
    pub plant: Option<Plant>,
}

#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    Loss,
    Double,
    /// The same of a mail that became an entry.
    LostMail,
    DoubledMail,
}

/// Whether nothing was lost and nothing doubled, in all rounds.
pub async fn all(options: &Options) -> Result<bool> {
    let postgres = std::env::var(db::testing::SERVER)
        .ok()
        .filter(|url| url.starts_with("postgres") && !options.sqlite_only);
    let mut good = true;
    if !options.postgres_only {
        // the place looks at the variable itself
        let place = Place::ready(None, Load::All).await?;
        good &= kills(options, "SQLite", place).await?;
    }
    if let Some(url) = &postgres {
        let place = Place::ready(Some(url), Load::All).await?;
        good &= kills(options, "PostgreSQL", place).await?;
        if options.cuts > 0 {
            let place = Place::ready(Some(url), Load::Forms).await?;
            good &= cuts(options, "PostgreSQL", place, &[MARK]).await?;
            let place = Place::ready(Some(url), Load::Mails).await?;
            good &= cuts(options, "PostgreSQL, mails", place, &[RAW, MARK]).await?;
        }
    } else if options.postgres_only {
        bail!("{} names no PostgreSQL", db::testing::SERVER);
    }
    Ok(good)
}

async fn kills(options: &Options, engine: &str, place: Place) -> Result<bool> {
    if options.kills == 0 {
        return Ok(true);
    }
    let program = options.tresen.as_ref();
    let mut server = Server::start(&place, program).await?;
    let mut writers = Writers::begin(&place)?;
    let mut slowest = Duration::ZERO;
    for _ in 0..options.kills {
        writers.until(&place, &mut server, 20).await?;
        tokio::time::sleep(moment()).await;
        server.kill().await?;
        place.end_leases().await?;
        server = Server::start(&place, program).await?;
        slowest = slowest.max(server.ready);
    }
    writers.until(&place, &mut server, 20).await?;
    writers.end().await?;
    place.looked_at().await?;
    let planted = plant(options, &place).await?;
    let verdict = compare(&place).await?;
    server.kill().await?;
    let doctor = doctor(&place, program).await?;
    let rounds = format!("{engine}, killed {} times", options.kills);
    told(&rounds, &verdict);
    println!(
        "  ready again after at most {:.2} s; {}",
        slowest.as_secs_f64(),
        if doctor {
            "the doctor finds nothing"
        } else {
            "THE DOCTOR FINDS FAULTS"
        }
    );
    expected(&planted, &verdict)?;
    Ok(verdict.is_good() && slowest <= READY && doctor)
}

/// `marks`: of transactions that are cut, one kind after the other.
async fn cuts(
    options: &Options,
    what: &str,
    mut place: Place,
    marks: &'static [&'static str],
) -> Result<bool> {
    let program = options.tresen.as_ref();
    let direct = place
        .environment
        .iter()
        .find(|(name, _)| name == "TRESEN_DATABASE__URL")
        .map(|(_, url)| url.clone())
        .context("a database")?;
    let proxy = Proxy::before(&direct, marks).await?;
    place.through(&proxy.url);
    let mut server = Server::start(&place, program).await?;
    let mut writers = Writers::begin(&place)?;
    for nth in 0..options.cuts {
        // two of three: the server has stored it and nobody was told
        let how = if nth % 3 == 2 {
            Cut::Question
        } else {
            Cut::Answer
        };
        writers.until(&place, &mut server, 2).await?;
        timeout(PATIENCE, proxy.cut(nth % marks.len(), how))
            .await
            .context("no commit came by to be cut")?;
    }
    writers.until(&place, &mut server, 20).await?;
    writers.end().await?;
    place.looked_at().await?;
    ensure!(server.lives()?, "the server has ended");
    let planted = plant(options, &place).await?;
    let verdict = compare(&place).await?;
    server.kill().await?;
    let doctor = doctor(&place, program).await?;
    told(
        &format!("{what}, cut at COMMIT {} times", proxy.cuts()),
        &verdict,
    );
    expected(&planted, &verdict)?;
    // the program hides it: nobody has to ask again
    Ok(verdict.is_good() && verdict.again == 0 && doctor)
}

/// The process that writes.
struct Writers(Child);

impl Writers {
    fn begin(place: &Place) -> Result<Self> {
        let mut command = command(place, None, &["write"])?;
        command.arg(place.plan()).arg(place.notes());
        command.stdin(Stdio::piped());
        Ok(Writers(command.spawn()?))
    }

    /// Waits until so many more promises have been made.
    async fn until(&mut self, place: &Place, server: &mut Server, more: usize) -> Result<()> {
        let wanted = Noted::promises(&place.notes()) + more;
        let started = Instant::now();
        while Noted::promises(&place.notes()) < wanted {
            if let Some(ended) = self.0.try_wait()? {
                bail!("the writers have ended with {ended}");
            }
            ensure!(server.lives()?, "the server has ended by itself");
            ensure!(started.elapsed() < PATIENCE, "nothing is promised any more");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    async fn end(mut self) -> Result<()> {
        drop(self.0.stdin.take());
        let ended = timeout(PATIENCE, self.0.wait()).await??;
        ensure!(ended.success(), "the writers have ended with {ended}");
        Ok(())
    }
}

/// Another process, which knows only what is on the disk and what the server shows.
async fn compare(place: &Place) -> Result<Verdict> {
    let mut command = command(place, None, &["compare"])?;
    command.arg(place.plan()).arg(place.notes());
    let out = timeout(PATIENCE, command.output()).await??;
    serde_json::from_slice(&out.stdout)
        .with_context(|| String::from_utf8_lossy(&out.stderr).into_owned())
}

async fn doctor(place: &Place, program: Option<&PathBuf>) -> Result<bool> {
    let mut command = command(place, program, &["doctor"])?;
    let out = timeout(PATIENCE, command.output()).await??;
    if !out.status.success() {
        println!(
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(out.status.success())
}

async fn plant(options: &Options, place: &Place) -> Result<Option<(Plant, String)>> {
    Ok(match options.plant {
        None => None,
        Some(Plant::Loss) => Some((Plant::Loss, place.plant_loss().await?)),
        Some(Plant::Double) => Some((Plant::Double, place.plant_double().await?)),
        Some(Plant::LostMail) => Some((Plant::LostMail, place.plant_lost_mail().await?)),
        Some(Plant::DoubledMail) => Some((Plant::DoubledMail, place.plant_doubled_mail().await?)),
    })
}

fn expected(planted: &Option<(Plant, String)>, verdict: &Verdict) -> Result<()> {
    let Some((plant, mark)) = planted else {
        return Ok(());
    };
    let found = match plant {
        Plant::Loss | Plant::LostMail => &verdict.lost,
        Plant::Double | Plant::DoubledMail => &verdict.doubled,
    };
    ensure!(
        found == std::slice::from_ref(mark),
        "{plant:?} of {mark} was not found: {verdict:?}"
    );
    println!("  the planted {plant:?} of {mark} was found");
    Ok(())
}

fn told(rounds: &str, verdict: &Verdict) {
    println!(
        "{rounds}: {} promised, {} lost, {} doubled, {} strange; {} more stored than promised, {} asked again",
        verdict.promised,
        verdict.lost.len(),
        verdict.doubled.len(),
        verdict.strange.len(),
        verdict.unpromised,
        verdict.again
    );
    for (word, marks) in [
        ("lost", &verdict.lost),
        ("doubled", &verdict.doubled),
        ("strange", &verdict.strange),
    ] {
        for mark in marks {
            println!("  {word}: {mark}");
        }
    }
}

/// Some time within a second: no two runs kill at the same place.
fn moment() -> Duration {
    let [low, high] = World::system().bytes::<2>();
    Duration::from_millis(u64::from(u16::from_be_bytes([low, high])) % 1_000)
}
