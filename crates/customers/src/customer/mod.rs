//! The customer: the contract partner with the customer number.

pub mod desk;
pub mod file;
pub mod store;

use db::Tx;
use db::audit::{self, Entry};
use kernel::{
    Ctx, CustomerId, CustomerNumber, Email, Locale, Moment, Phone, UserId, fold, search_forms,
};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The first customer number of an installation.
const FIRST_NUMBER: i64 = 10_001;

kernel::words! {
    /// What the contract partner is.
    pub enum Kind { Private = "private", Company = "company", Public = "public" }
}

/// What a customer is made from.
#[derive(Debug, Clone)]
pub struct NewCustomer {
    pub kind: Kind,
    pub company: Option<String>,
    pub salutation: Option<String>,
    pub first_name: String,
    pub last_name: String,
    pub phone: Option<Phone>,
    pub billing_email: Email,
    pub locale: Locale,
}

kernel::row! {
    /// A customer as stored.
    #[derive(Debug, Clone)]
    pub struct Customer {
        pub id: CustomerId,
        pub number: i64,
        pub kind: Kind,
        // when the kind was stated
        pub kind_at: Moment,
        pub company: Option<String>,
        pub salutation: Option<String>,
        pub first_name: String,
        pub last_name: String,
        pub vat_id: Option<String>,
        pub phone: Option<Phone>,
        pub mobile: Option<Phone>,
        pub billing_email: Email,
        pub locale: Locale,
        pub created_at: Moment,
    }
}

/// How a customer is called in lists and mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// With the operator's prefix.
    pub number: String,
    pub name: String,
    pub locale: Locale,
}

impl Customer {
    /// The firm, else the person.
    pub fn name(&self) -> String {
        name(self.company.as_deref(), &self.first_name, &self.last_name)
    }
    pub fn person(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// The firm, else the person.
pub fn name(company: Option<&str>, first_name: &str, last_name: &str) -> String {
    company.map_or_else(|| format!("{first_name} {last_name}"), str::to_owned)
}

/// Creates a customer with the next number. `detail` goes into the log (how it came, what was agreed to).
pub async fn create(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewCustomer,
    detail: serde_json::Value,
) -> db::Result<(CustomerId, i64)> {
    let id: CustomerId = ctx.id();
    let number = db::next_number(tx, "customer", FIRST_NUMBER).await?;
    store::insert(tx, id, number, ctx.now, new).await?;
    for key in keys(number, new) {
        store::add_key(tx, id, &key).await?;
    }
    let entry = Entry {
        act: "customer.created",
        customer: Some(id),
        subject: "customer",
        subject_id: id.to_string(),
        detail: json!({ "number": number, "kind": new.kind, "by": detail }),
    };
    audit::record(tx, ctx, entry).await?;
    Ok((id, number))
}

/// What the desk's search finds the customer by; a search finds the beginning of each.
fn keys(number: i64, new: &NewCustomer) -> BTreeSet<String> {
    let (first, last) = (&new.first_name, &new.last_name);
    let mut keys = BTreeSet::from([
        number.to_string(),
        fold(&format!("{first} {last}")),
        fold(&format!("{last} {first}")),
        new.billing_email.as_str().to_owned(),
        fold(new.billing_email.domain()),
    ]);
    let words = new.company.iter().flat_map(|company| word_starts(company));
    keys.extend(words);
    keys.extend(new.phone.as_ref().map(Phone::digits));
    keys.retain(|key| !key.is_empty());
    keys
}

/// A name from each of its first six words on: "Segelverein Holtenau" is found by "holt", too.
fn word_starts(name: &str) -> Vec<String> {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').collect();
    (0..words.len().min(6))
        .filter_map(|at| Some(words.get(at..)?.join(" ")))
        .collect()
}

/// The keys that `text` may mean the beginning of: one to [`store::FORMS`].
fn forms(text: &str, prefix: &str) -> Vec<String> {
    let number = CustomerNumber::parse(text, prefix).map(|number| number.to_string());
    let phone = Phone::parse(text).ok().map(|phone| phone.digits());
    let mut forms: Vec<String> = number.into_iter().chain(phone).collect();
    forms.extend(search_forms(text));
    forms.truncate(store::FORMS);
    forms
}

/// The customer with this number, typed in whatever way.
pub async fn by_number(tx: &mut Tx, typed: &str, prefix: &str) -> db::Result<Option<CustomerId>> {
    match CustomerNumber::parse(typed, prefix) {
        Some(number) => store::by_number(tx, number).await,
        None => Ok(None),
    }
}

/// # Errors
/// [`db::Error::Missing`] if there is no such customer.
pub async fn name_of(tx: &mut Tx, customer: CustomerId) -> db::Result<String> {
    Ok(store::one(tx, customer).await?.name())
}

/// Number, name and language of a customer.
///
/// # Errors
/// [`db::Error::Missing`] if there is no such customer.
pub async fn label(tx: &mut Tx, customer: CustomerId, prefix: &str) -> db::Result<Label> {
    let found = store::one(tx, customer).await?;
    Ok(Label {
        number: CustomerNumber::format(found.number, prefix),
        name: found.name(),
        locale: found.locale,
    })
}

/// Numbers with prefix and names of many customers; unknown ones are left out.
pub async fn labels(
    tx: &mut Tx,
    customers: &[CustomerId],
    prefix: &str,
) -> db::Result<BTreeMap<CustomerId, (String, String)>> {
    let rows = store::names(tx, customers).await?;
    let label = |row: store::Named| {
        let name = name(row.company.as_deref(), &row.first_name, &row.last_name);
        (row.id, (CustomerNumber::format(row.number, prefix), name))
    };
    Ok(rows.into_iter().map(label).collect())
}

/// Whether there is any customer: an installation in use.
pub async fn any(tx: &mut Tx) -> db::Result<bool> {
    Ok(!store::list(tx, i64::MAX, 1).await?.is_empty())
}

/// Who is told about news in messages: the members who may read them, with a proven address.
pub async fn notify_targets(
    tx: &mut Tx,
    customer: CustomerId,
) -> db::Result<Vec<(UserId, Email, String, Locale)>> {
    crate::member::with_right(tx, customer, crate::rights::MESSAGES).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(company: Option<&str>) -> NewCustomer {
        NewCustomer {
            kind: Kind::Private,
            company: company.map(str::to_owned),
            salutation: None,
            first_name: "Jürgen".into(),
            last_name: "Groß".into(),
            phone: Phone::parse("0171 39200-12").ok(),
            billing_email: Email::parse("J.Gross@Weserpost.example").unwrap(),
            locale: Locale::De,
        }
    }

    #[test]
    fn desk_4_a_customer_is_found_by_each_name() {
        let keys = keys(10_001, &new(Some("Segelverein Holtenau e. V.")));
        for typed in [
            "10001",
            "jurgen g",
            "gross j",
            "holtenau",
            "e. v",
            "j.gross@",
            "weserpost",
            "0171",
        ] {
            assert!(
                keys.iter().any(|key| key.starts_with(typed)),
                "{typed} in {keys:?}"
            );
        }
    }

    #[test]
    fn desk_3_numbers_are_found_however_they_are_typed() {
        for (typed, key) in [
            ("k 10001", "10001"),
            ("0171 39200", "017139200"),
            ("Größ", "gross"),
            ("100", "100"),
        ] {
            let forms = forms(typed, "K-");
            assert!(forms.iter().any(|form| form == key), "{typed}: {forms:?}");
        }
        assert!(!forms("", "K-").is_empty());
    }

    #[test]
    fn a_firm_is_called_by_its_name() {
        assert_eq!(name(Some("Groß GmbH"), "Jürgen", "Groß"), "Groß GmbH");
        assert_eq!(name(None, "Jürgen", "Groß"), "Jürgen Groß");
    }
}
