//! What was sent is remembered for a day.

use db::{params, sql};
use jobs::{Job, JobCx, Outcome, Registry, Retry};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const KEPT: Duration = Duration::from_secs(24 * 3600);

/// The jobs of this crate.
pub fn registry() -> Registry {
    Registry::new().schedule("23 * * * *", SweepForms {})
}

/// Forgets the keys of forms that were sent more than a day ago.
#[derive(Serialize, Deserialize)]
struct SweepForms {}

impl Job for SweepForms {
    const KIND: &'static str = "web.sweep-forms";
    const RETRY: Retry = Retry::backoff(Duration::from_secs(60), Duration::from_secs(3600));

    async fn run(self, cx: &JobCx) -> Outcome {
        let swept = db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            let before = cx.ctx.now - KEPT;
            tx.exec(sql!("DELETE FROM form_keys WHERE at < $1"), params![before])
                .await?;
            db::sweep_commits(&mut tx, before).await?;
            tx.commit().await
        });
        match swept.await {
            Ok(()) => Outcome::Done,
            Err(error) => Outcome::Retry(error.to_string()),
        }
    }
}
