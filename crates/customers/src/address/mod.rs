//! An address of the address book (ACC-4). One is the default for bills, one for deliveries, as soon as there is any.

pub mod portal;
pub mod store;

use db::Tx;
use db::audit::{self, Entry};
use kernel::data::{BadValue, FromValue, Kind, Value};
use kernel::{Country, Ctx, CustomerId, Phone};
use serde_json::json;
use web::form::{Fault, Faults, Field, FieldValue, Form, RawForm};

kernel::typed_id!(/** An entry of an address book. */ AddressId);

web::noun! {
    /// What an address says. `billing` and `delivery` make it the default.
    pub struct Address as "address", check(postcode, country) = check; {
        first_name: String = line(60).half().autocomplete("given-name"),
        last_name: String = line(60).half().autocomplete("family-name"),
        company: Option<String> = line(100).autocomplete("organization"),
        street: String = line(100).autocomplete("address-line1"),
        extra: Option<String> = line(100).autocomplete("address-line2"),
        postcode: Postcode = line(12).short().autocomplete("postal-code"),
        town: String = line(60).rest().autocomplete("address-level2"),
        country: Country = select().autocomplete("country"),
        phone: Option<Phone> = phone(),
        billing: bool = tick(),
        delivery: bool = tick(),
    }
}

kernel::row! {
    /// An address as it is stored. `version` counts its changes.
    #[derive(Debug, Clone)]
    pub struct Stored { pub id: AddressId, pub version: i64; pub address: Address }
}

/// A postcode in the spelling of its country; empty only where the country has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postcode(String);

impl Postcode {
    /// For what was checked already.
    pub fn new(checked: impl Into<String>) -> Self {
        Postcode(checked.into())
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FieldValue for Postcode {
    // an empty one is judged with the country
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        Ok(Postcode(
            Option::<String>::parse(field, raw)?.unwrap_or_default(),
        ))
    }
    fn raw(&self) -> String {
        self.0.clone()
    }
}
impl From<Postcode> for Value {
    fn from(postcode: Postcode) -> Value {
        Value::Text(postcode.0)
    }
}
impl FromValue for Postcode {
    const KIND: Kind = Kind::Text;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        String::from_value(value).map(Postcode)
    }
}

pub(crate) fn check(postcode: &mut Postcode, country: &mut Country, faults: &mut Faults) {
    match kernel::postcode(*country, &postcode.0) {
        Ok(written) => *postcode = Postcode(written),
        Err(fault) => faults.add("postcode", Fault::key(fault.key())),
    }
}

/// Why an address was not changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody changed it since the form was drawn; what is stored now.
    #[error("changed meanwhile")]
    Stale(Box<Stored>),
    /// The last default cannot be given up: the field of the box.
    #[error("one address stays the default")]
    Default(&'static str),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// An address book is one page.
pub const MOST: i64 = 100;

/// Adds an address. The first one becomes both defaults. `None`: there are [`MOST`] already.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    address: &Address,
) -> db::Result<Option<AddressId>> {
    if store::count(tx, customer).await? >= MOST {
        return Ok(None);
    }
    let mut address = address.clone();
    let (billing, delivery) = store::defaults(tx, customer).await?;
    address.billing |= !billing;
    address.delivery |= !delivery;
    store::drop_defaults(tx, customer, &address).await?;
    let id: AddressId = ctx.id();
    store::insert(tx, customer, id, ctx.now, &address).await?;
    record(tx, ctx, customer, "address.added", id, &address).await?;
    Ok(Some(id))
}

/// Changes an address that is still at `version`.
///
/// # Errors
/// [`Refused`]; a stranger's id is [`db::Error::Missing`].
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    id: AddressId,
    version: i64,
    address: &Address,
) -> Result<(), Refused> {
    let now = store::one(tx, customer, id).await?;
    if now.version != version {
        return Err(Refused::Stale(Box::new(now)));
    }
    if now.address.billing && !address.billing {
        return Err(Refused::Default("billing"));
    }
    if now.address.delivery && !address.delivery {
        return Err(Refused::Default("delivery"));
    }
    store::drop_defaults(tx, customer, address).await?;
    store::update(tx, customer, id, address).await?;
    record(tx, ctx, customer, "address.changed", id, address).await?;
    Ok(())
}

/// Removes an address that is no default.
///
/// # Errors
/// [`Refused::Default`]; a stranger's id is [`db::Error::Missing`].
pub async fn remove(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    id: AddressId,
) -> Result<(), Refused> {
    let Stored { address, .. } = store::one(tx, customer, id).await?;
    if address.billing {
        return Err(Refused::Default("billing"));
    }
    if address.delivery {
        return Err(Refused::Default("delivery"));
    }
    store::delete(tx, customer, id).await?;
    record(tx, ctx, customer, "address.removed", id, &address).await?;
    Ok(())
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    act: &'static str,
    id: AddressId,
    address: &Address,
) -> db::Result<()> {
    let entry = Entry {
        act,
        customer: Some(customer),
        subject: "address",
        subject_id: id.to_string(),
        detail: json!({ "town": address.town, "billing": address.billing, "delivery": address.delivery }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// For samples and tests.
pub fn example() -> Address {
    // read like a posted form, so that a further optional field needs no change here
    let typed = b"first_name=Jana&last_name=Petersen&street=Holtenauer+Stra%C3%9Fe+148&postcode=24105&town=Kiel\
        &country=DE&phone=0431+55512-04&billing=on";
    Address::read(&RawForm::parse(typed)).expect("the example is a good address")
}
