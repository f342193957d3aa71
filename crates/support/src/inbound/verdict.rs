//! Which ticket a mail belongs to, and what is done with it: pure rules over what was looked up, in a fixed order, so that
//! each verdict can be explained.

use crate::ticket::{ParticipantId, Proof, TicketId};
use kernel::{CustomerId, Email, UserId};
use serde::{Deserialize, Serialize};

kernel::words! {
    /// How a mail found its thread.
    pub enum Way {
        /// Sent to an address that we gave to one participant.
        Token = "token",
        /// It answers a mail of ours.
        Answer = "answer",
        /// It answers a mail that stands in the thread.
        Known = "known",
        /// The number stands in the subject, and the sender takes part.
        Number = "number",
        /// Staff put it there.
        Staff = "staff",
        /// It opened the thread.
        New = "new",
    }
}
kernel::words! {
    /// Why a mail that points to a thread did not get there.
    pub enum But {
        /// The sender does not take part.
        Stranger = "stranger",
        /// Nothing proves that the sender is who they say.
        Unproven = "unproven",
        /// It was forwarded: what it answers is not what it is about.
        Forward = "forward",
        /// It is a message: these are answered in the portal.
        Message = "message",
    }
}

/// Who takes part in a candidate, as far as the sender goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub id: ParticipantId,
    pub user: Option<UserId>,
}

/// A thread that the mail points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub ticket: TicketId,
    pub number: i64,
    pub way: Way,
    /// Messages take no mails.
    pub takes_mail: bool,
    /// The sender, if they take part.
    pub sender: Option<Part>,
    /// Whom the mark was given to: of a token and of a mail of ours.
    pub given_to: Option<ParticipantId>,
}

/// Everything the rules look at.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// In the order of [`Way`]; the first that fits wins.
    pub candidates: Vec<Candidate>,
    pub proven: bool,
    pub failed: bool,
    pub forward: bool,
    /// Sent by ourselves.
    pub own: bool,
    pub hops: usize,
    /// Why no machine may answer.
    pub silent: bool,
    /// A foreign service asks whether our address is theirs.
    pub verification: bool,
    /// The address is paused.
    pub paused: bool,
    /// Staff said that it is to be taken.
    pub forced: bool,
    /// Within the last hour, this one left out.
    pub all: i64,
    pub machines: i64,
    pub opened: i64,
    pub same: i64,
}

/// More servers than this on the way are a loop.
pub const HOPS: usize = 50;
/// Within an hour, from one address: mails of machines, new tickets, the same words, mails at all.
pub const MACHINES: i64 = 10;
pub const OPENED: i64 = 10;
pub const SAME: i64 = 3;
pub const ALL: i64 = 60;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Meant for nobody.
    Drop(&'static str),
    /// Staff looks at it. `pause`: and whatever comes from there for a while.
    Hold { reason: &'static str, pause: bool },
    Join {
        ticket: TicketId,
        as_part: Part,
        way: Way,
        /// A machine's: the thread stays as it is.
        quiet: bool,
        /// Nothing proves who sent it: it is kept apart there.
        apart: bool,
    },
    /// A new ticket; what it may belong to is told to staff.
    Open { maybe: Vec<(i64, Way, But)> },
}

/// The rules.
pub fn judge(facts: &Facts) -> Plan {
    let hold = |reason| Plan::Hold {
        reason,
        pause: false,
    };
    let breaker = |reason| Plan::Hold {
        reason,
        pause: true,
    };
    if facts.own {
        return Plan::Drop("own");
    }
    if !facts.forced {
        if facts.hops > HOPS {
            return hold("loop");
        }
        if facts.failed {
            return hold("failed");
        }
        if facts.paused {
            return hold("paused");
        }
    }
    let mut maybe = Vec::new();
    let mut join = None;
    for candidate in &facts.candidates {
        match fits(candidate, facts) {
            Ok(part) => {
                join = Some((candidate, part));
                break;
            }
            Err(but) => {
                if !maybe
                    .iter()
                    .any(|(number, _, _)| *number == candidate.number)
                    && maybe.len() < 5
                {
                    maybe.push((candidate.number, candidate.way, but));
                }
            }
        }
    }
    if facts.verification && join.is_none() && !facts.forced {
        return hold("verification");
    }
    if !facts.forced {
        if facts.same >= SAME {
            return breaker("repeated");
        }
        if facts.silent && facts.machines >= MACHINES {
            return breaker("machines");
        }
        if facts.all >= ALL {
            return breaker("flood");
        }
        if join.is_none() && facts.opened >= OPENED {
            return hold("many");
        }
    }
    match join {
        Some((candidate, as_part)) => Plan::Join {
            ticket: candidate.ticket,
            as_part,
            way: candidate.way,
            quiet: facts.silent,
            apart: !facts.proven,
        },
        None => Plan::Open { maybe },
    }
}

/// As whom the mail joins this thread, or why it does not.
fn fits(candidate: &Candidate, facts: &Facts) -> Result<Part, But> {
    if !candidate.takes_mail {
        return Err(But::Message);
    }
    let Some(sender) = candidate.sender else {
        return Err(But::Stranger);
    };
    // what is forwarded answers one thing and is about another
    if facts.forward && candidate.way != Way::Token {
        return Err(But::Forward);
    }
    if facts.proven {
        return Ok(sender);
    }
    match candidate.way {
        // nobody else was ever told this mark; even so it is kept apart until staff has read it
        Way::Token | Way::Answer if candidate.given_to == Some(sender.id) => Ok(sender),
        _ => Err(But::Unproven),
    }
}

/// What the desk is told of how a mail came where it is; stored with the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub way: String,
    pub proof: String,
    /// The address that the mail says it is from.
    pub from: String,
    /// Numbers of tickets that it points to, with how and why not.
    #[serde(default)]
    pub maybe: Vec<(i64, String, String)>,
    /// Why a machine is thought to have written it.
    #[serde(default)]
    pub machine: Option<String>,
    /// What is not shown of it.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Where answers were to go, when that is another domain.
    #[serde(default)]
    pub answers_to: Option<String>,
}

/// Whose ticket a new one is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opener {
    pub customer: Option<CustomerId>,
    pub user: Option<UserId>,
    pub name: String,
    pub email: Option<Email>,
}

pub(super) fn proof(of: intake::Proof) -> Proof {
    match of {
        intake::Proof::Proven => Proof::Proven,
        intake::Proof::Unproven => Proof::Unproven,
        intake::Proof::Failed => Proof::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Uuid;

    const SENDER: Part = Part {
        id: ParticipantId(Uuid::from_u128(1)),
        user: None,
    };
    const OTHER: ParticipantId = ParticipantId(Uuid::from_u128(2));

    fn candidate(way: Way) -> Candidate {
        Candidate {
            ticket: TicketId(Uuid::from_u128(10)),
            number: 10_001,
            way,
            takes_mail: true,
            sender: Some(SENDER),
            given_to: matches!(way, Way::Token | Way::Answer).then_some(SENDER.id),
        }
    }

    fn facts(way: Way, proven: bool) -> Facts {
        Facts {
            candidates: vec![candidate(way)],
            proven,
            ..Facts::default()
        }
    }

    fn joins(facts: &Facts) -> Option<Way> {
        match judge(facts) {
            Plan::Join { way, .. } => Some(way),
            _ => None,
        }
    }

    fn why_not(facts: &Facts) -> Option<But> {
        match judge(facts) {
            Plan::Open { maybe } => maybe.first().map(|(_, _, but)| *but),
            _ => None,
        }
    }

    #[test]
    fn sup_9_a_proven_participant_joins_by_every_way() {
        for way in [Way::Token, Way::Answer, Way::Known, Way::Number] {
            assert_eq!(joins(&facts(way, true)), Some(way));
        }
    }

    #[test]
    fn sup_9_an_unproven_one_joins_only_by_what_only_they_were_told_and_apart() {
        for way in [Way::Token, Way::Answer] {
            assert_eq!(joins(&facts(way, false)), Some(way));
            let mut told_another = facts(way, false);
            told_another.candidates[0].given_to = Some(OTHER);
            assert_eq!(why_not(&told_another), Some(But::Unproven));
            for proven in [true, false] {
                assert!(
                    matches!(judge(&facts(way, proven)), Plan::Join { apart, .. } if apart != proven)
                );
            }
        }
        for way in [Way::Known, Way::Number] {
            assert_eq!(why_not(&facts(way, false)), Some(But::Unproven));
        }
    }

    #[test]
    fn abuse_72_a_stranger_joins_nothing_whatever_the_mail_names() {
        for way in [Way::Token, Way::Answer, Way::Known, Way::Number] {
            for proven in [true, false] {
                let mut stranger = facts(way, proven);
                stranger.candidates[0].sender = None;
                assert_eq!(why_not(&stranger), Some(But::Stranger), "{way:?} {proven}");
            }
        }
    }

    #[test]
    fn sup_9_a_forward_joins_only_by_the_address() {
        for way in [Way::Answer, Way::Known, Way::Number] {
            let forward = Facts {
                forward: true,
                ..facts(way, true)
            };
            assert_eq!(why_not(&forward), Some(But::Forward));
        }
        let forward = Facts {
            forward: true,
            ..facts(Way::Token, true)
        };
        assert_eq!(joins(&forward), Some(Way::Token));
    }

    #[test]
    fn sup_9_messages_take_no_mails() {
        let mut message = facts(Way::Number, true);
        message.candidates[0].takes_mail = false;
        assert_eq!(why_not(&message), Some(But::Message));
    }

    #[test]
    fn sup_9_the_first_way_that_fits_wins() {
        let mut both = facts(Way::Token, true);
        both.candidates[0].sender = None;
        both.candidates.push(candidate(Way::Number));
        assert_eq!(joins(&both), Some(Way::Number));
    }

    #[test]
    fn sup_9_guards_come_before_everything() {
        let held = |facts: Facts| match judge(&facts) {
            Plan::Hold { reason, pause } => Some((reason, pause)),
            Plan::Drop(reason) => Some((reason, false)),
            _ => None,
        };
        let base = || facts(Way::Token, true);
        for (facts, expected) in [
            (
                Facts {
                    own: true,
                    ..base()
                },
                Some(("own", false)),
            ),
            (
                Facts {
                    hops: HOPS + 1,
                    ..base()
                },
                Some(("loop", false)),
            ),
            (
                Facts {
                    failed: true,
                    ..base()
                },
                Some(("failed", false)),
            ),
            (
                Facts {
                    paused: true,
                    ..base()
                },
                Some(("paused", false)),
            ),
            (
                Facts {
                    same: SAME,
                    ..base()
                },
                Some(("repeated", true)),
            ),
            (
                Facts {
                    machines: MACHINES,
                    silent: true,
                    ..base()
                },
                Some(("machines", true)),
            ),
            (
                Facts {
                    machines: MACHINES,
                    ..base()
                },
                None,
            ),
            (Facts { all: ALL, ..base() }, Some(("flood", true))),
            // new tickets are limited, answers are not
            (
                Facts {
                    opened: OPENED,
                    ..base()
                },
                None,
            ),
            (
                Facts {
                    opened: OPENED,
                    ..Facts::default()
                },
                Some(("many", false)),
            ),
            (
                Facts {
                    verification: true,
                    ..Facts::default()
                },
                Some(("verification", false)),
            ),
            // who takes part may write of codes
            (
                Facts {
                    verification: true,
                    ..base()
                },
                None,
            ),
            (
                Facts {
                    failed: true,
                    paused: true,
                    verification: true,
                    same: 9,
                    forced: true,
                    ..Facts::default()
                },
                None,
            ),
        ] {
            assert_eq!(held(facts), expected);
        }
    }

    #[test]
    fn abuse_74_a_verification_mail_to_a_strangers_answer_address_is_held() {
        let mut facts = facts(Way::Token, true);
        facts.candidates[0].sender = None;
        facts.verification = true;
        assert_eq!(
            judge(&facts),
            Plan::Hold {
                reason: "verification",
                pause: false
            }
        );
    }

    #[test]
    fn sup_9_a_machine_moves_nothing() {
        let machine = Facts {
            silent: true,
            ..facts(Way::Token, true)
        };
        assert!(matches!(judge(&machine), Plan::Join { quiet: true, .. }));
    }
}
