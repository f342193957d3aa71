//! `/anmelden/code`: after the password the second factor, for those who have one (AUTH-6).

use super::Meant;
use super::portal::{headed, let_in};
use axum::response::Response;
use db::Tx;
use identity::factors::halves::{self, Half};
use identity::factors::passkeys::{self, Answer};
use identity::factors::portal::{PasskeyAsk, json, passkey_fault};
use identity::factors::{self, Proof, State, Step, recovery};
use identity::{Hasher, devices, throttle};
use kernel::{Actor, Ctx};
use serde::Serialize;
use std::time::Duration;
use web::form::{Builder, FormView};
use web::{Bad, Guest, Page, Path, Posted, RawForm, Result, SIGN_IN};

pub const CODE: Path = Path::new("/anmelden/code");
/// Where the script fetches what to ask of a passkey.
pub const BEGIN: Path = Path::new("/anmelden/code/passkey");

web::form! {
    pub struct Code as "sign-in-code"; {
        code: String = line(40).autocomplete("one-time-code"),
    }
}

#[derive(Serialize)]
pub struct CodePage {
    name: String,
    /// Whether there is an app that shows codes.
    app: bool,
    form: FormView,
    passkey: Option<PasskeyAsk>,
    /// Signs in as somebody else.
    other: String,
}

impl Page for CodePage {
    const TEMPLATE: &'static str = "customers/sign_in_code.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Code>();
        let passkey = PasskeyAsk {
            begin: BEGIN.url(),
            send: CODE.url(),
            csrf: "csrf".into(),
        };
        let page = |app, form, passkey| CodePage {
            name: "Jana".into(),
            app,
            form,
            passkey,
            other: SIGN_IN.url(),
        };
        vec![
            page(true, empty.clone(), None),
            page(true, bad, Some(passkey.clone())),
            page(false, empty, Some(passkey)),
        ]
    }
}

/// The page of this step, with where the person is headed.
pub(super) fn place(cx: &Guest) -> String {
    on_the_way(cx, CODE)
}

fn on_the_way(cx: &Guest, to: Path) -> String {
    let query = cx.link_with("neu", None);
    match query.split_once('?') {
        Some((_, query)) => format!("{}?{query}", to.pattern()),
        None => to.url(),
    }
}

/// Who has given the password, and not yet the rest.
pub(super) async fn half(cx: &Guest, tx: &mut Tx) -> Result<Option<Half>> {
    match cx.step_token() {
        Some(token) => Ok(halves::of(tx, cx.ctx.now, token).await?),
        None => Ok(None),
    }
}

/// The password was right: on to the second factor.
pub(super) async fn begin(cx: &Guest, mut tx: Tx, meant: Meant) -> Result {
    let token = halves::open(&mut tx, &cx.ctx, meant.user, meant.customer).await?;
    tx.commit().await?;
    let mut response = web::redirect(&place(cx));
    cx.set_step(&mut response, Some(token.expose()));
    Ok(response)
}

fn form(cx: &Guest) -> Builder<'_> {
    cx.form::<Code>(cx.link_with("weiter", headed(cx)))
        .submit("sign-in-submit")
}

fn page(cx: &Guest, half: &Half, state: &State, form: FormView) -> CodePage {
    let offered = state.passkeys > 0 && passkeys::usable(cx.app.settings());
    let passkey = offered.then(|| PasskeyAsk {
        begin: BEGIN.url(),
        send: cx.link_with("weiter", headed(cx)),
        csrf: form.csrf.clone(),
    });
    let other = on_the_way(cx, SIGN_IN);
    let mark = if other.contains('?') { '&' } else { '?' };
    CodePage {
        name: half.name.clone(),
        app: state.app.is_some(),
        form,
        passkey,
        other: format!("{other}{mark}neu=1"),
    }
}

// the password comes first
fn from_start(cx: &Guest) -> Response {
    let mut response = web::redirect(&on_the_way(cx, SIGN_IN));
    if cx.step_token().is_some() {
        cx.set_step(&mut response, None);
    }
    response
}

pub async fn ask(cx: Guest) -> Result {
    let mut tx = cx.read().await?;
    let Some(half) = half(&cx, &mut tx).await? else {
        return Ok(from_start(&cx));
    };
    let state = factors::state(&mut tx, half.user).await?;
    let page = page(&cx, &half, &state, form(&cx).empty());
    cx.page(page)
}

/// What the script is to ask of a passkey.
pub async fn ask_passkey(cx: Guest) -> Result {
    let mut tx = cx.app.db().begin().await?;
    let question = match half(&cx, &mut tx).await? {
        Some(half) => {
            let settings = cx.app.settings();
            passkeys::second(&mut tx, &cx.ctx, settings, half.user).await?
        }
        None => None,
    };
    tx.commit().await?;
    json(&question)
}

pub async fn enter(cx: Guest, posted: Posted<Code>) -> Result {
    let mut tx = cx.read().await?;
    let Some(half) = half(&cx, &mut tx).await? else {
        return Ok(from_start(&cx));
    };
    let state = factors::state(&mut tx, half.user).await?;
    let again = |bad: &Bad| page(&cx, &half, &state, form(&cx).bad(bad));
    let device = devices::known(&mut tx, Some(half.user), cx.device_token(), cx.ctx.now).await?;
    let key = factors::throttle_key(half.user, device);
    let proof = match Answer::of(&posted.raw) {
        Some(answer) => Proof::Passkey(answer),
        None => {
            let typed = match posted.parse() {
                Ok(typed) => typed.code,
                Err(bad) => return cx.invalid(again(&bad)),
            };
            if let Err(wait) = throttle::check(&mut tx, cx.ctx.now, &key).await? {
                return cx.too_many(again(&whole(wait)), wait);
            }
            let salt = recovery::salt(&mut tx, half.user.0).await?;
            drop(tx);
            Proof::of(&*Hasher::of(&cx.app)?, &typed, salt).await?
        }
    };
    let ctx = Ctx {
        actor: Actor::User(half.user),
        ..cx.ctx.clone()
    };
    // no form key: each answer carries a session of its own
    let mut tx = cx.app.db().begin().await?;
    let settings = cx.app.settings();
    match factors::prove(&mut tx, &ctx, settings, half.user, &key, &proof).await? {
        Step::Fits if halves::end(&mut tx, half.id).await? => {
            factors::tell(&mut tx, &cx, half.user, &proof).await?;
            let_in(&cx, tx, half.user, half.customer).await
        }
        // another request of the same sign-in was faster
        Step::Fits => Ok(from_start(&cx)),
        Step::Wait(wait) => cx.too_many(again(&whole(wait)), wait),
        Step::Wrong => {
            tx.commit().await?;
            let bad = match proof {
                Proof::Passkey(_) => Bad::fault(RawForm::default(), "", passkey_fault()),
                _ => web::bad(&RawForm::default(), "code", "sign-in-code-wrong"),
            };
            cx.invalid(again(&bad))
        }
    }
}

fn whole(wait: Duration) -> Bad {
    Bad::fault(RawForm::default(), "", throttle::fault(wait))
}
