//! The chain of the log: each line is sealed with a hash over itself and the one before, so that a line that was changed
//! or taken away by hand is found. Verbs write lines without it, so that no two of them wait for each other; a job seals.

use super::{AuditId, Line};
use crate::{Db, Error, Result, Tx, params, sql};
use kernel::{CustomerId, Moment, Uuid, World, hex};
use sha2::{Digest, Sha256};

/// Lines sealed in one transaction.
const BATCH: usize = 500;
/// Lines sealed in one run: a log that was never sealed is caught up with over many.
const RUN: usize = 20 * BATCH;
/// Lines read at once when the chain is checked.
const READ: i64 = 5_000;

kernel::row! {
    /// Where the chain ends.
    struct End { seq: i64, hash: Option<Vec<u8>>, sealed: Option<Vec<u8>> }
}

kernel::row! {
    struct Sealed {
        seq: i64,
        hash: Option<Vec<u8>>,
        id: AuditId,
        at: Moment,
        actor_kind: String,
        actor_id: Option<Uuid>,
        customer_id: Option<CustomerId>,
        act: String,
        subject: String,
        subject_id: String,
        detail: String,
    }
}

impl Sealed {
    fn split(self) -> (i64, Option<Vec<u8>>, Line) {
        let line = Line {
            id: self.id,
            at: self.at,
            actor_kind: self.actor_kind,
            actor_id: self.actor_id,
            customer_id: self.customer_id,
            act: self.act,
            subject: self.subject,
            subject_id: self.subject_id,
            detail: self.detail,
            seq: Some(self.seq),
        };
        (self.seq, self.hash, line)
    }
}

/// Seals what has been written; gives how many lines. Harmless when two nodes do it at once.
pub async fn seal(db: &Db, world: &World) -> Result<usize> {
    let mut done = 0;
    while done < RUN {
        if !any_open(&mut db.read().await?).await? {
            break;
        }
        done += crate::retry(|| batch(db, world)).await?;
    }
    Ok(done)
}

async fn any_open(tx: &mut Tx) -> Result<bool> {
    let stmt = sql!(
        (AuditId,),
        "SELECT id FROM audit WHERE seq IS NULL ORDER BY id LIMIT 1"
    );
    Ok(tx.opt(stmt, params![]).await?.is_some())
}

async fn batch(db: &Db, world: &World) -> Result<usize> {
    // the row of the chain's end keeps a second node waiting; who writes lines never touches it
    let mut tx = db.begin_claim().await?;
    let end = tx
        .one(
            sql!(
                End,
                "UPDATE audit_chain SET seq = seq WHERE id = 1 RETURNING seq, hash, sealed"
            ),
            params![],
        )
        .await?;
    let open = tx
        .all(
            sql!(
                Line,
                "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail, seq FROM audit \
                 WHERE seq IS NULL ORDER BY id LIMIT $1"
            ),
            params![i64::try_from(BATCH).unwrap_or(i64::MAX)],
        )
        .await?;
    let (mut seq, mut before) = (end.seq, end.hash);
    for line in &open {
        seq += 1;
        let hash = hash(before.as_deref(), seq, line).to_vec();
        tx.exec(
            sql!("UPDATE audit SET seq = $2, hash = $3 WHERE id = $1 AND seq IS NULL"),
            params![line.id, seq, hash.clone()],
        )
        .await?;
        before = Some(hash);
    }
    let sealed = match &before {
        Some(hash) => under_key(world, seq, hash)?,
        None => None,
    };
    tx.exec(
        sql!("UPDATE audit_chain SET seq = $1, hash = $2, sealed = $3 WHERE id = 1"),
        params![seq, before, sealed],
    )
    .await?;
    tx.commit().await?;
    Ok(open.len())
}

fn place(seq: i64) -> String {
    format!("audit_chain/{seq}")
}

// who has no key can go on with the chain, but its end does not count until somebody who has one seals again
fn under_key(world: &World, seq: i64, hash: &[u8]) -> Result<Option<Vec<u8>>> {
    match world.seal(&place(seq), hash) {
        Ok(sealed) => Ok(Some(sealed)),
        Err(kernel::SealError::NoKey) => Ok(None),
        Err(error) => Err(Error::Other(error.into())),
    }
}

fn hash(before: Option<&[u8]>, seq: i64, line: &Line) -> [u8; 32] {
    let mut sha = Sha256::new();
    let mut part = |bytes: Option<&[u8]>| {
        // lengths stand between the parts, so that nothing moves from one to the next
        let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
        sha.update(length.to_be_bytes());
        sha.update(bytes.unwrap_or_default());
    };
    part(before);
    part(Some(&seq.to_be_bytes()));
    part(Some(line.id.0.as_bytes()));
    part(Some(&line.at.micros().to_be_bytes()));
    part(Some(line.actor_kind.as_bytes()));
    part(line.actor_id.as_ref().map(|id| id.as_bytes().as_slice()));
    part(
        line.customer_id
            .as_ref()
            .map(|id| id.0.as_bytes().as_slice()),
    );
    for text in [&line.act, &line.subject, &line.subject_id, &line.detail] {
        part(Some(text.as_bytes()));
    }
    sha.finalize().into()
}

/// What is wrong at the first broken place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The line says something else than what was sealed, or stands at another place.
    Changed,
    /// There is no such line.
    Missing,
    /// The chain ends before its noted end: the last lines are gone.
    CutOff,
    /// The end is noted, but not under this master key.
    Key,
}

/// The state of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Sealed lines up to the end, or to the first broken place.
    pub lines: i64,
    /// The hash at the end, in hexadecimal digits: kept elsewhere, it proves the log up to here.
    pub end: String,
    /// The first broken place by its number, and what is wrong there.
    pub broken: Option<(i64, Wrong)>,
    /// When the oldest line was written that is not sealed yet.
    pub open_since: Option<Moment>,
}

/// Reads the whole log and compares.
pub async fn verify(tx: &mut Tx, world: &World) -> Result<Verdict> {
    let end = end(tx).await?;
    let (mut last, mut before) = (0, None);
    let mut broken = None;
    'all: loop {
        let some = tx.all(page(), params![last, READ]).await?;
        let full = some.len() as i64 == READ;
        for row in some {
            let (seq, stored, line) = row.split();
            if seq != last + 1 {
                broken = Some((last + 1, Wrong::Missing));
                break 'all;
            }
            let wanted = hash(before.as_deref(), seq, &line).to_vec();
            if stored.as_ref() != Some(&wanted) {
                broken = Some((seq, Wrong::Changed));
                break 'all;
            }
            (last, before) = (seq, Some(wanted));
        }
        if !full {
            break;
        }
    }
    if broken.is_none() {
        broken = at_the_end(&end, last, before.as_deref(), world);
    }
    Ok(Verdict {
        lines: last,
        end: hex(before.as_deref().unwrap_or_default()),
        broken,
        open_since: open_since(tx).await?,
    })
}

fn at_the_end(end: &End, last: i64, hash: Option<&[u8]>, world: &World) -> Option<(i64, Wrong)> {
    if end.seq > last {
        return Some((last + 1, Wrong::CutOff));
    }
    if end.seq < last || end.hash.as_deref() != hash {
        return Some((last, Wrong::Changed));
    }
    let hash = hash?;
    let sealed = end.sealed.as_deref().unwrap_or_default();
    let opened = world.open(&place(end.seq), sealed).ok();
    (opened.as_deref() != Some(hash)).then_some((last, Wrong::Key))
}

/// Puts the chain's end under a new master key; the chain itself needs none.
pub async fn reseal(db: &Db, keys: &crate::Reseal) -> Result<crate::Resealed> {
    crate::retry(|| async {
        let mut sum = crate::Resealed::default();
        let mut tx = db.begin().await?;
        let end = end(&mut tx).await?;
        if let Some(sealed) = end.sealed
            && let Some(new) = keys.one(&place(end.seq), &sealed, &mut sum)?
        {
            tx.exec(
                sql!("UPDATE audit_chain SET sealed = $1 WHERE id = 1"),
                params![new],
            )
            .await?;
        }
        tx.commit().await?;
        Ok(sum)
    })
    .await
}

/// Whether the end of the chain opens with this world's master key; `None` while nothing was sealed.
pub async fn key_fits(tx: &mut Tx, world: &World) -> Result<Option<bool>> {
    let end = end(tx).await?;
    let opens = |sealed: Vec<u8>| world.open(&place(end.seq), &sealed).is_ok();
    Ok(end.sealed.map(opens))
}

async fn end(tx: &mut Tx) -> Result<End> {
    tx.one(
        sql!(
            End,
            "SELECT seq, hash, sealed FROM audit_chain WHERE id = 1"
        ),
        params![],
    )
    .await
}

fn page() -> &'static crate::Stmt<Sealed> {
    sql!(
        Sealed,
        "SELECT seq, hash, id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail FROM audit \
         WHERE seq > $1 ORDER BY seq LIMIT $2"
    )
}

async fn open_since(tx: &mut Tx) -> Result<Option<Moment>> {
    let stmt = sql!(
        (Moment,),
        "SELECT at FROM audit WHERE seq IS NULL ORDER BY id LIMIT 1"
    );
    Ok(tx.opt(stmt, params![]).await?.map(|row| row.0))
}
