//! What stands around every page: header, menus, footer.

use crate::app::{DESK, DESK_SEARCH, VIEW_END};
use crate::cookies;
use crate::cx::{Cx, Who};
use crate::module::{Nav, Place};
use kernel::{Locale, Moment};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Frame {
    lang: &'static str,
    path: String,
    url_de: String,
    url_en: String,
    provider: Provider,
    search: Option<SearchBox>,
    csrf: String,
    notice: Option<Notice>,
    request_id: String,
    demo: bool,
    user: Option<Person>,
    customer: Option<Customer>,
    customers: Vec<Customer>,
    view: Option<View>,
    nav: Vec<Entry>,
    account_nav: Vec<Vec<Entry>>,
    foot: Vec<Entry>,
    staff: Option<StaffView>,
    desk_nav: Vec<Entry>,
    alarms: Vec<AlarmView>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Provider {
    pub name: String,
    pub hotline: String,
    pub hotline_href: String,
}

#[derive(Debug, Serialize)]
struct Notice {
    tone: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct Person {
    name: String,
}

#[derive(Debug, Serialize)]
struct Customer {
    id: String,
    number: String,
    name: String,
    current: bool,
}

/// The bar over the portal while staff look with a customer's eyes.
#[derive(Debug, Serialize)]
struct View {
    staff: String,
    until: Moment,
    end: &'static str,
}

#[derive(Debug, Serialize)]
struct StaffView {
    name: String,
    role: String,
}

#[derive(Debug, Serialize)]
struct SearchBox {
    action: &'static str,
    label: String,
}

#[derive(Debug, Serialize)]
struct Entry {
    label: String,
    href: String,
    current: bool,
    icon: &'static str,
    count: Option<i64>,
}

/// What must be seen on every page of the desk; empty while there is nothing.
#[derive(Debug, Serialize)]
struct AlarmView {
    text: Option<String>,
    href: String,
    refresh: String,
}

impl Frame {
    pub fn of(cx: &Cx) -> Self {
        let path = &cx.info.path;
        let (user, customer, customers) = match &cx.who {
            Who::Member(session) => {
                let acting = session.acting.as_ref();
                let customers = session
                    .customers
                    .iter()
                    .map(|m| Customer {
                        id: m.customer.to_string(),
                        number: m.number.clone(),
                        name: m.name.clone(),
                        current: acting.is_some_and(|a| a.customer == m.customer),
                    })
                    .collect();
                let customer = acting.map(|a| Customer {
                    id: a.customer.to_string(),
                    number: a.number.clone(),
                    name: a.name.clone(),
                    current: true,
                });
                (
                    Some(Person {
                        name: session.name.clone(),
                    }),
                    customer,
                    customers,
                )
            }
            _ => (None, None, Vec::new()),
        };
        let staff = match &cx.who {
            Who::Staff(session) => Some(StaffView {
                name: session.name.clone(),
                role: cx.text(&session.role),
            }),
            _ => None,
        };
        let view = cx.viewer().map(|viewer| View {
            staff: viewer.name.clone(),
            until: viewer.until,
            end: VIEW_END.pattern(),
        });
        let menu = |place| entries(cx, place);
        let nav = if user.is_some() {
            menu(Place::Main)
        } else {
            menu(Place::Guests)
        };
        let account_nav = if user.is_some() {
            (0..4)
                .map(|group| menu(Place::Account(group)))
                .filter(|g| !g.is_empty())
                .collect()
        } else {
            vec![menu(Place::Door)]
        };
        let search = match &staff {
            Some(_) => Some((DESK_SEARCH, "frame-desk-search")),
            None => cx.app.finder().map(|finder| (finder.path, finder.label)),
        };
        let search = search.map(|(path, label)| SearchBox {
            action: path.pattern(),
            label: cx.text(label),
        });
        let desk_nav = if staff.is_some() {
            menu(Place::Desk)
        } else {
            Vec::new()
        };
        let staff_is_in = staff.is_some();
        Frame {
            lang: cx.ctx.locale.as_str(),
            path: path.clone(),
            url_de: switch(cx, Locale::De),
            url_en: switch(cx, Locale::En),
            provider: cx.app.settings().provider_view(),
            search,
            csrf: if user.is_some() || staff.is_some() {
                cx.csrf()
            } else {
                String::new()
            },
            notice: notice(cx),
            request_id: cx.info.id.clone(),
            demo: cx.app.settings().demo,
            user,
            customer,
            customers,
            view,
            nav,
            account_nav,
            foot: menu(Place::Foot),
            staff,
            alarms: if staff_is_in { alarms(cx) } else { Vec::new() },
            desk_nav,
        }
    }
}

fn switch(cx: &Cx, to: Locale) -> String {
    let here = if cx.info.is_post {
        cx.info.path.clone()
    } else {
        cx.link_with("", None)
    };
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("auf", to.as_str())
        .append_pair("zu", &here)
        .finish();
    format!("/sprache?{query}")
}

fn notice(cx: &Cx) -> Option<Notice> {
    let key = cx.info.cookie(cookies::notice_name(&cx.app))?;
    let tone = if key.ends_with("-bad") {
        "bad"
    } else if key.ends_with("-warn") {
        "warn"
    } else {
        "ok"
    };
    // the cookie may say anything: only texts meant as notices are shown
    (key.starts_with("notice-") && cx.app.texts().has(cx.ctx.locale, key)).then(|| Notice {
        tone,
        text: cx.text(key),
    })
}

fn alarms(cx: &Cx) -> Vec<AlarmView> {
    let shown = cx
        .app
        .nav()
        .iter()
        .filter(|nav| nav.place == Place::Desk && nav.right.is_none_or(|right| cx.may(right)));
    shown
        .filter_map(|nav| {
            let alarm = nav.alarm?;
            let count = counted(cx, nav);
            let text = |count: i64| {
                let args = [("count", count.into())];
                let texts = cx.app.texts();
                texts.with(cx.ctx.locale, alarm.text, &args).into_owned()
            };
            Some(AlarmView {
                text: count.map(text),
                href: nav.href.clone(),
                refresh: alarm.fragment.url(),
            })
        })
        .collect()
}

/// What the entry's counter has found, if anything.
fn counted(cx: &Cx, nav: &Nav) -> Option<i64> {
    let name = nav.counter?;
    let found = cx.counts.iter().find(|(known, _)| *known == name);
    found.map(|(_, count)| *count).filter(|count| *count > 0)
}

fn entries(cx: &Cx, place: Place) -> Vec<Entry> {
    let path = cx.info.path.as_str();
    let shown: Vec<&Nav> = cx
        .app
        .nav()
        .iter()
        .filter(|nav| nav.place == place && nav.right.is_none_or(|right| cx.may(right)))
        .collect();
    // of nested paths the longest is where we are
    let current = shown
        .iter()
        .filter(|nav| {
            path == nav.href
                // the desk's start page lies above all its others and leads to none of them
                || (nav.href != DESK.pattern()
                    && path
                        .strip_prefix(&nav.href)
                        .is_some_and(|rest| rest.starts_with('/')))
        })
        .max_by_key(|nav| nav.href.len())
        .map(|nav| nav.href.clone());
    shown
        .into_iter()
        .map(|nav| Entry {
            label: cx.text(nav.label),
            current: current.as_deref() == Some(nav.href.as_str()),
            href: nav.href.clone(),
            icon: nav.icon,
            count: counted(cx, nav),
        })
        .collect()
}
