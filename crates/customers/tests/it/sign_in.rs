//! AUTH-3

use crate::app;
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD};

async fn sign_in(guest: &mut Client, login: &str, password: &str) -> Answer {
    guest
        .fill("/anmelden", &[("login", login), ("password", password)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_by_address_or_by_number_typed_in_odd_ways() {
    let t = app().await;
    for login in [
        "anna@adler.example",
        " Anna@ADLER.example ",
        "K-10001",
        "k 10001",
        "10001",
        "Ｋ－１０００１",
    ] {
        let mut guest = t.guest();
        let answer = sign_in(&mut guest, login, PASSWORD)
            .await
            .leads_to("/konto");
        let page = guest.follow(answer).await.expect(200);
        assert!(
            page.says("Anna Adler") && page.says("Kundennummer K-10001"),
            "{login}: {}",
            page.text()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_a_number_signs_in_for_that_customer_an_address_for_the_one_used_last() {
    let t = app().await;
    t.wait(Duration::from_secs(60));
    let mut guest = t.guest();
    sign_in(&mut guest, "K-10003", PASSWORD)
        .await
        .leads_to("/konto");
    assert!(guest.get("/konto").await.says("Kundennummer K-10003"));
    t.wait(Duration::from_secs(60));
    let mut guest = t.guest();
    sign_in(&mut guest, "clara@claasen.example", PASSWORD)
        .await
        .leads_to("/konto");
    assert!(guest.get("/konto").await.says("Kundennummer K-10003"));
    // Bernd is a member, not the main owner: the number is not his
    let mut guest = t.guest();
    sign_in(&mut guest, "bernd@adler.example", PASSWORD)
        .await
        .leads_to("/konto");
    assert!(guest.get("/konto").await.says("Bernd Busch"));
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_every_failure_gets_the_same_answer() {
    let t = app().await;
    let mut pages = Vec::new();
    for login in [
        "anna@adler.example",
        "nobody@adler.example",
        "K-10001",
        "K-99999",
        "💥\u{202e}",
        "' OR 1=1",
    ] {
        let page = sign_in(&mut t.guest(), login, "falsch").await.expect(422);
        let text = page.text().replace(login, "…");
        assert!(page.says("Die Anmeldung hat nicht geklappt."), "{text}");
        assert!(
            page.form_with("login")
                .fields
                .iter()
                .any(|(name, value)| name == "login" && !value.is_empty())
        );
        assert!(!page.html.contains("falsch"));
        pages.push(text);
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "{pages:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_tries_slow_down_and_the_delay_ends() {
    let t = app().await;
    for login in ["anna@adler.example", "nobody@adler.example"] {
        let mut guest = t.guest();
        for _ in 0..5 {
            sign_in(&mut guest, login, "falsch").await.expect(422);
        }
        let page = sign_in(&mut guest, login, PASSWORD).await.expect(429);
        assert!(page.says("Bitte warten Sie 2 Sekunden"), "{}", page.text());
        assert!(page.headers.contains_key("retry-after"));
        t.wait(Duration::from_secs(3));
    }
    sign_in(&mut t.guest(), "anna@adler.example", PASSWORD)
        .await
        .leads_to("/konto");
    // and it is forgotten with the success
    sign_in(&mut t.guest(), "anna@adler.example", "falsch")
        .await
        .expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_leads_to_where_the_person_was_headed_and_nowhere_else() {
    let t = app().await;
    let mut guest = t.guest();
    let answer = guest.get("/konto/adressen").await;
    let to = answer.location().to_owned();
    assert_eq!(to, "/anmelden?weiter=%2Fkonto%2Fadressen");
    guest
        .fill(&to, &[("login", "K-10001"), ("password", "falsch")])
        .await
        .expect(422);
    guest
        .fill(&to, &[("login", "K-10001"), ("password", PASSWORD)])
        .await
        .leads_to("/konto/adressen");
    guest.get("/anmelden").await.leads_to("/konto");
    for evil in ["https://evil.example", "//evil.example", "/\\evil.example"] {
        let mut guest = t.guest();
        let fill = [("login", "K-10001"), ("password", PASSWORD)];
        guest
            .fill(&format!("/anmelden?weiter={evil}"), &fill)
            .await
            .leads_to("/konto");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_the_token_changes_at_sign_in_and_ends_at_sign_out() {
    let t = app().await;
    let mut anna = t.anna().await;
    let mut before = anna.clone();
    let form = t.guest().get("/anmelden").await.form_with("login");
    // the sign-in form of another tab, sent while signed in: the old token is worth nothing afterwards
    let page = anna.get("/konto").await;
    let csrf = page.form_to("/abmelden").fields[0].1.clone();
    let fill = [
        ("csrf", csrf.as_str()),
        ("login", "K-10001"),
        ("password", PASSWORD),
    ];
    anna.send_form(&form, &fill).await.leads_to("/konto");
    before
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    let mut copy = anna.clone();
    let answer = anna.press("/konto", "/abmelden").await.leads_to("/");
    assert!(anna.follow(answer).await.says("Sie sind abgemeldet."));
    copy.get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(
        acts.iter().any(|act| act == "session.opened")
            && acts.iter().any(|act| act == "session.ended")
    );
}
