//! Mails of tickets: what is written there goes to everybody who takes part, and their answers find the way back.
//!
//! Here: whom a text goes to ([`post`]), the marks by which answers find their thread ([`address`]), mails that came back
//! ([`bounce`]), taking over what was asked before there was an account ([`earlier`]). Not here: what comes in.

mod address;
pub mod bounce;
pub mod earlier;
mod mails;
mod paper;
mod post;
mod store;

pub use address::{
    BadWays, Reference, Token, Ways, message_id, read_message_id, read_reply_address, reply_address,
};
pub use bounce::{bounced, reachable};
pub use post::{acknowledge, came_from};

use crate::ticket::people::{self, Participant};
use crate::ticket::{ParticipantId, TicketId};
use db::Tx;
use kernel::{Ctx, World};
use std::sync::Arc;
use web::{App, Module};

/// The jobs, pages and mails of this folder.
pub fn part(module: Module) -> Module {
    let module = module
        .texts(
            include_str!("../../texts/outbound.de.ftl"),
            include_str!("../../texts/outbound.en.ftl"),
        )
        .mail::<mails::Answer>()
        .mail::<mails::Arrived>()
        .mail::<mails::Joined>()
        .jobs(|registry| bounce::jobs(post::jobs(registry)));
    paper::add(earlier::portal::add(bounce::add(module)))
}

/// How answers come back, as configured; without configuration they do not.
pub fn ways(app: &App) -> Arc<Ways> {
    app.state::<Ways>().unwrap_or_else(|| {
        let host = host(&app.settings().public_url);
        Arc::new(Ways::silent(host))
    })
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split([':', '/']).next().unwrap_or_default()
}

/// Who answers, if the address is one that we gave and did not withdraw. When tickets have been merged since, it is the
/// one that they became, and who they are there.
pub async fn replier(
    tx: &mut Tx,
    world: &World,
    ways: &Ways,
    address: &str,
) -> db::Result<Option<(TicketId, Participant)>> {
    let Some(token) = read_reply_address(ways, address) else {
        return Ok(None);
    };
    let Some(ticket) = store::ticket_of(tx, token.participant).await? else {
        return Ok(None);
    };
    let Some(one) = people::one(tx, ticket, token.participant).await? else {
        return Ok(None);
    };
    if people::is_past_contact(tx, one.id).await? {
        return Ok(None);
    }
    // whoever came here with a merged ticket got the address there
    let mut given = vec![ticket];
    given.extend(store::tickets_of_mails(tx, one.id).await?);
    if !given
        .iter()
        .any(|id| token.is_of(world, *id, one.generation))
    {
        return Ok(None);
    }
    let now = current(tx, ticket).await?;
    if now == ticket {
        return Ok(Some((ticket, one)));
    }
    let same = same(tx, now, &one).await?;
    Ok(Some((now, same.unwrap_or(one))))
}

/// As whom this participant of a ticket takes part in the one it was merged into; `None` when they do not.
pub async fn taken_along(
    tx: &mut Tx,
    into: TicketId,
    participant: ParticipantId,
) -> db::Result<Option<ParticipantId>> {
    let Some(ticket) = store::ticket_of(tx, participant).await? else {
        return Ok(None);
    };
    if ticket == into {
        return Ok(Some(participant));
    }
    match people::one(tx, ticket, participant).await? {
        Some(one) => Ok(same(tx, into, &one).await?.map(|same| same.id)),
        None => Ok(None),
    }
}

/// The same person in another thread.
async fn same(tx: &mut Tx, ticket: TicketId, one: &Participant) -> db::Result<Option<Participant>> {
    let there = people::all(tx, ticket).await?;
    Ok(there.into_iter().find(|other| {
        (other.user_id.is_some() && other.user_id == one.user_id)
            || (other.email.is_some() && other.email == one.email)
    }))
}

/// What an id of a mail leads to, when it is one of ours: the ticket in which that entry stands today, and whom the mail
/// was for. `None` for ids of others, and when all of it is gone.
pub async fn referred(
    tx: &mut Tx,
    world: &World,
    id: &str,
) -> db::Result<Option<(TicketId, ParticipantId)>> {
    let Some(of) = read_message_id(world, id) else {
        return Ok(None);
    };
    let Some(ticket) = store::ticket_of_entry(tx, of.entry, of.ticket).await? else {
        return Ok(None);
    };
    Ok(Some((current(tx, ticket).await?, of.participant)))
}

/// The ticket that this one was merged into, and so on.
async fn current(tx: &mut Tx, ticket: TicketId) -> db::Result<TicketId> {
    let mut now = ticket;
    for _ in 0..MERGES {
        match store::merged_into(tx, now).await? {
            Some(next) => now = next,
            None => break,
        }
    }
    Ok(now)
}

/// So many merges one after another are followed.
const MERGES: usize = 8;

/// Sends the newest answers to guests, for a demo whose threads were written without any mail.
pub async fn tell_guests(tx: &mut Tx, ctx: &Ctx, most: i64) -> db::Result<()> {
    for (ticket, entry) in store::answers_to_guests(tx, most).await? {
        let event = jobs::Event::new(crate::ticket::WRITTEN, ticket, entry);
        jobs::emit(tx, ctx, event).await?;
    }
    Ok(())
}

/// The addresses given to this participant so far are good no more.
pub async fn withdraw(tx: &mut Tx, ticket: TicketId, participant: ParticipantId) -> db::Result<()> {
    store::raise_generation(tx, ticket, participant).await
}
