use crate::{Bench, note};
use jobs::Registry;
use kernel::jiff::tz::TimeZone;

const HOUR: u64 = 3600;

fn nightly() -> Registry {
    Registry::new().schedule("0 3 * * *", note("nightly"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_fires_once_over_two_nodes() {
    let bench = Bench::new().await;
    let here = bench.worker(nightly());
    let there = bench.worker_on(bench.node().await, nightly());
    assert_eq!(
        here.drain().await.unwrap() + there.drain().await.unwrap(),
        0
    );
    for day in 1..=3 {
        bench.advance(24 * HOUR);
        let (a, b) = tokio::join!(here.drain(), there.drain());
        assert_eq!(a.unwrap() + b.unwrap(), 1, "day {day}");
        assert_eq!(here.drain().await.unwrap(), 0);
    }
    assert_eq!(bench.log.all().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_is_made_up_for_once() {
    let bench = Bench::new().await;
    let worker = bench.worker(nightly());
    worker.drain().await.unwrap();
    bench.advance(10 * 24 * HOUR);
    assert_eq!(worker.drain().await.unwrap(), 1);
    bench.advance(24 * HOUR);
    assert_eq!(worker.drain().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_follows_the_clock_of_its_zone() {
    let bench = Bench::new().await;
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let worker = bench.worker(nightly()).zone(zone);
    worker.drain().await.unwrap();
    // it is 13:05 UTC; three o'clock in Berlin is two o'clock UTC in winter
    bench.advance(12 * HOUR + 54 * 60);
    assert_eq!(worker.drain().await.unwrap(), 0);
    bench.advance(60);
    assert_eq!(worker.drain().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_runs_nothing_twice() {
    let bench = Bench::new().await;
    let worker = bench.worker(nightly());
    worker.drain().await.unwrap();
    bench.advance(24 * HOUR);
    assert_eq!(worker.drain().await.unwrap(), 1);
    bench.world.set(crate::START);
    assert_eq!(worker.drain().await.unwrap(), 0);
    bench.advance(24 * HOUR);
    assert_eq!(worker.drain().await.unwrap(), 0);
    bench.advance(24 * HOUR);
    assert_eq!(worker.drain().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_pattern_counts_from_now() {
    let bench = Bench::new().await;
    bench.worker(nightly()).drain().await.unwrap();
    let hourly = bench.worker(Registry::new().schedule("0 * * * *", note("hourly")));
    assert_eq!(hourly.drain().await.unwrap(), 0);
    bench.advance(HOUR);
    assert_eq!(hourly.drain().await.unwrap(), 1);
    assert_eq!(bench.log.all(), ["hourly"]);
}
