//! All SQL on the tables of this crate.

use crate::head;
use crate::parse::Envelope;
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, Uuid};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

kernel::typed_id!(
    /// A mail that came in, as it came.
    InboundId
);
kernel::words! {
    /// What became of a mail.
    pub enum State {
        /// Not yet looked at.
        New = "new",
        /// It stands in a ticket, or told us that a mail came back.
        Done = "done",
        /// Staff has to look.
        Quarantine = "quarantine",
        /// It was meant for nobody.
        Dropped = "dropped",
    }
}

/// A mail as a server hands it over.
#[derive(Debug, Clone, Copy)]
pub struct Arrived<'a> {
    /// Where it came from: `lmtp`, or the address of a mailbox.
    pub mailbox: &'a str,
    /// UIDVALIDITY and UID.
    pub uid: Option<(i64, i64)>,
    pub from: Option<&'a str>,
    pub to: &'a [String],
    pub department: Option<&'a str>,
    pub raw: &'a [u8],
    /// Bytes of the whole, where `raw` is only its beginning.
    pub size: usize,
}

/// Keeps a mail; `None`: the very same came before, here or through another mailbox.
pub(crate) async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    mail: &Arrived<'_>,
) -> db::Result<Option<InboundId>> {
    let stmt = sql!(
        (InboundId,),
        "INSERT INTO inbound_mails (id, mailbox, uidvalidity, uid, hash, envelope_from, envelope_to, department, received_at, size, cut, raw, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'new') ON CONFLICT DO NOTHING RETURNING id"
    );
    let (validity, uid) = mail.uid.unzip();
    let from = mail.from.map(storable);
    let params = params![
        ctx.id::<InboundId>(),
        mail.mailbox,
        validity,
        uid,
        fingerprint(mail.raw),
        from,
        storable(&mail.to.join("\n")),
        mail.department,
        ctx.now,
        i64::try_from(mail.size).unwrap_or(i64::MAX),
        mail.size > mail.raw.len(),
        mail.raw
    ];
    Ok(tx.opt(stmt, params).await?.map(|row| row.0))
}

/// PostgreSQL's text holds no NUL.
fn storable(text: &str) -> String {
    text.replace('\0', "")
}

/// The same for the same mail however it came: lines that servers on the way put on top do not count, nor do line ends.
pub fn fingerprint(raw: &[u8]) -> String {
    const TRACE: [&[u8]; 9] = [
        b"return-path:",
        b"delivered-to:",
        b"received:",
        b"x-original-to:",
        b"envelope-to:",
        b"x-envelope-to:",
        b"authentication-results:",
        b"received-spf:",
        b"x-spam",
    ];
    let mut hash = Sha256::new();
    let (mut in_head, mut skipping) = (true, false);
    for line in raw.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if in_head {
            if line.is_empty() {
                in_head = false;
            } else if !matches!(line.first(), Some(b' ' | b'\t')) {
                let begin = line
                    .get(..line.len().min(24))
                    .unwrap_or(line)
                    .to_ascii_lowercase();
                skipping = TRACE.iter().any(|trace| begin.starts_with(trace));
            }
            if in_head && skipping {
                continue;
            }
        }
        hash.update(line);
        hash.update(b"\n");
    }
    kernel::hex(&hash.finalize())
}

kernel::row! {
    /// A mail that is to be taken apart.
    pub struct Raw {
        pub id: InboundId,
        pub state: State,
        pub mailbox: String,
        pub envelope_from: Option<String>,
        pub envelope_to: String,
        pub department: Option<String>,
        pub received_at: Moment,
        pub cut: bool,
        pub raw: Vec<u8>,
    }
}

impl Raw {
    pub fn envelope(&self) -> Envelope {
        Envelope {
            from: self.envelope_from.clone(),
            to: self.envelope_to.lines().map(str::to_owned).collect(),
        }
    }
}

pub async fn raw(tx: &mut Tx, id: InboundId) -> db::Result<Raw> {
    let stmt = sql!(
        Raw,
        "SELECT id, state, mailbox, envelope_from, envelope_to, department, received_at, cut, raw FROM inbound_mails WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

/// What was found out about a mail, noted with what became of it.
#[derive(Debug, Clone, Default)]
pub struct Verdict<'a> {
    pub reason: &'a str,
    /// How it found its ticket, as JSON.
    pub why: &'a str,
    pub sender: &'a str,
    pub subject: &'a str,
    pub body_hash: &'a str,
    pub machine: bool,
    pub opened: bool,
    pub customer: Option<CustomerId>,
    pub ticket: Option<Uuid>,
    pub entry: Option<Uuid>,
    /// Only staff reads it.
    pub internal: bool,
    pub shown: Option<Shown>,
}

/// What stays of a mail in a customer's history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub from: String,
    pub to: Vec<String>,
    /// With what it quotes.
    pub text: String,
    /// Names.
    pub files: Vec<String>,
}

/// Notes what became of a mail, once: `false` when somebody else was faster, and then nothing of what was done for it
/// may be stored.
pub async fn settle(
    tx: &mut Tx,
    ctx: &Ctx,
    id: InboundId,
    from: State,
    state: State,
    verdict: &Verdict<'_>,
) -> db::Result<bool> {
    let stmt = sql!(
        "UPDATE inbound_mails SET state = $3, reason = $4, sender = $5, subject = $6, body_hash = $7, machine = $8, opened = $9,
            customer_id = $10, ticket_id = $11, entry_id = $12, done_at = $13, why = $14, internal = $15, shown = $16
         WHERE id = $1 AND state = $2"
    );
    let shown = verdict.shown.as_ref().map(serde_json::to_string);
    let shown = shown.and_then(Result::ok).unwrap_or_default();
    let params = params![
        id,
        from,
        state,
        verdict.reason,
        storable(verdict.sender),
        storable(verdict.subject),
        verdict.body_hash,
        verdict.machine,
        verdict.opened,
        verdict.customer,
        verdict.ticket,
        verdict.entry,
        ctx.now,
        verdict.why,
        verdict.internal,
        shown
    ];
    Ok(tx.exec(stmt, params).await? == 1)
}

/// Moves a mail from one state to another and keeps what is known of it.
pub async fn turn(
    tx: &mut Tx,
    ctx: &Ctx,
    id: InboundId,
    from: State,
    state: State,
    reason: &str,
) -> db::Result<bool> {
    let stmt = sql!(
        "UPDATE inbound_mails SET state = $3, reason = $4, done_at = $5 WHERE id = $1 AND state = $2"
    );
    Ok(tx
        .exec(stmt, params![id, from, state, reason, ctx.now])
        .await?
        == 1)
}

kernel::row! {
    /// A mail as the desk lists it.
    #[derive(Debug, Clone, Serialize)]
    pub struct Listed {
        pub id: InboundId,
        pub state: State,
        pub reason: String,
        pub mailbox: String,
        pub sender: String,
        pub subject: String,
        pub size: i64,
        pub received_at: Moment,
        pub ticket_id: Option<Uuid>,
    }
}

/// Where a page begins: everything older than this row.
pub type Before = (Moment, InboundId);

/// Mails in a state, the newest first.
pub async fn list(
    tx: &mut Tx,
    state: State,
    before: Option<Before>,
    limit: i64,
) -> db::Result<Vec<Listed>> {
    let (at, id) = before.unwrap_or((Moment::from_micros(i64::MAX), InboundId(Uuid::max())));
    let stmt = sql!(
        Listed,
        "SELECT id, state, reason, mailbox, sender, subject, size, received_at, ticket_id FROM inbound_mails
         WHERE state = $1 AND (received_at, id) < ($2, $3) ORDER BY received_at DESC, id DESC LIMIT $4"
    );
    tx.all(stmt, params![state, at, id, limit]).await
}

pub async fn one(tx: &mut Tx, id: InboundId) -> db::Result<Listed> {
    let stmt = sql!(
        Listed,
        "SELECT id, state, reason, mailbox, sender, subject, size, received_at, ticket_id FROM inbound_mails WHERE id = $1"
    );
    tx.one(stmt, params![id]).await
}

/// How many mails wait for staff, at most a hundred: as a value in a statement that counts more than that. The menu of
/// the desk counts on every page, and a page has a budget of statements.
#[macro_export]
macro_rules! waiting {
    () => {
        "(SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM inbound_mails WHERE state = 'quarantine' LIMIT 100) waiting)"
    };
}

/// How many wait for staff, at most a thousand.
pub async fn waiting(tx: &mut Tx) -> db::Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM inbound_mails WHERE state = 'quarantine' LIMIT 1000) w"
    );
    Ok(tx.one(stmt, params![]).await?.0)
}

kernel::row! {
    /// A mail that stands in a ticket.
    #[derive(Debug, Clone, Serialize)]
    pub struct Placed {
        pub id: InboundId,
        pub entry_id: Option<Uuid>,
        pub received_at: Moment,
        pub sender: String,
        pub why: String,
        pub has_html: bool,
        // As it came; it is deleted some day.
        pub has_original: bool,
    }
}

/// The mails that stand in a ticket, the newest first.
pub async fn of_ticket(tx: &mut Tx, ticket: Uuid, limit: i64) -> db::Result<Vec<Placed>> {
    let stmt = sql!(
        Placed,
        "SELECT m.id, m.entry_id, m.received_at, m.sender, m.why, (h.entry_id IS NOT NULL) AS has_html, (m.wiped_at IS NULL) AS has_original
         FROM inbound_mails m LEFT JOIN inbound_html h ON h.entry_id = m.entry_id
         WHERE m.ticket_id = $1 ORDER BY m.received_at DESC, m.id DESC LIMIT $2"
    );
    tx.all(stmt, params![ticket, limit]).await
}

/// An entry went over to another ticket, which may be another customer's: its mail goes with it.
pub async fn move_entry(
    tx: &mut Tx,
    customer: Option<CustomerId>,
    entry: Uuid,
    ticket: Uuid,
) -> db::Result<()> {
    let stmt =
        sql!("UPDATE inbound_mails SET customer_id = $1, ticket_id = $3 WHERE entry_id = $2");
    tx.exec(stmt, params![customer, entry, ticket]).await?;
    let stmt = sql!("UPDATE inbound_html SET customer_id = $1, ticket_id = $3 WHERE entry_id = $2");
    tx.exec(stmt, params![customer, entry, ticket])
        .await
        .map(drop)
}

/// An entry that only staff could read is for the customer now: its mail stands in the customer's history.
pub async fn reveal_entry(tx: &mut Tx, entry: Uuid) -> db::Result<()> {
    let stmt = sql!("UPDATE inbound_mails SET internal = FALSE WHERE entry_id = $1");
    tx.exec(stmt, params![entry]).await.map(drop)
}

/// A ticket that was nobody's is this customer's now: its mails are, too.
pub async fn give_ticket(tx: &mut Tx, customer: CustomerId, ticket: Uuid) -> db::Result<()> {
    let stmt = sql!("UPDATE inbound_mails SET customer_id = $1 WHERE ticket_id = $2");
    tx.exec(stmt, params![customer, ticket]).await?;
    let stmt = sql!(
        "UPDATE inbound_html SET customer_id = $1 WHERE entry_id IN (SELECT entry_id FROM inbound_mails WHERE ticket_id = $2)"
    );
    tx.exec(stmt, params![customer, ticket]).await.map(drop)
}

/// Deletes what was taken in, or decided about, before this, at most so much of each kind: of a mail that stands in a
/// ticket the original, of all others everything. How many it was.
pub async fn forget(tx: &mut Tx, ctx: &Ctx, before: Moment, limit: i64) -> db::Result<u64> {
    let stmt = sql!(
        "UPDATE inbound_mails SET raw = $4, wiped_at = $3 WHERE id IN (
            SELECT id FROM inbound_mails WHERE state = 'done' AND entry_id IS NOT NULL AND wiped_at IS NULL AND done_at < $1 LIMIT $2)"
    );
    let nothing: &[u8] = &[];
    let params = params![before, limit, ctx.now, nothing];
    let mut count = tx.exec(stmt, params).await?;
    for state in [State::Done, State::Dropped] {
        let stmt = sql!(
            "DELETE FROM inbound_mails WHERE id IN (
                SELECT id FROM inbound_mails WHERE state = $1 AND entry_id IS NULL AND wiped_at IS NULL AND done_at < $2 LIMIT $3)"
        );
        count += tx.exec(stmt, params![state, before, limit]).await?;
    }
    Ok(count)
}

/// The mail that became this entry.
pub async fn of_entry(tx: &mut Tx, entry: Uuid) -> db::Result<Option<InboundId>> {
    let stmt = sql!(
        (InboundId,),
        "SELECT id FROM inbound_mails WHERE entry_id = $1"
    );
    Ok(tx.opt(stmt, params![entry]).await?.map(|row| row.0))
}

kernel::row! {
    /// A mail in a customer's history.
    #[derive(Debug, Clone, Serialize)]
    pub struct Came {
        pub id: InboundId,
        pub sender: String,
        pub subject: String,
        pub received_at: Moment,
    }
}

/// The newest mails that stand in this customer's tickets, of a span of time and older than `before`; not what only
/// staff reads, and nothing that was held or dropped.
pub async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    (from, to): (Option<Moment>, Option<Moment>),
    before: Option<(Moment, Uuid)>,
    limit: i64,
) -> db::Result<Vec<Came>> {
    let (at, id) = before.unwrap_or((Moment::from_micros(i64::MAX), Uuid::max()));
    let stmt = sql!(
        Came,
        "SELECT id, sender, subject, received_at FROM inbound_mails
         WHERE customer_id = $1 AND entry_id IS NOT NULL AND internal = FALSE AND received_at >= $2 AND received_at < $3
           AND (received_at, id) < ($4, $5) ORDER BY received_at DESC, id DESC LIMIT $6"
    );
    let params = params![
        customer,
        from.unwrap_or(Moment::from_micros(i64::MIN)),
        to.unwrap_or(Moment::from_micros(i64::MAX)),
        at,
        id,
        limit
    ];
    tx.all(stmt, params).await
}

/// One of the mails that [`of_customer`] lists; `Missing` when there is none.
pub async fn one_of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    id: InboundId,
) -> db::Result<(Came, Shown)> {
    let stmt = sql!(
        (InboundId, String, String, Moment, String),
        "SELECT id, sender, subject, received_at, shown FROM inbound_mails
         WHERE customer_id = $1 AND id = $2 AND entry_id IS NOT NULL AND internal = FALSE"
    );
    let (id, sender, subject, received_at, shown) = tx.one(stmt, params![customer, id]).await?;
    let came = Came {
        id,
        sender,
        subject,
        received_at,
    };
    Ok((came, serde_json::from_str(&shown).unwrap_or_default()))
}

/// In whose history a mail stands; `Missing` when in nobody's.
pub async fn customer_of(tx: &mut Tx, id: InboundId) -> db::Result<CustomerId> {
    let stmt = sql!(
        (CustomerId,),
        "SELECT customer_id FROM inbound_mails
         WHERE id = $1 AND customer_id IS NOT NULL AND entry_id IS NOT NULL AND internal = FALSE"
    );
    Ok(tx.one(stmt, params![id]).await?.0)
}

kernel::row! {
    /// What came from an address lately.
    #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
    pub struct Lately {
        pub all: i64,
        pub machines: i64,
        pub opened: i64,
        // with these very words
        pub same: i64,
    }
}

pub async fn lately(
    tx: &mut Tx,
    sender: &str,
    body_hash: &str,
    since: Moment,
) -> db::Result<Lately> {
    let stmt = sql!(
        Lately,
        "SELECT CAST(count(*) AS BIGINT) AS \"all\", CAST(coalesce(sum(CASE WHEN machine THEN 1 ELSE 0 END), 0) AS BIGINT) AS machines,
            CAST(coalesce(sum(CASE WHEN opened THEN 1 ELSE 0 END), 0) AS BIGINT) AS opened,
            CAST(coalesce(sum(CASE WHEN body_hash = $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS same
         FROM (SELECT machine, opened, body_hash FROM inbound_mails WHERE sender = $1 AND done_at > $3 LIMIT 1000) l"
    );
    tx.one(stmt, params![sender, body_hash, since]).await
}

/// Until when an address is paused, and why.
pub async fn paused(tx: &mut Tx, sender: &str, now: Moment) -> db::Result<Option<String>> {
    let stmt = sql!(
        (String,),
        "SELECT reason FROM inbound_pauses WHERE sender = $1 AND until > $2"
    );
    Ok(tx.opt(stmt, params![sender, now]).await?.map(|row| row.0))
}

pub async fn pause(
    tx: &mut Tx,
    ctx: &Ctx,
    sender: &str,
    length: Duration,
    reason: &str,
) -> db::Result<()> {
    let stmt = sql!(
        "INSERT INTO inbound_pauses (sender, since, until, reason) VALUES ($1, $2, $3, $4)
         ON CONFLICT (sender) DO UPDATE SET since = excluded.since, until = excluded.until, reason = excluded.reason"
    );
    tx.exec(stmt, params![sender, ctx.now, ctx.now + length, reason])
        .await
        .map(drop)
}

kernel::row! {
    #[derive(Debug, Clone, Serialize)]
    pub struct Pause {
        pub sender: String,
        pub until: Moment,
        pub reason: String,
    }
}

/// Addresses that are paused now.
pub async fn pauses(tx: &mut Tx, now: Moment) -> db::Result<Vec<Pause>> {
    let stmt = sql!(
        Pause,
        "SELECT sender, until, reason FROM inbound_pauses WHERE until > $1 ORDER BY until DESC, sender LIMIT 50"
    );
    tx.all(stmt, params![now]).await
}

/// Ends a pause before its time.
pub async fn resume(tx: &mut Tx, sender: &str) -> db::Result<bool> {
    let stmt = sql!("DELETE FROM inbound_pauses WHERE sender = $1");
    Ok(tx.exec(stmt, params![sender]).await? == 1)
}

fn id_hash(id: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(id.trim_matches(['<', '>', ' ']));
    kernel::hex(&hash.finalize())
}

/// Remembers in which ticket a mail with this Message-ID stands, and what it answers.
pub async fn note_ids(
    tx: &mut Tx,
    customer: Option<CustomerId>,
    ticket: Uuid,
    ids: &[&str],
) -> db::Result<()> {
    for id in ids.iter().take(20) {
        let stmt = sql!(
            "INSERT INTO inbound_ids (hash, ticket_id, customer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
        );
        tx.exec(stmt, params![id_hash(id), ticket, customer])
            .await?;
    }
    Ok(())
}

/// Tickets in which mails with one of these Message-IDs stand; of at most eight ids, the nearest first.
pub async fn by_ids(tx: &mut Tx, ids: &[String]) -> db::Result<Vec<Uuid>> {
    let mut hashes = ids.iter().map(|id| id_hash(id)).collect::<Vec<_>>();
    let Some(first) = hashes.first().cloned() else {
        return Ok(Vec::new());
    };
    hashes.resize(8, first);
    let mut of = hashes.into_iter();
    let mut next = || of.next().unwrap_or_default();
    let stmt = sql!(
        (Uuid,),
        "SELECT ticket_id FROM inbound_ids WHERE hash IN ($1, $2, $3, $4, $5, $6, $7, $8) ORDER BY ticket_id LIMIT 20"
    );
    let params = params![
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        next(),
        next()
    ];
    Ok(tx
        .all(stmt, params)
        .await?
        .into_iter()
        .map(|row| row.0)
        .collect())
}

/// Keeps the cleaned HTML of an entry.
pub async fn keep_html(
    tx: &mut Tx,
    customer: Option<CustomerId>,
    ticket: Uuid,
    entry: Uuid,
    html: &str,
) -> db::Result<()> {
    let stmt = sql!(
        "INSERT INTO inbound_html (entry_id, ticket_id, customer_id, html) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
    );
    tx.exec(stmt, params![entry, ticket, customer, storable(html)])
        .await
        .map(drop)
}

/// The cleaned HTML of an entry of this ticket.
pub async fn html(tx: &mut Tx, ticket: Uuid, entry: Uuid) -> db::Result<Option<String>> {
    let stmt = sql!(
        (String,),
        "SELECT html FROM inbound_html WHERE entry_id = $1 AND ticket_id = $2"
    );
    Ok(tx.opt(stmt, params![entry, ticket]).await?.map(|row| row.0))
}

kernel::row! {
    /// How far a mailbox was read.
    #[derive(Debug, Clone, Serialize)]
    pub struct Box {
        pub mailbox: String,
        pub uidvalidity: i64,
        pub last_uid: i64,
        pub at: Moment,
        pub error: String,
    }
}

pub async fn mailbox(tx: &mut Tx, mailbox: &str) -> db::Result<Option<Box>> {
    let stmt = sql!(
        Box,
        "SELECT mailbox, uidvalidity, last_uid, at, error FROM inbound_boxes WHERE mailbox = $1"
    );
    tx.opt(stmt, params![mailbox]).await
}

/// All mailboxes with what went wrong last.
pub async fn boxes(tx: &mut Tx) -> db::Result<Vec<Box>> {
    let stmt = sql!(
        Box,
        "SELECT mailbox, uidvalidity, last_uid, at, error FROM inbound_boxes ORDER BY mailbox LIMIT 100"
    );
    tx.all(stmt, params![]).await
}

pub(crate) async fn note_box(
    tx: &mut Tx,
    ctx: &Ctx,
    mailbox: &str,
    validity: i64,
    last_uid: i64,
) -> db::Result<()> {
    let stmt = sql!(
        "INSERT INTO inbound_boxes (mailbox, uidvalidity, last_uid, at, error) VALUES ($1, $2, $3, $4, '')
         ON CONFLICT (mailbox) DO UPDATE SET uidvalidity = excluded.uidvalidity, last_uid = excluded.last_uid, at = excluded.at, error = ''"
    );
    tx.exec(stmt, params![mailbox, validity, last_uid, ctx.now])
        .await
        .map(drop)
}

pub(crate) async fn note_error(
    tx: &mut Tx,
    ctx: &Ctx,
    mailbox: &str,
    error: &str,
) -> db::Result<()> {
    let stmt = sql!(
        "INSERT INTO inbound_boxes (mailbox, uidvalidity, last_uid, at, error) VALUES ($1, 0, 0, $2, $3)
         ON CONFLICT (mailbox) DO UPDATE SET at = excluded.at, error = excluded.error"
    );
    let error: String = error
        .chars()
        .filter(|c| !c.is_control())
        .take(500)
        .collect();
    tx.exec(stmt, params![mailbox, ctx.now, error])
        .await
        .map(drop)
}

/// How many mails came in altogether, by state: for tests and figures.
pub async fn count(tx: &mut Tx, state: State) -> db::Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT CAST(count(*) AS BIGINT) FROM inbound_mails WHERE state = $1"
    );
    Ok(tx.one(stmt, params![state]).await?.0)
}

/// What a mail says of itself before it is taken apart: for the list of those that cannot be.
pub fn glance(raw: &[u8]) -> (String, String) {
    let head = head::Head::of(raw.get(..raw.len().min(64 * 1024)).unwrap_or(raw));
    let short = |name: &str| -> String {
        crate::subject::one_line(head.get(name).unwrap_or_default())
            .chars()
            .take(200)
            .collect()
    };
    (short("from"), short("subject"))
}
