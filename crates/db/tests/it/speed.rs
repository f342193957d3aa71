//! What the façade costs over the bare driver; figures, no verdict: `cargo nextest run -p db --run-ignored only speed`.

use crate::database;
use db::{Engine, params, sql};
use kernel::Uuid;
use std::time::Instant;

kernel::row! {
    struct Person { id: Uuid, name: String, nick: Option<String>, age: i64, member: bool }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures"]
async fn point_reads() {
    const ROWS: u128 = 10_000;
    const READS: u128 = 50_000;
    let db = database().await;
    let table = "CREATE TABLE people (id UUID PRIMARY KEY NOT NULL, name TEXT NOT NULL, nick TEXT NULL, \
                 age BIGINT NOT NULL, member BOOLEAN NOT NULL);\n";
    db::testing::create(&db, table).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let put = sql!("INSERT INTO people (id, name, nick, age, member) VALUES ($1, $2, $3, $4, $5)");
    for n in 0..ROWS {
        let nick = (n % 2 == 0).then(|| "Nick".to_owned());
        tx.exec(
            put,
            params![Uuid::from_u128(n), format!("Name {n}"), nick, 40, true],
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    let get = sql!(
        Person,
        "SELECT id, name, nick, age, member FROM people WHERE id = $1"
    );

    let started = Instant::now();
    let mut tx = db.read().await.unwrap();
    for n in 0..READS {
        let person = tx
            .one(get, params![Uuid::from_u128(n * 7919 % ROWS)])
            .await
            .unwrap();
        assert!(person.member && person.age == 40);
    }
    println!(
        "in one transaction: {:?} a read",
        started.elapsed() / READS as u32
    );
    drop(tx);

    let started = Instant::now();
    for n in 0..READS {
        let mut tx = db.read().await.unwrap();
        tx.one(get, params![Uuid::from_u128(n * 7919 % ROWS)])
            .await
            .unwrap();
    }
    println!(
        "a transaction each: {:?} a read",
        started.elapsed() / READS as u32
    );

    if db.engine() == Engine::Sqlite {
        let bare = rusqlite::Connection::open(db.path().unwrap()).unwrap();
        let text = "SELECT id, name, nick, age, member FROM people WHERE id = ?1";
        let started = Instant::now();
        for n in 0..READS {
            let id = Uuid::from_u128(n * 7919 % ROWS);
            let mut stmt = bare.prepare_cached(text).unwrap();
            let row: (Vec<u8>, String, Option<String>, i64, bool) = stmt
                .query_row([id.as_bytes().as_slice()], |row| {
                    Ok((
                        row.get(0)?,
                        row.get(1)?,
                        row.get(2)?,
                        row.get(3)?,
                        row.get(4)?,
                    ))
                })
                .unwrap();
            assert!(row.4);
        }
        println!(
            "bare rusqlite, autocommit: {:?} a read",
            started.elapsed() / READS as u32
        );
    }
}
