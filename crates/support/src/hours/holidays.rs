//! Public holidays of the German Länder, of Austria and of the Swiss cantons, and those the operator adds.

use kernel::jiff::Span;
use kernel::jiff::civil::{Date, Weekday};

/// How the day of a holiday is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Month and day.
    Fixed(i8, i8),
    /// Days after Easter Sunday.
    Easter(i64),
    /// The last Wednesday before 23 November.
    Repentance,
    /// Once.
    Once(Date),
}

impl Rule {
    fn is(self, date: Date, easter: Date) -> bool {
        match self {
            Rule::Fixed(month, day) => date.month() == month && date.day() == day,
            Rule::Easter(after) => easter
                .checked_add(Span::new().days(after))
                .is_ok_and(|holiday| holiday == date),
            Rule::Repentance => {
                date.weekday() == Weekday::Wednesday
                    && date.month() == 11
                    && (16..=22).contains(&date.day())
            }
            Rule::Once(day) => day == date,
        }
    }
}

/// One line of the acts: what, where (empty: in the whole country), from which year to which.
struct Line(Rule, &'static [&'static str], i16, i16);

const ALWAYS: i16 = i16::MIN;
const FOREVER: i16 = i16::MAX;

const fn everywhere(rule: Rule) -> Line {
    Line(rule, &[], ALWAYS, FOREVER)
}
const fn only(rule: Rule, lands: &'static [&'static str]) -> Line {
    Line(rule, lands, ALWAYS, FOREVER)
}

/// The sixteen Länder, as ISO 3166-2 writes them.
pub const LAENDER: &[&str] = &[
    "BW", "BY", "BE", "BB", "HB", "HH", "HE", "MV", "NI", "NW", "RP", "SL", "SN", "ST", "SH", "TH",
];
/// The 26 cantons.
pub const CANTONS: &[&str] = &[
    "AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE", "NW", "OW", "SG",
    "SH", "SO", "SZ", "TG", "TI", "UR", "VD", "VS", "ZG", "ZH",
];

const GERMANY: &[Line] = &[
    everywhere(Rule::Fixed(1, 1)),
    only(Rule::Fixed(1, 6), &["BW", "BY", "ST"]),
    Line(Rule::Fixed(3, 8), &["BE"], 2019, FOREVER),
    Line(Rule::Fixed(3, 8), &["MV"], 2023, FOREVER),
    everywhere(Rule::Easter(-2)),
    only(Rule::Easter(0), &["BB"]),
    everywhere(Rule::Easter(1)),
    everywhere(Rule::Fixed(5, 1)),
    // eighty years after the war, and 75 after the rising of 17 June
    Line(Rule::Fixed(5, 8), &["BE"], 2025, 2025),
    Line(Rule::Fixed(6, 17), &["BE"], 2028, 2028),
    everywhere(Rule::Easter(39)),
    only(Rule::Easter(49), &["BB"]),
    everywhere(Rule::Easter(50)),
    only(Rule::Easter(60), &["BW", "BY", "HE", "NW", "RP", "SL"]),
    only(Rule::Fixed(8, 15), &["SL"]),
    Line(Rule::Fixed(9, 20), &["TH"], 2019, FOREVER),
    everywhere(Rule::Fixed(10, 3)),
    only(Rule::Fixed(10, 31), &["BB", "MV", "SN", "ST", "TH"]),
    Line(
        Rule::Fixed(10, 31),
        &["HB", "HH", "NI", "SH"],
        2018,
        FOREVER,
    ),
    // the anniversary was a holiday in all Länder
    Line(Rule::Fixed(10, 31), &[], 2017, 2017),
    only(Rule::Fixed(11, 1), &["BW", "BY", "NW", "RP", "SL"]),
    only(Rule::Repentance, &["SN"]),
    everywhere(Rule::Fixed(12, 25)),
    everywhere(Rule::Fixed(12, 26)),
];

const AUSTRIA: &[Line] = &[
    everywhere(Rule::Fixed(1, 1)),
    everywhere(Rule::Fixed(1, 6)),
    everywhere(Rule::Easter(1)),
    everywhere(Rule::Fixed(5, 1)),
    everywhere(Rule::Easter(39)),
    everywhere(Rule::Easter(50)),
    everywhere(Rule::Easter(60)),
    everywhere(Rule::Fixed(8, 15)),
    everywhere(Rule::Fixed(10, 26)),
    everywhere(Rule::Fixed(11, 1)),
    everywhere(Rule::Fixed(12, 8)),
    everywhere(Rule::Fixed(12, 25)),
    everywhere(Rule::Fixed(12, 26)),
];

// St. Stephen's day and 2 January differ by canton and within it: the operator adds them
const SWITZERLAND: &[Line] = &[
    everywhere(Rule::Fixed(1, 1)),
    everywhere(Rule::Easter(39)),
    everywhere(Rule::Fixed(8, 1)),
    everywhere(Rule::Fixed(12, 25)),
    only(Rule::Easter(-2), ALL_BUT_TI_VS),
    only(Rule::Easter(1), ALL_BUT_VS),
    only(Rule::Easter(50), ALL_BUT_VS),
];
const ALL_BUT_VS: &[&str] = &[
    "AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE", "NW", "OW", "SG",
    "SH", "SO", "SZ", "TG", "TI", "UR", "VD", "ZG", "ZH",
];
const ALL_BUT_TI_VS: &[&str] = &[
    "AG", "AI", "AR", "BE", "BL", "BS", "FR", "GE", "GL", "GR", "JU", "LU", "NE", "NW", "OW", "SG",
    "SH", "SO", "SZ", "TG", "UR", "VD", "ZG", "ZH",
];

/// Whose holidays are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    lines: &'static str,
    land: String,
    more: Vec<Rule>,
}

impl Region {
    /// Every day is like any other.
    pub fn none() -> Region {
        Region {
            lines: "",
            land: String::new(),
            more: Vec::new(),
        }
    }

    /// `DE-SH`, `AT`, `CH`, `CH-ZH`; empty: no holidays. `more` are days besides, by comma: `12-24`, `easter+60`,
    /// `2027-05-07`.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn parse(region: &str, more: &str) -> Result<Region, String> {
        let region = region.trim();
        let (country, land) = region.split_once('-').unwrap_or((region, ""));
        let lines = match (country, land) {
            ("", "") => "",
            ("DE", land) if LAENDER.contains(&land) => "DE",
            ("AT", "") => "AT",
            ("CH", "") => "CH",
            ("CH", land) if CANTONS.contains(&land) => "CH",
            _ => {
                return Err(format!(
                    "{region} is no region such as DE-SH, AT, CH or CH-ZH"
                ));
            }
        };
        let more = more
            .split(',')
            .map(str::trim)
            .filter(|day| !day.is_empty())
            .map(|day| {
                rule(day).ok_or_else(|| {
                    format!("{day} is no day such as 12-24, easter+60 or 2027-05-07")
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Region {
            lines,
            land: land.to_owned(),
            more,
        })
    }

    pub fn is_holiday(&self, date: Date) -> bool {
        let lines = match self.lines {
            "DE" => GERMANY,
            "AT" => AUSTRIA,
            "CH" => SWITZERLAND,
            _ => &[],
        };
        let easter = easter(date.year());
        let holds = |Line(rule, lands, from, to): &Line| {
            (lands.is_empty() || lands.contains(&self.land.as_str()))
                && (*from..=*to).contains(&date.year())
                && rule.is(date, easter)
        };
        lines.iter().any(holds) || self.more.iter().any(|rule| rule.is(date, easter))
    }

    /// Whether any day is kept at all.
    pub fn keeps_any(&self) -> bool {
        !self.lines.is_empty() || !self.more.is_empty()
    }
}

fn rule(day: &str) -> Option<Rule> {
    if let Some(after) = day.strip_prefix("easter") {
        let after = if after.is_empty() { "0" } else { after };
        let after: i64 = after.trim_start_matches('+').parse().ok()?;
        return (-366..=366).contains(&after).then_some(Rule::Easter(after));
    }
    if let Ok(date) = day.parse::<Date>() {
        return Some(Rule::Once(date));
    }
    let (month, day) = day.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2024 has every day there is
    Date::new(2024, month, day).ok()?;
    Some(Rule::Fixed(month, day))
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm.
pub fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (a, b, c) = (
        year.rem_euclid(19),
        year.div_euclid(100),
        year.rem_euclid(100),
    );
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 19 * l) / 433;
    let n = (h + l - 7 * m + 90) / 25;
    let p = (h + l - 7 * m + 33 * n + 19).rem_euclid(32);
    let parts = (i16::try_from(year), i8::try_from(n), i8::try_from(p));
    match parts {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).unwrap_or(Date::ZERO),
        _ => Date::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts, one line a year and Land: what the acts say, written down beforehand.
    const FACTS: &str = include_str!("../../tests/data/holidays.txt");

    #[test]
    fn sup_5_every_holiday_of_every_land_and_of_austria_is_known() {
        let mut lines = 0;
        for line in FACTS.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let (year, region) = (words.next().unwrap(), words.next().unwrap());
            let region = Region::parse(region, "").unwrap();
            let wanted: Vec<String> = words.map(|day| format!("{year}-{day}")).collect();
            let mut date = Date::new(year.parse().unwrap(), 1, 1).unwrap();
            let mut found = Vec::new();
            while date.year() == year.parse::<i16>().unwrap() {
                if region.is_holiday(date) {
                    found.push(date.to_string());
                }
                date = date.tomorrow().unwrap();
            }
            assert_eq!(found, wanted, "{line}");
            lines += 1;
        }
        assert_eq!(lines, 7 * 17);
    }

    #[test]
    fn sup_5_the_swiss_cantons_keep_what_all_keep_and_nearly_all() {
        let on = |region: &str, day: &str| {
            Region::parse(region, "")
                .unwrap()
                .is_holiday(day.parse().unwrap())
        };
        for canton in CANTONS {
            let region = format!("CH-{canton}");
            for day in ["2026-01-01", "2026-05-14", "2026-08-01", "2026-12-25"] {
                assert!(on(&region, day), "{region} {day}");
            }
            assert_eq!(on(&region, "2026-04-03"), !["TI", "VS"].contains(canton));
            assert_eq!(on(&region, "2026-04-06"), *canton != "VS");
            assert_eq!(on(&region, "2026-05-25"), *canton != "VS");
        }
        assert!(on("CH", "2026-08-01") && !on("CH", "2026-04-06"));
    }

    #[test]
    fn sup_5_the_operator_adds_days_and_errors_name_the_word() {
        let region = Region::parse("DE-SN", "12-24, easter+60,2027-05-07").unwrap();
        for day in ["2026-12-24", "2026-06-04", "2027-05-07", "2026-11-18"] {
            assert!(region.is_holiday(day.parse().unwrap()), "{day}");
        }
        assert!(!region.is_holiday("2028-05-07".parse().unwrap()));
        for (region, more, word) in [
            ("DE", "", "DE is"),
            ("DE-XX", "", "DE-XX"),
            ("FR", "", "FR"),
            ("AT-9", "", "AT-9"),
            ("DE-SH", "13-01", "13-01"),
            ("DE-SH", "02-30", "02-30"),
            ("DE-SH", "easter+x", "easter+x"),
        ] {
            let error = Region::parse(region, more).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
        assert!(!Region::parse("", "").unwrap().keeps_any());
    }

    #[test]
    fn easter_of_some_years() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2024, 3, 31),
            (2038, 4, 25),
            (2285, 3, 22),
        ] {
            assert_eq!(easter(year), Date::new(year, month, day).unwrap());
        }
        for year in [i16::MIN, -9999, 0, 9999, i16::MAX] {
            easter(year);
        }
    }
}
