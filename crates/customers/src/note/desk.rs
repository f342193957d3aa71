//! Notes on the customer file: its tab, and the page that changes one.

use super::{Note, NoteId, Refused, Text, add, change, pin, store};
use crate::customer::file::{self, FILE};
use crate::customer::{self, record};
use crate::rights::CUSTOMERS_EDIT;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{CustomerId, Moment, StaffId, Uuid};
use serde::Serialize;
use web::form::{FormView, RawForm};
use web::{Bad, Cx, Error, PAGE, Page, Pager, Param, Path1, Posted, Result, Staff, Tile, Who};

/// The tab's name: text key and part of its address.
pub const TAB: &str = "desk-notes";
pub const ADD: Path1 = Path1::new("/desk/kunden/{id}/notizen");
/// Changes the note of the query's `notiz`.
pub const ONE: Path1 = Path1::new("/desk/kunden/{id}/notiz");
pub const PIN: Path1 = Path1::new("/desk/kunden/{id}/notiz/anheften");
pub const WARN: Path1 = Path1::new("/desk/kunden/{id}/warnhinweis");

web::form! {
    /// The line on top of the file.
    pub struct Warning as "warning"; {
        warning: Option<String> = line(200),
    }
}

/// A note as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct NoteView {
    id: NoteId,
    name: String,
    text: String,
    pinned: bool,
    at: Moment,
    changed_at: Option<Moment>,
    /// For who wrote it.
    edit: Option<String>,
}

impl NoteView {
    pub fn of(note: Note, customer: CustomerId, own: Option<StaffId>) -> Self {
        let edit = format!("{}?notiz={}", ONE.to(customer), note.id);
        NoteView {
            id: note.id,
            name: note.staff_name,
            text: note.text,
            pinned: note.pinned,
            at: note.created_at,
            changed_at: note.changed_at,
            edit: (own == Some(note.staff_id)).then_some(edit),
        }
    }

    pub fn samples() -> Vec<Self> {
        let note = |pinned, changed: bool| NoteView {
            id: NoteId(Uuid::nil()),
            name: "Malte Brodersen".into(),
            text: "Ruft lieber an.\n<Nicht> vor 10 Uhr.".into(),
            pinned,
            at: Moment::from_micros(0),
            changed_at: changed.then_some(Moment::from_micros(0)),
            edit: changed.then(|| "/".into()),
        };
        vec![note(true, true), note(false, false)]
    }
}

#[derive(Serialize)]
pub struct NotesTab {
    notes: Vec<NoteView>,
    pager: Pager,
    /// For those who may change customers.
    form: Option<FormView>,
    warning: Option<FormView>,
    pin: String,
}

impl Page for NotesTab {
    const TEMPLATE: &'static str = "customers/desk/notes.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Text>();
        let [empty, full] = FormView::samples::<Warning>();
        let page = |notes: Vec<NoteView>, form, warning| NotesTab {
            pager: Pager {
                older: (!notes.is_empty()).then(|| "/".into()),
                ..Pager::default()
            },
            notes,
            form,
            warning,
            pin: "/".into(),
        };
        vec![
            page(NoteView::samples(), Some(plain), Some(empty)),
            page(NoteView::samples(), Some(bad), Some(full)),
            page(Vec::new(), None, None),
        ]
    }
}

/// A form that could not be taken, of the two on the tab.
enum Again<'a> {
    Nothing,
    Note(&'a Bad),
    Warning(&'a Bad),
}

/// The tab of the customer file.
pub fn tab<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move { draw(cx, tx, customer, Again::Nothing).await.map(Some) })
}

async fn draw(cx: &Cx, tx: &mut Tx, id: CustomerId, again: Again<'_>) -> Result<Tile> {
    let before = cx.query("nach").and_then(|id| id.parse().ok());
    let before = before.unwrap_or(NoteId(Uuid::max()));
    let mut notes = store::list(tx, id, before, PAGE as i64 + 1).await?;
    let pager = Pager::cut(cx, &mut notes, |note| note.id.to_string());
    let may = cx.may(CUSTOMERS_EDIT);
    let form = || cx.form::<Text>(ADD.to(id)).submit("note-submit");
    let warning = || cx.form::<Warning>(WARN.to(id)).submit("form-save");
    let (form, warning) = match again {
        Again::Note(bad) => (form().bad(bad), stored_warning(tx, id, warning()).await?),
        Again::Warning(bad) => (form().empty(), warning().bad(bad)),
        Again::Nothing => (form().empty(), stored_warning(tx, id, warning()).await?),
    };
    let own = who(cx);
    Tile::of(&NotesTab {
        notes: notes
            .into_iter()
            .map(|note| NoteView::of(note, id, own))
            .collect(),
        pager,
        form: may.then_some(form),
        warning: may.then_some(warning),
        pin: PIN.to(id),
    })
}

async fn stored_warning(
    tx: &mut Tx,
    id: CustomerId,
    form: web::form::Builder<'_>,
) -> Result<FormView> {
    let warning = customer::store::one(tx, id).await?.warning;
    Ok(form.filled(&Warning { warning }))
}

/// Who of staff asks.
pub(crate) fn who(cx: &Cx) -> Option<StaffId> {
    match &cx.who {
        Who::Staff(session) => Some(session.staff),
        _ => None,
    }
}

fn here(id: CustomerId) -> String {
    file::tab_url(id, TAB)
}

pub async fn create(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<Text>) -> Result {
    let note = match posted.parse() {
        Ok(note) => note,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let tile = draw(&cx, &mut tx, id, Again::Note(&bad)).await?;
            return file::invalid(&cx, tx, id, TAB, &tile).await;
        }
    };
    let mut tx = cx.begin().await?;
    customer::store::one(&mut tx, id).await?;
    add(&mut tx, &cx.ctx, id, cx.staff, &note).await?;
    cx.done(tx, here(id), "notice-note-saved").await
}

pub async fn warn(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<Warning>) -> Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let tile = draw(&cx, &mut tx, id, Again::Warning(&bad)).await?;
            return file::invalid(&cx, tx, id, TAB, &tile).await;
        }
    };
    let mut tx = cx.begin().await?;
    record::warn(&mut tx, &cx.ctx, id, typed.warning.as_deref()).await?;
    cx.done(tx, here(id), "notice-warning-saved").await
}

pub async fn pin_one(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let note = crate::named(&form, "notiz")?;
    let on = form.get("an").is_some_and(|on| !on.is_empty());
    let mut tx = cx.begin().await?;
    pin(&mut tx, &cx.ctx, id, note, on).await?;
    let notice = match on {
        true => "notice-note-pinned",
        false => "notice-note-unpinned",
    };
    cx.done(tx, here(id), notice).await
}

/// One note of one's own.
#[derive(Serialize)]
pub struct NotePage {
    form: FormView,
    name: String,
    file: String,
    list: String,
}

impl Page for NotePage {
    const TEMPLATE: &'static str = "customers/desk/note.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<Text>()
            .map(|form| NotePage {
                form,
                name: "Segelverein Holtenau e. V.".into(),
                file: "/".into(),
                list: customer::desk::LIST.url(),
            })
            .into()
    }
}

fn asked(cx: &Staff) -> Result<NoteId> {
    let note = cx.query("notiz").and_then(|id| id.parse().ok());
    note.ok_or(Error::NotFound)
}

async fn page(cx: &Staff, tx: &mut Tx, id: CustomerId, bad: Option<&Bad>) -> Result<NotePage> {
    let note = store::one(tx, id, asked(cx)?).await?;
    if note.staff_id != cx.staff {
        return Err(Error::Forbidden);
    }
    let form = cx
        .form::<Text>(format!("{}?notiz={}", ONE.to(id), note.id))
        .submit("form-save")
        .cancel(here(id));
    let form = match bad {
        Some(bad) => form.bad(bad),
        None => form.filled(&Text {
            text: note.text,
            pinned: note.pinned,
        }),
    };
    Ok(NotePage {
        form,
        name: customer::name_of(tx, id).await?,
        file: FILE.to(id),
        list: customer::desk::LIST.url(),
    })
}

pub async fn edit(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let page = page(&cx, &mut tx, id, None).await?;
    cx.page(page)
}

pub async fn save(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<Text>) -> Result {
    let note = match posted.parse() {
        Ok(note) => note,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let page = page(&cx, &mut tx, id, Some(&bad)).await?;
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    match change(&mut tx, &cx.ctx, id, cx.staff, asked(&cx)?, &note).await {
        Ok(()) => cx.done(tx, here(id), "notice-note-saved").await,
        Err(Refused::NotOwn) => Err(Error::Forbidden),
        Err(Refused::Db(error)) => Err(error.into()),
    }
}
