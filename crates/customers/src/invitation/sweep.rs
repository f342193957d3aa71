//! Forgets invitations that nobody accepted.

use super::store;
use jobs::{Job, JobCx, Outcome};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// So long after its end an invitation can still be sent again.
const KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "customers.invitations";

    async fn run(self, cx: &JobCx) -> Outcome {
        let before = cx.ctx.now - KEPT;
        let done = db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            store::sweep(&mut tx, before).await?;
            tx.commit().await
        });
        done.await.into()
    }
}
