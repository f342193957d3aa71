//! LMTP (RFC 2033) on a local port: the operator's mail server hands mails over. Each recipient gets its answer after the
//! mail is stored, never before.

use crate::receive::Receiver;
use crate::store::Arrived;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Bytes of the biggest mail.
pub const LARGEST: usize = 35 * 1024 * 1024;
const LONGEST_COMMAND: usize = 2_048;
const RECIPIENTS: usize = 100;
const CONNECTIONS: usize = 32;
const PATIENCE: Duration = Duration::from_secs(300);

/// Serves until `ending` turns true.
pub async fn serve(listener: TcpListener, receiver: Receiver, mut ending: watch::Receiver<bool>) {
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        let Ok((stream, _)) = accepted else {
            // out of file handles, most likely: a pause, or this spins
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Ok(place) = free.clone().acquire_owned().await else {
            return;
        };
        let _ = stream.set_nodelay(true);
        let receiver = receiver.clone();
        tokio::spawn(async move {
            let (read, write) = stream.into_split();
            if let Err(error) = session(read, write, &receiver).await {
                tracing::debug!(%error, "an LMTP session ended early");
            }
            drop(place);
        });
    }
}

#[derive(Default)]
struct Letter {
    from: Option<String>,
    to: Vec<String>,
}

/// One connection.
///
/// # Errors
/// The line is gone, or silent for too long.
pub async fn session(
    read: impl AsyncRead + Unpin + Send,
    mut write: impl AsyncWrite + Unpin + Send,
    receiver: &Receiver,
) -> std::io::Result<()> {
    let mut read = BufReader::with_capacity(64 * 1024, read);
    say(&mut write, "220 Tresen LMTP").await?;
    let mut letter = Letter::default();
    let mut greeted = false;
    loop {
        let line = match command(&mut read).await? {
            Command::Gone => return Ok(()),
            Command::Bad => {
                say(
                    &mut write,
                    "500 5.5.2 lines end with CR LF and are not that long",
                )
                .await?;
                return Ok(());
            }
            Command::Line(line) => line,
        };
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "LHLO" => {
                greeted = true;
                letter = Letter::default();
                let size = format!("250 SIZE {LARGEST}");
                let answer = [
                    "250-tresen",
                    "250-PIPELINING",
                    "250-8BITMIME",
                    "250-SMTPUTF8",
                    "250-ENHANCEDSTATUSCODES",
                    &size,
                ];
                say(&mut write, &answer.join("\r\n")).await?;
            }
            "MAIL" if greeted && letter.from.is_none() => match path(rest, "FROM:") {
                Some((_, size)) if size.is_some_and(|size| size > LARGEST) => {
                    say(&mut write, "552 5.3.4 too large").await?;
                }
                Some((from, _)) => {
                    letter.from = Some(from);
                    say(&mut write, "250 2.1.0 ok").await?;
                }
                None => say(&mut write, "501 5.1.7 not an address").await?,
            },
            "RCPT" if letter.from.is_some() => match path(rest, "TO:") {
                Some(_) if letter.to.len() >= RECIPIENTS => {
                    say(&mut write, "452 4.5.3 too many recipients").await?;
                }
                Some((to, _)) if to.contains('@') => {
                    letter.to.push(to);
                    say(&mut write, "250 2.1.5 ok").await?;
                }
                _ => say(&mut write, "501 5.1.3 not an address").await?,
            },
            "DATA" if !letter.to.is_empty() => {
                say(&mut write, "354 end with a dot on a line of its own").await?;
                let data = data(&mut read).await?;
                let letter = std::mem::take(&mut letter);
                let answer = match data {
                    None => return Ok(()),
                    Some(Data::TooLarge) => "552 5.3.4 too large",
                    Some(Data::Whole(raw)) => store(receiver, &letter, &raw).await,
                };
                let answers: Vec<&str> = letter.to.iter().map(|_| answer).collect();
                say(&mut write, &answers.join("\r\n")).await?;
            }
            "RSET" => {
                letter = Letter::default();
                say(&mut write, "250 2.0.0 ok").await?;
            }
            "NOOP" => say(&mut write, "250 2.0.0 ok").await?,
            "VRFY" => say(&mut write, "252 2.5.0 send it and see").await?,
            "QUIT" => {
                say(&mut write, "221 2.0.0 bye").await?;
                return Ok(());
            }
            "MAIL" | "RCPT" | "DATA" => say(&mut write, "503 5.5.1 not now").await?,
            _ => say(&mut write, "500 5.5.1 unknown").await?,
        }
    }
}

async fn store(receiver: &Receiver, letter: &Letter, raw: &[u8]) -> &'static str {
    let arrived = Arrived {
        mailbox: "lmtp",
        uid: None,
        from: letter.from.as_deref(),
        to: &letter.to,
        department: None,
        raw,
        size: raw.len(),
    };
    match receiver.take(&arrived).await {
        Ok(_) => "250 2.0.0 stored",
        Err(error) => {
            tracing::warn!(%error, "a mail could not be stored; the sender's server keeps it");
            "451 4.3.0 not stored, try again later"
        }
    }
}

async fn say(write: &mut (impl AsyncWrite + Unpin), text: &str) -> std::io::Result<()> {
    let line = format!("{text}\r\n");
    patient(write.write_all(line.as_bytes())).await?;
    patient(write.flush()).await
}

async fn patient<T>(work: impl Future<Output = std::io::Result<T>>) -> std::io::Result<T> {
    tokio::time::timeout(PATIENCE, work)
        .await
        .unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
}

enum Command {
    Line(String),
    /// Too long, or ended by a bare line feed.
    Bad,
    Gone,
}

async fn command(read: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Command> {
    let mut line = Vec::new();
    match next_line(read, &mut line, LONGEST_COMMAND).await? {
        Line::Gone => Ok(Command::Gone),
        Line::Over(_) => Ok(Command::Bad),
        Line::Whole => match line.strip_suffix(b"\r\n") {
            Some(bare) if !bare.contains(&b'\r') => {
                Ok(Command::Line(String::from_utf8_lossy(bare).into_owned()))
            }
            _ => Ok(Command::Bad),
        },
    }
}

enum Line {
    /// Up to and with a line feed.
    Whole,
    /// The same, but only its beginning was kept; whether it ended properly.
    Over(bool),
    Gone,
}

/// Reads to the next line feed; keeps at most `most` bytes.
async fn next_line(
    read: &mut (impl AsyncBufRead + Unpin),
    line: &mut Vec<u8>,
    most: usize,
) -> std::io::Result<Line> {
    let mut over = false;
    let mut last = 0;
    loop {
        let buffer = patient(read.fill_buf()).await?;
        if buffer.is_empty() {
            return Ok(Line::Gone);
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(buffer.len(), |end| end + 1);
        let part = buffer.get(..length).unwrap_or(buffer);
        let before = match part {
            [.., before, b'\n'] => *before,
            [b'\n'] => last,
            _ => 0,
        };
        last = part.last().copied().unwrap_or(last);
        if line.len() + part.len() <= most {
            line.extend_from_slice(part);
        } else {
            over = true;
        }
        read.consume(length);
        if end.is_some() {
            return Ok(if over {
                Line::Over(before == b'\r')
            } else {
                Line::Whole
            });
        }
    }
}

enum Data {
    Whole(Vec<u8>),
    TooLarge,
}

/// The message, up to the dot between two CR LF and no other: what else looks like an end is text, and line ends of other
/// kinds become the proper ones, so that no server behind us sees two messages where there is one.
async fn data(read: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Data>> {
    let mut raw = Vec::new();
    let mut over = false;
    let mut proper = true;
    let mut line = Vec::new();
    loop {
        line.clear();
        let room = LARGEST.saturating_sub(raw.len()).max(16);
        let whole = match next_line(read, &mut line, room).await? {
            Line::Gone => return Ok(None),
            Line::Over(ended) => {
                over = true;
                proper = ended;
                continue;
            }
            Line::Whole => line.as_slice(),
        };
        if proper && whole == b".\r\n" {
            return Ok(Some(if over {
                Data::TooLarge
            } else {
                Data::Whole(raw)
            }));
        }
        let stuffed = proper && whole.starts_with(b".");
        proper = whole.ends_with(b"\r\n");
        if over || raw.len() + whole.len() > LARGEST {
            over = true;
            continue;
        }
        let text = whole.strip_suffix(b"\n").unwrap_or(whole);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let text = if stuffed {
            text.strip_prefix(b".").unwrap_or(text)
        } else {
            text
        };
        for (at, part) in text.split(|byte| *byte == b'\r').enumerate() {
            if at > 0 {
                raw.extend_from_slice(b"\r\n");
            }
            raw.extend_from_slice(part);
        }
        raw.extend_from_slice(b"\r\n");
    }
}

/// `FROM:<a@b.example> SIZE=5`: the address and the size.
fn path(rest: &str, word: &str) -> Option<(String, Option<usize>)> {
    let begin = rest.get(..word.len())?;
    if !begin.eq_ignore_ascii_case(word) {
        return None;
    }
    let after = rest.get(word.len()..)?.trim_start().strip_prefix('<')?;
    let (address, parameters) = after.split_once('>')?;
    if address.len() > 320 || address.chars().any(|c| c.is_control() || c == '<') {
        return None;
    }
    let size = parameters
        .split_whitespace()
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.eq_ignore_ascii_case("size"))
        .and_then(|(_, size)| size.parse().ok());
    Some((address.to_owned(), size))
}
