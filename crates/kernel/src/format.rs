//! How dates, times, numbers and money look in each language. Times are shown in the provider's zone.

use crate::{Locale, Moment, Money};
use jiff::civil;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Locale {
    /// `22.11.2026`, `22 November 2026`
    pub fn date(self, at: Moment, zone: &TimeZone) -> String {
        let mut out = String::with_capacity(18);
        self.put_date(&mut out, zone.to_datetime(at.timestamp()).date());
        out
    }

    /// A day of the calendar, written as [`Locale::date`].
    pub fn day(self, day: civil::Date) -> String {
        let mut out = String::with_capacity(18);
        self.put_date(&mut out, day);
        out
    }

    /// `14:05 Uhr`, `14:05`
    pub fn time(self, at: Moment, zone: &TimeZone) -> String {
        let mut out = String::with_capacity(9);
        self.put_time(&mut out, zone.to_datetime(at.timestamp()).time());
        out
    }

    /// `22.11.2026, 14:05 Uhr`, `22 November 2026, 14:05`
    pub fn datetime(self, at: Moment, zone: &TimeZone) -> String {
        let local = zone.to_datetime(at.timestamp());
        let mut out = String::with_capacity(26);
        self.put_date(&mut out, local.date());
        out.push_str(", ");
        self.put_time(&mut out, local.time());
        out
    }

    /// `1.234,56 €`, `€1,234.56`; currencies without a sign: `1.234,56 CHF`, `CHF 1,234.56`
    pub fn money(self, money: Money) -> String {
        let (thousands, decimal) = self.marks();
        let sign = money.currency.sign();
        let cents = money.cents.unsigned_abs();
        let mut out = String::with_capacity(24);
        if money.cents < 0 {
            out.push('-');
        }
        if self == Locale::En {
            out.push_str(sign);
            if sign.len() == 3 && sign.is_ascii() {
                out.push(' ');
            }
        }
        put_grouped(&mut out, cents / 100, thousands);
        out.push(decimal);
        put_two(&mut out, cents % 100);
        if self == Locale::De {
            out.push(' ');
            out.push_str(sign);
        }
        out
    }

    /// `1.234.567`, `1,234,567`
    pub fn number(self, number: i64) -> String {
        let mut out = String::with_capacity(16);
        if number < 0 {
            out.push('-');
        }
        put_grouped(&mut out, number.unsigned_abs(), self.marks().0);
        out
    }

    /// Between thousands, and before the fraction.
    const fn marks(self) -> (char, char) {
        match self {
            Locale::De => ('.', ','),
            Locale::En => (',', '.'),
        }
    }

    fn put_date(self, out: &mut String, day: civil::Date) {
        let number = u64::from(day.day().unsigned_abs());
        match self {
            Locale::De => {
                put_two(out, number);
                out.push('.');
                put_two(out, u64::from(day.month().unsigned_abs()));
                out.push('.');
            }
            Locale::En => {
                put_plain(out, number);
                out.push(' ');
                let month = usize::from(day.month().unsigned_abs());
                out.push_str(
                    MONTHS
                        .get(month.saturating_sub(1))
                        .copied()
                        .unwrap_or_default(),
                );
                out.push(' ');
            }
        }
        if day.year() < 0 {
            out.push('-');
        }
        let year = u64::from(day.year().unsigned_abs());
        put_two(out, year / 100);
        put_two(out, year % 100);
    }

    fn put_time(self, out: &mut String, time: civil::Time) {
        put_two(out, u64::from(time.hour().unsigned_abs()));
        out.push(':');
        put_two(out, u64::from(time.minute().unsigned_abs()));
        if self == Locale::De {
            out.push_str(" Uhr");
        }
    }
}

/// `2026-11-22T13:05:00Z`: for machines, such as the `datetime` of a `time` element.
pub fn iso(at: Moment) -> String {
    let at = at.timestamp();
    jiff::Timestamp::from_second(at.as_second())
        .unwrap_or(at)
        .to_string()
}

fn digit(number: u64) -> char {
    // the remainder of ten always is a digit
    char::from_digit(u32::try_from(number % 10).unwrap_or(0), 10).unwrap_or('0')
}

fn put_two(out: &mut String, number: u64) {
    out.push(digit(number / 10));
    out.push(digit(number));
}

fn put_plain(out: &mut String, number: u64) {
    if number >= 10 {
        put_plain(out, number / 10);
    }
    out.push(digit(number));
}

fn put_grouped(out: &mut String, number: u64, mark: char) {
    if number < 1000 {
        put_plain(out, number);
        return;
    }
    put_grouped(out, number / 1000, mark);
    out.push(mark);
    let rest = number % 1000;
    out.push(digit(rest / 100));
    put_two(out, rest % 100);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Currency;
    use proptest::prelude::*;

    /// As in Berlin, without the machine's zone files.
    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn at(text: &str) -> Moment {
        Moment::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn times_in_the_providers_zone() {
        let zone = berlin();
        for (moment, de, en) in [
            (
                "2026-11-22T13:05:59.9Z",
                "22.11.2026, 14:05 Uhr",
                "22 November 2026, 14:05",
            ),
            (
                "2026-07-01T22:30:00Z",
                "02.07.2026, 00:30 Uhr",
                "2 July 2026, 00:30",
            ),
            (
                "2026-12-31T23:00:00Z",
                "01.01.2027, 00:00 Uhr",
                "1 January 2027, 00:00",
            ),
            // the hour that comes twice
            (
                "2026-10-25T00:30:00Z",
                "25.10.2026, 02:30 Uhr",
                "25 October 2026, 02:30",
            ),
            (
                "2026-10-25T01:30:00Z",
                "25.10.2026, 02:30 Uhr",
                "25 October 2026, 02:30",
            ),
        ] {
            let moment = at(moment);
            assert_eq!(Locale::De.datetime(moment, &zone), de);
            assert_eq!(Locale::En.datetime(moment, &zone), en);
            let (date, time) = de.split_once(", ").unwrap();
            assert_eq!(Locale::De.date(moment, &zone), date);
            assert_eq!(Locale::De.time(moment, &zone), time);
            let (date, time) = en.split_once(", ").unwrap();
            assert_eq!(Locale::En.date(moment, &zone), date);
            assert_eq!(Locale::En.time(moment, &zone), time);
        }
        assert_eq!(Locale::De.day(civil::date(2026, 3, 9)), "09.03.2026");
        assert_eq!(iso(at("2026-11-22T13:05:59.9Z")), "2026-11-22T13:05:59Z");
    }

    #[test]
    fn money_and_numbers() {
        for (cents, de, en) in [
            (123_456, "1.234,56 €", "€1,234.56"),
            (0, "0,00 €", "€0.00"),
            (5, "0,05 €", "€0.05"),
            (99_999, "999,99 €", "€999.99"),
            (-100_000, "-1.000,00 €", "-€1,000.00"),
            (100_000_007, "1.000.000,07 €", "€1,000,000.07"),
            (
                i64::MIN,
                "-92.233.720.368.547.758,08 €",
                "-€92,233,720,368,547,758.08",
            ),
        ] {
            assert_eq!(Locale::De.money(Money::euros(cents)), de);
            assert_eq!(Locale::En.money(Money::euros(cents)), en);
        }
        let francs = Money::new(123_456, Currency::CHF);
        assert_eq!(Locale::De.money(francs), "1.234,56 CHF");
        assert_eq!(Locale::En.money(francs), "CHF 1,234.56");
        assert_eq!(Locale::En.money(Money::new(-1, Currency::GBP)), "-£0.01");
        for (number, de, en) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (-1_000, "-1.000", "-1,000"),
            (1_002_003, "1.002.003", "1,002,003"),
        ] {
            assert_eq!(Locale::De.number(number), de);
            assert_eq!(Locale::En.number(number), en);
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back(number: i64) {
            for locale in [Locale::De, Locale::En] {
                let plain = locale.number(number).replace(['.', ','], "");
                prop_assert_eq!(plain.parse::<i64>(), Ok(number));
                let money = locale.money(Money::euros(number)).replace(['.', ',', '€', ' '], "");
                prop_assert_eq!(money.parse::<i64>(), Ok(number));
            }
        }

        #[test]
        fn every_moment_has_a_date(micros: i64) {
            let text = Locale::De.datetime(Moment::from_micros(micros), &berlin());
            prop_assert!(text.ends_with(" Uhr"));
        }
    }
}
