//! Office hours (SUP-5): when somebody is there, and until when an answer is promised.
//!
//! The clock of an answer runs in office hours only, over days that are no holidays; what is critical runs always.

pub mod holidays;
mod week;

pub use holidays::Region;
pub use week::{Line, Week};

use crate::ticket::Priority;
use kernel::Moment;
use kernel::jiff::civil::Date;
use kernel::jiff::tz::TimeZone;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use web::{App, Page};

/// No clock looks further: ten years without an open door is a mistake in the settings.
const FURTHEST: usize = 3660;
const MINUTE: i64 = 60_000_000;

/// What the operator has set.
#[derive(Debug, Clone)]
pub struct Hours {
    zone: TimeZone,
    week: Week,
    region: Region,
    goals: Goals,
}

/// Minutes until an answer, by priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goals {
    pub low: i64,
    pub normal: i64,
    pub high: i64,
    /// On every day and at every hour.
    pub critical: i64,
}

impl Default for Goals {
    fn default() -> Self {
        Goals {
            low: 960,
            normal: 480,
            high: 120,
            critical: 30,
        }
    }
}

impl Goals {
    /// `low=960, normal=480, high=120, critical=30`; what is left out stays as it is.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn parse(text: &str) -> Result<Goals, String> {
        let mut goals = Goals::default();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let wrong = || format!("{part} is no goal such as normal=480");
            let (word, minutes) = part.split_once('=').ok_or_else(wrong)?;
            let minutes: i64 = minutes.trim().parse().map_err(|_| wrong())?;
            if !(1..=100_000).contains(&minutes) {
                return Err(wrong());
            }
            match word.trim() {
                "low" => goals.low = minutes,
                "normal" => goals.normal = minutes,
                "high" => goals.high = minutes,
                "critical" => goals.critical = minutes,
                _ => return Err(wrong()),
            }
        }
        Ok(goals)
    }
}

impl Default for Hours {
    /// Monday to Friday from 8 to 17 in Schleswig-Holstein.
    fn default() -> Self {
        Hours::parse("Europe/Berlin", "Mo-Fr 08:00-17:00", "DE-SH", "", "").unwrap_or_else(|_| {
            Hours {
                zone: TimeZone::UTC,
                week: Week::always(),
                region: Region::none(),
                goals: Goals::default(),
            }
        })
    }
}

impl Hours {
    /// From the operator's words.
    ///
    /// # Errors
    /// Which of them cannot be read.
    pub fn parse(
        zone: &str,
        week: &str,
        region: &str,
        holidays: &str,
        goals: &str,
    ) -> Result<Hours, String> {
        Ok(Hours {
            zone: TimeZone::get(zone).map_err(|_| format!("{zone} is no time zone"))?,
            week: Week::parse(week)?,
            region: Region::parse(region, holidays)?,
            goals: Goals::parse(goals)?,
        })
    }

    /// Those this application was given; the usual ones where nobody said anything.
    pub fn of(app: &App) -> Arc<Hours> {
        app.state::<Hours>().unwrap_or_default()
    }

    /// Until when an answer is promised to somebody who waits since then.
    pub fn promised(&self, since: Moment, priority: Priority) -> Moment {
        let minutes = match priority {
            Priority::Low => self.goals.low,
            Priority::Normal => self.goals.normal,
            Priority::High => self.goals.high,
            Priority::Critical => {
                return since
                    + Duration::from_micros((self.goals.critical * MINUTE).unsigned_abs());
            }
        };
        self.due(since, minutes)
    }

    /// When so many minutes of office hours have gone by.
    pub fn due(&self, open: Moment, minutes: i64) -> Moment {
        let mut left = minutes.max(0).saturating_mul(MINUTE);
        let mut day = self.day(open);
        for _ in 0..FURTHEST {
            for (from, to) in self.open_on(day) {
                let (from, to) = (from.max(open.micros()), to);
                if to <= from {
                    continue;
                }
                if to - from >= left {
                    return Moment::from_micros(from + left);
                }
                left -= to - from;
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        open + Duration::from_micros(minutes.max(0).saturating_mul(MINUTE).unsigned_abs())
    }

    /// How much of the time between two moments lies in office hours.
    pub fn between(&self, from: Moment, to: Moment) -> Duration {
        let mut sum = 0;
        let (mut day, last) = (self.day(from), self.day(to));
        for _ in 0..FURTHEST {
            if day > last {
                break;
            }
            for (open, close) in self.open_on(day) {
                let (open, close) = (open.max(from.micros()), close.min(to.micros()));
                sum += (close - open).max(0);
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        Duration::from_micros(sum.unsigned_abs())
    }

    /// Whether somebody is there.
    pub fn is_open(&self, now: Moment) -> bool {
        let micros = now.micros();
        self.open_on(self.day(now))
            .any(|(from, to)| from <= micros && micros < to)
    }

    /// The day it is where the provider is.
    pub fn day(&self, at: Moment) -> Date {
        at.timestamp().to_zoned(self.zone.clone()).date()
    }

    /// When that day begins.
    pub fn begins(&self, day: Date) -> Moment {
        let midnight = day.to_zoned(self.zone.clone());
        Moment::from_micros(midnight.map_or(0, |at| at.timestamp().as_microsecond()))
    }

    /// When the door is open on that day, in microseconds; a clock that is put forward swallows what it skips.
    fn open_on(&self, day: Date) -> impl Iterator<Item = (i64, i64)> + '_ {
        let closed = self.region.is_holiday(day);
        let spans = if closed {
            &[]
        } else {
            self.week.of(day.weekday())
        };
        spans.iter().filter_map(move |span| {
            let at = |minute| week::at(day, minute, &self.zone);
            Some((at(span.from)?, at(span.to)?))
        })
    }

    /// As pages show it, with the promise for somebody who waits.
    pub fn shown(&self, now: Moment, due: Option<Moment>) -> Shown {
        Shown {
            week: self.week.lines(),
            holidays: self.region.keeps_any(),
            open: self.is_open(now),
            due,
        }
    }
}

/// Office hours on a page: `{% import "support/hours/parts.html" as hours %}{{ hours.office(office) }}`.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    pub week: Vec<Line>,
    /// Whether nobody is there on holidays.
    pub holidays: bool,
    pub open: bool,
    /// Until when an answer is promised.
    pub due: Option<Moment>,
}

impl Shown {
    /// For the samples of pages.
    pub fn samples() -> Vec<Shown> {
        let now = Moment::from_micros(1_795_000_000_000_000);
        let usual = Hours::default();
        let mut often = usual.clone();
        often.week =
            Week::parse("Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-14:00").unwrap_or(often.week);
        vec![usual.shown(now, Some(now)), often.shown(now, None)]
    }
}

impl Page for Shown {
    const TEMPLATE: &'static str = "support/hours/office.html";
    fn samples() -> Vec<Self> {
        Shown::samples()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hours(week: &str, region: &str) -> Hours {
        Hours::parse("Europe/Berlin", week, region, "", "").unwrap()
    }

    fn at(text: &str) -> Moment {
        let zoned: kernel::jiff::civil::DateTime = text.parse().unwrap();
        let zoned = zoned
            .to_zoned(TimeZone::get("Europe/Berlin").unwrap())
            .unwrap();
        Moment::from_micros(zoned.timestamp().as_microsecond())
    }

    #[test]
    fn sup_5_the_clock_runs_in_office_hours() {
        let usual = hours("Mo-Fr 08:00-17:00", "DE-SH");
        let lunch = hours("Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-14:00", "DE-SH");
        for (hours, open, minutes, due) in [
            (&usual, "2026-11-23T10:00", 60, "2026-11-23T11:00"),
            (&usual, "2026-11-23T16:30", 60, "2026-11-24T08:30"),
            // Friday evening to Monday
            (&usual, "2026-11-20T19:00", 480, "2026-11-23T16:00"),
            (&usual, "2026-11-20T16:00", 60, "2026-11-20T17:00"),
            // Christmas on Friday and Saturday
            (&usual, "2026-12-24T16:00", 120, "2026-12-28T09:00"),
            // Reformationstag 2025 was a Friday
            (&usual, "2025-10-30T16:59", 2, "2025-11-03T08:01"),
            (&lunch, "2026-11-23T11:30", 60, "2026-11-23T13:30"),
            (&lunch, "2026-11-27T13:30", 60, "2026-11-30T08:30"),
            (&lunch, "2026-11-23T12:30", 1, "2026-11-23T13:01"),
        ] {
            assert_eq!(hours.due(at(open), minutes), at(due), "{open} + {minutes}");
        }
    }

    #[test]
    fn sup_5_the_clock_change_is_counted_as_it_passes() {
        let nights = hours("Mo-So 00:00-24:00", "");
        // an hour is missing in the last night of March and comes twice in October
        assert_eq!(
            nights.due(at("2026-03-28T20:00"), 600),
            at("2026-03-29T07:00")
        );
        assert_eq!(
            nights.due(at("2026-10-24T20:00"), 600),
            at("2026-10-25T05:00")
        );
        let day = hours("Mo-So 08:00-17:00", "");
        let across = day.between(at("2026-03-28T08:00"), at("2026-03-29T17:00"));
        assert_eq!(across, Duration::from_secs(18 * 3600));
        let skipped = hours("So 02:00-03:00", "");
        assert_eq!(
            skipped.between(at("2026-03-29T00:00"), at("2026-03-29T12:00")),
            Duration::ZERO
        );
    }

    #[test]
    fn sup_5_what_is_critical_runs_on_sunday_night() {
        let hours = Hours::default();
        let sunday = at("2026-11-22T03:00");
        let promised = |priority| hours.promised(sunday, priority);
        assert_eq!(promised(Priority::Critical), at("2026-11-22T03:30"));
        assert_eq!(promised(Priority::High), at("2026-11-23T10:00"));
        assert_eq!(promised(Priority::Normal), at("2026-11-23T16:00"));
        assert_eq!(promised(Priority::Low), at("2026-11-24T15:00"));
    }

    #[test]
    fn sup_5_somebody_is_there_or_not() {
        let hours = Hours::default();
        for (moment, open) in [
            ("2026-11-23T07:59", false),
            ("2026-11-23T08:00", true),
            ("2026-11-23T16:59", true),
            ("2026-11-23T17:00", false),
            ("2026-11-22T12:00", false),
            ("2026-12-25T12:00", false),
        ] {
            assert_eq!(hours.is_open(at(moment)), open, "{moment}");
        }
    }

    #[test]
    fn sup_5_goals_are_read() {
        let goals = Goals::parse("high=60, critical = 15").unwrap();
        assert_eq!((goals.high, goals.critical, goals.low), (60, 15, 960));
        for wrong in ["high", "high=x", "highest=3", "low=0", "low=-1"] {
            assert!(Goals::parse(wrong).is_err(), "{wrong}");
        }
    }

    const WEEKS: [&str; 4] = [
        "Mo-Fr 08:00-17:00",
        "Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-14:00",
        "Mo-So 00:00-24:00",
        "Sa 01:00-04:30; So 22:00-24:00",
    ];

    proptest! {
        #[test]
        fn sup_5_what_is_due_lies_so_many_open_minutes_away(
            week in 0usize..4, start in 1_700_000_000i64..1_900_000_000, minutes in 1i64..5000,
        ) {
            let hours = hours(WEEKS[week], "DE-SH");
            let start = Moment::from_micros(start * 1_000_000);
            let due = hours.due(start, minutes);
            prop_assert_eq!(hours.between(start, due), Duration::from_secs(minutes.unsigned_abs() * 60));
            // never a minute sooner
            prop_assert!(hours.due(start, minutes - 1) < due);
            // whoever writes later is not answered sooner
            prop_assert!(hours.due(start + Duration::from_secs(61), minutes) >= due);
        }

        #[test]
        fn sup_5_office_time_adds_up(
            week in 0usize..4, start in 1_700_000_000i64..1_900_000_000, a in 0i64..3_000_000, b in 0i64..3_000_000,
        ) {
            let hours = hours(WEEKS[week], "AT");
            let at = |seconds: i64| Moment::from_micros((start + seconds) * 1_000_000);
            let whole = hours.between(at(0), at(a + b));
            prop_assert_eq!(whole, hours.between(at(0), at(a)) + hours.between(at(a), at(a + b)));
            prop_assert_eq!(hours.between(at(a), at(0)), Duration::ZERO);
            prop_assert!(whole <= Duration::from_secs((a + b).unsigned_abs()));
        }
    }
}
