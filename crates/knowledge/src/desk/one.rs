//! `/desk/wissen/artikel/…`: one article as readers see it, and its settings.

use super::list::Language;
use super::{LIST, ONE, TEXT, Tab, article_tabs, in_language};
use crate::article::{
    self, ArticleId, Place, PublishAt, Refused, Settings, Slug, State, Text, store,
};
use crate::attachment;
use crate::group::Kind;
use crate::markdown;
use crate::portal::ARTICLE;
use crate::shelf::{Shelf, Snapshot};
use crate::transfer::named;
use db::Tx;
use identity::rights::ARTICLES;
use kernel::jiff::tz::TimeZone;
use kernel::{Locale, Moment};
use serde::Serialize;
use std::sync::Arc;
use web::form::{FormView, OptionView};
use web::{Bad, Cx, Error, Link, Page, Param, Posted, Result, Staff, bad};

#[derive(Serialize)]
pub struct OnePage {
    pub title: String,
    pub lang: &'static str,
    /// HTML of our own making (see `markdown`).
    pub body: String,
    pub state: State,
    pub audience: article::Audience,
    pub waits: bool,
    pub published_at: Option<Moment>,
    pub changed_at: Moment,
    pub languages: Vec<Shown>,
    pub tabs: Vec<Tab>,
    /// Where readers find it, if they do.
    pub public: Option<String>,
    /// For those who may write.
    pub form: Option<FormView>,
    pub edit: Vec<Link>,
    pub list: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub language: Language,
    pub href: String,
    pub current: bool,
}

impl Page for OnePage {
    const TEMPLATE: &'static str = "knowledge/desk/one.html";
    fn samples() -> Vec<Self> {
        let page = |state: State, form: Option<FormView>, full: bool| OnePage {
            title: "Postfach ist <voll>".into(),
            lang: "de",
            body: "<p>Text</p>".into(),
            state,
            audience: article::Audience::Staff,
            waits: full,
            published_at: full.then(|| Moment::from_micros(1_795_000_000_000_000)),
            changed_at: Moment::from_micros(1_795_000_000_000_000),
            languages: vec![Shown {
                language: Language {
                    word: "en",
                    stale: full,
                },
                href: ONE.to("1"),
                current: full,
            }],
            tabs: Tab::sample(),
            public: full.then(|| ARTICLE.to("postfach-voll")),
            form,
            edit: if full {
                vec![Link {
                    href: TEXT.to("1"),
                    label: "Deutsch bearbeiten".into(),
                }]
            } else {
                Vec::new()
            },
            list: LIST.url(),
        };
        let [plain, wrong] = FormView::samples::<Place>();
        vec![
            page(State::Published, Some(plain), true),
            page(State::Draft, Some(wrong), false),
            page(State::Archived, None, false),
        ]
    }
}

pub(crate) fn zone(cx: &Cx) -> Result<TimeZone> {
    TimeZone::get(&cx.app.settings().timezone).map_err(Error::internal)
}

fn form_of(
    cx: &Cx,
    snapshot: &Snapshot,
    settings: &Settings,
    bad: Option<&Bad>,
) -> Result<FormView> {
    let zone = zone(cx)?;
    let names: Vec<&str> = settings
        .categories
        .split(' ')
        .filter_map(|id| snapshot.group(id.parse().ok()?))
        .map(|group| group.name(cx.ctx.locale))
        .collect();
    let now = Place {
        state: settings.state,
        audience: settings.audience,
        folder: settings.folder_id,
        categories: Some(names.join(", ")).filter(|names| !names.is_empty()),
        slug: Slug(settings.slug.clone()),
        publish: settings.published_at.map(|at| PublishAt::of(at, &zone)),
    };
    let form = cx.form::<Place>(ONE.to(settings.id)).submit("form-save");
    let mut form = match bad {
        Some(bad) => form.bad(bad),
        None => form.filled(&now),
    };
    for field in form
        .rows
        .iter_mut()
        .flatten()
        .filter(|field| field.name == "folder")
    {
        let option = |value: String, label: String| OptionView {
            selected: field.value == value,
            value,
            label,
        };
        let none = option(String::new(), cx.text("kb-no-folder"));
        let all = snapshot.groups(Kind::Folder);
        let all =
            all.map(|group| option(group.id.to_string(), group.name(cx.ctx.locale).to_owned()));
        field.options = [none].into_iter().chain(all).collect();
    }
    Ok(form)
}

async fn page(cx: &Cx, tx: &mut Tx, id: ArticleId, form: Option<&Bad>) -> Result<OnePage> {
    let snapshot: Arc<Snapshot> = Shelf::of(&cx.app)?.snapshot(tx).await?;
    let head = snapshot.by_id(id).ok_or(Error::NotFound)?;
    let settings = head.settings();
    let texts = store::texts(tx, id).await?;
    let wanted = cx
        .query("sprache")
        .and_then(Locale::parse)
        .unwrap_or(cx.ctx.locale);
    let text = texts
        .iter()
        .find(|text| text.locale == wanted)
        .or(texts.first());
    let text: &Text = text.ok_or(Error::NotFound)?;
    let files = attachment::all(cx, tx, id, super::FILE, web::Reader::Staff).await?;
    let may = cx.may(ARTICLES);
    let public = head.is_public(cx.ctx.now);
    let shown = |one: &Text| Shown {
        language: Language {
            word: one.locale.as_str(),
            stale: one.stale,
        },
        href: in_language(ONE.to(id), one.locale),
        current: one.locale == text.locale,
    };
    let edit = Locale::ALL.iter().map(|locale| {
        let there = texts.iter().any(|text| text.locale == *locale);
        let verb = if there { "kb-edit" } else { "kb-translate" };
        Link {
            href: in_language(TEXT.to(id), *locale),
            label: cx.text(&format!("{verb}-{}", locale.as_str())),
        }
    });
    let form = match may {
        true => Some(form_of(cx, &snapshot, &settings, form)?),
        false => None,
    };
    Ok(OnePage {
        title: text.title.clone(),
        lang: text.locale.as_str(),
        body: markdown::draw_with(&text.body, &attachment::own(&files)).html,
        state: settings.state,
        audience: settings.audience,
        waits: settings.state == State::Published && !public,
        published_at: settings.published_at,
        changed_at: settings.changed_at,
        languages: texts.iter().map(shown).collect(),
        tabs: article_tabs(cx, id),
        public: (public && settings.audience != article::Audience::Staff)
            .then(|| ARTICLE.to(&settings.slug)),
        form,
        edit: if may { edit.collect() } else { Vec::new() },
        list: LIST.url(),
    })
}

pub async fn show(cx: Staff, Param(id): Param<ArticleId>) -> Result {
    let mut tx = cx.read().await?;
    let page = page(&cx, &mut tx, id, None).await?;
    drop(tx);
    cx.page(page)
}

pub async fn place(cx: Staff, Param(id): Param<ArticleId>, posted: Posted<Place>) -> Result {
    let place = match posted.parse() {
        Ok(place) => place,
        Err(bad) => return again(&cx, id, &bad).await,
    };
    let zone = zone(&cx)?;
    let mut tx = cx.begin().await?;
    let categories = named(
        &mut tx,
        &cx.ctx,
        place.categories.as_deref().unwrap_or_default(),
    )
    .await?;
    let placed = article::Placed {
        state: place.state,
        audience: place.audience,
        folder: place.folder,
        categories,
        slug: place.slug.0,
        publish: place.publish.map(|at| at.moment(&zone)),
    };
    match article::place(&mut tx, &cx.ctx, id, &placed).await {
        Ok(()) => cx.done(tx, ONE.to(id), "notice-article-placed").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(_) => {
            drop(tx);
            again(&cx, id, &bad(&posted.raw, "slug", "fault-slug-taken")).await
        }
    }
}

async fn again(cx: &Staff, id: ArticleId, bad: &Bad) -> Result {
    let mut tx = cx.read().await?;
    let page = page(cx, &mut tx, id, Some(bad)).await?;
    drop(tx);
    cx.invalid(page)
}
