//! Names of files as they come by mail, made safe to show and to store.

/// The name a file is shown by: no folders, no control or direction marks, not longer than 120 characters, its ending kept.
pub fn clean(name: &str) -> String {
    let last = name
        .rsplit(['/', '\\'])
        .find(|part| !part.trim().is_empty());
    let kept: String = last
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control() && !is_hidden(*c))
        .map(|c| {
            if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let kept = kept
        .trim()
        .trim_end_matches('.')
        .trim_start_matches('.')
        .trim();
    let (stem, ending) = kept
        .rsplit_once('.')
        .filter(|(stem, ending)| !stem.is_empty() && (1..=10).contains(&ending.chars().count()))
        .map_or((kept, ""), |(stem, ending)| (stem, ending));
    let stem: String = stem.chars().take(110).collect();
    let stem = stem.trim();
    let stem = if stem.is_empty() { "datei" } else { stem };
    let device = matches!(
        stem.to_ascii_lowercase().as_str(),
        "con" | "prn" | "aux" | "nul" | "com1" | "lpt1"
    );
    let mark = if device { "_" } else { "" };
    if ending.is_empty() {
        format!("{mark}{stem}")
    } else {
        format!("{mark}{stem}.{ending}")
    }
}

/// Direction marks and signs without width: with them `gpj.exe` reads as a picture.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{AD}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn abuse_attachment_name_is_made_safe() {
        for (name, safe) in [
            ("Rechnung.pdf", "Rechnung.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\x.exe", "x.exe"),
            ("a\r\nSet-Cookie: b", "aSet-Cookie_ b"),
            ("bild\u{202E}gpj.exe", "bildgpj.exe"),
            ("a\0b.txt", "ab.txt"),
            ("CON", "_CON"),
            ("", "datei"),
            ("..", "datei"),
            (".htaccess", "htaccess"),
            ("x.", "x"),
            ("Fotos vom Büro 😀.jpg", "Fotos vom Büro 😀.jpg"),
        ] {
            assert_eq!(clean(name), safe, "{name:?}");
        }
        let long = clean(&format!("{}.pdf", "ä".repeat(5_000)));
        assert!(long.chars().count() <= 120 && long.ends_with(".pdf"));
    }

    proptest! {
        #[test]
        fn abuse_attachment_name_whatever_comes(name in any::<String>()) {
            let safe = clean(&name);
            prop_assert!(!safe.is_empty() && safe.chars().count() <= 125);
            prop_assert!(!safe.contains(['/', '\\', '\r', '\n', '\0', '"']));
        }
    }
}
