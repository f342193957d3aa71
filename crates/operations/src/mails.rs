//! Outgoing mails and how they stand (DESK-7): the list, one mail without its secrets, sending it again.

use crate::came;
use crate::days::{customer, word};
use crate::log;
use crate::work::{self, Tab};
use customers::customer::desk as customer_file;
use db::Tx;
use futures_util::future::BoxFuture;
use identity::rights::AUDIT_VIEW;
use kernel::{CustomerId, Moment, Uuid};
use mail::{Filter, Mail, MailId, MailRow, Resend, State};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use web::{Cx, Link, PAGE, Page, Pager, Param, Path, Path1, Result, Staff, Tile};

pub const LIST: Path = Path::new("/desk/vorgaenge/mails");
pub const ONE: Path1 = Path1::new("/desk/vorgaenge/mails/{id}");
pub const RESEND: Path1 = Path1::new("/desk/vorgaenge/mails/{id}/senden");

/// Mails on the customer file.
const TAB: usize = 25;

/// The list of the mails in one state.
pub fn of_state(state: State) -> String {
    format!("{}?zustand={}", LIST.url(), state.as_str())
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub subject: String,
    pub to: String,
    pub kind: String,
    /// None: it came to us, and `to` says from whom.
    pub state: Option<State>,
    pub at: Moment,
    pub error: Option<String>,
    /// Whose file it lies in.
    pub customer: Option<Link>,
}

type Names = BTreeMap<CustomerId, (String, String)>;

impl Row {
    fn of(row: MailRow, names: &Names) -> Self {
        Row {
            href: ONE.to(row.id),
            subject: row.subject,
            to: row.to_email,
            kind: row.kind,
            at: row.sent_at.unwrap_or(row.created_at),
            error: row.last_error.filter(|_| row.state != State::Sent),
            state: Some(row.state),
            customer: row.customer_id.and_then(|id| {
                let (number, name) = names.get(&id)?;
                Some(Link {
                    href: customer_file::FILE.to(id),
                    label: format!("{name}, {number}"),
                })
            }),
        }
    }

    fn came(row: intake::store::Came) -> Self {
        Row {
            href: came::DESK.to(row.id),
            subject: row.subject,
            to: row.sender,
            kind: String::new(),
            state: None,
            at: row.received_at,
            error: None,
            customer: None,
        }
    }

    fn samples() -> Vec<Self> {
        let row = |state: &State| Row {
            href: "/desk/vorgaenge/mails/1".into(),
            subject: "Eine Antwort wartet auf Sie".into(),
            to: "jana@post.example".into(),
            kind: "support.answer-waiting".into(),
            state: Some(*state),
            at: Moment::from_micros(1_795_000_000_000_000),
            error: (*state == State::Dead).then(|| "550 no such user".into()),
            customer: (*state == State::Sent).then(|| Link {
                href: "/desk/kunden/1".into(),
                label: "Jana Petersen, K-10001".into(),
            }),
        };
        State::ALL.iter().map(row).collect()
    }
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    pub work: Vec<Tab>,
    pub states: Vec<Tab>,
    pub state: String,
    pub to: String,
    pub customer: String,
    pub pager: Pager,
    pub list: String,
    /// Whether anything is asked for.
    pub filtered: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "operations/mails.html";
    fn samples() -> Vec<Self> {
        let page = |rows: Vec<Row>, filtered| ListPage {
            pager: Pager {
                older: (!rows.is_empty()).then(|| LIST.url()),
                ..Pager::default()
            },
            rows,
            work: Tab::samples(),
            states: Tab::samples(),
            state: String::new(),
            to: "jana".into(),
            customer: String::new(),
            list: LIST.url(),
            filtered,
        };
        vec![
            page(Row::samples(), false),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}

fn key(row: &MailRow) -> String {
    format!("{}-{}", row.created_at.micros(), row.id)
}

fn before(key: &str) -> Option<mail::Before> {
    let (at, id) = key.split_once('-')?;
    Some((
        Moment::from_micros(at.parse().ok()?),
        MailId::from(Uuid::try_parse(id).ok()?),
    ))
}

pub async fn list(cx: Staff) -> Result {
    let (to, typed) = (word(&cx, "an"), word(&cx, "kunde"));
    let state = cx.query("zustand").and_then(State::parse);
    let mut tx = cx.read().await?;
    let before = cx.query("nach").and_then(before);
    let mut found = match customer(&cx, &mut tx, &typed).await? {
        Ok(customer) => {
            let filter = Filter {
                state,
                customer,
                to: Some(to.clone()).filter(|to| !to.is_empty()),
            };
            mail::list(&mut tx, &filter, before, PAGE as i64 + 1).await?
        }
        Err(()) => Vec::new(),
    };
    let names = names(&cx, &mut tx, &found).await?;
    let counts = mail::counts(&mut tx).await?;
    let pager = Pager::cut(&cx, &mut found, key);
    let tab = |wanted: Option<State>, label: &str, count: i64| Tab {
        href: wanted.map_or_else(|| LIST.url(), of_state),
        label: cx.text(label),
        current: state == wanted,
        count: Some(count).filter(|count| *count > 0),
    };
    let states = vec![
        tab(None, "mails-all", 0),
        tab(Some(State::Dead), "mails-dead", counts.dead),
        tab(Some(State::Failed), "mails-failed", counts.failed),
        tab(Some(State::Queued), "mails-queued", counts.queued),
        tab(Some(State::Sent), "mails-sent", 0),
    ];
    cx.page(ListPage {
        rows: found.into_iter().map(|row| Row::of(row, &names)).collect(),
        work: work::tabs(&cx, LIST),
        states,
        state: state.map_or("", State::as_str).to_owned(),
        filtered: state.is_some() || !to.is_empty() || !typed.is_empty(),
        to,
        customer: typed,
        pager,
        list: LIST.url(),
    })
}

async fn names(cx: &Cx, tx: &mut Tx, rows: &[MailRow]) -> db::Result<Names> {
    let ids: BTreeSet<CustomerId> = rows.iter().filter_map(|row| row.customer_id).collect();
    let ids: Vec<CustomerId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Names::new());
    }
    customers::customer::labels(tx, &ids, &cx.app.settings().number_prefix).await
}

#[derive(Debug, Serialize)]
pub struct MailPage {
    pub mail: Mail,
    pub customer: Option<Link>,
    pub list: String,
    pub resend: String,
    /// Its lines in the log, for those who may see them.
    pub log: Option<String>,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "operations/mail.html";
    fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let page = |state: &State, can_resend| MailPage {
            mail: Mail {
                id: MailId(Uuid::nil()),
                customer_id: None,
                to_email: "jana@post.example".into(),
                to_name: "Jana Petersen".into(),
                kind: "identity.activation".into(),
                locale: kernel::Locale::De,
                subject: "Ihr Zugang".into(),
                text: "Guten Tag <Jana>,\n\n[Link entfernt]".into(),
                html: String::new(),
                message_id: (*state != State::Queued).then(|| "<1@portal.example>".into()),
                state: *state,
                attempts: 3,
                last_error: (*state == State::Dead).then(|| "550 no such user".into()),
                created_at: at,
                sent_at: (*state == State::Sent).then_some(at),
                can_resend,
            },
            customer: can_resend.then(|| Link {
                href: "/desk/kunden/1".into(),
                label: "Jana, K-10001".into(),
            }),
            list: LIST.url(),
            resend: RESEND.to("1"),
            log: can_resend.then(|| "/desk/protokoll?gegenstand=mail&id=1".into()),
        };
        State::ALL
            .iter()
            .flat_map(|state| [page(state, true), page(state, false)])
            .collect()
    }
}

pub async fn show(cx: Staff, Param(id): Param<MailId>) -> Result {
    let mut tx = cx.read().await?;
    let mail = mail::one(&mut tx, cx.ctx.now, id).await?;
    let customer = match mail.customer_id {
        Some(customer) => {
            let label =
                customers::customer::label(&mut tx, customer, &cx.app.settings().number_prefix)
                    .await?;
            let href = customer_file::FILE.to(customer);
            Some(Link {
                href,
                label: format!("{}, {}", label.name, label.number),
            })
        }
        None => None,
    };
    cx.page(MailPage {
        mail,
        customer,
        list: LIST.url(),
        resend: RESEND.to(id),
        log: cx
            .may(AUDIT_VIEW)
            .then(|| log::of_thing("mail", &id.to_string()))
            .flatten(),
    })
}

pub async fn resend(cx: Staff, Param(id): Param<MailId>) -> Result {
    let mut tx = cx.begin().await?;
    let (shown, notice) = match mail::resend(&mut tx, &cx.ctx, id).await? {
        Resend::Queued(sent) => (sent, "notice-mail-resent"),
        Resend::Underway => (id, "notice-mail-underway-warn"),
        Resend::LinkGone => (id, "notice-mail-link-gone-warn"),
    };
    cx.done(tx, ONE.to(shown), notice).await
}

#[derive(Debug, Serialize)]
pub struct MailsTab {
    pub rows: Vec<Row>,
    pub all: String,
}

impl Page for MailsTab {
    const TEMPLATE: &'static str = "operations/mails_tab.html";
    fn samples() -> Vec<Self> {
        let came = Row {
            subject: String::new(),
            state: None,
            ..Row::samples().remove(0)
        };
        vec![
            MailsTab {
                rows: Row::samples().into_iter().chain([came]).collect(),
                all: LIST.url(),
            },
            MailsTab {
                rows: Vec::new(),
                all: LIST.url(),
            },
        ]
    }
}

/// The last mails between a customer and us.
pub fn file_tab<'a>(
    _: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let filter = Filter {
            customer: Some(customer),
            ..Filter::default()
        };
        let found = mail::list(tx, &filter, None, TAB as i64).await?;
        let number = customers::customer::label(tx, customer, "").await?.number;
        let came = intake::store::of_customer(tx, customer, (None, None), None, TAB as i64).await?;
        let none = Names::new();
        let sent = found
            .into_iter()
            .map(|row| ((row.created_at, row.id.0), Row::of(row, &none)));
        let came = came
            .into_iter()
            .map(|row| ((row.received_at, row.id.0), Row::came(row)));
        let mut rows: Vec<_> = sent.chain(came).collect();
        rows.sort_by_key(|(key, _)| std::cmp::Reverse(*key));
        rows.truncate(TAB);
        let rows = rows.into_iter().map(|(_, row)| row).collect();
        Tile::of(&MailsTab {
            rows,
            all: format!("{}?kunde={number}", LIST.url()),
        })
        .map(Some)
    })
}
