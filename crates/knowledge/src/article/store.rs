//! All SQL on `articles`, `article_texts` and `article_versions`, but for what the shelf reads.

use super::{ArticleId, Settings, Text, Write};
use db::{Result, Tx, params, sql};
use kernel::{Locale, Moment};

pub async fn one(tx: &mut Tx, id: ArticleId) -> Result<Settings> {
    let stmt = sql!(
        Settings,
        "SELECT id, slug, folder_id, categories, state, audience, published_at, changed_at FROM articles WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

pub async fn by_slug(tx: &mut Tx, slug: &str) -> Result<Option<Settings>> {
    let stmt = sql!(
        Settings,
        "SELECT id, slug, folder_id, categories, state, audience, published_at, changed_at FROM articles WHERE slug = $1"
    );
    tx.opt(stmt, params![slug]).await
}

/// All settings, by address.
pub async fn all(tx: &mut Tx) -> Result<Vec<Settings>> {
    let stmt = sql!(
        Settings,
        "SELECT id, slug, folder_id, categories, state, audience, published_at, changed_at FROM articles ORDER BY slug"
    );
    tx.all(stmt, params![]).await
}

pub async fn slug_taken(tx: &mut Tx, slug: &str, by_other_than: ArticleId) -> Result<bool> {
    let stmt = sql!(
        (i64,),
        "SELECT COUNT(*) FROM articles WHERE slug = $1 AND id <> $2"
    );
    Ok(tx.one(stmt, params![slug, by_other_than]).await?.0 > 0)
}

pub async fn insert(tx: &mut Tx, new: &Settings, revision: i64) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO articles (id, slug, folder_id, categories, state, audience, published_at, revision, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)"
    );
    let values = params![
        new.id,
        &new.slug,
        new.folder_id,
        &new.categories,
        new.state,
        new.audience,
        new.published_at,
        revision,
        new.changed_at
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn update(tx: &mut Tx, new: &Settings, revision: i64) -> Result<()> {
    let stmt = sql!(
        "UPDATE articles SET slug = $2, folder_id = $3, categories = $4, state = $5, audience = $6, published_at = $7, \
         revision = $8, changed_at = $9 WHERE id = $1"
    );
    let values = params![
        new.id,
        &new.slug,
        new.folder_id,
        &new.categories,
        new.state,
        new.audience,
        new.published_at,
        revision,
        new.changed_at
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn touch(tx: &mut Tx, id: ArticleId, revision: i64, now: Moment) -> Result<()> {
    let stmt = sql!("UPDATE articles SET revision = $2, changed_at = $3 WHERE id = $1");
    tx.exec(stmt, params![id, revision, now]).await.map(drop)
}

/// Whether a folder still holds articles.
pub async fn count_in(tx: &mut Tx, folder: crate::GroupId) -> Result<i64> {
    let stmt = sql!((i64,), "SELECT COUNT(*) FROM articles WHERE folder_id = $1");
    Ok(tx.one(stmt, params![folder]).await?.0)
}

pub async fn text(tx: &mut Tx, id: ArticleId, locale: Locale) -> Result<Option<Text>> {
    let stmt = sql!(
        Text,
        "SELECT locale, version, title, summary, keywords, body, stale, changed_at, source FROM article_texts \
         WHERE article_id = $1 AND locale = $2"
    );
    tx.opt(stmt, params![id, locale]).await
}

pub async fn texts(tx: &mut Tx, id: ArticleId) -> Result<Vec<Text>> {
    let stmt = sql!(
        Text,
        "SELECT locale, version, title, summary, keywords, body, stale, changed_at, source FROM article_texts \
         WHERE article_id = $1 ORDER BY locale"
    );
    tx.all(stmt, params![id]).await
}

kernel::row! {
    /// A text with the article it belongs to.
    pub struct Owned { pub article_id: ArticleId; pub text: Text }
}

/// All texts, by article.
pub async fn all_texts(tx: &mut Tx) -> Result<Vec<Owned>> {
    let stmt = sql!(
        Owned,
        "SELECT article_id, locale, version, title, summary, keywords, body, stale, changed_at, source FROM article_texts \
         ORDER BY article_id, locale"
    );
    tx.all(stmt, params![]).await
}

kernel::row! {
    pub struct Body { pub article_id: ArticleId, pub locale: Locale, pub body: String }
}

/// The bodies of a few articles, in both languages; more than [`FEW`] ids are left out.
pub async fn bodies(tx: &mut Tx, ids: &[ArticleId]) -> Result<Vec<Body>> {
    let stmt = sql!(
        Body,
        "SELECT article_id, locale, body FROM article_texts WHERE article_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let mut values: Vec<db::Value> = ids.iter().take(FEW).map(|id| (*id).into()).collect();
    values.resize(FEW, ArticleId(kernel::Uuid::nil()).into());
    tx.all(stmt, values).await
}

/// How many articles [`bodies`] takes.
pub const FEW: usize = 10;

pub async fn put_text(tx: &mut Tx, id: ArticleId, text: &Text) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO article_texts (article_id, locale, version, title, summary, keywords, body, stale, changed_at, source) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (article_id, locale) DO UPDATE SET version = excluded.version, title = excluded.title, \
         summary = excluded.summary, keywords = excluded.keywords, body = excluded.body, stale = excluded.stale, \
         changed_at = excluded.changed_at, source = excluded.source"
    );
    let values = params![
        id,
        text.locale,
        text.version,
        &text.title,
        text.summary.as_deref(),
        text.keywords.as_deref(),
        &text.body,
        text.stale,
        text.changed_at,
        text.source.as_deref()
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn mark_other_stale(tx: &mut Tx, id: ArticleId, than: Locale) -> Result<()> {
    let stmt = sql!("UPDATE article_texts SET stale = TRUE WHERE article_id = $1 AND locale <> $2");
    tx.exec(stmt, params![id, than]).await.map(drop)
}

pub async fn put_version(tx: &mut Tx, id: ArticleId, text: &Text, by: &str) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO article_versions (article_id, locale, version, title, summary, keywords, body, at, by_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (article_id, locale, version) DO NOTHING"
    );
    let values = params![
        id,
        text.locale,
        text.version,
        &text.title,
        text.summary.as_deref(),
        text.keywords.as_deref(),
        &text.body,
        text.changed_at,
        by
    ];
    tx.exec(stmt, values).await.map(drop)
}

kernel::row! {
    /// A version as the list shows it.
    pub struct VersionLine { pub version: i64, pub title: String, pub at: Moment, pub by_name: String }
}

/// The versions below `before`, the newest first.
pub async fn versions(
    tx: &mut Tx,
    id: ArticleId,
    locale: Locale,
    before: i64,
    limit: i64,
) -> Result<Vec<VersionLine>> {
    let stmt = sql!(
        VersionLine,
        "SELECT version, title, at, by_name FROM article_versions \
         WHERE article_id = $1 AND locale = $2 AND version < $3 ORDER BY version DESC LIMIT $4"
    );
    tx.all(stmt, params![id, locale, before, limit]).await
}

kernel::row! {
    /// What a version said.
    pub struct Version {
        pub version: i64,
        pub title: String,
        pub summary: Option<String>,
        pub keywords: Option<String>,
        pub body: String,
    }
}

impl Version {
    pub fn write(&self) -> Write {
        Write {
            title: self.title.clone(),
            summary: self.summary.clone(),
            body: self.body.clone(),
            keywords: self.keywords.clone(),
            minor: false,
        }
    }
}

pub async fn version(tx: &mut Tx, id: ArticleId, locale: Locale, version: i64) -> Result<Version> {
    let stmt = sql!(
        Version,
        "SELECT version, title, summary, keywords, body FROM article_versions \
         WHERE article_id = $1 AND locale = $2 AND version = $3"
    );
    tx.one(stmt, params![id, locale, version]).await
}
