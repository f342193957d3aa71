//! `/desk/kunden/{id}`: the customer file, with the tabs of this and of other contexts (DESK-4).

use super::desk::LIST;
use super::file_data::DATA;
use super::record::NameChange;
use super::{Customer, Kind, store};
use crate::address;
use crate::note::desk::{NoteView, TAB as NOTES, who};
use crate::note::store as notes;
use crate::rights::{CUSTOMERS_EDIT, CUSTOMERS_VIEW_AS};
use crate::view::desk::VIEW;
use axum::http::StatusCode;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{CustomerId, CustomerNumber, Moment};
use serde::Serialize;
use web::{Cx, FileTab, Page, Param, Path1, Result, Right, Staff, Tile};

pub const FILE: Path1 = Path1::new("/desk/kunden/{id}");

/// Changes of the name that the file shows.
const NAMES: i64 = 10;

/// The address of one tab.
pub fn tab_url(customer: CustomerId, label: &str) -> String {
    format!("{}?reiter={label}", FILE.to(customer))
}

#[derive(Serialize)]
struct Tab {
    href: String,
    label: String,
    current: bool,
}

#[derive(Serialize)]
pub struct FilePage {
    number: String,
    name: String,
    kind: Kind,
    since: Moment,
    warning: Option<String>,
    /// For those who may change customers.
    edit: Option<String>,
    /// For those who may look with the customer's eyes.
    view: Option<String>,
    list: String,
    tabs: Vec<Tab>,
    part: String,
}

impl Page for FilePage {
    const TEMPLATE: &'static str = "customers/desk/file.html";
    fn samples() -> Vec<Self> {
        let tab = |current| Tab {
            href: "/".into(),
            label: "Übersicht".into(),
            current,
        };
        let page = |kind, warning: Option<&str>, edit: Option<&str>| FilePage {
            number: "K-10001".into(),
            name: "Segelverein Holtenau e. V.".into(),
            kind,
            since: Moment::from_micros(0),
            warning: warning.map(str::to_owned),
            edit: edit.map(str::to_owned),
            view: edit.map(str::to_owned),
            list: LIST.url(),
            tabs: vec![tab(true), tab(false)],
            part: "<p>Verlauf</p>".into(),
        };
        vec![
            page(Kind::Private, None, None),
            page(Kind::Company, Some("Zahlt <nur> nach Mahnung"), Some("/")),
            page(Kind::Public, None, Some("/")),
        ]
    }
}

type Hook = (u16, Right, &'static str, FileTab);

pub async fn show(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let customer = store::one(&mut tx, id).await?;
    let chosen = cx.query("reiter").unwrap_or_default();
    let hook = hooks(&cx).find(|(_, _, label, _)| *label == chosen);
    let mut part = None;
    if let Some((.., tab)) = hook {
        part = tab(&cx, &mut tx, id).await?;
    }
    let (label, tile) = match part {
        Some(tile) => (chosen, tile),
        None => ("", overview(&cx, &mut tx, &customer).await?),
    };
    let page = page(&cx, &customer, label, &tile)?;
    drop(tx);
    cx.page(page)
}

fn hooks(cx: &Cx) -> impl Iterator<Item = &Hook> {
    let all = cx.app.file_tabs().iter();
    all.filter(|(_, right, ..)| cx.may(*right))
}

/// The file with a tab that holds a form which could not be taken.
pub(crate) async fn invalid(
    cx: &Staff,
    mut tx: Tx,
    id: CustomerId,
    label: &str,
    tile: &Tile,
) -> Result {
    let customer = store::one(&mut tx, id).await?;
    let page = page(cx, &customer, label, tile)?;
    cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}

fn page(cx: &Staff, customer: &Customer, label: &str, tile: &Tile) -> Result<FilePage> {
    let first = Tab {
        href: FILE.to(customer.id),
        label: cx.text("desk-customer-overview"),
        current: label.is_empty(),
    };
    let others = hooks(cx).map(|(_, _, key, _)| Tab {
        href: tab_url(customer.id, key),
        label: cx.text(key),
        current: *key == label,
    });
    Ok(FilePage {
        number: CustomerNumber::format(customer.number, &cx.app.settings().number_prefix),
        name: customer.name(),
        kind: customer.record.kind,
        since: customer.created_at,
        warning: customer.warning.clone(),
        edit: cx.may(CUSTOMERS_EDIT).then(|| DATA.to(customer.id)),
        view: cx.may(CUSTOMERS_VIEW_AS).then(|| VIEW.to(customer.id)),
        list: LIST.url(),
        tabs: [first].into_iter().chain(others).collect(),
        part: cx.draw(tile)?,
    })
}

#[derive(Serialize)]
pub struct NameView {
    at: Moment,
    old: String,
    new: String,
    /// Empty where the program itself did it.
    who: String,
    is_staff: bool,
}

impl NameView {
    fn of(change: NameChange) -> Self {
        let name = |company: Option<String>, first: &str, last: &str| {
            let person = format!("{first} {last}");
            company.map_or_else(|| person.clone(), |firm| format!("{firm}, {person}"))
        };
        NameView {
            at: change.at,
            old: name(
                change.old_company,
                &change.old_first_name,
                &change.old_last_name,
            ),
            new: name(change.company, &change.first_name, &change.last_name),
            who: change.actor_name,
            is_staff: change.actor_kind == "staff",
        }
    }
}

/// The first tab: the record, what must be known, and what it was called before.
#[derive(Serialize)]
pub struct OverviewTab {
    person: String,
    company: Option<String>,
    salutation: Option<String>,
    vat_id: Option<String>,
    phone: Option<String>,
    mobile: Option<String>,
    email: String,
    locale: kernel::Locale,
    kind_at: Moment,
    billing: Option<Vec<String>>,
    delivery: Option<Vec<String>>,
    notes: Vec<NoteView>,
    all_notes: String,
    names: Vec<NameView>,
}

impl Page for OverviewTab {
    const TEMPLATE: &'static str = "customers/desk/overview.html";
    fn samples() -> Vec<Self> {
        let page = |full: bool| {
            let text = |text: &str| full.then(|| text.to_owned());
            let lines = || full.then(|| vec!["Jana Petersen".to_owned(), "24105 Kiel".into()]);
            let name = |who: &str, is_staff| NameView {
                at: Moment::from_micros(0),
                old: "Jana Hansen".into(),
                new: "Jana Petersen".into(),
                who: who.into(),
                is_staff,
            };
            let names = vec![name("Jana", false), name("Malte", true), name("", false)];
            OverviewTab {
                person: "Jana Petersen".into(),
                company: text("Segelverein Holtenau e. V."),
                salutation: text("Frau"),
                vat_id: text("DE136695976"),
                phone: text("0431 55512-04"),
                mobile: text("0171 39200-11"),
                email: "jana@post.example".into(),
                locale: kernel::Locale::De,
                kind_at: Moment::from_micros(0),
                billing: lines(),
                delivery: lines(),
                notes: if full {
                    NoteView::samples()
                } else {
                    Vec::new()
                },
                all_notes: "/".into(),
                names: if full { names } else { Vec::new() },
            }
        };
        vec![page(false), page(true)]
    }
}

async fn overview(cx: &Staff, tx: &mut Tx, customer: &Customer) -> Result<Tile> {
    let defaults = address::store::default_ones(tx, customer.id).await?;
    let card = |is: fn(&address::Address) -> bool| {
        let found = defaults.iter().find(|stored| is(&stored.address));
        found.map(|stored| cx.card(&stored.address))
    };
    let pinned = notes::pinned(tx, customer.id).await?;
    let names = store::name_changes(tx, customer.id, NAMES).await?;
    let own = who(cx);
    let record = &customer.record;
    Tile::of(&OverviewTab {
        person: customer.person(),
        company: record.company.clone(),
        salutation: record.salutation.clone(),
        vat_id: record.vat_id.as_ref().map(ToString::to_string),
        phone: record.phone.as_ref().map(ToString::to_string),
        mobile: record.mobile.as_ref().map(ToString::to_string),
        email: record.billing_email.to_string(),
        locale: record.locale,
        kind_at: customer.kind_at,
        billing: card(|address| address.billing),
        delivery: card(|address| address.delivery),
        notes: pinned
            .into_iter()
            .map(|note| NoteView::of(note, customer.id, own))
            .collect(),
        all_notes: tab_url(customer.id, NOTES),
        names: names.into_iter().map(NameView::of).collect(),
    })
}

#[derive(Serialize)]
struct AddressCard {
    lines: Vec<String>,
    billing: bool,
    delivery: bool,
}

#[derive(Serialize)]
pub struct AddressesTab {
    cards: Vec<AddressCard>,
}

impl Page for AddressesTab {
    const TEMPLATE: &'static str = "customers/desk/addresses.html";
    fn samples() -> Vec<Self> {
        let card = |billing, delivery| AddressCard {
            lines: vec!["Jana Petersen".into(), "24105 Kiel".into()],
            billing,
            delivery,
        };
        let cards = vec![card(true, true), card(false, false)];
        vec![AddressesTab { cards }, AddressesTab { cards: Vec::new() }]
    }
}

/// The tab with the address book.
pub fn addresses<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let all = address::store::list(tx, customer).await?;
        let card = |stored: &address::Stored| AddressCard {
            lines: cx.card(&stored.address),
            billing: stored.address.billing,
            delivery: stored.address.delivery,
        };
        Tile::of(&AddressesTab {
            cards: all.iter().map(card).collect(),
        })
        .map(Some)
    })
}
