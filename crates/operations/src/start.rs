//! The desk's start page (DESK-2): what waits, what other contexts show of themselves, and what was done last.

use crate::{log, mails, work};
use db::audit::{Filter, Page as AuditPage};
use identity::rights::{AUDIT_VIEW, JOBS_RESTART, MAILS_VIEW};
use kernel::Moment;
use serde::Serialize;
use web::{Page, Result, Staff};

/// Lines of the log.
const LINES: i64 = 8;

/// A number that leads to its list, which shows as many.
#[derive(Debug, Serialize)]
pub struct Figure {
    pub label: String,
    pub count: i64,
    pub href: String,
    /// Something went wrong.
    pub bad: bool,
}

#[derive(Debug, Serialize)]
pub struct StartPage {
    pub name: String,
    pub now: Moment,
    pub figures: Vec<Figure>,
    /// Drawn already, by other contexts.
    pub tiles: Vec<String>,
    pub lines: Vec<log::LineView>,
    /// The whole log, for those who may see it.
    pub log: Option<String>,
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "operations/start.html";
    fn samples() -> Vec<Self> {
        let figure = |count, bad| Figure {
            label: "E-Mails".into(),
            count,
            href: mails::LIST.url(),
            bad,
        };
        let now = Moment::from_micros(1_795_000_000_000_000);
        let page = |figures, lines, log: Option<String>| StartPage {
            name: "Malte".into(),
            now,
            figures,
            tiles: log.iter().map(|_| "<p>…</p>".into()).collect(),
            lines,
            log,
        };
        vec![
            page(
                vec![figure(3, true), figure(0, false)],
                log::LineView::samples(),
                Some(log::LIST.url()),
            ),
            page(Vec::new(), Vec::new(), Some(log::LIST.url())),
            page(Vec::new(), Vec::new(), None),
        ]
    }
}

pub async fn show(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let mut figures = Vec::new();
    let mut figure = |label: &str, count: i64, href: String, bad: bool| {
        figures.push(Figure {
            label: cx.text(label),
            count,
            href,
            bad: bad && count > 0,
        });
    };
    if cx.may(MAILS_VIEW) {
        let counts = mail::unsent(&mut tx).await?;
        figure(
            "today-mails-dead",
            counts.dead,
            mails::of_state(mail::State::Dead),
            true,
        );
        figure(
            "today-mails-waiting",
            counts.queued,
            mails::of_state(mail::State::Queued),
            false,
        );
        if counts.failed > 0 {
            let again = mails::of_state(mail::State::Failed);
            figure("today-mails-failed", counts.failed, again, false);
        }
    }
    if cx.may(JOBS_RESTART) {
        let counts = jobs::counts(&mut tx).await?;
        figure(
            "today-jobs-dead",
            counts.dead,
            work::of_state(jobs::State::Dead),
            true,
        );
        figure(
            "today-jobs-waiting",
            counts.waiting,
            work::of_state(jobs::State::Waiting),
            false,
        );
    }
    let sees_log = cx.may(AUDIT_VIEW);
    let found = if sees_log {
        log::lines(
            &cx,
            &mut tx,
            &Filter::default(),
            AuditPage::Newest,
            LINES,
            // whose customer it was stands in the log itself: a page has a budget of statements
            false,
        )
        .await?
    } else {
        Vec::new()
    };
    let mut tiles = Vec::new();
    for (_, right, tile) in cx.app.today() {
        if cx.may(*right) {
            tiles.extend(tile(&cx, &mut tx).await?);
        }
    }
    drop(tx);
    cx.page(StartPage {
        tiles: tiles
            .iter()
            .map(|tile| cx.draw(tile))
            .collect::<Result<_>>()?,
        name: cx
            .session()
            .map(|session| session.name.clone())
            .unwrap_or_default(),
        now: cx.ctx.now,
        figures,
        lines: found.into_iter().map(|(_, line)| line).collect(),
        log: sees_log.then(|| log::LIST.url()),
    })
}
