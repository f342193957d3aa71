//! Whether everything that must lie in the store does, and a copy of it: for `doctor`, `backup` and `restore`.

use crate::crypt::stored_size;
use crate::intake::{picture_of, place_of};
use crate::store::{self, Picture};
use crate::{Away, Failed, FileId, Place};
use db::Db;
use futures_util::TryStreamExt;
use kernel::Uuid;
use std::collections::HashMap;

/// What `missing` found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Missing {
    pub files: u64,
    /// Not there.
    pub missing: Vec<FileId>,
    /// There, but not as long as it was.
    pub cut: Vec<FileId>,
}

/// Compares the table with the store, by names and sizes.
///
/// # Errors
/// The store's and the database's.
pub async fn missing(db: &Db, place: &Place) -> Result<Missing, Failed> {
    let sizes = place.sizes().await?;
    let mut found = Missing::default();
    each(db, async |id, size, picture| {
        found.files += 1;
        match sizes.get(&place_of(id)) {
            None => found.missing.push(id),
            Some(there) if *there != size => found.cut.push(id),
            Some(_) if picture == Picture::Ready && !sizes.contains_key(&picture_of(id)) => {
                found.missing.push(id);
            }
            Some(_) => {}
        }
        Ok(())
    })
    .await?;
    Ok(found)
}

/// What `copy` did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub files: u64,
    pub bytes: u64,
    /// Not there to be copied.
    pub missing: Vec<FileId>,
}

/// Copies what the database names from one place to another, as it lies there: encrypted.
///
/// # Errors
/// The places' and the database's.
pub async fn copy(db: &Db, from: &Place, to: &Place) -> Result<Copied, Failed> {
    let there: HashMap<String, u64> = to.sizes().await?;
    let mut sum = Copied::default();
    each(db, async |id, size, picture| {
        if there.get(&place_of(id)) != Some(&size) && !one(from, to, &place_of(id)).await? {
            sum.missing.push(id);
            return Ok(());
        }
        if picture == Picture::Ready && !there.contains_key(&picture_of(id)) {
            one(from, to, &picture_of(id)).await?;
        }
        sum.files += 1;
        sum.bytes += size;
        Ok(())
    })
    .await?;
    Ok(sum)
}

async fn one(from: &Place, to: &Place, name: &str) -> Result<bool, Away> {
    let Some(mut bytes) = from.get(name).await? else {
        return Ok(false);
    };
    let mut putting = to.put(name);
    while let Some(piece) = bytes.try_next().await? {
        putting.write(&piece).await?;
    }
    putting.finish().await?;
    Ok(true)
}

async fn each(
    db: &Db,
    mut seen: impl AsyncFnMut(FileId, u64, Picture) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut last = Uuid::nil();
    loop {
        let mut tx = db.read().await?;
        let page = store::kept_after(&mut tx, last).await?;
        drop(tx);
        let Some((end, ..)) = page.last() else {
            return Ok(());
        };
        last = end.0;
        for (id, size, picture) in page {
            let size = stored_size(u64::try_from(size).unwrap_or(0));
            seen(id, size, picture).await?;
        }
    }
}
