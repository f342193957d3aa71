//! The two mails with a link for a colleague. They lie in nobody's file and are gone after two days.

use super::store::Colleague;
use crate::staff::LINK;
use crate::staff::desk::INVITATION;
use db::Tx;
use kernel::Secret;
use mail::Slot;
use serde::Serialize;
use web::{Cx, Envelope, MailPage};

/// Brings the link to somebody new.
#[derive(Debug, Serialize)]
pub struct Invitation {
    pub name: String,
    pub link: String,
}

impl MailPage for Invitation {
    const TEMPLATE: &'static str = "identity/mail/staff_invitation";
    const SUBJECT: &'static str = "mail-staff-invitation-subject";
    fn samples() -> Vec<Self> {
        vec![Invitation {
            name: "Ilse Brandt".into(),
            link: mail::slot("link"),
        }]
    }
}

/// Brings the link to somebody who has lost password or second factor.
#[derive(Debug, Serialize)]
pub struct NewAccess {
    pub name: String,
    pub link: String,
}

impl MailPage for NewAccess {
    const TEMPLATE: &'static str = "identity/mail/staff_access";
    const SUBJECT: &'static str = "mail-staff-access-subject";
    fn samples() -> Vec<Self> {
        vec![NewAccess {
            name: "Ilse Brandt".into(),
            link: mail::slot("link"),
        }]
    }
}

pub(super) async fn invitation(
    tx: &mut Tx,
    cx: &Cx,
    to: &Colleague,
    token: &Secret,
) -> web::Result<()> {
    let page = Invitation {
        name: to.name.clone(),
        link: mail::slot("link"),
    };
    queue(tx, cx, to, token, "identity.staff-invitation", page).await
}

pub(super) async fn new_access(
    tx: &mut Tx,
    cx: &Cx,
    to: &Colleague,
    token: &Secret,
) -> web::Result<()> {
    let page = NewAccess {
        name: to.name.clone(),
        link: mail::slot("link"),
    };
    queue(tx, cx, to, token, "identity.staff-access", page).await
}

async fn queue<M: MailPage>(
    tx: &mut Tx,
    cx: &Cx,
    to: &Colleague,
    token: &Secret,
    kind: &'static str,
    page: M,
) -> web::Result<()> {
    let slot = Slot {
        name: "link",
        value: Secret::new(cx.absolute(&INVITATION.to(token.expose()))),
        expires: Some(cx.ctx.now + LINK),
    };
    let envelope = Envelope {
        to: to.email.clone(),
        to_name: to.name.clone(),
        customer: None,
        user: None,
        kind,
        locale: to.locale,
        slots: vec![slot],
    };
    web::send_mail(tx, &cx.app, &cx.ctx, envelope, page).await
}
