//! All SQL on `invitations`.

use super::{Invitation, InvitationId};
use db::{Result, Tx, params, sql};
use kernel::{CustomerId, Email, Moment};

/// The open invitations of a customer, the newest first.
pub async fn list(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Invitation>> {
    let stmt = sql!(
        Invitation,
        "SELECT id, customer_id, email, first_name, last_name, locale, role, rights, created_at, sent_at, expires_at \
         FROM invitations WHERE customer_id = $1 ORDER BY id DESC"
    );
    tx.all(stmt, params![customer]).await
}

pub async fn one(tx: &mut Tx, customer: CustomerId, id: InvitationId) -> Result<Invitation> {
    let stmt = sql!(
        Invitation,
        "SELECT id, customer_id, email, first_name, last_name, locale, role, rights, created_at, sent_at, expires_at \
         FROM invitations WHERE customer_id = $1 AND id = $2"
    );
    tx.one(stmt, params![customer, id]).await
}

pub async fn by_email(
    tx: &mut Tx,
    customer: CustomerId,
    email: &Email,
) -> Result<Option<InvitationId>> {
    let stmt = sql!(
        (InvitationId,),
        "SELECT id FROM invitations WHERE customer_id = $1 AND email = $2"
    );
    Ok(tx.opt(stmt, params![customer, email]).await?.map(|r| r.0))
}

pub async fn insert(tx: &mut Tx, new: &Invitation) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO invitations (id, customer_id, email, first_name, last_name, locale, role, rights, created_at, \
         sent_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let values = params![
        new.id,
        new.customer_id,
        &new.email,
        &new.first_name,
        &new.last_name,
        new.locale,
        new.role,
        &new.rights,
        new.created_at,
        new.sent_at,
        new.expires_at
    ];
    tx.exec(stmt, values).await.map(drop)
}

/// Notes when it was sent and until when it is good.
pub async fn sent(tx: &mut Tx, invitation: &Invitation) -> Result<()> {
    let stmt = sql!(
        "UPDATE invitations SET sent_at = $3, expires_at = $4 WHERE customer_id = $1 AND id = $2"
    );
    let values = params![
        invitation.customer_id,
        invitation.id,
        invitation.sent_at,
        invitation.expires_at
    ];
    tx.exec(stmt, values).await.map(drop)
}

pub async fn delete(tx: &mut Tx, customer: CustomerId, id: InvitationId) -> Result<()> {
    let stmt = sql!("DELETE FROM invitations WHERE customer_id = $1 AND id = $2");
    tx.exec(stmt, params![customer, id]).await.map(drop)
}

/// Forgets what nobody accepted.
pub async fn sweep(tx: &mut Tx, expired_before: Moment) -> Result<u64> {
    let stmt = sql!("DELETE FROM invitations WHERE expires_at < $1");
    tx.exec(stmt, params![expired_before]).await
}
