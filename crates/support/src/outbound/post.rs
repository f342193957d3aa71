//! Whom a text goes to, and sending it there: after the fact, told by an event, once to each.

use super::mails::{Answer, Arrived, FileLine, Joined};
use super::store::{self, Carried};
use super::{Reference, Ways, message_id, paper, reply_address};
use crate::ticket::people::{self, Participant, Role};
use crate::ticket::store::{self as threads, Entry};
use crate::ticket::{
    self, Channel, EntryId, Kind, ParticipantId, Proof, Side, Ticket, TicketId, What,
};
use customers::customer::Told;
use customers::{member, rights};
use db::Tx;
use files::FileId;
use futures_util::future::BoxFuture;
use jobs::{Event, Job, JobCx, Outcome, Registry};
use kernel::{Ctx, Email, Locale, UserId, is_blank};
use mail::{Back, By, Headers, Slot};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use web::{App, Envelope, LateApp, MailPage, Path, Path1};

/// How often a transaction that must be run again is, before the queue takes it over.
const RUNS: usize = 10;
/// To an address that nobody has proved, one mail that says that something arrived goes in this time.
const QUIET: Duration = Duration::from_secs(3600);
/// To one whose mail to us proved that it is theirs, so many.
const ACKNOWLEDGED: i64 = 5;

const CONFIRMED: &str = "support.ticket-confirmation";
const RECEIVED: &str = "support.ticket-received";

pub(super) fn jobs(registry: Registry) -> Registry {
    registry
        .on(
            ticket::WRITTEN,
            "support.ticket-mails",
            |event, cx| async move {
                run(&cx, |app, cx| Box::pin(written(app, cx, event.clone()))).await
            },
        )
        .on(
            ticket::CHANGED,
            "support.ticket-people",
            |event, cx| async move {
                run(&cx, |app, cx| Box::pin(changed(app, cx, event.clone()))).await
            },
        )
        .job::<Acknowledge>()
}

/// Runs work that draws mails, again where the database asks for it.
pub(super) async fn run<F>(cx: &JobCx, work: F) -> Outcome
where
    F: for<'a> Fn(&'a App, &'a JobCx) -> BoxFuture<'a, web::Result<()>> + Send,
{
    let Some(app) = LateApp::of(cx) else {
        return Outcome::Retry("the application does not stand yet".into());
    };
    for _ in 0..RUNS {
        match work(&app, cx).await {
            Ok(()) => return Outcome::Done,
            Err(web::Error::Retry) => {}
            Err(error) => return Outcome::Retry(error.to_string()),
        }
    }
    Outcome::Retry("the database is busy".into())
}

/// One thread with those who take part, for the mails of one entry.
struct Round<'a> {
    app: &'a App,
    ctx: &'a Ctx,
    ways: Arc<Ways>,
    ticket: Ticket,
}

impl<'a> Round<'a> {
    async fn of(app: &'a App, ctx: &'a Ctx, tx: &mut Tx, id: &str) -> web::Result<Option<Self>> {
        let Ok(id) = id.parse::<TicketId>() else {
            return Ok(None);
        };
        let ticket = match threads::any(tx, id).await {
            Err(db::Error::Missing) => return Ok(None),
            found => found?,
        };
        // of a message only that an answer waits is told (SUP-8), and that is done where it is answered
        if ticket.kind != Kind::Ticket {
            return Ok(None);
        }
        Ok(Some(Round {
            app,
            ctx,
            ways: super::ways(app),
            ticket,
        }))
    }
}

async fn written(app: &App, cx: &JobCx, event: Event) -> web::Result<()> {
    let ctx = &cx.ctx;
    let mut tx = cx.db.begin().await?;
    let Some(round) = Round::of(app, ctx, &mut tx, &event.subject).await? else {
        return Ok(());
    };
    let Ok(id) = event.id.parse::<EntryId>() else {
        return Ok(());
    };
    // moved to another thread by now, or taken out
    let Some(entry) = threads::entry(&mut tx, round.ticket.id, id).await? else {
        return Ok(());
    };
    if entry.internal || entry.kind != What::Text {
        return Ok(());
    }
    if entry.seq == 1 && entry.channel == Channel::Form {
        round.confirm(&mut tx, &entry, CONFIRMED).await?;
    }
    round.spread(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(())
}

async fn changed(app: &App, cx: &JobCx, event: Event) -> web::Result<()> {
    let ctx = &cx.ctx;
    let mut tx = cx.db.begin().await?;
    let Some(round) = Round::of(app, ctx, &mut tx, &event.subject).await? else {
        return Ok(());
    };
    round.welcome(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// A person a mail goes to.
struct Recipient {
    participant: Participant,
    email: Email,
    name: String,
    user: Option<UserId>,
    locale: Locale,
}

impl Round<'_> {
    /// The text to everybody who takes part and sees it, but for the one who wrote it.
    async fn spread(&self, tx: &mut Tx, entry: &Entry) -> web::Result<()> {
        let people = people::all(tx, self.ticket.id).await?;
        let author = author(tx, entry, &people).await?;
        if !goes_out(entry, author) || store::by_machine(tx, entry.id).await? {
            return Ok(());
        }
        let files = threads::files(tx, self.ticket.id, false).await?;
        let files: Vec<_> = files
            .into_iter()
            .filter(|file| file.entry_id == entry.id)
            .collect();
        for to in self.with_contacts(tx, people, entry.seq).await? {
            let sees = to.participant.since_seq <= entry.seq;
            if Some(to.participant.id) == author || to.participant.muted || !sees {
                continue;
            }
            let mut lines = Vec::new();
            let mut slots = Vec::new();
            for (at, file) in files.iter().enumerate() {
                let slot = match to.user {
                    Some(_) => None,
                    None => self.file_slot(&to.participant, at, file.file_id),
                };
                lines.push(FileLine {
                    name: file.name.clone(),
                    size: web::size_text(self.app.texts(), to.locale, file.size),
                    link: slot.as_ref().map(|slot| mail::slot(slot.name)),
                });
                slots.extend(slot);
            }
            let page = Answer {
                number: self.ticket.number,
                topic: self.topic(to.locale),
                by: entry.author_name.clone(),
                ours: entry.author_kind == Side::Staff,
                text: entry.text.clone(),
                files: lines,
                url: to.user.map(|_| self.absolute(&ONE.to(self.ticket.id))),
                can_answer: self.ways.can_answer(),
                ask: self.absolute(&ASK.url()),
            };
            let kind = "support.ticket-answer";
            let what = (entry.id, entry.seq, slots);
            self.send(tx, what, &to, By::Person, kind, page).await?;
        }
        Ok(())
    }

    /// Says to the requester that the ticket is there, if this may still be said to the address.
    async fn confirm(&self, tx: &mut Tx, entry: &Entry, kind: &'static str) -> web::Result<()> {
        let people = people::all(tx, self.ticket.id).await?;
        let requester = people
            .into_iter()
            .filter(|one| one.role == Role::Requester && one.user_id.is_none())
            .collect();
        let Some(to) = self.recipients(tx, requester).await?.pop() else {
            return Ok(());
        };
        if mail::refusal(tx, &to.email).await?.is_some() {
            return Ok(());
        }
        let proved = kind == RECEIVED && entry.proof == Proof::Proven;
        let most = if proved { ACKNOWLEDGED } else { 1 };
        let since = self.ctx.now - QUIET;
        if mail::recent(tx, &to.email, kind, since, most).await? >= most {
            return Ok(());
        }
        let page = Arrived {
            number: self.ticket.number,
            by_mail: kind == RECEIVED,
            can_answer: self.ways.can_answer(),
        };
        // the name is the sender's word, too
        let to = Recipient {
            name: String::new(),
            ..to
        };
        let by = if kind == RECEIVED {
            By::Answering
        } else {
            By::Machine
        };
        let what = (entry.id, entry.seq, Vec::new());
        self.send(tx, what, &to, by, kind, page).await
    }

    fn file_slot(&self, to: &Participant, at: usize, file: FileId) -> Option<Slot> {
        let origin = &self.app.settings().public_url;
        let (world, now) = (&self.ctx.world, self.ctx.now);
        paper::slot(world, now, self.ticket.id, to, at, file, origin)
    }

    /// Tells those who were added.
    async fn welcome(&self, tx: &mut Tx) -> web::Result<()> {
        let untold = store::untold(tx, self.ticket.id).await?;
        if untold.is_empty() {
            return Ok(());
        }
        let people = people::all(tx, self.ticket.id).await?;
        for to in self.recipients(tx, people).await? {
            let Some(line) = untold.iter().find(|line| line.id == to.participant.id) else {
                continue;
            };
            let page = Joined {
                number: self.ticket.number,
                by: line.by.clone(),
                ours: line.by_kind == Side::Staff,
                can_answer: self.ways.can_answer(),
            };
            let kind = "support.ticket-joined";
            let what = (line.entry_id, line.seq, Vec::new());
            self.send(tx, what, &to, By::Machine, kind, page).await?;
        }
        Ok(())
    }

    /// With the customer's contacts for support mail, who take part from this entry on.
    async fn with_contacts(
        &self,
        tx: &mut Tx,
        people: Vec<Participant>,
        seq: i64,
    ) -> db::Result<Vec<Recipient>> {
        let contacts = match self.ticket.customer_id {
            Some(customer) => customers::customer::support_contacts(tx, customer).await?,
            None => Vec::new(),
        };
        let wanted = |one: &Participant| {
            let is = |contact: &Told| Some(&contact.email) == one.email.as_ref();
            one.role != Role::Contact || contacts.iter().any(is)
        };
        let people: Vec<Participant> = people.into_iter().filter(wanted).collect();
        let mut found = self.recipients(tx, people).await?;
        for contact in &contacts {
            if found.iter().any(|known| known.email == contact.email) {
                continue;
            }
            people::enter_contact(tx, self.ctx, &self.ticket, contact, seq).await?;
            let entered = people::by_email(tx, self.ticket.id, &contact.email).await?;
            found.extend(entered.map(|participant| Recipient {
                participant,
                email: contact.email.clone(),
                name: contact.name.clone(),
                user: None,
                locale: contact.locale,
            }));
        }
        Ok(found)
    }

    /// With their addresses as of now. A user whose right is gone, or whose address nobody has proved, gets nothing.
    async fn recipients(
        &self,
        tx: &mut Tx,
        people: Vec<Participant>,
    ) -> db::Result<Vec<Recipient>> {
        let users = match self.ticket.customer_id {
            Some(customer) if people.iter().any(|one| one.user_id.is_some()) => {
                member::with_right(tx, customer, rights::TICKETS).await?
            }
            _ => Vec::new(),
        };
        let mut found: Vec<Recipient> = Vec::new();
        for participant in people {
            let to = match (participant.user_id, &participant.email) {
                (Some(user), _) => {
                    users
                        .iter()
                        .find(|(id, ..)| *id == user)
                        .map(|(_, email, name, locale)| {
                            (email.clone(), name.clone(), Some(user), *locale)
                        })
                }
                (None, Some(email)) => Some((
                    email.clone(),
                    participant.name.clone(),
                    None,
                    participant.language,
                )),
                (None, None) => None,
            };
            // whoever takes part as a user and by the same address gets one mail
            if let Some((email, name, user, locale)) = to
                && !found.iter().any(|known| known.email == email)
            {
                found.push(Recipient {
                    participant,
                    email,
                    name,
                    user,
                    locale,
                });
            }
        }
        Ok(found)
    }

    /// `what`: the entry, its place in the thread, and the links to its files.
    async fn send(
        &self,
        tx: &mut Tx,
        (entry, seq, slots): (EntryId, i64, Vec<Slot>),
        to: &Recipient,
        by: By,
        kind: &'static str,
        page: impl MailPage,
    ) -> web::Result<()> {
        let world = &self.ctx.world;
        let (ticket, participant) = (self.ticket.id, to.participant.id);
        let carried = Carried {
            ticket,
            entry,
            seq,
            participant,
        };
        if !store::book(tx, self.ctx.now, carried, None).await? {
            return Ok(());
        }
        let of = |entry| Reference {
            ticket,
            entry,
            participant,
        };
        let before = store::before(tx, participant, seq).await?;
        let references = before
            .into_iter()
            .filter_map(|one| match one.came_as {
                Some(id) => Some(id),
                None => message_id(
                    world,
                    &self.ways,
                    Reference {
                        ticket: one.ticket_id,
                        ..of(one.entry_id)
                    },
                ),
            })
            .collect();
        let reply_to = reply_address(
            world,
            &self.ways,
            ticket,
            participant,
            to.participant.generation,
        );
        let headers = Headers {
            message_id: message_id(world, &self.ways, of(entry)),
            references,
            back: reply_to.clone().map_or(Back::Sender, Back::To),
            reply_to,
            by,
            topic: Some((ticket.0, self.topic(to.locale))).filter(|_| by == By::Person),
        };
        let envelope = Envelope {
            to: to.email.clone(),
            to_name: to.name.clone(),
            customer: self.ticket.customer_id,
            user: to.user,
            kind,
            locale: to.locale,
            slots,
        };
        web::send_mail_with(tx, self.app, self.ctx, envelope, page, &headers).await
    }

    fn topic(&self, locale: Locale) -> String {
        if is_blank(&self.ticket.subject) {
            self.app
                .texts()
                .get(locale, "message-no-subject")
                .into_owned()
        } else {
            self.ticket.subject.clone()
        }
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.app.settings().public_url)
    }
}

/// Where a ticket is read, and where one asks without an account.
const ONE: Path1 = Path1::new("/tickets/{id}");
const ASK: Path = Path::new("/ticket-einreichen");

/// Which of those who take part wrote it, as far as it is known.
async fn author(
    tx: &mut Tx,
    entry: &Entry,
    people: &[Participant],
) -> db::Result<Option<ParticipantId>> {
    if entry.author_kind == Side::Staff {
        return Ok(None);
    }
    if let Some(user) = entry.author_id {
        let found = people.iter().find(|one| one.user_id == Some(UserId(user)));
        return Ok(found.map(|one| one.id));
    }
    if let Some(known) = store::came_from(tx, entry.id).await? {
        return Ok(Some(known));
    }
    let requester = people.iter().find(|one| one.role == Role::Requester);
    Ok(requester.filter(|_| entry.seq == 1).map(|one| one.id))
}

/// What we write goes to all. What somebody else wrote goes to the others when it is certain who that was, and was
/// written by one who takes part: what a mail claims is not passed on, unless staff took it for true.
fn goes_out(entry: &Entry, author: Option<ParticipantId>) -> bool {
    let certain = matches!(entry.proof, Proof::Proven | Proof::Accepted);
    entry.author_kind == Side::Staff || (certain && author.is_some())
}

/// Notes that an entry came by mail from one who takes part, under the id of that mail: it does not go back there, and
/// later mails name it. Part of the transaction that writes the entry.
pub async fn came_from(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: TicketId,
    entry: EntryId,
    seq: i64,
    from: ParticipantId,
    message_id: &str,
) -> db::Result<()> {
    let carried = Carried {
        ticket,
        entry,
        seq,
        participant: from,
    };
    store::book(tx, ctx.now, carried, Some(message_id))
        .await
        .map(drop)
}

/// Says to the sender of a mail that opened a ticket that it is there. Once a ticket, and only a few times an hour to
/// one address; whoever calls this has made sure that no machine wrote it.
pub async fn acknowledge(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: TicketId,
    entry: EntryId,
) -> db::Result<()> {
    jobs::enqueue(tx, ctx, &Acknowledge { ticket, entry }).await?;
    Ok(())
}

#[derive(Debug, Serialize, Deserialize)]
struct Acknowledge {
    ticket: TicketId,
    entry: EntryId,
}

impl Job for Acknowledge {
    const KIND: &'static str = "support.ticket-acknowledge";

    async fn run(self, cx: &JobCx) -> Outcome {
        run(cx, |app, cx| {
            Box::pin(acknowledged(app, cx, self.ticket, self.entry))
        })
        .await
    }
}

async fn acknowledged(app: &App, cx: &JobCx, ticket: TicketId, entry: EntryId) -> web::Result<()> {
    let ctx = &cx.ctx;
    let mut tx = cx.db.begin().await?;
    let Some(round) = Round::of(app, ctx, &mut tx, &ticket.to_string()).await? else {
        return Ok(());
    };
    if let Some(entry) = threads::entry(&mut tx, ticket, entry).await? {
        round.confirm(&mut tx, &entry, RECEIVED).await?;
    }
    tx.commit().await?;
    Ok(())
}
