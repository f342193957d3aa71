//! `/desk/kunden/{id}`: the customer file, with the tabs of other contexts (DESK-4).

use super::desk::LIST;
use super::{Customer, Kind, store};
use crate::address::{self, AddressId};
use crate::member;
use db::Tx;
use identity::users;
use kernel::{CustomerId, CustomerNumber, Moment, UserId};
use serde::Serialize;
use web::{Page, Param, Path1, Result, Staff};

pub const FILE: Path1 = Path1::new("/desk/kunden/{id}");

#[derive(Serialize)]
struct Tab {
    href: String,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct AddressCard {
    id: AddressId,
    lines: Vec<String>,
    billing: bool,
    delivery: bool,
}

#[derive(Serialize)]
struct MemberView {
    name: String,
    email: Option<String>,
    /// Whether a link proved the address.
    proven: bool,
    is_owner: bool,
    is_main_owner: bool,
    since: Moment,
}

/// What the first tab shows.
#[derive(Serialize)]
struct Overview {
    person: String,
    company: Option<String>,
    salutation: Option<String>,
    vat_id: Option<String>,
    phone: Option<String>,
    mobile: Option<String>,
    email: String,
    locale: kernel::Locale,
    addresses: Vec<AddressCard>,
    members: Vec<MemberView>,
}

#[derive(Serialize)]
pub struct FilePage {
    number: String,
    name: String,
    kind: Kind,
    since: Moment,
    list: String,
    tabs: Vec<Tab>,
    /// The first tab, or the HTML of another context's.
    overview: Option<Overview>,
    part: Option<String>,
}

impl Page for FilePage {
    const TEMPLATE: &'static str = "customers/desk/file.html";
    fn samples() -> Vec<Self> {
        let tab = |current| Tab {
            href: "/".into(),
            label: "Übersicht".into(),
            current,
        };
        let page = |kind, overview, part| FilePage {
            number: "K-10001".into(),
            name: "Segelverein Holtenau e. V.".into(),
            kind,
            since: Moment::from_micros(0),
            list: LIST.url(),
            tabs: vec![tab(true), tab(false)],
            overview,
            part,
        };
        vec![
            page(Kind::Private, Some(Overview::sample(false)), None),
            page(Kind::Company, Some(Overview::sample(true)), None),
            page(Kind::Public, None, Some("<p>Verlauf</p>".into())),
        ]
    }
}

impl Overview {
    fn sample(full: bool) -> Self {
        let text = |text: &str| full.then(|| text.to_owned());
        let card = |billing, delivery| AddressCard {
            id: AddressId(kernel::Uuid::nil()),
            lines: vec!["Jana Petersen".into(), "24105 Kiel".into()],
            billing,
            delivery,
        };
        let member = |is_owner, is_main_owner, proven: bool| MemberView {
            name: "Jana Petersen".into(),
            email: proven.then(|| "jana@post.example".into()),
            proven,
            is_owner,
            is_main_owner,
            since: Moment::from_micros(0),
        };
        let members = vec![
            member(true, true, true),
            member(true, false, true),
            member(false, false, false),
        ];
        Overview {
            person: "Jana Petersen".into(),
            company: text("Segelverein Holtenau e. V."),
            salutation: text("Frau"),
            vat_id: text("DE123456789"),
            phone: text("0431 55512-04"),
            mobile: text("0171 39200-11"),
            email: "jana@post.example".into(),
            locale: kernel::Locale::De,
            addresses: if full {
                vec![card(true, true), card(false, false)]
            } else {
                Vec::new()
            },
            members: if full { members } else { Vec::new() },
        }
    }
}

pub async fn show(cx: Staff, Param(id): Param<CustomerId>) -> Result {
    let mut tx = cx.read().await?;
    let customer = store::one(&mut tx, id).await?;
    let chosen = cx.query("reiter").unwrap_or_default();
    let hooks: Vec<_> = cx
        .app
        .file_tabs()
        .iter()
        .filter(|(_, right, ..)| cx.may(*right))
        .collect();
    let mut part = None;
    if let Some((.., tab)) = hooks.iter().find(|(_, _, label, _)| *label == chosen)
        && let Some(tile) = tab(&cx, &mut tx, id).await?
    {
        part = Some(cx.draw(&tile)?);
    }
    let overview = match part {
        None => Some(overview(&cx, &mut tx, &customer).await?),
        Some(_) => None,
    };
    drop(tx);
    let first = Tab {
        href: FILE.to(id),
        label: cx.text("desk-customer-overview"),
        current: part.is_none(),
    };
    let others = hooks.iter().map(|(_, _, label, _)| Tab {
        href: format!("{}?reiter={label}", FILE.to(id)),
        label: cx.text(label),
        current: part.is_some() && *label == chosen,
    });
    cx.page(FilePage {
        number: CustomerNumber::format(customer.number, &cx.app.settings().number_prefix),
        name: customer.name(),
        kind: customer.kind,
        since: customer.created_at,
        list: LIST.url(),
        tabs: [first].into_iter().chain(others).collect(),
        overview,
        part,
    })
}

async fn overview(cx: &Staff, tx: &mut Tx, customer: &Customer) -> Result<Overview> {
    let addresses = address::store::list(tx, customer.id).await?;
    let card = |stored: &address::Stored| AddressCard {
        id: stored.id,
        lines: cx.card(&stored.address),
        billing: stored.address.billing,
        delivery: stored.address.delivery,
    };
    Ok(Overview {
        person: customer.person(),
        company: customer.company.clone(),
        salutation: customer.salutation.clone(),
        vat_id: customer.vat_id.clone(),
        phone: customer.phone.as_ref().map(ToString::to_string),
        mobile: customer.mobile.as_ref().map(ToString::to_string),
        email: customer.billing_email.to_string(),
        locale: customer.locale,
        addresses: addresses.iter().map(card).collect(),
        members: members(tx, customer.id).await?,
    })
}

async fn members(tx: &mut Tx, customer: CustomerId) -> db::Result<Vec<MemberView>> {
    let members = member::of_customer(tx, customer).await?;
    let ids: Vec<UserId> = members.iter().map(|member| member.user_id).collect();
    let people = users::contacts(tx, &ids).await?;
    let view = |member: &member::Member| {
        let person = people.iter().find(|person| person.user == member.user_id)?;
        Some(MemberView {
            name: person.name(),
            proven: person.verified_at.is_some(),
            email: person.email.as_ref().map(ToString::to_string),
            is_owner: member.is_owner,
            is_main_owner: member.is_main_owner,
            since: member.created_at,
        })
    };
    Ok(members.iter().filter_map(view).collect())
}
