//! The subject: its prefixes, and the number of a ticket in it.

/// A subject taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// One line, as the sender wrote it.
    pub whole: String,
    /// Without prefixes and number.
    pub bare: String,
    pub reply: bool,
    pub forward: bool,
    /// The number of `[#10023]` or `[Ticket#10023]`: a claim, nothing more.
    pub number: Option<i64>,
}

const REPLY: [&str; 12] = [
    "re", "aw", "antw", "antwort", "sv", "vs", "odp", "rif", "res", "ref", "rv re", "r",
];
const FORWARD: [&str; 10] = [
    "wg",
    "fwd",
    "fw",
    "wtr",
    "weitergeleitet",
    "tr",
    "rv",
    "i",
    "enc",
    "vb",
];

impl Subject {
    pub fn of(decoded: &str) -> Self {
        let whole = one_line(decoded);
        let (number, without) = number(&whole);
        let mut rest = without.as_str();
        let (mut reply, mut forward) = (false, false);
        while let Some((word, after)) = prefix(rest) {
            match word {
                Prefix::Reply => reply = true,
                Prefix::Forward => forward = true,
            }
            rest = after;
        }
        Subject {
            bare: rest.trim().to_owned(),
            whole,
            reply,
            forward,
            number,
        }
    }
}

enum Prefix {
    Reply,
    Forward,
}

/// `Re:`, `AW[2]:`, `Fwd :`; the word and what follows.
fn prefix(text: &str) -> Option<(Prefix, &str)> {
    let (word, rest) = text.trim_start().split_once([':', '：'])?;
    let word = word.trim_end();
    if word.len() > 20 {
        return None;
    }
    let word = match word.split_once(['[', '(']) {
        Some((word, count)) => {
            let count = count.trim_end_matches([']', ')']);
            if !count.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            word
        }
        None => word.trim_end_matches(|c: char| c == '^' || c.is_ascii_digit()),
    };
    let word = word.trim().to_lowercase();
    if REPLY.contains(&word.as_str()) {
        Some((Prefix::Reply, rest))
    } else if FORWARD.contains(&word.as_str()) {
        Some((Prefix::Forward, rest))
    } else {
        None
    }
}

/// The number of a ticket in brackets, and the subject without it.
fn number(text: &str) -> (Option<i64>, String) {
    let mut rest = text;
    let mut before = String::new();
    while let Some((left, after)) = rest.split_once('[') {
        before.push_str(left);
        let Some((inner, right)) = after.split_once(']') else {
            before.push('[');
            rest = after;
            continue;
        };
        let digits = inner
            .rsplit_once('#')
            .map(|(word, digits)| (word.trim().to_lowercase(), digits.trim()));
        if let Some((word, digits)) = digits
            && matches!(word.as_str(), "" | "ticket" | "nr." | "anfrage")
            && (1..=12).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = digits.parse()
        {
            let whole = format!("{}{right}", before.trim_end_matches(' '));
            return (Some(number), spaced(&before, right).unwrap_or(whole));
        }
        before.push('[');
        before.push_str(inner);
        before.push(']');
        rest = right;
    }
    (None, text.to_owned())
}

fn spaced(before: &str, after: &str) -> Option<String> {
    let (before, after) = (before.trim_end(), after.trim_start());
    (!before.is_empty() && !after.is_empty()).then(|| format!("{before} {after}"))
}

/// One line without control characters; blanks in a row become one.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars().take(2_000) {
        let blank = c.is_whitespace() || c.is_control();
        let hidden = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}');
        if blank {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !hidden {
            line.push(c);
        }
    }
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sup_9_prefixes_are_stripped_and_told_apart() {
        for (text, bare, reply, forward, number) in [
            ("Re: Kasse", "Kasse", true, false, None),
            ("AW: WG: Kasse", "Kasse", true, true, None),
            ("RE[2]: Kasse", "Kasse", true, false, None),
            ("Antwort: Antw: Sv: Kasse", "Kasse", true, false, None),
            ("Fwd: Kasse", "Kasse", false, true, None),
            ("Wtr: TR: Kasse", "Kasse", false, true, None),
            ("Re: [#10023] Kasse", "Kasse", true, false, Some(10_023)),
            ("[Ticket#7] Kasse", "Kasse", false, false, Some(7)),
            ("Kasse [#10023]", "Kasse", false, false, Some(10_023)),
            (
                "[wichtig] Kasse: Stand",
                "[wichtig] Kasse: Stand",
                false,
                false,
                None,
            ),
            ("Rechnung: 5", "Rechnung: 5", false, false, None),
            (
                "[#99999999999999999999] x",
                "[#99999999999999999999] x",
                false,
                false,
                None,
            ),
            ("Re:", "", true, false, None),
            ("", "", false, false, None),
        ] {
            let subject = Subject::of(text);
            assert_eq!(
                (
                    subject.bare.as_str(),
                    subject.reply,
                    subject.forward,
                    subject.number
                ),
                (bare, reply, forward, number),
                "{text:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn sup_9_any_subject_is_one_line(text in any::<String>()) {
            let subject = Subject::of(&text);
            prop_assert!(!subject.whole.contains(['\r', '\n', '\0']));
            prop_assert!(subject.bare.len() <= subject.whole.len());
        }
    }
}
