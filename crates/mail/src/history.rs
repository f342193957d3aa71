//! What a member sees of the mails to the customer (ACC-7). What was written to one user about their own sign-in (kinds
//! of `identity`) is shown to this user alone, whatever rights another member holds.

use crate::draft::MailId;
use crate::slots::mask;
use crate::store::State;
use crate::{Before, MailRow};
use db::{Tx, params, sql};
use kernel::{CustomerId, Email, Locale, Moment, UserId, Uuid};
use serde::Serialize;

/// Which mails to list; all fields together.
#[derive(Debug, Clone, Default)]
pub struct Past {
    pub stand: Option<Stand>,
    pub from: Option<Moment>,
    /// Not included.
    pub to: Option<Moment>,
}

kernel::words! {
    /// Where a mail stands, in the words of who waits for it.
    pub enum Stand {
        /// On its way, be it at the first try or a later one.
        Underway = "unterwegs",
        Sent = "gesendet",
        /// Given up.
        Failed = "nicht-zustellbar",
    }
}

impl Stand {
    fn states(self) -> [State; 2] {
        match self {
            Stand::Underway => [State::Queued, State::Failed],
            Stand::Sent => [State::Sent, State::Sent],
            Stand::Failed => [State::Dead, State::Dead],
        }
    }
}

impl From<State> for Stand {
    fn from(state: State) -> Self {
        match state {
            State::Queued | State::Failed => Stand::Underway,
            State::Sent => Stand::Sent,
            State::Dead => Stand::Failed,
        }
    }
}

/// The newest mails to a customer that fit, older than `before`, as `user` may see them; without one, those that
/// were written to nobody alone.
pub async fn of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    user: Option<UserId>,
    past: &Past,
    before: Option<Before>,
    limit: i64,
) -> db::Result<Vec<MailRow>> {
    let newest = (Moment::from_micros(i64::MAX), MailId(Uuid::max()));
    let (at, id) = before.unwrap_or(newest);
    let states = past.stand.map(Stand::states);
    let stmt = sql!(
        MailRow,
        "SELECT id, customer_id, to_email, to_name, kind, locale, subject, state, attempts, last_error, created_at, sent_at FROM mails
         WHERE customer_id = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2 OR state = $3)
           AND created_at >= $4 AND created_at < $5 AND (created_at, id) < ($6, $7)
           AND (user_id = $8 OR kind < 'identity.' OR kind >= 'identity/') ORDER BY created_at DESC, id DESC LIMIT $9"
    );
    let params = params![
        customer,
        states.map(|[one, _]| one),
        states.map(|[_, two]| two),
        past.from.unwrap_or(Moment::from_micros(i64::MIN)),
        past.to.unwrap_or(Moment::from_micros(i64::MAX)),
        at,
        id,
        user,
        limit
    ];
    tx.all(stmt, params).await
}

/// How many mails of a kind were written to an address since a moment, counted up to `most`.
pub async fn recent(
    tx: &mut Tx,
    to: &Email,
    kind: &str,
    since: Moment,
    most: i64,
) -> db::Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM mails WHERE to_email = $1 AND kind = $2 AND created_at > $3 LIMIT $4) m"
    );
    Ok(tx.one(stmt, params![to, kind, since, most]).await?.0)
}

kernel::row! {
    struct Stored {
        to_email: String,
        to_name: String,
        locale: Locale,
        subject: String,
        text: String,
        html: String,
        state: State,
        created_at: Moment,
        sent_at: Option<Moment>,
    }
}

/// A mail as it was sent, without what let somebody in.
#[derive(Debug, Clone, Serialize)]
pub struct Sent {
    pub to_email: String,
    pub to_name: String,
    pub locale: Locale,
    pub subject: String,
    pub text: String,
    /// Not to be shown as it is: it came through many hands.
    pub html: String,
    pub stand: Stand,
    pub created_at: Moment,
    pub sent_at: Option<Moment>,
}

/// One mail to a customer; `Missing` when there is none that `user` may see.
pub async fn one_of_customer(
    tx: &mut Tx,
    customer: CustomerId,
    user: Option<UserId>,
    id: MailId,
) -> db::Result<Sent> {
    let stmt = sql!(
        Stored,
        "SELECT to_email, to_name, locale, subject, text, html, state, created_at, sent_at FROM mails \
         WHERE customer_id = $1 AND id = $2 AND (user_id = $3 OR kind < 'identity.' OR kind >= 'identity/')"
    );
    let mail = tx.one(stmt, params![customer, id, user]).await?;
    Ok(Sent {
        to_email: mail.to_email,
        to_name: mail.to_name,
        subject: mail.subject,
        text: mask(&mail.text, mail.locale),
        html: mask(&mail.html, mail.locale),
        locale: mail.locale,
        stand: mail.state.into(),
        created_at: mail.created_at,
        sent_at: mail.sent_at,
    })
}
