//! Lists page by key: walking through the pages shows each row once, in order, however many there are.

use crate::whole;
use kernel::{Ctx, Uuid};
use std::time::Duration;
use support::ticket::seed::{Act, Step};
use testkit::{Client, TestApp};

async fn threads(t: &TestApp, count: usize) {
    let mut tx = t.db().begin().await.unwrap();
    for nth in 0..count {
        // many share a moment: the key must tell them apart
        let at = testkit::START - Duration::from_secs(60 * (nth as u64 / 3 + 1));
        let text = format!("Frage Nummer {nth:04}");
        let step = Step::user(at, t.cast.anna, "Anna Adler", Act::Write(&text));
        support::ticket::seed::thread(&mut tx, &t.world, t.cast.annas, &[step], None)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

/// All rows' links, page after page.
async fn walk(client: &mut Client, first: &str, row: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let page = client.get(&path).await.expect(200);
        let ids = page
            .links(row)
            .into_iter()
            .map(|href| href.split('?').next().unwrap_or_default().to_owned())
            .filter(|href| {
                href.rsplit('/')
                    .next()
                    .is_some_and(|id| Uuid::try_parse(id).is_ok())
            });
        seen.extend(ids);
        let list = first.split('?').next().unwrap_or_default();
        let onward = |href: &String| href.split('?').next() == Some(list) && href.contains("nach=");
        next = page.links(list).into_iter().find(onward);
        assert!(seen.len() < 1000, "the list does not end");
    }
    seen
}

fn each_once(mut seen: Vec<String>, count: usize, list: &str) {
    let shown = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(
        (seen.len(), shown),
        (count, count),
        "{list} with {count} rows"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_every_row_is_shown_once_whatever_the_number() {
    for count in [0, 1, 24, 25, 26, 50, 51, 90] {
        let t = whole().await;
        threads(&t, count).await;
        let mut anna = t.anna().await;
        each_once(
            walk(&mut anna, "/nachrichten", "/nachrichten/").await,
            count,
            "portal",
        );
        let mut sven = t.sven().await;
        each_once(
            walk(&mut sven, "/desk/tickets?zustand=alle", "/desk/tickets/").await,
            count,
            "desk",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_every_customer_is_shown_once() {
    let t = whole().await;
    let mut ctx = Ctx::system(&t.world);
    let mut tx = t.db().begin().await.unwrap();
    for nth in 0..60 {
        ctx.now = ctx.now + Duration::from_secs(1);
        let email = TestApp::email(&format!("kunde-{nth}@menge.example"));
        let new = customers::customer::NewCustomer {
            kind: customers::customer::Kind::Private,
            company: None,
            salutation: None,
            first_name: "Meike".into(),
            last_name: "Menge".into(),
            phone: None,
            billing_email: email,
            locale: kernel::Locale::De,
        };
        customers::customer::create(&mut tx, &ctx, &new, serde_json::Value::Null)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let mut ada = t.ada().await;
    each_once(
        walk(&mut ada, "/desk/kunden", "/desk/kunden/").await,
        64,
        "customers",
    );
    each_once(
        walk(&mut ada, "/desk/kunden?suche=menge", "/desk/kunden/").await,
        60,
        "customers by name",
    );
}
