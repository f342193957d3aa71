//! `/einladung/{token}`: somebody accepts an invitation, as a user who is there already or as a new one.

use super::{Dead, Invitation, accept, accept_as_new, peek};
use crate::registration::portal::REGISTER;
use crate::{customer, signin};
use axum::http::StatusCode;
use db::Tx;
use identity::{Hasher, sessions, users};
use kernel::{Actor, Ctx, Secret, UserId};
use serde::Serialize;
use web::form::{Builder, Faults, FormView};
use web::{Bad, Fault, Guest, Page, Param, Path1, Posted, RawForm, Result, SIGN_IN, START};

pub const INVITATION: Path1 = Path1::new("/einladung/{token}");

web::form! {
    /// What somebody new says.
    pub struct Newcomer as "newcomer", check(password, password_repeat) = same; {
        first_name: String = line(60).half().autocomplete("given-name"),
        last_name: String = line(60).half().autocomplete("family-name"),
        password: Secret = password().autocomplete("new-password"),
        password_repeat: Secret = password().autocomplete("new-password"),
    }
}

fn same(password: &mut Secret, repeat: &mut Secret, faults: &mut Faults) {
    if password != repeat {
        faults.add("password_repeat", Fault::key("fault-password-differs"));
    }
}

kernel::words! {
    /// Who has the page before them.
    pub enum Reader {
        /// Nobody with this address is known: names and password are asked for.
        New = "new",
        /// The user with this address, signed in: one button.
        Invited = "invited",
        /// The address belongs to a user, and nobody is signed in.
        Guest = "guest",
        /// Somebody else is signed in.
        Other = "other",
    }
}

#[derive(Serialize)]
pub struct InvitationPage {
    reader: Reader,
    customer: String,
    number: String,
    email: String,
    action: String,
    sign_in: String,
    form: Option<FormView>,
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "customers/invitation.html";
    fn samples() -> Vec<Self> {
        let page = |reader, form| InvitationPage {
            reader,
            customer: "Segelverein Holtenau e. V.".into(),
            number: "K-10001".into(),
            email: "jana@post.example".into(),
            action: "/".into(),
            sign_in: SIGN_IN.url(),
            form,
        };
        let forms = FormView::samples::<Newcomer>();
        let mut all: Vec<Self> = forms.map(|form| page(Reader::New, Some(form))).into();
        let others = [Reader::Invited, Reader::Guest, Reader::Other];
        all.extend(others.map(|reader| page(reader, None)));
        all
    }
}

/// A link that does nothing any more.
#[derive(Serialize)]
pub struct DeadPage {
    why: Dead,
    sign_in: String,
    register: String,
}

impl Page for DeadPage {
    const TEMPLATE: &'static str = "customers/invitation_dead.html";
    fn samples() -> Vec<Self> {
        let all = Dead::ALL.iter();
        all.map(|why| DeadPage {
            why: *why,
            sign_in: SIGN_IN.url(),
            register: REGISTER.url(),
        })
        .collect()
    }
}

fn dead(cx: &Guest, why: Dead) -> Result {
    let page = DeadPage {
        why,
        sign_in: SIGN_IN.url(),
        register: REGISTER.url(),
    };
    cx.page_with(StatusCode::GONE, page)
}

fn form<'a>(cx: &'a Guest, token: &str) -> Builder<'a> {
    cx.form::<Newcomer>(INVITATION.to(token))
        .submit("newcomer-submit")
}

/// Whom the address means, and who reads.
async fn reader(tx: &mut Tx, cx: &Guest, invitation: &Invitation) -> db::Result<Reader> {
    let known = users::by_verified_email(tx, &invitation.email).await?;
    let here = cx.user().map(|session| session.user);
    Ok(match (here, known) {
        (None, None) => Reader::New,
        (None, Some(_)) => Reader::Guest,
        (Some(user), Some(known)) if user == known => Reader::Invited,
        (Some(_), _) => Reader::Other,
    })
}

async fn page(
    tx: &mut Tx,
    cx: &Guest,
    token: &str,
    invitation: &Invitation,
    reader: Reader,
) -> Result<InvitationPage> {
    let prefix = &cx.app.settings().number_prefix;
    let label = customer::label(tx, invitation.customer_id, prefix).await?;
    let form = (reader == Reader::New).then(|| {
        let mut known = RawForm::default();
        let first = invitation.first_name.as_deref().unwrap_or_default();
        known.set("first_name", first);
        let last = invitation.last_name.as_deref().unwrap_or_default();
        known.set("last_name", last);
        form(cx, token).raw(&known)
    });
    Ok(InvitationPage {
        reader,
        customer: label.name,
        number: label.number,
        email: invitation.email.to_string(),
        action: INVITATION.to(token),
        sign_in: format!("{}?weiter={}", SIGN_IN.url(), INVITATION.to(token)),
        form,
    })
}

pub async fn show(cx: Guest, Param(token): Param<String>) -> Result {
    let mut tx = cx.read().await?;
    let invitation = match peek(&mut tx, &token, cx.ctx.now).await? {
        Ok(invitation) => invitation,
        Err(why) => return dead(&cx, why),
    };
    let reader = reader(&mut tx, &cx, &invitation).await?;
    let page = page(&mut tx, &cx, &token, &invitation, reader).await?;
    answer(&cx, page)
}

/// Whoever is signed in as somebody else is refused, whatever is pressed.
fn answer(cx: &Guest, page: InvitationPage) -> Result {
    match page.reader {
        Reader::Other => cx.page_with(StatusCode::FORBIDDEN, page),
        _ => cx.page(page),
    }
}

pub async fn take(cx: Guest, Param(token): Param<String>, posted: Posted<Newcomer>) -> Result {
    let mut tx = cx.read().await?;
    let invitation = match peek(&mut tx, &token, cx.ctx.now).await? {
        Ok(invitation) => invitation,
        Err(why) => return dead(&cx, why),
    };
    let reader = reader(&mut tx, &cx, &invitation).await?;
    let mut page = page(&mut tx, &cx, &token, &invitation, reader).await?;
    drop(tx);
    match (reader, cx.user()) {
        (Reader::Invited, Some(session)) => join(&cx, &token, session.user, session.session).await,
        (Reader::New, None) => match chosen(&cx, &posted, &invitation, &page.customer) {
            Ok(typed) => begin(&cx, &token, &typed, page).await,
            Err(bad) => {
                page.form = Some(form(&cx, &token).bad(&bad));
                cx.invalid(page)
            }
        },
        _ => answer(&cx, page),
    }
}

/// A user who is there already: the session goes on, acting for the new customer.
async fn join(cx: &Guest, token: &str, user: UserId, session: kernel::Uuid) -> Result {
    let mut tx = cx.app.db().begin().await?;
    let invitation = match accept(&mut tx, &cx.ctx, token, user).await? {
        Ok(invitation) => invitation,
        Err(why) => return dead(cx, why),
    };
    let customer = invitation.customer_id;
    sessions::set_acting(&mut tx, session, customer).await?;
    crate::member::used(&mut tx, customer, user, cx.ctx.now).await?;
    cx.done(tx, START.url(), "notice-invitation-accepted").await
}

/// Somebody new: a user with this password, signed in.
async fn begin(cx: &Guest, token: &str, typed: &Newcomer, page: InvitationPage) -> Result {
    let Ok(hash) = Hasher::of(&cx.app)?.hash(&typed.password).await else {
        let mut page = page;
        page.form = Some(form(cx, token).error("error-busy.text").filled(typed));
        return cx.page_with(StatusCode::SERVICE_UNAVAILABLE, page);
    };
    let names = (typed.first_name.as_str(), typed.last_name.as_str());
    let mut tx = cx.app.db().begin().await?;
    let made = accept_as_new(&mut tx, &cx.ctx, token, names, &hash).await?;
    let (user, invitation) = match made {
        Ok(made) => made,
        Err(why) => return dead(cx, why),
    };
    let ctx = Ctx {
        actor: Actor::User(user),
        ..cx.ctx.clone()
    };
    let customer = Some(invitation.customer_id);
    let opened = signin::open(&mut tx, &ctx, cx, user, customer).await?;
    let mut response = cx.done(tx, START.url(), "notice-activated").await?;
    opened.hand_over(cx, &mut response);
    Ok(response)
}

/// What was typed, if the password is good.
fn chosen(
    cx: &Guest,
    posted: &Posted<Newcomer>,
    invitation: &Invitation,
    customer: &str,
) -> std::result::Result<Newcomer, Bad> {
    let typed = posted.parse()?;
    let personal = [
        typed.first_name.as_str(),
        typed.last_name.as_str(),
        invitation.email.as_str(),
        customer,
        cx.app.settings().provider_name.as_str(),
    ];
    match identity::password_rule(&typed.password, &personal) {
        Ok(()) => Ok(typed),
        Err(fault) => Err(Bad::fault(posted.raw.clone(), "password", fault)),
    }
}
