//! Sessions, accounts and limits, over two nodes where that matters.

use crate::{second, whole};
use db::{params, sql};
use std::collections::BTreeSet;
use testkit::{Client, PASSWORD, TestApp};

async fn sign_in(client: &mut Client) {
    let fill = [("login", "anna@adler.example"), ("password", PASSWORD)];
    client.fill("/anmelden", &fill).await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn v7_4_1_logout_kills_the_token_at_once_on_all_nodes() {
    let t = whole().await;
    let node = second(&t).await;
    for (person, page, action) in [
        (t.anna().await, "/konto", "/abmelden"),
        (t.sven().await, "/desk", "/desk/abmelden"),
    ] {
        let mut copy = person.at(&node);
        copy.get(page).await.expect(200);
        let mut person = person;
        person.press(page, action).await.expect(303);
        copy.get(page).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v7_2_3_session_token_has_128_bits() {
    let t = whole().await;
    let mut seen = BTreeSet::new();
    for _ in 0..4 {
        let mut guest = t.guest();
        sign_in(&mut guest).await;
        let token = guest.cookies["tresen"].clone();
        // 64 kinds of letters: 6 bits each
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(
            token.len() * 6 >= 256 && token.chars().all(letters),
            "{token}"
        );
        seen.insert(token);
    }
    assert_eq!(seen.len(), 4);
    // and what is stored is another thing
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!((Vec<u8>,), "SELECT token_hash FROM sessions");
    let stored = tx.all(stmt, params![]).await.unwrap();
    assert!(stored.len() >= 4);
    for (hash,) in stored {
        assert_eq!(hash.len(), 32);
        assert!(!seen.iter().any(|token| token.as_bytes().starts_with(&hash)));
    }
    drop(tx);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_3_2_limits_hold_in_parallel() {
    let t = whole().await;
    let node = second(&t).await;
    let mut anna = t.anna().await;
    let address = [
        ("street", "Erste Gasse 1"),
        ("first_name", "Anna"),
        ("last_name", "Adler"),
        ("postcode", "24105"),
        ("town", "Kiel"),
        ("country", "DE"),
    ];
    let most = customers::address::MOST;
    for _ in 0..most - 3 {
        anna.fill("/konto/adressen/neu", &address).await.expect(303);
    }
    // twelve more at once, at both nodes; the pages first, as their statements are counted
    let mut forms = Vec::new();
    for nth in 0..12 {
        let mut client = if nth % 2 == 0 {
            anna.clone()
        } else {
            anna.at(&node)
        };
        let page = client.get("/konto/adressen/neu").await.expect(200);
        forms.push((client, page.form_with("street")));
    }
    let hands: Vec<_> = forms
        .into_iter()
        .map(|(mut client, form)| {
            tokio::spawn(async move { client.send_form(&form, &address).await.status.as_u16() })
        })
        .collect();
    let mut taken = 0;
    for hand in hands {
        let status = hand.await.unwrap();
        assert!(matches!(status, 303 | 409 | 422 | 503), "{status}");
        taken += usize::from(status == 303);
    }
    assert!(taken <= 3, "{taken}");
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM addresses");
    assert!(tx.one(stmt, params![]).await.unwrap().0 <= most);
    drop(tx);
    t.run_jobs().await;
}

/// A new installation lets nobody in: there is no account, and no word that opens one.
#[tokio::test(flavor = "multi_thread")]
async fn v6_3_2_no_default_account() {
    let t = whole().await;
    let mut tx = t.db().begin().await.unwrap();
    // the cast leaves the stage
    for stmt in [
        sql!("DELETE FROM passwords"),
        sql!("DELETE FROM memberships"),
        sql!("DELETE FROM user_emails"),
        sql!("DELETE FROM users"),
        sql!("DELETE FROM staff"),
    ] {
        tx.exec(stmt, params![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    for (login, password) in [
        ("admin@nordlicht.example", "admin"),
        ("admin", "admin"),
        ("root", ""),
        ("anna@adler.example", PASSWORD),
    ] {
        let mut guest = t.guest();
        let fill = [("login", login), ("password", password)];
        guest.fill("/anmelden", &fill).await.expect(422);
        let fill = [("email", login), ("password", password)];
        guest.fill("/desk/anmelden", &fill).await.expect(422);
        assert!(
            !guest.cookies.contains_key("tresen") && !guest.cookies.contains_key("tresen-desk")
        );
    }
    let kept = TestApp::email("anna@adler.example");
    let mut tx = t.db().read().await.unwrap();
    assert!(
        identity::users::by_verified_email(&mut tx, &kept)
            .await
            .unwrap()
            .is_none()
    );
    drop(tx);
    t.run_jobs().await;
}
