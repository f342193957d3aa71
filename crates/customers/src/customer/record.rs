//! The customer's record: what the contract partner says of itself (ACC-3), how it is changed, and what it was called
//! before.

use super::{Customer, Kind, rekey, store};
use db::Tx;
use db::audit::{self, Entry};
use identity::{staff, users};
use kernel::{Actor, Ctx, CustomerId, Email, Locale, Moment, Phone, VatId};
use serde_json::json;
use web::form::{Fault, Faults, Form};

web::noun! {
    /// What a customer says of itself. Its address is the default one for bills in the address book.
    pub struct Record as "customer", check(kind, company) = fit_company, check(kind, vat_id) = fit_vat_id; {
        kind: Kind = select(),
        company: Option<String> = line(100).autocomplete("organization"),
        salutation: Option<String> = line(40).autocomplete("honorific-prefix"),
        first_name: String = line(60).half().autocomplete("given-name"),
        last_name: String = line(60).half().autocomplete("family-name"),
        vat_id: Option<VatId> = line(40),
        phone: Option<Phone> = phone().half(),
        mobile: Option<Phone> = phone().half(),
        billing_email: Email = email(),
        locale: Locale = select(),
    }
}

pub(super) fn fit_company(kind: &mut Kind, company: &mut Option<String>, faults: &mut Faults) {
    match (*kind, &company) {
        (Kind::Private, Some(_)) => faults.add("company", Fault::key("fault-company-private")),
        (Kind::Public, None) => faults.add("company", Fault::key("fault-company-public")),
        _ => {}
    }
}

fn fit_vat_id(kind: &mut Kind, vat_id: &mut Option<VatId>, faults: &mut Faults) {
    if *kind == Kind::Private && vat_id.is_some() {
        faults.add("vat_id", Fault::key("fault-vat-private"));
    }
}

kernel::row! {
    /// One change of the contract partner's name.
    #[derive(Debug, Clone)]
    pub struct NameChange {
        pub at: Moment,
        pub old_company: Option<String>,
        pub old_first_name: String,
        pub old_last_name: String,
        pub company: Option<String>,
        pub first_name: String,
        pub last_name: String,
        // `user`, `staff` or `system`
        pub actor_kind: String,
        // as it was then
        pub actor_name: String,
    }
}

/// Why a record was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody changed it since the form was drawn; what is stored now.
    #[error("changed meanwhile")]
    Stale(Box<Customer>),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Changes a record that is still at `version`.
///
/// # Errors
/// [`Refused`]; an unknown customer is [`db::Error::Missing`].
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    version: i64,
    record: &Record,
) -> Result<(), Refused> {
    let now = store::one(tx, customer).await?;
    if now.version != version {
        return Err(Refused::Stale(Box::new(now)));
    }
    Ok(write(tx, ctx, &now, record).await?)
}

/// Changes the contract partner's name and nothing else.
pub async fn rename(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    first_name: &str,
    last_name: &str,
) -> db::Result<()> {
    let now = store::one(tx, customer).await?;
    let record = Record {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        ..now.record.clone()
    };
    write(tx, ctx, &now, &record).await
}

async fn write(tx: &mut Tx, ctx: &Ctx, now: &Customer, record: &Record) -> db::Result<()> {
    let fields = changed(&now.record, record);
    if fields.is_empty() {
        return Ok(());
    }
    let name = ["company", "first_name", "last_name"];
    if fields.iter().any(|field| name.contains(field)) {
        let actor = actor_name(tx, ctx).await?;
        store::insert_name(tx, ctx, now.id, &now.record, record, &actor).await?;
    }
    // the statement of the kind counts from when it was made
    let kind_at = if now.record.kind == record.kind {
        now.kind_at
    } else {
        ctx.now
    };
    store::update(tx, now.id, kind_at, record).await?;
    rekey(tx, now.id).await?;
    // which fields, not what stood in them: the log is kept longer than the data
    let detail = if now.record.kind == record.kind {
        json!({ "fields": fields })
    } else {
        json!({ "fields": fields, "kind": [now.record.kind, record.kind] })
    };
    note(tx, ctx, now.id, "customer.changed", detail).await
}

fn changed(old: &Record, new: &Record) -> Vec<&'static str> {
    let (old, new) = (old.raw(), new.raw());
    let names = Record::fields().iter().map(|field| field.name);
    names
        .filter(|name| old.get(name) != new.get(name))
        .collect()
}

async fn actor_name(tx: &mut Tx, ctx: &Ctx) -> db::Result<String> {
    match ctx.actor {
        Actor::User(user) => users::name(tx, user).await,
        Actor::Staff(id) => staff::name(tx, id).await,
        Actor::System | Actor::Guest => Ok(String::new()),
    }
}

/// Sets or takes away the line that staff sees on top of the file.
pub async fn warn(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    warning: Option<&str>,
) -> db::Result<()> {
    let now = store::one(tx, customer).await?;
    if now.warning.as_deref() == warning {
        return Ok(());
    }
    store::set_warning(tx, customer, warning).await?;
    let act = match warning {
        Some(_) => "customer.warning_set",
        None => "customer.warning_removed",
    };
    note(tx, ctx, customer, act, json!({})).await
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    act: &'static str,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = Entry {
        act,
        customer: Some(customer),
        subject: "customer",
        subject_id: customer.to_string(),
        detail,
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// For samples and tests.
pub fn example() -> Record {
    let typed = b"kind=company&company=Segelverein+Holtenau+e.+V.&salutation=Frau&first_name=Jana&last_name=Petersen\
        &vat_id=DE136695976&phone=0431+55512-04&mobile=0171+39200-11&billing_email=jana%40post.example&locale=de";
    Record::read(&web::RawForm::parse(typed)).expect("the example is a good record")
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::RawForm;

    fn faults(changes: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut raw = example().raw();
        for (name, value) in changes {
            raw.set(name, *value);
        }
        let Err(faults) = Record::read(&raw) else {
            return Vec::new();
        };
        Record::fields()
            .iter()
            .filter_map(|field| {
                let fault = faults.of(field.name)?;
                Some((field.name.to_owned(), fault.key.to_string()))
            })
            .collect()
    }

    #[test]
    fn acc_3_the_fields_of_a_record_fit_together() {
        let fault = |field: &str, key: &str| vec![(field.to_owned(), key.to_owned())];
        assert_eq!(faults(&[]), Vec::new());
        assert_eq!(faults(&[("company", ""), ("vat_id", "")]), Vec::new());
        assert_eq!(
            faults(&[("kind", "private"), ("company", ""), ("vat_id", "")]),
            Vec::new()
        );
        assert_eq!(
            faults(&[("kind", "private"), ("vat_id", "")]),
            fault("company", "fault-company-private")
        );
        assert_eq!(
            faults(&[("kind", "private"), ("company", "")]),
            fault("vat_id", "fault-vat-private")
        );
        assert_eq!(
            faults(&[("kind", "public"), ("company", "")]),
            fault("company", "fault-company-public")
        );
        assert_eq!(
            faults(&[("vat_id", "DE136695978")]),
            fault("vat_id", "vat-digits")
        );
        assert_eq!(faults(&[("kind", "x")]), fault("kind", "fault-choice"));
        // one fault does not hide the others
        assert_eq!(
            faults(&[
                ("kind", "public"),
                ("company", ""),
                ("last_name", ""),
                ("phone", "x")
            ])
            .len(),
            3
        );
        assert!(Record::read(&RawForm::default()).is_err());
    }

    #[test]
    fn acc_3_only_what_differs_counts_as_changed() {
        let old = example();
        let new = Record {
            vat_id: None,
            locale: Locale::En,
            ..old.clone()
        };
        assert_eq!(changed(&old, &new), ["vat_id", "locale"]);
        assert!(changed(&old, &old).is_empty());
    }
}
