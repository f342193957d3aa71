//! The chain of the log, and hands that try to change it.

use crate::{database, world};
use db::audit::chain::{Wrong, key_fits, seal, verify};
use db::audit::{Entry, record};
use db::testing::TestDb;
use db::{Db, params, sql};
use kernel::{Ctx, World};
use std::time::Duration;

async fn write(db: &TestDb, world: &World, lines: usize) {
    let mut tx = db.begin().await.unwrap();
    for number in 0..lines {
        let entry = Entry {
            act: "address.added",
            customer: None,
            subject: "address",
            subject_id: number.to_string(),
            detail: serde_json::json!({ "number": number }),
        };
        record(&mut tx, &Ctx::system(world), entry).await.unwrap();
        world.advance(Duration::from_secs(1));
    }
    tx.commit().await.unwrap();
}

async fn broken(db: &TestDb, world: &World) -> Option<(i64, Wrong)> {
    let mut tx = db.read().await.unwrap();
    verify(&mut tx, world).await.unwrap().broken
}

async fn by_hand(db: &TestDb, change: &'static db::Stmt<()>) -> db::Result<u64> {
    let mut tx = db.begin().await?;
    let changed = tx.exec(change, params![]).await?;
    tx.commit().await?;
    Ok(changed)
}

/// As somebody would who owns the database.
async fn without_triggers(db: &TestDb) {
    for drop in [
        sql!(
            sqlite = "DROP TRIGGER audit_kept",
            postgres = "DROP TRIGGER audit_kept ON audit"
        ),
        sql!(
            sqlite = "DROP TRIGGER audit_sealed",
            postgres = "DROP TRIGGER audit_sealed ON audit"
        ),
        sql!(
            sqlite = "DROP TRIGGER audit_stays",
            postgres = "DROP TRIGGER audit_stays ON audit"
        ),
    ] {
        by_hand(db, drop).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v16_4_2_lines_are_sealed_in_order_and_stand() {
    let (db, world) = (database().await, world());
    assert_eq!(broken(&db, &world).await, None);
    write(&db, &world, 7).await;
    let before = verify(&mut db.read().await.unwrap(), &world).await.unwrap();
    assert_eq!((before.lines, before.open_since), (0, Some(crate::START)));
    assert_eq!(
        key_fits(&mut db.read().await.unwrap(), &world)
            .await
            .unwrap(),
        None
    );
    assert_eq!(seal(&db, &world).await.unwrap(), 7);
    write(&db, &world, 600).await;
    assert_eq!(seal(&db, &world).await.unwrap(), 600);
    assert_eq!(seal(&db, &world).await.unwrap(), 0);
    let after = verify(&mut db.read().await.unwrap(), &world).await.unwrap();
    assert_eq!(
        (after.lines, after.broken, after.open_since),
        (607, None, None)
    );
    assert_eq!(after.end.len(), 64);
    assert_eq!(
        key_fits(&mut db.read().await.unwrap(), &world)
            .await
            .unwrap(),
        Some(true)
    );
    let other = World::system().with_key([9; 32]);
    assert_eq!(
        key_fits(&mut db.read().await.unwrap(), &other)
            .await
            .unwrap(),
        Some(false)
    );
    let verdict = verify(&mut db.read().await.unwrap(), &other).await.unwrap();
    assert_eq!(verdict.broken, Some((607, Wrong::Key)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v16_4_2_two_nodes_that_seal_at_once_make_one_chain() {
    let (db, world) = (database().await, world());
    let other = Db::open(db.url(), &world).await.unwrap();
    for _ in 0..10 {
        write(&db, &world, 30).await;
        let (one, two) = tokio::join!(seal(&db, &world), seal(&other, &world));
        assert_eq!(one.unwrap() + two.unwrap(), 30);
    }
    let verdict = verify(&mut db.read().await.unwrap(), &world).await.unwrap();
    assert_eq!((verdict.lines, verdict.broken), (300, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v16_4_2_audit_log_is_append_only() {
    let (db, world) = (database().await, world());
    write(&db, &world, 3).await;
    let tries: [(&str, &'static db::Stmt<()>); 5] = [
        (
            "an open line",
            sql!("UPDATE audit SET detail = '{}' WHERE subject_id = '1'"),
        ),
        ("all of them", sql!("DELETE FROM audit")),
        ("its time", sql!("UPDATE audit SET at = 0")),
        (
            "a sealed line",
            sql!("UPDATE audit SET act = 'x' WHERE seq = 2"),
        ),
        ("its seal", sql!("UPDATE audit SET seq = 20 WHERE seq = 2")),
    ];
    for (what, change) in &tries[..3] {
        assert!(by_hand(&db, change).await.is_err(), "{what}");
    }
    seal(&db, &world).await.unwrap();
    for (what, change) in &tries {
        assert!(by_hand(&db, change).await.is_err(), "{what}");
    }
    let verdict = verify(&mut db.read().await.unwrap(), &world).await.unwrap();
    assert_eq!((verdict.lines, verdict.broken), (3, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v16_4_2_a_deleted_or_changed_row_is_found() {
    let hands: [(&'static db::Stmt<()>, (i64, Wrong)); 8] = [
        (
            sql!("UPDATE audit SET detail = '{}' WHERE seq = 4"),
            (4, Wrong::Changed),
        ),
        (
            sql!("UPDATE audit SET at = at + 1 WHERE seq = 1"),
            (1, Wrong::Changed),
        ),
        (
            sql!("UPDATE audit SET actor_kind = 'staff' WHERE seq = 9"),
            (9, Wrong::Changed),
        ),
        (
            sql!("UPDATE audit SET subject = 'add', subject_id = 'ress3' WHERE seq = 4"),
            (4, Wrong::Changed),
        ),
        (sql!("DELETE FROM audit WHERE seq = 5"), (5, Wrong::Missing)),
        (sql!("DELETE FROM audit WHERE seq = 1"), (1, Wrong::Missing)),
        (sql!("DELETE FROM audit WHERE seq > 8"), (9, Wrong::CutOff)),
        (
            sql!("UPDATE audit SET hash = NULL WHERE seq = 10"),
            (10, Wrong::Changed),
        ),
    ];
    for (change, found) in hands {
        let (db, world) = (database().await, world());
        write(&db, &world, 10).await;
        seal(&db, &world).await.unwrap();
        without_triggers(&db).await;
        assert!(by_hand(&db, change).await.unwrap() > 0);
        assert_eq!(broken(&db, &world).await, Some(found));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v16_4_2_a_chain_made_anew_without_the_key_is_found() {
    let (db, world) = (database().await, world());
    write(&db, &world, 10).await;
    seal(&db, &world).await.unwrap();
    without_triggers(&db).await;
    for change in [
        sql!("DELETE FROM audit WHERE seq = 5"),
        sql!("UPDATE audit SET seq = NULL, hash = NULL"),
        sql!("UPDATE audit_chain SET seq = 0, hash = NULL, sealed = NULL"),
    ] {
        by_hand(&db, change).await.unwrap();
    }
    let thief = World::system().with_key([9; 32]);
    assert_eq!(seal(&db, &thief).await.unwrap(), 9);
    assert_eq!(broken(&db, &world).await, Some((9, Wrong::Key)));
}
