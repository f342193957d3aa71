//! `winmail.dat`: what Outlook and Exchange wrap a message in (TNEF): its files, and its text where the mail has none.
//!
//! Written here, by MS-OXTNEF (the stream), MS-OXCDATA (the properties) and MS-OXRTFCP (the packed RTF). The crate `tnef`
//! reads the files' attributes and none of the properties, so long names and the text are missing, and was last published
//! in 2019; `ytnef` binds a C library under the GPL that would read strangers' bytes outside of Rust; the rest reads whole
//! Outlook stores. What is needed of it is small, nothing is allocated that does not stand in the input, but for the RTF,
//! which has a limit of its own.

use crate::head;

/// What was wrapped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrapped {
    /// Empty where there was none.
    pub text: String,
    /// Not cleaned.
    pub html: String,
    pub files: Vec<Unwrapped>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unwrapped {
    /// As given; may be empty.
    pub name: String,
    pub bytes: Vec<u8>,
    pub cid: Option<String>,
}

const SIGNATURE: u32 = 0x223E_9F78;
/// Messages within messages.
const DEEPEST: usize = 3;
/// Files, those of inner messages counted in.
const FILES: usize = 200;
/// Properties of one list.
const PROPERTIES: usize = 5_000;
/// Unpacked RTF ends here: 12 bits of input can become 17 bytes.
const RTF: usize = 4 * 1024 * 1024;
/// Groups within groups of RTF.
const GROUPS: usize = 500;

/// The attributes that are read, by their names without the kind.
mod attribute {
    pub const BODY: u32 = 0x800C;
    pub const PROPERTIES: u32 = 0x9003;
    /// Begins the next file.
    pub const RENDERING: u32 = 0x9002;
    pub const TITLE: u32 = 0x8010;
    pub const DATA: u32 = 0x800F;
    pub const FILE_PROPERTIES: u32 = 0x9005;
}

/// The properties that are read.
mod property {
    pub const BODY: u16 = 0x1000;
    pub const RTF: u16 = 0x1009;
    pub const HTML: u16 = 0x1013;
    pub const DISPLAY_NAME: u16 = 0x3001;
    pub const DATA: u16 = 0x3701;
    pub const NAME: u16 = 0x3704;
    pub const LONG_NAME: u16 = 0x3707;
    pub const CID: u16 = 0x3712;
}

/// Whether these bytes say that they are such a file.
pub fn is_one(bytes: &[u8]) -> bool {
    Reader(bytes).u32() == Some(SIGNATURE)
}

/// As much as can be read; `None` where it is none at all.
pub fn unwrap(bytes: &[u8]) -> Option<Wrapped> {
    let mut left = FILES;
    stream(bytes, 0, &mut left)
}

/// What is left to read. Everything that is not there any more is `None`.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
    /// As much as there is of it: a file that was cut on its way is shown as far as it came.
    fn up_to(&mut self, length: usize) -> &'a [u8] {
        let length = length.min(self.0.len());
        self.take(length).unwrap_or_default()
    }
    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }
    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.u32()?).ok()
    }
}

fn stream(bytes: &[u8], depth: usize, left: &mut usize) -> Option<Wrapped> {
    let mut reader = Reader(bytes);
    if reader.u32()? != SIGNATURE {
        return None;
    }
    reader.u16()?;
    let mut wrapped = Wrapped::default();
    let mut body = Body::default();
    let mut file: Option<Unwrapped> = None;
    while let (Some(_level), Some(id), Some(length)) = (reader.u8(), reader.u32(), reader.length())
    {
        let data = reader.up_to(length);
        let _checksum = reader.u16();
        match id & 0xFFFF {
            attribute::BODY => body.plain = narrow(data),
            attribute::PROPERTIES => {
                for (id, value) in properties(data) {
                    body.take(id, value);
                }
            }
            attribute::RENDERING => {
                keep(&mut wrapped, file.take(), left);
                file = Some(Unwrapped::default());
            }
            attribute::TITLE => {
                let file = file.get_or_insert_default();
                if file.name.is_empty() {
                    file.name = narrow(data);
                }
            }
            attribute::DATA => file.get_or_insert_default().bytes = data.to_vec(),
            attribute::FILE_PROPERTIES => {
                let file = file.get_or_insert_default();
                described(file, data, depth, &mut wrapped, left);
            }
            _ => {}
        }
    }
    keep(&mut wrapped, file, left);
    body.into(&mut wrapped, depth == 0);
    Some(wrapped)
}

fn keep(wrapped: &mut Wrapped, file: Option<Unwrapped>, left: &mut usize) {
    if let Some(file) = file.filter(|file| !file.bytes.is_empty())
        && *left > 0
    {
        *left -= 1;
        wrapped.files.push(file);
    }
}

/// Better names than the old attribute has, and messages within this one.
fn described(
    file: &mut Unwrapped,
    data: &[u8],
    depth: usize,
    wrapped: &mut Wrapped,
    left: &mut usize,
) {
    let mut shown = String::new();
    let mut long = String::new();
    for (id, value) in properties(data) {
        match id {
            property::LONG_NAME => long = value.text(),
            property::NAME if long.is_empty() => long = value.text(),
            property::DISPLAY_NAME => shown = value.text(),
            property::CID => {
                let cid = value.text();
                file.cid = Some(cid.trim_matches(['<', '>', ' ']).to_owned())
                    .filter(|cid| !cid.is_empty());
            }
            property::DATA => match value {
                Value::Bytes(bytes) if file.bytes.is_empty() => file.bytes = bytes.to_vec(),
                // which interface it is stands before it
                Value::Object(bytes) => {
                    let inner = bytes.get(16..).unwrap_or_default();
                    if depth < DEEPEST
                        && let Some(opened) = stream(inner, depth + 1, left)
                    {
                        let sum: usize = opened.files.iter().map(|file| file.bytes.len()).sum();
                        let note = Unwrapped {
                            name: "message.txt".to_owned(),
                            bytes: opened.text.into_bytes(),
                            cid: None,
                        };
                        wrapped.files.extend(opened.files);
                        // signs beyond ASCII take more room here; all of it is not to grow by that
                        let fits = sum + note.bytes.len() <= inner.len();
                        keep(wrapped, Some(note).filter(|_| fits), left);
                    } else if file.bytes.is_empty() {
                        file.bytes = inner.to_vec();
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    if !long.is_empty() {
        file.name = long;
    } else if file.name.is_empty() {
        file.name = shown;
    }
}

/// The ways in which one text may be there.
#[derive(Default)]
struct Body {
    plain: String,
    html: Vec<u8>,
    rtf: Vec<u8>,
}

impl Body {
    fn take(&mut self, id: u16, value: Value<'_>) {
        match (id, value) {
            (property::BODY, value) => {
                let text = value.text();
                if !text.trim().is_empty() {
                    self.plain = text;
                }
            }
            (property::HTML, Value::Bytes(bytes) | Value::Narrow(bytes)) => {
                self.html = bytes.to_vec();
            }
            (property::RTF, Value::Bytes(bytes)) => self.rtf = bytes.to_vec(),
            _ => {}
        }
    }

    fn into(self, wrapped: &mut Wrapped, with_rtf: bool) {
        wrapped.html = narrow(&self.html);
        wrapped.text = self.plain;
        if with_rtf
            && wrapped.text.trim().is_empty()
            && wrapped.html.trim().is_empty()
            && let Some(rtf) = unpacked(&self.rtf)
        {
            wrapped.text = rtf_text(&rtf);
        }
    }
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Narrow(&'a [u8]),
    Wide(&'a [u8]),
    Bytes(&'a [u8]),
    Object(&'a [u8]),
    Other,
}

impl Value<'_> {
    fn text(self) -> String {
        match self {
            Value::Narrow(bytes) => narrow(bytes),
            Value::Wide(bytes) => {
                let units = bytes.chunks_exact(2).filter_map(|two| {
                    let two: [u8; 2] = two.try_into().ok()?;
                    Some(u16::from_le_bytes(two))
                });
                let text: String = char::decode_utf16(units)
                    .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect();
                text.trim_end_matches('\0').to_owned()
            }
            _ => String::new(),
        }
    }
}

/// Without the NUL it ends with. What is no UTF-8 is read as what Windows wrote.
fn narrow(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0);
    head::decoded(
        bytes
            .get(..end.unwrap_or(bytes.len()))
            .unwrap_or_default()
            .to_vec(),
    )
}

/// A list of properties; of those with several values the first.
fn properties(data: &[u8]) -> Vec<(u16, Value<'_>)> {
    let mut reader = Reader(data);
    let mut found = Vec::new();
    let count = reader.length().unwrap_or_default().min(PROPERTIES);
    for _ in 0..count {
        match one(&mut reader) {
            Some(property) => found.push(property),
            None => break,
        }
    }
    found
}

fn one<'a>(reader: &mut Reader<'a>) -> Option<(u16, Value<'a>)> {
    let kind = reader.u16()?;
    let id = reader.u16()?;
    if id >= 0x8000 {
        reader.take(16)?;
        if reader.u32()? == 0 {
            reader.u32()?;
        } else {
            let length = reader.length()?;
            reader.take(padded(length)?)?;
        }
    }
    let several = kind & 0x1000 != 0;
    let fixed = match kind & 0x0FFF {
        0x0002 | 0x0003 | 0x0004 | 0x000A | 0x000B => Some(4),
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => Some(8),
        0x0048 => Some(16),
        0x000D | 0x001E | 0x001F | 0x0102 => None,
        // nobody knows how long it is
        _ => return None,
    };
    let value = match fixed {
        Some(size) => {
            let count = if several { reader.length()? } else { 1 };
            reader.take(count.checked_mul(size)?)?;
            Value::Other
        }
        None => {
            let mut first = Value::Other;
            for at in 0..reader.length()? {
                let length = reader.length()?;
                let bytes = reader.take(padded(length)?)?;
                let bytes = bytes.get(..length).unwrap_or(bytes);
                if at == 0 {
                    first = match kind & 0x0FFF {
                        0x000D => Value::Object(bytes),
                        0x001E => Value::Narrow(bytes),
                        0x001F => Value::Wide(bytes),
                        _ => Value::Bytes(bytes),
                    };
                }
            }
            first
        }
    };
    Some((id, value))
}

/// Values fill whole fours.
fn padded(length: usize) -> Option<usize> {
    length.checked_next_multiple_of(4)
}

/// What the dictionary of packed RTF begins with (MS-OXRTFCP 2.1.2.1).
const DICTIONARY: &[u8; 207] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Packed RTF unpacked, as far as it is good.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(packed);
    let (_size, raw, kind, _sum) = (
        reader.u32()?,
        reader.length()?,
        reader.take(4)?,
        reader.u32()?,
    );
    let most = raw.min(RTF);
    match kind {
        b"MELA" => return Some(reader.up_to(most).to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = [0_u8; 4096];
    for (cell, byte) in window.iter_mut().zip(DICTIONARY) {
        *cell = *byte;
    }
    let mut at = DICTIONARY.len();
    let mut out = Vec::with_capacity(most.min(64 * 1024));
    let mut put = |window: &mut [u8; 4096], at: &mut usize, byte: u8| {
        if let Some(cell) = window.get_mut(*at) {
            *cell = byte;
        }
        *at = (*at + 1) % 4096;
        out.push(byte);
        out.len() < most
    };
    'all: while let Some(flags) = reader.u8() {
        for bit in 0..8 {
            if flags & (1 << bit) == 0 {
                let Some(byte) = reader.u8() else {
                    break 'all;
                };
                if !put(&mut window, &mut at, byte) {
                    break 'all;
                }
                continue;
            }
            let (Some(high), Some(low)) = (reader.u8(), reader.u8()) else {
                break 'all;
            };
            let token = usize::from(high) << 8 | usize::from(low);
            let (from, length) = (token >> 4, (token & 0xF) + 2);
            // it says so itself where it ends
            if from == at {
                break 'all;
            }
            for step in 0..length {
                let byte = window.get((from + step) % 4096).copied().unwrap_or(b' ');
                if !put(&mut window, &mut at, byte) {
                    break 'all;
                }
            }
        }
    }
    Some(out)
}

/// What somebody would read of RTF; its looks, pictures and tables are left out.
fn rtf_text(rtf: &[u8]) -> String {
    let mut text = String::new();
    // per group: whether it is shown, and how many signs stand in for one that old programmes do not know
    let mut groups: Vec<(bool, usize)> = vec![(true, 1)];
    let mut deeper = 0_usize;
    let mut skip = 0_usize;
    let mut high: Option<u16> = None;
    let mut reader = Reader(rtf);
    while let Some(byte) = reader.u8() {
        let (shown, stand_ins) = groups.last().copied().unwrap_or((true, 1));
        match byte {
            b'{' if groups.len() < GROUPS => groups.push((shown, stand_ins)),
            b'{' => deeper += 1,
            b'}' if deeper > 0 => deeper -= 1,
            b'}' => {
                if groups.len() > 1 {
                    groups.pop();
                }
                skip = 0;
            }
            b'\\' => match control(&mut reader) {
                Control::Word(word, number) => {
                    let Some(group) = groups.last_mut() else {
                        continue;
                    };
                    match word {
                        b"uc" => group.1 = usize::try_from(number.unwrap_or(1)).unwrap_or(1),
                        b"u" => {
                            if shown {
                                let unit = number.unwrap_or(0).rem_euclid(0x1_0000);
                                wide(&mut text, &mut high, u16::try_from(unit).unwrap_or(0));
                            }
                            skip = stand_ins;
                        }
                        word if is_elsewhere(word) => group.0 = false,
                        word if shown => text.push_str(sign(word)),
                        _ => {}
                    }
                }
                Control::Star => {
                    if let Some(group) = groups.last_mut() {
                        group.0 = false;
                    }
                }
                Control::Byte(_) if skip > 0 => skip -= 1,
                Control::Byte(byte) if shown => text.push(head::windows(char::from(byte))),
                Control::Sign(sign) if shown => text.push(sign),
                Control::Byte(_) | Control::Sign(_) | Control::Nothing => {}
            },
            b'\r' | b'\n' => {}
            _ if skip > 0 => skip -= 1,
            byte if shown => text.push(head::windows(char::from(byte))),
            _ => {}
        }
    }
    text
}

/// One half of a sign that UTF-16 writes in two waits for the other.
fn wide(text: &mut String, high: &mut Option<u16>, unit: u16) {
    match (high.take(), unit) {
        (None, 0xD800..=0xDBFF) => *high = Some(unit),
        (Some(first), unit) => text.extend(
            char::decode_utf16([first, unit]).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)),
        ),
        (None, unit) => {
            text.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
        }
    }
}

enum Control<'a> {
    Word(&'a [u8], Option<i64>),
    /// A byte by its number.
    Byte(u8),
    Sign(char),
    /// What follows is for those who know it.
    Star,
    Nothing,
}

fn control<'a>(reader: &mut Reader<'a>) -> Control<'a> {
    let rest = reader.0;
    let length = |of: &[u8], fits: fn(&u8) -> bool| of.iter().take_while(|byte| fits(byte)).count();
    let word = length(rest, u8::is_ascii_alphabetic).min(32);
    if word == 0 {
        return match reader.u8() {
            Some(b'\'') => {
                let digits = reader.up_to(2);
                let digits = std::str::from_utf8(digits).unwrap_or_default();
                u8::from_str_radix(digits, 16).map_or(Control::Nothing, Control::Byte)
            }
            Some(b'*') => Control::Star,
            Some(b'~') => Control::Sign('\u{A0}'),
            Some(b'_') => Control::Sign('-'),
            Some(sign @ (b'\\' | b'{' | b'}')) => Control::Sign(char::from(sign)),
            Some(b'\r' | b'\n') => Control::Sign('\n'),
            _ => Control::Nothing,
        };
    }
    let name = reader.up_to(word);
    let minus = usize::from(reader.0.first() == Some(&b'-'));
    let digits = length(
        reader.0.get(minus..).unwrap_or_default(),
        u8::is_ascii_digit,
    )
    .min(10);
    let number = if digits > 0 {
        let digits = reader.up_to(minus + digits);
        std::str::from_utf8(digits)
            .ok()
            .and_then(|digits| digits.parse().ok())
    } else {
        None
    };
    if reader.0.first() == Some(&b' ') {
        reader.u8();
    }
    Control::Word(name, number)
}

/// Groups whose words are no part of the text.
fn is_elsewhere(word: &[u8]) -> bool {
    matches!(
        word,
        b"fonttbl"
            | b"colortbl"
            | b"stylesheet"
            | b"info"
            | b"pict"
            | b"object"
            | b"header"
            | b"footer"
            | b"footnote"
            | b"listtable"
            | b"listoverridetable"
            | b"generator"
            | b"themedata"
            | b"datastore"
    )
}

fn sign(word: &[u8]) -> &'static str {
    match word {
        b"par" | b"line" | b"row" | b"sect" | b"page" => "\n",
        b"tab" | b"cell" => "\t",
        b"emdash" => "—",
        b"endash" => "–",
        b"bullet" => "•",
        b"lquote" => "‘",
        b"rquote" => "’",
        b"ldblquote" => "“",
        b"rdblquote" => "”",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
        let mut out = vec![level];
        out.extend(id.to_le_bytes());
        out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        out.extend(data);
        out.extend([0, 0]);
        out
    }

    fn wrapped(attributes: &[Vec<u8>]) -> Vec<u8> {
        let mut out = SIGNATURE.to_le_bytes().to_vec();
        out.extend([1, 0]);
        attributes.iter().for_each(|one| out.extend(one));
        out
    }

    fn list(all: &[Vec<u8>]) -> Vec<u8> {
        let mut out = u32::try_from(all.len()).unwrap().to_le_bytes().to_vec();
        all.iter().for_each(|one| out.extend(one));
        out
    }

    fn variable(kind: u16, id: u16, data: &[u8]) -> Vec<u8> {
        let mut out = [kind.to_le_bytes(), id.to_le_bytes()].concat();
        out.extend(1_u32.to_le_bytes());
        out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        out.extend(data);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16()
            .chain([0])
            .flat_map(u16::to_le_bytes)
            .collect()
    }

    /// Nothing but single bytes, as a programme may pack that does not search.
    fn packed(rtf: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let size = u32::try_from(rtf.len()).unwrap();
        for word in [0, size, u32::from_le_bytes(*b"LZFu"), 0] {
            out.extend(word.to_le_bytes());
        }
        for eight in rtf.chunks(8) {
            out.push(0);
            out.extend(eight);
        }
        out
    }

    #[test]
    fn sup_9_winmail_dat_gives_its_files_with_their_long_names() {
        let properties = list(&[
            // a named one before, and one with several values: they are passed over
            [
                &[0x1F, 0, 0x01, 0x80][..],
                &[7; 16],
                &1_u32.to_le_bytes(),
                &6_u32.to_le_bytes(),
                &[b'a', 0, b'b', 0, 0, 0, 0, 0],
                &1_u32.to_le_bytes(),
                &2_u32.to_le_bytes(),
                &[b'x', 0, 0, 0],
            ]
            .concat(),
            [
                &0x1003_u16.to_le_bytes()[..],
                &[1, 0x30],
                &2_u32.to_le_bytes(),
                &[9; 8],
            ]
            .concat(),
            variable(0x1F, 0x3707, &utf16("Angebot für Müller.pdf")),
            variable(0x1E, 0x3712, b"<bild@x>\0"),
        ]);
        let bytes = wrapped(&[
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"ANGEBO~1.PDF\0"),
            attribute(2, 0x0006_800F, b"%PDF"),
            attribute(2, 0x0006_9005, &properties),
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"M\xFCller.txt\0"),
            attribute(2, 0x0006_800F, b"hallo"),
        ]);
        let found = unwrap(&bytes).unwrap();
        let names: Vec<_> = found.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["Angebot für Müller.pdf", "Müller.txt"]);
        assert_eq!(found.files[0].bytes, b"%PDF");
        assert_eq!(found.files[0].cid.as_deref(), Some("bild@x"));
        assert_eq!(found.files[1].bytes, b"hallo");
        // cut on its way, what came is there
        let cut = unwrap(&bytes[..bytes.len() - 4]).unwrap();
        assert_eq!(cut.files[1].bytes, b"hal");
        assert_eq!(unwrap(b"PK\x03\x04"), None);
    }

    #[test]
    fn sup_9_winmail_dat_gives_its_text_in_whatever_way_it_has_it() {
        let body = |property: Vec<u8>| {
            let list = list(&[property]);
            unwrap(&wrapped(&[attribute(1, 0x0006_9003, &list)])).unwrap()
        };
        let plain = body(variable(0x1F, 0x1000, &utf16("Guten Tag, Büro")));
        assert_eq!(plain.text, "Guten Tag, Büro");
        let html = body(variable(0x102, 0x1013, "<p>Grüße</p>".as_bytes()));
        assert_eq!(html.html, "<p>Grüße</p>");
        let rtf = body(variable(
            0x102,
            0x1009,
            &packed(b"{\\rtf1 Hallo\\par Welt}"),
        ));
        assert_eq!(rtf.text, "Hallo\nWelt");
        let old = unwrap(&wrapped(&[attribute(1, 0x0002_800C, b"Text\0")])).unwrap();
        assert_eq!(old.text, "Text");
    }

    #[test]
    fn sup_9_a_message_within_winmail_dat_is_opened_a_few_deep() {
        let mut bytes = wrapped(&[
            attribute(1, 0x0002_800C, b"innen\0"),
            attribute(2, 0x0006_9002, &[0; 14]),
            attribute(2, 0x0001_8010, b"a.txt\0"),
            attribute(2, 0x0006_800F, b"a"),
        ]);
        for depth in 1..6 {
            let object = [&[0; 16][..], &bytes].concat();
            let properties = list(&[variable(0x0D, 0x3701, &object)]);
            bytes = wrapped(&[
                attribute(2, 0x0006_9002, &[0; 14]),
                attribute(2, 0x0006_9005, &properties),
            ]);
            let files = unwrap(&bytes).unwrap().files;
            if depth <= DEEPEST {
                assert_eq!(files[0].name, "a.txt", "{depth}");
                assert_eq!(files[1].bytes, b"innen");
            } else {
                assert_eq!(files.len(), 1, "closed, as a file");
            }
            let sum: usize = files.iter().map(|file| file.bytes.len()).sum();
            assert!(sum <= bytes.len());
        }
    }

    /// The example of MS-OXRTFCP 4.1.1, with its references into the dictionary.
    #[test]
    fn sup_9_packed_rtf_is_unpacked() {
        let packed = [
            0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0,
            0x0a, 0, 0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68,
            0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f,
            0xa0,
        ];
        let rtf = unpacked(&packed).unwrap();
        assert_eq!(rtf, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_eq!(rtf_text(&rtf), "hello world");
        // one that repeats itself for ever ends
        let mut bomb = packed[..16].to_vec();
        bomb[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        for _ in 0..200_000 {
            bomb.extend([
                0xFF, 0, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0x0F, 0, 0x0F,
            ]);
        }
        assert!(unpacked(&bomb).unwrap().len() <= RTF);
    }

    #[test]
    fn sup_9_rtf_is_read_as_people_would() {
        for (rtf, text) in [
            (
                r"{\rtf1{\fonttbl{\f0 Arial;}}\pard Gr\'fc\'dfe\par\tab Zeile}",
                "Grüße\n\tZeile",
            ),
            (
                r"{\rtf1\uc1 \u8364?5 \u-10179?\u-8704? {\*\htmltag64 <p>}da}",
                "€5 😀 da",
            ),
            (
                r"{\rtf1 a\{b\}\\c\~d{\pict 89504e}{\info{\title x}}e}",
                "a{b}\\c\u{A0}de",
            ),
            ("a}}}b{{", "ab"),
        ] {
            assert_eq!(rtf_text(rtf.as_bytes()), text, "{rtf}");
        }
        let deep = "{".repeat(100_000) + "x" + &"}".repeat(100_000) + "y";
        assert_eq!(rtf_text(deep.as_bytes()), "xy");
    }

    proptest! {
        #[test]
        fn sup_9_any_bytes_are_read_within_bounds(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
            let all = wrapped(&[
                attribute(1, 0x0006_9003, &bytes),
                attribute(2, 0x0006_9005, &bytes),
                bytes.clone(),
            ]);
            let found = unwrap(&all).unwrap();
            let sum: usize = found.files.iter().map(|file| file.bytes.len()).sum();
            prop_assert!(sum <= all.len() && found.files.len() <= FILES);
            let _ = unpacked(&bytes);
            prop_assert!(rtf_text(&bytes).chars().count() <= bytes.len());
        }
        #[test]
        fn sup_9_what_was_packed_comes_out(rtf in prop::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert_eq!(unpacked(&packed(&rtf)).unwrap(), rtf);
        }
    }
}
