//! Postcodes by country (ACC-4): what is typed is normalised, what cannot exist is refused.

use crate::Country;
use unicode_normalization::UnicodeNormalization;

/// Why a postcode is refused, with what the message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostcodeFault {
    #[error("postcode missing")]
    Missing,
    /// It does not fit the country; `example` shows one that does.
    #[error("no postcode of {country}")]
    Form {
        country: Country,
        example: &'static str,
    },
    /// A country whose form we do not know: letters, digits, blanks and hyphens, at most 12.
    #[error("no postcode at all")]
    Other,
}

impl PostcodeFault {
    /// Key of the text that explains it. `postcode-form` takes `example`.
    pub const fn key(self) -> &'static str {
        match self {
            PostcodeFault::Missing => "postcode-missing",
            PostcodeFault::Form { country, .. } => match country.code().as_bytes() {
                b"DE" => "postcode-de",
                b"AT" => "postcode-at",
                b"CH" => "postcode-ch",
                b"LI" => "postcode-li",
                _ => "postcode-form",
            },
            PostcodeFault::Other => "postcode-other",
        }
    }

    /// A postcode as it looks in the country, for `postcode-form`.
    pub const fn example(self) -> &'static str {
        match self {
            PostcodeFault::Form { example, .. } => example,
            PostcodeFault::Missing | PostcodeFault::Other => "",
        }
    }
}

/// How the postcodes of one country look.
struct Form {
    /// Old and new country marks that people put before it, without hyphen.
    marks: &'static [&'static str],
    /// `9` a digit, `A` a letter, `*` either; anything else is written so and may be left out when typing.
    shapes: &'static [&'static str],
    /// Bounds of the leading digits as a number, where the country has such.
    range: Option<(u32, u32)>,
    example: &'static str,
}

const fn form(
    marks: &'static [&'static str],
    shapes: &'static [&'static str],
    range: Option<(u32, u32)>,
    example: &'static str,
) -> Option<Form> {
    Some(Form {
        marks,
        shapes,
        range,
        example,
    })
}

const BRITISH: &[&str] = &[
    "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA",
];

fn form_of(country: Country) -> Option<Form> {
    match country.code() {
        "DE" => form(&["DE", "D"], &["99999"], Some((1001, 99_998)), "10115"),
        "AT" => form(&["AT", "A"], &["9999"], Some((1010, 9992)), "1010"),
        "CH" => form(&["CH"], &["9999"], Some((1000, 9658)), "8001"),
        "LI" => form(&["LI", "FL"], &["9999"], Some((9485, 9498)), "9490"),
        "BE" => form(&["BE", "B"], &["9999"], Some((1000, 9999)), "1000"),
        "BG" => form(&["BG"], &["9999"], Some((1000, 9999)), "1000"),
        "CY" => form(&["CY"], &["9999"], Some((1000, 9999)), "1010"),
        "CZ" => form(&["CZ"], &["999 99"], Some((100, 799)), "110 00"),
        "DK" => form(&["DK"], &["9999"], None, "1050"),
        "EE" => form(&["EE"], &["99999"], Some((10_000, 99_999)), "10111"),
        "ES" => form(&["ES", "E"], &["99999"], Some((1000, 52_999)), "28001"),
        "FI" => form(&["FI", "FIN"], &["99999"], None, "00100"),
        "FR" => form(&["FR", "F"], &["99999"], Some((1000, 99_999)), "75001"),
        "GB" => form(&["GB", "UK"], BRITISH, None, "SW1A 1AA"),
        "GR" => form(&["GR"], &["999 99"], Some((100, 899)), "104 32"),
        "HR" => form(&["HR"], &["99999"], Some((10_000, 59_999)), "10000"),
        "HU" => form(&["HU", "H"], &["9999"], Some((1000, 9999)), "1051"),
        "IE" => form(&["IE", "IRL"], &["A99 ****", "A9A ****"], None, "D02 AF30"),
        "IT" => form(&["IT", "I"], &["99999"], None, "00184"),
        "LT" => form(&[], &["LT-99999"], None, "LT-01100"),
        "LU" => form(&["LU", "L"], &["9999"], Some((1000, 9999)), "1009"),
        "LV" => form(&[], &["LV-9999"], None, "LV-1010"),
        "MT" => form(&[], &["AAA 9999"], None, "VLT 1117"),
        "NL" => form(&["NL"], &["9999 AA"], Some((1000, 9999)), "1012 JS"),
        "PL" => form(&["PL"], &["99-999"], None, "00-001"),
        "PT" => form(&["PT", "P"], &["9999-999"], Some((1000, 9999)), "1100-148"),
        "RO" => form(&["RO"], &["999999"], None, "010011"),
        "SE" => form(&["SE", "S"], &["999 99"], Some((100, 989)), "111 22"),
        "SI" => form(&["SI"], &["9999"], Some((1000, 9999)), "1000"),
        "SK" => form(&["SK"], &["999 99"], None, "811 01"),
        _ => None,
    }
}

/// Whether addresses there do without a postcode: countries that have none, or where few know theirs.
pub fn postcode_is_optional(country: Country) -> bool {
    const NONE: &str = "AE AG AO AQ AW BF BI BJ BO BQ BS BW BZ CD CF CG CI CK CM CW DJ DM EH ER FJ GA GD GH GM GN GQ \
        GY HK HM IE JM KI KM KN KP LC LY ML MO MR MS MW NA NR NU PA PS QA RW SB SC SL SO SR SS ST SX SY TD TF TG TK \
        TL TO TT TV TZ UG UM VU WS YE ZW BV";
    NONE.split_ascii_whitespace()
        .any(|code| code == country.code())
}

/// Longest postcode taken where the form is not known.
const LONGEST: usize = 12;

/// Checks a typed postcode and writes it as the country does: `D-10 115` becomes `10115`, `1012js` becomes
/// `1012 JS`. Empty where the country has none.
pub fn postcode(country: Country, typed: &str) -> Result<String, PostcodeFault> {
    let form = form_of(country);
    let fault = match &form {
        Some(form) => PostcodeFault::Form {
            country,
            example: form.example,
        },
        None => PostcodeFault::Other,
    };
    if typed.trim().is_empty() {
        return if postcode_is_optional(country) {
            Ok(String::new())
        } else {
            Err(PostcodeFault::Missing)
        };
    }
    // no postcode is that long, however it is spaced: not worth any work
    if typed.len() > 200 {
        return Err(fault);
    }
    let written = plain(typed).ok_or(fault)?;
    let Some(form) = form else {
        return if written.len() <= LONGEST && written.bytes().any(|b| b.is_ascii_alphanumeric()) {
            Ok(written)
        } else {
            Err(fault)
        };
    };
    let bare: String = written
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    // a mark may also be the beginning of the code itself (E1 in London): so without it only second
    let unmarked = form.marks.iter().filter_map(|mark| bare.strip_prefix(mark));
    std::iter::once(bare.as_str())
        .chain(unmarked)
        .find_map(|bare| form.shapes.iter().find_map(|shape| shaped(bare, shape)))
        .filter(|code| in_range(code, form.range))
        .ok_or(fault)
}

/// Upper case, one blank between parts, one kind of hyphen; none when it holds anything but letters, digits, these.
fn plain(typed: &str) -> Option<String> {
    let mut out = String::with_capacity(typed.len());
    let mut blank = false;
    for c in typed.trim().nfkc() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                if blank {
                    out.push(' ');
                    blank = false;
                }
                out.push(if c.is_ascii() {
                    c.to_ascii_uppercase()
                } else {
                    '-'
                });
            }
            ' ' | '\t' => blank = true,
            _ => return None,
        }
    }
    Some(out)
}

/// `bare` written in `shape`, if it fits; marks of the shape that were left out are put in.
fn shaped(bare: &str, shape: &str) -> Option<String> {
    let mut out = String::with_capacity(shape.len());
    let mut chars = bare.chars().peekable();
    // a shape's own letters (LT-) are not in the classes
    for want in shape.chars() {
        match want {
            '9' => out.push(chars.next_if(char::is_ascii_digit)?),
            'A' => out.push(chars.next_if(char::is_ascii_alphabetic)?),
            '*' => out.push(chars.next()?),
            fixed => {
                chars.next_if_eq(&fixed);
                out.push(fixed);
            }
        }
    }
    chars.next().is_none().then_some(out)
}

fn in_range(code: &str, range: Option<(u32, u32)>) -> bool {
    let Some((low, high)) = range else {
        return true;
    };
    let digits = code
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    digits
        .parse()
        .is_ok_and(|number| (low..=high).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(code: &str, typed: &str) -> Option<String> {
        postcode(Country::parse(code).unwrap(), typed).ok()
    }

    #[test]
    fn acc_4_postcode_by_country() {
        for (country, typed, want) in [
            ("DE", "10115", Some("10115")),
            ("DE", " 01067 ", Some("01067")),
            ("DE", "10 115", Some("10115")),
            ("DE", "D-10115", Some("10115")),
            ("DE", "d 10115", Some("10115")),
            ("DE", "DE–10115", Some("10115")),
            ("DE", "１０１１５", Some("10115")),
            ("DE", "01001", Some("01001")),
            ("DE", "99998", Some("99998")),
            ("DE", "00000", None),
            ("DE", "00999", None),
            ("DE", "01000", None),
            ("DE", "99999", None),
            ("DE", "1010", None),
            ("DE", "101155", None),
            ("DE", "A-10115", None),
            ("DE", "1o115", None),
            ("DE", "10115\0", None),
            ("DE", "٠١٠٦٧", None),
            ("AT", "1010", Some("1010")),
            ("AT", "A-1010", Some("1010")),
            ("AT", "AT-9992", Some("9992")),
            ("AT", "1009", None),
            ("AT", "9993", None),
            ("AT", "0100", None),
            ("AT", "10115", None),
            ("CH", "8001", Some("8001")),
            ("CH", "CH-8001", Some("8001")),
            ("CH", "1000", Some("1000")),
            ("CH", "9658", Some("9658")),
            ("CH", "0999", None),
            ("CH", "9659", None),
            ("CH", "9490", Some("9490")),
            ("LI", "FL-9490", Some("9490")),
            ("LI", "9484", None),
            ("LI", "9499", None),
            ("NL", "1012js", Some("1012 JS")),
            ("NL", "NL-1012 JS", Some("1012 JS")),
            ("NL", "0012 JS", None),
            ("PL", "00001", Some("00-001")),
            ("PT", "1100-148", Some("1100-148")),
            ("CZ", "11000", Some("110 00")),
            ("SE", "S-111 22", Some("111 22")),
            ("LV", "1010", Some("LV-1010")),
            ("LV", "lv1010", Some("LV-1010")),
            ("LT", "LT 01100", Some("LT-01100")),
            ("LU", "L-1009", Some("1009")),
            ("MT", "vlt1117", Some("VLT 1117")),
            ("IE", "d02af30", Some("D02 AF30")),
            ("IE", "D6W XY00", Some("D6W XY00")),
            ("IE", "", Some("")),
            ("GB", "sw1a1aa", Some("SW1A 1AA")),
            ("GB", "m1 1ae", Some("M1 1AE")),
            ("GB", "12345", None),
            ("GB", "", None),
            ("US", "90210-1234", Some("90210-1234")),
            ("US", "", None),
            ("CA", " k1a  0b1 ", Some("K1A 0B1")),
            ("HK", "", Some("")),
            ("HK", "999077", Some("999077")),
            ("JP", "100‐0001", Some("100-0001")),
            ("US", "---", None),
            ("US", "1234567890123", None),
            ("US", "<script>", None),
        ] {
            assert_eq!(kept(country, typed).as_deref(), want, "{country} {typed:?}");
        }
        assert_eq!(
            postcode(Country::DE, &" 1".repeat(5_000))
                .unwrap_err()
                .key(),
            "postcode-de"
        );
    }

    #[test]
    fn acc_4_every_form_takes_its_own_example() {
        let known: Vec<_> = Country::ALL
            .iter()
            .filter(|c| form_of(**c).is_some())
            .collect();
        assert!(
            Country::ALL
                .iter()
                .filter(|c| c.in_eu())
                .all(|c| known.contains(&c))
        );
        for country in known {
            let form = form_of(*country).unwrap();
            assert_eq!(
                postcode(*country, form.example).as_deref(),
                Ok(form.example),
                "{country}"
            );
            for mark in form.marks {
                assert_eq!(
                    postcode(*country, &format!("{mark}-{}", form.example)).as_deref(),
                    Ok(form.example)
                );
            }
        }
    }

    #[test]
    fn acc_4_refusals_name_their_text() {
        for (code, key) in [
            ("DE", "postcode-de"),
            ("AT", "postcode-at"),
            ("CH", "postcode-ch"),
            ("LI", "postcode-li"),
            ("FR", "postcode-form"),
            ("US", "postcode-other"),
        ] {
            let country = Country::parse(code).unwrap();
            assert_eq!(postcode(country, "?").unwrap_err().key(), key);
            assert_eq!(
                postcode(country, " ").unwrap_err().key(),
                "postcode-missing"
            );
        }
        assert_eq!(postcode(Country::FR, "?").unwrap_err().example(), "75001");
    }

    proptest! {
        #[test]
        fn acc_4_german_postcodes(number in 0u32..100_000) {
            let typed = format!("{number:05}");
            let fits = (1001..=99_998).contains(&number);
            prop_assert_eq!(postcode(Country::DE, &typed).ok(), fits.then_some(typed));
        }

        #[test]
        fn acc_4_austrian_and_swiss_postcodes(number in 0u32..10_000) {
            let typed = format!("{number:04}");
            for (country, low, high) in [(Country::AT, 1010, 9992), (Country::CH, 1000, 9658)] {
                let fits = (low..=high).contains(&number);
                prop_assert_eq!(postcode(country, &typed).ok(), fits.then(|| typed.clone()));
            }
        }

        #[test]
        fn acc_4_blanks_and_mark_change_nothing(number in 1001u32..=99_998, mark in "(D|d|DE|de)?", hyphen in "[ –-]{0,2}", at in 0usize..5, blanks in "[ \t\u{A0}]{0,3}") {
            let mut code = format!("{number:05}");
            let plain = code.clone();
            code.insert_str(at, &blanks);
            let typed = format!("{blanks}{mark}{hyphen}{code}{blanks}");
            prop_assert_eq!(postcode(Country::DE, &typed), Ok(plain));
        }

        #[test]
        fn acc_4_what_is_kept_is_kept_again(at in 0usize..249, typed in prop_oneof![any::<String>(), "[0-9A-Za-z -]{0,14}"]) {
            let country = Country::ALL[at];
            if let Ok(code) = postcode(country, &typed) {
                prop_assert!(code.len() <= LONGEST && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ' || b == b'-'));
                prop_assert_eq!(postcode(country, &code), Ok(code.clone()));
            }
        }
    }
}
