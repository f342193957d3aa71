//! All SQL on the second factor of users, but for passkeys and recovery codes.

use db::{Result, Tx, params, sql};
use kernel::{Ctx, Moment, UserId};

kernel::row! {
    /// How a user stands to the second factor.
    #[derive(Debug, Clone)]
    pub struct State {
        pub on: bool,
        // somebody at the desk has said that it must be
        pub required: bool,
        // since when an app shows codes
        pub app: Option<Moment>,
        pub passkeys: i64,
        pub codes: i64,
    }
}

pub async fn state(tx: &mut Tx, user: UserId) -> Result<State> {
    let stmt = sql!(
        State,
        "SELECT u.second_factor AS \"on\", u.second_factor_required AS required, t.created_at AS app, \
         (SELECT COUNT(*) FROM passkeys p WHERE p.user_id = u.id) AS passkeys, \
         (SELECT COUNT(*) FROM recovery_codes r WHERE r.owner_id = u.id AND r.used_at IS NULL) AS codes \
         FROM users u LEFT JOIN totps t ON t.user_id = u.id WHERE u.id = $1"
    );
    tx.one(stmt, params![user]).await
}

pub async fn has(tx: &mut Tx, user: UserId) -> Result<bool> {
    let stmt = sql!((bool,), "SELECT second_factor FROM users WHERE id = $1");
    Ok(tx.opt(stmt, params![user]).await?.is_some_and(|row| row.0))
}

pub async fn set_on(tx: &mut Tx, user: UserId, on: bool) -> Result<()> {
    let stmt = sql!("UPDATE users SET second_factor = $2 WHERE id = $1");
    tx.exec(stmt, params![user, on]).await.map(drop)
}

pub async fn set_required(tx: &mut Tx, user: UserId, required: bool) -> Result<()> {
    let stmt = sql!("UPDATE users SET second_factor_required = $2 WHERE id = $1");
    tx.exec(stmt, params![user, required]).await.map(drop)
}

/// Sealed secret of the app.
pub async fn app(tx: &mut Tx, user: UserId) -> Result<Option<Vec<u8>>> {
    let stmt = sql!((Vec<u8>,), "SELECT sealed FROM totps WHERE user_id = $1");
    Ok(tx.opt(stmt, params![user]).await?.map(|row| row.0))
}

/// Takes the place of the app there was.
pub async fn set_app(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    sealed: Vec<u8>,
    step: i64,
) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO totps (user_id, sealed, step, created_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (user_id) DO UPDATE SET sealed = excluded.sealed, step = excluded.step, \
         created_at = excluded.created_at"
    );
    tx.exec(stmt, params![user, sealed, step, ctx.now])
        .await
        .map(drop)
}

/// Uses a step up; `false` when it, or a later one, was used before.
pub async fn use_step(tx: &mut Tx, user: UserId, step: i64) -> Result<bool> {
    let stmt = sql!("UPDATE totps SET step = $2 WHERE user_id = $1 AND step < $2");
    Ok(tx.exec(stmt, params![user, step]).await? == 1)
}

pub async fn drop_app(tx: &mut Tx, user: UserId) -> Result<bool> {
    let stmt = sql!("DELETE FROM totps WHERE user_id = $1");
    Ok(tx.exec(stmt, params![user]).await? == 1)
}
