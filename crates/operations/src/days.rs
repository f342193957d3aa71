//! Days as people type them into a filter.

use db::Tx;
use kernel::Moment;
use kernel::jiff::{ToSpan, civil::Date, tz::TimeZone};
use web::Cx;

/// From the first day's beginning to the last day's end, in the provider's time; what is no day is left out.
pub fn span(cx: &Cx, from: &str, to: &str) -> (Option<Moment>, Option<Moment>) {
    let zone = TimeZone::get(&cx.app.settings().timezone).unwrap_or(TimeZone::UTC);
    between(from, to, &zone)
}

fn start_of(day: Date, zone: &TimeZone) -> Option<Moment> {
    let start = day.to_zoned(zone.clone()).ok()?;
    Some(Moment::from_micros(start.timestamp().as_microsecond()))
}

fn between(from: &str, to: &str, zone: &TimeZone) -> (Option<Moment>, Option<Moment>) {
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let first = day(from).and_then(|day| start_of(day, zone));
    let after = day(to).and_then(|day| start_of(day.checked_add(1.day()).ok()?, zone));
    (first, after)
}

/// A word of the query string, cut to what anybody would look for.
pub fn word(cx: &Cx, name: &str) -> String {
    short(cx.query(name).unwrap_or_default())
}

pub fn short(text: &str) -> String {
    text.trim().chars().take(254).collect()
}

/// The customer of a number that was typed into a filter: `Ok(None)` where none was typed, `Err` where nobody has it.
pub async fn customer(
    cx: &Cx,
    tx: &mut Tx,
    typed: &str,
) -> db::Result<Result<Option<kernel::CustomerId>, ()>> {
    if typed.is_empty() {
        return Ok(Ok(None));
    }
    let prefix = &cx.app.settings().number_prefix;
    let found = customers::customer::by_number(tx, typed, prefix).await?;
    Ok(found.map(Some).ok_or(()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desk_6_days_are_meant_in_the_providers_time_and_the_last_one_counts() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let (from, to) = between("2026-03-29", " 2026-03-29 ", &zone);
        let hours = to.unwrap().since(from.unwrap()).as_secs() / 3600;
        assert_eq!(hours, 23, "the clocks go forward that day");
        for odd in [
            "",
            "29.03.2026",
            "2026-02-30",
            "x",
            "9999-12-31",
            "-9999-01-01",
        ] {
            let _ = between(odd, odd, &zone);
        }
        assert_eq!(between("", "gestern", &zone), (None, None));
    }
}
