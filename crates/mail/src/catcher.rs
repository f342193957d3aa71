//! A transport that keeps every letter in memory, live links and all: for tests and the demo.

use crate::{Failure, Letter, Transport};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Older letters are dropped, so that a demo that runs for months does not grow.
const KEPT: usize = 1000;

/// Clones share the letters.
#[derive(Clone, Default)]
pub struct Catcher(Arc<Mutex<VecDeque<Letter>>>);

impl Catcher {
    pub fn new() -> Self {
        Catcher::default()
    }

    /// All letters, oldest first.
    pub fn all(&self) -> Vec<Letter> {
        self.letters().iter().cloned().collect()
    }

    /// The newest letter to this address.
    pub fn last_to(&self, email: &str) -> Option<Letter> {
        self.letters()
            .iter()
            .rev()
            .find(|letter| letter.to.as_str() == email)
            .cloned()
    }

    pub fn len(&self) -> usize {
        self.letters().len()
    }

    pub fn is_empty(&self) -> bool {
        self.letters().is_empty()
    }

    pub fn clear(&self) {
        self.letters().clear();
    }

    fn letters(&self) -> MutexGuard<'_, VecDeque<Letter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Catcher {
    fn send<'a>(
        &'a self,
        letter: &'a Letter,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(async move {
            // what could not be sent is not caught either
            letter.raw().map_err(Failure::Never)?;
            let mut letters = self.letters();
            letters.push_back(letter.clone());
            if letters.len() > KEPT {
                letters.pop_front();
            }
            Ok(())
        })
    }
}
