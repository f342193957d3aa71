//! Mails that need a person: held back, failed, or dropped; look, try again, put where they belong (SUP-9).

use super::take::{self, Decided, Went};
use super::{TakeIn, store};
use crate::desk as tickets;
use crate::ticket::TicketId;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use identity::rights::QUARANTINE_HANDLE;
use intake::store::{Before, Listed, Pause, State};
use intake::{Envelope, InboundId, Limits};
use kernel::{Moment, Uuid, is_blank};
use serde::Serialize;
use std::sync::Arc;
use web::form::FormView;
use web::{Cx, Error, PAGE, Page, Pager, Param, Path, Path1, Posted, RawForm, Result, Staff};

pub const LIST: Path = Path::new("/desk/posteingang");
pub const ONE: Path1 = Path1::new("/desk/posteingang/{id}");
pub const RETRY: Path1 = Path1::new("/desk/posteingang/{id}/nochmals");
pub const TAKE: Path1 = Path1::new("/desk/posteingang/{id}/annehmen");
pub const DROP: Path1 = Path1::new("/desk/posteingang/{id}/verwerfen");
pub const RESUME: Path = Path::new("/desk/posteingang/freigeben");
pub const ORIGINAL: Path1 = Path1::new("/desk/posteingang/{id}/original");

/// States that have a tab.
const TABS: [State; 4] = [State::Quarantine, State::New, State::Done, State::Dropped];
/// So much of a text is shown before anybody decided about it.
const SHOWN: usize = 5_000;

web::form! {
    /// Where a held mail goes: into a ticket, or into one of its own.
    pub struct Place as "inbox-place"; {
        number: Option<String> = line(20).autocomplete("off"),
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub current: bool,
    pub count: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub subject: String,
    pub sender: String,
    pub reason: String,
    pub state: State,
    pub at: Moment,
}

impl Row {
    fn of(cx: &Cx, one: Listed) -> Self {
        Row {
            href: ONE.to(one.id),
            subject: if is_blank(&one.subject) {
                cx.text("inbox-no-subject")
            } else {
                one.subject
            },
            sender: one.sender,
            reason: reason(cx, one.state, &one.reason),
            state: one.state,
            at: one.received_at,
        }
    }

    fn samples() -> Vec<Self> {
        TABS.iter()
            .map(|state| Row {
                href: ONE.to("1"),
                subject: "Ihre <Bestätigung>".into(),
                sender: "no-reply@dienst.example".into(),
                reason: if *state == State::New {
                    String::new()
                } else {
                    "Zu viele".into()
                },
                state: *state,
                at: Moment::from_micros(1_795_000_000_000_000),
            })
            .collect()
    }
}

fn reason(cx: &Cx, state: State, word: &str) -> String {
    if word.is_empty() || state == State::New {
        return String::new();
    }
    cx.text(&format!("inbox-reason-{word}"))
}

/// A mailbox, and what is wrong with it.
#[derive(Debug, Clone, Serialize)]
pub struct BoxRow {
    pub name: String,
    pub at: Moment,
    pub error: String,
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    pub tabs: Vec<Tab>,
    pub pager: Pager,
    pub state: State,
    pub boxes: Vec<BoxRow>,
    pub pauses: Vec<Pause>,
    pub resume: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "support/inbound/list.html";
    fn samples() -> Vec<Self> {
        let page = |rows: Vec<Row>, state: State| ListPage {
            tabs: vec![Tab {
                href: LIST.url(),
                label: "Zu klären".into(),
                current: true,
                count: (!rows.is_empty()).then_some(3),
            }],
            pager: Pager {
                older: (!rows.is_empty()).then(|| LIST.url()),
                ..Pager::default()
            },
            state,
            boxes: vec![
                BoxRow {
                    name: "imap:support@mail.example/INBOX".into(),
                    at: Moment::from_micros(1_795_000_000_000_000),
                    error: if rows.is_empty() {
                        String::new()
                    } else {
                        "connection refused".into()
                    },
                };
                usize::from(state != State::Done)
            ],
            pauses: if rows.is_empty() {
                Vec::new()
            } else {
                vec![Pause {
                    sender: "bot@dienst.example".into(),
                    until: Moment::from_micros(1_795_000_000_000_000),
                    reason: "machines".into(),
                }]
            },
            rows,
            resume: RESUME.url(),
        };
        let mut all: Vec<_> = TABS.iter().map(|state| page(Vec::new(), *state)).collect();
        all.push(page(Row::samples(), State::Quarantine));
        all
    }
}

fn key(row: &Listed) -> String {
    format!("{}-{}", row.received_at.micros(), row.id)
}

fn before(key: &str) -> Option<Before> {
    let (at, id) = key.split_once('-')?;
    Some((
        Moment::from_micros(at.parse().ok()?),
        InboundId::from(Uuid::try_parse(id).ok()?),
    ))
}

pub async fn list(cx: Staff) -> Result {
    let state = cx
        .query("zustand")
        .and_then(State::parse)
        .unwrap_or(State::Quarantine);
    let mut tx = cx.read().await?;
    let from = cx.query("nach").and_then(before);
    let mut found = intake::store::list(&mut tx, state, from, PAGE as i64 + 1).await?;
    let waiting = intake::store::waiting(&mut tx).await?;
    let boxes = intake::store::boxes(&mut tx).await?;
    let pauses = intake::store::pauses(&mut tx, cx.ctx.now).await?;
    let pager = Pager::cut(&cx, &mut found, key);
    let tabs = TABS
        .iter()
        .map(|one| Tab {
            href: match one {
                State::Quarantine => LIST.url(),
                one => format!("{}?zustand={}", LIST.url(), one.as_str()),
            },
            label: cx.text(&format!("inbox-state-{}", one.as_str())),
            current: *one == state,
            count: (*one == State::Quarantine && waiting > 0).then_some(waiting),
        })
        .collect();
    cx.page(ListPage {
        rows: found.into_iter().map(|one| Row::of(&cx, one)).collect(),
        tabs,
        pager,
        state,
        boxes: boxes
            .into_iter()
            .map(|one| BoxRow {
                name: one.mailbox,
                at: one.at,
                error: one.error,
            })
            .collect(),
        pauses,
        resume: RESUME.url(),
    })
}

#[derive(Debug, Serialize)]
pub struct MailPage {
    pub row: Row,
    pub to: Vec<String>,
    pub text: String,
    /// Names of files.
    pub files: Vec<String>,
    /// It could not be taken apart.
    pub broken: bool,
    pub form: Option<FormView>,
    pub list: String,
    /// Until it is deleted.
    pub original: Option<String>,
    pub retry: Option<String>,
    pub drop: Option<String>,
    /// Where it stands.
    pub ticket: Option<String>,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "support/inbound/one.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Place>();
        let page = |row: Row, form: Option<FormView>, broken: bool| MailPage {
            row,
            to: vec!["support@nordlicht.example".into()],
            text: if broken {
                String::new()
            } else {
                "Guten <Tag>".into()
            },
            files: if broken {
                Vec::new()
            } else {
                vec!["bild.png".into()]
            },
            broken,
            list: LIST.url(),
            original: Some(ORIGINAL.to("1")),
            retry: form.as_ref().map(|_| RETRY.to("1")),
            drop: form.as_ref().map(|_| DROP.to("1")),
            ticket: form.is_none().then(|| "/desk/tickets/1".into()),
            form,
        };
        let mut forms = [Some(empty), Some(bad), None, None].into_iter();
        Row::samples()
            .into_iter()
            .map(|row| page(row, forms.next().flatten(), false))
            .chain(
                Row::samples()
                    .into_iter()
                    .take(1)
                    .map(|row| page(row, None, true)),
            )
            .chain(Row::samples().into_iter().take(1).map(|row| MailPage {
                original: None,
                text: String::new(),
                ..page(row, None, false)
            }))
            .collect()
    }
}

pub async fn show(cx: Staff, Param(id): Param<InboundId>) -> Result {
    let form = place(&cx, id).empty();
    cx.page(mail_page(&cx, id, form).await?)
}

fn place(cx: &Staff, id: InboundId) -> web::form::Builder<'_> {
    cx.form::<Place>(TAKE.to(id)).submit("inbox-place-submit")
}

async fn mail_page(cx: &Staff, id: InboundId, form: FormView) -> Result<MailPage> {
    let mut tx = cx.read().await?;
    let one = intake::store::one(&mut tx, id).await?;
    let raw = intake::store::raw(&mut tx, id).await?;
    drop(tx);
    // what was taken in is deleted after its time; a mail may also be empty
    let gone = raw.raw.is_empty() && one.size > 0;
    let envelope: Envelope = raw.envelope();
    let bytes: Arc<[u8]> = raw.raw.into();
    let limits = Limits {
        time: std::time::Duration::from_secs(2),
        ..Limits::default()
    };
    let read = tokio::task::spawn_blocking(move || intake::read(bytes, envelope, limits)).await;
    let parsed = read.ok().and_then(std::result::Result::ok);
    let undecided = matches!(one.state, State::Quarantine | State::Dropped);
    let ticket = one.ticket_id.map(|id| tickets::ONE.to(TicketId(id)));
    let broken = parsed.is_none() && !gone;
    let (text, to, files) = parsed.map_or_else(Default::default, |parsed| {
        let text: String = parsed.text.chars().take(SHOWN).collect();
        let files: Vec<String> = parsed.files.into_iter().map(|file| file.name).collect();
        (text, parsed.recipients, files)
    });
    Ok(MailPage {
        row: Row::of(cx, one),
        to,
        text,
        files,
        broken,
        form: undecided.then_some(form),
        list: LIST.url(),
        original: (!gone).then(|| ORIGINAL.to(id)),
        retry: undecided.then(|| RETRY.to(id)),
        drop: (undecided).then(|| DROP.to(id)),
        ticket,
    })
}

/// Looks at it again, by the rules as they are now.
pub async fn retry(cx: Staff, Param(id): Param<InboundId>) -> Result {
    let mut tx = cx.begin().await?;
    let one = intake::store::one(&mut tx, id).await?;
    let undecided = matches!(one.state, State::Quarantine | State::Dropped);
    if undecided && intake::store::turn(&mut tx, &cx.ctx, id, one.state, State::New, "").await? {
        jobs::enqueue(&mut tx, &cx.ctx, &TakeIn { mail: id }).await?;
        take::note(&mut tx, &cx.ctx, id, "mail.retried", &one.reason).await?;
    }
    cx.done(tx, ONE.to(id), "notice-inbox-retried").await
}

/// Into a ticket by its number, or into one of its own.
pub async fn take(cx: Staff, Param(id): Param<InboundId>, posted: Posted<Place>) -> Result {
    let bad = |key: &'static str| web::bad(&posted.raw, "number", key);
    let given = match posted.parse() {
        Ok(given) => given,
        Err(bad) => return refused(&cx, id, &bad).await,
    };
    let mut tx = cx.read().await?;
    let one = intake::store::one(&mut tx, id).await?;
    let decided = match given
        .number
        .as_deref()
        .map(str::trim)
        .filter(|number| !number.is_empty())
    {
        None => Decided::New,
        Some(number) => {
            let digits = number.trim_start_matches(['#', ' ']).parse::<i64>().ok();
            let found = match digits {
                Some(number) => store::numbered(&mut tx, number).await?,
                None => None,
            };
            let thread = match found {
                Some(found) => store::thread(&mut tx, found).await?,
                None => None,
            };
            match thread {
                Some(thread) if thread.takes_mail => {
                    Decided::Into(thread.merged_into.unwrap_or(thread.id))
                }
                _ => return refused(&cx, id, &bad("inbox-no-such-ticket")).await,
            }
        }
    };
    drop(tx);
    let mut went = Went::Nowhere;
    if matches!(one.state, State::Quarantine | State::Dropped) {
        // files are stored outside of a transaction, so this has its own; done twice it is done once
        let taken = take::take_in(&cx.app, &cx.ctx, id, one.state, Some(decided)).await;
        went = taken.map_err(Error::internal)?;
    }
    let tx = cx.begin().await?;
    match went {
        Went::Ticket(ticket) => {
            cx.done(tx, tickets::ONE.to(ticket), "notice-inbox-taken")
                .await
        }
        _ => {
            cx.done(tx, ONE.to(id), "notice-inbox-taken-before-warn")
                .await
        }
    }
}

async fn refused(cx: &Staff, id: InboundId, bad: &web::Bad) -> Result {
    let form = place(cx, id).bad(bad);
    cx.invalid(mail_page(cx, id, form).await?)
}

pub async fn drop_mail(cx: Staff, Param(id): Param<InboundId>, _: RawForm) -> Result {
    let mut tx = cx.begin().await?;
    let turned = intake::store::turn(
        &mut tx,
        &cx.ctx,
        id,
        State::Quarantine,
        State::Dropped,
        "staff",
    )
    .await?;
    if turned {
        take::note(&mut tx, &cx.ctx, id, "mail.dropped", "staff").await?;
    }
    cx.done(tx, LIST.url(), "notice-inbox-dropped").await
}

/// Ends the pause of an address.
pub async fn resume(cx: Staff, raw: RawForm) -> Result {
    let sender = raw.look_up("sender").ok_or(Error::NotFound)?;
    let mut tx = cx.begin().await?;
    if intake::store::resume(&mut tx, sender).await? {
        let entry = db::audit::Entry {
            act: "mail.resumed",
            customer: None,
            subject: "inbound",
            subject_id: String::new(),
            detail: serde_json::json!({ "sender": sender }),
        };
        db::audit::record(&mut tx, &cx.ctx, entry).await?;
    }
    cx.done(tx, LIST.url(), "notice-inbox-resumed").await
}

/// The mail as it came, to be kept and not to be shown.
pub async fn original(cx: Staff, Param(id): Param<InboundId>) -> Result {
    let mut tx = cx.read().await?;
    let raw = intake::store::raw(&mut tx, id).await?;
    // what is held may let its reader in elsewhere
    if raw.state != State::Done && !cx.may(QUARANTINE_HANDLE) {
        return Err(Error::NotFound);
    }
    if raw.raw.is_empty() {
        return Err(Error::NotFound);
    }
    let mut response = Response::new(Body::from(raw.raw));
    response.extensions_mut().insert(web::Policy(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    ));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    let name = format!("attachment; filename=\"mail-{id}.eml\"");
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}
