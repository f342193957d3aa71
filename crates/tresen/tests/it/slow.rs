//! Slow bodies hold nobody up.

use crate::whole;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tresen::wire::{self, Limits};

const SLOW: usize = 50;
const QUICK: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_slow_posts_do_not_slow_a_quick_one() {
    let t = whole().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = t.router();
    let (_end, ending) = watch::channel(false);
    let server = tokio::spawn(wire::serve(listener, router, Limits::default(), ending));
    let form = t.guest().get("/anmelden").await.form_with("login");
    assert!(form.post);

    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut line = TcpStream::connect(address).await.unwrap();
        let head = "POST /anmelden HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                    Content-Length: 4000\r\n\r\nlogin=";
        line.write_all(head.as_bytes()).await.unwrap();
        slow.push(line);
    }

    let mut took = Vec::new();
    for _ in 0..QUICK {
        let start = Instant::now();
        let mut line = TcpStream::connect(address).await.unwrap();
        let body = "login=a&password=b";
        let request = format!(
            "POST /anmelden HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        line.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        line.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
        took.push(start.elapsed());
    }
    took.sort();
    let p99 = took[QUICK * 99 / 100 - 1];
    assert!(
        p99 < Duration::from_millis(100),
        "p99 of the quick ones: {p99:?}"
    );
    drop(slow);
    server.abort();
}
