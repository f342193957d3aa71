//! Mail that comes in: fetched or taken, stored raw, taken apart.
//!
//! Here: the table of raw mails, IMAP and LMTP, and what can be said of a mail by itself ([`parse`](parse::parse): its text
//! without quotes, its files, who sent it and what proves that, whether a machine did). Not here: which ticket it
//! belongs to and what happens then; that is `support`'s.

pub mod dsn;
pub mod head;
pub mod html;
pub mod imap;
pub mod lmtp;
pub mod machine;
mod mend;
pub mod name;
pub mod parse;
pub mod proof;
pub mod quote;
mod receive;
pub mod store;
pub mod subject;
pub mod tnef;
mod uu;

pub use dsn::{Dsn, Fate, Report, Returned};
pub use parse::{Broken, Claim, Envelope, File, Limits, Note, Parsed, parse, read};
pub use proof::Proof;
pub use receive::{Queue, Receiver};
pub use store::{Arrived, InboundId};
