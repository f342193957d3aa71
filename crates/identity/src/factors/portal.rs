//! `/profil/zwei-faktor`: the second factor's app and recovery codes.

use super::recovery::Set;
use super::{New, Required, State, drop_app, renew_codes, set_up, state};
use crate::hasher::Hasher;
use crate::notices::{self, What};
use crate::{factors::passkeys, users};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Moment, UserId};
use serde::Serialize;
use web::form::{Builder, FormView, RawForm};
use web::{Error, Fault, Guest, Page, Path, Posted, Result};

pub const OVERVIEW: Path = Path::new("/profil/zwei-faktor");
pub const APP: Path = Path::new("/profil/zwei-faktor/app");
pub const APP_OFF: Path = Path::new("/profil/zwei-faktor/app/aus");
pub const CODES: Path = Path::new("/profil/zwei-faktor/codes");
pub const CODES_FILE: Path = Path::new("/profil/zwei-faktor/codes/datei");

/// The field the secret travels in while the app is set up.
const NEW: &str = "new";

web::form! {
    pub struct Code as "factor"; {
        code: String = line(20).inputmode("numeric").autocomplete("one-time-code"),
    }
}

#[derive(Serialize)]
pub struct OverviewPage {
    on: bool,
    required: bool,
    /// Required, and not there yet.
    due: bool,
    app: Option<Moment>,
    passkeys: i64,
    /// Why no passkeys can be made here.
    no_passkeys: bool,
    codes: i64,
    few: bool,
    app_href: String,
    off_href: String,
    passkeys_href: String,
    codes_href: String,
}

impl OverviewPage {
    fn of(state: &State, passkeys_work: bool) -> Self {
        OverviewPage {
            on: state.on,
            required: state.required,
            due: state.required && !state.on,
            app: state.app,
            passkeys: state.passkeys,
            no_passkeys: !passkeys_work,
            codes: state.codes,
            few: state.on && state.codes < 3,
            app_href: APP.url(),
            off_href: APP_OFF.url(),
            passkeys_href: passkeys::portal::LIST.url(),
            codes_href: CODES.url(),
        }
    }
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "identity/factors/overview.html";
    fn samples() -> Vec<Self> {
        let state = |on: bool, required, passkeys, codes| State {
            on,
            required,
            app: on.then_some(Moment::from_micros(1_793_610_000_000_000)),
            passkeys,
            codes,
        };
        vec![
            OverviewPage::of(&state(false, false, 0, 0), true),
            OverviewPage::of(&state(false, true, 0, 0), true),
            OverviewPage::of(&state(true, true, 0, 2), false),
            OverviewPage::of(&state(true, false, 2, 10), true),
            OverviewPage::of(
                &State {
                    app: None,
                    ..state(true, false, 1, 0)
                },
                true,
            ),
        ]
    }
}

/// The app's secret, and the field for its first code.
#[derive(Serialize)]
pub struct AppPage {
    /// A `data:` address.
    picture: Option<String>,
    secret: String,
    sealed: String,
    again: bool,
    form: FormView,
}

impl Page for AppPage {
    const TEMPLATE: &'static str = "identity/factors/app.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Code>();
        let secret = b"12345678901234567890";
        let page = |form, picture, again| AppPage {
            picture,
            secret: crate::staff::totp::text(secret),
            sealed: "sealed".into(),
            again,
            form,
        };
        let picture = crate::staff::totp::picture(secret, "Nordlicht", "jana@post.example");
        vec![page(empty, picture, false), page(bad, None, true)]
    }
}

/// Asks once more before the app goes, or says why it must stay.
#[derive(Serialize)]
pub struct AppOffPage {
    required: bool,
    /// Nothing but the password is left then.
    last: bool,
    action: String,
    back: String,
}

impl Page for AppOffPage {
    const TEMPLATE: &'static str = "identity/factors/app_off.html";
    fn samples() -> Vec<Self> {
        let page = |required, last| AppOffPage {
            required,
            last,
            action: APP_OFF.url(),
            back: OVERVIEW.url(),
        };
        vec![page(false, true), page(false, false), page(true, true)]
    }
}

/// The recovery codes, this once.
#[derive(Serialize)]
pub struct CodesPage {
    codes: Vec<String>,
    /// Gives them as a file: they are not kept here, so the form brings them back, sealed.
    file: String,
    sealed: String,
    csrf: String,
    done: String,
}

impl CodesPage {
    pub(crate) fn of(cx: &Guest, set: &Set, done: String) -> Result<Self> {
        let text = set.codes.join("\n");
        let at = codes_at(me(cx)?);
        let sealed = cx.ctx.world.seal(&at, text.as_bytes());
        Ok(CodesPage {
            codes: set.codes.clone(),
            file: CODES_FILE.url(),
            sealed: URL_SAFE_NO_PAD.encode(sealed.map_err(Error::internal)?),
            csrf: cx.csrf(),
            done,
        })
    }
}

fn codes_at(user: UserId) -> String {
    format!("users/{user}/codes")
}

impl Page for CodesPage {
    const TEMPLATE: &'static str = "identity/factors/codes.html";
    fn samples() -> Vec<Self> {
        vec![CodesPage {
            codes: vec!["abcd-efgh-jkmn".into(); super::recovery::CODES],
            file: CODES_FILE.url(),
            sealed: "sealed".into(),
            csrf: "csrf".into(),
            done: OVERVIEW.url(),
        }]
    }
}

pub(crate) fn me(cx: &Guest) -> Result<UserId> {
    Ok(cx.user().ok_or(Error::SignIn)?.user)
}

pub async fn overview(cx: Guest) -> Result {
    let mut tx = cx.read().await?;
    let state = state(&mut tx, me(&cx)?).await?;
    drop(tx);
    cx.page(OverviewPage::of(
        &state,
        passkeys::usable(cx.app.settings()),
    ))
}

fn app_form(cx: &Guest) -> Builder<'_> {
    cx.form::<Code>(APP.url())
        .submit("factor-app-submit")
        .cancel(OVERVIEW.url())
}

async fn app_page(cx: &Guest, new: &New, form: FormView) -> Result<AppPage> {
    let mut tx = cx.read().await?;
    let user = me(cx)?;
    let account = users::primary_email(&mut tx, user).await?;
    let account = account.map(|email| email.to_string()).unwrap_or_default();
    let again = state(&mut tx, user).await?.app.is_some();
    Ok(AppPage {
        picture: new.picture(&cx.app.settings().provider_name, &account),
        secret: new.text(),
        sealed: new.sealed.clone(),
        again,
        form,
    })
}

pub async fn app(cx: Guest) -> Result {
    let new = New::draw(&cx.ctx, me(&cx)?)?;
    let form = app_form(&cx).empty();
    let page = app_page(&cx, &new, form).await?;
    cx.page(page)
}

pub async fn app_on(cx: Guest, posted: Posted<Code>) -> Result {
    let user = me(&cx)?;
    let sealed = posted.raw.get(NEW).unwrap_or_default();
    let Some(new) = New::reopen(&cx.ctx, user, sealed) else {
        let new = New::draw(&cx.ctx, user)?;
        let form = app_form(&cx).error("factor-app-late").empty();
        let page = app_page(&cx, &new, form).await?;
        return cx.invalid(page);
    };
    let step = posted.parse().and_then(|typed| {
        let wrong = || web::bad(&RawForm::default(), "code", "fault-code");
        new.fits(&typed.code, cx.ctx.now).ok_or_else(wrong)
    });
    let step = match step {
        Ok(step) => step,
        Err(bad) => {
            let page = app_page(&cx, &new, app_form(&cx).bad(&bad)).await?;
            return cx.invalid(page);
        }
    };
    let set = first_codes(&cx, user).await?;
    let mut tx = cx.begin().await?;
    set_up(&mut tx, &cx.ctx, user, &new, step).await?;
    notices::changed(&mut tx, &cx, user, What::TwoFactorOn).await?;
    if let Some(set) = set {
        renew_codes(&mut tx, &cx.ctx, user, &set).await?;
        cx.commit(tx, &OVERVIEW.url()).await?;
        return cx.page(CodesPage::of(&cx, &set, OVERVIEW.url())?);
    }
    cx.done(tx, OVERVIEW.url(), "notice-factor-app-on").await
}

/// A set for somebody who has no codes left; drawn before the transaction, since it hashes.
pub(crate) async fn first_codes(cx: &Guest, user: UserId) -> Result<Option<Set>> {
    let mut tx = cx.app.db().read().await?;
    let left = state(&mut tx, user).await?.codes;
    drop(tx);
    if left > 0 {
        return Ok(None);
    }
    let hasher = Hasher::of(&cx.app)?;
    Ok(Some(Set::draw(&cx.ctx.world, &hasher).await?))
}

/// `None` when there is no app to remove.
async fn off_page(cx: &Guest) -> Result<Option<AppOffPage>> {
    let mut tx = cx.app.db().read().await?;
    let state = state(&mut tx, me(cx)?).await?;
    Ok(state.app.map(|_| AppOffPage {
        required: state.required && state.passkeys == 0,
        last: state.passkeys == 0,
        action: APP_OFF.url(),
        back: OVERVIEW.url(),
    }))
}

pub async fn ask_off(cx: Guest) -> Result {
    match off_page(&cx).await? {
        Some(page) => cx.page(page),
        None => Ok(web::redirect(OVERVIEW.pattern())),
    }
}

pub async fn app_off(cx: Guest) -> Result {
    let user = me(&cx)?;
    let Some(page) = off_page(&cx).await? else {
        return Ok(web::redirect(OVERVIEW.pattern()));
    };
    let mut tx = cx.begin().await?;
    if let Err(Required) = drop_app(&mut tx, &cx.ctx, user).await? {
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    notices::changed(&mut tx, &cx, user, What::TwoFactorOff).await?;
    cx.done(tx, OVERVIEW.url(), "notice-factor-app-off").await
}

pub async fn codes(cx: Guest) -> Result {
    let user = me(&cx)?;
    let hasher = Hasher::of(&cx.app)?;
    let set = Set::draw(&cx.ctx.world, &hasher).await?;
    let mut tx = cx.begin().await?;
    // codes stand in for a factor: without one there is nothing to stand in for
    if !super::has(&mut tx, user).await? {
        return Ok(web::redirect(OVERVIEW.pattern()));
    }
    renew_codes(&mut tx, &cx.ctx, user, &set).await?;
    notices::changed(&mut tx, &cx, user, What::RecoveryCodes).await?;
    cx.commit(tx, &OVERVIEW.url()).await?;
    cx.page(CodesPage::of(&cx, &set, OVERVIEW.url())?)
}

/// The codes of the page before as a file.
pub async fn codes_file(cx: Guest, form: RawForm) -> Result {
    let sealed = URL_SAFE_NO_PAD.decode(form.get("sealed").unwrap_or_default());
    let codes = sealed.ok().and_then(|sealed| {
        let at = codes_at(me(&cx).ok()?);
        cx.ctx.world.open(&at, &sealed).ok()
    });
    let Some(codes) = codes.and_then(|codes| String::from_utf8(codes).ok()) else {
        return Ok(web::redirect(OVERVIEW.pattern()));
    };
    let text = format!("{}\n\n{codes}\n", cx.app.settings().provider_name);
    let name = format!("attachment; filename=\"{}.txt\"", cx.text("codes-file"));
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, plain);
    let name = HeaderValue::from_str(&name).map_err(Error::internal)?;
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// An answer for the script.
pub fn json(thing: &impl Serialize) -> Result<Response> {
    let text = serde_json::to_string(thing).map_err(Error::internal)?;
    let mut response = Response::new(text.into());
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    Ok(response)
}

/// What a page must know to offer passkeys: drawn by `identity/factors/passkey.html`.
#[derive(Debug, Clone, Serialize)]
pub struct PasskeyAsk {
    /// Gives the question.
    pub begin: String,
    /// Takes the answer.
    pub send: String,
    pub csrf: String,
}

/// The fault of a passkey that does not fit.
pub fn passkey_fault() -> Fault {
    Fault::key("fault-passkey")
}
