//! What a job is: a payload, a name, how often it is tried again, and what it does.

use db::{Db, Tx};
use kernel::{Ctx, World};
use serde::{Serialize, de::DeserializeOwned};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

kernel::typed_id!(/** One piece of work in the queue. */ JobId);

/// Work to be done after commit, at least once. The payload holds ids, never states: `run` reads what is true now.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Name in the queue, as `mail.send`; stays the same over releases.
    const KIND: &'static str;
    const RETRY: Retry = Retry::usual();
    /// Whether `run` waits for the outside world; such jobs never hold up the others.
    const OUTSIDE: bool = false;

    /// Must do no harm when it runs twice. A panic counts as [`Outcome::Retry`].
    fn run(self, cx: &JobCx) -> impl Future<Output = Outcome> + Send;

    /// Called in the transaction that marks the job dead, so that the owner can note it beside.
    fn dead(
        self,
        tx: &mut Tx,
        ctx: &Ctx,
        reason: &str,
    ) -> impl Future<Output = db::Result<()>> + Send {
        let _ = (tx, ctx, reason);
        async { Ok(()) }
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// Again later, as [`Job::RETRY`] says; dead after the last attempt. The reason is shown on the desk.
    Retry(String),
    /// Never again: dead at once.
    GiveUp(String),
}

impl From<db::Result<()>> for Outcome {
    fn from(result: db::Result<()>) -> Self {
        match result {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Retry(error.to_string()),
        }
    }
}

/// Waiting times between attempts: doubling from `first` to `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    first: Duration,
    longest: Duration,
    attempts: i64,
}

impl Retry {
    /// 10 s doubling to 1 h, for a day in all.
    pub const fn usual() -> Self {
        Retry::backoff(Duration::from_secs(10), Duration::from_secs(3600))
            .within(Duration::from_secs(24 * 3600))
    }

    /// Doubling without end; say [`Retry::within`] or [`Retry::attempts`] too.
    pub const fn backoff(first: Duration, longest: Duration) -> Self {
        Retry {
            first,
            longest,
            attempts: i64::MAX,
        }
    }

    /// One attempt only.
    pub const fn never() -> Self {
        Retry {
            first: Duration::ZERO,
            longest: Duration::ZERO,
            attempts: 1,
        }
    }

    /// At most so many attempts, the first one counted.
    pub const fn attempts(self, attempts: i64) -> Self {
        Retry { attempts, ..self }
    }

    /// As many attempts as fit into `total`.
    pub const fn within(self, total: Duration) -> Self {
        let mut attempts = 1;
        let mut wait = self.first.as_millis();
        let mut spent = wait;
        while spent <= total.as_millis() && wait > 0 {
            attempts += 1;
            wait *= 2;
            if wait > self.longest.as_millis() {
                wait = self.longest.as_millis();
            }
            spent += wait;
        }
        Retry { attempts, ..self }
    }

    pub(crate) const fn max_attempts(self) -> i64 {
        self.attempts
    }

    /// The wait after the `attempt`th attempt (from 1), up to a fifth longer by chance so that many do not come back at once.
    pub fn wait(self, attempt: i64, world: &World) -> Duration {
        let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 30)).unwrap_or(0);
        let wait = self
            .first
            .saturating_mul(2u32.saturating_pow(doublings))
            .min(self.longest);
        let jitter = u32::from(u16::from_le_bytes(world.bytes()));
        wait.saturating_add(wait.saturating_mul(jitter) / (5 * 65_536))
    }
}

/// Things put in at start (transport, settings), found by type.
#[derive(Clone, Default)]
pub struct States(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

impl States {
    pub fn new() -> Self {
        States::default()
    }
    pub fn with<T: Send + Sync + 'static>(mut self, thing: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Arc::new(thing));
        self
    }
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0
            .get(&TypeId::of::<T>())
            .cloned()
            .and_then(|thing| thing.downcast().ok())
    }
}

/// What a running job has at hand.
#[derive(Clone)]
pub struct JobCx {
    pub db: Db,
    /// The system as actor; `ctx.now` is when the run began.
    pub ctx: Ctx,
    pub id: JobId,
    /// From 1.
    pub attempt: i64,
    pub(crate) states: Arc<States>,
}

impl JobCx {
    /// What was put in at start; `None` means the start-up code forgot it.
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.states.get()
    }

    /// The context as of now, for acts after a long wait.
    pub fn now(&self) -> Ctx {
        Ctx {
            now: self.ctx.world.now(),
            ..self.ctx.clone()
        }
    }
}
