//! What must not be lost: a server is killed under load, and PostgreSQL's answers are cut off. Started by
//! `cargo xtask faults`.
//!
//! `place` makes a database with people in it, `server` starts and kills the program, `proxy` cuts; `write` is a
//! process of its own that sends forms and `mails` and notes on disk (`notes`) what it was promised, and `compare` another one that looks over
//! HTTP whether it is there. `run` brings them together. Only loopback is used, and everything ends by itself.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks on its standard output"
)]

mod compare;
mod mails;
mod notes;
mod place;
mod proxy;
mod run;
mod server;
mod write;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use tresen::config::Config;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// All rounds
    Run(run::Options),
    /// Write until the input ends, noting what was promised
    Write {
        /// Who writes, and where
        plan: PathBuf,
        notes: PathBuf,
    },
    /// Look whether everything promised is there, once
    Compare { plan: PathBuf, notes: PathBuf },
    /// The server as it is delivered, in this program
    Serve,
    /// Its doctor
    Doctor,
}

fn main() -> ExitCode {
    match start(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Whether all is well.
fn start(command: Command) -> Result<bool> {
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        bail!("encryption was set up twice");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match command {
            Command::Run(options) => run::all(&options).await,
            Command::Write { plan, notes } => write::until_told(&plan, &notes).await.map(|()| true),
            Command::Compare { plan, notes } => {
                let verdict = compare::all(&plan, &notes).await?;
                println!("{}", serde_json::to_string(&verdict)?);
                Ok(verdict.is_good())
            }
            Command::Serve => {
                let config = Config::load(None, std::env::vars())?;
                tresen::logs::begin(&config, "warn")?;
                tresen::serve::run(&config).await.map(|()| true)
            }
            Command::Doctor => {
                let config = Config::load(None, std::env::vars())?;
                tresen::doctor::run(&config).await.map(|()| true)
            }
        }
    })
}
