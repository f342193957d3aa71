//! `cargo xtask fuzz`: inputs nobody thought of, for a while.

use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

#[derive(clap::Args)]
pub struct Args {
    /// A target; all of them when none is named
    name: Option<String>,
    /// For each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The same seed gives the same inputs
    #[arg(long)]
    seed: Option<u64>,
    /// Run this one input and say what becomes of it
    #[arg(long, requires = "name")]
    input: Option<String>,
    /// Build it as it is delivered: many more inputs in the same time, but sums that overflow are not seen
    #[arg(long)]
    release: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let mut build = shell::cargo();
    build.args(["build", "--package", "fuzz"]);
    if args.release {
        build.arg("--release");
    }
    shell::run(&mut build)?;
    let built = if args.release { "release" } else { "debug" };
    let mut fuzz = Command::new(shell::target().join(built).join("fuzz"));
    fuzz.args(&args.name);
    fuzz.arg("--seconds").arg(args.seconds.to_string());
    fuzz.arg("--folder").arg(shell::target().join("fuzz"));
    if let Some(seed) = args.seed {
        fuzz.arg("--seed").arg(seed.to_string());
    }
    if let Some(input) = &args.input {
        fuzz.arg("--input").arg(input);
    }
    // In place of this program, so that Ctrl-C reaches the hunt itself.
    Err(fuzz.exec()).context("the built program could not be started")
}
