//! Threads of the past, for the demo and for measuring.

use super::{Author, Kind, NewTicket, Side, Ticket, TicketId, Written, act, store};
use db::Tx;
use kernel::{Actor, Ctx, CustomerId, Locale, Moment, StaffId, UserId, World};

/// What somebody did.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    Write(&'a str),
    /// For staff only.
    Note(&'a str),
    Close,
    Reopen,
}

/// One step of a thread, with who did it and when.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub at: Moment,
    pub by: Author<'a>,
    pub act: Act<'a>,
}

impl<'a> Step<'a> {
    pub fn user(at: Moment, user: UserId, name: &'a str, act: Act<'a>) -> Self {
        Step {
            at,
            by: Author {
                side: Side::Customer,
                id: Some(user.0),
                name,
            },
            act,
        }
    }
    pub fn staff(at: Moment, staff: StaffId, name: &'a str, act: Act<'a>) -> Self {
        Step {
            at,
            by: Author {
                side: Side::Staff,
                id: Some(staff.0),
                name,
            },
            act,
        }
    }
    /// Somebody who is not signed in.
    pub fn stranger(at: Moment, name: &'a str, act: Act<'a>) -> Self {
        Step {
            at,
            by: Author::stranger(name),
            act,
        }
    }
    fn ctx(&self, world: &World) -> Ctx {
        let actor = match (self.by.side, self.by.id) {
            (Side::Customer, Some(id)) => Actor::User(UserId(id)),
            (Side::Staff, Some(id)) => Actor::Staff(StaffId(id)),
            (_, None) => Actor::Guest,
        };
        Ctx {
            now: self.at,
            ..Ctx::new(world, actor, Locale::De)
        }
    }
}

/// Writes a thread as if it had happened, with its audit lines and without any mail. The first step must be a
/// text of the customer; without one nothing is written. Whoever wrote for the customer has seen all that came
/// before `seen`.
pub async fn thread(
    tx: &mut Tx,
    world: &World,
    customer: CustomerId,
    steps: &[Step<'_>],
    seen: Option<Moment>,
) -> db::Result<Option<TicketId>> {
    let Some((first, rest)) = steps.split_first() else {
        return Ok(None);
    };
    let Act::Write(text) = first.act else {
        return Ok(None);
    };
    let ctx = first.ctx(world);
    let new = act::message(&ctx, customer, first.by, text);
    let id = act::begin(tx, &ctx, Kind::Message, &new).await?.id;
    go_on(tx, world, id, rest).await?;
    if let (Some(at), Some(user)) = (seen, first.by.id) {
        store::seen(tx, customer, id, UserId(user), at).await?;
    }
    Ok(Some(id))
}

/// As [`thread`], for a ticket that was opened at `at`; `rest` is what came after.
pub async fn ticket(
    tx: &mut Tx,
    world: &World,
    at: Moment,
    new: &NewTicket<'_>,
    rest: &[Step<'_>],
    seen: Option<Moment>,
) -> db::Result<TicketId> {
    let by = new.first.author;
    let first = Step {
        at,
        by,
        act: Act::Close,
    };
    let ctx = first.ctx(world);
    let id = act::begin(tx, &ctx, Kind::Ticket, new).await?.id;
    go_on(tx, world, id, rest).await?;
    if let (Some(customer), Some(at), Some(user)) = (new.customer, seen, by.id) {
        store::seen(tx, customer, id, UserId(user), at).await?;
    }
    Ok(id)
}

/// Goes on with a thread of the past.
pub async fn more(tx: &mut Tx, world: &World, id: TicketId, steps: &[Step<'_>]) -> db::Result<()> {
    go_on(tx, world, id, steps).await
}

/// Somebody at the desk has had it for long.
pub async fn lies_with(tx: &mut Tx, id: TicketId, staff: StaffId, name: &str) -> db::Result<()> {
    crate::desk::store::assign(tx, id, Some((staff, name))).await
}

async fn go_on(tx: &mut Tx, world: &World, id: TicketId, steps: &[Step<'_>]) -> db::Result<()> {
    let mut ticket = store::any(tx, id).await?;
    for step in steps {
        go(tx, &step.ctx(world), &mut ticket, step).await?;
    }
    Ok(())
}

// nobody is told: it happened long ago
async fn go(tx: &mut Tx, ctx: &Ctx, ticket: &mut Ticket, step: &Step<'_>) -> db::Result<()> {
    let by = step.by;
    match step.act {
        Act::Write(text) => {
            let written = Written::typed(by, text);
            act::put(tx, ctx, ticket, &written).await.map(drop)
        }
        Act::Note(text) => {
            let written = Written {
                internal: true,
                ..Written::typed(by, text)
            };
            act::put(tx, ctx, ticket, &written).await.map(drop)
        }
        Act::Close => act::shut(tx, ctx, ticket, by).await.map(drop),
        Act::Reopen => act::turn_back(tx, ctx, ticket, by).await.map(drop),
    }
}
