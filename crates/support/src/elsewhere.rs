//! A thread of another customer of the same user: a mail's link comes whoever one acts for at the time.

use crate::ticket::{Kind, TicketId, store};
use crate::{message, request};
use customers::signin::portal::SWITCH;
use db::Tx;
use serde::Serialize;
use web::{Error, Member, Page, Path1, Result};

#[derive(Debug, Serialize)]
pub struct ElsewherePage {
    pub kind: Kind,
    pub customer: String,
    pub number: String,
    pub id: String,
    pub action: String,
    /// Where to go on after the switch.
    pub next: String,
}

impl Page for ElsewherePage {
    const TEMPLATE: &'static str = "support/portal/elsewhere.html";
    fn samples() -> Vec<Self> {
        let sample = |kind: &Kind| ElsewherePage {
            kind: *kind,
            customer: "Segelverein <Holtenau>".into(),
            number: "K-10002".into(),
            id: "1".into(),
            action: SWITCH.url(),
            next: "/".into(),
        };
        Kind::ALL.iter().map(sample).collect()
    }
}

/// Leads on to the ticket that this one became part of.
///
/// # Errors
/// 404 when that one is not the customer's.
pub async fn kept(cx: &Member, tx: &mut Tx, into: TicketId) -> Result {
    // one step at a time: one that was merged in turn leads on itself
    let kept = match store::one(tx, cx.customer, into).await {
        Err(db::Error::Missing) => return Err(Error::NotFound),
        found => found?,
    };
    let page = match kept.kind {
        Kind::Message => message::portal::ONE,
        Kind::Ticket => request::show::ONE,
    };
    Ok(web::redirect(&page.to(kept.id)))
}

/// Offers to act for the customer whose thread it is; `page` shows threads of this kind.
///
/// # Errors
/// 404 when there is none, or the user has nothing to do with its customer.
pub async fn show(cx: &Member, tx: &mut Tx, kind: Kind, id: TicketId, page: &Path1) -> Result {
    let ticket = store::any(tx, id).await?;
    let owner = ticket.customer_id.filter(|_| ticket.kind == kind);
    let all = cx
        .session()
        .map(|session| session.customers.as_slice())
        .unwrap_or_default();
    let other = all
        .iter()
        .find(|one| Some(one.customer) == owner)
        .ok_or(Error::NotFound)?;
    cx.page(ElsewherePage {
        kind,
        customer: other.name.clone(),
        number: other.number.clone(),
        id: other.customer.to_string(),
        action: SWITCH.url(),
        next: page.to(id),
    })
}
