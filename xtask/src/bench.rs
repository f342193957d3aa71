//! `cargo xtask bench`: what a page costs, beside a bare answer of the same size.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::postgres::Cluster;
use crate::{install, shell};

#[derive(clap::Args)]
pub struct Args {
    /// Customers of the large database
    #[arg(long, default_value_t = 100_000)]
    customers: u64,
    /// Messages of the large database, four in a thread
    #[arg(long, default_value_t = 1_000_000)]
    messages: u64,
    /// Time for each measurement
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Where the filled databases are kept. In memory, say below /dev/shm, where the system drops files from its cache
    /// though there is room: then a page costs what reading the disk costs
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Measure the unoptimised build: for work on this command, its figures mean nothing
    #[arg(long)]
    dev: bool,
    /// Instead of pages: whether time tells, at sign-in, registration and forgotten password, who is known
    #[arg(long)]
    timing: bool,
    /// Instead of pages: how many mails a second become tickets
    #[arg(long, conflicts_with = "timing")]
    lmtp: bool,
    /// With `--timing`: on PostgreSQL
    #[arg(long, requires = "timing")]
    pg: bool,
}

pub fn run(args: &Args) -> Result<()> {
    println!("Building the server as it is delivered; the first time takes a while.");
    let mut build = shell::cargo();
    build.args(["build", "--package", "tresen", "--package", "bench"]);
    if !args.dev {
        build.arg("--release");
    }
    shell::run(&mut build)?;
    let built = shell::target().join(if args.dev { "debug" } else { "release" });
    let mut bench = Command::new(built.join("bench"));
    bench.arg(match (args.timing, args.lmtp) {
        (true, _) => "timing",
        (_, true) => "lmtp",
        _ => "run",
    });
    bench.arg("--tresen").arg(built.join("tresen"));
    let kept = args.folder.clone();
    bench
        .arg("--folder")
        .arg(kept.unwrap_or_else(|| shell::target().join("bench")));
    if !args.timing && !args.lmtp {
        bench.arg("--customers").arg(args.customers.to_string());
        bench.arg("--messages").arg(args.messages.to_string());
        bench.arg("--seconds").arg(args.seconds.to_string());
    }
    if args.pg {
        let tools = install::for_tests(install::Wanted {
            postgres: true,
            ..Default::default()
        })?;
        let cluster = Cluster::start(&tools.postgres()?, 0)?;
        return shell::run(bench.arg("--database").arg(cluster.url()));
    }
    // In place of this program, so that Ctrl-C and signals reach the measurement itself.
    Err(bench.exec()).context("the built program could not be started")
}
