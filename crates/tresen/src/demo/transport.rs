//! Mail of the demo: caught, but for addresses that are meant to fail.

use mail::{Catcher, Failure, Letter, Transport};
use std::future::Future;
use std::pin::Pin;

/// Mails to this domain are refused for good, so that the desk has something to mend.
pub const REFUSED: &str = "unbekannt.example";

pub struct DemoTransport {
    catcher: Catcher,
}

impl DemoTransport {
    pub fn new(catcher: Catcher) -> Self {
        DemoTransport { catcher }
    }
}

impl Transport for DemoTransport {
    fn send<'a>(
        &'a self,
        letter: &'a Letter,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        if letter.to.domain() == REFUSED {
            return Box::pin(async { Err(Failure::Refused("550 5.1.1 no such mailbox".into())) });
        }
        self.catcher.send(letter)
    }
}
