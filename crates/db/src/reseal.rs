//! A new master key: what was sealed under a former one is sealed anew. Each table's owner names its rows; running it
//! again does no harm.

use crate::{Db, Error, Result, Tx, retry};
use kernel::{Uuid, World};

/// The new key, and those before it.
pub struct Reseal {
    all: World,
    new: World,
}

/// What became of sealed values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed anew.
    pub done: u64,
    /// Under the new key already.
    pub fine: u64,
    /// Open with no key there is.
    pub lost: u64,
}

impl std::ops::AddAssign for Resealed {
    fn add_assign(&mut self, other: Resealed) {
        self.done += other.done;
        self.fine += other.fine;
        self.lost += other.lost;
    }
}

/// A sealed value: its row, the place it is sealed for, and itself.
pub type SealedRow = (Uuid, String, Vec<u8>);

impl Reseal {
    pub fn new(master: &[u8; 32], former: &[[u8; 32]]) -> Self {
        Reseal {
            all: World::system().with_keys(master, former),
            new: World::system().with_key(*master),
        }
    }

    /// The value under the new key; `None` where it is that already, or is lost.
    pub fn one(&self, place: &str, sealed: &[u8], sum: &mut Resealed) -> Result<Option<Vec<u8>>> {
        if self.new.open(place, sealed).is_ok() {
            sum.fine += 1;
            return Ok(None);
        }
        let Ok(plain) = self.all.open(place, sealed) else {
            sum.lost += 1;
            return Ok(None);
        };
        sum.done += 1;
        self.new
            .seal(place, &plain)
            .map(Some)
            .map_err(|error| Error::Other(error.into()))
    }

    /// A whole table, page by page, each in a transaction of its own. `fetch` gives the rows behind the last one seen,
    /// none at the end; `store` puts the new value in the place of the old one.
    pub async fn rows(
        &self,
        db: &Db,
        fetch: impl AsyncFn(&mut Tx, Uuid) -> Result<Vec<SealedRow>>,
        store: impl AsyncFn(&mut Tx, Uuid, Vec<u8>, Vec<u8>) -> Result<()>,
    ) -> Result<Resealed> {
        let mut sum = Resealed::default();
        let mut last = Uuid::nil();
        loop {
            let from = last;
            let page = retry(|| async {
                let mut tx = db.begin().await?;
                let rows = fetch(&mut tx, from).await?;
                let mut seen = Resealed::default();
                let end = rows.last().map(|(id, ..)| *id);
                for (id, place, sealed) in rows {
                    if let Some(new) = self.one(&place, &sealed, &mut seen)? {
                        store(&mut tx, id, sealed, new).await?;
                    }
                }
                tx.commit().await?;
                Ok((seen, end))
            });
            let (seen, end) = page.await?;
            sum += seen;
            match end {
                Some(end) => last = end,
                None => return Ok(sum),
            }
        }
    }
}
