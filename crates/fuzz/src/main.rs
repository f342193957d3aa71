//! `cargo xtask fuzz`: hunts through one target or all.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks on its standard output"
)]

use anyhow::{Context, Result, bail};
use clap::Parser;
use fuzz::hunt::{hunt, run};
use fuzz::targets::{TARGETS, Target};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Parser)]
struct Cli {
    /// A target; all of them one after the other when none is named
    name: Option<String>,
    /// For each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The same seed gives the same inputs; another one each time when none is given
    #[arg(long)]
    seed: Option<u64>,
    /// Run this one input and say what becomes of it
    #[arg(long, requires = "name")]
    input: Option<PathBuf>,
    /// Where inputs that fail are stored
    #[arg(long, default_value = "target/fuzz")]
    folder: PathBuf,
}

fn main() -> ExitCode {
    // panics are caught and told of; their own words would drown the report
    std::panic::set_hook(Box::new(|_| ()));
    match start(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: &Cli) -> Result<()> {
    let wanted = |target: &&Target| cli.name.as_deref().is_none_or(|name| name == target.name);
    let targets: Vec<&Target> = TARGETS.iter().filter(wanted).collect();
    if targets.is_empty() {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        bail!("there is no such target; there are: {}", names.join(", "));
    }
    if let (Some(file), Some(target)) = (&cli.input, targets.first()) {
        let input = std::fs::read(file).with_context(|| file.display().to_string())?;
        return match run(target, &input) {
            Ok((_, took)) => {
                println!("{}: stands it, {took:?}", target.name);
                Ok(())
            }
            Err(why) => bail!("{}: {why}", target.name),
        };
    }
    std::fs::create_dir_all(&cli.folder)?;
    let mut bad = Vec::new();
    for target in targets {
        if let Some(file) = one(cli, target)? {
            bad.push(format!("{}: {}", target.name, file.display()));
        }
    }
    if !bad.is_empty() {
        bail!("inputs that fail:\n{}", bad.join("\n"));
    }
    Ok(())
}

/// Where the input lies that failed, if one did.
fn one(cli: &Cli, target: &Target) -> Result<Option<PathBuf>> {
    let seed = match cli.seed {
        Some(seed) => seed,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
    };
    let running = cli.folder.join(format!("{}-running", target.name));
    let time = Duration::from_secs(cli.seconds);
    let report = hunt(target, seed, time, u64::MAX, Some(&running))?;
    println!(
        "{}: {} inputs, {} kept, slowest {:?}, seed {seed}",
        target.name, report.runs, report.kept, report.slowest
    );
    let Some(find) = report.find else {
        return Ok(None);
    };
    let mut hasher = DefaultHasher::new();
    find.input.hash(&mut hasher);
    let file = cli
        .folder
        .join(format!("{}-{:016x}", target.name, hasher.finish()));
    std::fs::write(&file, &find.input)?;
    println!(
        "  {}\n  {:?}",
        find.why,
        String::from_utf8_lossy(&find.input)
    );
    Ok(Some(file))
}
