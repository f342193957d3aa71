use crate::{START, database};
use db::Tx;
use identity::throttle::{check, fail, succeed};
use kernel::Moment;
use std::time::Duration;

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

async fn allowed(tx: &mut Tx, now: Moment, key: &str) -> Option<u64> {
    check(tx, now, key)
        .await
        .expect("an answer")
        .err()
        .map(|wait| wait.as_secs())
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_an_account_has_five_free_tries_then_growing_delays_that_end() {
    let (db, _world) = database().await;
    let mut tx = db.begin().await.unwrap();
    let key = "account:1";
    let mut now = START;
    for _ in 0..4 {
        fail(&mut tx, now, key).await.unwrap();
        assert_eq!(allowed(&mut tx, now, key).await, None);
    }
    let mut delays = Vec::new();
    for _ in 0..12 {
        fail(&mut tx, now, key).await.unwrap();
        let wait = allowed(&mut tx, now, key).await.unwrap();
        delays.push(wait);
        assert_eq!(
            allowed(&mut tx, now + seconds(wait - 1), key).await,
            Some(1)
        );
        now = now + seconds(wait);
        assert_eq!(allowed(&mut tx, now, key).await, None);
    }
    assert_eq!(delays, [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    now = now + seconds(3600);
    fail(&mut tx, now, key).await.unwrap();
    assert_eq!(
        allowed(&mut tx, now, key).await,
        None,
        "forgotten after an hour"
    );
    succeed(&mut tx, key).await.unwrap();
    for _ in 0..4 {
        fail(&mut tx, now, key).await.unwrap();
    }
    assert_eq!(
        allowed(&mut tx, now, key).await,
        None,
        "a success forgets all"
    );
    assert_eq!(allowed(&mut tx, now, "account:2").await, None);
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_a_network_has_twenty_free_tries_in_ten_minutes() {
    let (db, _world) = database().await;
    let mut tx = db.begin().await.unwrap();
    let key = "network:192.0.2.0/24:sign-in";
    for _ in 0..19 {
        fail(&mut tx, START, key).await.unwrap();
    }
    let later = START + seconds(600);
    for _ in 0..19 {
        fail(&mut tx, later, key).await.unwrap();
        assert_eq!(allowed(&mut tx, later, key).await, None);
    }
    fail(&mut tx, later, key).await.unwrap();
    assert_eq!(allowed(&mut tx, later, key).await, Some(2));
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_three_mails_an_hour_go_to_an_address() {
    let (db, _world) = database().await;
    let mut tx = db.begin().await.unwrap();
    for (key, free) in [
        ("mail:anna@example.de", 3),
        ("mail-network:192.0.2.0/24", 20),
    ] {
        for minute in 0..free {
            let now = START + seconds(minute * 60);
            assert_eq!(allowed(&mut tx, now, key).await, None);
            fail(&mut tx, now, key).await.unwrap();
        }
        let now = START + seconds(1800);
        assert_eq!(allowed(&mut tx, now, key).await, Some(1800));
        assert_eq!(allowed(&mut tx, START + seconds(3600), key).await, None);
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn throttles_are_swept_when_they_mean_nothing_any_more() {
    let (db, _world) = database().await;
    let mut tx = db.begin().await.unwrap();
    fail(&mut tx, START, "account:1").await.unwrap();
    identity::sweep(&mut tx, START + seconds(3600))
        .await
        .unwrap();
    let count = db::sql!((i64,), "SELECT COUNT(*) FROM throttles");
    assert_eq!(tx.one(count, db::params![]).await.unwrap().0, 1);
    identity::sweep(&mut tx, START + seconds(7200))
        .await
        .unwrap();
    assert_eq!(tx.one(count, db::params![]).await.unwrap().0, 0);
    tx.commit().await.unwrap();
}
