//! `/anmelden`, `/abmelden`, and the switch between customers.

use super::{Outcome, Try, code, note, open, passkey};
use crate::{member, registration, rights};
use axum::http::StatusCode;
use axum::response::Response;
use db::Tx;
use identity::factors::portal::PasskeyAsk;
use identity::{Hasher, factors, sessions, throttle};
use kernel::{Actor, Ctx, CustomerId, Secret, UserId};
use serde::Serialize;
use std::time::Duration;
use web::form::{Builder, FormView};
use web::{ACCOUNT, Bad, Error, Guest, Page, Path, Posted, RawForm, Result, START};

pub const SIGN_OUT: Path = Path::new("/abmelden");
pub const SWITCH: Path = Path::new("/konto/wechseln");

web::form! {
    pub struct SignIn as "sign-in"; {
        login: String = line(254).autocomplete("username"),
        password: Secret = password().autocomplete("current-password"),
    }
}

#[derive(Serialize)]
pub struct SignInPage {
    form: FormView,
    register: String,
    forgotten: String,
    /// Where passkeys work.
    passkey: Option<PasskeyAsk>,
}

impl SignInPage {
    pub(super) fn of(cx: &Guest, form: FormView) -> Self {
        let passkey = passkey::offer(cx, &form.csrf);
        SignInPage {
            passkey,
            ..SignInPage::plain(form)
        }
    }

    fn plain(form: FormView) -> Self {
        SignInPage {
            passkey: None,
            form,
            register: registration::portal::REGISTER.url(),
            forgotten: super::forgotten::FORGOTTEN.url(),
        }
    }
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "customers/sign_in.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<SignIn>();
        let passkey = PasskeyAsk {
            begin: "/".into(),
            send: "/".into(),
            csrf: "csrf".into(),
        };
        let offered = SignInPage {
            passkey: Some(passkey),
            ..SignInPage::plain(empty)
        };
        vec![offered, SignInPage::plain(bad)]
    }
}

/// Where the person was headed.
pub(super) fn headed(cx: &Guest) -> Option<&str> {
    cx.query("weiter").and_then(web::safe_next)
}

pub(super) fn sign_in_form(cx: &Guest) -> Builder<'_> {
    cx.form::<SignIn>(cx.link_with("weiter", headed(cx)))
        .submit("sign-in-submit")
}

pub async fn ask(cx: Guest) -> Result {
    if cx.user().is_some() {
        let to = if cx.may(rights::ACCOUNT_VIEW) {
            ACCOUNT
        } else {
            START
        };
        return Ok(web::redirect(headed(&cx).unwrap_or(to.pattern())));
    }
    let mut tx = cx.read().await?;
    // who has given the password goes on, unless it was to be somebody else
    if cx.query("neu").is_none() && code::half(&cx, &mut tx).await?.is_some() {
        return Ok(web::redirect(&code::place(&cx)));
    }
    drop(tx);
    cx.page(SignInPage::of(&cx, sign_in_form(&cx).empty()))
}

pub async fn enter(cx: Guest, form: Posted<SignIn>) -> Result {
    let typed = match form.parse() {
        Ok(typed) => typed,
        Err(bad) => return cx.invalid(SignInPage::of(&cx, sign_in_form(&cx).bad(&bad))),
    };
    let mut tx = cx.read().await?;
    let attempt = Try::of(&mut tx, &cx, &typed.login).await?;
    if let Some(wait) = attempt.wait(&mut tx, &cx.ctx).await? {
        return slow_down(&cx, &form.raw, wait);
    }
    drop(tx);
    let Ok(fits) = Hasher::of(&cx.app)?
        .verify(attempt.hash.as_deref(), &typed.password)
        .await
    else {
        let form = sign_in_form(&cx).error("error-busy.text").raw(&form.raw);
        return cx.page_with(StatusCode::SERVICE_UNAVAILABLE, SignInPage::of(&cx, form));
    };
    // no form key: a second click must get a session, too
    let mut tx = cx.app.db().begin().await?;
    match attempt.settle(&mut tx, &cx.ctx, fits).await? {
        Outcome::In(meant) if factors::has(&mut tx, meant.user).await? => {
            code::begin(&cx, tx, meant).await
        }
        Outcome::In(meant) => let_in(&cx, tx, meant.user, meant.customer).await,
        Outcome::Wait(wait) => slow_down(&cx, &form.raw, wait),
        Outcome::Wrong => {
            tx.commit().await?;
            let bad = web::bad(&form.raw, "", "sign-in-wrong");
            cx.invalid(SignInPage::of(&cx, sign_in_form(&cx).bad(&bad)))
        }
    }
}

/// Signs in: everything that was asked for has been given.
pub(super) async fn let_in(
    cx: &Guest,
    mut tx: Tx,
    user: UserId,
    customer: Option<CustomerId>,
) -> Result {
    let customer = match customer {
        Some(customer) => Some(customer),
        None => member::last_used(&mut tx, user).await?,
    };
    let ctx = Ctx {
        actor: Actor::User(user),
        ..cx.ctx.clone()
    };
    let opened = open(&mut tx, &ctx, cx, user, customer).await?;
    let home = home(&mut tx, user, customer).await?;
    tx.commit().await?;
    cx.app.wake();
    let mut response = web::redirect(headed(cx).unwrap_or(&home));
    opened.hand_over(cx, &mut response);
    Ok(response)
}

/// The account overview for those who may see it.
async fn home(tx: &mut Tx, user: UserId, customer: Option<CustomerId>) -> db::Result<String> {
    let Some(customer) = customer else {
        return Ok(START.url());
    };
    let held = member::rights_of(tx, customer, user).await?;
    let sees = held.is_some_and(|rights| rights.has(rights::ACCOUNT_VIEW));
    Ok(if sees { ACCOUNT.url() } else { START.url() })
}

fn slow_down(cx: &Guest, raw: &RawForm, wait: Duration) -> Result {
    let bad = Bad::fault(raw.clone(), "", throttle::fault(wait));
    cx.too_many(SignInPage::of(cx, sign_in_form(cx).bad(&bad)), wait)
}

pub async fn leave(cx: Guest) -> Result {
    let mut tx = cx.begin().await?;
    if let Some(session) = cx.user() {
        sessions::end(&mut tx, session.session).await?;
        let customer = session.acting.as_ref().map(|acting| acting.customer);
        note(&mut tx, &cx.ctx, "session.ended", session.user, customer).await?;
    }
    let mut response: Response = cx.done(tx, START.url(), "notice-signed-out").await?;
    cx.end_session(&mut response, false);
    Ok(response)
}

/// Acts for another customer from now on, and goes on where `weiter` says. A stranger's id is 404.
pub async fn switch(cx: Guest, form: RawForm) -> Result {
    let session = cx.user().ok_or(Error::SignIn)?;
    let id = form
        .get("id")
        .and_then(|id| id.parse::<CustomerId>().ok())
        .ok_or(Error::NotFound)?;
    let mut tx = cx.begin().await?;
    let held = member::rights_of(&mut tx, id, session.user)
        .await?
        .ok_or(Error::NotFound)?;
    sessions::set_acting(&mut tx, session.session, id).await?;
    member::used(&mut tx, id, session.user, cx.ctx.now).await?;
    note(
        &mut tx,
        &cx.ctx,
        "session.customer_switched",
        session.user,
        Some(id),
    )
    .await?;
    let to = if held.has(rights::ACCOUNT_VIEW) {
        ACCOUNT
    } else {
        START
    };
    let next = form
        .get("weiter")
        .and_then(web::safe_next)
        .map(str::to_owned);
    cx.done(
        tx,
        next.unwrap_or_else(|| to.url()),
        "notice-customer-switched",
    )
    .await
}
