//! The customer's page of a ticket's sensible data: what is there, who has looked, adding and deleting. It never shows
//! what was entered.

use super::view::{self, SecretView};
use super::{Contents, Days, MOST, SecretId, add, ready, scan, store as kept, wipe};
use crate::message;
use crate::ticket::{Author, Kind, Ticket, TicketId, store};
use customers::rights::{MESSAGES, TICKETS};
use db::Tx;
use kernel::Secret;
use serde::Serialize;
use web::form::{Fault, Faults, Form};
use web::{Bad, Error, FormView, Held, Member, Page, Param, Path1, Posted, RawForm, Result};

pub const PAGE: Path1 = Path1::new("/tickets/{id}/sensible-daten");
pub const WIPE: Path1 = Path1::new("/tickets/{id}/sensible-daten/loeschen");
/// The same for messages, which have a right of their own.
pub const OF_MESSAGE: Path1 = Path1::new("/nachrichten/{id}/sensible-daten");
pub const WIPE_OF_MESSAGE: Path1 = Path1::new("/nachrichten/{id}/sensible-daten/loeschen");

/// Characters of what is kept.
const LONGEST: usize = 10_000;

/// The field of a file, which no store is to see.
pub const FILE_OF_PAGE: &[&str] = &["file"];
/// The same beside the fields of a ticket.
pub const FILE_BESIDE: &[&str] = &["secret_file"];

web::form! {
    /// Sensible data as they are entered.
    pub struct Entered as "secret", check(label) = plain_label, check(text, file) = anything; {
        label: String = line(80),
        user: Option<String> = line(200).autocomplete("off"),
        text: Option<Secret> = concealed(LONGEST),
        file: Option<Held> = held(),
    }
}

fn anything(text: &mut Option<Secret>, file: &mut Option<Held>, faults: &mut Faults) {
    if text.is_none() && file.is_none() {
        faults.add("text", Fault::key("fault-secret-nothing"));
    }
}

// the label stands in the thread and in lists
fn plain_label(label: &mut str, faults: &mut Faults) {
    if scan::suspicious(label) {
        faults.add("label", Fault::key("fault-secret-label"));
    }
}

web::form! {
    /// Which of them.
    pub struct Which as "secret-which"; {
        which: String = line(40),
    }
}

impl Entered {
    /// As it is sealed: lines end as they do elsewhere.
    pub fn contents(&self) -> Contents {
        Contents {
            user: self.user.clone(),
            text: Secret::new(match &self.text {
                Some(text) => text.expose().replace("\r\n", "\n"),
                None => String::new(),
            }),
            file: self.file.as_ref().map(|file| file.name.clone()),
        }
    }

    /// Sealed, to be given to [`add`] or [`super::keep`]: before the transaction.
    ///
    /// # Errors
    /// Without a master key.
    fn seal(&self, cx: &web::Cx) -> Result<super::Ready> {
        let file = self.file.as_ref().map(Held::bytes);
        ready(&cx.ctx, &self.label, &self.contents(), file)
    }
}

/// The form as it came, without what is secret; says what of it is to be entered again.
fn again(mut bad: Bad, text: &'static str, file: &'static str) -> Bad {
    let typed = |said: &str| !said.trim().is_empty();
    if bad.raw.get(text).is_some_and(typed) && bad.faults.of(text).is_none() {
        bad.faults.add(text, Fault::key("fault-secret-again"));
    }
    if bad.raw.holds(file) && bad.faults.of(file).is_none() {
        bad.faults.add(file, Fault::key("fault-secret-file-again"));
    }
    bad
}

#[derive(Debug, Serialize)]
pub struct SecretsPage {
    pub subject: String,
    pub number: i64,
    /// Of a message, not of a ticket.
    pub message: bool,
    /// All of its kind.
    pub list: String,
    pub back: String,
    pub rows: Vec<SecretView>,
    pub form: Option<FormView>,
    pub days: u8,
    /// Where deleting is posted to.
    pub wipe: String,
}

impl Page for SecretsPage {
    const TEMPLATE: &'static str = "support/secret/portal.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Entered>();
        let page = |message, rows, form| SecretsPage {
            subject: "Der Shop <steht>".into(),
            number: 10_001,
            message,
            list: "/tickets".into(),
            back: "/tickets/1".into(),
            rows,
            form,
            days: 7,
            wipe: WIPE.to("1"),
        };
        vec![
            page(false, Vec::new(), Some(plain)),
            page(true, SecretView::samples(), Some(bad)),
            page(false, SecretView::samples(), None),
        ]
    }
}

/// The ticket, for those who may see its kind.
async fn ticket(cx: &Member, tx: &mut Tx, id: TicketId) -> Result<Ticket> {
    let ticket = store::one(tx, cx.customer, id).await?;
    let right = match ticket.kind {
        Kind::Message => MESSAGES,
        Kind::Ticket => TICKETS,
    };
    if cx.may(right) {
        Ok(ticket)
    } else {
        Err(Error::NotFound)
    }
}

fn own_page(ticket: &Ticket) -> (String, String, String) {
    match ticket.kind {
        Kind::Message => (
            message::portal::ONE.to(ticket.id),
            OF_MESSAGE.to(ticket.id),
            WIPE_OF_MESSAGE.to(ticket.id),
        ),
        Kind::Ticket => (
            format!("/tickets/{}", ticket.id),
            PAGE.to(ticket.id),
            WIPE.to(ticket.id),
        ),
    }
}

async fn page(cx: &Member, tx: &mut Tx, ticket: &Ticket, bad: Option<&Bad>) -> Result<SecretsPage> {
    let (back, here, wipe) = own_page(ticket);
    let rows = view::read(cx, tx, ticket.id, |_| None).await?;
    let form = cx
        .form::<Entered>(here)
        .submit("secret-add")
        .cancel(back.clone());
    let form = (rows.len() < MOST).then(|| match bad {
        Some(bad) => form.bad(bad),
        None => form.empty(),
    });
    Ok(SecretsPage {
        subject: message::shown(cx, ticket.subject.clone()),
        number: ticket.number,
        message: ticket.kind == Kind::Message,
        list: match ticket.kind {
            Kind::Message => message::portal::LIST.url(),
            Kind::Ticket => crate::request::list::LIST.url(),
        },
        back,
        rows,
        form,
        days: Days::in_force(&cx.app).get(),
        wipe,
    })
}

pub async fn show(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket(&cx, &mut tx, id).await?;
    let page = page(&cx, &mut tx, &ticket, None).await?;
    cx.page(page)
}

fn author(cx: &Member) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}

pub async fn create(cx: Member, Param(id): Param<TicketId>, posted: Posted<Entered>) -> Result {
    let entered = match posted.parse() {
        Ok(entered) => entered,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = ticket(&cx, &mut tx, id).await?;
            let bad = again(bad, "text", "file");
            return cx.invalid(page(&cx, &mut tx, &ticket, Some(&bad)).await?);
        }
    };
    let ready = entered.seal(&cx)?;
    let mut tx = cx.begin().await?;
    let mut ticket = ticket(&cx, &mut tx, id).await?;
    if kept::of_ticket(&mut tx, id).await?.len() >= MOST {
        return cx
            .done(tx, own_page(&ticket).1, "notice-secret-full-warn")
            .await;
    }
    add(&mut tx, &cx.ctx, &mut ticket, author(&cx)?, &ready).await?;
    cx.done(tx, own_page(&ticket).1, "notice-secret-added")
        .await
}

pub async fn remove(cx: Member, Param(id): Param<TicketId>, posted: Posted<Which>) -> Result {
    let which: SecretId = posted
        .parse()
        .ok()
        .and_then(|which| which.which.parse().ok())
        .ok_or(Error::NotFound)?;
    let mut tx = cx.begin().await?;
    let mut ticket = ticket(&cx, &mut tx, id).await?;
    kept::locked(&mut tx, id, which).await?;
    wipe(&mut tx, &cx.ctx, &mut ticket, author(&cx)?, which).await?;
    cx.done(tx, own_page(&ticket).1, "notice-secret-wiped")
        .await
}

/// The optional part of a new ticket's form: fields that count when one of them is filled in.
#[derive(Debug, Default)]
pub struct Beside(Option<Entered>);

/// Fields of [`Beside`] carry this before their names.
const BESIDE: &str = "secret_";

web::form! {
    /// Sensible data beside a new ticket; every field may be empty.
    pub struct BesideForm as "secret-beside"; {
        secret_label: Option<String> = line(80),
        secret_user: Option<String> = line(200).autocomplete("off"),
        secret_text: Option<Secret> = concealed(LONGEST),
        secret_file: Option<Held> = held(),
    }
}

/// Whether anything stands in these fields.
fn given(raw: &RawForm) -> bool {
    BesideForm::fields().iter().any(|field| {
        let typed = |value: &str| !value.trim().is_empty();
        raw.get(field.name).is_some_and(typed) || raw.holds(field.name)
    })
}

impl Beside {
    /// Reads them from the ticket's form.
    ///
    /// # Errors
    /// What is wrong with them, at fields of [`BesideForm`].
    pub fn read(raw: &RawForm) -> std::result::Result<Self, Faults> {
        if !given(raw) {
            return Ok(Beside(None));
        }
        let mut own = RawForm::default();
        for field in Entered::fields() {
            let outer = format!("{BESIDE}{}", field.name);
            own.set(field.name, raw.get(&outer).unwrap_or_default());
            if let Some(held) = raw.held(&outer) {
                own.hold(field.name, held.clone());
            }
        }
        Entered::read(&own)
            .map(|entered| Beside(Some(entered)))
            .map_err(|faults| {
                let mut at_fields = Faults::default();
                for (field, outer) in Entered::fields().iter().zip(BesideForm::fields()) {
                    if let Some(fault) = faults.of(field.name) {
                        at_fields.add(outer.name, fault.clone());
                    }
                }
                at_fields
            })
    }

    /// Its fields as they are drawn.
    pub fn draw(cx: &web::Cx, bad: Option<&Bad>) -> FormView {
        let form = cx.form::<BesideForm>("");
        match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        }
    }

    /// Reads them beside a form that was read already, so that all faults are told at once; what is secret is not sent
    /// back, and must be said once more.
    ///
    /// # Errors
    /// Both as they came.
    pub fn with<T>(
        raw: &RawForm,
        read: std::result::Result<T, Bad>,
    ) -> std::result::Result<(T, Self), Bad> {
        let (read, beside) = match (read, Beside::read(raw)) {
            (Ok(form), Ok(beside)) => return Ok((form, beside)),
            other => other,
        };
        let mut bad = read.err().unwrap_or_else(|| Bad {
            raw: raw.clone(),
            faults: Faults::default(),
        });
        if let Err(found) = beside {
            for field in BesideForm::fields() {
                if let Some(fault) = found.of(field.name) {
                    bad.faults.add(field.name, fault.clone());
                }
            }
        }
        Err(again(bad, "secret_text", "secret_file"))
    }

    /// As [`Beside::draw`], for a form that comes back before it was looked at: what cannot be sent back is asked for
    /// once more.
    pub fn kept(cx: &web::Cx, raw: &RawForm) -> FormView {
        let bad = Bad {
            raw: raw.clone(),
            faults: Faults::default(),
        };
        Beside::draw(cx, Some(&again(bad, "secret_text", "secret_file")))
    }

    /// Seals it, before the transaction; to be given to [`super::keep`].
    pub fn seal(&self, cx: &web::Cx) -> Result<Option<super::Ready>> {
        self.0.as_ref().map(|entered| entered.seal(cx)).transpose()
    }
}
