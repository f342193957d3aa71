//! A sign-in between password and second factor: it opens nothing but the page for the code.

use db::{Result, Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, Secret, UserId, Uuid};
use std::time::Duration;

/// So long after the password the second factor is waited for.
pub const GOOD_FOR: Duration = Duration::from_secs(600);

kernel::row! {
    /// Who has given the password.
    #[derive(Debug, Clone)]
    pub struct Half {
        pub id: Uuid,
        pub user: UserId,
        // set when a customer number was typed
        pub customer: Option<CustomerId>,
        pub name: String,
    }
}

/// Begins one; gives the token for the cookie.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    customer: Option<CustomerId>,
) -> Result<Secret> {
    let token = ctx.world.token();
    let stmt = sql!(
        "INSERT INTO sign_ins (id, token_hash, user_id, customer_id, created_at) VALUES ($1, $2, $3, $4, $5)"
    );
    let params = params![
        ctx.id::<Uuid>(),
        web::token_hash(&token),
        user,
        customer,
        ctx.now
    ];
    tx.exec(stmt, params).await?;
    Ok(Secret::new(token))
}

/// The sign-in of this token, unless it took too long.
pub async fn of(tx: &mut Tx, now: Moment, token: &str) -> Result<Option<Half>> {
    let stmt = sql!(
        Half,
        "SELECT s.id, s.user_id AS \"user\", s.customer_id AS customer, u.first_name AS name \
         FROM sign_ins s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.created_at > $2"
    );
    tx.opt(stmt, params![web::token_hash(token), now - GOOD_FOR])
        .await
}

/// Takes it away; `false` when another request was faster.
pub async fn end(tx: &mut Tx, half: Uuid) -> Result<bool> {
    let stmt = sql!("DELETE FROM sign_ins WHERE id = $1");
    Ok(tx.exec(stmt, params![half]).await? == 1)
}

/// After a new password, and when the factors are taken away.
pub async fn end_all(tx: &mut Tx, user: UserId) -> Result<()> {
    let stmt = sql!("DELETE FROM sign_ins WHERE user_id = $1");
    tx.exec(stmt, params![user]).await.map(drop)
}

pub(crate) async fn sweep(tx: &mut Tx, now: Moment) -> Result<()> {
    let stmt = sql!("DELETE FROM sign_ins WHERE created_at <= $1");
    tx.exec(stmt, params![now - GOOD_FOR]).await.map(drop)
}
