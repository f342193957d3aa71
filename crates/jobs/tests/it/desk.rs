use crate::{Bench, Hopeless, Stubborn, note};
use jobs::{Counts, Registry, State};

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_dead_jobs_are_paged_newest_first() {
    let bench = Bench::new().await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(bench.enqueue(Hopeless {}).await);
        bench.advance(1);
    }
    bench.enqueue(note("other")).await;
    let worker = bench.worker(Registry::new());
    worker.drain().await.unwrap();
    made.reverse();
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let mut tx = bench.db.read().await.unwrap();
        let page = jobs::list(&mut tx, State::Dead, before, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.created_at, last.id));
        found.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(found, made);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_dead_job_is_restarted_with_its_audit_line() {
    let bench = Bench::new().await;
    let worker = bench.worker(Registry::new());
    let id = bench.enqueue(Stubborn {}).await;
    for _ in 0..3 {
        worker.drain().await.unwrap();
        bench.advance(3600);
    }
    assert_eq!(
        bench.counts().await,
        Counts {
            waiting: 0,
            running: 0,
            dead: 1
        }
    );
    let mut tx = bench.db.begin().await.unwrap();
    jobs::restart(&mut tx, &bench.ctx(), id).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.db.read().await.unwrap();
    let acts = tx
        .all(
            db::sql!((String, String), "SELECT act, subject_id FROM audit"),
            db::params![],
        )
        .await
        .unwrap();
    assert_eq!(acts, [("job.restarted".to_owned(), id.to_string())]);
    drop(tx);
    worker.drain().await.unwrap();
    assert_eq!(
        bench.log.all().last().map(String::as_str),
        Some("try 1"),
        "with all its attempts"
    );
    let mut tx = bench.db.begin().await.unwrap();
    let again = jobs::restart(&mut tx, &bench.ctx(), id).await;
    assert!(
        matches!(again, Err(db::Error::Missing)),
        "it is not dead any more"
    );
}
