//! Each file has a key of its own, wrapped by the installation's master key; so a new master key touches no file's bytes.

use crate::{Failed, FileId, store};
use db::{Db, Reseal, Resealed};
use kernel::World;

fn context(id: FileId) -> String {
    format!("files/{id}/key")
}

pub(crate) fn wrap(world: &World, id: FileId, key: &[u8; 32]) -> db::Result<Vec<u8>> {
    world
        .seal(&context(id), key)
        .map_err(|error| db::Error::Other(error.into()))
}

pub(crate) fn unwrap(world: &World, id: FileId, wrapped: &[u8]) -> Result<[u8; 32], Failed> {
    world
        .open(&context(id), wrapped)
        .ok()
        .and_then(|key| key.try_into().ok())
        .ok_or(Failed::Broken(id))
}

/// Wraps the keys of all files with the new master key.
pub async fn reseal(db: &Db, keys: &Reseal) -> db::Result<Resealed> {
    keys.rows(
        db,
        async |tx, last| {
            let rows = store::keys_after(tx, last).await?;
            let placed = rows
                .into_iter()
                .map(|(id, wrapped)| (id.0, context(id), wrapped));
            Ok(placed.collect())
        },
        async |tx, id, old, new| store::set_key(tx, FileId(id), &old, new).await,
    )
    .await
}
