//! `/desk/ich`: password, language, recovery codes, and where one is signed in.

use super::{Refused, change_language, change_password, confirm, end, new_codes, prepare};
use crate::factors::recovery;
use crate::staff::desk::later;
use crate::staff::team::desk::PlaceView;
use crate::staff::team::store;
use crate::{Hasher, throttle};
use axum::http::StatusCode;
use kernel::{Locale, Secret, Uuid};
use serde::Serialize;
use web::form::{Faults, FormView};
use web::{Access, Bad, Error, Fault, Module, Page, Path, Posted, RawForm, Result, Staff};

pub const OWN: Path = Path::new("/desk/ich");
pub const PASSWORD: Path = Path::new("/desk/ich/passwort");
pub const LANGUAGE: Path = Path::new("/desk/ich/sprache");
pub const CODES: Path = Path::new("/desk/ich/codes");
pub const END: Path = Path::new("/desk/ich/abmelden");

pub fn add(module: Module) -> Module {
    let staff = Access::any_staff();
    module
        .get(OWN, staff, show)
        .post(PASSWORD, staff, save_password)
        .post(LANGUAGE, staff, save_language)
        .post(CODES, staff, draw_codes)
        .post(END, staff, sign_out)
        .page::<OwnPage>()
        .page::<CodesPage>()
}

web::form! {
    pub struct NewPassword as "desk-own", check = same; {
        current: Secret = password().autocomplete("current-password"),
        password: Secret = password().autocomplete("new-password"),
        password_repeat: Secret = password().autocomplete("new-password"),
    }
}

fn same(form: &mut NewPassword, faults: &mut Faults) {
    if form.password != form.password_repeat {
        faults.add("password_repeat", Fault::key("fault-password-differs"));
    }
}

web::form! {
    pub struct NewLanguage as "desk-own"; {
        language: Locale = select(),
    }
}

web::form! {
    /// Whoever finds a desk open must not be able to take its codes away.
    pub struct NewCodes as "desk-codes"; {
        confirm: Secret = password().autocomplete("current-password"),
    }
}

#[derive(Serialize)]
pub struct OwnPage {
    name: String,
    role: String,
    password: FormView,
    language: FormView,
    codes: FormView,
    /// Recovery codes that are not used yet.
    left: i64,
    end: String,
    places: Vec<PlaceView>,
    /// There are others than this session.
    others: bool,
}

impl Page for OwnPage {
    const TEMPLATE: &'static str = "identity/desk/own.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<NewPassword>();
        let [language, _] = FormView::samples::<NewLanguage>();
        let [codes, wrong] = FormView::samples::<NewCodes>();
        let page = |password, codes, left, others| OwnPage {
            name: "Ilse Brandt".into(),
            role: "Buchhaltung".into(),
            password,
            language: language.clone(),
            codes,
            left,
            end: END.url(),
            places: if others {
                vec![PlaceView::sample(true), PlaceView::sample(false)]
            } else {
                vec![PlaceView::sample(true)]
            },
            others,
        };
        vec![page(empty, codes, 10, true), page(bad, wrong, 0, false)]
    }
}

/// Which of the page's forms comes back.
#[derive(Clone, Copy)]
enum Again<'a> {
    Nothing,
    Password(&'a Bad),
    Codes(&'a Bad),
}

async fn page(cx: &Staff, again: Again<'_>) -> Result<OwnPage> {
    let mut tx = cx.read().await?;
    let me = store::one(&mut tx, cx.staff).await?;
    let places = store::places(&mut tx, cx.staff, cx.ctx.now).await?;
    let left = recovery::left(&mut tx, cx.staff.0).await?;
    let password = cx
        .form::<NewPassword>(PASSWORD.url())
        .submit("desk-own-save-password");
    let codes = cx.form::<NewCodes>(CODES.url()).submit("desk-codes-draw");
    let places = PlaceView::all(cx, &places);
    Ok(OwnPage {
        name: me.name,
        role: cx.text(&me.role.label()),
        password: match again {
            Again::Password(bad) => password.bad(bad),
            _ => password.empty(),
        },
        language: cx
            .form::<NewLanguage>(LANGUAGE.url())
            .submit("desk-own-save-language")
            .filled(&NewLanguage {
                language: cx.ctx.locale,
            }),
        codes: match again {
            Again::Codes(bad) => codes.bad(bad),
            _ => codes.empty(),
        },
        left,
        end: END.url(),
        others: places.iter().any(|place| place.id.is_some()),
        places,
    })
}

async fn show(cx: Staff) -> Result {
    let page = page(&cx, Again::Nothing).await?;
    cx.page(page)
}

fn here(cx: &Staff) -> Result<Uuid> {
    Ok(cx.session().ok_or(Error::SignIn)?.session)
}

async fn save_password(cx: Staff, form: Posted<NewPassword>) -> Result {
    let typed = match form.parse() {
        Ok(typed) => typed,
        Err(bad) => {
            let page = page(&cx, Again::Password(&bad)).await?;
            return cx.invalid(page);
        }
    };
    let hash = match prepare(&cx, cx.staff, &typed.current, &typed.password).await? {
        Ok(hash) => hash,
        Err(refused) => return refuse(&cx, &form.raw, "current", refused).await,
    };
    let mut tx = cx.begin().await?;
    let token = change_password(&mut tx, &cx.ctx, cx.staff, here(&cx)?, &hash).await?;
    let mut response = cx.done(tx, OWN.url(), "notice-desk-own-password").await?;
    cx.set_session(&mut response, token.expose(), true);
    Ok(response)
}

/// The page with the form whose field `asked` takes the present password.
async fn refuse(cx: &Staff, raw: &RawForm, asked: &'static str, refused: Refused) -> Result {
    let (bad, wait) = match refused {
        Refused::Wrong => (web::bad(raw, asked, "fault-password-wrong"), None),
        Refused::New(fault) => (Bad::fault(raw.clone(), "password", fault), None),
        Refused::Wait(wait) => (
            Bad::fault(raw.clone(), "", throttle::fault(wait)),
            Some(wait),
        ),
    };
    let again = match asked {
        "confirm" => Again::Codes(&bad),
        _ => Again::Password(&bad),
    };
    let page = page(cx, again).await?;
    match wait {
        Some(wait) => {
            let response = cx.page_with(StatusCode::TOO_MANY_REQUESTS, page)?;
            Ok(later(wait, response))
        }
        None => cx.invalid(page),
    }
}

async fn save_language(cx: Staff, form: Posted<NewLanguage>) -> Result {
    let Ok(new) = form.parse() else {
        return Err(Error::Bad("no such language"));
    };
    let mut tx = cx.begin().await?;
    change_language(&mut tx, &cx.ctx, cx.staff, new.language).await?;
    cx.done(tx, OWN.url(), "notice-desk-own-language").await
}

/// Ends the session whose button was pressed, or all others.
async fn sign_out(cx: Staff, form: RawForm) -> Result {
    let session = match form.get("sitzung") {
        Some(session) => Some(Uuid::try_parse(session).map_err(|_| Error::NotFound)?),
        None => None,
    };
    let mut tx = cx.begin().await?;
    end(&mut tx, &cx.ctx, cx.staff, here(&cx)?, session).await?;
    cx.done(tx, OWN.url(), "notice-team-ended").await
}

/// Recovery codes, shown this once.
#[derive(Serialize)]
pub struct CodesPage {
    codes: Vec<String>,
    back: String,
}

impl Page for CodesPage {
    const TEMPLATE: &'static str = "identity/desk/codes.html";
    fn samples() -> Vec<Self> {
        vec![CodesPage {
            codes: vec!["abcd-efgh-jkmn".into(); 10],
            back: OWN.url(),
        }]
    }
}

async fn draw_codes(cx: Staff, form: Posted<NewCodes>) -> Result {
    let typed = match form.parse() {
        Ok(typed) => typed,
        Err(bad) => {
            let page = page(&cx, Again::Codes(&bad)).await?;
            return cx.invalid(page);
        }
    };
    if let Err(refused) = confirm(&cx, cx.staff, &typed.confirm).await? {
        return refuse(&cx, &form.raw, "confirm", refused).await;
    }
    let hasher = Hasher::of(&cx.app)?;
    let set = recovery::Set::draw(&cx.ctx.world, &hasher).await?;
    let mut tx = cx.begin().await?;
    new_codes(&mut tx, &cx.ctx, cx.staff, &set).await?;
    tx.commit().await?;
    cx.page(CodesPage {
        codes: set.codes.clone(),
        back: OWN.url(),
    })
}
