//! What the desk lists: messages by state, by waiting time, by customer or by how their subject begins.

use super::store::Before;
use super::{State, TicketId};
use db::{Tx, params, sql};
use kernel::{CustomerId, Moment, Uuid, prefix_end, search_forms};
use serde::Serialize;
use std::time::Duration;

/// Who waits longer than this for an answer waits too long.
pub const PATIENCE: Duration = Duration::from_secs(24 * 3600);

/// As many subjects of one beginning are looked at.
const BEGINNINGS: i64 = 1000;

/// No counter counts further: a menu needs no exact number of thousands.
const COUNT_LIMIT: i64 = 1000;

kernel::words! {
    /// The tabs of the queue; the words stand in its address.
    pub enum Show {
        New = "neu",
        /// All that wait for us, the new ones too.
        Ours = "offen",
        /// All that wait for the customer.
        Theirs = "wartend",
        Overdue = "ueberfaellig",
        Closed = "geschlossen",
        All = "alle",
    }
}

impl Show {
    fn state(self) -> Option<State> {
        match self {
            Show::New => Some(State::New),
            Show::Theirs => Some(State::Waiting),
            Show::Closed => Some(State::Closed),
            Show::Ours | Show::Overdue | Show::All => None,
        }
    }

    /// Waiting since before this.
    fn waiting(self, now: Moment) -> Option<Moment> {
        match self {
            Show::Ours => Some(Moment::from_micros(i64::MAX)),
            Show::Overdue => Some(now - PATIENCE),
            Show::New | Show::Theirs | Show::Closed | Show::All => None,
        }
    }
}

/// What to narrow the queue to.
#[derive(Debug, Clone, PartialEq)]
pub enum Narrow {
    Nothing,
    Customer(CustomerId),
    /// How the subject begins.
    Subject(String),
}

kernel::row! {
    /// A message as the queue lists it. `key_at` is the time it is sorted by.
    #[derive(Debug, Clone)]
    pub struct Queued {
        pub id: TicketId,
        pub customer_id: Option<CustomerId>,
        pub subject: String,
        pub state: State,
        pub requester_name: String,
        pub last_at: Moment,
        pub waiting_since: Option<Moment>,
        pub key_at: Moment,
    }
}

impl Queued {
    pub fn is_overdue(&self, now: Moment) -> bool {
        self.waiting_since
            .is_some_and(|since| since < now - PATIENCE)
    }
}

/// Messages, the newest first: by when the waiting began where all wait for us, else by last activity.
pub async fn list(
    tx: &mut Tx,
    now: Moment,
    show: Show,
    narrow: &Narrow,
    before: Before,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    match narrow {
        Narrow::Nothing => plain(tx, now, show, before, limit).await,
        Narrow::Customer(customer) => of_customer(tx, now, *customer, show, before, limit).await,
        Narrow::Subject(begin) => by_subject(tx, now, begin, show, before, limit).await,
    }
}

async fn plain(
    tx: &mut Tx,
    now: Moment,
    show: Show,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    if let Some(until) = show.waiting(now) {
        // one bound for both, so that the index leads to where the page begins
        let (at, id) = (at, id).min((until, TicketId(Uuid::nil())));
        let stmt = sql!(
            Queued,
            "SELECT id, customer_id, subject, state, requester_name, last_at, waiting_since, waiting_since AS key_at FROM tickets
             WHERE kind = 'message' AND (waiting_since, id) < ($1, $2) ORDER BY waiting_since DESC, id DESC LIMIT $3"
        );
        return tx.all(stmt, params![at, id, limit]).await;
    }
    match show.state() {
        Some(state) => {
            let stmt = sql!(
                Queued,
                "SELECT id, customer_id, subject, state, requester_name, last_at, waiting_since, last_at AS key_at FROM tickets
                 WHERE kind = 'message' AND state = $1 AND (last_at, id) < ($2, $3) ORDER BY last_at DESC, id DESC LIMIT $4"
            );
            tx.all(stmt, params![state, at, id, limit]).await
        }
        None => {
            let stmt = sql!(
                Queued,
                "SELECT id, customer_id, subject, state, requester_name, last_at, waiting_since, last_at AS key_at FROM tickets
                 WHERE kind = 'message' AND (last_at, id) < ($1, $2) ORDER BY last_at DESC, id DESC LIMIT $3"
            );
            tx.all(stmt, params![at, id, limit]).await
        }
    }
}

/// The messages of one customer.
pub async fn of_customer(
    tx: &mut Tx,
    now: Moment,
    customer: CustomerId,
    show: Show,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    let stmt = sql!(
        Queued,
        "SELECT id, customer_id, subject, state, requester_name, last_at, waiting_since, last_at AS key_at FROM tickets
         WHERE customer_id = $1 AND kind = 'message' AND (CAST($2 AS TEXT) IS NULL OR state = $2)
           AND (CAST($3 AS BIGINT) IS NULL OR waiting_since < $3) AND (last_at, id) < ($4, $5)
         ORDER BY last_at DESC, id DESC LIMIT $6"
    );
    tx.all(
        stmt,
        params![customer, show.state(), show.waiting(now), at, id, limit],
    )
    .await
}

/// Messages whose subject begins so, umlauts written either way. Of a beginning that very many share, only the first
/// [`BEGINNINGS`] by alphabet are sorted by time: more letters find the rest.
pub async fn by_subject(
    tx: &mut Tx,
    now: Moment,
    begin: &str,
    show: Show,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    // one statement for one to three forms: those that are missing repeat the first
    let forms = search_forms(begin);
    let first = forms.first().cloned().unwrap_or_default();
    let mut forms = forms.into_iter().chain(std::iter::repeat(first));
    let mut form = || forms.next().unwrap_or_default();
    let (a, b, c) = (form(), form(), form());
    let (a_end, b_end, c_end) = (prefix_end(&a), prefix_end(&b), prefix_end(&c));
    let stmt = sql!(
        Queued,
        "SELECT id, customer_id, subject, state, requester_name, last_at, waiting_since, last_at AS key_at FROM tickets
         WHERE id IN (
            SELECT id FROM (SELECT id FROM tickets WHERE kind = 'message' AND subject_key >= $1 AND subject_key < $2
                AND (CAST($7 AS TEXT) IS NULL OR state = $7) AND (CAST($8 AS BIGINT) IS NULL OR waiting_since < $8) ORDER BY subject_key LIMIT $12) a
            UNION SELECT id FROM (SELECT id FROM tickets WHERE kind = 'message' AND subject_key >= $3 AND subject_key < $4
                AND (CAST($7 AS TEXT) IS NULL OR state = $7) AND (CAST($8 AS BIGINT) IS NULL OR waiting_since < $8) ORDER BY subject_key LIMIT $12) b
            UNION SELECT id FROM (SELECT id FROM tickets WHERE kind = 'message' AND subject_key >= $5 AND subject_key < $6
                AND (CAST($7 AS TEXT) IS NULL OR state = $7) AND (CAST($8 AS BIGINT) IS NULL OR waiting_since < $8) ORDER BY subject_key LIMIT $12) c)
           AND (last_at, id) < ($9, $10)
         ORDER BY last_at DESC, id DESC LIMIT $11"
    );
    let params = params![
        a,
        a_end,
        b,
        b_end,
        c,
        c_end,
        show.state(),
        show.waiting(now),
        at,
        id,
        limit,
        BEGINNINGS
    ];
    tx.all(stmt, params).await
}

/// The message with this number.
pub async fn by_number(tx: &mut Tx, number: i64) -> db::Result<Option<Queued>> {
    let stmt = sql!(
        Queued,
        "SELECT id, customer_id, subject, state, requester_name, last_at, waiting_since, last_at AS key_at FROM tickets
         WHERE number = $1 AND kind = 'message'"
    );
    tx.opt(stmt, params![number]).await
}

/// How many wait for us, at most a thousand each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub ours: i64,
    pub overdue: i64,
}

pub async fn counts(tx: &mut Tx, now: Moment) -> db::Result<Counts> {
    let (ours, overdue) = tx
        .one(
            sql!(
                (i64, i64),
                "SELECT CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE kind = 'message' AND waiting_since < $1 LIMIT $3) w) AS BIGINT),
                        CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE kind = 'message' AND waiting_since < $2 LIMIT $3) o) AS BIGINT)"
            ),
            params![Moment::from_micros(i64::MAX), now - PATIENCE, COUNT_LIMIT],
        )
        .await?;
    Ok(Counts { ours, overdue })
}

/// How many nobody has answered yet, at most a thousand.
pub async fn count_new(tx: &mut Tx) -> db::Result<i64> {
    let (count,) = tx
        .one(
            sql!(
                (i64,),
                "SELECT CAST(count(*) AS BIGINT) FROM (SELECT 1 FROM tickets WHERE kind = 'message' AND state = 'new' LIMIT $1) n"
            ),
            params![COUNT_LIMIT],
        )
        .await?;
    Ok(count)
}
