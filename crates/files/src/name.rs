//! Names of files: as people sent them they may lie, break a header or a folder; ours do not.

use unicode_normalization::UnicodeNormalization;

/// In bytes; every file system takes it, with room for what a download adds.
const LONGEST: usize = 150;
/// As much of the original is kept.
pub(crate) const KEPT: usize = 1000;

/// A name that can be shown, stored on any system and put into a header. Never empty.
pub fn clean(sent: &str) -> String {
    // browsers of long ago send the whole path
    let base = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut name: String = base
        .nfc()
        .filter(|c| !is_hidden(*c))
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{FFFD}' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    name = name.trim_matches(['.', ' ']).to_owned();
    let (stem, ending) = match split(&name) {
        // no ending of any program is that long
        (_, ending) if ending.len() > 20 => (name.as_str(), ""),
        parts => parts,
    };
    let mut stem = cut(stem, LONGEST - ending.len())
        .trim_end_matches(['.', ' '])
        .to_owned();
    if is_reserved(&stem) {
        stem.insert(0, '_');
    }
    if stem.is_empty() {
        stem.push_str("datei");
    }
    stem + ending
}

/// Whether the name tries to look like another one: what turns or hides letters, or an ending before the ending.
pub fn is_odd(sent: &str) -> bool {
    let (stem, ending) = split(sent.trim());
    let runs = RUNS.contains(&ending.trim_start_matches('.').to_ascii_lowercase().as_str());
    let before = split(stem).1;
    sent.chars().any(is_hidden) || (runs && (2..=5).contains(&before.len()))
}

/// What a double click runs.
const RUNS: [&str; 22] = [
    "exe", "com", "bat", "cmd", "scr", "pif", "msi", "js", "jse", "vbs", "vbe", "wsf", "hta",
    "ps1", "jar", "lnk", "reg", "cpl", "html", "htm", "svg", "iso",
];

/// Controls, and what has no width or turns the direction.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Devices of Windows, with any ending.
fn is_reserved(stem: &str) -> bool {
    let word = stem.split('.').next().unwrap_or_default().trim();
    let word = word.to_ascii_uppercase();
    let numbered = |start: &str| {
        word.strip_prefix(start)
            .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_digit()))
    };
    matches!(word.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// The ending with its dot; a name that begins with its only dot has none.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// At most so many bytes, not in the middle of a letter.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn abuse_attachment_name_becomes_a_safe_one() {
        for (sent, ours) in [
            ("Rechnung März.pdf", "Rechnung März.pdf"),
            ("../../x", "x"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("a\r\nSet-Cookie: b.txt", "aSet-Cookie_ b.txt"),
            ("Rechnung\u{202E}fdp.exe", "Rechnungfdp.exe"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("com7.tar.gz", "_com7.tar.gz"),
            ("a\0b.txt", "ab.txt"),
            ("", "datei"),
            ("...", "datei"),
            (".htaccess", "htaccess"),
            ("/etc/", "datei"),
            ("a  \t b", "a b"),
            ("Straße\u{0308}", "Straßë"),
            ("\"><script>.svg", "___script_.svg"),
            ("con .txt", "_con.txt"),
        ] {
            assert_eq!(clean(sent), ours, "{sent:?}");
        }
        let long = clean(&format!("{}.pdf", "ä".repeat(5000)));
        assert!(long.len() <= LONGEST && long.ends_with("ä.pdf"), "{long}");
    }

    #[test]
    fn abuse_attachment_name_that_lies_is_marked() {
        for odd in [
            "a\u{202E}fdp.exe",
            "x\u{200B}.pdf",
            "Rechnung.pdf.exe",
            "bild.jpg.html",
            "a.doc.js",
        ] {
            assert!(is_odd(odd), "{odd:?}");
        }
        for plain in [
            "Rechnung.pdf",
            "tresen.tar.gz",
            "setup.exe",
            "v1.2.3.zip",
            "Angebot 3.4.2026.pdf",
        ] {
            assert!(!is_odd(plain), "{plain:?}");
        }
    }

    proptest! {
        #[test]
        fn any_name_is_safe_and_stays_what_it_is(sent in any::<String>()) {
            let ours = clean(&sent);
            prop_assert!(!ours.is_empty() && ours.len() <= LONGEST + 10);
            prop_assert!(!ours.contains(['/', '\\', '\0', '\r', '\n', '"', ':']));
            prop_assert!(!ours.starts_with('.') && !ours.chars().any(is_hidden));
            prop_assert_eq!(clean(&ours), ours.clone());
        }
    }
}
