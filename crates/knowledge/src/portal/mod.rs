//! The readers' pages: overview, search, lists, suggestions.

pub mod article;

use crate::article::{ArticleId, store};
use crate::finding::{Suggestion, find};
use crate::group::Kind;
use crate::markdown;
use crate::offer::fitting;
use crate::shelf::{Head, Reader, Shelf, Snapshot};
use kernel::Locale;
use serde::Serialize;
use web::form::{Builder, FormView};
use web::{Cx, Error, Guest, Link, PAGE, Page, Pager, Param, Path, Path1, Posted, Result};

pub const HOME: Path = Path::new("/wissen");
/// The words come as `suche`.
pub const SEARCH: Path = Path::new("/wissen/suche");
pub const ALL: Path = Path::new("/wissen/alle");
pub const FOLDER: Path1 = Path1::new("/wissen/ordner/{slug}");
pub const CATEGORY: Path1 = Path1::new("/wissen/kategorie/{slug}");
pub const ARTICLE: Path1 = Path1::new("/wissen/artikel/{slug}");
pub const PRINT: Path1 = Path1::new("/wissen/artikel/{slug}/drucken");
pub const FEEDBACK: Path1 = Path1::new("/wissen/artikel/{slug}/feedback");
/// A file of an article, for whoever may read that.
pub const FILE: Path1 = Path1::new("/wissen/dateien/{id}");
/// Articles that fit what is posted as `subject`; the list alone for a script that posts `teil`.
pub const SUGGESTIONS: Path = Path::new("/wissen/vorschlaege");

/// Articles of a folder on the overview.
const SHOWN: usize = 5;
/// Hits of a search.
const HITS: usize = store::FEW;
/// Bytes of an excerpt, about.
const EXCERPT: usize = 220;

/// An article in a list.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub href: String,
    pub title: String,
    pub summary: Option<String>,
    /// Set when it is in another language than the page.
    pub lang: Option<&'static str>,
}

impl Entry {
    pub(crate) fn of(head: &Head, locale: Locale) -> Option<Entry> {
        let title = head.title(locale)?;
        Some(Entry {
            href: ARTICLE.to(&head.slug),
            title: title.title.clone(),
            summary: title.summary.clone(),
            lang: (title.locale != locale).then(|| title.locale.as_str()),
        })
    }

    pub(crate) fn samples() -> Vec<Entry> {
        let entry = |summary: Option<&str>, lang| Entry {
            href: ARTICLE.to("postfach-voll"),
            title: "Postfach ist <voll>: was tun?".into(),
            summary: summary.map(str::to_owned),
            lang,
        };
        vec![entry(Some("Platz & mehr"), None), entry(None, Some("en"))]
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub name: String,
    pub href: String,
    pub id: String,
    pub count: usize,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize)]
pub struct ManualView {
    pub href: String,
    pub title: String,
    pub note: Option<String>,
    /// It lies elsewhere.
    pub away: bool,
}

impl ManualView {
    fn all(snapshot: &Snapshot, locale: Locale) -> Vec<ManualView> {
        let view = |stored: &crate::manual::Stored| ManualView {
            href: stored.manual.link.0.clone(),
            title: stored.manual.title(locale).to_owned(),
            note: stored.manual.note(locale).map(str::to_owned),
            away: !stored.manual.link.0.starts_with('/'),
        };
        snapshot.manuals.iter().map(view).collect()
    }

    fn samples() -> Vec<ManualView> {
        let view = |note: Option<&str>, away| ManualView {
            href: "/".into(),
            title: "Mailpaket Kontor".into(),
            note: note.map(str::to_owned),
            away,
        };
        vec![view(Some("PDF, 41 Seiten"), true), view(None, false)]
    }
}

#[derive(Serialize)]
pub struct HomePage {
    pub folders: Vec<Shown>,
    pub categories: Vec<Link>,
    pub manuals: Vec<ManualView>,
    pub search: String,
    pub all: String,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "knowledge/portal/home.html";
    fn samples() -> Vec<Self> {
        let folder = |name: &str, count| Shown {
            name: name.into(),
            href: FOLDER.to(name.to_lowercase()),
            id: format!("o{count}"),
            count,
            entries: Entry::samples(),
        };
        let full = HomePage {
            folders: vec![folder("E-Mail", 2), folder("Domains", 18)],
            categories: vec![Link {
                href: CATEGORY.to("outlook"),
                label: "Outlook".into(),
            }],
            manuals: ManualView::samples(),
            search: SEARCH.url(),
            all: ALL.url(),
        };
        let empty = HomePage {
            folders: Vec::new(),
            categories: Vec::new(),
            manuals: Vec::new(),
            search: SEARCH.url(),
            all: ALL.url(),
        };
        vec![full, empty]
    }
}

pub async fn home(cx: Guest) -> Result {
    let mut tx = cx.read().await?;
    let snapshot = Shelf::of(&cx.app)?.snapshot(&mut tx).await?;
    drop(tx);
    let reader = Reader::of(&cx);
    // one slot a group: folders fill it, of categories it counts only
    let mut slots: Vec<(usize, Vec<Entry>)> =
        snapshot.groups.iter().map(|_| (0, Vec::new())).collect();
    for head in snapshot.seen_by(reader) {
        for place in &head.groups {
            if let Some((count, entries)) = slots.get_mut(*place) {
                *count += 1;
                if entries.len() < SHOWN {
                    entries.extend(Entry::of(head, reader.locale));
                }
            }
        }
    }
    let mut folders = Vec::new();
    let mut categories = Vec::new();
    for (at, (group, (count, entries))) in snapshot.groups.iter().zip(slots).enumerate() {
        let name = group.name(reader.locale).to_owned();
        match group.kind {
            _ if count == 0 => {}
            Kind::Folder => folders.push(Shown {
                name,
                href: FOLDER.to(&group.slug),
                id: format!("o{at}"),
                count,
                entries,
            }),
            Kind::Category => categories.push(Link {
                href: CATEGORY.to(&group.slug),
                label: name,
            }),
        }
    }
    let manuals = ManualView::all(&snapshot, reader.locale);
    cx.page(HomePage {
        folders,
        categories,
        manuals,
        search: SEARCH.url(),
        all: ALL.url(),
    })
}

/// A piece of a text, marked or not.
#[derive(Debug, Clone, Serialize)]
pub struct Piece {
    pub text: String,
    pub hit: bool,
}

fn pieces(pieces: Vec<search::Piece>) -> Vec<Piece> {
    let piece = |piece: search::Piece| Piece {
        text: piece.text,
        hit: piece.hit,
    };
    pieces.into_iter().map(piece).collect()
}

#[derive(Debug, Clone, Serialize)]
pub struct HitView {
    pub href: String,
    pub title: Vec<Piece>,
    pub text: Vec<Piece>,
    pub folder: String,
    pub lang: Option<&'static str>,
}

#[derive(Serialize)]
pub struct FoundPage {
    pub words: String,
    pub hits: Vec<HitView>,
    pub manuals: Vec<ManualView>,
    pub search: String,
    pub home: String,
    pub all: String,
}

impl Page for FoundPage {
    const TEMPLATE: &'static str = "knowledge/portal/found.html";
    fn samples() -> Vec<Self> {
        let piece = |text: &str, hit| Piece {
            text: text.into(),
            hit,
        };
        let hit = |folder: &str, lang| HitView {
            href: ARTICLE.to("postfach-voll"),
            title: vec![piece("Postfach", true), piece(" ist <voll>", false)],
            text: vec![piece("… Ihr ", false), piece("Postfach", true)],
            folder: folder.into(),
            lang,
        };
        let page = |words: &str, hits| FoundPage {
            words: words.into(),
            hits,
            manuals: ManualView::samples(),
            search: SEARCH.url(),
            home: HOME.url(),
            all: ALL.url(),
        };
        vec![
            page("<Postfach>", vec![hit("E-Mail", None), hit("", Some("en"))]),
            page("xyz", Vec::new()),
            page("", Vec::new()),
        ]
    }
}

pub async fn search(cx: Guest) -> Result {
    let words: String = cx
        .query("suche")
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect();
    let words = words.trim().to_owned();
    let reader = Reader::of(&cx);
    let mut tx = cx.read().await?;
    let found = find(&cx, &mut tx, reader, &words, HITS).await?;
    let ids: Vec<ArticleId> = found.articles.iter().map(|(id, _)| *id).collect();
    let bodies = if ids.is_empty() {
        Vec::new()
    } else {
        store::bodies(&mut tx, &ids).await?
    };
    drop(tx);
    let mut hits = Vec::new();
    for (id, _) in &found.articles {
        let Some(head) = found.snapshot.by_id(*id) else {
            continue;
        };
        // whichever language it was found in: this is the one that the link leads to
        let Some(title) = head.title(reader.locale) else {
            continue;
        };
        let body = bodies
            .iter()
            .find(|body| body.article_id == *id && body.locale == title.locale);
        let plain = body
            .map(|body| markdown::plain(&body.body))
            .unwrap_or_default();
        let folder = head.folder.and_then(|id| found.snapshot.group(id));
        hits.push(HitView {
            href: ARTICLE.to(&head.slug),
            title: pieces(found.marker.mark(&title.title)),
            text: pieces(found.marker.excerpt(&plain, EXCERPT)),
            folder: folder
                .map(|group| group.name(reader.locale).to_owned())
                .unwrap_or_default(),
            lang: (title.locale != reader.locale).then(|| title.locale.as_str()),
        });
    }
    if hits.is_empty() && !words.is_empty() {
        let shelf = Shelf::of(&cx.app)?;
        crate::misses::note(&cx, &shelf.misses, &words).await;
    }
    cx.page(FoundPage {
        words,
        hits,
        manuals: ManualView::all(&found.snapshot, reader.locale),
        search: SEARCH.url(),
        home: HOME.url(),
        all: ALL.url(),
    })
}

#[derive(Serialize)]
pub struct ListPage {
    pub title: String,
    pub entries: Vec<Entry>,
    pub pager: Pager,
    pub categories: Vec<Link>,
    pub folders: Vec<Link>,
    pub home: String,
    pub search: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "knowledge/portal/list.html";
    fn samples() -> Vec<Self> {
        let link = || {
            vec![Link {
                href: CATEGORY.to("outlook"),
                label: "Outlook".into(),
            }]
        };
        let page = |entries, links: Vec<Link>| ListPage {
            title: "E-Mail".into(),
            entries,
            pager: Pager {
                older: Some("/".into()),
                ..Pager::default()
            },
            categories: links.clone(),
            folders: links,
            home: HOME.url(),
            search: SEARCH.url(),
        };
        vec![page(Entry::samples(), link()), page(Vec::new(), Vec::new())]
    }
}

fn list(cx: &Cx, snapshot: &Snapshot, title: String, belongs: impl Fn(&Head) -> bool) -> Result {
    let reader = Reader::of(cx);
    let after = cx.query("nach").and_then(|id| id.parse::<ArticleId>().ok());
    let mut shown: Vec<&Head> = snapshot
        .seen_by(reader)
        .filter(|head| belongs(head))
        .skip_while(|head| after.is_some_and(|id| head.id != id))
        .skip(usize::from(after.is_some()))
        .take(PAGE + 1)
        .collect();
    let pager = Pager::cut(cx, &mut shown, |head| head.id.to_string());
    let links = |kind: Kind, path: Path1| -> Vec<Link> {
        let link = |group: &crate::group::Group| Link {
            href: path.to(&group.slug),
            label: group.name(reader.locale).to_owned(),
        };
        snapshot.groups(kind).map(link).collect()
    };
    cx.page(ListPage {
        title,
        entries: shown
            .iter()
            .filter_map(|head| Entry::of(head, reader.locale))
            .collect(),
        pager,
        categories: links(Kind::Category, CATEGORY),
        folders: links(Kind::Folder, FOLDER),
        home: HOME.url(),
        search: SEARCH.url(),
    })
}

pub async fn all(cx: Guest) -> Result {
    let mut tx = cx.read().await?;
    let snapshot = Shelf::of(&cx.app)?.snapshot(&mut tx).await?;
    drop(tx);
    list(&cx, &snapshot, cx.text("kb-all"), |_| true)
}

pub async fn folder(cx: Guest, Param(slug): Param<String>) -> Result {
    of_group(cx, Kind::Folder, &slug).await
}

pub async fn category(cx: Guest, Param(slug): Param<String>) -> Result {
    of_group(cx, Kind::Category, &slug).await
}

async fn of_group(cx: Guest, kind: Kind, slug: &str) -> Result {
    let mut tx = cx.read().await?;
    let snapshot = Shelf::of(&cx.app)?.snapshot(&mut tx).await?;
    drop(tx);
    let group = snapshot.group_by_slug(kind, slug).ok_or(Error::NotFound)?;
    let id = group.id;
    let title = group.name(cx.ctx.locale).to_owned();
    list(&cx, &snapshot, title, |head| match kind {
        Kind::Folder => head.folder == Some(id),
        Kind::Category => head.categories.contains(&id),
    })
}

web::form! {
    /// What somebody is about to write to us.
    pub struct Topic as "topic"; {
        subject: String = line(100),
    }
}

/// Articles that fit: a page of its own for browsers without script.
#[derive(Serialize)]
pub struct SuggestionsPage {
    pub form: FormView,
    pub suggestions: Vec<Suggestion>,
    pub asked: bool,
    pub home: String,
}

/// The same without its frame.
#[derive(Serialize)]
pub struct SuggestionsPart {
    pub suggestions: Vec<Suggestion>,
}

impl SuggestionsPart {
    pub(crate) fn some() -> Vec<Suggestion> {
        let one = |summary: Option<&str>, lang| Suggestion {
            href: ARTICLE.to("postfach-voll"),
            title: "Postfach ist <voll>".into(),
            summary: summary.map(str::to_owned),
            lang,
        };
        vec![one(Some("Platz & mehr"), None), one(None, Some("en"))]
    }
}

impl Page for SuggestionsPage {
    const TEMPLATE: &'static str = "knowledge/portal/suggestions.html";
    fn samples() -> Vec<Self> {
        let [plain, wrong] = FormView::samples::<Topic>();
        let page = |form: &FormView, suggestions, asked| SuggestionsPage {
            form: form.clone(),
            suggestions,
            asked,
            home: HOME.url(),
        };
        vec![
            page(&plain, SuggestionsPart::some(), true),
            page(&plain, Vec::new(), true),
            page(&wrong, Vec::new(), false),
        ]
    }
}

impl Page for SuggestionsPart {
    const TEMPLATE: &'static str = "knowledge/portal/suggestions_part.html";
    fn samples() -> Vec<Self> {
        let part = |suggestions| SuggestionsPart { suggestions };
        vec![part(SuggestionsPart::some()), part(Vec::new())]
    }
}

fn topic(cx: &Cx) -> Builder<'_> {
    cx.form::<Topic>(SUGGESTIONS.url())
        .submit("kb-suggestions-button")
}

pub async fn suggestions(cx: Guest) -> Result {
    cx.page(SuggestionsPage {
        form: topic(&cx).empty(),
        suggestions: Vec::new(),
        asked: false,
        home: HOME.url(),
    })
}

/// A POST although nothing changes: what is typed has no business in an address (see `offer`).
pub async fn suggest(cx: Guest, posted: Posted<Topic>) -> Result {
    let text = posted.raw.get("subject").unwrap_or_default();
    let mut tx = cx.read().await?;
    let suggestions = fitting(&cx, &mut tx, text).await?;
    drop(tx);
    // a script asks while somebody types
    if posted.raw.get("teil").is_some() {
        return cx.fragment(SuggestionsPart { suggestions });
    }
    cx.page(SuggestionsPage {
        form: topic(&cx).raw(&posted.raw),
        suggestions,
        asked: true,
        home: HOME.url(),
    })
}
