//! Everything of the binary but its command line, so that tests can start it.

pub mod articles;
pub mod backup;
pub mod check;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod health;
pub mod house;
pub mod key;
pub mod logs;
pub mod metrics;
pub mod rotate;
pub mod serve;
pub mod wire;

// a page is thousands of small pieces that live for a fraction of a millisecond
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Prints a line for the person at the terminal.
pub fn say(line: &str) {
    use std::io::Write;
    // a closed terminal is no reason to stop serving
    if writeln!(std::io::stdout(), "{line}").is_err() {
        tracing::debug!("nobody listens at the terminal");
    }
}

/// Runs a command's transaction, on PostgreSQL beside running nodes, until it is stored or really fails.
///
/// # Errors
/// Those of `work`.
pub async fn again<T, F, W>(work: W) -> anyhow::Result<T>
where
    W: FnMut() -> F,
    F: Future<Output = anyhow::Result<T>>,
{
    db::retry_when(work, |error: &anyhow::Error| {
        let db = |cause: &(dyn std::error::Error + 'static)| {
            cause
                .downcast_ref::<db::Error>()
                .is_some_and(db::Error::is_retry)
        };
        error.chain().any(db)
    })
    .await
}
