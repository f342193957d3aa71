//! All SQL on `files`.

use crate::{FileId, Owner};
use db::{Tx, params, sql};
use kernel::{CustomerId, Moment, Uuid};

kernel::words! {
    /// What the scanner said.
    pub enum Scan {
        /// Nothing yet, or there is none.
        Unscanned = "unscanned",
        Clean = "clean",
        Infected = "infected",
    }
}

kernel::words! {
    /// Whether there is a picture that may be shown in a page.
    pub enum Picture {
        /// It is no picture.
        None = "none",
        /// Not drawn yet.
        Waiting = "waiting",
        Ready = "ready",
        /// Too large, or not what it says.
        Refused = "refused",
    }
}

kernel::words! {
    pub(crate) enum State {
        Arriving = "arriving",
        Stored = "stored",
        /// Taken away: its key is wiped.
        Gone = "gone",
    }
}

kernel::row! {
    /// A file that belongs to something.
    #[derive(Clone)]
    pub struct File {
        pub id: FileId,
        pub customer_id: Option<CustomerId>,
        pub owner_kind: String,
        pub owner_id: Option<Uuid>,
        // cleaned: may be shown and put into a header
        pub name: String,
        // whether the name it came with tries to look like another one
        pub odd: bool,
        // bytes
        pub size: i64,
        // MIME type by content
        pub kind: String,
        pub scan: Scan,
        pub picture: Picture,
        pub created_at: Moment,
        pub(crate) wrapped: Vec<u8>,
    }
}

impl File {
    /// Whether it belongs to this.
    pub fn is_of(&self, owner: Owner) -> bool {
        self.owner_kind == owner.kind && self.owner_id == Some(owner.id)
    }
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({})", self.id)
    }
}

kernel::row! {
    pub(crate) struct Found {
        pub id: FileId,
        pub name: String,
        pub size: i64,
        pub kind: String,
        pub odd: bool,
        pub sha256: Vec<u8>,
    }
}

pub(crate) struct New<'a> {
    pub id: FileId,
    pub uploader: &'a str,
    pub name: &'a str,
    pub original_name: &'a str,
    pub odd: bool,
    pub wrapped: &'a [u8],
    pub at: Moment,
}

pub(crate) async fn begin(tx: &mut Tx, new: &New<'_>) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO files (id, owner_kind, uploader, name, original_name, odd, size, sha256, kind, state, scan, finding, picture, wrapped, created_at, position)
             VALUES ($1, '', $2, $3, $4, $5, 0, $6, '', $7, $8, '', $9, $10, $11, 0)"
        ),
        params![
            new.id,
            new.uploader,
            new.name,
            new.original_name,
            new.odd,
            Vec::<u8>::new(),
            State::Arriving,
            Scan::Unscanned,
            Picture::None,
            new.wrapped,
            new.at
        ],
    )
    .await
    .map(drop)
}

/// Whether it was still wanted.
pub(crate) async fn stored(
    tx: &mut Tx,
    id: FileId,
    size: i64,
    sha256: [u8; 32],
    kind: &str,
    picture: Picture,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE files SET state = $2, size = $3, sha256 = $4, kind = $5, picture = $6 WHERE id = $1 AND state = $7"),
            params![id, State::Stored, size, sha256, kind, picture, State::Arriving],
        )
        .await?;
    Ok(changed == 1)
}

/// How many files of this sender belong to nothing, and their bytes.
pub(crate) async fn loose(tx: &mut Tx, uploader: &str, since: Moment) -> db::Result<(i64, i64)> {
    tx.one(
        sql!(
            (i64, i64),
            "SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM files
             WHERE uploader = $1 AND created_at > $2 AND attached_at IS NULL"
        ),
        params![uploader, since],
    )
    .await
}

/// What this sender has sent since, attached or not: the same form may come twice.
pub(crate) async fn sent(
    tx: &mut Tx,
    uploader: &str,
    id: FileId,
    since: Moment,
) -> db::Result<Option<Found>> {
    tx.opt(
        sql!(Found, "SELECT id, name, size, kind, odd, sha256 FROM files WHERE id = $1 AND uploader = $2 AND created_at > $3 AND state = 'stored'"),
        params![id, uploader, since],
    )
    .await
}

/// Only the first who attaches it does.
pub(crate) async fn attach(
    tx: &mut Tx,
    id: FileId,
    customer: Option<CustomerId>,
    owner: Owner,
    now: Moment,
    position: i64,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE files SET owner_kind = $2, owner_id = $3, customer_id = $4, attached_at = $5, position = $6 WHERE id = $1 AND attached_at IS NULL AND state = 'stored'"),
            params![id, owner.kind, owner.id, customer, now, position],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    id: FileId,
) -> db::Result<Option<File>> {
    tx.opt(
        sql!(File, "SELECT id, customer_id, owner_kind, owner_id, name, odd, size, kind, scan, picture, created_at, wrapped FROM files WHERE customer_id = $1 AND id = $2 AND attached_at IS NOT NULL AND state = 'stored'"),
        params![customer, id],
    )
    .await
}

pub(crate) async fn of_nobody(tx: &mut Tx, id: FileId) -> db::Result<Option<File>> {
    tx.opt(
        sql!(File, "SELECT id, customer_id, owner_kind, owner_id, name, odd, size, kind, scan, picture, created_at, wrapped FROM files WHERE customer_id IS NULL AND id = $1 AND attached_at IS NOT NULL AND state = 'stored'"),
        params![id],
    )
    .await
}

pub(crate) async fn one(tx: &mut Tx, id: FileId) -> db::Result<Option<File>> {
    tx.opt(
        sql!(File, "SELECT id, customer_id, owner_kind, owner_id, name, odd, size, kind, scan, picture, created_at, wrapped FROM files WHERE id = $1 AND attached_at IS NOT NULL AND state = 'stored'"),
        params![id],
    )
    .await
}

pub(crate) async fn of(tx: &mut Tx, owner: Owner) -> db::Result<Vec<File>> {
    tx.all(
        sql!(File, "SELECT id, customer_id, owner_kind, owner_id, name, odd, size, kind, scan, picture, created_at, wrapped FROM files WHERE owner_id = $1 AND owner_kind = $2 AND state = 'stored' ORDER BY attached_at, position, id LIMIT 1000"),
        params![owner.id, owner.kind],
    )
    .await
}

pub(crate) async fn move_to(
    tx: &mut Tx,
    from: Owner,
    to: Owner,
    customer: Option<CustomerId>,
) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE files SET owner_kind = $3, owner_id = $4, customer_id = $5 WHERE owner_id = $1 AND owner_kind = $2"),
        params![from.id, from.kind, to.kind, to.id, customer],
    )
    .await
    .map(drop)
}

pub(crate) async fn move_one(
    tx: &mut Tx,
    id: FileId,
    from: Owner,
    to: Owner,
    customer: Option<CustomerId>,
) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE files SET owner_kind = $4, owner_id = $5, customer_id = $6 WHERE id = $1 AND owner_id = $2 AND owner_kind = $3"),
        params![id, from.id, from.kind, to.kind, to.id, customer],
    )
    .await
    .map(drop)
}

/// The key is overwritten: from now on nobody can read the bytes, wherever they still lie.
pub(crate) async fn wipe(tx: &mut Tx, id: FileId) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE files SET state = 'gone', wrapped = $2, name = '', original_name = '', finding = '' WHERE id = $1 AND state <> 'gone'"),
            params![id, Vec::<u8>::new()],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn is_gone(tx: &mut Tx, id: FileId) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!((String,), "SELECT state FROM files WHERE id = $1"),
            params![id],
        )
        .await?;
    Ok(found.is_none_or(|(state,)| state == State::Gone.as_str()))
}

/// What never belonged to anything leaves no row.
pub(crate) async fn forget(tx: &mut Tx, id: FileId) -> db::Result<()> {
    tx.exec(
        sql!("DELETE FROM files WHERE id = $1 AND attached_at IS NULL AND state = 'gone'"),
        params![id],
    )
    .await
    .map(drop)
}

pub(crate) async fn to_sweep(tx: &mut Tx, before: Moment) -> db::Result<Vec<(FileId,)>> {
    tx.all(
        sql!((FileId,), "SELECT id FROM files WHERE attached_at IS NULL AND state <> 'gone' AND created_at < $1 ORDER BY created_at LIMIT 200"),
        params![before],
    )
    .await
}

/// What waits for a scanner that did not answer for a day.
pub(crate) async fn to_scan(
    tx: &mut Tx,
    after: Moment,
    before: Moment,
) -> db::Result<Vec<(FileId,)>> {
    tx.all(
        sql!((FileId,), "SELECT id FROM files WHERE scan = 'unscanned' AND created_at > $1 AND created_at < $2 AND attached_at IS NOT NULL AND state = 'stored' ORDER BY created_at LIMIT 500"),
        params![after, before],
    )
    .await
}

/// Whether it was not scanned yet.
pub(crate) async fn scanned(
    tx: &mut Tx,
    id: FileId,
    scan: Scan,
    finding: &str,
    now: Moment,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE files SET scan = $2, finding = $3, scanned_at = $4 WHERE id = $1 AND scan = 'unscanned'"),
            params![id, scan, finding, now],
        )
        .await?;
    Ok(changed == 1)
}

pub(crate) async fn drawn(tx: &mut Tx, id: FileId, picture: Picture) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE files SET picture = $2 WHERE id = $1 AND picture = 'waiting'"),
        params![id, picture],
    )
    .await
    .map(drop)
}

/// Files with a key, a page after the last one seen.
pub(crate) async fn keys_after(tx: &mut Tx, last: Uuid) -> db::Result<Vec<(FileId, Vec<u8>)>> {
    tx.all(
        sql!(
            (FileId, Vec<u8>),
            "SELECT id, wrapped FROM files WHERE id > $1 AND state <> 'gone' ORDER BY id LIMIT 200"
        ),
        params![last],
    )
    .await
}

pub(crate) async fn set_key(tx: &mut Tx, id: FileId, old: &[u8], new: Vec<u8>) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE files SET wrapped = $3 WHERE id = $1 AND wrapped = $2"),
        params![id, old, new],
    )
    .await
    .map(drop)
}

/// What must lie in the store: file, size, and whether its picture does, too.
pub(crate) async fn kept_after(tx: &mut Tx, last: Uuid) -> db::Result<Vec<(FileId, i64, Picture)>> {
    tx.all(
        sql!((FileId, i64, Picture), "SELECT id, size, picture FROM files WHERE id > $1 AND state = 'stored' ORDER BY id LIMIT 1000"),
        params![last],
    )
    .await
}
