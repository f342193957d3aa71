//! VAT identification numbers: their shape by country, and the check digits of Germany, Austria and Switzerland.

use crate::data::{BadValue, FromValue, Kind, Value};
use serde::{Serialize, Serializer};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// A VAT identification number without blanks and signs: `DE136695976`, `ATU13585627`, `CHE107787577`. Whether the
/// authority knows it is not said.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VatId(String);

/// Why a number was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VatFault {
    /// It does not begin with the two letters of a country that has such numbers.
    #[error("no such country")]
    Country,
    /// Too long, too short, or letters where digits belong.
    #[error("not the shape of its country")]
    Shape,
    /// The check digit does not fit: mistyped.
    #[error("mistyped")]
    Digits,
}

impl VatFault {
    /// Key of the text that explains it.
    pub const fn key(self) -> &'static str {
        match self {
            VatFault::Country => "vat-country",
            VatFault::Shape => "vat-shape",
            VatFault::Digits => "vat-digits",
        }
    }
}

/// No typed number is longer, with all blanks and signs people put in.
const LONGEST: usize = 40;

/// What follows the two letters: `9` is a digit, `A` a letter, `X` either, all else itself.
const SHAPES: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CH", &["E999999999"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["X9999999X"]),
    ("FI", &["99999999"]),
    ("FR", &["XX999999999"]),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9X99999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LI", &["99999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("NO", &["999999999"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    (
        "RO",
        &[
            "99",
            "999",
            "9999",
            "99999",
            "999999",
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
        ],
    ),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];

impl VatId {
    /// Reads a number however it is grouped, in any case, with or without the words that Switzerland and Norway put
    /// behind it (MWST, TVA, IVA, MVA).
    ///
    /// # Errors
    /// [`VatFault`]
    pub fn parse(typed: &str) -> Result<Self, VatFault> {
        if typed.len() > LONGEST * 4 {
            return Err(VatFault::Shape);
        }
        let plain: String = typed
            .nfkc()
            .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/' | ','))
            .filter(|c| !matches!(c, '\u{2010}'..='\u{2015}' | '\u{200B}'..='\u{200F}'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        let plain = ["MWST", "TVA", "IVA", "MVA"]
            .iter()
            .find_map(|word| plain.strip_suffix(word))
            .filter(|rest| rest.starts_with("CH") || rest.starts_with("NO"))
            .unwrap_or(&plain);
        let (country, rest) = plain.split_at_checked(2).ok_or(VatFault::Country)?;
        // Greece goes by its own letters in this
        let country = if country == "GR" { "EL" } else { country };
        let (_, shapes) = SHAPES
            .iter()
            .find(|(code, _)| *code == country)
            .ok_or(VatFault::Country)?;
        if !shapes.iter().any(|shape| has_shape(rest, shape)) {
            return Err(VatFault::Shape);
        }
        if check_digit_fits(country, &digits(rest)) {
            Ok(VatId(format!("{country}{rest}")))
        } else {
            Err(VatFault::Digits)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .chars()
            .zip(shape.chars())
            .all(|(c, wanted)| match wanted {
                '9' => c.is_ascii_digit(),
                'A' => c.is_ascii_uppercase(),
                'X' => c.is_ascii_digit() || c.is_ascii_uppercase(),
                literal => c == literal,
            })
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// Only where the rule is published and has no exceptions.
fn check_digit_fits(country: &str, digits: &[u32]) -> bool {
    let Some((last, body)) = digits.split_last() else {
        return true;
    };
    match country {
        "DE" => german(body) == *last,
        "AT" => austrian(body) == *last,
        "CH" => swiss(body) == Some(*last),
        _ => true,
    }
}

/// ISO 7064, modulus 11,10.
fn german(body: &[u32]) -> u32 {
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        let sum = if sum == 0 { 10 } else { sum };
        2 * sum % 11
    });
    (11 - product) % 10
}

fn austrian(body: &[u32]) -> u32 {
    let sum: u32 = body
        .iter()
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    (10 - (sum + 4) % 10) % 10
}

/// `None`: no number has these digits.
fn swiss(body: &[u32]) -> Option<u32> {
    let weighted = body.iter().zip([5, 4, 3, 2, 7, 6, 5, 4]);
    let sum: u32 = weighted.map(|(digit, weight)| digit * weight).sum();
    match 11 - sum % 11 {
        10 => None,
        11 => Some(0),
        digit => Some(digit),
    }
}

/// As it stands on bills; Swiss numbers are grouped.
impl fmt::Display for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grouped = self.0.strip_prefix("CHE").and_then(|rest| {
            let (first, rest) = rest.split_at_checked(3)?;
            let (second, third) = rest.split_at_checked(3)?;
            Some((first, second, third))
        });
        match grouped {
            Some((first, second, third)) => write!(f, "CHE-{first}.{second}.{third}"),
            None => f.write_str(&self.0),
        }
    }
}
impl Serialize for VatId {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}
impl From<VatId> for Value {
    fn from(id: VatId) -> Value {
        Value::Text(id.0)
    }
}
impl FromValue for VatId {
    const KIND: Kind = Kind::Text;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        match value {
            // not parsed again: a stricter rule later must not make stored rows unreadable
            Value::Text(text) if !text.is_empty() => Ok(VatId(text)),
            other => Err(BadValue::new(&other, "VAT number")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn acc_3_vat_numbers_as_people_write_them() {
        for (typed, kept, shown) in [
            ("DE136695976", "DE136695976", "DE136695976"),
            (" de 136 695 976 ", "DE136695976", "DE136695976"),
            ("DE-136.695.976", "DE136695976", "DE136695976"),
            ("ＤＥ１３６６９５９７６", "DE136695976", "DE136695976"),
            ("ATU13585627", "ATU13585627", "ATU13585627"),
            ("at u 1358 5627", "ATU13585627", "ATU13585627"),
            ("CHE-107.787.577 IVA", "CHE107787577", "CHE-107.787.577"),
            ("che107787577", "CHE107787577", "CHE-107.787.577"),
            ("CHE-100.155.212 MWST", "CHE100155212", "CHE-100.155.212"),
            ("LI 50 123", "LI50123", "LI50123"),
            ("NO 995 525 828 MVA", "NO995525828", "NO995525828"),
            ("GR 094259216", "EL094259216", "EL094259216"),
            ("NL 8240.98.155.B01", "NL824098155B01", "NL824098155B01"),
        ] {
            let id = VatId::parse(typed).unwrap_or_else(|fault| panic!("{typed}: {fault}"));
            assert_eq!(
                (id.as_str(), id.to_string().as_str()),
                (kept, shown),
                "{typed}"
            );
            assert_eq!(VatId::parse(shown), Ok(id));
        }
    }

    #[test]
    fn acc_3_every_country_of_the_union_has_a_shape() {
        let union: Vec<&str> = crate::Country::ALL
            .iter()
            .filter(|country| country.in_eu())
            .map(|country| country.code())
            .collect();
        assert_eq!(union.len(), 27);
        for code in union {
            let code = if code == "GR" { "EL" } else { code };
            assert!(SHAPES.iter().any(|(known, _)| *known == code), "{code}");
        }
        for good in [
            "BE0428759497",
            "BG175074752",
            "CY10259033P",
            "CZ25123891",
            "DK13585628",
            "EE100931558",
            "ESX2482300W",
            "FI20774740",
            "FR40303265045",
            "HR33392005961",
            "HU12892312",
            "IE6433435F",
            "IE8D79739I",
            "IE6433435OA",
            "IT00743110157",
            "LT119511515",
            "LU15027442",
            "LV40003521600",
            "MT11679112",
            "PL8567346215",
            "PT501964843",
            "RO18547290",
            "SE123456789701",
            "SI50223054",
            "SK2022749619",
            "XIGD001",
            "GB980780684",
        ] {
            assert!(VatId::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn acc_3_mistyped_vat_numbers_are_told_apart() {
        for (typed, fault) in [
            ("", VatFault::Country),
            ("D", VatFault::Country),
            ("ÄÖ123456789", VatFault::Country),
            ("136695976", VatFault::Country),
            ("US123456789", VatFault::Country),
            ("DE13669597", VatFault::Shape),
            ("DE1366959760", VatFault::Shape),
            ("DE13669597A", VatFault::Shape),
            ("ATX13585627", VatFault::Shape),
            ("CH107787577", VatFault::Shape),
            ("DE136695976MWST", VatFault::Shape),
            // a tax number is another thing
            ("12/345/67890", VatFault::Country),
            ("DE136695978", VatFault::Digits),
            ("DE136695967", VatFault::Digits),
            ("ATU13585626", VatFault::Digits),
            ("CHE-107.787.578", VatFault::Digits),
            // no number with these digits is given out
            ("CHE-000.000.030", VatFault::Digits),
        ] {
            assert_eq!(VatId::parse(typed), Err(fault), "{typed:?}");
        }
        assert_eq!(VatId::parse(&"9".repeat(10_000)), Err(VatFault::Shape));
    }

    proptest! {
        #[test]
        fn every_mistyped_digit_is_noticed(at in 2_usize..11, digit in 0_u32..10) {
            let good = "DE136695976";
            let typed: String = good
                .chars()
                .enumerate()
                .map(|(i, c)| if i == at { char::from_digit(digit, 10).unwrap() } else { c })
                .collect();
            prop_assert_eq!(VatId::parse(&typed).is_ok(), typed == good);
        }

        #[test]
        fn no_input_panics(typed in any::<String>()) {
            if let Ok(id) = VatId::parse(&typed) {
                prop_assert_eq!(VatId::parse(id.as_str()), Ok(id.clone()));
            }
        }
    }
}
