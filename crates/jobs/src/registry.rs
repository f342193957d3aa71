//! Which jobs, schedules and handlers there are; each context adds its own, the binary merges them.

use crate::event::Event;
use crate::job::{Job, JobCx, Outcome, Retry};
use crate::store;
use croner::Cron;
use db::Tx;
use futures_util::future::BoxFuture;
use jiff::tz::TimeZone;
use kernel::{Ctx, Moment};
use std::collections::BTreeMap;
use std::future::Future;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

type Run = Arc<dyn Fn(&str, JobCx) -> BoxFuture<'static, Outcome> + Send + Sync>;
type Dead = Arc<
    dyn for<'a> Fn(&'a str, &'a mut Tx, &'a Ctx, &'a str) -> BoxFuture<'a, db::Result<()>>
        + Send
        + Sync,
>;
pub(crate) type Handle = Arc<dyn Fn(Event, JobCx) -> BoxFuture<'static, Outcome> + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Entry {
    pub retry: Retry,
    pub run: Run,
    pub dead: Dead,
}

#[derive(Clone)]
pub(crate) struct Schedule {
    pub kind: &'static str,
    pub pattern: &'static str,
    pub payload: String,
    pub max_attempts: i64,
    pub lane: i64,
    cron: Cron,
}

impl Schedule {
    /// The first time after `now`, on the clock of `zone`.
    pub fn next(&self, now: Moment, zone: &TimeZone) -> Moment {
        let start = now.timestamp().to_zoned(zone.clone());
        self.cron
            .find_next_occurrence(&start, false)
            .map_or(now + Duration::from_secs(24 * 3600), |next| {
                Moment::from_micros(next.timestamp().as_microsecond())
            })
    }
}

/// Jobs, schedules and event handlers by name.
#[derive(Clone, Default)]
pub struct Registry {
    pub(crate) jobs: BTreeMap<&'static str, Entry>,
    pub(crate) schedules: BTreeMap<&'static str, Schedule>,
    pub(crate) handlers: BTreeMap<&'static str, Vec<(&'static str, Handle)>>,
    pub(crate) twice: bool,
}

impl Registry {
    pub fn new() -> Self {
        Registry::default()
    }

    pub fn job<J: Job>(mut self) -> Self {
        let run: Run = Arc::new(|payload, cx| match serde_json::from_str::<J>(payload) {
            Ok(job) => Box::pin(async move { job.run(&cx).await }),
            Err(error) => {
                let reason = format!("payload does not fit {}: {error}", J::KIND);
                Box::pin(async move { Outcome::GiveUp(reason) })
            }
        });
        let dead: Dead = Arc::new(|payload, tx, ctx, reason| {
            let job = serde_json::from_str::<J>(payload);
            Box::pin(async move {
                match job {
                    Ok(job) => job.dead(tx, ctx, reason).await,
                    // what cannot be read cannot be noted elsewhere; the row itself stays for the desk
                    Err(_) => Ok(()),
                }
            })
        });
        self.jobs.insert(
            J::KIND,
            Entry {
                retry: J::RETRY,
                run,
                dead,
            },
        );
        self
    }

    /// Runs `job` whenever `pattern` (cron: minute hour day month weekday, provider's time zone) says so, once over all nodes.
    /// A time missed while nothing ran is made up for once.
    pub fn schedule<J: Job>(mut self, pattern: &'static str, job: J) -> Self {
        let schedule = Schedule {
            kind: J::KIND,
            pattern,
            payload: serde_json::to_string(&job).expect("a scheduled job has a plain payload"),
            max_attempts: J::RETRY.max_attempts(),
            lane: if J::OUTSIDE {
                store::OUTSIDE
            } else {
                store::INSIDE
            },
            cron: Cron::from_str(pattern).expect("the pattern stands in the code and is valid"),
        };
        self.schedules.insert(J::KIND, schedule);
        self.job::<J>()
    }

    /// Hands every event of `kind` to `handler`; `name` (as `operations.audit`) stays the same over releases.
    /// The handler must do no harm when an event comes twice.
    pub fn on<F, Fut>(mut self, kind: &'static str, name: &'static str, handler: F) -> Self
    where
        F: Fn(Event, JobCx) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Outcome> + Send + 'static,
    {
        let handle: Handle = Arc::new(move |event, cx| Box::pin(handler(event, cx)));
        self.handlers.entry(kind).or_default().push((name, handle));
        self
    }

    /// Takes in everything of `other`.
    pub fn merge(mut self, other: Registry) -> Self {
        self.jobs.extend(other.jobs);
        self.schedules.extend(other.schedules);
        for (kind, handlers) in other.handlers {
            self.handlers.entry(kind).or_default().extend(handlers);
        }
        self.twice |= other.twice;
        self
    }

    /// For the test kit: hands every event to every handler twice.
    pub fn deliver_twice(mut self, twice: bool) -> Self {
        self.twice = twice;
        self
    }

    /// Names of all jobs, for tests that know everything.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.jobs.keys().copied()
    }

    pub(crate) fn handler(&self, kind: &str, name: &str) -> Option<&Handle> {
        self.handlers
            .get(kind)?
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, handle)| handle)
    }
}
