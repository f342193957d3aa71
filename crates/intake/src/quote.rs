//! Telling what somebody wrote from what they quote and from their signature, in German and English.
//!
//! Nothing is ever deleted: what is cut stands in [`Cut::quoted`], in order, and is shown folded.

/// A text taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cut {
    /// What was written now.
    pub text: String,
    /// Quotes and signature.
    pub quoted: String,
}

/// Put into a text where its HTML says that a quote begins.
pub const MARK: &str = "\u{F8FF}quote\u{F8FF}";
/// An attribution may be broken over this many lines.
const BROKEN: usize = 4;
/// A line longer than this is no attribution, no header, no separator.
const LONG: usize = 400;

/// Cuts `text`. What was forwarded is the message itself, so with `forward` nothing of it is cut.
pub fn cut(text: &str, forward: bool) -> Cut {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let whole = whole(text);
    if forward {
        return Cut {
            text: whole,
            quoted: String::new(),
        };
    }
    let end = history(&lines);
    let (own, rest) = lines.split_at_checked(end).unwrap_or((&lines, &[]));
    let (own, rest) = match answers_below(rest) {
        // answered between the quotes, or below them: these stay, with what they answer
        Some(last) => {
            let last = own.len() + last + 1;
            lines.split_at_checked(last).unwrap_or((&lines, &[]))
        }
        None => (own, rest),
    };
    let (own, rest) = trailing_quote(own, rest, &lines);
    let inline = own.iter().any(|line| is_quote(line));
    let (own, signed) = signature(own, inline);
    let clean = |lines: &[&str]| {
        let lines: Vec<&str> = lines.iter().copied().filter(|line| *line != MARK).collect();
        joined(&lines)
    };
    let (text, mut quoted) = (clean(own), clean(signed));
    let rest = clean(rest);
    if text.trim().is_empty() {
        // nothing but a quote or a signature: then that is what was meant
        return Cut {
            text: whole,
            quoted: String::new(),
        };
    }
    if !quoted.is_empty() && !rest.is_empty() {
        quoted.push_str("\n\n");
    }
    quoted.push_str(&rest);
    Cut { text, quoted }
}

/// The text as it stands, nothing cut.
pub fn whole(text: &str) -> String {
    let lines = text.lines().map(str::trim_end);
    let bare: Vec<&str> = lines.filter(|line| *line != MARK).collect();
    joined(&bare)
}

fn joined(lines: &[&str]) -> String {
    let from = lines.iter().position(|line| !line.trim().is_empty());
    let to = lines.iter().rposition(|line| !line.trim().is_empty());
    match (from, to) {
        (Some(from), Some(to)) => lines.get(from..=to).unwrap_or_default().join("\n"),
        _ => String::new(),
    }
}

/// The line at which the history begins; the number of lines if there is none.
fn history(lines: &[&str]) -> usize {
    (0..lines.len())
        .find(|at| begins(lines.get(*at..).unwrap_or_default()))
        .unwrap_or(lines.len())
}

fn begins(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else {
        return false;
    };
    *first == MARK
        || is_separator(first)
        || is_own_marker(first)
        || is_header_block(lines)
        || is_attribution(lines)
}

/// `Am 2. November 2026 um 10:00 Uhr schrieb Anna <a@b.example>:`, broken over a few lines or not.
fn is_attribution(lines: &[&str]) -> bool {
    let Some(first) = lines.first().map(|line| line.trim()) else {
        return false;
    };
    let lower = first.to_lowercase();
    let opens = ["am ", "on ", "le ", "el ", "den ", "op "]
        .iter()
        .any(|word| lower.starts_with(word));
    if first.len() > LONG {
        return false;
    }
    let mut whole = String::new();
    for line in lines.iter().take(BROKEN) {
        let line = line.trim();
        if line.is_empty() && !whole.is_empty() {
            break;
        }
        whole.push_str(line);
        whole.push(' ');
        if line.ends_with(':') || line.ends_with(": >") {
            let text = whole
                .trim()
                .trim_end_matches([':', '>', ' '])
                .to_lowercase();
            return (opens && wrote(&text)) || (dated(&text) && wrote(&text));
        }
    }
    false
}

fn wrote(text: &str) -> bool {
    [
        " schrieb",
        "schrieb ",
        " wrote",
        " geschrieben",
        " a écrit",
        " escribió",
        " schreef",
        " napisał",
    ]
    .iter()
    .any(|word| text.contains(word))
        && (text.contains(|c: char| c.is_ascii_digit()) || text.contains('@'))
}

/// `2026-11-02 10:00 GMT+01:00 Anna …`, `Anna Adler <anna@adler.example> schrieb am …`
fn dated(text: &str) -> bool {
    let digits = text.chars().take(12).filter(char::is_ascii_digit).count();
    digits >= 6
        || text.contains("> schrieb am ")
        || text.contains(" schrieb am ")
        || text.contains("> wrote")
}

/// `-----Ursprüngliche Nachricht-----` and its kin.
fn is_separator(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 120 {
        return false;
    }
    // Outlook's rule above its header block
    if line.len() >= 20 && line.chars().all(|c| c == '_') {
        return true;
    }
    let inner = line.trim_matches(|c: char| {
        c == '-' || c == '*' || c == '_' || c == ' ' || c == '>' || c == '—'
    });
    let fenced = inner.len() < line.len() && line.starts_with(['-', '*', '_', '—']);
    let inner = inner.trim_end_matches(':').to_lowercase();
    let known = [
        "ursprüngliche nachricht",
        "ursprüngliche mail",
        "originalnachricht",
        "original-nachricht",
        "original message",
        "originalmessage",
        "original-mail",
        "weitergeleitete nachricht",
        "forwarded message",
        "urspr. nachricht",
        "message d'origine",
    ]
    .iter()
    .any(|word| inner == *word || inner.starts_with(&format!("{word} ")));
    let begun = [
        "anfang der weitergeleiteten nachricht",
        "begin forwarded message",
    ]
    .contains(&inner.as_str());
    (fenced && known) || begun
}

/// The line that our own mails carry above what is quoted of us.
fn is_own_marker(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['>', ' ']).to_lowercase();
    line.len() < 200
        && [
            "oberhalb dieser linie",
            "oberhalb dieser zeile",
            "über dieser linie",
            "über dieser zeile",
            "above this line",
        ]
        .iter()
        .any(|words| line.contains(words))
}

/// `Von: … Gesendet: … An: … Betreff: …`, as Outlook and its kin put it.
fn is_header_block(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else {
        return false;
    };
    if !matches!(label(first), Some("von" | "from" | "absender")) {
        return false;
    }
    let others = lines
        .iter()
        .skip(1)
        .take(10)
        .filter_map(|line| label(line))
        .filter(|label| {
            matches!(
                *label,
                "gesendet"
                    | "datum"
                    | "an"
                    | "cc"
                    | "kopie"
                    | "betreff"
                    | "sent"
                    | "date"
                    | "to"
                    | "subject"
                    | "gesendet am"
                    | "antwort an"
                    | "reply-to"
                    | "empfänger"
            )
        })
        .count();
    others >= 2
}

/// The word before the colon of a header line as people see it.
fn label(line: &str) -> Option<&'static str> {
    const LABELS: [&str; 18] = [
        "von",
        "from",
        "absender",
        "gesendet",
        "gesendet am",
        "datum",
        "an",
        "cc",
        "kopie",
        "betreff",
        "sent",
        "date",
        "to",
        "subject",
        "antwort an",
        "reply-to",
        "empfänger",
        "bcc",
    ];
    let line = line.trim().trim_start_matches(['>', '*', ' ']);
    if line.len() > LONG {
        return None;
    }
    let (word, _) = line.split_once(':')?;
    let word = word.trim_matches(['*', ' ', '\t']).to_lowercase();
    LABELS.into_iter().find(|known| *known == word)
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// In what follows an attribution: the last own line that stands below or between quotes, if there is one.
fn answers_below(rest: &[&str]) -> Option<usize> {
    let first = rest.first()?;
    if *first == MARK || is_separator(first) || is_header_block(rest) {
        // these quote without marks, so nobody can tell
        if !rest.iter().any(|line| is_quote(line)) {
            return None;
        }
    }
    let quote = rest.iter().position(|line| is_quote(line))?;
    let own = |line: &&str| !line.trim().is_empty() && !is_quote(line) && *line != MARK;
    let below: Vec<(usize, &str)> = rest
        .iter()
        .copied()
        .enumerate()
        .skip(quote)
        .filter(|(_, line)| own(line))
        .collect();
    let (last, _) = below.last()?;
    // nothing but the sender's signature stands there
    let from = below.first().map_or(quote, |(at, _)| *at);
    let tail = rest.get(from..).unwrap_or_default();
    if tail.first().is_some_and(|line| is_signature(line)) {
        return None;
    }
    // one attribution within another is history, no answer
    let broken = tail.iter().filter(|line| own(line)).count();
    let attributed = (from..rest.len())
        .filter(|at| begins(rest.get(*at..).unwrap_or_default()))
        .count();
    if attributed > 0 && broken <= BROKEN {
        return None;
    }
    Some(*last)
}

/// Lines quoted at the end of what is left, without anything that says so.
fn trailing_quote<'a>(
    own: &'a [&'a str],
    rest: &'a [&'a str],
    all: &'a [&'a str],
) -> (&'a [&'a str], &'a [&'a str]) {
    let _ = rest;
    let last = own
        .iter()
        .rposition(|line| !line.trim().is_empty() && !is_quote(line) && *line != MARK);
    let Some(last) = last else {
        return (own, all.get(own.len()..).unwrap_or_default());
    };
    let quoted = own.iter().skip(last + 1).any(|line| is_quote(line));
    let keep = if quoted { last + 1 } else { own.len() };
    all.split_at_checked(keep).unwrap_or((own, &[]))
}

/// What is left without the signature, and the signature.
fn signature<'a>(own: &'a [&'a str], inline: bool) -> (&'a [&'a str], &'a [&'a str]) {
    let none = (own, own.get(own.len()..).unwrap_or_default());
    // with answers between quotes a sign-off may stand anywhere
    let from = if inline {
        own.iter()
            .rposition(|line| is_quote(line))
            .map_or(0, |at| at + 1)
    } else {
        0
    };
    // looked for once: of empty lines there may be very many
    let Some(first) = own.iter().position(|line| !line.trim().is_empty()) else {
        return none;
    };
    for (at, line) in own.iter().enumerate().skip(from) {
        if at <= first {
            continue;
        }
        if is_signature(line) {
            return own.split_at_checked(at).unwrap_or(none);
        }
        let left = own.len().saturating_sub(at);
        if is_sign_off(line) && left <= 40 {
            // the name stays, the rest of the visiting card goes
            let name = own
                .iter()
                .enumerate()
                .skip(at + 1)
                .find(|(_, line)| !line.trim().is_empty())
                .map(|(name, _)| name);
            let Some(name) = name else {
                return none;
            };
            let more = own
                .iter()
                .skip(name + 1)
                .filter(|line| !line.trim().is_empty())
                .count();
            let post_script = own.iter().skip(name + 1).any(|line| {
                let line = line.trim_start().to_lowercase();
                line.starts_with("ps") || line.starts_with("p.s") || line.starts_with("nachtrag")
            });
            if more >= 2 && !post_script {
                return own.split_at_checked(name + 1).unwrap_or(none);
            }
        }
    }
    none
}

/// A line at which a signature or a programme's or lawyer's addition begins.
fn is_signature(line: &str) -> bool {
    if line.trim_start() == "--" || line == "-- " || line.trim() == "—" {
        return true;
    }
    let lower = line.trim().to_lowercase();
    if lower.len() > 200 {
        return [
            "diese e-mail enthält vertrauliche",
            "this email and any",
            "this e-mail and any",
            "this message contains confidential",
            "der inhalt dieser e-mail ist",
        ]
        .iter()
        .any(|begin| lower.starts_with(begin));
    }
    [
        "von meinem iphone gesendet",
        "von meinem ipad gesendet",
        "von meinem handy gesendet",
        "von meinem smartphone gesendet",
        "von meinem samsung",
        "von meinem huawei",
        "von meinem xiaomi",
        "von meinem mobiltelefon",
        "gesendet von mail",
        "gesendet von meinem",
        "gesendet von outlook",
        "gesendet von yahoo",
        "gesendet mit der",
        "gesendet mit proton",
        "holen sie sich outlook",
        "diese nachricht wurde von meinem android",
        "sent from my ",
        "sent from mail for",
        "sent from outlook",
        "sent with proton",
        "sent via ",
        "get outlook for",
        "diese e-mail enthält vertrauliche",
        "diese email enthält vertrauliche",
        "diese nachricht enthält vertrauliche",
        "der inhalt dieser e-mail ist vertraulich",
        "this email and any attachments",
        "this e-mail and any attachments",
        "this message contains confidential",
        "bitte prüfen sie der umwelt zuliebe",
        "please consider the environment",
    ]
    .iter()
    .any(|begin| lower.starts_with(begin))
        || lower.contains("mit k-9 mail gesendet")
        || lower.contains("von samsung mobile gesendet")
}

fn is_sign_off(line: &str) -> bool {
    let lower = line.trim().trim_end_matches([',', '.', '!']).to_lowercase();
    lower.len() < 80
        && [
            "mit freundlichen grüßen",
            "mit freundlichen gruessen",
            "mit freundlichem gruß",
            "mit freundlichem gruss",
            "freundliche grüße",
            "freundliche gruesse",
            "viele grüße",
            "viele gruesse",
            "beste grüße",
            "beste gruesse",
            "schöne grüße",
            "liebe grüße",
            "herzliche grüße",
            "mit besten grüßen",
            "mfg",
            "hochachtungsvoll",
            "kind regards",
            "best regards",
            "regards",
            "yours sincerely",
            "sincerely",
            "many thanks and best regards",
        ]
        .iter()
        .any(|begin| lower == *begin || lower.starts_with(&format!("{begin} ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn both(text: &str) -> (String, String) {
        let cut = cut(text, false);
        (cut.text, cut.quoted)
    }

    #[test]
    fn sup_9_quotes_are_cut_and_kept() {
        let history = "> Guten Tag,\n> Ihr Server läuft.";
        for attribution in [
            "Am 02.11.2026 um 10:00 schrieb Nordlicht Hosting:",
            "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Nordlicht Hosting <\nsupport@nordlicht.example>:",
            "Am 2. November 2026 um 10:00\nschrieb \"Nordlicht Hosting\"\n<support@nordlicht.example>:",
            "On Mon, Nov 2, 2026 at 10:00 AM Nordlicht <support@nordlicht.example> wrote:",
            "On Mon, Nov 2, 2026 at 10:00 AM Nordlicht <support@nordlicht.example>\nwrote:",
            "> Am 02.11.2026 um 10:00 schrieb Nordlicht Hosting:",
            "-----Ursprüngliche Nachricht-----",
            "-------- Original-Nachricht --------",
            "----- Original Message -----",
            "Von: Nordlicht <support@nordlicht.example>\nGesendet: Montag, 2. November 2026 10:00\nAn: Anna\nBetreff: Server",
            "*Von:* Nordlicht\n*Datum:* 2.11.2026\n*An:* Anna",
            "From: Nordlicht\nSent: Monday\nTo: Anna\nSubject: Server",
            "________________________________\nVon: Nordlicht",
            "Gesendet: Montag, 02. November 2026 um 10:00 Uhr\n-----Original Message-----",
            "##- Bitte schreiben Sie Ihre Antwort oberhalb dieser Linie -##",
            "Nordlicht Hosting <support@nordlicht.example> schrieb am Mo., 2. Nov. 2026, 10:00:",
            MARK,
        ] {
            let (text, quoted) = both(&format!("Danke, er läuft.\n\n{attribution}\n{history}"));
            assert!(
                text.starts_with("Danke, er läuft."),
                "{attribution}: {text}"
            );
            assert!(!text.contains("Ihr Server läuft"), "{attribution}: {text}");
            assert!(quoted.contains("> Ihr Server läuft."), "{attribution}");
        }
    }

    #[test]
    fn sup_9_answers_between_quotes_survive() {
        let text = "Am 02.11.2026 um 10:00 schrieb Nordlicht:\n> Welche Version?\n\nVersion 12.\n\n> Seit wann?\nSeit gestern.\n\n> Grüße\n> Nordlicht";
        let (text, quoted) = both(text);
        for answer in [
            "> Welche Version?",
            "Version 12.",
            "> Seit wann?",
            "Seit gestern.",
        ] {
            assert!(text.contains(answer), "{text}");
        }
        assert_eq!(quoted, "> Grüße\n> Nordlicht");
    }

    #[test]
    fn sup_9_an_answer_below_the_quote_survives() {
        let (text, _) = both(
            "Am 02.11.2026 schrieb Nordlicht:\n> Welche Version?\n> Bitte nennen.\n\nVersion 12, seit gestern.",
        );
        assert!(text.contains("Version 12, seit gestern."));
    }

    #[test]
    fn sup_9_signatures_are_folded() {
        for (signature, stays) in [
            ("-- \nAnna Adler\nHafenstr. 1", ""),
            ("Von meinem iPhone gesendet", ""),
            ("Gesendet von Outlook für Android", ""),
            ("Sent from my iPhone", ""),
            (
                "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
                "",
            ),
            (
                "Mit freundlichen Grüßen\n\nAnna Adler\nAdler GmbH\nHafenstr. 1\nTel. 040 1",
                "Mit freundlichen Grüßen\n\nAnna Adler",
            ),
            (
                "Mit freundlichen Grüßen\nAnna",
                "Mit freundlichen Grüßen\nAnna",
            ),
            (
                "Diese E-Mail enthält vertrauliche Informationen.\nWenn Sie nicht gemeint sind …",
                "",
            ),
        ] {
            let (text, quoted) = both(&format!("Der Server steht.\n\n{signature}\n"));
            let wanted = format!("Der Server steht.\n\n{stays}");
            assert_eq!(text, wanted.trim_end(), "{signature}");
            assert_eq!(quoted.is_empty(), signature == stays, "{signature}");
        }
    }

    #[test]
    fn sup_9_what_only_looks_like_a_quote_stays() {
        for text in [
            "Am Montag schrieb ich Ihnen schon:\nNichts geschah.",
            "Von: hier an\nist alles kaputt.",
            "Die Meldung lautet:\nError: on line 5 it wrote:\nnothing",
            "Bitte an: Herrn Meier",
            "> nur ein Zitat",
            "Hallo",
            "",
        ] {
            assert_eq!(both(text), (text.to_owned(), String::new()), "{text}");
        }
    }

    #[test]
    fn sup_9_a_forward_keeps_what_it_forwards() {
        let text = "Bitte darum kümmern.\n\n---------- Weitergeleitete Nachricht ----------\nVon: Meier\nAn: Adler\nBetreff: x\n\nHilfe";
        assert_eq!(cut(text, true).text, text);
        let (text, _) = both("---------- Forwarded message ----------\nFrom: Meier\n\nHilfe");
        assert!(text.contains("Hilfe"));
    }

    proptest! {
        #[test]
        fn sup_9_no_line_is_lost(lines in prop::collection::vec(prop_oneof![
            "[a-z ]{0,20}", "> [a-z]{0,10}", Just("-- ".to_owned()), Just("Am 2.11.2026 schrieb A <a@b.example>:".to_owned()),
            Just("-----Original Message-----".to_owned()), Just("Mit freundlichen Grüßen".to_owned()), Just(MARK.to_owned()),
            Just("Von: A".to_owned()), Just("An: B".to_owned()), Just("Betreff: C".to_owned()), Just(String::new()), "\\PC{0,30}",
        ], 0..30)) {
            let text = lines.join("\n");
            let cut = cut(&text, false);
            let words = |text: &str| -> Vec<String> {
                text.lines().filter(|line| line.trim_end() != MARK).flat_map(str::split_whitespace).map(str::to_owned).collect()
            };
            prop_assert_eq!(words(&format!("{}\n{}", cut.text, cut.quoted)), words(&text));
            prop_assert!(!cut.text.contains(MARK));
        }
    }
}
