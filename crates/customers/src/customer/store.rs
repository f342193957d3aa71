//! All SQL on `customers` and `customer_keys`.

use super::record::NameChange;
use super::{Customer, Record};
use db::{Result, Tx, Value, params, sql};
use kernel::{Ctx, CustomerId, Email, Moment, Uuid, prefix_end, stored_key};

pub async fn one(tx: &mut Tx, customer: CustomerId) -> Result<Customer> {
    let stmt = sql!(
        Customer,
        "SELECT id, number, kind_at, created_at, version, warning, kind, company, salutation, first_name, last_name, \
         vat_id, phone, mobile, billing_email, locale FROM customers WHERE id = $1"
    );
    tx.one(stmt, params![customer]).await
}

pub async fn by_number(tx: &mut Tx, number: i64) -> Result<Option<CustomerId>> {
    let stmt = sql!((CustomerId,), "SELECT id FROM customers WHERE number = $1");
    Ok(tx.opt(stmt, params![number]).await?.map(|row| row.0))
}

pub async fn insert(
    tx: &mut Tx,
    id: CustomerId,
    number: i64,
    now: Moment,
    record: &Record,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO customers (id, number, kind_at, created_at, version, kind, company, salutation, first_name, \
         last_name, vat_id, phone, mobile, billing_email, locale) \
         VALUES ($1, $2, $3, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let mut values: Vec<Value> = params![id, number, now].into();
    values.extend(record.values());
    tx.exec(stmt, values).await.map(drop)
}

pub async fn update(
    tx: &mut Tx,
    customer: CustomerId,
    kind_at: Moment,
    record: &Record,
) -> Result<()> {
    let stmt = sql!(
        "UPDATE customers SET version = version + 1, kind_at = $2, \
         (kind, company, salutation, first_name, last_name, vat_id, phone, mobile, billing_email, locale) \
         = ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12) WHERE id = $1"
    );
    let mut values: Vec<Value> = params![customer, kind_at].into();
    values.extend(record.values());
    tx.exec(stmt, values).await.map(drop)
}

pub async fn set_warning(tx: &mut Tx, customer: CustomerId, warning: Option<&str>) -> Result<()> {
    let stmt = sql!("UPDATE customers SET warning = $2 WHERE id = $1");
    tx.exec(stmt, params![customer, warning]).await.map(drop)
}

/// Keeps what the contract partner was called.
pub async fn insert_name(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    old: &Record,
    new: &Record,
    actor_name: &str,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO customer_names (id, customer_id, at, old_company, old_first_name, old_last_name, company, \
         first_name, last_name, actor_kind, actor_id, actor_name) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = params![
        ctx.id::<Uuid>(),
        customer,
        ctx.now,
        &old.company,
        &old.first_name,
        &old.last_name,
        &new.company,
        &new.first_name,
        &new.last_name,
        ctx.actor.kind(),
        ctx.actor.id(),
        actor_name
    ];
    tx.exec(stmt, values).await.map(drop)
}

/// The last changes of the name, the newest first.
pub async fn name_changes(
    tx: &mut Tx,
    customer: CustomerId,
    limit: i64,
) -> Result<Vec<NameChange>> {
    let stmt = sql!(
        NameChange,
        "SELECT at, old_company, old_first_name, old_last_name, company, first_name, last_name, actor_kind, actor_name \
         FROM customer_names WHERE customer_id = $1 ORDER BY id DESC LIMIT $2"
    );
    tx.all(stmt, params![customer, limit]).await
}

pub async fn drop_keys(tx: &mut Tx, customer: CustomerId) -> Result<()> {
    let stmt = sql!("DELETE FROM customer_keys WHERE customer_id = $1");
    tx.exec(stmt, params![customer]).await.map(drop)
}

/// One more thing the desk finds the customer by.
pub async fn add_key(tx: &mut Tx, customer: CustomerId, key: &str) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO customer_keys (customer_id, key) VALUES ($1, $2) ON CONFLICT (customer_id, key) DO NOTHING"
    );
    tx.exec(stmt, params![customer, stored_key(key)])
        .await
        .map(drop)
}

kernel::row! {
    /// A line of the desk's list.
    #[derive(Debug, Clone)]
    pub struct Line {
        pub id: CustomerId,
        pub number: i64,
        pub kind: super::Kind,
        pub company: Option<String>,
        pub first_name: String,
        pub last_name: String,
        pub billing_email: Email,
        pub created_at: Moment,
    }
}

/// Customers from the newest number on, below `before`; at most `limit`.
pub async fn list(tx: &mut Tx, before: i64, limit: i64) -> Result<Vec<Line>> {
    let stmt = sql!(
        Line,
        "SELECT id, number, kind, company, first_name, last_name, billing_email, created_at FROM customers \
         WHERE number < $1 ORDER BY number DESC LIMIT $2"
    );
    tx.all(stmt, params![before, limit]).await
}

/// How many beginnings [`find`] takes.
pub const FORMS: usize = 4;

/// As [`list`], of those with a key that begins with one of `forms`.
pub async fn find(tx: &mut Tx, forms: &[String], before: i64, limit: i64) -> Result<Vec<Line>> {
    let stmt = sql!(
        Line,
        "SELECT id, number, kind, company, first_name, last_name, billing_email, created_at FROM customers \
         WHERE number < $1 AND id IN (SELECT customer_id FROM customer_keys WHERE (key >= $3 AND key < $4) \
         OR (key >= $5 AND key < $6) OR (key >= $7 AND key < $8) OR (key >= $9 AND key < $10)) \
         ORDER BY number DESC LIMIT $2"
    );
    let Some(first) = forms.first() else {
        return Ok(Vec::new());
    };
    let mut values: Vec<Value> = params![before, limit].into();
    // the first form stands in for those that are missing
    for form in forms.iter().chain(std::iter::repeat(first)).take(FORMS) {
        values.extend(params![form, prefix_end(form)]);
    }
    tx.all(stmt, values).await
}

/// How many keys of each form [`beginning`] looks at: a customer has a few that begin alike.
const BEGINNINGS: i64 = 60;

/// Customers with a key that begins with one of `forms`, by alphabet, however many there are; for a search that shows
/// the first few.
pub async fn beginning(tx: &mut Tx, forms: &[String], limit: i64) -> Result<Vec<Line>> {
    let stmt = sql!(
        Line,
        "SELECT c.id, c.number, c.kind, c.company, c.first_name, c.last_name, c.billing_email, c.created_at FROM ( \
         SELECT customer_id, min(key) AS key FROM ( \
         SELECT key, customer_id FROM (SELECT key, customer_id FROM customer_keys WHERE key >= $3 AND key < $4 ORDER BY key, customer_id LIMIT $1) a \
         UNION ALL SELECT key, customer_id FROM (SELECT key, customer_id FROM customer_keys WHERE key >= $5 AND key < $6 ORDER BY key, customer_id LIMIT $1) b \
         UNION ALL SELECT key, customer_id FROM (SELECT key, customer_id FROM customer_keys WHERE key >= $7 AND key < $8 ORDER BY key, customer_id LIMIT $1) c \
         UNION ALL SELECT key, customer_id FROM (SELECT key, customer_id FROM customer_keys WHERE key >= $9 AND key < $10 ORDER BY key, customer_id LIMIT $1) d \
         ) u GROUP BY customer_id ORDER BY min(key), customer_id LIMIT $2) k \
         JOIN customers c ON c.id = k.customer_id ORDER BY k.key, c.number"
    );
    let mut values: Vec<Value> = params![BEGINNINGS, limit].into();
    // a form that is missing finds nothing: no key lies below the empty one
    for form in forms
        .iter()
        .map(Some)
        .chain(std::iter::repeat(None))
        .take(FORMS)
    {
        match form {
            Some(form) => values.extend(params![form, prefix_end(form)]),
            None => values.extend(params!["", ""]),
        }
    }
    tx.all(stmt, values).await
}

kernel::row! {
    /// What a customer is called by.
    #[derive(Debug, Clone)]
    pub struct Named {
        pub id: CustomerId,
        pub number: i64,
        pub company: Option<String>,
        pub first_name: String,
        pub last_name: String,
    }
}

/// One query for each thirty.
pub async fn names(tx: &mut Tx, customers: &[CustomerId]) -> Result<Vec<Named>> {
    let stmt = sql!(
        Named,
        "SELECT id, number, company, first_name, last_name FROM customers WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, \
         $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)"
    );
    let mut all = Vec::with_capacity(customers.len());
    for some in customers.chunks(30) {
        // one statement for any number: what is missing repeats the last
        let last = some.last().into_iter().cycle();
        let params: Vec<Value> = some
            .iter()
            .chain(last)
            .take(30)
            .map(|id| (*id).into())
            .collect();
        all.extend(tx.all(stmt, params).await?);
    }
    Ok(all)
}
