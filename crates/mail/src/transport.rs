//! The way out of the house.

use crate::Letter;
use std::future::Future;
use std::pin::Pin;

/// Why a letter did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Another try may help: refused for now, no connection, no answer.
    Later(String),
    /// The server will never take it.
    Never(String),
    /// The server says that there is no such address.
    Refused(String),
}

/// Hands letters on. May deliver one twice when the answer was lost; the Message-ID is the same then.
pub trait Transport: Send + Sync + 'static {
    fn send<'a>(
        &'a self,
        letter: &'a Letter,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;
}
