//! `/desk/kunden`: the list of customers and the customer file (DESK-3, DESK-4).

use super::{Customer, Kind, store};
use crate::address::{self, AddressId};
use crate::member;
use db::Tx;
use futures_util::future::BoxFuture;
use identity::users;
use kernel::{CustomerId, CustomerNumber, Moment, UserId};
use serde::Serialize;
use web::{Cx, Hit, PAGE, Page, Pager, Param, Path, Path1, Result, Staff};

pub const LIST: Path = Path::new("/desk/kunden");
pub const FILE: Path1 = Path1::new("/desk/kunden/{id}");

#[derive(Serialize)]
struct Row {
    href: String,
    number: String,
    name: String,
    person: Option<String>,
    kind: Kind,
    email: String,
    created_at: Moment,
}

#[derive(Serialize)]
pub struct ListPage {
    text: String,
    rows: Vec<Row>,
    pager: Pager,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "customers/desk/list.html";
    fn samples() -> Vec<Self> {
        let row = |kind, person: Option<&str>| Row {
            href: "/".into(),
            number: "K-10001".into(),
            name: "Segelverein Holtenau e. V.".into(),
            person: person.map(str::to_owned),
            kind,
            email: "jana@post.example".into(),
            created_at: Moment::from_micros(0),
        };
        let rows = Kind::ALL
            .iter()
            .map(|kind| row(*kind, None))
            .chain([row(Kind::Company, Some("Jana"))]);
        let pager = Pager {
            newer: Some("/".into()),
            older: Some("/".into()),
            note: None,
        };
        vec![
            ListPage {
                text: String::new(),
                rows: rows.collect(),
                pager,
            },
            ListPage {
                text: "xyz".into(),
                rows: Vec::new(),
                pager: Pager::default(),
            },
            ListPage {
                text: String::new(),
                rows: Vec::new(),
                pager: Pager::default(),
            },
        ]
    }
}

pub async fn list(cx: Staff) -> Result {
    let text: String = cx
        .query("suche")
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    let before = cx
        .query("nach")
        .and_then(|n| n.parse().ok())
        .unwrap_or(i64::MAX);
    let mut tx = cx.read().await?;
    let mut lines = found(&mut tx, &cx, &text, before, PAGE as i64 + 1).await?;
    drop(tx);
    let pager = Pager::cut(&cx, &mut lines, |line| line.number.to_string());
    let rows = lines.iter().map(|line| row(&cx, line)).collect();
    cx.page(ListPage { text, rows, pager })
}

async fn found(
    tx: &mut Tx,
    cx: &Cx,
    text: &str,
    before: i64,
    limit: i64,
) -> db::Result<Vec<store::Line>> {
    if text.trim().is_empty() {
        return store::list(tx, before, limit).await;
    }
    let prefix = &cx.app.settings().number_prefix;
    store::find(tx, &super::forms(text, prefix), before, limit).await
}

fn row(cx: &Cx, line: &store::Line) -> Row {
    let person = format!("{} {}", line.first_name, line.last_name);
    Row {
        href: FILE.to(line.id),
        number: CustomerNumber::format(line.number, &cx.app.settings().number_prefix),
        name: super::name(line.company.as_deref(), &line.first_name, &line.last_name),
        person: line.company.is_some().then_some(person),
        kind: line.kind,
        email: line.billing_email.to_string(),
        created_at: line.created_at,
    }
}

/// The desk's search over everything finds customers through this.
pub fn search<'a>(cx: &'a Cx, tx: &'a mut Tx, text: &'a str) -> BoxFuture<'a, Result<Vec<Hit>>> {
    Box::pin(async move {
        let lines = found(tx, cx, text, i64::MAX, 10).await?;
        let hit = |row: Row| Hit {
            href: row.href,
            title: row.name,
            note: format!("{}, {}", row.number, row.email),
        };
        Ok(lines.iter().map(|line| hit(row(cx, line))).collect())
    })
}

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

pub async fn file(cx: Staff, Param(id): Param<CustomerId>) -> Result {
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
