//! `cargo xtask check`: what a machine can say about the code without running it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::shell;

/// The arrows of ARCHITECTURE.md: a crate uses only crates of the lines above its own.
const RANKS: [&[&str]; 14] = [
    &["kernel"],
    &["db"],
    &["jobs"],
    &["mail", "intake", "files", "search", "pdf"],
    &["web"],
    &["identity"],
    &["customers"],
    &["legal", "operations"],
    &["knowledge", "catalog"],
    &["billing"],
    &["services"],
    &["domains", "shop", "support"],
    &["tresen"],
    &["bench", "faults", "fuzz"],
];

/// Only tests use it, and the tools of the last rank, which are never delivered; so it may stand above what it tests
/// and be used from below.
const TEST_KIT: (&str, usize) = ("testkit", 7);

/// Words that stand for something unfinished.
const UNFINISHED: [&str; 4] = ["lorem ipsum", "fixme", "<<<<<<< ", ">>>>>>> "];

#[derive(clap::Args)]
pub struct Args {
    /// Only the arrows between the crates
    #[arg(long)]
    ranks: bool,
    /// More words that no file may hold, one a line in this file
    #[arg(long, value_name = "FILE")]
    words: Option<PathBuf>,
}

type Check = (&'static str, Box<dyn Fn() -> Result<()>>);

pub fn run(args: &Args) -> Result<()> {
    let mut more = Vec::new();
    if let Some(file) = &args.words {
        more = fs::read_to_string(file)?
            .lines()
            .map(str::to_lowercase)
            .filter(|word| !word.trim().is_empty())
            .collect();
    }
    let mut checks: Vec<Check> = vec![("arrows", Box::new(ranks))];
    if !args.ranks {
        checks.push(("words", Box::new(move || words(&more))));
        checks.push(("locked sources", Box::new(sources)));
        checks.push(("format", Box::new(format)));
        checks.push(("lints", Box::new(lints)));
    }
    let mut bad = Vec::new();
    for (name, check) in &checks {
        if let Err(error) = shell::step(name, check) {
            eprintln!("{error:#}");
            bad.push(*name);
        }
    }
    if !bad.is_empty() {
        bail!("check found faults in: {}", bad.join(", "));
    }
    Ok(())
}

fn format() -> Result<()> {
    shell::quiet(shell::cargo().args(["fmt", "--all", "--check", "--", "-l"]))
        .map(|_| ())
        .context("run: cargo fmt --all")
}

fn lints() -> Result<()> {
    println!();
    shell::run(shell::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))
}

fn ranks() -> Result<()> {
    let out = shell::quiet(shell::cargo().args([
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version=1",
    ]))?;
    let metadata: Value = serde_json::from_slice(&out.stdout)?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .context("cargo metadata names no packages")?;
    let mut faults = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let uses: Vec<(&str, bool)> = package
            .get("dependencies")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|dependency| dependency.get("path").is_some_and(Value::is_string))
            .map(|dependency| (text(dependency, "name"), text(dependency, "kind") == "dev"))
            .collect();
        faults.extend(wrong_arrows(name, &uses));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        bail!("{}", faults.join("\n"))
    }
}

/// What is wrong with the crates that `name` uses; true marks use in tests only.
fn wrong_arrows(name: &str, uses: &[(&str, bool)]) -> Vec<String> {
    if name == "xtask" {
        return uses
            .iter()
            .map(|(used, _)| format!("xtask uses {used}: it must build without the product"))
            .collect();
    }
    let Some(own) = rank(name) else {
        return vec![format!(
            "{name} has no place among the arrows: give it one in xtask/src/check.rs"
        )];
    };
    uses.iter()
        .filter(|(used, in_tests)| match rank(used) {
            // Its own tests may switch on a feature of the crate itself.
            _ if *used == TEST_KIT.0 && own + 1 == RANKS.len() => false,
            _ if *used == name || *used == TEST_KIT.0 => !in_tests,
            Some(theirs) => theirs >= own,
            None => true,
        })
        .map(|(used, _)| format!("{name} uses {used}, which does not lie below it"))
        .collect()
}

fn rank(name: &str) -> Option<usize> {
    if name == TEST_KIT.0 {
        return Some(TEST_KIT.1);
    }
    RANKS.iter().position(|line| line.contains(&name))
}

/// Words that do not belong into the project, and German texts out of tone.
fn words(more: &[String]) -> Result<()> {
    let machine = machine_paths();
    let mut faults = Vec::new();
    for file in files()? {
        // Only text is read; a picture or a font has no words.
        let Ok(text) = fs::read_to_string(shell::root().join(&file)) else {
            continue;
        };
        let german = file.to_string_lossy().ends_with("de.ftl");
        let here = file == Path::new("xtask/src/check.rs");
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            let unfinished = UNFINISHED
                .iter()
                .find(|word| !here && lower.contains(**word))
                .map(|word| (*word).to_owned());
            let place = machine
                .iter()
                .find(|path| line.contains(path.as_str()))
                .cloned();
            let listed = more.iter().find(|word| has_word(&lower, word)).cloned();
            let tone = if german { out_of_tone(line) } else { None };
            for fault in [unfinished, place, listed, tone].into_iter().flatten() {
                faults.push(format!("{}:{}: {fault}", file.display(), number + 1));
            }
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        bail!("{}", faults.join("\n"))
    }
}

/// Where this checkout and this user's home lie: true only on this machine.
fn machine_paths() -> Vec<String> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let shared = ["/tmp", "/home", "/srv", "/opt", "/usr", "/var", "/mnt"];
    [
        Some(shell::root()),
        shell::root().parent().map(Path::to_path_buf),
        home,
    ]
    .into_iter()
    .flatten()
    .filter(|path| {
        path.components().count() > 1 && !shared.iter().any(|known| path == Path::new(known))
    })
    .map(|path| format!("{}/", path.display()))
    .collect()
}

/// German is formal and calm here.
fn out_of_tone(line: &str) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let value = line.split_once('=').map_or(line, |(_, value)| value);
    if value.contains('!') {
        return Some("an exclamation mark".to_owned());
    }
    let lower = value.to_lowercase();
    ["du", "dein", "deine", "dich", "dir"]
        .into_iter()
        .find(|word| has_word(&lower, word))
        .map(|word| format!("\"{word}\" where \"Sie\" belongs"))
}

/// Whether `word` stands in `text` with no letter or digit beside it.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|part| part.chars().next_back());
        let after = text
            .get(at + word.len()..)
            .and_then(|part| part.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// Lock files name versions and checksums; where a package is fetched from is each machine's own matter.
fn sources() -> Result<()> {
    let mut faults = Vec::new();
    for file in files()? {
        let read = || fs::read_to_string(shell::root().join(&file)).unwrap_or_default();
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match name.as_str() {
            "package-lock.json" if read().contains("\"resolved\"") => {
                faults.push(format!(
                    "{}: names download addresses; run npm with --omit-lockfile-registry-resolved",
                    file.display()
                ));
            }
            "Cargo.lock" => {
                let mut others = BTreeMap::new();
                for line in read().lines().filter(|line| line.starts_with("source = ")) {
                    if line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
                    {
                        *others.entry(line.to_owned()).or_insert(0) += 1;
                    }
                }
                faults.extend(
                    others
                        .into_iter()
                        .map(|(line, times)| format!("{}: {line} ({times} times)", file.display())),
                );
            }
            ".npmrc" | "pip.conf" => {
                faults.push(format!("{}: belongs to a machine", file.display()))
            }
            _ if name.starts_with("requirements") && read().contains("://") => {
                faults.push(format!("{}: names an address", file.display()));
            }
            _ => {}
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        bail!("{}", faults.join("\n"))
    }
}

/// All files that are or would be committed.
fn files() -> Result<Vec<PathBuf>> {
    let mut git = Command::new("git");
    git.current_dir(shell::root()).args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]);
    let out = shell::quiet(&mut git)?;
    let names = String::from_utf8_lossy(&out.stdout).into_owned();
    Ok(names
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .filter(|file| shell::root().join(file).is_file())
        .collect())
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{has_word, out_of_tone, wrong_arrows};

    #[test]
    fn arrows_point_down() {
        assert!(
            wrong_arrows(
                "customers",
                &[("identity", false), ("kernel", false), ("testkit", true)]
            )
            .is_empty()
        );
        assert_eq!(wrong_arrows("identity", &[("customers", false)]).len(), 1);
        assert_eq!(
            wrong_arrows("legal", &[("operations", false)]).len(),
            1,
            "equals do not see each other"
        );
        assert_eq!(
            wrong_arrows("web", &[("testkit", false)]).len(),
            1,
            "the test kit is for tests"
        );
        assert!(wrong_arrows("faults", &[("testkit", false), ("tresen", false)]).is_empty());
        assert!(wrong_arrows("db", &[("db", true)]).is_empty());
        assert_eq!(wrong_arrows("web", &[("unheard-of", false)]).len(), 1);
        assert_eq!(wrong_arrows("unheard-of", &[]).len(), 1);
        assert_eq!(wrong_arrows("xtask", &[("kernel", false)]).len(), 1);
    }

    #[test]
    fn words_stand_alone() {
        assert!(has_word("was du siehst", "du"));
        assert!(!has_word("durch geduld", "du"));
        assert!(has_word("(äh)", "äh"));
    }

    #[test]
    fn german_tone() {
        assert!(out_of_tone("gruss = Willkommen!").is_some());
        assert!(out_of_tone("gruss = Prüfe deine Angaben").is_some());
        assert!(out_of_tone("# du!").is_none());
        assert!(out_of_tone("gruss = Bitte prüfen Sie Ihre Angaben.").is_none());
    }
}
