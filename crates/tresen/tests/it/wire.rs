//! HTTP as attackers write it: byte by byte, too much of it, and so that two readers see two things.

use crate::whole;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tresen::wire::{self, Limits};

const SOON: Duration = Duration::from_secs(20);

struct Served {
    address: SocketAddr,
    end: watch::Sender<bool>,
    task: JoinHandle<()>,
}

async fn serve(router: axum::Router, limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (end, ending) = watch::channel(false);
    let task = tokio::spawn(wire::serve(listener, router, limits, ending));
    Served { address, end, task }
}

impl Served {
    async fn line(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Everything that comes back until the server closes.
    async fn ask(&self, request: &[u8]) -> String {
        let mut line = self.line().await;
        // refused half way it closes while we still write
        let _ = line.write_all(request).await;
        to_end(&mut line).await
    }
}

async fn to_end(line: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    let reading = async {
        loop {
            match line.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&piece[..count]),
            }
        }
    };
    tokio::time::timeout(SOON, reading)
        .await
        .expect("the server closes");
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

fn answers(text: &str) -> usize {
    text.matches("HTTP/1.1 ").count()
}

fn plain() -> axum::Router {
    axum::Router::new().route("/ok", get(|| async { "ok\n" }).post(|| async { "ok\n" }))
}

/// As many as this machine lets one process have, both ends of each.
fn many(wanted: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok())
        .unwrap_or(1024);
    wanted.min(files.saturating_sub(400) / 2)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_slowloris() {
    let t = whole().await;
    let limits = Limits {
        head: Duration::from_secs(3),
        ..Limits::default()
    };
    let served = serve(t.router(), limits).await;
    let mut slow = Vec::new();
    for nth in 0..many(5_000) {
        let mut line = served.line().await;
        let begin: &[u8] = match nth % 10 {
            0..5 => b"GET /anmelden HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
            5..9 => {
                b"POST /anmelden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\
                  Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
            }
            // asks and never reads
            _ => b"GET /anmelden HTTP/1.1\r\nHost: localhost\r\n\r\n",
        };
        line.write_all(begin).await.unwrap();
        slow.push(line);
    }
    let mut took = Vec::new();
    for _ in 0..100 {
        let started = Instant::now();
        let answer = served
            .ask(b"GET /registrieren HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .await;
        assert_eq!(status(&answer), "200", "{answer}");
        took.push(started.elapsed());
    }
    took.sort();
    assert!(took[98] < Duration::from_secs(1), "p99: {:?}", took[98]);
    // who does not finish a head is shown out
    for line in slow.iter_mut().step_by(10).take(50) {
        assert_eq!(to_end(line).await, "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_slow_heads_idle_lines_and_slow_readers_are_cut() {
    let limits = Limits {
        head: Duration::from_millis(150),
        idle: Duration::from_millis(300),
        stall: Duration::from_millis(150),
        ..Limits::default()
    };
    let big = axum::Router::new().route("/big", get(|| async { "x".repeat(64 << 20) }));
    let served = serve(plain().merge(big), limits).await;
    let mut half = served.line().await;
    half.write_all(b"GET /ok HT").await.unwrap();
    assert_eq!(to_end(&mut half).await, "");
    let mut silent = served.line().await;
    assert_eq!(to_end(&mut silent).await, "");
    // answered, then nothing: open a while, then closed
    let mut idle = served.line().await;
    idle.write_all(b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(answers(&to_end(&mut idle).await), 1);
    // a second request that begins and does not end
    let mut again = served.line().await;
    again
        .write_all(b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 15];
    again.read_exact(&mut first).await.unwrap();
    again.write_all(b"GET /o").await.unwrap();
    assert_eq!(answers(&to_end(&mut again).await), 0);
    // takes nothing of an answer that no buffer holds
    let mut deaf = served.line().await;
    deaf.write_all(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let place_again = served.task.is_finished();
    assert!(!place_again);
    served.end.send(true).unwrap();
    tokio::time::timeout(SOON, served.task)
        .await
        .expect("the deaf one is cut long before the grace ends")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_huge_headers() {
    let t = whole().await;
    let served = serve(t.router(), Limits::default()).await;
    let get = |path: &str, headers: &str| {
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n")
    };
    let fitting = get(
        "/anmelden",
        &format!("Cookie: a={}\r\n", "b".repeat(32 << 10)),
    );
    assert_eq!(status(&served.ask(fitting.as_bytes()).await), "200");
    let cookies: String = (0..10_000).map(|n| format!("c{n}=wert; ")).collect();
    let lines: String = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect();
    for (request, wanted) in [
        (
            get("/", &format!("X-Big: {}\r\n", "x".repeat(1 << 20))),
            "431",
        ),
        (get("/", &format!("Cookie: {cookies}\r\n")), "431"),
        (get("/", &lines), "431"),
        (get(&format!("/{}", "u".repeat(64 << 10)), ""), "431"),
        (
            get(&format!("/anmelden?weiter=/{}", "u".repeat(40 << 10)), ""),
            "200",
        ),
    ] {
        let answer = served.ask(request.as_bytes()).await;
        let head = &request[..60];
        assert_eq!(status(&answer), wanted, "{head}: {answer}");
        assert_eq!(answers(&answer), 1);
    }
    // the names of a chunked body's end have limits, too: such a body is not read at all
    assert_eq!(
        status(&served.ask(get("/anmelden", "").as_bytes()).await),
        "200"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn abuse_smuggling() {
    let served = serve(plain(), Limits::default()).await;
    let inner = "GET /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let post = |headers: &str, body: &str| {
        format!("POST /ok HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}{inner}")
    };
    let refused = [
        // two lengths of one body
        post(
            "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\nX",
        ),
        post(
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "5c\r\n",
        ),
        post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc"),
        post("Content-Length: 3, 3\r\n", "abc"),
        post("Content-Length: +3\r\n", "abc"),
        post("Content-Length: -1\r\n", "abc"),
        post("Content-Length: 0x3\r\n", "abc"),
        post("Content-Length: 3 3\r\n", "abc"),
        post("Content-Length: 99999999999999999999999999\r\n", "abc"),
        // codings hidden from one of two readers
        post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        post(
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
        ),
        post("Transfer-Encoding: \x0bchunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
        post("X: y\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("X\0: y\r\n", ""),
        post("X: y\0\r\n", ""),
        post("Content-Length\t: 3\r\n", "abc"),
        post(": x\r\n", ""),
        "POST /ok HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned()
            + inner,
        // for whom
        format!("GET /ok HTTP/1.1\r\n\r\n{inner}"),
        format!("GET /ok HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n{inner}"),
        // no request line
        format!("GET  /ok HTTP/1.1\r\nHost: x\r\n\r\n{inner}"),
        format!("GET /ok HTTP/1.1 x\r\nHost: x\r\n\r\n{inner}"),
        format!("GET /ok HTTP/2.0\r\nHost: x\r\n\r\n{inner}"),
        format!("GET /o k HTTP/1.1\r\nHost: x\r\n\r\n{inner}"),
        format!("GET /ok\r\nHost: x\r\n\r\n{inner}"),
        format!(" GET /ok HTTP/1.1\r\nHost: x\r\n\r\n{inner}"),
    ];
    for request in &refused {
        let answer = served.ask(request.as_bytes()).await;
        assert_eq!(status(&answer), "400", "{request:?}: {answer}");
        assert_eq!(answers(&answer), 1, "{request:?}: {answer}");
    }
    // the preface of another protocol gets no answer at all
    let preface = format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{inner}");
    assert_eq!(served.ask(preface.as_bytes()).await, "");
    // what is clear is read as it is meant: the body is no request, the next request is one
    for request in [
        post("Content-Length: 3\r\n", "abc"),
        post(&format!("Content-Length: {}\r\n", inner.len()), inner),
        format!(
            "GET /ok HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{inner}{inner}",
            inner.len()
        ),
        format!(
            "GET /ok HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n{inner}"
        ),
        format!("GET http://other.example/ok HTTP/1.1\r\nHost: x\r\n\r\n{inner}"),
    ] {
        let answer = served.ask(request.as_bytes()).await;
        assert_eq!(answers(&answer), 2, "{request:?}: {answer}");
        assert!(!answer.contains("HTTP/1.1 4"), "{request:?}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_connections_than_allowed_wait_for_a_place() {
    let limits = Limits {
        connections: 2,
        ..Limits::default()
    };
    let served = serve(plain(), limits).await;
    let (one, two) = (served.line().await, served.line().await);
    // answered each, so that both are known to be in
    let mut held = Vec::new();
    for mut line in [one, two] {
        line.write_all(b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let mut first = [0; 15];
        line.read_exact(&mut first).await.unwrap();
        held.push(line);
    }
    let mut third = served.line().await;
    third
        .write_all(b"GET /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 1];
    let waiting = tokio::time::timeout(Duration::from_millis(200), third.read(&mut first)).await;
    assert!(waiting.is_err(), "a third one got in");
    held.pop();
    assert!(to_end(&mut third).await.ends_with("ok\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_end_running_requests_are_answered_and_nobody_else() {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (inside, may) = (begun.clone(), go.clone());
    let slow = axum::Router::new().route(
        "/slow",
        get(move || async move {
            inside.notify_one();
            may.notified().await;
            "at last\n"
        }),
    );
    let served = serve(plain().merge(slow), Limits::default()).await;
    let mut running = served.line().await;
    running
        .write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    begun.notified().await;
    let mut idle = served.line().await;
    idle.write_all(b"GET /ok HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 15];
    idle.read_exact(&mut first).await.unwrap();
    served.end.send(true).unwrap();
    // who only kept the line is let go
    to_end(&mut idle).await;
    let closed = async {
        while TcpStream::connect(served.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, closed)
        .await
        .expect("the listener closes");
    assert!(!served.task.is_finished());
    go.notify_one();
    assert!(to_end(&mut running).await.ends_with("at last\n"));
    tokio::time::timeout(SOON, served.task)
        .await
        .expect("it ends")
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_does_not_end_holds_up_the_end_only_so_long() {
    let endless = axum::Router::new().route("/endless", get(std::future::pending::<()>));
    let limits = Limits {
        grace: Duration::from_millis(100),
        ..Limits::default()
    };
    let served = serve(plain().merge(endless), limits).await;
    let mut line = served.line().await;
    line.write_all(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    assert!(
        served
            .ask(b"GET /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .await
            .ends_with("ok\n")
    );
    served.end.send(true).unwrap();
    tokio::time::timeout(SOON, served.task)
        .await
        .expect("it ends")
        .unwrap();
}
