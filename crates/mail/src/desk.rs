//! What the desk sees: the list of mails, one mail without its secrets, and sending it again.

use crate::draft::MailId;
use crate::send::SendMail;
use crate::slots::mask;
use crate::store::{self, State};
use db::{Tx, params, sql};
use kernel::{Ctx, CustomerId, Locale, Moment, Uuid};
use serde::Serialize;

/// Mails per state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub queued: i64,
    pub sent: i64,
    pub failed: i64,
    pub dead: i64,
}

pub async fn counts(tx: &mut Tx) -> db::Result<Counts> {
    let rows = tx
        .all(
            sql!(
                (State, i64),
                "SELECT state, CAST(count(*) AS BIGINT) FROM mails GROUP BY state"
            ),
            params![],
        )
        .await?;
    Ok(counted(rows))
}

/// As [`counts`], without those sent: these few are counted quickly however long the history is.
pub async fn unsent(tx: &mut Tx) -> db::Result<Counts> {
    let rows = tx
        .all(
            sql!(
                (State, i64),
                "SELECT state, CAST(count(*) AS BIGINT) FROM mails WHERE state IN ('queued', 'failed', 'dead') GROUP BY state"
            ),
            params![],
        )
        .await?;
    Ok(counted(rows))
}

fn counted(rows: Vec<(State, i64)>) -> Counts {
    let mut counts = Counts::default();
    for (state, count) in rows {
        match state {
            State::Queued => counts.queued = count,
            State::Sent => counts.sent = count,
            State::Failed => counts.failed = count,
            State::Dead => counts.dead = count,
        }
    }
    counts
}

/// When the oldest mail was written that is still on its way.
pub async fn unsent_since(tx: &mut Tx) -> db::Result<Option<Moment>> {
    let stmt = sql!(
        (Option<Moment>,),
        "SELECT min(created_at) FROM mails WHERE state = 'queued' OR state = 'failed'"
    );
    Ok(tx.one(stmt, params![]).await?.0)
}

/// Which mails to list; all fields together.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub customer: Option<CustomerId>,
    /// How the recipient's address begins.
    pub to: Option<String>,
}

/// Where a page begins: everything older than this row.
pub type Before = (Moment, MailId);

kernel::row! {
    /// A mail as lists show it.
    #[derive(Debug, Clone, Serialize)]
    pub struct MailRow {
        pub id: MailId,
        pub customer_id: Option<CustomerId>,
        pub to_email: String,
        pub to_name: String,
        pub kind: String,
        pub locale: Locale,
        pub subject: String,
        pub state: State,
        pub attempts: i64,
        pub last_error: Option<String>,
        pub created_at: Moment,
        pub sent_at: Option<Moment>,
    }
}

/// The newest mails that fit the filter, older than `before`.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    before: Option<Before>,
    limit: i64,
) -> db::Result<Vec<MailRow>> {
    let (at, id) = before.unwrap_or((Moment::from_micros(i64::MAX), MailId(Uuid::max())));
    let from = filter
        .to
        .as_deref()
        .map(str::trim)
        .filter(|to| !to.is_empty());
    let from = from.map(str::to_lowercase);
    let to = from.as_deref().map(kernel::prefix_end);
    if let Some(customer) = filter.customer {
        let stmt = sql!(
            MailRow,
            "SELECT id, customer_id, to_email, to_name, kind, locale, subject, state, attempts, last_error, created_at, sent_at FROM mails
             WHERE customer_id = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2) AND (CAST($3 AS TEXT) IS NULL OR (to_email >= $3 AND to_email < $4))
               AND (created_at, id) < ($5, $6) ORDER BY created_at DESC, id DESC LIMIT $7"
        );
        return tx
            .all(
                stmt,
                params![customer, filter.state, from, to, at, id, limit],
            )
            .await;
    }
    match (from, filter.state) {
        (Some(from), state) => {
            let stmt = sql!(
                MailRow,
                "SELECT id, customer_id, to_email, to_name, kind, locale, subject, state, attempts, last_error, created_at, sent_at FROM mails
                 WHERE to_email >= $1 AND to_email < $2 AND (CAST($3 AS TEXT) IS NULL OR state = $3)
                   AND (created_at, id) < ($4, $5) ORDER BY created_at DESC, id DESC LIMIT $6"
            );
            tx.all(stmt, params![from, to, state, at, id, limit]).await
        }
        (None, Some(state)) => {
            let stmt = sql!(
                MailRow,
                "SELECT id, customer_id, to_email, to_name, kind, locale, subject, state, attempts, last_error, created_at, sent_at FROM mails
                 WHERE state = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4"
            );
            tx.all(stmt, params![state, at, id, limit]).await
        }
        (None, None) => {
            let stmt = sql!(
                MailRow,
                "SELECT id, customer_id, to_email, to_name, kind, locale, subject, state, attempts, last_error, created_at, sent_at FROM mails
                 WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"
            );
            tx.all(stmt, params![at, id, limit]).await
        }
    }
}

kernel::row! {
    struct Stored {
        customer_id: Option<CustomerId>,
        to_email: String,
        to_name: String,
        kind: String,
        locale: Locale,
        subject: String,
        text: String,
        html: String,
        message_id: Option<String>,
        state: State,
        attempts: i64,
        last_error: Option<String>,
        created_at: Moment,
        sent_at: Option<Moment>
    }
}

/// A mail as history shows it: where a secret was stands «[Link entfernt]».
#[derive(Debug, Clone, Serialize)]
pub struct Mail {
    pub id: MailId,
    pub customer_id: Option<CustomerId>,
    pub to_email: String,
    pub to_name: String,
    pub kind: String,
    pub locale: Locale,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub message_id: Option<String>,
    pub state: State,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
    /// Whether [`resend`] would take it now.
    pub can_resend: bool,
}

/// One mail; `Missing` when there is none.
pub async fn one(tx: &mut Tx, now: Moment, id: MailId) -> db::Result<Mail> {
    let mail = tx
        .one(
            sql!(
                Stored,
                "SELECT customer_id, to_email, to_name, kind, locale, subject, text, html, message_id, state, attempts, last_error, created_at, sent_at
                 FROM mails WHERE id = $1"
            ),
            params![id],
        )
        .await?;
    let slots = store::slots(tx, id).await?;
    let can_resend = fate(mail.state, &slots, now) == Fate::Again;
    Ok(Mail {
        id,
        customer_id: mail.customer_id,
        to_email: mail.to_email,
        to_name: mail.to_name,
        kind: mail.kind,
        text: mask(&mail.text, mail.locale),
        html: mask(&mail.html, mail.locale),
        locale: mail.locale,
        subject: mail.subject,
        message_id: mail.message_id,
        state: mail.state,
        attempts: mail.attempts,
        last_error: mail.last_error,
        created_at: mail.created_at,
        sent_at: mail.sent_at,
        can_resend,
    })
}

/// What [`resend`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resend {
    /// It is on its way. A sent mail goes out as a new one, since the same Message-ID would be taken for a double.
    Queued(MailId),
    /// It is still being tried by itself.
    Underway,
    /// Its link was delivered, used or has expired; only the page that made it can make another.
    LinkGone,
}

#[derive(PartialEq, Eq)]
enum Fate {
    Again,
    Underway,
    LinkGone,
}

fn fate(state: State, slots: &[store::Sealed], now: Moment) -> Fate {
    let live =
        |slot: &store::Sealed| slot.sealed.is_some() && slot.expires_at.is_none_or(|at| at > now);
    match state {
        State::Queued | State::Failed => Fate::Underway,
        State::Sent | State::Dead if slots.iter().all(live) => Fate::Again,
        State::Sent | State::Dead => Fate::LinkGone,
    }
}

/// Sends a mail again at staff's wish, with its audit line.
pub async fn resend(tx: &mut Tx, ctx: &Ctx, id: MailId) -> db::Result<Resend> {
    let (state, customer) = tx
        .one(
            sql!(
                (State, Option<CustomerId>),
                "SELECT state, customer_id FROM mails WHERE id = $1"
            ),
            params![id],
        )
        .await?;
    let slots = store::slots(tx, id).await?;
    match fate(state, &slots, ctx.now) {
        Fate::Underway => return Ok(Resend::Underway),
        Fate::LinkGone => return Ok(Resend::LinkGone),
        Fate::Again => {}
    }
    let sent = if state == State::Sent {
        let copy: MailId = ctx.id();
        store::copy(tx, id, copy, ctx.now).await?;
        copy
    } else {
        store::requeue(tx, id).await?;
        jobs::forget_dead(tx, &SendMail { mail: id }).await?;
        id
    };
    jobs::enqueue(tx, ctx, &SendMail { mail: sent }).await?;
    db::audit::record(
        tx,
        ctx,
        db::audit::Entry {
            act: "mail.resent",
            customer,
            subject: "mail",
            subject_id: id.to_string(),
            detail: serde_json::json!({ "sent_as": sent }),
        },
    )
    .await?;
    Ok(Resend::Queued(sent))
}
