//! `/konto/kontakte`: the contacts of a customer.

use super::{Contact, ContactId, Refused, Stored, add, change, example, remove, store};
use axum::http::StatusCode;
use kernel::Uuid;
use serde::Serialize;
use web::form::{Builder, FormView, RawForm};
use web::{Bad, Member, Page, Param, Path, Path1, Posted, Result};

pub const LIST: Path = Path::new("/konto/kontakte");
pub const NEW: Path = Path::new("/konto/kontakte/neu");
pub const ONE: Path1 = Path1::new("/konto/kontakte/{id}");
pub const DELETE: Path1 = Path1::new("/konto/kontakte/{id}/loeschen");

#[derive(Serialize)]
pub struct Row {
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
    pub kinds: Vec<&'static str>,
    pub edit: String,
    pub delete: String,
}

impl Row {
    pub fn of(stored: &Stored) -> Self {
        Row {
            name: stored.contact.name.clone(),
            email: stored.contact.email.to_string(),
            phone: stored.contact.phone.as_ref().map(ToString::to_string),
            kinds: stored.contact.kinds(),
            edit: ONE.to(stored.id),
            delete: DELETE.to(stored.id),
        }
    }
}

#[derive(Serialize)]
pub struct ListPage {
    rows: Vec<Row>,
    new: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "customers/contact/list.html";
    fn samples() -> Vec<Self> {
        let stored = |phone| Stored {
            id: ContactId(Uuid::nil()),
            version: 1,
            contact: Contact { phone, ..example() },
        };
        let rows = vec![Row::of(&stored(example().phone)), Row::of(&stored(None))];
        let page = |rows| ListPage {
            rows,
            new: NEW.url(),
        };
        vec![page(rows), page(Vec::new())]
    }
}

/// A new contact, or one that is changed.
#[derive(Serialize)]
pub struct EditPage {
    form: FormView,
    list: String,
    is_new: bool,
    /// What is stored, when somebody else was faster.
    stored: Option<Row>,
}

fn page(form: FormView, is_new: bool) -> EditPage {
    EditPage {
        form,
        list: LIST.url(),
        is_new,
        stored: None,
    }
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "customers/contact/edit.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Contact>();
        let stored = Stored {
            id: ContactId(Uuid::nil()),
            version: 1,
            contact: example(),
        };
        let stale = EditPage {
            stored: Some(Row::of(&stored)),
            ..page(plain.clone(), false)
        };
        vec![page(plain, true), page(bad, false), stale]
    }
}

/// Asks once more.
#[derive(Serialize)]
pub struct DeletePage {
    name: String,
    email: String,
    action: String,
    list: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "customers/contact/delete.html";
    fn samples() -> Vec<Self> {
        vec![DeletePage {
            name: "Kontor Holtenau".into(),
            email: "kontor@post.example".into(),
            action: "/".into(),
            list: LIST.url(),
        }]
    }
}

fn form(cx: &Member, action: String) -> Builder<'_> {
    cx.form::<Contact>(action)
        .submit("form-save")
        .cancel(LIST.url())
}

/// The form carries the version it was drawn from: of two tabs the second one is told.
fn action(stored: &Stored) -> String {
    format!("{}?stand={}", ONE.to(stored.id), stored.version)
}

pub async fn list(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let all = store::list(&mut tx, cx.customer).await?;
    cx.page(ListPage {
        rows: all.iter().map(Row::of).collect(),
        new: NEW.url(),
    })
}

pub async fn new(cx: Member) -> Result {
    let mut known = RawForm::default();
    known.set("general", "on");
    cx.page(page(form(&cx, NEW.url()).raw(&known), true))
}

pub async fn create(cx: Member, posted: Posted<Contact>) -> Result {
    let again = |bad: &Bad| cx.invalid(page(form(&cx, NEW.url()).bad(bad), true));
    let contact = match posted.parse() {
        Ok(contact) => contact,
        Err(bad) => return again(&bad),
    };
    let mut tx = cx.begin().await?;
    match add(&mut tx, &cx, cx.customer, &contact).await {
        Ok(_) => cx.done(tx, LIST.url(), "notice-contact-saved").await,
        Err(Refused::Web(error)) => Err(error),
        Err(other) => {
            let (field, key) = other.fault().unwrap_or_default();
            again(&web::bad(&posted.raw, field, key))
        }
    }
}

pub async fn edit(cx: Member, Param(id): Param<ContactId>) -> Result {
    let mut tx = cx.read().await?;
    let stored = store::one(&mut tx, cx.customer, id).await?;
    let form = form(&cx, action(&stored)).filled(&stored.contact);
    cx.page(page(form, false))
}

pub async fn save(cx: Member, Param(id): Param<ContactId>, posted: Posted<Contact>) -> Result {
    let here = cx.link_with("", None);
    let contact = match posted.parse() {
        Ok(contact) => contact,
        Err(bad) => {
            // a stranger's id is unknown whatever was typed
            let mut tx = cx.read().await?;
            store::one(&mut tx, cx.customer, id).await?;
            return cx.invalid(page(form(&cx, here).bad(&bad), false));
        }
    };
    let version = cx.query("stand").and_then(|v| v.parse().ok());
    let version = version.unwrap_or_default();
    let mut tx = cx.begin().await?;
    match change(&mut tx, &cx, cx.customer, id, version, &contact).await {
        Ok(()) => cx.done(tx, LIST.url(), "notice-contact-saved").await,
        Err(Refused::Web(error)) => Err(error),
        Err(Refused::Stale(now)) => {
            // sent once more it takes effect: the person has seen what is stored
            let form = form(&cx, action(&now))
                .error("contact-stale")
                .raw(&posted.raw);
            let stale = EditPage {
                stored: Some(Row::of(&now)),
                ..page(form, false)
            };
            cx.page_with(StatusCode::CONFLICT, stale)
        }
        Err(other) => {
            let (field, key) = other.fault().unwrap_or_default();
            let bad = web::bad(&posted.raw, field, key);
            cx.invalid(page(form(&cx, here).bad(&bad), false))
        }
    }
}

pub async fn ask_delete(cx: Member, Param(id): Param<ContactId>) -> Result {
    let mut tx = cx.read().await?;
    let Stored { contact, .. } = store::one(&mut tx, cx.customer, id).await?;
    cx.page(DeletePage {
        name: contact.name,
        email: contact.email.to_string(),
        action: DELETE.to(id),
        list: LIST.url(),
    })
}

pub async fn delete(cx: Member, Param(id): Param<ContactId>) -> Result {
    let mut tx = cx.begin().await?;
    remove(&mut tx, &cx.ctx, cx.customer, id).await?;
    cx.done(tx, LIST.url(), "notice-contact-deleted").await
}
