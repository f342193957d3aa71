//! Placeholders for secrets in stored bodies: `{{slot:link}}`.

use crate::MailId;
use kernel::{Locale, Secret};

/// The placeholder to render into text and HTML where the secret goes.
pub fn slot(name: &str) -> String {
    format!("{{{{slot:{name}}}}}")
}

/// What the sealed value is bound to.
pub(crate) fn context(mail: MailId, name: &str) -> String {
    format!("mail_slots/{mail}/{name}")
}

pub(crate) fn used(name: &str, body: &str) -> bool {
    body.contains(&slot(name))
}

pub(crate) fn fill_text(body: &str, values: &[(String, Secret)]) -> String {
    fill(body, values, |value| value.to_owned())
}

pub(crate) fn fill_html(body: &str, values: &[(String, Secret)]) -> String {
    fill(body, values, |value| {
        value
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;")
    })
}

fn fill(body: &str, values: &[(String, Secret)], escape: impl Fn(&str) -> String) -> String {
    values.iter().fold(body.to_owned(), |body, (name, value)| {
        body.replace(&slot(name), &escape(value.expose()))
    })
}

/// The body as history shows it: a word in the mail's language where a secret is or was, whether it is still noted or not.
pub(crate) fn mask(body: &str, locale: Locale) -> String {
    const START: &str = "{{slot:";
    let mut shown = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(START) {
        shown.push_str(before);
        match after.split_once("}}") {
            Some((_, after)) => {
                shown.push_str(removed(locale));
                rest = after;
            }
            None => {
                shown.push_str(START);
                rest = after;
            }
        }
    }
    shown.push_str(rest);
    shown
}

pub(crate) fn removed(locale: Locale) -> &'static str {
    let texts = match locale {
        Locale::De => crate::TEXTS_DE,
        Locale::En => crate::TEXTS_EN,
    };
    texts
        .lines()
        .find_map(|line| line.strip_prefix("mail-slot-removed = "))
        .map_or("[…]", str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_filled_and_masked() {
        let values = [("link".to_owned(), Secret::new("https://x/?a=1&b=\"2\""))];
        let body = format!("<a href=\"{}\">x</a> {{{{slot:other}}}}", slot("link"));
        assert_eq!(fill_text(&slot("link"), &values), "https://x/?a=1&b=\"2\"");
        assert_eq!(
            fill_html(&body, &values),
            "<a href=\"https://x/?a=1&amp;b=&quot;2&quot;\">x</a> {{slot:other}}"
        );
        assert_eq!(mask(&slot("link"), Locale::De), "[Link entfernt]");
        assert_eq!(
            mask(&body, Locale::En),
            "<a href=\"[link removed]\">x</a> [link removed]"
        );
        assert_eq!(mask("a {{slot:x b", Locale::De), "a {{slot:x b");
    }
}
