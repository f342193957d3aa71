//! Mail addresses as people type them, kept in one spelling.

use crate::data::{BadValue, FromValue, Kind, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// A mail address in lower case, its domain in ASCII (IDN as punycode). Unique in this spelling.
/// Prints masked with `{:?}`; `Display` shows it whole.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Why a typed address is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailFault {
    #[error("empty")]
    Missing,
    #[error("not exactly one @")]
    At,
    #[error("the part before the @")]
    Local,
    #[error("the part after the @")]
    Domain,
    #[error("too long")]
    Long,
}

impl EmailFault {
    /// Key of the text that explains it.
    pub const fn key(self) -> &'static str {
        match self {
            EmailFault::Missing => "email-missing",
            EmailFault::At => "email-at",
            EmailFault::Local => "email-local",
            EmailFault::Domain => "email-domain",
            EmailFault::Long => "email-long",
        }
    }
}

/// Longest address that a mail server must take (RFC 5321: a path of 256 with its brackets).
const LONGEST: usize = 254;

impl Email {
    /// Reads a typed address: blanks around it do not matter, case does not matter.
    pub fn parse(typed: &str) -> Result<Self, EmailFault> {
        // pasted addresses carry invisible marks
        let typed =
            typed.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}'));
        if typed.is_empty() {
            return Err(EmailFault::Missing);
        }
        // before any work on it; four bytes is the longest character
        if typed.len() > 4 * LONGEST {
            return Err(EmailFault::Long);
        }
        let (local, domain) = typed.split_once('@').ok_or(EmailFault::At)?;
        if domain.contains('@') {
            return Err(EmailFault::At);
        }
        if local.len() > 64 {
            return Err(EmailFault::Long);
        }
        if !local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(is_atom))
        {
            return Err(EmailFault::Local);
        }
        let domain = ascii_domain(domain).ok_or(EmailFault::Domain)?;
        if local.len() + 1 + domain.len() > LONGEST {
            return Err(EmailFault::Long);
        }
        if !is_domain(&domain) {
            return Err(EmailFault::Domain);
        }
        Ok(Email(format!("{}@{domain}", local.to_ascii_lowercase())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the @, in ASCII.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// `a…@example.de`: for logs, and for pages that must not give the address away.
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or('…');
        format!("{first}…@{}", self.domain())
    }
}

const fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

fn ascii_domain(domain: &str) -> Option<String> {
    let lower = domain.to_lowercase();
    // punycode that decodes to nothing would be refused only when the mail goes out
    if lower.is_ascii() && !lower.contains("xn--") {
        return Some(lower);
    }
    idna::domain_to_ascii_strict(&lower).ok()
}

fn is_domain(domain: &str) -> bool {
    let mut labels = 0;
    let mut last = "";
    for label in domain.split('.') {
        let fits = (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !fits {
            return false;
        }
        labels += 1;
        last = label;
    }
    // a last label of digits is a network address
    labels >= 2 && !last.bytes().all(|b| b.is_ascii_digit())
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}
impl std::str::FromStr for Email {
    type Err = EmailFault;
    fn from_str(typed: &str) -> Result<Self, EmailFault> {
        Email::parse(typed)
    }
}
impl AsRef<str> for Email {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl Serialize for Email {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Email::parse(&String::deserialize(d)?).map_err(D::Error::custom)
    }
}
impl From<Email> for Value {
    fn from(email: Email) -> Value {
        Value::Text(email.0)
    }
}
impl From<&Email> for Value {
    fn from(email: &Email) -> Value {
        Value::Text(email.0.clone())
    }
}
impl FromValue for Email {
    const KIND: Kind = Kind::Text;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        match value {
            // not parsed again: a stricter rule later must not make stored rows unreadable
            Value::Text(text)
                if text.contains('@')
                    && !text.contains(|c: char| c.is_control() || c.is_whitespace()) =>
            {
                Ok(Email(text))
            }
            other => Err(BadValue::new(&other, "e-mail address")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn auth_1_addresses_are_kept_in_one_spelling() {
        for (typed, kept) in [
            ("anna@example.de", "anna@example.de"),
            ("  Anna.Berg@Example.DE \n", "anna.berg@example.de"),
            ("\u{FEFF}a@b.de\u{200B}", "a@b.de"),
            (
                "o'brien+rechnung@mail.example.co.uk",
                "o'brien+rechnung@mail.example.co.uk",
            ),
            ("info@Müller.de", "info@xn--mller-kva.de"),
            ("info@straße.de", "info@xn--strae-oqa.de"),
            ("a@xn--mller-kva.de", "a@xn--mller-kva.de"),
            ("a@1und1.de", "a@1und1.de"),
        ] {
            assert_eq!(
                Email::parse(typed).map(|e| e.to_string()),
                Ok(kept.to_owned()),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn auth_1_malformed_addresses_are_refused() {
        let long_local = format!("{}@example.de", "a".repeat(65));
        let long_label = format!("a@{}.de", "b".repeat(64));
        let long_all = format!("a@{}de", format!("{}.", "b".repeat(62)).repeat(4));
        let huge = "ä".repeat(2_000);
        for (typed, fault) in [
            ("", EmailFault::Missing),
            (" \t\n", EmailFault::Missing),
            ("anna", EmailFault::At),
            ("a@b@c.de", EmailFault::At),
            ("@example.de", EmailFault::Local),
            (".a@example.de", EmailFault::Local),
            ("a.@example.de", EmailFault::Local),
            ("a..b@example.de", EmailFault::Local),
            ("a b@example.de", EmailFault::Local),
            ("ä@example.de", EmailFault::Local),
            ("\"a\"@example.de", EmailFault::Local),
            ("Anna <a@example.de>", EmailFault::Local),
            ("a\r\nBcc: x@example.de", EmailFault::Local),
            ("a\0@example.de", EmailFault::Local),
            ("a@", EmailFault::Domain),
            ("a@localhost", EmailFault::Domain),
            ("a@example.de.", EmailFault::Domain),
            ("a@-example.de", EmailFault::Domain),
            ("a@example-.de", EmailFault::Domain),
            ("a@exa_mple.de", EmailFault::Domain),
            ("a@127.0.0.1", EmailFault::Domain),
            ("a@[127.0.0.1]", EmailFault::Domain),
            ("a@example.de\r\nBcc: x.de", EmailFault::Domain),
            ("a@exa\u{202E}mple.de", EmailFault::Domain),
            ("a@xn--a-ä.de", EmailFault::Domain),
            ("a@xn--99999999.de", EmailFault::Domain),
            (&long_local, EmailFault::Long),
            (&long_label, EmailFault::Domain),
            (&long_all, EmailFault::Long),
            (&huge, EmailFault::Long),
        ] {
            assert_eq!(Email::parse(typed), Err(fault), "{typed:?}");
        }
    }

    #[test]
    fn an_address_in_a_log_is_masked() {
        let email = Email::parse("anna.berg@example.de").unwrap();
        assert_eq!(format!("{email:?}"), "a…@example.de");
        assert_eq!(email.domain(), "example.de");
    }

    #[test]
    fn an_address_goes_through_the_database() {
        let email = Email::parse("anna@example.de").unwrap();
        assert_eq!(Email::from_value(Value::from(&email)).unwrap(), email);
        assert!(Email::from_value(Value::Text("anna".to_owned())).is_err());
        assert!(Email::from_value(Value::Int(1)).is_err());
    }

    proptest! {
        #[test]
        fn an_address_never_holds_a_control_character(typed in prop_oneof![
            any::<String>(),
            "[a-zA-Z.+\r\n\0 ]{1,6}@[a-zäöüß.\r\n\0 ]{1,12}\\.de",
            "\\PC{1,4}@\\PC{1,8}\\.(de|com)",
        ]) {
            if let Ok(email) = Email::parse(&typed) {
                let text = email.as_str();
                prop_assert!(text.bytes().all(|b| (0x21..0x7F).contains(&b) && !b.is_ascii_uppercase()));
                prop_assert!(text.len() <= 254);
                prop_assert_eq!(text.matches('@').count(), 1);
                prop_assert_eq!(Email::parse(text), Ok(email.clone()));
            }
        }

        #[test]
        fn ordinary_addresses_are_taken(local in "[a-z0-9]{1,20}([._+-][a-z0-9]{1,10}){0,2}", domain in "[a-z0-9]{1,20}(-[a-z0-9]{1,10})?\\.[a-z]{2,8}") {
            let typed = format!("{local}@{domain}");
            prop_assert_eq!(Email::parse(&typed.to_uppercase()).map(|e| e.to_string()), Ok(typed));
        }
    }
}
