//! All SQL on `kb_manuals`.

use super::{Manual, ManualId, Stored};
use db::{Result, Tx, params, sql};

pub async fn one(tx: &mut Tx, id: ManualId) -> Result<Stored> {
    let stmt = sql!(
        Stored,
        "SELECT id, title_de, title_en, link, note_de, note_en, position FROM kb_manuals WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

/// All, in order.
pub async fn all(tx: &mut Tx) -> Result<Vec<Stored>> {
    let stmt = sql!(
        Stored,
        "SELECT id, title_de, title_en, link, note_de, note_en, position FROM kb_manuals ORDER BY position, title_de, id"
    );
    tx.all(stmt, params![]).await
}

pub async fn insert(tx: &mut Tx, id: ManualId, manual: &Manual) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO kb_manuals (id, title_de, title_en, link, note_de, note_en, position) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    let mut values = vec![db::Value::from(id)];
    values.extend(manual.values());
    tx.exec(stmt, values).await.map(drop)
}

pub async fn update(tx: &mut Tx, id: ManualId, manual: &Manual) -> Result<()> {
    let stmt = sql!(
        "UPDATE kb_manuals SET title_de = $2, title_en = $3, link = $4, note_de = $5, note_en = $6, position = $7 WHERE id = $1"
    );
    let mut values = vec![db::Value::from(id)];
    values.extend(manual.values());
    tx.exec(stmt, values).await.map(drop)
}

pub async fn delete(tx: &mut Tx, id: ManualId) -> Result<()> {
    tx.exec(sql!("DELETE FROM kb_manuals WHERE id = $1"), params![id])
        .await
        .map(drop)
}
