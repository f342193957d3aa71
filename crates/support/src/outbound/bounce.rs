//! Mails that came back: noted with whoever takes part, shown to the desk, and told to the user at the next sign-in.

use super::{post, read_message_id, store};
use crate::ticket::people;
use crate::ticket::{ParticipantId, TicketId};
use customers::rights::ACCOUNT_VIEW;
use db::{Tx, audit};
use futures_util::future::BoxFuture;
use identity::users;
use jobs::{Event, JobCx, Registry};
use kernel::{Ctx, CustomerId, Email, Moment, UserId};
use serde::Serialize;
use serde_json::json;
use web::form::FormView;
use web::{Access, App, Cx, Error, Guest, Module, Page, Path, Result, START, Tile};

/// What to do about an address that takes no mail.
pub const ADDRESS: Path = Path::new("/profil/nicht-erreichbar");

pub(super) fn add(module: Module) -> Module {
    let user = Access::user();
    module
        .get(ADDRESS, user, show)
        .post(ADDRESS, user, accept)
        .overview(1, ACCOUNT_VIEW, tile)
        .page::<AddressPage>()
        .page::<AddressTile>()
}

pub(super) fn jobs(registry: Registry) -> Registry {
    registry.on(
        mail::REFUSED,
        "support.ticket-refused",
        |event, cx| async move {
            post::run(&cx, |app, cx| Box::pin(refused(app, cx, event.clone()))).await
        },
    )
}

/// The next server said at once that there is no such address.
async fn refused(_: &App, cx: &JobCx, event: Event) -> Result<()> {
    let Ok(id) = event.id.parse() else {
        return Ok(());
    };
    let mut tx = cx.db.begin().await?;
    let Some(mail) = mail::addressed(&mut tx, id).await? else {
        return Ok(());
    };
    let of = mail
        .message_id
        .and_then(|id| read_message_id(&cx.ctx.world, &id));
    if let Some(of) = of {
        note(&mut tx, &cx.ctx, of.ticket, of.participant).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A report said that mails to this one cannot be delivered. Nothing comes into the thread; what is noted is shown to
/// the desk, and to a user at the next sign-in. Whether that is news.
pub async fn bounced(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: TicketId,
    participant: ParticipantId,
    reason: &str,
) -> db::Result<bool> {
    let Some(one) = people::one(tx, ticket, participant).await? else {
        return Ok(false);
    };
    let email = match one.user_id {
        Some(user) => users::primary_email(tx, user).await?,
        None => one.email,
    };
    if let Some(email) = email {
        mail::refuse(tx, ctx.now, &email, reason).await?;
    }
    note(tx, ctx, ticket, participant).await
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: TicketId,
    participant: ParticipantId,
) -> db::Result<bool> {
    if !store::set_bounced(tx, participant, ctx.now).await? {
        return Ok(false);
    }
    let found = match crate::ticket::store::any(tx, ticket).await {
        Err(db::Error::Missing) => return Ok(true),
        found => found?,
    };
    let entry = audit::Entry {
        act: "ticket.bounced",
        customer: found.customer_id,
        subject: found.kind.as_str(),
        subject_id: ticket.to_string(),
        detail: json!({ "number": found.number, "participant": participant.to_string() }),
    };
    audit::record(tx, ctx, entry).await?;
    Ok(true)
}

/// Something came from this one: their address works again.
pub async fn reachable(
    tx: &mut Tx,
    ticket: TicketId,
    participant: ParticipantId,
) -> db::Result<()> {
    let Some(one) = people::one(tx, ticket, participant).await? else {
        return Ok(());
    };
    let email = match one.user_id {
        Some(user) => users::primary_email(tx, user).await?,
        None => one.email,
    };
    if let Some(email) = email {
        mail::accept(tx, &email).await?;
    }
    store::clear_bounced(tx, participant).await
}

/// The user's address, and since when it has taken no mail.
async fn trouble(tx: &mut Tx, user: UserId) -> db::Result<Option<(Email, Moment, String)>> {
    let Some(email) = users::primary_email(tx, user).await? else {
        return Ok(None);
    };
    let refusal = mail::refusal(tx, &email).await?;
    Ok(refusal.map(|noted| (email, noted.last_at, noted.reason)))
}

#[derive(Debug, Serialize)]
pub struct AddressTile {
    pub email: String,
    pub href: String,
}

impl Page for AddressTile {
    const TEMPLATE: &'static str = "support/outbound/tile.html";
    fn samples() -> Vec<Self> {
        vec![AddressTile {
            email: "jana@post.example".into(),
            href: ADDRESS.url(),
        }]
    }
}

/// Stands first on the page that one comes to after signing in.
fn tile<'a>(cx: &'a Cx, tx: &'a mut Tx, _: CustomerId) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        // whoever looks with the user's eyes is not to mend the user's address
        let Some(user) = cx.user().filter(|_| cx.viewer().is_none()) else {
            return Ok(None);
        };
        let Some((email, ..)) = trouble(tx, user.user).await? else {
            return Ok(None);
        };
        Tile::of(&AddressTile {
            email: email.to_string(),
            href: ADDRESS.url(),
        })
        .map(Some)
    })
}

web::form! {
    /// A button and nothing else.
    pub struct Works as "address-works"; {}
}

#[derive(Debug, Serialize)]
pub struct AddressPage {
    pub email: String,
    pub at: Moment,
    /// As the other server said it.
    pub reason: String,
    /// Nothing where all is well.
    pub form: Option<FormView>,
    pub profile: String,
}

impl Page for AddressPage {
    const TEMPLATE: &'static str = "support/outbound/address.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Works>();
        [Some(empty), Some(bad), None]
            .map(|form| AddressPage {
                email: "jana@post.example".into(),
                at: Moment::from_micros(1_795_000_000_000_000),
                reason: "550 5.1.1 <jana>: no such user".into(),
                form,
                profile: identity::profile::PROFILE.url(),
            })
            .into()
    }
}

fn user(cx: &Guest) -> Result<UserId> {
    cx.user().map(|session| session.user).ok_or(Error::SignIn)
}

async fn show(cx: Guest) -> Result {
    let user = user(&cx)?;
    let mut tx = cx.read().await?;
    let found = trouble(&mut tx, user).await?;
    let form = cx
        .form::<Works>(ADDRESS.url())
        .submit("address-works-submit")
        .empty();
    let form = found.is_some().then_some(form);
    let (email, at, reason) = match found {
        Some((email, at, reason)) => (email.to_string(), at, reason),
        None => (String::new(), cx.ctx.now, String::new()),
    };
    cx.page(AddressPage {
        email,
        at,
        reason,
        form,
        profile: identity::profile::PROFILE.url(),
    })
}

async fn accept(cx: Guest) -> Result {
    let user = user(&cx)?;
    let mut tx = cx.begin().await?;
    works(&mut tx, &cx.ctx, user).await?;
    cx.done(tx, START.url(), "notice-address-works").await
}

/// The user says that the address takes mails again.
async fn works(tx: &mut Tx, ctx: &Ctx, user: UserId) -> db::Result<()> {
    let Some(email) = users::primary_email(tx, user).await? else {
        return Ok(());
    };
    if mail::accept(tx, &email).await? {
        store::clear_bounced_user(tx, user).await?;
        audit::record(tx, ctx, audit::Entry::about_user("mail.works-again", user)).await?;
    }
    Ok(())
}
