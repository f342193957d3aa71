//! `/desk/kunden/{id}/einladen`, and what is done with open invitations on the customer file.

use super::{Invitation, InvitationId, New, Offer, Refused, invite, send_again, withdraw};
use crate::customer::{self, desk, file};
use crate::member::desk::TAB;
use crate::member::form::InviteForm;
use kernel::{CustomerId, Moment};
use serde::Serialize;
use web::form::{Builder, FormView, RawForm};
use web::{Bad, Page, Param, Path1, Posted, Result, Staff};

pub const INVITE: Path1 = Path1::new("/desk/kunden/{id}/einladen");
pub const AGAIN: Path1 = Path1::new("/desk/kunden/{id}/einladung/senden");
pub const WITHDRAW: Path1 = Path1::new("/desk/kunden/{id}/einladung/zuruecknehmen");

/// An open invitation as the file shows it.
#[derive(Debug, Serialize)]
pub struct View {
    pub id: InvitationId,
    pub email: String,
    pub role: Offer,
    pub sent_at: Moment,
    pub expires_at: Moment,
    pub expired: bool,
}

impl View {
    pub fn of(invitation: &Invitation, now: Moment) -> Self {
        View {
            id: invitation.id,
            email: invitation.email.to_string(),
            role: invitation.role,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
            expired: invitation.expires_at <= now,
        }
    }

    pub fn samples() -> Vec<Self> {
        let at = Moment::from_micros(0);
        let view = |role: &Offer| View {
            id: InvitationId(kernel::Uuid::nil()),
            email: "jana@post.example".into(),
            role: *role,
            sent_at: at,
            expires_at: at,
            expired: *role == Offer::Rights,
        };
        Offer::ALL.iter().map(view).collect()
    }
}

#[derive(Serialize)]
pub struct InvitePage {
    form: FormView,
    name: String,
    file: String,
    list: String,
}

impl Page for InvitePage {
    const TEMPLATE: &'static str = "customers/desk/invite.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<InviteForm>()
            .map(|form| InvitePage {
                form,
                name: "Segelverein Holtenau e. V.".into(),
                file: "/".into(),
                list: desk::LIST.url(),
            })
            .into()
    }
}

fn form(cx: &Staff, id: CustomerId) -> Builder<'_> {
    cx.form::<InviteForm>(INVITE.to(id))
        .submit("invite-submit")
        .cancel(file::tab_url(id, TAB))
}

fn page(name: String, id: CustomerId, form: FormView) -> InvitePage {
    InvitePage {
        form,
        name,
        file: file::FILE.to(id),
        list: desk::LIST.url(),
    }
}

pub async fn ask(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let customer = customer::store::one(&mut tx, id).await?;
    let form = form(&cx, id).raw(&InviteForm::first(customer.record.locale));
    cx.page(page(customer.name(), id, form))
}

async fn again(cx: &Staff, id: CustomerId, bad: &Bad) -> Result {
    let mut tx = cx.read().await?;
    let name = customer::name_of(&mut tx, id).await?;
    cx.invalid(page(name, id, form(cx, id).bad(bad)))
}

pub async fn create(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<InviteForm>) -> Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => return again(&cx, id, &bad).await,
    };
    let new = New {
        role: typed.role(),
        email: typed.email,
        first_name: typed.first_name,
        last_name: typed.last_name,
        locale: typed.locale,
    };
    let mut tx = cx.begin().await?;
    customer::store::one(&mut tx, id).await?;
    match invite(&mut tx, &cx.app, &cx.ctx, id, &new).await {
        Ok(_) => cx.done(tx, file::tab_url(id, TAB), "notice-invited").await,
        Err(Refused::Web(error)) => Err(error),
        Err(other) => {
            drop(tx);
            let key = other.fault().unwrap_or_default();
            again(&cx, id, &web::bad(&posted.raw, "email", key)).await
        }
    }
}

pub async fn send(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let invitation = crate::named(&form, "einladung")?;
    let mut tx = cx.begin().await?;
    match send_again(&mut tx, &cx.app, &cx.ctx, id, invitation).await {
        Ok(()) => cx.done(tx, file::tab_url(id, TAB), "notice-invited").await,
        Err(Refused::Web(error)) => Err(error),
        // nothing was changed
        Err(_) => {
            drop(tx);
            let tx = cx.begin().await?;
            cx.done(tx, file::tab_url(id, TAB), "notice-invite-too-many-warn")
                .await
        }
    }
}

pub async fn take_back(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let invitation = crate::named(&form, "einladung")?;
    let mut tx = cx.begin().await?;
    withdraw(&mut tx, &cx.ctx, id, invitation).await?;
    cx.done(tx, file::tab_url(id, TAB), "notice-invitation-withdrawn")
        .await
}
