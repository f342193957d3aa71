//! What a member may do is changed: rights, ownership, the end of a membership.

use super::{Member, Role, customer, stored};
use db::audit::{self, Entry};
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, UserId};
use serde_json::json;

/// Why a membership stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// There is always exactly one main owner: somebody else must be made it first.
    #[error("the main owner stays")]
    MainOwner,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// A member of this customer; [`db::Error::Missing`] for others.
pub async fn one(tx: &mut Tx, customer: CustomerId, user: UserId) -> db::Result<Member> {
    let stmt = sql!(
        Member,
        "SELECT user_id, is_owner, is_main_owner, rights, created_at FROM memberships \
         WHERE customer_id = $1 AND user_id = $2"
    );
    tx.one(stmt, params![customer, user]).await
}

/// Gives a member other rights, or makes an owner of somebody. It holds from the next request on.
///
/// # Errors
/// [`Refused::MainOwner`]; whoever is no member is [`db::Error::Missing`].
pub async fn set_role(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    user: UserId,
    role: &Role,
) -> Result<(), Refused> {
    let now = one(tx, customer, user).await?;
    let (owner, main, rights) = stored(role);
    if now.is_main_owner || main {
        return Err(Refused::MainOwner);
    }
    if now.is_owner == owner && now.rights == rights {
        return Ok(());
    }
    let stmt = sql!(
        "UPDATE memberships SET is_owner = $3, rights = $4 WHERE customer_id = $1 AND user_id = $2"
    );
    tx.exec(stmt, params![customer, user, owner, &rights])
        .await?;
    let detail = json!({ "owner": [now.is_owner, owner], "rights": [now.rights, rights] });
    note(tx, ctx, customer, user, "member.changed", detail).await?;
    Ok(())
}

/// Makes a member the main owner: whom the customer number signs in. The one before stays an owner.
pub async fn make_main_owner(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    user: UserId,
) -> db::Result<()> {
    let now = one(tx, customer, user).await?;
    if now.is_main_owner {
        return Ok(());
    }
    let stmt = sql!(
        "UPDATE memberships SET is_main_owner = FALSE WHERE customer_id = $1 AND is_main_owner = TRUE"
    );
    tx.exec(stmt, params![customer]).await?;
    let stmt = sql!(
        "UPDATE memberships SET is_owner = TRUE, is_main_owner = TRUE, rights = '' \
         WHERE customer_id = $1 AND user_id = $2"
    );
    tx.exec(stmt, params![customer, user]).await?;
    let detail = json!({});
    note(tx, ctx, customer, user, "member.main_owner_set", detail).await
}

/// Ends a membership; the user stays.
///
/// # Errors
/// [`Refused::MainOwner`]; whoever is no member is [`db::Error::Missing`].
pub async fn remove(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    user: UserId,
) -> Result<(), Refused> {
    if one(tx, customer, user).await?.is_main_owner {
        return Err(Refused::MainOwner);
    }
    let stmt = sql!("DELETE FROM memberships WHERE customer_id = $1 AND user_id = $2");
    tx.exec(stmt, params![customer, user]).await?;
    customer::rekey(tx, customer).await?;
    note(tx, ctx, customer, user, "member.removed", json!({})).await?;
    Ok(())
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    user: UserId,
    act: &'static str,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = Entry {
        customer: Some(customer),
        detail,
        ..Entry::about_user(act, user)
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
