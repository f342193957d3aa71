//! Reads a form with files as it comes in: never more in memory than a piece of it.
//!
//! Strict where browsers are: nothing before the first part, a name on every part, an end. What others send is refused.

use axum::body::Bytes;
use futures_util::{Stream, StreamExt};
use memchr::memmem;

/// The head of one part; names of 5,000 bytes fit in.
const HEAD: usize = 16 << 10;

/// Why it cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It ended in the middle, or the line was cut.
    Cut,
    /// It is not what it says.
    Bad,
}

/// What stands over a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub name: String,
    /// The name of a file, as it was sent; `None` for a field.
    pub file: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Begin,
    Part,
    /// Behind a part's end.
    Border,
    End,
}

/// A body, part by part.
pub struct Multipart<S> {
    body: S,
    held: Vec<u8>,
    border: Vec<u8>,
    at: At,
}

/// The border named in a `Content-Type`, when it is one of a form with files.
pub fn border(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let found = rest.split(';').find_map(|option| {
        let (name, value) = option.trim().split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then_some(value.trim())
    })?;
    let found = found
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(found);
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&b);
    ((1..=70).contains(&found.len()) && found.bytes().all(fits)).then_some(found)
}

impl<S, E> Multipart<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    /// `border` as [`border`] gives it.
    pub fn new(body: S, border: &str) -> Self {
        Multipart {
            body,
            // the first border has no line before it; with one, all are alike
            held: b"\r\n".to_vec(),
            border: format!("\r\n--{border}").into_bytes(),
            at: At::Begin,
        }
    }

    /// The next part; what is left of the present one is passed over. `None` at the end.
    ///
    /// # Errors
    /// What cannot be read.
    pub async fn next(&mut self) -> Result<Option<Head>, Fault> {
        match self.at {
            At::Begin => {
                while self.held.len() < self.border.len() {
                    self.more().await?;
                }
                if !self.held.starts_with(&self.border) {
                    return Err(Fault::Bad);
                }
                self.held.drain(..self.border.len());
            }
            At::Part => while self.chunk().await?.is_some() {},
            At::Border => {}
            At::End => return Ok(None),
        }
        while self.held.len() < 2 {
            self.more().await?;
        }
        if self.held.starts_with(b"--") {
            self.at = At::End;
            return Ok(None);
        }
        let end = loop {
            if let Some(end) = memmem::find(&self.held, b"\r\n\r\n") {
                break end;
            }
            if self.held.len() > HEAD {
                return Err(Fault::Bad);
            }
            self.more().await?;
        };
        if end > HEAD || !self.held.starts_with(b"\r\n") {
            return Err(Fault::Bad);
        }
        let lines = self.held.get(2..end).ok_or(Fault::Bad)?;
        let head = head(&String::from_utf8_lossy(lines)).ok_or(Fault::Bad)?;
        self.held.drain(..end + 4);
        self.at = At::Part;
        Ok(Some(head))
    }

    /// The next piece of the present part; `None` at its end.
    ///
    /// # Errors
    /// What cannot be read.
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if self.at != At::Part {
            return Ok(None);
        }
        loop {
            match memmem::find(&self.held, &self.border) {
                Some(0) => {
                    self.held.drain(..self.border.len());
                    self.at = At::Border;
                    return Ok(None);
                }
                Some(end) => return Ok(Some(self.held.drain(..end).collect())),
                None => {
                    // a border may have begun at the end
                    let sure = self.held.len().saturating_sub(self.border.len() - 1);
                    if sure > 0 {
                        return Ok(Some(self.held.drain(..sure).collect()));
                    }
                    self.more().await?;
                }
            }
        }
    }

    async fn more(&mut self) -> Result<(), Fault> {
        match self.body.next().await {
            Some(Ok(bytes)) => {
                self.held.extend_from_slice(&bytes);
                Ok(())
            }
            Some(Err(_)) | None => Err(Fault::Cut),
        }
    }
}

fn head(lines: &str) -> Option<Head> {
    let disposition = lines.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value.trim())
    })?;
    let (kind, rest) = disposition.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let (mut name, mut file) = (None, None);
    let mut rest = rest.trim_start();
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(';').unwrap_or(after.len())),
        };
        match key.trim().to_ascii_lowercase().as_str() {
            "name" if name.is_none() => name = Some(unescaped(value)),
            "filename" if file.is_none() => file = Some(unescaped(value)),
            _ => {}
        }
        rest = after.trim_start().trim_start_matches(';').trim_start();
    }
    Some(Head { name: name?, file })
}

/// As browsers write what would end a name.
fn unescaped(value: &str) -> String {
    value
        .replace("%22", "\"")
        .replace("%0D", "\r")
        .replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, stream};
    use proptest::prelude::*;

    type Part = (Head, Vec<u8>);

    fn read(body: &[u8], border: &str, step: usize) -> Result<Vec<Part>, Fault> {
        let pieces: Vec<Result<Bytes, ()>> = body
            .chunks(step.max(1))
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        let reading = async {
            let mut form = Multipart::new(stream::iter(pieces), border);
            let mut parts = Vec::new();
            while let Some(head) = form.next().await? {
                let mut bytes = Vec::new();
                while let Some(piece) = form.chunk().await? {
                    bytes.extend(piece);
                }
                parts.push((head, bytes));
            }
            Ok(parts)
        };
        reading.now_or_never().expect("nothing waits")
    }

    fn write(parts: &[(&str, Option<&str>, &[u8])], border: &str) -> Vec<u8> {
        let mut out = Vec::new();
        for (name, file, bytes) in parts {
            out.extend_from_slice(
                format!("--{border}\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes(),
            );
            if let Some(file) = file {
                out.extend_from_slice(
                    format!("; filename=\"{file}\"\r\nContent-Type: text/html").as_bytes(),
                );
            }
            out.extend_from_slice(b"\r\n\r\n");
            out.extend_from_slice(bytes);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(format!("--{border}--\r\n").as_bytes());
        out
    }

    #[test]
    fn a_form_of_a_browser_is_read() {
        let body = write(
            &[
                ("csrf", None, b"abc"),
                ("text", None, "Gr\u{fc}\u{df}e\r\n--nicht".as_bytes()),
                ("files", Some("a%22b;c.txt"), b"\r\n\r\n--x\r\n"),
                ("files", Some(""), b""),
            ],
            "x--y",
        );
        for step in [1, 2, 3, 7, 1000] {
            let parts = read(&body, "x--y", step).unwrap();
            assert_eq!(parts.len(), 4, "{step}");
            assert_eq!(
                parts[0],
                (
                    Head {
                        name: "csrf".into(),
                        file: None
                    },
                    b"abc".to_vec()
                )
            );
            assert_eq!(parts[1].1, "Gr\u{fc}\u{df}e\r\n--nicht".as_bytes());
            assert_eq!(parts[2].0.file.as_deref(), Some("a\"b;c.txt"));
            assert_eq!(parts[2].1, b"\r\n\r\n--x\r\n");
            assert_eq!(parts[3].0.file.as_deref(), Some(""));
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let good = write(&[("a", None, b"1")], "x");
        for end in 0..good.len() - 4 {
            assert!(read(&good[..end], "x", 5).is_err(), "{end}");
        }
        for bad in [
            b"".as_slice(),
            b"preamble\r\n--x\r\n\r\n\r\n--x--",
            b"--x\r\n\r\nno name\r\n--x--",
            b"--x\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--x--",
            b"--x\r\nContent-Disposition: form-data; filename=\"a\"\r\n\r\n1\r\n--x--",
            b"--xy\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--",
        ] {
            assert!(
                read(bad, "x", 9).is_err(),
                "{}",
                String::from_utf8_lossy(bad)
            );
        }
        // a head without end is not gathered
        let mut endless = b"--x\r\nContent-Disposition: form-data; name=\"".to_vec();
        endless.extend(std::iter::repeat_n(b'a', 1 << 20));
        assert_eq!(read(&endless, "x", 4096), Err(Fault::Bad));
    }

    #[test]
    fn the_border_is_read() {
        for (sent, found) in [
            ("multipart/form-data; boundary=abc", Some("abc")),
            (
                "Multipart/Form-Data; charset=x; Boundary=\"a b\"",
                Some("a b"),
            ),
            ("multipart/form-data", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/form-data; boundary=a\u{e4}", None),
            ("multipart/mixed; boundary=abc", None),
            ("application/x-www-form-urlencoded", None),
        ] {
            assert_eq!(border(sent), found, "{sent}");
        }
    }

    proptest! {
        #[test]
        fn fuzz_any_bytes_end_and_are_read_alike_in_any_pieces(
            body in prop::collection::vec(
                prop_oneof![
                    any::<u8>().prop_map(|b| vec![b]),
                    Just(b"\r\n--x".to_vec()),
                    Just(b"--x\r\n".to_vec()),
                    Just(b"\r\n\r\n".to_vec()),
                    Just(b"--".to_vec()),
                    Just(b"Content-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\n".to_vec()),
                ],
                0..60,
            ),
            step in 1usize..40,
        ) {
            let body = [b"--x".to_vec(), body.concat()].concat();
            prop_assert_eq!(read(&body, "x", step), read(&body, "x", body.len()));
        }

        #[test]
        fn what_was_written_is_read(bytes in prop::collection::vec(any::<u8>(), 0..300), step in 1usize..50) {
            let body = write(&[("f", Some("n"), &bytes)], "grenze7");
            if memmem::find(&bytes, b"\r\n--grenze7").is_none() {
                prop_assert_eq!(&read(&body, "grenze7", step).unwrap()[0].1, &bytes);
            }
        }
    }
}
