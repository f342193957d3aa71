//! A connection that does not wait for ever for the other side.

use super::Limits;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// Where a connection stands, and until when it may stand there.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// A head has begun.
    Head(Instant),
    /// A request is being worked on; its own limits hold.
    Busy,
    /// The last request is answered; how long this may last is seen to by the HTTP library.
    Idle,
}

/// Shared by a connection's stream and whoever answers its requests.
#[derive(Clone)]
pub(super) struct Pace {
    phase: Arc<Mutex<Phase>>,
    limits: Arc<Limits>,
}

impl Pace {
    pub(super) fn begin(limits: &Arc<Limits>) -> Self {
        Pace {
            phase: Arc::new(Mutex::new(Phase::Head(Instant::now() + limits.head))),
            limits: Arc::clone(limits),
        }
    }

    fn set(&self, phase: Phase) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }

    pub(super) fn busy(&self) {
        self.set(Phase::Busy);
    }

    pub(super) fn idle(&self) {
        self.set(Phase::Idle);
    }

    fn get(&self) -> Phase {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) {
        if matches!(self.get(), Phase::Idle) {
            self.set(Phase::Head(Instant::now() + self.limits.head));
        }
    }

    fn deadline(&self) -> Option<Instant> {
        match self.get() {
            Phase::Head(at) => Some(at),
            Phase::Busy | Phase::Idle => None,
        }
    }
}

/// A stream that fails when the other side takes too long.
pub(super) struct Patient {
    stream: TcpStream,
    pace: Pace,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    pub(super) fn new(stream: TcpStream, pace: Pace) -> Self {
        Patient {
            stream,
            pace,
            reading: None,
            writing: None,
        }
    }

    fn wrote<T>(
        &mut self,
        cx: &mut Context<'_>,
        done: Poll<std::io::Result<T>>,
    ) -> Poll<std::io::Result<T>> {
        if done.is_ready() {
            self.writing = None;
            return done;
        }
        let stall = self.pace.limits.stall;
        let timer = self.writing.get_or_insert_with(|| Box::pin(sleep(stall)));
        timer.as_mut().poll(cx).map(|()| Err(too_slow()))
    }
}

fn too_slow() -> std::io::Error {
    std::io::ErrorKind::TimedOut.into()
}

impl AsyncRead for Patient {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let me = self.get_mut();
        if let Poll::Ready(done) = Pin::new(&mut me.stream).poll_read(cx, buffer) {
            me.pace.heard();
            return Poll::Ready(done);
        }
        let Some(deadline) = me.pace.deadline() else {
            return Poll::Pending;
        };
        let timer = me
            .reading
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() != deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().poll(cx).map(|()| Err(too_slow()))
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let me = self.get_mut();
        let done = Pin::new(&mut me.stream).poll_write(cx, bytes);
        me.wrote(cx, done)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let me = self.get_mut();
        let done = Pin::new(&mut me.stream).poll_write_vectored(cx, pieces);
        me.wrote(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
