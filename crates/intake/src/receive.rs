//! Takes mails in: stored raw, with the job that will look at them, in one transaction.

use crate::store::{self, Arrived, InboundId};
use db::{Db, Tx};
use futures_util::future::BoxFuture;
use kernel::{Ctx, World};
use std::sync::Arc;

/// Queues the work on a mail in the transaction that stores it; the context that owns the work gives it.
pub type Queue = for<'a> fn(&'a mut Tx, &'a Ctx, InboundId) -> BoxFuture<'a, db::Result<()>>;

/// Where mails are handed in.
#[derive(Clone)]
pub struct Receiver {
    pub(crate) db: Db,
    pub(crate) world: World,
    queue: Queue,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Receiver {
    pub fn new(
        db: Db,
        world: World,
        queue: Queue,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Receiver {
            db,
            world,
            queue,
            wake: Arc::new(wake),
        }
    }

    /// Keeps a mail. When this answers, it is stored; `None`: it was before.
    ///
    /// # Errors
    /// Nothing was stored; whoever brought it must keep it.
    pub async fn take(&self, mail: &Arrived<'_>) -> db::Result<Option<InboundId>> {
        let ctx = Ctx::system(&self.world);
        let kept = db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let kept = store::keep(&mut tx, &ctx, mail).await?;
            if let Some(id) = kept {
                (self.queue)(&mut tx, &ctx, id).await?;
            }
            tx.commit().await?;
            Ok(kept)
        })
        .await?;
        if kept.is_some() {
            (self.wake)();
        }
        Ok(kept)
    }
}
