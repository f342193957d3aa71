//! `cargo xtask faults`: what is promised stays, whatever ends the server.

use std::process::Command;

use anyhow::Result;

use crate::postgres::Cluster;
use crate::{install, shell};

#[derive(clap::Args)]
pub struct Args {
    /// How often the server is killed, on each engine
    #[arg(long, default_value_t = 10)]
    kills: u64,
    /// How often PostgreSQL's line is cut at COMMIT
    #[arg(long, default_value_t = 50)]
    cuts: u64,
    /// Only SQLite
    #[arg(long)]
    sqlite_only: bool,
}

pub fn run(args: &Args) -> Result<()> {
    // one after the other: the server is built as it is delivered, without what the tests switch on
    for package in ["tresen", "faults"] {
        shell::run(shell::cargo().args(["build", "--quiet", "--package", package]))?;
    }
    let built = shell::target().join("debug");
    let mut faults = Command::new(built.join("faults"));
    faults.arg("run").arg("--tresen").arg(built.join("tresen"));
    faults.args([
        "--kills",
        &args.kills.to_string(),
        "--cuts",
        &args.cuts.to_string(),
    ]);
    if args.sqlite_only {
        return shell::run(faults.arg("--sqlite-only"));
    }
    let tools = install::for_tests(install::Wanted {
        postgres: true,
        ..Default::default()
    })?;
    let cluster = Cluster::start(&tools.postgres()?, 0)?;
    shell::run(faults.env("TRESEN_TEST_DATABASE", cluster.url()))
}
