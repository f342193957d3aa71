//! As much of HTTP/1.1 as asking our own server takes: one connection, kept alive, answers with a length.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a browser would send; `session` is the cookie, name and value.
pub fn get(host: SocketAddr, path: &str, session: Option<&str>) -> Vec<u8> {
    let cookie = session.map_or_else(String::new, |session| format!("Cookie: {session}\r\n"));
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nAccept: text/html\r\n\
         Accept-Language: de\r\nAccept-Encoding: gzip\r\n{cookie}\r\n"
    )
    .into_bytes()
}

/// Status and bytes on the wire of one answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub status: u16,
    pub head: usize,
    pub body: usize,
}

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    answer: Answer,
}

impl Connection {
    pub async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to)
            .await
            .with_context(|| format!("{to} does not answer"))?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            buffer: Vec::with_capacity(64 << 10),
            answer: Answer {
                status: 0,
                head: 0,
                body: 0,
            },
        })
    }

    /// Sends a request and reads the answer to its end.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            self.more().await?;
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let (status, body) = read_head(self.buffer.get(..head).unwrap_or_default())?;
        while self.buffer.len() < head + body {
            self.more().await?;
        }
        self.answer = Answer { status, head, body };
        Ok(self.answer)
    }

    /// As [`Connection::ask`]; anything but 200 is an error that shows the answer.
    pub async fn page(&mut self, request: &[u8]) -> Result<Answer> {
        let answer = self.ask(request).await?;
        if answer.status != 200 {
            let asked = String::from_utf8_lossy(request)
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            bail!(
                "{asked}: {}",
                String::from_utf8_lossy(self.buffer.get(..answer.head).unwrap_or_default())
            );
        }
        Ok(answer)
    }

    /// The head of the last answer.
    pub fn head(&self) -> String {
        String::from_utf8_lossy(self.buffer.get(..self.answer.head).unwrap_or_default())
            .into_owned()
    }

    /// The body of the last answer as it came over the wire.
    pub fn body(&self) -> &[u8] {
        self.buffer.get(self.answer.head..).unwrap_or_default()
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// Status, and how many bytes follow.
fn read_head(head: &[u8]) -> Result<(u16, usize)> {
    let text = std::str::from_utf8(head).context("the head of an answer is no text")?;
    let mut lines = text.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .context("an answer without a status")?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("an answer without a length")?;
    Ok((status.parse()?, length.1.trim().parse()?))
}

#[cfg(test)]
mod tests {
    use super::read_head;

    #[test]
    fn heads_are_read() {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nContent-Length: 12\r\n\r\n";
        assert_eq!(read_head(head).unwrap(), (200, 12));
        assert!(read_head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(read_head(b"\xff\r\n\r\n").is_err());
    }
}
