//! What lets somebody in, taken out of the text of a mail that quotes one of ours.
//!
//! Our own mails know where their secrets stand ([`crate::slot`]). Who answers such a mail quotes it, broken over lines
//! and through other people's link checkers; there a link of ours is known by its host and by the letters of chance in it.

use crate::slots::removed;
use kernel::{Locale, Uuid};

/// Letters of chance that make a link one.
const CHANCE: usize = 20;
/// Letters before an @ that make an address one to which only its owner answers.
const ADDRESS: usize = 40;
/// The rest of a link on the next line has as many at least; fewer help nobody.
const REST: usize = 6;
/// What stands around an address or link.
const AROUND: [char; 14] = [
    '<', '>', '(', ')', '[', ']', '{', '}', '"', '\'', '.', ',', ';', ':',
];

/// The text without links to `origin` that let somebody in, and without addresses that answer as somebody.
pub fn veiled(text: &str, origin: &str, locale: Locale) -> String {
    let authority = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let host = authority.split([':', '/']).next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    let mut shown = String::with_capacity(text.len());
    let mut broken = Broken::Not;
    for line in text.split_inclusive('\n') {
        broken = veil_line(line, &host, removed(locale), &broken, &mut shown);
    }
    shown
}

/// Whether a link may go on in the next line.
#[derive(PartialEq)]
enum Broken {
    Not,
    /// After our host, before anything of chance.
    Early,
    /// Within the letters of chance.
    Within,
}

fn veil_line(line: &str, host: &str, word: &str, broken: &Broken, shown: &mut String) -> Broken {
    let mut next = Broken::Not;
    let mut first = true;
    for piece in line.split_inclusive(char::is_whitespace) {
        let bare = piece.trim_end();
        let space = piece.strip_prefix(bare).unwrap_or_default();
        if bare.is_empty() || (first && bare.chars().all(|c| matches!(c, '>' | '|'))) {
            shown.push_str(piece);
            continue;
        }
        let goes_on = first && goes_on(bare, broken);
        first = false;
        next = Broken::Not;
        if goes_on {
            surround(bare, word, shown);
        } else if names(bare, host) {
            if chance(bare) {
                next = if bare.ends_with(is_token) {
                    Broken::Within
                } else {
                    Broken::Not
                };
                surround(bare, word, shown);
            } else {
                next = Broken::Early;
                shown.push_str(&address(bare));
            }
        } else {
            shown.push_str(&address(bare));
        }
        shown.push_str(space);
    }
    next
}

fn names(word: &str, host: &str) -> bool {
    !host.is_empty() && word.len() > host.len() && word.to_ascii_lowercase().contains(host)
}

fn goes_on(word: &str, broken: &Broken) -> bool {
    let word = word.trim_start_matches(['>', '|']);
    match broken {
        Broken::Not => false,
        Broken::Early => !word.contains("://") && chance(word),
        Broken::Within => {
            let run: String = word.chars().take_while(|c| is_token(*c)).collect();
            let digit = run.contains(|c: char| c.is_ascii_digit());
            let within = run.chars().skip(1).any(|c| c.is_ascii_uppercase());
            run.len() >= REST && (digit || within)
        }
    }
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether letters stand in it that nobody chose. The names of articles are small letters with hyphens, ids are no secret.
fn chance(word: &str) -> bool {
    word.split(|c| !is_token(c)).any(|run| {
        let mixed = run.contains(|c: char| c.is_ascii_uppercase())
            && run.contains(|c: char| c.is_ascii_lowercase());
        let long = run
            .split('-')
            .any(|run| run.len() >= 30 && run.contains(|c: char| c.is_ascii_digit()));
        run.len() >= CHANCE && (mixed || long) && Uuid::try_parse(run).is_err()
    })
}

/// Puts `instead` where the link stood; what stands around it stays.
fn surround(word: &str, instead: &str, shown: &mut String) {
    let start = word.to_ascii_lowercase().find("http");
    let before = match start {
        Some(start) => word.get(..start).unwrap_or_default(),
        None => word
            .strip_suffix(word.trim_start_matches(AROUND))
            .unwrap_or_default(),
    };
    let after = word
        .strip_prefix(word.trim_end_matches(AROUND))
        .unwrap_or_default();
    shown.push_str(before);
    shown.push_str(instead);
    shown.push_str(after);
}

/// An address with a long token before its @, without the token.
fn address(word: &str) -> String {
    let Some((local, domain)) = word.rsplit_once('@') else {
        return word.to_owned();
    };
    let kept = local.trim_end_matches(is_token);
    let token = local.strip_prefix(kept).unwrap_or_default();
    if token.len() < ADDRESS {
        return word.to_owned();
    }
    format!("{kept}…@{domain}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ORIGIN: &str = "https://kunden.nordlicht.example:8443";
    const TOKEN: &str = "Zk3_x9QmT0aLr7-vBn2WcY5dEf8GhJ1KpU4sXoM6iRt";
    const SMALL: &str = "mfrggzdfmztwq2lkmfrggzdfmztwq2lkmfrggzdfmztwq2lk";

    fn de(text: &str) -> String {
        veiled(text, ORIGIN, Locale::De)
    }

    #[test]
    fn acc_7_links_that_let_somebody_in_are_taken_out_of_quotes() {
        let link = format!("https://kunden.nordlicht.example:8443/passwort/neu/{TOKEN}");
        for (given, shown) in [
            (link.clone(), "[Link entfernt]".to_owned()),
            (format!("> <{link}>."), "> <[Link entfernt]>.".to_owned()),
            (format!("Hier: {link}, bitte"), "Hier: [Link entfernt], bitte".to_owned()),
            (link.to_uppercase().replace(&TOKEN.to_uppercase(), TOKEN), "[Link entfernt]".to_owned()),
            // through a link checker, as many companies have one
            (
                format!("https://pruefer.example/?url=https%3A%2F%2Fkunden.nordlicht.example%2Fpasswort%2Fneu%2F{TOKEN}&data=1"),
                "[Link entfernt]".to_owned(),
            ),
            (
                format!("Datei: https://kunden.nordlicht.example/ticket-datei/{SMALL}\nGruß"),
                "Datei: [Link entfernt]\nGruß".to_owned(),
            ),
            // broken over lines
            (
                format!("> https://kunden.nordlicht.example:8443/\n> passwort/neu/{TOKEN}\n> Gruß"),
                "> https://kunden.nordlicht.example:8443/\n> [Link entfernt]\n> Gruß".to_owned(),
            ),
            (
                "> https://kunden.nordlicht.example:8443/passwort/neu/Zk3_x9QmT0aLr7-vBn2WcY5\n> dEf8GhJ1KpU4sXoM6iRt\n> Gruß".to_owned(),
                "> [Link entfernt]\n> [Link entfernt]\n> Gruß".to_owned(),
            ),
            (format!("{link}\nMit freundlichen Grüßen"), "[Link entfernt]\nMit freundlichen Grüßen".to_owned()),
            (
                format!("Am Montag schrieb Nordlicht <support+{SMALL}@nordlicht.example>:"),
                "Am Montag schrieb Nordlicht <support+…@nordlicht.example>:".to_owned(),
            ),
        ] {
            assert_eq!(de(&given), shown, "{given}");
            assert_eq!(de(&shown), shown, "twice is once");
        }
        assert_eq!(veiled(&link, ORIGIN, Locale::En), "[link removed]");
    }

    #[test]
    fn what_lets_nobody_in_stays() {
        for text in [
            "Guten Tag,\r\n\r\n  das Postfach  ist voll.\n",
            "https://kunden.nordlicht.example:8443/konto/tickets/0193a1b2-7c4d-7e8f-9a0b-1c2d3e4f5a6b",
            "https://kunden.nordlicht.example/wissen/wie-richte-ich-mein-postfach-auf-dem-telefon-ein",
            "https://anders.example/t/Zk3_x9QmT0aLr7-vBn2WcY5dEf8GhJ1KpU4sXoM6iRt",
            "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "anna.adler+rechnung@adler.example",
            "",
        ] {
            assert_eq!(de(text), text);
        }
        assert_eq!(veiled("a https:// b", "", Locale::De), "a https:// b");
    }

    proptest! {
        #[test]
        fn it_takes_any_text_and_leaves_no_token(before in "(?s).{0,60}", after in "(?s).{0,60}") {
            let text = format!("{before} https://kunden.nordlicht.example/einladung/{TOKEN} {after}");
            prop_assert!(!de(&text).contains(TOKEN));
            let _ = de(&format!("{before}kunden.nordlicht.example{after}"));
        }
    }
}
