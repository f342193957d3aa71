//! Asks a server over a number of connections for a while, and measures.

use crate::http::Connection;
use crate::process::Process;
use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Time before the measuring begins: connections, caches, the allocator.
const WARM_UP: Duration = Duration::from_millis(500);

/// What a run showed. Bytes are means of one answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub rate: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Milliseconds of the server's time in user and system space, for one request.
    pub cpu_ms: f64,
    pub head: f64,
    pub body: f64,
}

#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    head: usize,
    body: usize,
}

/// Asks for the pages in turn for `time`.
pub async fn run(
    server: &Process,
    pages: &Arc<Vec<Vec<u8>>>,
    connections: usize,
    time: Duration,
) -> Result<Figures> {
    let begin = Instant::now() + WARM_UP;
    let end = begin + time;
    let mut tasks = JoinSet::new();
    for nth in 0..connections {
        let (pages, to) = (Arc::clone(pages), server.address);
        // each starts elsewhere, or all would ask for the same page at the same time
        let first = nth * pages.len() / connections;
        tasks.spawn(async move {
            let mut connection = Connection::open(to).await?;
            let mut seen = Seen::default();
            let mut asked = pages.iter().cycle().skip(first);
            loop {
                let page = asked.next().context("pages to ask for")?;
                let started = Instant::now();
                if started >= end {
                    return anyhow::Ok(seen);
                }
                let answer = connection.page(page).await?;
                if started >= begin {
                    seen.times.push(started.elapsed());
                    seen.head += answer.head;
                    seen.body += answer.body;
                }
            }
        });
    }
    tokio::time::sleep_until(begin.into()).await;
    let before = server.cpu()?;
    tokio::time::sleep_until(end.into()).await;
    let cpu = server.cpu()? - before;
    let mut all = Seen::default();
    while let Some(done) = tasks.join_next().await {
        let seen = done??;
        all.times.extend(seen.times);
        all.head += seen.head;
        all.body += seen.body;
    }
    figures(all, cpu, time).context("no request came through")
}

fn figures(mut all: Seen, cpu: Duration, time: Duration) -> Option<Figures> {
    all.times.sort_unstable();
    let count = all.times.len();
    let part = |percent: usize| all.times.get(count * percent / 100).copied();
    Some(Figures {
        rate: count as f64 / time.as_secs_f64(),
        p50: part(50)?,
        p99: part(99)?,
        cpu_ms: cpu.as_secs_f64() * 1e3 / count as f64,
        head: all.head as f64 / count as f64,
        body: all.body as f64 / count as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_one_request() {
        let times = (1..=200).map(Duration::from_micros).collect();
        let all = Seen {
            times,
            head: 200 * 300,
            body: 200 * 4_000,
        };
        let found = figures(all, Duration::from_millis(50), Duration::from_secs(2)).unwrap();
        assert_eq!(found.rate, 100.0);
        assert_eq!(found.p50, Duration::from_micros(101));
        assert_eq!(found.p99, Duration::from_micros(199));
        assert_eq!(found.cpu_ms, 0.25);
        assert_eq!((found.head, found.body), (300.0, 4_000.0));
        assert!(figures(Seen::default(), Duration::ZERO, Duration::from_secs(1)).is_none());
    }
}
