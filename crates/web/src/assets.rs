//! Style sheet, script and icons: joined, hashed and compressed once at start, cached for a year by the browser.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;

/// One file as it is served.
pub struct Asset {
    pub name: &'static str,
    /// `/assets/app.HASH.css`
    pub url: String,
    pub mime: &'static str,
    pub plain: axum::body::Bytes,
    pub gzip: axum::body::Bytes,
}

/// All files.
pub struct Assets(Vec<Asset>);

const LAYERS: [(&str, &str); 4] = [
    ("tokens", include_str!("../../../assets/css/tokens.css")),
    ("base", include_str!("../../../assets/css/base.css")),
    ("parts", include_str!("../../../assets/css/parts.css")),
    ("pages", include_str!("../../../assets/css/pages.css")),
];

impl Assets {
    pub fn load() -> Self {
        let mut css = String::from("@layer tokens, base, parts, pages;\n");
        for (layer, source) in LAYERS {
            css.push_str(&format!("@layer {layer} {{\n{source}\n}}\n"));
        }
        Assets(vec![
            asset(
                "app.css",
                "text/css; charset=utf-8",
                squeeze(&css).into_bytes(),
            ),
            asset(
                "app.js",
                "text/javascript; charset=utf-8",
                include_bytes!("../../../assets/js/app.js").to_vec(),
            ),
            asset(
                "passkeys.js",
                "text/javascript; charset=utf-8",
                include_bytes!("../../../assets/js/passkeys.js").to_vec(),
            ),
            asset(
                "icons.svg",
                "image/svg+xml",
                include_bytes!("../../../assets/icons.svg").to_vec(),
            ),
            asset(
                "mark.svg",
                "image/svg+xml",
                include_bytes!("../../../assets/mark.svg").to_vec(),
            ),
        ])
    }

    pub fn url(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|a| a.name == name)
            .map(|a| a.url.as_str())
    }

    pub fn by_url(&self, url: &str) -> Option<&Asset> {
        self.0.iter().find(|a| a.url == url)
    }
}

/// Leading blanks and comments are left out; the rest is gzip's work.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn asset(name: &'static str, mime: &'static str, bytes: Vec<u8>) -> Asset {
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes).get(..9).unwrap_or_default());
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    Asset {
        name,
        url: format!("/assets/{stem}.{hash}.{ending}"),
        mime,
        gzip: gzip(&bytes, Compression::best()).into(),
        plain: bytes.into(),
    }
}

/// The bytes compressed; as they are when that fails, which memory alone could cause.
pub fn gzip(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    if encoder.write_all(bytes).is_err() {
        return Vec::new();
    }
    encoder.finish().unwrap_or_default()
}
