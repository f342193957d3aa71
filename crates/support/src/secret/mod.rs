//! Sensible data of a ticket (SUP-3): sealed apart from its text, opened by an explicit act that the customer sees, gone
//! some days after closing.
//!
//! Customers write and delete; nobody but staff reads, so that whoever takes over a session finds nothing. What lies here
//! stands in no mail, search, log or export.

pub mod desk;
pub mod hint;
pub mod portal;
pub mod scan;
pub mod seal;
pub mod store;
mod sweep;
mod view;

pub use hint::{Cleared, check_subject, clear, keep, keep_with, subject_line};
pub use sweep::Expire;

use crate::ticket::{self, Author, Side, Ticket, TicketId, What};
use customers::rights::{MESSAGES, TICKETS};
use db::{Tx, audit};
use identity::rights::{MESSAGES_ANSWER, SECRETS_OPEN};
use identity::staff::Role;
use kernel::{Ctx, StaffId};
pub use seal::Contents;
use seal::Sealed;
use web::{Access, Module};

kernel::typed_id!(
    /// Sensible data of a ticket.
    SecretId
);

/// Pages, texts and jobs of this part.
pub(crate) fn part(module: Module) -> Module {
    let (member, message) = (Access::member(TICKETS), Access::member(MESSAGES));
    let (staff, opener) = (Access::staff(MESSAGES_ANSWER), Access::staff(SECRETS_OPEN));
    module
        .texts(
            include_str!("../../texts/secret.de.ftl"),
            include_str!("../../texts/secret.en.ftl"),
        )
        .desk_rights(&[SECRETS_OPEN])
        .get(portal::PAGE, member, portal::show)
        .post(portal::PAGE, member, portal::create)
        .upload_held(portal::FILE_OF_PAGE)
        .post(portal::WIPE, member, portal::remove)
        .get(portal::OF_MESSAGE, message, portal::show)
        .post(portal::OF_MESSAGE, message, portal::create)
        .upload_held(portal::FILE_OF_PAGE)
        .post(portal::WIPE_OF_MESSAGE, message, portal::remove)
        .get(desk::PAGE, staff, desk::show)
        .post(desk::OPEN, opener, desk::reveal)
        .post(desk::FILE, opener, desk::file)
        .post(desk::WIPE, staff, desk::remove)
        .page::<portal::SecretsPage>()
        .page::<desk::SecretsPage>()
        .page::<desk::OpenedPage>()
        .jobs(|registry| registry.schedule("23 * * * *", Expire))
}

/// So many a ticket may have.
pub const MOST: usize = 50;

/// For how many days after closing they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days(u8);

impl Days {
    /// The longest that can be set.
    pub const LONGEST: u8 = 14;

    /// From the configuration: at most two weeks.
    pub fn of(days: u8) -> Option<Self> {
        (days <= Days::LONGEST).then_some(Days(days))
    }
    pub fn get(self) -> u8 {
        self.0
    }
    pub(crate) fn in_force(app: &web::App) -> Self {
        app.state::<Days>().map_or(Days::default(), |days| *days)
    }
}

impl Default for Days {
    fn default() -> Self {
        Days(7)
    }
}

/// Sealed and ready to be stored: sealing takes its time and is done before the transaction.
pub struct Ready {
    id: SecretId,
    label: String,
    file_size: Option<i64>,
    sealed: Sealed,
}

/// # Errors
/// Without a master key nothing is taken in.
pub fn ready(
    ctx: &Ctx,
    label: &str,
    contents: &Contents,
    file: Option<&[u8]>,
) -> web::Result<Ready> {
    let id: SecretId = ctx.id();
    let sealed = seal::seal(&ctx.world, id, contents, file).map_err(web::Error::internal)?;
    Ok(Ready {
        id,
        label: label.to_owned(),
        file_size: file.and_then(|bytes| i64::try_from(bytes.len()).ok()),
        sealed,
    })
}

/// Keeps it with the ticket; the thread says that there is something.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    ready: &Ready,
) -> db::Result<SecretId> {
    store::insert(tx, ctx, ticket, (author.side, author.name), ready).await?;
    ticket::event(tx, ctx, ticket, author, What::SecretAdded, &ready.label).await?;
    note(tx, ctx, ticket, "secret.added", ready.id).await?;
    Ok(ready.id)
}

/// What staff has opened.
pub struct Opened {
    pub label: String,
    pub sealed: Sealed,
    /// Of the file among it, which is fetched apart.
    pub file_size: Option<i64>,
}

/// Staff looks; the thread and the customer's page say who, when and why. `None` when it is wiped.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    (staff, name): (StaffId, &str),
    id: SecretId,
    reason: &str,
) -> db::Result<Option<Opened>> {
    let locked = store::locked(tx, ticket.id, id).await?;
    let (Some(key), Some(body)) = (locked.sealed_key, locked.sealed) else {
        return Ok(None);
    };
    store::add_opening(tx, ctx, ticket, id, (staff, name), reason).await?;
    let author = Author {
        side: Side::Staff,
        id: Some(staff.0),
        name,
    };
    ticket::event(tx, ctx, ticket, author, What::SecretOpened, &locked.label).await?;
    note(tx, ctx, ticket, "secret.opened", id).await?;
    Ok(Some(Opened {
        label: locked.label,
        sealed: Sealed {
            key,
            body,
            file: None,
        },
        file_size: locked.file_size,
    }))
}

/// The file of what was opened a moment ago: who fetches it is known by the opening. `None` when it is wiped.
pub async fn fetch(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    id: SecretId,
) -> db::Result<Option<Sealed>> {
    let locked = store::locked_file(tx, ticket.id, id).await?;
    let (Some(key), Some(body), Some(file)) =
        (locked.sealed_key, locked.sealed, locked.sealed_file)
    else {
        return Ok(None);
    };
    note(tx, ctx, ticket, "secret.file", id).await?;
    Ok(Some(Sealed {
        key,
        body,
        file: Some(file),
    }))
}

/// Somebody asked for what is none of their department's.
pub async fn refuse(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, id: SecretId) -> db::Result<()> {
    note(tx, ctx, ticket, "secret.refused", id).await
}

/// Wipes it at once; whether it was there.
pub async fn wipe(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    id: SecretId,
) -> db::Result<bool> {
    let by = author.side.as_str();
    let Some(label) = store::wipe(tx, ticket.id, id, by, ctx.now).await? else {
        return Ok(false);
    };
    ticket::event(tx, ctx, ticket, author, What::SecretWiped, &label).await?;
    note(tx, ctx, ticket, "secret.wiped", id).await?;
    Ok(true)
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    act: &'static str,
    id: SecretId,
) -> db::Result<()> {
    let detail = serde_json::json!({ "number": ticket.number });
    record(tx, ctx, (ticket.customer_id, ticket.id), act, id, detail).await
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    (customer, ticket): (Option<kernel::CustomerId>, TicketId),
    act: &'static str,
    id: SecretId,
    mut detail: serde_json::Value,
) -> db::Result<()> {
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("ticket".into(), ticket.to_string().into());
    }
    let entry = audit::Entry {
        act,
        customer,
        subject: "secret",
        subject_id: id.to_string(),
        detail,
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// Whether somebody in this role may look at what belongs to this department: each its own, the administration all. A
/// department that the operator has added is the support's.
pub fn may_look(role: Role, department: &str) -> bool {
    match role {
        Role::Admin => true,
        Role::Accounting => department == "buchhaltung",
        Role::Sales => department == "vertrieb",
        Role::Support => !matches!(department, "buchhaltung" | "vertrieb"),
        Role::Editing => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abuse_secret_wrong_staff_each_department_keeps_its_own() {
        for (role, may) in [
            (Role::Admin, [true, true, true, true]),
            (Role::Support, [true, false, false, true]),
            (Role::Accounting, [false, true, false, false]),
            (Role::Sales, [false, false, true, false]),
            (Role::Editing, [false, false, false, false]),
        ] {
            let departments = ["support", "buchhaltung", "vertrieb", "netz"];
            for (department, may) in departments.iter().zip(may) {
                assert_eq!(may_look(role, department), may, "{role:?} {department}");
            }
        }
    }

    #[test]
    fn sup_3_kept_for_two_weeks_at_most() {
        assert_eq!(Days::of(14).map(Days::get), Some(14));
        assert_eq!(Days::of(0).map(Days::get), Some(0));
        assert_eq!(Days::of(15), None);
    }
}
