//! The web frame: modules and routes, request context, forms, pages, texts, templates, mails' words, assets.
//!
//! What is here: everything two contexts would otherwise write twice. What is not: any word of the product.
//! A request goes `app` (one layer: body, session, access, origin, token) → handler → `cx.page` or `cx.done`.

mod access;
mod app;
mod assets;
mod client;
mod cookies;
mod cx;
mod download;
mod error;
pub mod form;
mod frame;
mod gate;
mod handler;
mod late;
mod list;
mod mails;
mod meter;
mod module;
pub mod multipart;
mod path;
mod sweep;
mod templates;
mod texts;
mod upload;

pub use access::{Access, Right, Rights};
pub use app::{
    ACCOUNT, App, BadParts, CONFIRM, DESK, DESK_SEARCH, DESK_SIGN_IN, ErrorPage, Parts, RouteInfo,
    SIGN_IN, START, Settings, VIEW_END,
};
pub use cookies::hash as token_hash;
pub use cx::{Cx, Guest, Info, Member, Staff, Who, bad, redirect, safe_next};
pub use download::{FileView, Policy, Reader, UnscannedPage, size_text};
pub use error::{Error, Result};
pub use form::{Bad, Fault, Files, Form, FormView, Held, Link, RawForm, Upload};
pub use gate::{Acting, Gate, MemberSession, Membership, StaffSession, Viewer};
pub use handler::{Param, Posted};
pub use late::LateApp;
pub use list::{PAGE, Pager};
pub use mails::{Envelope, MailPage, Words, draw, send_mail, send_mail_with};
pub use meter::{BOUNDS, Metered};
pub use module::{FileTab, Hit, Method, Module, Nav, Place, Tile, Today};
pub use path::{Path, Path1, Pattern};
pub use sweep::registry;
pub use templates::{Page, Sampled, escape, linebreaks};
pub use texts::{Args, Texts};

#[derive(rust_embed::RustEmbed)]
#[folder = "templates"]
struct Embedded;

const LANGUAGE: Path = Path::new("/sprache");

fn own_module() -> Module {
    Module::new("web")
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .texts(
            include_str!("../texts/core.de.ftl"),
            include_str!("../texts/core.en.ftl"),
        )
        .texts(
            include_str!("../texts/files.de.ftl"),
            include_str!("../texts/files.en.ftl"),
        )
        .templates::<Embedded>()
        .page::<ErrorPage>()
        .page::<UnscannedPage>()
        .get(LANGUAGE, Access::open(), language)
}

/// Changes the language of this browser, and goes back.
async fn language(cx: Guest) -> Result {
    let next = cx.query("zu").and_then(safe_next).unwrap_or("/").to_owned();
    let mut response = redirect(&next);
    if let Some(locale) = cx.query("auf").and_then(kernel::Locale::parse) {
        cx.set_cookie(
            &mut response,
            cookies::language_name(&cx.app),
            locale.as_str(),
            Some(365 * 86400),
        );
    }
    Ok(response)
}
