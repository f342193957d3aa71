//! `/registrieren`, its neutral answer, and `/aktivieren/{token}`.

use super::{Dead, Invited, Registration, activate, peek, register};
use crate::signin;
use axum::http::StatusCode;
use identity::Hasher;
use kernel::{Actor, Ctx, Secret};
use serde::Serialize;
use web::form::{Builder, FormView};
use web::{Bad, Guest, Page, Param, Path, Path1, Posted, Result, SIGN_IN, START};

pub const REGISTER: Path = Path::new("/registrieren");
pub const ASKED: Path = Path::new("/registrieren/bestaetigt");
pub const ACTIVATE: Path1 = Path1::new("/aktivieren/{token}");
/// A page of the legal context.
const PRIVACY: Path = Path::new("/datenschutz");

web::form! {
    /// What the activation page asks for.
    pub struct NewPassword as "activation"; {
        password: Secret = password().autocomplete("new-password"),
        password_repeat: Secret = password().autocomplete("new-password"),
    }
}

#[derive(Serialize)]
pub struct RegisterPage {
    form: FormView,
    privacy: String,
    sign_in: String,
}

impl RegisterPage {
    fn of(form: FormView) -> Self {
        RegisterPage {
            form,
            privacy: PRIVACY.url(),
            sign_in: SIGN_IN.url(),
        }
    }
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "customers/register.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<Registration>().map(Self::of).into()
    }
}

/// Always the same page: it must not tell whether the address was known.
#[derive(Serialize)]
pub struct AskedPage {
    again: String,
}

impl Page for AskedPage {
    const TEMPLATE: &'static str = "customers/registered.html";
    fn samples() -> Vec<Self> {
        vec![AskedPage {
            again: REGISTER.url(),
        }]
    }
}

#[derive(Serialize)]
pub struct ActivatePage {
    form: FormView,
    name: String,
    email: String,
}

impl ActivatePage {
    fn of(invited: &Invited, form: FormView) -> Self {
        let name = format!(
            "{} {}",
            invited.pending.first_name, invited.pending.last_name
        );
        ActivatePage {
            form,
            name,
            email: invited.email.to_string(),
        }
    }
}

impl Page for ActivatePage {
    const TEMPLATE: &'static str = "customers/activate.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<NewPassword>()
            .map(|form| ActivatePage {
                form,
                name: "Jana Petersen".into(),
                email: "jana@post.example".into(),
            })
            .into()
    }
}

/// A link that does nothing any more.
#[derive(Serialize)]
pub struct DeadPage {
    why: Dead,
    again: String,
    sign_in: String,
}

impl DeadPage {
    fn of(why: Dead) -> Self {
        DeadPage {
            why,
            again: REGISTER.url(),
            sign_in: SIGN_IN.url(),
        }
    }
}

impl Page for DeadPage {
    const TEMPLATE: &'static str = "customers/link_dead.html";
    fn samples() -> Vec<Self> {
        Dead::ALL.iter().copied().map(DeadPage::of).collect()
    }
}

fn register_form(cx: &Guest) -> Builder<'_> {
    cx.form::<Registration>(REGISTER.url())
        .submit("registration-submit")
}

pub async fn ask(cx: Guest) -> Result {
    let form = register_form(&cx).empty();
    cx.page(RegisterPage::of(form))
}

pub async fn create(cx: Guest, form: Posted<Registration>) -> Result {
    let new = match form.parse() {
        Ok(new) => new,
        Err(bad) => return cx.invalid(RegisterPage::of(register_form(&cx).bad(&bad))),
    };
    let mut tx = cx.begin().await?;
    register(&cx.app, &mut tx, &cx.ctx, &cx.info.network, &new).await?;
    cx.done(tx, ASKED.url(), "").await
}

pub async fn asked(cx: Guest) -> Result {
    cx.page(AskedPage {
        again: REGISTER.url(),
    })
}

fn password_form<'a>(cx: &'a Guest, token: &str) -> Builder<'a> {
    cx.form::<NewPassword>(ACTIVATE.to(token))
        .submit("activation-submit")
}

fn dead(cx: &Guest, why: Dead) -> Result {
    cx.page_with(StatusCode::GONE, DeadPage::of(why))
}

pub async fn show(cx: Guest, Param(token): Param<String>) -> Result {
    let mut tx = cx.read().await?;
    match peek(&mut tx, &token, cx.ctx.now).await? {
        Ok(invited) => cx.page(ActivatePage::of(
            &invited,
            password_form(&cx, &token).empty(),
        )),
        Err(why) => dead(&cx, why),
    }
}

pub async fn activate_with(
    cx: Guest,
    Param(token): Param<String>,
    form: Posted<NewPassword>,
) -> Result {
    let mut tx = cx.read().await?;
    let invited = match peek(&mut tx, &token, cx.ctx.now).await? {
        Ok(invited) => invited,
        Err(why) => return dead(&cx, why),
    };
    drop(tx);
    let page = |form| ActivatePage::of(&invited, form);
    let password = match chosen(&form, &invited) {
        Ok(password) => password,
        Err(bad) => return cx.invalid(page(password_form(&cx, &token).bad(&bad))),
    };
    let Ok(hash) = Hasher::of(&cx.app)?.hash(&password).await else {
        let form = password_form(&cx, &token).error("error-busy.text").empty();
        return cx.page_with(StatusCode::SERVICE_UNAVAILABLE, page(form));
    };
    let mut tx = cx.app.db().begin().await?;
    let (user, customer) = match activate(&mut tx, &cx.ctx, &token, &hash).await? {
        Ok(made) => made,
        Err(why) => return dead(&cx, why),
    };
    let ctx = Ctx {
        actor: Actor::User(user),
        ..cx.ctx.clone()
    };
    let opened = signin::open(&mut tx, &ctx, &cx, user, Some(customer)).await?;
    let mut response = cx.done(tx, START.url(), "notice-activated").await?;
    opened.hand_over(&cx, &mut response);
    Ok(response)
}

/// The password, if it is good and was typed twice.
fn chosen(form: &Posted<NewPassword>, invited: &Invited) -> std::result::Result<Secret, Bad> {
    let typed = form.parse()?;
    if typed.password != typed.password_repeat {
        return Err(web::bad(
            &form.raw,
            "password_repeat",
            "fault-password-differs",
        ));
    }
    let pending = &invited.pending;
    let personal = [
        pending.first_name.as_str(),
        pending.last_name.as_str(),
        invited.email.as_str(),
    ];
    identity::password_rule(&typed.password, &personal)
        .map(|()| typed.password)
        .map_err(|fault| Bad::fault(form.raw.clone(), "password", fault))
}
