use crate::whole;
use kernel::Locale;
use std::path::{Path, PathBuf};

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("texts") && !path.ends_with("tests") {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html" || e == "txt") {
            found.push(path);
        }
    }
}

fn all_sources() -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    sources(crates, &mut found);
    found.iter().filter_map(|path| std::fs::read_to_string(path).ok()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_exists_in_both_languages() {
    let t = whole().await;
    let (de, en) = (t.app.texts().keys(Locale::De), t.app.texts().keys(Locale::En));
    let missing: Vec<&String> =
        de.iter().filter(|k| !en.contains(k)).chain(en.iter().filter(|k| !de.contains(k))).collect();
    assert!(missing.is_empty(), "in one language only: {missing:?}");
    let mut seen = std::collections::HashSet::new();
    let twice: Vec<&String> = de.iter().filter(|key| !seen.insert(key.as_str())).collect();
    assert!(twice.is_empty(), "twice: {twice:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_is_used() {
    let t = whole().await;
    let source = all_sources();
    let unused: Vec<&String> = t
        .app
        .texts()
        .keys(Locale::De)
        .iter()
        .filter(|key| {
            let id = key.split('.').next().unwrap_or(key);
            // a key is written out, or put together from its beginning and a word; fields are named by noun and field
            let mut beginning = id;
            let mut built = source.contains(&format!("\"{id}\""));
            while let Some((start, _)) = beginning.rsplit_once('-') {
                built |= source.contains(&format!("\"{start}-{{"))
                    || source.contains(&format!("\"{start}-\""))
                    || source.contains(&format!("as \"{start}\""))
                    || source.contains(&format!("{start}-{{}}"));
                beginning = start;
            }
            !built
        })
        .collect();
    assert!(unused.is_empty(), "used by nobody: {unused:?}");
}

/// Letter sequences that only German has, sought in the English texts.
#[tokio::test(flavor = "multi_thread")]
async fn no_german_in_english_texts() {
    let t = whole().await;
    let german = ["ä", "ö", "ü", "ß", "Bitte", " und ", " der ", " nicht ", " Sie "];
    for key in t.app.texts().keys(Locale::En) {
        let text = t.app.texts().get(Locale::En, key).into_owned();
        let own = key.contains("language");
        assert!(own || german.iter().all(|word| !text.contains(word)), "{key}: {text}");
    }
}
