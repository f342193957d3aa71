use crate::{Bench, Hopeless, Panics, Stubborn, Waits, WaitsOutside, note, start};
use jobs::{Counts, Registry, State};

const DEAD: Counts = Counts {
    waiting: 0,
    running: 0,
    dead: 1,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_after_commit_or_never() {
    let bench = Bench::new().await;
    let worker = bench.worker(Registry::new());
    let mut tx = bench.db.begin().await.unwrap();
    jobs::enqueue(&mut tx, &bench.ctx(), &note("dropped"))
        .await
        .unwrap();
    assert_eq!(worker.drain().await.unwrap(), 0);
    drop(tx);
    assert_eq!(worker.drain().await.unwrap(), 0);
    bench.enqueue(note("kept")).await;
    assert_eq!(worker.drain().await.unwrap(), 1);
    assert_eq!(bench.log.all(), ["kept"]);
    assert_eq!(bench.counts().await, Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_waits_for_its_time() {
    let bench = Bench::new().await;
    let worker = bench.worker(Registry::new());
    let ctx = bench.ctx();
    let mut tx = bench.db.begin().await.unwrap();
    let at = ctx.now + std::time::Duration::from_secs(60);
    jobs::enqueue_at(&mut tx, &ctx, &note("later"), at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    bench.advance(59);
    assert_eq!(worker.drain().await.unwrap(), 0);
    bench.advance(1);
    assert_eq!(worker.drain().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_share_a_queue_and_each_job_runs_once() {
    let bench = Bench::new().await;
    const COUNT: usize = 60;
    for word in 0..COUNT {
        bench.enqueue(note(word)).await;
    }
    let other = bench.node().await;
    let (stop_a, a) = start(bench.worker(Registry::new()));
    let (stop_b, b) = start(bench.worker_on(other, Registry::new()));
    bench.log.reaches(COUNT).await;
    stop_a.send(true).unwrap();
    stop_b.send(true).unwrap();
    a.await.unwrap();
    b.await.unwrap();
    let mut words: Vec<usize> = bench
        .log
        .all()
        .iter()
        .map(|word| word.parse().unwrap())
        .collect();
    words.sort_unstable();
    assert_eq!(words, (0..COUNT).collect::<Vec<_>>());
    assert_eq!(bench.counts().await, Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_waker_starts_work_at_once() {
    let bench = Bench::new().await;
    let worker = bench.worker(Registry::new());
    let waker = worker.waker();
    let (stop, running) = start(worker);
    bench.enqueue(note("woken")).await;
    waker.wake();
    bench.log.reaches(1).await;
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(bench.counts().await, Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_a_dead_worker_is_taken_over_when_its_lease_ends() {
    let bench = Bench::new().await;
    bench.enqueue(Waits {}).await;
    let (_stop, running) = start(bench.worker(Registry::new()));
    bench.log.reaches(1).await;
    running.abort();
    running.await.unwrap_err();
    let second = bench.worker(Registry::new());
    bench.advance(299);
    assert_eq!(second.drain().await.unwrap(), 0);
    bench.advance(2);
    assert_eq!(second.drain().await.unwrap(), 1);
    assert_eq!(bench.log.all(), ["begun 1", "begun 2"]);
    assert_eq!(bench.counts().await, Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_kills_every_worker_is_dead_in_the_end() {
    let bench = Bench::new().await;
    let job = bench.enqueue(WaitsOutside {}).await;
    let mut tx = bench.db.begin().await.unwrap();
    tx.exec(db::sql!("UPDATE jobs SET max_attempts = 2"), db::params![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for run in 1..=2 {
        let (_stop, running) = start(bench.worker(Registry::new()));
        bench.log.reaches(run).await;
        running.abort();
        running.await.unwrap_err();
        bench.advance(301);
    }
    assert_eq!(bench.worker(Registry::new()).drain().await.unwrap(), 1);
    assert_eq!(bench.counts().await, DEAD);
    let rows = jobs::list(&mut bench.db.read().await.unwrap(), State::Dead, None, 10).await;
    let rows = rows.unwrap();
    assert_eq!(rows[0].id, job);
    assert_eq!(
        rows[0].last_error.as_deref(),
        Some("no worker lived to the end of it")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_late_end_of_a_lost_lease_is_not_written() {
    let bench = Bench::new().await;
    bench.enqueue(Waits {}).await;
    let (stop, running) = start(bench.worker(Registry::new()));
    bench.log.reaches(1).await;
    bench.advance(301);
    assert_eq!(bench.worker(Registry::new()).drain().await.unwrap(), 1);
    bench.gate.0.add_permits(1);
    bench.log.reaches(3).await;
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(bench.log.all(), ["begun 1", "begun 2", "gate passed"]);
    assert_eq!(
        bench.counts().await,
        Counts::default(),
        "the first run gave up, the second one counts"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_lets_its_jobs_end() {
    let bench = Bench::new().await;
    bench.enqueue(Waits {}).await;
    let (stop, running) = start(bench.worker(Registry::new()));
    bench.log.reaches(1).await;
    stop.send(true).unwrap();
    bench.gate.0.add_permits(1);
    running.await.unwrap();
    assert_eq!(bench.log.all(), ["begun 1", "gate passed"]);
    assert_eq!(bench.counts().await, DEAD);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_tried_again_with_growing_waits_and_dead_in_the_end() {
    let bench = Bench::new().await;
    let log = bench.log.clone();
    let registry = Registry::new().on("test.dead", "test.mourner", move |event, _| {
        let log = log.clone();
        async move {
            log.note(format!("dead: {}", event.id));
            jobs::Outcome::Done
        }
    });
    let worker = bench.worker(registry);
    bench.enqueue(Stubborn {}).await;
    assert_eq!(worker.drain().await.unwrap(), 1);
    // ten seconds and up to a fifth more
    bench.advance(9);
    assert_eq!(worker.drain().await.unwrap(), 0);
    bench.advance(3);
    assert_eq!(worker.drain().await.unwrap(), 1);
    bench.advance(19);
    assert_eq!(worker.drain().await.unwrap(), 0);
    assert_eq!(
        bench.counts().await,
        Counts {
            waiting: 1,
            running: 0,
            dead: 0
        }
    );
    bench.advance(5);
    assert_eq!(
        worker.drain().await.unwrap(),
        3,
        "the last try, the event, its handler"
    );
    assert_eq!(bench.counts().await, DEAD);
    assert_eq!(
        bench.log.all(),
        ["try 1", "try 2", "try 3", "dead: not yet"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_up_is_at_once_and_a_panic_is_a_try() {
    let bench = Bench::new().await;
    let worker = bench.worker(Registry::new());
    bench.enqueue(Hopeless {}).await;
    assert_eq!(worker.drain().await.unwrap(), 1);
    assert_eq!(bench.counts().await, DEAD);
    bench.enqueue(Panics {}).await;
    assert_eq!(worker.drain().await.unwrap(), 1);
    let waiting = jobs::list(
        &mut bench.db.read().await.unwrap(),
        State::Waiting,
        None,
        10,
    )
    .await;
    assert_eq!(
        waiting.unwrap()[0].last_error.as_deref(),
        Some("panic: stumbled")
    );
    bench.advance(12);
    assert_eq!(worker.drain().await.unwrap(), 1);
    assert_eq!(bench.log.all(), ["got up"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_nobody_knows_waits_for_a_node_that_does() {
    let bench = Bench::new().await;
    bench.enqueue(note("strange")).await;
    let ignorant = jobs::Worker::new(
        bench.node().await,
        bench.world.clone(),
        Registry::new(),
        jobs::States::new(),
    );
    assert_eq!(ignorant.drain().await.unwrap(), 1);
    bench.advance(12);
    assert_eq!(bench.worker(Registry::new()).drain().await.unwrap(), 1);
    assert_eq!(bench.log.all(), ["strange"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_outside_world_holds_up_nothing_else() {
    let bench = Bench::new().await;
    for _ in 0..9 {
        bench.enqueue(WaitsOutside {}).await;
    }
    let (stop, running) = start(bench.worker(Registry::new()));
    bench.log.reaches(4).await;
    bench.enqueue(note("inside")).await;
    bench.log.reaches(5).await;
    assert_eq!(bench.log.all().last().map(String::as_str), Some("inside"));
    bench.gate.0.add_permits(9);
    bench.log.reaches(10).await;
    stop.send(true).unwrap();
    running.await.unwrap();
    assert_eq!(bench.counts().await, Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_waits_once() {
    let bench = Bench::new().await;
    let ctx = bench.ctx();
    for _ in 0..3 {
        let mut tx = bench.db.begin().await.unwrap();
        jobs::enqueue_with_key(&mut tx, &ctx, &note("seal"), "all")
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let worker = bench.worker(Registry::new());
    assert_eq!(worker.drain().await.unwrap(), 1);
    let mut tx = bench.db.begin().await.unwrap();
    jobs::enqueue_with_key(&mut tx, &ctx, &note("seal"), "all")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(worker.drain().await.unwrap(), 1);
}
