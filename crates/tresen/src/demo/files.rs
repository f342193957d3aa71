//! What staff and customers have added to the customer files: contacts, notes, warnings, former names, VAT numbers, open
//! invitations.

use anyhow::{Context, Result};
use customers::contact::{self, Contact};
use customers::customer::{self, Kind, NewCustomer, Record};
use customers::invitation::{self, New};
use customers::member::Role;
use customers::note::{self, Text};
use db::Tx;
use kernel::{Actor, Ctx, CustomerId, Email, Locale, Phone, StaffId, UserId, VatId, World};
use std::time::Duration;
use web::{Form, RawForm, Rights};

/// Customer (counted as in `customers.toml`), name, address, what it gets.
const CONTACTS: &[(usize, &str, &str, &str)] = &[
    (
        1,
        "Ole Petersen",
        "ole.petersen@post.example",
        "general=on&domains=on",
    ),
    (
        42,
        "Buchhaltung",
        "rechnungen@feinkost-muellers.example",
        "invoices=on",
    ),
    (
        42,
        "Kasse Ottensen",
        "ottensen@feinkost-muellers.example",
        "support=on&services=on",
    ),
    (
        42,
        "Lager Großmarkt",
        "lager@feinkost-muellers.example",
        "support=on",
    ),
    (
        43,
        "Hauke Hansen, Werkstatt",
        "hauke@tischlerei-hansen.example",
        "general=on&support=on&services=on",
    ),
    (
        48,
        "Steuerkanzlei",
        "belege@steuerkanzlei.example",
        "invoices=on",
    ),
];

/// Customer, days ago, who, pinned, text.
const NOTES: &[(usize, u64, &str, bool, &str)] = &[
    (
        1,
        40,
        "Malte Brodersen",
        true,
        "Ruft lieber an als zu schreiben. Nicht vor 10 Uhr.",
    ),
    (
        1,
        12,
        "Sina Krüger",
        false,
        "Hat nach einem Vertrag für die Nachbarin gefragt; Unterlagen sind unterwegs.",
    ),
    (
        42,
        200,
        "Sina Krüger",
        true,
        "Rechnungen immer an die Buchhaltung, nie an die Filialen.",
    ),
    (
        42,
        31,
        "Malte Brodersen",
        false,
        "Neue Kasse in Ottensen: die alte Leitung bleibt bis Ende des Quartals geschaltet.",
    ),
    (
        47,
        5,
        "Malte Brodersen",
        false,
        "Umzug angekündigt, Termin noch offen.",
    ),
];

/// Customer, the VAT number, mobile.
const RECORDS: &[(usize, &str, &str)] = &[
    (42, "DE136695976", "0171 39200-42"),
    (43, "DE123456788", "0171 39200-43"),
];

fn past(world: &World, days: u64, actor: Actor) -> Ctx {
    Ctx {
        world: world.clone(),
        now: world.now() - Duration::from_secs(86_400 * days),
        actor,
        locale: Locale::De,
    }
}

/// The n-th customer: they are numbered as they stand in the file.
pub(super) async fn nth(tx: &mut Tx, nr: usize) -> Result<CustomerId> {
    let number = (10_000 + nr).to_string();
    let found = customer::by_number(tx, &number, "").await?;
    found.with_context(|| format!("customer {nr}"))
}

pub(super) async fn owner(tx: &mut Tx, customer: CustomerId) -> Result<UserId> {
    let found = customers::member::main_owner(tx, customer).await?;
    found.context("an owner")
}

pub(super) async fn staff(tx: &mut Tx, name: &str) -> Result<StaffId> {
    let all = identity::staff::list(tx).await?;
    let found = all.into_iter().find(|row| row.name == name);
    Ok(found.with_context(|| name.to_owned())?.id)
}

/// All but the invitations.
pub async fn fill(tx: &mut Tx, world: &World) -> Result<()> {
    contacts(tx, world).await?;
    notes(tx, world).await?;
    records(tx, world).await
}

async fn contacts(tx: &mut Tx, world: &World) -> Result<()> {
    for (nr, name, email, kinds) in CONTACTS {
        let customer = nth(tx, *nr).await?;
        let mut typed = RawForm::parse(kinds.as_bytes());
        typed.set("name", *name);
        typed.set("email", *email);
        let contact =
            Contact::read(&typed).map_err(|faults| anyhow::anyhow!("{email}: {faults:?}"))?;
        let ctx = past(world, 90, Actor::System);
        contact::store::insert(tx, customer, ctx.id(), ctx.now, &contact).await?;
    }
    Ok(())
}

async fn notes(tx: &mut Tx, world: &World) -> Result<()> {
    for (nr, days, who, pinned, text) in NOTES {
        let (customer, who) = (nth(tx, *nr).await?, staff(tx, who).await?);
        let text = Text {
            text: (*text).to_owned(),
            pinned: *pinned,
        };
        let ctx = past(world, *days, Actor::Staff(who));
        note::add(tx, &ctx, customer, who, &text).await?;
    }
    // one file has a second page of notes
    let (customer, malte) = (nth(tx, 44).await?, staff(tx, "Malte Brodersen").await?);
    for week in 1..=30_u64 {
        let text = Text {
            text: format!("Wöchentlicher Rückruf, Woche {}: alles läuft.", 31 - week),
            pinned: false,
        };
        let ctx = past(world, 7 * week, Actor::Staff(malte));
        note::add(tx, &ctx, customer, malte, &text).await?;
    }
    let ctx = past(world, 3, Actor::Staff(malte));
    let warning = "Rahmenvertrag läuft aus: vor Zusagen mit dem Verkauf sprechen";
    customer::warn(tx, &ctx, customer, Some(warning)).await?;
    Ok(())
}

async fn records(tx: &mut Tx, world: &World) -> Result<()> {
    for (nr, vat_id, mobile) in RECORDS {
        let customer = nth(tx, *nr).await?;
        let owner = owner(tx, customer).await?;
        let now = customer::store::one(tx, customer).await?;
        let record = Record {
            vat_id: Some(VatId::parse(vat_id).context("a VAT number")?),
            mobile: Phone::parse(mobile).ok(),
            ..now.record.clone()
        };
        let ctx = past(world, 60, Actor::User(owner));
        customer::change(tx, &ctx, customer, now.version, &record).await?;
    }
    // two that were called otherwise once: by their own hand, and by ours
    let (customer, malte) = (nth(tx, 42).await?, staff(tx, "Malte Brodersen").await?);
    let owner = owner(tx, customer).await?;
    let now = customer::store::one(tx, customer).await?.record;
    for (days, company, actor) in [
        (50, "Feinkost Müllers GmbH", Actor::User(owner)),
        (
            20,
            now.company.as_deref().unwrap_or_default(),
            Actor::Staff(malte),
        ),
    ] {
        let version = customer::store::one(tx, customer).await?.version;
        let record = Record {
            company: Some(company.to_owned()),
            ..now.clone()
        };
        let ctx = past(world, days, actor);
        customer::change(tx, &ctx, customer, version, &record).await?;
    }
    Ok(())
}

/// A customer that staff has just made, whose owner has not accepted yet, and a further user who is invited.
pub async fn invitations(app: &web::App, tx: &mut Tx, world: &World) -> Result<()> {
    let sina = staff(tx, "Sina Krüger").await?;
    let ctx = past(world, 1, Actor::Staff(sina));
    let email = |text: &str| Email::parse(text).ok().context("an address");
    let new = NewCustomer {
        kind: Kind::Company,
        company: Some("Fährreederei Kappeln GmbH".into()),
        salutation: Some("Herr".into()),
        first_name: "Boje".into(),
        last_name: "Thomsen".into(),
        phone: None,
        billing_email: email("kontor@faehre-kappeln.example")?,
        locale: Locale::De,
    };
    let by = serde_json::json!({ "staff": true });
    let (ferry, _) = customer::create(tx, &ctx, &new, by).await?;
    let owner = New {
        email: new.billing_email,
        first_name: Some(new.first_name),
        last_name: Some(new.last_name),
        locale: Locale::De,
        role: Role::MainOwner,
    };
    let further = New {
        email: email("einkauf@feinkost-muellers.example")?,
        first_name: None,
        last_name: None,
        locale: Locale::De,
        role: Role::With(Rights::new(["account.view", "messages"])),
    };
    let deli = nth(tx, 42).await?;
    for (customer, new) in [(ferry, owner), (deli, further)] {
        invitation::invite(tx, app, &ctx, customer, &new)
            .await
            .map_err(|error| anyhow::anyhow!("{}: {error}", new.email))?;
    }
    Ok(())
}
