//! A thread on the desk: what was written, who is to act, and what can be done.

use super::list::{Asked, QueueView};
use super::undo::Kept;
use super::words::{self, Words};
use super::{
    ACCEPT, CLOSE, DECLINE, DETAILS, HERE, LINK, MERGE, MOVE, NOTE, ONE, Part, QUEUE, REOPEN, TAKE,
    UNLINK, store, undo,
};
use crate::message::thread::{Entries, EntryView, STATES};
use crate::message::{Body, shown};
use crate::request::form::Reply as Answer;
use crate::ticket::{self, Channel, Kind, Priority, State, Ticket, TicketId};
use customers::rights::CUSTOMERS_VIEW;
use db::Tx;
use identity::rights::TICKETS_MANAGE;
use kernel::{Locale, Moment};
use serde::Serialize;
use std::time::Duration;
use web::form::{Builder, OptionView};
use web::{Bad, Files, FormView, Link, Page, Param, RawForm, Result, Staff};

/// Parts of the page that other modules of this crate give, in their order.
pub const PARTS: &[Part] = &[crate::critical::desk::ways];
/// The same, where something came by mail: other threads need not ask.
pub const MAIL_PARTS: &[Part] = &[crate::inbound::frame::mails];

/// Whoever wrote longer ago is not there any more.
pub(crate) const FRESH: Duration = Duration::from_secs(60);

web::form! {
    /// For staff only.
    pub struct Note as "desk-note"; {
        note: Body = text(20_000).rows(3),
        note_files: Files = files(),
    }
}

/// The customer as the thread names them.
#[derive(Debug, Clone, Serialize)]
pub struct Customer {
    pub number: String,
    pub name: String,
    /// The customer file, for those who may see it.
    pub href: Option<String>,
}

/// Another ticket.
#[derive(Debug, Clone, Serialize)]
pub struct Other {
    pub href: String,
    pub id: String,
    pub number: String,
    pub subject: String,
}

/// Who takes part.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    pub name: String,
    pub email: String,
    /// Mails to the address come back since then.
    pub bounced: Option<Moment>,
}

/// An answer of whoever looks, that can still be taken back.
#[derive(Debug, Clone, Serialize)]
pub struct PausedView {
    pub id: String,
    pub text: String,
    pub files: Vec<String>,
    pub seconds: i64,
}

/// What the customer said of it after the closing.
#[derive(Debug, Clone, Serialize)]
pub struct RatingView {
    pub good: bool,
    pub comment: String,
    pub at: Moment,
}

/// What stands beside the thread.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Beside {
    pub department: String,
    pub blocks: Vec<OptionView>,
    /// Who is writing right now.
    pub there: Vec<String>,
    pub links: Vec<Other>,
    pub people: Vec<Person>,
    pub into: Option<Other>,
    pub paused: Vec<PausedView>,
    /// Whose answers are about to go out.
    pub theirs: Vec<String>,
    pub rating: Option<RatingView>,
    /// What was taken back stands in the box.
    pub draft: bool,
    /// Its text and files, the older first.
    #[serde(skip)]
    pub drafts: Vec<(i64, String, String)>,
    #[serde(skip)]
    pub assignee: Option<String>,
}

impl Beside {
    pub(crate) async fn read(cx: &Staff, tx: &mut Tx, ticket: TicketId) -> db::Result<Self> {
        let mut beside = Beside::default();
        let fresh = cx.ctx.now - FRESH;
        for one in store::asides(tx, ticket, cx.staff, fresh).await? {
            let other = |one: &store::Aside| Other {
                href: one.id.map_or_else(String::new, |id| ONE.to(id)),
                id: one.id.map(|id| id.to_string()).unwrap_or_default(),
                number: one.more.clone(),
                subject: shown(cx, one.text.clone()),
            };
            match one.what.as_str() {
                "block" => beside.blocks.push(OptionView {
                    value: one.id.map(|id| id.to_string()).unwrap_or_default(),
                    label: one.text,
                    selected: false,
                }),
                "there" => beside.there.push(one.text),
                "link" => beside.links.push(other(&one)),
                "assignee" => beside.assignee = Some(one.text),
                "into" => beside.into = Some(other(&one)),
                "theirs" => beside.theirs.push(one.text),
                "draft" => beside.drafts.push((one.at, one.text, one.more)),
                "paused" => beside.paused.push(PausedView {
                    id: one.id.map(|id| id.to_string()).unwrap_or_default(),
                    text: one.text,
                    files: Kept::read(&one.more).into_iter().map(|f| f.name).collect(),
                    seconds: ((one.at - cx.ctx.now.micros()) / 1_000_000 + 1).clamp(1, 60),
                }),
                "good" | "bad" => {
                    beside.rating = Some(RatingView {
                        good: one.what == "good",
                        comment: one.text,
                        at: Moment::from_micros(one.at),
                    });
                }
                "person" => beside.people.push(Person {
                    name: one.text,
                    email: one.more,
                    bounced: (one.at > 0).then(|| Moment::from_micros(one.at)),
                }),
                "department" => {
                    beside.department = match cx.ctx.locale {
                        Locale::De => one.text,
                        Locale::En => one.more,
                    }
                }
                _ => {}
            }
        }
        beside.blocks.sort_by(|a, b| a.label.cmp(&b.label));
        beside.drafts.sort();
        Ok(beside)
    }

    fn sample() -> Self {
        let other = Other {
            href: ONE.to("2"),
            id: "2".into(),
            number: "10002".into(),
            subject: "Noch <eins>".into(),
        };
        let person = |bounced: bool| Person {
            name: if bounced {
                String::new()
            } else {
                "Jana".into()
            },
            email: if bounced {
                "jana@post.example".into()
            } else {
                String::new()
            },
            bounced: bounced.then(|| Moment::from_micros(1_795_000_000_000_000)),
        };
        Beside {
            department: "Technik".into(),
            blocks: vec![OptionView {
                value: "1".into(),
                label: "Begrüßung".into(),
                selected: false,
            }],
            there: vec!["Sina Lorenzen".into()],
            links: vec![other.clone()],
            people: vec![person(true), person(false)],
            into: Some(other),
            paused: vec![PausedView {
                id: "1".into(),
                text: "Wir <sehen> nach.".into(),
                files: vec!["Bild.png".into()],
                seconds: 10,
            }],
            theirs: vec!["Sina Lorenzen".into()],
            rating: Some(RatingView {
                good: false,
                comment: "Zu <langsam>".into(),
                at: Moment::from_micros(1_795_000_000_000_000),
            }),
            draft: true,
            drafts: Vec::new(),
            assignee: None,
        }
    }
}

/// Where things on the page lead or are posted to.
#[derive(Debug, Clone, Serialize)]
pub struct Ways {
    /// Back to the queue alone.
    pub list: String,
    /// Closing or opening again.
    pub turn: String,
    pub take: String,
    /// What is decided about a mail that is held.
    pub accept: String,
    pub decline: String,
    pub note: String,
    pub take_back: String,
    pub forget: String,
    pub details: String,
    pub here: String,
    pub link: String,
    pub unlink: String,
    /// For those who may.
    pub merge: Option<String>,
    /// The number of the entry goes behind it; for those who may.
    pub part: Option<String>,
}

impl Ways {
    fn of(cx: &Staff, asked: &Asked, ticket: &Ticket) -> Self {
        let turn = if ticket.is_closed() { REOPEN } else { CLOSE };
        let id = ticket.id;
        let manage = cx.may(TICKETS_MANAGE);
        Ways {
            list: asked.link(QUEUE.pattern(), &[]),
            turn: asked.link(&turn.to(id), &[]),
            take: asked.link(&TAKE.to(id), &[]),
            accept: asked.link(&ACCEPT.to(id), &[]),
            decline: asked.link(&DECLINE.to(id), &[]),
            note: asked.link(&NOTE.to(id), &[]),
            take_back: asked.link(&undo::TAKE_BACK.to(id), &[]),
            forget: asked.link(&undo::FORGET.to(id), &[]),
            details: asked.link(&DETAILS.to(id), &[]),
            here: HERE.to(id),
            link: asked.link(&LINK.to(id), &[]),
            unlink: asked.link(&UNLINK.to(id), &[]),
            merge: manage.then(|| asked.link(&MERGE.to(id), &[])),
            part: manage.then(|| format!("{}?eintrag=", MOVE.to(id))),
        }
    }
}

#[derive(Debug, Serialize)]
pub struct ThreadPage {
    pub queue: QueueView,
    pub subject: String,
    pub number: i64,
    pub kind: Kind,
    pub state: State,
    pub priority: Priority,
    pub customer: Option<Customer>,
    pub opened_at: Moment,
    pub opened_by: String,
    pub email: Option<String>,
    pub company: Option<String>,
    /// The customer number that a guest typed.
    pub claimed: Option<String>,
    pub waiting_since: Option<Moment>,
    pub due: Option<Moment>,
    pub overdue: bool,
    pub assignee: Option<String>,
    /// Whether it lies with whoever looks.
    pub mine: bool,
    pub beside: Beside,
    pub entries: Entries,
    pub older: Option<Link>,
    pub form: FormView,
    pub note: FormView,
    pub ways: Ways,
    /// Where it is told how mails came here, if that does not stand on the page.
    pub mails: Option<String>,
    /// Drawn already, by other modules.
    pub drawn: Vec<String>,
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "support/desk/thread.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let Some(queue) = QueueView::samples().pop() else {
            return Vec::new();
        };
        let ways = |full: bool| Ways {
            list: QUEUE.url(),
            turn: CLOSE.to("1"),
            take: TAKE.to("1"),
            accept: ACCEPT.to("1"),
            decline: DECLINE.to("1"),
            note: NOTE.to("1"),
            take_back: undo::TAKE_BACK.to("1"),
            forget: undo::FORGET.to("1"),
            details: DETAILS.to("1"),
            here: HERE.to("1"),
            link: LINK.to("1"),
            unlink: UNLINK.to("1"),
            merge: full.then(|| MERGE.to("1")),
            part: full.then(|| format!("{}?eintrag=", MOVE.to("1"))),
        };
        let notes = FormView::samples::<Note>();
        let page = |state: State, form: &FormView, note: &FormView| ThreadPage {
            queue: QueueView {
                filters: None,
                ..queue.clone()
            },
            subject: "Die Kasse zeigt <502>".into(),
            number: 10_001,
            kind: if state == State::New {
                Kind::Message
            } else {
                Kind::Ticket
            },
            state,
            priority: if state == State::Open {
                Priority::Critical
            } else {
                Priority::Normal
            },
            customer: (state != State::New).then(|| Customer {
                number: "K-10001".into(),
                name: "Jana Petersen".into(),
                href: (state == State::Open).then(|| "/desk/kunden/1".into()),
            }),
            opened_at: at,
            opened_by: "Jana Petersen".into(),
            email: (state == State::New).then(|| "jana@post.example".into()),
            company: (state == State::New).then(|| "Petersen & Söhne".into()),
            claimed: (state == State::New).then(|| "K-10009".into()),
            waiting_since: matches!(state, State::New | State::Open).then_some(at),
            due: matches!(state, State::New | State::Open).then_some(at),
            overdue: state == State::Open,
            assignee: (state == State::Open).then(|| "Malte Brodersen".into()),
            mine: state == State::Open,
            beside: if state == State::Closed {
                Beside::sample()
            } else {
                Beside {
                    into: None,
                    there: Vec::new(),
                    paused: Vec::new(),
                    theirs: Vec::new(),
                    draft: false,
                    rating: (state == State::Open).then(|| RatingView {
                        good: true,
                        comment: String::new(),
                        at,
                    }),
                    ..Beside::sample()
                }
            },
            entries: Entries {
                shown: EntryView::samples(),
                ..Entries::default()
            },
            older: (state == State::New).then(|| Link {
                href: "?vor=9".into(),
                label: "Ältere".into(),
            }),
            form: form.clone(),
            note: note.clone(),
            ways: ways(state != State::New),
            mails: (state == State::New).then(|| "?mails=1".into()),
            drawn: vec!["<p>…</p>".into()],
        };
        let forms = FormView::samples::<Answer>();
        STATES
            .iter()
            .zip(forms.iter().cycle())
            .zip(notes.iter().cycle())
            .map(|((state, form), note)| page(*state, form, note))
            .collect()
    }
}

/// What stands in the boxes of a thread.
pub(crate) enum Reply<'a> {
    Empty,
    Bad(&'a Bad),
    BadNote(&'a Bad),
    /// Kept, because something was added to the thread meanwhile.
    Kept(&'a RawForm),
    /// With a text block put in.
    Filled(&'a RawForm),
}

pub(crate) async fn page(
    cx: &Staff,
    tx: &mut Tx,
    ticket: Ticket,
    reply: Reply<'_>,
) -> Result<ThreadPage> {
    let asked = Asked::of(cx);
    let (queue, names) = QueueView::read(cx, tx, &asked, Some(&ticket)).await?;
    let mut entries = Entries::read(cx, tx, &ticket, cx.staff.0, true, cx.query("vor")).await?;
    let by_mail = |entry: &EntryView| entry.channel == Channel::Mail;
    let mailed = entries.shown.iter().any(by_mail);
    // a page has a budget of statements: where there are files, the mails are a link away
    let mails = mailed && (ticket.files == 0 || cx.query("mails").is_some());
    if !mails {
        entries = entries
            .with_files(cx, tx, &ticket, true, |id| super::FILE.to(id))
            .await?;
    }
    let mut beside = Beside::read(cx, tx, ticket.id).await?;
    let customer = ticket.customer_id.and_then(|id| {
        let (number, name) = names.get(&id)?.clone();
        let href = cx
            .may(CUSTOMERS_VIEW)
            .then(|| customers::customer::desk::FILE.to(id));
        Some(Customer { number, name, href })
    });
    let mut drawn = Vec::new();
    let more = MAIL_PARTS.iter().filter(|_| mails);
    for part in PARTS.iter().chain(more) {
        if let Some(tile) = part(cx, tx, &ticket).await? {
            drawn.push(cx.draw(&tile)?);
        }
    }
    let drafts = std::mem::take(&mut beside.drafts);
    // where the box holds something else, a draft stays behind it
    beside.draft = !drafts.is_empty() && matches!(reply, Reply::Empty | Reply::BadNote(_));
    let here = ONE.to(ticket.id);
    let seen = ticket.entries.to_string();
    let form = cx
        .form::<Answer>(asked.link(&here, &[("stand", &seen)]))
        .submit("answer-send");
    let note = cx
        .form::<Note>(asked.link(&NOTE.to(ticket.id), &[]))
        .submit("desk-note-save");
    Ok(ThreadPage {
        older: entries.older.as_ref().map(|seq| Link {
            href: asked.link(&here, &[("vor", seq)]),
            label: cx.text("message-older"),
        }),
        overdue: ticket.due_at.is_some_and(|due| due < cx.ctx.now),
        ways: Ways::of(cx, &asked, &ticket),
        mails: (mailed && !mails).then(|| asked.link(&here, &[("mails", "1")])),
        queue,
        subject: shown(cx, ticket.subject),
        number: ticket.number,
        kind: ticket.kind,
        state: ticket.state,
        priority: ticket.priority,
        customer,
        opened_at: ticket.opened_at,
        opened_by: ticket.requester_name,
        email: ticket.requester_email.map(|email| email.to_string()),
        company: ticket.company,
        claimed: ticket.claimed_number,
        waiting_since: ticket.waiting_since,
        due: ticket.due_at,
        assignee: beside.assignee.clone(),
        mine: ticket.assignee_id == Some(cx.staff),
        beside,
        entries,
        note: match &reply {
            Reply::BadNote(bad) => note.bad(bad),
            _ => note.empty(),
        },
        form: match reply {
            Reply::Empty | Reply::BadNote(_) if drafts.is_empty() => form.empty(),
            Reply::Empty | Reply::BadNote(_) => drafted(cx, form, drafts),
            Reply::Bad(bad) => form.bad(bad),
            Reply::Kept(raw) => form.error("answer-meanwhile").raw(raw),
            Reply::Filled(raw) => form.raw(raw),
        },
        drawn,
    })
}

/// The answer form with what was taken back.
fn drafted(cx: &Staff, form: Builder<'_>, drafts: Vec<(i64, String, String)>) -> FormView {
    let texts: Vec<&str> = drafts.iter().map(|(_, text, _)| text.as_str()).collect();
    let mut raw = RawForm::default();
    raw.set("text", texts.join("\n\n"));
    let mut form = form.raw(&raw);
    if let Some(field) = form.rows.iter_mut().flatten().find(|f| f.name == "files") {
        let kept = drafts.iter().flat_map(|(.., files)| Kept::read(files));
        field.kept = kept.map(|file| file.view(cx)).collect();
    }
    form
}

pub async fn show(cx: Staff, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = ticket::store::any(&mut tx, id).await?;
    let page = page(&cx, &mut tx, ticket, Reply::Empty).await?;
    cx.page(page)
}

/// Any file of a ticket or message.
pub async fn file(cx: Staff, Param(id): Param<files::FileId>) -> Result {
    let mut tx = cx.read().await?;
    let file = files::one(&mut tx, id).await?;
    drop(tx);
    let file = file.filter(|file| file.owner_kind == "ticket");
    let file = file.ok_or(web::Error::NotFound)?;
    cx.send_file(&file, web::Reader::Staff).await
}

/// What text blocks put in for their variables, on this thread.
pub(crate) async fn words(cx: &Staff, tx: &mut Tx, ticket: &Ticket) -> Result<Words> {
    let customer = match ticket.customer_id {
        Some(id) => {
            let prefix = &cx.app.settings().number_prefix;
            let label = customers::customer::label(tx, id, prefix).await?;
            Some((label.name, label.number))
        }
        None => None,
    };
    let people = ticket::people::all(tx, ticket.id).await?;
    let locale = people.first().map_or(cx.ctx.locale, |first| first.language);
    let department = ticket::department::one(tx, &ticket.department).await?;
    Ok(words::Words {
        locale,
        customer: customer.as_ref().map_or_else(
            || ticket.company.clone().unwrap_or_default(),
            |(name, _)| name.clone(),
        ),
        customer_number: customer.map(|(_, number)| number).unwrap_or_default(),
        number: ticket.number.to_string(),
        name: ticket.requester_name.clone(),
        subject: ticket.subject.clone(),
        department: department
            .map(|department| department.name(locale).to_owned())
            .unwrap_or_default(),
        staff: cx
            .session()
            .map(|session| session.name.clone())
            .unwrap_or_default(),
    })
}
