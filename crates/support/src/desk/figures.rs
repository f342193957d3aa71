//! "Auswertung": tickets by state and how long answers took, as small charts with a table behind each.

use super::{FIGURES, ONE, QUEUE, store};
use crate::hours::Hours;
use crate::message::shown;
use crate::ticket::{State, TicketId};
use db::{Tx, params, sql};
use futures_util::future::BoxFuture;
use kernel::Moment;
use kernel::jiff::Span;
use kernel::jiff::civil::Date;
use serde::Serialize;
use web::{Cx, Page, Result, Staff, Tile};

/// Of what is due today, so many stand on the desk's start page.
const DUE: usize = 5;
/// Days on the chart.
const DAYS: i64 = 30;
/// No state is counted further.
const MOST: i64 = 1000;
/// Units of the drawing.
const HEIGHT: i64 = 100;
const WIDTH: i64 = 300;

kernel::row! {
    /// A day's answers; or as `day` the word of a state with how many tickets it has; or a ticket that is due, with its
    /// number and until when in place of the first two figures.
    struct Counted {
        day: String,
        id: Option<TicketId>,
        subject: String,
        answers: i64,
        minutes: i64,
        kept: i64,
    }
}

/// The word that stands for a day in the line of the votes.
const CONTENT: &str = "content";

struct Read {
    days: Vec<Counted>,
    // what is due first stands first
    due: Vec<Counted>,
    states: Vec<(State, i64)>,
    // how many were, and how many were not
    content: (i64, i64),
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

/// Both charts: what stands on the page of figures, and small on the desk's start page.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    pub states: Vec<StateFigure>,
    pub days: Vec<DayFigure>,
    pub answers: i64,
    pub minutes: i64,
    pub kept: i64,
    /// The longest average, at the top of the chart.
    pub longest: i64,
    /// How many customers were content with a ticket, and how many were not.
    pub good: i64,
    pub bad: i64,
}

impl Figures {
    fn samples() -> [Self; 2] {
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
        let figures = |days: Vec<DayFigure>| Figures {
            states: State::ALL.iter().map(state).collect(),
            answers: days.len() as i64,
            days,
            minutes: 95,
            kept: 75,
            longest: 120,
            good: 7,
            bad: 2,
        };
        let none = Figures {
            good: 0,
            bad: 0,
            ..figures(Vec::new())
        };
        [figures((0..3).map(day).collect()), none]
    }
}

#[derive(Debug, Serialize)]
pub struct FiguresPage {
    pub figures: Figures,
    pub queue: String,
}

impl Page for FiguresPage {
    const TEMPLATE: &'static str = "support/desk/figures.html";
    fn samples() -> Vec<Self> {
        let page = |figures| FiguresPage {
            figures,
            queue: QUEUE.url(),
        };
        Figures::samples().map(page).into()
    }
}

/// A ticket that is due before the day ends.
#[derive(Debug, Clone, Serialize)]
pub struct DueRow {
    pub href: String,
    pub number: i64,
    pub subject: String,
    pub state: State,
    pub due: Moment,
    pub overdue: bool,
}

impl DueRow {
    fn of(cx: &Cx, row: Counted) -> Option<Self> {
        let due = Moment::from_micros(row.minutes);
        Some(DueRow {
            href: ONE.to(row.id?),
            number: row.answers,
            subject: shown(cx, row.subject),
            state: State::parse(row.day.strip_prefix("due-")?)?,
            overdue: due < cx.ctx.now,
            due,
        })
    }
}

/// What the desk's start page shows of tickets (DESK-2).
#[derive(Debug, Serialize)]
pub struct TodayTile {
    pub due: Vec<DueRow>,
    /// There are more than those.
    pub more: bool,
    pub figures: Figures,
    pub queue: String,
    /// The page of figures.
    pub all: String,
}

impl Page for TodayTile {
    const TEMPLATE: &'static str = "support/desk/today.html";
    fn samples() -> Vec<Self> {
        let row = |state: &State| DueRow {
            href: ONE.to("1"),
            number: 10_001,
            subject: "Die Kasse zeigt <502>".into(),
            state: *state,
            due: Moment::from_micros(1_795_000_000_000_000),
            overdue: *state == State::Open,
        };
        let tile = |figures, due: Vec<DueRow>| TodayTile {
            more: !due.is_empty(),
            due,
            figures,
            queue: QUEUE.url(),
            all: FIGURES.url(),
        };
        let [full, empty] = Figures::samples();
        vec![
            tile(full, State::ALL.iter().map(row).collect()),
            tile(empty, Vec::new()),
        ]
    }
}

/// The days after `since` with their answers, and how many tickets each state has, none counted beyond [`MOST`], and what is due:
/// in one statement, because the desk's start page asks many.
async fn counted(tx: &mut Tx, since: Date, begins: Moment, due: Moment) -> db::Result<Read> {
    let stmt = sql!(
        Counted,
        "SELECT day, NULL AS id, '' AS subject, answers, minutes, kept FROM response_days WHERE day > $1
         UNION ALL SELECT 'due-' || state, id, subject, number, due_at, 0
            FROM (SELECT id, state, subject, number, due_at FROM tickets WHERE due_at < $4 ORDER BY due_at, id LIMIT $5) e
         UNION ALL SELECT 'new', NULL, '', CAST(count(*) AS BIGINT), 0, 0 FROM (SELECT 1 FROM tickets WHERE state = 'new' LIMIT $2) a
         UNION ALL SELECT 'open', NULL, '', CAST(count(*) AS BIGINT), 0, 0 FROM (SELECT 1 FROM tickets WHERE state = 'open' LIMIT $2) b
         UNION ALL SELECT 'waiting', NULL, '', CAST(count(*) AS BIGINT), 0, 0 FROM (SELECT 1 FROM tickets WHERE state = 'waiting' LIMIT $2) c
         UNION ALL SELECT 'closed', NULL, '', CAST(count(*) AS BIGINT), 0, 0 FROM (SELECT 1 FROM tickets WHERE state = 'closed' LIMIT $2) d
         UNION ALL SELECT 'content', NULL, '', CAST(coalesce(sum(CASE WHEN good = TRUE THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(count(*) AS BIGINT), 0
            FROM ticket_ratings WHERE at >= $3"
    );
    let date = since.to_string();
    let params = params![date, MOST + 1, begins, due, DUE as i64 + 1];
    let (mut days, mut due) = (Vec::new(), Vec::new());
    let (mut states, mut content) = (Vec::new(), (0, 0));
    for row in tx.all(stmt, params).await? {
        match State::parse(&row.day) {
            Some(state) => states.push((state, row.answers)),
            None if row.id.is_some() => due.push(row),
            None if row.day == CONTENT => content = (row.answers, row.minutes - row.answers),
            None => days.push(row),
        }
    }
    due.sort_by_key(|row| (row.minutes, row.id));
    days.sort_by(|a, b| a.day.cmp(&b.day));
    states.sort_by_key(|(state, _)| State::ALL.iter().position(|one| one == state));
    Ok(Read {
        days,
        due,
        states,
        content,
    })
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
async fn read(cx: &Cx, tx: &mut Tx) -> db::Result<(Figures, Vec<DueRow>)> {
    let hours = Hours::of(&cx.app);
    let today = hours.day(cx.ctx.now);
    let tomorrow = hours.begins(today.saturating_add(Span::new().days(1)));
    let first = today.saturating_sub(Span::new().days(DAYS));
    let read = counted(tx, first, hours.begins(first), tomorrow).await?;
    let due = read.due.into_iter().filter_map(|row| DueRow::of(cx, row));
    let due = due.collect();
    let (found, states) = (read.days, read.states);
    let average = |sum: i64, of: i64| if of == 0 { 0 } else { sum / of };
    let longest = found
        .iter()
        .map(|day| average(day.minutes, day.answers))
        .max();
    let longest = longest.unwrap_or_default().max(1);
    let step = WIDTH / DAYS;
    let drawn = found.iter().filter_map(|day| {
        let date: Date = day.day.parse().ok()?;
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
    let sum = |of: fn(&Counted) -> i64| found.iter().map(of).sum::<i64>();
    let (answers, minutes, kept) = (sum(|d| d.answers), sum(|d| d.minutes), sum(|d| d.kept));
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
    let figures = Figures {
        states: states.iter().map(state).collect(),
        days: drawn.collect(),
        answers,
        minutes: average(minutes, answers),
        kept: average(kept * 100, answers),
        longest,
        good: read.content.0,
        bad: read.content.1,
    };
    Ok((figures, due))
}

/// For the desk's start page.
pub fn today<'a>(cx: &'a Cx, tx: &'a mut Tx) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let (figures, mut due) = read(cx, tx).await?;
        let more = due.len() > DUE;
        due.truncate(DUE);
        let tile = TodayTile {
            due,
            more,
            figures,
            queue: QUEUE.url(),
            all: FIGURES.url(),
        };
        Tile::of(&tile).map(Some)
    })
}

pub async fn show(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let (figures, _) = read(&cx, &mut tx).await?;
    cx.page(FiguresPage {
        figures,
        queue: QUEUE.url(),
    })
}
