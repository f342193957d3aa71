//! All SQL that writes `mails` and `mail_slots`, and what sending reads.

use crate::draft::{Draft, MailId};
use db::{Tx, params, sql};
use kernel::{Email, Locale, Moment};

kernel::words! {
    /// Where a mail stands.
    pub enum State {
        /// Not tried yet.
        Queued = "queued",
        Sent = "sent",
        /// Tried in vain; tried again.
        Failed = "failed",
        /// Given up.
        Dead = "dead",
    }
}

pub(crate) async fn insert(
    tx: &mut Tx,
    now: Moment,
    id: MailId,
    draft: &Draft,
    message_id: Option<&str>,
    headers: &str,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO mails (id, customer_id, user_id, to_email, to_name, kind, locale, subject, text, html, state, attempts, created_at, message_id, headers)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, $11, $12, $13)"
        ),
        params![
            id,
            draft.customer,
            draft.user,
            &draft.to,
            &draft.to_name,
            draft.kind,
            draft.locale,
            &draft.subject,
            &draft.text,
            &draft.html,
            now,
            message_id,
            headers
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn insert_slot(
    tx: &mut Tx,
    mail: MailId,
    name: &str,
    sealed: Vec<u8>,
    expires: Option<Moment>,
) -> db::Result<()> {
    tx.exec(
        sql!("INSERT INTO mail_slots (mail_id, name, sealed, expires_at) VALUES ($1, $2, $3, $4)"),
        params![mail, name, sealed, expires],
    )
    .await
    .map(drop)
}

kernel::row! {
    /// What sending needs.
    pub(crate) struct Unsent {
        pub kind: String,
        pub locale: Locale,
        pub to_email: Email,
        pub to_name: String,
        pub subject: String,
        pub text: String,
        pub html: String,
        pub message_id: Option<String>,
        pub created_at: Moment,
        pub headers: String,
    }
}

/// Counts a try of a mail that is not sent yet.
pub(crate) async fn begin_try(
    tx: &mut Tx,
    id: MailId,
    message_id: &str,
) -> db::Result<Option<Unsent>> {
    tx.opt(
        sql!(
            Unsent,
            "UPDATE mails SET attempts = attempts + 1, message_id = coalesce(message_id, $2) WHERE id = $1 AND state <> 'sent'
             RETURNING kind, locale, to_email, to_name, subject, text, html, message_id, created_at, headers"
        ),
        params![id, message_id],
    )
    .await
}

kernel::row! {
    pub(crate) struct Sealed {
        pub name: String,
        pub sealed: Option<Vec<u8>>,
        pub expires_at: Option<Moment>,
    }
}

pub(crate) async fn slots(tx: &mut Tx, mail: MailId) -> db::Result<Vec<Sealed>> {
    tx.all(
        sql!(
            Sealed,
            "SELECT name, sealed, expires_at FROM mail_slots WHERE mail_id = $1 ORDER BY name"
        ),
        params![mail],
    )
    .await
}

pub(crate) async fn set_sent(tx: &mut Tx, id: MailId, now: Moment) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE mails SET state = 'sent', sent_at = $2, last_error = NULL WHERE id = $1 AND state <> 'sent'"),
        params![id, now],
    )
    .await
    .map(drop)
}

/// `false` when the mail counts as sent by now.
pub(crate) async fn set_failed(
    tx: &mut Tx,
    id: MailId,
    state: State,
    reason: &str,
) -> db::Result<bool> {
    let changed = tx
        .exec(
            sql!("UPDATE mails SET state = $2, last_error = $3 WHERE id = $1 AND state <> 'sent'"),
            params![id, state, reason],
        )
        .await?;
    Ok(changed == 1)
}

/// A mail whose link was used has arrived, whatever its server said.
pub(crate) async fn arrived(tx: &mut Tx, id: MailId, now: Moment) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE mails SET state = 'sent', sent_at = $2, last_error = NULL WHERE id = $1 AND state <> 'sent' AND attempts > 0"),
        params![id, now],
    )
    .await
    .map(drop)
}

/// The slots' names stay, so that history knows what to mask.
pub(crate) async fn wipe(tx: &mut Tx, mail: MailId) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE mail_slots SET sealed = NULL WHERE mail_id = $1 AND sealed IS NOT NULL"),
        params![mail],
    )
    .await
    .map(drop)
}

pub(crate) async fn wipe_expired(tx: &mut Tx, now: Moment) -> db::Result<u64> {
    tx.exec(
        sql!("UPDATE mail_slots SET sealed = NULL WHERE expires_at <= $1 AND sealed IS NOT NULL"),
        params![now],
    )
    .await
}

/// The same mail once more under a new id; `None` when there is none.
pub(crate) async fn copy(tx: &mut Tx, from: MailId, to: MailId, now: Moment) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO mails (id, customer_id, user_id, to_email, to_name, kind, locale, subject, text, html, state, attempts, created_at, headers)
             SELECT $2, customer_id, user_id, to_email, to_name, kind, locale, subject, text, html, 'queued', 0, $3, headers FROM mails WHERE id = $1"
        ),
        params![from, to, now],
    )
    .await
    .map(drop)
}

pub(crate) async fn requeue(tx: &mut Tx, id: MailId) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE mails SET state = 'queued', last_error = NULL WHERE id = $1 AND state = 'dead'"
        ),
        params![id],
    )
    .await
    .map(drop)
}

/// Mails that belong to nobody here and have come to their end, and any of them that were written before `oldest`.
pub(crate) async fn forget_strangers(
    tx: &mut Tx,
    before: Moment,
    oldest: Moment,
) -> db::Result<u64> {
    tx.exec(
        sql!(
            "DELETE FROM mail_slots WHERE mail_id IN (SELECT id FROM mails WHERE customer_id IS NULL AND user_id IS NULL \
             AND created_at < $1 AND (state = 'sent' OR state = 'dead' OR created_at < $2))"
        ),
        params![before, oldest],
    )
    .await?;
    tx.exec(
        sql!(
            "DELETE FROM mails WHERE customer_id IS NULL AND user_id IS NULL \
             AND created_at < $1 AND (state = 'sent' OR state = 'dead' OR created_at < $2)"
        ),
        params![before, oldest],
    )
    .await
}
