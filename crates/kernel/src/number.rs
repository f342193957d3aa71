//! Customer numbers: the operator's prefix and digits, typed in odd ways.

use crate::text::fold;

/// Reads and writes customer numbers such as `K-10001`; stored is the number alone.
pub struct CustomerNumber;

/// No line of figures that one would type is longer.
const LONGEST: usize = 100;

impl CustomerNumber {
    /// The number meant by `typed`: with or without `prefix`, with blanks, hyphens or leading zeros, in any case,
    /// in full-width figures. `None` when it is no customer number.
    pub fn parse(typed: &str, prefix: &str) -> Option<i64> {
        if typed.len() > LONGEST {
            return None;
        }
        let typed = squeezed(typed);
        let prefix = squeezed(prefix);
        // the prefix without its hyphen counts too, unless its end could be taken for the number's beginning
        let short = prefix.trim_end_matches(|c: char| !c.is_alphanumeric());
        let after_short = match typed.strip_prefix(short) {
            Some(rest) if !short.is_empty() && !short.ends_with(|c: char| c.is_ascii_digit()) => {
                Some(rest)
            }
            _ => None,
        };
        [
            typed.strip_prefix(prefix.as_str()),
            after_short,
            Some(typed.as_str()),
        ]
        .into_iter()
        .flatten()
        .find_map(figures)
    }

    /// The number as people see it, five digits at least: `K-10001`.
    pub fn format(number: i64, prefix: &str) -> String {
        format!("{prefix}{number:05}")
    }
}

/// Folded, without blanks, all dashes alike.
fn squeezed(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| {
            if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') {
                '-'
            } else {
                c
            }
        })
        .collect()
}

fn figures(text: &str) -> Option<i64> {
    // a hyphen is left when the prefix was typed without its own: K-10001 for the prefix K
    let text = text.strip_prefix('-').unwrap_or(text);
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn auth_3_customer_numbers_typed_in_odd_ways() {
        for typed in [
            "K-10001",
            "k-10001",
            "10001",
            "K10001",
            "k 10001",
            " K - 10 001 ",
            "K–10001",
            "K−10001",
            "K-010001",
            "0010001",
            "Ｋ－１００\u{3000}０１",
            "-10001",
            "K\u{2011}10001",
            "K--10001",
            "10001\u{200B}",
        ] {
            assert_eq!(
                CustomerNumber::parse(typed, "K-"),
                Some(10_001),
                "{typed:?}"
            );
        }
        for (typed, prefix) in [
            ("10001", ""),
            ("KD10001", "KD"),
            ("kd-10001", "KD"),
            ("Kö/10001", "KÖ/"),
            ("2024-10001", "2024-"),
            ("10001", "2024-"),
            ("№10001", "Nr. "),
        ] {
            let expected = if typed.starts_with('№') {
                None
            } else {
                Some(10_001)
            };
            assert_eq!(
                CustomerNumber::parse(typed, prefix),
                expected,
                "{typed:?} {prefix:?}"
            );
        }
        assert_eq!(
            CustomerNumber::parse("202410001", "2024-"),
            Some(202_410_001)
        );
    }

    #[test]
    fn auth_3_other_things_are_no_customer_number() {
        let long = "1".repeat(101);
        for typed in [
            "",
            " ",
            "K-",
            "K",
            "0",
            "K-00000",
            "anna@example.de",
            "L-10001",
            "K-10001a",
            "K-1e4",
            "10001.0",
            "+10001",
            "99999999999999999999",
            "١٠٠٠١",
            "K-K-10001",
            &long,
        ] {
            assert_eq!(CustomerNumber::parse(typed, "K-"), None, "{typed:?}");
        }
    }

    #[test]
    fn customer_numbers_have_five_digits_or_more() {
        for (number, text) in [(10_001, "K-10001"), (123_456, "K-123456"), (42, "K-00042")] {
            assert_eq!(CustomerNumber::format(number, "K-"), text);
        }
    }

    proptest! {
        #[test]
        fn customer_numbers_round_trip(number in 1i64.., prefix in "[A-Za-zÄÖÜß]{0,4}[ /.-]{0,2}", blanks in prop::collection::vec(0usize..30, 0..4), lower: bool, wide: bool, zeros in 0usize..4, bare: bool) {
            let shown = CustomerNumber::format(number, &prefix);
            prop_assert_eq!(CustomerNumber::parse(&shown, &prefix), Some(number));
            let figures: String = "0".repeat(zeros) + &number.to_string();
            let mut typed: Vec<char> = if bare { figures } else { format!("{prefix}{figures}") }.chars().collect();
            if wide {
                for c in &mut typed {
                    if c.is_ascii_digit() {
                        *c = char::from_u32(u32::from(*c) + 0xFEE0).unwrap();
                    }
                }
            }
            for at in blanks {
                typed.insert(at.min(typed.len()), ' ');
            }
            let mut typed: String = typed.into_iter().collect();
            if lower {
                typed = typed.to_lowercase();
            }
            prop_assert_eq!(CustomerNumber::parse(&typed, &prefix), Some(number));
        }

        #[test]
        fn nothing_typed_breaks_it(typed: String, prefix: String) {
            if let Some(number) = CustomerNumber::parse(&typed, &prefix) {
                prop_assert!(number > 0);
            }
        }
    }
}
