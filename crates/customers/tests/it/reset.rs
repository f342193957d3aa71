//! AUTH-4

use crate::app;
use crate::factors::{code, set_up};
use identity::Hasher;
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const ANNA: &str = "anna@adler.example";
const NEW: &str = "Kohlrabi tanzt um Mitternacht";
const ASKED: &str = "/passwort/gesendet";

async fn ask(guest: &mut Client, login: &str) -> Answer {
    guest.fill("/passwort", &[("login", login)]).await
}

async fn link_to(t: &TestApp, email: &str) -> String {
    TestApp::link_in(&t.mail_to(email).await)
}

async fn choose(guest: &mut Client, link: &str, password: &str) -> Answer {
    let fill = [
        ("new_password", password),
        ("new_password_repeat", password),
    ];
    guest.fill(link, &fill).await
}

async fn sign_in(guest: &mut Client, login: &str, password: &str) -> Answer {
    guest
        .fill("/anmelden", &[("login", login), ("password", password)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_a_new_password_ends_all_sessions_and_leads_to_the_sign_in_page() {
    let t = app().await;
    let mut device = t.anna().await;
    let mut guest = t.guest();
    let page = guest.get("/anmelden").await.expect(200);
    assert!(page.says("Passwort vergessen"));
    assert_eq!(page.link("/passwort"), "/passwort");
    ask(&mut guest, ANNA).await.leads_to(ASKED);
    let letter = t.mail_to(ANNA).await;
    assert!(letter.text.contains("30 Minuten"), "{}", letter.text);
    let link = TestApp::link_in(&letter);
    // opening it, twice, changes nothing
    for _ in 0..2 {
        let page = guest.get(&link).await.expect(200);
        assert!(page.says("Anna Adler"), "{}", page.text());
    }
    device.get("/konto").await.expect(200);
    let answer = choose(&mut guest, &link, NEW).await.leads_to("/anmelden");
    let page = guest.follow(answer).await;
    assert!(page.says("Ihr Passwort ist geändert."), "{}", page.text());
    device
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    sign_in(&mut guest, ANNA, PASSWORD).await.expect(422);
    sign_in(&mut guest, ANNA, NEW).await.leads_to("/konto");

    let notice = t.mail_to(ANNA).await;
    assert_eq!(notice.subject, "Ihre Anmeldedaten wurden geändert");
    let used = t.guest().get(&link).await.expect(410);
    assert!(used.says("schon verwendet") && !used.links("/passwort").is_empty());
    let acts = t.acts(None).await;
    assert!(
        acts.iter().any(|act| act == "user.password_set"),
        "{acts:?}"
    );
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(acts.iter().any(|act| act == "user.reset_sent"), "{acts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_by_customer_number_the_link_goes_to_the_main_owner() {
    let t = app().await;
    ask(&mut t.guest(), "k 10001").await.leads_to(ASKED);
    let link = link_to(&t, ANNA).await;
    choose(&mut t.guest(), &link, NEW)
        .await
        .leads_to("/anmelden");
    sign_in(&mut t.guest(), "K-10001", NEW)
        .await
        .leads_to("/konto");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_what_leads_to_nobody_gets_the_same_page_and_no_mail() {
    let t = app().await;
    let mut pages = Vec::new();
    for login in [ANNA, "nobody@adler.example", "K-99999", "💥", "' OR 1=1"] {
        let mut guest = t.guest();
        let answer = ask(&mut guest, login).await.leads_to(ASKED);
        assert_eq!(answer.queries, 6, "{login}: the same work");
        pages.push(guest.follow(answer).await.expect(200).text());
    }
    pages.dedup();
    assert_eq!(pages.len(), 1, "{pages:#?}");
    t.run_jobs().await;
    assert_eq!(t.mails.len(), 1);
    let page = t.guest().fill("/passwort", &[("login", " ")]).await;
    assert!(page.expect(422).says("Bitte füllen Sie dieses Feld aus."));
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_three_mails_an_hour_go_to_an_address_and_twenty_from_a_network() {
    let t = app().await;
    let mut guest = t.guest();
    for _ in 0..5 {
        ask(&mut guest, ANNA).await.leads_to(ASKED);
        t.run_jobs().await;
    }
    assert_eq!(t.mails.len(), 3);
    for n in 0..20 {
        let login = format!("wer{n}@adler.example");
        ask(&mut guest, &login).await.leads_to(ASKED);
    }
    // the network has had its twenty
    ask(&mut guest, "fremd@fremd.example").await.leads_to(ASKED);
    t.run_jobs().await;
    assert!(t.mails.last_to("fremd@fremd.example").is_none());
    t.wait(Duration::from_secs(3601));
    ask(&mut guest, "fremd@fremd.example").await.leads_to(ASKED);
    t.mail_to("fremd@fremd.example").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_a_link_that_is_old_or_altered_says_so_and_leads_to_a_new_one() {
    let t = app().await;
    ask(&mut t.guest(), ANNA).await;
    let link = link_to(&t, ANNA).await;
    t.wait(Duration::from_secs(30 * 60));
    let page = t.guest().get(&link).await.expect(410);
    assert!(page.says("Dieser Link gilt nicht mehr"), "{}", page.text());
    assert_eq!(page.link("/passwort"), "/passwort");
    let altered = format!("{}x", &link[..link.len() - 1]);
    let page = t.guest().get(&altered).await.expect(410);
    assert!(page.says("Diesen Link kennen wir nicht"), "{}", page.text());
    // its form does nothing either
    let mut guest = t.guest();
    ask(&mut guest, ANNA).await;
    let good = link_to(&t, ANNA).await;
    let form = guest.get(&good).await.form_with("new_password");
    t.wait(Duration::from_secs(30 * 60));
    let fill = [("new_password", NEW), ("new_password_repeat", NEW)];
    guest.send_form(&form, &fill).await.expect(410);
    sign_in(&mut t.guest(), ANNA, PASSWORD)
        .await
        .leads_to("/konto");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_a_weak_password_or_two_different_ones_leave_the_link_good() {
    let t = app().await;
    let mut guest = t.guest();
    ask(&mut guest, ANNA).await;
    let link = link_to(&t, ANNA).await;
    for (first, second, says) in [
        ("kurz", "kurz", "mindestens 12 Zeichen"),
        ("anna-adler-1987", "anna-adler-1987", "leicht zu erraten"),
        (
            "NordlichtHosting1",
            "NordlichtHosting1",
            "leicht zu erraten",
        ),
        (NEW, "anders", "stimmen nicht überein"),
        ("", "", "füllen Sie dieses Feld aus"),
    ] {
        let fill = [("new_password", first), ("new_password_repeat", second)];
        let page = guest.fill(&link, &fill).await.expect(422);
        assert!(page.says(says), "{says}: {}", page.text());
        assert!(first.is_empty() || !page.html.contains(first));
    }
    choose(&mut guest, &link, NEW).await.leads_to("/anmelden");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_4_a_known_address_that_registers_is_led_to_the_reset() {
    let t = app().await;
    let fill = [
        ("first_name", "Anna"),
        ("last_name", "Adler"),
        ("email", ANNA),
        ("consent", "on"),
    ];
    t.guest().fill("/registrieren", &fill).await.expect(303);
    let letter = t.mail_to(ANNA).await;
    assert!(letter.text.contains("/passwort\n"), "{}", letter.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_token_twice() {
    let t = app().await;
    let mut guest = t.guest();
    ask(&mut guest, ANNA).await;
    let link = link_to(&t, ANNA).await;
    // each hand has a page, and so a form key, of its own
    let mut pages = Vec::new();
    for n in 0..50 {
        let mut guest = t.guest();
        let form = guest.get(&link).await.expect(200).form_with("new_password");
        pages.push((n, guest, form));
    }
    let mut hands = Vec::new();
    for (n, mut guest, form) in pages {
        let password = format!("Kohlrabi tanzt {n} mal um Mitternacht");
        hands.push(tokio::spawn(async move {
            let fill = [
                ("new_password", password.as_str()),
                ("new_password_repeat", password.as_str()),
            ];
            guest.send_form(&form, &fill).await.status.as_u16()
        }));
    }
    let mut statuses = Vec::new();
    for hand in hands {
        statuses.push(hand.await.expect("a hand"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1);
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status, 303 | 410 | 503)),
        "{statuses:?}"
    );
    let page = guest.get(&link).await.expect(410);
    assert!(page.says("schon verwendet"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_token_after_change() {
    let t = app().await;
    let mut guest = t.guest();
    // two links: the first that is used ends the other
    ask(&mut guest, ANNA).await;
    let first = link_to(&t, ANNA).await;
    ask(&mut guest, ANNA).await;
    let second = link_to(&t, ANNA).await;
    assert_ne!(first, second);
    choose(&mut guest, &second, NEW).await.leads_to("/anmelden");
    guest.get(&first).await.expect(410);
    // a change of the password by hand; the notice of the last one goes out before
    t.run_jobs().await;
    t.wait(Duration::from_secs(3601));
    ask(&mut guest, ANNA).await;
    let link = link_to(&t, ANNA).await;
    let mut anna = t.anna().await;
    let fill = [
        ("current_password", NEW),
        ("new_password", PASSWORD),
        ("new_password_repeat", PASSWORD),
    ];
    anna.fill("/profil/passwort", &fill)
        .await
        .leads_to("/profil");
    guest.get(&link).await.expect(410);
    // a change of the addresses
    t.run_jobs().await;
    ask(&mut guest, ANNA).await;
    let link = link_to(&t, ANNA).await;
    anna.fill("/profil/adressen/neu", &[("email", "zwei@adler.example")])
        .await
        .leads_to("/profil");
    guest.get(&link).await.expect(200);
    let proof = link_to(&t, "zwei@adler.example").await;
    let form = anna.get(&proof).await.form_to(&proof);
    anna.send_form(&form, &[]).await.leads_to("/profil");
    guest.get(&link).await.expect(410);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_token_in_referer() {
    let t = app().await;
    let mut guest = t.guest();
    ask(&mut guest, ANNA).await;
    let link = link_to(&t, ANNA).await;
    let page = guest.get(&link).await.expect(200);
    assert_eq!(page.headers["referrer-policy"], "no-referrer");
    for attribute in ["src=\"", "href=\"", "action=\""] {
        for place in page.html.split(attribute).skip(1) {
            let own = place.starts_with('/') && !place.starts_with("//");
            let fine = own || place.starts_with('#') || place.starts_with("tel:");
            assert!(fine, "{attribute}{}", &place[..place.len().min(60)]);
        }
    }
    // such a page hides its origin from us, too; the browser says in another way where the form stood
    let form = page.form_with("new_password");
    let fill = [("new_password", NEW), ("new_password_repeat", NEW)];
    guest.headers = vec![("origin".into(), "null".into())];
    guest.send_form(&form, &fill).await.expect(403);
    guest.headers = vec![
        ("origin".into(), "null".into()),
        ("sec-fetch-site".into(), "cross-site".into()),
    ];
    guest.send_form(&form, &fill).await.expect(403);
    guest.headers = vec![
        ("origin".into(), "null".into()),
        ("sec-fetch-site".into(), "same-origin".into()),
    ];
    guest.send_form(&form, &fill).await.leads_to("/anmelden");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn host_header_in_reset_mail() {
    let t = app().await;
    let mut guest = t.guest();
    for (name, value) in [
        ("host", "evil.test"),
        ("x-forwarded-host", "evil.test"),
        ("forwarded", "host=evil.test"),
        ("x-forwarded-proto", "ftp"),
    ] {
        guest.headers.push((name.into(), value.into()));
    }
    ask(&mut guest, ANNA).await.leads_to(ASKED);
    let letter = t.mail_to(ANNA).await;
    assert!(!letter.text.contains("evil") && !letter.html.contains("evil"));
    assert!(letter.text.contains("http://localhost:8080/passwort/neu/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_3_8_a_hash_is_computed_for_nobody_as_for_somebody() {
    let t = app().await;
    let hasher = t.app.state::<Hasher>().expect("a hasher");
    for login in [ANNA, "nobody@adler.example", "K-10001", "K-99999", "💥"] {
        let mut guest = t.guest();
        let before = hasher.computed();
        sign_in(&mut guest, login, "falsch").await.expect(422);
        assert_eq!(hasher.computed() - before, 1, "{login}");
    }
    for login in [ANNA, "nobody@adler.example"] {
        let before = hasher.computed();
        ask(&mut t.guest(), login).await.leads_to(ASKED);
        assert_eq!(hasher.computed() - before, 0, "{login}");
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_4_3_reset_keeps_second_factor() {
    let t = app().await;
    let mut anna = t.anna().await;
    set_up(&t, &mut anna, t.cast.anna).await;
    t.wait(Duration::from_secs(31));
    // somebody who knows the old password waits at the second factor: the new one ends that
    let mut waits = t.guest();
    sign_in(&mut waits, ANNA, PASSWORD)
        .await
        .leads_to("/anmelden/code");
    let mut guest = t.guest();
    ask(&mut guest, ANNA).await;
    let link = link_to(&t, ANNA).await;
    choose(&mut guest, &link, NEW).await.leads_to("/anmelden");
    assert!(!guest.cookies.contains_key("tresen"), "nobody is signed in");
    waits.get("/anmelden/code").await.leads_to("/anmelden");
    sign_in(&mut guest, ANNA, NEW)
        .await
        .leads_to("/anmelden/code");
    guest
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    let code = code(&t, t.cast.anna).await;
    guest
        .fill("/anmelden/code", &[("code", &code)])
        .await
        .leads_to("/konto");
    t.run_jobs().await;
}
