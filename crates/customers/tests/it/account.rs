//! ACC-1, ACC-2: the overview, the start page, the switch.

use crate::app;

#[tokio::test(flavor = "multi_thread")]
async fn acc_2_the_overview_shows_contact_data_and_default_addresses() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get("/konto").await.expect(200);
    for words in [
        "Kontoübersicht",
        "anna@adler.example",
        "Noch keine Adresse hinterlegt.",
        "Adressbuch",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let fill = [
        ("street", "Deichstraße 7"),
        ("postcode", "20459"),
        ("town", "Hamburg"),
    ];
    anna.fill("/konto/adressen/neu", &fill)
        .await
        .leads_to("/konto/adressen");
    let page = anna.get("/konto").await.expect(200);
    assert_eq!(
        page.text().matches("20459 Hamburg").count(),
        2,
        "{}",
        page.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_1_the_start_page_leads_on() {
    let t = app().await;
    let page = t.guest().get("/").await.expect(200);
    assert!(page.says("Anmelden") && page.says("Registrieren"));
    let page = t.anna().await.get("/").await.expect(200);
    assert!(page.says("Hallo, Anna Adler") && page.says("Kundennummer K-10001"));
    assert!(!page.links("/konto/adressen").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_6_a_user_of_several_customers_switches() {
    let t = app().await;
    let mut clara = t.clara().await;
    let page = clara.get("/konto").await.expect(200);
    assert!(page.says("Kundennummer K-10002"));
    let form = page.form_to("/konto/wechseln");
    let second = t.cast.claras.1.to_string();
    let answer = clara
        .send_form(&form, &[("id", &second)])
        .await
        .leads_to("/konto");
    assert!(clara.follow(answer).await.says("Kundennummer K-10003"));
    for stranger in [t.cast.annas.to_string(), "x".into(), String::new()] {
        let form = clara.get("/konto").await.form_to("/konto/wechseln");
        clara
            .send_form(&form, &[("id", &stranger)])
            .await
            .expect(404);
    }
    assert!(clara.get("/konto").await.says("Kundennummer K-10003"));
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_6_a_form_of_the_customer_acted_for_before_saves_nothing() {
    let t = app().await;
    let mut clara = t.clara().await;
    let page = clara.get("/konto/adressen/neu").await.expect(200);
    let address = page.form_with("street");
    let switch = page.form_to("/konto/wechseln");
    let second = t.cast.claras.1.to_string();
    clara
        .send_form(&switch, &[("id", &second)])
        .await
        .leads_to("/konto");
    let answer = clara.send_form(&address, &[]).await.expect(409);
    assert!(answer.says("Sie handeln jetzt für einen anderen Kunden"));
    // the switch itself may be sent from such a page
    let first = t.cast.claras.0.to_string();
    clara
        .send_form(&switch, &[("id", &first), ("key", "another")])
        .await
        .leads_to("/konto");
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_2_the_overview_leads_to_what_one_may_change() {
    let t = app().await;
    let ways = [
        "/konto/bearbeiten",
        "/konto/daten",
        "/konto/adressen",
        "/konto/kontakte",
    ];
    let page = t.anna().await.get("/konto").await.expect(200);
    for way in ways {
        assert!(!page.links(way).is_empty(), "{way}");
    }
    // who may little sees the data and only the own ways
    let page = t.bernd().await.get("/konto").await.expect(200);
    assert!(page.says("anna@adler.example"), "{}", page.text());
    for (way, shown) in ways.into_iter().zip([false, false, true, false]) {
        assert_eq!(!page.links(way).is_empty(), shown, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_1_start_and_phone_header_say_for_whom_one_acts() {
    let t = app().await;
    let mut clara = t.clara().await;
    let page = clara.get("/").await.expect(200);
    assert!(page.says("Sie handeln für Clara Claasen, Kundennummer K-10002."));
    assert!(page.html.contains("class=\"wrap acting\""));
    let switch = page.form_to("/konto/wechseln");
    let second = t.cast.claras.1.to_string();
    clara
        .send_form(&switch, &[("id", &second)])
        .await
        .expect(303);
    let page = clara.get("/").await.expect(200);
    assert!(page.says("Sie handeln für Reederei Claasen, Kundennummer K-10003."));
    // with one customer there is nothing to tell apart
    assert!(!t.anna().await.get("/").await.html.contains("acting"));
}
