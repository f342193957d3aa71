//! Versions of one language: the list, the difference of two, and the way back.

use super::{COMPARE, LIST, ONE, RESTORE, Tab, article_tabs, in_language, language};
use crate::article::{self, ArticleId, Refused, store};
use crate::diff::{self, Line};
use identity::rights::ARTICLES;
use kernel::{Locale, Moment};
use serde::Serialize;
use web::form::RawForm;
use web::{Error, PAGE, Page, Pager, Param, Result, Staff};

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub version: i64,
    pub title: String,
    pub at: Moment,
    pub by: String,
    /// The difference to the version before.
    pub compare: Option<String>,
    /// The difference to what is true now; none for the newest.
    pub since: Option<String>,
}

#[derive(Serialize)]
pub struct VersionsPage {
    pub title: String,
    pub language: &'static str,
    pub tabs: Vec<Tab>,
    pub languages: Vec<Tab>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub list: String,
}

impl Page for VersionsPage {
    const TEMPLATE: &'static str = "knowledge/desk/versions.html";
    fn samples() -> Vec<Self> {
        let row = |version, by: &str| Row {
            version,
            title: "Postfach ist <voll>".into(),
            at: Moment::from_micros(1_795_000_000_000_000),
            by: by.into(),
            compare: (version > 1).then(|| COMPARE.to("1")),
            since: (version == 1).then(|| COMPARE.to("1")),
        };
        let page = |rows| VersionsPage {
            title: "Postfach ist <voll>".into(),
            language: "de",
            tabs: Tab::sample(),
            languages: Tab::sample(),
            rows,
            pager: Pager {
                older: Some("/".into()),
                ..Pager::default()
            },
            list: LIST.url(),
        };
        vec![
            page(vec![row(2, "Malte Brodersen"), row(1, "")]),
            page(Vec::new()),
        ]
    }
}

fn compare_url(id: ArticleId, locale: Locale, from: i64, to: i64) -> String {
    format!(
        "{}&von={from}&bis={to}",
        in_language(COMPARE.to(id), locale)
    )
}

pub async fn list(cx: Staff, Param(id): Param<ArticleId>) -> Result {
    let locale = language(&cx);
    let before = cx
        .query("nach")
        .and_then(|n| n.parse().ok())
        .unwrap_or(i64::MAX);
    let mut tx = cx.read().await?;
    store::one(&mut tx, id).await?;
    let texts = store::texts(&mut tx, id).await?;
    let mut lines = store::versions(&mut tx, id, locale, before, PAGE as i64 + 1).await?;
    drop(tx);
    let own = texts.iter().find(|text| text.locale == locale);
    let newest = own.map_or(0, |text| text.version);
    let pager = Pager::cut(&cx, &mut lines, |line| line.version.to_string());
    let rows = lines.into_iter().map(|line| Row {
        compare: (line.version > 1)
            .then(|| compare_url(id, locale, line.version - 1, line.version)),
        since: (line.version < newest).then(|| compare_url(id, locale, line.version, newest)),
        version: line.version,
        title: line.title,
        at: line.at,
        by: line.by_name,
    });
    let languages = Locale::ALL.iter().map(|one| Tab {
        href: in_language(cx.info.path.clone(), *one),
        label: cx.text(&format!("language-{}", one.as_str())),
        current: *one == locale,
        count: None,
    });
    cx.page(VersionsPage {
        title: own
            .or(texts.first())
            .map(|text| text.title.clone())
            .unwrap_or_default(),
        language: locale.as_str(),
        tabs: article_tabs(&cx, id),
        languages: languages.collect(),
        rows: rows.collect(),
        pager,
        list: LIST.url(),
    })
}

#[derive(Serialize)]
pub struct ComparePage {
    pub title: String,
    pub from: i64,
    pub to: i64,
    pub lines: Vec<Line>,
    pub same: bool,
    /// Where going back is posted to, for those who may write.
    pub restore: Option<String>,
    pub article: String,
    pub versions: String,
    pub list: String,
}

impl Page for ComparePage {
    const TEMPLATE: &'static str = "knowledge/desk/compare.html";
    fn samples() -> Vec<Self> {
        let page = |lines: Vec<Line>, restore: Option<String>| ComparePage {
            title: "Postfach ist <voll>".into(),
            from: 1,
            to: 2,
            same: lines.is_empty(),
            lines,
            restore,
            article: ONE.to("1"),
            versions: super::VERSIONS.to("1"),
            list: LIST.url(),
        };
        vec![
            page(diff::lines("<a>\nb", "<a>\nc\n"), Some(RESTORE.to("1"))),
            page(Vec::new(), None),
        ]
    }
}

pub async fn compare(cx: Staff, Param(id): Param<ArticleId>) -> Result {
    let locale = language(&cx);
    let number = |name: &str| cx.query(name).and_then(|n| n.parse::<i64>().ok());
    let (from, to) = number("von").zip(number("bis")).ok_or(Error::NotFound)?;
    let mut tx = cx.read().await?;
    let old = store::version(&mut tx, id, locale, from).await?;
    let new = store::version(&mut tx, id, locale, to).await?;
    drop(tx);
    let whole = |version: &store::Version| {
        let head = [
            Some(&version.title),
            version.summary.as_ref(),
            version.keywords.as_ref(),
        ];
        let head: Vec<&str> = head.into_iter().flatten().map(String::as_str).collect();
        format!("{}\n\n{}", head.join("\n"), version.body)
    };
    let (before, after) = (whole(&old), whole(&new));
    let same = before == after;
    cx.page(ComparePage {
        title: new.title,
        from,
        to,
        lines: if same {
            Vec::new()
        } else {
            diff::lines(&before, &after)
        },
        same,
        restore: (cx.may(ARTICLES) && !same).then(|| in_language(RESTORE.to(id), locale)),
        article: ONE.to(id),
        versions: in_language(super::VERSIONS.to(id), locale),
        list: LIST.url(),
    })
}

pub async fn restore(cx: Staff, Param(id): Param<ArticleId>, form: RawForm) -> Result {
    let locale = language(&cx);
    let version = form
        .get("version")
        .and_then(|n| n.parse().ok())
        .ok_or(Error::NotFound)?;
    let mut tx = cx.begin().await?;
    let by = article::author(&mut tx, &cx.ctx).await?;
    match article::restore(&mut tx, &cx.ctx, id, locale, &by, version).await {
        Ok(()) => {
            cx.done(
                tx,
                in_language(ONE.to(id), locale),
                "notice-article-restored",
            )
            .await
        }
        Err(Refused::Db(error)) => Err(error.into()),
        Err(_) => Err(Error::Retry),
    }
}
