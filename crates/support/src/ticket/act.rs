//! The verbs on tickets. [`write`] is the one door through which every text comes, whoever wrote it and by whichever way.

use super::people;
use super::{
    Author, Channel, EntryId, Kind, Priority, Proof, Side, State, Ticket, TicketId, What, store,
};
use crate::secret::subject_line;
use customers::{member, rights};
use db::{Tx, audit};
use jobs::Event;
use kernel::{Ctx, CustomerId, Email, Locale, UserId};
use serde_json::{Value, json};

/// Tickets are numbered from here.
const FIRST_NUMBER: i64 = 10_001;

/// Event: a text stands in the thread; subject is the ticket, id the entry.
pub const WRITTEN: &str = "ticket.written";
/// Event: something else about a ticket is different (state, details, people); subject and id are the ticket.
pub const CHANGED: &str = "ticket.changed";

/// What is written onto a thread.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    pub author: Author<'a>,
    pub channel: Channel,
    pub proof: Proof,
    pub text: &'a str,
    /// What a mail repeated of earlier ones.
    pub quoted: &'a str,
    /// For staff only.
    pub internal: bool,
    /// A machine wrote it: the thread stays closed, and it is nobody else's turn.
    pub quiet: bool,
    /// How a mail found this thread, as JSON; empty for what was typed here.
    pub why: &'a str,
    /// Files that were taken in and belong to nothing yet, in order.
    pub files: &'a [store::NewFile],
}

impl<'a> Written<'a> {
    /// Typed on our pages by somebody signed in; who has no id wrote a mail.
    pub fn typed(author: Author<'a>, text: &'a str) -> Self {
        let channel = match (author.side, author.id) {
            (Side::Customer, Some(_)) => Channel::Portal,
            (Side::Customer, None) => Channel::Mail,
            (Side::Staff, _) => Channel::Desk,
        };
        Written {
            author,
            channel,
            proof: Proof::Proven,
            text,
            quoted: "",
            internal: false,
            quiet: false,
            why: "",
            files: &[],
        }
    }
}

/// A ticket that is to be.
#[derive(Debug, Clone, Copy)]
pub struct NewTicket<'a> {
    /// `None`: a guest's.
    pub customer: Option<CustomerId>,
    /// Cut as every subject is; may come from anywhere.
    pub subject: &'a str,
    pub department: &'a str,
    pub priority: Priority,
    pub emergency: Option<&'a str>,
    /// Of a requester who is no user; answers go there.
    pub email: Option<&'a Email>,
    pub company: Option<&'a str>,
    pub claimed_number: Option<&'a str>,
    /// The requester's.
    pub language: Locale,
    /// For the log: what the requester agreed to, for one.
    pub noted: Option<&'a str>,
    pub first: Written<'a>,
}

/// What became of a [`NewTicket`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    pub id: TicketId,
    pub number: i64,
    pub entry: EntryId,
}

/// A new message of a customer (SUP-8). Its subject is cut from the text, which is kept as it was typed.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    author: Author<'_>,
    text: &str,
) -> db::Result<TicketId> {
    let new = message(ctx, customer, author, text);
    let opened = begin(tx, ctx, Kind::Message, &new).await?;
    tell(tx, ctx, opened.id, WRITTEN, opened.entry).await?;
    Ok(opened.id)
}

pub(super) fn message<'a>(
    ctx: &Ctx,
    customer: CustomerId,
    author: Author<'a>,
    text: &'a str,
) -> NewTicket<'a> {
    NewTicket {
        customer: Some(customer),
        subject: text,
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: None,
        company: None,
        claimed_number: None,
        language: ctx.locale,
        noted: None,
        first: Written::typed(author, text),
    }
}

/// A new ticket (SUP-1, SUP-2, SUP-9). The department must be one that there is.
pub async fn open_ticket(tx: &mut Tx, ctx: &Ctx, new: &NewTicket<'_>) -> db::Result<Opened> {
    let opened = begin(tx, ctx, Kind::Ticket, new).await?;
    tell(tx, ctx, opened.id, WRITTEN, opened.entry).await?;
    Ok(opened)
}

/// As [`open_ticket`], without telling anybody.
pub(super) async fn begin(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: Kind,
    new: &NewTicket<'_>,
) -> db::Result<Opened> {
    let author = new.first.author;
    let ours = author.side == Side::Staff;
    let mut ticket = Ticket {
        id: ctx.id(),
        number: db::next_number(tx, "ticket", FIRST_NUMBER).await?,
        customer_id: new.customer,
        kind,
        subject: subject_line(new.subject),
        state: if ours { State::Waiting } else { State::New },
        department: new.department.to_owned(),
        priority: new.priority,
        requester_name: author.name.to_owned(),
        requester_email: new.email.cloned(),
        company: new.company.map(str::to_owned),
        claimed_number: new.claimed_number.map(str::to_owned),
        opened_at: ctx.now,
        last_at: ctx.now,
        last_by: author.side,
        answered_at: ours.then_some(ctx.now),
        waiting_since: (!ours).then_some(ctx.now),
        closed_at: None,
        assignee_id: None,
        due_at: None,
        merged_into: None,
        emergency: new.emergency.map(str::to_owned),
        entries: 0,
        files: 0,
    };
    store::insert(tx, &ticket, new.first.channel, author.id).await?;
    people::requester(tx, ctx, &ticket, author, new.language).await?;
    let entry = add(tx, ctx, &mut ticket, What::Text, &new.first).await?;
    store::save(tx, &ticket).await?;
    let act = match kind {
        Kind::Message => "message.written",
        Kind::Ticket => "ticket.opened",
    };
    let detail = match new.noted {
        Some(noted) => json!({ "number": ticket.number, "entry": 1, "noted": noted }),
        None => json!({ "number": ticket.number, "entry": 1 }),
    };
    record(tx, ctx, &ticket, act, detail).await?;
    Ok(Opened {
        id: ticket.id,
        number: ticket.number,
        entry,
    })
}

/// Writes onto the thread; a text for everybody opens a closed thread again.
pub async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    written: &Written<'_>,
) -> db::Result<EntryId> {
    let entry = put(tx, ctx, ticket, written).await?;
    tell(tx, ctx, ticket.id, WRITTEN, entry).await?;
    Ok(entry)
}

/// As [`write`], without telling anybody.
pub(super) async fn put(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    written: &Written<'_>,
) -> db::Result<EntryId> {
    let author = written.author;
    if !written.internal && !written.quiet {
        if ticket.is_closed() {
            turn_back(tx, ctx, ticket, author).await?;
        }
        ticket.written(author.side, ctx.now);
    }
    if let (Side::Customer, Some(user)) = (author.side, author.id) {
        people::writes(tx, ctx, ticket, UserId(user), author.name).await?;
    }
    let entry = add(tx, ctx, ticket, What::Text, written).await?;
    store::save(tx, ticket).await?;
    if author.side == Side::Staff && !written.internal {
        // whoever answers has read what waited
        super::held::count(tx, ticket).await?;
        mark_unread(tx, ctx, ticket).await?;
    }
    let act = match (ticket.kind, author.side) {
        (Kind::Message, _) if written.internal => "message.noted",
        (Kind::Message, Side::Customer) => "message.written",
        (Kind::Message, Side::Staff) => "message.answered",
        (Kind::Ticket, _) if written.internal => "ticket.noted",
        (Kind::Ticket, Side::Customer) => "ticket.written",
        (Kind::Ticket, Side::Staff) => "ticket.answered",
    };
    note(tx, ctx, ticket, act).await?;
    Ok(entry)
}

async fn mark_unread(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket) -> db::Result<()> {
    let Some(customer) = ticket.customer_id else {
        return Ok(());
    };
    let right = match ticket.kind {
        Kind::Message => rights::MESSAGES,
        Kind::Ticket => rights::TICKETS,
    };
    for user in member::who_may(tx, customer, right).await? {
        store::add_unread(tx, customer, ticket, user, ctx.now).await?;
    }
    Ok(())
}

/// The customer writes on; a closed thread is open again.
pub async fn reply(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    text: &str,
) -> db::Result<()> {
    write(tx, ctx, ticket, &Written::typed(author, text))
        .await
        .map(drop)
}

/// Staff answers; a closed thread is open again.
pub async fn answer(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    text: &str,
) -> db::Result<()> {
    reply(tx, ctx, ticket, author, text).await
}

/// Nothing more is to be done. A closed thread stays as it is.
pub async fn close(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
) -> db::Result<()> {
    if shut(tx, ctx, ticket, author).await? {
        tell(tx, ctx, ticket.id, CHANGED, ticket.id).await?;
    }
    Ok(())
}

/// As [`close`], without telling anybody; whether it was open.
pub(super) async fn shut(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
) -> db::Result<bool> {
    if ticket.is_closed() {
        return Ok(false);
    }
    ticket.closed(ctx.now);
    let act = match ticket.kind {
        Kind::Message => "message.closed",
        Kind::Ticket => "ticket.closed",
    };
    turned(tx, ctx, ticket, author, What::Closed, act).await?;
    super::held::count(tx, ticket).await?;
    Ok(true)
}

/// Takes the closing back. An open thread stays as it is.
pub async fn reopen(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
) -> db::Result<()> {
    if turn_back(tx, ctx, ticket, author).await? {
        tell(tx, ctx, ticket.id, CHANGED, ticket.id).await?;
    }
    Ok(())
}

/// As [`reopen`], without telling anybody; whether it was closed.
pub(super) async fn turn_back(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
) -> db::Result<bool> {
    if !ticket.is_closed() {
        return Ok(false);
    }
    ticket.reopened(ctx.now);
    let act = match ticket.kind {
        Kind::Message => "message.reopened",
        Kind::Ticket => "ticket.reopened",
    };
    turned(tx, ctx, ticket, author, What::Reopened, act).await?;
    Ok(true)
}

/// Keeps that a thread was closed or opened: its line, its state, the log.
async fn turned(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    what: What,
    act: &'static str,
) -> db::Result<()> {
    line(tx, ctx, ticket, author, what, "").await?;
    store::save(tx, ticket).await?;
    note(tx, ctx, ticket, act).await
}

/// What of a ticket can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub subject: String,
    pub department: String,
    pub priority: Priority,
}

/// Changes subject, department, priority; each that is another one leaves a line in the thread. Whether any is.
pub async fn edit_details(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    details: &Details,
) -> db::Result<bool> {
    let before = Details {
        subject: ticket.subject.clone(),
        department: ticket.department.clone(),
        priority: ticket.priority,
    };
    let after = Details {
        subject: subject_line(&details.subject),
        ..details.clone()
    };
    if before == after {
        return Ok(false);
    }
    if before.subject != after.subject {
        ticket.subject.clone_from(&after.subject);
        line(tx, ctx, ticket, author, What::Subject, &after.subject).await?;
    }
    if before.department != after.department {
        ticket.department.clone_from(&after.department);
        let names = super::department::line(tx, &after.department).await?;
        line(tx, ctx, ticket, author, What::Department, &names).await?;
    }
    if before.priority != after.priority {
        ticket.priority = after.priority;
        let word = after.priority.as_str();
        line(tx, ctx, ticket, author, What::Priority, word).await?;
    }
    store::save(tx, ticket).await?;
    store::save_details(tx, ticket).await?;
    let detail = json!({
        "number": ticket.number,
        "before": [before.subject, before.department, before.priority.as_str()],
        "after": [after.subject, after.department, after.priority.as_str()],
    });
    record(tx, ctx, ticket, "ticket.details", detail).await?;
    tell(tx, ctx, ticket.id, CHANGED, ticket.id).await?;
    Ok(true)
}

/// Puts an event line into the thread and counts it: `what` says of which kind, `text` what it shows. For the verbs of
/// other modules, which write their own line of the log.
pub async fn event(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    what: What,
    text: &str,
) -> db::Result<EntryId> {
    let entry = line(tx, ctx, ticket, author, what, text).await?;
    store::save(tx, ticket).await?;
    tell(tx, ctx, ticket.id, CHANGED, ticket.id).await?;
    Ok(entry)
}

async fn line(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    what: What,
    text: &str,
) -> db::Result<EntryId> {
    add(tx, ctx, ticket, what, &Written::typed(author, text)).await
}

pub(super) async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    what: What,
    written: &Written<'_>,
) -> db::Result<EntryId> {
    ticket.entries += 1;
    let entry = store::add_entry(tx, ctx, ticket, what, written).await?;
    for (seq, file) in (1..).zip(written.files) {
        ticket.files += 1;
        store::add_file(tx, ticket, entry, seq, file).await?;
    }
    let files: Vec<_> = written.files.iter().map(|file| file.id).collect();
    let owner = owner(ticket.id);
    files::attach(tx, ctx, ticket.customer_id, &files, owner).await?;
    Ok(entry)
}

/// To what the files of a ticket belong.
pub fn owner(ticket: TicketId) -> files::Owner {
    files::Owner::new("ticket", ticket.0)
}

pub(super) async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    act: &'static str,
) -> db::Result<()> {
    let detail = json!({ "number": ticket.number, "entry": ticket.entries });
    record(tx, ctx, ticket, act, detail).await
}

/// A line of the log about a ticket.
pub(super) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    act: &'static str,
    detail: Value,
) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: ticket.customer_id,
        subject: ticket.kind.as_str(),
        subject_id: ticket.id.to_string(),
        detail,
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

pub(super) async fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: TicketId,
    kind: &str,
    id: impl ToString,
) -> db::Result<()> {
    jobs::emit(tx, ctx, Event::new(kind, ticket, id))
        .await
        .map(drop)
}
