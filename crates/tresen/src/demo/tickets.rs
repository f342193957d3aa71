//! The tickets of the demo: those of customers, and those of people without an account.

use super::seed::{Placed, Stage};
use anyhow::{Context, Result};
use kernel::{Email, Moment, StaffId};
use serde::Deserialize;
use std::collections::HashMap;
use support::ticket::seed::{Act, Step, ticket};
use support::ticket::{Author, Channel, NewTicket, Priority, Proof, Side, Written};

#[derive(Deserialize)]
struct TicketFile {
    ticket: Vec<DemoTicket>,
}

#[derive(Deserialize)]
struct DemoTicket {
    customer: Option<usize>,
    /// Name, address, company.
    guest: Option<[String; 3]>,
    department: String,
    priority: String,
    subject: String,
    text: String,
    ago_minutes: u64,
    closed_ago_minutes: Option<u64>,
    closed_by: Option<String>,
    #[serde(default)]
    step: Vec<DemoStep>,
}

#[derive(Deserialize)]
struct DemoStep {
    by: String,
    ago_minutes: u64,
    text: String,
}

/// Writes all tickets of `tickets.toml`, in the order in which they came.
pub async fn fill(
    stage: &mut Stage<'_>,
    placed: &HashMap<usize, Placed>,
    staff: &HashMap<String, StaffId>,
) -> Result<()> {
    let mut file: TicketFile = toml::from_str(include_str!("../../demo/tickets.toml"))?;
    file.ticket
        .sort_by_key(|ticket| std::cmp::Reverse(ticket.ago_minutes));
    for one in &file.ticket {
        write(stage, placed, staff, one).await?;
    }
    Ok(())
}

async fn write(
    stage: &mut Stage<'_>,
    placed: &HashMap<usize, Placed>,
    staff: &HashMap<String, StaffId>,
    one: &DemoTicket,
) -> Result<()> {
    let owner = one
        .customer
        .map(|nr| placed.get(&nr).context("a ticket's customer"));
    let owner = owner.transpose()?;
    let author = match (owner, &one.guest) {
        (Some(owner), _) => Author {
            side: Side::Customer,
            id: Some(owner.owner.0),
            name: &owner.name,
        },
        (None, Some([name, ..])) => Author::stranger(name),
        (None, None) => anyhow::bail!("{}: of nobody", one.subject),
    };
    let (mail, company) = match &one.guest {
        Some([_, mail, company]) => (Email::parse(mail).ok(), Some(company.as_str())),
        None => (None, None),
    };
    let stranger = owner.is_none();
    let first = Written {
        channel: if stranger {
            Channel::Form
        } else {
            Channel::Portal
        },
        proof: if stranger {
            Proof::Unproven
        } else {
            Proof::Proven
        },
        ..Written::typed(author, one.text.trim())
    };
    let new = NewTicket {
        customer: owner.map(|owner| owner.customer),
        subject: &one.subject,
        department: &one.department,
        priority: Priority::parse(&one.priority).context("a ticket's priority")?,
        emergency: None,
        email: mail.as_ref(),
        company,
        claimed_number: None,
        language: owner.map_or(kernel::Locale::De, |owner| owner.locale),
        noted: None,
        first,
    };
    let by = |who: &str| match staff.get(who) {
        Some(id) => Author {
            side: Side::Staff,
            id: Some(id.0),
            name: name_of(staff, who),
        },
        None => author,
    };
    let mut steps: Vec<Step<'_>> = one
        .step
        .iter()
        .map(|step| Step {
            at: stage.moment(step.ago_minutes),
            by: by(&step.by),
            act: Act::Write(step.text.trim()),
        })
        .collect();
    if let Some(ago) = one.closed_ago_minutes {
        steps.push(Step {
            at: stage.moment(ago),
            by: by(one.closed_by.as_deref().unwrap_or("customer")),
            act: Act::Close,
        });
    }
    steps.sort_by_key(|step| step.at);
    // what is closed has been read; a fresh answer has not
    let fresh = one.closed_ago_minutes.is_none() && one.ago_minutes < 3 * 1440;
    let seen = (!fresh).then_some(stage.now());
    let at: Moment = stage.moment(one.ago_minutes);
    let (tx, world) = stage.parts();
    ticket(tx, world, at, &new, &steps, seen).await?;
    Ok(())
}

/// The name as the map holds it, which outlives the file.
fn name_of<'a>(staff: &'a HashMap<String, StaffId>, name: &str) -> &'a str {
    staff
        .get_key_value(name)
        .map_or("", |(name, _)| name.as_str())
}
