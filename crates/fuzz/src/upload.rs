//! Forms with files, in whatever pieces the line brings them.

use crate::targets::{Seen, about, shape};
use bytes::Bytes;
use std::convert::Infallible;
use tokio::runtime::{Builder, Runtime};
use web::multipart::{Fault, Head, Multipart, border};

pub const WORDS: &[&str] = &[
    "--b",
    "--b--",
    "\r\n",
    "\r\n\r\n",
    "\r\n--b\r\n",
    "Content-Disposition: form-data; ",
    "name=\"text\"",
    "name=x",
    "; filename=\"a.pdf\"",
    "filename=",
    "filename*=utf-8''a",
    "Content-Type: text/plain\r\n",
    "\"",
    "%22",
    "\\\"",
    "--",
    "b",
    ";",
    "=",
    "Content-Transfer-Encoding: base64\r\n",
];

pub fn bodies() -> Vec<Vec<u8>> {
    [
        "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nHallo\r\n--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n-1.7\r\n--b--\r\n",
        "--b\r\ncontent-disposition: form-data; name=a\r\n\r\n\r\n--b--",
    ]
    .map(|body| body.as_bytes().to_vec())
    .to_vec()
}

type Parts = Vec<(Head, Vec<u8>)>;

async fn parts(body: &[u8], piece: usize) -> (Parts, Option<Fault>) {
    let pieces: Vec<Result<Bytes, Infallible>> = body
        .chunks(piece.max(1))
        .map(|part| Ok(Bytes::copy_from_slice(part)))
        .collect();
    let mut reader = Multipart::new(futures_util::stream::iter(pieces), "b");
    let mut all = Parts::new();
    loop {
        match reader.next().await {
            Ok(Some(head)) => all.push((head, Vec::new())),
            Ok(None) => return (all, None),
            Err(fault) => return (all, Some(fault)),
        }
        loop {
            match reader.chunk().await {
                Ok(Some(bytes)) => {
                    if let Some((_, whole)) = all.last_mut() {
                        whole.extend(bytes);
                    }
                }
                Ok(None) => break,
                Err(fault) => return (all, Some(fault)),
            }
        }
    }
}

/// The pieces in which a body comes make no difference, and nothing comes out that did not come in.
pub fn reads(input: &[u8]) -> Result<Seen, String> {
    let runtime: Runtime = Builder::new_current_thread()
        .build()
        .map_err(|error| error.to_string())?;
    if let Some(found) = border(&String::from_utf8_lossy(input))
        && found.contains(['\r', '\n', '"'])
    {
        return Err(format!("a border of {found:?}"));
    }
    let (whole, fault) = runtime.block_on(parts(input, usize::MAX));
    let sum: usize = whole.iter().map(|(_, bytes)| bytes.len()).sum();
    if sum > input.len() {
        return Err(format!("{sum} bytes from {}", input.len()));
    }
    for piece in [1, 7, 1_000] {
        let (same, other) = runtime.block_on(parts(input, piece));
        // how far it came before a fault may differ: heads and what was read whole may not
        if fault.is_none() && (same != whole || other.is_some()) {
            return Err(format!("in pieces of {piece} it says something else"));
        }
        if fault.is_some() && other.is_none() {
            return Err(format!("in pieces of {piece} it can be read"));
        }
    }
    let fault = fault.map(|fault| fault == Fault::Cut);
    Ok(shape((
        whole.len().min(6),
        fault,
        about(sum),
        whole
            .iter()
            .filter(|(head, _)| head.file.is_some())
            .count()
            .min(3),
    )))
}
