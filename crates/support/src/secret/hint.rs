//! What becomes of a text that looks as if it held a secret: its author is asked, once, and decides.

use super::scan::{self, Kind};
use super::seal::Contents;
use super::{Ready, add, ready};
use crate::ticket::{Author, Ticket, TicketId, store};
use db::Tx;
use kernel::{Ctx, Secret};
use std::collections::BTreeSet;
use web::form::{Fault, Faults, Question, RawForm};
use web::{Bad, Cx, Result};

/// Name of the buttons under the question.
pub const CHOICE: &str = "sensibel";
/// Their values: move it over; leave it.
pub const MOVE: &str = "verschieben";
pub const LEAVE: &str = "belassen";

fn question(found: &[scan::Found]) -> Question {
    let kinds = Kind::ALL
        .iter()
        .filter(|kind| found.iter().any(|f| f.kind == **kind));
    Question {
        about: kinds
            .map(|kind| format!("secret-looks-{}", kind.as_str()))
            .collect(),
        text: "secret-looks-why",
        name: CHOICE,
        answers: vec![(MOVE, "secret-move"), (LEAVE, "secret-leave")],
    }
}

/// A text that may be saved, and what was taken out of it.
#[derive(Debug)]
pub struct Cleared {
    pub text: String,
    moved: Option<Secret>,
}

/// The text, if nothing stands against it or its author has decided; else the form with a question to put to them (422).
///
/// # Errors
/// The form as it came, with the question.
pub fn clear(raw: &RawForm, text: &str) -> std::result::Result<Cleared, Bad> {
    let found = scan::scan(text);
    let as_it_is = || Cleared {
        text: text.to_owned(),
        moved: None,
    };
    if found.is_empty() {
        return Ok(as_it_is());
    }
    match raw.get(CHOICE) {
        Some(LEAVE) => Ok(as_it_is()),
        Some(MOVE) => {
            let (rest, taken) = scan::split(text);
            // one thing may stand in a text twice
            let mut seen = BTreeSet::new();
            let taken: Vec<String> = taken
                .into_iter()
                .filter(|piece| seen.insert(piece.clone()))
                .collect();
            Ok(Cleared {
                text: rest,
                moved: Some(Secret::new(taken.join("\n"))),
            })
        }
        _ => {
            let mut faults = Faults::default();
            faults.ask(question(&found));
            Err(Bad {
                raw: raw.clone(),
                faults,
            })
        }
    }
}

impl Cleared {
    /// Seals what was taken out, before the transaction; to be given to [`keep`].
    ///
    /// # Errors
    /// Without a master key.
    pub fn seal(&self, cx: &Cx) -> Result<Option<Ready>> {
        let Some(text) = &self.moved else {
            return Ok(None);
        };
        let contents = Contents {
            user: None,
            text: text.clone(),
            file: None,
        };
        ready(&cx.ctx, &cx.text("secret-from-text"), &contents, None).map(Some)
    }
}

/// Keeps what was taken out of a text with the ticket it was written on.
pub async fn keep(
    tx: &mut Tx,
    ctx: &Ctx,
    ticket: &mut Ticket,
    author: Author<'_>,
    moved: Option<&Ready>,
) -> db::Result<()> {
    if let Some(ready) = moved {
        add(tx, ctx, ticket, author, ready).await?;
    }
    Ok(())
}

/// As [`keep`], with a ticket that was opened just now.
pub async fn keep_with(
    tx: &mut Tx,
    ctx: &Ctx,
    id: TicketId,
    author: Author<'_>,
    moved: Option<&Ready>,
) -> db::Result<()> {
    if moved.is_some() {
        let mut ticket = store::any(tx, id).await?;
        keep(tx, ctx, &mut ticket, author, moved).await?;
    }
    Ok(())
}

/// A subject from whatever somebody wrote, by any way: one line, cut as every subject is, and without what looks like a
/// secret.
pub fn subject_line(text: &str) -> String {
    kernel::subject_of(&scan::masked(text))
}

/// For the form's line `check(subject) = secret::check_subject`: subjects stand in lists, logs and mails.
pub fn check_subject(subject: &mut str, faults: &mut Faults) {
    if scan::suspicious(subject) {
        faults.add("subject", Fault::key("fault-subject-secret"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(choice: &str) -> RawForm {
        let mut raw = RawForm::default();
        raw.set(CHOICE, choice);
        raw
    }

    #[test]
    fn sup_3_the_author_decides_what_becomes_of_it() {
        let text = "Bitte prüfen. Passwort: Sommer2024! Danke, noch einmal pw: Sommer2024!";
        let asked = clear(&RawForm::default(), text).unwrap_err();
        let question = asked.faults.question().unwrap();
        assert_eq!(question.about, vec!["secret-looks-password"]);
        assert!(clear(&said("quatsch"), text).is_err());
        assert_eq!(clear(&said(LEAVE), text).unwrap().text, text);
        let moved = clear(&said(MOVE), text).unwrap();
        assert_eq!(
            moved.text,
            "Bitte prüfen. Passwort: […] Danke, noch einmal pw: […]"
        );
        assert_eq!(
            moved.moved.as_ref().map(Secret::expose),
            Some("Sommer2024!")
        );
        assert!(!format!("{moved:?}").contains("Sommer"));
        let plain = clear(&RawForm::default(), "Guten Tag").unwrap();
        assert!(plain.text == "Guten Tag" && plain.moved.is_none());
    }
}
