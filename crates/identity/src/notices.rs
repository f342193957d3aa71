//! The mail that tells a user that the ways to sign in have changed.

use crate::devices::Device;
use crate::users;
use db::Tx;
use kernel::{Ctx, Email, Moment, Secret, UserId};
use mail::Slot;
use serde::Serialize;
use web::{App, Cx, Envelope, MailPage};

kernel::words! {
    /// What has changed.
    pub enum What {
        Password = "password",
        EmailAdded = "email-added",
        EmailRemoved = "email-removed",
        PrimaryChanged = "primary-changed",
        TwoFactorOn = "two-factor-on",
        TwoFactorOff = "two-factor-off",
        PasskeyAdded = "passkey-added",
        PasskeyRemoved = "passkey-removed",
        RecoveryCodes = "recovery-codes",
        RecoveryCodeUsed = "recovery-code-used",
        NewDevice = "new-device",
    }
}

/// "Ihre Anmeldedaten wurden geändert".
#[derive(Debug, Serialize)]
pub struct Changed {
    pub name: String,
    pub what: What,
    pub at: Moment,
    /// Browser and system in words; empty where none is known.
    pub device: String,
    /// The address it is about, if it is about one.
    pub email: String,
    /// Where the change is undone.
    pub stop: Option<String>,
    /// Where a new password is asked for.
    pub reset: String,
}

impl MailPage for Changed {
    const TEMPLATE: &'static str = "identity/mail/changed";
    const SUBJECT: &'static str = "mail-changed-subject";
    fn samples() -> Vec<Self> {
        let sample = |what: What, stop| Changed {
            name: "Jana Petersen".into(),
            what,
            at: Moment::from_micros(1_793_610_000_000_000),
            device: "Firefox, Linux".into(),
            email: "jana@post.example".into(),
            stop,
            reset: "http://localhost/passwort".into(),
        };
        let mut all: Vec<Changed> = What::ALL.iter().map(|what| sample(*what, None)).collect();
        all.push(sample(What::EmailAdded, Some(mail::slot("stop"))));
        all.push(Changed {
            device: String::new(),
            ..sample(What::Password, None)
        });
        all
    }
}

/// Tells all proven addresses of the user, in the user's language, in the transaction of the change. The device is
/// that of the request.
///
/// # Errors
/// When the database is away, or the mail's template is broken.
pub async fn changed(tx: &mut Tx, cx: &Cx, user: UserId, what: What) -> web::Result<()> {
    by(tx, &cx.app, &cx.ctx, user, what, &cx.info.user_agent).await
}

/// As [`changed`], where there is no request (a job, a command); `user_agent` may be empty.
///
/// # Errors
/// As [`changed`].
pub async fn by(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    user: UserId,
    what: What,
    user_agent: &str,
) -> web::Result<()> {
    let emails = users::emails(tx, user).await?.into_iter();
    let proven: Vec<Email> = emails
        .filter(|own| own.verified_at.is_some())
        .map(|own| own.email)
        .collect();
    for to in proven {
        let notice = Notice {
            user,
            what,
            user_agent,
            email: None,
            stop: None,
        };
        notice.send(tx, app, ctx, &to).await?;
    }
    Ok(())
}

/// One notice to one address.
pub(crate) struct Notice<'a> {
    pub user: UserId,
    pub what: What,
    pub user_agent: &'a str,
    pub email: Option<&'a Email>,
    /// The link that undoes the change, and until when.
    pub stop: Option<(Secret, Moment)>,
}

impl Notice<'_> {
    pub async fn send(self, tx: &mut Tx, app: &App, ctx: &Ctx, to: &Email) -> web::Result<()> {
        let Some(person) = users::by_id(tx, self.user).await? else {
            return Ok(());
        };
        let name = person.name();
        let device = Some(self.user_agent).filter(|agent| !agent.is_empty());
        let device = device.map(|agent| Device::of(agent).label(app.texts(), person.locale));
        let page = Changed {
            name: name.clone(),
            what: self.what,
            at: ctx.now,
            device: device.unwrap_or_default(),
            email: self.email.map(Email::to_string).unwrap_or_default(),
            stop: self.stop.as_ref().map(|_| mail::slot("stop")),
            reset: app.absolute(crate::reset::FORGOTTEN),
        };
        let slots = self.stop.map(|(value, until)| Slot {
            name: "stop",
            value,
            expires: Some(until),
        });
        let home = app.customers_of(tx, self.user).await?;
        let envelope = Envelope {
            to: to.clone(),
            to_name: name,
            customer: home.first().map(|(customer, _)| *customer),
            user: Some(self.user),
            kind: "identity.changed",
            locale: person.locale,
            slots: slots.into_iter().collect(),
        };
        web::send_mail(tx, app, ctx, envelope, page).await
    }
}
