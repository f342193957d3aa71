//! AUTH-8: where somebody is signed in. AUTH-3: browsers that are known.

use crate::app;
use crate::factors::password;
use std::time::Duration;
use testkit::{Client, PASSWORD, TestApp};

const LIST: &str = "/profil/geraete";
const FIREFOX: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";
const IPHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

async fn signed_in(t: &TestApp, login: &str, agent: &str) -> Client {
    let mut client = t.guest();
    client.headers = vec![("user-agent".into(), agent.into())];
    password(&mut client, login).await.expect(303);
    client
}

async fn wrong(client: &mut Client, login: &str) -> u16 {
    let fill = [("login", login), ("password", "falsch")];
    client.fill("/anmelden", &fill).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_8_the_list_names_devices_and_marks_this_one() {
    let t = app().await;
    let mut firefox = signed_in(&t, "K-10001", FIREFOX).await;
    t.wait(Duration::from_secs(120));
    let mut phone = signed_in(&t, "anna@adler.example", IPHONE).await;
    let page = phone.get(LIST).await.expect(200);
    assert!(
        page.says("Firefox unter Windows") && page.says("Safari unter iPhone Dieses Gerät"),
        "{}",
        page.text()
    );
    assert!(
        !page.html.contains("Mozilla"),
        "never what the browser says of itself"
    );
    let page = firefox.get(LIST).await.expect(200);
    assert!(
        page.says("Firefox unter Windows Dieses Gerät"),
        "{}",
        page.text()
    );
    // nothing of others
    assert!(!t.fremd().await.get(LIST).await.says("Firefox"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v7_5_2_user_sees_and_ends_sessions() {
    let t = app().await;
    let mut one = signed_in(&t, "K-10001", FIREFOX).await;
    t.wait(Duration::from_millis(1));
    let mut two = signed_in(&t, "K-10001", IPHONE).await;
    t.wait(Duration::from_millis(1));
    let mut three = t.anna().await;
    let page = two.get(LIST).await.expect(200);
    let ends: Vec<String> = page
        .forms()
        .into_iter()
        .map(|form| form.action)
        .filter(|action| action.starts_with("/profil/geraete/0"))
        .collect();
    assert_eq!(ends.len(), 2);
    // the older of the two is the one that signed in first
    two.press(LIST, ends.last().unwrap()).await.leads_to(LIST);
    one.get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    three.get("/konto").await.expect(200);
    // ended once more, or a stranger's: there is nothing
    let csrf = two.get("/konto").await.form_to("/abmelden").fields[0]
        .1
        .clone();
    two.post_raw(ends.last().unwrap(), &[("csrf", &csrf)])
        .await
        .expect(404);
    let mut fremd = t.fremd().await;
    let csrf = fremd.get("/konto").await.form_to("/abmelden").fields[0]
        .1
        .clone();
    fremd
        .post_raw(&ends[0], &[("csrf", &csrf)])
        .await
        .expect(404);
    let answer = two
        .press(LIST, "/profil/geraete/beenden")
        .await
        .leads_to(LIST);
    assert!(
        two.follow(answer)
            .await
            .says("Alle anderen Geräte sind abgemeldet.")
    );
    three
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    two.get("/konto").await.expect(200);
    let acts = t.acts(None).await;
    assert!(acts.iter().any(|act| act == "device.ended"));
    assert!(acts.iter().any(|act| act == "device.others_ended"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_8_a_long_list_has_pages() {
    let t = app().await;
    for _ in 0..27 {
        t.wait(Duration::from_millis(1));
        t.anna().await;
    }
    let mut anna = t.anna().await;
    let page = anna.get(LIST).await.expect(200);
    assert_eq!(
        page.forms()
            .iter()
            .filter(|f| f.action.ends_with("/beenden"))
            .count(),
        25
    );
    let next = page.link("/profil/geraete?nach=");
    let page = anna.get(&next).await.expect(200);
    assert_eq!(
        page.forms()
            .iter()
            .filter(|f| f.action.starts_with("/profil/geraete/0"))
            .count(),
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_a_device_that_has_signed_in_before_cannot_be_locked_out() {
    let t = app().await;
    let mut own = signed_in(&t, "K-10001", FIREFOX).await;
    own.press("/konto", "/abmelden").await.leads_to("/");
    // a stranger of the same network uses up the tries of the account, and those of the network
    for nth in 0..40 {
        let login = if nth < 8 {
            "K-10001".into()
        } else {
            format!("nobody{nth}@adler.example")
        };
        wrong(&mut t.guest(), &login).await;
    }
    let fill = [("login", "K-10001"), ("password", PASSWORD)];
    t.guest().fill("/anmelden", &fill).await.expect(429);
    own.fill("/anmelden", &fill).await.leads_to("/konto");
    // its own count is its own, and slows it down, too
    own.press("/konto", "/abmelden").await.leads_to("/");
    for _ in 0..5 {
        assert_eq!(wrong(&mut own, "K-10001").await, 422);
    }
    assert_eq!(wrong(&mut own, "K-10001").await, 429);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_remember_device_stolen() {
    let t = app().await;
    let anna = signed_in(&t, "K-10001", FIREFOX).await;
    let mut bernd = t.bernd().await;
    crate::factors::set_up(&t, &mut bernd, t.cast.bernd).await;
    // for another user it is worth nothing: his code is asked for, his tries are those of a stranger
    let mut thief = t.guest();
    let cookie = anna.cookies["tresen-geraet"].clone();
    thief.cookies.insert("tresen-geraet".into(), cookie);
    password(&mut thief, "bernd@adler.example")
        .await
        .leads_to("/anmelden/code");
    thief.get("/konto").await.expect(303);
    for _ in 0..5 {
        wrong(&mut t.guest(), "clara@claasen.example").await;
    }
    let fill = [("login", "clara@claasen.example"), ("password", PASSWORD)];
    thief.fill("/anmelden?neu=1", &fill).await.expect(429);
    // for its own user it opens nothing without the password
    thief.cookies.remove("tresen-schritt");
    assert_eq!(wrong(&mut thief, "K-10001").await, 422);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_3_5_a_sign_in_from_a_new_device_is_told_by_mail() {
    let t = app().await;
    // the first one ever is no news
    let mut firefox = signed_in(&t, "K-10001", FIREFOX).await;
    t.run_jobs().await;
    assert!(t.mails.last_to("anna@adler.example").is_none());
    // nor is the same browser again
    firefox.press("/konto", "/abmelden").await.leads_to("/");
    password(&mut firefox, "K-10001").await.leads_to("/konto");
    t.run_jobs().await;
    assert!(t.mails.last_to("anna@adler.example").is_none());
    let mut phone = signed_in(&t, "K-10001", IPHONE).await;
    let mail = t.mail_to("anna@adler.example").await;
    assert!(mail.text.contains("Safari unter iPhone"), "{}", mail.text);
    // two people at one browser: each is new there once
    phone.press("/konto", "/abmelden").await.leads_to("/");
    password(&mut phone, "K-10002").await.leads_to("/konto");
    phone.press("/konto", "/abmelden").await.leads_to("/");
    let before = t.mails.all().len();
    password(&mut phone, "K-10001").await.leads_to("/konto");
    phone.press("/konto", "/abmelden").await.leads_to("/");
    password(&mut phone, "K-10002").await.leads_to("/konto");
    t.run_jobs().await;
    assert_eq!(t.mails.all().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_8_an_ended_device_is_a_new_one() {
    let t = app().await;
    let mut own = signed_in(&t, "K-10001", FIREFOX).await;
    let mut other = signed_in(&t, "K-10001", IPHONE).await;
    t.run_jobs().await;
    own.press(LIST, "/profil/geraete/beenden")
        .await
        .leads_to(LIST);
    let before = t.mails.all().len();
    password(&mut other, "K-10001").await.leads_to("/konto");
    t.run_jobs().await;
    assert_eq!(t.mails.all().len(), before + 1);
}
