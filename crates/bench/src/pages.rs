//! The pages that are measured.

use crate::http::get;
use crate::visitors::Visitor;
use std::net::SocketAddr;

/// Who opens a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Guest,
    Member,
    Desk,
}

#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub name: &'static str,
    path: &'static str,
    who: Who,
}

const fn page(name: &'static str, path: &'static str, who: Who) -> Page {
    Page { name, path, who }
}

/// The ones that have goals of their own.
pub const SEARCH: &str = "desk search";
pub const ARTICLES: &str = "article search";

pub const PAGES: [Page; 13] = [
    page("sign-in page", "/anmelden", Who::Guest),
    page("account overview", "/konto", Who::Member),
    page("address book", "/konto/adressen", Who::Member),
    page("contacts", "/konto/kontakte", Who::Member),
    page("mail history", "/konto/mails", Who::Member),
    page("devices", "/profil/geraete", Who::Member),
    page("message list", "/nachrichten", Who::Member),
    page("thread", "/nachrichten/{message}", Who::Member),
    page(SEARCH, "/desk/suche?suche={word}", Who::Desk),
    page("customer file", "/desk/kunden/{customer}", Who::Desk),
    page("article list", "/wissen/alle", Who::Guest),
    page("article", "/wissen/artikel/{article}", Who::Guest),
    page(ARTICLES, "/wissen/suche?suche={question}", Who::Guest),
];

impl Page {
    pub fn path(self, visitor: &Visitor) -> String {
        self.path
            .replace("{message}", &visitor.message.to_string())
            .replace("{customer}", &visitor.customer.to_string())
            .replace("{word}", &visitor.word)
            .replace("{article}", &visitor.article)
            .replace("{question}", &visitor.question)
    }

    /// The cookie that lets the visitor in.
    pub fn cookie(self, visitor: &Visitor) -> Option<String> {
        match self.who {
            Who::Guest => None,
            Who::Member => Some(format!("tresen={}", visitor.token)),
            Who::Desk => Some(format!("tresen-desk={}", visitor.desk)),
        }
    }

    /// The request a visitor's browser sends.
    pub fn request(self, host: SocketAddr, visitor: &Visitor) -> Vec<u8> {
        get(host, &self.path(visitor), self.cookie(visitor).as_deref())
    }
}
