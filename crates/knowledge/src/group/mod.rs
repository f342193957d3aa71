//! Folders, of which an article has one, and categories, of which it may have several.

pub mod store;

use crate::shelf;
use db::Tx;
use db::audit::{self, Entry};
use kernel::Ctx;
use serde_json::json;
use web::form::{Fault, Field, FieldValue};

kernel::typed_id!(/** A folder or category. */ GroupId);

kernel::words! {
    pub enum Kind {
        Folder = "folder",
        Category = "category",
    }
}

web::form! {
    /// A folder or category, as it is entered.
    #[derive(PartialEq)]
    pub struct Names as "group"; {
        name_de: String = line(80).half(),
        name_en: Option<String> = line(80).half(),
        position: Position = line(4).inputmode("numeric"),
    }
}

/// Where something stands among others: the smaller the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position(pub i64);

impl FieldValue for Position {
    const REQUIRED: bool = false;
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        match raw.trim() {
            "" => Ok(Position(0)),
            digits => digits
                .parse()
                .ok()
                .filter(|n| (0..10_000).contains(n))
                .map(Position)
                .ok_or_else(|| Fault::key("fault-position")),
        }
    }
    fn raw(&self) -> String {
        self.0.to_string()
    }
}

kernel::row! {
    #[derive(Debug, Clone)]
    pub struct Group {
        pub id: GroupId,
        pub kind: Kind,
        pub slug: String,
        pub name_de: String,
        pub name_en: Option<String>,
        pub position: i64,
    }
}

impl Group {
    pub fn name(&self, locale: kernel::Locale) -> &str {
        match locale {
            kernel::Locale::En => self.name_en.as_deref().unwrap_or(&self.name_de),
            kernel::Locale::De => &self.name_de,
        }
    }
}

/// Why a folder or category was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("one of this name is there")]
    Taken,
    #[error("the folder holds articles")]
    NotEmpty,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Adds one; its address comes from its German name.
///
/// # Errors
/// [`Refused::Taken`]
pub async fn add(tx: &mut Tx, ctx: &Ctx, kind: Kind, names: &Names) -> Result<GroupId, Refused> {
    let slug = crate::slug(&names.name_de);
    add_as(tx, ctx, kind, &slug, names).await
}

pub(crate) async fn add_as(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: Kind,
    slug: &str,
    names: &Names,
) -> Result<GroupId, Refused> {
    if slug.is_empty() || store::by_slug(tx, kind, slug).await?.is_some() {
        return Err(Refused::Taken);
    }
    let id: GroupId = ctx.id();
    let group = Group {
        id,
        kind,
        slug: slug.to_owned(),
        name_de: names.name_de.clone(),
        name_en: names.name_en.clone(),
        position: names.position.0,
    };
    store::insert(tx, &group).await?;
    record(tx, ctx, "added", &group).await?;
    Ok(id)
}

/// Other names; the address stays.
pub async fn change(tx: &mut Tx, ctx: &Ctx, id: GroupId, names: &Names) -> db::Result<()> {
    let before = store::one(tx, id).await?;
    let group = Group {
        name_de: names.name_de.clone(),
        name_en: names.name_en.clone(),
        position: names.position.0,
        ..before
    };
    store::update(tx, &group).await?;
    record(tx, ctx, "changed", &group).await
}

/// # Errors
/// [`Refused::NotEmpty`]: a folder goes when nothing is in it; a category just goes.
pub async fn remove(tx: &mut Tx, ctx: &Ctx, id: GroupId) -> Result<(), Refused> {
    let group = store::one(tx, id).await?;
    if group.kind == Kind::Folder && crate::article::store::count_in(tx, id).await? > 0 {
        return Err(Refused::NotEmpty);
    }
    store::delete(tx, id).await?;
    record(tx, ctx, "removed", &group).await?;
    Ok(())
}

async fn record(tx: &mut Tx, ctx: &Ctx, what: &str, group: &Group) -> db::Result<()> {
    shelf::bump(tx).await?;
    let act = match (group.kind, what) {
        (Kind::Folder, "added") => "folder.added",
        (Kind::Folder, "changed") => "folder.changed",
        (Kind::Folder, _) => "folder.removed",
        (Kind::Category, "added") => "category.added",
        (Kind::Category, "changed") => "category.changed",
        (Kind::Category, _) => "category.removed",
    };
    let entry = Entry {
        act,
        customer: None,
        subject: group.kind.as_str(),
        subject_id: group.id.to_string(),
        detail: json!({"name": group.name_de}),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
