//! Mails of the demo that came in, by the way that mails take: one stands in its ticket and in the customer's history, one
//! waits in its ticket until staff has said whether it counts.

use super::files::{nth, owner, staff};
use super::reply::{self, Reply};
use super::seed;
use crate::house::House;
use anyhow::{Context, Result};
use db::Db;
use kernel::{Actor, Ctx, Email, Locale, Moment, World};
use mail::{Catcher, Letter};
use serde::Deserialize;
use std::time::Duration;
use support::ticket::seed::{Act, Step, ticket};
use support::ticket::{Author, NewTicket, Priority, Side, TicketId, WRITTEN, Written, store};

#[derive(Deserialize)]
struct File {
    ticket: Vec<DemoTicket>,
}

#[derive(Deserialize)]
struct DemoTicket {
    customer: usize,
    subject: String,
    text: String,
    ago_minutes: u64,
    answer: String,
    answer_by: String,
    answer_ago_minutes: u64,
    reply: String,
    proven: bool,
    file_name: Option<String>,
    file_text: Option<String>,
}

/// Writes the tickets, sends the answers, and takes in what is answered to these.
pub async fn fill(house: &House, db: &Db, world: &World, catcher: &Catcher) -> Result<()> {
    let file: File = toml::from_str(include_str!("../../demo/post.toml"))?;
    for one in &file.ticket {
        let (id, answered, asker) = asked(db, world, one).await?;
        house.worker.drain().await?;
        let sent = sent(catcher, id);
        seed::age_answers(db, &sent, answered).await?;
        let letter = sent.iter().find(|letter| letter.to == asker);
        let letter = letter.context("an answer by mail")?;
        let to = letter.headers.reply_to.as_ref();
        let reply = Reply {
            letter,
            to: to.context("an address for answers")?.as_str(),
            text: one.reply.trim(),
            at: answered,
            proven: one.proven,
            file: one.file_name.as_deref().zip(one.file_text.as_deref()),
        };
        reply::take(db, world, &reply).await?;
        house.worker.drain().await?;
    }
    Ok(())
}

/// The ticket with its answer, of which those who take part are told by mail.
async fn asked(db: &Db, world: &World, one: &DemoTicket) -> Result<(TicketId, Moment, Email)> {
    let now = world.now();
    let ago = |minutes: u64| now - Duration::from_secs(60 * minutes);
    let answered = ago(one.answer_ago_minutes);
    let mut tx = db.begin().await?;
    let customer = nth(&mut tx, one.customer).await?;
    let user = owner(&mut tx, customer).await?;
    let name = identity::users::name(&mut tx, user).await?;
    let email = identity::users::primary_email(&mut tx, user).await?;
    let colleague = staff(&mut tx, &one.answer_by).await?;
    let author = Author {
        side: Side::Customer,
        id: Some(user.0),
        name: &name,
    };
    let new = NewTicket {
        customer: Some(customer),
        subject: &one.subject,
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: None,
        company: None,
        claimed_number: None,
        language: Locale::De,
        noted: None,
        first: Written::typed(author, one.text.trim()),
    };
    let act = Act::Write(one.answer.trim());
    let answer = Step::staff(answered, colleague, &one.answer_by, act);
    let opened = ago(one.ago_minutes);
    let id = ticket(&mut tx, world, opened, &new, &[answer], Some(answered)).await?;
    let written = store::entries(&mut tx, id, i64::MAX, false, 1).await?;
    let entry = written.last().context("the answer")?.id;
    let ctx = Ctx::new(world, Actor::Staff(colleague), Locale::De);
    jobs::emit(&mut tx, &ctx, jobs::Event::new(WRITTEN, id, entry)).await?;
    tx.commit().await?;
    Ok((id, answered, email.context("an address")?))
}

/// What went out of this ticket.
fn sent(catcher: &Catcher, id: TicketId) -> Vec<Letter> {
    let of = |letter: &Letter| {
        letter
            .headers
            .topic
            .as_ref()
            .is_some_and(|(of, _)| *of == id.0)
    };
    catcher.all().into_iter().filter(of).collect()
}
