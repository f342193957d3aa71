//! Manuals: the operator's longer works, by a link to where they lie.

pub mod store;

use crate::group::Position;
use crate::shelf;
use db::Tx;
use db::audit::{self, Entry};
use kernel::{Ctx, Locale};
use serde_json::json;
use web::form::{Fault, Field, FieldValue};

kernel::typed_id!(/** A manual. */ ManualId);

web::noun! {
    /// A manual, as it is entered.
    pub struct Manual as "manual"; {
        title_de: String = line(120).half(),
        title_en: Option<String> = line(120).half(),
        link: Target = line(500),
        note_de: Option<String> = line(120).half(),
        note_en: Option<String> = line(120).half(),
        position: Position = line(4).inputmode("numeric"),
    }
}

impl From<Position> for db::Value {
    fn from(position: Position) -> Self {
        position.0.into()
    }
}
impl kernel::data::FromValue for Position {
    const KIND: kernel::data::Kind = <i64 as kernel::data::FromValue>::KIND;
    fn from_value(value: db::Value) -> Result<Self, kernel::data::BadValue> {
        <i64 as kernel::data::FromValue>::from_value(value).map(Position)
    }
}

/// Where a manual lies: a web address, or a path of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target(pub String);

impl FieldValue for Target {
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        let link = <String as FieldValue>::parse(field, raw)?;
        let own = link.starts_with('/') && web::safe_next(&link).is_some();
        let foreign = ["https://", "http://"].iter().any(|start| {
            link.strip_prefix(start)
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()))
        });
        if own || foreign {
            Ok(Target(link))
        } else {
            Err(Fault::key("fault-link"))
        }
    }
    fn raw(&self) -> String {
        self.0.clone()
    }
}

impl From<Target> for db::Value {
    fn from(target: Target) -> Self {
        target.0.into()
    }
}
impl kernel::data::FromValue for Target {
    const KIND: kernel::data::Kind = <String as kernel::data::FromValue>::KIND;
    fn from_value(value: db::Value) -> Result<Self, kernel::data::BadValue> {
        <String as kernel::data::FromValue>::from_value(value).map(Target)
    }
}

impl Manual {
    pub fn title(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => self.title_en.as_deref().unwrap_or(&self.title_de),
            Locale::De => &self.title_de,
        }
    }

    pub fn note(&self, locale: Locale) -> Option<&str> {
        match locale {
            Locale::En => self.note_en.as_deref().or(self.note_de.as_deref()),
            Locale::De => self.note_de.as_deref(),
        }
    }
}

kernel::row! {
    #[derive(Debug, Clone)]
    pub struct Stored { pub id: ManualId; pub manual: Manual }
}

pub async fn add(tx: &mut Tx, ctx: &Ctx, manual: &Manual) -> db::Result<ManualId> {
    let id: ManualId = ctx.id();
    store::insert(tx, id, manual).await?;
    record(tx, ctx, "manual.added", id, manual).await?;
    Ok(id)
}

pub async fn change(tx: &mut Tx, ctx: &Ctx, id: ManualId, manual: &Manual) -> db::Result<()> {
    store::one(tx, id).await?;
    store::update(tx, id, manual).await?;
    record(tx, ctx, "manual.changed", id, manual).await
}

pub async fn remove(tx: &mut Tx, ctx: &Ctx, id: ManualId) -> db::Result<()> {
    let stored = store::one(tx, id).await?;
    store::delete(tx, id).await?;
    record(tx, ctx, "manual.removed", id, &stored.manual).await
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    act: &'static str,
    id: ManualId,
    manual: &Manual,
) -> db::Result<()> {
    shelf::bump(tx).await?;
    let entry = Entry {
        act,
        customer: None,
        subject: "manual",
        subject_id: id.to_string(),
        detail: json!({"title": manual.title_de, "link": manual.link.0}),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
