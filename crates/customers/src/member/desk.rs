//! The users of a customer on the customer file: its tab, and the page of one of them (DESK-4).

use super::access::{self, FactorView};
use super::edit::{self, Refused, make_main_owner, remove, set_role};
use super::form::MemberForm;
use super::{Member, of_customer};
use crate::customer::{self, desk, file};
use crate::invitation::desk::{AGAIN, INVITE, View, WITHDRAW};
use crate::invitation::store as invitations;
use crate::rights::CUSTOMERS_EDIT;
use db::Tx;
use futures_util::future::BoxFuture;
use identity::users;
use kernel::{CustomerId, Moment, UserId};
use serde::Serialize;
use web::form::{Builder, FormView, RawForm};
use web::{Bad, Cx, Error, Page, Param, Path1, Posted, Result, Staff, Tile};

/// The tab's name: text key and part of its address.
pub const TAB: &str = "desk-members";
/// The page of the query's `benutzer`.
pub const ONE: Path1 = Path1::new("/desk/kunden/{id}/benutzer");
pub const MAIN: Path1 = Path1::new("/desk/kunden/{id}/benutzer/hauptinhaber");
pub const REMOVE: Path1 = Path1::new("/desk/kunden/{id}/benutzer/entfernen");

#[derive(Serialize)]
pub struct MemberView {
    id: UserId,
    name: String,
    email: Option<String>,
    /// Whether a link proved the address.
    proven: bool,
    is_owner: bool,
    is_main_owner: bool,
    since: Moment,
    /// For those who may change customers.
    href: Option<String>,
}

impl MemberView {
    fn of(member: &Member, person: &users::Contact, href: Option<String>) -> Self {
        MemberView {
            id: member.user_id,
            name: person.name(),
            proven: person.verified_at.is_some(),
            email: person.email.as_ref().map(ToString::to_string),
            is_owner: member.is_owner,
            is_main_owner: member.is_main_owner,
            since: member.created_at,
            href,
        }
    }

    fn sample(is_owner: bool, is_main_owner: bool, proven: bool) -> Self {
        MemberView {
            id: UserId(kernel::Uuid::nil()),
            name: "Jana Petersen".into(),
            email: proven.then(|| "jana@post.example".into()),
            proven,
            is_owner,
            is_main_owner,
            since: Moment::from_micros(0),
            href: is_owner.then(|| "/".into()),
        }
    }
}

#[derive(Serialize)]
pub struct MembersTab {
    members: Vec<MemberView>,
    invitations: Vec<View>,
    /// For those who may change customers.
    invite: Option<String>,
    again: String,
    withdraw: String,
}

impl Page for MembersTab {
    const TEMPLATE: &'static str = "customers/desk/members.html";
    fn samples() -> Vec<Self> {
        let members = vec![
            MemberView::sample(true, true, true),
            MemberView::sample(true, false, true),
            MemberView::sample(false, false, false),
        ];
        let page = |members, invitations, invite: Option<&str>| MembersTab {
            members,
            invitations,
            invite: invite.map(str::to_owned),
            again: "/".into(),
            withdraw: "/".into(),
        };
        vec![
            page(members, View::samples(), Some("/")),
            page(Vec::new(), Vec::new(), Some("/")),
            page(Vec::new(), View::samples(), None),
        ]
    }
}

/// The tab of the customer file.
pub fn tab<'a>(
    cx: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let may = cx.may(CUSTOMERS_EDIT);
        let members = of_customer(tx, customer).await?;
        let ids: Vec<UserId> = members.iter().map(|member| member.user_id).collect();
        let people = users::contacts(tx, &ids).await?;
        let open = invitations::list(tx, customer).await?;
        let view = |member: &Member| {
            let person = people.iter().find(|person| person.user == member.user_id)?;
            let href = may.then(|| one_url(customer, member.user_id));
            Some(MemberView::of(member, person, href))
        };
        Tile::of(&MembersTab {
            members: members.iter().filter_map(view).collect(),
            invitations: open
                .iter()
                .map(|invitation| View::of(invitation, cx.ctx.now))
                .collect(),
            invite: may.then(|| INVITE.to(customer)),
            again: AGAIN.to(customer),
            withdraw: WITHDRAW.to(customer),
        })
        .map(Some)
    })
}

pub(super) fn one_url(customer: CustomerId, user: UserId) -> String {
    format!("{}?benutzer={user}", ONE.to(customer))
}

/// One member, and what staff can do for them.
#[derive(Serialize)]
pub struct MemberPage {
    member: MemberView,
    customer: String,
    file: String,
    tab: String,
    list: String,
    /// The main owner holds all rights: there is nothing to tick.
    form: Option<FormView>,
    factor: FactorView,
    main: String,
    remove: String,
    reset: String,
    sign_out: String,
    require: String,
    lost: String,
}

impl Page for MemberPage {
    const TEMPLATE: &'static str = "customers/desk/member.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<MemberForm>();
        let page = |member, form, factor| MemberPage {
            member,
            factor,
            customer: "Segelverein Holtenau e. V.".into(),
            file: "/".into(),
            tab: "/".into(),
            list: desk::LIST.url(),
            form,
            main: "/".into(),
            remove: "/".into(),
            reset: "/".into(),
            sign_out: "/".into(),
            require: "/".into(),
            lost: "/".into(),
        };
        let [off, on, asked, waits] = FactorView::samples();
        vec![
            page(MemberView::sample(true, true, true), None, off),
            page(MemberView::sample(true, false, true), Some(plain), on),
            page(MemberView::sample(false, false, false), Some(bad), asked),
            page(MemberView::sample(true, true, true), None, waits),
        ]
    }
}

fn form(cx: &Staff, id: CustomerId, user: UserId) -> Builder<'_> {
    cx.form::<MemberForm>(one_url(id, user))
        .submit("form-save")
        .cancel(file::tab_url(id, TAB))
}

fn asked(cx: &Staff) -> Result<UserId> {
    let user = cx.query("benutzer").and_then(|id| id.parse().ok());
    user.ok_or(Error::NotFound)
}

async fn page(cx: &Staff, tx: &mut Tx, id: CustomerId, bad: Option<&Bad>) -> Result<MemberPage> {
    let user = asked(cx)?;
    let member = edit::one(tx, id, user).await?;
    let people = users::contacts(tx, &[user]).await?;
    let person = people.first().ok_or(Error::NotFound)?;
    let form = form(cx, id, user);
    let form = match bad {
        Some(bad) => form.bad(bad),
        None => form.raw(&MemberForm::shown(&member)),
    };
    Ok(MemberPage {
        member: MemberView::of(&member, person, None),
        customer: customer::name_of(tx, id).await?,
        file: file::FILE.to(id),
        tab: file::tab_url(id, TAB),
        list: desk::LIST.url(),
        form: (!member.is_main_owner).then_some(form),
        factor: access::factor(tx, cx, user).await?,
        main: MAIN.to(id),
        remove: REMOVE.to(id),
        reset: access::RESET.to(id),
        sign_out: access::SIGN_OUT.to(id),
        require: access::REQUIRE.to(id),
        lost: access::LOST.to(id),
    })
}

pub async fn show(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let page = page(&cx, &mut tx, id, None).await?;
    cx.page(page)
}

pub async fn save(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<MemberForm>) -> Result {
    let typed = match posted.parse() {
        Ok(typed) => typed,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let page = page(&cx, &mut tx, id, Some(&bad)).await?;
            return cx.invalid(page);
        }
    };
    let user = asked(&cx)?;
    let mut tx = cx.begin().await?;
    let done = set_role(&mut tx, &cx.ctx, id, user, &typed.role()).await;
    finish(&cx, tx, id, done, "notice-member-saved").await
}

pub async fn make_main(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let user = crate::named(&form, "benutzer")?;
    let mut tx = cx.begin().await?;
    make_main_owner(&mut tx, &cx.ctx, id, user).await?;
    finish(&cx, tx, id, Ok(()), "notice-main-owner-set").await
}

pub async fn take_out(cx: Staff, Param(id): Param<CustomerId>, form: RawForm) -> Result {
    let user = crate::named(&form, "benutzer")?;
    let mut tx = cx.begin().await?;
    let done = remove(&mut tx, &cx.ctx, id, user).await;
    finish(&cx, tx, id, done, "notice-member-removed").await
}

async fn finish(
    cx: &Staff,
    tx: Tx,
    id: CustomerId,
    done: std::result::Result<(), Refused>,
    notice: &str,
) -> Result {
    let notice = match done {
        Ok(()) => notice,
        Err(Refused::MainOwner) => "notice-main-owner-stays-warn",
        Err(Refused::Db(error)) => return Err(error.into()),
    };
    cx.done(tx, file::tab_url(id, TAB), notice).await
}
