//! AUTH-6: passkeys, with a security key made of code.

use crate::app;
use crate::authenticator::{Authenticator, ask, make, send};
use crate::factors::{codes, password};
use std::time::Duration;
use testkit::{Client, TestApp};

const LIST: &str = "/profil/passkeys";
const BEGIN: &str = "/profil/passkeys/beginnen";
const CODE: &str = "/anmelden/code";
const SECOND: &str = "/anmelden/code/passkey";
const DOOR: &str = "/anmelden";
const FIRST: &str = "/anmelden/passkey/beginnen";
const SEND: &str = "/anmelden/passkey";

async fn anna_with(t: &TestApp, key: &mut Authenticator) -> Client {
    let mut anna = t.anna().await;
    make(&mut anna, key).await.expect(200);
    anna
}

/// The second step with this passkey: the status of the answer.
async fn second(t: &TestApp, key: &mut Authenticator) -> u16 {
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    let (csrf, asked) = ask(&mut guest, CODE, SECOND).await;
    let answer = key.answer(&asked);
    send(&mut guest, CODE, &csrf, &asked, &answer)
        .await
        .status
        .as_u16()
}

async fn first(t: &TestApp, key: &mut Authenticator) -> u16 {
    let mut guest = t.guest();
    let (csrf, asked) = ask(&mut guest, DOOR, FIRST).await;
    let answer = key.answer(&asked);
    send(&mut guest, SEND, &csrf, &asked, &answer)
        .await
        .status
        .as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_a_passkey_is_made_named_used_and_removed() {
    let t = app().await;
    let mut key = Authenticator::new(7);
    let mut anna = t.anna().await;
    let page = anna.get(LIST).await.expect(200);
    assert!(
        page.says("noch keinen Passkey") && page.says("brauchen JavaScript"),
        "{}",
        page.text()
    );
    let made = make(&mut anna, &mut key).await.expect(200);
    assert_eq!(codes(&made).len(), 10);
    let page = anna.get(LIST).await.expect(200);
    assert!(
        page.says("Mein Telefon") && page.says("Noch nicht"),
        "{}",
        page.text()
    );
    // after the password it is asked for
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    let (csrf, asked) = ask(&mut guest, CODE, SECOND).await;
    let answer = key.answer(&asked);
    send(&mut guest, CODE, &csrf, &asked, &answer)
        .await
        .leads_to("/konto");
    guest.get("/konto").await.expect(200);
    assert!(!anna.get(LIST).await.says("Noch nicht"));
    // renamed, and removed
    let one = anna.get(LIST).await.link("/profil/passkeys/0");
    anna.fill(&one, &[("name", "Schlüsselbund")])
        .await
        .leads_to(LIST);
    assert!(anna.get(LIST).await.says("Schlüsselbund"));
    anna.press(&one, &format!("{one}/loeschen"))
        .await
        .leads_to(LIST);
    anna.get(&one).await.expect(404);
    password(&mut t.guest(), "K-10001").await.leads_to("/konto");
    let acts = t.acts(None).await;
    for act in ["passkey.added", "passkey.renamed", "passkey.removed"] {
        assert!(acts.iter().any(|a| a == act), "{act}: {acts:?}");
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_a_passkey_alone_signs_in() {
    let t = app().await;
    let mut key = Authenticator::new(7);
    anna_with(&t, &mut key).await;
    let mut guest = t.guest();
    let (csrf, asked) = ask(&mut guest, "/anmelden?weiter=/konto/adressen", FIRST).await;
    let answer = key.answer(&asked);
    let to = format!("{SEND}?weiter=/konto/adressen");
    send(&mut guest, &to, &csrf, &asked, &answer)
        .await
        .leads_to("/konto/adressen");
    assert!(guest.get("/konto").await.expect(200).says("Anna Adler"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_passkey_wrong_rp_or_origin() {
    let t = app().await;
    let mut key = Authenticator::new(7);
    anna_with(&t, &mut key).await;
    let good = key.clone();
    let wrong = vec![
        (
            "origin",
            Authenticator {
                origin: "https://evil.example".into(),
                ..good.clone()
            },
        ),
        (
            "port",
            Authenticator {
                origin: "http://localhost:8081".into(),
                ..good.clone()
            },
        ),
        (
            "site",
            Authenticator {
                site: "evil.example".into(),
                ..good.clone()
            },
        ),
        (
            "unverified",
            Authenticator {
                verified: false,
                ..good.clone()
            },
        ),
        (
            "user",
            Authenticator {
                user: t.cast.fremd.0.as_bytes().to_vec(),
                ..good.clone()
            },
        ),
        (
            "other key",
            Authenticator {
                user: good.user.clone(),
                ..Authenticator::new(8)
            },
        ),
    ];
    for (what, key) in wrong {
        assert_eq!(second(&t, &mut key.clone()).await, 422, "{what}");
        assert_eq!(first(&t, &mut key.clone()).await, 422, "{what}");
    }
    // an answer that is none
    for answer in ["", "{}", "null", "[", "{\"id\":1}"] {
        let mut guest = t.guest();
        let (csrf, asked) = ask(&mut guest, DOOR, FIRST).await;
        send(&mut guest, SEND, &csrf, &asked, answer)
            .await
            .expect(422);
    }
    // the right one works all the same
    assert_eq!(first(&t, &mut key).await, 303);
    // a counter that goes back belongs to a copy: refused, and noted
    let mut copy = good.clone();
    assert_eq!(second(&t, &mut copy).await, 422);
    let mut copy = good.clone();
    assert_eq!(first(&t, &mut copy).await, 422);
    let ctx = db::audit::Filter::default();
    let mut tx = t.db().read().await.unwrap();
    let lines = db::audit::list(&mut tx, &ctx, db::audit::Page::Newest, 1000)
        .await
        .unwrap();
    let counters = lines
        .iter()
        .filter(|l| l.act == "passkey.refused" && l.detail.contains("counter"));
    assert_eq!(counters.count(), 2);
    drop(tx);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_what_is_asked_of_a_passkey_is_answered_once_and_soon() {
    let t = app().await;
    let mut key = Authenticator::new(7);
    anna_with(&t, &mut key).await;
    let mut guest = t.guest();
    let (csrf, asked) = ask(&mut guest, DOOR, FIRST).await;
    let answer = key.answer(&asked);
    send(&mut guest.clone(), SEND, &csrf, &asked, &answer)
        .await
        .expect(303);
    send(&mut guest.clone(), SEND, &csrf, &asked, &answer)
        .await
        .expect(422);
    // too late
    let (csrf, asked) = ask(&mut guest, DOOR, FIRST).await;
    t.wait(Duration::from_secs(301));
    let answer = key.answer(&asked);
    send(&mut guest, SEND, &csrf, &asked, &answer)
        .await
        .expect(422);
    // what was asked of one is not answered by another
    let mut anna = t.anna().await;
    let (_, asked) = ask(&mut anna, LIST, BEGIN).await;
    let made = Authenticator::new(9).make(&asked);
    let mut fremd = t.fremd().await;
    let (csrf, _) = ask(&mut fremd, LIST, BEGIN).await;
    send(&mut fremd, LIST, &csrf, &asked, &made)
        .await
        .expect(422);
    assert!(fremd.get(LIST).await.says("noch keinen Passkey"));
    // nor does a question to nobody open the second step
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    let (_, asked) = ask(&mut t.guest(), DOOR, FIRST).await;
    let (csrf, _) = ask(&mut guest, CODE, SECOND).await;
    let answer = key.answer(&asked);
    send(&mut guest, CODE, &csrf, &asked, &answer)
        .await
        .expect(422);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_the_same_passkey_is_made_once() {
    let t = app().await;
    let mut key = Authenticator::new(7);
    anna_with(&t, &mut key).await;
    let mut fremd = t.fremd().await;
    let page = make(&mut fremd, &mut key.clone()).await.expect(422);
    assert!(page.says("ließ sich nicht anlegen"), "{}", page.text());
    assert!(fremd.get(LIST).await.says("noch keinen Passkey"));
    t.run_jobs().await;
}
