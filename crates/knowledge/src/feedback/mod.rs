//! "War dieser Artikel hilfreich?" (KB-4): one vote a reader.

pub mod store;

use crate::article::ArticleId;
use db::Tx;
use db::audit::{self, Entry};
use kernel::Ctx;
use serde_json::json;
use std::time::Duration;

kernel::typed_id!(/** A reader's vote. */ VoteId);

kernel::words! {
    pub enum Helpful {
        Yes = "ja",
        No = "nein",
    }
}
web::choice!(Helpful, "feedback-helpful");

web::form! {
    pub struct Feedback as "feedback", check = without_reasons; {
        helpful: Helpful = select(),
        unclear: bool = tick(),
        wrong: bool = tick(),
        other: bool = tick(),
        long: bool = tick(),
        comment: Option<String> = text(1000).rows(3),
    }
}

/// Whom it helped has no reasons, whatever boxes were ticked before.
fn without_reasons(feedback: &mut Feedback, _: &mut web::form::Faults) {
    if feedback.helpful == Helpful::Yes {
        feedback.unclear = false;
        feedback.wrong = false;
        feedback.other = false;
        feedback.long = false;
    }
}

impl Feedback {
    /// The reasons as they are stored.
    pub fn reasons(&self) -> String {
        let all = [
            (self.unclear, "unclear"),
            (self.wrong, "wrong"),
            (self.other, "other"),
            (self.long, "long"),
        ];
        let given: Vec<&str> = all
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| *word)
            .collect();
        given.join(" ")
    }
}

/// Why a vote was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Too many from this network.
    #[error("too many votes")]
    TooMany(Duration),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Takes a reader's vote; a second one takes the place of the first.
///
/// # Errors
/// [`Refused::TooMany`]: a network may vote so often an hour, whatever cookies it throws away.
pub async fn vote(
    tx: &mut Tx,
    ctx: &Ctx,
    article: ArticleId,
    reader: &str,
    network: &str,
    feedback: &Feedback,
) -> Result<(), Refused> {
    let key = format!("feedback:{network}");
    if let Err(wait) = identity::throttle::check(tx, ctx.now, &key).await? {
        return Err(Refused::TooMany(wait));
    }
    identity::throttle::fail(tx, ctx.now, &key).await?;
    let id: VoteId = ctx.id();
    store::put(tx, ctx, id, article, reader, feedback).await?;
    let entry = Entry {
        act: "article.rated",
        customer: None,
        subject: "article",
        subject_id: article.to_string(),
        detail: json!({"helpful": feedback.helpful.as_str(), "reasons": feedback.reasons()}),
    };
    audit::record(tx, ctx, entry).await?;
    Ok(())
}
