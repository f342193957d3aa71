//! Pictures and files of one article: sent, listed with what is to be written to show them, taken away.

use super::{FILE, FILE_REMOVE, FILES, LIST, Tab, article_tabs};
use crate::article::{ArticleId, store};
use crate::attachment;
use db::Tx;
use files::FileId;
use identity::rights::ARTICLES;
use serde::Serialize;
use web::form::FormView;
use web::{Bad, Cx, Error, FileView, Files, Page, Param, Posted, Reader, Result, Staff, bad};

web::form! {
    pub struct Attach as "attach"; {
        files: Files = files(),
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub file: FileView,
    /// What is written into the text.
    pub markdown: String,
    /// For those who may write.
    pub remove: Option<String>,
}

#[derive(Serialize)]
pub struct FilesPage {
    pub title: String,
    pub tabs: Vec<Tab>,
    pub rows: Vec<Row>,
    pub form: Option<FormView>,
    pub csrf: String,
    pub list: String,
}

impl Page for FilesPage {
    const TEMPLATE: &'static str = "knowledge/desk/files.html";
    fn samples() -> Vec<Self> {
        let row = |remove: Option<String>| {
            let row = move |file: FileView| Row {
                markdown: written(&file),
                file,
                remove: remove.clone(),
            };
            FileView::samples().into_iter().map(row).collect::<Vec<_>>()
        };
        let page = |rows, form| FilesPage {
            title: "Postfach ist <voll>".into(),
            tabs: Tab::sample(),
            rows,
            form,
            csrf: "csrf".into(),
            list: LIST.url(),
        };
        let [plain, wrong] = FormView::samples::<Attach>();
        vec![
            page(row(Some(FILE_REMOVE.to("1"))), Some(plain)),
            page(row(None), None),
            page(Vec::new(), Some(wrong)),
        ]
    }
}

fn written(file: &FileView) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let place = match file.name.chars().all(plain) {
        true => file.name.clone(),
        false => format!("<{}>", file.name.replace(['<', '>'], "")),
    };
    let mark = if file.picture.is_some() { "!" } else { "" };
    format!("{mark}[…]({place})")
}

async fn page(cx: &Cx, tx: &mut Tx, id: ArticleId, wrong: Option<&Bad>) -> Result<FilesPage> {
    store::one(tx, id).await?;
    let texts = store::texts(tx, id).await?;
    let all = attachment::all(cx, tx, id, FILE, Reader::Staff).await?;
    let may = cx.may(ARTICLES);
    let rows = all.into_iter().map(|(id, file)| Row {
        markdown: written(&file),
        file,
        remove: may.then(|| FILE_REMOVE.to(id)),
    });
    let form = cx.form::<Attach>(FILES.to(id)).submit("attach-send");
    let form = match wrong {
        Some(wrong) => form.bad(wrong),
        None => form.empty(),
    };
    Ok(FilesPage {
        title: texts
            .first()
            .map(|text| text.title.clone())
            .unwrap_or_default(),
        tabs: article_tabs(cx, id),
        rows: rows.collect(),
        form: may.then_some(form),
        csrf: cx.csrf(),
        list: LIST.url(),
    })
}

pub async fn list(cx: Staff, Param(id): Param<ArticleId>) -> Result {
    let mut tx = cx.read().await?;
    let page = page(&cx, &mut tx, id, None).await?;
    drop(tx);
    cx.page(page)
}

pub async fn attach(cx: Staff, Param(id): Param<ArticleId>, posted: Posted<Attach>) -> Result {
    let attach = match posted.parse() {
        Ok(attach) if attach.files.is_empty() => {
            Err(bad(&posted.raw, "files", "fault-attach-none"))
        }
        parsed => parsed,
    };
    let attach = match attach {
        Ok(attach) => attach,
        Err(wrong) => {
            let mut tx = cx.read().await?;
            let page = page(&cx, &mut tx, id, Some(&wrong)).await?;
            drop(tx);
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    attachment::attach(&mut tx, &cx.ctx, id, &attach.files.ids()).await?;
    cx.done(tx, FILES.to(id), "notice-article-filed").await
}

pub async fn remove(cx: Staff, Param(id): Param<FileId>) -> Result {
    let mut tx = cx.begin().await?;
    let article = attachment::remove(&mut tx, &cx.ctx, id).await?;
    cx.done(tx, FILES.to(article), "notice-article-unfiled")
        .await
}

pub async fn one(cx: Staff, Param(id): Param<FileId>) -> Result {
    let mut tx = cx.read().await?;
    let (file, _) = attachment::find(&mut tx, id)
        .await?
        .ok_or(Error::NotFound)?;
    drop(tx);
    cx.send_file(&file, Reader::Staff).await
}
