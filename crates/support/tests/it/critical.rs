//! Emergencies, and who is called.

use crate::app;
use crate::secret::ticket;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::critical::webhook::Reach;
use testkit::{Client, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

/// A critical ticket of Anna's, who is no firm.
async fn critical(client: &mut Client) -> String {
    let fill = [
        ("emergency", "site"),
        ("subject", "Der Shop ist weg"),
        ("text", "Seit heute früh steht alles."),
    ];
    let sent = client
        .fill("/tickets/neu/kritisch", &fill)
        .await
        .expect(303);
    sent.location().to_owned()
}

fn alarms(t: &TestApp, to: &str) -> usize {
    let all = t.mails.all();
    let to = all.iter().filter(|mail| mail.to.as_str() == to);
    to.filter(|mail| mail.subject.starts_with("Kritisches Ticket"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_one_of_three_emergencies_must_be_chosen() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get("/tickets/neu/kritisch").await.expect(200);
    for word in [
        "Serverausfall",
        "Systemrelevanter Dienst funktioniert nicht",
        "Website/Shop ist offline",
        "Ihnen berechnen wir den Einsatz nicht",
    ] {
        assert!(page.says(word), "{word}");
    }
    assert!(
        !page.html.contains("name=\"accept\""),
        "consumers pay nothing"
    );
    let fill = [("subject", "Weg"), ("text", "Alles steht.")];
    let back = anna.fill("/tickets/neu/kritisch", &fill).await.expect(422);
    assert!(back.says("Bitte wählen Sie den Notfall aus, der vorliegt."));
    let ticket = critical(&mut anna).await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Kritisch") && page.says("Website/Shop ist offline"));
    t.run_jobs().await;
}

async fn make_firm(t: &TestApp) {
    let mut tx = t.db().begin().await.unwrap();
    tx.exec(
        db::sql!("UPDATE customers SET kind = 'company', company = 'Adler GmbH' WHERE id = $1"),
        db::params![t.cast.annas],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_a_firm_accepts_the_price_list() {
    let t = app().await;
    make_firm(&t).await;
    let mut anna = t.anna().await;
    let page = anna.get("/tickets/neu/kritisch").await.expect(200);
    assert!(page.says("berechnen wir den Einsatz nach unserer Preisliste"));
    let fill = [
        ("emergency", "server"),
        ("subject", "Der Server ist weg"),
        ("text", "Seit heute früh."),
        ("secret_label", "Zugang"),
        ("secret_text", "Möwe-7-über-dem-Hafen"),
    ];
    let back = anna.fill("/tickets/neu/kritisch", &fill).await.expect(422);
    assert!(back.says("Bitte bestätigen Sie") && !back.html.contains("Möwe-7"));
    let form = back.form_with("emergency");
    let sent = anna
        .send_form(
            &form,
            &[("accept", "on"), ("secret_text", "Möwe-7-über-dem-Hafen")],
        )
        .await
        .expect(303);
    let ticket = sent.location().to_owned();
    assert!(
        anna.get(&ticket)
            .await
            .says("hat sensible Daten hinzugefügt: Zugang")
    );
    t.run_jobs().await;
    // raising one that is there asks for the same
    let other = crate::secret::ticket(&mut anna, "support").await;
    let raise = format!("{other}/kritisch");
    anna.fill(&raise, &[("emergency", "site")])
        .await
        .expect(422);
    anna.fill(&raise, &[("emergency", "site"), ("accept", "on")])
        .await
        .leads_to(&other);
    assert!(
        anna.get(&other)
            .await
            .says("hat das Ticket als kritisch gemeldet")
    );
    // once is enough
    anna.get(&raise).await.leads_to(&other);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_critical_by_mail_no_other_form_makes_a_ticket_critical() {
    let t = app().await;
    let mut anna = t.anna().await;
    let fill = [
        ("department", "support"),
        ("priority", "critical"),
        ("subject", "Kritisch"),
        ("text", "Kritisch"),
    ];
    anna.fill("/tickets/neu", &fill).await.expect(422);
    let ticket = ticket(&mut anna, "support").await;
    let details = format!("{ticket}/details");
    let page = anna.get(&details).await.expect(200);
    assert!(!page.html.contains("value=\"critical\""));
    anna.fill(&details, &[("priority", "critical")])
        .await
        .expect(422);
    t.run_jobs().await;
    assert_eq!(alarms(&t, "sven@nordlicht.example"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_one_after_the_other_is_called_until_somebody_takes_over() {
    let t = app().await;
    let mut ada = t.ada().await;
    let new = "/desk/eskalation/schritte/neu";
    let sven = t.cast.sven.to_string();
    let first = [
        ("kind", "staff"),
        ("staff", sven.as_str()),
        ("minutes", "0"),
        ("position", "1"),
    ];
    ada.fill(new, &first).await.leads_to("/desk/eskalation");
    let second = [
        ("kind", "mail"),
        ("target", "bereitschaft@nordlicht.example"),
        ("minutes", "10"),
        ("position", "2"),
    ];
    ada.fill(new, &second).await.leads_to("/desk/eskalation");

    // a Sunday night
    t.wait(Duration::from_secs(6 * 86_400 + 15 * 3600));
    let mut anna = t.anna().await;
    let ticket = critical(&mut anna).await;
    t.run_jobs().await;
    let (sven, standby) = ("sven@nordlicht.example", "bereitschaft@nordlicht.example");
    assert_eq!((alarms(&t, sven), alarms(&t, standby)), (1, 0));
    let mail = t.mails.last_to(sven).unwrap();
    for word in ["weg", "steht", "Adler"] {
        assert!(
            !mail.text.contains(word) && !mail.subject.contains(word),
            "{word}"
        );
    }
    t.wait(9 * MINUTE);
    t.run_jobs().await;
    assert_eq!((alarms(&t, sven), alarms(&t, standby)), (1, 0));
    t.wait(MINUTE + Duration::from_secs(1));
    t.run_jobs().await;
    assert_eq!((alarms(&t, sven), alarms(&t, standby)), (1, 1));
    // the row begins anew
    t.wait(16 * MINUTE);
    t.run_jobs().await;
    assert_eq!((alarms(&t, sven), alarms(&t, standby)), (2, 1));

    // red on every page of the desk, and one click
    let mut sven = t.sven().await;
    let page = sven.get("/desk/tickets").await.expect(200);
    assert!(page.says("Ein kritisches Ticket wartet darauf, dass jemand übernimmt."));
    let list = sven.get("/desk/eskalation").await.expect(200);
    let take = list
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/uebernehmen"));
    let take = take.unwrap();
    let mut berta = t.berta().await;
    let theirs = berta.get("/desk/eskalation").await.form_to(&take.action);
    sven.send_form(&take, &[])
        .await
        .leads_to(&format!("/desk{ticket}"));
    let late = berta
        .send_form(&theirs, &[])
        .await
        .leads_to("/desk/eskalation");
    assert!(berta.follow(late).await.says("hat schon jemand übernommen"));
    let bar = sven.get("/desk/eskalation/leiste").await.expect(200);
    assert!(!bar.says("wartet"));
    assert!(
        anna.get(&ticket)
            .await
            .says("kümmert sich jetzt um dieses Ticket")
    );
    t.wait(Duration::from_secs(86_400));
    t.run_jobs().await;
    assert_eq!(alarms(&t, standby), 1, "nobody is called any more");
    let acts = t.acts(Some(t.cast.annas)).await;
    let taken = acts.iter().filter(|act| *act == "escalation.acknowledged");
    assert_eq!(taken.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_where_nothing_is_set_the_support_is_called() {
    let t = app().await;
    let mut anna = t.anna().await;
    critical(&mut anna).await;
    t.run_jobs().await;
    assert_eq!(alarms(&t, "sven@nordlicht.example"), 1);
    assert_eq!(alarms(&t, "ada@nordlicht.example"), 1);
    assert_eq!(alarms(&t, "berta@nordlicht.example"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_each_step_is_taken_once_however_often_its_job_runs() {
    use support::critical::escalation::Call;
    use support::critical::store::{EscalationId, list};
    let t = app().await;
    let mut anna = t.anna().await;
    critical(&mut anna).await;
    let newest = (
        kernel::Moment::from_micros(i64::MAX),
        EscalationId(kernel::Uuid::max()),
    );
    let mut tx = t.db().begin().await.unwrap();
    let escalation = list(&mut tx, newest, 1).await.unwrap()[0].id;
    let ctx = t.ctx(kernel::Actor::System);
    for _ in 0..3 {
        let call = Call {
            escalation,
            done: 0,
        };
        jobs::enqueue(&mut tx, &ctx, &call).await.unwrap();
    }
    tx.commit().await.unwrap();
    t.run_jobs().await;
    assert_eq!(alarms(&t, "sven@nordlicht.example"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_closing_ends_the_calls() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = critical(&mut anna).await;
    t.run_jobs().await;
    anna.press(&ticket, &format!("{ticket}/schliessen"))
        .await
        .expect(303);
    let bar = sven.get("/desk/eskalation/leiste").await.expect(200);
    assert!(!bar.says("wartet"));
    t.wait(Duration::from_secs(3600));
    t.run_jobs().await;
    assert_eq!(alarms(&t, "sven@nordlicht.example"), 1);
    let mut sven = t.sven().await;
    let list = sven.get("/desk/eskalation").await.expect(200);
    assert!(list.says("Beendet, ohne dass jemand übernahm"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_staff_classifies_otherwise_and_the_customer_can_object() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = critical(&mut anna).await;
    let lower = format!("/desk{ticket}/einstufung");
    let page = sven.get(&lower).await.expect(200);
    assert!(!page.html.contains("value=\"critical\""));
    sven.fill(&lower, &[("priority", "critical"), ("reason", "x")])
        .await
        .expect(422);
    sven.fill(&lower, &[("priority", "high"), ("reason", "")])
        .await
        .expect(422);
    sven.fill(
        &lower,
        &[("priority", "high"), ("reason", "Der Shop ist erreichbar.")],
    )
    .await
    .leads_to(&format!("/desk{ticket}"));
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Der Shop ist erreichbar.") && page.says("widersprechen Sie"));
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"ticket.reclassified".to_owned())
    );
    t.run_jobs().await;
    assert_eq!(
        alarms(&t, "sven@nordlicht.example"),
        0,
        "nobody is called any more"
    );
    let list = sven.get("/desk/eskalation").await.expect(200);
    assert!(list.says("Zurzeit wartet kein kritisches Ticket."));
}

/// A receiver of webhooks that refuses the first call.
#[derive(Default)]
struct Receiver(Mutex<Vec<(HeaderMap, String)>>);

async fn receive(State(all): State<Arc<Receiver>>, headers: HeaderMap, body: String) -> StatusCode {
    let mut all = all.0.lock().unwrap();
    all.push((headers, body));
    if all.len() == 1 {
        StatusCode::BAD_GATEWAY
    } else {
        StatusCode::NO_CONTENT
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_a_webhook_is_called_signed_until_it_answers() {
    let receiver = Arc::new(Receiver::default());
    let router = Router::new()
        .route("/ruf", post(receive))
        .with_state(receiver.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });

    let shelf = Arc::new(knowledge::Shelf::in_memory());
    let t = TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![shelf, Arc::new(Reach { private: true })],
    )
    .await;
    let mut ada = t.ada().await;
    let target = format!("http://{at}/ruf?geheim=4711");
    let fill = [
        ("kind", "webhook"),
        ("target", target.as_str()),
        ("minutes", "0"),
        ("position", "1"),
    ];
    let saved = ada
        .fill("/desk/eskalation/schritte/neu", &fill)
        .await
        .expect(200);
    let key = saved.text();
    let key = key
        .split_whitespace()
        .find(|word| word.starts_with("whsec_"));
    let key = key.unwrap().to_owned();
    let mut anna = t.anna().await;
    let ticket = critical(&mut anna).await;
    t.run_jobs().await;
    t.wait(MINUTE);
    t.run_jobs().await;
    let calls = receiver.0.lock().unwrap().clone();
    assert_eq!(calls.len(), 2, "refused once, then taken");
    let header = |n: usize, name: &str| calls[n].0[name].to_str().unwrap().to_owned();
    assert_eq!(header(0, "webhook-id"), header(1, "webhook-id"));
    for (n, (_, body)) in calls.iter().enumerate() {
        let said = format!(
            "{}.{}.{body}",
            header(n, "webhook-id"),
            header(n, "webhook-timestamp")
        );
        assert_eq!(header(n, "webhook-signature"), sign(&key, &said));
        assert!(!body.contains("weg") && !body.contains("steht") && !body.contains("Adler"));
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["type"], "ticket.critical");
        assert_eq!(body["data"]["emergency"], "site");
        assert!(
            body["data"]["url"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/desk{ticket}"))
        );
    }
    // its address and its key are shown no more than needed
    let list = ada.get("/desk/eskalation").await.expect(200);
    assert!(list.says("127.0.0.1") && !list.html.contains("4711") && !list.html.contains(&key));
}

fn sign(key: &str, said: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use hmac::{Hmac, KeyInit, Mac};
    let key = STANDARD
        .decode(key.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(said.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_macro_webhook_ssrf_no_step_leads_into_our_own_network() {
    let t = app().await;
    let mut ada = t.ada().await;
    for target in [
        "http://hooks.example.com/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
        "gopher://hooks.example.com/",
        "quatsch",
        "",
    ] {
        let fill = [
            ("kind", "webhook"),
            ("target", target),
            ("minutes", "0"),
            ("position", "1"),
        ];
        ada.fill("/desk/eskalation/schritte/neu", &fill)
            .await
            .expect(422);
    }
    let bad = [
        ("kind", "staff"),
        ("staff", ""),
        ("minutes", "0"),
        ("position", "1"),
    ];
    ada.fill("/desk/eskalation/schritte/neu", &bad)
        .await
        .expect(422);
    let bad = [("kind", "team"), ("minutes", "-1"), ("position", "1")];
    ada.fill("/desk/eskalation/schritte/neu", &bad)
        .await
        .expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_steps_are_changed_and_deleted() {
    let t = app().await;
    let (mut ada, mut berta) = (t.ada().await, t.berta().await);
    let fill = [("kind", "team"), ("minutes", "5"), ("position", "1")];
    ada.fill("/desk/eskalation/schritte/neu", &fill)
        .await
        .leads_to("/desk/eskalation");
    let list = ada.get("/desk/eskalation").await.expect(200);
    let links = list.links("/desk/eskalation/schritte/");
    let one = links
        .iter()
        .find(|link| !link.ends_with("/neu"))
        .unwrap()
        .clone();
    ada.fill(&one, &[("minutes", "7")])
        .await
        .leads_to("/desk/eskalation");
    assert!(ada.get("/desk/eskalation").await.says("nach 7 Minuten"));
    berta.get(&one).await.expect(403);
    let list = berta.get("/desk/eskalation").await.expect(200);
    assert!(list.links("/desk/eskalation/schritte/").is_empty());
    ada.press(&one, &format!("{one}/loeschen"))
        .await
        .leads_to("/desk/eskalation");
    ada.get(&one).await.expect(404);
}
