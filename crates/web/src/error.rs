//! What can go wrong in a handler; one layer turns it into a page.

use axum::response::Response;
use std::time::Duration;

pub type Result<T = Response> = std::result::Result<T, Error>;

/// Why a handler did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Also what a stranger's id gets (404).
    #[error("not found")]
    NotFound,
    /// The person is known and lacks the right (403).
    #[error("forbidden")]
    Forbidden,
    /// To the sign-in page, and back afterwards (303).
    #[error("sign-in needed")]
    SignIn,
    /// Signed in too long ago for this act: the password once more, and back (303).
    #[error("fresh sign-in needed")]
    Stale,
    /// Something else is to be done first, there (303).
    #[error("something else comes first")]
    First(&'static str),
    /// Staff looking with a customer's eyes came to what they may not do or see (403).
    #[error("only to look at")]
    Viewing,
    /// The look with a customer's eyes is over (403, told once).
    #[error("the view is over")]
    ViewOver,
    /// The form's token is missing, old or foreign (403).
    #[error("form token does not fit")]
    Token,
    /// The form was drawn while the user acted for another customer (409).
    #[error("form of another customer")]
    OtherCustomer,
    /// The same form key came with other content (409).
    #[error("already sent")]
    AlreadySent,
    /// The same form came again: to where it led the first time (303).
    #[error("sent again")]
    Replay(String),
    /// Throttled (429).
    #[error("too many tries")]
    TooMany(Duration),
    /// The body is not a form that can be read (400).
    #[error("bad request: {0}")]
    Bad(&'static str),
    /// Over the limit (413).
    #[error("body too large")]
    TooLarge,
    /// Not a form (415).
    #[error("unsupported body")]
    Unsupported,
    /// Wrong method (405).
    #[error("method not allowed")]
    Method,
    /// A file that is not given out, by the end of its text key (409).
    #[error("withheld: {0}")]
    Withheld(&'static str),
    /// The store of files does not answer (503).
    #[error("{0}")]
    Away(String),
    /// Too busy, or the database is away (503).
    #[error("busy")]
    Busy,
    /// The whole request is to be run again.
    #[error("to be run again")]
    Retry,
    /// A row with the same key was there, and the handler had not expected it: on PostgreSQL somebody else may have
    /// put it there a moment ago, so the request is run again; if it stays so, it is a fault (500).
    #[error("{0}")]
    Conflict(db::Error),
    /// Logged once with the request id; the page shows only the id (500).
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub fn internal(why: impl std::fmt::Display) -> Self {
        Error::Internal(why.to_string())
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Missing => Error::NotFound,
            db::Error::Retry => Error::Retry,
            db::Error::Conflict(_) => Error::Conflict(error),
            other => Error::Internal(other.to_string()),
        }
    }
}
