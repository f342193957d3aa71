//! All SQL on `jobs` and `schedules`.

use crate::job::JobId;
use crate::registry::Schedule;
use db::{Tx, params, sql};
use kernel::{Ctx, Moment, Uuid};
use serde::Serialize;

kernel::words! {
    /// Where a job stands. Done jobs are deleted.
    pub enum State {
        Waiting = "waiting",
        Running = "running",
        Dead = "dead",
    }
}

/// Jobs that wait for the outside world have lanes of their own, so that a dead mail server holds up nothing else.
pub(crate) const INSIDE: i64 = 0;
pub(crate) const OUTSIDE: i64 = 1;

/// A row to be queued.
pub(crate) struct New {
    kind: &'static str,
    lane: i64,
    payload: String,
    run_at: Option<Moment>,
    max_attempts: i64,
    dedupe_key: Option<String>,
    subject_key: Option<String>,
}

impl New {
    pub fn json(kind: &'static str, payload: &impl Serialize) -> db::Result<Self> {
        Ok(New::text(
            kind,
            serde_json::to_string(payload).map_err(|error| db::Error::Other(error.into()))?,
        ))
    }
    pub fn text(kind: &'static str, payload: String) -> Self {
        let max_attempts = crate::Retry::usual().max_attempts();
        New {
            kind,
            lane: INSIDE,
            payload,
            run_at: None,
            max_attempts,
            dedupe_key: None,
            subject_key: None,
        }
    }
    pub fn of<J: crate::Job>(job: &J) -> db::Result<Self> {
        let lane = if J::OUTSIDE { OUTSIDE } else { INSIDE };
        let max_attempts = J::RETRY.max_attempts();
        Ok(New {
            lane,
            max_attempts,
            ..New::json(J::KIND, job)?
        })
    }
    pub fn payload(&self) -> &str {
        &self.payload
    }
    pub fn lane(self, lane: i64) -> Self {
        New { lane, ..self }
    }
    pub fn at(self, run_at: Moment) -> Self {
        New {
            run_at: Some(run_at),
            ..self
        }
    }
    pub fn max_attempts(self, max_attempts: i64) -> Self {
        New {
            max_attempts,
            ..self
        }
    }
    pub fn key(self, key: String) -> Self {
        New {
            dedupe_key: Some(key),
            ..self
        }
    }
    pub fn subject(self, subject: String) -> Self {
        New {
            subject_key: Some(subject),
            ..self
        }
    }
}

/// Queues the job; with a key that waits already, nothing is added and the id is that of nobody.
pub(crate) async fn insert(tx: &mut Tx, ctx: &Ctx, new: New) -> db::Result<JobId> {
    let id: JobId = ctx.id();
    let seq = match &new.subject_key {
        None => 0,
        Some(subject) => {
            let (last,) = tx
                .one(
                    sql!(
                        (i64,),
                        "SELECT CAST(coalesce(max(subject_seq), 0) AS BIGINT) FROM jobs WHERE subject_key = $1"
                    ),
                    params![subject],
                )
                .await?;
            last + 1
        }
    };
    tx.exec(
        sql!(
            "INSERT INTO jobs (id, kind, lane, payload, state, run_at, attempts, max_attempts, dedupe_key, subject_key, subject_seq, created_at)
             VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6, $7, $8, $9, $10)
             ON CONFLICT (dedupe_key) DO NOTHING"
        ),
        params![
            id,
            new.kind,
            new.lane,
            new.payload,
            new.run_at.unwrap_or(ctx.now),
            new.max_attempts,
            new.dedupe_key,
            new.subject_key,
            seq,
            ctx.now
        ],
    )
    .await?;
    Ok(id)
}

kernel::row! {
    /// A job taken by a worker. `attempts` counts this run, so that (id, worker, attempts) fences off a late writer.
    #[derive(Debug, Clone)]
    pub(crate) struct Claim {
        pub id: JobId,
        pub kind: String,
        pub payload: String,
        pub attempts: i64,
        pub max_attempts: i64,
    }
}

/// Is there anything to claim? A cheap look before the write transaction.
pub(crate) async fn any_due(tx: &mut Tx, lane: i64, now: Moment) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (JobId,),
                "SELECT id FROM jobs WHERE (state = 'waiting' AND lane = $2 AND run_at <= $1) OR (state = 'running' AND lane = $2 AND locked_until < $1) LIMIT 1"
            ),
            params![now, lane],
        )
        .await?;
    Ok(found.is_some())
}

/// Takes up to `limit` due jobs of a lane until `until`. Of one subject only the oldest can be taken; an expired lease counts as due.
/// The key is given up here: who enqueues from now on wants another run.
pub(crate) async fn claim(
    tx: &mut Tx,
    worker: Uuid,
    lane: i64,
    (now, until): (Moment, Moment),
    limit: i64,
) -> db::Result<Vec<Claim>> {
    tx.all(
        sql!(
            Claim,
            sqlite = "UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until = $2, locked_by = $3, dedupe_key = NULL
             WHERE id IN (
                SELECT j.id FROM jobs j
                WHERE ((j.state = 'waiting' AND j.lane = $5 AND j.run_at <= $1) OR (j.state = 'running' AND j.lane = $5 AND j.locked_until < $1))
                  AND NOT EXISTS (SELECT 1 FROM jobs e WHERE e.subject_key = j.subject_key AND e.subject_seq < j.subject_seq AND e.state <> 'dead')
                ORDER BY j.run_at, j.id LIMIT $4)
             RETURNING id, kind, payload, attempts, max_attempts",
            postgres = "UPDATE jobs SET state = 'running', attempts = attempts + 1, locked_until = $2, locked_by = $3, dedupe_key = NULL
             WHERE id = ANY (ARRAY(
                SELECT j.id FROM jobs j
                WHERE ((j.state = 'waiting' AND j.lane = $5 AND j.run_at <= $1) OR (j.state = 'running' AND j.lane = $5 AND j.locked_until < $1))
                  AND NOT EXISTS (SELECT 1 FROM jobs e WHERE e.subject_key = j.subject_key AND e.subject_seq < j.subject_seq AND e.state <> 'dead')
                ORDER BY j.run_at, j.id LIMIT $4 FOR UPDATE OF j SKIP LOCKED))
             RETURNING id, kind, payload, attempts, max_attempts"
        ),
        params![now, until, worker, limit, lane],
    )
    .await
}

/// Prolongs the lease; `false` when it was lost.
pub(crate) async fn prolong(
    tx: &mut Tx,
    worker: Uuid,
    claim: &Claim,
    until: Moment,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE jobs SET locked_until = $4 WHERE id = $1 AND locked_by = $2 AND attempts = $3 AND state = 'running'"),
            params![claim.id, worker, claim.attempts, until],
        )
        .await?;
    Ok(changed == 1)
}

/// Deletes the job as done; `false` when the lease was lost.
pub(crate) async fn done(tx: &mut Tx, worker: Uuid, claim: &Claim) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("DELETE FROM jobs WHERE id = $1 AND locked_by = $2 AND attempts = $3 AND state = 'running'"),
            params![claim.id, worker, claim.attempts],
        )
        .await?;
    Ok(changed == 1)
}

/// Puts the job back with its error, waiting until `run_at` or dead; `false` when the lease was lost.
pub(crate) async fn put_back(
    tx: &mut Tx,
    worker: Uuid,
    claim: &Claim,
    state: State,
    run_at: Moment,
    error: &str,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!(
                "UPDATE jobs SET state = $4, run_at = $5, last_error = $6, locked_until = NULL, locked_by = NULL
                 WHERE id = $1 AND locked_by = $2 AND attempts = $3 AND state = 'running'"
            ),
            params![claim.id, worker, claim.attempts, state, run_at, error],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives back at once what a worker that stops could not finish; the attempt does not count.
pub(crate) async fn release(tx: &mut Tx, worker: Uuid) -> db::Result<u64> {
    tx.exec(
        sql!("UPDATE jobs SET state = 'waiting', attempts = attempts - 1, locked_until = NULL, locked_by = NULL WHERE locked_by = $1 AND state = 'running'"),
        params![worker],
    )
    .await
}

pub(crate) async fn forget_dead(tx: &mut Tx, kind: &str, payload: &str) -> db::Result<()> {
    tx.exec(
        sql!("DELETE FROM jobs WHERE kind = $1 AND payload = $2 AND state = 'dead'"),
        params![kind, payload],
    )
    .await
    .map(drop)
}

kernel::row! {
    /// A stored schedule.
    pub(crate) struct Planned {
        pub name: String,
        pub pattern: String,
        pub next_run: Moment,
    }
}

pub(crate) async fn planned(tx: &mut Tx) -> db::Result<Vec<Planned>> {
    tx.all(
        sql!(
            Planned,
            "SELECT name, pattern, next_run FROM schedules ORDER BY name"
        ),
        params![],
    )
    .await
}

/// Notes a schedule that is new or whose pattern changed.
pub(crate) async fn plan(tx: &mut Tx, schedule: &Schedule, next: Moment) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO schedules (name, pattern, next_run) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET pattern = excluded.pattern, next_run = excluded.next_run WHERE schedules.pattern <> excluded.pattern"
        ),
        params![schedule.kind, schedule.pattern, next],
    )
    .await?;
    Ok(())
}

/// Moves a schedule on; `true` for the one node that did.
pub(crate) async fn fire(tx: &mut Tx, name: &str, from: Moment, next: Moment) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE schedules SET next_run = $3 WHERE name = $1 AND next_run = $2"),
            params![name, from, next],
        )
        .await?;
    Ok(changed == 1)
}
