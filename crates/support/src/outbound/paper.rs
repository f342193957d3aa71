//! Files of a text, for those who have no account: a link in the mail, for one reader, one file and some weeks.

use super::address::{bytes, letters};
use super::store;
use crate::ticket::people::{self, Participant};
use crate::ticket::{ParticipantId, TicketId};
use files::FileId;
use kernel::{Moment, Secret, Uuid, World};
use mail::Slot;
use std::time::Duration;
use web::{Access, Error, Guest, Module, Param, Path1, Reader, Result};

/// Where such a link leads.
pub const FILE: Path1 = Path1::new("/ticket-datei/{token}");

/// So long a link is good.
const GOOD_FOR: Duration = Duration::from_secs(30 * 24 * 3600);
const USE: &str = "link to a file";
const TAG: usize = 12;

/// One for each file that a text can have.
const SLOTS: [&str; 10] = [
    "file-1", "file-2", "file-3", "file-4", "file-5", "file-6", "file-7", "file-8", "file-9",
    "file-10",
];

pub(super) fn add(module: Module) -> Module {
    module.get(FILE, Access::open(), show)
}

/// The link to the file at this place of the list; `None` for more files than there are places.
pub(super) fn slot(
    world: &World,
    now: Moment,
    ticket: TicketId,
    to: &Participant,
    at: usize,
    file: FileId,
    origin: &str,
) -> Option<Slot> {
    let expires = now + GOOD_FOR;
    let seconds = u32::try_from(expires.micros() / 1_000_000).ok()?;
    let sign = world
        .sign(USE, &signed(ticket, to.id, to.generation, file, seconds))
        .ok()?;
    let token = [
        to.id.0.as_bytes().as_slice(),
        file.0.as_bytes(),
        &seconds.to_be_bytes(),
        sign.get(..TAG)?,
    ]
    .concat();
    Some(Slot {
        name: SLOTS.get(at)?,
        value: Secret::new(format!("{origin}{}", FILE.to(letters(&token)))),
        expires: Some(expires),
    })
}

fn signed(
    ticket: TicketId,
    participant: ParticipantId,
    generation: i64,
    file: FileId,
    expires: u32,
) -> Vec<u8> {
    [
        ticket.0.as_bytes().as_slice(),
        participant.0.as_bytes(),
        &generation.to_be_bytes(),
        file.0.as_bytes(),
        &expires.to_be_bytes(),
    ]
    .concat()
}

struct Link {
    participant: ParticipantId,
    file: FileId,
    expires: u32,
    tag: Vec<u8>,
}

fn read(token: &str) -> Option<Link> {
    let bytes = bytes(token)?;
    let (participant, rest) = bytes.split_first_chunk::<16>()?;
    let (file, rest) = rest.split_first_chunk::<16>()?;
    let (expires, tag) = rest.split_first_chunk::<4>()?;
    (tag.len() == TAG).then(|| Link {
        participant: ParticipantId(Uuid::from_bytes(*participant)),
        file: FileId(Uuid::from_bytes(*file)),
        expires: u32::from_be_bytes(*expires),
        tag: tag.to_vec(),
    })
}

/// The file, while whoever got the link takes part and may see the entry it hangs on. What is wrong is not told.
async fn show(cx: Guest, Param(token): Param<String>) -> Result {
    let link = read(&token).ok_or(Error::NotFound)?;
    let mut tx = cx.read().await?;
    let ticket = store::ticket_of(&mut tx, link.participant).await?;
    let ticket = ticket.ok_or(Error::NotFound)?;
    let reader = people::one(&mut tx, ticket, link.participant).await?;
    let reader = reader.ok_or(Error::NotFound)?;
    let mut given = vec![ticket];
    given.extend(store::tickets_of_mails(&mut tx, reader.id).await?);
    let good = given.iter().any(|id| {
        let of = signed(*id, reader.id, reader.generation, link.file, link.expires);
        cx.ctx.world.is_signed(USE, &of, &link.tag)
    });
    if !good || !store::sees_file(&mut tx, reader.id, link.file).await? {
        return Err(Error::NotFound);
    }
    let file = files::one(&mut tx, link.file).await?;
    let file = file.ok_or(Error::NotFound)?;
    drop(tx);
    let over = i64::from(link.expires) * 1_000_000 <= cx.ctx.now.micros();
    if over {
        // whoever could still have it is told how to get it
        return Err(Error::Withheld("file-late"));
    }
    cx.send_file(&file, Reader::Customer).await
}
