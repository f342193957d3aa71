//! Answering a caught mail as the one who got it: what a mail program and two mail servers would do, without them.

use super::page::{MAIL, letter};
use db::Db;
use intake::Receiver;
use intake::store::Arrived;
use kernel::jiff::tz::TimeZone;
use kernel::{Moment, World, clean_text};
use mail::{Letter, MailId};
use web::{Error, FormView, Guest, Param, Path1, Posted, Result};

pub const REPLY: Path1 = Path1::new("/demo/mails/{id}/antwort");
/// The name by which the demo's invented border server signs whom a mail is from.
pub const BORDER: &str = "demo.nordlicht.example";

web::form! {
    pub struct Typed as "demo-reply"; {
        text: String = text(4000).rows(6),
    }
}

/// Where one may answer by mail.
pub fn form(cx: &Guest, letter: &Letter) -> Option<FormView> {
    letter.headers.reply_to.as_ref()?;
    let form = cx.form::<Typed>(REPLY.to(letter.id));
    Some(form.submit("demo-reply-submit").empty())
}

pub async fn reply(cx: Guest, Param(id): Param<MailId>, form: Posted<Typed>) -> Result {
    let letter = letter(&cx, id)?;
    let Ok(typed) = form.parse() else {
        let tx = cx.begin().await?;
        return cx
            .done(tx, MAIL.to(id), "notice-demo-reply-empty-warn")
            .await;
    };
    let Some(to) = letter.headers.reply_to.clone() else {
        return Err(Error::NotFound);
    };
    let text = clean_text(&typed.text).map_err(|_| Error::NotFound)?;
    let reply = Reply {
        letter: &letter,
        to: to.as_str(),
        text: &text,
        at: letter.date,
        proven: true,
        file: None,
    };
    take(cx.app.db(), &cx.ctx.world, &reply).await?;
    let tx = cx.begin().await?;
    cx.done(tx, MAIL.to(id), "notice-demo-replied").await
}

/// An answer to a caught mail.
pub(super) struct Reply<'a> {
    pub letter: &'a Letter,
    pub to: &'a str,
    pub text: &'a str,
    /// When what it answers was written.
    pub at: Moment,
    /// Whether the border server proves whom it is from.
    pub proven: bool,
    /// Name and text of a file that hangs on it.
    pub file: Option<(&'a str, &'a str)>,
}

/// Hands it in as a mail server would.
pub(super) async fn take(db: &Db, world: &World, reply: &Reply<'_>) -> db::Result<()> {
    let raw = raw(reply, &world.token());
    let receiver = Receiver::new(db.clone(), world.clone(), support::inbound::queue, || ());
    let recipients = [reply.to.to_owned()];
    let arrived = Arrived {
        mailbox: "demo",
        uid: None,
        from: Some(reply.letter.to.as_str()),
        to: &recipients,
        department: None,
        raw: raw.as_bytes(),
        size: raw.len(),
    };
    receiver.take(&arrived).await.map(drop)
}

/// As a usual mail program writes it: the answer, and what it answers below.
fn raw(reply: &Reply<'_>, token: &str) -> String {
    let Reply { letter, to, .. } = reply;
    let from = &letter.to;
    let domain = from.domain();
    let date = letter
        .date
        .timestamp()
        .strftime("%a, %d %b %Y %H:%M:%S +0000");
    let at = reply
        .at
        .timestamp()
        .to_zoned(TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC));
    let quoted: String = letter
        .text
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
    let (name, subject) = (ascii(&letter.to_name), ascii(&letter.subject));
    let body = format!(
        "{}\n\nAm {} schrieb {}:\n{quoted}",
        reply.text,
        at.strftime("%d.%m.%Y um %H:%M"),
        letter.from
    );
    let proof = if reply.proven {
        format!("Authentication-Results: {BORDER}; dmarc=pass header.from={domain}\n")
    } else {
        String::new()
    };
    let text = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit";
    let content = match reply.file {
        None => format!("{text}\n\n{body}"),
        Some((name, file)) => format!(
            "Content-Type: multipart/mixed; boundary=\"{token}\"\n\n\
             --{token}\n{text}\n\n{body}\n\
             --{token}\n{text}\nContent-Disposition: attachment; filename=\"{name}\"\n\n{file}\n--{token}--\n"
        ),
    };
    let mail = format!(
        "{proof}From: {name} <{from}>\nTo: <{to}>\nSubject: AW: {subject}\nDate: {date}\n\
         Message-ID: <{token}@{domain}>\nIn-Reply-To: {id}\nReferences: {id}\nMIME-Version: 1.0\n{content}",
        id = letter.message_id,
    );
    mail.replace('\n', "\r\n")
}
