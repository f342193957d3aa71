//! The log of acts.

use crate::{START, database, world};
use db::audit::{Entry, Filter, Page, list, record};
use kernel::{Actor, Ctx, CustomerId, Locale, StaffId, Uuid};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_are_found_and_paged() {
    let world = world();
    let db = database().await;
    let anna = CustomerId(Uuid::from_u128(1));
    let staff = StaffId(Uuid::from_u128(2));
    let mut tx = db.begin().await.unwrap();
    for number in 0..30 {
        let actor = if number % 3 == 0 {
            Actor::Staff(staff)
        } else {
            Actor::Guest
        };
        let ctx = Ctx::new(&world, actor, Locale::De);
        let entry = Entry {
            act: if number % 2 == 0 {
                "address.added"
            } else {
                "addressee.added"
            },
            customer: (number % 5 != 0).then_some(anna),
            subject: "address",
            subject_id: number.to_string(),
            detail: serde_json::json!({ "number": number }),
        };
        record(&mut tx, &ctx, entry).await.unwrap();
        world.advance(Duration::from_secs(1));
    }
    tx.commit().await.unwrap();

    let mut tx = db.read().await.unwrap();
    let all = Filter::default();
    let numbers = |lines: &[db::audit::Line]| -> Vec<i64> {
        lines
            .iter()
            .map(|line| line.subject_id.parse().unwrap())
            .collect()
    };
    let first = list(&mut tx, &all, Page::Newest, 10).await.unwrap();
    assert_eq!(numbers(&first), (20..30).rev().collect::<Vec<_>>());
    let second = list(&mut tx, &all, Page::OlderThan(first[9].id), 10)
        .await
        .unwrap();
    assert_eq!(numbers(&second), (10..20).rev().collect::<Vec<_>>());
    let of_one = Filter {
        subject: "address".into(),
        subject_id: "7".into(),
        ..Filter::default()
    };
    let lines = list(&mut tx, &of_one, Page::Newest, 10).await.unwrap();
    assert_eq!(numbers(&lines), [7]);
    assert_eq!(first[0].detail, "{\"number\":29}");
    assert_eq!(first[0].at, START + Duration::from_secs(29));

    let of_anna = Filter {
        customer: Some(anna),
        ..Filter::default()
    };
    assert_eq!(
        list(&mut tx, &of_anna, Page::Newest, 100)
            .await
            .unwrap()
            .len(),
        24
    );
    let by_staff = Filter {
        actor: Some(staff.0),
        ..Filter::default()
    };
    let lines = list(&mut tx, &by_staff, Page::Newest, 100).await.unwrap();
    assert_eq!(lines.len(), 10);
    assert!(lines.iter().all(|line| line.actor_kind == "staff"));
    // a prefix that ends at the dot does not find the longer noun
    let acts = Filter {
        act: "address.".into(),
        ..Filter::default()
    };
    assert_eq!(
        list(&mut tx, &acts, Page::Newest, 100).await.unwrap().len(),
        15
    );
    let times = Filter {
        customer: Some(anna),
        from: Some(START + Duration::from_secs(3)),
        to: Some(START + Duration::from_secs(9)),
        ..Filter::default()
    };
    let lines = list(&mut tx, &times, Page::Newest, 100).await.unwrap();
    assert_eq!(numbers(&lines), [8, 7, 6, 4, 3]);
    let lines = list(&mut tx, &times, Page::OlderThan(lines[1].id), 2)
        .await
        .unwrap();
    assert_eq!(numbers(&lines), [6, 4]);
}
