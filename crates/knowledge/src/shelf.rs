//! What a node keeps of the knowledge base: the heads of all articles in memory, and the words in its index.
//!
//! Both follow the revision that every change raises in its own transaction: a page reads the revision in its snapshot
//! and brings up to date what is old. So pages cost one or two statements however many articles there are.

use crate::article::{ArticleId, Audience, Settings, State};
use crate::group::{self, Group, GroupId, Kind};
use crate::manual;
use crate::markdown;
use db::{Tx, params, sql};
use kernel::{Locale, Moment, fold};
use search::{Document, Index, Mark};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use web::{App, Cx};

/// So many changed articles are taken into the index while somebody waits; more in the background.
const INLINE: usize = 40;

kernel::row! {
    struct HeadRow {
        id: ArticleId,
        slug: String,
        folder_id: Option<GroupId>,
        categories: String,
        state: State,
        audience: Audience,
        published_at: Option<Moment>,
        revision: i64,
        changed_at: Moment,
        de_title: Option<String>,
        de_summary: Option<String>,
        de_stale: Option<bool>,
        en_title: Option<String>,
        en_summary: Option<String>,
        en_stale: Option<bool>,
    }
}

/// What lists show of one language.
#[derive(Debug, Clone)]
pub struct Title {
    pub locale: Locale,
    pub title: String,
    pub summary: Option<String>,
    pub stale: bool,
    /// As it is searched and sorted.
    pub key: String,
}

/// An article without its text.
#[derive(Debug, Clone)]
pub struct Head {
    pub id: ArticleId,
    pub slug: String,
    pub folder: Option<GroupId>,
    pub categories: Vec<GroupId>,
    pub state: State,
    pub audience: Audience,
    pub published_at: Option<Moment>,
    pub changed_at: Moment,
    pub titles: Vec<Title>,
    /// Places of its folder and categories among the groups of the snapshot.
    pub groups: Vec<usize>,
    revision: i64,
}

impl Head {
    fn of(row: HeadRow) -> Head {
        let title = |locale, title: Option<String>, summary, stale: Option<bool>| {
            let title = title?;
            Some(Title {
                locale,
                key: fold(&title),
                title,
                summary,
                stale: stale.unwrap_or_default(),
            })
        };
        let de = title(Locale::De, row.de_title, row.de_summary, row.de_stale);
        let en = title(Locale::En, row.en_title, row.en_summary, row.en_stale);
        Head {
            id: row.id,
            slug: row.slug,
            folder: row.folder_id,
            categories: row
                .categories
                .split(' ')
                .filter_map(|id| id.parse().ok())
                .collect(),
            state: row.state,
            audience: row.audience,
            published_at: row.published_at,
            changed_at: row.changed_at,
            titles: de.into_iter().chain(en).collect(),
            groups: Vec::new(),
            revision: row.revision,
        }
    }

    /// The language that is shown to somebody who reads `locale`.
    pub fn title(&self, locale: Locale) -> Option<&Title> {
        let own = self.titles.iter().find(|title| title.locale == locale);
        own.or_else(|| self.titles.first())
    }

    /// As they are stored.
    pub fn settings(&self) -> Settings {
        let categories: Vec<String> = self.categories.iter().map(GroupId::to_string).collect();
        Settings {
            id: self.id,
            slug: self.slug.clone(),
            folder_id: self.folder,
            categories: categories.join(" "),
            state: self.state,
            audience: self.audience,
            published_at: self.published_at,
            changed_at: self.changed_at,
        }
    }

    pub fn is_public(&self, now: Moment) -> bool {
        self.state == State::Published && self.published_at.is_some_and(|at| at <= now)
    }
}

/// Who reads: what may be seen, when, and in which language.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    pub signed_in: bool,
    pub now: Moment,
    pub locale: Locale,
}

impl Reader {
    pub fn of(cx: &Cx) -> Reader {
        Reader {
            signed_in: cx.user().is_some(),
            now: cx.ctx.now,
            locale: cx.ctx.locale,
        }
    }

    pub fn audiences(&self) -> &'static [&'static str] {
        if self.signed_in {
            &["public", "customers"]
        } else {
            &["public"]
        }
    }

    /// The one rule for what is shown in the portal.
    pub fn sees(&self, head: &Head) -> bool {
        let may = match head.audience {
            Audience::Public => true,
            Audience::Customers => self.signed_in,
            Audience::Staff => false,
        };
        may && head.is_public(self.now)
    }
}

/// Everything but the texts, as of one revision. Articles stand by title.
pub struct Snapshot {
    pub mark: Mark,
    pub heads: Vec<Head>,
    pub groups: Vec<Group>,
    pub manuals: Vec<manual::Stored>,
    slugs: HashMap<String, usize>,
    ids: HashMap<ArticleId, usize>,
}

impl Snapshot {
    async fn load(tx: &mut Tx, mark: Mark) -> db::Result<Snapshot> {
        let stmt = sql!(
            HeadRow,
            "SELECT a.id, a.slug, a.folder_id, a.categories, a.state, a.audience, a.published_at, a.revision, a.changed_at, \
             d.title AS de_title, d.summary AS de_summary, d.stale AS de_stale, \
             e.title AS en_title, e.summary AS en_summary, e.stale AS en_stale FROM articles a \
             LEFT JOIN article_texts d ON d.article_id = a.id AND d.locale = 'de' \
             LEFT JOIN article_texts e ON e.article_id = a.id AND e.locale = 'en'"
        );
        let rows = tx.all(stmt, params![]).await?;
        let mut heads: Vec<Head> = rows.into_iter().map(Head::of).collect();
        let key = |head: &Head| head.titles.first().map(|title| title.key.clone());
        heads.sort_by_cached_key(|head| (key(head), head.id));
        let groups = group::store::all(tx).await?;
        for head in &mut heads {
            let own = |id: &GroupId| head.folder == Some(*id) || head.categories.contains(id);
            let places = groups.iter().enumerate();
            head.groups = places
                .filter(|(_, group)| own(&group.id))
                .map(|(at, _)| at)
                .collect();
        }
        let places = || heads.iter().enumerate();
        Ok(Snapshot {
            mark,
            slugs: places().map(|(at, head)| (head.slug.clone(), at)).collect(),
            ids: places().map(|(at, head)| (head.id, at)).collect(),
            heads,
            groups,
            manuals: manual::store::all(tx).await?,
        })
    }

    pub fn by_slug(&self, slug: &str) -> Option<&Head> {
        self.heads.get(*self.slugs.get(slug)?)
    }

    pub fn by_id(&self, id: ArticleId) -> Option<&Head> {
        self.heads.get(*self.ids.get(&id)?)
    }

    pub fn groups(&self, kind: Kind) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.kind == kind)
    }

    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    pub fn group_by_slug(&self, kind: Kind, slug: &str) -> Option<&Group> {
        self.groups(kind).find(|group| group.slug == slug)
    }

    /// What this reader sees, by title.
    pub fn seen_by(&self, reader: Reader) -> impl Iterator<Item = &Head> {
        self.heads.iter().filter(move |head| reader.sees(head))
    }

    /// Articles that share most with this one: categories first, then the folder.
    pub fn related<'a>(&'a self, to: &Head, reader: Reader, most: usize) -> Vec<&'a Head> {
        let mut near: Vec<(usize, &Head)> = self
            .seen_by(reader)
            .filter(|head| head.id != to.id)
            .filter_map(|head| {
                let shared = head
                    .categories
                    .iter()
                    .filter(|id| to.categories.contains(id))
                    .count();
                let nearness =
                    2 * shared + usize::from(head.folder.is_some() && head.folder == to.folder);
                (nearness > 0).then_some((nearness, head))
            })
            .collect();
        near.sort_by_key(|(nearness, _)| std::cmp::Reverse(*nearness));
        near.into_iter().take(most).map(|(_, head)| head).collect()
    }
}

/// A node's share; given to the application at start.
pub struct Shelf {
    index: Index,
    now: RwLock<Option<Arc<Snapshot>>>,
    filling: tokio::sync::Mutex<()>,
    pub(crate) misses: crate::misses::Limit,
}

impl Shelf {
    /// With its index in this folder, which is this node's alone.
    pub fn open(folder: &Path) -> Shelf {
        Shelf::with(Index::open(&folder.join("articles")))
    }

    pub fn in_memory() -> Shelf {
        Shelf::with(Index::in_memory())
    }

    fn with(index: Index) -> Shelf {
        Shelf {
            index,
            now: RwLock::new(None),
            filling: tokio::sync::Mutex::new(()),
            misses: crate::misses::Limit::default(),
        }
    }

    /// The shelf this application was given.
    ///
    /// # Errors
    /// The start-up code forgot it.
    pub fn of(app: &App) -> web::Result<Arc<Shelf>> {
        app.state::<Shelf>()
            .ok_or_else(|| web::Error::internal("no shelf given at start"))
    }

    /// What is true in this transaction.
    pub async fn snapshot(&self, tx: &mut Tx) -> db::Result<Arc<Snapshot>> {
        let mark = read_mark(tx).await?;
        let kept = self
            .now
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(kept) = kept.filter(|kept| kept.mark == mark) {
            return Ok(kept);
        }
        let fresh = Arc::new(Snapshot::load(tx, mark).await?);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh.clone());
        Ok(fresh)
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Brings the index up to the snapshot where that is little work, and begins it in the background where it is much.
    pub(crate) async fn follow(self: &Arc<Self>, app: &App, tx: &mut Tx, snapshot: &Snapshot) {
        let Some(since) = self.behind(snapshot.mark) else {
            return;
        };
        let changed = snapshot
            .heads
            .iter()
            .filter(|head| head.revision > since.unwrap_or(0))
            .count();
        if changed > INLINE {
            let (shelf, app) = (self.clone(), app.clone());
            tokio::spawn(async move { shelf.fill(&app).await });
        } else if let Err(error) = self.take_in(tx, snapshot, since).await {
            tracing::warn!(%error, "search index not up to date");
        }
    }

    /// Since which revision the index is behind: `Some(None)` from the beginning, `None` it is not.
    fn behind(&self, now: Mark) -> Option<Option<i64>> {
        match self.index.mark() {
            Some(mark) if mark == now => None,
            // a database that was brought back from a copy counts anew
            Some(mark) if mark.epoch == now.epoch && mark.revision < now.revision => {
                Some(Some(mark.revision))
            }
            _ => Some(None),
        }
    }

    async fn take_in(
        self: &Arc<Self>,
        tx: &mut Tx,
        snapshot: &Snapshot,
        since: Option<i64>,
    ) -> web::Result<()> {
        // whoever else is at it brings it up to date for all
        let Ok(_guard) = self.filling.try_lock() else {
            return Ok(());
        };
        let rows = changed_texts(tx, since.unwrap_or(0)).await?;
        let documents = documents(rows, snapshot);
        let (shelf, mark) = (self.clone(), snapshot.mark);
        let write = move || match since {
            Some(_) => shelf.index.update(&documents, mark),
            None => shelf
                .index
                .fill(documents.into_iter().flat_map(|(_, all)| all), mark),
        };
        let written = tokio::task::spawn_blocking(write).await;
        written
            .map_err(web::Error::internal)?
            .map_err(web::Error::internal)
    }

    /// Fills what is behind, from a snapshot of its own. Errors are told in the log: search goes on with what it has.
    pub async fn fill(self: &Arc<Self>, app: &App) {
        let filled = async {
            let mut tx = app.db().read().await?;
            let snapshot = self.snapshot(&mut tx).await?;
            match self.behind(snapshot.mark) {
                Some(since) => self.take_in(&mut tx, &snapshot, since).await,
                None => Ok(()),
            }
        };
        if let Err(error) = filled.await {
            tracing::warn!(%error, "search index not filled");
        }
    }
}

/// Reads everything once after the start, so that nobody waits for it.
pub async fn warm(app: App) {
    if let Ok(shelf) = Shelf::of(&app) {
        shelf.fill(&app).await;
    }
}

async fn read_mark(tx: &mut Tx) -> db::Result<Mark> {
    let stmt = sql!(
        (i64, i64),
        "SELECT epoch, revision FROM kb_state WHERE id = 1"
    );
    let (epoch, revision) = tx.one(stmt, params![]).await?;
    Ok(Mark { epoch, revision })
}

/// Says that something changed that readers see; gives the new revision. The row also puts changes in one line, so that
/// no node misses one.
pub(crate) async fn bump(tx: &mut Tx) -> db::Result<i64> {
    let stmt = sql!(
        (i64,),
        "UPDATE kb_state SET revision = revision + 1 WHERE id = 1 RETURNING revision"
    );
    Ok(tx.one(stmt, params![]).await?.0)
}

/// Has every node fill its index anew.
pub async fn rebuild(tx: &mut Tx) -> db::Result<()> {
    let stmt = sql!("UPDATE kb_state SET epoch = epoch + 1 WHERE id = 1");
    tx.exec(stmt, params![]).await.map(drop)
}

kernel::row! {
    struct TextRow {
        article_id: ArticleId,
        locale: Locale,
        title: String,
        summary: Option<String>,
        keywords: Option<String>,
        body: String,
    }
}

async fn changed_texts(tx: &mut Tx, since: i64) -> db::Result<Vec<TextRow>> {
    let stmt = sql!(
        TextRow,
        "SELECT t.article_id, t.locale, t.title, t.summary, t.keywords, t.body FROM articles a \
         JOIN article_texts t ON t.article_id = a.id WHERE a.revision > $1"
    );
    tx.all(stmt, params![since]).await
}

/// By article; an article that is not published has none.
fn documents(rows: Vec<TextRow>, snapshot: &Snapshot) -> Vec<(kernel::Uuid, Vec<Document>)> {
    let mut all: BTreeMap<ArticleId, Vec<Document>> = BTreeMap::new();
    for row in rows {
        let entry = all.entry(row.article_id).or_default();
        let Some(head) = snapshot.by_id(row.article_id) else {
            continue;
        };
        if head.state != State::Published {
            continue;
        }
        let groups = head.categories.iter().chain(&head.folder);
        let names = groups
            .filter_map(|id| snapshot.group(*id))
            .map(|group| group.name(row.locale));
        let mut keywords = row.keywords.unwrap_or_default();
        for name in names {
            keywords.push(' ');
            keywords.push_str(name);
        }
        entry.push(Document {
            id: row.article_id.0,
            locale: row.locale,
            audience: head.audience.as_str(),
            title: row.title,
            keywords,
            body: format!(
                "{} {}",
                row.summary.unwrap_or_default(),
                markdown::plain(&row.body)
            ),
        });
    }
    all.into_iter()
        .map(|(id, documents)| (id.0, documents))
        .collect()
}
