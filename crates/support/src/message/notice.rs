//! The mail that says that an answer waits, and nothing of what it says.

use crate::ticket::Ticket;
use db::Tx;
use kernel::{Ctx, CustomerId};
use serde::Serialize;
use web::{App, Envelope, MailPage, Result};

#[derive(Debug, Serialize)]
pub struct AnswerWaiting {
    pub name: String,
    pub url: String,
}

impl MailPage for AnswerWaiting {
    const TEMPLATE: &'static str = "support/mail/answer";
    const SUBJECT: &'static str = "mail-answer-subject";
    fn samples() -> Vec<Self> {
        let url = "https://portal.example/nachrichten/0190".to_owned();
        vec![AnswerWaiting {
            name: "Jana Petersen".into(),
            url,
        }]
    }
}

/// One mail to each member who may read messages and each contact for support, in their language.
pub async fn answer_waiting(
    app: &App,
    ctx: &Ctx,
    tx: &mut Tx,
    customer: CustomerId,
    ticket: &Ticket,
) -> Result<()> {
    let url = app.absolute(&super::portal::ONE.to(ticket.id));
    for told in customers::customer::notify_targets(tx, customer).await? {
        let page = AnswerWaiting {
            name: told.name.clone(),
            url: url.clone(),
        };
        let envelope = Envelope {
            to: told.email,
            to_name: told.name,
            customer: Some(customer),
            user: told.user,
            kind: "support.answer-waiting",
            locale: told.locale,
            slots: Vec::new(),
        };
        web::send_mail(tx, app, ctx, envelope, page).await?;
    }
    Ok(())
}
