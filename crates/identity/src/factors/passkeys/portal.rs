//! `/profil/passkeys`: making, naming and removing passkeys.

use super::{Answer, MOST, PasskeyId, list, made, make, one, remove, rename, usable};
use crate::devices::device_words;
use crate::factors::portal::{CodesPage, OVERVIEW, first_codes, json, me};
use crate::factors::{Required, renew_codes};
use crate::notices::{self, What};
use crate::users;
use axum::http::StatusCode;
use kernel::Moment;
use serde::Serialize;
use web::form::{Builder, FormView, RawForm};
use web::{Error, Guest, Page, Param, Path, Path1, Posted, Result};

pub const LIST: Path = Path::new("/profil/passkeys");
pub const BEGIN: Path = Path::new("/profil/passkeys/beginnen");
pub const ONE: Path1 = Path1::new("/profil/passkeys/{id}");
pub const REMOVE: Path1 = Path1::new("/profil/passkeys/{id}/loeschen");

web::form! {
    pub struct Named as "passkey"; {
        name: String = line(60),
    }
}

#[derive(Serialize)]
struct Line {
    name: String,
    made: Moment,
    used: Option<Moment>,
    edit: String,
}

#[derive(Serialize)]
pub struct ListPage {
    passkeys: Vec<Line>,
    usable: bool,
    full: bool,
    begin: String,
    back: String,
    form: FormView,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "identity/factors/passkeys.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<Named>();
        let line = |used| Line {
            name: "Chrome unter Linux".into(),
            made: Moment::from_micros(1_793_610_000_000_000),
            used,
            edit: "/".into(),
        };
        let page = |passkeys, usable, full, form| ListPage {
            passkeys,
            usable,
            full,
            begin: BEGIN.url(),
            back: OVERVIEW.url(),
            form,
        };
        let now = Some(Moment::from_micros(1_795_352_700_000_000));
        vec![
            page(Vec::new(), true, false, empty.clone()),
            page(Vec::new(), false, false, empty.clone()),
            page(vec![line(None), line(now)], true, true, empty),
            page(vec![line(now)], true, false, bad),
        ]
    }
}

#[derive(Serialize)]
pub struct EditPage {
    name: String,
    form: FormView,
    remove: String,
    /// It cannot be removed: a second factor is required, and there is no other.
    required: bool,
    list: String,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "identity/factors/passkey_edit.html";
    fn samples() -> Vec<Self> {
        let page = |form, required| EditPage {
            name: "Telefon".into(),
            form,
            remove: "/".into(),
            required,
            list: LIST.url(),
        };
        let [empty, bad] = FormView::samples::<Named>();
        vec![page(empty, false), page(bad, true)]
    }
}

fn form(cx: &Guest) -> Builder<'_> {
    cx.form::<Named>(LIST.url()).submit("passkey-submit")
}

async fn list_page(cx: &Guest, form: FormView) -> Result<ListPage> {
    let mut tx = cx.read().await?;
    let rows = list(&mut tx, me(cx)?).await?;
    let line = |row: &super::Row| Line {
        name: row.name.clone(),
        made: row.created_at,
        used: row.used_at,
        edit: ONE.to(row.id),
    };
    Ok(ListPage {
        passkeys: rows.iter().map(line).collect(),
        usable: usable(cx.app.settings()),
        full: rows.len() >= MOST,
        begin: BEGIN.url(),
        back: OVERVIEW.url(),
        form,
    })
}

pub async fn show(cx: Guest) -> Result {
    let mut suggested = RawForm::default();
    suggested.set("name", device_words(&cx, &cx.info.user_agent));
    let page = list_page(&cx, form(&cx).raw(&suggested)).await?;
    cx.page(page)
}

pub async fn begin(cx: Guest) -> Result {
    let session = cx.user().ok_or(Error::SignIn)?;
    let (user, name) = (session.user, session.name.clone());
    let mut tx = cx.app.db().begin().await?;
    let account = users::primary_email(&mut tx, user).await?;
    let account = account.map(|email| email.to_string()).unwrap_or_default();
    let settings = cx.app.settings();
    let question = make(&mut tx, &cx.ctx, settings, user, &account, &name).await?;
    tx.commit().await?;
    json(&question)
}

pub async fn create(cx: Guest, posted: Posted<Named>) -> Result {
    let user = me(&cx)?;
    let named = match posted.parse() {
        Ok(named) => named,
        Err(bad) => {
            let page = list_page(&cx, form(&cx).bad(&bad)).await?;
            return cx.invalid(page);
        }
    };
    let set = first_codes(&cx, user).await?;
    let mut tx = cx.begin().await?;
    let made = match Answer::of(&posted.raw) {
        Some(answer) => {
            let settings = cx.app.settings();
            made(&mut tx, &cx.ctx, settings, user, &named.name, &answer).await
        }
        None => Ok(None),
    };
    // somebody's already: the library lets a browser offer only what it does not know of
    let made = match made {
        Err(db::Error::Conflict(_)) => {
            drop(tx);
            return again(&cx, &posted.raw).await;
        }
        other => other?,
    };
    if made.is_none() {
        // what was asked is used up
        tx.commit().await?;
        return again(&cx, &posted.raw).await;
    }
    notices::changed(&mut tx, &cx, user, What::PasskeyAdded).await?;
    if let Some(set) = set {
        renew_codes(&mut tx, &cx.ctx, user, &set).await?;
        cx.commit(tx, &LIST.url()).await?;
        return cx.page(CodesPage::of(&cx, &set, LIST.url())?);
    }
    cx.done(tx, LIST.url(), "notice-passkey-added").await
}

async fn again(cx: &Guest, raw: &RawForm) -> Result {
    let bad = web::bad(raw, "", "fault-passkey-made");
    let page = list_page(cx, form(cx).bad(&bad)).await?;
    cx.invalid(page)
}

fn name_form(cx: &Guest, id: PasskeyId) -> Builder<'_> {
    cx.form::<Named>(ONE.to(id)).cancel(LIST.url())
}

async fn edit_page(cx: &Guest, id: PasskeyId, form: Option<FormView>) -> Result<EditPage> {
    let user = me(cx)?;
    let mut tx = cx.read().await?;
    let row = one(&mut tx, user, id).await?;
    let state = crate::factors::state(&mut tx, user).await?;
    let form = form.unwrap_or_else(|| {
        let mut raw = RawForm::default();
        raw.set("name", &row.name);
        name_form(cx, id).raw(&raw)
    });
    Ok(EditPage {
        name: row.name,
        form,
        remove: REMOVE.to(id),
        required: state.required && state.app.is_none() && state.passkeys == 1,
        list: LIST.url(),
    })
}

pub async fn edit(cx: Guest, Param(id): Param<PasskeyId>) -> Result {
    let page = edit_page(&cx, id, None).await?;
    cx.page(page)
}

pub async fn save(cx: Guest, Param(id): Param<PasskeyId>, posted: Posted<Named>) -> Result {
    let named = match posted.parse() {
        Ok(named) => named,
        Err(bad) => {
            let form = name_form(&cx, id).bad(&bad);
            let page = edit_page(&cx, id, Some(form)).await?;
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    rename(&mut tx, &cx.ctx, me(&cx)?, id, &named.name).await?;
    cx.done(tx, LIST.url(), "notice-passkey-renamed").await
}

pub async fn delete(cx: Guest, Param(id): Param<PasskeyId>) -> Result {
    let user = me(&cx)?;
    let mut tx = cx.begin().await?;
    if let Err(Required) = remove(&mut tx, &cx.ctx, user, id).await? {
        drop(tx);
        let page = edit_page(&cx, id, None).await?;
        return cx.page_with(StatusCode::CONFLICT, page);
    }
    notices::changed(&mut tx, &cx, user, What::PasskeyRemoved).await?;
    cx.done(tx, LIST.url(), "notice-passkey-removed").await
}
