//! From a raw message to what a ticket needs of it, within budgets, whatever the message is.

use crate::dsn::{self, Dsn, Report};
use crate::head::{self, Head, windows};
use crate::quote::{self, Cut};
use crate::store::Shown;
use crate::subject::{Subject, one_line};
use crate::{html, machine, mend, name, tnef, uu};
use kernel::{Email, Moment};
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// What one message may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the whole.
    pub size: usize,
    /// Bytes of the header.
    pub head: usize,
    pub fields: usize,
    pub parts: usize,
    /// Messages within messages.
    pub nested: usize,
    pub addresses: usize,
    pub files: usize,
    /// Characters of the text.
    pub text: usize,
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            size: 35 * 1024 * 1024,
            head: 256 * 1024,
            fields: 1_000,
            parts: 500,
            nested: 20,
            addresses: 500,
            files: 50,
            text: 100_000,
            time: Duration::from_secs(5),
        }
    }
}

/// What the server that brought the message knows of it.
#[derive(Debug, Clone, Default)]
pub struct Envelope {
    /// `None` where it is not known; empty is the sender of reports.
    pub from: Option<String>,
    pub to: Vec<String>,
}

/// Somebody as the header names them: a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub name: String,
    pub address: Option<Email>,
}

/// A file that came with the message.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Safe to show.
    pub name: String,
    /// As declared; nobody should believe it.
    pub kind: String,
    pub bytes: Vec<u8>,
    /// By which the HTML shows it.
    pub cid: Option<String>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} ({}, {} bytes)",
            self.name,
            self.kind,
            self.bytes.len()
        )
    }
}

/// Why something is missing from what is shown; the source is kept whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Over a budget: only the header was read.
    Unread(&'static str),
    TextCut,
    FilesCut,
    /// Signed or encrypted as a whole: the text lies in a file.
    Sealed,
    /// Only files, no text.
    OnlyFiles,
}

impl Note {
    /// The word that texts and the log know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Note::Unread(why) => why,
            Note::TextCut => "text-cut",
            Note::FilesCut => "files-cut",
            Note::Sealed => "sealed",
            Note::OnlyFiles => "only-files",
        }
    }
}

/// A message, taken apart.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub message_id: Option<String>,
    /// Message-IDs of In-Reply-To and References, the nearest first.
    pub answers: Vec<String>,
    pub from: Vec<Claim>,
    pub recipients: Vec<String>,
    pub subject: Subject,
    /// As the sender's clock says.
    pub date: Option<Moment>,
    pub text: String,
    pub quoted: String,
    /// `text` and `quoted` as one, as it was written.
    pub whole: String,
    /// Cleaned.
    pub html: Option<String>,
    pub files: Vec<File>,
    /// Why nobody may answer by machine.
    pub silent: Option<&'static str>,
    pub report: Option<Report>,
    /// A foreign service asks whether our address is theirs.
    pub verification: bool,
    /// Through how many servers it came.
    pub hops: usize,
    /// The same for the same words.
    pub body_hash: String,
    pub notes: Vec<Note>,
    pub head: Head,
}

impl Parsed {
    /// The one address that the message says it is from; several, none and unreadable ones are nobody.
    pub fn sender(&self) -> Option<&Email> {
        match self.from.as_slice() {
            [one] if self.head.all("from").count() == 1 => one.address.as_ref(),
            _ => None,
        }
    }

    pub fn sender_name(&self) -> &str {
        self.from.first().map_or("", |claim| claim.name.as_str())
    }

    /// What stays of it in a customer's history.
    pub fn shown(&self) -> Shown {
        let name = self.sender_name();
        let from = match self.sender() {
            Some(email) if name.is_empty() || name.contains('@') => email.to_string(),
            Some(email) => format!("{name} <{email}>"),
            None => name.to_owned(),
        };
        Shown {
            from,
            to: self.recipients.clone(),
            text: self.whole.clone(),
            files: self.files.iter().map(|file| file.name.clone()).collect(),
        }
    }

    pub fn has_note(&self, word: &str) -> bool {
        self.notes.iter().any(|note| note.word() == word)
    }
}

/// A message that could not be taken apart; its source is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("the parser failed")]
    Panic,
    #[error("parsing took too long")]
    Slow,
    #[error("no thread could be started")]
    NoThread,
}

/// Takes a message apart on a thread of its own: a panic or an endless loop in a parser ends this message only.
///
/// # Errors
/// The parser failed or took too long.
pub fn read(raw: Arc<[u8]>, envelope: Envelope, limits: Limits) -> Result<Parsed, Broken> {
    let (tell, told) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("mail".to_owned())
        .stack_size(16 * 1024 * 1024)
        .spawn(move || {
            let _ = tell.send(parse(&raw, &envelope, &limits));
        })
        .map_err(|_| Broken::NoThread)?;
    told.recv_timeout(limits.time).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => Broken::Slow,
        // the sender is gone without a word: it panicked
        mpsc::RecvTimeoutError::Disconnected => Broken::Panic,
    })
}

/// Takes a message apart; [`read`] is the same behind walls.
pub fn parse(raw: &[u8], envelope: &Envelope, limits: &Limits) -> Parsed {
    let mended = mend::head(raw);
    let raw = mended.as_ref();
    let head = Head::of(raw);
    match over(raw, &head, limits) {
        Some(why) => {
            let part = head_alone(raw, limits);
            let mut parsed = taken_apart(&part, head, envelope, limits);
            parsed.notes.insert(0, Note::Unread(why));
            parsed.notes.retain(|note| *note != Note::OnlyFiles);
            parsed
        }
        None => taken_apart(raw, head, envelope, limits),
    }
}

/// Which budget the message is over, seen without parsing it.
fn over(raw: &[u8], head: &Head, limits: &Limits) -> Option<&'static str> {
    if raw.len() > limits.size {
        return Some("too-large");
    }
    if head.size > limits.head || head.count > limits.fields {
        return Some("head-too-large");
    }
    let addresses = ["to", "cc", "from", "reply-to", "bcc"];
    let many = addresses
        .iter()
        .flat_map(|name| head.all(name))
        .map(|value| value.matches('@').count())
        .sum::<usize>();
    if many > limits.addresses {
        return Some("too-many-addresses");
    }
    let (mut parts, mut nested, mut multiparts, mut fields) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut boundaries = 0_usize;
    for line in raw.split(|byte| *byte == b'\n') {
        if line.starts_with(b"--") {
            boundaries += 1;
        }
        let Some(first) = line.first() else {
            continue;
        };
        if !matches!(first, b'c' | b'C' | b' ' | b'\t') {
            continue;
        }
        let begin = line
            .get(..line.len().min(300))
            .unwrap_or(line)
            .to_ascii_lowercase();
        let begin = begin.as_slice();
        if begin.starts_with(b"content-type:") {
            parts += 1;
        }
        if begin.starts_with(b"content-") {
            fields += 1;
        }
        let has = |what: &[u8]| begin.windows(what.len()).any(|window| window == what);
        if has(b"message/rfc822") || has(b"message/global") {
            nested += 1;
        }
        if has(b"multipart/") {
            multiparts += 1;
        }
    }
    if nested > limits.nested {
        return Some("too-deep");
    }
    let many = parts > limits.parts || multiparts > limits.parts / 4 || fields > limits.parts * 8;
    if many || boundaries > 40_000 {
        return Some("too-many-parts");
    }
    None
}

/// The beginning of the header as a message of its own.
fn head_alone(raw: &[u8], limits: &Limits) -> Vec<u8> {
    let mut out = Vec::new();
    for line in raw
        .split_inclusive(|byte| *byte == b'\n')
        .take(limits.fields)
    {
        if line.trim_ascii().is_empty() || out.len() > limits.head {
            break;
        }
        let lower = line.get(..8).unwrap_or(line).to_ascii_lowercase();
        if lower.starts_with(b"content-") {
            continue;
        }
        out.extend_from_slice(line.get(..4_000).unwrap_or(line));
    }
    if out.last() != Some(&b'\n') {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    out
}

fn taken_apart(raw: &[u8], head: Head, envelope: &Envelope, limits: &Limits) -> Parsed {
    let message = MessageParser::default().parse(raw).unwrap_or_default();
    let subject = Subject::of(&subject_of(&message, &head));
    let from = claims(message.from());
    let addresses: Vec<String> = from
        .iter()
        .filter_map(|claim| {
            claim
                .address
                .as_ref()
                .map(|email| email.as_str().to_owned())
        })
        .collect();
    let report = report(&message, raw, &head, envelope, &addresses, &subject.whole);
    let mut content = Content::of(&message, raw, limits);
    let (Cut { text, quoted }, whole, over) = content.cut(&subject, limits);
    if over {
        content.notes.push(Note::TextCut);
    }
    let path = envelope.from.as_deref();
    let silent = machine::why_silent(&head, path, &addresses, &subject.whole);
    let verification = report.is_none()
        && machine::is_verification(&addresses, silent.is_some(), &subject.whole, &text);
    Parsed {
        message_id: head
            .get("message-id")
            .and_then(|value| head::ids(value).into_iter().next()),
        answers: answers(&head),
        recipients: recipients(&head, &message, envelope),
        date: date(&message),
        body_hash: body_hash(&text),
        hops: head.all("received").count(),
        html: content.html.take(),
        files: content.files,
        notes: content.notes,
        from,
        subject,
        text,
        quoted,
        whole,
        silent,
        report,
        verification,
        head,
    }
}

/// Raw bytes beyond ASCII in a subject are lost in the parser; the header keeps them.
fn subject_of(message: &Message<'_>, head: &Head) -> String {
    let decoded = message.subject().unwrap_or_default();
    let raw = head.get("subject").unwrap_or_default();
    let lost = decoded.contains('\u{FFFD}') && !raw.contains("=?");
    if lost || decoded.is_empty() {
        raw.to_owned()
    } else {
        tidy_chars(decoded)
    }
}

fn claims(address: Option<&Address<'_>>) -> Vec<Claim> {
    let Some(address) = address else {
        return Vec::new();
    };
    address
        .iter()
        .take(20)
        .map(|one| Claim {
            name: one_line(one.name().unwrap_or_default())
                .chars()
                .take(200)
                .collect(),
            address: one.address().and_then(|address| Email::parse(address).ok()),
        })
        .collect()
}

fn answers(head: &Head) -> Vec<String> {
    let mut found: Vec<String> = head
        .all("in-reply-to")
        .flat_map(head::ids)
        .take(5)
        .collect();
    let mut references: Vec<String> = head.all("references").flat_map(head::ids).collect();
    references.reverse();
    for id in references {
        if !found.contains(&id) && found.len() < 60 {
            found.push(id);
        }
    }
    found
}

fn recipients(head: &Head, message: &Message<'_>, envelope: &Envelope) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |address: &str| {
        let address = address.trim().trim_matches(['<', '>']).to_ascii_lowercase();
        if address.contains('@')
            && address.len() <= 320
            && !found.contains(&address)
            && found.len() < 100
        {
            found.push(address);
        }
    };
    envelope.to.iter().for_each(|to| add(to));
    for name in [
        "delivered-to",
        "x-original-to",
        "envelope-to",
        "x-envelope-to",
    ] {
        head.all(name).for_each(&mut add);
    }
    for field in [message.to(), message.cc()].into_iter().flatten() {
        field
            .iter()
            .filter_map(|one| one.address())
            .for_each(&mut add);
    }
    found
}

fn date(message: &Message<'_>) -> Option<Moment> {
    let seconds = message.date()?.to_timestamp();
    // what no calendar of ours can show is no date
    (0..=32_503_680_000)
        .contains(&seconds)
        .then(|| Moment::from_micros(seconds.saturating_mul(1_000_000)))
}

fn report(
    message: &Message<'_>,
    raw: &[u8],
    head: &Head,
    envelope: &Envelope,
    from: &[String],
    subject: &str,
) -> Option<Report> {
    let mut recipients = Vec::new();
    let mut original = None;
    let (mut status, mut read, mut feedback) = (false, false, false);
    for part in &message.parts {
        match kind_of(part).as_str() {
            "message/delivery-status" | "message/global-delivery-status" => {
                status = true;
                recipients.extend(dsn::delivery_status(&String::from_utf8_lossy(
                    part.contents(),
                )));
            }
            "message/disposition-notification" | "message/global-disposition-notification" => {
                read = true
            }
            "message/feedback-report" => feedback = true,
            "message/rfc822"
            | "text/rfc822-headers"
            | "message/global"
            | "message/global-headers"
                if original.is_none() =>
            {
                original = dsn::original(&source(part, raw));
            }
            _ => {}
        }
    }
    if feedback {
        return Some(Report::Feedback);
    }
    if read {
        return Some(Report::Read);
    }
    let null = |path: &str| matches!(path.trim(), "" | "<>");
    let bounced =
        envelope.from.as_deref().is_some_and(null) || head.get("return-path").is_some_and(null);
    let daemon = from
        .iter()
        .any(|address| address.starts_with("mailer-daemon@") || address.starts_with("postmaster@"));
    let by_words = (bounced || daemon) && (head.has("x-failed-recipients") || is_bounce(subject));
    if !status && !by_words {
        return None;
    }
    if recipients.is_empty() {
        let text = message.body_text(0).unwrap_or_default();
        recipients = dsn::free_text(head, &text);
    }
    if original.is_none() {
        original = answers(head).into_iter().next().or_else(|| {
            let text = message.body_text(0)?;
            let at = text.to_ascii_lowercase().find("message-id:")?;
            dsn::original(text.get(at..)?.as_bytes())
        });
    }
    Some(Report::Delivery(Dsn {
        recipients,
        original,
    }))
}

fn is_bounce(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    machine::says_so(&subject)
        && ![
            "automatische",
            "abwesen",
            "out of",
            "auto",
            "bin nicht",
            "nicht im",
            "réponse",
        ]
        .iter()
        .any(|word| subject.starts_with(word))
}

fn kind_of(part: &MessagePart<'_>) -> String {
    let Some(kind) = part.content_type() else {
        return "text/plain".to_owned();
    };
    let whole = match kind.subtype() {
        Some(sub) => format!("{}/{sub}", kind.ctype()),
        None => kind.ctype().to_owned(),
    };
    whole.to_ascii_lowercase()
}

/// A part as it stands in the message; of one that was encoded, decoded.
fn source<'a>(part: &'a MessagePart<'_>, raw: &'a [u8]) -> std::borrow::Cow<'a, [u8]> {
    match &part.body {
        PartType::Message(message) => message.raw_message().into(),
        _ => {
            let contents = part.contents();
            if contents.is_empty() {
                let (from, to) = (
                    part.raw_body_offset() as usize,
                    part.raw_end_offset() as usize,
                );
                raw.get(from..to).unwrap_or_default().into()
            } else {
                contents.into()
            }
        }
    }
}

/// Parts that the parser took for files and that are what somebody wrote: one whose end was lost on the way, a multipart
/// in which its boundary is not found, a text that does not say of which kind (RFC 2045 5.2) or of one that nobody knows
/// (RFC 2046 4.1.4), unless the same is there in another way.
fn texts_after_all(message: &Message<'_>) -> Vec<u32> {
    let mut other_ways = Vec::new();
    for part in &message.parts {
        if let PartType::Multipart(ids) = &part.body
            && kind_of(part) == "multipart/alternative"
        {
            other_ways.extend(ids);
        }
    }
    let is_text = |id: u32, part: &MessagePart<'_>| {
        let kind = kind_of(part);
        let attached = part
            .content_disposition()
            .is_some_and(|disposition| disposition.is_attachment());
        let whole = matches!(part.body, PartType::Binary(_) | PartType::InlineBinary(_))
            && kind.starts_with("multipart/");
        (whole || matches!(part.body, PartType::Text(_)))
            && part.attachment_name().is_none()
            && !attached
            && (kind == "text"
                || kind.starts_with("multipart/")
                || (part.is_encoding_problem
                    && matches!(kind.as_str(), "text/plain" | "text/html"))
                || (kind.starts_with("text/") && !is_file(&kind) && !other_ways.contains(&id)))
    };
    let ids = message.attachments.iter().copied();
    ids.filter(|id| {
        let part = message.parts.get(*id as usize);
        part.is_some_and(|part| is_text(*id, part))
    })
    .collect()
}

/// Texts that programmes are to read rather than people, and the two that the parser sees to itself.
fn is_file(kind: &str) -> bool {
    matches!(
        kind,
        "text/plain"
            | "text/html"
            | "text/calendar"
            | "text/csv"
            | "text/vcard"
            | "text/x-vcard"
            | "text/directory"
            | "text/rtf"
            | "text/xml"
            | "text/css"
            | "text/javascript"
            | "text/rfc822-headers"
            | "text/x-amp-html"
    )
}

/// Of several plain texts that say the same, all but the last, which is the best (RFC 2046 5.1.4).
fn passed_over(message: &Message<'_>) -> Vec<u32> {
    let mut passed = Vec::new();
    for part in &message.parts {
        let PartType::Multipart(ids) = &part.body else {
            continue;
        };
        if kind_of(part) != "multipart/alternative" {
            continue;
        }
        let mut plain: Vec<u32> = ids
            .iter()
            .copied()
            .filter(|id| {
                message.parts.get(*id as usize).is_some_and(|part| {
                    kind_of(part) == "text/plain"
                        && matches!(&part.body, PartType::Text(body) if !body.trim().is_empty())
                })
            })
            .collect();
        plain.pop();
        passed.extend(plain);
    }
    passed
}

/// The words of a part: decoded once more where its end was lost or where it is not in the charset that it names.
fn said<'a>(part: &MessagePart<'_>, body: &'a str, raw: &[u8]) -> std::borrow::Cow<'a, str> {
    let coded = part.is_encoding_problem
        && matches!(mend::coding(part).as_str(), "base64" | "quoted-printable");
    if !coded && !body.contains('\u{FFFD}') {
        return body.into();
    }
    let charset = part
        .content_type()
        .and_then(|kind| kind.attribute("charset"))
        .unwrap_or_default();
    let unicode = matches!(
        charset.to_ascii_lowercase().as_str(),
        "utf-8" | "utf8" | "us-ascii" | "ascii"
    );
    match charset_decoder(charset.as_bytes()).filter(|_| !unicode) {
        None => mend::mixed(&mend::decoded(part, raw)).into(),
        Some(decoder) if coded => decoder(&mend::decoded(part, raw)).into(),
        Some(_) => body.into(),
    }
}

#[derive(Default)]
struct Content {
    text: String,
    html: Option<String>,
    files: Vec<File>,
    notes: Vec<Note>,
}

impl Content {
    fn of(message: &Message<'_>, raw: &[u8], limits: &Limits) -> Self {
        let mut content = Content::default();
        let texts = texts_after_all(message);
        content.bodies(message, raw, &texts);
        let mut count = 0_usize;
        for id in message.attachments.iter().filter(|id| !texts.contains(id)) {
            let Some(part) = message.parts.get(*id as usize) else {
                continue;
            };
            count += 1;
            if content.files.len() < limits.files {
                content.file(part, raw, count);
            } else if !content.notes.contains(&Note::FilesCut) {
                content.notes.push(Note::FilesCut);
            }
        }
        content.unpack();
        content.unwrap(limits);
        let sealed = content.files.iter().any(|file| {
            file.kind.contains("pkcs7-mime") || file.kind == "application/pgp-encrypted"
        });
        if sealed {
            content.notes.push(Note::Sealed);
        } else if content.text.trim().is_empty() && !content.files.is_empty() {
            content.notes.push(Note::OnlyFiles);
        }
        content.place_pictures();
        content
    }

    /// HTML where there is some with words in it, else text; parts of one body stand one below the other.
    fn bodies(&mut self, message: &Message<'_>, raw: &[u8], more: &[u32]) {
        let passed = passed_over(message);
        let parts = |ids: &[u32]| -> Vec<&MessagePart<'_>> {
            let mut ids: Vec<u32> = ids.iter().chain(more).copied().collect();
            ids.sort_unstable();
            ids.dedup();
            ids.retain(|id| !passed.contains(id));
            ids.iter()
                .filter_map(|id| message.parts.get(*id as usize))
                .collect()
        };
        let mut texts = Vec::new();
        let mut htmls = Vec::new();
        for part in parts(&message.html_body) {
            match &part.body {
                PartType::Html(body) => htmls.push(tidy_chars(&said(part, body, raw))),
                PartType::Text(body) if kind_of(part) == "text/html" => {
                    htmls.push(tidy_chars(&said(part, body, raw)));
                }
                PartType::Text(body) => {
                    texts.push(plain(part, &said(part, body, raw)));
                    continue;
                }
                PartType::Binary(_) | PartType::InlineBinary(_)
                    if kind_of(part).starts_with("multipart/") =>
                {
                    texts.push(mend::mixed(&mend::decoded(part, raw)));
                    continue;
                }
                _ => continue,
            }
            texts.extend(htmls.last().map(|html| html::text(html)));
        }
        self.text = texts.join("\n\n");
        if self.is_silent() {
            texts = Vec::new();
            for part in parts(&message.text_body) {
                if let PartType::Text(body) = &part.body {
                    texts.push(plain(part, &said(part, body, raw)));
                }
            }
            self.text = texts.join("\n\n");
        }
        if !htmls.is_empty() {
            self.html = html::clean(&htmls.join("<hr>"));
        }
    }

    fn is_silent(&self) -> bool {
        self.text.replace(quote::MARK, "").trim().is_empty()
    }

    fn file(&mut self, part: &MessagePart<'_>, raw: &[u8], count: usize) {
        let kind = kind_of(part);
        let given = part.attachment_name();
        let given = match given.filter(|given| !mend::is_lost(given)) {
            Some(given) => Some(decoded_name(&tidy_chars(given))),
            None => mend::name_of(part, raw)
                .map(|given| decoded_name(&tidy_chars(&given)))
                .or_else(|| given.map(tidy_chars)),
        };
        let name = given
            .filter(|given| !given.trim().is_empty())
            .unwrap_or_else(|| {
                let ending = ending_of(&kind);
                match &part.body {
                    PartType::Message(inner)
                        if inner
                            .subject()
                            .is_some_and(|subject| !subject.trim().is_empty()) =>
                    {
                        format!("{}.eml", inner.subject().unwrap_or_default())
                    }
                    _ => format!("{count}.{ending}"),
                }
            });
        let coding = mend::coding(part);
        // of a text the parser has but its words, in another charset than it was sent in
        let text = matches!(part.body, PartType::Text(_) | PartType::Html(_));
        let bytes = if text || part.is_encoding_problem || mend::is_uu(&coding) {
            mend::decoded(part, raw)
        } else {
            source(part, raw).into_owned()
        };
        if bytes.is_empty() && part.attachment_name().is_none() {
            return;
        }
        self.files.push(File {
            name: name::clean(&name),
            kind,
            bytes,
            cid: part
                .content_id()
                .or_else(|| part.content_location())
                .map(|id| id.trim_matches(['<', '>', ' ']).to_owned()),
        });
    }

    /// Files that older programmes put into the text itself.
    fn unpack(&mut self) {
        let (text, files) = uu::unpacked(&self.text);
        if files.is_empty() {
            return;
        }
        self.text = text;
        for (name, bytes) in files {
            self.files.push(File {
                name: name::clean(&name),
                kind: "application/octet-stream".to_owned(),
                bytes,
                cid: None,
            });
        }
    }

    /// What Outlook wrapped; what it was wrapped in stays.
    fn unwrap(&mut self, limits: &Limits) {
        let ones = self.files.iter().filter(|file| tnef::is_one(&file.bytes));
        let all: Vec<tnef::Wrapped> = ones
            .take(3)
            .filter_map(|file| tnef::unwrap(&file.bytes))
            .collect();
        for wrapped in all {
            if self.is_silent() {
                let body = tidy_chars(&wrapped.html);
                self.text = html::text(&body);
                self.html = html::clean(&body).filter(|html| !html.trim().is_empty());
            }
            if self.is_silent() {
                self.text = wrapped.text;
            }
            for (at, file) in (1..).zip(wrapped.files) {
                if self.files.len() >= limits.files {
                    if !self.notes.contains(&Note::FilesCut) {
                        self.notes.push(Note::FilesCut);
                    }
                    break;
                }
                let given = if file.name.trim().is_empty() {
                    format!("{at}.bin")
                } else {
                    file.name
                };
                self.files.push(File {
                    name: name::clean(&given),
                    kind: "application/octet-stream".to_owned(),
                    bytes: file.bytes,
                    cid: file.cid,
                });
            }
        }
    }

    /// Small pictures that came with the mail are shown in it; everything else stays a file.
    fn place_pictures(&mut self) {
        const EACH: usize = 300 * 1024;
        const ALL: usize = 1024 * 1024;
        let Some(html) = &self.html else {
            return;
        };
        let mut data = BTreeMap::new();
        let mut sum = 0;
        for file in &self.files {
            let Some((cid, kind)) = file.cid.as_ref().zip(picture_kind(&file.bytes)) else {
                continue;
            };
            if file.bytes.len() <= EACH && sum + file.bytes.len() <= ALL {
                sum += file.bytes.len();
                use base64::Engine;
                let coded = base64::engine::general_purpose::STANDARD.encode(&file.bytes);
                data.insert(cid.clone(), format!("data:{kind};base64,{coded}"));
            }
        }
        self.html = Some(html::with_pictures(html, |cid| data.get(cid).cloned()));
    }

    fn cut(&mut self, subject: &Subject, limits: &Limits) -> (Cut, String, bool) {
        let text = tidy(&self.text);
        let whole = quote::whole(&text);
        let Cut { text, quoted } = quote::cut(&text, subject.forward && !subject.reply);
        let short = |text: &str, most: usize| -> (String, bool) {
            match text.char_indices().nth(most) {
                Some((end, _)) => (text.get(..end).unwrap_or_default().to_owned(), true),
                None => (text.to_owned(), false),
            }
        };
        let (text, cut) = short(&text, limits.text);
        let (quoted, _) = short(&quoted, limits.text);
        let (whole, _) = short(&whole, limits.text);
        (Cut { text, quoted }, whole, cut)
    }
}

/// What a picture is by its first bytes, where a browser may show it.
fn picture_kind(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xFF\xD8\xFF") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"GIF8") {
        Some("image/gif")
    } else {
        None
    }
}

fn ending_of(kind: &str) -> &'static str {
    match kind {
        "message/rfc822" | "message/global" => "eml",
        "text/calendar" => "ics",
        "text/html" => "html",
        "text/vcard" | "text/x-vcard" => "vcf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "application/pdf" => "pdf",
        kind if kind.starts_with("text/") || kind.starts_with("message/") => "txt",
        _ => "bin",
    }
}

/// Outlook puts encoded words into names, where they have no business.
fn decoded_name(given: &str) -> String {
    if !given.contains("=?") {
        return given.to_owned();
    }
    let raw = format!("Subject: {given}\r\n\r\n");
    let message = MessageParser::default().parse(raw.as_bytes());
    let subject = message.as_ref().and_then(|message| message.subject());
    subject.unwrap_or(given).to_owned()
}

/// A plain part; lines that the sender's programme broke are joined again (RFC 3676).
fn plain(part: &MessagePart<'_>, body: &str) -> String {
    let attribute = |name| part.content_type().and_then(|kind| kind.attribute(name));
    let flowed = attribute("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
    if !flowed {
        return body.to_owned();
    }
    let delete = attribute("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
    unflowed(body, delete)
}

fn unflowed(body: &str, delete: bool) -> String {
    let mut out = String::with_capacity(body.len());
    // the quote's depth of the line that still goes on
    let mut open: Option<usize> = None;
    for line in body.lines() {
        let rest = line.trim_start_matches('>');
        let depth = line.len() - rest.len();
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        let soft = rest.ends_with(' ') && rest != "-- ";
        if open != Some(depth) || rest == "-- " {
            if open.is_some() {
                out.push('\n');
            }
            for _ in 0..depth {
                out.push('>');
            }
            if depth > 0 {
                out.push(' ');
            }
        }
        match (soft, delete) {
            (true, true) => out.push_str(rest.strip_suffix(' ').unwrap_or(rest)),
            _ => out.push_str(rest),
        }
        if soft {
            open = Some(depth);
        } else {
            open = None;
            out.push('\n');
        }
    }
    out
}

/// Line ends of one kind, no controls, what Windows meant.
fn tidy(text: &str) -> String {
    tidy_chars(&text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn tidy_chars(text: &str) -> String {
    text.chars()
        .map(windows)
        .filter(|c| {
            let control = c.is_control() && !matches!(c, '\n' | '\t' | '\r');
            let turned = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
            let none = matches!(
                c,
                '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' | '\u{FDD0}'..='\u{FDEF}'
            );
            !(control || turned || none)
        })
        .collect()
}

fn body_hash(text: &str) -> String {
    let mut hash = Sha256::new();
    for word in text.split_whitespace() {
        hash.update(word.to_lowercase());
        hash.update(b" ");
    }
    let mut digits = kernel::hex(&hash.finalize());
    digits.truncate(32);
    digits
}
