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
use web::{Bad, Error, FormView, Member, Page, Param, Path1, Posted, Result};

pub const PAGE: Path1 = Path1::new("/tickets/{id}/sensible-daten");
pub const WIPE: Path1 = Path1::new("/tickets/{id}/sensible-daten/loeschen");
/// The same for messages, which have a right of their own.
pub const OF_MESSAGE: Path1 = Path1::new("/nachrichten/{id}/sensible-daten");
pub const WIPE_OF_MESSAGE: Path1 = Path1::new("/nachrichten/{id}/sensible-daten/loeschen");

/// Characters of what is kept.
const LONGEST: usize = 10_000;

web::form! {
    /// Sensible data as they are entered.
    pub struct Entered as "secret", check(label) = plain_label; {
        label: String = line(80),
        user: Option<String> = line(200).autocomplete("off"),
        text: Secret = concealed(LONGEST),
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
            text: Secret::new(self.text.expose().replace("\r\n", "\n")),
        }
    }
}

/// The form as it came, without what is secret; says that this is to be typed again.
pub fn again(mut bad: Bad) -> Bad {
    if bad.faults.of("text").is_none() {
        bad.faults.add("text", Fault::key("fault-secret-again"));
    }
    bad
}

#[derive(Debug, Serialize)]
pub struct SecretsPage {
    pub subject: String,
    pub number: i64,
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
        let page = |rows, form| SecretsPage {
            subject: "Der Shop <steht>".into(),
            number: 10_001,
            back: "/tickets/1".into(),
            rows,
            form,
            days: 7,
            wipe: WIPE.to("1"),
        };
        vec![
            page(Vec::new(), Some(plain)),
            page(SecretView::samples(), Some(bad)),
            page(SecretView::samples(), None),
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
    let rows = view::read(tx, ticket.id, |_| None).await?;
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
            return cx.invalid(page(&cx, &mut tx, &ticket, Some(&again(bad))).await?);
        }
    };
    let ready = ready(&cx.ctx, &entered.label, &entered.contents())?;
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
    }
}

impl Beside {
    /// Reads them from the ticket's form.
    ///
    /// # Errors
    /// What is wrong with them, at fields of [`BesideForm`].
    pub fn read(raw: &web::form::RawForm) -> std::result::Result<Self, Faults> {
        let given = BesideForm::fields().iter().any(|field| {
            raw.get(field.name)
                .is_some_and(|value| !value.trim().is_empty())
        });
        if !given {
            return Ok(Beside(None));
        }
        let mut own = web::form::RawForm::default();
        for field in Entered::fields() {
            let value = raw.get(&format!("{BESIDE}{}", field.name));
            own.set(field.name, value.unwrap_or_default());
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
        raw: &web::form::RawForm,
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
        match beside {
            Err(found) => {
                for field in BesideForm::fields() {
                    if let Some(fault) = found.of(field.name) {
                        bad.faults.add(field.name, fault.clone());
                    }
                }
            }
            Ok(Beside(Some(_))) => bad
                .faults
                .add("secret_text", Fault::key("fault-secret-again")),
            Ok(Beside(None)) => {}
        }
        Err(bad)
    }

    /// Seals it, before the transaction; to be given to [`super::keep`].
    pub fn seal(&self, cx: &web::Cx) -> Result<Option<super::Ready>> {
        let Some(entered) = &self.0 else {
            return Ok(None);
        };
        ready(&cx.ctx, &entered.label, &entered.contents()).map(Some)
    }
}
