//! What follows when a user changes: customers are found by the addresses of their members.

use crate::{customer, member};
use db::Db;
use jobs::{Event, JobCx, Outcome};
use kernel::UserId;

/// A user has other addresses than before.
pub async fn emails_changed(event: Event, cx: JobCx) -> Outcome {
    let Ok(user) = event.id.parse() else {
        return Outcome::GiveUp(format!("{} is no user", event.id));
    };
    db::retry(|| rekey(&cx.db, user)).await.into()
}

async fn rekey(db: &Db, user: UserId) -> db::Result<()> {
    let mut tx = db.begin().await?;
    for (customer, _) in member::customers_of(&mut tx, user).await? {
        customer::rekey(&mut tx, customer).await?;
    }
    tx.commit().await
}
