//! `/desk/kunden/{id}/ansicht`: asks for the reason, and with whose eyes.

use super::{Ask, open};
use crate::customer::{self, desk, file};
use crate::{member, rights};
use db::Tx;
use identity::users;
use kernel::{CustomerId, UserId};
use serde::Serialize;
use web::form::{FormView, OptionView};
use web::{ACCOUNT, Bad, Error, Page, Param, Path1, Posted, Result, START, Staff, bad};

pub const VIEW: Path1 = Path1::new("/desk/kunden/{id}/ansicht");

#[derive(Serialize)]
pub struct ViewPage {
    /// Nothing as long as nobody acts for the customer.
    form: Option<FormView>,
    name: String,
    file: String,
    list: String,
}

impl Page for ViewPage {
    const TEMPLATE: &'static str = "customers/view/ask.html";
    fn samples() -> Vec<Self> {
        let page = |form| ViewPage {
            form,
            name: "Segelverein Holtenau e. V.".into(),
            file: "/".into(),
            list: desk::LIST.url(),
        };
        let [plain, wrong] = FormView::samples::<Ask>();
        vec![page(Some(plain)), page(Some(wrong)), page(None)]
    }
}

async fn page(cx: &Staff, tx: &mut Tx, id: CustomerId, bad: Option<&Bad>) -> Result<ViewPage> {
    let name = customer::name_of(tx, id).await?;
    let members = member::of_customer(tx, id).await?;
    let ids: Vec<UserId> = members.iter().map(|member| member.user_id).collect();
    let people = users::contacts(tx, &ids).await?;
    let form = cx
        .form::<Ask>(VIEW.to(id))
        .submit("view-submit")
        .cancel(file::FILE.to(id));
    let mut form = match bad {
        Some(bad) => form.bad(bad),
        None => form.empty(),
    };
    let fields = form.rows.iter_mut().flatten();
    for field in fields.filter(|field| field.name == "user") {
        // the main owner comes first, and is chosen where nothing else is
        let option = |member: &member::Member| {
            let person = people.iter().find(|person| person.user == member.user_id)?;
            let value = member.user_id.to_string();
            let role = match (member.is_main_owner, member.is_owner) {
                (true, _) => "member-main-owner",
                (_, true) => "member-owner",
                _ => "member-with-rights",
            };
            Some(OptionView {
                selected: field.value == value,
                value,
                label: format!("{} ({})", person.name(), cx.text(role)),
            })
        };
        field.options = members.iter().filter_map(option).collect();
    }
    Ok(ViewPage {
        form: (!people.is_empty()).then_some(form),
        name,
        file: file::FILE.to(id),
        list: desk::LIST.url(),
    })
}

pub async fn ask(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let page = page(&cx, &mut tx, id, None).await?;
    cx.page(page)
}

pub async fn begin(cx: Staff, Param(id): Param<CustomerId>, posted: Posted<Ask>) -> Result {
    let mut tx = cx.read().await?;
    customer::name_of(&mut tx, id).await?;
    let asked = match posted.parse() {
        Ok(asked) => asked,
        Err(bad) => return cx.invalid(page(&cx, &mut tx, id, Some(&bad)).await?),
    };
    drop(tx);
    let session = cx.session().ok_or(Error::SignIn)?.session;
    // no form key: sent twice, each answer carries a token of its own, and the last one holds
    let mut tx = cx.app.db().begin().await?;
    let Some(token) = open(&mut tx, &cx.ctx, id, session, &asked).await? else {
        let bad = bad(&posted.raw, "user", "fault-choice");
        return cx.invalid(page(&cx, &mut tx, id, Some(&bad)).await?);
    };
    let held = member::rights_of(&mut tx, id, asked.user.0).await?;
    tx.commit().await?;
    let sees = held.is_some_and(|held| held.has(rights::ACCOUNT_VIEW));
    let mut response = web::redirect(if sees { ACCOUNT } else { START }.pattern());
    cx.set_view(&mut response, Some(token.expose()));
    Ok(response)
}
