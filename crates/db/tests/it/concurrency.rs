//! Many at once.

use crate::database;
use db::{Db, Error, params, retry, sql};
use std::time::Duration;

/// Whoever gives up after five tries stored nothing and is sent again, as a person would.
async fn insist<T, F: Future<Output = db::Result<T>>>(mut work: impl FnMut() -> F) -> T {
    loop {
        match retry(&mut work).await {
            Ok(done) => return done,
            Err(Error::Retry) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_writers_count_exactly() {
    let db = database().await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let db = Db::clone(&db);
            tokio::spawn(async move {
                insist(|| async {
                    let mut tx = db.begin().await?;
                    let number = db::next_number(&mut tx, "customer", 1).await?;
                    tx.commit().await?;
                    Ok(number)
                })
                .await
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for task in tasks {
        numbers.push(task.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<i64>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_then_write_loses_nothing() {
    let db = database().await;
    let mut tx = db.begin().await.unwrap();
    tx.exec(
        sql!("INSERT INTO counters (name, value) VALUES ('sum', 0)"),
        params![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let db = Db::clone(&db);
            tokio::spawn(async move {
                insist(|| async {
                    let mut tx = db.begin().await?;
                    let stmt = sql!((i64,), "SELECT value FROM counters WHERE name = 'sum'");
                    let (value,) = tx.one(stmt, params![]).await?;
                    tokio::task::yield_now().await;
                    let put = sql!("UPDATE counters SET value = $1 WHERE name = 'sum'");
                    tx.exec(put, params![value + 1]).await?;
                    tx.commit().await
                })
                .await;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut tx = db.read().await.unwrap();
    let stmt = sql!((i64,), "SELECT value FROM counters WHERE name = 'sum'");
    assert_eq!(tx.one(stmt, params![]).await.unwrap().0, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_on_one_unique_key() {
    let db = database().await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = Db::clone(&db);
            tokio::spawn(async move {
                retry(|| async {
                    let mut tx = db.begin().await?;
                    let put = sql!("INSERT INTO counters (name, value) VALUES ('one', 1)");
                    tx.exec(put, params![]).await?;
                    tx.commit().await
                })
                .await
            })
        })
        .collect();
    let mut stored = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => stored += 1,
            Err(error) => assert!(error.conflict_on("counters.name"), "{error}"),
        }
    }
    assert_eq!(stored, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_sees_one_snapshot() {
    let db = database().await;
    let count = sql!((i64,), "SELECT COUNT(*) FROM counters");
    let mut reading = db.read().await.unwrap();
    assert_eq!(reading.one(count, params![]).await.unwrap().0, 0);
    let mut tx = db.begin().await.unwrap();
    db::next_number(&mut tx, "a", 1).await.unwrap();
    assert_eq!(
        tx.one(count, params![]).await.unwrap().0,
        1,
        "a transaction sees its own rows"
    );
    tx.commit().await.unwrap();
    assert_eq!(reading.one(count, params![]).await.unwrap().0, 0);
    drop(reading);
    assert_eq!(
        db.read()
            .await
            .unwrap()
            .one(count, params![])
            .await
            .unwrap()
            .0,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_readers_than_connections() {
    let db = database().await;
    let tasks: Vec<_> = (0..60)
        .map(|_| {
            let db = Db::clone(&db);
            tokio::spawn(async move {
                let mut tx = db.read().await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
                tx.one(sql!((i64,), "SELECT COUNT(*) FROM counters"), params![])
                    .await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}
