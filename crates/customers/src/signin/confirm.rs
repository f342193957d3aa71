//! `/anmelden/bestaetigen`: whoever is signed in proves it once more, before a sensitive act (`Access::fresh`): by the
//! password, with a code where there is a second factor, or by a passkey.

use super::{Outcome, Try, note, passkey};
use crate::rights;
use db::Tx;
use identity::factors::passkeys::{self, Answer};
use identity::factors::portal::{PasskeyAsk, passkey_fault};
use identity::factors::{self, Proof, State, Step, recovery};
use identity::{Hasher, devices, sessions, throttle};
use kernel::{Secret, UserId};
use serde::Serialize;
use std::time::Duration;
use web::form::{Builder, FormView};
use web::{
    ACCOUNT, Bad, Error, Fault, Form, Guest, MemberSession, Page, Posted, RawForm, Result, START,
};

web::form! {
    pub struct Confirm as "confirm"; {
        password: Secret = password().autocomplete("current-password"),
    }
}

web::form! {
    pub struct ConfirmBoth as "confirm"; {
        password: Secret = password().autocomplete("current-password"),
        code: String = line(40).autocomplete("one-time-code"),
    }
}

#[derive(Serialize)]
pub struct ConfirmPage {
    name: String,
    form: FormView,
    passkey: Option<PasskeyAsk>,
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "customers/confirm.html";
    fn samples() -> Vec<Self> {
        let page = |form, passkey| ConfirmPage {
            name: "Jana Petersen".into(),
            form,
            passkey,
        };
        let [one, bad] = FormView::samples::<Confirm>();
        let [both, wrong] = FormView::samples::<ConfirmBoth>();
        let passkey = PasskeyAsk {
            begin: passkey::BEGIN.url(),
            send: "/".into(),
            csrf: "csrf".into(),
        };
        vec![
            page(one, None),
            page(bad, None),
            page(both, None),
            page(wrong, Some(passkey)),
        ]
    }
}

fn signed_in(cx: &Guest) -> Result<&MemberSession> {
    cx.user().ok_or(Error::SignIn)
}

fn form<'a>(cx: &'a Guest, state: &State) -> Builder<'a> {
    let action = cx.link_with("", None);
    let form = if state.on {
        cx.form::<ConfirmBoth>(action)
    } else {
        cx.form::<Confirm>(action)
    };
    form.submit("confirm-submit").cancel(home(cx))
}

fn page(cx: &Guest, state: &State, form: FormView) -> Result<ConfirmPage> {
    let offered = state.passkeys > 0 && passkeys::usable(cx.app.settings());
    let passkey = offered.then(|| PasskeyAsk {
        begin: passkey::BEGIN.url(),
        send: cx.link_with("", None),
        csrf: form.csrf.clone(),
    });
    Ok(ConfirmPage {
        name: signed_in(cx)?.name.clone(),
        form,
        passkey,
    })
}

fn home(cx: &Guest) -> String {
    let sees = cx.may(rights::ACCOUNT_VIEW);
    if sees { ACCOUNT.url() } else { START.url() }
}

pub async fn ask(cx: Guest) -> Result {
    let user = signed_in(&cx)?.user;
    let mut tx = cx.read().await?;
    let state = factors::state(&mut tx, user).await?;
    cx.page(page(&cx, &state, form(&cx, &state).empty())?)
}

fn read(state: &State, raw: &RawForm) -> std::result::Result<(Secret, Option<String>), Bad> {
    let read = if state.on {
        ConfirmBoth::read(raw).map(|typed| (typed.password, Some(typed.code)))
    } else {
        Confirm::read(raw).map(|typed| (typed.password, None))
    };
    let raw = raw.clone();
    read.map_err(|faults| Bad { raw, faults })
}

pub async fn enter(cx: Guest, posted: Posted<ConfirmBoth>) -> Result {
    let user = signed_in(&cx)?.user;
    let mut tx = cx.read().await?;
    let state = factors::state(&mut tx, user).await?;
    if let Some(answer) = Answer::of(&posted.raw) {
        drop(tx);
        return by_passkey(&cx, &state, user, &answer).await;
    }
    let again = |bad: &Bad| cx.invalid(page(&cx, &state, form(&cx, &state).bad(bad))?);
    let (password, code) = match read(&state, &posted.raw) {
        Ok(typed) => typed,
        Err(bad) => return again(&bad),
    };
    let attempt = Try::of_user(&mut tx, &cx, user).await?;
    let device = devices::known(&mut tx, Some(user), cx.device_token(), cx.ctx.now).await?;
    let key = factors::throttle_key(user, device);
    let mut wait = attempt.wait(&mut tx, &cx.ctx).await?;
    if code.is_some() {
        let codes = throttle::check(&mut tx, cx.ctx.now, &key).await?;
        wait = wait.or(codes.err());
    }
    if let Some(wait) = wait {
        return slow_down(&cx, &state, &posted.raw, wait);
    }
    let salt = recovery::salt(&mut tx, user.0).await?;
    drop(tx);
    let hasher = Hasher::of(&cx.app)?;
    let fits = hasher.verify(attempt.hash.as_deref(), &password).await?;
    let proof = match code {
        Some(code) => Some(Proof::of(&hasher, &code, salt).await?),
        None => None,
    };
    // no form key: a second click must get a token, too
    let mut tx = cx.app.db().begin().await?;
    match attempt.settle(&mut tx, &cx.ctx, fits).await? {
        Outcome::In(_) => {}
        Outcome::Wait(wait) => return slow_down(&cx, &state, &posted.raw, wait),
        Outcome::Wrong => {
            tx.commit().await?;
            return again(&web::bad(&posted.raw, "password", "fault-password-wrong"));
        }
    }
    if let Some(proof) = proof {
        let settings = cx.app.settings();
        match factors::prove(&mut tx, &cx.ctx, settings, user, &key, &proof).await? {
            Step::Fits => factors::tell(&mut tx, &cx, user, &proof).await?,
            Step::Wait(wait) => return slow_down(&cx, &state, &posted.raw, wait),
            Step::Wrong => {
                tx.commit().await?;
                let fault = Fault::key("sign-in-code-wrong");
                return again(&Bad::fault(RawForm::default(), "code", fault));
            }
        }
    }
    renew(&cx, tx, user).await
}

/// A passkey of this very user is enough: its owner was there.
async fn by_passkey(cx: &Guest, state: &State, user: UserId, answer: &Answer) -> Result {
    let mut tx = cx.app.db().begin().await?;
    let whose = passkeys::is_first(&mut tx, &cx.ctx, cx.app.settings(), answer).await?;
    if whose == Some(user) {
        return renew(cx, tx, user).await;
    }
    // what was asked is used up
    tx.commit().await?;
    let bad = Bad::fault(RawForm::default(), "", passkey_fault());
    cx.invalid(page(cx, state, form(cx, state).bad(&bad))?)
}

async fn renew(cx: &Guest, mut tx: Tx, user: UserId) -> Result {
    let session = signed_in(cx)?.session;
    let token = sessions::renew(&mut tx, &cx.ctx, session).await?;
    let token = token.ok_or(Error::SignIn)?;
    note(&mut tx, &cx.ctx, "session.confirmed", user, None).await?;
    tx.commit().await?;
    let next = cx.query("weiter").and_then(web::safe_next);
    let mut response = web::redirect(next.unwrap_or(&home(cx)));
    cx.set_session(&mut response, token.expose(), false);
    Ok(response)
}

fn slow_down(cx: &Guest, state: &State, raw: &RawForm, wait: Duration) -> Result {
    let bad = Bad::fault(raw.clone(), "", throttle::fault(wait));
    let page = page(cx, state, form(cx, state).bad(&bad))?;
    cx.too_many(page, wait)
}
