//! Sensitive acts ask for a sign-in of the last ten minutes.

use crate::app;
use crate::factors::{code, set_up};
use std::time::Duration;
use testkit::{PASSWORD, TestApp};

const LATE: Duration = Duration::from_secs(601);
const ADD: &str = "/profil/adressen/neu";
const CONFIRM: &str = "/anmelden/bestaetigen?weiter=%2Fprofil%2Fadressen%2Fneu";

#[tokio::test(flavor = "multi_thread")]
async fn v7_5_1_sensitive_change_needs_fresh_login() {
    let t = app().await;
    let mut anna = t.anna().await;
    let form = anna.get(ADD).await.expect(200).form_with("email");
    t.wait(Duration::from_secs(600));
    anna.get(ADD).await.expect(200);
    t.wait(Duration::from_secs(1));
    anna.get(ADD).await.leads_to(CONFIRM);
    // what was typed before does not pass either
    anna.send_form(&form, &[("email", "neu@adler.example")])
        .await
        .leads_to(CONFIRM);
    let page = anna.get(CONFIRM).await.expect(200);
    assert!(page.says("Anna Adler"), "{}", page.text());
    anna.fill(CONFIRM, &[("password", PASSWORD)])
        .await
        .leads_to(ADD);
    anna.get(ADD).await.expect(200);
    // ten minutes, no more
    t.wait(LATE);
    anna.get(ADD).await.leads_to(CONFIRM);
    let acts = t.acts(None).await;
    assert!(
        acts.iter().any(|act| act == "session.confirmed"),
        "{acts:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn v7_2_4_login_and_step_up_rotate_the_token() {
    let t = app().await;
    let mut anna = t.anna().await;
    let mut copy = anna.clone();
    t.wait(LATE);
    anna.fill(CONFIRM, &[("password", PASSWORD)])
        .await
        .leads_to(ADD);
    assert_ne!(anna.cookies["tresen"], copy.cookies["tresen"]);
    copy.get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    // forms go on working with the new token
    anna.fill("/profil", &[("first_name", "Anne")])
        .await
        .leads_to("/profil");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_a_wrong_password_confirms_nothing_and_slows_down() {
    let t = app().await;
    let mut anna = t.anna().await;
    t.wait(LATE);
    for _ in 0..5 {
        let page = anna
            .fill(CONFIRM, &[("password", "falsch")])
            .await
            .expect(422);
        assert!(
            page.says("Dieses Passwort stimmt nicht."),
            "{}",
            page.text()
        );
    }
    let page = anna
        .fill(CONFIRM, &[("password", PASSWORD)])
        .await
        .expect(429);
    assert!(page.headers.contains_key("retry-after"));
    anna.get(ADD).await.leads_to(CONFIRM);
    t.wait(Duration::from_secs(3));
    anna.fill(CONFIRM, &[("password", PASSWORD)])
        .await
        .leads_to(ADD);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_a_post_of_long_ago_leads_back_to_the_page_of_its_form() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = added(&t, &mut anna).await;
    let form = anna
        .get("/profil")
        .await
        .form_to(&format!("/profil/adressen/{id}/hauptadresse"));
    t.wait(LATE);
    anna.send_form(&form, &[])
        .await
        .leads_to("/anmelden/bestaetigen?weiter=%2Fprofil");
    // a foreign form is refused, whether the sign-in is fresh or not
    let mut forged = form.clone();
    forged.fields.clear();
    anna.send_form(&forged, &[]).await.expect(403);
    // and nobody is sent away from here
    for evil in ["https://evil.example", "//evil.example"] {
        anna.fill(
            &format!("/anmelden/bestaetigen?weiter={evil}"),
            &[("password", PASSWORD)],
        )
        .await
        .leads_to("/konto");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_who_has_a_second_factor_confirms_with_it_too() {
    let t = app().await;
    let mut anna = t.anna().await;
    let codes = set_up(&t, &mut anna, t.cast.anna).await;
    t.wait(LATE);
    let page = anna
        .fill(CONFIRM, &[("password", PASSWORD)])
        .await
        .expect(422);
    assert!(page.says("Code"), "{}", page.text());
    let right = code(&t, t.cast.anna).await;
    let fill = [("password", "falsch"), ("code", right.as_str())];
    let page = anna.fill(CONFIRM, &fill).await.expect(422);
    assert!(page.says("Dieses Passwort stimmt nicht."));
    let fill = [("password", PASSWORD), ("code", "000000")];
    let page = anna.fill(CONFIRM, &fill).await.expect(422);
    assert!(page.says("Dieser Code stimmt nicht"), "{}", page.text());
    anna.get(ADD).await.leads_to(CONFIRM);
    let fill = [("password", PASSWORD), ("code", right.as_str())];
    anna.fill(CONFIRM, &fill).await.leads_to(ADD);
    t.wait(LATE);
    let fill = [("password", PASSWORD), ("code", codes[0].as_str())];
    anna.fill(CONFIRM, &fill).await.leads_to(ADD);
    // guessing codes slows down, whatever the password
    t.wait(LATE);
    for _ in 0..5 {
        let fill = [("password", PASSWORD), ("code", "000000")];
        anna.fill(CONFIRM, &fill).await.expect(422);
    }
    let fill = [("password", PASSWORD), ("code", codes[1].as_str())];
    anna.fill(CONFIRM, &fill).await.expect(429);
    t.run_jobs().await;
}

/// A further address of Anna's, proven; its id.
async fn added(t: &TestApp, anna: &mut testkit::Client) -> String {
    anna.fill(ADD, &[("email", "zwei@adler.example")])
        .await
        .leads_to("/profil");
    let link = TestApp::link_in(&t.mail_to("zwei@adler.example").await);
    let form = anna.get(&link).await.form_to(&link);
    anna.send_form(&form, &[]).await.leads_to("/profil");
    let page = anna.get("/profil").await;
    let remove = page.link("/profil/adressen/0");
    remove.split('/').nth(3).unwrap_or_default().to_owned()
}
