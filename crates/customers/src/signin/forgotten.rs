//! `/passwort` (AUTH-4): whoever has forgotten the password leaves a sign-in name, and gets a mail if it leads to
//! somebody.
//!
//! The page only queues the search: so it takes as long for a name that leads to nobody.

use super::resolve;
use db::Tx;
use identity::{reset, throttle, users};
use jobs::{Job, JobCx, Outcome};
use kernel::{Email, UserId};
use serde::{Deserialize, Serialize};
use web::form::{Builder, FormView};
use web::{App, Guest, LateApp, Page, Path, Posted, Result, SIGN_IN};

pub const FORGOTTEN: Path = Path::new("/passwort");
pub const ASKED: Path = Path::new("/passwort/gesendet");

/// How often the search is run again at once when the database asks for it.
const RUNS: usize = 5;

web::form! {
    pub struct Forgotten as "forgotten"; {
        login: String = line(254).autocomplete("username"),
    }
}

#[derive(Serialize)]
pub struct ForgottenPage {
    form: FormView,
}

impl Page for ForgottenPage {
    const TEMPLATE: &'static str = "customers/forgotten.html";
    fn samples() -> Vec<Self> {
        let page = |form| ForgottenPage { form };
        FormView::samples::<Forgotten>().map(page).into()
    }
}

/// Always the same page: it must not tell whether the name leads to somebody.
#[derive(Serialize)]
pub struct AskedPage {
    again: String,
    sign_in: String,
}

impl Page for AskedPage {
    const TEMPLATE: &'static str = "customers/forgotten_asked.html";
    fn samples() -> Vec<Self> {
        vec![AskedPage::new()]
    }
}

impl AskedPage {
    fn new() -> Self {
        AskedPage {
            again: FORGOTTEN.url(),
            sign_in: SIGN_IN.url(),
        }
    }
}

fn form(cx: &Guest) -> Builder<'_> {
    cx.form::<Forgotten>(FORGOTTEN.url())
        .submit("forgotten-submit")
        .cancel(SIGN_IN.url())
}

pub async fn ask(cx: Guest) -> Result {
    let form = form(&cx).empty();
    cx.page(ForgottenPage { form })
}

pub async fn asked(cx: Guest) -> Result {
    cx.page(AskedPage::new())
}

pub async fn send(cx: Guest, posted: Posted<Forgotten>) -> Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => {
            let form = form(&cx).bad(&bad);
            return cx.invalid(ForgottenPage { form });
        }
    };
    let mut tx = cx.begin().await?;
    if throttle::mail_of_network(&mut tx, cx.ctx.now, &cx.info.network).await? {
        let search = Search { login: typed.login };
        jobs::enqueue(&mut tx, &cx.ctx, &search).await?;
    }
    cx.done(tx, ASKED.url(), "").await
}

/// Looks whom the name means, and sends the link.
#[derive(Debug, Serialize, Deserialize)]
pub struct Search {
    login: String,
}

impl Job for Search {
    const KIND: &'static str = "customers.forgotten";

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(app) = LateApp::of(cx) else {
            return Outcome::Retry("the application does not stand yet".into());
        };
        for _ in 0..RUNS {
            match search(&app, cx, &self.login).await {
                Ok(()) => return Outcome::Done,
                Err(web::Error::Retry) => {}
                Err(error) => return Outcome::Retry(error.to_string()),
            }
        }
        Outcome::Retry("the database is busy".into())
    }
}

async fn search(app: &App, cx: &JobCx, login: &str) -> Result<()> {
    let mut tx = cx.db.begin().await?;
    let Some((user, to)) = whom(&mut tx, app, login).await? else {
        return Ok(());
    };
    if throttle::reset_mail_to(&mut tx, cx.ctx.now, &to).await? {
        reset::send(&mut tx, app, &cx.ctx, user, &to).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The user whom the name means, and the proven address the link goes to: the one that was typed, else the first.
async fn whom(tx: &mut Tx, app: &App, login: &str) -> db::Result<Option<(UserId, Email)>> {
    let Some(meant) = resolve(tx, &app.settings().number_prefix, login).await? else {
        return Ok(None);
    };
    let typed = Email::parse(login).ok();
    let emails = users::emails(tx, meant.user).await?;
    let mut proven = emails.into_iter().filter(|own| own.verified_at.is_some());
    let to = match typed {
        Some(typed) => proven.find(|own| own.email == typed),
        None => proven.next(),
    };
    Ok(to.map(|own| (meant.user, own.email)))
}
