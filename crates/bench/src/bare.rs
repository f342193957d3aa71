//! The yardstick: axum with nothing behind it, answering so many bytes from memory.

use anyhow::Result;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::net::SocketAddr;

const MOST: usize = 4 << 20;

/// Serves `/bytes/{count}` until the process is ended.
pub async fn serve(address: SocketAddr) -> Result<()> {
    let all = Bytes::from(vec![b'x'; MOST]);
    let answer = move |Path(count): Path<usize>| {
        let body = all.slice(..count.min(MOST));
        async move { page(body) }
    };
    let router = axum::Router::new()
        .route("/bytes/{count}", get(answer))
        .route("/readyz", get(|| async { "ready\n" }));
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

fn page(body: Bytes) -> Response {
    (
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        Body::from(body),
    )
        .into_response()
}
