//! DESK-4, "Als Kunde ansehen": what staff sees, what ends it, and what the customer reads of it.

use crate::app;
use db::{params, sql};
use kernel::{Actor, CustomerId};
use std::time::Duration;
use testkit::{Answer, Client, TestApp};

const COOKIE: &str = "tresen-ansicht";
const END: &str = "/konto/ansicht/beenden";

fn place(customer: CustomerId) -> String {
    format!("/desk/kunden/{customer}/ansicht")
}

async fn begin(client: &mut Client, customer: CustomerId) -> Answer {
    let fill = [("reason", "Frage zur Rechnungsadresse")];
    client.fill(&place(customer), &fill).await
}

/// Sven, looking with Anna's eyes.
async fn looking(t: &TestApp) -> Client {
    let mut sven = t.sven().await;
    begin(&mut sven, t.cast.annas).await.leads_to("/konto");
    sven
}

/// The view is over: said once, then the portal is as for anybody.
async fn is_over(client: &mut Client) {
    let page = client.get("/konto").await.expect(403);
    assert!(
        page.says("Das Ansehen als Kunde ist beendet"),
        "{}",
        page.text()
    );
    assert!(!page.says("Anna"), "{}", page.text());
    assert!(!client.cookies.contains_key(COOKIE));
    client
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_staff_sees_the_portal_as_the_customer_does() {
    let t = app().await;
    let mut sven = t.sven().await;
    let file = format!("/desk/kunden/{}", t.cast.annas);
    assert_eq!(
        sven.get(&file).await.link(&place(t.cast.annas)),
        place(t.cast.annas)
    );
    begin(&mut sven, t.cast.annas).await.leads_to("/konto");
    for path in [
        "/konto",
        "/konto/adressen",
        "/konto/kontakte",
        "/konto/daten",
        "/",
    ] {
        let page = sven.get(path).await.expect(200);
        assert!(
            page.says("Sven Support, Sie sehen das Portal wie Anna Adler (K-10001): nur zum Ansehen, bis 10:30 Uhr."),
            "{path}: {}",
            page.text()
        );
        assert!(
            page.forms().iter().all(|form| form.action != "/abmelden"),
            "{path}"
        );
        assert!(page.says("Profil"), "the menu is the customer's");
    }
    // the desk beside it is the desk
    let page = sven.get(&file).await.expect(200);
    assert!(page.says("Sven Support") && !page.says("Sie sehen das Portal wie"));
    sven.press("/konto", END).await.leads_to(&file);
    assert!(!sven.cookies.contains_key(COOKIE));
    assert!(
        sven.get(&file)
            .await
            .says("Sie sehen das Portal nicht mehr als Kunde.")
    );
    sven.get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_is_with_the_rights_of_the_chosen_user() {
    let t = app().await;
    let mut sven = t.sven().await;
    let (bernd, clara) = (t.cast.bernd.to_string(), t.cast.clara.to_string());
    let page = sven.get(&place(t.cast.annas)).await.expect(200);
    assert!(page.says("Anna Adler (Hauptinhaber)") && page.says("Bernd Busch"));
    let form = page.form_with("reason");
    // somebody of another customer is no choice, and nobody is
    for user in [clara.as_str(), "", "x"] {
        let fill = [("reason", "Frage zur Adresse"), ("user", user)];
        let page = sven.send_form(&form, &fill).await.expect(422);
        assert!(!page.says("Clara"), "{}", page.text());
    }
    assert!(!sven.cookies.contains_key(COOKIE));
    let fill = [("reason", "Frage zur Adresse"), ("user", bernd.as_str())];
    sven.send_form(&form, &fill).await.leads_to("/konto");
    assert!(sven.get("/konto").await.says("wie Bernd Busch (K-10001)"));
    sven.get("/konto/adressen").await.expect(200);
    sven.get("/konto/kontakte").await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_needs_a_reason_and_the_right() {
    let t = app().await;
    let mut sven = t.sven().await;
    for reason in ["", "   ", "abc", "!!!!!!!!", &"x".repeat(201)] {
        let fill = [("reason", reason)];
        sven.fill(&place(t.cast.annas), &fill).await.expect(422);
    }
    let page = sven.fill(&place(t.cast.annas), &[("reason", "ja")]).await;
    assert!(page.says("Bitte nennen Sie den Grund in ein paar Worten."));
    let nobody = CustomerId(kernel::Uuid::nil());
    sven.get(&place(nobody)).await.expect(404);
    assert!(!sven.cookies.contains_key(COOKIE));
    // accounting sees the file, and not with the customer's eyes
    let mut berta = t.berta().await;
    let page = berta
        .get(&format!("/desk/kunden/{}", t.cast.annas))
        .await
        .expect(200);
    assert!(page.links(&place(t.cast.annas)).is_empty());
    berta.get(&place(t.cast.annas)).await.expect(403);
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .iter()
            .all(|act| act != "customer.viewed")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_customer_without_users_cannot_be_looked_at() {
    let t = app().await;
    let mut tx = t.db().begin().await.unwrap();
    let stmt = sql!("DELETE FROM memberships WHERE customer_id = $1");
    tx.exec(stmt, params![t.cast.annas]).await.unwrap();
    tx.commit().await.unwrap();
    let page = t.sven().await.get(&place(t.cast.annas)).await.expect(200);
    assert!(page.says("Für diesen Kunden handelt noch kein Benutzer."));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_is_over_after_half_an_hour() {
    let t = app().await;
    let mut sven = looking(&t).await;
    t.wait(Duration::from_secs(29 * 60));
    let page = sven.get("/konto").await.expect(200);
    let form = page.form_to(END);
    t.wait(Duration::from_secs(60));
    is_over(&mut sven).await;
    // the button of a page that was left open
    sven.cookies.insert(COOKIE.into(), "x".into());
    sven.send_form(&form, &[]).await.leads_to("/desk");
    assert!(!sven.cookies.contains_key(COOKIE));
    let mut tx = t.db().begin().await.unwrap();
    identity::sweep(&mut tx, t.world.now()).await.unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    t.wait(Duration::from_secs(60));
    t.run_jobs().await;
    let mut tx = t.db().begin().await.unwrap();
    let stmt = sql!((i64,), "SELECT COUNT(*) FROM staff_views");
    assert_eq!(tx.one(stmt, params![]).await.unwrap().0, 0);
}

/// The ends in the log: who, and what is told.
async fn ends(t: &TestApp) -> Vec<(String, String)> {
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (String, String),
        "SELECT actor_kind, detail FROM audit WHERE act = 'customer.view_ended' AND customer_id = $1 ORDER BY id"
    );
    tx.all(stmt, params![t.cast.annas]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_that_ran_out_is_noted_once_with_its_true_end() {
    let t = app().await;
    looking(&t).await;
    let until = (t.world.now() + Duration::from_secs(30 * 60))
        .timestamp()
        .to_string();
    t.wait(Duration::from_secs(29 * 60));
    t.run_jobs().await;
    assert_eq!(ends(&t).await, []);
    t.wait(Duration::from_secs(7 * 60));
    for _ in 0..3 {
        t.run_jobs().await;
        t.wait(Duration::from_secs(60));
    }
    let late = format!("{{\"ended_at\":\"{until}\"}}");
    assert_eq!(ends(&t).await, [("system".to_owned(), late)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_that_ran_out_is_noted_by_the_next_one_and_ends_otherwise_too() {
    let t = app().await;
    let mut sven = looking(&t).await;
    // the next view comes before the job: the line is written then
    let until = (t.world.now() + Duration::from_secs(30 * 60))
        .timestamp()
        .to_string();
    t.wait(Duration::from_secs(40 * 60));
    begin(&mut sven, t.cast.annas).await.leads_to("/konto");
    let next = format!("{{\"ended_at\":\"{until}\"}}");
    assert_eq!(ends(&t).await, [("staff".to_owned(), next)]);
    // ended by hand, and by signing out at the desk
    t.wait(Duration::from_secs(1));
    sven.press("/konto", END).await.expect(303);
    assert_eq!(ends(&t).await[1], ("staff".to_owned(), "{}".to_owned()));
    let mut sven = looking(&t).await;
    sven.press("/desk/kunden", "/desk/abmelden")
        .await
        .expect(303);
    t.wait(Duration::from_secs(60));
    t.run_jobs().await;
    t.wait(Duration::from_secs(60));
    t.run_jobs().await;
    assert_eq!(ends(&t).await.len(), 3);
    assert_eq!(ends(&t).await[2], ("system".to_owned(), "{}".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_ends_with_the_sign_in_at_the_desk() {
    let t = app().await;
    // signed out
    let mut sven = looking(&t).await;
    sven.press("/desk/kunden", "/desk/abmelden")
        .await
        .expect(303);
    is_over(&mut sven).await;
    // the cookie of the view alone, in another browser
    let sven = looking(&t).await;
    let mut thief = t.guest();
    thief
        .cookies
        .insert(COOKIE.into(), sven.cookies[COOKIE].clone());
    is_over(&mut thief).await;
    // and beside somebody else's session at the desk
    let mut ada = t.ada().await;
    ada.cookies
        .insert(COOKIE.into(), sven.cookies[COOKIE].clone());
    is_over(&mut ada).await;
    // ended by a colleague
    let mut sven = looking(&t).await;
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    identity::staff::end_all(&mut tx, t.cast.sven)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    is_over(&mut sven).await;
    // with the right
    let mut sven = looking(&t).await;
    let mut tx = t.db().begin().await.unwrap();
    identity::staff::team::change_role(
        &mut tx,
        &ctx,
        t.cast.ada,
        t.cast.sven,
        identity::Role::Sales,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    is_over(&mut sven).await;
    // with the job
    let mut ada = t.ada().await;
    begin(&mut ada, t.cast.annas).await.leads_to("/konto");
    let mut tx = t.db().begin().await.unwrap();
    let stmt = sql!("UPDATE staff SET active = FALSE WHERE id = $1");
    tx.exec(stmt, params![t.cast.ada]).await.unwrap();
    tx.commit().await.unwrap();
    is_over(&mut ada).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_view_ends_with_the_membership() {
    let t = app().await;
    let mut sven = t.sven().await;
    let fill = [
        ("reason", "Frage zur Adresse"),
        ("user", &t.cast.bernd.to_string()),
    ];
    sven.fill(&place(t.cast.annas), &fill)
        .await
        .leads_to("/konto");
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    customers::member::edit::remove(&mut tx, &ctx, t.cast.annas, t.cast.bernd)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    is_over(&mut sven).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_an_own_account_in_the_same_browser_is_left_alone() {
    let t = app().await;
    let mut sven = t.sven().await;
    let fremd = t.fremd().await;
    sven.cookies
        .insert("tresen".into(), fremd.cookies["tresen"].clone());
    assert!(sven.get("/konto").await.says("K-10004"));
    begin(&mut sven, t.cast.annas).await.leads_to("/konto");
    let page = sven.get("/konto/adressen/neu").await.expect(200);
    assert!(page.says("K-10001") && !page.says("K-10004"));
    t.wait(Duration::from_secs(1800));
    // a form drawn for the customer never reaches the own account, neither before the end was told nor after
    let form = page.form_with("street");
    let fill = [
        ("street", "Gasse 1"),
        ("first_name", "A"),
        ("last_name", "B"),
        ("postcode", "24105"),
        ("town", "Kiel"),
        ("country", "DE"),
    ];
    let told = sven.send_form(&form, &fill).await.expect(403);
    assert!(told.says("Das Ansehen als Kunde ist beendet"));
    sven.send_form(&form, &fill).await.expect(403);
    assert!(sven.get("/konto").await.expect(200).says("K-10004"));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_second_view_takes_the_place_of_the_first() {
    let t = app().await;
    let mut sven = looking(&t).await;
    let first = sven.clone();
    t.wait(Duration::from_secs(60));
    begin(&mut sven, t.cast.fremds).await.leads_to("/konto");
    assert!(sven.get("/konto").await.says("Ferdinand Fremd"));
    is_over(&mut first.clone()).await;
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(acts[..2], ["customer.view_ended", "customer.viewed"]);
    assert_eq!(t.acts(Some(t.cast.fremds)).await[0], "customer.viewed");
    // two at once: one is left
    let form = sven.get(&place(t.cast.annas)).await.form_with("reason");
    let mut hands = Vec::new();
    for _ in 0..4 {
        let (mut hand, form) = (sven.clone(), form.clone());
        hands.push(tokio::spawn(async move {
            let fill = [("reason", "Frage zur Adresse")];
            hand.send_form(&form, &fill).await.leads_to("/konto");
            hand
        }));
    }
    let mut sent = Vec::new();
    for hand in hands {
        sent.push(hand.await.unwrap());
    }
    let mut sees = 0;
    for mut hand in sent {
        let status = hand.get("/konto").await.status.as_u16();
        sees += usize::from(status == 200);
        assert!(matches!(status, 200 | 403), "{status}");
    }
    assert_eq!(sees, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_other_customers_of_the_user_stay_out_of_it() {
    let t = app().await;
    let mut sven = t.sven().await;
    begin(&mut sven, t.cast.claras.0).await.leads_to("/konto");
    let page = sven.get("/konto").await.expect(200);
    assert!(
        page.says("K-10002") && !page.says("K-10003"),
        "{}",
        page.text()
    );
    assert!(
        page.forms()
            .iter()
            .all(|form| form.action != "/konto/wechseln")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_94_staff_impersonation_the_customer_is_told() {
    let t = app().await;
    let page = t.anna().await.get("/konto/einblicke").await.expect(200);
    assert!(page.says("Bisher hat niemand aus unserem Team Ihr Konto angesehen."));
    t.wait(Duration::from_secs(60));
    let mut sven = looking(&t).await;
    t.wait(Duration::from_secs(60));
    sven.press("/konto", END).await.expect(303);
    t.wait(Duration::from_secs(60));
    let mut ada = t.ada().await;
    let fill = [("reason", "=Zweite <b>Frage</b>")];
    ada.fill(&place(t.cast.annas), &fill).await.expect(303);
    let acts = t.acts(Some(t.cast.annas)).await;
    let acts: Vec<&str> = acts.iter().take(3).map(String::as_str).collect();
    assert_eq!(
        acts,
        ["customer.viewed", "customer.view_ended", "customer.viewed"]
    );
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (String, kernel::Uuid),
        "SELECT actor_kind, actor_id FROM audit WHERE act = 'customer.view_ended'"
    );
    let who = tx.one(stmt, params![]).await.unwrap();
    drop(tx);
    assert_eq!(who, ("staff".to_owned(), t.cast.sven.0));
    // whoever may see the account sees it
    for mut member in [t.anna().await, t.bernd().await] {
        let page = member.get("/konto").await.expect(200);
        let page = member.get(&page.link("/konto/einblicke")).await.expect(200);
        for words in [
            "Sven Support",
            "Ada Admin",
            "Frage zur Rechnungsadresse",
            "=Zweite <b>Frage</b>",
        ] {
            assert!(page.says(words), "{words}: {}", page.text());
        }
    }
    let page = t.fremd().await.get("/konto/einblicke").await.expect(200);
    assert!(page.says("Bisher hat niemand aus unserem Team Ihr Konto angesehen."));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_94_staff_impersonation_leaves_no_trace_of_the_user() {
    let t = app().await;
    let count = async || {
        let mut tx = t.db().read().await.unwrap();
        let stmt = sql!(
            (i64,),
            "SELECT COUNT(*) FROM sessions UNION ALL SELECT COUNT(*) FROM devices UNION ALL SELECT COUNT(*) FROM mails \
             UNION ALL SELECT COALESCE(CAST(SUM(used_at) AS BIGINT), 0) FROM memberships"
        );
        tx.all(stmt, params![]).await.unwrap()
    };
    let before = count().await;
    let mut sven = looking(&t).await;
    t.wait(Duration::from_secs(120));
    for path in ["/konto", "/", "/konto/adressen"] {
        sven.get(path).await.expect(200);
    }
    t.run_jobs().await;
    assert_eq!(count().await, before);
    let devices = t.anna().await.get("/profil/geraete").await.expect(200);
    assert_eq!(devices.html.matches("<tr").count(), 2, "{}", devices.text());
    // Anna signs out everywhere and is looked at no less: it is no session of hers
    let mut tx = t.db().begin().await.unwrap();
    identity::sessions::end_all(&mut tx, t.cast.anna)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    sven.get("/konto").await.expect(200);
}
