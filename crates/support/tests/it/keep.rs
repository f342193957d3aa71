//! How long mails are kept as they came (SUP-9).

use crate::inbound::{OURS, app, deliver};
use db::{params, sql};
use intake::store::{State, count};
use std::time::Duration;
use testkit::TestApp;

const DAY: Duration = Duration::from_secs(86_400);

async fn came(t: &TestApp, from: &str, raw: &str) {
    let raw = format!(
        "From: {from}\nMessage-ID: <{}@mail.example>\n{raw}",
        t.world.uuid()
    );
    deliver(t, OURS, &raw).await;
}

/// Bytes of originals, of mails in this state.
async fn bytes(t: &TestApp, state: State) -> i64 {
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (i64,),
        "SELECT CAST(coalesce(sum(length(raw)), 0) AS BIGINT) FROM inbound_mails WHERE state = $1"
    );
    tx.one(stmt, params![state]).await.unwrap().0
}

async fn are(t: &TestApp, state: State) -> i64 {
    let mut tx = t.db().read().await.unwrap();
    count(&mut tx, state).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_originals_go_after_their_time_and_the_ticket_stays() {
    let t = app().await;
    came(
        &t,
        "gast@laden.example",
        "Subject: Kasse\n\nSie geht nicht.\n",
    )
    .await;
    // a mail of our own, and one that staff has to look at
    came(&t, "portal@nordlicht.example", "Subject: x\n\ny\n").await;
    let forged = "Authentication-Results: mx.nordlicht.example; dmarc=fail header.from=adler.example\nSubject: Passwort\n\nIch bin Anna.\n";
    came(&t, "anna@adler.example", forged).await;
    let mut sven = t.sven().await;
    let queue = sven.get("/desk/tickets?zustand=alle").await.expect(200);
    let ticket = queue.link("/desk/tickets/0");
    let page = sven.get(&ticket).await.expect(200);
    assert!(page.says("Original herunterladen"));
    let original = page.link("/desk/posteingang/0");
    sven.get(&original).await.expect(200);
    let held = sven.get("/desk/posteingang").await.expect(200);
    let held = held.link("/desk/posteingang/0");

    t.wait(179 * DAY);
    t.run_jobs().await;
    assert!(bytes(&t, State::Done).await > 0 && are(&t, State::Dropped).await == 1);
    t.wait(2 * DAY);
    t.run_jobs().await;
    // of what became an entry the mail itself, of what was for nobody everything; what waits stays
    assert_eq!(
        (are(&t, State::Done).await, bytes(&t, State::Done).await),
        (1, 0)
    );
    assert_eq!(are(&t, State::Dropped).await, 0);
    assert!(bytes(&t, State::Quarantine).await > 0);
    let mut sven = t.sven().await;
    let page = sven.get(&ticket).await.expect(200);
    assert!(page.says("Sie geht nicht.") && page.says("Absender nicht belegt"));
    assert!(!page.says("Original herunterladen"));
    sven.get(&original).await.expect(404);
    let one = original.trim_end_matches("/original");
    let shown = sven.get(one).await.expect(200);
    assert!(
        shown.says("nach Ablauf der Frist gelöscht"),
        "{}",
        shown.text()
    );

    // decided about now, it has its time from now on
    sven.press(&held, &format!("{held}/verwerfen"))
        .await
        .expect(303);
    t.wait(179 * DAY);
    t.run_jobs().await;
    assert!(bytes(&t, State::Dropped).await > 0);
    t.wait(2 * DAY);
    t.run_jobs().await;
    assert_eq!(are(&t, State::Dropped).await, 0);
    let mut sven = t.sven().await;
    sven.get(&held).await.expect(404);
}
