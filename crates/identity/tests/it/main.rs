//! Rules on a real database, and the desk's sign-in through the whole application. `TRESEN_TEST_DATABASE=postgres://…`
//! moves every test to PostgreSQL.

mod browser;
mod desk;
mod links;
mod pages;
mod sessions;
mod throttle;
mod users;

use db::testing::{TestDb, fresh};
use kernel::{Ctx, Moment, World};

/// 22 November 2026, 13:05 UTC.
pub const START: Moment = Moment::from_micros(1_795_352_700_000_000);

pub fn world() -> World {
    World::test(START, 7)
}

/// A database, its world, and an act of the system in it.
pub async fn database() -> (TestDb, World) {
    let world = world();
    (fresh(&world).await, world)
}

pub fn ctx(world: &World) -> Ctx {
    Ctx::system(world)
}

pub fn info() -> web::Info {
    web::Info::unsent("Firefox")
}
