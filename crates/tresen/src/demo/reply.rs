//! Answering a caught mail as the one who got it: what a mail program and two mail servers would do, without them.

use super::page::{MAIL, letter};
use intake::Receiver;
use intake::store::Arrived;
use kernel::clean_text;
use mail::{Letter, MailId};
use web::{Error, FormView, Guest, Param, Path1, Posted, Result};

pub const REPLY: Path1 = Path1::new("/demo/mails/{id}/antwort");
/// The name by which the demo's invented border server signs whom a mail is from.
pub const BORDER: &str = "demo.nordlicht.example";

web::form! {
    pub struct Reply as "demo-reply"; {
        text: String = text(4000).rows(6),
    }
}

/// Where one may answer by mail.
pub fn form(cx: &Guest, letter: &Letter) -> Option<FormView> {
    letter.headers.reply_to.as_ref()?;
    let form = cx.form::<Reply>(REPLY.to(letter.id));
    Some(form.submit("demo-reply-submit").empty())
}

pub async fn reply(cx: Guest, Param(id): Param<MailId>, form: Posted<Reply>) -> Result {
    let letter = letter(&cx, id)?;
    let Ok(reply) = form.parse() else {
        let tx = cx.begin().await?;
        return cx
            .done(tx, MAIL.to(id), "notice-demo-reply-empty-warn")
            .await;
    };
    let Some(to) = letter.headers.reply_to.clone() else {
        return Err(Error::NotFound);
    };
    let text = clean_text(&reply.text).map_err(|_| Error::NotFound)?;
    let raw = raw(&letter, to.as_str(), &text, &cx.ctx.world.token());
    let receiver = Receiver::new(
        cx.app.db().clone(),
        cx.ctx.world.clone(),
        support::inbound::queue,
        || (),
    );
    let recipients = [to.to_string()];
    let arrived = Arrived {
        mailbox: "demo",
        uid: None,
        from: Some(letter.to.as_str()),
        to: &recipients,
        department: None,
        raw: raw.as_bytes(),
        size: raw.len(),
    };
    receiver.take(&arrived).await?;
    let tx = cx.begin().await?;
    cx.done(tx, MAIL.to(id), "notice-demo-replied").await
}

/// As a usual mail program writes it: the answer, and what it answers below.
fn raw(letter: &Letter, to: &str, text: &str, token: &str) -> String {
    let from = &letter.to;
    let date = letter
        .date
        .timestamp()
        .strftime("%a, %d %b %Y %H:%M:%S +0000");
    let quoted: String = letter
        .text
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let subject: String = letter.subject.chars().filter(char::is_ascii).collect();
    let body = format!("{text}\n\nAm {date} schrieb {}:\n{quoted}", letter.from);
    format!(
        "Authentication-Results: {BORDER}; dmarc=pass header.from={domain}\r\n\
         From: <{from}>\r\nTo: <{to}>\r\nSubject: AW: {subject}\r\nDate: {date}\r\n\
         Message-ID: <{token}@{domain}>\r\nIn-Reply-To: {id}\r\nReferences: {id}\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        body.replace('\n', "\r\n"),
        domain = from.domain(),
        id = letter.message_id,
    )
}
