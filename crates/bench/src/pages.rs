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
    /// Milliseconds of CPU that it may cost.
    pub goal: f64,
}

const fn page(name: &'static str, path: &'static str, who: Who) -> Page {
    Page {
        name,
        path,
        who,
        goal: 0.30,
    }
}

/// The one that has a goal of its own: milliseconds until it has answered.
pub const SEARCH: &str = "desk search";

pub const PAGES: [Page; 19] = [
    page("sign-in page", "/anmelden", Who::Guest),
    page("account overview", "/konto", Who::Member),
    page("address book", "/konto/adressen", Who::Member),
    page("contacts", "/konto/kontakte", Who::Member),
    page("mail history", "/konto/mails", Who::Member),
    page("devices", "/profil/geraete", Who::Member),
    page("message list", "/nachrichten", Who::Member).within(0.40),
    page("thread", "/nachrichten/{message}", Who::Member).within(0.40),
    page("ticket list", "/tickets", Who::Member).within(0.40),
    page("ticket", "/tickets/{ticket}", Who::Member).within(0.40),
    page("desk queue", "/desk/tickets", Who::Desk).within(0.40),
    page("queue, narrowed", "/desk/tickets?{narrow}", Who::Desk).within(0.40),
    page("desk ticket", "/desk/tickets/{ticket}", Who::Desk).within(0.40),
    page(
        "ticket search",
        "/desk/tickets/suche?suche={said}",
        Who::Desk,
    )
    .within(3.0),
    page(SEARCH, "/desk/suche?suche={word}", Who::Desk),
    page("customer file", "/desk/kunden/{customer}", Who::Desk),
    page("article list", "/wissen/alle", Who::Guest).within(0.40),
    page("article", "/wissen/artikel/{article}", Who::Guest).within(0.40),
    page(
        "article search",
        "/wissen/suche?suche={question}",
        Who::Guest,
    )
    .within(3.0),
];

/// How the desk narrows its queue.
pub const NARROW: [&str; 6] = [
    "abteilung=buchhaltung",
    "bei=ich",
    "zustand=neu&art=ticket",
    "zustand=alle&bei=niemand",
    "prioritaet=high",
    "zustand=geschlossen",
];

impl Page {
    const fn within(self, goal: f64) -> Self {
        Page { goal, ..self }
    }

    pub fn path(self, visitor: &Visitor) -> String {
        self.path
            .replace("{message}", &visitor.message.to_string())
            .replace("{ticket}", &visitor.ticket.to_string())
            .replace("{narrow}", visitor.narrow)
            .replace("{said}", &visitor.said)
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
