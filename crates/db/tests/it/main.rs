//! Both engines prove the same: `TRESEN_TEST_DATABASE=postgres://…` moves every test to PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod audit;
mod chain;
mod concurrency;
mod dropped;
mod facade;
mod lost;
mod markers;
mod schema;
mod speed;

use db::testing::{TestDb, fresh};
use kernel::{Moment, World};

/// 22 November 2026, 13:05 UTC.
pub const START: Moment = Moment::from_micros(1_795_352_700_000_000);

pub fn world() -> World {
    World::test(START, 7)
}

pub async fn database() -> TestDb {
    fresh(&world()).await
}
