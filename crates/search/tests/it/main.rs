//! The index: what it finds, and what becomes of it when somebody has been at its files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may fail"
)]

use kernel::{Locale, Uuid};
use proptest::prelude::*;
use search::{Document, Index, Mark, Query};

fn document(number: u128, audience: &'static str, title: &str, body: &str) -> Document {
    Document {
        id: Uuid::from_u128(number),
        locale: Locale::De,
        audience,
        title: title.into(),
        keywords: String::new(),
        body: body.into(),
    }
}

fn some() -> Vec<Document> {
    vec![
        document(
            1,
            "public",
            "Einen Serverumzug planen",
            "Der Server zieht um.",
        ),
        document(
            2,
            "public",
            "Passwort vergessen",
            "Setzen Sie Ihr Passwort neu.",
        ),
        document(3, "staff", "Notfall im Rechenzentrum", "Wen wir anrufen."),
        document(
            4,
            "public",
            "Zahlungserinnerung",
            "Was die Mahnung bedeutet.",
        ),
    ]
}

const MARK: Mark = Mark {
    epoch: 1,
    revision: 7,
};

fn found(index: &Index, text: &str, audiences: &[&str]) -> Vec<u128> {
    let query = Query {
        text,
        audiences,
        locale: Locale::De,
        limit: 10,
    };
    let hits = index.find(&query).unwrap().hits;
    hits.iter().map(|hit| hit.id.as_u128()).collect()
}

fn filled() -> Index {
    let index = Index::in_memory();
    index.fill(some(), MARK).unwrap();
    index
}

#[test]
fn kb_2_words_are_found_in_other_forms() {
    let index = filled();
    for (text, wanted) in [
        ("Passwörter", 2),
        ("passwoert", 2),
        ("Pasword", 2),
        ("umzug", 1),
        ("Umzüge von Servern", 1),
        ("serverumzüge", 1),
        ("Servrumzug", 1),
        ("erinnerung", 4),
        ("mahn", 4),
        ("Zahlungen", 4),
    ] {
        assert_eq!(
            found(&index, text, &["public"]).first(),
            Some(&wanted),
            "{text}"
        );
    }
}

#[test]
fn kb_2_only_what_the_reader_may_see() {
    let index = filled();
    assert!(found(&index, "Rechenzentrum", &["public", "customers"]).is_empty());
    assert_eq!(found(&index, "Rechenzentrum", &["public", "staff"]), [3]);
    assert!(found(&index, "Rechenzentrum", &[]).is_empty());
}

/// Three thousand tickets, each with words of its own: filled by id, or brought in as they come.
fn many(filled: usize) -> Index {
    let document = |number: u64| Document {
        id: Uuid::from_u64_pair(number, 0),
        body: format!(
            "Das Postfach ist voll, sagt Frau Müller, siehe RE-{number}. {}",
            (0..20)
                .map(|nth| format!("w{number}x{nth} "))
                .collect::<String>()
        ),
        ..document(0, "staff", "Anfrage", "")
    };
    let index = Index::in_memory();
    let seldom = Document {
        body: "Das Postfach und die Rechnung".into(),
        ..document(5)
    };
    let titled = Document {
        title: "Das volle Postfach".into(),
        keywords: "Karl Müller".into(),
        ..document(6)
    };
    let all: Vec<Document> = [seldom, titled]
        .into_iter()
        .chain((10..3_010).map(document))
        .collect();
    let (first, rest) = all.split_at(filled);
    index.fill(first.to_vec(), MARK).unwrap();
    for some in rest.chunks(40) {
        let changed: Vec<_> = some.iter().map(|one| (one.id, vec![one.clone()])).collect();
        index.update(&changed, MARK).unwrap();
    }
    index
}

#[test]
fn sup_10_words_of_many_tickets_find_the_latest_and_a_rare_one_beside_them_counts() {
    for filled in [3_002, 1_000] {
        words_of_many(&many(filled));
    }
}

fn words_of_many(index: &Index) {
    let found = |text: &str| -> Vec<u64> {
        let found = found(index, text, &["staff"]).into_iter();
        found.map(|id| u64::try_from(id >> 64).unwrap()).collect()
    };
    let common = found("Anfrage");
    assert_eq!(common.len(), 10);
    assert!(common.iter().all(|number| *number >= 2_000), "{common:?}");
    // in the title or the keywords, however old
    assert_eq!(found("Postfach voll").first(), Some(&6));
    assert_eq!(found("Müller Postfach").first(), Some(&6));
    // its first part stands everywhere, the whole once
    assert_eq!(found("RE-42").first(), Some(&42));
    assert_eq!(found("Postfach Rechnung"), [5]);
    assert_eq!(found("postfach rechnugn"), [5]);
    assert_eq!(found("w77x3 Postfach"), [77]);
    assert!(found("Mondschein").is_empty());
}

#[test]
fn changes_take_the_place_of_what_was() {
    let index = filled();
    let next = Mark {
        epoch: 1,
        revision: 9,
    };
    let new = document(2, "public", "Kennwort vergessen", "Neu.");
    let changed = [
        (Uuid::from_u128(2), vec![new]),
        (Uuid::from_u128(4), Vec::new()),
    ];
    index.update(&changed, next).unwrap();
    assert_eq!(index.mark(), Some(next));
    assert_eq!(found(&index, "Kennwort", &["public"]), [2]);
    assert!(found(&index, "Passwort", &["public"]).is_empty());
    assert!(found(&index, "Mahnung", &["public"]).is_empty());
}

#[test]
fn an_index_outlives_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("search");
    let index = Index::open(&folder);
    assert_eq!(index.mark(), None);
    index.fill(some(), MARK).unwrap();
    drop(index);
    let again = Index::open(&folder);
    assert_eq!(again.mark(), Some(MARK));
    assert_eq!(found(&again, "Passwort", &["public"]), [2]);
}

#[test]
fn a_damaged_index_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("search");
    for harm in ["garbage", "cut", "gone", "meta"] {
        let index = Index::open(&folder);
        index.fill(some(), MARK).unwrap();
        drop(index);
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_meta = name == "meta.json";
            match harm {
                "garbage" if name.ends_with(".idx") => std::fs::write(&path, "nichts").unwrap(),
                "cut" if name.ends_with(".term") => {
                    let file = std::fs::File::options().write(true).open(&path).unwrap();
                    file.set_len(3).unwrap();
                }
                "gone" if name.ends_with(".fast") => std::fs::remove_file(&path).unwrap(),
                "meta" if is_meta => std::fs::write(&path, "{").unwrap(),
                _ => {}
            }
        }
        let again = Index::open(&folder);
        assert_eq!(again.mark(), None, "{harm}");
        assert!(found(&again, "Passwort", &["public"]).is_empty());
        again.fill(some(), MARK).unwrap();
        assert_eq!(found(&again, "Passwort", &["public"]), [2], "{harm}");
    }
}

#[test]
fn where_nothing_can_be_written_the_index_lives_in_memory() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let index = Index::open(&file.path().join("search"));
    index.fill(some(), MARK).unwrap();
    assert_eq!(found(&index, "Passwort", &["public"]), [2]);
}

#[test]
fn abuse_search_dos_and_v1_2_9_search_text_is_never_a_regex() {
    let index = filled();
    let many = "wort ".repeat(10_000);
    let long = "a".repeat(100_000);
    for text in [
        "",
        " ",
        "%%%%",
        "a*",
        ".*",
        "(",
        "[a-z]+",
        "\"passwort",
        "title:x",
        "+- &&||",
        "\u{202e}gnuhaM",
        "🦀",
        "\0",
        "' OR 1=1 --",
        "der die das",
        &many,
        &long,
    ] {
        assert!(found(&index, text, &["public"]).len() <= 4);
    }
    assert_eq!(
        found(&index, "\"Passwort\" OR (", &["public"]).first(),
        Some(&2)
    );
}

proptest! {
    #[test]
    fn kb_2_no_text_is_wrong(text in any::<String>()) {
        let index = filled();
        let query = Query { text: &text, audiences: &["public"], locale: Locale::En, limit: 3 };
        let found = index.find(&query).unwrap();
        let whole: String = found.marker.mark(&text).into_iter().map(|piece| piece.text).collect();
        prop_assert_eq!(&whole, &text);
        found.marker.excerpt(&text, 20);
    }
}
