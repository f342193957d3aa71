//! Mails as servers hand them over, and as people's programmes write them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "helpers of tests fail as tests do"
)]

mod corpus;
mod imap;
mod lmtp;

use db::testing::TestDb;
use intake::store::{State, count};
use intake::{InboundId, Receiver};
use kernel::{Moment, World};

/// Monday, 2 November 2026, 10:00 in Berlin.
const START: Moment = Moment::from_micros(1_793_610_000_000_000);

async fn place() -> (TestDb, World) {
    let world = World::test(START, 7);
    let db = db::testing::fresh(&world).await;
    (db, world)
}

fn receiver(db: &TestDb, world: &World) -> Receiver {
    Receiver::new(
        (**db).clone(),
        world.clone(),
        |_, _, _: InboundId| Box::pin(async { Ok(()) }),
        || (),
    )
}

async fn stored(db: &TestDb) -> i64 {
    let mut tx = db.read().await.unwrap();
    count(&mut tx, State::New).await.unwrap()
}

async fn raws(db: &TestDb) -> Vec<Vec<u8>> {
    let mut tx = db.read().await.unwrap();
    let listed = intake::store::list(&mut tx, State::New, None, 1000)
        .await
        .unwrap();
    let mut all = Vec::new();
    for one in listed.iter().rev() {
        all.push(intake::store::raw(&mut tx, one.id).await.unwrap().raw);
    }
    all
}
