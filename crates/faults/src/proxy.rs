//! A relay before PostgreSQL that understands just enough to cut a connection at a COMMIT of ours.

use anyhow::{Context, Result};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// COMMIT as a simple query, as the driver sends it.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";
/// The server's word that it is done.
const DONE: &[u8] = b"COMMIT\0";

/// Where the line is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server has stored it; its answer never arrives.
    Answer,
    /// The server never hears of it.
    Question,
}

pub struct Proxy {
    /// The database's address through the relay.
    pub url: String,
    state: Arc<State>,
}

struct State {
    /// Only transactions that bring one of these with them are cut; at most eight.
    marks: &'static [&'static str],
    armed: Mutex<Option<(u8, Cut)>>,
    cuts: AtomicUsize,
    cut: Notify,
}

impl State {
    /// For one connection alone, once. `marked`: what its transaction has brought, a bit each.
    fn take(&self, wanted: Cut, marked: u8) -> bool {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        let hit = armed.is_some_and(|(mark, how)| how == wanted && mark & marked != 0);
        if hit {
            *armed = None;
            self.cuts.fetch_add(1, Ordering::Relaxed);
            self.cut.notify_one();
        }
        hit
    }
}

impl Proxy {
    pub async fn before(url: &str, marks: &'static [&'static str]) -> Result<Self> {
        let (scheme, rest) = url.split_once("://").context("an address")?;
        let (user, rest) = rest.split_once('@').context("a user")?;
        let (place, name) = rest.split_once('/').context("a database")?;
        let far: SocketAddr = tokio::net::lookup_host(place)
            .await?
            .next()
            .context("a host with a port")?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("{scheme}://{user}@{}/{name}", listener.local_addr()?);
        let state = Arc::new(State {
            marks,
            armed: Mutex::new(None),
            cuts: AtomicUsize::new(0),
            cut: Notify::new(),
        });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if let Ok(far) = TcpStream::connect(far).await {
                    tokio::spawn(relay(near, far, shared.clone()));
                }
            }
        });
        Ok(Proxy { url, state })
    }

    /// Cuts the next transaction that has this one of the marks, and returns when that has happened.
    pub async fn cut(&self, mark: usize, how: Cut) {
        *self
            .state
            .armed
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some((1 << mark, how));
        self.state.cut.notified().await;
    }

    pub fn cuts(&self) -> usize {
        self.state.cuts.load(Ordering::Relaxed)
    }
}

async fn relay(near: TcpStream, far: TcpStream, state: Arc<State>) {
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    let marked = Arc::new(AtomicU8::new(0));
    // whichever ends takes the other with it, and both connections close
    tokio::select! {
        _ = questions(near_read, far_write, &state, &marked) => {}
        _ = answers(far_read, near_write, &state, &marked) => {}
    }
}

/// What the program says, passed on as it comes.
async fn questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    marked: &AtomicU8,
) -> std::io::Result<()> {
    let mut piece = vec![0; 64 << 10];
    // the end of the last piece: what is looked for may lie across two
    let mut kept: Vec<u8> = Vec::new();
    let longest = state.marks.iter().map(|mark| mark.len()).max().unwrap_or(0);
    loop {
        let count = from.read(&mut piece).await?;
        let Some(said) = piece.get(..count).filter(|said| !said.is_empty()) else {
            return Ok(());
        };
        kept.extend_from_slice(said);
        for (at, mark) in state.marks.iter().enumerate() {
            if holds(&kept, mark.as_bytes()) {
                marked.fetch_or(1 << at, Ordering::SeqCst);
            }
        }
        if holds(said, COMMIT) && state.take(Cut::Question, marked.load(Ordering::SeqCst)) {
            return Ok(());
        }
        to.write_all(said).await?;
        let begin = kept.len().saturating_sub(longest);
        kept.drain(..begin);
    }
}

/// What the server says, message by message: a letter, a length, the rest.
async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    state: &State,
    marked: &AtomicU8,
) -> std::io::Result<()> {
    let mut kept = Vec::new();
    loop {
        if from.read_buf(&mut kept).await? == 0 {
            return Ok(());
        }
        let mut whole = 0;
        while let Some((kind, body, end)) = message(&kept, whole) {
            // every transaction's end; the next one has to bring the mark anew
            if kind == b'C'
                && body == DONE
                && state.take(Cut::Answer, marked.swap(0, Ordering::SeqCst))
            {
                return Ok(());
            }
            whole = end;
        }
        to.write_all(kept.get(..whole).unwrap_or_default()).await?;
        kept.drain(..whole);
    }
}

/// The message that begins at `at`, if it is all there, and where the next one begins.
fn message(bytes: &[u8], at: usize) -> Option<(u8, &[u8], usize)> {
    let rest = bytes.get(at..)?;
    let (kind, rest) = rest.split_first()?;
    let length = u32::from_be_bytes(*rest.first_chunk::<4>()?);
    let length = usize::try_from(length).ok()?;
    let body = rest.get(4..length)?;
    Some((*kind, body, at + 1 + length))
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::message;

    #[test]
    fn messages_are_told_apart() {
        let bytes = b"C\0\0\0\x0bCOMMIT\0Z\0\0\0\x05IC\0\0";
        assert_eq!(message(bytes, 0), Some((b'C', &b"COMMIT\0"[..], 12)));
        assert_eq!(message(bytes, 12), Some((b'Z', &b"I"[..], 18)));
        assert_eq!(message(bytes, 18), None);
    }
}
