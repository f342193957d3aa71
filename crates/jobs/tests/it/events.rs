use crate::Bench;
use jobs::{Event, JobCx, Outcome, Registry};
use std::collections::BTreeMap;

async fn emit(bench: &Bench, subject: &str, number: usize) {
    let mut tx = bench.db.begin().await.unwrap();
    jobs::emit(
        &mut tx,
        &bench.ctx(),
        Event::new("test.happened", subject, number),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// Notes `name subject number`; the first look at number 1 of subject b fails.
fn listener(
    name: &'static str,
) -> impl Fn(Event, JobCx) -> std::future::Ready<Outcome> + Send + Sync {
    move |event, cx| {
        if name == "picky" && event.subject == "b" && event.id == "1" && cx.attempt == 1 {
            return std::future::ready(Outcome::Retry("not in the mood".to_owned()));
        }
        crate::log(&cx).note(format!("{name} {} {}", event.subject, event.id));
        std::future::ready(Outcome::Done)
    }
}

fn registry() -> Registry {
    Registry::new()
        .on("test.happened", "test.first", listener("first"))
        .on("test.happened", "test.picky", listener("picky"))
        .on("test.other", "test.other", listener("other"))
}

/// What each handler saw of each subject, in order.
fn seen(bench: &Bench) -> BTreeMap<String, Vec<String>> {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in bench.log.all() {
        let (who, number) = line.rsplit_once(' ').unwrap();
        seen.entry(who.to_owned())
            .or_default()
            .push(number.to_owned());
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn each_handler_gets_each_event_in_the_order_of_its_subject() {
    let bench = Bench::new().await;
    for number in 1..=3 {
        for subject in ["a", "b"] {
            emit(&bench, subject, number).await;
        }
    }
    let worker = bench.worker(registry());
    worker.drain().await.unwrap();
    let seen_first = seen(&bench);
    assert_eq!(seen_first["first b"], ["1", "2", "3"]);
    assert_eq!(seen_first["picky a"], ["1", "2", "3"]);
    assert!(
        !seen_first.contains_key("picky b"),
        "what failed is not overtaken"
    );
    bench.advance(12);
    worker.drain().await.unwrap();
    assert_eq!(seen(&bench)["picky b"], ["1", "2", "3"]);
    assert_eq!(bench.log.all().len(), 12);
    assert_eq!(bench.counts().await, jobs::Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_kit_delivers_twice() {
    let bench = Bench::new().await;
    emit(&bench, "a", 1).await;
    emit(&bench, "a", 2).await;
    bench
        .worker(registry().deliver_twice(true))
        .drain()
        .await
        .unwrap();
    assert_eq!(seen(&bench)["first a"], ["1", "1", "2", "2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn order_holds_over_two_workers() {
    let bench = Bench::new().await;
    for number in 0..15 {
        for subject in ["a", "c"] {
            emit(&bench, subject, number).await;
        }
    }
    let other = bench.node().await;
    let (stop_a, a) = crate::start(bench.worker(registry()));
    let (stop_b, b) = crate::start(bench.worker_on(other, registry()));
    bench.log.reaches(60).await;
    stop_a.send(true).unwrap();
    stop_b.send(true).unwrap();
    a.await.unwrap();
    b.await.unwrap();
    let expected: Vec<String> = (0..15).map(|number| number.to_string()).collect();
    for (who, numbers) in seen(&bench) {
        assert_eq!(numbers, expected, "{who}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_nobody_hears_goes_away() {
    let bench = Bench::new().await;
    emit(&bench, "a", 1).await;
    assert_eq!(bench.worker(Registry::new()).drain().await.unwrap(), 1);
    assert_eq!(bench.counts().await, jobs::Counts::default());
}
