//! `/profil/adressen/…`: adding, proving, making primary and removing an address; the pages of the mailed links.

use super::{Claim, EmailId, Refused, Stopped, store};
use crate::links::LinkState;
use crate::notices::What;
use crate::reset::portal::NewPassword;
use crate::{Hasher, passwords, profile};
use axum::http::StatusCode;
use kernel::{Email, UserId};
use serde::Serialize;
use web::form::{Builder, FormView};
use web::{Bad, Error, Guest, Page, Param, Path, Path1, Posted, SIGN_IN};

pub const NEW: Path = Path::new("/profil/adressen/neu");
pub const AGAIN: Path1 = Path1::new("/profil/adressen/{id}/bestaetigen");
pub const PRIMARY: Path1 = Path1::new("/profil/adressen/{id}/hauptadresse");
pub const REMOVE: Path1 = Path1::new("/profil/adressen/{id}/entfernen");
/// Pages of mailed links.
pub const PROVE: Path1 = Path1::new("/adresse-bestaetigen/{token}");
pub const STOP: Path1 = Path1::new("/adresse-stoppen/{token}");
pub const STOPPED: Path = Path::new("/adresse-gestoppt");

web::form! {
    pub struct NewEmail as "email-new"; {
        email: Email = email(),
    }
}

web::form! {
    /// A button and nothing else.
    pub struct Button as "button"; {}
}

#[derive(Serialize)]
pub struct AddPage {
    form: FormView,
    profile: String,
}

impl AddPage {
    fn of(form: FormView) -> Self {
        AddPage {
            form,
            profile: profile::PROFILE.url(),
        }
    }
}

impl Page for AddPage {
    const TEMPLATE: &'static str = "identity/portal/email_add.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<NewEmail>().map(AddPage::of).into()
    }
}

/// Asks once more.
#[derive(Serialize)]
pub struct RemovePage {
    email: String,
    /// Nothing where it cannot go.
    form: Option<FormView>,
    profile: String,
}

impl Page for RemovePage {
    const TEMPLATE: &'static str = "identity/portal/email_remove.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Button>();
        [Some(empty), Some(bad), None]
            .map(|form| RemovePage {
                email: "jana@post.example".into(),
                form,
                profile: profile::PROFILE.url(),
            })
            .into()
    }
}

/// The button that proves an address, with a new password where the proof takes the account over.
#[derive(Serialize)]
pub struct ProvePage {
    email: String,
    takes_over: bool,
    form: FormView,
    /// For those who have a password and prove with it.
    sign_in: String,
}

impl Page for ProvePage {
    const TEMPLATE: &'static str = "identity/portal/email_prove.html";
    fn samples() -> Vec<Self> {
        let page = |takes_over, form| ProvePage {
            email: "jana@post.example".into(),
            takes_over,
            form,
            sign_in: SIGN_IN.url(),
        };
        let [new, wrong] = FormView::samples::<NewPassword>();
        let [button, failed] = FormView::samples::<Button>();
        vec![
            page(false, button),
            page(false, failed),
            page(true, new),
            page(true, wrong),
        ]
    }
}

/// The button that undoes a change, and what it has done.
#[derive(Serialize)]
pub struct StopPage {
    what: &'static str,
    email: String,
    /// Nothing when it is done.
    form: Option<FormView>,
    reset: &'static str,
}

impl Page for StopPage {
    const TEMPLATE: &'static str = "identity/portal/email_stop.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Button>();
        let page = |what: What, form: &Option<FormView>| StopPage {
            what: what.as_str(),
            email: "jana@post.example".into(),
            form: form.clone(),
            reset: crate::reset::FORGOTTEN,
        };
        [What::EmailAdded, What::EmailRemoved, What::PrimaryChanged]
            .into_iter()
            .flat_map(|what| {
                [Some(empty.clone()), Some(bad.clone()), None]
                    .iter()
                    .map(|form| page(what, form))
                    .collect::<Vec<_>>()
            })
            .collect()
    }
}

/// A link that is good no more.
#[derive(Serialize)]
pub struct EndedPage {
    state: &'static str,
    profile: String,
}

impl EndedPage {
    fn of(state: &LinkState) -> Self {
        let state = match state {
            LinkState::Good(_) => LinkState::Unknown.as_str(),
            other => other.as_str(),
        };
        EndedPage {
            state,
            profile: profile::PROFILE.url(),
        }
    }
}

impl Page for EndedPage {
    const TEMPLATE: &'static str = "identity/portal/email_ended.html";
    fn samples() -> Vec<Self> {
        [LinkState::Used, LinkState::Expired, LinkState::Unknown]
            .iter()
            .map(EndedPage::of)
            .collect()
    }
}

fn ended(cx: &Guest, state: &LinkState) -> web::Result {
    cx.page_with(StatusCode::GONE, EndedPage::of(state))
}

fn user(cx: &Guest) -> web::Result<UserId> {
    Ok(cx.user().ok_or(Error::SignIn)?.user)
}

fn add_form(cx: &Guest) -> Builder<'_> {
    cx.form::<NewEmail>(NEW.url())
        .submit("email-new-submit")
        .cancel(profile::PROFILE.url())
}

pub async fn ask_add(cx: Guest) -> web::Result {
    cx.page(AddPage::of(add_form(&cx).empty()))
}

pub async fn add(cx: Guest, posted: Posted<NewEmail>) -> web::Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => return cx.invalid(AddPage::of(add_form(&cx).bad(&bad))),
    };
    let mut tx = cx.begin().await?;
    match super::add(&mut tx, &cx, user(&cx)?, &typed.email).await? {
        Ok(()) => {
            cx.done(tx, profile::PROFILE.url(), "notice-email-proof-sent")
                .await
        }
        Err(refused) => {
            let key = match refused {
                Refused::Full => "fault-emails-full",
                _ => "fault-email-own",
            };
            let bad = web::bad(&posted.raw, "email", key);
            cx.invalid(AddPage::of(add_form(&cx).bad(&bad)))
        }
    }
}

pub async fn prove_again(cx: Guest, Param(id): Param<EmailId>) -> web::Result {
    let mut tx = cx.begin().await?;
    match super::prove_again(&mut tx, &cx, user(&cx)?, id).await? {
        Ok(()) => {
            cx.done(tx, profile::PROFILE.url(), "notice-email-proof-sent")
                .await
        }
        Err(_) => Err(Error::NotFound),
    }
}

pub async fn make_primary(cx: Guest, Param(id): Param<EmailId>) -> web::Result {
    let mut tx = cx.begin().await?;
    match super::make_primary(&mut tx, &cx, user(&cx)?, id).await? {
        Ok(()) => {
            cx.done(tx, profile::PROFILE.url(), "notice-email-primary")
                .await
        }
        Err(Refused::Unproven) => {
            let to = profile::PROFILE.url();
            cx.done(tx, to, "notice-email-unproven-warn").await
        }
        Err(_) => Err(Error::NotFound),
    }
}

fn remove_form(cx: &Guest, id: EmailId) -> FormView {
    cx.form::<Button>(REMOVE.to(id))
        .submit("email-remove-submit")
        .cancel(profile::PROFILE.url())
        .empty()
}

pub async fn ask_remove(cx: Guest, Param(id): Param<EmailId>) -> web::Result {
    let mut tx = cx.read().await?;
    let own = store::all(&mut tx, user(&cx)?).await?;
    let one = own.iter().find(|own| own.id == id).ok_or(Error::NotFound)?;
    cx.page(RemovePage {
        email: one.email.to_string(),
        form: super::can_go(&own, one).then(|| remove_form(&cx, id)),
        profile: profile::PROFILE.url(),
    })
}

pub async fn remove(cx: Guest, Param(id): Param<EmailId>) -> web::Result {
    let mut tx = cx.begin().await?;
    match super::remove(&mut tx, &cx, user(&cx)?, id).await? {
        Ok(()) => {
            cx.done(tx, profile::PROFILE.url(), "notice-email-removed")
                .await
        }
        Err(Refused::Needed) => {
            let to = profile::PROFILE.url();
            cx.done(tx, to, "notice-email-needed-warn").await
        }
        Err(_) => Err(Error::NotFound),
    }
}

fn prove_form<'a>(cx: &'a Guest, claim: &Claim, token: &str) -> Builder<'a> {
    let action = PROVE.to(token);
    let form = if claim.takes_over {
        cx.form::<NewPassword>(action)
    } else {
        cx.form::<Button>(action)
    };
    form.submit("email-prove-submit")
}

fn prove_page(cx: &Guest, claim: &Claim, form: FormView) -> ProvePage {
    ProvePage {
        email: claim.email.to_string(),
        takes_over: claim.takes_over,
        form,
        sign_in: format!("{}?weiter={}", SIGN_IN.pattern(), cx.info.path),
    }
}

pub async fn show_proof(cx: Guest, Param(token): Param<String>) -> web::Result {
    let mut tx = cx.read().await?;
    match super::look(&mut tx, &cx, &token).await? {
        Ok(claim) => {
            let form = prove_form(&cx, &claim, &token).empty();
            cx.page(prove_page(&cx, &claim, form))
        }
        Err(state) => ended(&cx, &state),
    }
}

pub async fn prove(
    cx: Guest,
    Param(token): Param<String>,
    posted: Posted<NewPassword>,
) -> web::Result {
    let mut tx = cx.read().await?;
    let claim = match super::look(&mut tx, &cx, &token).await? {
        Ok(claim) => claim,
        Err(state) => return ended(&cx, &state),
    };
    let mut hash = None;
    if claim.takes_over {
        let chosen = match posted.parse() {
            Ok(typed) => passwords::rule(&mut tx, &cx.app, claim.user, &typed.new_password)
                .await?
                .map(|()| typed.new_password)
                .map_err(|fault| Bad::fault(posted.raw.clone(), "new_password", fault)),
            Err(bad) => Err(bad),
        };
        drop(tx);
        match chosen {
            Ok(password) => hash = Some(Hasher::of(&cx.app)?.hash(&password).await?),
            Err(bad) => {
                let form = prove_form(&cx, &claim, &token).bad(&bad);
                return cx.invalid(prove_page(&cx, &claim, form));
            }
        }
    } else {
        drop(tx);
    }
    let mut tx = cx.begin().await?;
    match super::prove(&mut tx, &cx, &token, hash.as_deref()).await? {
        Ok(claim) => {
            let here = cx.user().is_some_and(|session| session.user == claim.user);
            let to = if here { profile::PROFILE } else { SIGN_IN };
            cx.done(tx, to.url(), "notice-email-proven").await
        }
        Err(state) => ended(&cx, &state),
    }
}

/// The address that the page names: the one that comes back, or goes.
fn shown(stopped: &Stopped) -> String {
    match (&stopped.primary, stopped.what) {
        (Some(before), What::PrimaryChanged) => before.to_string(),
        _ => stopped.email.to_string(),
    }
}

pub async fn show_stop(cx: Guest, Param(token): Param<String>) -> web::Result {
    let mut tx = cx.read().await?;
    match super::peek_stop(&mut tx, &cx, &token).await? {
        Ok(stopped) => cx.page(StopPage {
            what: stopped.what.as_str(),
            email: shown(&stopped),
            form: Some(
                cx.form::<Button>(STOP.to(&token))
                    .submit("email-stop-submit")
                    .empty(),
            ),
            reset: crate::reset::FORGOTTEN,
        }),
        Err(state) => ended(&cx, &state),
    }
}

pub async fn stop(cx: Guest, Param(token): Param<String>) -> web::Result {
    let mut tx = cx.begin().await?;
    match super::stop(&mut tx, &cx, &token).await? {
        Ok(stopped) => {
            let here = cx.user().is_some_and(|own| own.user == stopped.user);
            let mut response = cx.done(tx, STOPPED.url(), "").await?;
            if here {
                cx.end_session(&mut response, false);
            }
            Ok(response)
        }
        Err(state) => ended(&cx, &state),
    }
}

/// What the stop has done.
pub async fn stopped(cx: Guest) -> web::Result {
    cx.page(StopPage {
        what: "",
        email: String::new(),
        form: None,
        reset: crate::reset::FORGOTTEN,
    })
}
