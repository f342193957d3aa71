//! `/konto/bearbeiten` ("Konto bearbeiten", ACC-3): the name on the contract, and with what whoever asks signs in.

use super::data::DATA;
use super::{record, store};
use crate::rights;
use db::Tx;
use identity::emails::{self, Next};
use identity::passwords::{self, Refused};
use identity::{profile, throttle, users};
use kernel::{Email, Secret, count_graphemes};
use serde::Serialize;
use web::form::{Builder, Fault, Faults, Field, FieldValue, FormView};
use web::{ACCOUNT, Bad, Member, Page, Path, Posted, RawForm, Result};

pub const EDIT: Path = Path::new("/konto/bearbeiten");

web::form! {
    /// The three passwords are read only when the box is ticked.
    pub struct AccountEdit as "account-edit",
        check(change_password, current_password, new_password, new_password_repeat) = passwords; {
        first_name: String = line(60).half().autocomplete("given-name"),
        last_name: String = line(60).half().autocomplete("family-name"),
        email: Email = email(),
        change_password: bool = tick(),
        current_password: Typed = password().autocomplete("current-password"),
        new_password: Typed = password().autocomplete("new-password"),
        new_password_repeat: Typed = password().autocomplete("new-password"),
    }
}

/// A password as it was typed, whatever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed(Secret);

impl FieldValue for Typed {
    fn parse(_: &Field, raw: &str) -> std::result::Result<Self, Fault> {
        Ok(Typed(Secret::new(raw)))
    }
    fn raw(&self) -> String {
        String::new()
    }
}

impl Typed {
    fn fault(&self) -> Option<Fault> {
        let text = self.0.expose();
        if text.is_empty() {
            return Some(Fault::key("fault-required"));
        }
        let most = identity::rule::LONGEST;
        (text.len() > most * 16 || count_graphemes(text) > most)
            .then(|| Fault::key("fault-too-long").arg("max", most as i64))
    }
}

fn passwords(
    change: &mut bool,
    current: &mut Typed,
    new: &mut Typed,
    repeat: &mut Typed,
    faults: &mut Faults,
) {
    if !*change {
        return;
    }
    let typed = [
        ("current_password", &*current),
        ("new_password", &*new),
        ("new_password_repeat", &*repeat),
    ];
    for (field, typed) in typed {
        if let Some(fault) = typed.fault() {
            faults.add(field, fault);
        }
    }
    if new != repeat {
        faults.add("new_password_repeat", Fault::key("fault-password-differs"));
    }
}

#[derive(Serialize)]
pub struct AccountEditPage {
    form: FormView,
    data: String,
}

fn page(form: FormView) -> AccountEditPage {
    AccountEditPage {
        form,
        data: DATA.url(),
    }
}

impl Page for AccountEditPage {
    const TEMPLATE: &'static str = "customers/account_edit.html";
    fn samples() -> Vec<Self> {
        FormView::samples::<AccountEdit>().map(page).into()
    }
}

fn form(cx: &Member) -> Builder<'_> {
    let home = if cx.may(rights::ACCOUNT_VIEW) {
        ACCOUNT.url()
    } else {
        DATA.url()
    };
    cx.form::<AccountEdit>(EDIT.url())
        .submit("form-save")
        .cancel(home)
}

pub async fn show(cx: Member) -> Result {
    let mut tx = cx.read().await?;
    let record = store::one(&mut tx, cx.customer).await?.record;
    let email = users::primary_email(&mut tx, cx.user).await?;
    let mut known = RawForm::default();
    known.set("first_name", record.first_name);
    known.set("last_name", record.last_name);
    known.set("email", email.map(|e| e.to_string()).unwrap_or_default());
    cx.page(page(form(&cx).raw(&known)))
}

pub async fn save(cx: Member, posted: Posted<AccountEdit>) -> Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => return again(&cx, &bad),
    };
    let mut hash = None;
    if typed.change_password {
        let (current, new) = (&typed.current_password.0, &typed.new_password.0);
        match passwords::prepare(&cx, current, new).await? {
            Ok(made) => hash = Some(made),
            Err(why) => return refuse(&cx, &posted, why),
        }
    }
    let mut tx = cx.begin().await?;
    rename(&mut tx, &cx, &typed).await?;
    let next = match emails::change(&mut tx, &cx, cx.user, &typed.email).await? {
        Ok(next) => next,
        Err(_) => return again(&cx, &web::bad(&posted.raw, "email", "fault-emails-full")),
    };
    let token = match &hash {
        Some(hash) => Some(passwords::change(&mut tx, &cx, hash).await?),
        None => None,
    };
    let notice = match next {
        Next::Done => "notice-account-saved",
        Next::Proof => "notice-account-saved-proof",
    };
    let mut response = cx.done(tx, EDIT.url(), notice).await?;
    if let Some(token) = token {
        cx.set_session(&mut response, token.expose(), false);
    }
    Ok(response)
}

/// The contract partner's name; and the user's, where both are the same person by the same name.
async fn rename(tx: &mut Tx, cx: &Member, typed: &AccountEdit) -> Result<()> {
    let (first, last) = (&typed.first_name, &typed.last_name);
    let now = store::one(tx, cx.customer).await?.record;
    let own = users::by_id(tx, cx.user).await?;
    record::rename(tx, &cx.ctx, cx.customer, first, last).await?;
    let same =
        own.is_some_and(|own| own.first_name == now.first_name && own.last_name == now.last_name);
    if same && (*first != now.first_name || *last != now.last_name) {
        profile::rename(tx, &cx.ctx, cx.user, first, last).await?;
    }
    Ok(())
}

fn again(cx: &Member, bad: &Bad) -> Result {
    cx.invalid(page(form(cx).bad(bad)))
}

fn refuse(cx: &Member, posted: &Posted<AccountEdit>, why: Refused) -> Result {
    let bad = |field, fault| Bad::fault(posted.raw.clone(), field, fault);
    match why {
        Refused::Wrong => again(
            cx,
            &bad("current_password", Fault::key("fault-password-wrong")),
        ),
        Refused::New(fault) => again(cx, &bad("new_password", fault)),
        Refused::Wait(wait) => {
            let page = page(form(cx).bad(&bad("", throttle::fault(wait))));
            cx.too_many(page, wait)
        }
    }
}
