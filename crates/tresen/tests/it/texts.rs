use crate::whole;
use kernel::Locale;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("texts") && !path.ends_with("tests") {
            sources(&path, found);
        } else if path
            .extension()
            .is_some_and(|e| e == "rs" || e == "html" || e == "txt")
        {
            found.push(path);
        }
    }
}

/// Every quoted word of the sources, and what stands between a quote and a `{`.
fn quoted() -> HashSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    sources(crates, &mut found);
    let mut words = HashSet::new();
    for text in found
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
    {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once('"') {
            let end = after
                .find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c))
                .unwrap_or(after.len());
            if end > 0 {
                words.insert(after[..end].to_owned());
            }
            rest = after;
        }
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_exists_in_both_languages() {
    let t = whole().await;
    let (de, en) = (
        t.app.texts().keys(Locale::De),
        t.app.texts().keys(Locale::En),
    );
    let missing: Vec<&String> = de
        .iter()
        .filter(|k| !en.contains(k))
        .chain(en.iter().filter(|k| !de.contains(k)))
        .collect();
    assert!(missing.is_empty(), "in one language only: {missing:?}");
    let mut seen = std::collections::HashSet::new();
    let twice: Vec<&String> = de.iter().filter(|key| !seen.insert(key.as_str())).collect();
    assert!(twice.is_empty(), "twice: {twice:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_is_used() {
    let t = whole().await;
    let quoted = quoted();
    let unused: Vec<&String> = t
        .app
        .texts()
        .keys(Locale::De)
        .iter()
        .filter(|key| {
            let id = key.split('.').next().unwrap_or(key);
            // a key is written out, or put together from its beginning and a word; fields are named by noun and field
            let beginnings = id.match_indices('-').map(|(at, _)| &id[..at]);
            let built = beginnings
                .into_iter()
                .any(|b| quoted.contains(b) || quoted.contains(&format!("{b}-")));
            !quoted.contains(id) && !quoted.contains(key.as_str()) && !built
        })
        .collect();
    assert!(unused.is_empty(), "used by nobody: {unused:?}");
}

/// Letter sequences that only German has, sought in the English texts.
#[tokio::test(flavor = "multi_thread")]
async fn no_german_in_english_texts() {
    let t = whole().await;
    let german = [
        "ä", "ö", "ü", "ß", "Bitte", " und ", " der ", " nicht ", " Sie ",
    ];
    for key in t.app.texts().keys(Locale::En) {
        let text = t.app.texts().get(Locale::En, key).into_owned();
        let own = key.contains("language");
        assert!(
            own || german.iter().all(|word| !text.contains(word)),
            "{key}: {text}"
        );
    }
}
