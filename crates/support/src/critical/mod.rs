//! "Kritisch" (SUP-4): an emergency is declared on a page of its own, never by a mail; it calls somebody at once.
//!
//! Here: the emergencies, raising and reclassifying. [`escalation`] has who is called when, [`steps`] where that is set,
//! [`webhook`] how a call goes out to another system.

pub mod alarm;
pub mod desk;
pub mod escalation;
pub mod portal;
pub mod steps;
pub mod store;
pub mod webhook;

use crate::ticket::{self, Author, Priority, Ticket, What};
use customers::customer::Kind as CustomerKind;
use customers::rights::TICKETS;
use db::{Tx, audit};
use identity::rights::{MESSAGES_ANSWER, TICKETS_MANAGE};
use kernel::{Ctx, Locale};
use serde_json::json;
use web::Texts;
use web::form::{Field, FieldValue, Options};
use web::{Access, Fault, Module, Place};

kernel::words! {
    /// The three emergencies.
    pub enum Emergency {
        Server = "server",
        Service = "service",
        Site = "site",
    }
}

impl Emergency {
    /// The key of its word.
    pub fn label(self) -> String {
        format!("emergency-{}", self.as_str())
    }
}

impl FieldValue for Emergency {
    const OPTIONS: Options = |texts, locale| {
        let option = |one: &Emergency| {
            let word = texts.get(locale, &one.label()).into_owned();
            (one.as_str().to_owned(), word)
        };
        Emergency::ALL.iter().map(option).collect()
    };
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        Emergency::parse(raw).ok_or_else(|| Fault::key("fault-emergency"))
    }
    fn raw(&self) -> String {
        self.as_str().to_owned()
    }
}

/// Whether a call-out without an emergency is charged: to all but consumers.
pub fn charged(kind: CustomerKind) -> bool {
    kind != CustomerKind::Private
}

/// Makes the ticket critical, and calls somebody. One that is critical stays as it is.
pub async fn raise(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    emergency: Emergency,
    charged: bool,
) -> db::Result<bool> {
    if ticket.priority == Priority::Critical || ticket.is_closed() {
        return Ok(false);
    }
    if !store::raise(tx, ticket.id, emergency).await? {
        return Ok(false);
    }
    ticket.priority = Priority::Critical;
    ticket.emergency = Some(emergency.as_str().to_owned());
    declared(tx, ctx, ticket, author, emergency, charged).await?;
    Ok(true)
}

/// What follows when a ticket is critical: the line in the thread, the log, the first call.
pub async fn declared(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    emergency: Emergency,
    charged: bool,
) -> db::Result<()> {
    ticket::event(tx, ctx, ticket, author, What::Raised, emergency.as_str()).await?;
    let detail = json!({
        "number": ticket.number,
        "emergency": emergency.as_str(),
        // whether the price list was accepted: without that a firm does not get here
        "price_list": charged,
    });
    note(tx, ctx, ticket, "ticket.raised", detail).await?;
    escalation::start(tx, ctx, ticket, emergency).await
}

/// Staff says that it is no emergency; the customer reads why, and can object.
pub async fn lower(
    tx: &mut Tx,
    ctx: &Ctx,
    texts: &Texts,
    ticket: &mut Ticket,
    author: Author<'_>,
    to: Priority,
    reason: &str,
) -> db::Result<bool> {
    if to == Priority::Critical || !store::lower(tx, ticket.id, to).await? {
        return Ok(false);
    }
    ticket.priority = to;
    let key = format!("ticket-priority-{}", to.as_str());
    let words = |locale| format!("{}. {reason}", texts.get(locale, &key));
    let line = format!("{}\n{}", words(Locale::De), words(Locale::En));
    ticket::event(tx, ctx, ticket, author, What::Lowered, &line).await?;
    store::end(tx, ticket.id, ctx.now).await?;
    let detail = json!({ "number": ticket.number, "to": to.as_str() });
    note(tx, ctx, ticket, "ticket.reclassified", detail).await?;
    Ok(true)
}

/// Two tickets become one: what was critical stays so, and whoever is called for it is called for what it became. Where
/// somebody is being called for that already, one call is enough.
pub async fn follow(
    tx: &mut Tx,
    ctx: &Ctx,
    from: &Ticket,
    into: &mut Ticket,
    author: Author<'_>,
) -> db::Result<()> {
    if from.priority != Priority::Critical || from.is_closed() {
        return store::end(tx, from.id, ctx.now).await;
    }
    let emergency = from.emergency.as_deref().and_then(Emergency::parse);
    let emergency = emergency.unwrap_or(Emergency::Service);
    if store::raise(tx, into.id, emergency).await? {
        into.priority = Priority::Critical;
        into.emergency = Some(emergency.as_str().to_owned());
        let word = into.priority.as_str();
        ticket::event(tx, ctx, into, author, What::Priority, word).await?;
    }
    let Some(open) = store::of_ticket(tx, from.id).await? else {
        return Ok(());
    };
    let act = match store::of_ticket(tx, into.id).await? {
        None => {
            store::move_to(tx, open, into).await?;
            "escalation.moved"
        }
        Some(_) => {
            store::end(tx, from.id, ctx.now).await?;
            "escalation.ended"
        }
    };
    let detail = json!({ "number": from.number, "other": into.number });
    note(tx, ctx, into, act, detail).await
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &Ticket,
    act: &'static str,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: ticket.customer_id,
        subject: ticket.kind.as_str(),
        subject_id: ticket.id.to_string(),
        detail,
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// How many calls nobody has taken over; the queue of tickets counts them with its own.
pub const COUNTER: &str = "escalations-open";

/// Pages, texts and jobs of this part.
pub(crate) fn part(module: Module) -> Module {
    let member = Access::member(TICKETS);
    let (staff, manager) = (
        Access::staff(MESSAGES_ANSWER),
        Access::staff(TICKETS_MANAGE),
    );
    module
        .texts(
            include_str!("../../texts/critical.de.ftl"),
            include_str!("../../texts/critical.en.ftl"),
        )
        .get(portal::NEW, member, portal::ask_new)
        .post(portal::NEW, member, portal::create)
        .upload_held(crate::secret::portal::FILE_BESIDE)
        .get(portal::RAISE, member, portal::ask)
        .post(portal::RAISE, member, portal::raise)
        .get(desk::LIST, staff, desk::list)
        .get(desk::BAR, staff, desk::bar)
        .post(desk::ACKNOWLEDGE, staff, desk::acknowledge)
        .get(desk::LOWER, staff, desk::ask)
        .post(desk::LOWER, staff, desk::lower)
        .get(steps::NEW, manager, steps::new)
        .post(steps::NEW, manager, steps::create)
        .get(steps::ONE, manager, steps::show)
        .post(steps::ONE, manager, steps::change)
        .post(steps::REMOVE, manager, steps::remove)
        .post(steps::KEY, manager, steps::renew)
        .nav(Place::Desk, 25, "escalation-nav", desk::LIST.url())
        .with_right(MESSAGES_ANSWER)
        .with_icon("warn")
        .with_counters(COUNTER, crate::desk::hooks::counted)
        .with_alarm("escalation-bar", desk::BAR)
        .page::<portal::CriticalPage>()
        .page::<desk::ListPage>()
        .page::<desk::BarPart>()
        .page::<desk::LowerPage>()
        .page::<desk::WaysPart>()
        .page::<steps::StepPage>()
        .mail::<alarm::Alarm>()
        .jobs(|registry| registry.job::<escalation::Call>().job::<webhook::Deliver>())
}
