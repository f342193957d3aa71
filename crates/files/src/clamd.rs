//! The scanner: clamd, over TCP or a socket, by its INSTREAM.

use crate::reading::Content;
use futures_util::TryStreamExt;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

const TO_CONNECT: Duration = Duration::from_secs(5);
const IN_ALL: Duration = Duration::from_secs(120);
/// Longer answers are none.
const ANSWER: u64 = 4096;

/// Where the scanner listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clamd {
    Tcp(String),
    Unix(PathBuf),
}

/// A `files.clamd` that is none.
#[derive(Debug, thiserror::Error)]
#[error("it is tcp:HOST:PORT or unix:PATH")]
pub struct BadScanner;

/// What it found; everything but a clear answer counts as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Clean,
    Infected(String),
}

impl std::str::FromStr for Clamd {
    type Err = BadScanner;
    fn from_str(text: &str) -> Result<Self, BadScanner> {
        match text.split_once(':') {
            Some(("unix", path)) if path.starts_with('/') => Ok(Clamd::Unix(path.into())),
            Some(("tcp", place)) => match place.trim_start_matches('/').rsplit_once(':') {
                Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                    Ok(Clamd::Tcp(format!("{host}:{port}")))
                }
                _ => Err(BadScanner),
            },
            _ => Err(BadScanner),
        }
    }
}

impl Clamd {
    /// # Errors
    /// Why there is no answer.
    pub(crate) async fn scan(&self, content: Content) -> Result<Verdict, String> {
        let talk = async {
            match self {
                Clamd::Tcp(place) => {
                    let stream = within(TcpStream::connect(place)).await?;
                    exchange(stream, content).await
                }
                Clamd::Unix(path) => {
                    let stream = within(UnixStream::connect(path)).await?;
                    exchange(stream, content).await
                }
            }
        };
        match timeout(IN_ALL, talk).await {
            Ok(answer) => answer,
            Err(_) => Err("the scanner takes too long".into()),
        }
    }
}

async fn within<T>(connecting: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    match timeout(TO_CONNECT, connecting).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!("the scanner cannot be reached: {error}")),
        Err(_) => Err("the scanner cannot be reached in time".into()),
    }
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    content: Content,
) -> Result<Verdict, String> {
    let sent = send(&mut stream, content).await;
    // it may have said why before it hung up
    let mut answer = Vec::new();
    let read = (&mut stream).take(ANSWER).read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_matches(['\0', '\n', ' ']);
    match (verdict(answer), sent, read) {
        (Some(verdict), Ok(()), _) => Ok(verdict),
        // found before all was sent is found
        (Some(infected @ Verdict::Infected(_)), Err(_), _) => Ok(infected),
        (_, Err(error), _) => Err(error),
        (None, Ok(()), Err(error)) => Err(format!("the scanner hung up: {error}")),
        (None, Ok(()), Ok(_)) => Err(format!("the scanner said «{answer}»")),
    }
}

async fn send<S: AsyncWrite + Unpin>(stream: &mut S, mut content: Content) -> Result<(), String> {
    let cut = |error: std::io::Error| format!("the scanner hung up: {error}");
    stream.write_all(b"zINSTREAM\0").await.map_err(cut)?;
    while let Some(piece) = content.try_next().await.map_err(|e| e.to_string())? {
        for piece in piece.chunks(1 << 20) {
            let length = u32::try_from(piece.len()).unwrap_or(0);
            stream.write_all(&length.to_be_bytes()).await.map_err(cut)?;
            stream.write_all(piece).await.map_err(cut)?;
        }
    }
    stream.write_all(&[0; 4]).await.map_err(cut)?;
    stream.flush().await.map_err(cut)
}

fn verdict(answer: &str) -> Option<Verdict> {
    let said = answer.strip_prefix("stream: ")?;
    if said == "OK" {
        return Some(Verdict::Clean);
    }
    let what = said.strip_suffix(" FOUND")?;
    // a limit that was reached says nothing of the file
    let limit = what.starts_with("Heuristics.Limits") || what.starts_with("Heuristics.Encrypted");
    (!limit).then(|| Verdict::Infected(what.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_counts() {
        assert_eq!(verdict("stream: OK"), Some(Verdict::Clean));
        let eicar = Verdict::Infected("Eicar-Test".into());
        assert_eq!(verdict("stream: Eicar-Test FOUND"), Some(eicar));
        for unclear in [
            "",
            "OK",
            "stream: ",
            "stream: OK or not",
            "INSTREAM size limit exceeded. ERROR",
            "stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND",
        ] {
            assert_eq!(verdict(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn addresses_are_read() {
        assert_eq!(
            "tcp:127.0.0.1:3310".parse::<Clamd>().unwrap(),
            Clamd::Tcp("127.0.0.1:3310".into())
        );
        assert!("unix:/run/clamd.sock".parse::<Clamd>().is_ok());
        for bad in ["", "127.0.0.1:3310", "tcp:3310", "unix:run", "tcp:host:x"] {
            assert!(bad.parse::<Clamd>().is_err(), "{bad}");
        }
    }
}
