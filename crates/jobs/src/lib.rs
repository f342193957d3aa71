//! Work after commit: a queue in the database, schedules, and events from lower contexts to higher ones.
//!
//! Here: [`Job`] and [`enqueue`] (part of the caller's transaction), [`Worker`] (runs them at least once), [`emit`] and
//! [`Registry::on`] (events), and what the desk needs. Not here: any job itself; those stand beside their feature.

mod desk;
mod event;
mod job;
mod registry;
mod store;
mod worker;

pub use desk::{Before, Counts, JobRow, counts, discard, due_since, list, restart};
pub use event::{Event, emit};
pub use job::{Job, JobCx, JobId, Outcome, Retry, States};
pub use registry::Registry;
pub use store::State;
pub use worker::{Wake, Worker};

use db::Tx;
use kernel::{Ctx, Moment};

/// Queues `job` in the caller's transaction: it runs after commit, or never.
pub async fn enqueue<J: Job>(tx: &mut Tx, ctx: &Ctx, job: &J) -> db::Result<JobId> {
    enqueue_at(tx, ctx, job, ctx.now).await
}

/// As [`enqueue`], not before `at`.
pub async fn enqueue_at<J: Job>(tx: &mut Tx, ctx: &Ctx, job: &J, at: Moment) -> db::Result<JobId> {
    let new = store::New::of(job)?.at(at);
    store::insert(tx, ctx, new).await
}

/// As [`enqueue`], but adds nothing while a job with the same key still waits.
pub async fn enqueue_with_key<J: Job>(
    tx: &mut Tx,
    ctx: &Ctx,
    job: &J,
    key: &str,
) -> db::Result<()> {
    let key = format!("{}|{key}", J::KIND);
    let new = store::New::of(job)?.key(key);
    store::insert(tx, ctx, new).await.map(drop)
}

/// Takes away dead jobs with this very payload: what they were to do was begun anew.
pub async fn forget_dead<J: Job>(tx: &mut Tx, job: &J) -> db::Result<()> {
    store::forget_dead(tx, J::KIND, store::New::of(job)?.payload()).await
}
