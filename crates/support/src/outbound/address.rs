//! By which marks a mail finds its thread again: the address it answers to, and the id it answers.
//!
//! Both carry a signature of this installation, so nobody makes one up. An address stands for one participant and can be
//! withdrawn by raising their generation; an id stands for one mail for ever.

use crate::ticket::{EntryId, ParticipantId, TicketId};
use kernel::{Email, Uuid, World};

/// Of the signature, in bytes: as much as fits into the 64 letters before the @.
const TAG: usize = 12;
/// Letters of a token.
const TOKEN: usize = 45;
const REPLY: &str = "reply address";
const MESSAGE: &str = "message id";
/// Letters of what stands before the @ in the id of a mail.
const LOCAL: usize = 96;

/// What is wrong with `mail.reply_address`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadWays {
    #[error("holds no {{token}} before its @, as in support+{{token}}@nordlicht.example")]
    Token,
    #[error(
        "is no mail address once a token of 45 letters stands in it (64 may stand before the @)"
    )]
    Address,
}

/// How answers come back to us, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ways {
    /// What stands before the token, between it and the @, and from the @ on.
    reply: Option<[String; 3]>,
    host: String,
}

/// A token read from an address: for whom it says it is. It proves nothing before [`Token::is_of`] was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub participant: ParticipantId,
    tag: [u8; TAG],
}

/// The mail that an id of ours stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    pub ticket: TicketId,
    pub entry: EntryId,
    pub participant: ParticipantId,
}

impl Ways {
    /// `reply`: `mail.reply_address`, empty when answers by mail go nowhere; `host`: that of the portal, for ids of mails.
    pub fn new(reply: &str, host: &str) -> Result<Self, BadWays> {
        let silent = Ways::silent(host);
        let reply = reply.trim().to_ascii_lowercase();
        if reply.is_empty() {
            return Ok(silent);
        }
        let (local, domain) = reply.rsplit_once('@').ok_or(BadWays::Token)?;
        let (before, after) = local.split_once("{token}").ok_or(BadWays::Token)?;
        let example = format!("{before}{}{after}@{domain}", "a".repeat(TOKEN));
        let example = Email::parse(&example).map_err(|_| BadWays::Address)?;
        let domain = format!("@{}", example.domain());
        Ok(Ways {
            reply: Some([before.to_owned(), after.to_owned(), domain]),
            ..silent
        })
    }

    /// Answers by mail go nowhere.
    pub fn silent(host: &str) -> Self {
        let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let host: String = host.chars().filter(fits).collect();
        let host = if host.is_empty() {
            "localhost".to_owned()
        } else {
            host
        };
        Ways { reply: None, host }
    }

    /// Whether answers by mail arrive here.
    pub fn can_answer(&self) -> bool {
        self.reply.is_some()
    }

    /// Whether mail to this address is mail to us; not whether its token is good.
    pub fn is_ours(&self, address: &str) -> bool {
        self.inner(address).is_some()
    }

    fn inner(&self, address: &str) -> Option<String> {
        let [before, after, domain] = self.reply.as_ref()?;
        let address = address.trim().to_ascii_lowercase();
        let inner = address
            .strip_suffix(domain.as_str())?
            .strip_prefix(before.as_str())?
            .strip_suffix(after.as_str())?;
        Some(inner.to_owned())
    }
}

/// Where this participant answers; `None` when answers by mail go nowhere.
pub fn reply_address(
    world: &World,
    ways: &Ways,
    ticket: TicketId,
    participant: ParticipantId,
    generation: i64,
) -> Option<Email> {
    let [before, after, domain] = ways.reply.as_ref()?;
    let sign = world
        .sign(REPLY, &replier(ticket, participant, generation))
        .ok()?;
    let token = [participant.0.as_bytes().as_slice(), sign.get(..TAG)?].concat();
    Email::parse(&format!("{before}{}{after}{domain}", letters(&token))).ok()
}

/// The token in an address of ours, whoever wrote it there. Ask [`Token::is_of`] next.
pub fn read_reply_address(ways: &Ways, address: &str) -> Option<Token> {
    let bytes = bytes(&ways.inner(address)?)?;
    let (participant, tag) = bytes.split_first_chunk::<16>()?;
    Some(Token {
        participant: ParticipantId(Uuid::from_bytes(*participant)),
        tag: tag.try_into().ok()?,
    })
}

impl Token {
    /// Whether we gave it to this participant of this ticket and did not withdraw it; in constant time.
    pub fn is_of(&self, world: &World, ticket: TicketId, generation: i64) -> bool {
        let of = replier(ticket, self.participant, generation);
        world.is_signed(REPLY, &of, &self.tag)
    }
}

/// The id of the mail that brings this entry to this participant, with its angle brackets: the same at each try.
pub fn message_id(world: &World, ways: &Ways, of: Reference) -> Option<String> {
    let ids = of.bytes();
    let sign = world.sign(MESSAGE, &ids).ok()?;
    let local = letters(&[ids.as_slice(), sign.get(..TAG)?].concat());
    Some(format!("<{local}@{}>", ways.host))
}

/// What an id of a mail stands for, when it is one of ours; in constant time. What stands after the @ does not count, so
/// that ids outlive a move to another host.
pub fn read_message_id(world: &World, id: &str) -> Option<Reference> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let (local, _) = id.split_once('@')?;
    if local.len() != LOCAL {
        return None;
    }
    let bytes = bytes(local)?;
    let (ids, tag) = bytes.split_first_chunk::<48>()?;
    if tag.len() != TAG || !world.is_signed(MESSAGE, ids, tag) {
        return None;
    }
    let (ticket, rest) = ids.split_first_chunk::<16>()?;
    let (entry, rest) = rest.split_first_chunk::<16>()?;
    let (participant, _) = rest.split_first_chunk::<16>()?;
    Some(Reference {
        ticket: TicketId(Uuid::from_bytes(*ticket)),
        entry: EntryId(Uuid::from_bytes(*entry)),
        participant: ParticipantId(Uuid::from_bytes(*participant)),
    })
}

impl Reference {
    fn bytes(&self) -> Vec<u8> {
        [self.ticket.0, self.entry.0, self.participant.0]
            .iter()
            .flat_map(|id| *id.as_bytes())
            .collect()
    }
}

fn replier(ticket: TicketId, participant: ParticipantId, generation: i64) -> Vec<u8> {
    [
        ticket.0.as_bytes().as_slice(),
        participant.0.as_bytes(),
        &generation.to_be_bytes(),
    ]
    .concat()
}

/// Base 32 in small letters: what servers on the way do to the case of an address does it no harm.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

pub(super) fn letters(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(&mut out, held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(&mut out, held << (5 - bits));
    }
    out
}

fn push(out: &mut String, five: u32) {
    let at = usize::try_from(five & 31).unwrap_or(0);
    out.push(char::from(LETTERS.get(at).copied().unwrap_or(b'a')));
}

/// `None` for anything that [`letters`] did not write, but for the case.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    if text.len() > 2 * LOCAL {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let (mut held, mut bits) = (0u32, 0);
    for letter in text.bytes() {
        let five = match letter {
            b'a'..=b'z' => letter - b'a',
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        held = (held << 5) | u32::from(five);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 255).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    // the bits that fill up the last letter are empty, so that there is one spelling
    (bits < 5 && held == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Moment;
    use proptest::prelude::*;

    fn world(key: u8) -> World {
        World::system().with_key([key; 32])
    }

    fn ways() -> Ways {
        Ways::new(
            "Support+{token}@Nordlicht.example",
            "portal.nordlicht.example",
        )
        .unwrap()
    }

    fn ids() -> (TicketId, ParticipantId) {
        (
            TicketId(Uuid::from_u128(1)),
            ParticipantId(Uuid::from_u128(u128::MAX - 7)),
        )
    }

    #[test]
    fn sup_9_an_address_leads_back_to_who_got_it() {
        let (ticket, participant) = ids();
        let address = reply_address(&world(1), &ways(), ticket, participant, 3).unwrap();
        assert!(address.as_str().starts_with("support+"));
        assert!(address.as_str().ends_with("@nordlicht.example"));
        for spelling in [
            address.as_str().to_owned(),
            address.as_str().to_uppercase(),
            format!(" {address} "),
        ] {
            let token = read_reply_address(&ways(), &spelling).unwrap();
            assert_eq!(token.participant, participant);
            assert!(token.is_of(&world(1), ticket, 3));
        }
    }

    #[test]
    fn abuse_72_no_address_is_good_but_the_one_we_gave() {
        let (ticket, participant) = ids();
        let (world, ways) = (world(1), ways());
        let address = reply_address(&world, &ways, ticket, participant, 3).unwrap();
        let token = read_reply_address(&ways, address.as_str()).unwrap();
        let other = TicketId(Uuid::from_u128(2));
        assert!(!token.is_of(&world, other, 3), "another ticket");
        assert!(!token.is_of(&world, ticket, 4), "withdrawn");
        assert!(!token.is_of(&self::world(2), ticket, 3), "another key");
        let text = address.as_str();
        for at in "support+".len().."support+".len() + TOKEN {
            let mut changed = text.as_bytes().to_vec();
            changed[at] = if changed[at] == b'b' { b'c' } else { b'b' };
            let changed = String::from_utf8(changed).unwrap();
            let good = read_reply_address(&ways, &changed).is_some_and(|token| {
                token.participant == participant && token.is_of(&world, ticket, 3)
            });
            assert!(!good, "{changed}");
        }
        for none in [
            "support@nordlicht.example",
            "support+@nordlicht.example",
            "support+abc@nordlicht.example",
            "support+10001@nordlicht.example",
            &text.replace("nordlicht", "eve"),
            &text.replace("support+", "x+"),
            "",
            "@",
        ] {
            assert_eq!(read_reply_address(&ways, none), None, "{none}");
        }
        assert!(ways.is_ours("support+abc@nordlicht.example"));
        assert!(!ways.is_ours("support@nordlicht.example"));
    }

    #[test]
    fn sup_9_an_id_of_ours_is_known_again_and_no_other() {
        let (ticket, participant) = ids();
        let of = Reference {
            ticket,
            entry: EntryId(Uuid::from_u128(9)),
            participant,
        };
        let id = message_id(&world(1), &ways(), of).unwrap();
        assert!(mail::is_id(&id), "{id}");
        assert_eq!(read_message_id(&world(1), &id), Some(of));
        let moved = id.replace("portal.nordlicht", "neu.nordlicht");
        assert_eq!(read_message_id(&world(1), &moved), Some(of));
        assert_eq!(read_message_id(&world(2), &id), None);
        for at in 1..=LOCAL {
            let mut changed = id.clone().into_bytes();
            changed[at] = if changed[at] == b'b' { b'c' } else { b'b' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(read_message_id(&world(1), &changed), None);
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for (reply, expected) in [
            ("support@nordlicht.example", BadWays::Token),
            ("support+{token}", BadWays::Token),
            ("{token}", BadWays::Token),
            ("support@{token}.example", BadWays::Token),
            ("{token}@localhost", BadWays::Address),
            ("sup port{token}@nordlicht.example", BadWays::Address),
            (
                "a-prefix-of-twenty-20+{token}@nordlicht.example",
                BadWays::Address,
            ),
        ] {
            assert_eq!(Ways::new(reply, "h"), Err(expected), "{reply}");
        }
        assert!(!Ways::new("", "h").unwrap().can_answer());
        assert!(
            Ways::new("{token}@antwort.nordlicht.example", "h")
                .unwrap()
                .can_answer()
        );
        assert!(Ways::new("support+{token}@müller.example", "h").is_ok());
    }

    proptest! {
        #[test]
        fn letters_come_back(some: Vec<u8>) {
            prop_assume!(some.len() < 100);
            prop_assert_eq!(bytes(&letters(&some)), Some(some));
        }

        /// Headers of mails hold anything.
        #[test]
        fn anything_can_be_asked(text in any::<String>()) {
            let world = World::test(Moment::from_micros(0), 1);
            prop_assert_eq!(read_message_id(&world, &text), None);
            prop_assert_eq!(read_reply_address(&ways(), &text), None);
            let address = format!("support+{text}@nordlicht.example");
            if let Some(token) = read_reply_address(&ways(), &address) {
                prop_assert!(!token.is_of(&world, TicketId(Uuid::nil()), 0));
            }
        }
    }
}
