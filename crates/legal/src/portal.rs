//! The public pages of the documents.

use crate::document::{Document, Documents, Kind};
use kernel::Locale;
use rust_embed::RustEmbed;
use serde::Serialize;
use web::{Error, Guest, Page, Path, Result};

pub const IMPRINT: Path = Path::new("/impressum");
pub const PRIVACY: Path = Path::new("/datenschutz");
pub const TERMS: Path = Path::new("/agb");
pub const WITHDRAWAL: Path = Path::new("/widerruf");
pub const ACCESSIBILITY: Path = Path::new("/barrierefreiheit");

#[derive(RustEmbed)]
#[folder = "templates"]
pub(crate) struct Templates;

#[derive(Serialize)]
pub(crate) struct DocumentPage {
    title: String,
    /// HTML of our own making (see `markdown`).
    body: String,
    version: String,
    sample: bool,
    /// Set when the text is in another language than the page.
    foreign: Option<&'static str>,
}

impl DocumentPage {
    fn of(document: &Document) -> Self {
        DocumentPage {
            title: document.title.clone(),
            body: document.html.clone(),
            version: document.version.clone(),
            sample: document.sample,
            foreign: (document.written_in != document.locale).then(|| document.written_in.as_str()),
        }
    }
}

impl Page for DocumentPage {
    const TEMPLATE: &'static str = "legal/document.html";
    fn samples() -> Vec<Self> {
        let page = |sample, foreign| DocumentPage {
            title: "Impressum".into(),
            body: "<p>Nordlicht Hosting GmbH</p>".into(),
            version: "5f2a90c41b7e".into(),
            sample,
            foreign,
        };
        vec![page(true, None), page(false, Some("de"))]
    }
}

pub(crate) async fn imprint(cx: Guest) -> Result {
    show(&cx, Kind::Imprint)
}
pub(crate) async fn privacy(cx: Guest) -> Result {
    show(&cx, Kind::Privacy)
}
pub(crate) async fn terms(cx: Guest) -> Result {
    show(&cx, Kind::Terms)
}
pub(crate) async fn withdrawal(cx: Guest) -> Result {
    show(&cx, Kind::Withdrawal)
}
pub(crate) async fn accessibility(cx: Guest) -> Result {
    show(&cx, Kind::Accessibility)
}

fn show(cx: &Guest, kind: Kind) -> Result {
    let locale: Locale = cx.ctx.locale;
    let documents = cx
        .app
        .state::<Documents>()
        .ok_or_else(|| Error::internal("no legal documents given at start"))?;
    let document = documents.get(kind, locale).ok_or(Error::NotFound)?;
    cx.page(DocumentPage::of(document))
}
