//! Which passwords are taken: long enough, and not what one tries first.

use kernel::Secret;
use web::Fault;

/// As a person counts characters.
pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 256;

/// `personal`: names and addresses of the person, which make a password easy to guess.
///
/// # Errors
/// What to say at the field: `fault-password-short`, `fault-password-weak`, `fault-too-long`.
pub fn password_rule(password: &Secret, personal: &[&str]) -> Result<(), Fault> {
    let text = password.expose();
    if text.len() > LONGEST * 16 || kernel::count_graphemes(text) > LONGEST {
        return Err(Fault::key("fault-too-long").arg("max", LONGEST as i64));
    }
    if kernel::count_graphemes(text) < SHORTEST {
        return Err(Fault::key("fault-password-short").arg("min", SHORTEST as i64));
    }
    let parts = parts(personal);
    let known: Vec<&str> = parts.iter().map(String::as_str).collect();
    let weak = |text: &str| zxcvbn::zxcvbn(text, &known).score() < zxcvbn::Score::Three;
    if weak(text) || without(text, &parts).is_some_and(|rest| weak(&rest)) {
        return Err(Fault::key("fault-password-weak"));
    }
    Ok(())
}

// signs between the words of "anna-berg-1987" make it look hard to guess: what is left without the person's words counts
fn without(text: &str, parts: &[String]) -> Option<String> {
    let text = text.to_lowercase();
    let mut parts: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
    parts.retain(|part| part.chars().count() >= 3);
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut rest = text.clone();
    for part in &parts {
        rest = rest.replace(part.as_str(), "");
    }
    (rest != text).then_some(rest)
}

// "anna.berg@example.de" is guessed by its words, too, and "Anna", "Berg" as "annaberg"
fn parts(personal: &[&str]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = String::new();
    for whole in personal {
        let words = whole
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() >= 3);
        parts.extend(words.map(str::to_owned));
        parts.push((*whole).to_owned());
        let joined: String = whole.chars().filter(|c| c.is_alphanumeric()).collect();
        parts.push(format!("{before}{joined}"));
        parts.push(format!("{joined}{before}"));
        before.clone_from(&joined);
        parts.push(joined);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<String> {
        let personal = ["Anna", "Berg", "anna.berg@nordlicht.example"];
        password_rule(&Secret::new(password), &personal)
            .err()
            .map(|fault| fault.key.into_owned())
    }

    #[test]
    fn auth_1_a_password_is_long_and_not_what_one_tries_first() {
        let short = Some("fault-password-short".to_owned());
        let weak = Some("fault-password-weak".to_owned());
        assert_eq!(fault(""), short);
        assert_eq!(fault("Tg7!kw2#Lp9"), short);
        // eleven characters as a person counts them, many bytes
        assert_eq!(fault(&"👩‍👩‍👧‍👦".repeat(11)), short);
        for bad in [
            "passwortpasswort",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "annaberg1987",
            "annaberg12345",
            "anna-berg-1987",
            "Berg.Anna@Berg",
            "Nordlicht! Anna!",
            "qwertzuiopü+",
        ] {
            assert_eq!(fault(bad), weak, "{bad}");
        }
        for good in [
            "Kohlrabi tanzt um Mitternacht",
            "Tg7!kw2#Lp9x",
            "grüne-Giraffe-fährt-Bus",
            "Anna kocht dienstags Linsensuppe",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
        assert_eq!(
            fault(&"Kohlrabi tanzt! ".repeat(17)),
            Some("fault-too-long".to_owned())
        );
        assert_eq!(
            fault(&"\u{301}".repeat(100_000)),
            Some("fault-too-long".to_owned())
        );
    }
}
