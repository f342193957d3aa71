//! Who takes part in a thread: users of the customer, and addresses without a user. All SQL on `ticket_participants`.

use super::{Author, ParticipantId, Side, Ticket, TicketId, What, act};
use db::{Tx, params, sql};
use identity::users;
use kernel::{Ctx, CustomerId, Email, Locale, Moment, UserId};
use serde::Serialize;

kernel::words! {
    pub enum Role {
        Requester = "requester",
        Participant = "participant",
        /// A contact of the customer, for as long as it gets support mail (ACC-5).
        Contact = "contact",
    }
}

kernel::row! {
    /// Exactly one of `user_id` and `email` says who it is.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Participant {
        pub id: ParticipantId,
        pub user_id: Option<UserId>,
        pub email: Option<Email>,
        pub name: String,
        pub role: Role,
        // sees the entries from here on
        pub since_seq: i64,
        // of the address by which this one answers
        pub generation: i64,
        // mails to the address come back
        pub bounced_at: Option<Moment>,
        pub muted: bool,
        pub language: Locale,
    }
}

/// Everybody who takes part, the requester first.
pub async fn all(tx: &mut Tx, ticket: TicketId) -> db::Result<Vec<Participant>> {
    let stmt = sql!(
        Participant,
        "SELECT id, user_id, email, name, role, since_seq, generation, bounced_at, muted, language FROM ticket_participants
         WHERE ticket_id = $1 ORDER BY role DESC, added_at, id"
    );
    tx.all(stmt, params![ticket]).await
}

/// Who takes part by this id; gone once taken out.
pub async fn one(
    tx: &mut Tx,
    ticket: TicketId,
    id: ParticipantId,
) -> db::Result<Option<Participant>> {
    let stmt = sql!(
        Participant,
        "SELECT id, user_id, email, name, role, since_seq, generation, bounced_at, muted, language FROM ticket_participants
         WHERE ticket_id = $1 AND id = $2"
    );
    tx.opt(stmt, params![ticket, id]).await
}

/// Who takes part by this address, without being a user.
pub async fn by_email(
    tx: &mut Tx,
    ticket: TicketId,
    email: &Email,
) -> db::Result<Option<Participant>> {
    let stmt = sql!(
        Participant,
        "SELECT id, user_id, email, name, role, since_seq, generation, bounced_at, muted, language FROM ticket_participants
         WHERE ticket_id = $1 AND lower(email) = $2 AND user_id IS NULL"
    );
    tx.opt(stmt, params![ticket, email.as_str()]).await
}

/// Whoever opens a ticket: a user, or the address the ticket names.
pub(super) async fn requester(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    author: Author<'_>,
    language: Locale,
) -> db::Result<()> {
    // what staff opens for an address is that address's ticket
    let user = match author.side {
        Side::Customer => author.id.map(UserId),
        Side::Staff => None,
    };
    let email = ticket.requester_email.as_ref().filter(|_| user.is_none());
    if user.is_none() && email.is_none() {
        return Ok(());
    }
    let new = New {
        user,
        email,
        name: author.name,
        role: Role::Requester,
        since: 0,
        language,
    };
    insert(tx, ctx, ticket, &new).await.map(drop)
}

/// A user who writes takes part from then on; who does already stays as they are.
pub(super) async fn writes(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    user: UserId,
    name: &str,
) -> db::Result<()> {
    let new = New {
        user: Some(user),
        email: None,
        name,
        role: Role::Participant,
        since: 0,
        language: ctx.locale,
    };
    insert(tx, ctx, ticket, &new).await.map(drop)
}

/// What became of [`add_person`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    Now(ParticipantId),
    /// Took part already.
    Before,
}

/// As many addresses a thread can have besides its users.
pub const MOST: usize = 20;

/// Lets an address take part: it sees what is written from now on. Only an owner of the customer or staff may; whoever
/// calls this has asked.
pub async fn add_person(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    email: &Email,
    language: Locale,
) -> db::Result<Added> {
    if by_email(tx, ticket.id, email).await?.is_some() {
        return Ok(Added::Before);
    }
    // a user who takes part gets the mails at their own address anyway
    if let Some(user) = users::by_verified_email(tx, email).await?
        && all(tx, ticket.id)
            .await?
            .iter()
            .any(|one| one.user_id == Some(user))
    {
        return Ok(Added::Before);
    }
    act::event(tx, ctx, ticket, author, What::Joined, email.as_str()).await?;
    let new = New {
        user: None,
        email: Some(email),
        name: "",
        role: Role::Participant,
        // the line that says so is the first of all that this one sees
        since: ticket.entries,
        language,
    };
    let Some(id) = insert(tx, ctx, ticket, &new).await? else {
        return Ok(Added::Before);
    };
    let detail = serde_json::json!({ "number": ticket.number, "email": email.as_str() });
    act::record(tx, ctx, ticket, "ticket.person-added", detail).await?;
    Ok(Added::Now(id))
}

/// Takes an address out again: no more mails, and what it answers does not come in. Never the requester.
pub async fn remove_person(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    id: ParticipantId,
) -> db::Result<bool> {
    let stmt = sql!(
        (String,),
        "DELETE FROM ticket_participants WHERE ticket_id = $1 AND id = $2 AND user_id IS NULL AND role = 'participant'
         RETURNING coalesce(email, '') AS email"
    );
    let Some((email,)) = tx.opt(stmt, params![ticket.id, id]).await? else {
        return Ok(false);
    };
    act::event(tx, ctx, ticket, author, What::Left, &email).await?;
    let detail = serde_json::json!({ "number": ticket.number, "email": email });
    act::record(tx, ctx, ticket, "ticket.person-removed", detail).await?;
    Ok(true)
}

/// A contact of the customer gets what is written from this entry on.
pub async fn enter_contact(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    contact: &customers::customer::Told,
    since: i64,
) -> db::Result<()> {
    let new = New {
        user: None,
        email: Some(&contact.email),
        name: &contact.name,
        role: Role::Contact,
        since,
        language: contact.locale,
    };
    insert(tx, ctx, ticket, &new).await.map(drop)
}

/// Whether this one took part as a contact that gets no support mail any more.
pub async fn is_past_contact(tx: &mut Tx, id: ParticipantId) -> db::Result<bool> {
    let stmt = sql!(
        (Option<CustomerId>, Option<Email>),
        "SELECT customer_id, email FROM ticket_participants WHERE id = $1 AND role = 'contact'"
    );
    let Some((Some(customer), Some(email))) = tx.opt(stmt, params![id]).await? else {
        return Ok(false);
    };
    let wanted = customers::customer::support_contacts(tx, customer).await?;
    Ok(!wanted.iter().any(|contact| contact.email == email))
}

struct New<'a> {
    user: Option<UserId>,
    email: Option<&'a Email>,
    name: &'a str,
    role: Role,
    since: i64,
    language: Locale,
}

async fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    new: &New<'_>,
) -> db::Result<Option<ParticipantId>> {
    let stmt = sql!(
        (ParticipantId,),
        "INSERT INTO ticket_participants (id, ticket_id, customer_id, user_id, email, name, role, added_at, since_seq, language)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id"
    );
    let params = params![
        ctx.id::<ParticipantId>(),
        ticket.id,
        ticket.customer_id,
        new.user,
        new.email.map(Email::as_str),
        new.name,
        new.role,
        ctx.now,
        new.since,
        new.language
    ];
    Ok(tx.opt(stmt, params).await?.map(|row| row.0))
}
