//! Files on their way out: how they are called, what a browser may do with them, and who gets what no scanner has seen.

use crate::cx::Cx;
use crate::error::{Error, Result};
use crate::templates::Page;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;
use files::{File, Picture, Scan, Store, Unscanned};
use kernel::Locale;
use serde::Serialize;
use std::sync::Arc;

/// In a link: the picture drawn anew, to be shown in a page.
const PICTURE: &str = "bild";
/// In a link: staff takes what no scanner has seen.
const ANYWAY: &str = "trotzdem";

/// For whom a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The customer's side, and guests.
    Customer,
    Staff,
}

/// What becomes of a file as the scanner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stand {
    Open,
    /// Nobody looked at it, and nobody was asked to.
    Unseen,
    /// No answer yet; staff may take it after a warning.
    Warned,
    Waiting,
    Infected,
}

fn stand(store: &Store, file: &File, reader: Reader) -> Stand {
    match (file.scan, store.scanner(), reader) {
        (Scan::Clean, ..) => Stand::Open,
        (Scan::Infected, ..) => Stand::Infected,
        (Scan::Unscanned, None, _) => Stand::Unseen,
        (Scan::Unscanned, Some(_), Reader::Staff) if store.unscanned() == Unscanned::Warn => {
            Stand::Warned
        }
        (Scan::Unscanned, Some(_), _) => Stand::Waiting,
    }
}

/// Answers under these headers, whatever the rest of the portal has.
#[derive(Clone, Copy)]
pub(crate) struct Sandboxed;

/// Answers under a content policy of its own, in place of the portal's: what is shown of strangers.
#[derive(Clone, Copy)]
pub struct Policy(pub &'static str);

pub(crate) const SANDBOX: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

impl Cx {
    fn files(&self) -> Result<Arc<Store>> {
        self.app
            .state::<Store>()
            .ok_or_else(|| Error::internal("no store of files was put in at start"))
    }

    /// The file, to be kept and not to be shown; with `?bild` its picture, drawn anew, to be shown. The caller has found
    /// out that this reader may have it.
    ///
    /// # Errors
    /// A file that is infected or not yet scanned; a store that does not answer.
    pub async fn send_file(&self, file: &File, reader: Reader) -> Result {
        let store = self.files()?;
        match stand(&store, file, reader) {
            Stand::Open | Stand::Unseen => {}
            Stand::Infected => return Err(Error::Withheld("file-infected")),
            Stand::Waiting => return Err(Error::Withheld("file-unscanned")),
            Stand::Warned if self.query(ANYWAY).is_some() => {}
            Stand::Warned => {
                return self.page(UnscannedPage {
                    name: file.name.clone(),
                    href: self.link_with(ANYWAY, Some("ja")),
                });
            }
        }
        if self.query(PICTURE).is_some() {
            return self.send_picture(&store, file).await;
        }
        let content = files::stream(&store, &self.ctx.world, file).await?;
        let kind = files::served_as(&file.kind);
        let mut response = answer(Body::from_stream(content), kind, &file.name, "attachment");
        let length = HeaderValue::from(file.size);
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length);
        Ok(response)
    }

    /// Bytes that lie in no store, to be kept and not to be shown. The caller has found out that this reader may have
    /// them.
    pub fn send_bytes(&self, name: &str, bytes: Vec<u8>) -> Response {
        let length = HeaderValue::from(bytes.len());
        let kind = "application/octet-stream";
        let mut response = answer(Body::from(bytes), kind, &files::clean(name), "attachment");
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, length);
        response
    }

    /// So many bytes, as people read it.
    pub fn size(&self, bytes: i64) -> String {
        size_text(self.app.texts(), self.ctx.locale, bytes)
    }

    async fn send_picture(&self, store: &Store, file: &File) -> Result {
        if file.picture != Picture::Ready {
            return Err(Error::NotFound);
        }
        let drawn = files::picture(store, &self.ctx.world, file).await?;
        let (kind, ending) = if drawn.starts_with(b"\x89PNG") {
            ("image/png", "png")
        } else {
            ("image/jpeg", "jpg")
        };
        let stem = file
            .name
            .rsplit_once('.')
            .map_or(file.name.as_str(), |(stem, _)| stem);
        let name = format!("{stem}.{ending}");
        Ok(answer(Body::from(drawn), kind, &name, "inline"))
    }
}

fn answer(body: Body, kind: &'static str, name: &str, how: &str) -> Response {
    let mut response = Response::new(body);
    response.extensions_mut().insert(Sandboxed);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        HeaderName::from_static("x-download-options"),
        HeaderValue::from_static("noopen"),
    );
    let disposition = HeaderValue::from_str(&disposition(how, name))
        .unwrap_or(HeaderValue::from_static("attachment"));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    response
}

/// The name twice: in plain letters for those who read no other, and whole.
fn disposition(how: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            'ä' => 'a',
            'ö' => 'o',
            'ü' => 'u',
            'Ä' => 'A',
            'Ö' => 'O',
            'Ü' => 'U',
            'ß' => 's',
            '"' | '\\' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let mut whole = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// What staff is asked before a file that no scanner has seen.
#[derive(Debug, Serialize)]
pub struct UnscannedPage {
    pub name: String,
    pub href: String,
}

impl Page for UnscannedPage {
    const TEMPLATE: &'static str = "web/unscanned.html";
    fn samples() -> Vec<Self> {
        vec![UnscannedPage {
            name: "Auszug <1>.pdf".into(),
            href: "/desk/tickets/dateien/1?trotzdem=ja".into(),
        }]
    }
}

/// A file in a list (`parts.files`).
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    pub name: String,
    /// `None`: it is not given out.
    pub href: Option<String>,
    /// Kind and size, in words.
    pub about: String,
    /// What is to be said of it, with a tone and a sign.
    pub note: Option<String>,
    pub tone: &'static str,
    pub sign: &'static str,
    /// The link of its picture.
    pub picture: Option<String>,
    /// Whether its name tries to look like another one.
    pub odd: bool,
}

impl FileView {
    /// `href` leads to a handler that calls [`Cx::send_file`].
    pub fn of(cx: &Cx, file: &File, href: &str, reader: Reader) -> Self {
        let stand = match cx.files() {
            Ok(store) => stand(&store, file, reader),
            Err(_) => Stand::Waiting,
        };
        let (note, tone, sign) = match stand {
            Stand::Unseen if reader == Reader::Staff => (Some("file-note-unseen"), "", "info"),
            Stand::Open | Stand::Unseen => (None, "", "file"),
            Stand::Warned => (Some("file-note-unseen"), "warn", "warn"),
            Stand::Waiting => (Some("file-note-waiting"), "busy", "clock"),
            Stand::Infected => (Some("file-note-infected"), "bad", "ban"),
        };
        let open = !matches!(stand, Stand::Waiting | Stand::Infected);
        let shown = matches!(stand, Stand::Open | Stand::Unseen) && file.picture == Picture::Ready;
        FileView {
            name: file.name.clone(),
            href: open.then(|| href.to_owned()),
            about: format!(
                "{}, {}",
                cx.text(kind_key(&file.kind)),
                size_text(cx.app.texts(), cx.ctx.locale, file.size)
            ),
            note: note.map(|key| cx.text(key)),
            tone,
            sign,
            picture: shown.then(|| format!("{href}?{PICTURE}=ja")),
            odd: file.odd,
        }
    }

    /// One of each sort, for the samples of pages.
    pub fn samples() -> Vec<FileView> {
        let plain = FileView {
            name: "Auszug März.pdf".into(),
            href: Some("/tickets/dateien/1".into()),
            about: "PDF, 120 kB".into(),
            note: None,
            tone: "",
            sign: "file",
            picture: None,
            odd: false,
        };
        let picture = FileView {
            name: "Bildschirm <1>.png".into(),
            picture: Some("/tickets/dateien/2?bild=ja".into()),
            ..plain.clone()
        };
        let warned = FileView {
            name: "Rechnung.pdf.exe".into(),
            note: Some("nicht geprüft".into()),
            tone: "warn",
            sign: "warn",
            odd: true,
            ..plain.clone()
        };
        let infected = FileView {
            name: "lesen.zip".into(),
            href: None,
            note: Some("gesperrt".into()),
            tone: "bad",
            sign: "ban",
            ..plain.clone()
        };
        vec![plain, picture, warned, infected]
    }
}

fn kind_key(kind: &str) -> &'static str {
    match kind {
        "application/pdf" => "file-kind-pdf",
        "application/zip"
        | "application/gzip"
        | "application/x-tar"
        | "application/vnd.rar"
        | "application/x-7z-compressed"
        | "application/x-bzip2"
        | "application/x-xz" => "file-kind-archive",
        "text/html" | "text/xml" => "file-kind-page",
        "text/plain" => "file-kind-text",
        _ if kind.starts_with("image/") => "file-kind-picture",
        _ if kind.starts_with("audio/") => "file-kind-sound",
        _ if kind.starts_with("video/") => "file-kind-film",
        _ if kind.contains("officedocument")
            || kind.contains("opendocument")
            || kind == "application/msword" =>
        {
            "file-kind-document"
        }
        _ => "file-kind-other",
    }
}

/// As people read it: `820 Byte`, `14 kB`, `3,4 MB`.
pub fn size_text(texts: &crate::Texts, locale: Locale, size: i64) -> String {
    let (key, number) = match size {
        ..1_000 => ("file-size-bytes", size.to_string()),
        1_000..1_000_000 => ("file-size-kb", ((size + 500) / 1_000).to_string()),
        _ => {
            let tenths = (size + 50_000) / 100_000;
            let comma = if locale == Locale::De { ',' } else { '.' };
            (
                "file-size-mb",
                format!("{}{comma}{}", tenths / 10, tenths % 10),
            )
        }
    };
    texts
        .with(locale, key, &[("number", number.into())])
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_header_stays_one_header() {
        assert_eq!(
            disposition("attachment", "Rechnung März 5%.pdf"),
            "attachment; filename=\"Rechnung Marz 5_.pdf\"; filename*=UTF-8''Rechnung%20M%C3%A4rz%205%25.pdf"
        );
        for evil in [
            "a\"; filename=b",
            "a\r\nSet-Cookie: x",
            "\u{202E}fdp.exe",
            "日本語.pdf",
        ] {
            let said = disposition("attachment", &files::clean(evil));
            assert!(HeaderValue::from_str(&said).is_ok(), "{evil:?}");
            assert_eq!(said.matches('"').count(), 2, "{said}");
            assert!(said.is_ascii() && !said.contains(['\r', '\n']), "{said}");
        }
    }
}
