//! Threads of the past, for the demo and for measuring.

use super::{Author, Side, Ticket, TicketId, store};
use db::Tx;
use kernel::{Actor, Ctx, CustomerId, Locale, Moment, StaffId, UserId, World};

/// What somebody did.
#[derive(Debug, Clone, Copy)]
pub enum Act<'a> {
    Write(&'a str),
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
                id: user.0,
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
                id: staff.0,
                name,
            },
            act,
        }
    }
    fn ctx(&self, world: &World) -> Ctx {
        let actor = match self.by.side {
            Side::Customer => Actor::User(UserId(self.by.id)),
            Side::Staff => Actor::Staff(StaffId(self.by.id)),
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
    let id = super::open(tx, &first.ctx(world), customer, first.by, text).await?;
    let mut ticket = store::one(tx, customer, id).await?;
    for step in rest {
        go(tx, &step.ctx(world), &mut ticket, step).await?;
    }
    if let Some(at) = seen {
        store::seen(tx, customer, id, UserId(first.by.id), at).await?;
    }
    Ok(Some(id))
}

async fn go(tx: &mut Tx, ctx: &Ctx, ticket: &mut Ticket, step: &Step<'_>) -> db::Result<()> {
    match (step.act, step.by.side) {
        (Act::Write(text), Side::Customer) => super::reply(tx, ctx, ticket, step.by, text).await,
        (Act::Write(text), Side::Staff) => super::answer(tx, ctx, ticket, step.by, text).await,
        (Act::Close, _) => super::close(tx, ctx, ticket, step.by).await,
        (Act::Reopen, _) => super::reopen(tx, ctx, ticket, step.by).await,
    }
}
