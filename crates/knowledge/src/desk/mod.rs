//! The editors' pages.

pub mod files;
pub mod groups;
pub mod list;
pub mod manuals;
pub mod misses;
pub mod one;
pub mod versions;
pub mod votes;
pub mod write;

use kernel::Locale;
use serde::Serialize;
use web::{Cx, Path, Path1};

pub const LIST: Path = Path::new("/desk/wissen");
pub const NEW: Path = Path::new("/desk/wissen/neu");
pub const ONE: Path1 = Path1::new("/desk/wissen/artikel/{id}");
/// One language, that of the query's `sprache`.
pub const TEXT: Path1 = Path1::new("/desk/wissen/artikel/{id}/text");
pub const VERSIONS: Path1 = Path1::new("/desk/wissen/artikel/{id}/versionen");
/// Two versions, of the query's `von` and `bis`.
pub const COMPARE: Path1 = Path1::new("/desk/wissen/artikel/{id}/vergleich");
pub const RESTORE: Path1 = Path1::new("/desk/wissen/artikel/{id}/zurueck");
pub const VOTES: Path1 = Path1::new("/desk/wissen/artikel/{id}/feedback");
pub const FILES: Path1 = Path1::new("/desk/wissen/artikel/{id}/dateien");
pub const FILE: Path1 = Path1::new("/desk/wissen/dateien/{id}");
pub const FILE_REMOVE: Path1 = Path1::new("/desk/wissen/dateien/{id}/entfernen");
pub const GROUPS: Path = Path::new("/desk/wissen/ordner");
pub const GROUP_NEW: Path = Path::new("/desk/wissen/ordner/neu");
pub const GROUP: Path1 = Path1::new("/desk/wissen/ordner/{id}");
pub const GROUP_REMOVE: Path1 = Path1::new("/desk/wissen/ordner/{id}/loeschen");
pub const MANUALS: Path = Path::new("/desk/wissen/handbuecher");
pub const MANUAL_NEW: Path = Path::new("/desk/wissen/handbuecher/neu");
pub const MANUAL: Path1 = Path1::new("/desk/wissen/handbuecher/{id}");
pub const MANUAL_REMOVE: Path1 = Path1::new("/desk/wissen/handbuecher/{id}/loeschen");
pub const MISSES: Path = Path::new("/desk/wissen/suchanfragen");
pub const MISS_SETTLE: Path1 = Path1::new("/desk/wissen/suchanfragen/{id}/erledigt");

/// The language a page of the desk is about.
pub(crate) fn language(cx: &Cx) -> Locale {
    cx.query("sprache")
        .and_then(Locale::parse)
        .unwrap_or(cx.app.settings().language)
}

pub(crate) fn in_language(path: String, locale: Locale) -> String {
    format!("{path}?sprache={}", locale.as_str())
}

/// A tab over a page.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub current: bool,
    pub count: Option<i64>,
}

impl Tab {
    pub(crate) fn sample() -> Vec<Tab> {
        let tab = |current| Tab {
            href: LIST.url(),
            label: "Artikel".into(),
            current,
            count: None,
        };
        vec![tab(true), tab(false)]
    }
}

/// The tabs over the editors' lists.
pub(crate) fn tabs(cx: &Cx) -> Vec<Tab> {
    let all = [
        (LIST, "kb-articles"),
        (GROUPS, "kb-groups"),
        (MANUALS, "kb-manuals"),
        (MISSES, "kb-misses"),
    ];
    let may = cx.may(identity::rights::ARTICLES);
    let shown = all.into_iter().filter(|(path, _)| may || *path == LIST);
    shown
        .map(|(path, label)| Tab {
            href: path.url(),
            label: cx.text(label),
            current: cx.info.path == path.pattern(),
            count: None,
        })
        .collect()
}

/// The tabs over one article.
pub(crate) fn article_tabs(cx: &Cx, id: crate::article::ArticleId) -> Vec<Tab> {
    let all = [
        (ONE, "kb-article"),
        (FILES, "kb-files"),
        (VERSIONS, "kb-versions"),
        (VOTES, "kb-feedback"),
    ];
    let tab = |(path, label): (Path1, &str)| Tab {
        href: path.to(id),
        label: cx.text(label),
        current: cx.info.path == path.to(id),
        count: None,
    };
    all.into_iter().map(tab).collect()
}
