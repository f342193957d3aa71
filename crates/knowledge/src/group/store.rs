//! All SQL on `kb_groups`, but for what the shelf reads.

use super::{Group, GroupId, Kind};
use db::{Result, Tx, params, sql};

pub async fn one(tx: &mut Tx, id: GroupId) -> Result<Group> {
    let stmt = sql!(
        Group,
        "SELECT id, kind, slug, name_de, name_en, position FROM kb_groups WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

pub async fn by_slug(tx: &mut Tx, kind: Kind, slug: &str) -> Result<Option<Group>> {
    let stmt = sql!(
        Group,
        "SELECT id, kind, slug, name_de, name_en, position FROM kb_groups WHERE kind = $1 AND slug = $2"
    );
    tx.opt(stmt, params![kind, slug]).await
}

/// Folders and categories, each in order.
pub async fn all(tx: &mut Tx) -> Result<Vec<Group>> {
    let stmt = sql!(
        Group,
        "SELECT id, kind, slug, name_de, name_en, position FROM kb_groups ORDER BY kind DESC, position, slug"
    );
    tx.all(stmt, params![]).await
}

pub async fn insert(tx: &mut Tx, group: &Group) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO kb_groups (id, kind, slug, name_de, name_en, position) VALUES ($1, $2, $3, $4, $5, $6)"
    );
    let values = params![
        group.id,
        group.kind,
        &group.slug,
        &group.name_de,
        group.name_en.as_deref(),
        group.position
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn update(tx: &mut Tx, group: &Group) -> Result<()> {
    let stmt = sql!("UPDATE kb_groups SET name_de = $2, name_en = $3, position = $4 WHERE id = $1");
    let values = params![
        group.id,
        &group.name_de,
        group.name_en.as_deref(),
        group.position
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn delete(tx: &mut Tx, id: GroupId) -> Result<()> {
    tx.exec(sql!("DELETE FROM kb_groups WHERE id = $1"), params![id])
        .await
        .map(drop)
}
