//! The customer: the contract partner with the customer number.

pub mod data;
pub mod desk;
pub mod edit;
pub mod file;
pub mod file_data;
pub mod new;
pub mod record;
pub mod store;

use crate::{contact, member, rights};
use db::Tx;
use db::audit::{self, Entry};
use identity::users;
use kernel::{
    Ctx, CustomerId, CustomerNumber, Email, Locale, Moment, Phone, UserId, fold, phone_key,
    search_forms,
};
pub use record::{Record, Refused, change, rename, warn};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The first customer number of an installation.
const FIRST_NUMBER: i64 = 10_001;

kernel::words! {
    /// What the contract partner is.
    pub enum Kind { Private = "private", Company = "company", Public = "public" }
}
web::choice!(Kind, "customer-kind");

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

impl NewCustomer {
    fn record(&self) -> Record {
        Record {
            kind: self.kind,
            company: self.company.clone(),
            salutation: self.salutation.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            vat_id: None,
            phone: self.phone.clone(),
            mobile: None,
            billing_email: self.billing_email.clone(),
            locale: self.locale,
        }
    }
}

kernel::row! {
    /// A customer as stored. `kind_at` is when the kind was stated; `version` counts the changes of the record.
    #[derive(Debug, Clone)]
    pub struct Customer {
        pub id: CustomerId,
        pub number: i64,
        pub kind_at: Moment,
        pub created_at: Moment,
        pub version: i64,
        // for staff only
        pub warning: Option<String>;
        pub record: Record
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
        let Record {
            company,
            first_name,
            last_name,
            ..
        } = &self.record;
        name(company.as_deref(), first_name, last_name)
    }
    pub fn person(&self) -> String {
        format!("{} {}", self.record.first_name, self.record.last_name)
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
    let record = new.record();
    store::insert(tx, id, number, ctx.now, &record).await?;
    for key in keys(number, &record) {
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

/// Works out anew what the desk finds the customer by: its record, and the addresses of its members. To be called
/// after a change of either.
pub async fn rekey(tx: &mut Tx, customer: CustomerId) -> db::Result<()> {
    let Customer { number, record, .. } = store::one(tx, customer).await?;
    let mut keys = keys(number, &record);
    for member in member::of_customer(tx, customer).await? {
        let emails = users::emails(tx, member.user_id).await?;
        keys.extend(emails.into_iter().map(|email| email.email.to_string()));
    }
    store::drop_keys(tx, customer).await?;
    for key in keys {
        store::add_key(tx, customer, &key).await?;
    }
    Ok(())
}

/// What the desk's search finds the customer by; a search finds the beginning of each.
fn keys(number: i64, record: &Record) -> BTreeSet<String> {
    let (first, last) = (&record.first_name, &record.last_name);
    let mut keys = BTreeSet::from([
        number.to_string(),
        fold(&format!("{first} {last}")),
        fold(&format!("{last} {first}")),
        record.billing_email.as_str().to_owned(),
        fold(record.billing_email.domain()),
    ]);
    let words = record
        .company
        .iter()
        .flat_map(|company| word_starts(company));
    keys.extend(words);
    keys.extend(record.phone.as_ref().map(Phone::key));
    keys.extend(record.mobile.as_ref().map(Phone::key));
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
    let phone = phone_key(text);
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
        locale: found.record.locale,
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

/// Somebody a mail about news goes to: a member, or a contact without a user.
#[derive(Debug, Clone)]
pub struct Told {
    pub user: Option<UserId>,
    pub email: Email,
    pub name: String,
    pub locale: Locale,
}

/// Who is told about news in messages: the members who may read them, with a proven address, and the contacts that
/// get support mail; nobody twice.
pub async fn notify_targets(tx: &mut Tx, customer: CustomerId) -> db::Result<Vec<Told>> {
    let members = member::with_right(tx, customer, rights::MESSAGES).await?;
    let mut told: Vec<Told> = members
        .into_iter()
        .map(|(user, email, name, locale)| Told {
            user: Some(user),
            email,
            name,
            locale,
        })
        .collect();
    for contact in support_contacts(tx, customer).await? {
        if !told.iter().any(|known| known.email == contact.email) {
            told.push(contact);
        }
    }
    Ok(told)
}

/// The contacts that get support mail.
pub async fn support_contacts(tx: &mut Tx, customer: CustomerId) -> db::Result<Vec<Told>> {
    let contacts = contact::store::for_support(tx, customer).await?;
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
    let locale = store::one(tx, customer).await?.record.locale;
    let told = |(email, name)| Told {
        user: None,
        email,
        name,
        locale,
    };
    Ok(contacts.into_iter().map(told).collect())
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
        let keys = keys(10_001, &new(Some("Segelverein Holtenau e. V.")).record());
        for typed in [
            "10001",
            "jurgen g",
            "gross j",
            "holtenau",
            "e. v",
            "j.gross@",
            "weserpost",
            "0171 392",
            "+49 171",
        ] {
            let forms = forms(typed, "K-");
            assert!(
                keys.iter()
                    .any(|key| forms.iter().any(|form| key.starts_with(form))),
                "{typed} in {keys:?}"
            );
        }
    }

    #[test]
    fn desk_3_numbers_are_found_however_they_are_typed() {
        for (typed, key) in [
            ("k 10001", "10001"),
            ("0171 39200", "+4917139200"),
            ("+49 171 39200", "+4917139200"),
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
