//! The history of the schema.

use crate::{database, world};
use db::testing::{empty, prepare_all};
use db::{Db, Engine, SchemaState, params, sql};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_runs_from_empty() {
    let db = empty(&world()).await;
    assert!(matches!(db.schema_state().await.unwrap(), SchemaState::Pending(all) if all.len() > 1));
    let report = db.migrate().await.unwrap();
    assert_eq!(
        report.applied.first().map(String::as_str),
        Some("0001_db.sql")
    );
    assert_eq!(report.copy, None);
    assert_eq!(db.schema_state().await.unwrap(), SchemaState::UpToDate);
    assert_eq!(db.migrate().await.unwrap(), db::Report::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_migrate_at_once() {
    let db = empty(&world()).await;
    let other = Db::open(db.url(), &world()).await.unwrap();
    let (one, two) = tokio::join!(db.migrate(), other.migrate());
    let (one, two) = (one.unwrap().applied, two.unwrap().applied);
    assert_eq!(db.schema_state().await.unwrap(), SchemaState::UpToDate);
    assert!(one.iter().all(|file| !two.contains(file)));
}

async fn set(db: &Db, change: &'static db::Stmt<()>) {
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.exec(change, params![]).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_schema_is_left_alone() {
    let db = database().await;
    set(&db, sql!("INSERT INTO migrations (number, name, checksum, at) VALUES (9999, '9999_new.sql', 'x', 0)")).await;
    let state = db.schema_state().await.unwrap();
    assert!(
        matches!(&state, SchemaState::Unknown(why) if why.contains("9999_new.sql")),
        "{state:?}"
    );
    assert!(db.migrate().await.is_err());

    set(&db, sql!("DELETE FROM migrations WHERE number = 9999")).await;
    assert_eq!(db.schema_state().await.unwrap(), SchemaState::UpToDate);
    set(
        &db,
        sql!("UPDATE migrations SET checksum = 'x' WHERE number = 1"),
    )
    .await;
    let state = db.schema_state().await.unwrap();
    assert!(
        matches!(&state, SchemaState::Unknown(why) if why.contains("0001_db.sql")),
        "{state:?}"
    );
    assert!(db.migrate().await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_use_is_copied_first() {
    let db = database().await;
    if db.engine() != Engine::Sqlite {
        return;
    }
    let mut tx = db.begin().await.unwrap();
    db::next_number(&mut tx, "kept", 5).await.unwrap();
    tx.exec(sql!("DELETE FROM migrations WHERE number = 1"), params![])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // the file fails (its tables are there); the copy was made before
    assert!(db.migrate().await.is_err());
    let copy = format!("{}.before-0001", db.path().unwrap().display());
    let copy = Db::open(&format!("sqlite:{copy}"), &world()).await.unwrap();
    let mut tx = copy.read().await.unwrap();
    let kept = sql!((i64,), "SELECT value FROM counters WHERE name = 'kept'");
    assert_eq!(tx.one(kept, params![]).await.unwrap().0, 5);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for db in [&*db, &copy] {
            let mode = std::fs::metadata(db.path().unwrap())
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_of_this_crate_prepares() {
    let db = database().await;
    // tests have tables and statements of their own
    let own: Vec<String> = prepare_all(&db)
        .await
        .unwrap()
        .into_iter()
        .filter(|problem| !problem.contains("tests/it/"))
        .collect();
    assert_eq!(own, Vec::<String>::new());
    assert!(db::statements().any(|stmt| stmt.file.ends_with("audit.rs")));
}

kernel::row! {
    struct Wrong { name: String, wert: i64 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_does_not_fit_is_found() {
    let db = database().await;
    let _ = [
        sql!(Wrong, "SELECT name, value FROM counters"),
        sql!(Wrong, "SELECT name FROM counters"),
        sql!(Wrong, "SELECT name, value AS wert FROM kein_table"),
    ];
    let problems = prepare_all(&db).await.unwrap();
    for part in ["`wert`", "2 columns, the statement gives 1", "kein_table"] {
        assert!(
            problems.iter().any(|problem| problem.contains(part)),
            "{part}: {problems:#?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swept_commits_are_gone() {
    let db = database().await;
    let mut tx = db.begin().await.unwrap();
    let later = crate::START + std::time::Duration::from_secs(1);
    let swept = db::sweep_commits(&mut tx, later).await.unwrap();
    // its own row is among them
    let expected = if db.engine() == Engine::Postgres {
        1
    } else {
        0
    };
    assert_eq!(swept, expected);
}
