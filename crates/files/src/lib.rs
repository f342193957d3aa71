//! Files that people send: taken in a stream, encrypted, kept on disk or in S3, scanned, given out again.
//!
//! Here: [`Store`] (where the bytes lie, who scans them), [`Intake`] (how they come in), the table `files`, names that
//! harm nobody, kinds by content, pictures drawn anew, the jobs. Not here: who may see a file (its owner's context
//! knows), forms and downloads (`web`).
//!
//! ```ignore
//! // outside of any transaction: the bytes, encrypted under a key of their own
//! let up = files::take(&store, &db, &ctx, files::By::Mail, "Rechnung.pdf", &bytes).await?;
//! // in the transaction of the act: now the file belongs to something. What never does is swept after a day.
//! files::attach(&mut tx, &ctx, Some(customer), &[up.id], files::Owner::new("ticket", ticket.0)).await?;
//! // for the customer's side; `one` for staff and jobs
//! let file = files::find(&mut tx, Some(customer), id).await?;
//! let bytes = files::read(&store, &world, &file, files::FILE_MAX).await?;
//! ```

mod clamd;
mod crypt;
mod file;
mod intake;
mod jobs;
mod key;
mod kind;
mod name;
mod picture;
mod place;
mod reading;
mod store;
mod whole;

pub use self::jobs::registry;
pub use clamd::{BadScanner, Clamd};
pub use file::{attach, find, hand_over, move_some, move_to, of, one, remove, uploaded};
pub use intake::{FILE_MAX, FILES_MAX, Intake, Upload, take};
pub use key::reseal;
pub use kind::{is_picture, served_as};
pub use name::{clean, is_odd};
pub use place::{Away, BadPlace, Place};
pub use reading::{Content, picture, read, stream};
pub use store::{File, Picture, Scan};
pub use whole::{Copied, Missing, copy, missing};

use std::sync::Arc;
use tokio::sync::Semaphore;

kernel::typed_id!(/** A file somebody sent. */ FileId);

/// What a file belongs to: the word of its table, and the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub kind: &'static str,
    pub id: kernel::Uuid,
}

impl Owner {
    pub const fn new(kind: &'static str, id: kernel::Uuid) -> Self {
        Owner { kind, id }
    }
}

/// Who sends a file. What one sender may leave lying about without attaching it is limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    User(kernel::UserId),
    Staff(kernel::StaffId),
    /// A guest, by network.
    Network(String),
    /// Limited where mails are taken in.
    Mail,
    /// Ourselves: imports and demo data.
    System,
}

impl By {
    pub(crate) fn stored(&self) -> String {
        match self {
            By::User(id) => format!("user {id}"),
            By::Staff(id) => format!("staff {id}"),
            By::Network(network) => format!("network {network}"),
            By::Mail => "mail".to_owned(),
            By::System => "system".to_owned(),
        }
    }

    pub(crate) fn is_limited(&self) -> bool {
        !matches!(self, By::Mail | By::System)
    }
}

/// What happens to a file that no scanner has answered for, although there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unscanned {
    /// Staff gets it after a warning; nobody else does.
    #[default]
    Warn,
    /// Nobody gets it.
    Block,
}

/// Where files lie and who scans them; put into the application and the worker at start.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    place: Place,
    scanner: Option<Clamd>,
    unscanned: Unscanned,
    // a picture takes up to 200 MB while it is drawn anew
    drawing: Semaphore,
}

impl Store {
    pub fn new(place: Place) -> Self {
        Store::scanned(place, None, Unscanned::Warn)
    }

    pub fn scanned(place: Place, scanner: Option<Clamd>, unscanned: Unscanned) -> Self {
        Store(Arc::new(Inner {
            place,
            scanner,
            unscanned,
            drawing: Semaphore::new(1),
        }))
    }

    /// For tests: gone with the process.
    pub fn memory() -> Self {
        Store::new(Place::memory())
    }

    pub fn place(&self) -> &Place {
        &self.0.place
    }

    pub fn scanner(&self) -> Option<&Clamd> {
        self.0.scanner.as_ref()
    }

    pub fn unscanned(&self) -> Unscanned {
        self.0.unscanned
    }

    pub(crate) fn drawing(&self) -> &Semaphore {
        &self.0.drawing
    }
}

/// Why a file could not be taken or given out.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// More bytes than one file may have.
    #[error("a file may have {FILE_MAX} bytes")]
    TooLarge,
    /// This sender has left too much lying about.
    #[error("too many files that belong to nothing")]
    Full,
    /// The store does not answer; later it may.
    #[error(transparent)]
    Away(#[from] Away),
    /// The bytes are not there, or not those that were stored.
    #[error("file {0} is missing or damaged")]
    Broken(FileId),
    #[error(transparent)]
    Db(#[from] db::Error),
}
