//! Invitations to act for a customer: by mail, bound to the address, good for seven days and once (DESK-5, ACC-6).
//!
//! The row says what is offered, the mailed link leads to it. Of several links to one invitation the newest counts.

pub mod desk;
pub mod mails;
pub mod portal;
pub mod store;
mod sweep;

use crate::member::{self, Role};
use db::Tx;
use db::audit::{self, Entry};
use identity::links::{self, LinkState, Target};
use identity::users::{self, NewUser};
use identity::{passwords, throttle};
use kernel::{Ctx, CustomerId, Email, Locale, Moment, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use web::{App, Rights};

pub use sweep::Sweep;

kernel::typed_id!(/** An open invitation. */ InvitationId);

/// The kind of the link.
pub const LINK: &str = "customer-invitation";
pub const GOOD_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

kernel::words! {
    /// What is offered.
    pub enum Offer { MainOwner = "main-owner", Owner = "owner", Rights = "rights" }
}

kernel::row! {
    /// An invitation that nobody has accepted yet.
    #[derive(Debug, Clone)]
    pub struct Invitation {
        pub id: InvitationId,
        pub customer_id: CustomerId,
        pub email: Email,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub locale: Locale,
        pub role: Offer,
        pub rights: String,
        pub created_at: Moment,
        pub sent_at: Moment,
        pub expires_at: Moment,
    }
}

impl Invitation {
    fn offered(&self) -> Role {
        match self.role {
            Offer::MainOwner => Role::MainOwner,
            Offer::Owner => Role::Owner,
            Offer::Rights => Role::With(Rights::parse(&self.rights)),
        }
    }
}

/// Whom to invite, and to what.
#[derive(Debug, Clone)]
pub struct New {
    pub email: Email,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// Of the mail, and of the user that comes of it.
    pub locale: Locale,
    pub role: Role,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The address belongs to a member already.
    #[error("a member already")]
    Member,
    /// There is an open invitation to the address: it can be sent again.
    #[error("invited already")]
    Open,
    /// Three mails within the hour went to the address.
    #[error("too many mails")]
    TooMany,
    #[error(transparent)]
    Web(#[from] web::Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Refused::Web(error.into())
    }
}

impl Refused {
    /// The text at the field of the address.
    pub fn fault(&self) -> Option<&'static str> {
        match self {
            Refused::Member => Some("fault-invite-member"),
            Refused::Open => Some("fault-invite-open"),
            Refused::TooMany => Some("fault-invite-too-many"),
            Refused::Web(_) => None,
        }
    }
}

/// Invites an address and sends the link.
///
/// # Errors
/// [`Refused`]
pub async fn invite(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    customer: CustomerId,
    new: &New,
) -> Result<InvitationId, Refused> {
    if let Some(user) = users::by_verified_email(tx, &new.email).await?
        && member::rights_of(tx, customer, user).await?.is_some()
    {
        return Err(Refused::Member);
    }
    if store::by_email(tx, customer, &new.email).await?.is_some() {
        return Err(Refused::Open);
    }
    let (role, rights) = match &new.role {
        Role::MainOwner => (Offer::MainOwner, String::new()),
        Role::Owner => (Offer::Owner, String::new()),
        Role::With(rights) => (Offer::Rights, rights.stored()),
    };
    let invitation = Invitation {
        id: ctx.id(),
        customer_id: customer,
        email: new.email.clone(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        locale: new.locale,
        role,
        rights,
        created_at: ctx.now,
        sent_at: ctx.now,
        expires_at: ctx.now + GOOD_FOR,
    };
    store::insert(tx, &invitation).await?;
    post(tx, app, ctx, &invitation).await?;
    let detail = json!({ "role": role, "rights": invitation.rights });
    record(tx, ctx, &invitation, "member.invited", detail).await?;
    Ok(invitation.id)
}

/// Sends a new link, good for seven days from now; the ones before end.
///
/// # Errors
/// [`Refused::TooMany`]; a stranger's id is [`db::Error::Missing`].
pub async fn send_again(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    customer: CustomerId,
    id: InvitationId,
) -> Result<(), Refused> {
    let mut invitation = store::one(tx, customer, id).await?;
    invitation.sent_at = ctx.now;
    invitation.expires_at = ctx.now + GOOD_FOR;
    store::sent(tx, &invitation).await?;
    post(tx, app, ctx, &invitation).await?;
    record(tx, ctx, &invitation, "member.invited_again", json!({})).await?;
    Ok(())
}

/// Takes an invitation back; its links end. A stranger's id is [`db::Error::Missing`].
pub async fn withdraw(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    id: InvitationId,
) -> db::Result<()> {
    let invitation = store::one(tx, customer, id).await?;
    store::delete(tx, customer, id).await?;
    let act = "member.invitation_withdrawn";
    record(tx, ctx, &invitation, act, json!({})).await
}

/// What a link says: the invitation as it was sent with this very mail.
#[derive(Debug, Serialize, Deserialize)]
struct Sent {
    customer: CustomerId,
    invitation: InvitationId,
    at: Moment,
}

async fn post(tx: &mut Tx, app: &App, ctx: &Ctx, invitation: &Invitation) -> Result<(), Refused> {
    if !throttle::mail_to(tx, ctx.now, &invitation.email).await? {
        return Err(Refused::TooMany);
    }
    let sent = Sent {
        customer: invitation.customer_id,
        invitation: invitation.id,
        at: invitation.sent_at,
    };
    let target = Target {
        email: Some(invitation.email.clone()),
        payload: serde_json::to_value(sent).map_err(web::Error::internal)?,
        ..Target::default()
    };
    let token = links::issue(tx, ctx, LINK, target, GOOD_FOR).await?;
    mails::invited(tx, app, ctx, invitation, &token).await?;
    Ok(())
}

kernel::words! {
    /// Why a link does nothing.
    pub enum Dead { Used = "used", Expired = "expired", Unknown = "unknown" }
}

impl Dead {
    fn of(state: &LinkState) -> Self {
        match state {
            LinkState::Used => Dead::Used,
            LinkState::Expired => Dead::Expired,
            LinkState::Good(_) | LinkState::Unknown => Dead::Unknown,
        }
    }
}

/// Looks at a link without using it.
///
/// # Errors
/// Why the link does nothing (inner), and when the database is away.
pub async fn peek(tx: &mut Tx, token: &str, now: Moment) -> web::Result<Result<Invitation, Dead>> {
    match links::peek(tx, LINK, token, now).await? {
        LinkState::Good(link) => behind(tx, &link).await,
        other => Ok(Err(Dead::of(&other))),
    }
}

/// The invitation a link leads to, unless it was withdrawn or sent again since.
async fn behind(tx: &mut Tx, link: &links::Link) -> web::Result<Result<Invitation, Dead>> {
    let sent = link
        .read::<Sent>()
        .ok_or_else(|| web::Error::internal("an invitation's link without its data"))?;
    match store::one(tx, sent.customer, sent.invitation).await {
        Ok(found) if found.sent_at == sent.at => Ok(Ok(found)),
        Ok(_) | Err(db::Error::Missing) => Ok(Err(Dead::Expired)),
        Err(error) => Err(error.into()),
    }
}

/// Uses the link up: of two who do at once, one gets the invitation.
async fn spend(tx: &mut Tx, ctx: &Ctx, token: &str) -> web::Result<Result<Invitation, Dead>> {
    let link = match links::spend(tx, ctx, LINK, token).await? {
        Ok(link) => link,
        Err(state) => return Ok(Err(Dead::of(&state))),
    };
    let found = behind(tx, &link).await?;
    if let Ok(invitation) = &found {
        store::delete(tx, invitation.customer_id, invitation.id).await?;
    }
    Ok(found)
}

/// Accepts as a user who has proven the address; the caller has asked that. Who belongs to the customer already keeps
/// the rights held.
///
/// # Errors
/// Why the link does nothing (inner), and when the database is away.
pub async fn accept(
    tx: &mut Tx,
    ctx: &Ctx,
    token: &str,
    user: UserId,
) -> web::Result<Result<Invitation, Dead>> {
    let invitation = match spend(tx, ctx, token).await? {
        Ok(invitation) => invitation,
        Err(why) => return Ok(Err(why)),
    };
    let customer = invitation.customer_id;
    if member::rights_of(tx, customer, user).await?.is_none() {
        let mut role = invitation.offered();
        // there is exactly one: another one may have been made meanwhile
        if role == Role::MainOwner && member::main_owner(tx, customer).await?.is_some() {
            role = Role::Owner;
        }
        member::add(tx, ctx, customer, user, &role).await?;
    }
    record(tx, ctx, &invitation, "member.accepted", json!({})).await?;
    Ok(Ok(invitation))
}

/// Accepts as somebody new: the link has proven the address.
///
/// # Errors
/// As [`accept`].
pub async fn accept_as_new(
    tx: &mut Tx,
    ctx: &Ctx,
    token: &str,
    names: (&str, &str),
    hash: &str,
) -> web::Result<Result<(UserId, Invitation), Dead>> {
    let invitation = match peek(tx, token, ctx.now).await? {
        Ok(invitation) => invitation,
        Err(why) => return Ok(Err(why)),
    };
    // somebody proved the address in another way since: the page then asks to sign in
    if users::by_verified_email(tx, &invitation.email)
        .await?
        .is_some()
    {
        return Ok(Err(Dead::Used));
    }
    let ctx = &Ctx {
        locale: invitation.locale,
        ..ctx.clone()
    };
    let new = NewUser {
        first_name: names.0.to_owned(),
        last_name: names.1.to_owned(),
        email: invitation.email,
        verified: true,
    };
    let user = users::create(tx, ctx, &new).await?;
    passwords::set(tx, ctx, user, hash).await?;
    let accepted = accept(tx, ctx, token, user).await?;
    Ok(accepted.map(|invitation| (user, invitation)))
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    invitation: &Invitation,
    act: &'static str,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = Entry {
        act,
        customer: Some(invitation.customer_id),
        subject: "invitation",
        subject_id: invitation.id.to_string(),
        detail,
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
