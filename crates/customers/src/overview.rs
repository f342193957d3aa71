//! The account overview (ACC-2): what is open, and the customer's own data at a glance.

use crate::address::{self, Stored, portal as addresses};
use crate::customer::data::DATA;
use crate::customer::edit::EDIT;
use crate::customer::{self, Customer};
use crate::rights;
use serde::Serialize;
use web::{Member, Page, Result};

#[derive(Serialize)]
pub struct OverviewPage {
    name: String,
    /// Parts of other contexts, as HTML.
    tiles: Vec<String>,
    contact: Vec<String>,
    billing: Option<Vec<String>>,
    delivery: Option<Vec<String>>,
    /// For those who may see the address book.
    addresses: Option<String>,
    first_address: String,
    /// For those who may change the account: sign-in data and record.
    edit: Option<[String; 2]>,
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "customers/overview.html";
    fn samples() -> Vec<Self> {
        let card = || Some(vec!["Jana Petersen".to_owned(), "24105 Kiel".to_owned()]);
        let links = || [EDIT.url(), DATA.url()];
        let page = |billing, delivery, addresses: Option<String>, tiles| OverviewPage {
            name: "Jana Petersen".into(),
            edit: addresses.is_some().then(links),
            tiles,
            contact: vec!["Jana Petersen".into(), "jana@post.example".into()],
            billing,
            delivery,
            addresses,
            first_address: addresses::NEW.url(),
        };
        let tile = "<article><h2 class=\"label\">Nachrichten</h2></article>".to_owned();
        vec![
            page(None, None, Some(addresses::LIST.url()), Vec::new()),
            page(card(), card(), Some(addresses::LIST.url()), vec![tile]),
            page(card(), None, None, Vec::new()),
        ]
    }
}

pub async fn show(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let found = customer::store::one(&mut tx, cx.customer).await?;
    let defaults = address::store::default_ones(&mut tx, cx.customer).await?;
    let mut tiles = Vec::new();
    for (_, right, tile) in cx.app.overview() {
        if cx.may(*right) {
            tiles.extend(tile(&cx, &mut tx, cx.customer).await?);
        }
    }
    drop(tx);
    let card = |is: fn(&Stored) -> bool| {
        defaults
            .iter()
            .find(|stored| is(stored))
            .map(|stored| cx.card(&stored.address))
    };
    let may = cx.may(rights::ADDRESSES);
    cx.page(OverviewPage {
        name: cx
            .session()
            .map(|session| session.name.clone())
            .unwrap_or_default(),
        tiles: tiles
            .iter()
            .map(|tile| cx.draw(tile))
            .collect::<Result<_>>()?,
        contact: contact(&found),
        billing: card(|stored| stored.address.billing),
        delivery: card(|stored| stored.address.delivery),
        addresses: may.then(|| addresses::LIST.url()),
        first_address: addresses::NEW.url(),
        edit: cx
            .may(rights::ACCOUNT_EDIT)
            .then(|| [EDIT.url(), DATA.url()]),
    })
}

fn contact(customer: &Customer) -> Vec<String> {
    let record = &customer.record;
    let person = record.company.is_some().then(|| customer.person());
    let numbers = [&record.phone, &record.mobile].map(|n| n.as_ref().map(ToString::to_string));
    [
        Some(customer.name()),
        person,
        Some(record.billing_email.to_string()),
    ]
    .into_iter()
    .chain(numbers)
    .flatten()
    .collect()
}
