//! Views that nobody ended: their time was over, or the session at the desk was.

use super::note_end;
use db::Tx;
use identity::views;
use jobs::{Job, JobCx, Outcome};
use kernel::Ctx;
use serde::{Deserialize, Serialize};

/// Ends at a time.
const SOME: i64 = 200;

/// Writes their ends into the customers' logs, each once.
#[derive(Debug, Serialize, Deserialize)]
pub struct Over {}

impl Over {
    /// Every minute.
    pub const WHEN: &'static str = "* * * * *";
}

impl Job for Over {
    const KIND: &'static str = "customers.views-over";

    async fn run(self, cx: &JobCx) -> Outcome {
        let done = db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            note(&mut tx, &cx.ctx).await?;
            tx.commit().await
        });
        done.await.into()
    }
}

async fn note(tx: &mut Tx, ctx: &Ctx) -> db::Result<()> {
    for ended in views::take_over(tx, ctx.now, SOME).await? {
        note_end(tx, ctx, ended).await?;
    }
    Ok(())
}
