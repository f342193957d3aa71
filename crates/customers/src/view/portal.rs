//! The end of a view, and `/konto/einblicke`: what the customer reads of them.

use super::{VIEWED, close};
use crate::customer::file::FILE;
use db::Tx;
use db::audit::{self, AuditId, Filter, Line};
use identity::staff;
use identity::views::ViewId;
use kernel::{CustomerId, Moment};
use serde::Serialize;
use web::{ACCOUNT, Guest, Link, Member, PAGE, Page, Pager, Path, Result, START};

pub const LIST: Path = Path::new("/konto/einblicke");

/// Where there is nothing to end, it leads to the start page.
pub async fn end(cx: Guest) -> Result {
    let view = cx.user().filter(|session| session.viewer.is_some());
    let Some((view, acting)) = view.and_then(|view| Some((view, view.acting.as_ref()?))) else {
        return Ok(web::redirect(START.pattern()));
    };
    let mut tx = cx.begin().await?;
    close(&mut tx, &cx.ctx, ViewId(view.session)).await?;
    let file = FILE.to(acting.customer);
    let mut response = cx.done(tx, file, "notice-view-ended").await?;
    cx.set_view(&mut response, None);
    Ok(response)
}

#[derive(Serialize)]
struct Row {
    at: Moment,
    who: String,
    reason: String,
}

#[derive(Serialize)]
pub struct ViewsPage {
    rows: Vec<Row>,
    pager: Pager,
    overview: Link,
}

impl Page for ViewsPage {
    const TEMPLATE: &'static str = "customers/view/list.html";
    fn samples() -> Vec<Self> {
        let page = |rows| ViewsPage {
            rows,
            pager: Pager::default(),
            overview: Link {
                href: ACCOUNT.url(),
                label: "Kontoübersicht".into(),
            },
        };
        let row = |who: &str| Row {
            at: Moment::from_micros(1_795_000_000_000_000),
            who: who.into(),
            reason: "Frage zur Rechnung <4711>".into(),
        };
        vec![
            page(vec![row("Malte Brodersen"), row("")]),
            page(Vec::new()),
        ]
    }
}

async fn lines(
    tx: &mut Tx,
    customer: CustomerId,
    before: Option<AuditId>,
    limit: i64,
) -> db::Result<Vec<Line>> {
    let filter = Filter {
        customer: Some(customer),
        act: VIEWED.into(),
        ..Filter::default()
    };
    let page = before.map_or(audit::Page::Newest, audit::Page::OlderThan);
    audit::list(tx, &filter, page, limit).await
}

pub async fn list(cx: Member) -> Result {
    let before = cx.query("nach").and_then(|id| id.parse().ok());
    let mut tx = cx.read().await?;
    let mut found = lines(&mut tx, cx.customer, before, PAGE as i64 + 1).await?;
    let team = staff::list(&mut tx).await?;
    drop(tx);
    let pager = Pager::cut(&cx, &mut found, |line| line.id.to_string());
    let row = |line: &Line| {
        let person = team.iter().find(|row| Some(row.id.0) == line.actor_id);
        let detail: serde_json::Value = serde_json::from_str(&line.detail).unwrap_or_default();
        let reason = detail.get("reason").and_then(|reason| reason.as_str());
        Row {
            at: line.at,
            who: person.map(|row| row.name.clone()).unwrap_or_default(),
            reason: reason.unwrap_or_default().to_owned(),
        }
    };
    cx.page(ViewsPage {
        rows: found.iter().map(row).collect(),
        pager,
        overview: Link {
            href: ACCOUNT.url(),
            label: cx.text("account"),
        },
    })
}
