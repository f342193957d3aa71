//! Messages that packages on this machine carry: the mail parser's own, and those of CPython's test suite. None of them is
//! ours, so they are read where they lie.

use intake::{Envelope, Limits, Parsed, parse};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Every message, by the name of its file.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for folder in folders() {
        let mut inner = vec![folder];
        while let Some(folder) = inner.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    inner.push(path);
                } else if path
                    .extension()
                    .is_some_and(|ending| ending == "eml" || ending == "txt")
                {
                    let short: Vec<_> = path
                        .iter()
                        .rev()
                        .take(2)
                        .map(|part| part.to_string_lossy())
                        .collect();
                    found.push((
                        format!("{}/{}", short[1], short[0]),
                        std::fs::read(&path).unwrap(),
                    ));
                }
            }
        }
    }
    found.sort();
    found
}

fn folders() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    for registry in std::fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
        .flatten()
    {
        for package in std::fs::read_dir(registry.path())
            .into_iter()
            .flatten()
            .flatten()
        {
            if package
                .file_name()
                .to_string_lossy()
                .starts_with("mail-parser-0.11")
            {
                folders.push(package.path().join("resources/eml"));
            }
        }
    }
    let pythons = (9..20).map(|minor| format!("/usr/lib/python3.{minor}/test/test_email/data"));
    let before = folders.len();
    folders.extend(
        pythons
            .map(PathBuf::from)
            .filter(|folder| Path::is_dir(folder)),
    );
    if folders.len() == before {
        crate::not_run("the messages of CPython's test suite: no libpython3.*-testsuite here");
    }
    folders
}

fn read(raw: &[u8]) -> Parsed {
    parse(raw, &Envelope::default(), &Limits::default())
}

#[test]
fn sup_9_every_message_is_taken_apart_within_a_second() {
    let all = all();
    assert!(all.len() >= 100, "{} messages", all.len());
    let mut with_text = 0;
    for (name, raw) in &all {
        let begun = Instant::now();
        let parsed = intake::read(
            raw.as_slice().into(),
            Envelope::default(),
            Limits::default(),
        );
        let parsed = parsed.unwrap_or_else(|broken| panic!("{name}: {broken}"));
        assert!(
            begun.elapsed() < Duration::from_secs(1),
            "{name}: {:?}",
            begun.elapsed()
        );
        assert!(
            !parsed.text.contains('\0') && !parsed.subject.whole.contains(['\r', '\n', '\0']),
            "{name}"
        );
        with_text += usize::from(
            !parsed.text.trim().is_empty() || !parsed.files.is_empty() || parsed.report.is_some(),
        );
    }
    // some of them hold nothing at all
    assert!(
        with_text * 100 >= all.len() * 90,
        "{with_text} of {}",
        all.len()
    );
}

#[test]
fn sup_9_what_two_parsers_agree_on_is_found() {
    let all = all();
    let mut checked = 0;
    for line in include_str!("../data/facts.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let [name, subject, sender, start, files] = line.split(" | ").collect::<Vec<_>>()[..]
        else {
            panic!("{line}");
        };
        let Some((_, raw)) = all.iter().find(|(known, _)| known == name) else {
            assert!(name.starts_with("data/"), "{name} is gone");
            continue;
        };
        let parsed = read(raw);
        let text = parsed.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let found = parsed.sender().map(ToString::to_string).unwrap_or_default();
        assert_eq!(
            (parsed.subject.whole.as_str(), found.as_str()),
            (subject, sender),
            "{name}"
        );
        assert!(text.starts_with(start), "{name}: {text}");
        assert_eq!(parsed.files.len().to_string(), files, "{name}");
        checked += 1;
    }
    assert!(checked >= 40, "{checked}");
}

/// Prints what is found, for those who compare.
#[test]
#[ignore = "prints"]
fn what_is_found() {
    for (name, raw) in all() {
        let parsed = read(&raw);
        let sender = parsed.sender().map(ToString::to_string).unwrap_or_default();
        let start: String = parsed.text.chars().take(30).collect();
        println!(
            "({name:?}, {:?}, {sender:?}, {start:?}, {}),",
            parsed.subject.whole,
            parsed.files.len()
        );
    }
}
