//! A small context with a form that takes files, and two doors to what was sent.

use files::{File, FileId, Owner, Store};
use kernel::Uuid;
use std::any::Any;
use std::sync::Arc;
use testkit::web::{
    self, Access, FileView, Form, FormView, Guest, Module, Page, Param, Path, Path1, Posted,
    Reader, Result, Staff,
};
use testkit::{Client, TestApp};

pub const NEW: Path = Path::new("/probe");
pub const LIST: Path = Path::new("/probe/liste");
pub const FILE: Path1 = Path1::new("/probe/dateien/{id}");
pub const DESK_FILE: Path1 = Path1::new("/desk/probe/dateien/{id}");
pub const DESK_LIST: Path = Path::new("/desk/probe");

/// Everything that is sent belongs to this.
pub const OWNER: Owner = Owner::new("probe", Uuid::from_u128(7));

web::form! {
    pub struct Letter as "probe"; {
        story: String = text(500),
        files: web::Files = files(),
    }
}

#[derive(serde::Serialize)]
struct NewPage {
    form: FormView,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "probe/new.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<Letter>()
            .map(|form| NewPage { form })
            .into()
    }
}

#[derive(serde::Serialize)]
struct ListPage {
    files: Vec<FileView>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "probe/list.html";
    fn samples() -> Vec<Self> {
        let files = FileView::samples();
        vec![ListPage { files }, ListPage { files: Vec::new() }]
    }
}

fn module() -> Module {
    let mut module = Module::new("probe")
        .texts(
            "probe-story = Text\nprobe-files = Dateien\n    .help = Höchstens zehn.\nprobe-sent = Gesendet.\n",
            "probe-story = Text\nprobe-files = Files\n    .help = Ten at most.\nprobe-sent = Sent.\n",
        )
        .page::<NewPage>()
        .page::<ListPage>()
        .get(NEW, Access::open(), show)
        .post(NEW, Access::open(), create)
        .upload()
        .get(LIST, Access::open(), list)
        .get(FILE, Access::open(), send)
        .get(DESK_LIST, Access::any_staff(), desk_list)
        .get(DESK_FILE, Access::any_staff(), desk_send);
    let page = |block: &str| {
        format!(
            "{{% extends \"web/portal.html\" %}}{{% import \"web/parts.html\" as parts %}}{{% block main %}}{block}{{% endblock %}}"
        )
    };
    module.templates = vec![
        (
            "probe/new.html".into(),
            page("<h1>Probe</h1>{{ parts.form(form) }}"),
        ),
        (
            "probe/list.html".into(),
            page("<h1>Liste</h1>{{ parts.files(files) }}"),
        ),
    ];
    module
}

async fn show(cx: Guest) -> Result {
    let form = cx.form::<Letter>(NEW.url()).empty();
    cx.page(NewPage { form })
}

async fn create(cx: Guest, form: Posted<Letter>) -> Result {
    let letter = match form.parse() {
        Ok(letter) => letter,
        Err(bad) => {
            let form = cx.form::<Letter>(NEW.url()).bad(&bad);
            return cx.invalid(NewPage { form });
        }
    };
    let mut tx = cx.begin().await?;
    files::attach(&mut tx, &cx.ctx, None, &letter.files.ids(), OWNER).await?;
    cx.done(tx, LIST.url(), "probe-sent").await
}

async fn list(cx: Guest) -> Result {
    let mut tx = cx.read().await?;
    let found = files::of(&mut tx, OWNER).await?;
    let view = |file: &File| FileView::of(&cx, file, &FILE.to(file.id), Reader::Customer);
    let files = found.iter().map(view).collect();
    cx.page(ListPage { files })
}

async fn send(cx: Guest, id: Param<FileId>) -> Result {
    let mut tx = cx.read().await?;
    let file = files::find(&mut tx, None, id.0).await?;
    drop(tx);
    let file = file
        .filter(|file| file.is_of(OWNER))
        .ok_or(web::Error::NotFound)?;
    cx.send_file(&file, Reader::Customer).await
}

async fn desk_list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let found = files::of(&mut tx, OWNER).await?;
    let view = |file: &File| FileView::of(&cx, file, &DESK_FILE.to(file.id), Reader::Staff);
    let files = found.iter().map(view).collect();
    cx.page(ListPage { files })
}

async fn desk_send(cx: Staff, id: Param<FileId>) -> Result {
    let mut tx = cx.read().await?;
    let file = files::one(&mut tx, id.0)
        .await?
        .ok_or(web::Error::NotFound)?;
    drop(tx);
    cx.send_file(&file, Reader::Staff).await
}

/// The application with this context, and files in memory.
pub async fn app() -> TestApp {
    TestApp::new(vec![module()]).await
}

/// With files elsewhere.
pub async fn app_with(store: Store) -> TestApp {
    let state: Vec<Arc<dyn Any + Send + Sync>> = vec![Arc::new(store)];
    TestApp::with(vec![module()], state).await
}

/// Sends these, and gives them as they are stored.
pub async fn sent(t: &TestApp, client: &mut Client, files: &[(&str, &[u8])]) -> Vec<File> {
    let form = client.get("/probe").await.expect(200).form_with("story");
    assert!(form.multipart);
    client
        .send_files(&form, &[("story", "Bitte ansehen")], files)
        .await
        .leads_to("/probe/liste");
    stored(t).await
}

/// All that belongs to the probe.
pub async fn stored(t: &TestApp) -> Vec<File> {
    let mut tx = t.db().read().await.unwrap();
    files::of(&mut tx, OWNER).await.unwrap()
}

/// How many rows there are, whatever they belong to.
pub async fn rows(t: &TestApp) -> usize {
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!((i64,), "SELECT COUNT(*) FROM files");
    let (count,) = tx.one(stmt, db::params![]).await.unwrap();
    usize::try_from(count).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_draw_every_sample_in_both_languages() {
    let t = app().await;
    assert_eq!(Letter::fields().len(), 2);
    for sampled in t.app.samples() {
        if !sampled.template.starts_with("probe/") && !sampled.template.contains("unscanned") {
            continue;
        }
        for sample in (sampled.samples)() {
            for locale in [kernel::Locale::De, kernel::Locale::En] {
                let drawn =
                    t.app
                        .draw_sample(locale, web::Who::Nobody, &sampled.template, sample.clone());
                if !sampled.template.contains("unscanned") {
                    let drawn = drawn.unwrap();
                    assert!(!drawn.contains("<1>"), "{drawn}");
                }
            }
        }
    }
}
