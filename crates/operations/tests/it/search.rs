//! The search over everything, and the start page.

use crate::app;
use kernel::CustomerId;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_the_search_finds_customers_and_only_for_those_who_may() {
    let t = app().await;
    let mut sven = t.sven().await;
    assert!(
        sven.get("/desk/suche")
            .await
            .expect(200)
            .says("Geben Sie ein")
    );
    for typed in ["adler", "K-10001", "anna%40adler", "Anna+A"] {
        let page = sven
            .get(&format!("/desk/suche?suche={typed}"))
            .await
            .expect(200);
        assert!(page.says("Anna Adler"), "{typed}");
        assert!(
            !page
                .links(&format!("/desk/kunden/{}", t.cast.annas))
                .is_empty(),
            "{typed}"
        );
    }
    for typed in ["xyzxyz", "%F0%9F%98%80", "' OR 1=1 --"] {
        let page = sven
            .get(&format!("/desk/suche?suche={}", typed.replace(' ', "+")))
            .await
            .expect(200);
        assert!(page.says("Nichts gefunden."), "{typed}");
    }
    let page = sven.get("/desk/suche?suche=%E2%80%8B").await.expect(200);
    assert!(page.says("Geben Sie ein"));
    t.guest().get("/desk/suche?suche=adler").await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_2_the_start_page_shows_what_one_may_see() {
    let t = app().await;
    let page = t.ada().await.get("/desk").await.expect(200);
    assert!(
        page.says("Guten Tag, Ada Admin.")
            && page.says("Aufgaben gescheitert")
            && page.says("Zuletzt geschehen")
    );
    let page = t.sven().await.get("/desk").await.expect(200);
    assert!(page.says("E-Mails nicht zustellbar") && !page.says("Aufgaben gescheitert"));
    t.guest().get("/desk").await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_2_what_is_counted_no_further_than_a_hundred_is_not_called_a_hundred() {
    let test = web::Module::new("test")
        .nav(web::Place::Desk, 27, "work-jobs", "/desk/vieles")
        .with_counter("much", |_, _| Box::pin(async { Ok(100) }));
    let t = TestApp::new(vec![operations::module(), test]).await;
    let page = t.ada().await.get("/desk").await.expect(200);
    assert!(page.says("Aufgaben im Hintergrund: neu") || page.says("Aufgaben: neu"));
    assert!(page.says("99+"), "{}", page.text());
    assert!(!page.html.contains("<dd class=\"amount\">100"));
}

async fn customer(
    t: &TestApp,
    first: &str,
    last: &str,
    company: Option<&str>,
    phone: Option<&str>,
) -> CustomerId {
    let new = customers::customer::NewCustomer {
        kind: customers::customer::Kind::Private,
        company: company.map(str::to_owned),
        salutation: None,
        first_name: first.into(),
        last_name: last.into(),
        phone: phone.map(|phone| kernel::Phone::parse(phone).unwrap()),
        billing_email: TestApp::email(&format!("{}@post.example", first.to_lowercase())),
        locale: kernel::Locale::De,
    };
    let mut tx = t.db().begin().await.unwrap();
    let ctx = kernel::Ctx::system(&t.world);
    let made = customers::customer::create(&mut tx, &ctx, &new, serde_json::Value::Null)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    made.0
}

fn query(typed: &str) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("suche", typed)
        .finish();
    format!("/desk/suche?{query}")
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_a_telephone_number_is_found_however_it_is_written() {
    let t = app().await;
    let one = customer(&t, "Inge", "Vierhaus", None, Some("+49 (0)431 12 34-5")).await;
    let two = customer(
        &t,
        "Otto",
        "Achtern",
        Some("Achtern & Söhne GmbH"),
        Some("0431/999 888"),
    )
    .await;
    let mut sven = t.sven().await;
    for (typed, found) in [
        ("0431 12 34", Some(one)),
        ("+49431123", Some(one)),
        ("0049 431 12", Some(one)),
        ("(0431) 12", Some(one)),
        ("0431 999", Some(two)),
        ("+49 431 / 99", Some(two)),
        ("Soehne", Some(two)),
        ("söhne gm", Some(two)),
        ("K 10005", Some(one)),
        ("otto@post", Some(two)),
        ("0431 77", None),
    ] {
        let page = sven.get(&query(typed)).await.expect(200);
        for id in [one, two] {
            let shown = !page.links(&format!("/desk/kunden/{id}")).is_empty();
            assert_eq!(shown, found == Some(id), "{typed}");
        }
    }
    // a beginning that both share finds both
    let page = sven.get(&query("0431")).await.expect(200);
    assert_eq!(page.links("/desk/kunden/").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_what_fits_best_comes_first_and_nobody_twice() {
    let t = app().await;
    let exact = customer(&t, "Mara", "Anders", None, None).await;
    for number in 0..40 {
        customer(
            &t,
            &format!("Mara{number}"),
            &format!("Anderson{number:02}"),
            None,
            None,
        )
        .await;
    }
    let mut sven = t.sven().await;
    let page = sven.get(&query("anders")).await.expect(200);
    let links = page.links("/desk/kunden/");
    assert_eq!(links.len(), 10);
    assert_eq!(links[0], format!("/desk/kunden/{exact}"));
    let mut once = links.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), links.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_abuse_108_search_dos_odd_input_is_safe_and_quick() {
    let t = app().await;
    let mut sven = t.sven().await;
    let words = "wort ".repeat(10_000);
    let marks = format!("a{}", "\u{301}".repeat(5_000));
    for typed in [
        "%%%%",
        "%",
        "_",
        "a*",
        "^(a+)+$",
        "\u{202e}relda",
        "\u{0}",
        "'; DROP TABLE customers; --",
        "\"\\",
        "\u{10FFFF}",
        "\u{D7FF}\u{FFFF}",
        "ﷺ",
        "-9223372036854775808",
        "99999999999999999999",
        "#",
        "+",
        "00",
        &words,
        &marks,
        &"0".repeat(5_000),
    ] {
        let start = std::time::Instant::now();
        let answer = sven.send("GET", &query(typed), None).await;
        let status = answer.status.as_u16();
        assert!(matches!(status, 200 | 400 | 414 | 431), "{status}");
        assert!(
            start.elapsed().as_millis() < 2_000,
            "{} letters",
            typed.len()
        );
    }
    assert!(
        sven.get(&query("adler"))
            .await
            .expect(200)
            .says("Anna Adler")
    );
}
