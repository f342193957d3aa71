//! Tickets: what somebody wants from us, as a thread. A message of the portal is a ticket of kind [`Kind::Message`].
//!
//! Here: the states and how they move. [`act`] has the verbs: each writes the thread, moves the state, leaves an audit
//! line and tells the others. [`people`] says who takes part, [`department`] whom a ticket is for.

mod act;
pub mod department;
pub mod held;
pub mod people;
pub mod seed;
pub mod store;

pub use act::{
    CHANGED, Details, NewTicket, Opened, WRITTEN, Written, answer, close, edit_details, event,
    open, open_ticket, owner, reopen, reply, write,
};
pub use department::Department;
pub use people::{Added, Participant, Role, add_person, remove_person};

use kernel::{Actor, Ctx, CustomerId, Email, Moment, StaffId, Uuid};
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
    /// How soon something must be looked at.
    pub enum Priority {
        Low = "low",
        Normal = "normal",
        High = "high",
        /// An emergency; never chosen on a form for tickets, nor by a mail.
        Critical = "critical",
    }
}
kernel::words! {
    /// How something came in.
    pub enum Channel {
        Portal = "portal",
        Mail = "mail",
        Desk = "desk",
        /// The form for guests.
        Form = "form",
    }
}
kernel::words! {
    /// Whether it is certain that the author wrote it; a signed-in person is proof.
    pub enum Proof {
        Proven = "proven",
        Unproven = "unproven",
        Failed = "failed",
        /// Nothing proves it, and staff has not decided yet: kept apart from what all see.
        Held = "held",
        /// Nothing proved it; staff took it for theirs.
        Accepted = "accepted",
    }
}
kernel::words! {
    pub enum Side {
        Customer = "customer",
        Staff = "staff",
    }
}
kernel::words! {
    /// What an entry is. All but texts are events: a line `message-event-WORD` between the texts, whose `text` is one
    /// word or name that the line shows (`what`), in two lines where German and English differ.
    pub enum What {
        Text = "text",
        Closed = "closed",
        Reopened = "reopened",
        Subject = "subject",
        Department = "department",
        Priority = "priority",
        Joined = "joined",
        Left = "left",
        SecretAdded = "secret-added",
        SecretOpened = "secret-opened",
        SecretWiped = "secret-wiped",
        Raised = "raised",
        Lowered = "lowered",
        Acknowledged = "acknowledged",
        /// All of it went into another ticket.
        Merged = "merged",
        /// Entries came from another ticket.
        Came = "came",
        /// Entries went to another ticket.
        Parted = "parted",
    }
}

kernel::row! {
    #[derive(Debug, Clone, PartialEq, Serialize)]
    pub struct Ticket {
        pub id: TicketId,
        pub number: i64,
        pub customer_id: Option<CustomerId>,
        pub kind: Kind,
        pub subject: String,
        pub state: State,
        pub department: String,
        pub priority: Priority,
        pub requester_name: String,
        // of guests and of mails from nobody known
        pub requester_email: Option<Email>,
        pub company: Option<String>,
        // what a guest typed as customer number: it proves nothing
        pub claimed_number: Option<String>,
        pub opened_at: Moment,
        pub last_at: Moment,
        pub last_by: Side,
        pub answered_at: Option<Moment>,
        pub waiting_since: Option<Moment>,
        pub closed_at: Option<Moment>,
        pub assignee_id: Option<StaffId>,
        // until when an answer is promised
        pub due_at: Option<Moment>,
        pub merged_into: Option<TicketId>,
        // which emergency made it critical
        pub emergency: Option<String>,
        // how many entries the thread has
        pub entries: i64,
        // how many files hang on them
        pub files: i64,
    }
}

/// Who writes or acts, with the name the thread keeps. Guests and senders of mails have no id.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    pub side: Side,
    pub id: Option<Uuid>,
    pub name: &'a str,
}

impl<'a> Author<'a> {
    /// The person of `ctx`; `None` for guests and the system, who have no id.
    pub fn of(ctx: &Ctx, name: &'a str) -> Option<Self> {
        match ctx.actor {
            Actor::User(user) => Some(Author {
                side: Side::Customer,
                id: Some(user.0),
                name,
            }),
            Actor::Staff(staff) => Some(Author {
                side: Side::Staff,
                id: Some(staff.0),
                name,
            }),
            Actor::Guest | Actor::System => None,
        }
    }

    /// Somebody who is not signed in, by the name they gave.
    pub fn stranger(name: &'a str) -> Self {
        Author {
            side: Side::Customer,
            id: None,
            name,
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ticket() -> Ticket {
        Ticket {
            id: TicketId(Uuid::nil()),
            number: 1,
            customer_id: None,
            kind: Kind::Message,
            subject: String::new(),
            state: State::New,
            department: "support".into(),
            priority: Priority::Normal,
            requester_name: String::new(),
            requester_email: None,
            company: None,
            claimed_number: None,
            opened_at: Moment::from_micros(0),
            last_at: Moment::from_micros(0),
            last_by: Side::Customer,
            answered_at: None,
            waiting_since: Some(Moment::from_micros(0)),
            closed_at: None,
            assignee_id: None,
            due_at: None,
            merged_into: None,
            emergency: None,
            entries: 1,
            files: 0,
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
