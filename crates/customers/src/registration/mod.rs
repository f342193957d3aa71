//! Registration (AUTH-1): a person leaves name and address, gets a link by mail, and becomes user and customer at once
//! when the link is used. Until then nothing is kept but the link, and before it the job that sends it.

mod mails;
pub mod portal;

use crate::customer::{self, Kind, NewCustomer};
use crate::member::{self, Role};
use db::Tx;
use db::audit::{self, Entry};
use identity::links::{self, LinkState, Target};
use identity::throttle;
use identity::users::{self, NewUser};
use jobs::{Job, JobCx, Outcome};
use kernel::{Ctx, CustomerId, Email, Locale, Moment, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use web::form::Agreed;
use web::{App, LateApp};

pub use mails::{Activation, Known};

/// The kind of link that activates an account.
pub const LINK: &str = "activation";
/// How long it is good; what is not used by then is gone.
pub const GOOD_FOR: Duration = Duration::from_secs(48 * 3600);
/// How often the answer is tried again at once when the database asks for it.
const RUNS: usize = 5;

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

/// Takes a registration. Nothing in the answer tells whether the address is known, nor that there were too many tries
/// and no mail goes out at all; and as the mail is left to a job, the answer takes as long in each case.
///
/// # Errors
/// When the database is away.
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
    let asked = Asked {
        email: new.email.clone(),
        pending,
    };
    jobs::enqueue(tx, ctx, &asked).await?;
    Ok(())
}

/// Queues the mail with the link, or the one that says that an account exists already.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    email: Email,
    pending: Pending,
}

impl Job for Asked {
    const KIND: &'static str = "customers.register";

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = LateApp::of(cx) else {
            return Outcome::Retry("the application does not stand yet".into());
        };
        for _ in 0..RUNS {
            match self.answer(&app, cx).await {
                Ok(()) => return Outcome::Done,
                Err(web::Error::Retry) => {}
                Err(error) => return Outcome::Retry(error.to_string()),
            }
        }
        Outcome::Retry("the database is busy".into())
    }
}

impl Asked {
    async fn answer(&self, app: &App, cx: &JobCx) -> web::Result<()> {
        let email = &self.email;
        let locale = Locale::parse(&self.pending.language).unwrap_or(cx.ctx.locale);
        let ctx = &Ctx {
            locale,
            ..cx.ctx.clone()
        };
        let mut tx = cx.db.begin().await?;
        if let Some(user) = users::by_verified_email(&mut tx, email).await? {
            mails::known(app, &mut tx, ctx, user, email).await?;
        } else {
            links::end_for_email(&mut tx, ctx, LINK, email).await?;
            let payload = serde_json::to_value(&self.pending).map_err(web::Error::internal)?;
            let target = Target {
                email: Some(email.clone()),
                payload,
                ..Target::default()
            };
            let token = links::issue(&mut tx, ctx, LINK, target, GOOD_FOR).await?;
            mails::activation(app, &mut tx, ctx, email, &token).await?;
        }
        tx.commit().await?;
        Ok(())
    }
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
        customer: Some(customer),
        ..Entry::about_user("registration.activated", user)
    };
    audit::record(tx, ctx, entry).await?;
    Ok(Ok((user, customer)))
}
