//! Outgoing mails and how they stand (DESK-7): the list, one mail without its secrets, sending it again.

use crate::work::{self, Tab};
use customers::customer::{by_number, desk as customer_file};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{CustomerId, Moment, Uuid};
use mail::{Filter, Mail, MailId, MailRow, Resend, State};
use serde::Serialize;
use web::{Cx, Link, PAGE, Page, Pager, Param, Path, Path1, Result, Staff, Tile};

pub const LIST: Path = Path::new("/desk/vorgaenge/mails");
pub const ONE: Path1 = Path1::new("/desk/vorgaenge/mails/{id}");
pub const RESEND: Path1 = Path1::new("/desk/vorgaenge/mails/{id}/senden");

/// Mails on the customer file.
const TAB: i64 = 25;

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
    pub state: State,
    pub at: Moment,
    pub error: Option<String>,
}

impl Row {
    fn of(row: MailRow) -> Self {
        Row {
            href: ONE.to(row.id),
            subject: row.subject,
            to: row.to_email,
            kind: row.kind,
            at: row.sent_at.unwrap_or(row.created_at),
            error: row.last_error.filter(|_| row.state != State::Sent),
            state: row.state,
        }
    }

    fn samples() -> Vec<Self> {
        let row = |state: &State| Row {
            href: "/desk/vorgaenge/mails/1".into(),
            subject: "Eine Antwort wartet auf Sie".into(),
            to: "jana@post.example".into(),
            kind: "support.answer-waiting".into(),
            state: *state,
            at: Moment::from_micros(1_795_000_000_000_000),
            error: (*state == State::Dead).then(|| "550 no such user".into()),
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
    let word = |name: &str| {
        cx.query(name)
            .unwrap_or_default()
            .trim()
            .chars()
            .take(254)
            .collect::<String>()
    };
    let (to, typed) = (word("an"), word("kunde"));
    let state = cx.query("zustand").and_then(State::parse);
    let mut tx = cx.read().await?;
    let customer = by_number(&mut tx, &typed, &cx.app.settings().number_prefix).await?;
    let filter = Filter {
        state,
        customer,
        to: Some(to.clone()).filter(|to| !to.is_empty()),
    };
    let mut found = if typed.is_empty() || customer.is_some() {
        mail::list(
            &mut tx,
            &filter,
            cx.query("nach").and_then(before),
            PAGE as i64 + 1,
        )
        .await?
    } else {
        Vec::new()
    };
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
        rows: found.into_iter().map(Row::of).collect(),
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

#[derive(Debug, Serialize)]
pub struct MailPage {
    pub mail: Mail,
    pub customer: Option<Link>,
    pub list: String,
    pub resend: String,
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
        vec![
            MailsTab {
                rows: Row::samples(),
                all: LIST.url(),
            },
            MailsTab {
                rows: Vec::new(),
                all: LIST.url(),
            },
        ]
    }
}

/// The last mails to a customer.
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
        let found = mail::list(tx, &filter, None, TAB).await?;
        let number = customers::customer::label(tx, customer, "").await?.number;
        let rows = found.into_iter().map(Row::of).collect();
        Tile::of(&MailsTab {
            rows,
            all: format!("{}?kunde={number}", LIST.url()),
        })
        .map(Some)
    })
}
