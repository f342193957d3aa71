//! The two mails a registration can lead to.

use super::{GOOD_FOR, portal};
use db::Tx;
use identity::{reset, users};
use kernel::{Ctx, Email, Secret, UserId};
use mail::Slot;
use serde::Serialize;
use web::{App, Envelope, MailPage, SIGN_IN};

/// Brings the link. It names nobody: whoever typed the address could have typed any name with it.
#[derive(Debug, Serialize)]
pub struct Activation {
    pub link: String,
}

impl MailPage for Activation {
    const TEMPLATE: &'static str = "customers/mail/activation";
    const SUBJECT: &'static str = "mail-activation-subject";
    fn samples() -> Vec<Self> {
        vec![Activation {
            link: mail::slot("link"),
        }]
    }
}

/// Says that there is an account with this address already.
#[derive(Debug, Serialize)]
pub struct Known {
    pub name: String,
    pub sign_in: String,
    /// Where a new password is asked for.
    pub reset: String,
}

impl MailPage for Known {
    const TEMPLATE: &'static str = "customers/mail/known";
    const SUBJECT: &'static str = "mail-known-subject";
    fn samples() -> Vec<Self> {
        vec![Known {
            name: "Jana Petersen".into(),
            sign_in: "http://localhost/anmelden".into(),
            reset: "http://localhost/passwort".into(),
        }]
    }
}

pub(super) async fn activation(
    app: &App,
    tx: &mut Tx,
    ctx: &Ctx,
    to: &Email,
    token: &Secret,
) -> web::Result<()> {
    let page = Activation {
        link: mail::slot("link"),
    };
    let link = app.absolute(&portal::ACTIVATE.to(token.expose()));
    let envelope = Envelope {
        to: to.clone(),
        to_name: String::new(),
        customer: None,
        user: None,
        kind: "customers.activation",
        locale: ctx.locale,
        slots: vec![Slot {
            name: "link",
            value: Secret::new(link),
            expires: Some(ctx.now + GOOD_FOR),
        }],
    };
    web::send_mail(tx, app, ctx, envelope, page).await
}

pub(super) async fn known(
    app: &App,
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    to: &Email,
) -> web::Result<()> {
    let person = users::by_id(tx, user).await?;
    let (name, locale) = person.map_or((String::new(), ctx.locale), |p| (p.name(), p.locale));
    let page = Known {
        name: name.clone(),
        reset: app.absolute(reset::FORGOTTEN),
        sign_in: app.absolute(SIGN_IN.pattern()),
    };
    let envelope = Envelope {
        to: to.clone(),
        to_name: name,
        customer: crate::member::last_used(tx, user).await?,
        user: Some(user),
        // as all that is about the own way to sign in: in a customer's history nobody else reads it
        kind: "identity.known",
        locale,
        slots: Vec::new(),
    };
    web::send_mail(tx, app, ctx, envelope, page).await
}
