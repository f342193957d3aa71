//! One article: read, printed, rated.

use super::{ARTICLE, CATEGORY, Entry, FEEDBACK, FILE, FOLDER, HOME, PRINT};
use crate::article::{Text, store};
use crate::attachment;
use crate::feedback::{self, Feedback};
use crate::markdown::{self, Heading};
use crate::shelf::{Head, Reader, Shelf, Snapshot};
use db::Tx;
use files::FileId;
use kernel::Moment;
use serde::Serialize;
use std::sync::Arc;
use web::form::FormView;
use web::{Bad, Cx, Error, FileView, Guest, Link, Page, Param, Posted, Result, redirect};

/// Words somebody reads in a minute.
const A_MINUTE: usize = 200;
const RELATED: usize = 5;

#[derive(Serialize)]
pub struct ArticlePage {
    pub title: String,
    pub summary: Option<String>,
    /// HTML of our own making (see `markdown`).
    pub body: String,
    pub contents: Vec<Heading>,
    pub changed_at: Moment,
    pub minutes: usize,
    /// Set when the article is in another language than the page.
    pub lang: Option<&'static str>,
    pub stale: bool,
    pub folder: Option<Link>,
    pub categories: Vec<Link>,
    pub related: Vec<Entry>,
    /// Those that are not shown in the text.
    pub files: Vec<FileView>,
    pub form: FormView,
    pub print: String,
    pub home: String,
}

impl Page for ArticlePage {
    const TEMPLATE: &'static str = "knowledge/portal/article.html";
    fn samples() -> Vec<Self> {
        let link = |path: String| Link {
            href: path,
            label: "E-Mail".into(),
        };
        let forms = FormView::samples::<Feedback>();
        let page = |form: &FormView, full: bool| {
            ArticlePage {
            title: "Postfach ist <voll>: was tun?".into(),
            summary: full.then(|| "Platz & mehr".into()),
            body: "<h2 id=\"abschnitt-a\">Abschnitt</h2><p>Text</p><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table><pre><code>x</code></pre>".into(),
            contents: if full {
                let heading = |id: &str| Heading {
                    id: id.into(),
                    text: "Abschnitt".into(),
                };
                vec![heading("abschnitt-a"), heading("abschnitt-a")]
            } else {
                Vec::new()
            },
            changed_at: Moment::from_micros(1_795_000_000_000_000),
            minutes: if full { 4 } else { 1 },
            lang: full.then_some("de"),
            stale: full,
            folder: full.then(|| link(FOLDER.to("e-mail"))),
            categories: if full { vec![link(CATEGORY.to("outlook"))] } else { Vec::new() },
            related: if full { Entry::samples() } else { Vec::new() },
            files: if full { FileView::samples() } else { Vec::new() },
            form: form.clone(),
            print: PRINT.to("postfach-voll"),
            home: HOME.url(),
        }
        };
        let [plain, bad] = forms;
        vec![page(&plain, true), page(&bad, true), page(&plain, false)]
    }
}

/// The article of this address with the text that fits; for whoever may not see it there is none.
async fn found(cx: &Cx, tx: &mut Tx, slug: &str) -> Result<(Arc<Snapshot>, Head, Text)> {
    let snapshot = Shelf::of(&cx.app)?.snapshot(tx).await?;
    let reader = Reader::of(cx);
    let head = snapshot
        .by_slug(slug)
        .filter(|head| head.is_public(reader.now));
    let head = head.cloned().ok_or(Error::NotFound)?;
    if !reader.sees(&head) {
        // of an article for customers a guest learns that signing in helps; of one for staff nothing
        let for_customers = head.audience == crate::article::Audience::Customers;
        return Err(if for_customers {
            Error::SignIn
        } else {
            Error::NotFound
        });
    }
    let locale = head.title(reader.locale).ok_or(Error::NotFound)?.locale;
    let text = store::text(tx, head.id, locale)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((snapshot, head, text))
}

type Views = Vec<(FileId, FileView)>;

async fn files(cx: &Cx, tx: &mut Tx, head: &Head) -> Result<Views> {
    Ok(attachment::all(cx, tx, head.id, FILE, web::Reader::Customer).await?)
}

fn page(
    cx: &Cx,
    snapshot: &Snapshot,
    head: &Head,
    text: Text,
    files: Views,
    bad: Option<&Bad>,
) -> ArticlePage {
    let reader = Reader::of(cx);
    let drawn = markdown::draw_with(&text.body, &attachment::own(&files));
    let link = |path: web::Path1, group: &crate::group::Group| Link {
        href: path.to(&group.slug),
        label: group.name(reader.locale).to_owned(),
    };
    let form = cx
        .form::<Feedback>(FEEDBACK.to(&head.slug))
        .submit("feedback-submit");
    let categories = head.categories.iter().filter_map(|id| snapshot.group(*id));
    ArticlePage {
        minutes: text
            .body
            .split_whitespace()
            .count()
            .div_ceil(A_MINUTE)
            .max(1),
        lang: (text.locale != reader.locale).then(|| text.locale.as_str()),
        stale: text.stale,
        changed_at: text.changed_at,
        title: text.title,
        summary: text.summary,
        body: drawn.html,
        contents: if drawn.contents.len() > 1 {
            drawn.contents
        } else {
            Vec::new()
        },
        folder: head
            .folder
            .and_then(|id| snapshot.group(id))
            .map(|group| link(FOLDER, group)),
        categories: categories.map(|group| link(CATEGORY, group)).collect(),
        related: snapshot
            .related(head, reader, RELATED)
            .into_iter()
            .filter_map(|head| Entry::of(head, reader.locale))
            .collect(),
        files: attachment::beside(files),
        form: match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        },
        print: PRINT.to(&head.slug),
        home: HOME.url(),
    }
}

pub async fn show(cx: Guest, Param(slug): Param<String>) -> Result {
    let mut tx = cx.read().await?;
    let (snapshot, head, text) = found(&cx, &mut tx, &slug).await?;
    let files = files(&cx, &mut tx, &head).await?;
    drop(tx);
    cx.page(page(&cx, &snapshot, &head, text, files, None))
}

/// The article alone, for paper.
#[derive(Serialize)]
pub struct PrintPage {
    pub title: String,
    pub summary: Option<String>,
    pub body: String,
    pub changed_at: Moment,
    pub lang: &'static str,
    pub url: String,
    pub back: String,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "knowledge/portal/print.html";
    fn samples() -> Vec<Self> {
        let page = |summary: Option<&str>| PrintPage {
            title: "Postfach ist <voll>".into(),
            summary: summary.map(str::to_owned),
            body: "<p>Text</p>".into(),
            changed_at: Moment::from_micros(1_795_000_000_000_000),
            lang: "de",
            url: "https://portal.example/wissen/artikel/postfach-voll".into(),
            back: ARTICLE.to("postfach-voll"),
        };
        vec![page(Some("Platz & mehr")), page(None)]
    }
}

pub async fn print(cx: Guest, Param(slug): Param<String>) -> Result {
    let mut tx = cx.read().await?;
    let (_, head, text) = found(&cx, &mut tx, &slug).await?;
    let files = files(&cx, &mut tx, &head).await?;
    drop(tx);
    let back = ARTICLE.to(&head.slug);
    cx.page(PrintPage {
        body: markdown::draw_with(&text.body, &attachment::own(&files)).html,
        title: text.title,
        summary: text.summary,
        changed_at: text.changed_at,
        lang: text.locale.as_str(),
        url: cx.absolute(&back),
        back,
    })
}

/// A picture or file. Whoever may not read the article learns nothing, not even that signing in helps: the address of a
/// file comes from its article.
pub async fn file(cx: Guest, Param(id): Param<FileId>) -> Result {
    let mut tx = cx.read().await?;
    let (file, article) = attachment::find(&mut tx, id)
        .await?
        .ok_or(Error::NotFound)?;
    let snapshot = Shelf::of(&cx.app)?.snapshot(&mut tx).await?;
    drop(tx);
    let reader = Reader::of(&cx);
    let seen = snapshot
        .by_id(article)
        .is_some_and(|head| reader.sees(head));
    if !seen {
        return Err(Error::NotFound);
    }
    cx.send_file(&file, web::Reader::Customer).await
}

/// Whoever reloads after a faulty form lands on the article.
pub async fn back(cx: Guest, Param(slug): Param<String>) -> Result {
    let mut tx = cx.read().await?;
    let (_, head, _) = found(&cx, &mut tx, &slug).await?;
    Ok(redirect(&ARTICLE.to(&head.slug)))
}

pub async fn rate(cx: Guest, Param(slug): Param<String>, posted: Posted<Feedback>) -> Result {
    let feedback = match posted.parse() {
        Ok(feedback) => feedback,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let (snapshot, head, text) = found(&cx, &mut tx, &slug).await?;
            let files = files(&cx, &mut tx, &head).await?;
            return cx.invalid(page(&cx, &snapshot, &head, text, files, Some(&bad)));
        }
    };
    let mut tx = cx.begin().await?;
    let (_, head, _) = found(&cx, &mut tx, &slug).await?;
    let reader = cx.reader_key();
    let voted = feedback::vote(
        &mut tx,
        &cx.ctx,
        head.id,
        &reader,
        &cx.info.network,
        &feedback,
    )
    .await;
    match voted {
        Ok(()) => {}
        Err(feedback::Refused::TooMany(wait)) => return Err(Error::TooMany(wait)),
        Err(feedback::Refused::Db(error)) => return Err(error.into()),
    }
    let notice = match feedback.helpful {
        feedback::Helpful::Yes => "notice-feedback-yes",
        feedback::Helpful::No => "notice-feedback-no",
    };
    cx.done(tx, ARTICLE.to(&head.slug), notice).await
}
