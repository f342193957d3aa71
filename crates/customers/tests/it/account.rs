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
