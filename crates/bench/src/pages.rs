//! The pages that are measured.

use crate::http::get;
use crate::visitors::Visitor;
use std::net::SocketAddr;

#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub name: &'static str,
    path: &'static str,
    pub signed_in: bool,
}

const fn page(name: &'static str, path: &'static str, signed_in: bool) -> Page {
    Page {
        name,
        path,
        signed_in,
    }
}

pub const PAGES: [Page; 5] = [
    page("sign-in page", "/anmelden", false),
    page("account overview", "/konto", true),
    page("address book", "/konto/adressen", true),
    page("message list", "/nachrichten", true),
    page("thread", "/nachrichten/{id}", true),
];

impl Page {
    pub fn path(self, visitor: &Visitor) -> String {
        self.path.replace("{id}", &visitor.message.to_string())
    }

    /// The request a visitor's browser sends.
    pub fn request(self, host: SocketAddr, visitor: &Visitor) -> Vec<u8> {
        get(
            host,
            &self.path(visitor),
            self.signed_in.then_some(visitor.token.as_str()),
        )
    }
}
