//! "Auswertung": tickets by state and how long answers took, as small charts with a table behind each.

use super::{QUEUE, store};
use crate::hours::Hours;
use crate::ticket::State;
use db::{Tx, params, sql};
use kernel::Moment;
use kernel::jiff::Span;
use serde::Serialize;
use web::{Page, Result, Staff};

/// Days on the chart.
const DAYS: i64 = 30;
/// No state is counted further.
const MOST: i64 = 1000;
/// Units of the drawing.
const HEIGHT: i64 = 100;
const WIDTH: i64 = 300;

kernel::row! {
    struct Day {
        day: String,
        answers: i64,
        minutes: i64,
        kept: i64,
    }
}

/// A state with how many tickets it has.
#[derive(Debug, Clone, Serialize)]
pub struct StateFigure {
    pub state: State,
    pub count: i64,
    /// There are more than were counted.
    pub more: bool,
    pub href: String,
    /// Of the longest bar, in units of the drawing.
    pub width: i64,
}

/// One day of the chart.
#[derive(Debug, Clone, Serialize)]
pub struct DayFigure {
    pub day: Moment,
    pub answers: i64,
    /// On average, in office hours.
    pub minutes: i64,
    /// Of a hundred answers.
    pub kept: i64,
    pub x: i64,
    pub y: i64,
    pub height: i64,
}

#[derive(Debug, Serialize)]
pub struct FiguresPage {
    pub states: Vec<StateFigure>,
    pub days: Vec<DayFigure>,
    pub answers: i64,
    pub minutes: i64,
    pub kept: i64,
    /// The longest average, at the top of the chart.
    pub longest: i64,
    pub queue: String,
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "support/desk/figures.html";
    fn samples() -> Vec<Self> {
        let state = |state: &State| StateFigure {
            state: *state,
            count: 12,
            more: *state == State::Closed,
            href: QUEUE.url(),
            width: 120,
        };
        let day = |at: i64| DayFigure {
            day: Moment::from_micros(1_795_000_000_000_000 + at * 86_400_000_000),
            answers: 4,
            minutes: 95,
            kept: 75,
            x: at * 10,
            y: 40,
            height: 60,
        };
        let page = |days: Vec<DayFigure>| FiguresPage {
            states: State::ALL.iter().map(state).collect(),
            answers: days.len() as i64,
            days,
            minutes: 95,
            kept: 75,
            longest: 120,
            queue: QUEUE.url(),
        };
        vec![page((0..3).map(day).collect()), page(Vec::new())]
    }
}

async fn days(tx: &mut Tx, since: &str) -> db::Result<Vec<Day>> {
    let stmt = sql!(
        Day,
        "SELECT day, answers, minutes, kept FROM response_days WHERE day > $1 ORDER BY day"
    );
    tx.all(stmt, params![since]).await
}

/// How many tickets each state has, none counted beyond [`MOST`].
async fn states(tx: &mut Tx) -> db::Result<Vec<(State, i64)>> {
    let stmt = sql!(
        (i64, i64, i64, i64),
        "SELECT CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state = 'new' LIMIT $1) a) AS BIGINT),
                CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state = 'open' LIMIT $1) b) AS BIGINT),
                CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state = 'waiting' LIMIT $1) c) AS BIGINT),
                CAST((SELECT count(*) FROM (SELECT 1 FROM tickets WHERE state = 'closed' LIMIT $1) d) AS BIGINT)"
    );
    let (new, open, waiting, closed) = tx.one(stmt, params![MOST + 1]).await?;
    Ok(vec![
        (State::New, new),
        (State::Open, open),
        (State::Waiting, waiting),
        (State::Closed, closed),
    ])
}

fn show_of(state: State) -> store::Show {
    match state {
        State::New => store::Show::New,
        State::Open => store::Show::Ours,
        State::Waiting => store::Show::Theirs,
        State::Closed => store::Show::Closed,
    }
}

/// The chart and what it says.
pub(crate) async fn read(cx: &web::Cx, tx: &mut Tx) -> Result<FiguresPage> {
    let hours = Hours::of(&cx.app);
    let today = hours.day(cx.ctx.now);
    let first = today.saturating_sub(Span::new().days(DAYS));
    let found = days(tx, &first.to_string()).await?;
    let average = |sum: i64, of: i64| if of == 0 { 0 } else { sum / of };
    let longest = found
        .iter()
        .map(|day| average(day.minutes, day.answers))
        .max();
    let longest = longest.unwrap_or_default().max(1);
    let step = WIDTH / DAYS;
    let drawn = found.iter().filter_map(|day| {
        let date: kernel::jiff::civil::Date = day.day.parse().ok()?;
        let after = i64::from(date.since(first).ok()?.get_days());
        let minutes = average(day.minutes, day.answers);
        // what took no time is still to be seen
        let height = (minutes * HEIGHT / longest).max(2);
        Some(DayFigure {
            day: hours.begins(date),
            answers: day.answers,
            minutes,
            kept: average(day.kept * 100, day.answers),
            x: (after - 1) * step,
            y: HEIGHT - height,
            height,
        })
    });
    let sum = |of: fn(&Day) -> i64| found.iter().map(of).sum::<i64>();
    let (answers, minutes, kept) = (sum(|d| d.answers), sum(|d| d.minutes), sum(|d| d.kept));
    let states = states(tx).await?;
    let most = states
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or_default()
        .max(1);
    let state = |(state, count): &(State, i64)| StateFigure {
        state: *state,
        count: (*count).min(MOST),
        more: *count > MOST,
        href: format!("{}?zustand={}", QUEUE.url(), show_of(*state).as_str()),
        width: count * WIDTH / most,
    };
    Ok(FiguresPage {
        states: states.iter().map(state).collect(),
        days: drawn.collect(),
        answers,
        minutes: average(minutes, answers),
        kept: average(kept * 100, answers),
        longest,
        queue: QUEUE.url(),
    })
}

pub async fn show(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let page = read(&cx, &mut tx).await?;
    cx.page(page)
}
