//! SQL of those who manage staff: lists, roles, whether somebody may sign in, where they are signed in.

use crate::staff::{IDLE, Role, TOTAL};
use db::{Result, Tx, params, sql};
use kernel::{Email, Locale, Moment, StaffId, Uuid};

/// Sessions on one page: more than anybody has.
const SESSIONS: i64 = 50;

kernel::row! {
    /// One of the provider's people, as their managers see them.
    #[derive(Debug, Clone)]
    pub struct Colleague {
        pub id: StaffId,
        pub name: String,
        pub email: Email,
        pub role: Role,
        pub locale: Locale,
        pub active: bool,
        // a password is set: the invitation was followed
        pub joined: bool,
        pub second_factor: bool,
        pub created_at: Moment,
        pub last_seen: Option<Moment>,
    }
}

/// By name, after this one.
pub async fn page(
    tx: &mut Tx,
    after: Option<&(String, StaffId)>,
    limit: i64,
) -> Result<Vec<Colleague>> {
    let stmt = sql!(
        Colleague,
        "SELECT id, name, email, role, locale, active, password IS NOT NULL AS joined, totp_sealed IS NOT NULL AS second_factor, \
         created_at, last_seen FROM staff WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3"
    );
    let (name, id) = match after {
        Some((name, id)) => (name.as_str(), *id),
        None => ("", StaffId(Uuid::nil())),
    };
    tx.all(stmt, params![name, id, limit]).await
}

pub async fn one(tx: &mut Tx, staff: StaffId) -> Result<Colleague> {
    let stmt = sql!(
        Colleague,
        "SELECT id, name, email, role, locale, active, password IS NOT NULL AS joined, totp_sealed IS NOT NULL AS second_factor, \
         created_at, last_seen FROM staff WHERE id = $1"
    );
    tx.one(stmt, params![staff]).await
}

pub async fn set_role(tx: &mut Tx, staff: StaffId, role: Role) -> Result<()> {
    let stmt = sql!("UPDATE staff SET role = $2 WHERE id = $1");
    tx.exec(stmt, params![staff, role]).await.map(drop)
}

pub async fn set_active(tx: &mut Tx, staff: StaffId, active: bool) -> Result<()> {
    let stmt = sql!("UPDATE staff SET active = $2 WHERE id = $1");
    tx.exec(stmt, params![staff, active]).await.map(drop)
}

/// How many can sign in and manage everything, but for this one.
pub async fn other_admins(tx: &mut Tx, but: StaffId) -> Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT COUNT(*) FROM staff WHERE role = $2 AND active = TRUE AND password IS NOT NULL AND totp_sealed IS NOT NULL AND id <> $1"
    );
    Ok(tx.one(stmt, params![but, Role::Admin]).await?.0)
}

kernel::row! {
    /// Where somebody is signed in.
    #[derive(Debug, Clone)]
    pub struct Place {
        pub id: Uuid,
        pub created_at: Moment,
        pub seen_at: Moment,
        pub user_agent: String,
    }
}

/// Sessions in force, the one used last first.
pub async fn places(tx: &mut Tx, staff: StaffId, now: Moment) -> Result<Vec<Place>> {
    let stmt = sql!(
        Place,
        "SELECT id, created_at, seen_at, user_agent FROM staff_sessions WHERE staff_id = $1 AND second_factor_done = TRUE \
         AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC, id LIMIT $4"
    );
    tx.all(stmt, params![staff, now - IDLE, now - TOTAL, SESSIONS])
        .await
}

/// `false` when this person has no such session (any more).
pub async fn end_one(tx: &mut Tx, staff: StaffId, session: Uuid) -> Result<bool> {
    let stmt = sql!("DELETE FROM staff_sessions WHERE staff_id = $1 AND id = $2");
    Ok(tx.exec(stmt, params![staff, session]).await? == 1)
}

/// Ends all sessions but one.
pub async fn end_others(tx: &mut Tx, staff: StaffId, kept: Uuid) -> Result<u64> {
    let stmt = sql!("DELETE FROM staff_sessions WHERE staff_id = $1 AND id <> $2");
    tx.exec(stmt, params![staff, kept]).await
}
