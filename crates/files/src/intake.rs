//! How bytes come in: in a stream, encrypted as they come, counted, hashed.

use crate::crypt::{Damaged, Part, Sealing};
use crate::file::LOOSE;
use crate::place::Putting;
use crate::store::{self, New, Picture};
use crate::{By, Failed, FileId, Store, key, kind, name};
use db::Db;
use kernel::Ctx;
use sha2::{Digest, Sha256};

/// Bytes of one file, at most.
pub const FILE_MAX: u64 = 25 << 20;
/// Files of one post, at most.
pub const FILES_MAX: usize = 10;
/// What one sender may leave lying about.
const LOOSE_FILES: i64 = 60;
const LOOSE_BYTES: i64 = 500 << 20;

/// A file that is stored and belongs to nothing yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: FileId,
    /// Cleaned.
    pub name: String,
    pub size: i64,
    /// MIME type by content.
    pub kind: String,
    pub odd: bool,
    pub sha256: Vec<u8>,
}

/// A file on its way in. Dropped without [`Intake::finish`], it is swept after a day.
pub struct Intake {
    db: Db,
    ctx: Ctx,
    id: FileId,
    name: String,
    odd: bool,
    sealing: Sealing,
    putting: Putting,
    hash: Sha256,
    size: u64,
    head: Vec<u8>,
}

impl Intake {
    /// Notes that a file of this name comes. Outside of any transaction.
    ///
    /// # Errors
    /// [`Failed::Full`] when this sender has too much lying about.
    pub async fn begin(
        store: &Store,
        db: &Db,
        ctx: &Ctx,
        by: &By,
        sent_name: &str,
    ) -> Result<Self, Failed> {
        let id: FileId = ctx.id();
        let file_key = ctx.world.bytes::<32>();
        let wrapped = key::wrap(&ctx.world, id, &file_key)?;
        let uploader = by.stored();
        let (name, odd) = (name::clean(sent_name), name::is_odd(sent_name));
        // no NUL: PostgreSQL takes none
        let original = name::cut(sent_name, name::KEPT).replace('\0', "\u{FFFD}");
        let begun = db::retry(|| async {
            let mut tx = db.begin().await?;
            if by.is_limited() {
                let (files, bytes) = store::loose(&mut tx, &uploader, ctx.now - LOOSE).await?;
                if files >= LOOSE_FILES || bytes >= LOOSE_BYTES {
                    return Ok(false);
                }
            }
            let new = New {
                id,
                uploader: &uploader,
                name: &name,
                original_name: &original,
                odd,
                wrapped: &wrapped,
                at: ctx.now,
            };
            store::begin(&mut tx, &new).await?;
            tx.commit().await?;
            Ok(true)
        });
        if !begun.await? {
            return Err(Failed::Full);
        }
        Ok(Intake {
            db: db.clone(),
            ctx: ctx.clone(),
            id,
            name,
            odd,
            sealing: Sealing::new(&ctx.world, &file_key, id, Part::Original),
            putting: store.place().put(&place_of(id)),
            hash: Sha256::new(),
            size: 0,
            head: Vec::new(),
        })
    }

    /// More of it.
    ///
    /// # Errors
    /// [`Failed::TooLarge`] as soon as it is; the store's.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Failed> {
        self.size += bytes.len() as u64;
        if self.size > FILE_MAX {
            return Err(Failed::TooLarge);
        }
        self.hash.update(bytes);
        let room = kind::LOOK.saturating_sub(self.head.len());
        self.head
            .extend_from_slice(bytes.get(..room.min(bytes.len())).unwrap_or_default());
        let sealed = self.sealing.push(bytes).map_err(|Damaged| self.broken())?;
        if !sealed.is_empty() {
            self.putting.write(&sealed).await?;
        }
        Ok(())
    }

    /// The whole of it is there.
    ///
    /// # Errors
    /// The store's and the database's.
    pub async fn finish(mut self) -> Result<Upload, Failed> {
        let broken = self.broken();
        let rest = self.sealing.finish().map_err(|Damaged| broken)?;
        self.putting.write(&rest).await?;
        self.putting.finish().await?;
        let kind = kind::of(&self.head);
        let picture = if kind::is_picture(kind) {
            Picture::Waiting
        } else {
            Picture::None
        };
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let sha256: [u8; 32] = self.hash.finalize().into();
        let (db, id) = (&self.db, self.id);
        let stored = db::retry(|| async {
            let mut tx = db.begin().await?;
            let stored = store::stored(&mut tx, id, size, sha256, kind, picture).await?;
            tx.commit().await?;
            Ok(stored)
        });
        if !stored.await? {
            return Err(Failed::Broken(id));
        }
        Ok(Upload {
            id,
            name: self.name,
            size,
            kind: kind.to_owned(),
            odd: self.odd,
            sha256: sha256.to_vec(),
        })
    }

    /// It is not wanted any more.
    pub async fn abort(self) {
        self.putting.abort().await;
        let (db, ctx, id) = (&self.db, &self.ctx, self.id);
        let dropped = db::retry(|| async {
            let mut tx = db.begin().await?;
            store::wipe(&mut tx, id).await?;
            jobs::enqueue(&mut tx, ctx, &crate::jobs::RemoveBytes { file: id }).await?;
            tx.commit().await
        });
        if let Err(error) = dropped.await {
            tracing::debug!(%error, "an unwanted file is left to the sweep");
        }
    }

    fn broken(&self) -> Failed {
        Failed::Broken(self.id)
    }
}

/// A file that is in memory already, such as one that came with a mail. Outside of any transaction.
pub async fn take(
    store: &Store,
    db: &Db,
    ctx: &Ctx,
    by: By,
    name: &str,
    bytes: &[u8],
) -> Result<Upload, Failed> {
    let mut intake = Intake::begin(store, db, ctx, &by, name).await?;
    match intake.write(bytes).await {
        Ok(()) => intake.finish().await,
        Err(error) => {
            intake.abort().await;
            Err(error)
        }
    }
}

/// Where a file's bytes lie: in one of 256 folders, by chance.
pub(crate) fn place_of(id: FileId) -> String {
    let [.., last] = *id.0.as_bytes();
    format!("{last:02x}/{id}")
}

/// Where its picture lies.
pub(crate) fn picture_of(id: FileId) -> String {
    format!("{}.picture", place_of(id))
}
