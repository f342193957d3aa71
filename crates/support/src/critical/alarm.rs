//! The mail that calls somebody to a critical ticket. It says nothing of what stands in it.

use super::Emergency;
use super::store::Escalation;
use crate::secret::desk::DESK_TICKET;
use db::Tx;
use kernel::{Ctx, Email, Moment};
use serde::Serialize;
use web::{App, Envelope, MailPage};

#[derive(Debug, Serialize)]
pub struct Alarm {
    pub number: i64,
    pub emergency: Emergency,
    pub since: Moment,
    pub url: String,
}

impl MailPage for Alarm {
    const TEMPLATE: &'static str = "support/mail/alarm";
    const SUBJECT: &'static str = "mail-alarm-subject";
    fn samples() -> Vec<Self> {
        let alarm = |emergency: &Emergency| Alarm {
            number: 10_001,
            emergency: *emergency,
            since: Moment::from_micros(1_795_000_000_000_000),
            url: "https://portal.example/desk/tickets/1".into(),
        };
        Emergency::ALL.iter().map(alarm).collect()
    }
}

pub(super) async fn send(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    escalation: &Escalation,
    to: &Email,
    name: &str,
) -> web::Result<()> {
    let page = Alarm {
        number: escalation.number,
        emergency: escalation.emergency,
        since: escalation.started_at,
        url: app.absolute(&DESK_TICKET.to(escalation.ticket_id)),
    };
    let envelope = Envelope {
        to: to.clone(),
        to_name: name.to_owned(),
        customer: None,
        user: None,
        kind: "support.alarm",
        locale: app.settings().language,
        slots: Vec::new(),
    };
    web::send_mail(tx, app, ctx, envelope, page).await
}
