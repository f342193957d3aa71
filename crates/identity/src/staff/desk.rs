//! Pages of the sign-in at the desk.

use super::pages::{
    Code, CodePage, EndedPage, InvitationPage, NewPassword, SetUpPage, SignIn, SignInPage,
};
use super::{Half, StaffRow, Step, sign_in as steps};
use crate::factors::recovery;
use crate::links::{self, Link, LinkState};
use crate::rule::password_rule;
use crate::{Hasher, staff};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use db::audit;
use kernel::Secret;
use serde_json::json;
use std::time::Duration;
use web::form::Builder;
use web::{
    Bad, Cx, DESK, DESK_SIGN_IN, Fault, FormView, Guest, Param, Path, Path1, Posted, RawForm, Staff,
};

pub const CODE: Path = Path::new("/desk/anmelden/code");
pub const SET_UP: Path = Path::new("/desk/anmelden/einrichten");
/// Page of the one-time link that [`super::add`] gives.
pub const INVITATION: Path1 = Path1::new("/desk/einladung/{token}");
pub const SIGN_OUT: Path = Path::new("/desk/abmelden");

pub async fn sign_in_page(cx: Guest) -> web::Result {
    if matches!(cx.who, web::Who::Staff(_)) {
        return Ok(web::redirect(DESK.pattern()));
    }
    let form = sign_in_form(&cx).empty();
    cx.page(SignInPage { form })
}

fn sign_in_form(cx: &Cx) -> Builder<'_> {
    cx.form::<SignIn>(cx.link_with("", None))
        .submit("desk-sign-in-submit")
}

pub async fn sign_in(cx: Guest, form: Posted<SignIn>) -> web::Result {
    let typed = match form.parse() {
        Ok(typed) => typed,
        Err(bad) => {
            return cx.invalid(SignInPage {
                form: sign_in_form(&cx).bad(&bad),
            });
        }
    };
    let mut tx = cx.read().await?;
    if let Some(wait) = steps::wait(&mut tx, &cx.ctx, &steps::keys(&typed.email, &cx.info)).await? {
        return sign_in_again(&cx, &form.raw, Some(wait));
    }
    let known = staff::credential(&mut tx, &typed.email)
        .await?
        .and_then(|known| known.password);
    drop(tx);
    let fits = Hasher::of(&cx.app)?
        .verify(known.as_deref(), &typed.password)
        .await?;
    let fits = known.as_deref().filter(|_| fits);
    let mut tx = cx.begin().await?;
    let step = staff::sign_in(&mut tx, &cx.ctx, &typed.email, fits, &cx.info).await?;
    if let (Step::On(_), Some(old)) = (&step, cx.session_token()) {
        super::store::end_token(&mut tx, web::token_hash(old)).await?;
    }
    // without the form's key: sent twice, each answer carries a session of its own
    tx.commit().await?;
    match step {
        Step::On(token) => Ok(onward(&cx, CODE, &token)),
        Step::Wrong => sign_in_again(&cx, &form.raw, None),
        Step::Wait(wait) => sign_in_again(&cx, &form.raw, Some(wait)),
    }
}

// the form as it came: wrong, or to be tried after a while
fn sign_in_again(cx: &Cx, raw: &RawForm, wait: Option<Duration>) -> web::Result {
    let page = |fault| SignInPage {
        form: sign_in_form(cx).bad(&whole(raw, fault)),
    };
    match wait {
        None => cx.invalid(page(Fault::key("desk-sign-in-wrong"))),
        Some(wait) => {
            let response = cx.page_with(StatusCode::TOO_MANY_REQUESTS, page(wait_fault(wait)))?;
            Ok(later(wait, response))
        }
    }
}

// to the next step, with where the person was headed
fn onward(cx: &Cx, next: Path, token: &Secret) -> Response {
    let mut response = due(cx, next);
    cx.set_session(&mut response, token.expose(), true);
    response
}

fn whole(raw: &RawForm, fault: Fault) -> Bad {
    Bad::fault(raw.clone(), "", fault)
}

fn wait_fault(wait: Duration) -> Fault {
    match wait.as_secs() + 1 {
        seconds @ 0..=90 => Fault::key("desk-sign-in-wait").arg("seconds", seconds as i64),
        seconds => Fault::key("desk-sign-in-wait-long").arg("minutes", seconds.div_ceil(60) as i64),
    }
}

pub(super) fn later(wait: Duration, mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
    response
}

async fn half(cx: &Cx, tx: &mut db::Tx) -> web::Result<Option<Half>> {
    match cx.session_token() {
        Some(token) => Ok(staff::half(tx, &cx.ctx, token).await?),
        None => Ok(None),
    }
}

fn code_form(cx: &Cx) -> Builder<'_> {
    cx.form::<Code>(cx.link_with("", None))
        .submit("desk-sign-in-submit")
}

// the step that is due stands at its own path
fn due(cx: &Cx, place: Path) -> Response {
    let query = &cx.info.query_string;
    if query.is_empty() {
        web::redirect(place.pattern())
    } else {
        web::redirect(&format!("{}?{query}", place.pattern()))
    }
}

pub async fn code_page(cx: Guest) -> web::Result {
    let mut tx = cx.read().await?;
    match half(&cx, &mut tx).await? {
        None => Ok(due(&cx, DESK_SIGN_IN)),
        Some(half) if half.is_first() => Ok(due(&cx, SET_UP)),
        Some(half) => {
            let form = code_form(&cx).empty();
            cx.page(CodePage {
                name: half.name,
                form,
            })
        }
    }
}

pub async fn set_up_page(cx: Guest) -> web::Result {
    let mut tx = cx.read().await?;
    match half(&cx, &mut tx).await? {
        None => Ok(due(&cx, DESK_SIGN_IN)),
        Some(half) if !half.is_first() => Ok(due(&cx, CODE)),
        Some(half) => {
            let form = code_form(&cx).empty();
            cx.page(set_up(&cx, &half, form)?)
        }
    }
}

fn set_up(cx: &Cx, half: &Half, form: FormView) -> web::Result<SetUpPage> {
    let new = half.set_up(&cx.ctx, &cx.app.settings().provider_name)?;
    Ok(SetUpPage {
        picture: new.picture,
        secret: new.text,
        form,
    })
}

/// Takes the code, at the first sign-in and at every other.
pub async fn code(cx: Guest, form: Posted<Code>) -> web::Result {
    let mut tx = cx.read().await?;
    let Some(half) = half(&cx, &mut tx).await? else {
        return Ok(due(&cx, DESK_SIGN_IN));
    };
    let salt = recovery::salt(&mut tx, half.staff.0).await?;
    drop(tx);
    let typed = match form.parse() {
        Ok(typed) => typed.code,
        Err(bad) => return again(&cx, half, StatusCode::UNPROCESSABLE_ENTITY, &bad),
    };
    let code = recovery::hash(&*Hasher::of(&cx.app)?, &typed, salt).await?;
    let mut tx = cx.begin().await?;
    let step = staff::second_factor(&mut tx, &cx.ctx, &half, &typed, code).await?;
    match step {
        Step::On(token) => {
            let place = cx
                .query("weiter")
                .and_then(web::safe_next)
                .unwrap_or(DESK.pattern());
            cx.commit(tx, place).await?;
            let mut response = web::redirect(place);
            cx.set_session(&mut response, token.expose(), true);
            Ok(response)
        }
        Step::Wrong => {
            tx.commit().await?;
            let bad = Bad::fault(RawForm::default(), "code", Fault::key("fault-code"));
            again(&cx, half, StatusCode::UNPROCESSABLE_ENTITY, &bad)
        }
        Step::Wait(wait) => {
            let bad = whole(&RawForm::default(), wait_fault(wait));
            Ok(later(
                wait,
                again(&cx, half, StatusCode::TOO_MANY_REQUESTS, &bad)?,
            ))
        }
    }
}

fn again(cx: &Cx, half: Half, status: StatusCode, bad: &Bad) -> web::Result {
    let form = code_form(cx).bad(bad);
    if half.is_first() {
        cx.page_with(status, set_up(cx, &half, form)?)
    } else {
        cx.page_with(
            status,
            CodePage {
                name: half.name,
                form,
            },
        )
    }
}

fn invitation_form<'a>(cx: &'a Cx, token: &str) -> Builder<'a> {
    cx.form::<NewPassword>(INVITATION.to(token))
        .submit("desk-password-submit")
}

fn ended(cx: &Cx, state: &LinkState) -> web::Result {
    cx.page_with(
        StatusCode::GONE,
        EndedPage {
            state: state.as_str(),
        },
    )
}

// whom the link is for; `Err` is the page that says it is good no more
async fn invited(cx: &Cx, token: &str) -> web::Result<std::result::Result<StaffRow, Response>> {
    let mut tx = cx.read().await?;
    let state = links::peek(&mut tx, super::INVITATION, token, cx.ctx.now).await?;
    let staff = match &state {
        LinkState::Good(Link {
            staff: Some(staff), ..
        }) => staff::by_id(&mut tx, *staff).await?,
        LinkState::Good(_) | LinkState::Used | LinkState::Expired | LinkState::Unknown => None,
    };
    match staff.filter(|staff| staff.active) {
        Some(staff) => Ok(Ok(staff)),
        None => Ok(Err(ended(cx, &state)?)),
    }
}

pub async fn invitation_page(cx: Guest, Param(token): Param<String>) -> web::Result {
    match invited(&cx, &token).await? {
        Ok(staff) => {
            let form = invitation_form(&cx, &token).empty();
            cx.page(InvitationPage {
                name: staff.name,
                email: staff.email.to_string(),
                form,
            })
        }
        Err(ended) => Ok(ended),
    }
}

/// Sets the password and goes on to the second factor.
pub async fn accept(
    cx: Guest,
    Param(token): Param<String>,
    form: Posted<NewPassword>,
) -> web::Result {
    let staff = match invited(&cx, &token).await? {
        Ok(staff) => staff,
        Err(ended) => return Ok(ended),
    };
    let parsed = form.parse().and_then(|typed| {
        let personal = [staff.name.as_str(), staff.email.as_str()];
        password_rule(&typed.password, &personal)
            .map(|()| typed)
            .map_err(|fault| Bad::fault(form.raw.clone(), "password", fault))
    });
    let typed = match parsed {
        Ok(typed) => typed,
        Err(bad) => {
            let form = invitation_form(&cx, &token).bad(&bad);
            return cx.invalid(InvitationPage {
                name: staff.name,
                email: staff.email.to_string(),
                form,
            });
        }
    };
    let hash = Hasher::of(&cx.app)?.hash(&typed.password).await?;
    let mut tx = cx.begin().await?;
    if let Err(state) = links::spend(&mut tx, &cx.ctx, super::INVITATION, &token).await? {
        return ended(&cx, &state);
    }
    let session = staff::accept(&mut tx, &cx.ctx, staff.id, &hash, &cx.info).await?;
    cx.commit(tx, CODE.pattern()).await?;
    let mut response = web::redirect(CODE.pattern());
    cx.set_session(&mut response, session.expose(), true);
    Ok(response)
}

pub async fn sign_out(cx: Staff) -> web::Result {
    let mut tx = cx.begin().await?;
    if let Some(session) = cx.session() {
        staff::end(&mut tx, session.session).await?;
    }
    audit::record(
        &mut tx,
        &cx.ctx,
        super::line("staff.signed_out", cx.staff, json!({})),
    )
    .await?;
    let mut response = cx
        .done(tx, DESK_SIGN_IN.url(), "notice-desk-signed-out")
        .await?;
    cx.end_session(&mut response, true);
    Ok(response)
}
