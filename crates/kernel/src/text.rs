//! Text as people type it: sort and search keys, subjects, and what a field may hold.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// How many characters, as a person counts them, a subject has at most (SUP-8).
pub const SUBJECT_GRAPHEMES: usize = 100;
/// One such character may carry marks without end; a subject may not.
const SUBJECT_BYTES: usize = SUBJECT_GRAPHEMES * 64;
/// Bytes of a key that is stored: PostgreSQL's indexes take no row of more than 2,700.
const KEY_BYTES: usize = 500;

/// The sort and search key of a text: compatibility forms resolved, lower case, accents dropped (ä=a, ß=ss),
/// one blank between words. Holds no control character and never U+10FFFF.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        fold_ascii(text, &mut folded);
        return folded;
    }
    // lower case of a decomposed character can be decomposable again
    let stripped = text
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|c| !is_dropped(*c));
    let mut blank = false;
    let mut letters = String::with_capacity(text.len());
    for c in stripped {
        if c.is_whitespace() {
            blank = !letters.is_empty();
            continue;
        }
        if c.is_control() {
            continue;
        }
        if blank {
            letters.push(' ');
            blank = false;
        }
        match base_letters(c) {
            Some(base) => letters.push_str(base),
            None => letters.push(c),
        }
    }
    folded.extend(letters.nfc());
    folded
}

/// Whether a person sees nothing where this text stands: [`fold`] leaves nothing of it.
pub fn is_blank(text: &str) -> bool {
    // folding drops no such letter, and nearly every text begins with one
    !text.bytes().any(|byte| byte.is_ascii_alphanumeric()) && fold(text).is_empty()
}

fn fold_ascii(text: &str, folded: &mut String) {
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() {
            blank = !folded.is_empty();
        } else if !c.is_control() {
            if blank {
                folded.push(' ');
                blank = false;
            }
            folded.push(c.to_ascii_lowercase());
        }
    }
}

/// Letters that Unicode does not take apart, yet people look for by their base.
const fn base_letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ł' => "l",
        'ŧ' => "t",
        'ı' => "i",
        'þ' => "th",
        // the same letter at a word's end: a prefix must find the longer word
        'ς' => "σ",
        _ => return None,
    })
}

/// Accents, and marks that nobody sees: soft hyphen, zero-width and direction marks, variation selectors.
const fn is_dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{10FFFF}')
}

/// The keys to look for when somebody searches `text`: its folded form; the form with ae, oe, ue read as a, o, u
/// ("Mueller" finds Müller); the form with umlauts written out ("Müller" finds Mueller). One to three, no doubles.
/// A blank search has the one form "", with which every key begins.
pub fn search_forms(text: &str) -> Vec<String> {
    let folded = fold(text);
    let short = without_e(&folded);
    let long = fold(&with_e(text));
    let mut forms = vec![folded];
    for form in [short, long] {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    forms
}

fn without_e(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    let mut before = ' ';
    let mut chars = folded.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        // "ue" after a vowel or q is no ü: Bauer, neue, Quelle
        let umlaut = match c {
            'a' | 'o' => true,
            'u' => !matches!(before, 'a' | 'e' | 'o' | 'q'),
            _ => false,
        };
        if umlaut && chars.next_if_eq(&'e').is_some() {
            // the e belonged to the umlaut, so what follows stands behind a vowel: Baeuerle
            before = 'e';
        } else {
            before = c;
        }
    }
    out
}

fn with_e(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.nfc() {
        out.push(c);
        if matches!(c, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü') {
            out.push('e');
        }
    }
    out
}

/// The upper bound of a prefix search on keys: `key >= p AND key < prefix_end(p)` finds exactly the keys that begin
/// with `p`, compared as bytes. Nothing lies above the empty prefix: its bound is U+10FFFF, which no key holds.
pub fn prefix_end(prefix: &str) -> String {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        let next = match last {
            '\u{D7FF}' => Some('\u{E000}'),
            _ => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            end.push(next);
            return end;
        }
    }
    char::MAX.to_string()
}

/// The subject of a message (SUP-8): leading white space dropped, then up to the first line break or exactly the
/// first 100 characters as a person counts them, trailing blanks trimmed.
pub fn subject_of(text: &str) -> String {
    // by cluster, not by char: a blank that carries an accent is something one sees
    let mut start = 0;
    for cluster in text.graphemes(true) {
        if !cluster.chars().all(char::is_whitespace) {
            break;
        }
        start += cluster.len();
    }
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.split(is_line_break).next().unwrap_or_default();
    let mut end = 0;
    for cluster in line.graphemes(true).take(SUBJECT_GRAPHEMES) {
        if end + cluster.len() > SUBJECT_BYTES {
            break;
        }
        end += cluster.len();
    }
    if end == 0 {
        // a first character of that many marks is cut all the same
        end = line.floor_char_boundary(SUBJECT_BYTES);
    }
    line.get(..end).unwrap_or_default().trim_end().to_owned()
}

/// The beginning of a key as it is stored, so that no index refuses the row. Searches by prefix go on to work.
pub fn stored_key(key: &str) -> &str {
    key.get(..key.floor_char_boundary(KEY_BYTES))
        .unwrap_or_default()
}

const fn is_line_break(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// How many characters a person counts (grapheme clusters).
pub fn count_graphemes(text: &str) -> usize {
    if text.is_ascii() && !text.contains('\r') {
        return text.len();
    }
    text.graphemes(true).count()
}

/// Why a field's text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// A control character (U+0000 among them) that no field may hold.
    #[error("control character U+{:04X}", *.0 as u32)]
    Control(char),
    /// A line break or tab in a field of one line.
    #[error("more than one line")]
    Lines,
}

impl TextFault {
    /// Key of the text that explains it.
    pub const fn key(self) -> &'static str {
        match self {
            TextFault::Control(_) => "text-control",
            TextFault::Lines => "text-lines",
        }
    }
}

/// A field of one line: NFC, white space around it trimmed, no line break, tab or control character inside, and nothing
/// that turns the direction of the sentence it will stand in.
pub fn clean_line(text: &str) -> Result<String, TextFault> {
    let straight = text.replace(turns, "");
    let text = straight.trim();
    for c in text.chars() {
        if is_line_break(c) || c == '\t' {
            return Err(TextFault::Lines);
        }
        if c.is_control() {
            return Err(TextFault::Control(c));
        }
    }
    Ok(composed(text))
}

/// A text of many lines: NFC, line breaks as `\n`, no control character besides line break and tab. Not trimmed.
pub fn clean_text(text: &str) -> Result<String, TextFault> {
    if let Some(c) = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(TextFault::Control(c));
    }
    if text.contains('\r') {
        Ok(composed(&text.replace("\r\n", "\n").replace('\r', "\n")))
    } else {
        Ok(composed(text))
    }
}

fn composed(text: &str) -> String {
    if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// Marks that turn the direction of what follows, so that it can look like another text.
const fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fold_takes_umlauts_accents_and_case_away() {
        for (typed, key) in [
            ("Müller", "muller"),
            ("Mu\u{308}ller", "muller"),
            ("MÜLLER", "muller"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("  Groß \t und\u{A0}\u{2003}klein \n", "gross und klein"),
            ("Ökö Ämter", "oko amter"),
            (
                "Ægir Łódź Øre Đorđe İstanbul ıI",
                "aegir lodz ore dorde istanbul ii",
            ),
            ("fi ½ Ⅻ K-１２３", "fi 1⁄2 xii k-123"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("Зелёный", "зеленыи"),
            ("ガギグ", "ガギグ"),
            ("한국", "한국"),
            ("Zu\u{AD}cker\u{200B}guss", "zuckerguss"),
            ("nul\0l\u{7}", "null"),
            ("\u{A8}", ""),
            ("", ""),
        ] {
            assert_eq!(fold(typed), key, "{typed:?}");
        }
    }

    #[test]
    fn fold_of_every_character_is_stable() {
        for c in '\0'..='\u{2FFFF}' {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            assert_eq!(fold(&once), once, "{c:?}");
        }
    }

    #[test]
    fn search_also_tries_ae_oe_ue() {
        for (typed, forms) in [
            ("Mueller", &["mueller", "muller"][..]),
            ("Müller", &["muller", "mueller"]),
            ("Schmidt", &["schmidt"]),
            ("Goethe", &["goethe", "gothe"]),
            ("Bauer", &["bauer"]),
            ("Quelle", &["quelle"]),
            ("Baeuerle", &["baeuerle", "bauerle"]),
            ("Bäuerle", &["bauerle", "baeuerle"]),
            (
                "Jaeger & Böhm",
                &["jaeger & bohm", "jager & bohm", "jaeger & boehm"],
            ),
        ] {
            assert_eq!(search_forms(typed), forms, "{typed:?}");
        }
    }

    #[test]
    fn prefix_end_is_the_next_string() {
        for (prefix, end) in [
            ("a", "b"),
            ("muller", "mulles"),
            ("z", "{"),
            ("\u{7F}", "\u{80}"),
            ("a\u{D7FF}", "a\u{E000}"),
            ("a\u{10FFFF}", "b"),
            ("", "\u{10FFFF}"),
        ] {
            assert_eq!(prefix_end(prefix), end, "{prefix:?}");
        }
    }

    #[test]
    fn sup_8_subject_is_first_100_graphemes() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(subject_of(&family.repeat(101)), family.repeat(100));
        assert_eq!(subject_of(&"u\u{308}".repeat(150)), "u\u{308}".repeat(100));
        assert_eq!(subject_of(&"ß".repeat(99)), "ß".repeat(99));
        let flags = "🇩🇪".repeat(101);
        assert_eq!(subject_of(&flags), "🇩🇪".repeat(100));
        // the 100th is a blank: trimmed
        let blank_at_100 = format!("{} x", "a".repeat(99));
        assert_eq!(subject_of(&blank_at_100), "a".repeat(99));
    }

    #[test]
    fn sup_8_a_subject_has_an_end_however_many_marks_it_carries() {
        let zalgo = format!("a{}", "\u{489}".repeat(100_000));
        let subject = subject_of(&zalgo);
        assert!(subject.starts_with("a\u{489}") && subject.len() <= SUBJECT_BYTES);
        let two = format!("Hallo {zalgo}");
        assert_eq!(subject_of(&two), "Hallo");
        assert_eq!(stored_key("kurz"), "kurz");
        assert_eq!(stored_key(&"ä".repeat(1000)).len(), KEY_BYTES);
        assert_eq!(
            stored_key(&"€".repeat(1000)).len(),
            KEY_BYTES - KEY_BYTES % 3
        );
    }

    #[test]
    fn sup_8_subject_ends_at_the_first_line_break() {
        for brk in [
            "\n", "\r", "\r\n", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}",
        ] {
            assert_eq!(
                subject_of(&format!("Mein Anschluss {brk}steht seit gestern")),
                "Mein Anschluss"
            );
            assert_eq!(
                subject_of(&format!(" {brk}\t Mein Anschluss{brk}")),
                "Mein Anschluss"
            );
        }
        for empty in ["", " ", "\n\n", "\u{A0}\u{3000}\t"] {
            assert_eq!(subject_of(empty), "");
        }
    }

    #[test]
    fn graphemes_are_counted_as_people_do() {
        for (text, count) in [
            ("", 0),
            ("abc", 3),
            ("a\r\nb", 3),
            ("ä", 1),
            ("a\u{308}", 1),
            ("👍🏽", 1),
            ("🇩🇪🇦🇹", 2),
        ] {
            assert_eq!(count_graphemes(text), count, "{text:?}");
        }
    }

    #[test]
    fn a_line_holds_no_control_character() {
        assert_eq!(clean_line("  Mu\u{308}ller \t"), Ok("Müller".to_owned()));
        assert_eq!(clean_line("a\0b"), Err(TextFault::Control('\0')));
        assert_eq!(clean_line("\0"), Err(TextFault::Control('\0')));
        assert_eq!(clean_line("a\u{9F}b"), Err(TextFault::Control('\u{9F}')));
        for brk in ["\n", "\r\n", "\t", "\u{85}", "\u{2028}"] {
            assert_eq!(clean_line(&format!("a{brk}b")), Err(TextFault::Lines));
        }
    }

    #[test]
    fn a_text_has_one_kind_of_line_break() {
        assert_eq!(
            clean_text("a\r\nb\rc\n\td\n\r"),
            Ok("a\nb\nc\n\td\n\n".to_owned())
        );
        assert_eq!(clean_text("e\u{301}\r"), Ok("é\n".to_owned()));
        for c in ['\0', '\u{1B}', '\u{B}', '\u{7F}', '\u{85}'] {
            assert_eq!(clean_text(&format!("a{c}")), Err(TextFault::Control(c)));
        }
    }

    #[test]
    fn a_line_turns_no_other_text() {
        for (typed, clean) in [
            ("rechnung\u{202E}fdp.exe", "rechnungfdp.exe"),
            ("\u{2067} x\u{2069}", "x"),
            ("\u{202E}", ""),
            ("שלום Grüße", "שלום Grüße"),
        ] {
            assert_eq!(clean_line(typed).as_deref(), Ok(clean));
        }
    }

    /// Texts full of what goes wrong: blanks, breaks, marks, joiners, emoji, ligatures, any character at all.
    fn odd_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[a-zA-ZäöüÄÖÜßẞ]{1,12}",
            2 => "[ \t\u{A0}\u{3000}]{1,3}",
            1 => "[\n\r\u{B}\u{C}\u{85}\u{2028}\u{2029}]{1,2}",
            2 => "[\u{300}-\u{36F}\u{200D}\u{FE0F}\u{1F3FB}-\u{1F3FF}]{1,3}",
            2 => "[👨👩👧🇩🇪🇦ก็ा한글ㄱfiſⅫİıΣς]{1,8}",
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn fold_twice_is_fold_once(text in odd_text()) {
            let once = fold(&text);
            prop_assert_eq!(&fold(&once), &once);
            prop_assert!(!once.chars().any(|c| c.is_control() || c == char::MAX));
            prop_assert_eq!(once.trim(), &once);
        }

        #[test]
        fn fold_is_the_same_for_every_normal_form(text in odd_text()) {
            let key = fold(&text);
            prop_assert_eq!(fold(&text.nfc().collect::<String>()), key.clone());
            prop_assert_eq!(fold(&text.nfd().collect::<String>()), key);
        }

        #[test]
        fn blank_is_what_folds_to_nothing(text in odd_text()) {
            prop_assert_eq!(is_blank(&text), fold(&text).is_empty());
        }

        #[test]
        fn prefix_range_holds_exactly_the_prefixed(prefix in "[a-c\u{7F}\u{80}\u{D7FF}\u{E000}\u{FFFF}]{0,3}", key in "[a-d\u{7F}\u{80}\u{D7FF}\u{E000}\u{FFFF}]{0,5}") {
            let end = prefix_end(&prefix);
            prop_assert_eq!(key >= prefix && key < end, key.starts_with(&prefix));
        }

        #[test]
        fn prefix_range_of_any_keys(prefix in odd_text(), key in odd_text()) {
            let (prefix, key) = (fold(&prefix), fold(&key));
            let end = prefix_end(&prefix);
            prop_assert_eq!(key >= prefix && key < end, key.starts_with(&prefix));
            let longer = format!("{prefix}{key}");
            prop_assert!(longer >= prefix && longer < end);
        }

        #[test]
        fn sup_8_subject_never_cuts_a_character(text in odd_text()) {
            let subject = subject_of(&text);
            let subject = subject.as_str();
            prop_assert!(count_graphemes(subject) <= SUBJECT_GRAPHEMES);
            prop_assert!(!subject.contains(is_line_break));
            prop_assert!(!subject.starts_with(char::is_whitespace) || !subject.graphemes(true).next().unwrap().trim().is_empty());
            prop_assert_eq!(subject.trim_end(), subject);
            // its clusters are the text's own, in order and without a gap
            let all: Vec<&str> = text.graphemes(true).skip_while(|g| g.trim().is_empty()).collect();
            let own: Vec<&str> = subject.graphemes(true).collect();
            prop_assert!(all.starts_with(&own));
            // what follows is a line break, the 100th character, or only blanks up to one of these
            let rest: Vec<&str> = all[own.len()..].iter().take(SUBJECT_GRAPHEMES - own.len()).copied().collect();
            let to_break = rest.iter().take_while(|g| !g.contains(is_line_break));
            prop_assert!(to_break.into_iter().all(|g| g.trim().is_empty()));
        }

        #[test]
        fn cleaning_twice_is_cleaning_once(text in odd_text()) {
            if let Ok(clean) = clean_line(&text) {
                prop_assert!(!clean.chars().any(char::is_control));
                prop_assert_eq!(clean_line(&clean), Ok(clean));
            }
            if let Ok(clean) = clean_text(&text) {
                prop_assert!(!clean.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
                prop_assert_eq!(clean_text(&clean), Ok(clean));
            }
        }
    }
}
