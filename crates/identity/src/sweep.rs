//! Takes away what has ended.

use crate::factors::{halves, lost, passkeys};
use crate::{devices, sessions, staff};
use db::{Tx, params, sql};
use jobs::{Job, JobCx, Outcome};
use kernel::Moment;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// So long an ended link can still say that it has ended.
const LINKS: Duration = Duration::from_secs(30 * 24 * 3600);
/// Longer than any throttle remembers.
const THROTTLES: Duration = Duration::from_secs(2 * 3600);

/// Ended sessions, links and throttles. What an unused link held of a person goes with the first run after its end.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "identity.sweep";

    async fn run(self, cx: &JobCx) -> Outcome {
        let now = cx.ctx.now;
        let done = db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            sweep(&mut tx, now).await?;
            tx.commit().await
        });
        done.await.into()
    }
}

/// The job's work.
pub async fn sweep(tx: &mut Tx, now: Moment) -> db::Result<()> {
    tx.exec(
        sql!("DELETE FROM sessions WHERE seen_at <= $1 OR created_at <= $2"),
        params![now - sessions::IDLE, now - sessions::TOTAL],
    )
    .await?;
    tx.exec(
        sql!("DELETE FROM staff_sessions WHERE seen_at <= $1 OR created_at <= $2"),
        params![now - staff::IDLE, now - staff::TOTAL],
    )
    .await?;
    tx.exec(
        sql!("UPDATE links SET payload = 'null', email = NULL WHERE expires_at <= $1 AND (payload <> 'null' OR email IS NOT NULL)"),
        params![now],
    )
    .await?;
    tx.exec(
        sql!("DELETE FROM links WHERE expires_at <= $1"),
        params![now - LINKS],
    )
    .await?;
    tx.exec(
        sql!("DELETE FROM throttles WHERE last_at <= $1"),
        params![now - THROTTLES],
    )
    .await?;
    halves::sweep(tx, now).await?;
    passkeys::sweep(tx, now).await?;
    lost::sweep(tx, now).await?;
    devices::sweep(tx, now).await?;
    Ok(())
}
