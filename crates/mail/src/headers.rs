//! What a mail says beside its words: which conversation it belongs to, where answers go, whether a machine wrote it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::{Email, Uuid};
use serde::{Deserialize, Serialize};

/// No id that we take from others is longer.
const LONGEST_ID: usize = 250;
/// So many ids of a conversation are named: the first, and the last ones.
const REFERENCES: usize = 8;

/// Headers of a mail that has more than a recipient and a subject; the default is a notice of the portal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Headers {
    /// With its angle brackets; `None`: made from the mail's own id. Kept in a column of its own.
    #[serde(skip)]
    pub message_id: Option<String>,
    /// Ids of the conversation before this mail, the oldest first.
    pub references: Vec<String>,
    /// Where an answer goes; `None`: to the sender.
    pub reply_to: Option<Email>,
    /// To whom the servers on the way give the mail back.
    pub back: Back,
    pub by: By,
    /// The conversation as Outlook groups it: one for all its mails, and a name that does not change with `Re:`.
    pub topic: Option<(Uuid, String)>,
}

/// Whom a server tells that a mail could not be delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Back {
    /// The sender.
    #[default]
    Sender,
    /// An address that tells whose mail it was.
    To(Email),
}

/// Who wrote it (RFC 3834).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// A machine, since something happened.
    #[default]
    Machine,
    /// A machine, since a mail came in.
    Answering,
    /// A person.
    Person,
}

impl By {
    pub(crate) const fn auto_submitted(self) -> Option<&'static str> {
        match self {
            By::Machine => Some("auto-generated"),
            By::Answering => Some("auto-replied"),
            By::Person => None,
        }
    }

    /// What Exchange is not to answer with. What came back undelivered is told where a person waits for an answer.
    pub(crate) const fn suppress(self) -> &'static str {
        match self {
            By::Machine | By::Answering => "All",
            By::Person => "DR, RN, NRN, OOF, AutoReply",
        }
    }
}

impl Headers {
    pub(crate) fn read(stored: &str) -> Self {
        if stored.is_empty() {
            return Headers::default();
        }
        // written by an older or newer program: the words go out all the same
        serde_json::from_str(stored).unwrap_or_default()
    }

    pub(crate) fn stored(&self) -> String {
        if *self == Headers::default() {
            return String::new();
        }
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The conversation's ids as they go out: sound ones, none twice, the first and the last.
    pub(crate) fn chain(&self) -> Vec<&str> {
        let mut chain: Vec<&str> = Vec::new();
        for id in self.references.iter().map(String::as_str) {
            if is_id(id) && !chain.contains(&id) {
                chain.push(id);
            }
        }
        if chain.len() > REFERENCES {
            chain.drain(1..=chain.len() - REFERENCES);
        }
        chain
    }

    /// What Outlook reads; the same for each mail of the conversation.
    pub(crate) fn thread_index(&self) -> Option<String> {
        let (id, _) = self.topic.as_ref()?;
        let mut index = vec![1, 0, 0, 0, 0, 0];
        index.extend_from_slice(id.as_bytes());
        Some(STANDARD.encode(index))
    }
}

/// Whether this can stand in a header as the id of a mail; others send us theirs.
pub fn is_id(id: &str) -> bool {
    id.len() <= LONGEST_ID
        && id
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'))
            .is_some_and(|inner| {
                !inner.is_empty()
                    && inner
                        .bytes()
                        .all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'))
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(references: &[&str]) -> Headers {
        Headers {
            references: references.iter().map(|id| (*id).to_owned()).collect(),
            ..Headers::default()
        }
    }

    #[test]
    fn the_first_and_the_last_ids_are_named() {
        let ids: Vec<String> = (0..20).map(|n| format!("<{n}@a>")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let chain = headers(&ids);
        let chain = chain.chain();
        assert_eq!(chain.len(), REFERENCES);
        assert_eq!(chain.first(), Some(&"<0@a>"));
        assert_eq!(chain.get(1), Some(&"<13@a>"));
        assert_eq!(chain.last(), Some(&"<19@a>"));
        assert_eq!(headers(&ids[..8]).chain().len(), 8);
    }

    #[test]
    fn an_id_that_breaks_a_header_is_left_out() {
        let long = format!("<{}@a>", "x".repeat(LONGEST_ID));
        let bad = [
            "",
            "<>",
            "a@b",
            "<a b@c>",
            "<a@b>\r\nBcc: x@y",
            "<a@b\r\n>",
            "<ä@b>",
            "<a@b> <c@d>",
            "<a\0@b>",
            &long,
        ];
        assert_eq!(headers(&bad).chain(), Vec::<&str>::new());
        assert_eq!(headers(&["<a@b>", "<a@b>"]).chain(), vec!["<a@b>"]);
    }

    #[test]
    fn what_is_stored_comes_back() {
        assert_eq!(Headers::default().stored(), "");
        let full = Headers {
            reply_to: Email::parse("support+a@b.de").ok(),
            back: Back::To(Email::parse("support+a@b.de").unwrap()),
            by: By::Person,
            topic: Some((Uuid::from_u128(1), "Betreff".into())),
            ..headers(&["<a@b>"])
        };
        assert_eq!(Headers::read(&full.stored()), full);
        assert_eq!(Headers::read("{\"by\":\"Martian\"}"), Headers::default());
    }
}
