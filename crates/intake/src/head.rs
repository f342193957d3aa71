//! Header fields as they stand in the raw message: read here and not by the parser, because what they decide (who sent it,
//! whether a machine did) must not depend on how a library mends broken ones.

/// The header of a message, unfolded, in order, names in lower case.
#[derive(Debug, Clone, Default)]
pub struct Head {
    fields: Vec<(String, String)>,
    /// How many bytes it has, the empty line left out.
    pub size: usize,
    /// How many fields there are, those that were not kept counted.
    pub count: usize,
}

/// More fields than this are counted, not kept.
const KEPT: usize = 2_000;
/// A field's value is kept up to here.
const LONGEST: usize = 16 * 1024;

impl Head {
    pub fn of(raw: &[u8]) -> Self {
        let mut head = Head::default();
        let mut current: Option<(String, Vec<u8>)> = None;
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            let bare = line.strip_suffix(b"\n").unwrap_or(line);
            let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
            if bare.is_empty() {
                break;
            }
            if head.size == 0 && bare.starts_with(b"From ") {
                // a mailbox file's separator
                head.size += line.len();
                continue;
            }
            if matches!(bare.first(), Some(b' ' | b'\t')) {
                if let Some((_, value)) = &mut current
                    && value.len() < LONGEST
                {
                    value.push(b' ');
                    value.extend_from_slice(bare.trim_ascii());
                }
            } else if let Some(colon) = bare.iter().position(|byte| *byte == b':') {
                head.keep(current.take());
                let (name, value) = bare.split_at(colon);
                let name = String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase();
                let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
                let value = value.get(..LONGEST).unwrap_or(value);
                current = Some((name, value.to_vec()));
                head.count += 1;
            } else if current.is_none() && head.count == 0 {
                // the text begins at once
                break;
            }
            head.size += line.len();
        }
        head.keep(current);
        head
    }

    fn keep(&mut self, field: Option<(String, Vec<u8>)>) {
        if let Some((name, value)) = field
            && self.fields.len() < KEPT
        {
            self.fields.push((name, decoded(value)));
        }
    }

    /// The first field of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a field of this name begins with one of these words.
    pub fn says(&self, name: &str, words: &[&str]) -> bool {
        self.all(name).any(|value| {
            let value = value.trim().to_ascii_lowercase();
            words.iter().any(|word| value.starts_with(word))
        })
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// Raw bytes beyond ASCII are no header by any standard: read as UTF-8, else as what Windows wrote.
pub(crate) fn decoded(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|bad| {
        bad.as_bytes()
            .iter()
            .map(|byte| windows(char::from(*byte)))
            .collect()
    })
}

/// Latin 1 has controls where Windows has signs; nobody ever means the controls.
pub(crate) fn windows(c: char) -> char {
    const SIGNS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    let at = u32::from(c)
        .checked_sub(0x80)
        .and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| SIGNS.get(at)).copied().unwrap_or(c)
}

/// Message-IDs of a field, the angle brackets left out: folded, cut and without brackets as they come.
pub fn ids(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let (id, next) = after.split_once('>').unwrap_or((after, ""));
        push_id(&mut found, id);
        rest = next;
    }
    if found.is_empty() {
        value
            .split_whitespace()
            .filter(|word| word.contains('@'))
            .for_each(|word| push_id(&mut found, word));
    }
    found
}

fn push_id(found: &mut Vec<String>, id: &str) {
    // gateways put blanks into folded ids
    let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
    if !id.is_empty() && id.len() <= 900 && !found.contains(&id) {
        found.push(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_9_fields_are_unfolded_and_end_at_the_empty_line() {
        let head = Head::of(b"Subject: a\r\n b\r\nX-A:1\n\tc\r\n\r\nSubject: no\r\n");
        assert_eq!(head.get("subject"), Some("a b"));
        assert_eq!(head.get("x-a"), Some("1 c"));
        assert_eq!(head.count, 2);
        assert!(Head::of(b"").is_empty() && Head::of(b"\r\nx: y").is_empty());
    }

    #[test]
    fn sup_9_message_ids_are_found_however_they_are_written() {
        for (value, found) in [
            ("<a@b>", vec!["a@b"]),
            ("<a@b>\r\n <c@d>", vec!["a@b", "c@d"]),
            ("<a@b><c@d> <a@b>", vec!["a@b", "c@d"]),
            ("a@b", vec!["a@b"]),
            ("<a @b>", vec!["a@b"]),
            ("<a@b", vec!["a@b"]),
            ("", vec![]),
            ("Your message of yesterday", vec![]),
        ] {
            assert_eq!(ids(value), found, "{value:?}");
        }
    }
}
