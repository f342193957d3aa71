//! Takes jobs from the queue and runs them; several workers and nodes share one queue.

use crate::event::{DELIVERY, Delivery, EVENT, Event};
use crate::job::{JobCx, Outcome, Retry, States};
use crate::registry::Registry;
use crate::store::{self, Claim, State};
use db::Db;
use jiff::tz::TimeZone;
use kernel::{Ctx, Uuid, World};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// How long a claimed job belongs to its worker without a sign of life.
const LEASE: Duration = Duration::from_secs(300);
const HEARTBEAT: Duration = Duration::from_secs(60);
/// Other nodes enqueue too, so the queue is looked at without being woken.
const POLL: Duration = Duration::from_millis(500);
/// Running jobs get this long to end when the process stops.
const GRACE: Duration = Duration::from_secs(20);
const SETTLE_TRIES: u32 = 20;
/// Jobs at once per process, for each of [`store::INSIDE`] and [`store::OUTSIDE`].
const LANES: usize = 4;
/// A test's queue that is longer than this feeds itself.
const DRAIN_LIMIT: usize = 10_000;
/// Jobs that a test's worker claims together, to run them in any order.
const SHUFFLED: usize = 8;
/// Longest error text kept, in characters.
const ERROR_LENGTH: usize = 1000;

/// Wakes the worker: call it after a commit that enqueued something.
#[derive(Clone, Default)]
pub struct Wake(Arc<[Notify; 2]>);

impl Wake {
    pub fn wake(&self) {
        self.0.iter().for_each(Notify::notify_one);
    }
    async fn wait(&self, lane: i64) {
        let [inside, outside] = &*self.0;
        if lane == store::OUTSIDE {
            outside.notified().await
        } else {
            inside.notified().await
        }
    }
}

/// Runs jobs. Clones are the same worker.
#[derive(Clone)]
pub struct Worker {
    db: Db,
    world: World,
    registry: Arc<Registry>,
    states: Arc<States>,
    zone: TimeZone,
    wake: Wake,
    id: Uuid,
}

impl Worker {
    /// Schedules follow UTC until [`Worker::zone`] says otherwise.
    pub fn new(db: Db, world: World, registry: Registry, states: States) -> Self {
        // never from a seeded world: two nodes must not have the same id
        let id = World::system().uuid();
        Worker {
            db,
            world,
            registry: Arc::new(registry),
            states: Arc::new(states),
            zone: TimeZone::UTC,
            wake: Wake::default(),
            id,
        }
    }

    /// The time zone in which schedules are meant.
    pub fn zone(self, zone: TimeZone) -> Self {
        Worker { zone, ..self }
    }

    pub fn waker(&self) -> Wake {
        self.wake.clone()
    }

    /// Works until `shutdown` turns true (or its sender is gone), then lets running jobs end.
    pub async fn run(&self, shutdown: watch::Receiver<bool>) {
        let inside = self.lanes(store::INSIDE, shutdown.clone());
        let outside = self.lanes(store::OUTSIDE, shutdown);
        tokio::join!(inside, outside);
        if let Err(error) = self.release().await {
            tracing::warn!(%error, "unfinished jobs keep their lease until it ends");
        }
    }

    async fn lanes(&self, lane: i64, mut shutdown: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        while !*shutdown.borrow() {
            let free = LANES.saturating_sub(running.len());
            if free > 0 {
                match self.turn(lane, free).await {
                    Ok(claims) => {
                        for claim in claims {
                            let worker = self.clone();
                            running.spawn(async move { worker.work(claim).await });
                        }
                    }
                    Err(error) => tracing::warn!(%error, "the job queue could not be read"),
                }
            }
            let full = running.len() >= LANES;
            tokio::select! {
                changed = shutdown.changed() => if changed.is_err() { break },
                Some(_) = running.join_next(), if !running.is_empty() => {}
                () = self.wake.wait(lane), if !full => {}
                () = tokio::time::sleep(POLL), if !full => {}
            }
        }
        let ended = async { while running.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, ended).await.is_err() {
            running.shutdown().await;
        }
    }

    /// Runs all that is due, one after the other, until nothing is; for tests. Gives the number of runs.
    /// Where events come twice they are also shuffled: only the order within a subject is promised, and a claim
    /// never takes two jobs of one subject.
    pub async fn drain(&self) -> db::Result<usize> {
        let at_once = if self.registry.twice { SHUFFLED } else { 1 };
        let mut runs = 0;
        loop {
            let mut claims = self.turn(store::INSIDE, at_once).await?;
            if claims.is_empty() {
                claims = self.turn(store::OUTSIDE, at_once).await?;
            }
            if claims.is_empty() {
                return Ok(runs);
            }
            self.shuffle(&mut claims);
            for claim in claims {
                self.work(claim).await;
                runs += 1;
            }
            if runs > DRAIN_LIMIT {
                return Err(db::Error::other("the queue does not come to an end"));
            }
        }
    }

    fn shuffle(&self, claims: &mut [Claim]) {
        for last in (1..claims.len()).rev() {
            let [byte] = self.world.bytes::<1>();
            claims.swap(last, usize::from(byte) % (last + 1));
        }
    }

    /// Fires what is scheduled and claims what is due.
    async fn turn(&self, lane: i64, limit: usize) -> db::Result<Vec<Claim>> {
        if lane == store::INSIDE {
            self.fire().await?;
        }
        let now = self.world.now();
        let due = {
            let mut tx = self.db.read().await?;
            store::any_due(&mut tx, lane, now).await?
        };
        if !due {
            return Ok(Vec::new());
        }
        let limit = i64::try_from(limit).unwrap_or(1);
        db::retry(|| async {
            let mut tx = self.db.begin_claim().await?;
            let times = (now, now + LEASE);
            let claims = store::claim(&mut tx, self.id, lane, times, limit).await?;
            tx.commit().await?;
            Ok(claims)
        })
        .await
    }

    async fn fire(&self) -> db::Result<()> {
        if self.registry.schedules.is_empty() {
            return Ok(());
        }
        let planned = {
            let mut tx = self.db.read().await?;
            store::planned(&mut tx).await?
        };
        let ctx = Ctx::system(&self.world);
        for schedule in self.registry.schedules.values() {
            let row = planned.iter().find(|row| row.name == schedule.kind);
            let next = schedule.next(ctx.now, &self.zone);
            match row {
                Some(row) if row.pattern == schedule.pattern && row.next_run > ctx.now => {}
                Some(row) if row.pattern == schedule.pattern => {
                    db::retry(|| async {
                        let mut tx = self.db.begin_claim().await?;
                        if store::fire(&mut tx, schedule.kind, row.next_run, next).await? {
                            let new = store::New::text(schedule.kind, schedule.payload.clone())
                                .max_attempts(schedule.max_attempts)
                                .lane(schedule.lane)
                                .key(format!("schedule|{}", schedule.kind));
                            store::insert(&mut tx, &ctx, new).await?;
                        }
                        tx.commit().await
                    })
                    .await?;
                }
                _ => {
                    db::retry(|| async {
                        let mut tx = self.db.begin_claim().await?;
                        store::plan(&mut tx, schedule, next).await?;
                        tx.commit().await
                    })
                    .await?;
                }
            }
        }
        Ok(())
    }

    async fn work(&self, claim: Claim) {
        let outcome = if claim.attempts > claim.max_attempts {
            Some(Outcome::GiveUp(
                "no worker lived to the end of it".to_owned(),
            ))
        } else if claim.kind == EVENT {
            match self.hand_out(&claim).await {
                Ok(()) => None,
                Err(error) => Some(Outcome::Retry(error.to_string())),
            }
        } else {
            self.attempt(&claim).await
        };
        let Some(outcome) = outcome else { return };
        // a database that is away for a moment must not make a finished job run again
        for _ in 0..SETTLE_TRIES {
            let Err(error) = self.settle(&claim, &outcome).await else {
                return;
            };
            tracing::warn!(%error, job = %claim.id, kind = claim.kind, "the end of a job could not be written");
            tokio::time::sleep(POLL).await;
        }
        tracing::error!(job = %claim.id, kind = claim.kind, "the end of a job is lost; it runs again when its lease ends");
    }

    /// One run in a task of its own, so that a panic stays there, with heartbeats. `None` when the lease was lost.
    async fn attempt(&self, claim: &Claim) -> Option<Outcome> {
        let cx = JobCx {
            db: self.db.clone(),
            ctx: Ctx::system(&self.world),
            id: claim.id,
            attempt: claim.attempts,
            states: self.states.clone(),
        };
        let run = match self.prepare(claim, cx) {
            Ok(run) => run,
            Err(outcome) => return Some(outcome),
        };
        let mut task = JoinSet::new();
        task.spawn(run);
        loop {
            tokio::select! {
                ended = task.join_next() => return Some(match ended {
                    Some(Ok(outcome)) => outcome,
                    Some(Err(error)) => Outcome::Retry(panicked(error)),
                    None => Outcome::Retry("no run".to_owned()),
                }),
                () = tokio::time::sleep(HEARTBEAT) => {
                    if self.lost(claim).await {
                        tracing::warn!(job = %claim.id, kind = claim.kind, "lease lost; the run is ended");
                        return None;
                    }
                }
            }
        }
    }

    fn prepare(
        &self,
        claim: &Claim,
        cx: JobCx,
    ) -> Result<futures_util::future::BoxFuture<'static, Outcome>, Outcome> {
        if claim.kind == DELIVERY {
            let delivery: Delivery = serde_json::from_str(&claim.payload)
                .map_err(|error| Outcome::GiveUp(error.to_string()))?;
            let handle = self
                .registry
                .handler(&delivery.event.kind, &delivery.handler)
                .ok_or_else(|| Outcome::GiveUp(format!("no handler {}", delivery.handler)))?;
            return Ok(handle(delivery.event, cx));
        }
        // an unknown kind may belong to a newer node that shares the queue
        let entry = self
            .registry
            .jobs
            .get(claim.kind.as_str())
            .ok_or_else(|| Outcome::Retry(format!("no job {}", claim.kind)))?;
        Ok((entry.run)(&claim.payload, cx))
    }

    /// Turns one event into one job per handler and takes the event away, all at once.
    async fn hand_out(&self, claim: &Claim) -> db::Result<()> {
        let event: Event =
            serde_json::from_str(&claim.payload).map_err(|error| db::Error::Other(error.into()))?;
        let handlers = self.registry.handlers.get(event.kind.as_str());
        let times = if self.registry.twice { 2 } else { 1 };
        db::retry(|| async {
            let ctx = Ctx::system(&self.world);
            let mut tx = self.db.begin_claim().await?;
            if !store::done(&mut tx, self.id, claim).await? {
                return Ok(());
            }
            for (name, _) in handlers.into_iter().flatten() {
                let delivery = Delivery {
                    handler: (*name).to_owned(),
                    event: event.clone(),
                };
                for _ in 0..times {
                    let new = store::New::json(DELIVERY, &delivery)?
                        .subject(format!("{name}|{}", event.subject));
                    store::insert(&mut tx, &ctx, new).await?;
                }
            }
            tx.commit().await
        })
        .await?;
        self.wake.wake();
        Ok(())
    }

    async fn settle(&self, claim: &Claim, outcome: &Outcome) -> db::Result<()> {
        let dies = match outcome {
            Outcome::Done => false,
            Outcome::Retry(_) => claim.attempts >= claim.max_attempts,
            Outcome::GiveUp(_) => true,
        };
        db::retry(|| async {
            let ctx = Ctx::system(&self.world);
            let entry = self.registry.jobs.get(claim.kind.as_str());
            // what the owner notes beside a dead job is work on its own tables
            let mut tx = match dies {
                true => self.db.begin().await?,
                false => self.db.begin_claim().await?,
            };
            let kept = match outcome {
                Outcome::Done => store::done(&mut tx, self.id, claim).await?,
                Outcome::Retry(reason) if !dies => {
                    let retry = entry.map_or(Retry::usual(), |entry| entry.retry);
                    let at = ctx.now + retry.wait(claim.attempts, &self.world);
                    let reason = cut(reason);
                    tracing::info!(job = %claim.id, kind = claim.kind, attempt = claim.attempts, reason, "job is tried again");
                    store::put_back(&mut tx, self.id, claim, State::Waiting, at, &reason).await?
                }
                Outcome::Retry(reason) | Outcome::GiveUp(reason) => {
                    let reason = cut(reason);
                    tracing::warn!(job = %claim.id, kind = claim.kind, attempt = claim.attempts, reason, "job is dead");
                    let kept =
                        store::put_back(&mut tx, self.id, claim, State::Dead, ctx.now, &reason)
                            .await?;
                    if let Some(entry) = entry.filter(|_| kept) {
                        (entry.dead)(&claim.payload, &mut tx, &ctx, &reason).await?;
                    }
                    kept
                }
            };
            if !kept {
                tracing::warn!(job = %claim.id, kind = claim.kind, "another worker has the job; this end is not written");
                return Ok(());
            }
            tx.commit().await
        })
        .await
    }

    /// Prolongs the lease; `true` only when it is known to be another's.
    async fn lost(&self, claim: &Claim) -> bool {
        let until = self.world.now() + LEASE;
        let kept = db::retry(|| async {
            let mut tx = self.db.begin_claim().await?;
            let kept = store::prolong(&mut tx, self.id, claim, until).await?;
            tx.commit().await?;
            Ok(kept)
        })
        .await;
        matches!(kept, Ok(false))
    }

    async fn release(&self) -> db::Result<()> {
        db::retry(|| async {
            let mut tx = self.db.begin_claim().await?;
            if store::release(&mut tx, self.id).await? == 0 {
                return Ok(());
            }
            tx.commit().await
        })
        .await
    }
}

fn cut(reason: &str) -> String {
    reason.chars().take(ERROR_LENGTH).collect()
}

fn panicked(error: tokio::task::JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else {
        return "the run was cut off".to_owned();
    };
    let words = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    format!("panic: {}", words.unwrap_or_default())
}
