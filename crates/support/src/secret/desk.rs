//! Staff's page of a ticket's sensible data: each look is asked for with a reason, written down and shown once.

use super::portal::Which;
use super::view::{self, SecretView};
use super::{Days, SecretId, fetch, may_look, open, refuse, scan, seal, store as kept, wipe};
use crate::desk::QUEUE;
use crate::message;
use crate::ticket::{Author, Ticket, TicketId, store};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use identity::rights::SECRETS_OPEN;
use identity::staff::Role;
use kernel::Moment;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use web::form::{Fault, Faults};
use web::{Bad, Error, FormView, Page, Param, Path1, Posted, Result, Staff};

/// `zeigen` in its query: which one is to be opened.
pub const PAGE: Path1 = Path1::new("/desk/tickets/{id}/sensible-daten");
pub const OPEN: Path1 = Path1::new("/desk/tickets/{id}/sensible-daten/oeffnen");
/// The file of what was opened just now.
pub const FILE: Path1 = Path1::new("/desk/tickets/{id}/sensible-daten/datei");
pub const WIPE: Path1 = Path1::new("/desk/tickets/{id}/sensible-daten/loeschen");
/// The ticket itself.
pub const DESK_TICKET: Path1 = Path1::new("/desk/tickets/{id}");

web::form! {
    /// Why somebody looks.
    pub struct Reason as "secret-reason", check(reason) = plain_reason; {
        reason: String = line(200),
    }
}

// the customer reads it
fn plain_reason(reason: &mut str, faults: &mut Faults) {
    if scan::suspicious(reason) {
        faults.add("reason", Fault::key("fault-secret-label"));
    }
}

#[derive(Debug, Serialize)]
pub struct SecretsPage {
    pub subject: String,
    pub number: i64,
    pub queue: String,
    pub back: String,
    pub rows: Vec<SecretView>,
    /// The one that is about to be opened, and the form that asks why.
    pub asked: Option<String>,
    pub form: Option<FormView>,
    pub days: u8,
    pub wipe: String,
}

impl Page for SecretsPage {
    const TEMPLATE: &'static str = "support/secret/desk.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Reason>();
        let page = |rows, form: Option<FormView>| SecretsPage {
            subject: "Der Shop <steht>".into(),
            number: 10_001,
            queue: QUEUE.url(),
            back: "/desk/tickets/1".into(),
            rows,
            asked: form.is_some().then(|| "Zugang zum <Server>".into()),
            form,
            days: 7,
            wipe: WIPE.to("1"),
        };
        vec![
            page(Vec::new(), None),
            page(SecretView::samples(), Some(plain)),
            page(SecretView::samples(), Some(bad)),
        ]
    }
}

fn role(cx: &Staff) -> Option<Role> {
    let label = &cx.session()?.role;
    Role::parse(label.strip_prefix("role-").unwrap_or(label))
}

pub(crate) fn department_fits(cx: &Staff, ticket: &Ticket) -> bool {
    role(cx).is_some_and(|role| may_look(role, &ticket.department))
}

/// The ticket, if it is one of the reader's department.
async fn ticket(cx: &Staff, tx: &mut Tx, id: TicketId) -> Result<Ticket> {
    let ticket = store::any(tx, id).await?;
    if department_fits(cx, &ticket) {
        Ok(ticket)
    } else {
        Err(Error::NotFound)
    }
}

fn asked(cx: &Staff) -> Option<SecretId> {
    cx.query("zeigen").and_then(|id| id.parse().ok())
}

fn here(ticket: &Ticket, asked: Option<SecretId>) -> String {
    let page = PAGE.to(ticket.id);
    match asked {
        Some(id) => format!("{page}?zeigen={id}"),
        None => page,
    }
}

fn back(ticket: &Ticket) -> String {
    DESK_TICKET.to(ticket.id)
}

async fn page(cx: &Staff, tx: &mut Tx, ticket: &Ticket, bad: Option<&Bad>) -> Result<SecretsPage> {
    let may = cx.may(SECRETS_OPEN);
    let rows = view::read(cx, tx, ticket.id, |id| may.then(|| here(ticket, Some(id)))).await?;
    let row = asked(cx)
        .filter(|_| may)
        .and_then(|id| rows.iter().find(|row| row.id == id && row.open.is_some()));
    let form = row.map(|row| {
        let action = format!("{}?zeigen={}", OPEN.to(ticket.id), row.id);
        let form = cx
            .form::<Reason>(action)
            .submit("secret-open")
            .cancel(here(ticket, None));
        match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        }
    });
    Ok(SecretsPage {
        subject: message::shown(cx, ticket.subject.clone()),
        number: ticket.number,
        queue: QUEUE.url(),
        back: back(ticket),
        asked: row.map(|row| row.label.clone()),
        rows,
        form,
        days: Days::in_force(&cx.app).get(),
        wipe: WIPE.to(ticket.id),
    })
}

pub async fn show(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket(&cx, &mut tx, id).await?;
    let page = page(&cx, &mut tx, &ticket, None).await?;
    cx.page(page)
}

/// What was kept, shown on this one answer.
#[derive(Serialize)]
pub struct OpenedPage {
    pub subject: String,
    pub number: i64,
    pub queue: String,
    pub back: String,
    pub list: String,
    pub label: String,
    pub user: Option<String>,
    pub text: String,
    pub file: Option<FileLine>,
}

/// The file among what was opened.
#[derive(Serialize)]
pub struct FileLine {
    pub name: String,
    pub size: String,
    /// Where it is fetched from, with this.
    pub action: String,
    pub mark: String,
}

impl Page for OpenedPage {
    const TEMPLATE: &'static str = "support/secret/opened.html";
    fn samples() -> Vec<Self> {
        let page = |user: Option<&str>| OpenedPage {
            subject: "Der Shop <steht>".into(),
            number: 10_001,
            queue: QUEUE.url(),
            back: "/desk/tickets/1".into(),
            list: PAGE.to("1"),
            label: "Zugang zum <Server>".into(),
            user: user.map(str::to_owned),
            text: if user.is_some() {
                "<erste>\nzweite Zeile".into()
            } else {
                String::new()
            },
            file: user.is_none().then(|| FileLine {
                name: "schluessel <1>.pem".into(),
                size: "3 kB".into(),
                action: FILE.to("1"),
                mark: "mark".into(),
            }),
        };
        vec![page(Some("root")), page(None)]
    }
}

pub async fn reveal(cx: Staff, Param(id): Param<TicketId>, posted: Posted<Reason>) -> Result {
    let which = asked(&cx).ok_or(Error::NotFound)?;
    let name = cx.session().map_or("", |session| session.name.as_str());
    {
        let mut tx = cx.read().await?;
        let strange = store::any(&mut tx, id).await?;
        if !department_fits(&cx, &strange) {
            drop(tx);
            let mut tx = cx.app.db().begin().await?;
            refuse(&mut tx, &cx.ctx, &strange, which).await?;
            tx.commit().await?;
            return Err(Error::NotFound);
        }
    }
    let reason = match posted.parse() {
        Ok(reason) => reason.reason,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket(&cx, &mut tx, id).await?;
            return cx.invalid(page(&cx, &mut tx, &ticket, Some(&bad)).await?);
        }
    };
    let mut tx = cx.begin().await?;
    let mut ticket = ticket(&cx, &mut tx, id).await?;
    let staff = (cx.staff, name);
    let list = here(&ticket, None);
    let opened = open(&mut tx, &cx.ctx, &mut ticket, staff, which, &reason).await?;
    let Some(opened) = opened else {
        return cx.done(tx, list, "notice-secret-gone-warn").await;
    };
    // what does not open is not noted as seen
    let contents = seal::open(&cx.ctx.world, which, &opened.sealed).map_err(Error::internal)?;
    let file = match (contents.file, opened.file_size) {
        (Some(name), Some(size)) => Some(FileLine {
            name,
            size: cx.size(size),
            action: FILE.to(ticket.id),
            mark: Mark::of(&cx, which).sealed(&cx)?,
        }),
        _ => None,
    };
    // the same form sent again, by a reload for one, leads to the list
    cx.commit(tx, &list).await?;
    cx.page(OpenedPage {
        subject: message::shown(&cx, ticket.subject.clone()),
        number: ticket.number,
        queue: QUEUE.url(),
        back: back(&ticket),
        list,
        label: opened.label,
        user: contents.user,
        text: contents.text.expose().to_owned(),
        file,
    })
}

/// So long after opening, the file can be fetched.
const FETCH: Duration = Duration::from_secs(600);

web::form! {
    /// What opening gave for the file.
    pub struct Fetch as "secret-file"; {
        mark: String = line(400),
    }
}

/// That somebody of the staff has opened this a moment ago, for a reason that is written down.
#[derive(Serialize, Deserialize)]
struct Mark {
    which: SecretId,
    until: Moment,
}

impl Mark {
    fn of(cx: &Staff, which: SecretId) -> Self {
        Mark {
            which,
            until: cx.ctx.now + FETCH,
        }
    }

    fn place(cx: &Staff) -> String {
        format!("ticket_secrets/opened-by/{}", cx.staff)
    }

    fn sealed(&self, cx: &Staff) -> Result<String> {
        let plain = serde_json::to_vec(self).map_err(Error::internal)?;
        let sealed = cx.ctx.world.seal(&Self::place(cx), &plain);
        Ok(URL_SAFE_NO_PAD.encode(sealed.map_err(Error::internal)?))
    }

    /// What this one was given; `None` where it is not theirs, or too old.
    fn read(cx: &Staff, mark: &str) -> Option<SecretId> {
        let sealed = URL_SAFE_NO_PAD.decode(mark).ok()?;
        let plain = cx.ctx.world.open(&Self::place(cx), &sealed).ok()?;
        let mark: Mark = serde_json::from_slice(&plain).ok()?;
        (cx.ctx.now < mark.until).then_some(mark.which)
    }
}

/// The file, to be kept; each time it is fetched stands in the log.
pub async fn file(cx: Staff, Param(id): Param<TicketId>, posted: Posted<Fetch>) -> Result {
    let which = posted.parse().ok();
    let which = which.and_then(|fetch| Mark::read(&cx, &fetch.mark));
    let mut tx = cx.begin().await?;
    let ticket = ticket(&cx, &mut tx, id).await?;
    let list = here(&ticket, which);
    let Some(which) = which else {
        return cx.done(tx, list, "notice-secret-file-late-warn").await;
    };
    let Some(sealed) = fetch(&mut tx, &cx.ctx, &ticket, which).await? else {
        return cx.done(tx, list, "notice-secret-gone-warn").await;
    };
    let world = &cx.ctx.world;
    let contents = seal::open(world, which, &sealed).map_err(Error::internal)?;
    let bytes = seal::open_file(world, which, &sealed).map_err(Error::internal)?;
    cx.commit(tx, &list).await?;
    let name = contents.file.unwrap_or_default();
    Ok(cx.send_bytes(&name, bytes.unwrap_or_default()))
}

pub async fn remove(cx: Staff, Param(id): Param<TicketId>, posted: Posted<Which>) -> Result {
    let which: SecretId = posted
        .parse()
        .ok()
        .and_then(|which| which.which.parse().ok())
        .ok_or(Error::NotFound)?;
    let name = cx.session().map_or("", |session| session.name.as_str());
    let mut tx = cx.begin().await?;
    let mut ticket = ticket(&cx, &mut tx, id).await?;
    kept::locked(&mut tx, id, which).await?;
    let author = Author::of(&cx.ctx, name).ok_or(Error::SignIn)?;
    wipe(&mut tx, &cx.ctx, &mut ticket, author, which).await?;
    cx.done(tx, here(&ticket, None), "notice-secret-wiped")
        .await
}
