//! All SQL on `contacts` and `contact_stops`.

use super::{Contact, ContactId, Stored};
use db::{Result, Tx, params, sql};
use kernel::data::Value;
use kernel::{CustomerId, Email, Moment};

/// All contacts, as they were entered.
pub async fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Stored>> {
    let stmt = sql!(
        Stored,
        "SELECT id, version, name, email, phone, general, invoices, support, services, domains \
         FROM contacts WHERE customer_id = $1 ORDER BY id"
    );
    tx.all(stmt, params![customer]).await
}

pub async fn one(tx: &mut Tx, customer: CustomerId, id: ContactId) -> Result<Stored> {
    let stmt = sql!(
        Stored,
        "SELECT id, version, name, email, phone, general, invoices, support, services, domains \
         FROM contacts WHERE customer_id = $1 AND id = $2"
    );
    tx.one(stmt, params![customer, id]).await
}

pub async fn count(tx: &mut Tx, customer: CustomerId) -> Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT COUNT(*) FROM contacts WHERE customer_id = $1"
    );
    Ok(tx.one(stmt, params![customer]).await?.0)
}

/// Who gets support mail: address and name.
pub async fn for_support(tx: &mut Tx, customer: CustomerId) -> Result<Vec<(Email, String)>> {
    let stmt = sql!(
        (Email, String),
        "SELECT email, name FROM contacts WHERE customer_id = $1 AND support = TRUE ORDER BY id"
    );
    tx.all(stmt, params![customer]).await
}

pub async fn by_email(
    tx: &mut Tx,
    customer: CustomerId,
    email: &Email,
) -> Result<Option<ContactId>> {
    let stmt = sql!(
        (ContactId,),
        "SELECT id FROM contacts WHERE customer_id = $1 AND email = $2"
    );
    Ok(tx.opt(stmt, params![customer, email]).await?.map(|r| r.0))
}

pub async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    id: ContactId,
    now: Moment,
    contact: &Contact,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO contacts (customer_id, id, created_at, version, \
         name, email, phone, general, invoices, support, services, domains) \
         VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    tx.exec(stmt, with(params![customer, id, now], contact))
        .await
        .map(drop)
}

pub async fn update(
    tx: &mut Tx,
    customer: CustomerId,
    id: ContactId,
    contact: &Contact,
) -> Result<()> {
    let stmt = sql!(
        "UPDATE contacts SET version = version + 1, \
         (name, email, phone, general, invoices, support, services, domains) \
         = ($3, $4, $5, $6, $7, $8, $9, $10) WHERE customer_id = $1 AND id = $2"
    );
    tx.exec(stmt, with(params![customer, id], contact))
        .await
        .map(drop)
}

pub async fn delete(tx: &mut Tx, customer: CustomerId, id: ContactId) -> Result<()> {
    let stmt = sql!("DELETE FROM contacts WHERE customer_id = $1 AND id = $2");
    tx.exec(stmt, params![customer, id]).await.map(drop)
}

/// Whether whoever reads the address has asked for no mails of this customer.
pub async fn stopped(tx: &mut Tx, customer: CustomerId, email: &Email) -> Result<bool> {
    let stmt = sql!(
        (Moment,),
        "SELECT at FROM contact_stops WHERE customer_id = $1 AND email = $2"
    );
    Ok(tx.opt(stmt, params![customer, email]).await?.is_some())
}

pub async fn stop(tx: &mut Tx, customer: CustomerId, email: &Email, now: Moment) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO contact_stops (customer_id, email, at) VALUES ($1, $2, $3) \
         ON CONFLICT (customer_id, email) DO NOTHING"
    );
    tx.exec(stmt, params![customer, email, now]).await.map(drop)
}

/// The keys, then the fields in their order.
fn with<const N: usize>(keys: [Value; N], contact: &Contact) -> Vec<Value> {
    let mut all = Vec::from(keys);
    all.extend(contact.values());
    all
}
