//! Notes that staff keeps on a customer, for staff alone (DESK-4).

pub mod desk;
pub mod store;

use db::Tx;
use db::audit::{self, Entry};
use identity::staff;
use kernel::{Ctx, CustomerId, Moment, StaffId};
use serde_json::json;

kernel::typed_id!(/** A note on a customer; sorts by time. */ NoteId);

web::form! {
    /// A note as it is written.
    pub struct Text as "note"; {
        text: String = text(4000).rows(3),
        pinned: bool = tick(),
    }
}

kernel::row! {
    /// A note as it is stored.
    #[derive(Debug, Clone)]
    pub struct Note {
        pub id: NoteId,
        pub staff_id: StaffId,
        // as it was then
        pub staff_name: String,
        pub text: String,
        pub pinned: bool,
        pub created_at: Moment,
        pub changed_at: Option<Moment>,
    }
}

/// The note is somebody else's: only who wrote it changes what it says.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("somebody else's note")]
    NotOwn,
    #[error(transparent)]
    Db(#[from] db::Error),
}

pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    author: StaffId,
    note: &Text,
) -> db::Result<NoteId> {
    let id: NoteId = ctx.id();
    let name = staff::name(tx, author).await?;
    let new = Note {
        id,
        staff_id: author,
        staff_name: name,
        text: note.text.clone(),
        pinned: note.pinned,
        created_at: ctx.now,
        changed_at: None,
    };
    store::insert(tx, customer, &new).await?;
    record(tx, ctx, customer, "customer.note_added", id).await?;
    Ok(id)
}

/// # Errors
/// [`Refused`]; a note of another customer is [`db::Error::Missing`].
pub async fn change(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    author: StaffId,
    id: NoteId,
    note: &Text,
) -> Result<(), Refused> {
    let now = store::one(tx, customer, id).await?;
    if now.staff_id != author {
        return Err(Refused::NotOwn);
    }
    store::update(tx, customer, id, note, ctx.now).await?;
    record(tx, ctx, customer, "customer.note_changed", id).await?;
    Ok(())
}

/// Puts a note on top, or back among the others: anybody's.
pub async fn pin(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    id: NoteId,
    pinned: bool,
) -> db::Result<()> {
    if store::one(tx, customer, id).await?.pinned == pinned {
        return Ok(());
    }
    store::pin(tx, customer, id, pinned).await?;
    let act = match pinned {
        true => "customer.note_pinned",
        false => "customer.note_unpinned",
    };
    record(tx, ctx, customer, act, id).await
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    act: &'static str,
    id: NoteId,
) -> db::Result<()> {
    let entry = Entry {
        act,
        customer: Some(customer),
        subject: "note",
        subject_id: id.to_string(),
        detail: json!({}),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
