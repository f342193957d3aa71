//! Reports of mail servers: what came back, for whom, and for good or for now.

use crate::head::{self, Head};
use serde::Serialize;

/// A message about messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Report {
    /// RFC 3464, or what older servers write instead.
    Delivery(Dsn),
    /// Somebody's programme says that a mail was displayed (RFC 8098).
    Read,
    /// Somebody's provider says that a mail was called spam (RFC 5965).
    Feedback,
}

/// What became of a mail of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dsn {
    pub recipients: Vec<Returned>,
    /// The Message-ID of what was returned, where it is quoted.
    pub original: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Returned {
    pub address: String,
    pub fate: Fate,
    /// As `5.1.1`.
    pub status: String,
    /// What the server said, for staff.
    pub said: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Fate {
    /// Given up.
    Failed,
    /// Still tried.
    Delayed,
    /// Arrived.
    Delivered,
}

/// The fields of a `message/delivery-status` part.
pub fn delivery_status(body: &str) -> Vec<Returned> {
    let mut found = Vec::new();
    let body = body.replace("\r\n", "\n");
    for group in body.split("\n\n") {
        let head = Head::of(group.trim_start_matches('\n').as_bytes());
        let address = head
            .get("original-recipient")
            .filter(|_| !head.has("final-recipient"))
            .or_else(|| head.get("final-recipient"));
        let Some(address) = address.and_then(typed_address) else {
            continue;
        };
        let status = head.get("status").and_then(status).unwrap_or_default();
        let action = head
            .get("action")
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let fate = match action.as_str() {
            "failed" => Fate::Failed,
            "delayed" => Fate::Delayed,
            "delivered" | "relayed" | "expanded" => Fate::Delivered,
            _ if status.starts_with('5') => Fate::Failed,
            _ if status.starts_with('2') => Fate::Delivered,
            _ => Fate::Delayed,
        };
        found.push(Returned {
            address,
            fate,
            said: head
                .get("diagnostic-code")
                .unwrap_or_default()
                .chars()
                .take(500)
                .collect(),
            status,
        });
    }
    found
}

/// `rfc822; a@b.example`
fn typed_address(value: &str) -> Option<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    let address = address
        .trim()
        .trim_matches(['<', '>', '"', ' '])
        .to_ascii_lowercase();
    (address.contains('@') && !address.contains(char::is_whitespace)).then_some(address)
}

/// `5.1.1` out of `5.1.1 (no such user)`.
fn status(value: &str) -> Option<String> {
    let word = value.split_whitespace().next()?;
    let fits =
        word.split('.').count() == 3 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    fits.then(|| word.to_owned())
}

/// What older servers write in sentences: whose mail came back.
pub fn free_text(head: &Head, text: &str) -> Vec<Returned> {
    let mut addresses: Vec<String> = Vec::new();
    fn add(addresses: &mut Vec<String>, address: &str) {
        if let Some(address) = typed_address(address)
            && !addresses.contains(&address)
            && addresses.len() < 20
        {
            addresses.push(address);
        }
    }
    for field in head.all("x-failed-recipients") {
        field
            .split(',')
            .for_each(|address| add(&mut addresses, address));
    }
    if addresses.is_empty() {
        // only the report's own words, not the mail that it returns
        let own = text
            .split("-----")
            .next()
            .unwrap_or(text)
            .split("--- Below this line")
            .next()
            .unwrap_or_default();
        for word in own.split_whitespace().take(2_000) {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            if word.contains('@') && !crate::machine::is_robot(word) {
                add(&mut addresses, word);
            }
        }
    }
    let lower = text.to_lowercase();
    let later = [
        "delayed",
        "will be retried",
        "still trying",
        "verzögert",
        "wird erneut versucht",
        "4.4.",
    ];
    let delayed = later.iter().any(|words| lower.contains(words)) && !lower.contains("permanent");
    let code = lower
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .find_map(|word| {
            status(word).filter(|word| word.starts_with('5') || word.starts_with('4'))
        });
    let fate = if delayed { Fate::Delayed } else { Fate::Failed };
    addresses
        .into_iter()
        .map(|address| Returned {
            address,
            fate,
            status: code.clone().unwrap_or_default(),
            said: String::new(),
        })
        .collect()
}

/// The Message-ID of a returned message or of its header.
pub fn original(returned: &[u8]) -> Option<String> {
    let head = Head::of(returned.trim_ascii_start());
    head::ids(head.get("message-id")?).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_9_a_delivery_report_names_who_and_why() {
        let body = "Reporting-MTA: dns; mx.example\r\n\r\nOriginal-Recipient: rfc822; x@a.example\r\nFinal-Recipient: rfc822; A@b.example\r\nAction: failed\r\nStatus: 5.1.1 (bad)\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\nFinal-Recipient: rfc822;<c@d.example>\r\nStatus: 4.4.1\r\n";
        let found = delivery_status(body);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (
                found[0].address.as_str(),
                found[0].fate,
                found[0].status.as_str()
            ),
            ("a@b.example", Fate::Failed, "5.1.1")
        );
        assert_eq!(
            (found[1].address.as_str(), found[1].fate),
            ("c@d.example", Fate::Delayed)
        );
        assert!(found[0].said.contains("550"));
        assert!(delivery_status("").is_empty());
    }

    #[test]
    fn sup_9_older_bounces_are_read_from_their_sentences() {
        let head = Head::of(b"X-Failed-Recipients: a@b.example, c@d.example\r\n");
        assert_eq!(free_text(&head, "failed").len(), 2);
        let text = "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver.\n\n<anna@adler.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown\n\n--- Below this line is a copy of the message.\nFrom: support@nordlicht.example";
        let found = free_text(&Head::default(), text);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (
                found[0].address.as_str(),
                found[0].fate,
                found[0].status.as_str()
            ),
            ("anna@adler.example", Fate::Failed, "5.1.1")
        );
        assert_eq!(
            original(b"Subject: x\r\nMessage-ID: <1@b>\r\n\r\n").as_deref(),
            Some("1@b")
        );
    }
}
