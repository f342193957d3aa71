//! `/tickets/fruehere`: "Ihre früheren Anfragen".

use super::proved;
use crate::outbound::store::{self, Earlier};
use crate::ticket::TicketId;
use customers::rights::TICKETS;
use kernel::{Moment, Uuid, is_blank};
use serde::Serialize;
use web::{Access, Member, Module, PAGE, Page, Pager, Param, Path, Path1, Result};

pub const LIST: Path = Path::new("/tickets/fruehere");
pub const TAKE: Path1 = Path1::new("/tickets/fruehere/{id}");
const TICKET: Path1 = Path1::new("/tickets/{id}");

pub(in crate::outbound) fn add(module: Module) -> Module {
    let member = Access::member(TICKETS);
    module
        .get(LIST, member, list)
        .post(TAKE, member, take)
        .page::<ListPage>()
}

#[derive(Debug, Serialize)]
pub struct Row {
    pub number: i64,
    pub subject: String,
    pub opened_at: Moment,
    pub last_at: Moment,
    /// Where taking it over is posted to.
    pub take: String,
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    /// For whom they are taken over.
    pub customer: String,
    pub pager: Pager,
    pub tickets: &'static str,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "support/outbound/earlier.html";
    fn samples() -> Vec<Self> {
        let row = Row {
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            opened_at: Moment::from_micros(1_795_000_000_000_000),
            last_at: Moment::from_micros(1_795_000_000_000_000),
            take: TAKE.to("1"),
        };
        let page = |rows: Vec<Row>| ListPage {
            pager: Pager {
                older: (!rows.is_empty()).then(|| LIST.url()),
                ..Pager::default()
            },
            rows,
            customer: "Segelverein <Holtenau> (K-10002)".into(),
            tickets: OVERVIEW,
        };
        vec![page(Vec::new()), page(vec![row])]
    }
}

const OVERVIEW: &str = "/tickets";

async fn list(cx: Member) -> Result {
    let before = cx.query("nach").and_then(|id| id.parse().ok());
    let before = before.unwrap_or(TicketId(Uuid::max()));
    let mut tx = cx.read().await?;
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut found: Vec<Earlier> = Vec::new();
    // few have more than one address, nobody more than ten
    for email in proved(&mut tx, cx.user).await?.into_iter().take(3) {
        found.extend(store::earlier(&mut tx, &email, before, limit).await?);
    }
    drop(tx);
    found.sort_by_key(|one| std::cmp::Reverse(one.id.0));
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| more).map(|one| one.id.to_string());
    let acting = cx.session().and_then(|session| session.acting.as_ref());
    let customer = acting.map(|acting| format!("{} ({})", acting.name, acting.number));
    let rows = found.into_iter().map(|one| Row {
        number: one.number,
        subject: if is_blank(&one.subject) {
            cx.text("message-no-subject")
        } else {
            one.subject
        },
        opened_at: one.opened_at,
        last_at: one.last_at,
        take: TAKE.to(one.id),
    });
    let page = ListPage {
        rows: rows.collect(),
        customer: customer.unwrap_or_default(),
        pager: Pager {
            newer: cx.query("nach").map(|_| LIST.url()),
            older: last.map(|id| format!("{}?nach={id}", LIST.url())),
            note: None,
        },
        tickets: OVERVIEW,
    };
    cx.page(page)
}

async fn take(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let name = cx.session().map(|session| session.name.clone());
    let name = name.unwrap_or_default();
    super::take(&mut tx, &cx.ctx, cx.customer, cx.user, &name, id).await?;
    cx.done(tx, TICKET.to(id), "notice-ticket-taken").await
}
