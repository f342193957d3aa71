//! Tickets that belong together, and entries that do not belong here: merging, splitting, moving, linking.
//!
//! Entries are moved, never copied; where one stood before is kept in `ticket_moves`. A ticket that went into another one
//! is closed for good and leads there; all who took part in it take part in the other.

use super::list::Asked;
use super::{MERGE, MOVE, ONE, QUEUE, author, store, undo};
use crate::critical;
use crate::message::shown;
use crate::secret::{self, subject_line};
use crate::ticket::{
    self, Author, CHANGED, EntryId, Kind, Side, State, Ticket, TicketId, What, people,
};
use axum::http::StatusCode;
use db::{Tx, audit, params, sql};
use kernel::{Ctx, Email, Moment};
use serde::Serialize;
use web::form::Field;
use web::form::FieldValue;
use web::{Bad, Fault, FormView, Page, Param, Posted, Result, Staff, bad};

/// Tickets are numbered from here.
const FIRST_NUMBER: i64 = 10_001;

/// The number of a ticket as people write it: `10001`, `#10001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub i64);

impl FieldValue for Number {
    fn parse(_: &Field, raw: &str) -> std::result::Result<Self, Fault> {
        let typed = raw.trim();
        if typed.is_empty() {
            return Err(Fault::key("fault-required"));
        }
        let number = typed.strip_prefix('#').unwrap_or(typed).trim().parse();
        number
            .map(Number)
            .map_err(|_| Fault::key("fault-ticket-unknown"))
    }
    fn raw(&self) -> String {
        self.0.to_string()
    }
}

web::form! {
    pub struct Merge as "desk-merge"; {
        number: Number = line(12).inputmode("numeric"),
    }
}

web::form! {
    /// One entry goes elsewhere, with those after it or alone.
    pub struct Part as "desk-move"; {
        number: Option<Number> = line(12).inputmode("numeric"),
        email: Option<Email> = email(),
        rest: bool = tick(),
    }
}

web::form! {
    pub struct Link as "desk-link"; {
        number: Number = line(12).inputmode("numeric"),
    }
}

/// Why two tickets do not become one.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("a ticket does not go into itself")]
    Same,
    #[error("one of them is gone into another already")]
    Gone,
    #[error("they belong to different customers")]
    Customer,
    /// A ticket's text goes out by mail; what is written as a message does not.
    #[error("a ticket does not become a message")]
    Kind,
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl Refused {
    fn key(&self) -> &'static str {
        match self {
            Refused::Same => "fault-merge-same",
            Refused::Gone => "fault-merge-gone",
            Refused::Customer => "fault-merge-customer",
            Refused::Kind | Refused::Db(_) => "fault-merge-kind",
        }
    }
}

/// Everything of `from` goes into `into`, behind what stands there, and everybody with it.
pub async fn join(
    tx: &mut Tx,
    ctx: &Ctx,
    from: &mut Ticket,
    into: &mut Ticket,
    author: Author<'_>,
) -> std::result::Result<(), Refused> {
    if from.id == into.id {
        return Err(Refused::Same);
    }
    if from.merged_into.is_some() || into.merged_into.is_some() {
        return Err(Refused::Gone);
    }
    // a guest's ticket may come to a customer's, never the other way round
    if from.customer_id.is_some() && from.customer_id != into.customer_id {
        return Err(Refused::Customer);
    }
    if from.kind == Kind::Ticket && into.kind == Kind::Message {
        return Err(Refused::Kind);
    }
    let behind = into.entries;
    shift(tx, ctx, from, into, 1, true, "merge").await?;
    into.entries += from.entries;
    bring_people(tx, from, into, behind).await?;
    secret::store::follow(tx, from.id, into).await?;
    undo::store::follow(tx, from.id, into).await?;
    take_turn(from, into);
    critical::follow(tx, ctx, from, into, author).await?;
    from.state = State::Closed;
    from.waiting_since = None;
    from.closed_at = Some(ctx.now);
    from.merged_into = Some(into.id);
    let stmt = sql!("UPDATE tickets SET merged_into = $2 WHERE id = $1");
    tx.exec(stmt, params![from.id, into.id]).await?;
    count_files(tx, from).await?;
    count_files(tx, into).await?;
    let (here, there) = (from.number.to_string(), into.number.to_string());
    ticket::event(tx, ctx, from, author, What::Merged, &there).await?;
    ticket::event(tx, ctx, into, author, What::Came, &here).await?;
    ticket::held::count(tx, into).await?;
    record(tx, ctx, from, "ticket.merged", into.number).await?;
    record(tx, ctx, into, "ticket.merged", from.number).await?;
    Ok(())
}

/// Who is to act on both together: whoever was to on either, since the earlier of the two.
fn take_turn(from: &Ticket, into: &mut Ticket) {
    let open = !from.is_closed() || !into.is_closed();
    let waiting = from
        .waiting_since
        .into_iter()
        .chain(into.waiting_since)
        .min();
    if from.last_at > into.last_at {
        into.last_by = from.last_by;
    }
    into.last_at = into.last_at.max(from.last_at);
    into.answered_at = into.answered_at.max(from.answered_at);
    if open {
        into.closed_at = None;
        into.waiting_since = waiting;
        into.state = match (waiting, into.answered_at) {
            (None, _) => State::Waiting,
            (Some(_), None) => State::New,
            (Some(_), Some(_)) => State::Open,
        };
    }
}

/// Takes an entry (with `rest` all after it, too) to `into`.
pub async fn part(
    tx: &mut Tx,
    ctx: &Ctx,
    from: &mut Ticket,
    into: &mut Ticket,
    author: Author<'_>,
    seq: i64,
    rest: bool,
) -> db::Result<()> {
    shift(tx, ctx, from, into, seq, rest, "moved").await?;
    into.entries += if rest { from.entries - seq + 1 } else { 1 };
    settle(tx, from).await?;
    settle(tx, into).await?;
    count_files(tx, from).await?;
    count_files(tx, into).await?;
    // what one customer's thread shows says nothing of another's
    if from.customer_id == into.customer_id {
        let (here, there) = (from.number.to_string(), into.number.to_string());
        ticket::event(tx, ctx, from, author, What::Parted, &there).await?;
        ticket::event(tx, ctx, into, author, What::Came, &here).await?;
    } else {
        for one in [&*from, &*into] {
            ticket::store::save(tx, one).await?;
            jobs::emit(tx, ctx, jobs::Event::new(CHANGED, one.id, one.id)).await?;
        }
    }
    ticket::held::count(tx, from).await?;
    ticket::held::count(tx, into).await?;
    record(tx, ctx, from, "ticket.parted", into.number).await?;
    record(tx, ctx, into, "ticket.parted", from.number).await
}

/// Moves the entries and what hangs on them; behind everything that stands in `into`.
async fn shift(
    tx: &mut Tx,
    ctx: &Ctx,
    from: &Ticket,
    into: &Ticket,
    first: i64,
    rest: bool,
    reason: &str,
) -> db::Result<()> {
    let note = sql!(
        "INSERT INTO ticket_moves (entry_id, at, from_ticket, from_seq, to_ticket, reason)
         SELECT e.id, CAST($1 AS BIGINT), e.ticket_id, e.seq, t.id, CAST($3 AS TEXT) FROM ticket_entries e JOIN tickets t ON t.id = $2
         WHERE e.ticket_id = $4 AND (e.seq = $5 OR ($6 = TRUE AND e.seq > $5))"
    );
    tx.exec(
        note,
        params![ctx.now, into.id, reason, from.id, first, rest],
    )
    .await?;
    let stmt = sql!(
        "UPDATE ticket_entries SET ticket_id = $1, customer_id = $2, seq = seq - $3 + $4
         WHERE ticket_id = $5 AND (seq = $6 OR ($7 = TRUE AND seq > $6))"
    );
    let params = params![
        into.id,
        into.customer_id,
        first,
        into.entries + 1,
        from.id,
        first,
        rest
    ];
    tx.exec(stmt, params).await?;
    let stmt = sql!(
        "UPDATE entry_files SET ticket_id = $1, customer_id = $2
         WHERE ticket_id = $3 AND entry_id IN (SELECT id FROM ticket_entries WHERE ticket_id = $1)"
    );
    tx.exec(stmt, params![into.id, into.customer_id, from.id])
        .await?;
    let mailed = sql!(
        (kernel::Uuid,),
        "SELECT e.id FROM inbound_mails m JOIN ticket_entries e ON e.id = m.entry_id WHERE m.ticket_id = $1 AND e.ticket_id = $2"
    );
    for (entry,) in tx.all(mailed, params![from.id, into.id]).await? {
        intake::store::move_entry(tx, into.customer_id, entry, into.id.0).await?;
    }
    let hung = sql!(
        (String,),
        "SELECT files FROM ticket_entries WHERE ticket_id = $1 AND seq > $2 AND files <> ''"
    );
    let mut files: Vec<files::FileId> = Vec::new();
    for (ids,) in tx.all(hung, params![into.id, into.entries]).await? {
        files.extend(
            ids.split(' ')
                .filter_map(|id| id.parse::<files::FileId>().ok()),
        );
    }
    let (here, there) = (ticket::owner(from.id), ticket::owner(into.id));
    files::move_some(tx, &files, here, there, into.customer_id).await
}

/// All of `from` take part in `into`; they see what they had seen and what comes. Who takes part there already stays,
/// here too, so that old addresses to answer to are still known.
async fn bring_people(tx: &mut Tx, from: &Ticket, into: &Ticket, behind: i64) -> db::Result<()> {
    let stmt = sql!(
        "UPDATE ticket_participants SET ticket_id = $1, customer_id = $2,
            role = CASE WHEN role = 'contact' THEN role ELSE 'participant' END,
            since_seq = $3 + CASE WHEN since_seq < 1 THEN 1 ELSE since_seq END
         WHERE ticket_id = $4
           AND (user_id IS NULL OR user_id NOT IN (SELECT user_id FROM ticket_participants WHERE ticket_id = $1 AND user_id IS NOT NULL))
           AND (user_id IS NOT NULL OR lower(email) NOT IN
               (SELECT lower(email) FROM ticket_participants WHERE ticket_id = $1 AND user_id IS NULL AND email IS NOT NULL))"
    );
    tx.exec(stmt, params![into.id, into.customer_id, behind, from.id])
        .await?;
    let unread = sql!(
        "INSERT INTO ticket_unread (user_id, customer_id, ticket_id, since, kind)
         SELECT u.user_id, u.customer_id, t.id, u.since, t.kind FROM ticket_unread u JOIN tickets t ON t.id = $1
         WHERE u.ticket_id = $2 AND u.customer_id = $3 ON CONFLICT (user_id, customer_id, ticket_id) DO NOTHING"
    );
    tx.exec(unread, params![into.id, from.id, from.customer_id])
        .await?;
    let read = sql!("DELETE FROM ticket_unread WHERE ticket_id = $1 AND customer_id = $2");
    tx.exec(read, params![from.id, from.customer_id])
        .await
        .map(drop)
}

/// Who is to act, from what stands in the thread now. A ticket without a text is closed.
async fn settle(tx: &mut Tx, ticket: &mut Ticket) -> db::Result<()> {
    let stmt = sql!(
        (Option<Moment>, Option<Moment>, Option<Moment>, Option<Moment>),
        "SELECT (SELECT max(at) FROM ticket_entries WHERE ticket_id = $1 AND kind = 'text' AND internal = FALSE) AS last,
                (SELECT max(at) FROM ticket_entries WHERE ticket_id = $1 AND kind = 'text' AND internal = FALSE AND author_kind = 'staff') AS answered,
                (SELECT min(at) FROM ticket_entries WHERE ticket_id = $1 AND kind = 'text' AND internal = FALSE AND author_kind = 'customer'
                    AND seq > coalesce((SELECT max(seq) FROM ticket_entries WHERE ticket_id = $1 AND kind = 'text' AND internal = FALSE
                        AND author_kind = 'staff'), 0)) AS waiting,
                (SELECT closed_at FROM tickets WHERE id = $1) AS closed"
    );
    let (last, answered, waiting, closed) = tx.one(stmt, params![ticket.id]).await?;
    ticket.answered_at = answered;
    let Some(last) = last else {
        ticket.state = State::Closed;
        ticket.waiting_since = None;
        ticket.closed_at = ticket.closed_at.or(Some(ticket.last_at));
        return Ok(());
    };
    ticket.last_at = last;
    ticket.last_by = if waiting.is_some() {
        Side::Customer
    } else {
        Side::Staff
    };
    // what was closed after all that stands in it stays so
    if closed.is_some_and(|closed| closed >= last) {
        return Ok(());
    }
    ticket.closed_at = None;
    ticket.waiting_since = waiting;
    ticket.state = match (waiting, answered) {
        (None, _) => State::Waiting,
        (Some(_), None) => State::New,
        (Some(_), Some(_)) => State::Open,
    };
    Ok(())
}

async fn count_files(tx: &mut Tx, ticket: &mut Ticket) -> db::Result<()> {
    let stmt = sql!(
        (i64,),
        "SELECT CAST(count(*) AS BIGINT) FROM entry_files WHERE ticket_id = $1"
    );
    ticket.files = tx.one(stmt, params![ticket.id]).await?.0;
    Ok(())
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    act: &'static str,
    other: i64,
) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: ticket.customer_id,
        subject: ticket.kind.as_str(),
        subject_id: ticket.id.to_string(),
        detail: serde_json::json!({ "number": ticket.number, "other": other }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// The ticket a merged one led to in the end; itself where it was not merged.
pub async fn target(tx: &mut Tx, mut ticket: Ticket) -> db::Result<Ticket> {
    // each merging closes one for good, so the way cannot be long or round
    for _ in 0..16 {
        match ticket.merged_into {
            Some(into) => ticket = ticket::store::any(tx, into).await?,
            None => break,
        }
    }
    Ok(ticket)
}

async fn by_number(tx: &mut Tx, number: i64) -> db::Result<Option<Ticket>> {
    match store::by_number(tx, number).await? {
        Some(found) => ticket::store::any(tx, found.id).await.map(Some),
        None => Ok(None),
    }
}

#[derive(Debug, Serialize)]
pub struct MergePage {
    pub number: i64,
    pub subject: String,
    pub form: FormView,
    pub queue: String,
    pub back: String,
}

impl Page for MergePage {
    const TEMPLATE: &'static str = "support/desk/merge.html";
    fn samples() -> Vec<Self> {
        let page = |form: &FormView| MergePage {
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            form: form.clone(),
            queue: QUEUE.url(),
            back: ONE.to("1"),
        };
        FormView::samples::<Merge>().iter().map(page).collect()
    }
}

fn merge_page(cx: &Staff, ticket: Ticket, bad: Option<&Bad>) -> MergePage {
    let asked = Asked::of(cx);
    let back = asked.link(&ONE.to(ticket.id), &[]);
    let form = cx
        .form::<Merge>(asked.link(&MERGE.to(ticket.id), &[]))
        .submit("desk-merge-do")
        .cancel(back.clone());
    MergePage {
        number: ticket.number,
        subject: shown(cx, ticket.subject),
        form: match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        },
        queue: asked.link(QUEUE.pattern(), &[]),
        back,
    }
}

pub async fn merge(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    drop(tx);
    cx.page(merge_page(&cx, ticket, None))
}

pub async fn merged(cx: Staff, Param(id): Param<TicketId>, form: Posted<Merge>) -> Result {
    let wanted = match form.parse() {
        Ok(wanted) => wanted,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket::store::any(&mut tx, id).await?;
            drop(tx);
            return cx.invalid(merge_page(&cx, ticket, Some(&bad)));
        }
    };
    let mut tx = cx.begin().await?;
    let mut from = ticket::store::any(&mut tx, id).await?;
    let fault = match by_number(&mut tx, wanted.number.0).await? {
        None => "fault-ticket-unknown",
        Some(mut into) => match join(&mut tx, &cx.ctx, &mut from, &mut into, author(&cx)?).await {
            Ok(()) => {
                let to = Asked::of(&cx).link(&ONE.to(into.id), &[]);
                return cx.done(tx, to, "notice-desk-merged").await;
            }
            Err(Refused::Db(error)) => return Err(error.into()),
            Err(refused) => refused.key(),
        },
    };
    drop(tx);
    let bad = bad(&form.raw, "number", fault);
    cx.invalid(merge_page(&cx, from, Some(&bad)))
}

kernel::row! {
    struct Moving {
        id: EntryId,
        seq: i64,
        author_kind: Side,
        author_name: String,
        author_id: Option<kernel::Uuid>,
        at: Moment,
        text: String,
        why: String,
        later: i64,
    }
}

async fn moving(tx: &mut Tx, ticket: TicketId, seq: i64) -> db::Result<Moving> {
    let stmt = sql!(
        Moving,
        "SELECT id, seq, author_kind, author_name, author_id, at, text, why,
            CAST((SELECT count(*) FROM ticket_entries WHERE ticket_id = $1 AND seq > $2 AND kind = 'text') AS BIGINT) AS later
         FROM ticket_entries WHERE ticket_id = $1 AND seq = $2 AND kind = 'text'"
    );
    tx.one(stmt, params![ticket, seq]).await
}

#[derive(Debug, Serialize)]
pub struct PartPage {
    pub number: i64,
    pub subject: String,
    pub name: String,
    pub at: Moment,
    pub begins: String,
    /// How a mail found this thread: what was tried, one line each.
    pub why: Vec<String>,
    /// How many texts stand behind it.
    pub later: i64,
    pub meanwhile: bool,
    pub form: FormView,
    pub queue: String,
    pub back: String,
}

impl Page for PartPage {
    const TEMPLATE: &'static str = "support/desk/move.html";
    fn samples() -> Vec<Self> {
        let page = |form: &FormView, full: bool| PartPage {
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            name: "Jana Petersen".into(),
            at: Moment::from_micros(1_795_000_000_000_000),
            begins: "Auch <hier>.".into(),
            why: if full {
                vec!["Token".into()]
            } else {
                Vec::new()
            },
            later: i64::from(full),
            meanwhile: full,
            form: form.clone(),
            queue: QUEUE.url(),
            back: ONE.to("1"),
        };
        let [plain, wrong] = FormView::samples::<Part>();
        vec![page(&plain, false), page(&wrong, true)]
    }
}

/// What the verdict on a mail says, as lines: names and values of a flat object, else the whole.
fn why(stored: &str) -> Vec<String> {
    match serde_json::from_str(stored) {
        Ok(serde_json::Value::Object(all)) => all
            .iter()
            .map(|(name, value)| match value.as_str() {
                Some(text) => format!("{name}: {text}"),
                None => format!("{name}: {value}"),
            })
            .collect(),
        _ if stored.is_empty() => Vec::new(),
        _ => vec![stored.to_owned()],
    }
}

async fn part_page(
    cx: &Staff,
    tx: &mut Tx,
    ticket: Ticket,
    meanwhile: bool,
    bad: Option<&Bad>,
) -> Result<PartPage> {
    let seq = asked_seq(cx)?;
    let entry = moving(tx, ticket.id, seq).await?;
    let asked = Asked::of(cx);
    let back = asked.link(&ONE.to(ticket.id), &[]);
    let (seq, stand) = (seq.to_string(), ticket.entries.to_string());
    let action = asked.link(&MOVE.to(ticket.id), &[("eintrag", &seq), ("stand", &stand)]);
    let form = cx
        .form::<Part>(action)
        .submit("desk-move-do")
        .cancel(back.clone());
    Ok(PartPage {
        number: ticket.number,
        subject: shown(cx, ticket.subject),
        name: entry.author_name,
        at: entry.at,
        begins: entry.text.chars().take(300).collect(),
        why: why(&entry.why),
        later: entry.later,
        meanwhile,
        form: match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        },
        queue: asked.link(QUEUE.pattern(), &[]),
        back,
    })
}

fn asked_seq(cx: &Staff) -> Result<i64> {
    cx.query("eintrag")
        .and_then(|seq| seq.parse().ok())
        .ok_or(web::Error::NotFound)
}

pub async fn part_form(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let page = part_page(&cx, &mut tx, ticket, false, None).await?;
    cx.page(page)
}

/// A ticket for an entry that goes: of the one who wrote it, and of the same customer unless it came from elsewhere.
async fn fresh(
    tx: &mut Tx,
    ctx: &Ctx,
    from: &Ticket,
    entry: &Moving,
    stranger: Option<&Email>,
) -> db::Result<Ticket> {
    let all = people::all(tx, from.id).await?;
    let theirs = entry.author_kind == Side::Customer;
    let name = if theirs {
        &entry.author_name
    } else {
        &from.requester_name
    };
    // by their id, else by their name, else whoever asked first
    let own = all
        .iter()
        .find(|one| {
            theirs && one.user_id.is_some() && one.user_id.map(|id| id.0) == entry.author_id
        })
        .or_else(|| {
            all.iter()
                .find(|one| theirs && one.name == entry.author_name)
        })
        .or_else(|| all.first());
    let email = stranger.cloned().or_else(|| {
        own.filter(|one| one.user_id.is_none())
            .and_then(|one| one.email.clone())
    });
    let user = own
        .and_then(|one| one.user_id)
        .filter(|_| stranger.is_none());
    let ticket = Ticket {
        id: ctx.id(),
        number: db::next_number(tx, "ticket", FIRST_NUMBER).await?,
        customer_id: from.customer_id.filter(|_| stranger.is_none()),
        kind: if stranger.is_some() {
            Kind::Ticket
        } else {
            from.kind
        },
        subject: subject_line(&entry.text),
        state: State::New,
        department: from.department.clone(),
        priority: ticket::Priority::Normal,
        requester_name: name.clone(),
        requester_email: email.clone(),
        company: None,
        claimed_number: None,
        opened_at: entry.at,
        last_at: entry.at,
        last_by: entry.author_kind,
        answered_at: None,
        waiting_since: None,
        closed_at: None,
        assignee_id: None,
        due_at: None,
        merged_into: None,
        emergency: None,
        entries: 0,
        files: 0,
    };
    let channel = ticket::Channel::Desk;
    ticket::store::insert(tx, &ticket, channel, user.map(|user| user.0)).await?;
    let stmt = sql!(
        "INSERT INTO ticket_participants (id, ticket_id, customer_id, user_id, email, name, role, added_at, since_seq, language)
         VALUES ($1, $2, $3, $4, $5, $6, 'requester', $7, 0, $8)"
    );
    if user.is_some() || email.is_some() {
        let language = own.map_or(ctx.locale, |one| one.language);
        let params = params![
            ctx.id::<ticket::ParticipantId>(),
            ticket.id,
            ticket.customer_id,
            user,
            email.as_ref().map(Email::as_str),
            name.as_str(),
            ctx.now,
            language
        ];
        tx.exec(stmt, params).await?;
    }
    Ok(ticket)
}

pub async fn parted(cx: Staff, Param(id): Param<TicketId>, form: Posted<Part>) -> Result {
    let wanted = match form.parse() {
        Ok(wanted) => wanted,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket::store::any(&mut tx, id).await?;
            let page = part_page(&cx, &mut tx, ticket, false, Some(&bad)).await?;
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    let mut from = ticket::store::any(&mut tx, id).await?;
    let seen = cx.query("stand").and_then(|seen| seen.parse().ok());
    if seen.is_some_and(|seen| from.moved_on(seen)) {
        let page = part_page(&cx, &mut tx, from, true, None).await?;
        drop(tx);
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    let seq = asked_seq(&cx)?;
    let entry = moving(&mut tx, from.id, seq).await?;
    let found = match wanted.number {
        Some(number) => match by_number(&mut tx, number.0).await? {
            Some(into) if into.id != from.id && into.merged_into.is_none() => Ok(into),
            _ => Err("fault-ticket-unknown"),
        },
        None => Ok(fresh(&mut tx, &cx.ctx, &from, &entry, wanted.email.as_ref()).await?),
    };
    let mut into = match found {
        Ok(into) => into,
        Err(fault) => {
            let bad = bad(&form.raw, "number", fault);
            let page = part_page(&cx, &mut tx, from, false, Some(&bad)).await?;
            drop(tx);
            return cx.invalid(page);
        }
    };
    let author = author(&cx)?;
    part(
        &mut tx,
        &cx.ctx,
        &mut from,
        &mut into,
        author,
        seq,
        wanted.rest,
    )
    .await?;
    let to = Asked::of(&cx).link(&ONE.to(into.id), &[]);
    cx.done(tx, to, "notice-desk-moved").await
}

/// Says that two tickets have to do with one another.
pub async fn link(cx: Staff, Param(id): Param<TicketId>, form: Posted<Link>) -> Result {
    let back = Asked::of(&cx).link(&ONE.to(id), &[]);
    let mut tx = cx.begin().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let other = match form.parse() {
        Ok(wanted) => store::by_number(&mut tx, wanted.number.0).await?,
        Err(_) => None,
    };
    let Some(other) = other.filter(|other| other.id != id) else {
        return cx.done(tx, back, "notice-desk-unknown-bad").await;
    };
    let stmt = sql!(
        "INSERT INTO ticket_links (ticket_id, other_id, at) VALUES ($1, $2, $3), ($2, $1, $3) ON CONFLICT (ticket_id, other_id) DO NOTHING"
    );
    if tx.exec(stmt, params![id, other.id, cx.ctx.now]).await? > 0 {
        record(&mut tx, &cx.ctx, &ticket, "ticket.linked", other.number).await?;
    }
    cx.done(tx, back, "notice-desk-linked").await
}

pub async fn unlink(cx: Staff, Param(id): Param<TicketId>, form: web::RawForm) -> Result {
    let back = Asked::of(&cx).link(&ONE.to(id), &[]);
    let other: TicketId = form
        .get("anderes")
        .and_then(|id| id.parse().ok())
        .ok_or(web::Error::NotFound)?;
    let mut tx = cx.begin().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let stmt = sql!(
        "DELETE FROM ticket_links WHERE (ticket_id = $1 AND other_id = $2) OR (ticket_id = $2 AND other_id = $1)"
    );
    if tx.exec(stmt, params![id, other]).await? > 0 {
        let number = ticket::store::any(&mut tx, other).await?.number;
        record(&mut tx, &cx.ctx, &ticket, "ticket.unlinked", number).await?;
    }
    cx.done(tx, back, "notice-desk-unlinked").await
}
