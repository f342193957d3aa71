//! The words of a text that were looked for, marked.

use crate::words::{forms, parts, pieces, plain, words};
use std::collections::HashSet;

/// A piece of a text; a page draws those that were looked for apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub hit: bool,
}

/// Knows what was looked for, in all its forms.
#[derive(Debug, Clone, Default)]
pub struct Highlighter {
    forms: HashSet<String>,
    letters: HashSet<char>,
}

impl Highlighter {
    pub(crate) fn add<'a>(&mut self, forms: impl IntoIterator<Item = &'a String>) {
        for form in forms {
            self.letters.extend(form.chars().next());
            self.forms.insert(form.clone());
        }
    }

    fn is_hit(&self, word: &str) -> bool {
        self.may_be_hit(word) && {
            let whole = plain(word);
            let mut all = parts(word).into_iter().chain([whole]);
            all.any(|part| forms(&part).iter().any(|form| self.forms.contains(form)))
        }
    }

    /// By its first letters alone: to bring all words of a text in their forms takes long.
    fn may_be_hit(&self, word: &str) -> bool {
        pieces(word).any(|piece| match piece.chars().next() {
            Some(first) if first.is_ascii() => self.letters.contains(&first.to_ascii_lowercase()),
            _ => true,
        })
    }

    /// The whole text in pieces.
    pub fn mark(&self, text: &str) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut put = |text: &str, hit| {
            if !text.is_empty() {
                pieces.push(Piece {
                    text: text.to_owned(),
                    hit,
                });
            }
        };
        let mut done = 0;
        for word in words(text).filter(|word| self.is_hit(word.text)) {
            put(text.get(done..word.start).unwrap_or_default(), false);
            put(word.text, true);
            done = word.start + word.text.len();
        }
        put(text.get(done..).unwrap_or_default(), false);
        pieces
    }

    /// About `length` bytes around the first place where what was looked for stands; the beginning when it stands
    /// nowhere. Cut between words, with «…» where something is left out.
    pub fn excerpt(&self, text: &str, length: usize) -> Vec<Piece> {
        let text = text.trim();
        let first = words(text)
            .find(|word| self.is_hit(word.text))
            .map_or(0, |word| word.start);
        let start = match first.checked_sub(length / 3) {
            Some(wanted) if wanted > 0 => after_blank(text, wanted, first),
            _ => 0,
        };
        let end = match start + length {
            wanted if wanted < text.len() => before_blank(text, wanted),
            _ => text.len(),
        };
        let cut = text.get(start..end).unwrap_or_default().trim_end();
        let mut pieces = self.mark(cut);
        let dots = |hit| Piece {
            text: "… ".into(),
            hit,
        };
        if start > 0 {
            pieces.insert(0, dots(false));
        }
        if end < text.len() {
            let mut last = dots(false);
            last.text = " …".into();
            pieces.push(last);
        }
        pieces
    }
}

/// The first beginning of a word behind `from`, `else_at` at the latest.
fn after_blank(text: &str, from: usize, else_at: usize) -> usize {
    text.char_indices()
        .skip_while(|(at, _)| *at < from)
        .take_while(|(at, _)| *at < else_at)
        .find(|(_, c)| c.is_whitespace())
        .map_or(else_at, |(at, c)| at + c.len_utf8())
}

/// The last end of a word before `to`.
fn before_blank(text: &str, to: usize) -> usize {
    let cut = text
        .char_indices()
        .take_while(|(at, _)| *at <= to)
        .filter(|(_, c)| c.is_whitespace())
        .last()
        .map(|(at, _)| at);
    // one long word: cut wherever a character begins
    cut.unwrap_or_else(|| {
        (0..=to)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(found: &[&str]) -> Highlighter {
        let mut marker = Highlighter::default();
        marker.add(
            &found
                .iter()
                .map(|form| (*form).to_owned())
                .collect::<Vec<_>>(),
        );
        marker
    }

    fn drawn(pieces: &[Piece]) -> String {
        pieces
            .iter()
            .map(|piece| match piece.hit {
                true => format!("[{}]", piece.text),
                false => piece.text.clone(),
            })
            .collect()
    }

    #[test]
    fn kb_2_words_are_marked_in_every_form() {
        let marker = of(&["passwort"]);
        let text = "Passwörter: so ändern Sie ein <Passwort>.";
        assert_eq!(
            drawn(&marker.mark(text)),
            "[Passwörter]: so ändern Sie ein <[Passwort]>."
        );
    }

    #[test]
    fn kb_2_an_excerpt_stands_around_the_first_hit() {
        let text = format!(
            "{}der Schlüssel liegt unter der Matte. {}",
            "Wort ".repeat(80),
            "Ende ".repeat(80)
        );
        let cut = drawn(&of(&["schlussel"]).excerpt(&text, 120));
        assert!(cut.starts_with("… Wort ") && cut.ends_with(" …"), "{cut}");
        assert!(cut.contains("[Schlüssel] liegt unter"), "{cut}");
        assert!(cut.len() < 150, "{cut}");
        assert_eq!(drawn(&of(&["x"]).excerpt("ä ä", 2)), "ä …");
        assert_eq!(drawn(&of(&["x"]).excerpt("", 10)), "");
        assert_eq!(drawn(&of(&["x"]).excerpt("ääääääääää", 5)), "ää …");
    }
}
