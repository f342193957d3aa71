//! The two mails to an address that somebody has entered. They lie in nobody's file: the address is not the user's yet,
//! and whoever entered it must not see there that it is somebody else's.

use super::{PROOF_GOOD_FOR, portal};
use crate::users;
use db::Tx;
use kernel::{Email, Locale, Secret, UserId};
use mail::Slot;
use serde::Serialize;
use web::{Cx, Envelope, MailPage, SIGN_IN};

/// Brings the link. It names nobody: whoever typed the address could have chosen the name.
#[derive(Debug, Serialize)]
pub struct Proof {
    pub link: String,
}

impl MailPage for Proof {
    const TEMPLATE: &'static str = "identity/mail/proof";
    const SUBJECT: &'static str = "mail-proof-subject";
    fn samples() -> Vec<Self> {
        vec![Proof {
            link: mail::slot("link"),
        }]
    }
}

/// Says that the address belongs to a user already.
#[derive(Debug, Serialize)]
pub struct Taken {
    pub sign_in: String,
    pub reset: String,
}

impl MailPage for Taken {
    const TEMPLATE: &'static str = "identity/mail/taken";
    const SUBJECT: &'static str = "mail-taken-subject";
    fn samples() -> Vec<Self> {
        vec![Taken {
            sign_in: "http://localhost/anmelden".into(),
            reset: "http://localhost/passwort".into(),
        }]
    }
}

pub(super) async fn proof(
    tx: &mut Tx,
    cx: &Cx,
    user: UserId,
    to: &Email,
    token: &Secret,
) -> web::Result<()> {
    let person = users::by_id(tx, user).await?;
    let locale = person.map_or(cx.ctx.locale, |person| person.locale);
    let slot = Slot {
        name: "link",
        value: Secret::new(cx.absolute(&portal::PROVE.to(token.expose()))),
        expires: Some(cx.ctx.now + PROOF_GOOD_FOR),
    };
    let page = Proof {
        link: mail::slot("link"),
    };
    queue(tx, cx, locale, to, "identity.proof", page, vec![slot]).await
}

pub(super) async fn taken(tx: &mut Tx, cx: &Cx, to: &Email) -> web::Result<()> {
    let owner = match users::by_verified_email(tx, to).await? {
        Some(owner) => users::by_id(tx, owner).await?,
        None => None,
    };
    let locale = owner.map_or(cx.ctx.locale, |owner| owner.locale);
    let page = Taken {
        sign_in: cx.absolute(SIGN_IN.pattern()),
        reset: cx.absolute(crate::reset::FORGOTTEN),
    };
    queue(tx, cx, locale, to, "identity.taken", page, Vec::new()).await
}

async fn queue<M: MailPage>(
    tx: &mut Tx,
    cx: &Cx,
    locale: Locale,
    to: &Email,
    kind: &'static str,
    page: M,
    slots: Vec<Slot>,
) -> web::Result<()> {
    let envelope = Envelope {
        to: to.clone(),
        to_name: String::new(),
        customer: None,
        user: None,
        kind,
        locale,
        slots,
    };
    web::send_mail(tx, &cx.app, &cx.ctx, envelope, page).await
}
