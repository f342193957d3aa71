//! `cargo xtask rows`: which rows of the specification are named by tests.
//!
//! A Rust test names its row at any place of its name (`acc_4_a_default_address_stays`), a test
//! in the browser in its title (`AUTH-1: …`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::shell;

const CHAPTERS: [&str; 12] = [
    "acc", "auth", "bill", "desk", "dom", "kb", "law", "mrg", "ops", "shop", "sup", "svc",
];

type Row = (&'static str, u32);

pub fn run() -> Result<()> {
    let mut rows: BTreeMap<Row, Vec<String>> = BTreeMap::new();
    let mut files = Vec::new();
    for folder in ["crates", "tests", "xtask"] {
        walk(&shell::root().join(folder), &mut files)?;
    }
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let near = file
            .strip_prefix(shell::root())
            .unwrap_or(&file)
            .display()
            .to_string();
        for name in tests_in(&file, &text) {
            for row in rows_in(&name) {
                rows.entry(row).or_default().push(format!("{near}: {name}"));
            }
        }
    }
    for ((chapter, number), tests) in &rows {
        println!("{}-{number}", chapter.to_uppercase());
        for test in tests {
            println!("    {test}");
        }
    }
    println!("{} rows have tests", rows.len());
    Ok(())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if name != "node_modules" {
                walk(&path, files)?;
            }
        } else if name.ends_with(".rs") || name.ends_with(".test.mjs") {
            files.push(path);
        }
    }
    Ok(())
}

fn tests_in(file: &Path, text: &str) -> Vec<String> {
    if file.extension().is_some_and(|kind| kind == "mjs") {
        titles(text)
    } else {
        functions(text)
    }
}

/// The names of functions marked as tests. Lines between the mark and the name may hold more marks.
fn functions(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut marked = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[") && line.contains("test") && !line.contains("cfg(test)") {
            marked = true;
        } else if let Some((_, after)) = line
            .split_once("fn ")
            .filter(|(before, _)| !before.contains("//"))
        {
            if marked {
                names.extend(after.split(['(', '<']).next().map(str::to_owned));
            }
            marked = false;
        }
    }
    names
}

/// The first text in `test('…'`, `` test(`…` `` and alike; a stretch is one test of a longer walk.
fn titles(text: &str) -> Vec<String> {
    let mut titles = Vec::new();
    let text = text.replace("stretch(", "test(");
    for part in text.split("test(").skip(1) {
        let mut chars = part.chars();
        if let Some(quote) = chars.next().filter(|c| matches!(c, '\'' | '"' | '`')) {
            titles.push(chars.take_while(|&c| c != quote).collect());
        }
    }
    titles
}

fn rows_in(name: &str) -> Vec<Row> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs
        .filter_map(|(chapter, number)| {
            let chapter = CHAPTERS.into_iter().find(|known| known == chapter)?;
            Some((chapter, number.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{functions, rows_in, titles};

    #[test]
    fn finds_rows_in_both_spellings() {
        assert_eq!(rows_in("acc_4_a_default_address_stays"), [("acc", 4)]);
        assert_eq!(
            rows_in("AUTH-1, SUP-8: Anna schreibt"),
            [("auth", 1), ("sup", 8)]
        );
        assert_eq!(rows_in("account_4"), []);
    }

    #[test]
    fn finds_marked_functions_only() {
        let text = "#[tokio::test]\n#[ignore]\nasync fn auth_1_works() {}\nfn acc_1_helper() {}\n#[cfg(test)]\nmod tests { }";
        assert_eq!(functions(text), ["auth_1_works"]);
    }

    #[test]
    fn finds_titles() {
        assert_eq!(
            titles("test('AUTH-1: a', x); stretch(`b ${c}`, y); test(names, z)"),
            ["AUTH-1: a", "b ${c}"]
        );
    }
}
