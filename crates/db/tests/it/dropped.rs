//! A handler that is dropped at any await leaves writer and pool healthy.

use crate::database;
use db::{Db, Result, params, sql};
use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

/// Drops `work` at the await where it waits for the `waits`th time.
async fn cut<T>(work: impl Future<Output = T>, mut waits: u32) -> Option<T> {
    let mut work = pin!(work);
    std::future::poll_fn(move |cx: &mut Context<'_>| {
        if waits == 0 {
            return Poll::Ready(None);
        }
        match Pin::as_mut(&mut work).poll(cx) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => {
                waits -= 1;
                if waits == 0 {
                    Poll::Ready(None)
                } else {
                    Poll::Pending
                }
            }
        }
    })
    .await
}

async fn write(db: &Db, name: String) -> Result<()> {
    let mut tx = db.begin().await?;
    // gives the test a place to cut even where no statement waits
    tokio::task::yield_now().await;
    tx.exec(
        sql!("INSERT INTO counters (name, value) VALUES ($1, 1)"),
        params![&name],
    )
    .await?;
    tokio::task::yield_now().await;
    tx.exec(
        sql!("UPDATE counters SET value = value + 1 WHERE name = $1"),
        params![name],
    )
    .await?;
    tokio::task::yield_now().await;
    tx.commit().await
}

async fn read(db: &Db) -> Result<i64> {
    let mut tx = db.read().await?;
    tokio::task::yield_now().await;
    let stmt = sql!((i64,), "SELECT COUNT(*) FROM counters WHERE value = 2");
    let count = tx.one(stmt, params![]).await?.0;
    tokio::task::yield_now().await;
    Ok(count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_at_each_await() {
    let db = database().await;
    let mut stored = 0;
    for polls in 0..12 {
        for round in 0..6 {
            if cut(write(&db, format!("{polls}-{round}")), polls)
                .await
                .is_some_and(|done| done.is_ok())
            {
                stored += 1;
            }
            let _ = cut(read(&db), polls).await;
        }
    }
    // everybody at once, so that nobody's connection is still held
    let crowd = (0..40).map(|_| {
        let db = Db::clone(&db);
        tokio::spawn(async move { read(&db).await })
    });
    for task in crowd.collect::<Vec<_>>() {
        tokio::time::timeout(Duration::from_secs(10), task)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
    }
    let whole = tokio::time::timeout(Duration::from_secs(10), write(&db, "last".into()));
    whole.await.unwrap().unwrap();
    let mut tx = db.read().await.unwrap();
    let half = sql!((i64,), "SELECT COUNT(*) FROM counters WHERE value <> 2");
    assert_eq!(
        tx.one(half, params![]).await.unwrap().0,
        0,
        "half a transaction was stored"
    );
    // on PostgreSQL a COMMIT may be on its way when its future is dropped
    let all = sql!((i64,), "SELECT COUNT(*) FROM counters");
    assert!(tx.one(all, params![]).await.unwrap().0 > stored);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aborted_tasks_give_everything_back() {
    let db = database().await;
    for round in 0..30_u64 {
        let writer = tokio::spawn({
            let db = Db::clone(&db);
            async move { write(&db, format!("abort-{round}")).await }
        });
        let reader = tokio::spawn({
            let db = Db::clone(&db);
            async move { read(&db).await }
        });
        tokio::time::sleep(Duration::from_micros(round * 60)).await;
        writer.abort();
        reader.abort();
    }
    for round in 0..20 {
        let whole = tokio::time::timeout(
            Duration::from_secs(10),
            write(&db, format!("after-{round}")),
        );
        whole.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_writers_may_leave_the_queue() {
    let db = database().await;
    let holder = db.begin().await.unwrap();
    for _ in 0..5 {
        assert!(cut(write(&db, "queue".into()), 1).await.is_none());
    }
    drop(holder);
    write(&db, "queue".into()).await.unwrap();
}
