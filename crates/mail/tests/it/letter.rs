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
        headers: mail::Headers::default(),
        dkim: None,
    }
}

/// A mail of a conversation: a person's answer, with what others typed or sent in every header.
fn answer(topic: &str, references: Vec<String>) -> mail::Letter {
    let token = crate::email("support+mzxw6ytboi@example.org");
    mail::Letter {
        html: "<p>Guten Tag</p>".to_owned(),
        headers: mail::Headers {
            references,
            reply_to: Some(token.clone()),
            back: mail::Back::To(token),
            by: mail::By::Person,
            topic: Some((kernel::Uuid::nil(), topic.to_owned())),
            ..mail::Headers::default()
        },
        ..letter(
            format!("[#10001] {topic}"),
            "Änne Groß".to_owned(),
            "Guten Tag, Änne.\n".to_owned(),
        )
    }
}

const OF_AN_ANSWER: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Message-ID",
    "Date",
    "X-Auto-Response-Suppress",
    "Reply-To",
    "In-Reply-To",
    "References",
    "Thread-Topic",
    "Thread-Index",
    "MIME-Version",
    "Content-Type",
];

#[test]
fn sup_9_an_answer_belongs_to_its_conversation() {
    let ids = vec!["<a.1@example.org>".to_owned(), "<b.2@kunde.example>".into()];
    let raw = answer("Störung der Kasse", ids).raw().unwrap();
    let headers = headers(&raw);
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, OF_AN_ANSWER);
    let value = |name: &str| {
        let found = headers.iter().find(|(known, _)| known == name);
        found.unwrap().1.clone()
    };
    assert_eq!(value("In-Reply-To"), "<b.2@kunde.example>");
    assert_eq!(value("References"), "<a.1@example.org> <b.2@kunde.example>");
    assert!(value("Reply-To").contains("support+mzxw6ytboi@example.org"));
    // a person wrote it, and what comes back undelivered is to come back
    let suppressed = value("X-Auto-Response-Suppress");
    assert!(!suppressed.contains("All") && !suppressed.contains("NDR"));
}

#[test]
fn sup_9_long_ids_are_not_encoded_and_the_chain_stays_short() {
    let ids: Vec<String> = (0..40)
        .map(|n| format!("<{}{n}@nordlicht.example>", "a2".repeat(48)))
        .collect();
    let raw = answer("x", ids.clone()).raw().unwrap();
    let headers = headers(&raw);
    let chain = &headers.iter().find(|(n, _)| n == "References").unwrap().1;
    let chain: Vec<&str> = chain.split_whitespace().collect();
    assert!(chain.len() < 10);
    assert_eq!(chain.first(), Some(&ids[0].as_str()));
    assert_eq!(chain.last(), Some(&ids[39].as_str()));
}

fn rsa() -> Vec<u8> {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    der.as_ref().to_vec()
}

fn ed25519() -> Vec<u8> {
    use aws_lc_rs::signature::Ed25519KeyPair;
    let random = aws_lc_rs::rand::SystemRandom::new();
    let der = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
    der.as_ref().to_vec()
}

fn pem(kind: &str, der: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n",
        lines.join("\n")
    )
}

static KEY: std::sync::LazyLock<mail::Dkim> = std::sync::LazyLock::new(|| {
    mail::Dkim::new("example.org", "a", &pem("PRIVATE KEY", &ed25519())).unwrap()
});

/// Whether somebody else's program takes the signature of a message for good, given the record of the DNS.
fn verified(raw: &[u8], record: &(String, String)) -> bool {
    use std::io::Write;
    let mut check = std::process::Command::new(crate::sink::python())
        .arg(crate::sink::root().join("tests/counterparts/verify_dkim.py"))
        .args([&record.0, &record.1])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(raw).unwrap();
    let output = check.wait_with_output().unwrap();
    assert!(output.status.success());
    match String::from_utf8(output.stdout).unwrap().trim() {
        "good" => true,
        "bad" => false,
        other => panic!("{other}"),
    }
}

#[test]
fn sup_9_the_signature_holds_for_an_independent_verifier() {
    let rsa = rsa();
    // the older form holds the same without its frame
    let inner = rsa.get(26..).unwrap();
    for pem in [
        pem("PRIVATE KEY", &rsa),
        pem("RSA PRIVATE KEY", inner),
        pem("PRIVATE KEY", &ed25519()),
    ] {
        let dkim = mail::Dkim::new("example.org", "tresen-2026", &pem).unwrap();
        let record = dkim.record();
        assert_eq!(record.0, "tresen-2026._domainkey.example.org");
        let ids = vec!["<a.1@example.org>".to_owned(), "<b.2@kunde.example>".into()];
        let mut letter = answer("Störung der Kasse   seit  gestern", ids);
        letter.text = "Guten Tag,\n\n  zwei  Leerzeichen \n.\n\n\n".to_owned();
        letter.dkim = Some(dkim.clone());
        let raw = letter.raw().unwrap();
        assert!(raw.starts_with(b"DKIM-Signature: v=1; "));
        assert!(raw.is_ascii());
        // the same at each try
        assert_eq!(raw, letter.raw().unwrap());
        assert!(verified(&raw, &record));
        // a relay that unfolds and adds its own header takes nothing from it
        let relayed = [b"Received: from a by b; x\r\n".as_slice(), &raw].concat();
        assert!(verified(&relayed, &record));

        let text = String::from_utf8(raw).unwrap();
        let changed = text.replace("Date: Sun", "Date: Mon");
        assert_ne!(changed, text);
        assert!(!verified(changed.as_bytes(), &record));
        // nobody adds a header that readers would see instead of ours
        for header in [
            "Subject: Kaufen",
            "From: eve@example.net",
            "Reply-To: eve@example.net",
        ] {
            let added = format!("{header}\r\n{text}");
            assert!(!verified(added.as_bytes(), &record), "{header}");
        }
        let mut plain = letter.clone();
        plain.html = String::new();
        plain.text = String::new();
        assert!(verified(&plain.raw().unwrap(), &record));
    }
}

#[test]
fn a_signing_key_does_not_show_itself() {
    let dkim = mail::Dkim::new("Example.org", "Tresen", &pem("PRIVATE KEY", &ed25519())).unwrap();
    assert_eq!(format!("{dkim:?}"), "Dkim(tresen._domainkey.example.org)");
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

    /// Subjects are typed by people, ids of mails come from other people's programs.
    #[test]
    fn abuse_76_mail_header_injection(
        subject in ".*|(Hallo|\r\n|\n|\r|\0|Bcc: eve@example\\.org|=\\?utf-8\\?q\\?|\u{2028}| ){0,12}",
        name in any::<String>(),
        ids in prop::collection::vec(".{0,60}|<[a-z\r\n :@]{0,40}>|<[a-z]{1,20}@[a-z]{1,20}>", 0..12),
    ) {
        let letter = mail::Letter { to_name: name, ..answer(&subject, ids) };
        let raw = letter.raw().unwrap();
        prop_assert!(raw.is_ascii());
        let found = headers(&raw);
        prop_assert!(found.iter().all(|(name, _)| OF_AN_ANSWER.contains(&name.as_str())), "{:?}", found);
        for once in ["From", "To", "Subject", "Reply-To", "Message-ID"] {
            prop_assert_eq!(found.iter().filter(|(name, _)| name == once).count(), 1);
        }
        let signed = mail::Letter { dkim: Some(KEY.clone()), ..letter }.raw().unwrap();
        prop_assert_eq!(headers(&signed).len(), found.len() + 1);
    }
}
