//! "E-Mail-Adresse hinzufügen" (SUP-7): who takes part without being a user here.

use super::form::People;
use super::show::{ONE, PersonView, may_add, of_customer};
use super::{author, list::LIST};
use crate::ticket::people::{self as taking_part, MOST, Role};
use crate::ticket::{Participant, Ticket, TicketId, add_person, remove_person};
use db::Tx;
use identity::throttle;
use serde::Serialize;
use web::form::RawForm;
use web::{Bad, Error, Fault, FormView, Member, Page, Param, Path1, Posted, Result};

pub const PEOPLE: Path1 = Path1::new("/tickets/{id}/personen");
pub const REMOVE: Path1 = Path1::new("/tickets/{id}/personen/entfernen");

#[derive(Debug, Serialize)]
pub struct PeoplePage {
    pub number: i64,
    pub form: FormView,
    pub people: Vec<PersonView>,
    pub remove: String,
    pub list: String,
    pub ticket: String,
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "support/request/people.html";
    fn samples() -> Vec<Self> {
        let page = |form, people| PeoplePage {
            number: 10_001,
            form,
            people,
            remove: REMOVE.to("1"),
            list: LIST.url(),
            ticket: ONE.to("1"),
        };
        let [empty, bad] = FormView::samples::<super::form::People>();
        vec![page(empty, Vec::new()), page(bad, PersonView::samples())]
    }
}

fn page(cx: &Member, ticket: &Ticket, people: Vec<Participant>, bad: Option<&Bad>) -> PeoplePage {
    let form = cx
        .form::<People>(PEOPLE.to(ticket.id))
        .submit("ticket-person-add")
        .cancel(ONE.to(ticket.id));
    PeoplePage {
        number: ticket.number,
        form: match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        },
        people: PersonView::all(people),
        remove: REMOVE.to(ticket.id),
        list: LIST.url(),
        ticket: ONE.to(ticket.id),
    }
}

/// The ticket and who takes part, for those who may change that.
async fn read(cx: &Member, tx: &mut Tx, id: TicketId) -> Result<(Ticket, Vec<Participant>)> {
    let ticket = of_customer(cx, tx, id).await?;
    let people = taking_part::all(tx, id).await?;
    if may_add(cx, &people) {
        Ok((ticket, people))
    } else {
        Err(Error::Forbidden)
    }
}

pub async fn ask(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let (ticket, people) = read(&cx, &mut tx, id).await?;
    cx.page(page(&cx, &ticket, people, None))
}

pub async fn add(cx: Member, Param(id): Param<TicketId>, form: Posted<People>) -> Result {
    let mut tx = cx.begin().await?;
    let (mut ticket, people) = read(&cx, &mut tx, id).await?;
    let emails = match chosen(&form, &people) {
        Ok(emails) => emails,
        Err(bad) => {
            drop(tx);
            return cx.invalid(page(&cx, &ticket, people, Some(&bad)));
        }
    };
    let (now, many) = (cx.ctx.now, emails.0.len());
    if let Err(wait) = throttle::ticket_people(&mut tx, now, cx.customer, many).await? {
        drop(tx);
        let bad = Bad::fault(form.raw.clone(), "emails", throttle::fault(wait));
        return cx.too_many(page(&cx, &ticket, people, Some(&bad)), wait);
    }
    let author = author(&cx)?;
    // as with the customer's contacts
    let record = customers::customer::store::one(&mut tx, cx.customer)
        .await?
        .record;
    let language = record.locale;
    for email in &emails.0 {
        add_person(&mut tx, &cx.ctx, &mut ticket, author, email, language).await?;
    }
    cx.done(tx, ONE.to(id), "notice-ticket-person-added").await
}

fn chosen(
    form: &Posted<People>,
    people: &[Participant],
) -> std::result::Result<super::form::Emails, Bad> {
    let emails = form.parse()?.emails;
    let taken = people
        .iter()
        .filter(|one| one.email.is_some() && one.role != Role::Contact)
        .count();
    if taken + emails.0.len() > MOST {
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let fault = Fault::key("ticket-people-full").arg("most", most);
        return Err(Bad::fault(form.raw.clone(), "emails", fault));
    }
    Ok(emails)
}

pub async fn remove(cx: Member, Param(id): Param<TicketId>, raw: RawForm) -> Result {
    let mut tx = cx.begin().await?;
    let (mut ticket, _) = read(&cx, &mut tx, id).await?;
    let person = raw.get("person").and_then(|id| id.parse().ok());
    let person = person.ok_or(Error::NotFound)?;
    remove_person(&mut tx, &cx.ctx, &mut ticket, author(&cx)?, person).await?;
    cx.done(tx, PEOPLE.to(id), "notice-ticket-person-removed")
        .await
}
