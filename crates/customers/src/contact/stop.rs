//! `/kontakt-abmelden/{token}`: somebody who was entered as a contact takes the own address out.

use super::{mails, store};
use crate::customer;
use axum::http::StatusCode;
use db::Tx;
use db::audit::{self, Entry};
use identity::links::{self, Link, LinkState};
use kernel::{Ctx, CustomerId, Email};
use serde::Serialize;
use serde_json::json;
use web::form::FormView;
use web::{Error, Guest, Page, Param, Path1, Result};

pub const STOP: Path1 = Path1::new("/kontakt-abmelden/{token}");

web::form! {
    /// A button and nothing else.
    pub struct Stop as "contact-stop"; {}
}

#[derive(Serialize)]
pub struct StopPage {
    /// Whose contact it is.
    customer: String,
    email: String,
    /// Nothing once it is done, or when the link is not good.
    form: Option<FormView>,
    /// It is done.
    done: bool,
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "customers/contact/stop.html";
    fn samples() -> Vec<Self> {
        let page = |form, done| StopPage {
            customer: "Segelverein Holtenau e. V.".into(),
            email: "kontor@post.example".into(),
            form,
            done,
        };
        let [plain, bad] = FormView::samples::<Stop>();
        vec![
            page(Some(plain), false),
            page(Some(bad), false),
            page(None, true),
            page(None, false),
        ]
    }
}

fn about(link: Link) -> Result<(CustomerId, Email)> {
    let about = link.read::<mails::About>();
    match (about, link.email) {
        (Some(about), Some(email)) => Ok((about.customer, email)),
        _ => Err(Error::internal("a contact's link without its data")),
    }
}

fn dead(cx: &Guest, state: &LinkState) -> Result {
    // whoever presses twice is told that it is done
    let done = matches!(state, LinkState::Used);
    let status = if done {
        StatusCode::OK
    } else {
        StatusCode::GONE
    };
    let page = StopPage {
        customer: String::new(),
        email: String::new(),
        form: None,
        done,
    };
    cx.page_with(status, page)
}

pub async fn ask(cx: Guest, Param(token): Param<String>) -> Result {
    let mut tx = cx.read().await?;
    let link = match links::peek(&mut tx, mails::LINK, &token, cx.ctx.now).await? {
        LinkState::Good(link) => link,
        other => return dead(&cx, &other),
    };
    let (customer, email) = about(link)?;
    cx.page(StopPage {
        customer: customer::name_of(&mut tx, customer).await?,
        email: email.to_string(),
        form: Some(
            cx.form::<Stop>(STOP.to(&token))
                .submit("contact-stop-submit")
                .empty(),
        ),
        done: false,
    })
}

pub async fn stop(cx: Guest, Param(token): Param<String>) -> Result {
    // no form key: pressed twice it is done all the same
    let mut tx = cx.app.db().begin().await?;
    let link = match links::spend(&mut tx, &cx.ctx, mails::LINK, &token).await? {
        Ok(link) => link,
        Err(state) => return dead(&cx, &state),
    };
    let (customer, email) = about(link)?;
    take_out(&mut tx, &cx.ctx, customer, &email).await?;
    tx.commit().await?;
    Ok(web::redirect(&STOP.to(&token)))
}

/// Removes the contact with this address, if it is still there, and keeps it from being entered again.
async fn take_out(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, email: &Email) -> db::Result<()> {
    store::stop(tx, customer, email, ctx.now).await?;
    let Some(id) = store::by_email(tx, customer, email).await? else {
        return Ok(());
    };
    store::delete(tx, customer, id).await?;
    let entry = Entry {
        act: "contact.stopped",
        customer: Some(customer),
        subject: "contact",
        subject_id: id.to_string(),
        detail: json!({}),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
