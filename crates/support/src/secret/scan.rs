//! What in a text looks like a password, a private key, a token or the number of a card.
//!
//! A help for people, no proof: it would rather miss something than ask about every second message. Runs once over the
//! text; never looks anything up.

use serde::Serialize;
use std::ops::Range;

kernel::words! {
    /// What something looks like.
    pub enum Kind {
        Password = "password",
        /// A private key.
        Key = "key",
        /// What a program signs in with.
        Token = "token",
        Card = "card",
    }
}

/// One find; `at` are bytes of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    pub kind: Kind,
    pub at: Range<usize>,
}

/// Stands where something was taken out of a text.
pub const STAND_IN: &str = "[…]";

/// Everything found, in the order of the text, without overlaps.
pub fn scan(text: &str) -> Vec<Found> {
    let mut found = keys(text);
    found.extend(cards(text));
    found.extend(tokens(text));
    found.extend(addresses(text));
    found.extend(labelled(text));
    // of two that overlap the earlier stays, and of those the longer
    found.sort_by_key(|f| (f.at.start, std::cmp::Reverse(f.at.end)));
    let mut end = 0;
    found.retain(|f| {
        let fits = f.at.start >= end && !f.at.is_empty();
        if fits {
            end = f.at.end;
        }
        fits
    });
    found
}

/// Whether anything is found.
pub fn suspicious(text: &str) -> bool {
    !scan(text).is_empty()
}

/// The text with [`STAND_IN`] in the place of what was found, and what stood there.
pub fn split(text: &str) -> (String, Vec<String>) {
    let (mut rest, mut taken, mut from) = (String::with_capacity(text.len()), Vec::new(), 0);
    for found in scan(text) {
        rest.push_str(text.get(from..found.at.start).unwrap_or_default());
        rest.push_str(STAND_IN);
        taken.push(text.get(found.at.clone()).unwrap_or_default().to_owned());
        from = found.at.end;
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    (rest, taken)
}

/// The text as it may stand in a subject, a list or a log.
pub fn masked(text: &str) -> String {
    split(text).0
}

/// Blocks of private keys, to their end or, where that is missing, to the next empty line.
fn keys(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, end) = (at, at + line.trim_end().len());
        at += line.len();
        let bare = line.trim();
        let key = |from| Found {
            kind: Kind::Key,
            at: from..end,
        };
        match open {
            Some(from) if bare.contains("-----END") || bare.starts_with("Private-MAC:") => {
                found.push(key(from));
                open = None;
            }
            Some(from) if bare.is_empty() => {
                found.push(Found {
                    kind: Kind::Key,
                    at: from..start,
                });
                open = None;
            }
            Some(_) => {}
            None => {
                let begin = line
                    .find("-----BEGIN")
                    .filter(|_| line.contains("PRIVATE KEY"))
                    .or_else(|| line.find("PuTTY-User-Key-File-"));
                if let Some(begin) = begin {
                    // a key that somebody pasted into one line
                    if line.contains("-----END") {
                        found.push(key(start + begin));
                    } else {
                        open = Some(start + begin);
                    }
                }
            }
        }
    }
    if let Some(from) = open {
        found.push(Found {
            kind: Kind::Key,
            at: from..text.trim_end().len(),
        });
    }
    found
}

/// How tokens of well-known services begin, and how long they are at least.
const TOKENS: &[(&str, usize)] = &[
    ("ghp_", 36),
    ("gho_", 36),
    ("ghu_", 36),
    ("ghs_", 36),
    ("ghr_", 36),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("rk_live_", 20),
    ("sk-", 24),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxa-", 20),
    ("xapp-", 20),
    ("AKIA", 20),
    ("ASIA", 20),
    ("AIza", 35),
    ("SG.", 40),
    ("whsec_", 24),
    ("npm_", 36),
    ("pypi-", 40),
    ("dop_v1_", 40),
    ("hf_", 30),
    ("ya29.", 30),
    ("AGE-SECRET-KEY-1", 50),
];

fn tokens(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut bearer = false;
    for (start, word) in words(text, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+' | '/' | '=')
    }) {
        let word = word.trim_end_matches(['.', '/', '=']);
        let known = TOKENS
            .iter()
            .any(|(begin, least)| word.starts_with(begin) && word.len() >= *least)
            && has_digit(word);
        let jwt = word.starts_with("eyJ") && word.len() > 40 && word.matches('.').count() == 2;
        let carried = bearer && word.len() >= 20 && has_digit(word);
        if known || jwt || carried {
            found.push(Found {
                kind: Kind::Token,
                at: start..start + word.len(),
            });
        }
        bearer = word.eq_ignore_ascii_case("bearer");
    }
    found
}

/// The password in an address such as `ftp://anna:geheim@server`.
fn addresses(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")) {
        let host = from + at + 3;
        from = host;
        let rest = text.get(host..).unwrap_or_default();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '<' | '>'))
            .unwrap_or(rest.len());
        let Some((who, _)) = rest.get(..end).unwrap_or_default().rsplit_once('@') else {
            continue;
        };
        let Some((user, password)) = who.split_once(':') else {
            continue;
        };
        if !password.is_empty() && !is_placeholder(password) {
            let start = host + user.len() + 1;
            found.push(Found {
                kind: Kind::Password,
                at: start..start + password.len(),
            });
        }
    }
    found
}

/// Numbers of cards: as long as they are, grouped as they are, with a check digit that fits.
fn cards(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let ibans = ibans(text);
    let mut before = ' ';
    let mut letters = text.char_indices().peekable();
    while let Some((start, c)) = letters.next() {
        if !c.is_ascii_digit()
            || before.is_alphanumeric()
            || matches!(before, '+' | '-' | '.' | ',' | '/')
        {
            before = c;
            continue;
        }
        // digits, with single blanks or dashes between them
        let mut groups: Vec<String> = vec![c.to_string()];
        let (mut end, mut gap) = (start + 1, None);
        while let Some((at, next)) = letters.peek().copied() {
            match next {
                '0'..='9' => {
                    if gap.take().is_some() {
                        groups.push(String::new());
                    }
                    if let Some(group) = groups.last_mut() {
                        group.push(next);
                    }
                    end = at + 1;
                }
                ' ' | '-' | '\u{A0}' if gap.is_none() => gap = Some(next),
                _ => break,
            }
            letters.next();
        }
        let after = letters.peek().map_or(' ', |(_, c)| *c);
        let stuck = gap.is_none() && after.is_alphanumeric();
        before = gap.unwrap_or('0');
        let lies_in_iban = ibans
            .iter()
            .any(|iban| iban.start <= start && end <= iban.end);
        if !stuck && !lies_in_iban && is_card(&groups) {
            found.push(Found {
                kind: Kind::Card,
                at: start..end,
            });
        }
    }
    found
}

fn is_card(groups: &[String]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    let grouped = match lengths.as_slice() {
        [13..=19] | [4, 6, 4..=5] => true,
        [first @ .., last] => {
            lengths.len() >= 4 && first.iter().all(|l| *l == 4) && (1..=4).contains(last)
        }
        [] => false,
    };
    let digits: String = groups.concat();
    let issuer = matches!(digits.bytes().next(), Some(b'2'..=b'6'));
    let varied = digits.bytes().any(|b| Some(b) != digits.bytes().next());
    grouped && issuer && varied && (13..=19).contains(&digits.len()) && luhn(&digits)
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            let digit = if place % 2 == 1 { digit * 2 } else { digit };
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An account's number is on every invoice and no secret.
fn ibans(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, word) in words(text, |c| c.is_ascii_alphanumeric()) {
        let mut head = word.bytes();
        let country = head.by_ref().take(2).all(|b| b.is_ascii_uppercase());
        let check = word.len() >= 4 && head.take(2).all(|b| b.is_ascii_digit());
        if !country || !check {
            continue;
        }
        let mut letters = String::new();
        for (at, c) in text.get(start..).unwrap_or_default().char_indices() {
            match c {
                ' ' | '\u{A0}' => continue,
                c if c.is_ascii_uppercase() || c.is_ascii_digit() => letters.push(c),
                _ => break,
            }
            if letters.len() > 34 {
                break;
            }
            if letters.len() >= 15 && is_iban(&letters) {
                found.push(start..start + at + 1);
            }
        }
    }
    found
}

fn is_iban(letters: &str) -> bool {
    let (head, rest) = letters.split_at_checked(4).unwrap_or((letters, ""));
    let mut left = 0u32;
    for c in rest.chars().chain(head.chars()) {
        let value = c.to_digit(36).unwrap_or(0);
        left = (left * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    left == 1
}

/// How a word ends that says that a secret follows.
const ENDINGS: &[&str] = &[
    "passwort",
    "password",
    "passwörter",
    "kennwort",
    "passwd",
    "passphrase",
    "passcode",
    "zugangscode",
    "apikey",
    "api_key",
    "api-key",
    "secret_key",
    "secretkey",
    "secret-key",
    "access_key",
    "access-key",
    "private_key",
    "client_secret",
    "client-secret",
    "api-schlüssel",
    "netzwerkschlüssel",
    "wlan-schlüssel",
    "token",
];
/// Words that say so only when they stand alone, or behind a dash.
const WHOLE: &[&str] = &["pw", "pwd", "pass", "pin", "puk", "psk", "secret", "kw"];
/// What makes of "key" and "Schlüssel" a secret one.
const BEFORE_KEY: &[&str] = &[
    "api", "secret", "access", "private", "wlan", "wpa", "wpa2", "privater",
];

/// What follows a word such as "Passwort".
fn labelled(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut before = String::new();
    for (start, word) in words(text, |c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        let low = word.to_lowercase();
        let label = label(&low, &before);
        before = low;
        let Some(label) = label else { continue };
        // a path such as /passwort names a page
        if text.get(..start).is_some_and(|t| t.ends_with('/')) {
            continue;
        }
        let end = start + word.len();
        if let Some(at) = value(text, end, label) {
            found.push(Found {
                kind: match label {
                    Label::Token => Kind::Token,
                    Label::Password | Label::Pin => Kind::Password,
                },
                at,
            });
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Label {
    Password,
    Pin,
    Token,
}

fn label(word: &str, before: &str) -> Option<Label> {
    let whole = word.rsplit(['-', '_']).next().unwrap_or(word);
    let is_key = matches!(word, "key" | "schlüssel") && BEFORE_KEY.contains(&before);
    if matches!(whole, "pin" | "puk") {
        return Some(Label::Pin);
    }
    let ends = ENDINGS.iter().any(|ending| word.ends_with(ending));
    if !ends && !is_key && !WHOLE.contains(&whole) {
        return None;
    }
    let token = is_key || ["key", "token", "secret"].iter().any(|w| word.ends_with(w));
    Some(if token { Label::Token } else { Label::Password })
}

/// What the label names: behind a sign, or behind a word such as "lautet".
fn value(text: &str, from: usize, label: Label) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    let line_end = rest.find('\n').unwrap_or(rest.len());
    let line = rest.get(..line_end)?;
    let closed = line.trim_start_matches(['"', '\'', '`', '*', ' ', '\u{A0}', '\t']);
    let skipped = line.len() - closed.len();
    if let Some(sign) = sign(closed) {
        let at = from + skipped + sign;
        return token_at(text, at, true).filter(|at| is_value(text, at, label, true));
    }
    // "Passwort für den Server: …", "Passwort (FTP): …"; only the beginning, or a long line is folded once a label
    let low = closed.chars().take(60).collect::<String>().to_lowercase();
    let of = [
        "für ", "fürs ", "for ", "vom ", "von ", "zum ", "zur ", "of ", "(",
    ];
    if of.iter().any(|word| low.starts_with(word)) {
        let at = closed
            .char_indices()
            .take(50)
            .find(|(_, c)| matches!(c, ':' | '=' | ',' | ';' | '?' | '!'));
        if let Some((at, ':' | '=')) = at {
            let at = from + skipped + at + 1;
            return token_at(text, at, true).filter(|at| is_value(text, at, label, false));
        }
        return None;
    }
    // "Das Passwort lautet …"
    let mut at = from + skipped;
    for verb in [
        "ist jetzt: ",
        "ist jetzt ",
        "ist nun ",
        "ist: ",
        "lautet: ",
        "ist ",
        "lautet ",
        "war ",
        "heißt ",
        "is now: ",
        "is now ",
        "is: ",
        "is ",
        "was ",
    ] {
        if low.starts_with(verb) {
            at += verb.len();
            return token_at(text, at, false).filter(|at| is_value(text, at, label, false));
        }
    }
    None
}

/// The length of the sign that stands before a value, if there is one.
fn sign(rest: &str) -> Option<usize> {
    ["=>", "->", ":=", "=", ":", "："]
        .iter()
        .find(|sign| rest.starts_with(**sign))
        .map(|sign| sign.len())
}

/// The next word, without the signs around it; on the next line, too, when this one ends.
fn token_at(text: &str, from: usize, next_line: bool) -> Option<Range<usize>> {
    let rest = text.get(from..)?;
    // the end of a label in bold letters
    let bold = if rest.starts_with("** ") { 2 } else { 0 };
    let rest = rest.get(bold..)?;
    let blank = rest.len() - rest.trim_start_matches([' ', '\u{A0}', '\t']).len();
    let mut start = from + bold + blank;
    let mut rest = text.get(start..)?;
    if next_line && (rest.starts_with('\n') || rest.starts_with("\r\n")) {
        let bare = rest.trim_start_matches(['\r', '\n', ' ', '\t']);
        // an empty line between them: that is something else
        let skipped = rest.get(..rest.len() - bare.len())?;
        if skipped.matches('\n').count() > 1 {
            return None;
        }
        start += skipped.len();
        rest = bare;
    }
    for (open, close) in [
        ('"', '"'),
        ('\'', '\''),
        ('`', '`'),
        ('„', '“'),
        ('«', '»'),
        ('»', '«'),
    ] {
        if let Some(inner) = rest.strip_prefix(open)
            && let Some(len) = inner.find(close)
            && !inner.get(..len)?.contains('\n')
        {
            let start = start + open.len_utf8();
            return Some(start..start + len);
        }
    }
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let word = rest.get(..end)?;
    // what ends a sentence or a bracket is none of it; an exclamation mark may be
    let word = word.trim_end_matches([',', ';', ')', ']', '}', '"', '\'', '“', '.']);
    Some(start..start + word.len())
}

/// Words that stand behind "Passwort:" and are none.
const NO_VALUES: &[&str] = &[
    "vergessen",
    "falsch",
    "abgelaufen",
    "geändert",
    "ändern",
    "zurücksetzen",
    "unbekannt",
    "ungültig",
    "gesperrt",
    "bitte",
    "siehe",
    "keins",
    "keines",
    "keine",
    "leer",
    "nein",
    "fehlt",
    "dasselbe",
    "wie",
    "forgotten",
    "wrong",
    "expired",
    "changed",
    "unknown",
    "invalid",
    "required",
    "none",
    "null",
    "empty",
    "missing",
    "reset",
    "please",
    "true",
    "false",
    "string",
    "hidden",
    "geheim",
    "secret",
    "password",
    "passwort",
    "hier",
    "here",
    "anbei",
];

fn is_placeholder(value: &str) -> bool {
    let low = value.to_lowercase();
    NO_VALUES.contains(&low.as_str())
        || value.chars().all(|c| {
            matches!(
                c,
                '*' | 'x' | 'X' | '.' | '…' | '-' | '_' | '•' | '?' | '#' | '[' | ']'
            )
        })
        || value.starts_with(['<', '{', '$'])
}

/// `plain`: right behind a sign, where a word of letters alone may be a password, too.
fn is_value(text: &str, at: &Range<usize>, label: Label, plain: bool) -> bool {
    let Some(value) = text.get(at.clone()) else {
        return false;
    };
    let length = value.chars().count();
    if is_placeholder(value.trim_end_matches(['!', '?'])) || value.contains("://") || length > 4096
    {
        return false;
    }
    if label == Label::Pin {
        return (4..=10).contains(&length) && value.bytes().all(|b| b.is_ascii_digit());
    }
    let inner = value.trim_end_matches(['!', '?', ':']);
    // "12-stellig", "3x"
    let count_of = {
        let word = inner.trim_start_matches(|c: char| c.is_ascii_digit());
        word.len() < inner.len()
            && word.chars().all(|c| c.is_lowercase() || c == '-')
            && (word.is_empty() || word.starts_with('-') || word.chars().count() < 3)
    };
    if count_of && (length < 6 || inner.contains('-')) {
        return false;
    }
    let digit = inner.chars().any(|c| c.is_ascii_digit());
    let sign = inner.chars().any(|c| {
        !c.is_alphanumeric()
            && !matches!(
                c,
                '-' | '/' | '.' | '\'' | ',' | ':' | '(' | ')' | '„' | '“'
            )
    });
    let inside =
        inner.chars().skip(1).any(char::is_uppercase) && inner.chars().any(char::is_lowercase);
    let strange = digit || sign;
    let least = match (label, plain) {
        (Label::Token, _) => 12,
        (_, true) => 4,
        (_, false) => 6,
    };
    if length < least {
        return false;
    }
    if strange || (plain && inside && !value.contains('-')) {
        return true;
    }
    // a word of letters is a password where nothing else stands on the line
    let rest = text.get(at.end..).unwrap_or_default();
    let rest = rest.split('\n').next().unwrap_or_default();
    let alone = rest
        .trim_matches([' ', '\t', '\r', '"', '\'', '`', '.', ',', ';', '“', '»'])
        .is_empty();
    plain && alone && label == Label::Password && length >= 5
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

/// The longest runs of such characters, with where they begin.
fn words(text: &str, part: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + rest.find(&part)?;
        let rest = text.get(start..)?;
        let len = rest.find(|c| !part(c)).unwrap_or(rest.len());
        from = start + len;
        Some((start, rest.get(..len)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(Kind, &str)> {
        let found = scan(text);
        found
            .iter()
            .map(|f| (f.kind, text.get(f.at.clone()).unwrap()))
            .collect()
    }

    #[test]
    fn sup_3_what_looks_like_a_secret_is_found() {
        use Kind::*;
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
        let mut wrong = Vec::new();
        for (text, kind, secret) in [
            ("Passwort: Sommer2024!", Password, "Sommer2024!"),
            ("Passwort:Sommer2024", Password, "Sommer2024"),
            ("Das Passwort lautet k9#fhT2x.", Password, "k9#fhT2x"),
            ("Mein Passwort ist Sommer2024!", Password, "Sommer2024!"),
            ("Kennwort = \"mit Blank 12\"", Password, "mit Blank 12"),
            ("PW: hunter2", Password, "hunter2"),
            ("FTP-PW: hunter2", Password, "hunter2"),
            ("Passwort: leuchtturm", Password, "leuchtturm"),
            ("Passwort:\nleuchtturm7\n\nGruß", Password, "leuchtturm7"),
            (
                "Benutzer: anna, Passwort: abc123, bitte prüfen",
                Password,
                "abc123",
            ),
            (
                "Passwort für den Server: gXt-77-Hafen",
                Password,
                "gXt-77-Hafen",
            ),
            ("Passwort (FTP): gXt-77-Hafen", Password, "gXt-77-Hafen"),
            ("Root-Passwort: gXt77", Password, "gXt77"),
            ("Datenbankpasswort: gXt77", Password, "gXt77"),
            ("DB_PASSWORD=gXt77;", Password, "gXt77"),
            ("{\"password\": \"gXt77hafen\"}", Password, "gXt77hafen"),
            ("The password is k9#fhT2x", Password, "k9#fhT2x"),
            (
                "My password is now: wrong-then-right9",
                Password,
                "wrong-then-right9",
            ),
            ("login: root / pass: toor1", Password, "toor1"),
            ("**Passwort:** `abc123`", Password, "abc123"),
            ("PIN: 4711", Password, "4711"),
            ("Die PIN lautet 0815", Password, "0815"),
            ("ftp://anna:ge!heim@server.example/www", Password, "ge!heim"),
            ("postgres://u:p4ss@db/x", Password, "p4ss"),
            (
                "API-Key: 9f8a7b6c5d4e3f2a1b0c",
                Token,
                "9f8a7b6c5d4e3f2a1b0c",
            ),
            (
                "Authorization: Bearer abcdefghij0123456789",
                Token,
                "abcdefghij0123456789",
            ),
            (
                "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
                Token,
                "ghp_0123456789abcdefghijklmnopqrstuvwxyz",
            ),
            ("AKIAIOSFODNN7EXAMPLE", Token, "AKIAIOSFODNN7EXAMPLE"),
            (jwt, Token, jwt),
            (
                "Karte 4111 1111 1111 1111 gültig bis 12/27",
                Card,
                "4111 1111 1111 1111",
            ),
            ("5555555555554444", Card, "5555555555554444"),
            ("3782 822463 10005", Card, "3782 822463 10005"),
            ("4111-1111-1111-1111", Card, "4111-1111-1111-1111"),
        ] {
            if found(text) != vec![(kind, secret)] {
                wrong.push((text, found(text)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn sup_3_keys_are_found_whole() {
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\nabc=\n-----END OPENSSH PRIVATE KEY-----";
        let text = format!("Hier der Schlüssel:\n{key}\nDanke");
        assert_eq!(found(&text), vec![(Kind::Key, key)]);
        assert_eq!(
            split(&text),
            (
                "Hier der Schlüssel:\n[…]\nDanke".into(),
                vec![key.to_owned()]
            )
        );
        // cut off in the middle: to the next empty line, or to the end
        let cut = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc";
        assert_eq!(found(cut), vec![(Kind::Key, cut)]);
        assert_eq!(found(&format!("{cut}\n\nGruß")).len(), 1);
        assert!(split(&format!("{cut}\n\nGruß")).0.contains("Gruß"));
        let putty = "PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00";
        assert_eq!(found(putty), vec![(Kind::Key, putty)]);
        assert!(!suspicious(
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
        ));
        assert!(!suspicious(
            "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"
        ));
    }

    #[test]
    fn sup_3_what_people_write_every_day_is_left_alone() {
        let mut wrong = Vec::new();
        for text in [
            "Ich habe mein Passwort vergessen.",
            "Passwort vergessen",
            "Passwort: vergessen",
            "Das Passwort ist abgelaufen.",
            "Das Passwort ist seit 2024 abgelaufen.",
            "Das Passwort ist 12-stellig.",
            "Passwort: mindestens 12 Zeichen",
            "Passwort: ********",
            "Passwort: <Ihr Passwort>",
            "PASSWORD=${DB_PASSWORD}",
            "Beim Passwort ändern kommt ein Fehler: 0x80070005",
            "Wie ändere ich das Passwort? Danke: Anna",
            "https://portal.example/passwort?weiter=1",
            "https://portal.example/passwort/vergessen",
            "mailto:anna@adler.example",
            "https://anna@server.example:8443/x",
            "Der Schlüssel: liegt unter der Matte",
            "Token: 2 Stück",
            "Die PIN ist 4-stellig",
            "PIN vergessen",
            "IBAN DE89 3704 0044 0532 0130 00",
            "DE89370400440532013000",
            "GB29 NWBK 6016 1331 9268 19",
            "Telefon +49 431 12345678, mobil 0171 1234567",
            "Rechnung 2026-10001 vom 12.10.2026",
            "Sendung 00340434161094015902",
            "4111 1111 1111 1112",
            "1 2 3 4 5 6 7 8 9 0 1 2 3",
            "0000 0000 0000 0000",
            "Es geht um 4111 Kunden",
            "commit 9f8a7b6c5d4e3f2a1b0c9f8a7b6c5d4e3f2a1b0c",
            "550e8400-e29b-41d4-a716-446655440000",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ anna@laptop",
            "Das Kennwort ist falsch!",
            "Password: required",
            "The password was reset yesterday",
            "der Pass ist abgelaufen",
            "Mein PW geht nicht",
            "",
        ] {
            if !found(text).is_empty() {
                wrong.push((text, found(text)));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn abuse_subject_cut_secrets_never_become_subject() {
        for text in [
            "Passwort: Sommer2024!",
            "Karte 4111 1111 1111 1111",
            "pw=hunter2 geht nicht",
        ] {
            let subject = kernel::subject_of(&masked(text));
            assert!(!suspicious(&subject), "{subject}");
            for secret in ["Sommer", "4111", "hunter"] {
                assert!(!subject.contains(secret), "{subject}");
            }
        }
    }

    /// The demo's threads are what people write; the scanner asks about none of them.
    #[test]
    fn sup_3_false_alarms_are_rare() {
        let threads = include_str!("../../../tresen/demo/threads.toml");
        let lines: Vec<&str> = threads
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let hits: Vec<_> = lines.iter().filter(|line| suspicious(line)).collect();
        assert!(lines.len() > 500 && hits.is_empty(), "{hits:?}");
    }

    #[test]
    fn sup_3_a_long_text_is_read_in_no_time() {
        for unit in [
            "pw ",
            "pw:'",
            "passwort für ",
            "4",
            "4 ",
            "://a:b@",
            "DE89",
            "DE89 ",
            "-----BEGIN PRIVATE KEY",
            "„",
            "pw: „",
        ] {
            let text = unit.repeat(20_000 / unit.len());
            let started = std::time::Instant::now();
            let _ = split(&text);
            assert!(
                started.elapsed().as_millis() < 1500,
                "{unit}: {:?}",
                started.elapsed()
            );
        }
    }

    proptest! {
        #[test]
        fn sup_3_splitting_loses_nothing(text in "(\\PC|\n|pw: |passwort ist |[0-9]{4} |://a:){0,40}") {
            let (rest, taken) = split(&text);
            let mut again = String::new();
            let mut from = 0;
            for found in scan(&text) {
                again.push_str(text.get(from..found.at.start).unwrap());
                again.push_str(text.get(found.at.clone()).unwrap());
                from = found.at.end;
            }
            again.push_str(text.get(from..).unwrap());
            prop_assert_eq!(&again, &text);
            prop_assert_eq!(taken.iter().map(String::len).sum::<usize>() + rest.len() - taken.len() * STAND_IN.len(), text.len());
        }
    }
}
