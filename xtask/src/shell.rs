//! Running other programs.

use std::ffi::OsStr;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tally::Tally;

/// The folder with the workspace's Cargo.toml.
pub fn root() -> PathBuf {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&manifest)
        .parent()
        .expect("xtask lies one folder below the root")
        .to_path_buf()
}

/// The build folder: the one this very program was built into.
pub fn target() -> PathBuf {
    let me = std::env::current_exe().ok();
    let built = me.as_deref().and_then(Path::parent).and_then(Path::parent);
    built.map_or_else(|| root().join("target"), Path::to_path_buf)
}

/// Where peers of the tests live: their programs, data and logs. Deleting it costs only time.
pub fn counterparts() -> PathBuf {
    target().join("counterparts")
}

/// Where nobody listens, below the ports that the system gives to connections going out: one of those could take it
/// before the server does.
pub fn free_port() -> Result<u16> {
    let chance = || RandomState::new().build_hasher().finish();
    (0..1_000)
        .map(|_| 20_000 + (chance() % 12_000) as u16)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .context("no port is free")
}

/// The built server.
pub fn tresen() -> PathBuf {
    target().join("debug").join("tresen")
}

/// Cargo in the workspace's root. What `cargo run` told this program about itself is taken out
/// again, or build scripts that look at those variables would run anew at every change of caller.
pub fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let own = text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST")
            || matches!(
                text.as_ref(),
                "CARGO_CRATE_NAME" | "CARGO_BIN_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR"
            );
        if own {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Runs to the end with its output shown; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("{} could not be started", told(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", told(command));
    }
    Ok(())
}

/// Runs to the end without a sound; on failure the error carries what the program said.
pub fn quiet(command: &mut Command) -> Result<Output> {
    let out = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("{} could not be started", told(command)))?;
    if !out.status.success() {
        let said = [out.stdout.as_slice(), out.stderr.as_slice()].concat();
        bail!(
            "{} ended with {}:\n{}",
            told(command),
            out.status,
            String::from_utf8_lossy(&said).trim_end()
        );
    }
    Ok(out)
}

/// What a program answers on its standard output, or nothing if it is missing or fails.
pub fn answer(program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
    let out = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    out.status
        .success()
        .then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Runs a test runner: shows every line as it comes and counts by its closing lines.
/// A runner that fails without naming a failed test counts as one failure.
pub fn counted(command: &mut Command) -> Result<Tally> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} could not be started", told(command)))?;
    let tally = Mutex::new(Tally::default());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    std::thread::scope(|scope| {
        let tally = &tally;
        scope.spawn(move || out.map(|from| pass_on(from, std::io::stdout(), tally)));
        scope.spawn(move || err.map(|from| pass_on(from, std::io::stderr(), tally)));
    });
    let status = child.wait()?;
    let mut tally = tally
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    Ok(tally)
}

fn pass_on(from: impl Read, mut to: impl Write, tally: &Mutex<Tally>) {
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        // A reader of our own output who has gone away must not end the run.
        let _ = to.write_all(&line);
        if let Ok(mut tally) = tally.lock() {
            tally.read(&String::from_utf8_lossy(&line));
        }
        line.clear();
    }
    let _ = to.flush();
}

/// Whether a person is looking.
pub fn watched() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Says what is being done, does it, and says how long it took.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    print!("  {what} … ");
    let _ = std::io::stdout().flush();
    let start = Instant::now();
    match work() {
        Ok(done) => {
            println!("{}", spent(start.elapsed()));
            Ok(done)
        }
        Err(error) => {
            println!("failed after {}", spent(start.elapsed()));
            Err(error)
        }
    }
}

/// A time as a person reads it.
pub fn spent(time: Duration) -> String {
    match time.as_secs() {
        0..=99 => format!("{:.1} s", time.as_secs_f64()),
        more => format!("{} min {:02} s", more / 60, more % 60),
    }
}

/// The command line, for messages.
fn told(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words: Vec<_> = command.get_args().map(OsStr::to_string_lossy).collect();
    format!("{} {}", program.to_string_lossy(), words.join(" "))
        .trim_end()
        .to_owned()
}
