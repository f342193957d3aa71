//! A new password by mail (AUTH-4). What leads to a user is asked in `customers`; here is the link, and what it does.
//!
//! The link signs nobody in: a second factor stays asked.

pub mod portal;

use crate::links::{self, LinkState, Target};
use crate::notices::{self, What};
use crate::{passwords, sessions, throttle, users};
use db::Tx;
use db::audit::{self, Entry};
use kernel::{Actor, Ctx, Email, Secret, UserId};
use mail::Slot;
use serde::Serialize;
use std::time::Duration;
use web::{App, Cx, Envelope, MailPage};

/// Kind of the link.
pub const LINK: &str = "reset";
pub const GOOD_FOR: Duration = Duration::from_secs(30 * 60);
/// Where a link is asked for: a page of `customers`, which knows what a customer number means.
pub const FORGOTTEN: &str = "/passwort";

/// Brings the link.
#[derive(Debug, Serialize)]
pub struct Reset {
    pub name: String,
    pub link: String,
    /// Staff has sent it, not the person.
    pub by_staff: bool,
}

impl MailPage for Reset {
    const TEMPLATE: &'static str = "identity/mail/reset";
    const SUBJECT: &'static str = "mail-reset-subject";
    fn samples() -> Vec<Self> {
        [false, true]
            .map(|by_staff| Reset {
                name: "Jana Petersen".into(),
                link: mail::slot("link"),
                by_staff,
            })
            .into()
    }
}

/// Sends a link to one of the user's proven addresses. The caller has counted the mail ([`throttle::reset_mail_to`]).
///
/// # Errors
/// When the database is away, or the mail's template is broken.
pub async fn send(tx: &mut Tx, app: &App, ctx: &Ctx, user: UserId, to: &Email) -> web::Result<()> {
    let Some(person) = users::by_id(tx, user).await? else {
        return Ok(());
    };
    let target = Target {
        user: Some(user),
        email: Some(to.clone()),
        ..Target::default()
    };
    let token = links::issue(tx, ctx, LINK, target, GOOD_FOR).await?;
    let home = app.customers_of(tx, user).await?;
    let customer = home.first().map(|(customer, _)| *customer);
    let page = Reset {
        name: person.name(),
        link: mail::slot("link"),
        by_staff: matches!(ctx.actor, Actor::Staff(_)),
    };
    let address = portal::NEW.to(token.expose());
    let envelope = Envelope {
        to: to.clone(),
        to_name: person.name(),
        customer,
        user: Some(user),
        kind: "identity.reset",
        locale: person.locale,
        slots: vec![Slot {
            name: "link",
            value: Secret::new(app.absolute(&address)),
            expires: Some(ctx.now + GOOD_FOR),
        }],
    };
    web::send_mail(tx, app, ctx, envelope, page).await?;
    let entry = Entry {
        customer,
        ..Entry::about_user("user.reset_sent", user)
    };
    audit::record(tx, ctx, entry).await?;
    Ok(())
}

/// What came of [`send_by_staff`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    Yes,
    /// The user has no proven address.
    NoAddress,
    /// There were three within the hour.
    TooMany,
}

/// Sends a link at the wish of staff, who never choose a password for somebody.
///
/// # Errors
/// As [`send`].
pub async fn send_by_staff(tx: &mut Tx, cx: &Cx, user: UserId) -> web::Result<Sent> {
    let emails = users::emails(tx, user).await?;
    let Some(own) = emails.into_iter().find(|own| own.verified_at.is_some()) else {
        return Ok(Sent::NoAddress);
    };
    if !throttle::reset_mail_to(tx, cx.ctx.now, &own.email).await? {
        return Ok(Sent::TooMany);
    }
    send(tx, &cx.app, &cx.ctx, user, &own.email).await?;
    Ok(Sent::Yes)
}

/// Uses the link: sets the password, ends all sessions and all other links of its kind, and tells the user.
///
/// # Errors
/// How the link stands when it is not good any more (inner), and when the database is away.
pub async fn set(
    tx: &mut Tx,
    cx: &Cx,
    token: &str,
    hash: &str,
) -> web::Result<Result<UserId, LinkState>> {
    let link = match links::spend(tx, &cx.ctx, LINK, token).await? {
        Ok(link) => link,
        Err(state) => return Ok(Err(state)),
    };
    let Some(user) = link.user else {
        return Ok(Err(LinkState::Unknown));
    };
    // whoever has the link stands for the user from here on
    let ctx = Ctx {
        actor: Actor::User(user),
        ..cx.ctx.clone()
    };
    passwords::set(tx, &ctx, user, hash).await?;
    sessions::end_all(tx, user).await?;
    throttle::succeed(tx, &format!("account:{user}")).await?;
    notices::changed(tx, cx, user, What::Password).await?;
    Ok(Ok(user))
}
