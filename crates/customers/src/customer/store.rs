//! All SQL on `customers` and `customer_keys`.

use super::{Customer, NewCustomer};
use db::{Result, Tx, Value, params, sql};
use kernel::{CustomerId, Email, Moment, prefix_end, stored_key};

pub async fn one(tx: &mut Tx, customer: CustomerId) -> Result<Customer> {
    let stmt = sql!(
        Customer,
        "SELECT id, number, kind, kind_at, company, salutation, first_name, last_name, vat_id, phone, mobile, \
         billing_email, locale, created_at FROM customers WHERE id = $1"
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
    new: &NewCustomer,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO customers (id, number, kind, kind_at, company, salutation, first_name, last_name, phone, \
         billing_email, locale, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $4)"
    );
    let values = params![
        id,
        number,
        new.kind,
        now,
        &new.company,
        &new.salutation,
        &new.first_name,
        &new.last_name,
        &new.phone,
        &new.billing_email,
        new.locale
    ];
    tx.exec(stmt, values).await.map(drop)
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
