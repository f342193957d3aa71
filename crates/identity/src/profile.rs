//! `/profil` (AUTH-7): who the user is, in which language, by which addresses, and the ways to sign in.

use crate::emails::{portal as emails, store};
use crate::{devices, factors, passwords, users};
use db::Tx;
use db::audit::{self, Entry};
use kernel::{Ctx, Locale, UserId};
use serde::Serialize;
use serde_json::json;
use web::form::{Builder, FormView};
use web::{Error, Guest, Page, Path, Posted};

pub const PROFILE: Path = Path::new("/profil");

web::form! {
    /// The user's own name; the customer's is another thing.
    pub struct Profile as "profile"; {
        first_name: String = line(60).half().autocomplete("given-name"),
        last_name: String = line(60).half().autocomplete("family-name"),
        language: Locale = select(),
    }
}

/// Stores name and language; pages and mails follow the language from then on.
pub async fn save(tx: &mut Tx, ctx: &Ctx, user: UserId, new: &Profile) -> db::Result<()> {
    users::save(tx, user, &new.first_name, &new.last_name, new.language).await?;
    let entry = Entry {
        detail: json!({ "language": new.language }),
        ..Entry::about_user("user.profile_changed", user)
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// Stores the name alone.
pub async fn rename(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    first_name: &str,
    last_name: &str,
) -> db::Result<()> {
    users::rename(tx, user, first_name, last_name).await?;
    let entry = Entry::about_user("user.profile_changed", user);
    audit::record(tx, ctx, entry).await.map(drop)
}

#[derive(Serialize)]
struct Address {
    email: String,
    proven: bool,
    primary: bool,
    /// Where its buttons lead; nothing where there is none.
    again: Option<String>,
    make_primary: Option<String>,
    remove: Option<String>,
}

impl Address {
    fn of(own: &store::Own) -> Self {
        let proven = own.verified_at.is_some();
        Address {
            email: own.email.to_string(),
            proven,
            primary: own.is_primary,
            again: (!proven).then(|| emails::AGAIN.to(own.id)),
            make_primary: (proven && !own.is_primary).then(|| emails::PRIMARY.to(own.id)),
            remove: (!own.is_primary).then(|| emails::REMOVE.to(own.id)),
        }
    }
}

/// A page about a way to sign in; `name` is the key of its word.
#[derive(Serialize)]
struct Way {
    name: &'static str,
    href: String,
}

#[derive(Serialize)]
pub struct ProfilePage {
    form: FormView,
    addresses: Vec<Address>,
    add: String,
    ways: Vec<Way>,
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "identity/portal/profile.html";
    fn samples() -> Vec<Self> {
        let address = |email: &str, proven: bool, primary: bool| Address {
            email: email.into(),
            proven,
            primary,
            again: (!proven).then(|| "/".into()),
            make_primary: (proven && !primary).then(|| "/".into()),
            remove: (!primary).then(|| "/".into()),
        };
        FormView::samples::<Profile>()
            .map(|form| ProfilePage {
                form,
                addresses: vec![
                    address("jana@post.example", true, true),
                    address("jana.petersen@buero.example", true, false),
                    address("neu@post.example", false, false),
                ],
                add: emails::NEW.url(),
                ways: ways(),
            })
            .into()
    }
}

fn ways() -> Vec<Way> {
    let way = |name, page: Path| Way {
        name,
        href: page.url(),
    };
    vec![
        way("password-change", passwords::portal::CHANGE),
        way("factor", factors::portal::OVERVIEW),
        way("passkeys", factors::passkeys::portal::LIST),
        way("devices", devices::portal::LIST),
    ]
}

fn form(cx: &Guest) -> Builder<'_> {
    cx.form::<Profile>(PROFILE.url()).submit("profile-submit")
}

async fn page(tx: &mut Tx, user: UserId, form: FormView) -> web::Result<ProfilePage> {
    let own = store::all(tx, user).await?;
    Ok(ProfilePage {
        form,
        addresses: own.iter().map(Address::of).collect(),
        add: emails::NEW.url(),
        ways: ways(),
    })
}

pub async fn show(cx: Guest) -> web::Result {
    let user = cx.user().ok_or(Error::SignIn)?.user;
    let mut tx = cx.read().await?;
    let person = users::by_id(&mut tx, user).await?.ok_or(Error::NotFound)?;
    let form = form(&cx).filled(&Profile {
        first_name: person.first_name,
        last_name: person.last_name,
        language: person.locale,
    });
    let page = page(&mut tx, user, form).await?;
    cx.page(page)
}

pub async fn change(cx: Guest, posted: Posted<Profile>) -> web::Result {
    let user = cx.user().ok_or(Error::SignIn)?.user;
    let new = match posted.parse() {
        Ok(new) => new,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let form = form(&cx).bad(&bad);
            let page = page(&mut tx, user, form).await?;
            return cx.invalid(page);
        }
    };
    let mut tx = cx.begin().await?;
    save(&mut tx, &cx.ctx, user, &new).await?;
    let mut response = cx.done(tx, PROFILE.url(), "notice-profile-saved").await?;
    cx.forget_language(&mut response);
    Ok(response)
}
