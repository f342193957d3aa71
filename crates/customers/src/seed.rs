//! People for the demo and for tests, made with the verbs that the pages use. A context in the past makes a past.

use crate::customer::{self, NewCustomer};
use crate::member::{self, Role};
use db::{Result, Tx};
use identity::users::{self, NewUser};
use kernel::{Ctx, CustomerId, Email, UserId};
use serde_json::json;

/// A user with a proven address and this password hash; whoever has the address already stays as they are.
pub async fn user(
    tx: &mut Tx,
    ctx: &Ctx,
    first_name: &str,
    last_name: &str,
    email: &Email,
    hash: &str,
) -> Result<UserId> {
    if let Some(known) = users::by_verified_email(tx, email).await? {
        return Ok(known);
    }
    let new = NewUser {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email: email.clone(),
        verified: true,
    };
    let user = users::create(tx, ctx, &new).await?;
    identity::passwords::set(tx, ctx, user, hash).await?;
    Ok(user)
}

/// A customer with its main owner; gives the id and the number without prefix.
pub async fn customer(
    tx: &mut Tx,
    ctx: &Ctx,
    new: &NewCustomer,
    owner: UserId,
) -> Result<(CustomerId, i64)> {
    let made = customer::create(tx, ctx, new, json!("seed")).await?;
    member::add(tx, ctx, made.0, owner, &Role::MainOwner).await?;
    Ok(made)
}
