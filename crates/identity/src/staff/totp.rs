//! Codes of six digits that change every thirty seconds (RFC 6238).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use fast_qr::convert::Builder as _;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::{ECL, QRBuilder};
use kernel::Moment;
use totp_rs::{Builder, Secret, Totp};

/// Seconds that a code stands.
pub const STEP: u64 = 30;

fn seconds(now: Moment) -> u64 {
    u64::try_from(now.micros() / 1_000_000).unwrap_or(0)
}

// a colon would end the name in the address that apps read
fn plain(name: &str) -> String {
    name.replace(':', " ")
}

fn totp(secret: &[u8], issuer: &str, account: &str) -> Option<Totp> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_step_duration(STEP)
        .with_skew(1)
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .ok()
}

/// The code of this moment; empty for a secret that is too short.
pub fn code(secret: &[u8], now: Moment) -> String {
    totp(secret, "", "")
        .map(|totp| totp.generate(seconds(now)).to_string())
        .unwrap_or_default()
}

/// The step the code belongs to; one step before and after is taken, for clocks that are off. Blanks do not matter.
pub fn step_of(secret: &[u8], typed: &str, now: Moment) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.len() != 6 || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let step = totp(secret, "", "")?.check(&typed, seconds(now))?;
    i64::try_from(step).ok()
}

/// The secret as people type it into an app: groups of four letters and digits.
pub fn text(secret: &[u8]) -> String {
    let all = Secret::from(secret).to_base32();
    let letters: Vec<char> = all.chars().filter(|c| *c != '=').collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A picture of the secret for an app's camera, as a `data:` address.
pub fn picture(secret: &[u8], issuer: &str, account: &str) -> Option<String> {
    let url = totp(secret, issuer, account)?.to_url().ok()?;
    // shown on a clean screen: the least correction makes the coarsest, best read picture
    let code = QRBuilder::new(url).ecl(ECL::L).build().ok()?;
    let svg = SvgBuilder::default().margin(2).to_str(&code);
    Some(format!(
        "data:image/svg+xml;base64,{}",
        STANDARD.encode(svg)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn desk_1_codes_are_those_of_rfc_6238() {
        // the RFC's table has eight digits; ours are the last six
        for (at, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (2_000_000_000, "279037"),
        ] {
            let now = Moment::from_micros(at * 1_000_000);
            assert_eq!(code(SECRET, now), expected);
            assert_eq!(step_of(SECRET, expected, now), Some(at / 30));
        }
    }

    #[test]
    fn desk_1_a_code_holds_one_step_before_and_after() {
        let now = Moment::from_micros(1_111_111_111_000_000);
        let late = std::time::Duration::from_secs(STEP);
        let typed = code(SECRET, now);
        assert!(step_of(SECRET, &typed, now + late).is_some());
        assert!(step_of(SECRET, &typed, now - late).is_some());
        assert!(step_of(SECRET, &typed, now + late * 2).is_none());
        let (first, last) = typed.split_at(3);
        let spaced = format!(" {first} {last} ");
        assert!(step_of(SECRET, &spaced, now).is_some());
        for bad in [
            "",
            "12345",
            "1234567",
            "abcdef",
            "+12345",
            "١٢٣٤٥٦",
            &"1".repeat(10_000),
        ] {
            assert_eq!(step_of(SECRET, bad, now), None);
        }
    }

    #[test]
    fn desk_1_the_secret_is_shown_as_text_and_picture() {
        assert_eq!(text(SECRET), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        let picture = picture(SECRET, "Nord: Licht & Söhne", "i:lse@example.de").unwrap();
        assert!(picture.starts_with("data:image/svg+xml;base64,"));
    }
}
