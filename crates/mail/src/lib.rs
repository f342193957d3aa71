//! Outgoing mail: stored with the change that caused it, sent by a job, kept as history.
//!
//! Here: [`queue`], the slots for secrets, the job that sends, [`Smtp`] and [`Catcher`], what the desk sees.
//! Not here: what a mail says; its context renders subject, text and HTML before it queues.

mod catcher;
mod desk;
mod dkim;
mod draft;
mod headers;
mod history;
mod letter;
mod refused;
mod reseal;
mod send;
mod slots;
mod smtp;
mod store;
mod transport;
mod veil;

pub use catcher::Catcher;
pub use desk::{
    Before, Counts, Filter, Mail, MailRow, Resend, counts, list, one, resend, unsent, unsent_since,
};
pub use dkim::{BadDkim, Dkim};
pub use draft::{Draft, MailId, Slot, queue, queue_with, wipe};
pub use headers::{Back, By, Headers, is_id};
pub use history::{Past, Sent, Stand, of_customer, one_of_customer, recent};
pub use letter::{Letter, Sender};
pub use refused::{Addressed, REFUSED, Refusal, accept, addressed, refusal, refuse};
pub use reseal::reseal;
pub use send::{FAILED, Post, SendMail, registry};
pub use slots::slot;
pub use smtp::{BadUrl, Smtp};
pub use store::State;
pub use transport::{Failure, Transport};
pub use veil::veiled;

/// Texts of this crate, for those who translate.
pub const TEXTS_DE: &str = include_str!("../texts/de.ftl");
pub const TEXTS_EN: &str = include_str!("../texts/en.ftl");
