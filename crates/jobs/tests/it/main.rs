//! The queue on both engines: `TRESEN_TEST_DATABASE=postgres://…` moves every test to PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod desk;
mod events;
mod queue;
mod schedules;

use db::Db;
use db::testing::TestDb;
use jobs::{Job, JobCx, Outcome, Registry, Retry, States, Worker};
use kernel::{Ctx, Moment, World};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinHandle;

/// 22 November 2026, 13:05 UTC.
const START: Moment = Moment::from_micros(1_795_352_700_000_000);

/// A database, a clock, and what the jobs said.
struct Bench {
    world: World,
    db: TestDb,
    log: Log,
    gate: Gate,
}

/// What jobs and handlers note, in order.
#[derive(Clone, Default)]
struct Log(Arc<(Mutex<Vec<String>>, Notify)>);

impl Log {
    fn note(&self, word: impl Into<String>) {
        self.0.0.lock().unwrap().push(word.into());
        self.0.1.notify_one();
    }
    fn all(&self) -> Vec<String> {
        self.0.0.lock().unwrap().clone()
    }
    async fn reaches(&self, count: usize) {
        let reached = async {
            while self.all().len() < count {
                self.0.1.notified().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), reached)
            .await
            .unwrap_or_else(|_| panic!("only {:?}", self.all()));
    }
}

/// Jobs wait here until the test lets them on.
#[derive(Clone)]
struct Gate(Arc<Semaphore>);

impl Bench {
    async fn new() -> Self {
        let world = World::test(START, 7);
        let db = db::testing::fresh(&world).await;
        Bench {
            db,
            world,
            log: Log::default(),
            gate: Gate(Arc::new(Semaphore::new(0))),
        }
    }

    fn ctx(&self) -> Ctx {
        Ctx::system(&self.world)
    }

    /// Another node: its own connections to the same database.
    async fn node(&self) -> Db {
        Db::open(self.db.url(), &self.world).await.unwrap()
    }

    fn worker(&self, registry: Registry) -> Worker {
        self.worker_on(Db::clone(&self.db), registry)
    }

    fn worker_on(&self, db: Db, registry: Registry) -> Worker {
        let registry = registry
            .job::<Note>()
            .job::<Stubborn>()
            .job::<Hopeless>()
            .job::<Panics>()
            .job::<Waits>()
            .job::<WaitsOutside>();
        let states = States::new().with(self.log.clone()).with(self.gate.clone());
        Worker::new(db, self.world.clone(), registry, states)
    }

    async fn enqueue<J: Job>(&self, job: J) -> jobs::JobId {
        let mut tx = self.db.begin().await.unwrap();
        let id = jobs::enqueue(&mut tx, &self.ctx(), &job).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn counts(&self) -> jobs::Counts {
        jobs::counts(&mut self.db.read().await.unwrap())
            .await
            .unwrap()
    }

    fn advance(&self, seconds: u64) {
        self.world.advance(Duration::from_secs(seconds));
    }
}

/// Runs the worker until the sender says stop.
fn start(worker: Worker) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, shutdown) = watch::channel(false);
    (
        stop,
        tokio::spawn(async move { worker.run(shutdown).await }),
    )
}

fn log(cx: &JobCx) -> Arc<Log> {
    cx.state::<Log>().unwrap()
}

#[derive(Serialize, Deserialize)]
struct Note {
    word: String,
}

fn note(word: impl ToString) -> Note {
    Note {
        word: word.to_string(),
    }
}

impl Job for Note {
    const KIND: &'static str = "test.note";
    async fn run(self, cx: &JobCx) -> Outcome {
        log(cx).note(self.word);
        Outcome::Done
    }
}

/// Never ready; three attempts.
#[derive(Serialize, Deserialize)]
struct Stubborn {}

impl Job for Stubborn {
    const KIND: &'static str = "test.stubborn";
    const RETRY: Retry =
        Retry::backoff(Duration::from_secs(10), Duration::from_secs(3600)).attempts(3);
    async fn run(self, cx: &JobCx) -> Outcome {
        log(cx).note(format!("try {}", cx.attempt));
        Outcome::Retry("not yet".to_owned())
    }
    async fn dead(self, tx: &mut db::Tx, ctx: &Ctx, reason: &str) -> db::Result<()> {
        jobs::emit(tx, ctx, jobs::Event::new("test.dead", "stubborn", reason))
            .await
            .map(drop)
    }
}

#[derive(Serialize, Deserialize)]
struct Hopeless {}

impl Job for Hopeless {
    const KIND: &'static str = "test.hopeless";
    async fn run(self, _: &JobCx) -> Outcome {
        Outcome::GiveUp("no such thing".to_owned())
    }
}

/// Panics at the first attempt.
#[derive(Serialize, Deserialize)]
struct Panics {}

impl Job for Panics {
    const KIND: &'static str = "test.panics";
    async fn run(self, cx: &JobCx) -> Outcome {
        assert!(cx.attempt > 1, "stumbled");
        log(cx).note("got up");
        Outcome::Done
    }
}

/// Waits at the gate at its first attempt and fails then; a second attempt goes well.
#[derive(Serialize, Deserialize)]
struct Waits {}

impl Job for Waits {
    const KIND: &'static str = "test.waits";
    const RETRY: Retry =
        Retry::backoff(Duration::from_secs(10), Duration::from_secs(3600)).attempts(2);
    async fn run(self, cx: &JobCx) -> Outcome {
        log(cx).note(format!("begun {}", cx.attempt));
        if cx.attempt == 1 {
            cx.state::<Gate>()
                .unwrap()
                .0
                .acquire()
                .await
                .unwrap()
                .forget();
            log(cx).note("gate passed");
            return Outcome::GiveUp("too late".to_owned());
        }
        Outcome::Done
    }
}

#[derive(Serialize, Deserialize)]
struct WaitsOutside {}

impl Job for WaitsOutside {
    const KIND: &'static str = "test.waits_outside";
    const OUTSIDE: bool = true;
    async fn run(self, cx: &JobCx) -> Outcome {
        log(cx).note("begun outside");
        cx.state::<Gate>()
            .unwrap()
            .0
            .acquire()
            .await
            .unwrap()
            .forget();
        Outcome::Done
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_fits_the_schema() {
    let bench = Bench::new().await;
    assert_eq!(
        db::testing::prepare_all(&bench.db).await.unwrap(),
        Vec::<String>::new()
    );
}
