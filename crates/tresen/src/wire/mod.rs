//! HTTP/1.1 on a listener: how slow, how large and how many others may be, and an orderly end.

mod patient;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use patient::{Pace, Patient};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

/// What is asked of the other side. The time for a body is `web`'s.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the first byte of a request to the end of its head.
    pub head: Duration,
    /// Bytes of a head.
    pub head_bytes: usize,
    /// Between two requests. Longer than proxies keep a connection, so that they are the ones who close it.
    pub idle: Duration,
    /// Without taking a byte of an answer.
    pub stall: Duration,
    pub connections: usize,
    /// For running requests, when the process is to end.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            head: Duration::from_secs(10),
            head_bytes: 64 << 10,
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            connections: room_for_connections(),
            grace: Duration::from_secs(20),
        }
    }
}

impl Limits {
    /// For a listener of a few machines' own.
    pub fn few() -> Self {
        Limits {
            connections: 50,
            ..Limits::default()
        }
    }
}

/// No more than there can be open files, of which the database and mails need some.
fn room_for_connections() -> usize {
    const MOST: usize = 10_000;
    const OTHERS: usize = 200;
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_ascii_whitespace().next())
        .and_then(|soft| soft.parse::<usize>().ok());
    soft.unwrap_or(1024).saturating_sub(OTHERS).clamp(50, MOST)
}

/// Serves until `ending` turns true; then the listener closes and running requests get their time.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut ending: watch::Receiver<bool>,
) {
    let limits = Arc::new(limits);
    let room = Arc::new(Semaphore::new(limits.connections));
    loop {
        let place = Arc::clone(&room).acquire_owned();
        let place = tokio::select! {
            Ok(place) = place => place,
            () = told(&mut ending) => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    // without files left the next try would fail at once, and the next
                    sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = told(&mut ending) => break,
        };
        tracing::trace!(%peer, "a connection");
        if room.available_permits() == 0 {
            tracing::warn!(
                connections = limits.connections,
                "no room for further connections"
            );
        }
        let (router, limits, ending) = (router.clone(), Arc::clone(&limits), ending.clone());
        tokio::spawn(async move {
            converse(stream, peer, router, limits, ending).await;
            drop(place);
        });
    }
    drop(listener);
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(limits.grace, room.acquire_many(all)).await.is_err() {
        tracing::warn!("requests that did not end in time are cut");
    }
}

/// Returns when the process is to end; so does it when nobody is left who could say so.
pub async fn told(ending: &mut watch::Receiver<bool>) {
    drop(ending.wait_for(|ending| *ending).await);
}

/// One connection, request after request.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Arc<Limits>,
    mut ending: watch::Receiver<bool>,
) {
    // answers are written in one piece; nothing is won by waiting for more
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone at once");
        return;
    }
    let pace = Pace::begin(&limits);
    let service = {
        let pace = pace.clone();
        service_fn(move |request: Request<Incoming>| {
            pace.busy();
            let (router, pace) = (router.clone(), pace.clone());
            async move {
                let response = answer(router, peer, request).await;
                pace.idle();
                Ok::<_, Infallible>(response)
            }
        })
    };
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // from the last answer on; what has begun has less time, see `patient`
        .header_read_timeout(limits.idle)
        .max_buf_size(limits.head_bytes)
        .max_header_size(limits.head_bytes);
    let io = TokioIo::new(Patient::new(stream, pace));
    let mut connection = pin!(builder.serve_connection(io, service));
    let done = tokio::select! {
        done = connection.as_mut() => done,
        () = told(&mut ending) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = done {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Response<Body> {
    if unclear(&request) {
        return refused();
    }
    request.extensions_mut().insert(ConnectInfo(peer));
    match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Two readers who differ on where a request ends or for whom it is can be led to see two requests in one. So a body
/// has a length and nothing else, and there is one `Host`.
fn unclear(request: &Request<Incoming>) -> bool {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    let hosts_fit = match request.version() {
        Version::HTTP_11 => hosts == 1,
        Version::HTTP_10 => hosts <= 1,
        _ => false,
    };
    !hosts_fit || request.headers().contains_key(header::TRANSFER_ENCODING)
}

fn refused() -> Response<Body> {
    let mut response = Response::new(Body::from(
        "A request names one Host, and the length of its body in Content-Length.\n",
    ));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, plain);
    response
}
