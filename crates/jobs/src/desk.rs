//! What the desk sees and does: how many jobs stand where, the list, and starting a dead one again.

use crate::job::JobId;
use crate::store::State;
use db::{Tx, params, sql};
use kernel::{Ctx, Moment};
use serde::Serialize;

/// Jobs per state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub waiting: i64,
    pub running: i64,
    pub dead: i64,
}

pub async fn counts(tx: &mut Tx) -> db::Result<Counts> {
    let rows = tx
        .all(
            sql!(
                (State, i64),
                "SELECT state, CAST(count(*) AS BIGINT) FROM jobs GROUP BY state"
            ),
            params![],
        )
        .await?;
    let mut counts = Counts::default();
    for (state, count) in rows {
        match state {
            State::Waiting => counts.waiting = count,
            State::Running => counts.running = count,
            State::Dead => counts.dead = count,
        }
    }
    Ok(counts)
}

kernel::row! {
    /// A job as the desk lists it.
    #[derive(Debug, Clone, Serialize)]
    pub struct JobRow {
        pub id: JobId,
        pub kind: String,
        // JSON, ids only: leads to what the job is about
        pub payload: String,
        pub state: State,
        pub attempts: i64,
        pub max_attempts: i64,
        pub run_at: Moment,
        pub last_error: Option<String>,
        pub created_at: Moment,
    }
}

/// Where a page begins: everything older than this row.
pub type Before = (Moment, JobId);

/// The newest jobs of one state, older than `before`.
pub async fn list(
    tx: &mut Tx,
    state: State,
    before: Option<Before>,
    limit: i64,
) -> db::Result<Vec<JobRow>> {
    let (at, id) = before.unwrap_or((Moment::from_micros(i64::MAX), JobId(kernel::Uuid::max())));
    tx.all(
        sql!(
            JobRow,
            "SELECT id, kind, payload, state, attempts, max_attempts, run_at, last_error, created_at FROM jobs
             WHERE state = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4"
        ),
        params![state, at, id, limit],
    )
    .await
}

/// Starts a dead job again, with all its attempts. `Missing` when it is not dead (any more).
pub async fn restart(tx: &mut Tx, ctx: &Ctx, id: JobId) -> db::Result<()> {
    let (kind,) = tx
        .opt(
            sql!(
                (String,),
                "UPDATE jobs SET state = 'waiting', attempts = 0, run_at = $2 WHERE id = $1 AND state = 'dead' RETURNING kind"
            ),
            params![id, ctx.now],
        )
        .await?
        .ok_or(db::Error::Missing)?;
    note(tx, ctx, "job.restarted", id, &kind).await
}

/// Takes a dead job away for good: nobody will do it any more. `Missing` when it is not dead (any more).
pub async fn discard(tx: &mut Tx, ctx: &Ctx, id: JobId) -> db::Result<()> {
    let (kind,) = tx
        .opt(
            sql!(
                (String,),
                "DELETE FROM jobs WHERE id = $1 AND state = 'dead' RETURNING kind"
            ),
            params![id],
        )
        .await?
        .ok_or(db::Error::Missing)?;
    note(tx, ctx, "job.discarded", id, &kind).await
}

async fn note(tx: &mut Tx, ctx: &Ctx, act: &'static str, id: JobId, kind: &str) -> db::Result<()> {
    db::audit::record(
        tx,
        ctx,
        db::audit::Entry {
            act,
            customer: None,
            subject: "job",
            subject_id: id.to_string(),
            detail: serde_json::json!({ "kind": kind }),
        },
    )
    .await
    .map(drop)
}

/// When the oldest job became due that nobody has taken: a worker that stands still.
pub async fn due_since(tx: &mut Tx, now: Moment) -> db::Result<Option<Moment>> {
    let stmt = sql!(
        (Moment,),
        "SELECT run_at FROM jobs WHERE state = 'waiting' AND run_at <= $1 ORDER BY run_at LIMIT 1"
    );
    Ok(tx.opt(stmt, params![now]).await?.map(|row| row.0))
}
