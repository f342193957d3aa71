//! Wipes what has outlived its ticket.

use super::{Days, record, store};
use db::Db;
use jobs::{Job, JobCx, Outcome};
use kernel::Ctx;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// In one transaction.
const AT_ONCE: i64 = 100;

/// Wipes the sensible data of tickets that were closed some days ago.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Expire;

impl Job for Expire {
    const KIND: &'static str = "support.expire-secrets";

    async fn run(self, cx: &JobCx) -> Outcome {
        let days = web::LateApp::of(cx).map_or(Days::default(), |app| Days::in_force(&app));
        loop {
            match some(&cx.db, &cx.ctx, days).await {
                Ok(done) if done < AT_ONCE as usize => return Outcome::Done,
                Ok(_) => {}
                Err(error) => return Outcome::Retry(error.to_string()),
            }
        }
    }
}

async fn some(db: &Db, ctx: &Ctx, days: Days) -> db::Result<usize> {
    let mut tx = db.begin().await?;
    let before = ctx.now - Duration::from_secs(86_400 * u64::from(days.get()));
    let found = store::outlived(&mut tx, before, AT_ONCE).await?;
    for (id, ticket, customer) in &found {
        if store::wipe(&mut tx, *ticket, *id, "closing", ctx.now)
            .await?
            .is_some()
        {
            let detail = serde_json::json!({ "after_days": days.get() });
            record(
                &mut tx,
                ctx,
                (*customer, *ticket),
                "secret.wiped",
                *id,
                detail,
            )
            .await?;
        }
    }
    tx.commit().await?;
    Ok(found.len())
}
