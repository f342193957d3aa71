//! Messages that packages on this machine carry, against what a person reads in them.

use intake::{Envelope, Limits, Parsed, parse};
use std::time::{Duration, Instant};

/// Every message, by the name of its file.
fn all() -> Vec<(String, Vec<u8>)> {
    testkit::corpus::messages()
        .into_iter()
        .map(|(name, path)| (name, std::fs::read(path).unwrap()))
        .collect()
}

fn read(raw: &[u8]) -> Parsed {
    parse(raw, &Envelope::default(), &Limits::default())
}

/// In which there is nothing to be found, and why.
const EMPTY: &[(&str, &str)] = &[
    ("data/msg_08.txt", "four parts, all of them empty"),
    ("data/msg_09.txt", "four parts, all of them empty"),
    ("data/msg_12.txt", "six parts, all of them empty"),
    ("data/msg_12a.txt", "six parts, all of them empty"),
    ("data/msg_18.txt", "a header and no text"),
    ("data/msg_24.txt", "one part, empty"),
    (
        "malformed/000.eml",
        "three parts with a header and nothing below it",
    ),
    ("malformed/001.eml", "one part, empty"),
    ("malformed/007.eml", "one part, empty"),
];

#[test]
fn sup_9_every_message_is_taken_apart_within_a_second() {
    let all = all();
    let mut empty = Vec::new();
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
        if parsed.text.trim().is_empty() && parsed.files.is_empty() {
            empty.push(name.as_str());
        }
    }
    let expected: Vec<&str> = EMPTY
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| all.iter().any(|(known, _)| known == name))
        .collect();
    assert_eq!(empty, expected);
}

#[test]
fn sup_9_what_a_person_reads_in_a_message_is_found() {
    let all = all();
    let mut wrong = Vec::new();
    let mut checked = 0;
    for line in include_str!("../data/facts.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, subject, sender, start, files, _why] = fields[..] else {
            panic!("{line}");
        };
        let Some((_, raw)) = all.iter().find(|(known, _)| known == name) else {
            assert!(name.starts_with("data/"), "{name} is gone");
            continue;
        };
        let parsed = read(raw);
        let text = parsed.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (count, names) = files.split_once(": ").unwrap_or((files, ""));
        let found: Vec<&str> = parsed.files.iter().map(|file| file.name.as_str()).collect();
        let fits = parsed.subject.whole == subject
            && parsed.sender().map(ToString::to_string).unwrap_or_default() == sender
            && text.starts_with(start)
            && (text.is_empty() || !start.is_empty())
            && found.len().to_string() == count
            && (names.is_empty() || found.join(", ") == names);
        if !fits {
            let start: String = text.chars().take(60).collect();
            wrong.push(format!(
                "{line}\n  {:?} {:?} {start:?} {found:?}",
                parsed.subject.whole,
                parsed.sender()
            ));
        }
        checked += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked >= 60, "{checked}");
}

/// Files that were coded in a way of old times, or whose end was lost, are what was sent.
#[test]
fn sup_9_files_hold_what_was_sent() {
    let png = b"\x89PNG\r\n\x1a\n";
    for (name, raw) in all() {
        let parsed = read(&raw);
        let bytes = |wanted: &str| {
            let found = parsed.files.iter().find(|file| file.name == wanted);
            found
                .unwrap_or_else(|| panic!("{name}: {wanted}"))
                .bytes
                .clone()
        };
        match name.as_str() {
            // uuencode as transfer coding; with accents for blanks and with blanks; in the text
            "legacy/017.eml" | "legacy/048.eml" | "legacy/049.eml" => {
                assert!(bytes("greenball.png").starts_with(png), "{name}");
                assert!(
                    bytes("greenball.png").ends_with(b"IEND\xAE\x42\x60\x82"),
                    "{name}"
                );
            }
            "legacy/026.eml" => {
                assert!(bytes("HasenundFrösche.txt").starts_with(b"Die Hasen und die Fr\xF6sche"));
            }
            // RFC 2231
            "legacy/045.eml" => {
                assert!(bytes("HasenundFrösche.txt").starts_with(b"Die Hasen und die Fr\xF6sche"));
            }
            // a message that is coded as no message may be (RFC 2046 5.2.1)
            "rfc/008.eml" => assert!(bytes("attached_email.eml").starts_with(b"To: ")),
            "rfc/009.eml" => assert!(
                parsed.files[0].bytes.starts_with(b"From: Someone Else"),
                "{:?}",
                parsed.files
            ),
            _ => {}
        }
    }
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
            "({name:?}, {:?}, {sender:?}, {start:?}, {:?}),",
            parsed.subject.whole, parsed.files
        );
    }
}
