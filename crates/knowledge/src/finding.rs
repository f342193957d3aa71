//! Finding articles by words: for the search page, for suggestions, for the desk.

use crate::article::ArticleId;
use crate::portal::ARTICLE;
use crate::shelf::{Head, Reader, Shelf, Snapshot};
use db::Tx;
use kernel::{Locale, fold};
use search::{Highlighter, Query};
use serde::Serialize;
use std::sync::Arc;
use web::{Cx, Result};

/// What was found, the best first.
pub(crate) struct Found {
    pub snapshot: Arc<Snapshot>,
    pub articles: Vec<(ArticleId, Locale)>,
    pub marker: Highlighter,
}

/// At most `limit` articles that this reader sees. A broken index costs quality, never the page: then titles alone are
/// looked through.
pub(crate) async fn find(
    cx: &Cx,
    tx: &mut Tx,
    reader: Reader,
    words: &str,
    limit: usize,
) -> Result<Found> {
    let shelf = Shelf::of(&cx.app)?;
    let snapshot = shelf.snapshot(tx).await?;
    shelf.follow(&cx.app, tx, &snapshot).await;
    let query = Query {
        text: words,
        audiences: reader.audiences(),
        locale: reader.locale,
        // some of them may have been put away, or wait for their day
        limit: limit + 20,
    };
    let found = match shelf.index().mark() {
        Some(_) => shelf.index().find(&query),
        None => Ok(search::Found::default()),
    };
    let (mut articles, marker) = match found {
        Ok(found) => {
            let ids = found
                .hits
                .into_iter()
                .map(|hit| (ArticleId(hit.id), hit.locale));
            (ids.collect(), found.marker)
        }
        Err(error) => {
            tracing::warn!(%error, "search by titles alone");
            (Vec::new(), Highlighter::default())
        }
    };
    if articles.is_empty() {
        articles = by_title(&snapshot, reader, words);
    }
    articles.retain(|(id, _)| snapshot.by_id(*id).is_some_and(|head| reader.sees(head)));
    articles.truncate(limit);
    Ok(Found {
        snapshot,
        articles,
        marker,
    })
}

/// Articles whose title holds every word.
fn by_title(snapshot: &Snapshot, reader: Reader, words: &str) -> Vec<(ArticleId, Locale)> {
    let key = fold(words);
    let wanted: Vec<&str> = key
        .split(' ')
        .filter(|word| word.len() > 2)
        .take(8)
        .collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let holds = |head: &&Head| {
        head.titles
            .iter()
            .any(|title| wanted.iter().all(|word| title.key.contains(word)))
    };
    let all = snapshot.heads.iter().filter(holds);
    all.map(|head| (head.id, reader.locale)).collect()
}

/// An article that may answer what somebody is about to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    pub href: String,
    pub title: String,
    pub summary: Option<String>,
    /// Set when it is in another language than the page.
    pub lang: Option<&'static str>,
}

/// At most `limit` articles that fit a subject or the beginning of a message; two statements at most, and nothing is
/// written. For whoever asks: guests get what guests may read.
///
/// # Errors
/// When the database is away.
pub async fn suggest(cx: &Cx, tx: &mut Tx, text: &str, limit: usize) -> Result<Vec<Suggestion>> {
    if text.trim().chars().count() < 3 {
        return Ok(Vec::new());
    }
    let reader = Reader::of(cx);
    let found = find(cx, tx, reader, text, limit).await?;
    let of = |(id, _): &(ArticleId, Locale)| {
        let head = found.snapshot.by_id(*id)?;
        let title = head.title(reader.locale)?;
        Some(Suggestion {
            href: ARTICLE.to(&head.slug),
            title: title.title.clone(),
            summary: title.summary.clone(),
            lang: (title.locale != reader.locale).then(|| title.locale.as_str()),
        })
    };
    Ok(found.articles.iter().filter_map(of).collect())
}
