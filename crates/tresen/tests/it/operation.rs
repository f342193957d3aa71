//! The program as its operator has it: started, asked, copied, brought back, ended.

use crate::process::Place;
use db::{Db, params, sql};
use kernel::World;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use testkit::Client;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What the demo gives everybody.
const PASSWORD: &str = "Leuchtturm-vor-Kiel-1895";
const SLOW: &[u8] = b"POST /anmelden HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
    Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nlogin=";

/// Somebody whose form is not yet whole.
async fn half_a_form(to: std::net::SocketAddr) -> TcpStream {
    let mut line = TcpStream::connect(to).await.unwrap();
    line.write_all(SLOW).await.unwrap();
    line
}

/// Until the listener is closed.
async fn closed(to: std::net::SocketAddr) {
    while TcpStream::connect(to).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_told_to_end_it_answers_what_runs_and_ends_well() {
    for name in ["TERM", "INT"] {
        let mut place = Place::new();
        let figures = testkit::free_address();
        place.set("metrics.listen", figures);
        let mut server = place.serve(&["serve"]).await;
        let mut line = half_a_form(server.address).await;
        // the half form is read when a later question is answered
        let mut visitor = server.visitor().await;
        visitor.get("/anmelden").await.expect(200);
        server.signal(name);
        closed(server.address).await;
        // a balancer that asks on the other listener is told
        let ready = Client::far(figures)
            .await
            .send("GET", "/readyz", None)
            .await;
        assert_eq!(
            (ready.status.as_u16(), ready.html.as_str()),
            (503, "ending\n")
        );
        line.write_all(b"x").await.unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        assert_eq!(server.ended().await.code(), Some(0), "{}", server.said());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_without_its_database_it_is_not_ready_and_says_so_soon() {
    let nowhere = "postgres://nobody@127.0.0.1:1/none";
    let db = Db::open(nowhere, &World::system()).await.unwrap();
    let (_end, ending) = tokio::sync::watch::channel(false);
    let router = tresen::health::with_health(axum::Router::new(), db, ending);
    for (path, status, body) in [("/healthz", 200, "ok\n"), ("/readyz", 503, "no database\n")] {
        let request = axum::http::Request::get(path).body(axum::body::Body::empty());
        let asked = tower::ServiceExt::oneshot(router.clone(), request.unwrap());
        let answer = tokio::time::timeout(Duration::from_secs(5), asked)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(answer.status(), status);
        let said = axum::body::to_bytes(answer.into_body(), 100).await.unwrap();
        assert_eq!(said, body);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_a_second_signal_ends_it_at_once() {
    let place = Place::new();
    let mut server = place.serve(&["serve"]).await;
    let line = half_a_form(server.address).await;
    server.visitor().await.get("/anmelden").await.expect(200);
    server.signal("TERM");
    closed(server.address).await;
    server.signal("TERM");
    assert_eq!(server.ended().await.code(), Some(1), "{}", server.said());
    drop(line);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_figures_are_asked_for_on_a_listener_of_their_own() {
    let mut place = Place::new();
    let figures = testkit::free_address();
    place.set("metrics.listen", figures);
    let server = place.serve(&["serve"]).await;
    let mut visitor = server.visitor().await;
    visitor.get("/anmelden").await.expect(200);
    visitor.get("/aktivieren/geheimes-wort").await.expect(410);
    visitor.get("/gibt/es/nicht/4711").await.expect(404);
    visitor.get("/metrics").await.expect(404);
    let wrong = [("login", "jana@post.example"), ("password", "falsch")];
    visitor.fill("/anmelden", &wrong).await.expect(422);
    let mut prometheus = Client::far(figures).await;
    let sheet = prometheus.get("/metrics").await.expect(200);
    assert!(
        sheet.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    let sheet = sheet.html;
    for line in [
        "tresen_http_requests_total{method=\"GET\",route=\"/anmelden\",status=\"2xx\"} 2",
        "tresen_http_requests_total{method=\"POST\",route=\"/anmelden\",status=\"4xx\"} 1",
        "tresen_http_requests_total{method=\"GET\",route=\"/aktivieren/{token}\",status=\"4xx\"} 1",
        "tresen_http_requests_total{method=\"GET\",route=\"\",status=\"4xx\"} 2",
        "tresen_http_request_duration_seconds_count{method=\"POST\",route=\"/anmelden\"} 1",
        "tresen_database_up 1",
        "tresen_password_hashes 0",
        "tresen_mails{state=\"queued\"} 0",
        "tresen_jobs{state=\"dead\"} 0",
    ] {
        assert!(
            sheet.lines().any(|found| found == line),
            "{line} in\n{sheet}"
        );
    }
    for name in [
        "tresen_build_info{version=\"",
        "tresen_jobs_oldest_due_seconds ",
        "tresen_db_connections{state=\"busy\"} ",
        "tresen_db_statements_total ",
        "process_resident_memory_bytes ",
    ] {
        assert!(
            sheet.lines().any(|line| line.starts_with(name)),
            "{name} in\n{sheet}"
        );
    }
    assert!(!sheet.contains("geheimes-wort") && !sheet.contains("4711"));
    well_formed(&sheet);
    prometheus.get("/readyz").await.expect(200);
    server.stop().await;
}

/// Each figure has its kind told once, before it, and buckets grow.
fn well_formed(sheet: &str) {
    let mut known = std::collections::BTreeSet::new();
    let mut last = 0.0;
    for line in sheet.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            assert!(
                known.insert(rest.split(' ').next().unwrap().to_owned()),
                "{line}"
            );
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        let value: f64 = value.parse().expect(line);
        let base = name.split('{').next().unwrap();
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|end| base.strip_suffix(end).filter(|base| known.contains(*base)))
            .unwrap_or(base);
        assert!(known.contains(family), "{line}");
        if base.ends_with("_bucket") {
            assert!(value >= last, "{line}");
            last = if name.contains("+Inf") { 0.0 } else { value };
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_a_backup_taken_while_serving_is_restored_and_served() {
    let mut place = Place::new();
    place.set("RUST_LOG", "warn");
    let listen = place.address.to_string();
    let server = place
        .serve(&["demo", "--data", "data", "--listen", &listen])
        .await;
    // canaries: what a copy must not give away
    let mut jana = server.visitor().await;
    jana.fill(
        "/anmelden",
        &[
            ("login", "jana.petersen@post.example"),
            ("password", PASSWORD),
        ],
    )
    .await;
    let mut somebody = server.visitor().await;
    let person = [
        ("first_name", "Nora"),
        ("last_name", "Neu"),
        ("email", "nora@post.example"),
        ("consent", "on"),
    ];
    somebody.fill("/registrieren", &person).await.expect(303);
    for (key, value) in [
        ("database.url", "sqlite:data/tresen.db"),
        ("secrets.master_key_file", "data/tresen.key"),
    ] {
        place.set(key, value);
    }
    let staff = [
        "staff",
        "add",
        "--role",
        "support",
        "--name",
        "Neu",
        "--email",
        "neu@n.example",
    ];
    let invitation = place.done(&staff).await;
    let said = place.done(&["backup", "--to", "copy.db"]).await;
    assert!(
        said.contains("copy.db") && said.contains("data/tresen.key"),
        "{said}"
    );
    let again = place.run(&["backup", "--to", "copy.db"]).await;
    assert_eq!(again.status.code(), Some(1), "nothing is overwritten");

    let copy = std::fs::read(place.path("copy.db")).unwrap();
    let mode = std::fs::metadata(place.path("copy.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!place.path("copy.db.part").exists() && !place.path("copy.db-wal").exists());
    let key = std::fs::read_to_string(place.path("data/tresen.key")).unwrap();
    abuse_secrets_in_backup(&copy, &key, &invitation, &jana);

    // what came after the copy is not in it
    let sent = somebody
        .fill(
            "/registrieren",
            &[
                ("first_name", "Spät"),
                ("last_name", "Neu"),
                ("email", "spaet@post.example"),
                ("consent", "on"),
            ],
        )
        .await;
    sent.expect(303);
    server.stop().await;

    place.set("database.url", "sqlite:new/tresen.db");
    let lone = place.run(&["restore", "copy.db"]).await;
    assert!(lone.status.success(), "{lone:?}");
    let full = place.run(&["restore", "copy.db"]).await;
    assert_eq!(full.status.code(), Some(1), "a place that is taken");
    let server = place.serve(&["serve"]).await;
    let mut jana = server.visitor().await;
    jana.fill(
        "/anmelden",
        &[
            ("login", "jana.petersen@post.example"),
            ("password", PASSWORD),
        ],
    )
    .await
    .expect(303);
    let overview = jana.get("/konto").await.expect(200);
    assert!(overview.says("Jana"), "{}", overview.text());
    assert!(
        jana.get("/nachrichten")
            .await
            .expect(200)
            .html
            .contains("/nachrichten/0")
    );
    server.stop().await;
}

/// Passwords, tokens and secrets are hashed or sealed in what a backup holds, and the key is not in it.
fn abuse_secrets_in_backup(copy: &[u8], key: &str, invitation: &str, jana: &Client) {
    let hex = |bytes: &[u8]| -> Vec<u8> {
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        text.into_bytes()
    };
    let token = invitation.trim().rsplit('/').next().unwrap();
    assert!(token.len() > 20, "{invitation}");
    let key = key.trim();
    let raw_key: Vec<u8> = (0..32)
        .map(|n| u8::from_str_radix(&key[2 * n..2 * n + 2], 16).unwrap())
        .collect();
    let mut canaries: Vec<Vec<u8>> = vec![
        PASSWORD.into(),
        token.into(),
        b"leuchtturm-kiel-0001".into(),
        hex(b"leuchtturm-kiel-0001"),
        key.into(),
        raw_key,
    ];
    canaries.extend(
        jana.cookies
            .values()
            .filter(|v| v.len() > 20)
            .map(|v| v.clone().into_bytes()),
    );
    assert!(canaries.len() > 6, "a session has begun");
    for canary in canaries {
        let found = copy.windows(canary.len()).any(|window| window == canary);
        assert!(!found, "{}", String::from_utf8_lossy(&canary));
    }
    // the test can see what is there
    assert!(
        copy.windows(17)
            .any(|window| window == b"nora@post.example")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_restore_refuses_what_it_must() {
    let mut place = Place::new();
    place.done(&["migrate"]).await;
    // the key is made beside the empty database
    place.serve(&["serve"]).await.stop().await;
    place.done(&["backup", "--to", "good.db"]).await;
    place.set("database.url", "sqlite:new/tresen.db");
    let refused = async |file: &str, words: &str, place: &Place| {
        let out = place.run(&["restore", file]).await;
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{file}: {said}");
        assert!(said.contains(words), "{file}: {said}");
        let left = std::fs::read_dir(place.path("new")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "{file} left something behind");
    };
    refused("missing.db", "cannot be read", &place).await;
    std::fs::write(place.path("text.db"), "no database").unwrap();
    refused("text.db", "is no backup", &place).await;
    let good = std::fs::read(place.path("good.db")).unwrap();
    std::fs::write(place.path("cut.db"), &good[..good.len() / 2]).unwrap();
    refused("cut.db", "is no backup", &place).await;
    let mut bad = good.clone();
    for byte in &mut bad[4096 * 3..4096 * 6] {
        *byte ^= 0x55;
    }
    std::fs::write(place.path("damaged.db"), bad).unwrap();
    refused("damaged.db", "is no backup", &place).await;

    let open = async |name: &str| {
        let url = format!("sqlite:{}", place.path(name).display());
        Db::open(&url, &World::system()).await.unwrap()
    };
    // another program's
    drop(open("empty.db").await);
    let empty = Db::open(
        &format!("sqlite:{}", place.path("foreign.db").display()),
        &World::system(),
    )
    .await
    .unwrap();
    db::testing::create(
        &empty,
        "CREATE TABLE things (id BIGINT PRIMARY KEY NOT NULL);",
    )
    .await
    .unwrap();
    drop(empty);
    refused("foreign.db", "is no backup of Tresen", &place).await;
    // of a later program
    std::fs::copy(place.path("good.db"), place.path("later.db")).unwrap();
    let later = open("later.db").await;
    let mut tx = later.begin().await.unwrap();
    tx.exec(
        sql!("INSERT INTO migrations (number, name, checksum, at) VALUES (9999, '9999_later.sql', 'x', 0)"),
        params![],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    drop(later);
    refused("later.db", "newer than this program", &place).await;

    // without its key, or with another
    let key = std::fs::read_to_string(place.path("tresen.key")).unwrap();
    std::fs::remove_file(place.path("tresen.key")).unwrap();
    refused("good.db", "master key", &place).await;
    std::fs::write(place.path("tresen.key"), format!("{}\n", "ab".repeat(32))).unwrap();
    refused("good.db", "another master key", &place).await;
    std::fs::write(place.path("tresen.key"), key).unwrap();
    place.done(&["restore", "good.db"]).await;
    // a server with another key does not start
    std::fs::write(place.path("tresen.key"), format!("{}\n", "cd".repeat(32))).unwrap();
    let out = place.run(&["serve"]).await;
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        !out.status.success() && said.contains("not the one this database was begun with"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_1_on_postgresql_its_own_tools_are_named() {
    let mut place = Place::new();
    place.set(
        "database.url",
        "postgres://portal:geheim-1895@db.example:5433/tresen",
    );
    for (args, words) in [
        (
            ["backup", "--to", "x.db"].as_slice(),
            "pg_dump --format=custom --file=x.dump \"postgres://portal@db.example:5433/tresen\"",
        ),
        (
            &["restore", "x.dump"],
            "pg_restore --no-owner --exit-on-error --dbname=\"postgres://portal@db.example:5433/tresen\" x.dump",
        ),
    ] {
        let out = place.run(args).await;
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{said}");
        assert!(
            said.contains(words) && !said.contains("geheim-1895"),
            "{said}"
        );
    }
}
