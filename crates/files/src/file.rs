//! What happens to a file once it is stored.

use crate::jobs::{Examine, RemoveBytes};
use crate::store::{self, File, Found};
use crate::{By, FileId, Owner, Upload};
use db::Tx;
use db::audit::{self, Entry};
use kernel::{Ctx, CustomerId};
use serde_json::json;
use std::time::Duration;

/// What is not attached by then is swept.
pub(crate) const LOOSE: Duration = Duration::from_secs(24 * 3600);

/// The files belong to this from now on; they are scanned after the commit. The caller writes the log.
///
/// # Errors
/// `Missing` when one of them is not there or belongs to something already.
pub async fn attach(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: Option<CustomerId>,
    files: &[FileId],
    owner: Owner,
) -> db::Result<()> {
    for (position, file) in (0i64..).zip(files) {
        if !store::attach(tx, *file, customer, owner, ctx.now, position).await? {
            return Err(db::Error::Missing);
        }
        jobs::enqueue(tx, ctx, &Examine { file: *file }).await?;
    }
    Ok(())
}

/// A file of the customer; with `None` one of nobody's, as a guest sends it. Its owner decides who may see it.
pub async fn find(
    tx: &mut Tx,
    customer: Option<CustomerId>,
    id: FileId,
) -> db::Result<Option<File>> {
    match customer {
        Some(customer) => store::of_customer(tx, customer, id).await,
        None => store::of_nobody(tx, id).await,
    }
}

/// Any file that belongs to something: for staff and jobs.
pub async fn one(tx: &mut Tx, id: FileId) -> db::Result<Option<File>> {
    store::one(tx, id).await
}

/// All files of a thing, as they were attached; those of one act in their order.
pub async fn of(tx: &mut Tx, owner: Owner) -> db::Result<Vec<File>> {
    store::of(tx, owner).await
}

/// All files of one thing go over to another, as when two become one.
pub async fn move_to(
    tx: &mut Tx,
    from: Owner,
    to: Owner,
    customer: Option<CustomerId>,
) -> db::Result<()> {
    store::move_to(tx, from, to, customer).await
}

/// Some files of one thing go over to another, as when a part of it is moved; those that are not its own stay.
pub async fn move_some(
    tx: &mut Tx,
    files: &[FileId],
    from: Owner,
    to: Owner,
    customer: Option<CustomerId>,
) -> db::Result<()> {
    for file in files {
        store::move_one(tx, *file, from, to, customer).await?;
    }
    Ok(())
}

/// The thing, and its files with it, is a customer's from now on.
pub async fn hand_over(tx: &mut Tx, owner: Owner, customer: CustomerId) -> db::Result<()> {
    store::move_to(tx, owner, owner, Some(customer)).await
}

/// Takes a file away: its key at once, its bytes soon after. Whether it was there.
pub async fn remove(tx: &mut Tx, ctx: &Ctx, id: FileId) -> db::Result<bool> {
    let Some(file) = store::one(tx, id).await? else {
        return Ok(false);
    };
    store::wipe(tx, id).await?;
    jobs::enqueue(tx, ctx, &RemoveBytes { file: id }).await?;
    let line = Entry {
        act: "file.removed",
        customer: file.customer_id,
        subject: "file",
        subject_id: id.to_string(),
        detail: json!({ "of": file.owner_kind, "size": file.size }),
    };
    audit::record(tx, ctx, line).await?;
    Ok(true)
}

/// What this sender has sent within the last day, attached or not.
pub async fn uploaded(tx: &mut Tx, ctx: &Ctx, by: &By, id: FileId) -> db::Result<Option<Upload>> {
    let found = store::sent(tx, &by.stored(), id, ctx.now - LOOSE).await?;
    Ok(found.map(|found: Found| Upload {
        id: found.id,
        name: found.name,
        size: found.size,
        kind: found.kind,
        odd: found.odd,
        sha256: found.sha256,
    }))
}
