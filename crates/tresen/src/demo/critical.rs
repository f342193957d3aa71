//! Emergencies of the demo, with sensible data, and whom they call.

use super::seed::{Placed, Stage};
use anyhow::{Context, Result};
use kernel::{Actor, Ctx, Locale, Secret, StaffId, World};
use serde::Deserialize;
use std::collections::HashMap;
use support::critical::store::{Kind, Step as Call};
use support::critical::{Emergency, desk, escalation, steps};
use support::secret::{self, Contents};
use support::ticket::seed::{Act, Step, ticket};
use support::ticket::{Author, NewTicket, Priority, Side, Written, store};

#[derive(Deserialize)]
struct File {
    ticket: Vec<DemoTicket>,
}

#[derive(Deserialize)]
struct DemoTicket {
    customer: usize,
    emergency: String,
    subject: String,
    text: String,
    ago_minutes: u64,
    taken_ago_minutes: Option<u64>,
    taken_by: Option<String>,
    answer: Option<String>,
    answer_ago_minutes: Option<u64>,
    secret_label: Option<String>,
    secret_user: Option<String>,
    secret_text: Option<String>,
    secret_reason: Option<String>,
}

pub async fn fill(
    stage: &mut Stage<'_>,
    placed: &HashMap<usize, Placed>,
    staff: &HashMap<String, StaffId>,
) -> Result<()> {
    chain(stage, staff).await?;
    let file: File = toml::from_str(include_str!("../../demo/critical.toml"))?;
    for one in &file.ticket {
        write(stage, placed, staff, one).await?;
    }
    Ok(())
}

/// Both people of the desk one after the other, then a mailbox.
async fn chain(stage: &mut Stage<'_>, staff: &HashMap<String, StaffId>) -> Result<()> {
    let (tx, world) = stage.parts();
    let ctx = Ctx::system(world);
    let mut people: Vec<StaffId> = staff.values().copied().collect();
    people.sort();
    let mut chain: Vec<Call> = people
        .into_iter()
        .zip([0, 10])
        .map(|(id, minutes)| Call {
            kind: Kind::Staff,
            staff_id: Some(id),
            minutes,
            ..Call::team()
        })
        .collect();
    chain.push(Call {
        kind: Kind::Mail,
        target: Some("bereitschaft@nordlicht.example".into()),
        minutes: 15,
        ..Call::team()
    });
    for (step, position) in chain.iter().zip([10, 20, 30]) {
        let step = Call {
            position,
            ..step.clone()
        };
        steps::seed(tx, &ctx, &step).await?;
    }
    Ok(())
}

fn at(world: &World, actor: Actor, now: kernel::Moment) -> Ctx {
    Ctx {
        now,
        ..Ctx::new(world, actor, Locale::De)
    }
}

async fn write(
    stage: &mut Stage<'_>,
    placed: &HashMap<usize, Placed>,
    staff: &HashMap<String, StaffId>,
    one: &DemoTicket,
) -> Result<()> {
    let owner = placed.get(&one.customer).context("a ticket's customer")?;
    let emergency = Emergency::parse(&one.emergency).context("an emergency")?;
    let author = Author {
        side: Side::Customer,
        id: Some(owner.owner.0),
        name: &owner.name,
    };
    let new = NewTicket {
        customer: Some(owner.customer),
        subject: &one.subject,
        department: "support",
        priority: Priority::Critical,
        emergency: Some(emergency.as_str()),
        email: None,
        company: None,
        claimed_number: None,
        language: owner.locale,
        noted: None,
        first: Written::typed(author, one.text.trim()),
    };
    let opened = stage.moment(one.ago_minutes);
    let taken = one.taken_ago_minutes.map(|ago| stage.moment(ago));
    let answered = one.answer_ago_minutes.map(|ago| stage.moment(ago));
    let (tx, world) = stage.parts();
    let ctx = at(world, Actor::User(owner.owner), opened);
    let id = ticket(tx, world, opened, &new, &[], Some(opened)).await?;
    let mut stored = store::one(tx, owner.customer, id).await?;
    support::critical::declared(tx, &ctx, &mut stored, author, emergency, false).await?;
    let mut kept = None;
    if let (Some(label), Some(text)) = (&one.secret_label, &one.secret_text) {
        let contents = Contents {
            user: one.secret_user.clone(),
            text: Secret::new(text.as_str()),
            file: None,
        };
        let ready = secret::ready(&ctx, label, &contents, None)
            .map_err(|error| anyhow::anyhow!("sensible data: {error}"))?;
        kept = Some(secret::add(tx, &ctx, &mut stored, author, &ready).await?);
    }
    let (Some(taken), Some(name)) = (taken, one.taken_by.as_deref()) else {
        return Ok(());
    };
    let who = *staff.get(name).context("who has taken over")?;
    let ctx = at(world, Actor::Staff(who), taken);
    escalation::seed_taken(tx, &ctx, &stored, (who, name)).await?;
    desk::taken(tx, &ctx, &mut stored, (who, name)).await?;
    if let (Some(kept), Some(reason)) = (kept, &one.secret_reason) {
        secret::open(tx, &ctx, &mut stored, (who, name), kept, reason).await?;
    }
    if let (Some(answer), Some(at)) = (&one.answer, answered) {
        let step = Step::staff(at, who, name, Act::Write(answer));
        support::ticket::seed::more(tx, world, id, &[step]).await?;
    }
    Ok(())
}
