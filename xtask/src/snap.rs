//! `cargo xtask snap`: pictures of the demo's pages under docs/pictures.

use anyhow::Result;

use crate::install::{self, Wanted};
use crate::shell;

#[derive(clap::Args)]
pub struct Args {
    /// Only pages whose name contains this
    only: Option<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let tools = install::for_tests(Wanted {
        browser: true,
        pictures: true,
        ..Default::default()
    })?;
    shell::run(shell::cargo().args(["build", "--package", "tresen"]))?;
    shell::run(tools.node()?.arg("tests/browser/snap.mjs").args(&args.only))
}
