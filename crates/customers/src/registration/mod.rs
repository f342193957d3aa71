//! Registration (AUTH-1): a person leaves name and address, gets a link by mail, and becomes user and customer at once
//! when the link is used. Until then nothing is kept but the link.

mod mails;
pub mod portal;

use crate::customer::{self, Kind, NewCustomer};
use crate::member::{self, Role};
use db::Tx;
use db::audit::{self, Entry};
use identity::links::{self, LinkState, Target};
use identity::throttle;
use identity::users::{self, NewUser};
use kernel::{Ctx, CustomerId, Email, Locale, Moment, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use web::App;
use web::form::Agreed;

pub use mails::{Activation, Known};

/// The kind of link that activates an account.
pub const LINK: &str = "activation";
/// How long it is good; what is not used by then is gone.
pub const GOOD_FOR: Duration = Duration::from_secs(48 * 3600);

web::form! {
    /// What a visitor leaves to register.
    pub struct Registration as "registration"; {
        first_name: String = line(60).half().autocomplete("given-name"),
        last_name: String = line(60).half().autocomplete("family-name"),
        email: Email = email(),
        consent: Agreed = tick(),
    }
}

/// What is kept with the link until it is used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pending {
    pub first_name: String,
    pub last_name: String,
    /// The language of the page the form was sent from.
    pub language: String,
    /// When the visitor agreed to the data protection terms.
    pub consent_at: Moment,
    /// The version of the notice that was shown (hash of its text); empty where none is known.
    #[serde(default)]
    pub consent_version: String,
}

/// The version of the data protection notice in force: given at start by whoever knows the documents.
pub struct PrivacyVersion(pub String);

/// Takes a registration: queues the mail with the link, or the one that says that an account exists already.
/// Nothing in the answer tells which, nor that there were too many tries and no mail goes out at all.
///
/// # Errors
/// When the database is away, or a mail's template is broken.
pub async fn register(
    app: &App,
    tx: &mut Tx,
    ctx: &Ctx,
    network: &str,
    new: &Registration,
) -> web::Result<()> {
    if !throttle::mail(tx, ctx.now, &new.email, network).await? {
        return Ok(());
    }
    if let Some(user) = users::by_verified_email(tx, &new.email).await? {
        return mails::known(app, tx, ctx, user, &new.email).await;
    }
    let pending = Pending {
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        language: ctx.locale.as_str().to_owned(),
        consent_at: ctx.now,
        consent_version: app
            .state::<PrivacyVersion>()
            .map(|v| v.0.clone())
            .unwrap_or_default(),
    };
    links::end_for_email(tx, ctx, LINK, &new.email).await?;
    let payload = serde_json::to_value(&pending).map_err(web::Error::internal)?;
    let target = Target {
        email: Some(new.email.clone()),
        payload,
        ..Target::default()
    };
    let token = links::issue(tx, ctx, LINK, target, GOOD_FOR).await?;
    mails::activation(app, tx, ctx, &new.email, &token).await
}

/// What a link activates.
#[derive(Debug, Clone)]
pub struct Invited {
    pub email: Email,
    pub pending: Pending,
}

/// Looks at a link without using it.
///
/// # Errors
/// The state of a link that is not good (inner), and when the database is away.
pub async fn peek(tx: &mut Tx, token: &str, now: Moment) -> web::Result<Result<Invited, Dead>> {
    match links::peek(tx, LINK, token, now).await? {
        LinkState::Good(link) => invited(link).map(Ok),
        other => Ok(Err(Dead::of(&other))),
    }
}

fn invited(link: links::Link) -> web::Result<Invited> {
    let pending = link.read::<Pending>();
    let (Some(pending), Some(email)) = (pending, link.email) else {
        return Err(web::Error::internal("an activation link without its data"));
    };
    Ok(Invited { email, pending })
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

/// Uses the link: makes the user with a proven address, the customer, and the membership that owns it.
///
/// # Errors
/// The state of a link that is not good any more (inner), and when the database is away.
pub async fn activate(
    tx: &mut Tx,
    ctx: &Ctx,
    token: &str,
    hash: &str,
) -> web::Result<Result<(UserId, CustomerId), Dead>> {
    let link = match links::spend(tx, ctx, LINK, token).await? {
        Ok(link) => link,
        Err(state) => return Ok(Err(Dead::of(&state))),
    };
    let Invited { email, pending } = invited(link)?;
    // somebody proved the address in another way since: the account is there already
    if users::by_verified_email(tx, &email).await?.is_some() {
        return Ok(Err(Dead::Used));
    }
    let user = NewUser {
        first_name: pending.first_name.clone(),
        last_name: pending.last_name.clone(),
        email: email.clone(),
        verified: true,
    };
    // the language in which the person registered, whatever browser opened the link
    let locale = Locale::parse(&pending.language).unwrap_or(ctx.locale);
    let ctx = &Ctx {
        locale,
        ..ctx.clone()
    };
    let user = users::create(tx, ctx, &user).await?;
    identity::passwords::set(tx, ctx, user, hash).await?;
    let customer = NewCustomer {
        kind: Kind::Private,
        company: None,
        salutation: None,
        first_name: pending.first_name,
        last_name: pending.last_name,
        phone: None,
        billing_email: email,
        locale,
    };
    let how = json!({
        "registration": true,
        "consent_at": pending.consent_at,
        "consent_version": pending.consent_version,
    });
    let (customer, _) = customer::create(tx, ctx, &customer, how).await?;
    member::add(tx, ctx, customer, user, &Role::MainOwner).await?;
    let entry = Entry {
        act: "registration.activated",
        customer: Some(customer),
        subject: "user",
        subject_id: user.to_string(),
        detail: json!({}),
    };
    audit::record(tx, ctx, entry).await?;
    Ok(Ok((user, customer)))
}
