//! Full-text search: an index of documents in German and English, on disk or in memory.
//!
//! What is here: how words are read, found in other forms, and marked in a text. What is not: what the documents are
//! and who may see them. An index is a copy: it can be thrown away and filled again at any time, and when it is damaged
//! it does that by itself. Nothing of the engine (tantivy) shows in the interface.

mod find;
mod highlight;
mod index;
mod rank;
mod words;

pub use find::{Found, Hit, Query};
pub use highlight::{Highlighter, Piece};
pub use index::{Document, Index, Mark};

/// Why an index did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Damaged; it is empty now and waits to be filled again.
    #[error("the index was damaged and is empty now: {0}")]
    Damaged(String),
    /// Another process writes into the same folder.
    #[error("another process writes into the index")]
    InUse,
}

pub type Result<T> = std::result::Result<T, Error>;
