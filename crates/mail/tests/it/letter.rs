use crate::{Bench, notice};
use mail::{Catcher, Draft};
use proptest::prelude::*;

/// The header block of a message, unfolded, as (name, value).
fn headers(raw: &[u8]) -> Vec<(String, String)> {
    let raw = std::str::from_utf8(raw).unwrap();
    let (head, _) = raw.split_once("\r\n\r\n").unwrap();
    assert!(
        !head.replace("\r\n", "").contains(['\r', '\n']),
        "no bare line end"
    );
    head.replace("\r\n ", " ")
        .replace("\r\n\t", " ")
        .split("\r\n")
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

const NAMES: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
];

async fn raw(draft: Draft) -> Vec<u8> {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    bench.queue(draft).await;
    bench.drain().await;
    catcher.all()[0].raw().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_says_that_it_is_one() {
    let raw = raw(notice("anna@example.org")).await;
    let headers = headers(&raw);
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, NAMES);
    let value = |name: &str| {
        headers
            .iter()
            .find(|(known, _)| known == name)
            .unwrap()
            .1
            .clone()
    };
    assert_eq!(value("Auto-Submitted"), "auto-generated");
    assert_eq!(value("Date"), "Sun, 22 Nov 2026 13:05:00 +0000");
    assert_eq!(
        value("From"),
        "Muster-Hosting GmbH <portal@example.org>"
            .replace("Muster-Hosting GmbH", "\"Muster-Hosting GmbH\"")
    );
    assert!(value("Content-Type").starts_with("multipart/alternative"));
    assert!(raw.is_ascii());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_header_can_be_smuggled_in() {
    let evil = "Hallo\r\nBcc: eve@example.org\r\n\r\nBody\u{2028}\u{85}\0\n.\nX: y";
    let draft = Draft {
        subject: evil.to_owned(),
        to_name: evil.to_owned(),
        ..notice("anna@example.org")
    };
    let raw = raw(draft).await;
    let names: Vec<String> = headers(&raw).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, NAMES);
}

fn letter(subject: String, to_name: String, text: String) -> mail::Letter {
    mail::Letter {
        id: mail::MailId(kernel::Uuid::nil()),
        kind: "test".to_owned(),
        locale: kernel::Locale::De,
        from: "portal@example.org".parse().unwrap(),
        to: crate::email("anna@example.org"),
        to_name,
        subject,
        text,
        html: String::new(),
        message_id: "<1@example.org>".to_owned(),
        date: crate::START,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Names are typed by people: none of them makes another recipient.
    #[test]
    fn no_name_makes_another_recipient(name in "[a-z\"<>@,;:()\\\\ ]{0,40}|.*<eve@example\\.org>.*") {
        let raw = letter(String::new(), name, String::new()).raw().unwrap();
        let to = headers(&raw).into_iter().find(|(name, _)| name == "To").unwrap().1;
        let last = to.rsplit(['<', ' ']).next().unwrap().trim_end_matches('>');
        prop_assert_eq!(last, "anna@example.org");
    }

    #[test]
    fn any_text_makes_a_sound_message(subject in any::<String>(), name in any::<String>(), text in any::<String>()) {
        let raw = letter(subject, name, text).raw().unwrap();
        prop_assert!(raw.is_ascii());
        let found = headers(&raw);
        prop_assert!(found.iter().all(|(name, _)| NAMES.contains(&name.as_str()) || name == "Content-Transfer-Encoding"), "{:?}", found);
        prop_assert_eq!(found.iter().filter(|(name, _)| name == "To").count(), 1);
    }
}
