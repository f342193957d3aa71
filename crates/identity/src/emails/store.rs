//! All SQL that changes the addresses of a user, or asks for them by id.

use super::EmailId;
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Email, Moment, UserId};

kernel::row! {
    /// An address of a user.
    #[derive(Debug, Clone)]
    pub struct Own {
        pub id: EmailId,
        pub email: Email,
        pub verified_at: Option<Moment>,
        pub is_primary: bool,
    }
}

/// All of the user's, the primary one first.
pub async fn all(tx: &mut Tx, user: UserId) -> Result<Vec<Own>> {
    let stmt = sql!(
        Own,
        "SELECT id, email, verified_at, is_primary FROM user_emails WHERE user_id = $1 ORDER BY is_primary DESC, id"
    );
    tx.all(stmt, params![user]).await
}

pub async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    email: &Email,
    verified: Option<Moment>,
) -> Result<EmailId> {
    let id: EmailId = ctx.id();
    let stmt = sql!(
        "INSERT INTO user_emails (id, user_id, email, verified_at, is_primary) VALUES ($1, $2, $3, $4, $5)"
    );
    tx.exec(stmt, params![id, user, email, verified, false])
        .await?;
    Ok(id)
}

pub async fn remove(tx: &mut Tx, user: UserId, email: &Email) -> Result<()> {
    let stmt = sql!("DELETE FROM user_emails WHERE user_id = $1 AND email = $2");
    tx.exec(stmt, params![user, email]).await.map(drop)
}

/// Whether there was such a claim to prove.
pub async fn verify(tx: &mut Tx, user: UserId, email: &Email, now: Moment) -> Result<bool> {
    let stmt = sql!(
        "UPDATE user_emails SET verified_at = $3 WHERE user_id = $1 AND email = $2 AND verified_at IS NULL"
    );
    Ok(tx.exec(stmt, params![user, email, now]).await? > 0)
}

/// Takes away what others claim of an address without proof; gives whose claims they were.
pub async fn drop_claims(tx: &mut Tx, user: UserId, email: &Email) -> Result<Vec<UserId>> {
    let stmt = sql!(
        (UserId,),
        "DELETE FROM user_emails WHERE email = $2 AND user_id <> $1 AND verified_at IS NULL RETURNING user_id"
    );
    let rows = tx.all(stmt, params![user, email]).await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// The one that mails go to from now on.
pub async fn set_primary(tx: &mut Tx, user: UserId, email: &Email) -> Result<()> {
    let stmt = sql!(
        "UPDATE user_emails SET is_primary = FALSE WHERE user_id = $1 AND is_primary = TRUE AND email <> $2"
    );
    tx.exec(stmt, params![user, email]).await?;
    let stmt = sql!("UPDATE user_emails SET is_primary = TRUE WHERE user_id = $1 AND email = $2");
    tx.exec(stmt, params![user, email]).await.map(drop)
}
