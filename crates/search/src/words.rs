//! Words: how a text is cut into them, and the forms under which a word is found.

use frostem::{Algorithm, Stemmer};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Letters of a word that count.
const LONGEST: usize = 64;

static GERMAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::German));
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));

/// Words that say nothing about what is looked for, as [`plain`] writes them.
static EMPTY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("../data/empty-words.txt")
        .split_whitespace()
        .collect()
});

/// A word of a text: where it stands, and how it is written.
pub(crate) struct Word<'a> {
    pub start: usize,
    pub text: &'a str,
}

/// The words of a text. Those joined by a hyphen count as one ("Auth-Code"), see [`parts`].
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        let (_, from) = rest.split_at_checked(start)?;
        let end = end_of_word(from);
        let (word, after) = from.split_at_checked(end)?;
        let place = at + start;
        at = place + end;
        rest = after;
        Some(Word {
            start: place,
            text: word,
        })
    })
}

fn end_of_word(from: &str) -> usize {
    let mut chars = from.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = c.is_alphanumeric()
            || is_mark(c)
            || (matches!(c, '-' | '\u{2010}' | '\u{2011}')
                && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric()));
        if !inside {
            return at;
        }
    }
    from.len()
}

/// Accents written apart from their letter, and soft hyphens.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{AD}')
}

/// A word with hyphens in its pieces.
pub(crate) fn pieces(word: &str) -> impl Iterator<Item = &str> {
    word.split(['-', '\u{2010}', '\u{2011}'])
}

/// The pieces of a word with hyphens, each in plain form; none for a word without.
pub(crate) fn parts(word: &str) -> Vec<String> {
    let mut pieces: Vec<String> = pieces(word)
        .map(plain)
        .filter(|piece| piece.len() > 1)
        .collect();
    if pieces.len() == 1 && plain(word) == pieces.concat() {
        pieces.clear();
    }
    pieces
}

/// A word as it is compared: lower case, without accents and hyphens, ä = ae = a.
pub(crate) fn plain(word: &str) -> String {
    let folded = kernel::fold(word);
    let mut out = String::with_capacity(folded.len());
    let mut before = ' ';
    let mut chars = folded
        .chars()
        .filter(|c| c.is_alphanumeric())
        .take(LONGEST)
        .peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        // "ue" after a vowel or q is no ü: neue, Quelle
        let umlaut = match c {
            'a' | 'o' => true,
            'u' => !matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'q'),
            _ => false,
        };
        before = c;
        if umlaut && chars.next_if_eq(&'e').is_some() {
            before = 'e';
        }
    }
    out
}

/// Whether the word, in plain form, says nothing about what is looked for.
pub(crate) fn is_empty_word(plain: &str) -> bool {
    EMPTY.contains(plain)
}

/// A plain word and its stems: the forms under which it stands in the index.
pub(crate) fn forms(plain: &str) -> Vec<String> {
    let mut forms = vec![plain.to_owned()];
    for stemmer in [&*GERMAN, &*ENGLISH] {
        let stem = stemmer.stem(plain);
        if stem.len() > 1 && !forms.iter().any(|form| form == &*stem) {
            forms.push(stem.to_string());
        }
    }
    forms
}

/// All forms of all words of a text, in order, with repetitions.
pub(crate) fn all_forms(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for word in words(text) {
        let whole = plain(word.text);
        if !is_empty_word(&whole) {
            all.extend(forms(&whole));
        }
        for part in parts(word.text) {
            if !is_empty_word(&part) {
                all.extend(forms(&part));
            }
        }
    }
    all.retain(|form| !form.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        words(text).map(|word| word.text).collect()
    }

    #[test]
    fn words_are_cut_where_a_reader_would() {
        assert_eq!(
            cut("Der Auth-Code (z. B. für  .de) – fehlt!"),
            ["Der", "Auth-Code", "z", "B", "für", "de", "fehlt"]
        );
        assert_eq!(cut("-- 502 -x- "), ["502", "x"]);
        assert_eq!(cut("u\u{308}ber"), ["u\u{308}ber"]);
        for (word, want) in words("ä-ö §ß").zip(["ä-ö", "ß"]) {
            assert_eq!(word.text, want);
        }
        assert!(cut(" §$%&/()=?\u{200f} ").is_empty());
    }

    #[test]
    fn kb_2_umlauts_read_both_ways() {
        for (one, other) in [
            ("Störung", "Stoerung"),
            ("Größe", "groesse"),
            ("Überweisung", "ueberweisung"),
            ("Häuser", "Haeuser"),
            ("STRASSE", "Straße"),
            ("E-Mail", "email"),
        ] {
            assert_eq!(plain(one), plain(other), "{one}");
        }
        assert_eq!(plain("neue"), "neue");
        assert_eq!(plain("Quelle"), "quelle");
    }

    #[test]
    fn kb_2_forms_of_a_word_share_a_stem() {
        for (one, other) in [
            ("Passwort", "Passwörter"),
            ("Passwort", "Passwoertern"),
            ("Rechnung", "Rechnungen"),
            ("Domain", "Domains"),
            ("kündigen", "Kündigung"),
            ("Haus", "Häusern"),
            ("invoice", "invoices"),
            ("changing", "changed"),
        ] {
            let (a, b) = (forms(&plain(one)), forms(&plain(other)));
            assert!(a.iter().any(|form| b.contains(form)), "{a:?} {b:?}");
        }
    }

    #[test]
    fn hyphens_join_and_part() {
        assert_eq!(parts("Auth-Code"), ["auth", "code"]);
        assert_eq!(parts("E-Mail"), ["mail"]);
        assert!(parts("Mail").is_empty());
    }
}
