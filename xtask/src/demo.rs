//! `cargo xtask demo`: the one command of a newcomer.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;

#[derive(clap::Args)]
pub struct Args {
    /// Keep the data in this folder; without it they are gone when the demo ends
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Passed on to `tresen demo`
    #[arg(last = true)]
    rest: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    println!("Building Tresen; the first time takes a few minutes.");
    shell::run(shell::cargo().args(["build", "--package", "tresen"]))?;
    let mut demo = Command::new(shell::tresen());
    demo.arg("demo");
    if let Some(data) = &args.data {
        demo.arg("--data").arg(data);
    }
    // In place of this program, so that Ctrl-C and signals reach the demo itself.
    Err(demo.args(&args.rest).exec()).context("the built program could not be started")
}
