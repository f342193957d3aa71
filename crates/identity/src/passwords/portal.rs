//! `/profil/passwort`: a new password for somebody who knows the present one.

use super::{Refused, change, prepare};
use crate::{profile, throttle};
use kernel::Secret;
use serde::Serialize;
use web::form::{Builder, Faults, FormView};
use web::{Bad, Fault, Guest, Page, Path, Posted};

pub const CHANGE: Path = Path::new("/profil/passwort");

web::form! {
    pub struct PasswordChange as "password-change", check = same; {
        current_password: Secret = password().autocomplete("current-password"),
        new_password: Secret = password().autocomplete("new-password"),
        new_password_repeat: Secret = password().autocomplete("new-password"),
    }
}

fn same(form: &mut PasswordChange, faults: &mut Faults) {
    if form.new_password != form.new_password_repeat {
        faults.add("new_password_repeat", Fault::key("fault-password-differs"));
    }
}

#[derive(Serialize)]
pub struct ChangePage {
    form: FormView,
    profile: String,
}

fn page(form: FormView) -> ChangePage {
    ChangePage {
        form,
        profile: profile::PROFILE.url(),
    }
}

impl Page for ChangePage {
    const TEMPLATE: &'static str = "identity/portal/password.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<PasswordChange>().map(page).into()
    }
}

fn form(cx: &Guest) -> Builder<'_> {
    cx.form::<PasswordChange>(CHANGE.url())
        .submit("password-change-submit")
        .cancel(profile::PROFILE.url())
}

pub async fn ask(cx: Guest) -> web::Result {
    cx.page(page(form(&cx).empty()))
}

pub async fn save(cx: Guest, posted: Posted<PasswordChange>) -> web::Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => return cx.invalid(page(form(&cx).bad(&bad))),
    };
    let hash = match prepare(&cx, &typed.current_password, &typed.new_password).await? {
        Ok(hash) => hash,
        Err(why) => return refuse(&cx, &posted, why),
    };
    let mut tx = cx.begin().await?;
    let token = change(&mut tx, &cx, &hash).await?;
    let mut response = cx
        .done(tx, profile::PROFILE.url(), "notice-password-changed")
        .await?;
    cx.set_session(&mut response, token.expose(), false);
    Ok(response)
}

fn refuse(cx: &Guest, posted: &Posted<PasswordChange>, why: Refused) -> web::Result {
    let bad = |field, fault| Bad::fault(posted.raw.clone(), field, fault);
    let bad = match why {
        Refused::Wrong => bad("current_password", Fault::key("fault-password-wrong")),
        Refused::New(fault) => bad("new_password", fault),
        Refused::Wait(wait) => {
            let page = page(form(cx).bad(&bad("", throttle::fault(wait))));
            return cx.too_many(page, wait);
        }
    };
    cx.invalid(page(form(cx).bad(&bad)))
}
