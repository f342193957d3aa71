//! The job that sends a mail, and the one that wipes expired links.

use crate::dkim::Dkim;
use crate::draft::MailId;
use crate::headers::Headers;
use crate::letter::{Letter, Sender};
use crate::refused::{self, REFUSED};
use crate::transport::{Failure, Transport};
use crate::{slots, store};
use db::Tx;
use jobs::{Event, Job, JobCx, Outcome, Registry, Retry};
use kernel::{Ctx, Secret};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// Event: a mail was given up; subject and id are the mail's.
pub const FAILED: &str = "mail.failed";

/// How mail leaves this installation; put into the worker's states at start.
#[derive(Clone)]
pub struct Post {
    transport: Arc<dyn Transport>,
    from: Sender,
    host: String,
    dkim: Option<Dkim>,
}

impl Post {
    /// `host`: that of the public address, for the Message-ID.
    pub fn new(transport: impl Transport, from: Sender, host: &str) -> Self {
        let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let host: String = host.chars().filter(fits).collect();
        let host = if host.is_empty() {
            "localhost".to_owned()
        } else {
            host
        };
        Post {
            transport: Arc::new(transport),
            from,
            host,
            dkim: None,
        }
    }

    /// Signs every mail.
    pub fn signed(self, dkim: Option<Dkim>) -> Self {
        Post { dkim, ..self }
    }
}

/// The jobs of this crate.
pub fn registry() -> Registry {
    Registry::new()
        .job::<SendMail>()
        .schedule("17 * * * *", WipeExpired {})
        .schedule("37 * * * *", ForgetStrangers {})
}

/// So long a mail is kept that went to nobody known here: somebody typed an address and never came back.
const STRANGERS: Duration = Duration::from_secs(48 * 3600);
/// Longer than any mail is tried.
const STRANGERS_AT_MOST: Duration = Duration::from_secs(4 * 24 * 3600);

/// Sends one mail. At least once: when the answer was lost it goes again, with the same Message-ID.
#[derive(Serialize, Deserialize)]
pub struct SendMail {
    pub mail: MailId,
}

impl Job for SendMail {
    const KIND: &'static str = "mail.send";
    /// A server that is away over a long weekend loses nothing.
    const RETRY: Retry = Retry::backoff(Duration::from_secs(10), Duration::from_secs(3600))
        .within(Duration::from_secs(3 * 24 * 3600));
    const OUTSIDE: bool = true;

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(post) = cx.state::<Post>() else {
            return Outcome::Retry("no way out is set up".to_owned());
        };
        let letter = match db::retry(|| prepare(cx, &post, self.mail)).await {
            Ok(Step::Send(letter)) => letter,
            Ok(Step::Nothing) => return Outcome::Done,
            Ok(Step::GiveUp(reason)) => return Outcome::GiveUp(reason.to_owned()),
            Err(error) => return Outcome::Retry(error.to_string()),
        };
        match post.transport.send(&letter).await {
            Ok(()) => db::retry(|| note_sent(cx, self.mail)).await.into(),
            Err(Failure::Later(reason)) => {
                match db::retry(|| note_failed(cx, self.mail, &reason)).await {
                    Ok(()) => Outcome::Retry(reason),
                    Err(error) => Outcome::Retry(format!("{reason}; {error}")),
                }
            }
            Err(Failure::Never(reason)) => Outcome::GiveUp(reason),
            Err(Failure::Refused(reason)) => {
                match db::retry(|| note_refused(cx, self.mail, &letter, &reason)).await {
                    Ok(()) => Outcome::GiveUp(reason),
                    Err(error) => Outcome::Retry(format!("{reason}; {error}")),
                }
            }
        }
    }

    async fn dead(self, tx: &mut Tx, ctx: &Ctx, reason: &str) -> db::Result<()> {
        if store::set_failed(tx, self.mail, store::State::Dead, reason).await? {
            jobs::emit(tx, ctx, Event::new(FAILED, self.mail, self.mail)).await?;
        }
        Ok(())
    }
}

enum Step {
    Send(Box<Letter>),
    Nothing,
    GiveUp(&'static str),
}

/// Counts the try, fixes the Message-ID at the first one, and opens the slots.
async fn prepare(cx: &JobCx, post: &Post, id: MailId) -> db::Result<Step> {
    let mut tx = cx.db.begin().await?;
    let message_id = format!("<{id}@{}>", post.host);
    let Some(mail) = store::begin_try(&mut tx, id, &message_id).await? else {
        return Ok(Step::Nothing);
    };
    let sealed = store::slots(&mut tx, id).await?;
    tx.commit().await?;
    let mut values = Vec::with_capacity(sealed.len());
    for slot in sealed {
        let live = slot.expires_at.is_none_or(|at| at > cx.ctx.now);
        let Some(sealed) = slot.sealed.filter(|_| live) else {
            return Ok(Step::GiveUp("its link has expired or is no longer needed"));
        };
        let plain = cx.ctx.world.open(&slots::context(id, &slot.name), &sealed);
        match plain.map(String::from_utf8) {
            Ok(Ok(plain)) => values.push((slot.name, Secret::new(plain))),
            Ok(Err(_)) => return Ok(Step::GiveUp("its link is not text")),
            // the right key may come back with the next start
            Err(error) => return Err(db::Error::Other(error.into())),
        }
    }
    Ok(Step::Send(Box::new(Letter {
        id,
        kind: mail.kind,
        locale: mail.locale,
        from: post.from.clone(),
        to: mail.to_email,
        to_name: mail.to_name,
        subject: mail.subject,
        text: slots::fill_text(&mail.text, &values),
        html: slots::fill_html(&mail.html, &values),
        message_id: mail.message_id.unwrap_or(message_id),
        date: mail.created_at,
        headers: Headers::read(&mail.headers),
        dkim: post.dkim.clone(),
    })))
}

async fn note_sent(cx: &JobCx, id: MailId) -> db::Result<()> {
    let mut tx = cx.db.begin().await?;
    store::set_sent(&mut tx, id, cx.now().now).await?;
    store::wipe(&mut tx, id).await?;
    tx.commit().await
}

/// The address itself is bad: that is noted for all later mails, and told at once.
async fn note_refused(cx: &JobCx, id: MailId, letter: &Letter, reason: &str) -> db::Result<()> {
    let mut tx = cx.db.begin().await?;
    let now = cx.now();
    refused::refuse(&mut tx, now.now, &letter.to, reason).await?;
    jobs::emit(&mut tx, &now, Event::new(REFUSED, id, id)).await?;
    tx.commit().await
}

async fn note_failed(cx: &JobCx, id: MailId, reason: &str) -> db::Result<()> {
    let mut tx = cx.db.begin().await?;
    store::set_failed(&mut tx, id, store::State::Failed, reason).await?;
    tx.commit().await
}

/// Wipes links that have expired, sent or not.
#[derive(Serialize, Deserialize)]
struct WipeExpired {}

impl Job for WipeExpired {
    const KIND: &'static str = "mail.wipe_expired";

    async fn run(self, cx: &JobCx) -> Outcome {
        db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            store::wipe_expired(&mut tx, cx.ctx.now).await?;
            tx.commit().await
        })
        .await
        .into()
    }
}

/// Deletes mails to people who never became users, and what was noted of addresses long ago.
#[derive(Serialize, Deserialize)]
struct ForgetStrangers {}

impl Job for ForgetStrangers {
    const KIND: &'static str = "mail.forget_strangers";

    async fn run(self, cx: &JobCx) -> Outcome {
        let now = cx.ctx.now;
        db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            store::forget_strangers(&mut tx, now - STRANGERS, now - STRANGERS_AT_MOST).await?;
            refused::forget(&mut tx, now - refused::REMEMBERED).await?;
            tx.commit().await
        })
        .await
        .into()
    }
}
