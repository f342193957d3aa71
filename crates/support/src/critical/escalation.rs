//! Who is called when: one step after the other until somebody has taken over, by day and by night.
//!
//! The rule is [`plan`]; the rest carries it out. A step is taken by one statement that only one node can win, and in
//! the same transaction mails, jobs and the next step's job are queued: so each step is taken once.

use super::store::{self, Escalation, EscalationId, Kind, Step};
use super::{Emergency, alarm, webhook};
use crate::ticket::Ticket;
use db::Tx;
use identity::rights::MESSAGES_ANSWER;
use identity::staff;
use jobs::{Job, JobCx, Outcome, Retry};
use kernel::{Ctx, Email, Moment};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use web::App;

/// After the last step the first one comes again, but not before this time.
const ROUND: i64 = 15;
/// After so many rounds nobody is called any more; the bar on the desk stays.
const ROUNDS: i64 = 8;
/// Minutes a step may wait.
pub const LONGEST: i64 = 24 * 60;

/// The number of the step to take, and after how many minutes the one after it follows; `None`: no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    pub step: usize,
    pub next: Option<i64>,
}

/// `minutes`: how long each step waits for the one before; `done`: how many were taken. Nothing set is one step that
/// calls the team.
pub fn plan(minutes: &[i64], done: i64) -> Option<Turn> {
    let minutes = if minutes.is_empty() { &[0] } else { minutes };
    let all = i64::try_from(minutes.len()).unwrap_or(i64::MAX);
    let round = done.checked_div(all)?;
    let step = usize::try_from(done.checked_rem(all)?).ok()?;
    if done < 0 || round >= ROUNDS {
        return None;
    }
    let next = match minutes.get(step + 1) {
        Some(wait) => Some((*wait).clamp(0, LONGEST)),
        // the round begins anew
        None if round + 1 < ROUNDS => {
            Some(minutes.first().copied().unwrap_or(0).clamp(ROUND, LONGEST))
        }
        None => None,
    };
    Some(Turn { step, next })
}

fn minutes(wait: i64) -> Duration {
    Duration::from_secs(u64::try_from(wait).unwrap_or(0) * 60)
}

/// Begins with a critical ticket; one that is being escalated goes on as it is.
pub async fn start(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    emergency: Emergency,
) -> db::Result<()> {
    let steps = store::steps(tx).await?;
    let wait = steps.first().map_or(0, |step| step.minutes);
    let due = ctx.now + minutes(wait.clamp(0, LONGEST));
    let id: EscalationId = ctx.id();
    if !store::insert(tx, ctx, id, ticket, emergency, due).await? {
        return Ok(());
    }
    let call = Call {
        escalation: id,
        done: 0,
    };
    jobs::enqueue_at(tx, ctx, &call, due).await.map(drop)
}

/// Takes one step of an escalation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Call {
    pub escalation: EscalationId,
    /// How many steps were taken when it was queued.
    pub done: i64,
}

impl Job for Call {
    const KIND: &'static str = "support.escalate";
    // an emergency does not wait for a day: within the hour all there is to try was tried
    const RETRY: Retry =
        Retry::backoff(Duration::from_secs(2), Duration::from_secs(60)).attempts(60);

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = web::LateApp::of(cx) else {
            return Outcome::Retry("the application is not there yet".into());
        };
        match self.take(cx, &app).await {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Retry(error.to_string()),
        }
    }
}

impl Call {
    async fn take(self, cx: &JobCx, app: &App) -> web::Result<()> {
        let mut tx = cx.db.begin().await?;
        let steps = store::steps(&mut tx).await?;
        let waits: Vec<i64> = steps.iter().map(|step| step.minutes).collect();
        let Some(turn) = plan(&waits, self.done) else {
            return Ok(());
        };
        let now = cx.ctx.now;
        let next = turn.next.map(|wait| now + minutes(wait));
        let taken = store::take(&mut tx, self.escalation, self.done, next, now).await?;
        let Some(escalation) = taken else {
            // taken over, closed, reclassified, or another node was first
            store::end_if_over(&mut tx, self.escalation, now).await?;
            tx.commit().await?;
            return Ok(());
        };
        let team = Step::team();
        let step = steps.get(turn.step).unwrap_or(&team);
        call(&mut tx, app, &cx.ctx, &escalation, self.done, step).await?;
        if let Some(at) = next {
            let call = Call {
                done: self.done + 1,
                ..self
            };
            jobs::enqueue_at(&mut tx, &cx.ctx, &call, at).await?;
        }
        tx.commit().await?;
        app.wake();
        Ok(())
    }
}

async fn call(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    escalation: &Escalation,
    number: i64,
    step: &Step,
) -> web::Result<()> {
    match step.kind {
        Kind::Team => {
            for person in on_duty(tx).await? {
                mail(
                    tx,
                    app,
                    ctx,
                    escalation,
                    (number, step),
                    &person.email,
                    &person.name,
                )
                .await?;
            }
        }
        Kind::Staff => {
            let person = match step.staff_id {
                Some(id) => staff::by_id(tx, id).await?.filter(|person| person.active),
                None => None,
            };
            match person {
                Some(person) => {
                    mail(
                        tx,
                        app,
                        ctx,
                        escalation,
                        (number, step),
                        &person.email,
                        &person.name,
                    )
                    .await?;
                }
                // who has left is called no more, and the next one is
                None => {
                    store::called(tx, ctx, escalation, (number, step), "", "failed").await?;
                }
            }
        }
        Kind::Mail => {
            let address = step.target.as_deref().and_then(|to| Email::parse(to).ok());
            match address {
                Some(to) => mail(tx, app, ctx, escalation, (number, step), &to, "").await?,
                None => {
                    store::called(tx, ctx, escalation, (number, step), "", "failed").await?;
                }
            }
        }
        Kind::Webhook => {
            let host = webhook::host(step.target.as_deref().unwrap_or_default());
            let id = store::called(tx, ctx, escalation, (number, step), &host, "queued").await?;
            jobs::enqueue(tx, ctx, &webhook::Deliver { call: id }).await?;
        }
    }
    Ok(())
}

/// Everybody who answers tickets of the support.
async fn on_duty(tx: &mut Tx) -> db::Result<Vec<staff::StaffRow>> {
    let mut all = staff::list(tx).await?;
    all.retain(|person| person.active && person.role.rights().contains(&MESSAGES_ANSWER));
    // of the accounts and the sales nobody can help at night
    let technical =
        |person: &staff::StaffRow| matches!(person.role, staff::Role::Support | staff::Role::Admin);
    if all.iter().any(technical) {
        all.retain(technical);
    }
    Ok(all)
}

async fn mail(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    escalation: &Escalation,
    (number, step): (i64, &Step),
    to: &Email,
    name: &str,
) -> web::Result<()> {
    let who = if name.is_empty() { to.as_str() } else { name };
    alarm::send(tx, app, ctx, escalation, to, name).await?;
    store::called(tx, ctx, escalation, (number, step), who, "sent").await?;
    Ok(())
}

/// For the demo: the escalation of a ticket is taken over after its first call.
pub async fn seed_taken(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    staff: (kernel::StaffId, &str),
) -> db::Result<()> {
    if let Some(id) = store::of_ticket(tx, ticket.id).await? {
        let escalation = store::one(tx, id).await?;
        let step = store::steps(tx).await?.into_iter().next();
        let step = step.unwrap_or_else(Step::team);
        let called = Ctx {
            now: escalation.started_at,
            ..ctx.clone()
        };
        store::called(tx, &called, &escalation, (0, &step), staff.1, "sent").await?;
        store::acknowledge(tx, id, staff, ctx.now).await?;
    }
    Ok(())
}

/// When an escalation would take its next step, for the desk.
pub fn due(escalation: &Escalation) -> Option<Moment> {
    escalation.due_at.filter(|_| escalation.is_open())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sup_4_one_step_after_the_other_and_then_from_the_first() {
        let waits = [0, 10, 5];
        let turn = |done| plan(&waits, done);
        let is = |step, next| Some(Turn { step, next });
        assert_eq!(turn(0), is(0, Some(10)));
        assert_eq!(turn(1), is(1, Some(5)));
        assert_eq!(turn(2), is(2, Some(ROUND)));
        assert_eq!(turn(3), is(0, Some(10)));
        assert_eq!(turn(3 * ROUNDS - 1), is(2, None));
        assert_eq!(turn(3 * ROUNDS), None);
        // nothing set: the team, again and again
        assert_eq!(plan(&[], 0), is(0, Some(ROUND)));
        assert_eq!(plan(&[30], 0), is(0, Some(30)));
    }

    proptest! {
        #[test]
        fn sup_4_the_chain_ends_and_never_runs_wild(waits in prop::collection::vec(-5i64..2000, 0..6), done in -3i64..200) {
            if let Some(turn) = plan(&waits, done) {
                prop_assert!(turn.step < waits.len().max(1));
                prop_assert!(turn.next.is_none_or(|wait| (0..=LONGEST).contains(&wait)));
                // a round never begins anew at once
                if turn.step + 1 >= waits.len() {
                    prop_assert!(turn.next.is_none_or(|wait| wait >= ROUND));
                }
                prop_assert_eq!(turn.next.is_some(), plan(&waits, done + 1).is_some());
            } else {
                prop_assert!(done < 0 || done >= ROUNDS * waits.len().max(1) as i64);
            }
        }
    }
}
