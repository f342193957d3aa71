//! `/konto/daten`: the record as the customer changes it ("Kontodetails", ACC-3).

use super::edit::EDIT;
use super::{Customer, Record, Refused, change, store};
use crate::address::{self, portal as addresses};
use crate::rights;
use axum::http::StatusCode;
use db::Tx;
use kernel::Moment;
use serde::Serialize;
use web::form::{Builder, Form, FormView};
use web::{Member, Page, Path, Posted, Result};

pub const DATA: Path = Path::new("/konto/daten");

#[derive(Serialize)]
pub struct DataPage {
    form: FormView,
    /// Since when the kind stands as it does.
    kind_at: Moment,
    /// The default address for bills: the address of the record.
    address: Option<Vec<String>>,
    /// For those who may see the address book.
    addresses: Option<String>,
    /// Where the sign-in data are changed.
    edit: String,
    /// What is stored, when somebody else was faster.
    stored: Option<Vec<String>>,
}

impl Page for DataPage {
    const TEMPLATE: &'static str = "customers/data.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Record>();
        let page = |form, address, addresses, stored| DataPage {
            form,
            kind_at: Moment::from_micros(0),
            address,
            addresses,
            edit: EDIT.url(),
            stored,
        };
        let lines = || Some(vec!["Jana Petersen".to_owned(), "24105 Kiel".to_owned()]);
        let book = || Some(addresses::LIST.url());
        vec![
            page(plain.clone(), lines(), book(), None),
            page(bad, None, book(), None),
            page(plain, None, None, lines()),
        ]
    }
}

/// The form carries the version it was drawn from: of two people the second one is told.
fn form<'a>(cx: &'a Member, version: &str) -> Builder<'a> {
    cx.form::<Record>(format!("{}?stand={version}", DATA.url()))
        .submit("form-save")
        .cancel(web::ACCOUNT.url())
}

pub async fn show(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let customer = store::one(&mut tx, cx.customer).await?;
    let form = form(&cx, &customer.version.to_string()).filled(&customer.record);
    let page = page(&cx, &mut tx, &customer, form).await?;
    cx.page(page)
}

async fn page(cx: &Member, tx: &mut Tx, customer: &Customer, form: FormView) -> Result<DataPage> {
    let defaults = address::store::default_ones(tx, customer.id).await?;
    let billing = defaults.iter().find(|stored| stored.address.billing);
    Ok(DataPage {
        form,
        kind_at: customer.kind_at,
        address: billing.map(|stored| cx.card(&stored.address)),
        addresses: cx.may(rights::ADDRESSES).then(|| addresses::LIST.url()),
        edit: EDIT.url(),
        stored: None,
    })
}

pub async fn save(cx: Member, posted: Posted<Record>) -> Result {
    let version = cx.query("stand").unwrap_or_default().to_owned();
    let record = match posted.parse() {
        Ok(record) => record,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let customer = store::one(&mut tx, cx.customer).await?;
            let form = form(&cx, &version).bad(&bad);
            let page = page(&cx, &mut tx, &customer, form).await?;
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    let version = version.parse().unwrap_or_default();
    match change(&mut tx, &cx.ctx, cx.customer, version, &record).await {
        Ok(()) => cx.done(tx, DATA.url(), "notice-record-saved").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(Refused::Stale(now)) => {
            // sent once more it takes effect: the person has seen what is stored
            let form = form(&cx, &now.version.to_string())
                .error("customer-stale")
                .raw(&record.raw());
            let mut page = page(&cx, &mut tx, &now, form).await?;
            page.stored = Some(cx.card(&now.record));
            cx.page_with(StatusCode::CONFLICT, page)
        }
    }
}
