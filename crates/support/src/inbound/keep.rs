//! How long mails are kept as they came. What became of them, the text in a ticket, stays.

use db::Db;
use jobs::{Job, JobCx, Outcome, Retry};
use kernel::Ctx;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// In one transaction.
const AT_ONCE: i64 = 100;

/// For how many days after a mail was taken in, or decided about, its original is kept (`mail.keep_days`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep(u16);

impl Keep {
    /// The longest that can be set: ten years.
    pub const LONGEST: u16 = 3_660;

    /// From the configuration; 0: for ever.
    pub fn of(days: u16) -> Option<Self> {
        (days <= Keep::LONGEST).then_some(Keep(days))
    }

    fn length(self) -> Option<Duration> {
        (self.0 > 0).then(|| Duration::from_secs(86_400 * u64::from(self.0)))
    }
}

impl Default for Keep {
    fn default() -> Self {
        Keep(180)
    }
}

/// Deletes originals that have had their time. What waits for staff, or was not looked at yet, stays however old it is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Forget;

impl Job for Forget {
    const KIND: &'static str = "support.forget-mails";
    const RETRY: Retry = Retry::backoff(Duration::from_secs(60), Duration::from_secs(3600));

    async fn run(self, cx: &JobCx) -> Outcome {
        let keep = web::LateApp::of(cx)
            .and_then(|app| app.state::<Keep>())
            .map_or(Keep::default(), |keep| *keep);
        let Some(length) = keep.length() else {
            return Outcome::Done;
        };
        loop {
            match db::retry(|| some(&cx.db, &cx.ctx, length)).await {
                Ok(0) => return Outcome::Done,
                Ok(count) => tracing::info!(count, "old mails were deleted"),
                Err(error) => return Outcome::Retry(error.to_string()),
            }
        }
    }
}

async fn some(db: &Db, ctx: &Ctx, length: Duration) -> db::Result<u64> {
    let mut tx = db.begin().await?;
    let count = intake::store::forget(&mut tx, ctx, ctx.now - length, AT_ONCE).await?;
    tx.commit().await?;
    Ok(count)
}
