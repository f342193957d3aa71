//! Connections that break (PostgreSQL only).

use crate::database;
use db::testing::{TestDb, backend, run_on};
use db::{Db, Engine, Error, params, sql};
use std::time::Duration;

async fn server() -> Option<TestDb> {
    let db = database().await;
    (db.engine() == Engine::Postgres).then_some(db)
}

async fn kill(db: &TestDb, process: i64) {
    run_on(db.url(), &format!("SELECT pg_terminate_backend({process})"))
        .await
        .unwrap();
}

async fn count(db: &Db) -> i64 {
    let mut tx = db.read().await.unwrap();
    tx.one(sql!((i64,), "SELECT COUNT(*) FROM counters"), params![])
        .await
        .unwrap()
        .0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_before_commit_is_run_again() {
    let Some(db) = server().await else { return };
    let mut tx = db.begin().await.unwrap();
    db::next_number(&mut tx, "a", 1).await.unwrap();
    let process = backend(&mut tx).await.unwrap();
    kill(&db, process).await;
    assert!(matches!(
        db::next_number(&mut tx, "b", 1).await,
        Err(Error::Retry)
    ));
    drop(tx);
    assert_eq!(count(&db).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_at_commit_and_not_stored_is_run_again() {
    let Some(db) = server().await else { return };
    let mut tx = db.begin().await.unwrap();
    db::next_number(&mut tx, "a", 1).await.unwrap();
    let process = backend(&mut tx).await.unwrap();
    kill(&db, process).await;
    assert!(matches!(tx.commit().await, Err(Error::Retry)));
    assert_eq!(count(&db).await, 0);
}

/// The answer to COMMIT is held back by a deferred trigger, and the connection cut on our side meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_at_commit_but_stored_is_done() {
    let Some(db) = server().await else { return };
    run_on(
        db.url(),
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
           $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON counters DEFERRABLE INITIALLY DEFERRED \
           FOR EACH ROW EXECUTE FUNCTION slow();",
    )
    .await
    .unwrap();
    let through = Cut::before(db.url()).await;
    let other = Db::open(&through.url, &crate::world()).await.unwrap();
    let mut tx = other.begin().await.unwrap();
    db::next_number(&mut tx, "a", 1).await.unwrap();
    let committing = tokio::spawn(tx.commit());
    tokio::time::sleep(Duration::from_millis(300)).await;
    through.cut();
    committing.await.unwrap().unwrap();
    assert_eq!(count(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn idle_connections_that_died_are_replaced() {
    let Some(db) = server().await else { return };
    let mut open = Vec::new();
    for _ in 0..10 {
        let mut tx = db.read().await.unwrap();
        count_in(&mut tx).await;
        open.push(tx);
    }
    drop(open);
    tokio::time::sleep(Duration::from_millis(100)).await;
    run_on(
        db.url(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .await
    .unwrap();
    for _ in 0..10 {
        assert_eq!(count(&db).await, 0);
        let mut tx = db.begin().await.unwrap();
        count_in(&mut tx).await;
    }
}

async fn count_in(tx: &mut db::Tx) {
    tx.one(sql!((i64,), "SELECT COUNT(*) FROM counters"), params![])
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_connection_is_worth_another_try() {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    drop(socket);
    let url = format!("postgres://nobody@127.0.0.1:{port}/none");
    let db = Db::open(&url, &crate::world()).await.unwrap();
    assert!(matches!(db.ping().await, Err(Error::Retry)));
    assert!(matches!(db.begin().await, Err(Error::Retry)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_url_is_no_secret_and_no_retry() {
    let world = crate::world();
    for url in [
        "mysql://x",
        "sqlite:",
        "sqlite::memory:",
        "postgres://u:geheim@[::1",
    ] {
        let error = Db::open(url, &world).await.expect_err(url);
        assert!(matches!(error, Error::Other(_)));
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_is_never_left_out_where_it_is_required() {
    let Some(db) = server().await else { return };
    let sign = if db.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{sign}sslmode=require", db.url());
    let strict = Db::open(&url, &crate::world()).await.unwrap();
    // the server of the tests has no certificate that anybody would trust
    assert!(strict.ping().await.is_err());
}

/// A relay that forwards bytes until it is told to cut what is open; later connections pass.
struct Cut {
    url: String,
    tell: tokio::sync::watch::Sender<()>,
}

impl Cut {
    async fn before(url: &str) -> Cut {
        let config: tokio_postgres::Config = url.parse().unwrap();
        let host = match config.get_hosts() {
            [tokio_postgres::config::Host::Tcp(host)] => host.clone(),
            other => panic!("{other:?}"),
        };
        let port = config.get_ports()[0];
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let (tell, told) = tokio::sync::watch::channel(());
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = tokio::net::TcpStream::connect((host.as_str(), port))
                    .await
                    .unwrap();
                let mut told = told.clone();
                tokio::spawn(async move {
                    told.mark_unchanged();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = told.changed() => {
                            drop(near);
                            // the server goes on with what it was told
                            tokio::time::sleep(Duration::from_secs(3)).await;
                        }
                    }
                });
            }
        });
        let end = url.rsplit_once('/').unwrap().1;
        let user = config.get_user().unwrap_or("postgres");
        let password = config
            .get_password()
            .map(|bytes| format!(":{}", String::from_utf8_lossy(bytes)))
            .unwrap_or_default();
        Cut {
            url: format!("postgres://{user}{password}@127.0.0.1:{own}/{end}"),
            tell,
        }
    }

    fn cut(&self) {
        self.tell.send(()).unwrap();
    }
}
