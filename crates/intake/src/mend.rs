//! What programmes and gateways break, put right before and beside the parser, so that a person reads what was written.

use crate::head;
use crate::uu;
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{HeaderName, MessagePart};
use std::borrow::Cow;

/// So many lines are looked at for where a header ends.
const LINES: usize = 2_000;
/// A line without a colon among fields is a broken one when fields that everybody writes follow it within so many.
const AHEAD: usize = 200;

/// The message with an empty line where its text begins and none stands: a message without a header, and one whose text
/// follows the header at once. Line ends that are bare CR become such that anybody knows.
pub(crate) fn head(raw: &[u8]) -> Cow<'_, [u8]> {
    if raw.contains(&b'\r') && !raw.contains(&b'\n') {
        let lines: Vec<u8> = raw
            .iter()
            .map(|byte| if *byte == b'\r' { b'\n' } else { *byte })
            .collect();
        return Cow::Owned(head(&lines).into_owned());
    }
    let Some(at) = text_begins(raw) else {
        return Cow::Borrowed(raw);
    };
    let (fields, text) = raw.split_at_checked(at).unwrap_or((raw, &[]));
    Cow::Owned([fields, b"\r\n", text].concat())
}

/// Where the text begins without an empty line before it.
fn text_begins(raw: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (number, line) in raw
        .split_inclusive(|byte| *byte == b'\n')
        .take(LINES)
        .enumerate()
    {
        let bare = line.trim_ascii_end();
        if bare.is_empty() {
            return None;
        }
        let mailbox = number == 0 && bare.starts_with(b"From ");
        let goes_on = number > 0 && matches!(bare.first(), Some(b' ' | b'\t'));
        if !mailbox && !goes_on && name(bare).is_none() {
            let rest = raw.get(at..).unwrap_or_default();
            return (!fields_follow(rest)).then_some(at);
        }
        at += line.len();
    }
    None
}

/// The name of a field; blanks before the colon are bad, but are written.
fn name(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let fits = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    fits.then_some(name)
}

fn fields_follow(rest: &[u8]) -> bool {
    const KNOWN: [&str; 9] = [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "received",
    ];
    rest.split(|byte| *byte == b'\n')
        .take(AHEAD)
        .map(<[u8]>::trim_ascii_end)
        .take_while(|line| !line.is_empty())
        .filter_map(name)
        .any(|name| {
            KNOWN
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
        })
}

/// How a part is coded, in lower case.
pub(crate) fn coding(part: &MessagePart<'_>) -> String {
    let found = part
        .headers
        .iter()
        .find(|header| header.name == HeaderName::ContentTransferEncoding);
    let found = found.and_then(|header| header.value.as_text());
    found.unwrap_or_default().trim().to_ascii_lowercase()
}

/// The bytes of a part, decoded by what it says, with patience: the end may be missing.
pub(crate) fn decoded(part: &MessagePart<'_>, raw: &[u8]) -> Vec<u8> {
    let (from, to) = (
        part.raw_body_offset() as usize,
        part.raw_end_offset() as usize,
    );
    let body = raw.get(from..to).unwrap_or_default();
    match coding(part).as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable_decode(body).unwrap_or_else(|| body.to_vec()),
        coding if is_uu(coding) => uu::file_in(body).unwrap_or_else(|| body.to_vec()),
        _ => body.to_vec(),
    }
}

/// Whether the parser could not keep a name: bytes that are in no charset it was told, and folders of Windows, whose
/// backslashes mean something else by the book.
pub(crate) fn is_lost(name: &str) -> bool {
    let mut begin = name.chars();
    let drive = begin.next().is_some_and(|c| c.is_ascii_alphabetic()) && begin.next() == Some(':');
    drive || name.contains('\u{FFFD}')
}

/// The name of a file as its fields say it, to the letter.
pub(crate) fn name_of(part: &MessagePart<'_>, raw: &[u8]) -> Option<String> {
    let field = |wanted: HeaderName<'_>, parameter: &str| {
        let found = part.headers.iter().find(|header| header.name == wanted)?;
        let (from, to) = (found.offset_start as usize, found.offset_end as usize);
        let field = mixed(raw.get(from..to)?);
        let at = field.to_ascii_lowercase().find(parameter)? + parameter.len();
        let value = field.get(at..)?.trim_start();
        let value = match value.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next()?,
            None => value.split([';', '\r', '\n', ' ']).next()?,
        };
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    };
    field(HeaderName::ContentDisposition, "filename=")
        .or_else(|| field(HeaderName::ContentType, "name="))
}

pub(crate) fn is_uu(coding: &str) -> bool {
    matches!(coding, "x-uuencode" | "uuencode" | "x-uue" | "uue")
}

/// What is no sign of it is passed over (RFC 2045 6.8); a sign that fills up or a boundary is the end.
fn base64(body: &[u8]) -> Vec<u8> {
    const PATIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_allow_trailing_bits(true)
            .with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let mut signs: Vec<u8> = body
        .split(|byte| *byte == b'\n')
        .take_while(|line| !line.starts_with(b"--"))
        .flatten()
        .copied()
        .take_while(|byte| *byte != b'=')
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    if signs.len() % 4 == 1 {
        signs.pop();
    }
    PATIENT.decode(signs).unwrap_or_default()
}

/// UTF-8, and where it is none, what Windows wrote: of a text that says it is the one and is the other, or both.
pub(crate) fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(
            chunk
                .invalid()
                .iter()
                .map(|byte| head::windows(char::from(*byte))),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_9_a_text_begins_where_its_header_ends_or_breaks() {
        for (raw, mended) in [
            ("Subject: a\n\nText", "Subject: a\n\nText"),
            ("Subject: a\nText at once", "Subject: a\n\r\nText at once"),
            ("No header: at all\n", "\r\nNo header: at all\n"),
            ("Hallo\nzusammen\n\nEnde", "\r\nHallo\nzusammen\n\nEnde"),
            // a field that was broken on its way
            (
                "Received: a\nbroken here\nSubject: a\n\nText",
                "Received: a\nbroken here\nSubject: a\n\nText",
            ),
            ("Subject: a\n b\n\nText", "Subject: a\n b\n\nText"),
            (
                "From x Mon\nSubject : a\n\nb",
                "From x Mon\nSubject : a\n\nb",
            ),
            ("Subject: a\r\rText\rb", "Subject: a\n\nText\nb"),
            ("", ""),
        ] {
            assert_eq!(head(raw.as_bytes()), mended.as_bytes(), "{raw:?}");
        }
    }

    #[test]
    fn sup_9_what_claims_to_be_utf_8_is_read_as_what_it_is() {
        assert_eq!(
            mixed(b"Fr\xF6sche und Fr\xC3\xB6sche \x80"),
            "Frösche und Frösche €"
        );
        assert_eq!(mixed(b"\xC3"), "Ã");
    }

    #[test]
    fn sup_9_base64_without_its_end_is_read_as_far_as_it_goes() {
        for (coded, plain) in [
            (&b"aGFsbG8="[..], &b"hallo"[..]),
            (b"aGFs\r\nbG8", b"hallo"),
            (b"aGFsbG8= und mehr", b"hallo"),
            (b"aGFs!?bG\n--grenze\nxx", b"hall"),
            (b"a", b""),
            (b"", b""),
        ] {
            assert_eq!(base64(coded), plain);
        }
    }
}
