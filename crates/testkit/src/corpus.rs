//! Messages that packages on this machine carry: the mail parser's own, and those of CPython's test suite. None of them
//! is ours, so they are read where they lie.

use std::path::{Path, PathBuf};

/// Every message, by the name of its file with its folder, as `legacy/001.eml`.
///
/// # Panics
/// When nothing is there at all; and, where the variable `CI` is `true`, when CPython's are missing.
pub fn messages() -> Vec<(String, PathBuf)> {
    let mut folders = vec![parsers()];
    let pythons = (9..30).map(|minor| format!("/usr/lib/python3.{minor}/test/test_email/data"));
    // of several, the same messages
    match pythons.map(PathBuf::from).find(|folder| folder.is_dir()) {
        Some(folder) => folders.push(folder),
        None => {
            crate::not_run("the messages of CPython's test suite: no libpython3.*-testsuite here")
        }
    }
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|ending| ending == "eml" || ending == "txt")
            {
                found.push((name(&path), path));
            }
        }
    }
    found.sort();
    assert!(found.len() >= 100, "{} messages", found.len());
    found
}

/// Where Cargo keeps the source of the mail parser.
fn parsers() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
        PathBuf::from,
    );
    let packages = std::fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
        .flatten()
        .flat_map(|registry| {
            std::fs::read_dir(registry.path())
                .into_iter()
                .flatten()
                .flatten()
        });
    let ours = packages
        .map(|package| package.path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("mail-parser-0.11"))
        })
        .max();
    ours.unwrap_or_default().join("resources/eml")
}

fn name(path: &Path) -> String {
    let part = |of: Option<&Path>| {
        of.and_then(Path::file_name)
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    format!("{}/{}", part(path.parent()), part(Some(path)))
}
