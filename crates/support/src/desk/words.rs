//! Text blocks are filled in: `{kunde}` becomes the customer's name. What is not known stays as it is written.

use kernel::Locale;

/// What the variables stand for.
#[derive(Debug, Clone)]
pub struct Words {
    /// The requester's.
    pub locale: Locale,
    pub customer: String,
    pub customer_number: String,
    pub number: String,
    pub name: String,
    pub subject: String,
    pub department: String,
    pub staff: String,
}

/// The variables, as the page of text blocks lists them.
pub const NAMES: &[&str] = &[
    "kunde",
    "kundennummer",
    "nummer",
    "name",
    "betreff",
    "abteilung",
    "mitarbeiter",
];

impl Words {
    fn of(&self, name: &str) -> Option<&str> {
        Some(match name {
            "kunde" => &self.customer,
            "kundennummer" => &self.customer_number,
            "nummer" => &self.number,
            "name" => &self.name,
            "betreff" => &self.subject,
            "abteilung" => &self.department,
            "mitarbeiter" => &self.staff,
            _ => return None,
        })
    }

    /// The text with its variables put in, once: what a customer is called is never read as a variable.
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let word = after
                .split_once('}')
                .and_then(|(name, rest)| Some((self.of(name)?, rest)));
            match word {
                Some((word, behind)) => {
                    out.push_str(word);
                    rest = behind;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words() -> Words {
        Words {
            locale: Locale::De,
            customer: "Petersen {nummer}".into(),
            customer_number: "K-10001".into(),
            number: "10001".into(),
            name: "Jana".into(),
            subject: "Kasse".into(),
            department: "Technik".into(),
            staff: "Malte".into(),
        }
    }

    #[test]
    fn sup_10_text_blocks_are_filled_in_once() {
        for (text, want) in [
            ("Guten Tag {name},", "Guten Tag Jana,"),
            ("{kunde}", "Petersen {nummer}"),
            ("{nummer}{betreff}", "10001Kasse"),
            (
                "{kundennummer} {abteilung} {mitarbeiter}",
                "K-10001 Technik Malte",
            ),
            ("{unbekannt} {name", "{unbekannt} {name"),
            ("{{name}}", "{Jana}"),
            ("a { b } c", "a { b } c"),
            ("", ""),
        ] {
            assert_eq!(words().fill(text), want, "{text}");
        }
        for name in NAMES {
            assert!(words().of(name).is_some(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn sup_10_a_text_without_variables_stays(text in "[^{]{0,60}") {
            prop_assert_eq!(words().fill(&text), text);
        }
        #[test]
        fn sup_10_any_text_is_filled(text in "\\PC{0,80}") {
            words().fill(&text);
        }
    }
}
