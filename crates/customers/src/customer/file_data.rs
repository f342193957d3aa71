//! `/desk/kunden/{id}/daten`: staff changes a customer's record (DESK-4).

use super::file::FILE;
use super::{Customer, Record, Refused, change, desk, store};
use axum::http::StatusCode;
use kernel::{CustomerId, CustomerNumber};
use serde::Serialize;
use web::form::{Builder, Form, FormView};
use web::{Page, Param, Path1, Posted, Result, Staff};

pub const DATA: Path1 = Path1::new("/desk/kunden/{id}/daten");

#[derive(Serialize)]
pub struct FileDataPage {
    form: FormView,
    name: String,
    number: String,
    file: String,
    list: String,
    /// What is stored, when somebody else was faster.
    stored: Option<Vec<String>>,
}

impl FileDataPage {
    fn of(cx: &Staff, customer: &Customer, form: FormView) -> Self {
        FileDataPage {
            form,
            name: customer.name(),
            number: CustomerNumber::format(customer.number, &cx.app.settings().number_prefix),
            file: FILE.to(customer.id),
            list: desk::LIST.url(),
            stored: None,
        }
    }
}

impl Page for FileDataPage {
    const TEMPLATE: &'static str = "customers/desk/data.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Record>();
        let page = |form, stored| FileDataPage {
            form,
            name: "Segelverein Holtenau e. V.".into(),
            number: "K-10001".into(),
            file: "/".into(),
            list: desk::LIST.url(),
            stored,
        };
        vec![
            page(plain.clone(), None),
            page(bad, None),
            page(plain, Some(vec!["Kiel".into()])),
        ]
    }
}

fn form<'a>(cx: &'a Staff, id: CustomerId, version: &str) -> Builder<'a> {
    cx.form::<Record>(format!("{}?stand={version}", DATA.to(id)))
        .submit("form-save")
        .cancel(FILE.to(id))
}

pub async fn show(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let customer = store::one(&mut tx, id).await?;
    let form = form(&cx, id, &customer.version.to_string()).filled(&customer.record);
    cx.page(FileDataPage::of(&cx, &customer, form))
}

pub async fn save(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<Record>) -> Result {
    let version = cx.query("stand").unwrap_or_default().to_owned();
    let record = match posted.parse() {
        Ok(record) => record,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let customer = store::one(&mut tx, id).await?;
            let form = form(&cx, id, &version).bad(&bad);
            return cx.invalid(FileDataPage::of(&cx, &customer, form));
        }
    };
    let mut tx = cx.begin().await?;
    let version = version.parse().unwrap_or_default();
    match change(&mut tx, &cx.ctx, id, version, &record).await {
        Ok(()) => cx.done(tx, FILE.to(id), "notice-record-saved").await,
        Err(Refused::Db(error)) => Err(error.into()),
        Err(Refused::Stale(now)) => {
            let form = form(&cx, id, &now.version.to_string())
                .error("customer-stale")
                .raw(&record.raw());
            let mut page = FileDataPage::of(&cx, &now, form);
            page.stored = Some(cx.card(&now.record));
            cx.page_with(StatusCode::CONFLICT, page)
        }
    }
}
