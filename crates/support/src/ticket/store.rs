//! All SQL on `tickets`, `ticket_entries`, `entry_files` and `ticket_unread`, but for the desk's queue.

use super::{
    Channel, EntryId, Kind, Priority, Proof, Side, State, Ticket, TicketId, What, Written,
};
use db::{Tx, params, sql};
use files::FileId;
use kernel::data::{BadValue, Cells, Column, FromRow, FromValue};
use kernel::{Ctx, CustomerId, Moment, UserId, Uuid, fold, prefix_end, search_forms, stored_key};
use serde::Serialize;

pub(crate) async fn insert(
    tx: &mut Tx,
    ticket: &Ticket,
    channel: Channel,
    requester: Option<Uuid>,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO tickets (id, number, customer_id, kind, channel, subject, subject_key, state, requester_id, requester_name,
                opened_at, last_at, last_by, answered_at, waiting_since, closed_at, entries, files,
                department, priority, requester_email, company, claimed_number, assignee_id, due_at, emergency)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25, $26)"
        ),
        params![
            ticket.id,
            ticket.number,
            ticket.customer_id,
            ticket.kind,
            channel,
            &ticket.subject,
            stored_key(&fold(&ticket.subject)),
            ticket.state,
            requester,
            &ticket.requester_name,
            ticket.opened_at,
            ticket.last_at,
            ticket.last_by,
            ticket.answered_at,
            ticket.waiting_since,
            ticket.closed_at,
            ticket.entries,
            ticket.files,
            &ticket.department,
            ticket.priority,
            ticket.requester_email.as_ref().map(kernel::Email::as_str),
            ticket.company.as_deref(),
            ticket.claimed_number.as_deref(),
            ticket.assignee_id,
            ticket.due_at,
            ticket.emergency.as_deref()
        ],
    )
    .await
    .map(drop)
}

/// What [`save`] promises at first.
pub(crate) const A_DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

/// Writes down what a verb moved. Who waits is promised an answer within a day, until the office hours have been asked.
pub(crate) async fn save(tx: &mut Tx, ticket: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE tickets SET state = $2, last_at = $3, last_by = $4, answered_at = $5, waiting_since = $6, closed_at = $7, entries = $8,
                files = $9, due_at = CASE WHEN CAST($6 AS BIGINT) IS NULL AND held_since IS NULL THEN NULL
                    ELSE coalesce(due_at, coalesce(CAST($6 AS BIGINT), held_since) + 86400000000) END
             WHERE id = $1"
        ),
        params![
            ticket.id,
            ticket.state,
            ticket.last_at,
            ticket.last_by,
            ticket.answered_at,
            ticket.waiting_since,
            ticket.closed_at,
            ticket.entries,
            ticket.files
        ],
    )
    .await
    .map(drop)
}

/// Writes down what [`super::edit_details`] changed.
pub(crate) async fn save_details(tx: &mut Tx, ticket: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE tickets SET subject = $2, subject_key = $3, department = $4, priority = $5 WHERE id = $1"
        ),
        params![
            ticket.id,
            &ticket.subject,
            stored_key(&fold(&ticket.subject)),
            &ticket.department,
            ticket.priority
        ],
    )
    .await
    .map(drop)
}

pub(crate) async fn add_entry(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    what: What,
    written: &Written<'_>,
) -> db::Result<EntryId> {
    let id: EntryId = ctx.id();
    let ids: Vec<String> = written
        .files
        .iter()
        .map(|file| file.id.to_string())
        .collect();
    tx.exec(
        sql!(
            "INSERT INTO ticket_entries (id, ticket_id, customer_id, seq, kind, at, author_kind, author_id, author_name, channel, proof, internal,
                text, quoted, why, files)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        ),
        params![
            id,
            ticket.id,
            ticket.customer_id,
            ticket.entries,
            what,
            ctx.now,
            written.author.side,
            written.author.id,
            written.author.name,
            written.channel,
            written.proof,
            written.internal,
            written.text,
            written.quoted,
            written.why,
            ids.join(" ")
        ],
    )
    .await?;
    Ok(id)
}

/// A file that is to hang on an entry: taken in, and belonging to nothing yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    pub id: FileId,
    pub name: String,
    /// In bytes.
    pub size: i64,
}

impl From<&web::Upload> for NewFile {
    fn from(upload: &web::Upload) -> Self {
        NewFile {
            id: upload.id,
            name: upload.name.clone(),
            size: upload.size,
        }
    }
}

pub(crate) async fn add_file(
    tx: &mut Tx,
    ticket: &Ticket,
    entry: EntryId,
    seq: i64,
    file: &NewFile,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO entry_files (entry_id, seq, ticket_id, customer_id, file_id, name, size) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![entry, seq, ticket.id, ticket.customer_id, file.id, &file.name, file.size],
    )
    .await
    .map(drop)
}

kernel::row! {
    /// A file as a thread lists it.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Hung {
        pub entry_id: EntryId,
        pub seq: i64,
        pub file_id: FileId,
        pub name: String,
        pub size: i64,
    }
}

/// The files of a thread, by entry and order; those of internal notes only `with_internal`.
pub async fn files(tx: &mut Tx, ticket: TicketId, with_internal: bool) -> db::Result<Vec<Hung>> {
    tx.all(
        sql!(
            Hung,
            "SELECT f.entry_id, f.seq, f.file_id, f.name, f.size FROM entry_files f JOIN ticket_entries e ON e.id = f.entry_id
             WHERE f.ticket_id = $1 AND (e.internal = FALSE OR $2) ORDER BY f.entry_id, f.seq LIMIT 1000"
        ),
        params![ticket, with_internal],
    )
    .await
}

/// Whether this file hangs on a thread of the customer of this kind, where the customer may see it.
pub async fn has_file(
    tx: &mut Tx,
    customer: CustomerId,
    kind: Kind,
    file: FileId,
) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (EntryId,),
                "SELECT f.entry_id FROM entry_files f JOIN ticket_entries e ON e.id = f.entry_id
                 JOIN tickets t ON t.id = f.ticket_id
                 WHERE f.file_id = $2 AND t.customer_id = $1 AND t.kind = $3 AND e.internal = FALSE"
            ),
            params![customer, file, kind],
        )
        .await?;
    Ok(found.is_some())
}

/// A ticket or message of this customer; a stranger's is `Missing`.
pub async fn one(tx: &mut Tx, customer: CustomerId, id: TicketId) -> db::Result<Ticket> {
    tx.one(
        sql!(
            Ticket,
            "SELECT id, number, customer_id, kind, subject, state, department, priority, requester_name, requester_email, company, claimed_number,
                opened_at, last_at, last_by, answered_at, waiting_since, closed_at, assignee_id, due_at, merged_into, emergency, entries, files
             FROM tickets WHERE customer_id = $1 AND id = $2"
        ),
        params![customer, id],
    )
    .await
}

/// A ticket as its customer's page shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub ticket: Ticket,
    /// Whether it holds an answer that the reader has not seen.
    pub unread: bool,
    /// The department's names.
    pub name_de: String,
    pub name_en: String,
}

impl FromRow for Shown {
    fn columns() -> Vec<Column> {
        let mut all = Ticket::columns();
        let text = String::KIND;
        all.extend([
            Column {
                name: "unread",
                kind: bool::KIND,
            },
            Column {
                name: "name_de",
                kind: text,
            },
            Column {
                name: "name_en",
                kind: text,
            },
        ]);
        all
    }
    fn from_row(cells: &mut Cells) -> Result<Self, BadValue> {
        Ok(Shown {
            ticket: Ticket::from_row(cells)?,
            unread: cells.take()?,
            name_de: cells.take()?,
            name_en: cells.take()?,
        })
    }
}

/// A ticket (no message) of this customer with all its page needs to know of it, as `user` sees it.
pub async fn shown(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    id: TicketId,
) -> db::Result<Shown> {
    tx.one(
        sql!(
            Shown,
            "SELECT t.id, t.number, t.customer_id, t.kind, t.subject, t.state, t.department, t.priority, t.requester_name, t.requester_email,
                t.company, t.claimed_number, t.opened_at, t.last_at, t.last_by, t.answered_at, t.waiting_since, t.closed_at, t.assignee_id,
                t.due_at, t.merged_into, t.emergency, t.entries, t.files,
                (r.since IS NOT NULL) AS unread, coalesce(d.name_de, t.department) AS name_de, coalesce(d.name_en, t.department) AS name_en
             FROM tickets t
             LEFT JOIN ticket_unread r ON r.user_id = $2 AND r.customer_id = t.customer_id AND r.ticket_id = t.id
             LEFT JOIN departments d ON d.id = t.department
             WHERE t.customer_id = $1 AND t.id = $3 AND t.kind = 'ticket'"
        ),
        params![customer, user, id],
    )
    .await
}

/// As [`one`]; one of another kind is `Missing`, too.
pub async fn one_of(
    tx: &mut Tx,
    customer: CustomerId,
    kind: Kind,
    id: TicketId,
) -> db::Result<Ticket> {
    let ticket = one(tx, customer, id).await?;
    if ticket.kind == kind {
        Ok(ticket)
    } else {
        Err(db::Error::Missing)
    }
}

/// Any ticket or message, for staff and jobs.
pub async fn any(tx: &mut Tx, id: TicketId) -> db::Result<Ticket> {
    tx.one(
        sql!(
            Ticket,
            "SELECT id, number, customer_id, kind, subject, state, department, priority, requester_name, requester_email, company, claimed_number,
                opened_at, last_at, last_by, answered_at, waiting_since, closed_at, assignee_id, due_at, merged_into, emergency, entries, files
             FROM tickets WHERE id = $1"
        ),
        params![id],
    )
    .await
}

kernel::row! {
    /// One entry as a thread shows it.
    #[derive(Debug, Clone, Serialize)]
    pub struct Entry {
        pub id: EntryId,
        pub seq: i64,
        pub kind: What,
        pub at: Moment,
        pub author_kind: Side,
        pub author_id: Option<Uuid>,
        pub author_name: String,
        pub channel: Channel,
        pub proof: Proof,
        pub internal: bool,
        pub text: String,
        pub quoted: String,
        // the ids of what hangs on it
        pub files: String,
    }
}

/// The newest entries before `seq`, oldest first.
pub async fn entries(
    tx: &mut Tx,
    ticket: TicketId,
    before: i64,
    with_internal: bool,
    limit: i64,
) -> db::Result<Vec<Entry>> {
    let mut entries = tx
        .all(
            sql!(
                Entry,
                "SELECT id, seq, kind, at, author_kind, author_id, author_name, channel, proof, internal, text, quoted, files FROM ticket_entries
                 WHERE ticket_id = $1 AND seq < $2 AND (internal = FALSE OR $3) ORDER BY seq DESC LIMIT $4"
            ),
            params![ticket, before, with_internal, limit],
        )
        .await?;
    entries.reverse();
    Ok(entries)
}

/// One entry, for jobs that were told of it.
pub async fn entry(tx: &mut Tx, ticket: TicketId, id: EntryId) -> db::Result<Option<Entry>> {
    tx.opt(
        sql!(
            Entry,
            "SELECT id, seq, kind, at, author_kind, author_id, author_name, channel, proof, internal, text, quoted, files FROM ticket_entries
             WHERE ticket_id = $1 AND id = $2"
        ),
        params![ticket, id],
    )
    .await
}

/// Whether a customer's page that showed the thread up to `seq` is behind: events and notes do not count.
pub async fn said_since(tx: &mut Tx, ticket: TicketId, seq: i64) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (i64,),
                "SELECT seq FROM ticket_entries WHERE ticket_id = $1 AND seq > $2 AND internal = FALSE AND kind = 'text' ORDER BY seq LIMIT 1"
            ),
            params![ticket, seq],
        )
        .await?;
    Ok(found.is_some())
}

/// Whether subject, department or priority were changed after `seq`.
pub async fn changed_since(tx: &mut Tx, ticket: TicketId, seq: i64) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (i64,),
                "SELECT seq FROM ticket_entries WHERE ticket_id = $1 AND seq > $2 AND kind IN ('subject', 'department', 'priority')
                 ORDER BY seq LIMIT 1"
            ),
            params![ticket, seq],
        )
        .await?;
    Ok(found.is_some())
}

kernel::row! {
    /// A message as the customer's overview lists it.
    #[derive(Debug, Clone, Serialize)]
    pub struct Listed {
        pub id: TicketId,
        pub subject: String,
        pub state: State,
        pub last_at: Moment,
        pub unread: bool,
    }
}

/// Where a page begins: everything older than this row.
pub type Before = (Moment, TicketId);

/// Before everything.
pub fn newest() -> Before {
    (Moment::from_micros(i64::MAX), TicketId(Uuid::max()))
}

/// The messages of a customer, newest activity first; `closed` narrows to closed or to open ones. Unread is as `user`
/// sees it.
pub async fn list(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    closed: Option<bool>,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<Listed>> {
    tx.all(
        sql!(
            Listed,
            "SELECT t.id, t.subject, t.state, t.last_at, (r.since IS NOT NULL) AS unread
             FROM tickets t LEFT JOIN ticket_unread r ON r.user_id = $2 AND r.customer_id = t.customer_id AND r.ticket_id = t.id
             WHERE t.customer_id = $1 AND t.kind = 'message' AND (t.last_at, t.id) < ($4, $5)
               AND (CAST($3 AS BOOLEAN) IS NULL OR (t.state = 'closed') = CAST($3 AS BOOLEAN))
             ORDER BY t.last_at DESC, t.id DESC LIMIT $6"
        ),
        params![customer, user, closed, at, id, limit],
    )
    .await
}

kernel::row! {
    /// A ticket as the customer's overview lists it.
    #[derive(Debug, Clone, Serialize)]
    pub struct ListedTicket {
        pub id: TicketId,
        pub number: i64,
        pub kind: Kind,
        pub subject: String,
        pub state: State,
        pub department: String,
        pub priority: Priority,
        pub requester_name: String,
        pub last_at: Moment,
        pub unread: bool,
    }
}

/// What a customer's list of tickets is narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Closed or open ones.
    pub closed: Option<bool>,
    pub department: Option<String>,
    /// How the subject begins, or the number.
    pub text: String,
}

impl Filter {
    /// `#10001`, `10001`.
    fn number(&self) -> Option<i64> {
        let typed = self.text.trim();
        typed.strip_prefix('#').unwrap_or(typed).parse().ok()
    }
}

/// The tickets of a customer, newest activity first. Unread is as `user` sees it.
pub async fn tickets(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    filter: &Filter,
    (at, id): Before,
    limit: i64,
) -> db::Result<Vec<ListedTicket>> {
    let department = filter.department.as_deref();
    if kernel::is_blank(&filter.text) {
        let stmt = sql!(
            ListedTicket,
            "SELECT t.id, t.number, t.kind, t.subject, t.state, t.department, t.priority, t.requester_name, t.last_at, (r.since IS NOT NULL) AS unread
             FROM tickets t LEFT JOIN ticket_unread r ON r.user_id = $2 AND r.customer_id = t.customer_id AND r.ticket_id = t.id
             WHERE t.customer_id = $1 AND t.kind = 'ticket' AND (t.last_at, t.id) < ($5, $6)
               AND (CAST($3 AS BOOLEAN) IS NULL OR (t.state = 'closed') = CAST($3 AS BOOLEAN))
               AND (CAST($4 AS TEXT) IS NULL OR t.department = $4)
             ORDER BY t.last_at DESC, t.id DESC LIMIT $7"
        );
        let params = params![customer, user, filter.closed, department, at, id, limit];
        return tx.all(stmt, params).await;
    }
    // one statement for one to three forms: those that are missing repeat the first
    let forms = search_forms(&filter.text);
    let first = forms.first().cloned().unwrap_or_default();
    let mut forms = forms.into_iter().chain(std::iter::repeat(first));
    let mut form = || forms.next().unwrap_or_default();
    let (a, b, c) = (form(), form(), form());
    let (a_end, b_end, c_end) = (prefix_end(&a), prefix_end(&b), prefix_end(&c));
    let stmt = sql!(
        ListedTicket,
        "SELECT t.id, t.number, t.kind, t.subject, t.state, t.department, t.priority, t.requester_name, t.last_at, (r.since IS NOT NULL) AS unread
         FROM tickets t LEFT JOIN ticket_unread r ON r.user_id = $2 AND r.customer_id = t.customer_id AND r.ticket_id = t.id
         WHERE t.customer_id = $1 AND t.kind = 'ticket' AND (t.last_at, t.id) < ($5, $6)
           AND (CAST($3 AS BOOLEAN) IS NULL OR (t.state = 'closed') = CAST($3 AS BOOLEAN))
           AND (CAST($4 AS TEXT) IS NULL OR t.department = $4)
           AND (t.number = $8 OR (t.subject_key >= $9 AND t.subject_key < $10) OR (t.subject_key >= $11 AND t.subject_key < $12)
             OR (t.subject_key >= $13 AND t.subject_key < $14))
         ORDER BY t.last_at DESC, t.id DESC LIMIT $7"
    );
    let params = params![
        customer,
        user,
        filter.closed,
        department,
        at,
        id,
        limit,
        filter.number().unwrap_or(0),
        a,
        a_end,
        b,
        b_end,
        c,
        c_end
    ];
    tx.all(stmt, params).await
}

/// How many messages and how many tickets hold an answer that the user has not seen.
pub async fn unread(tx: &mut Tx, customer: CustomerId, user: UserId) -> db::Result<(i64, i64)> {
    tx.one(
        sql!(
            (i64, i64),
            "SELECT CAST(count(CASE WHEN kind = 'message' THEN 1 END) AS BIGINT), CAST(count(CASE WHEN kind = 'ticket' THEN 1 END) AS BIGINT)
             FROM ticket_unread WHERE customer_id = $1 AND user_id = $2"
        ),
        params![customer, user],
    )
    .await
}

/// The last open tickets and the last open messages, so many of each, newest activity first.
pub async fn open_ones(
    tx: &mut Tx,
    customer: CustomerId,
    user: UserId,
    each: i64,
) -> db::Result<Vec<ListedTicket>> {
    tx.all(
        sql!(
            ListedTicket,
            "SELECT t.id, t.number, t.kind, t.subject, t.state, t.department, t.priority, t.requester_name, t.last_at, (r.since IS NOT NULL) AS unread
             FROM (SELECT * FROM (SELECT id, number, kind, subject, state, department, priority, requester_name, last_at FROM tickets
                        WHERE customer_id = $1 AND kind = 'ticket' AND state <> 'closed' ORDER BY last_at DESC, id DESC LIMIT $3) a
                   UNION ALL SELECT * FROM (SELECT id, number, kind, subject, state, department, priority, requester_name, last_at FROM tickets
                        WHERE customer_id = $1 AND kind = 'message' AND state <> 'closed' ORDER BY last_at DESC, id DESC LIMIT $3) b) t
             LEFT JOIN ticket_unread r ON r.user_id = $2 AND r.customer_id = $1 AND r.ticket_id = t.id
             ORDER BY t.last_at DESC, t.id DESC"
        ),
        params![customer, user, each],
    )
    .await
}

/// Whether the thread holds an answer that the user has not seen.
pub async fn is_unread(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
    user: UserId,
) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (Moment,),
                "SELECT since FROM ticket_unread WHERE customer_id = $1 AND user_id = $2 AND ticket_id = $3"
            ),
            params![customer, user, ticket],
        )
        .await?;
    Ok(found.is_some())
}

/// An answer came that the user has not seen.
pub(crate) async fn add_unread(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: &Ticket,
    user: UserId,
    since: Moment,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "INSERT INTO ticket_unread (user_id, customer_id, ticket_id, since, kind) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, customer_id, ticket_id) DO UPDATE SET since = excluded.since"
        ),
        params![user, customer, ticket.id, since, ticket.kind],
    )
    .await
    .map(drop)
}

/// Notes that the user had the thread before them at a time; what came later stays unread.
pub async fn seen(
    tx: &mut Tx,
    customer: CustomerId,
    ticket: TicketId,
    user: UserId,
    at: Moment,
) -> db::Result<()> {
    tx.exec(
        sql!(
            "DELETE FROM ticket_unread WHERE customer_id = $1 AND user_id = $2 AND ticket_id = $3 AND since <= $4"
        ),
        params![customer, user, ticket, at],
    )
    .await
    .map(drop)
}

/// Counts anew since when a mail waits for staff's word: one after our last answer and after the closing.
pub(crate) async fn count_held(tx: &mut Tx, ticket: &Ticket) -> db::Result<()> {
    tx.exec(
        sql!(
            "UPDATE tickets SET held_since = h.at, due_at = CASE WHEN waiting_since IS NULL AND h.at IS NULL THEN NULL
                    ELSE coalesce(due_at, coalesce(waiting_since, h.at) + 86400000000) END
             FROM (SELECT min(at) AS at FROM ticket_entries WHERE ticket_id = $1 AND proof = 'held' AND seq > coalesce((SELECT max(seq)
                FROM ticket_entries WHERE ticket_id = $1 AND (kind = 'closed' OR (kind = 'text' AND author_kind = 'staff' AND internal = FALSE))), 0)) h
             WHERE id = $1"
        ),
        params![ticket.id],
    )
    .await
    .map(drop)
}

/// Since when a mail waits for staff's word.
pub(crate) async fn held_since(tx: &mut Tx, ticket: TicketId) -> db::Result<Option<Moment>> {
    let stmt = sql!(
        (Option<Moment>,),
        "SELECT held_since FROM tickets WHERE id = $1"
    );
    Ok(tx.opt(stmt, params![ticket]).await?.and_then(|row| row.0))
}

/// Decides about an entry that is held, once; when it came and where it stands.
pub(crate) async fn decide_held(
    tx: &mut Tx,
    ticket: TicketId,
    entry: EntryId,
    proof: Proof,
) -> db::Result<Option<(Moment, i64)>> {
    tx.opt(
        sql!(
            (Moment, i64),
            "UPDATE ticket_entries SET proof = $3, internal = $4 WHERE ticket_id = $1 AND id = $2 AND proof = 'held' RETURNING at, seq"
        ),
        params![ticket, entry, proof, proof != Proof::Accepted],
    )
    .await
}

/// Whether we answered or the thread was closed after this place.
pub(crate) async fn turned_since(tx: &mut Tx, ticket: TicketId, seq: i64) -> db::Result<bool> {
    let found = tx
        .opt(
            sql!(
                (i64,),
                "SELECT seq FROM ticket_entries WHERE ticket_id = $1 AND seq > $2
                   AND (kind = 'closed' OR (kind = 'text' AND author_kind = 'staff' AND internal = FALSE)) ORDER BY seq LIMIT 1"
            ),
            params![ticket, seq],
        )
        .await?;
    Ok(found.is_some())
}
