//! Tickets: what somebody wants from us, as a thread. A message of the portal is a ticket of kind [`Kind::Message`].
//!
//! Here: the states and the verbs. A verb writes the thread, moves the state and leaves an audit line.

pub mod queue;
pub mod seed;
pub mod store;

use customers::{member, rights};
use db::{Tx, audit};
use kernel::{Actor, Ctx, CustomerId, Moment, Uuid, subject_of};
use serde::Serialize;

kernel::typed_id!(
    /// A thread between a customer and us.
    TicketId
);
kernel::typed_id!(
    /// One entry of a thread.
    EntryId
);
kernel::typed_id!(
    /// Somebody who takes part in a thread.
    ParticipantId
);

/// Tickets are numbered from here.
const FIRST_NUMBER: i64 = 10_001;

kernel::words! {
    pub enum Kind {
        Message = "message",
        Ticket = "ticket",
    }
}
kernel::words! {
    pub enum State {
        /// Nobody has answered yet.
        New = "new",
        /// The customer wrote last, after an answer.
        Open = "open",
        /// We wrote last.
        Waiting = "waiting",
        Closed = "closed",
    }
}
kernel::words! {
    /// How something came in.
    pub enum Channel {
        Portal = "portal",
        Mail = "mail",
        Desk = "desk",
    }
}
kernel::words! {
    /// Whether it is certain that the author wrote it; a signed-in person is proof.
    pub enum Proof {
        Proven = "proven",
        Unproven = "unproven",
        Failed = "failed",
    }
}
kernel::words! {
    pub enum Side {
        Customer = "customer",
        Staff = "staff",
    }
}
kernel::words! {
    /// What an entry is.
    pub enum What {
        Text = "text",
        Closed = "closed",
        Reopened = "reopened",
    }
}

kernel::row! {
    #[derive(Debug, Clone, PartialEq, Serialize)]
    pub struct Ticket {
        pub id: TicketId,
        pub number: i64,
        pub customer_id: Option<CustomerId>,
        pub subject: String,
        pub state: State,
        pub requester_name: String,
        pub opened_at: Moment,
        pub last_at: Moment,
        pub last_by: Side,
        pub answered_at: Option<Moment>,
        pub waiting_since: Option<Moment>,
        pub closed_at: Option<Moment>,
        // how many entries the thread has
        pub entries: i64,
    }
}

/// Who writes or acts, with the name the thread keeps.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    pub side: Side,
    pub id: Uuid,
    pub name: &'a str,
}

impl<'a> Author<'a> {
    /// The person of `ctx`; `None` for guests and the system, who do not write.
    pub fn of(ctx: &Ctx, name: &'a str) -> Option<Self> {
        match ctx.actor {
            Actor::User(user) => Some(Author {
                side: Side::Customer,
                id: user.0,
                name,
            }),
            Actor::Staff(staff) => Some(Author {
                side: Side::Staff,
                id: staff.0,
                name,
            }),
            Actor::Guest | Actor::System => None,
        }
    }
}

impl Ticket {
    /// Whether something was added since somebody saw the thread with so many entries.
    pub fn moved_on(&self, seen: i64) -> bool {
        self.entries > seen
    }

    pub fn is_closed(&self) -> bool {
        self.state == State::Closed
    }

    fn written(&mut self, side: Side, now: Moment) {
        self.closed_at = None;
        self.last_at = now;
        self.last_by = side;
        match side {
            Side::Customer => {
                if self.state != State::New {
                    self.state = State::Open;
                }
                self.waiting_since = self.waiting_since.or(Some(now));
            }
            Side::Staff => {
                self.state = State::Waiting;
                self.waiting_since = None;
                self.answered_at = Some(now);
            }
        }
    }

    fn closed(&mut self, now: Moment) {
        self.state = State::Closed;
        self.waiting_since = None;
        self.closed_at = Some(now);
    }

    // whoever wrote last decides who is to write next
    fn reopened(&mut self, now: Moment) {
        self.closed_at = None;
        (self.state, self.waiting_since) = match self.last_by {
            Side::Customer => (State::Open, Some(now)),
            Side::Staff => (State::Waiting, None),
        };
    }
}

/// A new message of a customer (SUP-8). Its subject is cut from the text, which is kept as it was typed.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    author: Author<'_>,
    text: &str,
) -> db::Result<TicketId> {
    let mut ticket = Ticket {
        id: ctx.id(),
        number: db::next_number(tx, "ticket", FIRST_NUMBER).await?,
        customer_id: Some(customer),
        subject: subject_of(text),
        state: State::New,
        requester_name: author.name.to_owned(),
        opened_at: ctx.now,
        last_at: ctx.now,
        last_by: author.side,
        answered_at: None,
        waiting_since: Some(ctx.now),
        closed_at: None,
        entries: 0,
    };
    store::insert(tx, &ticket, Kind::Message, Channel::Portal, author.id).await?;
    store::add_participant(tx, ctx, &ticket, author, "requester").await?;
    add(tx, ctx, &mut ticket, author, What::Text, text).await?;
    store::save(tx, &ticket).await?;
    note(tx, ctx, &ticket, "message.written").await?;
    Ok(ticket.id)
}

/// The customer writes on; a closed thread is open again.
pub async fn reply(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    text: &str,
) -> db::Result<()> {
    if ticket.is_closed() {
        reopen(tx, ctx, ticket, author).await?;
    }
    store::add_participant(tx, ctx, ticket, author, "participant").await?;
    ticket.written(Side::Customer, ctx.now);
    add(tx, ctx, ticket, author, What::Text, text).await?;
    store::save(tx, ticket).await?;
    note(tx, ctx, ticket, "message.written").await
}

/// Staff answers; a closed thread is open again.
pub async fn answer(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    text: &str,
) -> db::Result<()> {
    if ticket.is_closed() {
        reopen(tx, ctx, ticket, author).await?;
    }
    ticket.written(Side::Staff, ctx.now);
    add(tx, ctx, ticket, author, What::Text, text).await?;
    store::save(tx, ticket).await?;
    if let Some(customer) = ticket.customer_id {
        for user in member::who_may(tx, customer, rights::MESSAGES).await? {
            store::add_unread(tx, customer, ticket.id, user, ctx.now).await?;
        }
    }
    note(tx, ctx, ticket, "message.answered").await
}

/// Nothing more is to be done. A closed thread stays as it is.
pub async fn close(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
) -> db::Result<()> {
    if ticket.is_closed() {
        return Ok(());
    }
    ticket.closed(ctx.now);
    add(tx, ctx, ticket, author, What::Closed, "").await?;
    store::save(tx, ticket).await?;
    note(tx, ctx, ticket, "message.closed").await
}

/// Takes the closing back. An open thread stays as it is.
pub async fn reopen(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
) -> db::Result<()> {
    if !ticket.is_closed() {
        return Ok(());
    }
    ticket.reopened(ctx.now);
    add(tx, ctx, ticket, author, What::Reopened, "").await?;
    store::save(tx, ticket).await?;
    note(tx, ctx, ticket, "message.reopened").await
}

async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    what: What,
    text: &str,
) -> db::Result<()> {
    ticket.entries += 1;
    let channel = match author.side {
        Side::Customer => Channel::Portal,
        Side::Staff => Channel::Desk,
    };
    store::add_entry(tx, ctx, ticket, author, what, channel, text).await
}

async fn note(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, act: &'static str) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: ticket.customer_id,
        subject: "message",
        subject_id: ticket.id.to_string(),
        detail: serde_json::json!({ "number": ticket.number, "entry": ticket.entries }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ticket() -> Ticket {
        Ticket {
            id: TicketId(Uuid::nil()),
            number: 1,
            customer_id: None,
            subject: String::new(),
            state: State::New,
            requester_name: String::new(),
            opened_at: Moment::from_micros(0),
            last_at: Moment::from_micros(0),
            last_by: Side::Customer,
            answered_at: None,
            waiting_since: Some(Moment::from_micros(0)),
            closed_at: None,
            entries: 1,
        }
    }

    #[test]
    fn sup_8_a_second_message_before_the_answer_keeps_the_first_waiting_time() {
        let mut ticket = ticket();
        ticket.written(Side::Customer, Moment::from_micros(5));
        assert_eq!(ticket.state, State::New);
        assert_eq!(ticket.waiting_since, Some(Moment::from_micros(0)));
        ticket.written(Side::Staff, Moment::from_micros(6));
        assert_eq!(ticket.state, State::Waiting);
        ticket.written(Side::Customer, Moment::from_micros(7));
        assert_eq!(ticket.state, State::Open);
        assert_eq!(ticket.waiting_since, Some(Moment::from_micros(7)));
    }

    #[test]
    fn sup_8_taking_the_closing_back_gives_the_turn_to_whom_it_had() {
        let mut ticket = ticket();
        ticket.closed(Moment::from_micros(1));
        ticket.reopened(Moment::from_micros(2));
        assert_eq!(ticket.state, State::Open);
        ticket.written(Side::Staff, Moment::from_micros(3));
        ticket.closed(Moment::from_micros(4));
        ticket.reopened(Moment::from_micros(5));
        assert_eq!(ticket.state, State::Waiting);
    }

    proptest! {
        #[test]
        fn sup_8_the_state_always_says_who_is_to_act(acts in prop::collection::vec(0u8..4, 0..40)) {
            let mut ticket = ticket();
            for (at, act) in (1i64..).zip(acts) {
                let now = Moment::from_micros(at);
                match act {
                    0 => ticket.written(Side::Customer, now),
                    1 => ticket.written(Side::Staff, now),
                    2 if !ticket.is_closed() => ticket.closed(now),
                    3 if ticket.is_closed() => ticket.reopened(now),
                    _ => {}
                }
                let ours = matches!(ticket.state, State::New | State::Open);
                prop_assert_eq!(ticket.waiting_since.is_some(), ours);
                prop_assert_eq!(ticket.closed_at.is_some(), ticket.is_closed());
                prop_assert_eq!(ticket.state == State::New, ticket.state == State::New && ticket.answered_at.is_none());
            }
        }
    }
}
