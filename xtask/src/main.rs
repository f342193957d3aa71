//! Every habit of this project as a command: `cargo xtask --help`.
//!
//! One module per command. What several need lies in `shell` (running programs), `install`
//! (what a fresh machine lacks) and `postgres` (a throw-away cluster).
#![expect(
    clippy::print_stdout,
    reason = "a command speaks on its standard output"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "no product code: it reads the clock and the environment itself"
)]

mod bench;
mod certificates;
mod check;
mod counterpart;
mod demo;
mod faults;
mod fuzz;
mod install;
mod postgres;
mod rows;
mod shell;
mod snap;
mod tally;
mod test;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "The habits of this project as commands"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build Tresen and start it with demo data
    Demo(demo::Args),
    /// Install what the tests need and run them: all, or those of one context
    Test(test::Args),
    /// Format, lints, arrows between the crates, words
    Check(check::Args),
    /// Exactly what continuous integration does
    Ci,
    /// Which rows of the specification have tests, by the tests' names
    Rows,
    /// Fill a large database and measure pages beside bare answers of the same size
    Bench(bench::Args),
    /// Kill the server under load and cut PostgreSQL's answers: is anything lost or doubled?
    Faults(faults::Args),
    /// Throw inputs nobody thought of at whatever reads them first
    Fuzz(fuzz::Args),
    /// Take the pictures under docs/pictures from the demo
    Snap(snap::Args),
    /// Start a throw-away PostgreSQL and print its address, until Enter or end of input
    Postgres(postgres::Args),
    /// Install what the tests need, and nothing else
    Install,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Ci => shell::run(
            std::process::Command::new("bash")
                .arg(".ci/run")
                .current_dir(shell::root()),
        ),
        Command::Rows => rows::run(),
        Command::Bench(args) => bench::run(&args),
        Command::Faults(args) => faults::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Snap(args) => snap::run(&args),
        Command::Postgres(args) => postgres::run(&args),
        Command::Install => install::for_tests(install::Wanted {
            postgres: true,
            browser: true,
            pictures: true,
            files: true,
            inbound: true,
        })
        .map(|_| ()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
