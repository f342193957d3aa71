//! All SQL on `addresses`.

use super::{Address, AddressId, Stored};
use db::{Result, Tx, params, sql};
use kernel::data::Value;
use kernel::{CustomerId, Moment};

/// The address book: defaults first, then as they were added.
pub async fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Stored>> {
    let stmt = sql!(
        Stored,
        "SELECT id, version, first_name, last_name, company, street, extra, postcode, town, country, phone, billing, delivery \
         FROM addresses WHERE customer_id = $1 ORDER BY billing DESC, delivery DESC, id"
    );
    tx.all(stmt, params![customer]).await
}

/// The defaults for bills and deliveries: none, one or two rows.
pub async fn default_ones(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Stored>> {
    let stmt = sql!(
        Stored,
        "SELECT id, version, first_name, last_name, company, street, extra, postcode, town, country, phone, billing, delivery \
         FROM addresses WHERE customer_id = $1 AND (billing = TRUE OR delivery = TRUE) ORDER BY billing DESC"
    );
    tx.all(stmt, params![customer]).await
}

pub async fn count(tx: &mut Tx, customer: CustomerId) -> Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT COUNT(*) FROM addresses WHERE customer_id = $1"
    );
    Ok(tx.one(stmt, params![customer]).await?.0)
}

pub async fn one(tx: &mut Tx, customer: CustomerId, id: AddressId) -> Result<Stored> {
    let stmt = sql!(
        Stored,
        "SELECT id, version, first_name, last_name, company, street, extra, postcode, town, country, phone, billing, delivery \
         FROM addresses WHERE customer_id = $1 AND id = $2"
    );
    tx.one(stmt, params![customer, id]).await
}

/// Whether there is a default for bills, and one for deliveries.
pub async fn defaults(tx: &mut Tx, customer: CustomerId) -> Result<(bool, bool)> {
    let ones = default_ones(tx, customer).await?;
    Ok((
        ones.iter().any(|a| a.address.billing),
        ones.iter().any(|a| a.address.delivery),
    ))
}

/// Takes the defaults that `address` is about to take over from whoever has them.
pub async fn drop_defaults(tx: &mut Tx, customer: CustomerId, address: &Address) -> Result<()> {
    if address.billing {
        let stmt = sql!(
            "UPDATE addresses SET billing = FALSE, version = version + 1 WHERE customer_id = $1 AND billing = TRUE"
        );
        tx.exec(stmt, params![customer]).await?;
    }
    if address.delivery {
        let stmt = sql!(
            "UPDATE addresses SET delivery = FALSE, version = version + 1 WHERE customer_id = $1 AND delivery = TRUE"
        );
        tx.exec(stmt, params![customer]).await?;
    }
    Ok(())
}

pub async fn insert(
    tx: &mut Tx,
    customer: CustomerId,
    id: AddressId,
    now: Moment,
    address: &Address,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO addresses (customer_id, id, created_at, version, \
         first_name, last_name, company, street, extra, postcode, town, country, phone, billing, delivery) \
         VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    tx.exec(stmt, with(params![customer, id, now], address))
        .await
        .map(drop)
}

pub async fn update(
    tx: &mut Tx,
    customer: CustomerId,
    id: AddressId,
    address: &Address,
) -> Result<()> {
    let stmt = sql!(
        "UPDATE addresses SET version = version + 1, \
         (first_name, last_name, company, street, extra, postcode, town, country, phone, billing, delivery) \
         = ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WHERE customer_id = $1 AND id = $2"
    );
    tx.exec(stmt, with(params![customer, id], address))
        .await
        .map(drop)
}

pub async fn delete(tx: &mut Tx, customer: CustomerId, id: AddressId) -> Result<()> {
    let stmt = sql!("DELETE FROM addresses WHERE customer_id = $1 AND id = $2");
    tx.exec(stmt, params![customer, id]).await.map(drop)
}

/// The keys, then the fields in their order.
fn with<const N: usize>(keys: [Value; N], address: &Address) -> Vec<Value> {
    let mut all = Vec::from(keys);
    all.extend(address.values());
    all
}
