//! All SQL on `customer_notes`.

use super::{Note, NoteId, Text};
use db::{Result, Tx, params, sql};
use kernel::{CustomerId, Moment};

/// What stands on top; more than [`PINNED`] are not shown there.
pub async fn pinned(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Note>> {
    let stmt = sql!(
        Note,
        "SELECT id, staff_id, staff_name, text, pinned, created_at, changed_at FROM customer_notes \
         WHERE customer_id = $1 AND pinned = TRUE ORDER BY id DESC LIMIT $2"
    );
    tx.all(stmt, params![customer, PINNED]).await
}

/// How many notes stand on top.
pub const PINNED: i64 = 20;

/// All notes, the newest first, before `before`.
pub async fn list(
    tx: &mut Tx,
    customer: CustomerId,
    before: NoteId,
    limit: i64,
) -> Result<Vec<Note>> {
    let stmt = sql!(
        Note,
        "SELECT id, staff_id, staff_name, text, pinned, created_at, changed_at FROM customer_notes \
         WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    tx.all(stmt, params![customer, before, limit]).await
}

pub async fn one(tx: &mut Tx, customer: CustomerId, id: NoteId) -> Result<Note> {
    let stmt = sql!(
        Note,
        "SELECT id, staff_id, staff_name, text, pinned, created_at, changed_at FROM customer_notes \
         WHERE customer_id = $1 AND id = $2"
    );
    tx.one(stmt, params![customer, id]).await
}

pub async fn insert(tx: &mut Tx, customer: CustomerId, note: &Note) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO customer_notes (customer_id, id, staff_id, staff_name, text, pinned, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    let values = params![
        customer,
        note.id,
        note.staff_id,
        &note.staff_name,
        &note.text,
        note.pinned,
        note.created_at
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn update(
    tx: &mut Tx,
    customer: CustomerId,
    id: NoteId,
    note: &Text,
    now: Moment,
) -> Result<()> {
    let stmt = sql!(
        "UPDATE customer_notes SET text = $3, pinned = $4, changed_at = $5 WHERE customer_id = $1 AND id = $2"
    );
    tx.exec(stmt, params![customer, id, &note.text, note.pinned, now])
        .await
        .map(drop)
}

pub async fn pin(tx: &mut Tx, customer: CustomerId, id: NoteId, pinned: bool) -> Result<()> {
    let stmt = sql!("UPDATE customer_notes SET pinned = $3 WHERE customer_id = $1 AND id = $2");
    tx.exec(stmt, params![customer, id, pinned]).await.map(drop)
}
