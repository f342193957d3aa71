//! Whether a machine wrote a mail. Nobody answers a machine.

use crate::head::Head;

/// Why no machine of ours may answer; `None`: a person wrote, as far as can be told.
pub fn why_silent(
    head: &Head,
    envelope_from: Option<&str>,
    from: &[String],
    subject: &str,
) -> Option<&'static str> {
    let empty_path = |path: &str| matches!(path.trim(), "" | "<>");
    if envelope_from.is_some_and(empty_path) || head.get("return-path").is_some_and(empty_path) {
        return Some("null-sender");
    }
    if let Some(value) = head.get("auto-submitted") {
        let word = value.split([';', ' ', '(']).next().unwrap_or_default();
        if !word.trim().eq_ignore_ascii_case("no") {
            return Some("auto-submitted");
        }
    }
    if head.names().any(|name| name.starts_with("list-")) {
        return Some("list");
    }
    if head.says(
        "precedence",
        &["bulk", "junk", "list", "auto_reply", "auto-reply"],
    ) {
        return Some("precedence");
    }
    if head.has("x-auto-response-suppress") && !head.says("x-auto-response-suppress", &["none"]) {
        return Some("suppress");
    }
    let marked = [
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-mail-autoreply",
        "feedback-id",
    ];
    if marked.iter().any(|name| head.has(name)) {
        return Some("auto-reply");
    }
    if head.says(
        "content-type",
        &["multipart/report", "message/disposition-notification"],
    ) {
        return Some("report");
    }
    if from.iter().any(|address| is_robot(address)) || envelope_from.is_some_and(is_robot) {
        return Some("robot");
    }
    if says_so(subject) {
        return Some("subject");
    }
    None
}

/// Addresses behind which nobody reads.
pub fn is_robot(address: &str) -> bool {
    let address = address.trim_matches(['<', '>', ' ']).to_ascii_lowercase();
    let local = address
        .rsplit_once('@')
        .map_or(address.as_str(), |(local, _)| local);
    let plain: String = local
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .collect();
    matches!(
        plain.as_str(),
        "mailerdaemon"
            | "postmaster"
            | "noreply"
            | "donotreply"
            | "nichtantworten"
            | "keineantwort"
            | "listserv"
            | "majordomo"
            | "bounce"
            | "bounces"
            | "autoreply"
            | "autoresponder"
            | "noreplies"
    ) || plain.starts_with("noreply")
        || plain.starts_with("donotreply")
        || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.ends_with("-owner")
        || local.starts_with("bounce-")
        || local.starts_with("bounces+")
        || local.starts_with("mailer-daemon")
}

/// Subjects of those who leave out every header that says it.
pub fn says_so(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    [
        "automatische antwort",
        "automatische e-mail",
        "abwesenheitsnotiz",
        "abwesenheitsmeldung",
        "abwesenheit:",
        "abwesend:",
        "abwesend ",
        "bin nicht im büro",
        "nicht im büro",
        "out of office",
        "out of the office",
        "autoreply",
        "auto-reply",
        "auto reply",
        "automatic reply",
        "auto:",
        "automatisch generierte",
        "unzustellbar",
        "undeliverable",
        "undelivered mail",
        "mail delivery failed",
        "mail delivery failure",
        "mail delivery system",
        "delivery status notification",
        "delivery failure",
        "returned mail",
        "failure notice",
        "nicht zustellbar",
        "zustellung fehlgeschlagen",
        "réponse automatique",
    ]
    .iter()
    .any(|begin| subject.starts_with(begin))
}

/// A mail with which a foreign service asks whether an address is somebody's: code or link, sent by a machine. Whoever
/// can read it in a ticket could prove to be us (abuse: the address of our desk as identity).
pub fn is_verification(from: &[String], silent: bool, subject: &str, text: &str) -> bool {
    let robot = silent
        || from
            .iter()
            .any(|address| is_robot(address) || is_account(address));
    let start: String = text.chars().take(4_000).collect::<String>().to_lowercase();
    let subject = subject.to_lowercase();
    let asks = |text: &str| {
        [
            "verification code",
            "verify your",
            "verify email",
            "confirm your",
            "confirmation code",
            "security code",
            "login code",
            "sign-in code",
            "one-time",
            "magic link",
            "activate your account",
            "reset your password",
            "password reset",
            "has invited you",
            "you've been invited",
            "you have been invited",
            "bestätigungscode",
            "bestätigen sie ihre",
            "bestätige deine",
            "e-mail-adresse bestätigen",
            "bestätigung ihrer e-mail",
            "registrierung bestätigen",
            "anmeldecode",
            "sicherheitscode",
            "einmalcode",
            "verifizierung",
            "verifizieren",
            "passwort zurücksetzen",
            "konto aktivieren",
            "wurden eingeladen",
        ]
        .iter()
        .any(|words| text.contains(words))
    };
    let key = start.contains("https://") || start.contains("http://") || has_code(&start);
    (asks(&subject) && (robot || key)) || (robot && key && asks(&start))
}

fn is_account(address: &str) -> bool {
    let local = address
        .split('@')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    [
        "account",
        "accounts",
        "security",
        "verify",
        "signup",
        "notification",
        "notifications",
        "login",
        "auth",
        "feedback",
    ]
    .contains(&local.as_str())
}

/// Four to eight digits that stand alone.
fn has_code(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '-')
        .map(|word| word.chars().filter(|c| *c != '-').collect::<String>())
        .any(|word| (4..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent(raw: &str) -> Option<&'static str> {
        let head = Head::of(raw.as_bytes());
        let from: Vec<String> = head.get("from").map(str::to_owned).into_iter().collect();
        let subject = head.get("subject").unwrap_or_default().to_owned();
        why_silent(&head, None, &from, &subject)
    }

    #[test]
    fn sup_9_machines_are_known_by_their_headers() {
        for (raw, why) in [
            ("Return-Path: <>", Some("null-sender")),
            ("Return-Path:", Some("null-sender")),
            ("Auto-Submitted: auto-replied", Some("auto-submitted")),
            (
                "Auto-Submitted: auto-generated (why)",
                Some("auto-submitted"),
            ),
            ("Auto-Submitted: no", None),
            ("Auto-Submitted: No; x", None),
            ("List-Id: <a.b>", Some("list")),
            ("List-Unsubscribe: <mailto:a@b>", Some("list")),
            ("Precedence: bulk", Some("precedence")),
            ("Precedence: first-class", None),
            ("X-Auto-Response-Suppress: All", Some("suppress")),
            ("X-Auto-Response-Suppress: None", None),
            ("X-Autoreply: yes", Some("auto-reply")),
            ("X-Autorespond: x", Some("auto-reply")),
            (
                "Content-Type: multipart/report; report-type=delivery-status",
                Some("report"),
            ),
            ("From: mailer-daemon@x.example", Some("robot")),
            ("From: no-reply@x.example", Some("robot")),
            ("From: noreply-billing@x.example", Some("robot")),
            ("From: owner-liste@x.example", Some("robot")),
            ("From: liste-request@x.example", Some("robot")),
            ("From: postbote@x.example", None),
            ("From: anna@x.example", None),
            ("Subject: Automatische Antwort: Kasse", Some("subject")),
            ("Subject: Abwesenheitsnotiz", Some("subject")),
            ("Subject: Abwesend: Anna", Some("subject")),
            ("Subject: Out of Office", Some("subject")),
            ("Subject: Unzustellbar: Kasse", Some("subject")),
            ("Subject: Mail delivery failed: returning", Some("subject")),
            ("Subject: Unser Büro antwortet nicht", None),
        ] {
            assert_eq!(silent(raw), why, "{raw}");
        }
        let head = Head::of(b"From: a@b.example");
        assert_eq!(why_silent(&head, Some(""), &[], ""), Some("null-sender"));
        assert_eq!(why_silent(&head, Some("a@b.example"), &[], ""), None);
    }

    #[test]
    fn abuse_helpdesk_as_identity_verification_mails_are_known() {
        let held = |from: &str, subject: &str, text: &str| {
            is_verification(&[from.to_owned()], false, subject, text)
        };
        assert!(held(
            "no-reply@chat.example",
            "Your verification code: 123-456",
            "Enter 123-456"
        ));
        assert!(held(
            "noreply@dienst.example",
            "Willkommen",
            "Bitte bestätigen Sie Ihre E-Mail-Adresse: https://x.example/1"
        ));
        assert!(held(
            "team@dienst.example",
            "Confirm your email address",
            "https://x.example/confirm?t=1"
        ));
        assert!(held(
            "feedback@chat.example",
            "Bob has invited you to Acme",
            "Join: https://x.example"
        ));
        assert!(!held(
            "anna@adler.example",
            "Kasse kaputt",
            "Fehler 5020 auf https://shop.example"
        ));
        assert!(!held(
            "anna@adler.example",
            "Passwort",
            "Ich kann mein Passwort zurücksetzen, aber es kommt kein Bestätigungscode."
        ));
        assert!(!held(
            "no-reply@shop.example",
            "Ihre Rechnung 5020",
            "Anbei die Rechnung https://x.example"
        ));
    }
}
