//! `cargo xtask test`: everything, or one context.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::counterpart::Counterpart;
use crate::install::{self, Tools, Wanted};
use crate::postgres::Cluster;
use crate::shell;
use crate::tally::Tally;

/// The word for the journeys alone, beside the names of the crates.
const JOURNEYS: &str = "browser";

#[derive(clap::Args)]
pub struct Args {
    /// One crate, or `browser` for the journeys alone; without it everything runs
    context: Option<String>,
    /// PostgreSQL too
    #[arg(long)]
    pg: bool,
    /// The journeys in the browser too
    #[arg(long)]
    browser: bool,
    /// Passed on to the test runner: parts of the names of the tests to run
    #[arg(last = true)]
    rest: Vec<String>,
}

impl Args {
    fn everything(&self) -> bool {
        self.context.is_none() && !self.pg && !self.browser
    }

    fn journeys_alone(&self) -> bool {
        self.context.as_deref() == Some(JOURNEYS)
    }
}

pub fn run(args: &Args) -> Result<()> {
    let start = Instant::now();
    let browser = args.everything() || args.browser || args.journeys_alone();
    let postgres = args.everything() || args.pg || browser;
    let files = args.everything() || args.context.as_deref() == Some("files");
    let inbound =
        args.everything() || matches!(args.context.as_deref(), Some("intake" | "support"));
    let tools = if postgres || files || inbound {
        install::for_tests(Wanted {
            postgres,
            browser,
            pictures: false,
            files,
            inbound,
        })?
    } else {
        Tools::default()
    };

    title("Build");
    shell::run(&mut build(args, browser))?;
    let cluster = if postgres {
        Some(Cluster::start(&tools.postgres()?, 0)?)
    } else {
        None
    };

    let counterparts = if files {
        Some((Counterpart::bucket(&tools.s3()?)?, Counterpart::scanner()?))
    } else {
        None
    };
    let told = |mut runner: Command| {
        if let Some((bucket, scanner)) = &counterparts {
            runner.env("TRESEN_TEST_S3", &bucket.address);
            runner.env("TRESEN_TEST_CLAMD", &scanner.address);
        }
        runner
    };

    let mut results: Vec<(&str, Tally)> = Vec::new();
    if !args.journeys_alone() {
        title("Tests on SQLite");
        results.push((
            "SQLite",
            shell::counted(told(runner(args)).env_remove("TRESEN_TEST_DATABASE"))?,
        ));
        if let Some(cluster) = cluster.as_ref().filter(|_| args.everything() || args.pg) {
            title("Tests on PostgreSQL");
            results.push((
                "PostgreSQL",
                shell::counted(told(runner(args)).env("TRESEN_TEST_DATABASE", cluster.url()))?,
            ));
        }
    }
    if let Some(cluster) = cluster.as_ref().filter(|_| browser) {
        title("Journeys in the browser");
        let mut node = journeys(&tools, args)?;
        results.push((
            "Browser",
            shell::counted(
                node.env("TRESEN_TEST_DATABASE_PG", cluster.url())
                    .env("TRESEN_TEST_TLS", shell::counterparts().join("tls")),
            )?,
        ));
    }
    drop(cluster);
    close(&results, start)
}

/// Says each part's count, then the sum alone on the last line.
fn close(results: &[(&str, Tally)], start: Instant) -> Result<()> {
    let mut sum = Tally::default();
    println!();
    for (name, tally) in results {
        println!("  {name}: {tally}");
        sum += *tally;
    }
    println!("  in {}", shell::spent(start.elapsed()));
    if sum.passed + sum.failed == 0 {
        bail!("no test ran");
    }
    println!("{sum}");
    if sum.failed > 0 {
        // The count stays the last word: no error message behind it.
        std::process::exit(1);
    }
    Ok(())
}

/// One build for everything that runs later, with cargo's own progress.
fn build(args: &Args, browser: bool) -> Command {
    let mut cargo = shell::cargo();
    cargo.arg("build");
    match &args.context {
        _ if args.journeys_alone() => cargo.args(["--package", "tresen", "--bins"]),
        Some(context) if browser => {
            cargo.args(["--package", context, "--package", "tresen", "--all-targets"])
        }
        Some(context) => cargo.args(["--package", context, "--all-targets"]),
        None => cargo.args(["--workspace", "--all-targets"]),
    };
    cargo
}

fn runner(args: &Args) -> Command {
    let mut cargo = shell::cargo();
    let nextest = shell::answer("cargo-nextest", &["nextest", "--version"]).is_some();
    if nextest {
        cargo.args(["nextest", "run"]);
    } else {
        cargo.args(["test", "--all-targets", "--no-fail-fast"]);
    }
    match &args.context {
        Some(context) => cargo.args(["--package", context]),
        None => cargo.arg("--workspace"),
    };
    if shell::watched() {
        cargo.args(["--color", "always"]);
    }
    if !nextest && !args.rest.is_empty() {
        cargo.arg("--");
    }
    cargo.args(&args.rest);
    cargo
}

fn journeys(tools: &Tools, args: &Args) -> Result<Command> {
    let mut node = tools.node()?;
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]);
    if args.journeys_alone() {
        node.args(
            args.rest
                .iter()
                .map(|part| format!("--test-name-pattern={part}")),
        );
    }
    node.args(journey_files()?);
    Ok(node)
}

fn journey_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(shell::root().join("tests/browser"))? {
        let file = entry?.path();
        if file.to_string_lossy().ends_with(".test.mjs") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn title(what: &str) {
    println!("\n{what}");
}
