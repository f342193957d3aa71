//! What a page costs: Tresen under load beside a bare answer of the same size. Started by `cargo xtask bench`.
//!
//! `place` keeps filled databases (`seed`, `population`), `visitors` signs people in, `process` starts servers and
//! reads their CPU time, `http` and `load` ask them for `pages`, `inside` counts statements and indexes articles, `lmtp`
//! hands mails over, `report` says whether goals are held. `timing` asks whether time tells who is known.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks on its standard output"
)]

mod bare;
mod http;
mod inside;
mod lmtp;
mod load;
mod measure;
mod pages;
mod place;
mod population;
mod process;
mod report;
mod seed;
mod timing;
mod visit;
mod visitors;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure
    Run {
        /// The server's program
        #[arg(long)]
        tresen: PathBuf,
        /// Where the filled databases are kept
        #[arg(long)]
        folder: PathBuf,
        #[arg(long)]
        customers: u64,
        #[arg(long)]
        messages: u64,
        /// For each measurement
        #[arg(long)]
        seconds: f64,
    },
    /// Draw a page many times within this process, for a profiler
    Draw {
        /// As for `run`; made if it is missing
        #[arg(long)]
        folder: PathBuf,
        #[arg(long, default_value_t = 1_000)]
        customers: u64,
        #[arg(long, default_value_t = 10_000)]
        messages: u64,
        /// A part of the page's name
        #[arg(long, default_value = "thread")]
        page: String,
        #[arg(long, default_value_t = 10_000)]
        times: usize,
    },
    /// How many mails a second become tickets
    Lmtp {
        /// The server's program
        #[arg(long)]
        tresen: PathBuf,
        /// As for `run`; what is made there is made anew
        #[arg(long)]
        folder: PathBuf,
    },
    /// Compare the time of forms sent for known and for unknown people
    Timing {
        /// The server's program
        #[arg(long)]
        tresen: PathBuf,
        /// As for `run`; made if it is missing
        #[arg(long)]
        folder: PathBuf,
        /// Of each kind, for each form
        #[arg(long, default_value_t = 1_000)]
        samples: u64,
        /// An empty database of a PostgreSQL server, in place of SQLite
        #[arg(long)]
        database: Option<String>,
    },
    /// The yardstick: serve bytes from memory
    Bare { address: SocketAddr },
}

fn main() -> ExitCode {
    match start(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(command: Command) -> Result<()> {
    // the yardstick gets the threads that the server has; who asks shall take little from both
    let mut builder = match command {
        Command::Bare { .. } => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    builder.enable_all().build()?.block_on(async {
        match command {
            Command::Bare { address } => bare::serve(address).await,
            Command::Draw {
                folder,
                customers,
                messages,
                page,
                times,
            } => {
                let size = population::Size::new(customers, messages);
                let place = place::Place::ready(&folder, size).await?;
                interruptible(inside::draw(&place, &page, times)).await
            }
            Command::Lmtp { tresen, folder } => {
                interruptible(async {
                    let inbound = lmtp::run(&tresen, &folder).await?;
                    report::inbound(inbound);
                    report::inbound_goal(inbound);
                    Ok(())
                })
                .await
            }
            Command::Timing {
                tresen,
                folder,
                samples,
                database,
            } => {
                let options = timing::Options {
                    tresen,
                    folder,
                    samples,
                    database,
                };
                interruptible(timing::run(&options)).await
            }
            Command::Run {
                tresen,
                folder,
                customers,
                messages,
                seconds,
            } => {
                let size = population::Size::new(customers, messages);
                let time = Duration::try_from_secs_f64(seconds)?;
                let options = measure::Options {
                    tresen,
                    folder,
                    size,
                    time,
                };
                interruptible(measure::run(&options)).await
            }
        }
    })
}

/// A signal ends the work where it stands; the servers end with it.
async fn interruptible(work: impl Future<Output = Result<()>>) -> Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        _ = terminated.recv() => bail!("ended by a signal"),
        _ = hung_up.recv() => bail!("the terminal is gone"),
    }
}
