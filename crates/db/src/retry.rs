//! Running a transaction again.

use crate::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const TRIES: u32 = 5;

/// Runs `work` until it answers anything but [`Error::Retry`], at most five times, with growing pauses.
///
/// `work` may run several times although only one run is stored: it draws clock and randomness outside.
pub async fn retry<T, F, W>(work: W) -> Result<T>
where
    W: FnMut() -> F,
    F: Future<Output = Result<T>>,
{
    retry_when(work, Error::is_retry).await
}

/// The same for work with an error of its own: `again` tells which are [`Error::Retry`].
pub async fn retry_when<T, E, F, W>(mut work: W, again: impl Fn(&E) -> bool) -> Result<T, E>
where
    W: FnMut() -> F,
    F: Future<Output = Result<T, E>>,
{
    let mut tries = 1;
    loop {
        match work().await {
            Err(error) if tries < TRIES && again(&error) => {
                tokio::time::sleep(pause(tries)).await;
                tries += 1;
            }
            done => return done,
        }
    }
}

/// Doubling, and different for each caller so that those who collided do not meet again.
fn pause(tries: u32) -> Duration {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let spread = CALLS
        .fetch_add(1, Ordering::Relaxed)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        >> 54;
    // 2 to 6 ms, then twice as much each time
    Duration::from_micros((2_000 + spread * 4) << (tries - 1))
}
