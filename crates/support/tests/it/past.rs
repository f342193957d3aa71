//! Threads that are put in as if they had happened.

use crate::app;
use kernel::CustomerId;
use std::time::Duration;
use support::ticket::seed::{Act, Step, thread};
use support::ticket::store;

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_thread_of_the_past_is_as_if_it_had_happened() {
    let t = app().await;
    let hour = |n: u64| testkit::START - Duration::from_secs(3600 * n);
    let mut tx = t.db().begin().await.unwrap();
    let user = |at, act| Step::user(at, t.cast.anna, "Anna Adler", act);
    let staff = |at, act| Step::staff(at, t.cast.sven, "Sven Support", act);
    let steps = [
        user(hour(90), Act::Write("Vor langer Zeit")),
        staff(hour(80), Act::Write("Die Antwort")),
        staff(hour(79), Act::Close),
        user(hour(10), Act::Write("Noch etwas")),
    ];
    let seen = Some(hour(70));
    let id = thread(&mut tx, &t.world, t.cast.annas, &steps, seen)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = t.db().read().await.unwrap();
    let ticket = store::one(&mut tx, t.cast.annas, id).await.unwrap();
    assert_eq!(
        (ticket.state, ticket.entries),
        (support::ticket::State::Open, 5)
    );
    assert_eq!(ticket.waiting_since, Some(hour(10)));
    assert_eq!(
        store::unread(&mut tx, t.cast.annas, t.cast.anna)
            .await
            .unwrap(),
        (0, 0)
    );
    let stranger = CustomerId(kernel::Uuid::nil());
    assert!(store::one(&mut tx, stranger, id).await.is_err());
}
