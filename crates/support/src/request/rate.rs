//! Whether a customer was content: asked on the page of a closed ticket, nowhere else, and answered once.
//!
//! Nobody gets a mail about it. To ask for a vote by mail is advertising, and advertising needs consent; a question on a
//! page that somebody opened themselves is neither.

use super::show::{ONE, of_customer};
use crate::message::{Body, LONGEST};
use crate::ticket::{Ticket, TicketId};
use db::{Tx, audit, params, sql};
use kernel::{Ctx, CustomerId, UserId};
use serde::Serialize;
use web::{App, Error, FormView, Member, Module, Param, Path1, Posted, Result};

pub const RATE: Path1 = Path1::new("/tickets/{id}/bewertung");

/// Whether the operator wants it asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked(pub bool);

kernel::words! {
    pub enum Content {
        Good = "good",
        Bad = "bad",
    }
}

web::choice!(Content, "rating-answer");

web::form! {
    pub struct Rating as "rating"; {
        answer: Content = radio(),
        comment: Option<Body> = text(LONGEST).rows(3),
    }
}

/// The question under a closed ticket, or what was answered.
#[derive(Debug, Clone, Serialize)]
pub struct RateView {
    pub form: Option<FormView>,
    pub good: bool,
}

impl RateView {
    pub(super) fn samples() -> Vec<Self> {
        let said = |good| RateView { form: None, good };
        let asked = |form: FormView| RateView {
            form: Some(form),
            good: false,
        };
        let mut all: Vec<_> = FormView::samples::<Rating>().map(asked).into();
        all.extend([said(true), said(false)]);
        all
    }

    /// What stands under this ticket.
    pub(super) async fn of(cx: &Member, tx: &mut Tx, ticket: &Ticket) -> db::Result<Option<Self>> {
        if !fits(&cx.app, ticket) {
            return Ok(None);
        }
        Ok(Some(match said(tx, cx.customer, ticket.id).await? {
            Some(good) => RateView { form: None, good },
            None => RateView {
                form: Some(form(cx, ticket.id).empty()),
                good: false,
            },
        }))
    }
}

fn form(cx: &Member, id: TicketId) -> web::form::Builder<'_> {
    cx.form::<Rating>(RATE.to(id)).submit("rating-send")
}

fn fits(app: &App, ticket: &Ticket) -> bool {
    let asked = app.state::<Asked>().is_some_and(|asked| asked.0);
    asked && ticket.is_closed() && ticket.merged_into.is_none()
}

pub(super) fn part(module: Module, member: web::Access) -> Module {
    module
        .texts(
            include_str!("../../texts/rating.de.ftl"),
            include_str!("../../texts/rating.en.ftl"),
        )
        .post(RATE, member, rate)
}

pub async fn rate(cx: Member, Param(id): Param<TicketId>, posted: Posted<Rating>) -> Result {
    let rating = match posted.parse() {
        Ok(rating) => rating,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = of_customer(&cx, &mut tx, id).await?;
            if !fits(&cx.app, &ticket) {
                return Err(Error::NotFound);
            }
            let view = RateView {
                form: Some(form(&cx, id).bad(&bad)),
                good: false,
            };
            return super::show::rated(&cx, &mut tx, id, view).await;
        }
    };
    let mut tx = cx.begin().await?;
    let ticket = of_customer(&cx, &mut tx, id).await?;
    if !fits(&cx.app, &ticket) {
        return cx.done(tx, ONE.to(id), "notice-rating-over-warn").await;
    }
    let comment = rating.comment.map(|body| body.0).unwrap_or_default();
    let vote = (cx.user, rating.answer, comment.as_str());
    let said = if keep(&mut tx, &cx.ctx, cx.customer, id, vote).await? {
        note(&mut tx, &cx.ctx, &ticket, rating.answer).await?;
        "notice-rating-thanks"
    } else {
        "notice-rating-before-warn"
    };
    cx.done(tx, ONE.to(id), said).await
}

async fn note(tx: &mut Tx, ctx: &Ctx, ticket: &Ticket, answer: Content) -> db::Result<()> {
    let entry = audit::Entry {
        act: "ticket.rated",
        customer: ticket.customer_id,
        subject: ticket.kind.as_str(),
        subject_id: ticket.id.to_string(),
        detail: serde_json::json!({ "number": ticket.number, "answer": answer.as_str() }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// Whether nobody had voted on this ticket.
async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    ticket: TicketId,
    (user, answer, comment): (UserId, Content, &str),
) -> db::Result<bool> {
    let kept = tx
        .exec(
            sql!(
                "INSERT INTO ticket_ratings (ticket_id, customer_id, user_id, good, comment, at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (ticket_id) DO NOTHING"
            ),
            params![ticket, customer, user, answer == Content::Good, comment, ctx.now],
        )
        .await?;
    Ok(kept > 0)
}

/// What was voted on a ticket.
async fn said(tx: &mut Tx, customer: CustomerId, ticket: TicketId) -> db::Result<Option<bool>> {
    let stmt = sql!(
        (bool,),
        "SELECT good FROM ticket_ratings WHERE customer_id = $1 AND ticket_id = $2"
    );
    let found = tx.opt(stmt, params![customer, ticket]).await?;
    Ok(found.map(|(good,)| good))
}
