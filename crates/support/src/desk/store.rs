//! What the desk lists: tickets and messages by state, by what is due, by whom they lie with, by how they begin.

use crate::ticket::store::Before;
use crate::ticket::{Kind, Priority, State, TicketId};
use db::{Tx, params, sql};
use kernel::{CustomerId, Moment, StaffId, Uuid, prefix_end, search_forms};
use serde::Serialize;

/// As many subjects of one beginning are looked at.
const BEGINNINGS: i64 = 1000;
/// No counter counts further, and "99+" is shown: every page of the desk counts, and the more wait the longer it takes.
const COUNT_LIMIT: i64 = 100;
/// So far back one page looks for what fits its filters; the next one goes on from there.
const WINDOW: i64 = 1000;

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

    /// Due before this.
    fn due(self, now: Moment) -> Option<Moment> {
        match self {
            Show::Ours => Some(Moment::from_micros(i64::MAX)),
            Show::Overdue => Some(now),
            Show::New | Show::Theirs | Show::Closed | Show::All => None,
        }
    }

    /// Whether what is due first stands first, rather than what was touched last.
    pub fn by_due(self) -> bool {
        matches!(self, Show::Ours | Show::Overdue)
    }
}

kernel::words! {
    /// With whom something lies.
    pub enum Whose {
        Mine = "ich",
        Nobody = "niemand",
    }
}

/// What to narrow the queue to.
#[derive(Debug, Clone, PartialEq)]
pub enum Narrow {
    Nothing,
    Customer(CustomerId),
    Number(i64),
    /// How the subject begins.
    Subject(String),
}

/// What else must fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub kind: Option<Kind>,
    pub department: Option<String>,
    pub priority: Option<Priority>,
    pub whose: Option<Whose>,
    /// Who looks, for [`Whose::Mine`].
    pub me: Option<StaffId>,
}

impl Filter {
    fn mine(&self) -> Option<StaffId> {
        self.me.filter(|_| self.whose == Some(Whose::Mine))
    }
    fn nobodys(&self) -> bool {
        self.whose == Some(Whose::Nobody)
    }
    pub fn is_empty(&self) -> bool {
        self.kind.is_none()
            && self.department.is_none()
            && self.priority.is_none()
            && self.whose.is_none()
    }
}

kernel::row! {
    /// A ticket as the queue lists it. `key_at` is the time it is sorted by; the counts are of the whole queue.
    #[derive(Debug, Clone)]
    pub struct Queued {
        pub id: TicketId,
        pub number: i64,
        pub customer_id: Option<CustomerId>,
        pub kind: Kind,
        pub subject: String,
        pub state: State,
        pub priority: Priority,
        pub requester_name: String,
        pub assignee_name: Option<String>,
        pub due_at: Option<Moment>,
        pub key_at: Moment,
    }
}

impl Queued {
    /// Whether it stands here only because of a mail that staff has not decided about.
    pub fn is_held(&self) -> bool {
        self.due_at.is_some() && matches!(self.state, State::Waiting | State::Closed)
    }

    pub fn is_overdue(&self, now: Moment) -> bool {
        self.due_at.is_some_and(|due| due < now)
    }
}

/// A page of the queue: its rows, and the key of the next one.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    pub rows: Vec<Queued>,
    pub next: Option<Before>,
}

impl Listed {
    fn cut(mut rows: Vec<Queued>, limit: usize) -> Listed {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| (row.key_at, row.id));
        Listed { rows, next }
    }
}

/// What is due first stands first where all wait for us; else what was touched last.
pub async fn list(
    tx: &mut Tx,
    now: Moment,
    show: Show,
    narrow: &Narrow,
    filter: &Filter,
    after: Option<Before>,
    limit: usize,
) -> db::Result<Listed> {
    let rows = limit as i64 + 1;
    let newest = crate::ticket::store::newest();
    let found = match narrow {
        Narrow::Nothing if show.by_due() => due(tx, now, show, filter, after, rows).await?,
        Narrow::Nothing if filter.mine().is_some() => {
            mine(tx, show, filter, after.unwrap_or(newest), rows).await?
        }
        Narrow::Nothing if filter.is_empty() => {
            plain(tx, show, after.unwrap_or(newest), rows).await?
        }
        Narrow::Nothing => {
            return window(tx, show, filter, after.unwrap_or(newest), limit).await;
        }
        Narrow::Customer(customer) => {
            of_customer(
                tx,
                now,
                *customer,
                show,
                filter,
                after.unwrap_or(newest),
                rows,
            )
            .await?
        }
        Narrow::Number(number) => by_number(tx, *number).await?.into_iter().collect(),
        Narrow::Subject(begin) => {
            by_subject(tx, now, begin, show, filter, after.unwrap_or(newest), rows).await?
        }
    };
    Ok(Listed::cut(found, limit))
}

async fn due(
    tx: &mut Tx,
    now: Moment,
    show: Show,
    filter: &Filter,
    after: Option<Before>,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    let (at, id) = after.unwrap_or((Moment::from_micros(i64::MIN), TicketId(Uuid::nil())));
    let stmt = sql!(
        Queued,
        "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, due_at AS key_at
         FROM tickets WHERE due_at IS NOT NULL AND (due_at, id) > ($1, $2) AND due_at < $3 AND (kind = $4 OR $4 IS NULL)
           AND (department = $5 OR $5 IS NULL) AND (priority = $6 OR $6 IS NULL) AND (assignee_id = $7 OR $7 IS NULL)
           AND (assignee_id IS NULL OR $8 = FALSE)
         ORDER BY due_at, id LIMIT $9"
    );
    let params = params![
        at,
        id,
        show.due(now),
        filter.kind,
        filter.department.as_deref(),
        filter.priority,
        filter.mine(),
        filter.nobodys(),
        limit
    ];
    tx.all(stmt, params).await
}

async fn plain(tx: &mut Tx, show: Show, (at, id): Before, limit: i64) -> db::Result<Vec<Queued>> {
    match show.state() {
        Some(state) => {
            let stmt = sql!(
                Queued,
                "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
                 FROM tickets WHERE state = $1 AND (last_at, id) < ($2, $3) ORDER BY last_at DESC, id DESC LIMIT $4"
            );
            tx.all(stmt, params![state, at, id, limit]).await
        }
        None => {
            let stmt = sql!(
                Queued,
                "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
                 FROM tickets WHERE (last_at, id) < ($1, $2) ORDER BY last_at DESC, id DESC LIMIT $3"
            );
            tx.all(stmt, params![at, id, limit]).await
        }
    }
}

async fn mine(
    tx: &mut Tx,
    show: Show,
    filter: &Filter,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    let stmt = sql!(
        Queued,
        "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
         FROM tickets WHERE assignee_id = $1 AND (last_at, id) < ($2, $3) AND (state = $4 OR $4 IS NULL) AND (kind = $5 OR $5 IS NULL)
           AND (department = $6 OR $6 IS NULL) AND (priority = $7 OR $7 IS NULL)
         ORDER BY last_at DESC, id DESC LIMIT $8"
    );
    let params = params![
        filter.mine(),
        at,
        id,
        show.state(),
        filter.kind,
        filter.department.as_deref(),
        filter.priority,
        limit
    ];
    tx.all(stmt, params).await
}

/// Of the next [`WINDOW`] tickets those that fit: a page costs the same however rare they are.
async fn window(
    tx: &mut Tx,
    show: Show,
    filter: &Filter,
    (at, id): Before,
    limit: usize,
) -> db::Result<Listed> {
    let params = params![
        show.state(),
        at,
        id,
        filter.kind,
        filter.department.as_deref(),
        filter.priority,
        filter.nobodys(),
        limit as i64 + 1,
        WINDOW
    ];
    // the state is in the index where one is asked for
    let stmt = match show.state() {
        Some(_) => sql!(
            Queued,
            "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
             FROM tickets WHERE id IN (SELECT id FROM
                (SELECT id, last_at, kind, department, priority, assignee_id FROM tickets WHERE state = $1 AND (last_at, id) < ($2, $3)
                    ORDER BY last_at DESC, id DESC LIMIT $9) w
                WHERE (kind = $4 OR $4 IS NULL) AND (department = $5 OR $5 IS NULL) AND (priority = $6 OR $6 IS NULL)
                  AND (assignee_id IS NULL OR $7 = FALSE)
                ORDER BY last_at DESC, id DESC LIMIT $8)
             ORDER BY last_at DESC, id DESC"
        ),
        None => sql!(
            Queued,
            "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
             FROM tickets WHERE id IN (SELECT id FROM
                (SELECT id, last_at, kind, department, priority, assignee_id FROM tickets WHERE (last_at, id) < ($2, $3)
                    ORDER BY last_at DESC, id DESC LIMIT $9) w
                WHERE (CAST($1 AS TEXT) IS NULL) AND (kind = $4 OR $4 IS NULL) AND (department = $5 OR $5 IS NULL)
                  AND (priority = $6 OR $6 IS NULL) AND (assignee_id IS NULL OR $7 = FALSE)
                ORDER BY last_at DESC, id DESC LIMIT $8)
             ORDER BY last_at DESC, id DESC"
        ),
    };
    let mut listed = Listed::cut(tx.all(stmt, params).await?, limit);
    if listed.next.is_none() {
        let stmt = match show.state() {
            Some(_) => sql!(
                (Moment, TicketId),
                "SELECT last_at, id FROM tickets WHERE state = $1 AND (last_at, id) < ($2, $3)
                 ORDER BY last_at DESC, id DESC LIMIT 1 OFFSET $4"
            ),
            None => sql!(
                (Moment, TicketId),
                "SELECT last_at, id FROM tickets WHERE CAST($1 AS TEXT) IS NULL AND (last_at, id) < ($2, $3)
                 ORDER BY last_at DESC, id DESC LIMIT 1 OFFSET $4"
            ),
        };
        listed.next = tx
            .opt(stmt, params![show.state(), at, id, WINDOW - 1])
            .await?;
    }
    Ok(listed)
}

/// The tickets and messages of one customer.
pub async fn of_customer(
    tx: &mut Tx,
    now: Moment,
    customer: CustomerId,
    show: Show,
    filter: &Filter,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Queued>> {
    let stmt = sql!(
        Queued,
        "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
         FROM tickets WHERE customer_id = $1 AND (CAST($2 AS TEXT) IS NULL OR state = $2)
           AND (CAST($3 AS BIGINT) IS NULL OR due_at < $3) AND (CAST($4 AS TEXT) IS NULL OR kind = $4)
           AND (department = $8 OR $8 IS NULL) AND (priority = $9 OR $9 IS NULL) AND (assignee_id = $10 OR $10 IS NULL)
           AND (assignee_id IS NULL OR $11 = FALSE) AND (last_at, id) < ($5, $6)
         ORDER BY last_at DESC, id DESC LIMIT $7"
    );
    let params = params![
        customer,
        show.state(),
        show.due(now),
        filter.kind,
        at,
        id,
        limit,
        filter.department.as_deref(),
        filter.priority,
        filter.mine(),
        filter.nobodys()
    ];
    tx.all(stmt, params).await
}

/// Those whose subject begins so, umlauts written either way. Of a beginning that very many share, only the first
/// [`BEGINNINGS`] by alphabet are sorted by time: more letters find the rest.
pub async fn by_subject(
    tx: &mut Tx,
    now: Moment,
    begin: &str,
    show: Show,
    filter: &Filter,
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
        "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
         FROM tickets WHERE id IN (
            SELECT id FROM (SELECT id FROM tickets WHERE subject_key >= $1 AND subject_key < $2
                AND (CAST($7 AS TEXT) IS NULL OR state = $7) AND (CAST($8 AS BIGINT) IS NULL OR due_at < $8) ORDER BY subject_key LIMIT $12) a
            UNION SELECT id FROM (SELECT id FROM tickets WHERE subject_key >= $3 AND subject_key < $4
                AND (CAST($7 AS TEXT) IS NULL OR state = $7) AND (CAST($8 AS BIGINT) IS NULL OR due_at < $8) ORDER BY subject_key LIMIT $12) b
            UNION SELECT id FROM (SELECT id FROM tickets WHERE subject_key >= $5 AND subject_key < $6
                AND (CAST($7 AS TEXT) IS NULL OR state = $7) AND (CAST($8 AS BIGINT) IS NULL OR due_at < $8) ORDER BY subject_key LIMIT $12) c)
           AND (last_at, id) < ($9, $10) AND (CAST($13 AS TEXT) IS NULL OR kind = $13)
           AND (department = $14 OR $14 IS NULL) AND (priority = $15 OR $15 IS NULL) AND (assignee_id = $16 OR $16 IS NULL)
           AND (assignee_id IS NULL OR $17 = FALSE)
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
        show.due(now),
        at,
        id,
        limit,
        BEGINNINGS,
        filter.kind,
        filter.department.as_deref(),
        filter.priority,
        filter.mine(),
        filter.nobodys()
    ];
    tx.all(stmt, params).await
}

/// The one with this number.
pub async fn by_number(tx: &mut Tx, number: i64) -> db::Result<Option<Queued>> {
    let stmt = sql!(
        Queued,
        "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
         FROM tickets WHERE number = $1"
    );
    tx.opt(stmt, params![number]).await
}

/// These, in no order.
pub async fn these(tx: &mut Tx, ids: &[TicketId]) -> db::Result<Vec<Queued>> {
    let stmt = sql!(
        Queued,
        "SELECT id, number, customer_id, kind, subject, state, priority, requester_name, assignee_name, due_at, last_at AS key_at
         FROM tickets WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
         $23, $24, $25)"
    );
    let Some(last) = ids.last() else {
        return Ok(Vec::new());
    };
    // one statement for any number: what is missing repeats the last
    let params: Vec<db::Value> = ids
        .iter()
        .chain(std::iter::repeat(last))
        .take(25)
        .map(|id| (*id).into())
        .collect();
    tx.all(stmt, params).await
}

kernel::row! {
    struct Counted {
        new: i64,
        calls: i64,
        ours: i64,
        overdue: i64,
        mine: i64,
        held: i64,
    }
}

/// How many wait for us, at most a hundred each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Nobody has answered yet.
    pub new: i64,
    /// Calls for critical tickets that nobody has taken over.
    pub calls: i64,
    /// Mails that wait for a person.
    pub held: i64,
    pub ours: i64,
    pub overdue: i64,
    pub mine: i64,
}

/// All in one statement. CROSS JOIN: of the few open calls their tickets, never the other way round (SQLite).
pub async fn counts(tx: &mut Tx, now: Moment, me: StaffId) -> db::Result<Counts> {
    let counted = tx
        .one(
            sql!(
                Counted,
                ["SELECT CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state = 'new' LIMIT $3) n) AS BIGINT) AS new,
                        CAST((SELECT count(*) FROM (SELECT 1 FROM escalations e CROSS JOIN tickets t WHERE t.id = e.ticket_id AND e.acknowledged_at IS NULL
                            AND e.ended_at IS NULL AND t.priority = 'critical' AND t.state <> 'closed' LIMIT $3) c) AS BIGINT) AS calls,
                        CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE due_at < $1 LIMIT $3) w) AS BIGINT) AS ours,
                        CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE due_at < $2 LIMIT $3) o) AS BIGINT) AS overdue,
                        CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE assignee_id = $4 AND due_at < $1 LIMIT $3) m) AS BIGINT) AS mine,
                        ", intake::waiting!(), " AS held"]
            ),
            params![Moment::from_micros(i64::MAX), now, COUNT_LIMIT, me],
        )
        .await?;
    Ok(Counts {
        new: counted.new,
        calls: counted.calls,
        ours: counted.ours,
        overdue: counted.overdue,
        mine: counted.mine,
        held: counted.held,
    })
}

kernel::row! {
    /// Something that stands beside a thread; `what` says what.
    #[derive(Debug, Clone)]
    pub struct Aside {
        pub what: String,
        pub id: Option<Uuid>,
        pub text: String,
        pub more: String,
        pub at: i64,
    }
}

/// All that stands beside a thread, in one statement: text blocks, who is writing (since `fresh`, but for `me`), links,
/// who takes part, the departments, answers that wait and what `me` has taken back, how content the customer was, the
/// ticket it went into.
pub async fn asides(
    tx: &mut Tx,
    ticket: TicketId,
    me: StaffId,
    fresh: Moment,
) -> db::Result<Vec<Aside>> {
    let stmt = sql!(
        Aside,
        "SELECT 'block' AS what, id, name AS text, '' AS more, 0 AS at FROM text_blocks
         UNION ALL SELECT 'there', staff_id, name, '', at FROM ticket_presence WHERE ticket_id = $1 AND at > $2 AND staff_id <> $3
         UNION ALL SELECT 'link', l.other_id, t.subject, CAST(t.number AS TEXT), t.number FROM ticket_links l JOIN tickets t ON t.id = l.other_id
            WHERE l.ticket_id = $1
         UNION ALL SELECT 'person', id, name, coalesce(email, ''), coalesce(bounced_at, 0) FROM ticket_participants WHERE ticket_id = $1
         UNION ALL SELECT 'department', NULL, name_de, name_en, sort FROM departments d WHERE d.id = (SELECT department FROM tickets WHERE id = $1)
         UNION ALL SELECT 'assignee', assignee_id, coalesce(assignee_name, ''), '', 0 FROM tickets WHERE id = $1 AND assignee_id IS NOT NULL
         UNION ALL SELECT CASE WHEN staff_id = $3 THEN state ELSE 'theirs' END, id, CASE WHEN staff_id = $3 THEN text ELSE staff_name END, files, due_at
            FROM paused_answers WHERE ticket_id = $1 AND (state = 'paused' OR staff_id = $3)
         UNION ALL SELECT CASE WHEN good = TRUE THEN 'good' ELSE 'bad' END, NULL, comment, '', at FROM ticket_ratings WHERE ticket_id = $1
         UNION ALL SELECT 'into', t.id, t.subject, CAST(t.number AS TEXT), t.number FROM tickets s JOIN tickets t ON t.id = s.merged_into
            WHERE s.id = $1"
    );
    tx.all(stmt, params![ticket, fresh, me]).await
}

/// Who a ticket lies with.
pub async fn assign(
    tx: &mut Tx,
    ticket: TicketId,
    assignee: Option<(StaffId, &str)>,
) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE tickets SET assignee_id = $2, assignee_name = $3 WHERE id = $1"),
        params![
            ticket,
            assignee.map(|(id, _)| id),
            assignee.map(|(_, name)| name)
        ],
    )
    .await
    .map(drop)
}

/// Until when an answer is promised; only while somebody waits, or a mail waits for our word.
pub async fn set_due(tx: &mut Tx, ticket: TicketId, due: Option<Moment>) -> db::Result<()> {
    tx.exec(
        sql!("UPDATE tickets SET due_at = CASE WHEN waiting_since IS NULL AND held_since IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END WHERE id = $1"),
        params![ticket, due],
    )
    .await
    .map(drop)
}
