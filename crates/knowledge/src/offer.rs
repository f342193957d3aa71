//! Articles offered to somebody who writes to us: beside the form while it is filled in (a script asks), or on a press of
//! a second button (no script needed).
//!
//! What is typed travels in the body of a POST, never in an address: a text may hold what is secret, and addresses stand
//! in logs and histories. Of the text only the beginning is sent and looked at, the part that becomes the subject.

use crate::finding::{Suggestion, suggest};
use crate::portal::{SUGGESTIONS, SuggestionsPart};
use db::Tx;
use serde::Serialize;
use web::form::RawForm;
use web::{Cx, Result};

/// The name of the button that only looks for articles.
const BUTTON: &str = "vorschlaege";
/// So many articles are offered.
const OFFERED: usize = 4;
/// So many characters are looked at.
const LOOKED_AT: usize = 100;

/// What the page of a form shows of it; drawn by `knowledge/offer.html`.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// The field that tells what it is about.
    pub field: &'static str,
    /// Where a script asks.
    pub action: String,
    pub suggestions: Vec<Suggestion>,
    /// Somebody has pressed the button.
    pub asked: bool,
}

impl Offer {
    /// Before anybody has asked.
    pub fn of(field: &'static str) -> Self {
        Offer {
            field,
            action: SUGGESTIONS.url(),
            suggestions: Vec::new(),
            asked: false,
        }
    }

    /// Every state it can be drawn in.
    pub fn samples(field: &'static str) -> Vec<Self> {
        let asked = |suggestions| Offer {
            suggestions,
            asked: true,
            ..Offer::of(field)
        };
        vec![
            Offer::of(field),
            asked(SuggestionsPart::some()),
            asked(Vec::new()),
        ]
    }
}

/// Whether this post is no more than the question for articles. Then nothing is checked or written, and the form is
/// drawn as it came, with what [`offer`] finds.
pub fn asked(raw: &RawForm) -> bool {
    raw.get(BUTTON).is_some()
}

/// The articles that fit what stands in `field`.
///
/// # Errors
/// When the database is away.
pub async fn offer(cx: &Cx, tx: &mut Tx, raw: &RawForm, field: &'static str) -> Result<Offer> {
    let text = raw.get(field).unwrap_or_default();
    Ok(Offer {
        suggestions: fitting(cx, tx, text).await?,
        asked: true,
        ..Offer::of(field)
    })
}

pub(crate) async fn fitting(cx: &Cx, tx: &mut Tx, text: &str) -> Result<Vec<Suggestion>> {
    let beginning: String = text.trim_start().chars().take(LOOKED_AT).collect();
    suggest(cx, tx, &beginning, OFFERED).await
}
