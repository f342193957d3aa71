//! The mail that brings the link of an invitation.

use super::{GOOD_FOR, Invitation, Offer, portal};
use crate::customer;
use db::Tx;
use kernel::{Ctx, Secret};
use mail::Slot;
use serde::Serialize;
use web::{App, Envelope, MailPage};

#[derive(Debug, Serialize)]
pub struct Invited {
    /// Empty where only the address is known.
    pub name: String,
    pub customer: String,
    pub number: String,
    /// Whether the customer was made for whoever reads this.
    pub is_own: bool,
    pub link: String,
}

impl MailPage for Invited {
    const TEMPLATE: &'static str = "customers/mail/invitation";
    const SUBJECT: &'static str = "mail-invitation-subject";
    fn samples() -> Vec<Self> {
        let mail = |name: &str, is_own| Invited {
            name: name.into(),
            customer: "Segelverein Holtenau e. V.".into(),
            number: "K-10001".into(),
            is_own,
            link: mail::slot("link"),
        };
        vec![mail("Jana Petersen", true), mail("", false)]
    }
}

pub(super) async fn invited(
    tx: &mut Tx,
    app: &App,
    ctx: &Ctx,
    invitation: &Invitation,
    token: &Secret,
) -> web::Result<()> {
    let prefix = &app.settings().number_prefix;
    let label = customer::label(tx, invitation.customer_id, prefix).await?;
    let name = [&invitation.first_name, &invitation.last_name];
    let name: Vec<&str> = name.into_iter().filter_map(|n| n.as_deref()).collect();
    let name = name.join(" ");
    let page = Invited {
        name: name.clone(),
        customer: label.name,
        number: label.number,
        is_own: invitation.role == Offer::MainOwner,
        link: mail::slot("link"),
    };
    let path = portal::INVITATION.to(token.expose());
    let envelope = Envelope {
        to: invitation.email.clone(),
        to_name: name,
        customer: Some(invitation.customer_id),
        user: None,
        kind: "customers.invitation",
        locale: invitation.locale,
        slots: vec![Slot {
            name: "link",
            value: Secret::new(app.absolute(&path)),
            expires: Some(ctx.now + GOOD_FOR),
        }],
    };
    web::send_mail(tx, app, ctx, envelope, page).await
}
