//! Messages (SUP-8): what is written, and how a thread is shown on both sides.

pub mod hooks;
pub mod notice;
pub mod portal;
pub mod thread;

use kernel::{Moment, Uuid, clean_text, count_graphemes, is_blank};
use web::form::{Field, FieldValue};
use web::{Cx, Fault};

/// As many characters as a person counts.
pub(crate) const LONGEST: usize = 20_000;
/// One such character has many bytes at times, yet not without end.
const LONGEST_BYTES: usize = LONGEST * 16;

/// A text kept as it was typed, blanks at both ends too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(pub String);

impl FieldValue for Body {
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        let text = clean_text(raw).map_err(|_| Fault::key("fault-control"))?;
        // what leaves no letter or sign behind is empty to the one who reads it
        if is_blank(&text) {
            return Err(Fault::key("fault-message-empty"));
        }
        let long = text.len() > field.max;
        if long && (text.len() > LONGEST_BYTES || count_graphemes(&text) > field.max) {
            return Err(Fault::key("fault-too-long").arg("max", 20_000));
        }
        Ok(Body(text))
    }
    fn raw(&self) -> String {
        self.0.clone()
    }
}

web::form! {
    /// A new message.
    pub struct Write as "message"; {
        text: Body = text(LONGEST).rows(10),
    }
}

web::form! {
    /// What is written on a thread, by either side.
    pub struct Answer as "answer"; {
        text: Body = text(LONGEST).rows(6),
    }
}

/// The subject as lists show it: one that nobody can see gets a word.
pub(crate) fn shown(cx: &Cx, subject: String) -> String {
    if is_blank(&subject) {
        cx.text("message-no-subject")
    } else {
        subject
    }
}

/// The key of a list's row in its address.
pub(crate) fn key(at: Moment, id: impl Into<Uuid>) -> String {
    format!("{}-{}", at.micros(), id.into().simple())
}

/// Reads what [`key`] wrote; anything else is the first page.
pub(crate) fn read_key(key: Option<&str>) -> crate::ticket::store::Before {
    key.and_then(|key| {
        let (at, id) = key.split_once('-')?;
        Some((Moment::from_micros(at.parse().ok()?), id.parse().ok()?))
    })
    .unwrap_or_else(crate::ticket::store::newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::store::newest;
    use proptest::prelude::*;
    use web::Form;

    fn parse(raw: &str) -> Result<Body, Fault> {
        Body::parse(&Write::fields()[0], raw)
    }

    #[test]
    fn sup_8_empty_is_refused_however_it_is_typed() {
        for raw in [
            "",
            " ",
            "\n\t \r\n",
            "\u{200B}",
            "\u{A0}\u{2003}",
            "\u{AD}\n\u{FEFF}",
        ] {
            assert_eq!(
                parse(raw),
                Err(Fault::key("fault-message-empty")),
                "{raw:?}"
            );
        }
        assert_eq!(parse("a\0b"), Err(Fault::key("fault-control")));
    }

    #[test]
    fn sup_8_twenty_thousand_characters_are_the_most() {
        // a family is one character to whoever counts, and 25 bytes
        let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}";
        for (unit, most) in [("a", 20_000), ("ä", 20_000), (family, 17_000)] {
            assert!(parse(&unit.repeat(most)).is_ok(), "{unit}");
        }
        for text in [
            "a".repeat(20_001),
            "ä".repeat(20_001),
            format!("a{}", "\u{301}".repeat(200_000)),
        ] {
            assert_eq!(parse(&text).unwrap_err().key, "fault-too-long");
        }
    }

    #[test]
    fn sup_8_the_text_is_kept_as_typed() {
        assert_eq!(
            parse("  Hallo \r\n\r\n  Welt \n").unwrap().0,
            "  Hallo \n\n  Welt \n"
        );
    }

    proptest! {
        #[test]
        fn sup_8_a_text_that_is_taken_has_a_subject(raw in "\\PC{0,300}") {
            if let Ok(body) = parse(&raw) {
                prop_assert!(!kernel::subject_of(&body.0).is_empty());
            }
        }

        #[test]
        fn paging_keys_come_back(at: i64, id: u128) {
            let id = Uuid::from_u128(id);
            let before = read_key(Some(&key(Moment::from_micros(at.max(0)), id)));
            prop_assert_eq!(before, (Moment::from_micros(at.max(0)), id.into()));
        }

        #[test]
        fn other_keys_are_the_first_page(typed in "\\PC{0,40}") {
            let before = read_key(Some(&typed));
            prop_assert!(before == newest() || typed.contains('-'));
        }
    }
}
