//! All SQL on `article_votes`.

use super::{Feedback, Helpful, VoteId};
use crate::article::ArticleId;
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Locale, Moment};

pub async fn put(
    tx: &mut Tx,
    ctx: &Ctx,
    id: VoteId,
    article: ArticleId,
    reader: &str,
    feedback: &Feedback,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO article_votes (id, article_id, reader, locale, helpful, reasons, comment, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (article_id, reader) DO UPDATE SET \
         locale = excluded.locale, helpful = excluded.helpful, reasons = excluded.reasons, comment = excluded.comment, \
         at = excluded.at"
    );
    let values = params![
        id,
        article,
        reader,
        ctx.locale,
        feedback.helpful == Helpful::Yes,
        feedback.reasons(),
        feedback.comment.as_deref(),
        ctx.now
    ];
    tx.exec(stmt, values).await.map(drop)
}

kernel::row! {
    /// Votes of an article.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Count { pub article_id: ArticleId, pub yes: i64, pub no: i64 }
}

/// Votes of all articles that have some.
pub async fn counts(tx: &mut Tx) -> Result<Vec<Count>> {
    let stmt = sql!(
        Count,
        "SELECT article_id, CAST(SUM(CASE WHEN helpful THEN 1 ELSE 0 END) AS BIGINT) AS yes, \
         CAST(SUM(CASE WHEN helpful THEN 0 ELSE 1 END) AS BIGINT) AS no FROM article_votes GROUP BY article_id"
    );
    tx.all(stmt, params![]).await
}

kernel::row! {
    pub struct Vote { pub helpful: bool, pub at: Moment }
}

/// Votes since then, for the trend.
pub async fn since(tx: &mut Tx, article: ArticleId, from: Moment, limit: i64) -> Result<Vec<Vote>> {
    let stmt = sql!(
        Vote,
        "SELECT helpful, at FROM article_votes WHERE article_id = $1 AND at >= $2 ORDER BY at DESC LIMIT $3"
    );
    tx.all(stmt, params![article, from, limit]).await
}

kernel::row! {
    #[derive(Debug, Clone)]
    pub struct Line {
        pub id: VoteId,
        pub locale: Locale,
        pub helpful: bool,
        pub reasons: String,
        pub comment: Option<String>,
        pub at: Moment,
    }
}

/// Votes that say more than yes, the last ones before `before`.
pub async fn with_words(
    tx: &mut Tx,
    article: ArticleId,
    before: (Moment, VoteId),
    limit: i64,
) -> Result<Vec<Line>> {
    let stmt = sql!(
        Line,
        "SELECT id, locale, helpful, reasons, comment, at FROM article_votes \
         WHERE article_id = $1 AND (at, id) < ($2, $3) AND (comment IS NOT NULL OR reasons <> '') \
         ORDER BY at DESC, id DESC LIMIT $4"
    );
    tx.all(stmt, params![article, before.0, before.1, limit])
        .await
}
