//! One mail that came in and stands in a customer's ticket, as the customer and as staff reads it (ACC-7).
//!
//! Its text is the whole, with what it quotes set apart; links that let somebody in are taken out. Its HTML is not shown.

use crate::history;
use customers::customer::desk as customer_file;
use customers::rights::MAILS;
use identity::rights::MAILS_VIEW;
use intake::InboundId;
use intake::store::{Came as Stored, Shown};
use kernel::{Moment, is_blank};
use serde::Serialize;
use web::{Access, Cx, Link, Member, Module, Page, Param, Path1, Result, Staff};

pub const ONE: Path1 = Path1::new("/konto/mails/eingang/{id}");
pub const DESK: Path1 = Path1::new("/desk/vorgaenge/mails/eingang/{id}");

pub fn add(module: Module) -> Module {
    module
        .get(ONE, Access::member(MAILS), show)
        .get(DESK, Access::staff(MAILS_VIEW), desk)
        .page::<OnePage>()
        .page::<DeskPage>()
}

/// What is shown of it.
#[derive(Debug, Clone, Serialize)]
pub struct Came {
    pub subject: String,
    pub from: String,
    pub to: Vec<String>,
    pub text: Vec<Piece>,
    /// Names.
    pub files: Vec<String>,
    pub at: Moment,
}

/// Lines of a text that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Marked with `>`, which is taken off once.
    pub quoted: bool,
    pub text: String,
}

impl Piece {
    fn all(text: &str) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for line in text.lines() {
            let rest = line.strip_prefix('>');
            let line = rest.map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest));
            match pieces.last_mut() {
                Some(last) if last.quoted == rest.is_some() => {
                    last.text.push('\n');
                    last.text.push_str(line);
                }
                _ => pieces.push(Piece {
                    quoted: rest.is_some(),
                    text: line.to_owned(),
                }),
            }
        }
        pieces.retain(|piece| !is_blank(&piece.text));
        pieces
    }
}

impl Came {
    fn samples() -> Vec<Self> {
        let full = Came {
            subject: "Re: <Kasse>".into(),
            from: "Jana Petersen <jana@post.example>".into(),
            to: vec!["support@nordlicht.example".into()],
            text: Piece::all("Guten <Tag>\n\n> [Link entfernt]"),
            files: vec!["bild <1>.png".into()],
            at: Moment::from_micros(1_795_000_000_000_000),
        };
        let empty = Came {
            subject: String::new(),
            to: Vec::new(),
            text: Vec::new(),
            files: Vec::new(),
            ..full.clone()
        };
        vec![full, empty]
    }
}

#[derive(Debug, Serialize)]
pub struct OnePage {
    pub mail: Came,
    pub list: Link,
}

impl Page for OnePage {
    const TEMPLATE: &'static str = "operations/history/came.html";
    fn samples() -> Vec<Self> {
        let list = Link {
            href: history::LIST.url(),
            label: "E-Mail-Verlauf".into(),
        };
        let page = |mail| OnePage {
            mail,
            list: list.clone(),
        };
        Came::samples().into_iter().map(page).collect()
    }
}

#[derive(Debug, Serialize)]
pub struct DeskPage {
    pub mail: Came,
    pub customer: Link,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "operations/came.html";
    fn samples() -> Vec<Self> {
        let customer = Link {
            href: "/desk/kunden/1".into(),
            label: "Jana, K-10001".into(),
        };
        let page = |mail| DeskPage {
            mail,
            customer: customer.clone(),
        };
        Came::samples().into_iter().map(page).collect()
    }
}

async fn show(cx: Member, Param(id): Param<InboundId>) -> Result {
    let mut tx = cx.read().await?;
    let one = intake::store::one_of_customer(&mut tx, cx.customer, id).await?;
    let list = Link {
        href: history::LIST.url(),
        label: cx.text("history-nav"),
    };
    let mail = read(&cx, one);
    cx.page(OnePage { mail, list })
}

async fn desk(cx: Staff, Param(id): Param<InboundId>) -> Result {
    let mut tx = cx.read().await?;
    let customer = intake::store::customer_of(&mut tx, id).await?;
    let one = intake::store::one_of_customer(&mut tx, customer, id).await?;
    let prefix = &cx.app.settings().number_prefix;
    let label = customers::customer::label(&mut tx, customer, prefix).await?;
    let customer = Link {
        href: customer_file::FILE.to(customer),
        label: format!("{}, {}", label.name, label.number),
    };
    let mail = read(&cx, one);
    cx.page(DeskPage { mail, customer })
}

fn read(cx: &Cx, (stored, shown): (Stored, Shown)) -> Came {
    let veiled = |text: &str| mail::veiled(text, &cx.app.settings().public_url, cx.ctx.locale);
    Came {
        subject: veiled(&stored.subject),
        from: if shown.from.is_empty() {
            stored.sender
        } else {
            shown.from
        },
        to: shown.to.iter().map(|to| veiled(to)).collect(),
        text: Piece::all(&veiled(&shown.text)),
        files: shown.files,
        at: stored.received_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acc_7_what_a_mail_quotes_is_set_apart_and_nothing_of_it_gets_lost() {
        let all = |text| {
            let pieces = Piece::all(text).into_iter();
            pieces
                .map(|piece| (piece.quoted, piece.text))
                .collect::<Vec<_>>()
        };
        let said = |text: &str| (false, text.to_owned());
        let quoted = |text: &str| (true, text.to_owned());
        assert_eq!(all(""), []);
        assert_eq!(all(" \n>\n> \n"), []);
        assert_eq!(all("Ja.\n\nGern."), [said("Ja.\n\nGern.")]);
        assert_eq!(
            all("Ja.\n\nAm 1. schrieb Anna:\n> Geht das?\n>\n>> Und das?\n>Bitte.\n\nGruß"),
            [
                said("Ja.\n\nAm 1. schrieb Anna:"),
                quoted("Geht das?\n\n> Und das?\nBitte."),
                said("\nGruß"),
            ]
        );
        assert_eq!(all("a > b\n>"), [said("a > b")]);
    }
}
