//! What can go wrong, in the words of a caller.

use kernel::data::BadValue;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// After an error (but [`Error::Missing`]) the transaction answers no further statement and cannot be committed,
/// on both engines. Who expects a conflict and wants to go on writes `ON CONFLICT`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique index refused the row.
    #[error("{0}")]
    Conflict(Conflict),
    /// Nothing was stored; the whole transaction is to be run again.
    #[error("the transaction must be run again")]
    Retry,
    /// `one` found no row.
    #[error("no such row")]
    Missing,
    /// A fault of the program, its data or its surroundings. Holds no values of rows.
    #[error("database: {0}")]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// Which unique index refused: `table.column` or `table.column,column`, the same on both engines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("already there: {what}")]
pub struct Conflict {
    pub what: String,
}

impl Error {
    pub fn other(message: impl Into<String>) -> Self {
        Error::Other(message.into().into())
    }

    /// Whether the unique index over `what` (`table.column[,column]`) refused.
    pub fn conflict_on(&self, what: &str) -> bool {
        matches!(self, Error::Conflict(conflict) if conflict.what == what)
    }

    pub fn is_retry(&self) -> bool {
        matches!(self, Error::Retry)
    }

    /// Names the statement in errors that a reader of the log must find.
    pub(crate) fn at(self, source: &crate::Source) -> Self {
        match self {
            Error::Other(inner) => {
                Error::other(format!("{}:{}: {inner}", source.file, source.line))
            }
            other => other,
        }
    }
}

impl From<BadValue> for Error {
    fn from(bad: BadValue) -> Self {
        Error::Other(Box::new(bad))
    }
}
