//! OWASP ASVS 5.0, level 2: a named test for each requirement that touches what is built. Which requirement has which
//! test stands in docs/asvs.md; that the page is whole and true is tested in `docs`.

mod documents;
mod failing;
mod pages;
mod passwords;
mod sessions;
mod sources;

use kernel::Locale;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use testkit::TestApp;
use tresen::demo::samples::{member, staff};
use web::Who;

/// Where the workspace lies.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().to_owned()
}

/// All files below a folder of the workspace whose names end so: path from the root, and text.
pub(super) fn files(below: &str, end: &str) -> Vec<(String, String)> {
    fn collect(dir: &Path, end: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | ".git") {
                collect(&path, end, found);
            } else if name.ends_with(end) {
                found.push(path);
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    collect(&root.join(below), end, &mut found);
    found.sort();
    found
        .into_iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&root).ok()?.display().to_string();
            Some((name, std::fs::read_to_string(path).ok()?))
        })
        .collect()
}

/// What runs at the operator's: neither tests nor the tools beside them.
fn product_sources() -> Vec<(String, String)> {
    let files: Vec<_> = files("crates", ".rs")
        .into_iter()
        .filter(|(name, _)| name.contains("/src/"))
        .filter(|(name, _)| {
            !["testkit", "bench", "faults"]
                .iter()
                .any(|tool| name.starts_with(&format!("crates/{tool}/")))
        })
        .map(|(name, text)| {
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            (name, product.to_owned())
        })
        .collect();
    assert!(files.len() > 80, "{}", files.len());
    files
}

/// Every sample of every page as everybody sees it, by name; mails too.
fn drawn(t: &TestApp) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for sampled in t.app.samples() {
        for (nth, sample) in (sampled.samples)().into_iter().enumerate() {
            for who in [Who::Nobody, member(), staff()] {
                let html = t
                    .app
                    .draw_sample(Locale::De, who, &sampled.template, sample.clone());
                all.push((format!("{} sample {nth}", sampled.template), html.unwrap()));
            }
        }
    }
    assert!(all.len() > 100);
    all
}

/// The tags of a page, without their brackets.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
}

/// An attribute's value within a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// What a form's field takes.
struct Field {
    kind: String,
    required: bool,
    max: u64,
}

/// The fields of all forms, by the key of their label.
fn fields(t: &TestApp) -> BTreeMap<String, Field> {
    fn collect(value: &Value, found: &mut BTreeMap<String, Field>) {
        match value {
            Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
            Value::Object(map) => {
                let text = |name| map.get(name).and_then(Value::as_str);
                let max = map.get("max").and_then(Value::as_u64);
                if let (Some(kind), Some(max), Some(label)) = (text("kind"), max, text("label")) {
                    let required = map.get("required").and_then(Value::as_bool);
                    let field = Field {
                        kind: kind.to_owned(),
                        required: required.unwrap_or_default(),
                        max,
                    };
                    found.insert(label.to_owned(), field);
                }
                map.values().for_each(|value| collect(value, found));
            }
            _ => {}
        }
    }
    let mut found = BTreeMap::new();
    for sampled in t.app.samples() {
        for sample in (sampled.samples)() {
            collect(&serde_json::to_value(&sample).unwrap(), &mut found);
        }
    }
    found
}
