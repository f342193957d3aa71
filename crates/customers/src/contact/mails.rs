//! The mail that tells an address that it was entered as a contact, with the link that takes it out.

use super::{Contact, stop};
use crate::customer;
use db::Tx;
use identity::links::{self, Target};
use kernel::{CustomerId, Secret};
use mail::Slot;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use web::{Cx, Envelope, MailPage};

/// The kind of the link.
pub const LINK: &str = "contact-stop";
/// Until then the link of the mail works; a contact that is changed after that is told anew.
pub const GOOD_FOR: Duration = Duration::from_secs(366 * 24 * 3600);

/// What the link is about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct About {
    pub customer: CustomerId,
}

#[derive(Debug, Serialize)]
pub struct Entered {
    /// Who has entered the address: the customer's name.
    pub customer: String,
    pub kinds: Vec<&'static str>,
    pub stop: String,
}

impl MailPage for Entered {
    const TEMPLATE: &'static str = "customers/mail/contact";
    const SUBJECT: &'static str = "mail-contact-subject";
    fn samples() -> Vec<Self> {
        vec![Entered {
            customer: "Segelverein Holtenau e. V.".into(),
            kinds: super::KINDS.to_vec(),
            stop: mail::slot("stop"),
        }]
    }
}

/// Nothing of what the customer typed stands in it but the customer's own name: the address may be anybody's.
pub(super) async fn entered(
    tx: &mut Tx,
    cx: &Cx,
    customer: CustomerId,
    contact: &Contact,
) -> web::Result<()> {
    let target = Target {
        email: Some(contact.email.clone()),
        payload: serde_json::to_value(About { customer }).map_err(web::Error::internal)?,
        ..Target::default()
    };
    let token = links::issue(tx, &cx.ctx, LINK, target, GOOD_FOR).await?;
    let whose = customer::store::one(tx, customer).await?;
    let locale = whose.record.locale;
    let page = Entered {
        customer: whose.name(),
        kinds: contact.kinds(),
        stop: mail::slot("stop"),
    };
    let envelope = Envelope {
        to: contact.email.clone(),
        to_name: String::new(),
        customer: Some(customer),
        user: None,
        kind: "customers.contact",
        locale,
        slots: vec![Slot {
            name: "stop",
            value: Secret::new(cx.absolute(&stop::STOP.to(token.expose()))),
            expires: Some(cx.ctx.now + GOOD_FOR),
        }],
    };
    web::send_mail(tx, &cx.app, &cx.ctx, envelope, page).await
}
