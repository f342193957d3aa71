//! Folders and categories.

use super::{GROUP, GROUP_NEW, GROUP_REMOVE, GROUPS, LIST, Tab, tabs};
use crate::group::{self, Group, GroupId, Kind, Names, Position, Refused, store};
use crate::shelf::Shelf;
use serde::Serialize;
use web::form::FormView;
use web::{Cx, Page, Param, Posted, Result, Staff, bad};

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub name_en: Option<String>,
    pub position: i64,
    pub count: usize,
}

#[derive(Serialize)]
pub struct GroupsPage {
    pub tabs: Vec<Tab>,
    pub folders: Vec<Row>,
    pub categories: Vec<Row>,
    pub new_folder: String,
    pub new_category: String,
}

impl Page for GroupsPage {
    const TEMPLATE: &'static str = "knowledge/desk/groups.html";
    fn samples() -> Vec<Self> {
        let row = |name_en: Option<&str>| Row {
            href: GROUP.to("1"),
            name: "E-Mail & <mehr>".into(),
            name_en: name_en.map(str::to_owned),
            position: 10,
            count: 3,
        };
        let page = |rows: Vec<Row>| GroupsPage {
            tabs: Tab::sample(),
            folders: rows.clone(),
            categories: rows,
            new_folder: GROUP_NEW.url(),
            new_category: GROUP_NEW.url(),
        };
        vec![page(vec![row(Some("E-mail")), row(None)]), page(Vec::new())]
    }
}

fn new_url(kind: Kind) -> String {
    format!("{}?art={}", GROUP_NEW.pattern(), kind.as_str())
}

pub async fn list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let snapshot = Shelf::of(&cx.app)?.snapshot(&mut tx).await?;
    drop(tx);
    let rows = |kind: Kind| -> Vec<Row> {
        let row = |group: &Group| {
            let holds = |head: &&crate::shelf::Head| match kind {
                Kind::Folder => head.folder == Some(group.id),
                Kind::Category => head.categories.contains(&group.id),
            };
            Row {
                href: GROUP.to(group.id),
                name: group.name_de.clone(),
                name_en: group.name_en.clone(),
                position: group.position,
                count: snapshot.heads.iter().filter(holds).count(),
            }
        };
        snapshot.groups(kind).map(row).collect()
    };
    cx.page(GroupsPage {
        tabs: tabs(&cx),
        folders: rows(Kind::Folder),
        categories: rows(Kind::Category),
        new_folder: new_url(Kind::Folder),
        new_category: new_url(Kind::Category),
    })
}

#[derive(Serialize)]
pub struct GroupPage {
    pub kind: Kind,
    /// Of one that is there.
    pub name: Option<String>,
    pub form: FormView,
    pub remove: Option<String>,
    pub csrf: String,
    pub not_empty: bool,
    pub groups: String,
    pub list: String,
}

impl Page for GroupPage {
    const TEMPLATE: &'static str = "knowledge/desk/group.html";
    fn samples() -> Vec<Self> {
        let page = |kind, form: &FormView, full: bool| GroupPage {
            kind,
            name: full.then(|| "E-Mail".into()),
            form: form.clone(),
            remove: full.then(|| GROUP_REMOVE.to("1")),
            csrf: "csrf".into(),
            not_empty: full,
            groups: GROUPS.url(),
            list: LIST.url(),
        };
        let [plain, wrong] = FormView::samples::<Names>();
        vec![
            page(Kind::Folder, &plain, false),
            page(Kind::Category, &plain, false),
            page(Kind::Folder, &wrong, true),
            page(Kind::Category, &wrong, true),
        ]
    }
}

fn page(cx: &Cx, kind: Kind, group: Option<&Group>, form: FormView, not_empty: bool) -> GroupPage {
    GroupPage {
        kind,
        name: group.map(|group| group.name_de.clone()),
        form,
        remove: group.map(|group| GROUP_REMOVE.to(group.id)),
        csrf: cx.csrf(),
        not_empty,
        groups: GROUPS.url(),
        list: LIST.url(),
    }
}

fn asked_kind(cx: &Cx) -> Kind {
    cx.query("art")
        .and_then(Kind::parse)
        .unwrap_or(Kind::Folder)
}

fn new_form(cx: &Cx, kind: Kind) -> web::form::Builder<'_> {
    cx.form::<Names>(new_url(kind))
        .submit("group-create")
        .cancel(GROUPS.url())
}

fn form_of<'a>(cx: &'a Cx, group: &Group) -> web::form::Builder<'a> {
    cx.form::<Names>(GROUP.to(group.id))
        .submit("form-save")
        .cancel(GROUPS.url())
}

fn names(group: &Group) -> Names {
    Names {
        name_de: group.name_de.clone(),
        name_en: group.name_en.clone(),
        position: Position(group.position),
    }
}

pub async fn new(cx: Staff) -> Result {
    let kind = asked_kind(&cx);
    let form = new_form(&cx, kind).empty();
    cx.page(page(&cx, kind, None, form, false))
}

pub async fn create(cx: Staff, posted: Posted<Names>) -> Result {
    let kind = asked_kind(&cx);
    let again =
        |bad: &web::Bad| cx.invalid(page(&cx, kind, None, new_form(&cx, kind).bad(bad), false));
    let names = match posted.parse() {
        Ok(names) => names,
        Err(bad) => return again(&bad),
    };
    let mut tx = cx.begin().await?;
    match group::add(&mut tx, &cx.ctx, kind, &names).await {
        Ok(_) => cx.done(tx, GROUPS.url(), "notice-group-saved").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(_) => again(&bad(&posted.raw, "name_de", "fault-group-taken")),
    }
}

pub async fn show(cx: Staff, Param(id): Param<GroupId>) -> Result {
    let mut tx = cx.read().await?;
    let group = store::one(&mut tx, id).await?;
    drop(tx);
    let form = form_of(&cx, &group).filled(&names(&group));
    cx.page(page(&cx, group.kind, Some(&group), form, false))
}

pub async fn change(cx: Staff, Param(id): Param<GroupId>, posted: Posted<Names>) -> Result {
    let names = match posted.parse() {
        Ok(names) => names,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let group = store::one(&mut tx, id).await?;
            drop(tx);
            let form = form_of(&cx, &group).bad(&bad);
            return cx.invalid(page(&cx, group.kind, Some(&group), form, false));
        }
    };
    let mut tx = cx.begin().await?;
    group::change(&mut tx, &cx.ctx, id, &names).await?;
    cx.done(tx, GROUPS.url(), "notice-group-saved").await
}

pub async fn remove(cx: Staff, Param(id): Param<GroupId>) -> Result {
    let mut tx = cx.begin().await?;
    match group::remove(&mut tx, &cx.ctx, id).await {
        Ok(()) => cx.done(tx, GROUPS.url(), "notice-group-removed").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(_) => {
            let group = store::one(&mut tx, id).await?;
            drop(tx);
            let form = form_of(&cx, &group).filled(&names(&group));
            cx.invalid(page(&cx, group.kind, Some(&group), form, true))
        }
    }
}
