//! A browser that speaks to a server in another process, over HTTP/1.1.

use crate::client::{Client, Typed};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body_util::BodyExt;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

impl Client {
    /// A visitor of the server at this address. No answer at all is a 502, which our server never gives.
    pub async fn far(address: SocketAddr) -> Client {
        let router = axum::Router::new().fallback(move |request: Request<Body>| async move {
            ask(address, request).await.unwrap_or_else(|_| {
                let mut none = Response::new(Body::from("no answer"));
                *none.status_mut() = StatusCode::BAD_GATEWAY;
                none
            })
        });
        Client::new(router, nowhere().await, Typed::default())
    }
}

/// Statements of another process are not counted: this database is never asked anything.
async fn nowhere() -> db::Db {
    let nobody = kernel::World::system();
    db::Db::open("postgres://nobody@127.0.0.1:1/none", &nobody)
        .await
        .expect("nothing is connected yet")
}

async fn ask(address: SocketAddr, request: Request<Body>) -> std::io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let body = body
        .collect()
        .await
        .map_err(std::io::Error::other)?
        .to_bytes();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let mut head = format!("{} {path} HTTP/1.1\r\nHost: {address}\r\n", parts.method);
    for (name, value) in &parts.headers {
        let value = value.to_str().map_err(std::io::Error::other)?;
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!(
        "Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    ));
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    read(&answer).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
}

fn read(answer: &[u8]) -> Option<Response<Body>> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let body = answer.get(end + 4..)?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        if name == axum::http::header::CONTENT_LENGTH && value.trim().parse() != Ok(body.len()) {
            // cut on its way
            return None;
        }
        response
            .headers_mut()
            .append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    *response.body_mut() = Body::from(body.to_vec());
    Some(response)
}
