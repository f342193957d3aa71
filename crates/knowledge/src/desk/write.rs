//! Writing: a new article, and one language of one that is there; with a preview that needs no script.

use super::{LIST, NEW, ONE, TEXT, in_language, language};
use crate::article::{self, ArticleId, Refused, Write, store};
use crate::attachment;
use crate::markdown;
use kernel::Locale;
use serde::Serialize;
use web::form::{Builder, FormView};
use web::{Cx, Page, Param, Posted, Result, Staff, bad};

/// The name of the button that only looks.
const PREVIEW: &str = "vorschau";

#[derive(Serialize)]
pub struct WritePage {
    /// Of the article that is changed.
    pub title: Option<String>,
    pub language: &'static str,
    pub form: FormView,
    /// HTML of our own making (see `markdown`).
    pub preview: Option<String>,
    pub preview_title: String,
    /// The other language was changed after this one.
    pub stale: bool,
    /// The other language beside, while translating.
    pub beside: Option<String>,
    pub back: String,
    pub list: String,
}

impl Page for WritePage {
    const TEMPLATE: &'static str = "knowledge/desk/write.html";
    fn samples() -> Vec<Self> {
        let page = |form: &FormView, full: bool| WritePage {
            title: full.then(|| "Postfach ist <voll>".into()),
            language: if full { "en" } else { "de" },
            form: form.clone(),
            preview: full.then(|| "<p>Text</p>".into()),
            preview_title: "Postfach".into(),
            stale: full,
            beside: full.then(|| "# Text <b>".into()),
            back: ONE.to("1"),
            list: LIST.url(),
        };
        let [plain, wrong] = FormView::samples::<Write>();
        vec![page(&plain, false), page(&wrong, true)]
    }
}

fn asked_to_look(posted: &Posted<Write>) -> bool {
    posted.raw.get(PREVIEW).is_some()
}

fn new_form(cx: &Cx, locale: Locale) -> Builder<'_> {
    cx.form::<Write>(in_language(NEW.url(), locale))
        .submit("article-create")
        .cancel(LIST.url())
}

/// A small change says something only where there is another language.
fn alone(mut form: FormView) -> FormView {
    for row in &mut form.rows {
        row.retain(|field| field.name != "minor");
    }
    form.rows.retain(|row| !row.is_empty());
    form
}

fn new_page(form: FormView, locale: Locale, look: Option<&Write>) -> WritePage {
    let form = alone(form);
    WritePage {
        title: None,
        language: locale.as_str(),
        form,
        preview: look.map(|write| markdown::draw(&write.body).html),
        preview_title: look.map(|write| write.title.clone()).unwrap_or_default(),
        stale: false,
        beside: None,
        back: LIST.url(),
        list: LIST.url(),
    }
}

pub async fn new(cx: Staff) -> Result {
    let locale = language(&cx);
    let form = new_form(&cx, locale).empty();
    cx.page(new_page(form, locale, None))
}

pub async fn create(cx: Staff, posted: Posted<Write>) -> Result {
    let locale = language(&cx);
    let write = match posted.parse() {
        Ok(write) => write,
        Err(bad) => {
            let form = new_form(&cx, locale).bad(&bad);
            return cx.invalid(new_page(form, locale, None));
        }
    };
    if asked_to_look(&posted) {
        let form = new_form(&cx, locale).raw(&posted.raw);
        return cx.page(new_page(form, locale, Some(&write)));
    }
    let mut tx = cx.begin().await?;
    let by = article::author(&mut tx, &cx.ctx).await?;
    let id = article::create(&mut tx, &cx.ctx, locale, &by, &write).await?;
    cx.done(tx, ONE.to(id), "notice-article-created").await
}

/// How the form of one language is to be filled.
enum Fill<'a> {
    Stored,
    Bad(&'a web::Bad),
    /// Somebody else was faster; saving once more takes the place of what they wrote.
    Stale(&'a web::Bad),
    Look(&'a web::RawForm, &'a Write),
}

async fn text_page(cx: &Staff, id: ArticleId, fill: Fill<'_>) -> Result<WritePage> {
    let locale = language(cx);
    let mut tx = cx.read().await?;
    store::one(&mut tx, id).await?;
    let texts = store::texts(&mut tx, id).await?;
    let files = attachment::all(cx, &mut tx, id, super::FILE, web::Reader::Staff).await?;
    drop(tx);
    let own = texts.iter().find(|text| text.locale == locale);
    let other = texts.iter().find(|text| text.locale != locale);
    let seen = own.map_or(0, |text| text.version);
    let seen = cx
        .query("stand")
        .and_then(|seen| seen.parse().ok())
        .filter(|_| cx.info.is_post && !matches!(fill, Fill::Stale(_)))
        .unwrap_or(seen);
    let action = format!("{}&stand={seen}", in_language(TEXT.to(id), locale));
    let form = cx
        .form::<Write>(action)
        .submit("form-save")
        .cancel(in_language(ONE.to(id), locale));
    let (form, look) = match fill {
        Fill::Stored => match own {
            Some(own) => (form.filled(&own.write()), None),
            None => (form.empty(), None),
        },
        Fill::Bad(bad) | Fill::Stale(bad) => (form.bad(bad), None),
        Fill::Look(raw, write) => (form.raw(raw), Some(write)),
    };
    let form = match other {
        Some(_) => form,
        None => alone(form),
    };
    let shown = own.or(other);
    Ok(WritePage {
        title: shown.map(|text| text.title.clone()),
        language: locale.as_str(),
        form,
        preview: look.map(|write| markdown::draw_with(&write.body, &attachment::own(&files)).html),
        preview_title: look.map(|write| write.title.clone()).unwrap_or_default(),
        stale: own.is_some_and(|text| text.stale),
        beside: other
            .filter(|_| own.is_none_or(|text| text.stale))
            .map(|text| format!("{}\n\n{}", text.title, text.body)),
        back: in_language(ONE.to(id), locale),
        list: LIST.url(),
    })
}

pub async fn edit(cx: Staff, Param(id): Param<ArticleId>) -> Result {
    let page = text_page(&cx, id, Fill::Stored).await?;
    cx.page(page)
}

pub async fn save(cx: Staff, Param(id): Param<ArticleId>, posted: Posted<Write>) -> Result {
    let write = match posted.parse() {
        Ok(write) => write,
        Err(bad) => {
            let page = text_page(&cx, id, Fill::Bad(&bad)).await?;
            return cx.invalid(page);
        }
    };
    if asked_to_look(&posted) {
        let page = text_page(&cx, id, Fill::Look(&posted.raw, &write)).await?;
        return cx.page(page);
    }
    let locale = language(&cx);
    let seen = cx
        .query("stand")
        .and_then(|seen| seen.parse().ok())
        .unwrap_or(0);
    let mut tx = cx.begin().await?;
    let by = article::author(&mut tx, &cx.ctx).await?;
    match article::write(&mut tx, &cx.ctx, id, locale, &by, &write, seen).await {
        Ok(()) => {
            cx.done(
                tx,
                in_language(ONE.to(id), locale),
                "notice-article-written",
            )
            .await
        }
        Err(Refused::Db(error)) => Err(error.into()),
        Err(_) => {
            drop(tx);
            let bad = bad(&posted.raw, "", "fault-article-stale");
            let page = text_page(&cx, id, Fill::Stale(&bad)).await?;
            cx.invalid(page)
        }
    }
}
