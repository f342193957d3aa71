//! Mails drawn from templates: subject, text and HTML of `MODULE/mail/NAME.{txt,html}` and the text `mail-NAME-subject`.

use crate::app::App;
use crate::error::{Error, Result};
use kernel::Locale;
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
    fn samples() -> Vec<Self>;
}

/// Draws a mail in the recipient's language.
///
/// # Errors
/// A template that uses what its context does not have: a fault of the program.
pub fn draw<M: MailPage>(app: &App, locale: Locale, mail: M) -> Result<Words> {
    let subject = app.texts().get(locale, M::SUBJECT).into_owned();
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
