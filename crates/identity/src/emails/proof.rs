//! Using the link that proves an address.

use super::{PROOF, Wish, note, settle, store};
use crate::links::{self, Link, LinkState};
use crate::notices::{self, What};
use crate::{factors, passwords, sessions, users};
use db::Tx;
use kernel::{Actor, Ctx, Email, UserId};
use web::Cx;

/// What a proof link stands for.
#[derive(Debug, Clone)]
pub struct Claim {
    pub user: UserId,
    pub email: Email,
    /// Nobody knows yet that the account belongs to whoever reads this address: no address of it is proven, and this is
    /// not a session of its user. Then the proof sets a new password, and what could sign in before ends.
    pub takes_over: bool,
}

/// Looks at a link without using it.
///
/// # Errors
/// How the link stands when it is not good (inner), and when the database is away.
pub async fn look(tx: &mut Tx, cx: &Cx, token: &str) -> web::Result<Result<Claim, LinkState>> {
    match links::peek(tx, PROOF, token, cx.ctx.now).await? {
        LinkState::Good(link) => claim(tx, cx, &link).await,
        other => Ok(Err(other)),
    }
}

async fn claim(tx: &mut Tx, cx: &Cx, link: &Link) -> web::Result<Result<Claim, LinkState>> {
    let (Some(user), Some(email)) = (link.user, link.email.clone()) else {
        return Ok(Err(LinkState::Unknown));
    };
    // somebody else has proven it since, or the user has taken it away
    let own = store::all(tx, user).await?;
    let waits = own
        .iter()
        .any(|own| own.email == email && own.verified_at.is_none());
    if !waits || users::by_verified_email(tx, &email).await?.is_some() {
        return Ok(Err(LinkState::Unknown));
    }
    let known = own.iter().any(|own| own.verified_at.is_some());
    let here = cx.user().is_some_and(|session| session.user == user);
    Ok(Ok(Claim {
        user,
        email,
        takes_over: !known && !here,
    }))
}

/// Uses the link. `hash` is that of a new password, needed when the claim says so. Claims of others on the address are
/// dropped, and their links with them.
///
/// # Errors
/// How the link stands when it is not good any more (inner), and when the database is away.
pub async fn prove(
    tx: &mut Tx,
    cx: &Cx,
    token: &str,
    hash: Option<&str>,
) -> web::Result<Result<Claim, LinkState>> {
    let link = match links::spend(tx, &cx.ctx, PROOF, token).await? {
        Ok(link) => link,
        Err(state) => return Ok(Err(state)),
    };
    let claim = match claim(tx, cx, &link).await? {
        Ok(claim) => claim,
        Err(state) => return Ok(Err(state)),
    };
    let ctx = &Ctx {
        actor: Actor::User(claim.user),
        ..cx.ctx.clone()
    };
    if claim.takes_over {
        let Some(hash) = hash else {
            return Ok(Err(LinkState::Unknown));
        };
        passwords::set(tx, ctx, claim.user, hash).await?;
        sessions::end_all(tx, claim.user).await?;
        factors::clear(tx, ctx, claim.user).await?;
    }
    taken_by(tx, ctx, claim.user, &claim.email).await?;
    if !store::verify(tx, claim.user, &claim.email, ctx.now).await? {
        return Ok(Err(LinkState::Unknown));
    }
    let wish: Wish = link.read().unwrap_or_default();
    let own = store::all(tx, claim.user).await?;
    if let Some(own) = own.iter().find(|own| own.email == claim.email) {
        note(tx, ctx, "user.email_proven", claim.user, own.id).await?;
        if wish.primary && !own.is_primary {
            store::set_primary(tx, claim.user, &claim.email).await?;
            note(tx, ctx, "user.email_made_primary", claim.user, own.id).await?;
        }
    }
    settle(tx, ctx, claim.user).await?;
    if claim.takes_over {
        notices::changed(tx, cx, claim.user, What::Password).await?;
    }
    Ok(Ok(claim))
}

/// The address is this user's from now on: what others claim of it without proof is worth nothing any more.
pub(crate) async fn taken_by(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    email: &Email,
) -> db::Result<()> {
    links::end_for_email(tx, ctx, PROOF, email).await?;
    for loser in store::drop_claims(tx, user, email).await? {
        let event = jobs::Event::new(super::CHANGED, loser, loser);
        jobs::emit(tx, ctx, event).await?;
    }
    Ok(())
}
