//! Searches that found nothing, for whoever writes articles.

use db::audit::{self, Entry};
use db::{Tx, params, sql};
use jobs::{Job, JobCx, Outcome};
use kernel::{Ctx, Locale, Moment, fold};
use serde::{Deserialize, Serialize};
use std::sync::Mutex;
use std::time::Duration;

kernel::typed_id!(/** A search that found nothing. */ MissId);

/// Longer ones are no search words.
const LONGEST: usize = 80;
/// A node notes so many a minute; a page never waits for it.
const A_MINUTE: u32 = 30;
/// So many are kept.
const MOST: i64 = 1_000;
/// Forgotten when nobody has looked for it for so long.
const KEPT: Duration = Duration::from_secs(90 * 86_400);

/// Counts what a node has noted in this minute.
#[derive(Default)]
pub struct Limit(Mutex<(i64, u32)>);

impl Limit {
    fn allows(&self, now: Moment) -> bool {
        let minute = now.timestamp().as_second() / 60;
        let mut kept = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if kept.0 != minute {
            *kept = (minute, 0);
        }
        kept.1 += 1;
        kept.1 <= A_MINUTE
    }
}

kernel::row! {
    #[derive(Debug, Clone)]
    pub struct Miss {
        pub id: MissId,
        pub shown: String,
        pub locale: Locale,
        pub times: i64,
        pub last_at: Moment,
    }
}

/// What is worth keeping: no whole texts, and nothing that names a person.
fn worth(shown: &str) -> bool {
    let digits = shown.chars().filter(char::is_ascii_digit).count();
    let letters = shown.chars().filter(|c| c.is_alphabetic()).count();
    letters > 1 && digits < 6 && !shown.contains('@') && shown.chars().count() <= LONGEST
}

/// Notes a search that found nothing, in a transaction of its own; losing it does no harm.
pub(crate) async fn note(cx: &web::Cx, limit: &Limit, words: &str) {
    let shown = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if !cx.info.is_look || !worth(&shown) || !limit.allows(cx.ctx.now) {
        return;
    }
    let done = async {
        let mut tx = cx.app.db().begin().await?;
        put(&mut tx, &cx.ctx, &shown).await?;
        tx.commit().await
    };
    if let Err(error) = done.await {
        tracing::debug!(%error, "empty search not noted");
    }
}

pub async fn put(tx: &mut Tx, ctx: &Ctx, shown: &str) -> db::Result<()> {
    let stmt = sql!(
        "INSERT INTO kb_misses (id, words, shown, locale, times, first_at, last_at) VALUES ($1, $2, $3, $4, 1, $5, $5) \
         ON CONFLICT (words) DO UPDATE SET times = kb_misses.times + 1, last_at = excluded.last_at"
    );
    let id: MissId = ctx.id();
    tx.exec(stmt, params![id, fold(shown), shown, ctx.locale, ctx.now])
        .await
        .map(drop)
}

/// The last ones before `before`.
pub async fn list(tx: &mut Tx, before: (Moment, MissId), limit: i64) -> db::Result<Vec<Miss>> {
    let stmt = sql!(
        Miss,
        "SELECT id, shown, locale, times, last_at FROM kb_misses WHERE (last_at, id) < ($1, $2) \
         ORDER BY last_at DESC, id DESC LIMIT $3"
    );
    tx.all(stmt, params![before.0, before.1, limit]).await
}

/// Takes one off the list: there is an article now, or there will be none.
pub async fn settle(tx: &mut Tx, ctx: &Ctx, id: MissId) -> db::Result<()> {
    let stmt = sql!(
        (String,),
        "DELETE FROM kb_misses WHERE id = $1 RETURNING shown"
    );
    let (shown,) = tx.one(stmt, params![id]).await?;
    let entry = Entry {
        act: "search.settled",
        customer: None,
        subject: "search",
        subject_id: id.to_string(),
        detail: serde_json::json!({"words": shown}),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// Forgets what nobody looks for any more, and what is too much.
#[derive(Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "knowledge.sweep";

    async fn run(self, cx: &JobCx) -> Outcome {
        let swept = async {
            let mut tx = cx.db.begin().await?;
            let stmt = sql!("DELETE FROM kb_misses WHERE last_at < $1");
            tx.exec(stmt, params![cx.ctx.now - KEPT]).await?;
            let stmt = sql!(
                "DELETE FROM kb_misses WHERE id NOT IN (SELECT id FROM kb_misses ORDER BY last_at DESC, id DESC LIMIT $1)"
            );
            tx.exec(stmt, params![MOST]).await?;
            tx.commit().await
        };
        swept.await.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_person_is_not_kept() {
        for good in ["Auth-Code", "fehler 502", "wie kündige ich"] {
            assert!(worth(good), "{good}");
        }
        for bad in [
            "anna@adler.example",
            "0431 1234567",
            "K-104728",
            "",
            "x",
            "502",
            &"wort ".repeat(40),
        ] {
            assert!(!worth(bad), "{bad}");
        }
    }
}
