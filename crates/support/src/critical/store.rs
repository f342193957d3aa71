//! All SQL on `escalation_steps`, `escalations` and `escalation_calls`, and on a ticket's emergency.

use super::Emergency;
use crate::ticket::{Priority, Ticket, TicketId};
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, StaffId, Uuid};
use serde::Serialize;

kernel::typed_id!(
    /// A critical ticket that somebody has to take over.
    EscalationId
);
kernel::typed_id!(
    /// One of those who are called.
    StepId
);
kernel::typed_id!(
    /// One call.
    CallId
);

kernel::words! {
    /// How a step calls.
    pub enum Kind {
        /// Everybody of the support.
        Team = "team",
        Staff = "staff",
        Mail = "mail",
        Webhook = "webhook",
    }
}

kernel::row! {
    #[derive(Debug, Clone)]
    pub struct Step {
        pub id: StepId,
        pub position: i64,
        pub kind: Kind,
        pub staff_id: Option<StaffId>,
        // an address, or where a webhook goes
        pub target: Option<String>,
        pub minutes: i64,
        pub sealed_key: Option<Vec<u8>>,
    }
}

impl Step {
    /// What is done where nothing is set.
    pub fn team() -> Self {
        Step {
            id: StepId(Uuid::nil()),
            position: 0,
            kind: Kind::Team,
            staff_id: None,
            target: None,
            minutes: 0,
            sealed_key: None,
        }
    }
}

pub async fn steps(tx: &mut Tx) -> db::Result<Vec<Step>> {
    let stmt = sql!(
        Step,
        "SELECT id, position, kind, staff_id, target, minutes, sealed_key FROM escalation_steps ORDER BY position, id LIMIT 100"
    );
    tx.all(stmt, params![]).await
}

pub async fn step(tx: &mut Tx, id: StepId) -> db::Result<Step> {
    let stmt = sql!(
        Step,
        "SELECT id, position, kind, staff_id, target, minutes, sealed_key FROM escalation_steps WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

pub async fn insert_step(tx: &mut Tx, step: &Step) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO escalation_steps (id, position, kind, staff_id, target, minutes, sealed_key) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![
            step.id,
            step.position,
            step.kind,
            step.staff_id,
            step.target.as_deref(),
            step.minutes,
            step.sealed_key.clone()
        ],
    )
    .await
    .map(drop)
}

pub async fn update_step(tx: &mut Tx, step: &Step) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE escalation_steps SET position = $2, kind = $3, staff_id = $4, target = $5, minutes = $6, sealed_key = $7 WHERE id = $1"
        ),
        params![
            step.id,
            step.position,
            step.kind,
            step.staff_id,
            step.target.as_deref(),
            step.minutes,
            step.sealed_key.clone()
        ],
    )
    .await
    .map(drop)
}

pub async fn remove_step(tx: &mut Tx, id: StepId) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (StepId,),
                "DELETE FROM escalation_steps WHERE id = $1 RETURNING id"
            ),
            params![id],
        )
        .await?;
    Ok(found.is_some())
}

/// Whether it was not critical before.
pub async fn raise(tx: &mut Tx, ticket: TicketId, emergency: Emergency) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (TicketId,),
                "UPDATE tickets SET priority = 'critical', emergency = $2 WHERE id = $1 AND priority <> 'critical' RETURNING id"
            ),
            params![ticket, emergency],
        )
        .await?;
    Ok(found.is_some())
}

/// Whether it was critical; which emergency was declared stays known.
pub async fn lower(tx: &mut Tx, ticket: TicketId, to: Priority) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (TicketId,),
                "UPDATE tickets SET priority = $2 WHERE id = $1 AND priority = 'critical' RETURNING id"
            ),
            params![ticket, to],
        )
        .await?;
    Ok(found.is_some())
}

kernel::row! {
    #[derive(Debug, Clone, Serialize)]
    pub struct Escalation {
        pub id: EscalationId,
        pub ticket_id: TicketId,
        pub customer_id: Option<CustomerId>,
        pub number: i64,
        pub emergency: Emergency,
        pub started_at: Moment,
        pub done: i64,
        pub due_at: Option<Moment>,
        pub acknowledged_at: Option<Moment>,
        pub acknowledged_name: Option<String>,
        pub ended_at: Option<Moment>,
        // whether its ticket is critical and not closed
        pub live: bool,
    }
}

impl Escalation {
    pub fn is_open(&self) -> bool {
        self.acknowledged_at.is_none() && self.ended_at.is_none()
    }
}

/// Whether the ticket was not escalated already.
pub async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    id: EscalationId,
    ticket: &Ticket,
    emergency: Emergency,
    due: Moment,
) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (EscalationId,),
                "INSERT INTO escalations (id, ticket_id, customer_id, number, emergency, started_at, done, due_at)
                 VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
                 ON CONFLICT (ticket_id) WHERE acknowledged_at IS NULL AND ended_at IS NULL DO NOTHING RETURNING id"
            ),
            params![
                id,
                ticket.id,
                ticket.customer_id,
                ticket.number,
                emergency,
                ctx.now,
                due
            ],
        )
        .await?;
    Ok(found.is_some())
}

/// Takes the step after `done`, if nobody has yet and there is still reason to.
pub async fn take(
    tx: &mut Tx,
    id: EscalationId,
    done: i64,
    next: Option<Moment>,
    now: Moment,
) -> db::Result<Option<Escalation>> {
    tx.opt(
        sql!(
            Escalation,
            "UPDATE escalations SET done = done + 1, due_at = $3
             WHERE id = $1 AND done = $2 AND acknowledged_at IS NULL AND ended_at IS NULL AND due_at <= $4
               AND EXISTS (SELECT 1 FROM tickets t WHERE t.id = escalations.ticket_id AND t.priority = 'critical' AND t.state <> 'closed')
             RETURNING id, ticket_id, customer_id, number, emergency, started_at, done, due_at, acknowledged_at, acknowledged_name, ended_at,
               (SELECT t.priority = 'critical' AND t.state <> 'closed' FROM tickets t WHERE t.id = escalations.ticket_id) AS live"
        ),
        params![id, done, next, now],
    )
    .await
}

/// Takes over; nothing when somebody has.
pub async fn acknowledge(
    tx: &mut Tx,
    id: EscalationId,
    (staff, name): (StaffId, &str),
    now: Moment,
) -> db::Result<Option<Escalation>> {
    tx.opt(
        sql!(
            Escalation,
            "UPDATE escalations SET acknowledged_at = $2, acknowledged_by = $3, acknowledged_name = $4
             WHERE id = $1 AND acknowledged_at IS NULL AND ended_at IS NULL
             RETURNING id, ticket_id, customer_id, number, emergency, started_at, done, due_at, acknowledged_at, acknowledged_name, ended_at,
               (SELECT t.priority = 'critical' AND t.state <> 'closed' FROM tickets t WHERE t.id = escalations.ticket_id) AS live"
        ),
        params![id, now, staff, name],
    )
    .await
}

/// The one of a ticket that nobody has taken over.
pub async fn of_ticket(tx: &mut Tx, ticket: TicketId) -> db::Result<Option<EscalationId>> {
    let stmt = sql!(
        (EscalationId,),
        "SELECT id FROM escalations WHERE ticket_id = $1 AND acknowledged_at IS NULL AND ended_at IS NULL"
    );
    Ok(tx.opt(stmt, params![ticket]).await?.map(|(id,)| id))
}

pub async fn one(tx: &mut Tx, id: EscalationId) -> db::Result<Escalation> {
    tx.one(
        sql!(
            Escalation,
            "SELECT id, ticket_id, customer_id, number, emergency, started_at, done, due_at, acknowledged_at, acknowledged_name, ended_at,
               (SELECT t.priority = 'critical' AND t.state <> 'closed' FROM tickets t WHERE t.id = escalations.ticket_id) AS live
             FROM escalations WHERE id = $1"
        ),
        params![id],
    )
    .await
}

/// It goes on for another ticket; the calls so far go along.
pub async fn move_to(tx: &mut Tx, id: EscalationId, into: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE escalations SET ticket_id = $2, customer_id = $3, number = $4 WHERE id = $1"),
        params![id, into.id, into.customer_id, into.number],
    )
    .await?;
    tx.exec(
        sql!("UPDATE escalation_calls SET customer_id = $2 WHERE escalation_id = $1"),
        params![id, into.customer_id],
    )
    .await
    .map(drop)
}

/// It was no emergency, or is none any more.
pub async fn end(tx: &mut Tx, ticket: TicketId, now: Moment) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE escalations SET ended_at = $2 WHERE ticket_id = $1 AND acknowledged_at IS NULL AND ended_at IS NULL"
        ),
        params![ticket, now],
    )
    .await
    .map(drop)
}

/// Ends it, if its ticket gives no reason any more.
pub async fn end_if_over(tx: &mut Tx, id: EscalationId, now: Moment) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE escalations SET ended_at = $2 WHERE id = $1 AND acknowledged_at IS NULL AND ended_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM tickets t WHERE t.id = escalations.ticket_id AND t.priority = 'critical' AND t.state <> 'closed')"
        ),
        params![id, now],
    )
    .await
    .map(drop)
}

/// Of the few open calls their tickets: CROSS JOIN keeps SQLite from going the other way round.
pub async fn count_open(tx: &mut Tx) -> db::Result<i64> {
    let (count,) = tx
        .one(
            sql!(
                (i64,),
                "SELECT CAST(count(*) AS BIGINT) FROM escalations e CROSS JOIN tickets t
                 WHERE t.id = e.ticket_id AND e.acknowledged_at IS NULL AND e.ended_at IS NULL AND t.priority = 'critical' AND t.state <> 'closed'"
            ),
            params![],
        )
        .await?;
    Ok(count)
}

/// All that nobody has taken over, and the newest before a row of those that came to an end.
pub async fn list(
    tx: &mut Tx,
    (at, id): (Moment, EscalationId),
    limit: i64,
) -> db::Result<Vec<Escalation>> {
    tx.all(
        sql!(
            Escalation,
            "SELECT id, ticket_id, customer_id, number, emergency, started_at, done, due_at, acknowledged_at, acknowledged_name, ended_at,
               (SELECT t.priority = 'critical' AND t.state <> 'closed' FROM tickets t WHERE t.id = escalations.ticket_id) AS live
             FROM escalations WHERE id IN (
                SELECT id FROM (SELECT id FROM escalations WHERE (started_at, id) < ($1, $2) AND (acknowledged_at IS NOT NULL OR ended_at IS NOT NULL)
                    ORDER BY started_at DESC, id DESC LIMIT $3) p
                UNION SELECT id FROM (SELECT id FROM escalations WHERE acknowledged_at IS NULL AND ended_at IS NULL LIMIT 200) o)
             ORDER BY started_at DESC, id DESC"
        ),
        params![at, id, limit],
    )
    .await
}

/// Notes a call.
pub async fn called(
    tx: &mut Tx,
    ctx: &Ctx,
    escalation: &Escalation,
    (number, step): (i64, &Step),
    who: &str,
    state: &str,
) -> db::Result<CallId> {
    let id: CallId = ctx.id();
    tx.exec(
        sql!(
            "INSERT INTO escalation_calls (id, escalation_id, customer_id, step, step_id, kind, who, state, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![
            id,
            escalation.id,
            escalation.customer_id,
            number,
            step.id,
            step.kind,
            who,
            state,
            ctx.now
        ],
    )
    .await?;
    Ok(id)
}

kernel::row! {
    /// One call, as the desk lists it.
    #[derive(Debug, Clone)]
    pub struct Called {
        pub id: CallId,
        pub escalation_id: EscalationId,
        pub step: i64,
        pub step_id: Option<StepId>,
        pub kind: Kind,
        pub who: String,
        // queued, sent, failed
        pub state: String,
        pub at: Moment,
    }
}

pub async fn call(tx: &mut Tx, id: CallId) -> db::Result<Option<Called>> {
    let stmt = sql!(
        Called,
        "SELECT id, escalation_id, step, step_id, kind, who, state, at FROM escalation_calls WHERE id = $1"
    );
    tx.opt(stmt, params![id]).await
}

/// Notes how a call ended; once it was sent it stays so.
pub async fn set_call(tx: &mut Tx, id: CallId, state: &str) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE escalation_calls SET state = $2 WHERE id = $1 AND state <> 'sent'"),
        params![id, state],
    )
    .await
    .map(drop)
}

/// The calls of all escalations between two, the oldest first.
pub async fn calls(tx: &mut Tx, from: EscalationId, to: EscalationId) -> db::Result<Vec<Called>> {
    tx.all(
        sql!(
            Called,
            "SELECT id, escalation_id, step, step_id, kind, who, state, at FROM escalation_calls
             WHERE escalation_id >= $1 AND escalation_id <= $2 ORDER BY escalation_id, id LIMIT 1000"
        ),
        params![from, to],
    )
    .await
}
