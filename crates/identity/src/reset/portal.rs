//! `/passwort/neu/{token}`: the page of the mailed link.

use super::{LINK, set};
use crate::links::{self, Link, LinkState};
use crate::{Hasher, passwords, users};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use kernel::{Secret, UserId};
use serde::Serialize;
use web::form::{Builder, Faults, FormView};
use web::{Bad, Fault, Guest, Page, Param, Path1, Posted, SIGN_IN};

pub const NEW: Path1 = Path1::new("/passwort/neu/{token}");

web::form! {
    pub struct NewPassword as "password-new", check = same; {
        new_password: Secret = password().autocomplete("new-password"),
        new_password_repeat: Secret = password().autocomplete("new-password"),
    }
}

fn same(form: &mut NewPassword, faults: &mut Faults) {
    if form.new_password != form.new_password_repeat {
        faults.add("new_password_repeat", Fault::key("fault-password-differs"));
    }
}

#[derive(Serialize)]
pub struct NewPage {
    name: String,
    form: FormView,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "identity/portal/password_new.html";
    fn samples() -> Vec<Self> {
        let page = |form| NewPage {
            name: "Jana Petersen".into(),
            form,
        };
        FormView::samples::<NewPassword>().map(page).into()
    }
}

/// A link that is good no more, and where to get another one.
#[derive(Serialize)]
pub struct EndedPage {
    state: &'static str,
    again: &'static str,
    sign_in: String,
}

impl EndedPage {
    fn of(state: &LinkState) -> Self {
        let state = match state {
            // a good link of nobody
            LinkState::Good(_) => LinkState::Unknown.as_str(),
            other => other.as_str(),
        };
        EndedPage {
            state,
            again: super::FORGOTTEN,
            sign_in: SIGN_IN.url(),
        }
    }
}

impl Page for EndedPage {
    const TEMPLATE: &'static str = "identity/portal/password_ended.html";
    fn samples() -> Vec<Self> {
        [LinkState::Used, LinkState::Expired, LinkState::Unknown]
            .iter()
            .map(EndedPage::of)
            .collect()
    }
}

fn form<'a>(cx: &'a Guest, token: &str) -> Builder<'a> {
    cx.form::<NewPassword>(NEW.to(token))
        .submit("password-new-submit")
}

fn ended(cx: &Guest, state: &LinkState) -> web::Result {
    cx.page_with(StatusCode::GONE, EndedPage::of(state))
}

/// Whom the link is for, with the name; `Err` is the page that says that it is good no more.
async fn meant(
    cx: &Guest,
    tx: &mut Tx,
    token: &str,
) -> web::Result<Result<(UserId, String), Response>> {
    let state = links::peek(tx, LINK, token, cx.ctx.now).await?;
    match &state {
        LinkState::Good(Link {
            user: Some(user), ..
        }) => Ok(Ok((*user, users::name(tx, *user).await?))),
        _ => Ok(Err(ended(cx, &state)?)),
    }
}

pub async fn show(cx: Guest, Param(token): Param<String>) -> web::Result {
    let mut tx = cx.read().await?;
    match meant(&cx, &mut tx, &token).await? {
        Ok((_, name)) => {
            let form = form(&cx, &token).empty();
            cx.page(NewPage { name, form })
        }
        Err(ended) => Ok(ended),
    }
}

pub async fn save(
    cx: Guest,
    Param(token): Param<String>,
    posted: Posted<NewPassword>,
) -> web::Result {
    let mut tx = cx.read().await?;
    let (user, name) = match meant(&cx, &mut tx, &token).await? {
        Ok(meant) => meant,
        Err(ended) => return Ok(ended),
    };
    let chosen = match posted.parse() {
        Ok(typed) => passwords::rule(&mut tx, &cx.app, user, &typed.new_password)
            .await?
            .map(|()| typed.new_password)
            .map_err(|fault| Bad::fault(posted.raw.clone(), "new_password", fault)),
        Err(bad) => Err(bad),
    };
    drop(tx);
    let password = match chosen {
        Ok(password) => password,
        Err(bad) => {
            let form = form(&cx, &token).bad(&bad);
            return cx.invalid(NewPage { name, form });
        }
    };
    let hash = Hasher::of(&cx.app)?.hash(&password).await?;
    let mut tx = cx.begin().await?;
    match set(&mut tx, &cx, &token, &hash).await? {
        Ok(_) => {
            cx.done(tx, SIGN_IN.url(), "notice-password-changed-sign-in")
                .await
        }
        Err(state) => ended(&cx, &state),
    }
}
