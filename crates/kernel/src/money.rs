//! Money in integer cents. Sums are checked, currencies never mix, no floating point.

use crate::data::{BadValue, FromValue, Kind, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::cmp::Ordering;
use std::fmt;

/// A currency by ISO 4217 whose smallest unit is a hundredth.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const EUR: Currency = Currency(*b"EUR");
    pub const CHF: Currency = Currency(*b"CHF");
    pub const GBP: Currency = Currency(*b"GBP");
    pub const USD: Currency = Currency(*b"USD");

    /// Reads three letters in any case. Refuses the currencies that have no hundredths.
    pub fn parse(code: &str) -> Option<Currency> {
        const OTHER_UNITS: [&[u8; 3]; 22] = [
            b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX",
            b"VND", b"VUV", b"XAF", b"XOF", b"BHD", b"IQD", b"JOD", b"KWD", b"LYD", b"OMR", b"TND",
        ];
        let mut letters: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        letters.make_ascii_uppercase();
        let fits = letters.iter().all(u8::is_ascii_uppercase) && !OTHER_UNITS.contains(&&letters);
        fits.then_some(Currency(letters))
    }

    /// The three letters, upper case.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The sign people write, or the code.
    pub fn sign(&self) -> &str {
        match &self.0 {
            b"EUR" => "€",
            b"GBP" => "£",
            b"USD" => "$",
            _ => self.code(),
        }
    }
}

/// An amount in hundredths of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    pub cents: i64,
    pub currency: Currency,
}

/// A sum that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyFault {
    #[error("amount too large")]
    Overflow,
    #[error("{0} and {1} do not add up")]
    Currencies(Currency, Currency),
}

impl Money {
    pub const fn new(cents: i64, currency: Currency) -> Self {
        Money { cents, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Money { cents: 0, currency }
    }

    pub const fn euros(cents: i64) -> Self {
        Money {
            cents,
            currency: Currency::EUR,
        }
    }

    pub fn checked_add(self, other: Money) -> Result<Money, MoneyFault> {
        self.with(self.same(other)?.cents.checked_add(other.cents))
    }

    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyFault> {
        self.with(self.same(other)?.cents.checked_sub(other.cents))
    }

    /// `times` pieces of it.
    pub fn checked_mul(self, times: i64) -> Result<Money, MoneyFault> {
        self.with(self.cents.checked_mul(times))
    }

    pub fn checked_neg(self) -> Result<Money, MoneyFault> {
        self.with(self.cents.checked_neg())
    }

    /// All of them together; `currency` says what the sum of none is.
    pub fn sum(
        all: impl IntoIterator<Item = Money>,
        currency: Currency,
    ) -> Result<Money, MoneyFault> {
        all.into_iter()
            .try_fold(Money::zero(currency), Money::checked_add)
    }

    /// Which is more; currencies must be the same.
    pub fn compare(self, other: Money) -> Result<Ordering, MoneyFault> {
        Ok(self.same(other)?.cents.cmp(&other.cents))
    }

    const fn with(self, cents: Option<i64>) -> Result<Money, MoneyFault> {
        match cents {
            Some(cents) => Ok(Money {
                cents,
                currency: self.currency,
            }),
            None => Err(MoneyFault::Overflow),
        }
    }

    fn same(self, other: Money) -> Result<Money, MoneyFault> {
        if self.currency == other.currency {
            Ok(self)
        } else {
            Err(MoneyFault::Currencies(self.currency, other.currency))
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Currency::parse(&String::deserialize(d)?)
            .ok_or_else(|| D::Error::custom("no currency with hundredths"))
    }
}
impl From<Currency> for Value {
    fn from(currency: Currency) -> Value {
        Value::Text(currency.code().to_owned())
    }
}
impl FromValue for Currency {
    const KIND: Kind = Kind::Text;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        let found = if let Value::Text(code) = &value {
            Currency::parse(code)
        } else {
            None
        };
        found.ok_or_else(|| BadValue::new(&value, "currency"))
    }
}

/// `1234.56 EUR`, for logs and files; pages write it with [`crate::Locale::money`].
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.cents < 0 { "-" } else { "" };
        let cents = self.cents.unsigned_abs();
        write!(
            f,
            "{sign}{}.{:02} {}",
            cents / 100,
            cents % 100,
            self.currency
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn currencies_are_three_letters_with_hundredths() {
        assert_eq!(Currency::parse(" eur "), Some(Currency::EUR));
        assert_eq!(
            Currency::parse("CHF").map(|c| c.sign().to_owned()),
            Some("CHF".to_owned())
        );
        for none in ["", "EU", "EURO", "E1R", "€", "JPY", "KWD"] {
            assert_eq!(Currency::parse(none), None, "{none:?}");
        }
        assert_eq!(
            Currency::from_value(Value::from(Currency::CHF)).unwrap(),
            Currency::CHF
        );
    }

    #[test]
    fn sums_never_wrap_and_never_mix() {
        let most = Money::euros(i64::MAX);
        assert_eq!(most.checked_add(Money::euros(1)), Err(MoneyFault::Overflow));
        assert_eq!(
            Money::euros(i64::MIN).checked_neg(),
            Err(MoneyFault::Overflow)
        );
        assert_eq!(Money::euros(1_999).checked_mul(3), Ok(Money::euros(5_997)));
        let francs = Money::new(1, Currency::CHF);
        assert_eq!(
            most.checked_sub(francs),
            Err(MoneyFault::Currencies(Currency::EUR, Currency::CHF))
        );
        assert_eq!(
            Money::sum([], Currency::CHF),
            Ok(Money::zero(Currency::CHF))
        );
        assert_eq!(
            Money::sum([francs, francs], Currency::CHF),
            Ok(Money::new(2, Currency::CHF))
        );
    }

    #[test]
    fn money_in_a_log_is_exact() {
        for (cents, text) in [
            (123_456, "1234.56 EUR"),
            (-5, "-0.05 EUR"),
            (i64::MIN, "-92233720368547758.08 EUR"),
        ] {
            assert_eq!(Money::euros(cents).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn adding_and_taking_away_is_nothing(a: i64, b: i64) {
            if let Ok(sum) = Money::euros(a).checked_add(Money::euros(b)) {
                prop_assert_eq!(sum.checked_sub(Money::euros(b)), Ok(Money::euros(a)));
            } else {
                prop_assert!(i128::from(a) + i128::from(b) != i128::from(a.wrapping_add(b)));
            }
        }
    }
}
