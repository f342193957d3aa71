//! `/demo/muster`: every page in every state that its samples know, so that a browser can look at all of them.

use kernel::{CustomerId, Moment, StaffId, UserId, Uuid};
use serde::Serialize;
use web::{
    Acting, Guest, MemberSession, Membership, Page, Param, Path, Path1, Result, Rights,
    StaffSession, Viewer, Who,
};

pub const SAMPLES: Path = Path::new("/demo/muster");
pub const SAMPLE: Path1 = Path1::new("/demo/muster/{id}");

#[derive(Debug, Serialize)]
pub struct SamplesPage {
    links: Vec<web::Link>,
}

impl Page for SamplesPage {
    const TEMPLATE: &'static str = "demo/samples.html";
    fn samples() -> Vec<Self> {
        let link = web::Link {
            href: SAMPLE.to("0-0"),
            label: "web/error.html 1".into(),
        };
        vec![SamplesPage { links: vec![link] }]
    }
}

/// Somebody for the frame of a portal page.
pub fn member() -> Who {
    let customer = CustomerId(Uuid::nil());
    let place = |number: &str, name: &str| Membership {
        customer,
        number: number.into(),
        name: name.into(),
    };
    Who::Member(Box::new(MemberSession {
        session: Uuid::nil(),
        user: UserId(Uuid::nil()),
        name: "Jana Petersen".into(),
        locale: None,
        seen: Moment::from_micros(0),
        fresh_until: Moment::from_micros(0),
        only: None,
        acting: Some(Acting {
            customer,
            number: "K-10001".into(),
            name: "Jana Petersen".into(),
            rights: Rights::new(customers::rights::ALL.iter().map(|right| right.0)),
        }),
        viewer: None,
        customers: vec![
            place("K-10001", "Jana Petersen"),
            place("K-10041", "Segelverein Holtenau e. V."),
        ],
    }))
}

/// The same, looked at by staff with their eyes.
pub fn viewed() -> Who {
    let mut who = member();
    if let Who::Member(session) = &mut who {
        session.viewer = Some(Viewer {
            staff: StaffId(Uuid::nil()),
            name: "Malte Brodersen".into(),
            until: Moment::from_micros(0),
        });
    }
    who
}

/// Somebody for the frame of a desk page.
pub fn staff() -> Who {
    Who::Staff(Box::new(StaffSession {
        session: Uuid::nil(),
        staff: StaffId(Uuid::nil()),
        name: "Malte Brodersen".into(),
        role: identity::Role::Admin.label(),
        rights: identity::Role::Admin.held(),
        locale: None,
        seen: Moment::from_micros(0),
    }))
}

/// Draws one sample as a whole page; `None` for mails and parts of pages.
fn draw(cx: &Guest, at: usize, nth: usize) -> Result<Option<String>> {
    let sampled = cx.app.samples().get(at).ok_or(web::Error::NotFound)?;
    let sample = (sampled.samples)()
        .into_iter()
        .nth(nth)
        .ok_or(web::Error::NotFound)?;
    let template = &sampled.template;
    let source = cx
        .app
        .templates()
        .environment(cx.ctx.locale)
        .get_template(template);
    let desk = source.is_ok_and(|template| template.source().contains("web/desk.html"));
    let who = match (desk, template.as_str()) {
        (_, "customers/sign_in.html" | "customers/register.html" | "customers/activate.html") => {
            Who::Nobody
        }
        (_, name) if name.starts_with("identity/") => Who::Nobody,
        (true, _) => staff(),
        (false, _) => member(),
    };
    let html = cx
        .app
        .draw_sample(cx.ctx.locale, who, template, sample)
        .map_err(web::Error::internal)?;
    Ok(html
        .contains("<html lang")
        .then_some(html)
        .filter(|_| !template.contains("/mail/")))
}

pub async fn list(cx: Guest) -> Result {
    let mut links = Vec::new();
    for (at, sampled) in cx.app.samples().iter().enumerate() {
        for nth in 0..(sampled.samples)().len() {
            if draw(&cx, at, nth)?.is_some() {
                let label = format!("{} {}", sampled.template, nth + 1);
                links.push(web::Link {
                    href: SAMPLE.to(format!("{at}-{nth}")),
                    label,
                });
            }
        }
    }
    cx.page(SamplesPage { links })
}

pub async fn show(cx: Guest, Param(id): Param<String>) -> Result {
    let (at, nth) = id.split_once('-').ok_or(web::Error::NotFound)?;
    let (Ok(at), Ok(nth)) = (at.parse(), nth.parse()) else {
        return Err(web::Error::NotFound);
    };
    let html = draw(&cx, at, nth)?.ok_or(web::Error::NotFound)?;
    Ok(cx.html(axum::http::StatusCode::OK, html))
}
