//! Manuals (KB-6).

use super::{LIST, MANUAL, MANUAL_NEW, MANUAL_REMOVE, MANUALS, Tab, tabs};
use crate::manual::{self, Manual, ManualId, store};
use serde::Serialize;
use web::form::FormView;
use web::{Cx, Page, Param, Posted, Result, Staff};

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub title: String,
    pub note: Option<String>,
    pub link: String,
    pub position: i64,
}

#[derive(Serialize)]
pub struct ManualsPage {
    pub tabs: Vec<Tab>,
    pub rows: Vec<Row>,
    pub new: String,
}

impl Page for ManualsPage {
    const TEMPLATE: &'static str = "knowledge/desk/manuals.html";
    fn samples() -> Vec<Self> {
        let row = |note: Option<&str>| Row {
            href: MANUAL.to("1"),
            title: "Mailpaket <Kontor>".into(),
            note: note.map(str::to_owned),
            link: "https://nordlicht.example/handbuch.pdf".into(),
            position: 10,
        };
        let page = |rows| ManualsPage {
            tabs: Tab::sample(),
            rows,
            new: MANUAL_NEW.url(),
        };
        vec![
            page(vec![row(Some("PDF, 41 Seiten")), row(None)]),
            page(Vec::new()),
        ]
    }
}

pub async fn list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let all = store::all(&mut tx).await?;
    drop(tx);
    let row = |stored: manual::Stored| Row {
        href: MANUAL.to(stored.id),
        title: stored.manual.title(cx.ctx.locale).to_owned(),
        note: stored.manual.note(cx.ctx.locale).map(str::to_owned),
        position: stored.manual.position.0,
        link: stored.manual.link.0,
    };
    cx.page(ManualsPage {
        tabs: tabs(&cx),
        rows: all.into_iter().map(row).collect(),
        new: MANUAL_NEW.url(),
    })
}

#[derive(Serialize)]
pub struct ManualPage {
    /// Of one that is there.
    pub title: Option<String>,
    pub form: FormView,
    pub remove: Option<String>,
    pub csrf: String,
    pub manuals: String,
    pub list: String,
}

impl Page for ManualPage {
    const TEMPLATE: &'static str = "knowledge/desk/manual.html";
    fn samples() -> Vec<Self> {
        let page = |form: &FormView, full: bool| ManualPage {
            title: full.then(|| "Mailpaket <Kontor>".into()),
            form: form.clone(),
            remove: full.then(|| MANUAL_REMOVE.to("1")),
            csrf: "csrf".into(),
            manuals: MANUALS.url(),
            list: LIST.url(),
        };
        let [plain, wrong] = FormView::samples::<Manual>();
        vec![page(&plain, false), page(&wrong, true)]
    }
}

fn page(cx: &Cx, stored: Option<&manual::Stored>, form: FormView) -> ManualPage {
    ManualPage {
        title: stored.map(|stored| stored.manual.title_de.clone()),
        form,
        remove: stored.map(|stored| MANUAL_REMOVE.to(stored.id)),
        csrf: cx.csrf(),
        manuals: MANUALS.url(),
        list: LIST.url(),
    }
}

fn new_form(cx: &Cx) -> web::form::Builder<'_> {
    cx.form::<Manual>(MANUAL_NEW.url())
        .submit("manual-create")
        .cancel(MANUALS.url())
}

fn form_of(cx: &Cx, id: ManualId) -> web::form::Builder<'_> {
    cx.form::<Manual>(MANUAL.to(id))
        .submit("form-save")
        .cancel(MANUALS.url())
}

pub async fn new(cx: Staff) -> Result {
    let form = new_form(&cx).empty();
    cx.page(page(&cx, None, form))
}

pub async fn create(cx: Staff, posted: Posted<Manual>) -> Result {
    let manual = match posted.parse() {
        Ok(manual) => manual,
        Err(bad) => return cx.invalid(page(&cx, None, new_form(&cx).bad(&bad))),
    };
    let mut tx = cx.begin().await?;
    manual::add(&mut tx, &cx.ctx, &manual).await?;
    cx.done(tx, MANUALS.url(), "notice-manual-saved").await
}

pub async fn show(cx: Staff, Param(id): Param<ManualId>) -> Result {
    let mut tx = cx.read().await?;
    let stored = store::one(&mut tx, id).await?;
    drop(tx);
    let form = form_of(&cx, id).filled(&stored.manual);
    cx.page(page(&cx, Some(&stored), form))
}

pub async fn change(cx: Staff, Param(id): Param<ManualId>, posted: Posted<Manual>) -> Result {
    let manual = match posted.parse() {
        Ok(manual) => manual,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let stored = store::one(&mut tx, id).await?;
            drop(tx);
            return cx.invalid(page(&cx, Some(&stored), form_of(&cx, id).bad(&bad)));
        }
    };
    let mut tx = cx.begin().await?;
    manual::change(&mut tx, &cx.ctx, id, &manual).await?;
    cx.done(tx, MANUALS.url(), "notice-manual-saved").await
}

pub async fn remove(cx: Staff, Param(id): Param<ManualId>) -> Result {
    let mut tx = cx.begin().await?;
    manual::remove(&mut tx, &cx.ctx, id).await?;
    cx.done(tx, MANUALS.url(), "notice-manual-removed").await
}
