//! `/anmelden/passkey`: a passkey in the place of name, password and code. Its owner was there: finger, face or device lock.

use super::note;
use super::portal::{SignInPage, headed, let_in, sign_in_form};
use axum::http::StatusCode;
use identity::factors::passkeys::{self, Answer};
use identity::factors::portal::{PasskeyAsk, json, passkey_fault};
use identity::throttle;
use kernel::{Actor, Ctx};
use web::{Bad, Error, Guest, Path, RawForm, Result};

pub const BEGIN: Path = Path::new("/anmelden/passkey/beginnen");
pub const SEND: Path = Path::new("/anmelden/passkey");

/// The button on the sign-in page, where passkeys work.
pub(super) fn offer(cx: &Guest, csrf: &str) -> Option<PasskeyAsk> {
    let query = cx.link_with("weiter", headed(cx));
    let query = query.split_once('?').map(|(_, query)| query);
    passkeys::usable(cx.app.settings()).then(|| PasskeyAsk {
        begin: BEGIN.url(),
        send: match query {
            Some(query) => format!("{}?{query}", SEND.pattern()),
            None => SEND.url(),
        },
        csrf: csrf.to_owned(),
    })
}

/// What the script is to ask of whoever is there. It is kept until the answer comes, so a network may not ask without end.
pub async fn begin(cx: Guest) -> Result {
    let key = format!("passkey-network:{}", cx.info.network);
    let mut tx = cx.app.db().begin().await?;
    if let Err(wait) = throttle::check(&mut tx, cx.ctx.now, &key).await? {
        return Err(Error::TooMany(wait));
    }
    throttle::fail(&mut tx, cx.ctx.now, &key).await?;
    let question = passkeys::first(&mut tx, &cx.ctx, cx.app.settings()).await?;
    tx.commit().await?;
    json(&question)
}

pub async fn enter(cx: Guest, form: RawForm) -> Result {
    let mut tx = cx.app.db().begin().await?;
    let whose = match Answer::of(&form) {
        Some(answer) => passkeys::is_first(&mut tx, &cx.ctx, cx.app.settings(), &answer).await?,
        None => None,
    };
    if let Some(user) = whose {
        let ctx = Ctx {
            actor: Actor::User(user),
            ..cx.ctx.clone()
        };
        note(&mut tx, &ctx, "session.by_passkey", user, None).await?;
        return let_in(&cx, tx, user, None).await;
    }
    // what was asked is used up
    tx.commit().await?;
    let bad = Bad::fault(RawForm::default(), "", passkey_fault());
    let page = SignInPage::of(&cx, sign_in_form(&cx).bad(&bad));
    cx.page_with(StatusCode::UNPROCESSABLE_ENTITY, page)
}
