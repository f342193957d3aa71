//! Cookies and form tokens.

use crate::app::App;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::World;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The notice after a redirect: a text key.
pub fn notice_name(app: &App) -> &'static str {
    if app.settings().secure() {
        "__Host-tresen-hinweis"
    } else {
        "tresen-hinweis"
    }
}

/// The chosen language.
pub fn language_name(app: &App) -> &'static str {
    if app.settings().secure() {
        "__Host-tresen-sprache"
    } else {
        "tresen-sprache"
    }
}

/// The name of the session cookie: host-bound where the portal has a certificate.
pub fn session_name(app: &App, desk: bool) -> &'static str {
    match (app.settings().secure(), desk) {
        (true, false) => "__Host-tresen",
        (true, true) => "__Host-tresen-desk",
        (false, false) => "tresen",
        (false, true) => "tresen-desk",
    }
}

/// The short-lived cookie that guards the forms of visitors.
pub fn guest_name(app: &App) -> &'static str {
    if app.settings().secure() {
        "__Host-tresen-gast"
    } else {
        "tresen-gast"
    }
}

/// The cookie of staff who look at the portal with a customer's eyes: beside an own session there, never in its place.
pub fn view_name(app: &App) -> &'static str {
    if app.settings().secure() {
        "__Host-tresen-ansicht"
    } else {
        "tresen-ansicht"
    }
}

/// The cookie of a browser in which somebody has signed in before.
pub fn device_name(app: &App) -> &'static str {
    if app.settings().secure() {
        "__Host-tresen-geraet"
    } else {
        "tresen-geraet"
    }
}

/// The cookie between password and second factor.
pub fn step_name(app: &App) -> &'static str {
    if app.settings().secure() {
        "__Host-tresen-schritt"
    } else {
        "tresen-schritt"
    }
}

fn append(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

pub(crate) fn set(
    app: &App,
    response: &mut Response,
    name: &str,
    value: &str,
    seconds: Option<u64>,
) {
    let secure = if app.settings().secure() {
        "; Secure"
    } else {
        ""
    };
    let age = seconds
        .map(|s| format!("; Max-Age={s}"))
        .unwrap_or_default();
    append(
        response,
        &format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"),
    );
}

pub(crate) fn set_session(
    app: &App,
    response: &mut Response,
    name: &str,
    token: &str,
    seconds: u64,
) {
    set(app, response, name, token, Some(seconds));
}

/// SHA-256 of a session token, as the gate looks it up.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

pub(crate) fn fingerprint(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form-key:{secret}")))
}

fn bound(nonce: &str, secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("form-token:{nonce}:{secret}")))
}

/// A form token: a nonce, so that compressed pages do not give it away bit by bit, for whom the form was drawn
/// (`acting`, letters and digits), and the bond of both to the cookie.
pub(crate) fn form_token(world: &World, secret: &str, acting: &str) -> String {
    let nonce = URL_SAFE_NO_PAD.encode(world.bytes::<9>());
    let said = format!("{nonce}.{acting}");
    let bond = bound(&said, secret);
    format!("{said}.{bond}")
}

/// For whom the form was drawn; `None` when the token does not fit.
pub(crate) fn form_token_for<'a>(token: &'a str, secret: &str) -> Option<&'a str> {
    let (said, bond) = token.rsplit_once('.')?;
    let fits: bool = bound(said, secret).as_bytes().ct_eq(bond.as_bytes()).into();
    let (_, acting) = said.split_once('.')?;
    fits.then_some(acting)
}

/// The cookies of a request; a header that is no text counts as none.
pub(crate) fn read(headers: &axum::http::HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .take(64)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
