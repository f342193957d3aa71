//! `winmail.dat`: read by a parser of ours, from strangers.

use crate::targets::{Seen, about, shape};
use intake::tnef;

pub const WORDS: &[&str] = &[
    "\u{78}",
    "\0\0\0\0",
    "\u{1}\0\0\0",
    "\u{2}\0\0\0",
    "\u{1}\u{3}\u{90}\u{6}\0",
    "\u{2}\u{2}\u{90}\u{6}\0",
    "\u{2}\u{10}\u{80}\u{1}\0",
    "\u{2}\u{f}\u{80}\u{6}\0",
    "\u{2}\u{5}\u{90}\u{6}\0",
    "\u{1f}\0\u{7}7",
    "\u{d}\0\u{1}7",
    "LZFu",
    "MELA",
    "{\\rtf1 ",
    "\\'e4",
    "\\u8364?",
    "\\par ",
    "{\\*\\x ",
    "}",
    "a.txt\0",
];

fn attribute(out: &mut Vec<u8>, level: u8, id: u32, data: &[u8]) {
    out.push(level);
    out.extend(id.to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
    out.extend(data);
    out.extend([0, 0]);
}

fn variable(kind: u16, id: u16, data: &[u8]) -> Vec<u8> {
    let mut out = [kind.to_le_bytes(), id.to_le_bytes()].concat();
    out.extend(1_u32.to_le_bytes());
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_le_bytes());
    out.extend(data);
    out.resize(out.len().next_multiple_of(4), 0);
    out
}

fn list(all: &[Vec<u8>]) -> Vec<u8> {
    let count = u32::try_from(all.len()).unwrap_or(0).to_le_bytes();
    [&count[..], &all.concat()].concat()
}

fn begin() -> Vec<u8> {
    let mut out = 0x223E_9F78_u32.to_le_bytes().to_vec();
    out.extend([1, 0]);
    out
}

pub fn seeds() -> Vec<Vec<u8>> {
    let mut files = begin();
    attribute(&mut files, 1, 0x0002_800C, b"Text\0");
    attribute(&mut files, 2, 0x0006_9002, &[0; 14]);
    attribute(&mut files, 2, 0x0001_8010, b"a.txt\0");
    attribute(&mut files, 2, 0x0006_800F, b"hallo");
    let named = list(&[
        variable(0x1F, 0x3707, b"a\0.\0t\0\0\0"),
        variable(0x1E, 0x3712, b"c\0"),
    ]);
    attribute(&mut files, 2, 0x0006_9005, &named);
    let mut packed = begin();
    let rtf = [
        &[0, 0, 0, 0, 200, 0, 0, 0][..],
        b"LZFu\0\0\0\0",
        b"\0{\\rtf1 H\0allo\\par\x03 \0\x00\x0d\x10}",
    ]
    .concat();
    attribute(
        &mut packed,
        1,
        0x0006_9003,
        &list(&[variable(0x102, 0x1009, &rtf)]),
    );
    let mut inner = begin();
    let object = [&[0; 16][..], &files].concat();
    let object = list(&[variable(0x0D, 0x3701, &object)]);
    attribute(&mut inner, 2, 0x0006_9005, &object);
    vec![files, packed, inner]
}

/// Never more than was there, the RTF left out, which has a limit of its own.
pub fn unwraps(input: &[u8]) -> Result<Seen, String> {
    let Some(found) = tnef::unwrap(input) else {
        return Ok(shape("none"));
    };
    let bytes: usize = found.files.iter().map(|file| file.bytes.len()).sum();
    if bytes > input.len() {
        return Err(format!("{bytes} bytes of files from {}", input.len()));
    }
    if found.files.len() > 200 {
        return Err(format!("{} files", found.files.len()));
    }
    if found.text.len() > 13 * 1024 * 1024 {
        return Err(format!("a text of {} bytes", found.text.len()));
    }
    if tnef::unwrap(input).as_ref() != Some(&found) {
        return Err("says something else the second time".into());
    }
    Ok(shape((
        found.files.len(),
        about(bytes),
        about(found.text.len()),
        about(found.html.len()),
        found.files.iter().any(|file| file.cid.is_some()),
    )))
}
