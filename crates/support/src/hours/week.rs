//! The hours of a week, with several spans a day.

use kernel::jiff::civil::{Date, Time, Weekday};
use kernel::jiff::tz::TimeZone;
use serde::Serialize;

/// Days as the operator writes them, from Monday on.
const DAYS: [&str; 7] = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"];
const DAY: i32 = 24 * 60;

/// Minutes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: i32,
    pub to: i32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week([Vec<Span>; 7]);

/// Days in a row with the same hours, as pages show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// From 1, which is Monday.
    pub first: usize,
    pub last: usize,
    /// `08:00–12:00`, each.
    pub spans: Vec<String>,
}

impl Week {
    /// `Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-14:00; Sa,So 10:00-12:00`. A day ends at 24:00 at the latest.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn parse(text: &str) -> Result<Week, String> {
        let mut week: [Vec<Span>; 7] = Default::default();
        for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            let wrong = || format!("{part} is not written as Mo-Fr 08:00-17:00");
            let (days, spans) = part.split_once(' ').ok_or_else(wrong)?;
            let spans = spans
                .split(',')
                .map(span)
                .collect::<Option<Vec<_>>>()
                .ok_or_else(wrong)?;
            for range in days.split(',') {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let (first, last) = (
                    number(first).ok_or_else(wrong)?,
                    number(last).ok_or_else(wrong)?,
                );
                let days = week.get_mut(first..=last).ok_or_else(wrong)?;
                days.iter_mut()
                    .for_each(|day| day.extend_from_slice(&spans));
            }
        }
        for day in &mut week {
            day.sort_by_key(|span| span.from);
            let overlaps = day.windows(2).any(|two| match two {
                [a, b] => a.to > b.from,
                _ => false,
            });
            if overlaps {
                return Err(format!("{text}: spans of one day overlap"));
            }
        }
        if week.iter().all(Vec::is_empty) {
            return Err(format!("{text}: nobody is ever there"));
        }
        Ok(Week(week))
    }

    pub fn always() -> Week {
        Week(std::array::from_fn(|_| vec![Span { from: 0, to: DAY }]))
    }

    pub(super) fn of(&self, day: Weekday) -> &[Span] {
        let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or_default();
        self.0.get(at).map_or(&[], Vec::as_slice)
    }

    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        let mut before: Option<&Vec<Span>> = None;
        for (at, day) in self.0.iter().enumerate() {
            match lines.last_mut() {
                Some(line) if before == Some(day) && line.last == at => line.last = at + 1,
                _ if day.is_empty() => {}
                _ => lines.push(Line {
                    first: at + 1,
                    last: at + 1,
                    spans: day.iter().map(Span::shown).collect(),
                }),
            }
            before = Some(day);
        }
        lines
    }
}

impl Span {
    fn shown(&self) -> String {
        let clock = |minute: i32| format!("{:02}:{:02}", minute / 60, minute % 60);
        format!("{}–{}", clock(self.from), clock(self.to))
    }
}

fn number(day: &str) -> Option<usize> {
    DAYS.iter().position(|known| *known == day.trim())
}

fn span(text: &str) -> Option<Span> {
    let (from, to) = text.trim().split_once('-')?;
    let (from, to) = (minute(from)?, minute(to)?);
    (from < to).then_some(Span { from, to })
}

fn minute(text: &str) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = hour * 60 + minute;
    ((0..60).contains(&minute) && (0..=24).contains(&hour) && at <= DAY).then_some(at)
}

/// The moment of a minute of that day, in microseconds.
pub(super) fn at(day: Date, minute: i32, zone: &TimeZone) -> Option<i64> {
    let (day, minute) = if minute >= DAY {
        (day.tomorrow().ok()?, 0)
    } else {
        (day, minute)
    };
    let (hour, minute) = (
        i8::try_from(minute / 60).ok()?,
        i8::try_from(minute % 60).ok()?,
    );
    let time = Time::new(hour, minute, 0, 0).ok()?;
    let zoned = day.to_datetime(time).to_zoned(zone.clone()).ok()?;
    Some(zoned.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_5_several_spans_a_day_are_read_and_shown() {
        let shown = |text: &str| {
            let lines = Week::parse(text).unwrap().lines();
            let line =
                |line: &Line| format!("{}-{} {}", line.first, line.last, line.spans.join(" "));
            lines.iter().map(line).collect::<Vec<_>>().join("; ")
        };
        for (text, want) in [
            ("Mo-Fr 08:00-17:00", "1-5 08:00–17:00"),
            (
                "Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-14:00",
                "1-4 08:00–12:00 13:00–17:00; 5-5 08:00–14:00",
            ),
            ("Mo,Mi 8:00-9:30", "1-1 08:00–09:30; 3-3 08:00–09:30"),
            ("Mo-So 00:00-24:00", "1-7 00:00–24:00"),
            ("Sa,So 10:00-12:00", "6-7 10:00–12:00"),
            (
                "Mo 13:00-14:00; Mo 08:00-09:00",
                "1-1 08:00–09:00 13:00–14:00",
            ),
        ] {
            assert_eq!(shown(text), want);
        }
        for wrong in [
            "",
            "Mo-Fr",
            "Mo-Fr 17:00-08:00",
            "Fr-Mo 08:00-17:00",
            "Xx 08:00-17:00",
            "Mo 08:00-25:00",
            "Mo 08:60-09:00",
            "Mo 24:01-24:02",
            "Mo 08:00-10:00,09:00-11:00",
        ] {
            assert!(Week::parse(wrong).is_err(), "{wrong}");
        }
    }
}
