//! A mail as it goes out, with its secrets filled in, and its RFC 5322 form.

use crate::MailId;
use crate::dkim::Dkim;
use crate::headers::{Back, Headers, is_id};
use kernel::{Email, Locale, Moment};
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use std::time::{Duration, SystemTime};

/// Who sends, as configured: `Name <address>` or a bare address.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

impl std::str::FromStr for Sender {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .map(Sender)
            .map_err(|error: lettre::address::AddressError| error.to_string())
    }
}
impl Sender {
    /// The part after the @.
    pub fn domain(&self) -> String {
        self.0.email.domain().to_ascii_lowercase()
    }
}
impl std::fmt::Display for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a transport gets. Holds live links, so it has no `Debug`.
#[derive(Clone)]
pub struct Letter {
    pub id: MailId,
    pub kind: String,
    pub locale: Locale,
    pub from: Sender,
    pub to: Email,
    pub to_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// With its angle brackets; the same at each try.
    pub message_id: String,
    /// When the mail was queued.
    pub date: Moment,
    pub headers: Headers,
    /// `None`: mails go unsigned.
    pub dkim: Option<Dkim>,
}

impl Letter {
    /// The message as bytes with CRLF line ends. Fails only for an address that mail cannot carry.
    pub fn raw(&self) -> Result<Vec<u8>, String> {
        self.sealed().map(|(_, raw)| raw)
    }

    /// Between whom it goes, and the message with its signature.
    pub(crate) fn sealed(&self) -> Result<(Envelope, Vec<u8>), String> {
        let message = self.message()?;
        let raw = message.formatted();
        let signed = match &self.dkim {
            Some(dkim) => [dkim.sign(&raw, self.date)?.into_bytes(), raw].concat(),
            None => raw,
        };
        Ok((message.envelope().clone(), signed))
    }

    fn message(&self) -> Result<lettre::Message, String> {
        let address: Address = self
            .to
            .as_str()
            .parse()
            .map_err(|error| format!("recipient: {error}"))?;
        // said outright: else it would be read back from the headers, where names stand that people typed
        let back = match &self.headers.back {
            Back::Sender => self.from.0.email.clone(),
            Back::To(email) => mailbox(email)?,
        };
        let envelope =
            Envelope::new(Some(back), vec![address.clone()]).map_err(|error| error.to_string())?;
        // the library panics on a name with a line break
        let name = Some(one_line(&self.to_name)).filter(|name| !name.trim().is_empty());
        let since = Duration::from_micros(u64::try_from(self.date.micros()).unwrap_or(0));
        let mut builder = lettre::Message::builder()
            .envelope(envelope)
            .from(self.from.0.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&self.subject))
            .message_id(Some(self.message_id.clone()).filter(|id| is_id(id)))
            .date(SystemTime::UNIX_EPOCH + since);
        if let Some(word) = self.headers.by.auto_submitted() {
            builder = builder.header(AutoSubmitted(word));
        }
        builder = builder.header(AutoResponseSuppress(self.headers.by.suppress()));
        if let Some(reply_to) = &self.headers.reply_to {
            builder = builder.reply_to(Mailbox::new(self.from.0.name.clone(), mailbox(reply_to)?));
        }
        let chain = self.headers.chain();
        if let Some(last) = chain.last() {
            builder = builder
                .in_reply_to((*last).to_owned())
                .references(chain.join(" "));
        }
        if let (Some(index), Some((_, topic))) =
            (self.headers.thread_index(), self.headers.topic.as_ref())
        {
            builder = builder
                .header(ThreadTopic(one_line(topic)))
                .header(ThreadIndex(index));
        }
        let text = SinglePart::plain(self.text.clone());
        let message = if self.html.is_empty() {
            builder.singlepart(text)
        } else {
            // the same at each try, as everything else of the message
            let parts = MultiPart::alternative().boundary(format!("_{}_", self.id));
            builder.multipart(
                parts
                    .singlepart(text)
                    .singlepart(SinglePart::html(self.html.clone())),
            )
        };
        message.map_err(|error| error.to_string())
    }
}

fn mailbox(email: &Email) -> Result<Address, String> {
    email
        .as_str()
        .parse()
        .map_err(|error: lettre::address::AddressError| error.to_string())
}

/// Header fields are one line: control characters become blanks.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

macro_rules! header {
    ($(#[$meta:meta])* $type:ident($value:ty), $name:literal) => {
        $(#[$meta])*
        #[derive(Clone)]
        struct $type($value);
        impl Header for $type {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }
            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err("these headers are written only".into())
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.to_string())
            }
        }
    };
}
header!(
    /// RFC 3834: no machine answers a machine.
    AutoSubmitted(&'static str), "Auto-Submitted"
);
header!(
    /// The same for Exchange, which does not read the header above.
    AutoResponseSuppress(&'static str), "X-Auto-Response-Suppress"
);
header!(
    /// Outlook groups by these two and not by the ids.
    ThreadTopic(String), "Thread-Topic"
);
header!(ThreadIndex(String), "Thread-Index");
