//! The job that seals the log (DESK-6), a few seconds after each line.

use jobs::{Job, JobCx, Outcome, Retry};
use serde::{Deserialize, Serialize};

/// Twice at once does no harm: the chain's end lets one in after the other.
#[derive(Debug, Serialize, Deserialize)]
pub struct SealLog {}

impl SealLog {
    /// Every ten seconds.
    pub const WHEN: &'static str = "*/10 * * * * *";
}

impl Job for SealLog {
    const KIND: &'static str = "operations.seal_log";
    // the next one comes soon
    const RETRY: Retry = Retry::never();

    async fn run(self, cx: &JobCx) -> Outcome {
        match db::audit::chain::seal(&cx.db, &cx.ctx.world).await {
            Ok(_) => Outcome::Done,
            Err(error) => {
                tracing::warn!(%error, "the log could not be sealed; the next run does it");
                Outcome::Done
            }
        }
    }
}
