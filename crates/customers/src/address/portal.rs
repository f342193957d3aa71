//! `/konto/adressen`: the address book.

use super::{Address, AddressId, Refused, Stored, add, change, remove, store};
use crate::customer;
use axum::http::StatusCode;
use serde::Serialize;
use web::form::{Builder, FieldValue, FormView, RawForm};
use web::{Bad, Member, Page, Param, Path, Path1, Posted, Result};

pub const LIST: Path = Path::new("/konto/adressen");
pub const NEW: Path = Path::new("/konto/adressen/neu");
pub const ONE: Path1 = Path1::new("/konto/adressen/{id}");
pub const DELETE: Path1 = Path1::new("/konto/adressen/{id}/loeschen");

#[derive(Serialize)]
struct Card {
    name: String,
    lines: Vec<String>,
    billing: bool,
    delivery: bool,
    edit: String,
    /// A default address cannot be deleted.
    delete: Option<String>,
}

#[derive(Serialize)]
pub struct ListPage {
    cards: Vec<Card>,
    new: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "customers/address/list.html";
    fn samples() -> Vec<Self> {
        let card = |billing, delivery, delete: Option<&str>| Card {
            name: "Jana Petersen".into(),
            lines: vec!["Holtenauer Straße 148".into(), "24105 Kiel".into()],
            billing,
            delivery,
            edit: "/".into(),
            delete: delete.map(str::to_owned),
        };
        let cards = vec![card(true, true, None), card(false, false, Some("/"))];
        vec![
            ListPage {
                cards: Vec::new(),
                new: NEW.url(),
            },
            ListPage {
                cards,
                new: NEW.url(),
            },
        ]
    }
}

/// A new address, or one that is changed.
#[derive(Serialize)]
pub struct EditPage {
    form: FormView,
    list: String,
    is_new: bool,
    /// What is stored, when somebody else was faster.
    stored: Option<Vec<String>>,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "customers/address/edit.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Address>();
        let page = |form, is_new, stored| EditPage {
            form,
            list: LIST.url(),
            is_new,
            stored,
        };
        vec![
            page(plain.clone(), true, None),
            page(bad, false, None),
            page(plain, false, Some(vec!["Kiel".into()])),
        ]
    }
}

/// Asks once more, or says why not.
#[derive(Serialize)]
pub struct DeletePage {
    lines: Vec<String>,
    action: String,
    is_default: bool,
    list: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "customers/address/delete.html";
    fn samples() -> Vec<Self> {
        let page = |is_default| DeletePage {
            lines: vec!["Jana Petersen".into(), "24105 Kiel".into()],
            action: "/".into(),
            is_default,
            list: LIST.url(),
        };
        vec![page(false), page(true)]
    }
}

fn form(cx: &Member, action: String) -> Builder<'_> {
    cx.form::<Address>(action)
        .submit("address-submit")
        .cancel(LIST.url())
}

/// The form carries the version it was drawn from: of two tabs the second one is told.
fn action(stored: &Stored) -> String {
    format!("{}?stand={}", ONE.to(stored.id), stored.version)
}

pub async fn list(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let all = store::list(&mut tx, cx.customer).await?;
    let card = |stored: &Stored| {
        let mut lines = cx.card(&stored.address).into_iter();
        let Address {
            billing, delivery, ..
        } = stored.address;
        Card {
            name: lines.next().unwrap_or_default(),
            lines: lines.collect(),
            billing,
            delivery,
            edit: ONE.to(stored.id),
            delete: (!billing && !delivery).then(|| DELETE.to(stored.id)),
        }
    };
    cx.page(ListPage {
        cards: all.iter().map(card).collect(),
        new: NEW.url(),
    })
}

pub async fn new(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let mut known = RawForm::default();
    known.set("country", cx.app.settings().country.as_str());
    if store::default_ones(&mut tx, cx.customer).await?.is_empty() {
        let record = customer::store::one(&mut tx, cx.customer).await?.record;
        known.set("first_name", &record.first_name);
        known.set("last_name", &record.last_name);
        known.set("company", record.company.as_deref().unwrap_or_default());
        for name in ["billing", "delivery"] {
            known.set(name, true.raw());
        }
    }
    cx.page(EditPage {
        form: form(&cx, NEW.url()).raw(&known),
        list: LIST.url(),
        is_new: true,
        stored: None,
    })
}

pub async fn create(cx: Member, posted: Posted<Address>) -> Result {
    let again = |bad: &Bad| {
        let form = form(&cx, NEW.url()).bad(bad);
        cx.invalid(EditPage {
            form,
            list: LIST.url(),
            is_new: true,
            stored: None,
        })
    };
    let address = match posted.parse() {
        Ok(address) => address,
        Err(bad) => return again(&bad),
    };
    let mut tx = cx.begin().await?;
    match add(&mut tx, &cx.ctx, cx.customer, &address).await? {
        Some(_) => cx.done(tx, LIST.url(), "notice-address-saved").await,
        None => again(&web::bad(&posted.raw, "", "fault-addresses-full")),
    }
}

pub async fn edit(cx: Member, Param(id): Param<AddressId>) -> Result {
    let mut tx = cx.read().await?;
    let stored = store::one(&mut tx, cx.customer, id).await?;
    let form = form(&cx, action(&stored)).filled(&stored.address);
    cx.page(EditPage {
        form,
        list: LIST.url(),
        is_new: false,
        stored: None,
    })
}

pub async fn save(cx: Member, Param(id): Param<AddressId>, posted: Posted<Address>) -> Result {
    let page = |form, stored| EditPage {
        form,
        list: LIST.url(),
        is_new: false,
        stored,
    };
    let here = cx.link_with("", None);
    let address = match posted.parse() {
        Ok(address) => address,
        Err(bad) => return known(&cx, id, page(form(&cx, here).bad(&bad), None)).await,
    };
    let version = cx
        .query("stand")
        .and_then(|v| v.parse().ok())
        .unwrap_or_default();
    let mut tx = cx.begin().await?;
    match change(&mut tx, &cx.ctx, cx.customer, id, version, &address).await {
        Ok(()) => cx.done(tx, LIST.url(), "notice-address-saved").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(Refused::Default(field)) => {
            let bad = web::bad(&posted.raw, field, "fault-address-default");
            cx.invalid(page(form(&cx, here).bad(&bad), None))
        }
        Err(Refused::Stale(now)) => {
            // sent once more it takes effect: the person has seen what is stored
            let form = form(&cx, action(&now))
                .error("address-stale")
                .raw(&posted.raw);
            cx.page_with(
                StatusCode::CONFLICT,
                page(form, Some(cx.card(&now.address))),
            )
        }
    }
}

// a stranger's id is unknown whatever was typed
async fn known(cx: &Member, id: AddressId, page: EditPage) -> Result {
    let mut tx = cx.read().await?;
    store::one(&mut tx, cx.customer, id).await?;
    cx.invalid(page)
}

fn delete_page(cx: &Member, stored: &Stored) -> DeletePage {
    DeletePage {
        lines: cx.card(&stored.address),
        action: DELETE.to(stored.id),
        is_default: stored.address.billing || stored.address.delivery,
        list: LIST.url(),
    }
}

pub async fn ask_delete(cx: Member, Param(id): Param<AddressId>) -> Result {
    let mut tx = cx.read().await?;
    let stored = store::one(&mut tx, cx.customer, id).await?;
    cx.page(delete_page(&cx, &stored))
}

pub async fn delete(cx: Member, Param(id): Param<AddressId>) -> Result {
    let mut tx = cx.begin().await?;
    let stored = store::one(&mut tx, cx.customer, id).await?;
    match remove(&mut tx, &cx.ctx, cx.customer, id).await {
        Ok(()) => cx.done(tx, LIST.url(), "notice-address-deleted").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(_) => cx.page_with(StatusCode::CONFLICT, delete_page(&cx, &stored)),
    }
}
