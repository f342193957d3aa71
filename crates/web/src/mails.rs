//! Mails drawn from templates: subject, text and HTML of `MODULE/mail/NAME.{txt,html}` and the text `mail-NAME-subject`.

use crate::app::App;
use crate::error::{Error, Result};
use db::Tx;
use kernel::{Ctx, CustomerId, Email, Locale, UserId};
use mail::{Draft, Headers, Slot};
use minijinja::value::{Serde, Value};
use serde::Serialize;

/// A mail's words, ready to be queued.
pub struct Words {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// A mail context: the templates `TEMPLATE.txt` and `TEMPLATE.html`, the subject's text key, and samples.
pub trait MailPage: Serialize + Sized {
    /// Such as `identity/mail/activation`.
    const TEMPLATE: &'static str;
    const SUBJECT: &'static str;
    /// The subject, made of the text of [`MailPage::SUBJECT`] in the recipient's language.
    fn subject(&self, text: &str) -> String {
        text.to_owned()
    }
    fn samples() -> Vec<Self>;
}

/// Draws a mail in the recipient's language.
///
/// # Errors
/// A template that uses what its context does not have: a fault of the program.
pub fn draw<M: MailPage>(app: &App, locale: Locale, mail: M) -> Result<Words> {
    let subject = mail.subject(&app.texts().get(locale, M::SUBJECT));
    let mail = Value::from(Serde(mail));
    let text = part(
        app,
        locale,
        &format!("{}.txt", M::TEMPLATE),
        &subject,
        &mail,
    )?;
    let html = part(
        app,
        locale,
        &format!("{}.html", M::TEMPLATE),
        &subject,
        &mail,
    )?;
    Ok(Words {
        subject,
        text,
        html,
    })
}

/// To whom a mail goes, in whose file it lies, and the secrets it brings.
pub struct Envelope {
    pub to: Email,
    /// As shown before the address; may be empty.
    pub to_name: String,
    pub customer: Option<CustomerId>,
    pub user: Option<UserId>,
    /// What it is, as `identity.activation`.
    pub kind: &'static str,
    /// The recipient's language.
    pub locale: Locale,
    pub slots: Vec<Slot>,
}

/// Draws a mail and puts it into the outbox, in the transaction of the change that caused it.
///
/// # Errors
/// As [`draw`], and when the database is away.
pub async fn send_mail<M: MailPage>(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    envelope: Envelope,
    page: M,
) -> Result<()> {
    send_mail_with(tx, app, ctx, envelope, page, &Headers::default()).await
}

/// As [`send_mail`], for a mail that belongs to a conversation.
///
/// # Errors
/// As [`send_mail`].
pub async fn send_mail_with<M: MailPage>(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    envelope: Envelope,
    page: M,
    headers: &Headers,
) -> Result<()> {
    let words = draw(app, envelope.locale, page)?;
    let draft = Draft {
        to: envelope.to,
        to_name: envelope.to_name,
        customer: envelope.customer,
        user: envelope.user,
        kind: envelope.kind,
        locale: envelope.locale,
        subject: words.subject,
        text: words.text,
        html: words.html,
        slots: envelope.slots,
    };
    mail::queue_with(tx, ctx, draft, headers).await?;
    Ok(())
}

fn part(app: &App, locale: Locale, name: &str, subject: &str, mail: &Value) -> Result<String> {
    let context = minijinja::context! {
        lang => locale.as_str(),
        provider => Value::from(Serde(app.settings().provider_view())),
        subject,
        ..mail.clone()
    };
    app.templates()
        .render(locale, name, context)
        .map_err(|error| Error::internal(format_args!("{name}: {error:#}")))
}
