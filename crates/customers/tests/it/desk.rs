//! DESK-3, DESK-4 as far as customers go.

use crate::app;
use customers::customer::{self, Kind, NewCustomer};
use kernel::{Actor, Locale, Phone};
use testkit::{Answer, TestApp};

/// The files a list leads to.
fn files(page: &Answer) -> Vec<String> {
    let mut links = page.links("/desk/kunden/");
    links.retain(|href| href != "/desk/kunden/neu");
    links
}

async fn many(t: &TestApp, count: usize) {
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.expect("the database answers");
    for at in 0..count {
        let new = NewCustomer {
            kind: Kind::Company,
            company: Some(format!("Müller & Groß {at} GmbH")),
            salutation: Some("Frau".into()),
            first_name: "Jürgen".into(),
            last_name: format!("Weiß{at}"),
            phone: Phone::parse("0171 39200-12").ok(),
            billing_email: TestApp::email(&format!("kontor{at}@mueller.example")),
            locale: Locale::En,
        };
        customer::create(&mut tx, &ctx, &new, serde_json::Value::Null)
            .await
            .expect("the database answers");
    }
    tx.commit().await.expect("the database answers");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_customers_are_found_by_what_they_begin_with() {
    let t = app().await;
    many(&t, 3).await;
    let mut sven = t.sven().await;
    for (typed, there, gone) in [
        ("mueller", "Müller & Groß 0 GmbH", "Anna Adler"),
        ("Gross 1", "Müller & Groß 1 GmbH", "Müller & Groß 0 GmbH"),
        ("k-10001", "Anna Adler", "Ferdinand Fremd"),
        ("adler anna", "Anna Adler", "Ferdinand Fremd"),
        ("0171 39", "Müller & Groß 2 GmbH", "Anna Adler"),
        ("KONTOR2@", "Müller & Groß 2 GmbH", "Müller & Groß 1 GmbH"),
    ] {
        let query = typed.replace(' ', "+");
        let page = sven
            .get(&format!("/desk/kunden?suche={query}"))
            .await
            .expect(200);
        assert!(
            page.says(there) && !page.says(gone),
            "{typed}: {}",
            page.text()
        );
    }
    for odd in ["zzz", "%00", "%F0%9F%92%A5", "%27+OR+1%3D1", "+"] {
        sven.get(&format!("/desk/kunden?suche={odd}"))
            .await
            .expect(200);
    }
    assert!(
        sven.get("/desk/kunden?suche=zzz")
            .await
            .says("Kein Kunde passt")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_the_list_pages_without_losing_or_doubling_anyone() {
    let t = app().await;
    many(&t, 60).await;
    let mut sven = t.sven().await;
    let mut seen = Vec::new();
    let mut next = "/desk/kunden?suche=m%C3%BCller".to_owned();
    for _ in 0..3 {
        let page = sven.get(&next).await.expect(200);
        seen.extend(files(&page));
        next = page
            .links("/desk/kunden?")
            .into_iter()
            .find(|href| href.contains("nach="))
            .unwrap_or_default();
    }
    assert!(next.is_empty(), "{next}");
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (60, 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_the_customer_file_shows_who_it_is() {
    let t = app().await;
    let fill = [
        ("street", "Deichstraße 7"),
        ("postcode", "20459"),
        ("town", "Hamburg"),
    ];
    t.anna()
        .await
        .fill("/konto/adressen/neu", &fill)
        .await
        .leads_to("/konto/adressen");
    let mut sven = t.sven().await;
    let found = sven.get("/desk/kunden?suche=10001").await;
    let file = files(&found).remove(0);
    let page = sven.get(&file).await.expect(200);
    for words in ["Anna Adler", "K-10001", "Privatperson", "20459 Hamburg"] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let users = sven.get(&format!("{file}?reiter=desk-members")).await;
    for words in [
        "Anna Adler",
        "Hauptinhaber",
        "Bernd Busch",
        "bernd@adler.example",
    ] {
        assert!(users.says(words), "{words}: {}", users.text());
    }
    sven.get("/desk/kunden/x").await.expect(404);
    sven.get(&format!("/desk/kunden/{}", kernel::Uuid::nil().simple()))
        .await
        .expect(404);
    t.guest().get(&file).await.expect(303);
    t.anna().await.get(&file).await.expect(303);
}
