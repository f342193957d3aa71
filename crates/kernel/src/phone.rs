//! Telephone numbers as people write them.

use crate::data::{BadValue, FromValue, Kind, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A telephone number as typed: 5 to 32 digits, blanks, `( ) / - .`, a leading `+`. Prints masked with `{:?}`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// What was typed is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no telephone number")]
pub struct PhoneFault;

impl PhoneFault {
    /// Key of the text that explains it.
    pub const fn key(self) -> &'static str {
        "phone-form"
    }
}

const SHORTEST: usize = 5;
const LONGEST: usize = 32;

impl Phone {
    /// Reads a typed number and keeps its grouping; full-width digits, odd blanks and dashes become plain ones.
    pub fn parse(typed: &str) -> Result<Self, PhoneFault> {
        let mut out = String::with_capacity(LONGEST);
        let mut blank = false;
        for c in typed.trim().nfkc() {
            let c = match c {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                ' ' | '\t' => {
                    blank = true;
                    continue;
                }
                // copied from address books
                '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
                    continue;
                }
                '+' if out.is_empty() || out == "(" => c,
                '0'..='9' | '(' | ')' | '/' | '-' | '.' => c,
                _ => return Err(PhoneFault),
            };
            if blank && !out.is_empty() {
                out.push(' ');
            }
            blank = false;
            out.push(c);
            if out.len() > LONGEST {
                return Err(PhoneFault);
            }
        }
        if out.bytes().filter(u8::is_ascii_digit).count() < SHORTEST {
            return Err(PhoneFault);
        }
        Ok(Phone(out))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits alone: the key to search by.
    pub fn digits(&self) -> String {
        self.0.chars().filter(char::is_ascii_digit).collect()
    }

    /// The key to search by, the same however the number is written: see [`phone_key`].
    pub fn key(&self) -> String {
        phone_key(&self.0).unwrap_or_else(|| self.digits())
    }

    /// `tel:` address; the trunk zero of `+49 (0)30` is left out.
    pub fn href(&self) -> String {
        let mut href = String::from("tel:");
        if self.0.contains('+') {
            href.push('+');
            href.extend(
                self.0
                    .replace("(0)", "")
                    .chars()
                    .filter(char::is_ascii_digit),
            );
        } else {
            href.push_str(&self.digits());
        }
        href
    }
}

/// What the beginning of a number begins with as a key: `+` and the digits with the country in front, Germany where none
/// is said. The sign tells it from other numbers that people look for.
/// `None` for what is no such beginning: it holds letters, or says neither area nor country.
pub fn phone_key(typed: &str) -> Option<String> {
    let typed: String = typed.trim().nfkc().collect();
    let odd = |c: char| !(c.is_ascii_digit() || c.is_whitespace() || "+()/-.–—".contains(c));
    if typed.contains(odd) {
        return None;
    }
    let abroad = typed.trim_start_matches('(').starts_with('+');
    // the trunk zero of `+49 (0)431`
    let typed = if abroad {
        typed.replacen("(0)", "", 1)
    } else {
        typed
    };
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let key = match (abroad, digits.strip_prefix("00"), digits.strip_prefix('0')) {
        (true, ..) => format!("+{digits}"),
        (false, Some(rest), _) => format!("+{rest}"),
        (false, None, Some(rest)) => format!("+49{rest}"),
        (false, None, None) => return None,
    };
    (key.len() > 3).then_some(key)
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        write!(
            f,
            "…{}",
            digits
                .get(digits.len().saturating_sub(2)..)
                .unwrap_or_default()
        )
    }
}
impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Phone::parse(&String::deserialize(d)?).map_err(D::Error::custom)
    }
}
impl From<Phone> for Value {
    fn from(phone: Phone) -> Value {
        Value::Text(phone.0)
    }
}
impl From<&Phone> for Value {
    fn from(phone: &Phone) -> Value {
        Value::Text(phone.0.clone())
    }
}
impl FromValue for Phone {
    const KIND: Kind = Kind::Text;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        match value {
            // not parsed again: a stricter rule later must not make stored rows unreadable
            Value::Text(text) if !text.is_empty() => Ok(Phone(text)),
            other => Err(BadValue::new(&other, "telephone number")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn desk_3_a_number_has_one_key_however_it_is_typed() {
        for (typed, key) in [
            ("0431 12 34", Some("+494311234")),
            ("+49 431 12-34", Some("+494311234")),
            ("+49 (0)431 1234", Some("+494311234")),
            ("(+49) 431 1234", Some("+494311234")),
            ("0049 431/12.34", Some("+494311234")),
            ("０４３１ 12", Some("+4943112")),
            ("+43 1 234", Some("+431234")),
            ("0431", Some("+49431")),
            ("0", None),
            ("+", None),
            ("10001", None),
            ("0431x", None),
            ("", None),
        ] {
            assert_eq!(phone_key(typed).as_deref(), key, "{typed}");
        }
        let phone = Phone::parse("+49 (0)431 12 34").unwrap();
        assert!(phone.key().starts_with(&phone_key("0431 12").unwrap()));
        assert_eq!(Phone::parse("12345").unwrap().key(), "12345");
    }

    #[test]
    fn acc_4_phone_numbers_as_people_write_them() {
        for (typed, kept, href) in [
            ("030 123456", "030 123456", "tel:030123456"),
            (
                "  +49 (0)30 / 123-45.6 ",
                "+49 (0)30 / 123-45.6",
                "tel:+4930123456",
            ),
            ("+49\u{A0}30\u{2011}12345", "+49 30-12345", "tel:+493012345"),
            (
                "(+41) 44 668 18 00",
                "(+41) 44 668 18 00",
                "tel:+41446681800",
            ),
            ("０３０１２３", "030123", "tel:030123"),
            (
                "\u{202A}+43 1 23456\u{202C}",
                "+43 1 23456",
                "tel:+43123456",
            ),
            ("11611", "11611", "tel:11611"),
        ] {
            let phone = Phone::parse(typed).unwrap();
            assert_eq!(phone.as_str(), kept, "{typed:?}");
            assert_eq!(phone.href(), href);
        }
        assert_eq!(format!("{:?}", Phone::parse("030 123456").unwrap()), "…56");
    }

    #[test]
    fn acc_4_other_things_are_no_phone_number() {
        for typed in [
            "",
            "1234",
            "abcde",
            "030 12x456",
            "030+12345",
            "++49 30 12345",
            "(((((",
            "12345\0",
            "123\n45",
            "12345;ext=1",
        ] {
            assert_eq!(Phone::parse(typed), Err(PhoneFault), "{typed:?}");
        }
        assert!(Phone::parse(&"1".repeat(32)).is_ok());
        assert_eq!(Phone::parse(&"1".repeat(33)), Err(PhoneFault));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_plain_and_kept_again(typed in prop_oneof![any::<String>(), "[ +]{0,2}[0-9 ()/.–-]{0,36}"]) {
            if let Ok(phone) = Phone::parse(&typed) {
                let text = phone.as_str();
                prop_assert!(text.len() <= LONGEST && phone.digits().len() >= SHORTEST);
                prop_assert!(text.bytes().all(|b| b.is_ascii_digit() || b" ()/-.+".contains(&b)));
                prop_assert_eq!(Phone::parse(text), Ok(phone.clone()));
            }
        }
    }
}
