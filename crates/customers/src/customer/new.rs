//! `/desk/kunden/neu` ("Neuer Kunde", DESK-5): staff makes a customer and invites the owner by mail.

use super::{Kind, NewCustomer, create, desk, file};
use crate::address::{self, Address, Postcode};
use crate::invitation::{self, Refused};
use crate::member::Role;
use crate::member::desk::TAB;
use db::Tx;
use kernel::{Country, CustomerId, Email, Locale, Phone};
use serde::Serialize;
use serde_json::json;
use web::form::{Builder, Fault, Faults, FieldValue, FormView};
use web::{Bad, Page, Path, Posted, RawForm, Result, Staff};

pub const NEW: Path = Path::new("/desk/kunden/neu");

web::form! {
    /// What staff knows of a new customer. The address may be missing, but not in part.
    pub struct NewFile as "new-file",
        check(kind, company) = super::record::fit_company,
        check(street, postcode, town, country) = whole_address; {
        kind: Kind = select(),
        company: Option<String> = line(100).autocomplete("off"),
        salutation: Option<String> = line(40).autocomplete("off"),
        first_name: String = line(60).half().autocomplete("off"),
        last_name: String = line(60).half().autocomplete("off"),
        email: Email = email().autocomplete("off"),
        phone: Option<Phone> = phone().autocomplete("off"),
        locale: Locale = select(),
        street: Option<String> = line(100).autocomplete("off"),
        extra: Option<String> = line(100).autocomplete("off"),
        postcode: Code = line(12).half().autocomplete("off"),
        town: Option<String> = line(60).half().autocomplete("off"),
        country: Country = select(),
    }
}

/// A postcode that may be missing together with the whole address.
#[derive(Debug, Clone)]
pub struct Code(Postcode);

impl FieldValue for Code {
    const REQUIRED: bool = false;
    fn parse(field: &web::form::Field, raw: &str) -> std::result::Result<Self, Fault> {
        Postcode::parse(field, raw).map(Code)
    }
    fn raw(&self) -> String {
        self.0.raw()
    }
}

fn whole_address(
    street: &mut Option<String>,
    postcode: &mut Code,
    town: &mut Option<String>,
    country: &mut Country,
    faults: &mut Faults,
) {
    if street.is_none() && town.is_none() && postcode.0.as_str().is_empty() {
        return;
    }
    for (field, given) in [("street", &*street), ("town", &*town)] {
        if given.is_none() {
            faults.add(field, Fault::key("fault-address-part"));
        }
    }
    address::check(&mut postcode.0, country, faults);
}

impl NewFile {
    fn customer(&self) -> NewCustomer {
        NewCustomer {
            kind: self.kind,
            company: self.company.clone(),
            salutation: self.salutation.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            phone: self.phone.clone(),
            billing_email: self.email.clone(),
            locale: self.locale,
        }
    }

    fn address(&self) -> Option<Address> {
        Some(Address {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            company: self.company.clone(),
            street: self.street.clone()?,
            extra: self.extra.clone(),
            postcode: self.postcode.0.clone(),
            town: self.town.clone()?,
            country: self.country,
            phone: None,
            billing: true,
            delivery: true,
        })
    }

    fn owner(&self) -> invitation::New {
        invitation::New {
            email: self.email.clone(),
            first_name: Some(self.first_name.clone()),
            last_name: Some(self.last_name.clone()),
            locale: self.locale,
            role: Role::MainOwner,
        }
    }
}

#[derive(Serialize)]
pub struct NewPage {
    form: FormView,
    list: String,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "customers/desk/new.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<NewFile>().map(page).into()
    }
}

fn page(form: FormView) -> NewPage {
    NewPage {
        form,
        list: desk::LIST.url(),
    }
}

fn form(cx: &Staff) -> Builder<'_> {
    cx.form::<NewFile>(NEW.url())
        .submit("new-file-submit")
        .cancel(desk::LIST.url())
}

pub async fn ask(cx: Staff) -> Result {
    let mut known = RawForm::default();
    let settings = cx.app.settings();
    known.set("country", settings.country.as_str());
    known.set("locale", settings.language.as_str());
    cx.page(page(form(&cx).raw(&known)))
}

fn again(cx: &Staff, bad: &Bad) -> Result {
    cx.invalid(page(form(cx).bad(bad)))
}

pub async fn make(cx: Staff, posted: Posted<NewFile>) -> Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => return again(&cx, &bad),
    };
    let mut tx = cx.begin().await?;
    match place(&mut tx, &cx, &typed).await {
        Ok(id) => {
            cx.done(tx, file::tab_url(id, TAB), "notice-customer-made")
                .await
        }
        Err(Refused::Web(error)) => Err(error),
        Err(other) => {
            let key = other.fault().unwrap_or_default();
            again(&cx, &web::bad(&posted.raw, "email", key))
        }
    }
}

/// The customer with its first address, and the invitation of who will own it.
async fn place(
    tx: &mut Tx,
    cx: &Staff,
    typed: &NewFile,
) -> std::result::Result<CustomerId, Refused> {
    let (id, _) = create(tx, &cx.ctx, &typed.customer(), json!({ "staff": true })).await?;
    if let Some(address) = typed.address() {
        address::add(tx, &cx.ctx, id, &address).await?;
    }
    invitation::invite(tx, &cx.app, &cx.ctx, id, &typed.owner()).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::Form;

    #[test]
    fn desk_5_an_address_is_whole_or_missing() {
        let read = |street: &str, postcode: &str, town: &str| {
            let mut raw = RawForm::parse(
                b"kind=private&first_name=Jana&last_name=Petersen&email=jana%40post.example&locale=de&country=DE",
            );
            raw.set("street", street);
            raw.set("postcode", postcode);
            raw.set("town", town);
            match NewFile::read(&raw) {
                Ok(form) => Ok(form.address().is_some()),
                Err(faults) => {
                    let fields = NewFile::fields().iter().map(|field| field.name);
                    Err(fields
                        .filter(|f| faults.of(f).is_some())
                        .collect::<Vec<_>>())
                }
            }
        };
        assert_eq!(read("", "", ""), Ok(false));
        assert_eq!(read("Deichstraße 7", "20459", "Hamburg"), Ok(true));
        assert_eq!(read("Deichstraße 7", "", ""), Err(vec!["postcode", "town"]));
        assert_eq!(read("", "20459", ""), Err(vec!["street", "town"]));
        assert_eq!(
            read("Deichstraße 7", "2045", "Hamburg"),
            Err(vec!["postcode"])
        );
    }
}
