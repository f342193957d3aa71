//! Sensible data of a ticket.

use crate::{app, at_desk, write};
use std::time::Duration;
use testkit::{Client, TestApp};

const DAY: Duration = Duration::from_secs(24 * 3600);
const SECRET: &str = "Möwe-7-über-dem-Hafen";

/// A ticket of Anna's.
pub(crate) async fn ticket(client: &mut Client, department: &str) -> String {
    let fill = [
        ("department", department),
        ("priority", "normal"),
        ("subject", "Der Shop steht"),
        ("text", "Seit heute früh."),
    ];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().to_owned()
}

async fn add(client: &mut Client, ticket: &str) -> String {
    let page = format!("{ticket}/sensible-daten");
    let fill = [
        ("label", "Zugang zum Server"),
        ("user", "root"),
        ("text", SECRET),
    ];
    client.fill(&page, &fill).await.leads_to(&page);
    page
}

/// Where staff opens the first one of a ticket.
async fn opener(staff: &mut Client, ticket: &str) -> String {
    let page = staff
        .get(&format!("/desk{ticket}/sensible-daten"))
        .await
        .expect(200);
    page.link(&format!("/desk{ticket}/sensible-daten?zeigen="))
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_staff_opens_it_with_a_reason_and_the_customer_sees_who_and_when() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna, "support").await;
    let page = add(&mut anna, &ticket).await;
    let shown = anna.get(&page).await.expect(200);
    assert!(shown.says("Zugang zum Server") && shown.says("Noch von niemandem angesehen."));
    assert!(!shown.html.contains(SECRET) && !shown.html.contains("root"));
    assert!(
        anna.get(&ticket)
            .await
            .says("hat sensible Daten hinzugefügt: Zugang zum Server")
    );

    let one = opener(&mut sven, &ticket).await;
    let ask = sven.get(&one).await.expect(200);
    assert!(!ask.html.contains(SECRET), "asking shows nothing");
    sven.fill(&one, &[("reason", "")]).await.expect(422);
    assert!(!anna.get(&ticket).await.says("angesehen"));
    let form = sven.get(&one).await.form_with("reason");
    let opened = sven
        .send_form(&form, &[("reason", "Dienst neu starten")])
        .await
        .expect(200);
    assert!(opened.says(SECRET) && opened.says("root"));
    assert_eq!(opened.headers["cache-control"], "no-store");
    // shown once: the same form again leads to the list
    let again = sven
        .send_form(&form, &[("reason", "Dienst neu starten")])
        .await;
    let list = again.leads_to(&format!("/desk{ticket}/sensible-daten"));
    assert!(!sven.follow(list).await.html.contains(SECRET));

    let seen = anna.get(&page).await.expect(200);
    assert!(seen.says("Sven Support") && seen.says("Dienst neu starten"));
    assert!(
        anna.get(&ticket)
            .await
            .says("Sven Support hat sensible Daten angesehen")
    );
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(acts.iter().filter(|act| *act == "secret.opened").count(), 1);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_secret_stands_nowhere_else() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna, "support").await;
    // a form that comes back asks for it once more
    let page = format!("{ticket}/sensible-daten");
    let bad = [("label", ""), ("user", "root"), ("text", SECRET)];
    let back = anna.fill(&page, &bad).await.expect(422);
    assert!(!back.html.contains(SECRET) && back.says("noch einmal ein"));
    assert!(back.html.contains("value=\"root\""), "the rest is kept");
    // a label that is a secret itself is not taken
    let label = [("label", "Passwort: Sommer2024!"), ("text", SECRET)];
    anna.fill(&page, &label).await.expect(422);

    add(&mut anna, &ticket).await;
    let one = opener(&mut sven, &ticket).await;
    sven.fill(&one, &[("reason", "Prüfen")]).await.expect(200);
    t.run_jobs().await;
    for path in [
        ticket.clone(),
        "/tickets".into(),
        format!("/desk/suche?suche={SECRET}"),
        format!("/desk{ticket}/sensible-daten"),
    ] {
        let mut reader = if path.starts_with("/desk") {
            t.sven().await
        } else {
            t.anna().await
        };
        assert!(!reader.get(&path).await.text().contains("Möwe-7"), "{path}");
    }
    for mail in t.mails.all() {
        assert!(!mail.text.contains(SECRET) && !mail.html.contains(SECRET));
    }
    let mut tx = t.db().read().await.unwrap();
    let filter = db::audit::Filter::default();
    let lines = db::audit::list(&mut tx, &filter, db::audit::Page::Newest, 1000)
        .await
        .unwrap();
    assert!(
        lines
            .iter()
            .all(|line| !line.detail.contains("Möwe") && !line.detail.contains("root"))
    );
    // the database holds no byte of it
    let stored = tx
        .all(
            db::sql!(
                (Vec<u8>,),
                "SELECT sealed FROM ticket_secrets WHERE sealed IS NOT NULL"
            ),
            db::params![],
        )
        .await
        .unwrap();
    assert_eq!(stored.len(), 1);
    assert!(!String::from_utf8_lossy(&stored[0].0).contains("Hafen"));
}

async fn kept(t: &TestApp) -> i64 {
    let mut tx = t.db().read().await.unwrap();
    let (count,) = tx
        .one(
            db::sql!(
                (i64,),
                "SELECT CAST(count(*) AS BIGINT) FROM ticket_secrets WHERE sealed IS NOT NULL OR sealed_key IS NOT NULL"
            ),
            db::params![],
        )
        .await
        .unwrap();
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_gone_some_days_after_closing() {
    let t = app().await;
    let mut anna = t.anna().await;
    let closed = ticket(&mut anna, "support").await;
    let open = ticket(&mut anna, "support").await;
    let page = add(&mut anna, &closed).await;
    add(&mut anna, &open).await;
    anna.press(&closed, &format!("{closed}/schliessen"))
        .await
        .expect(303);
    t.wait(6 * DAY);
    t.run_jobs().await;
    assert_eq!(kept(&t).await, 2, "not yet");
    t.wait(DAY + Duration::from_secs(3700));
    t.run_jobs().await;
    assert_eq!(kept(&t).await, 1, "the open ticket keeps its own");
    // a session does not last that long
    let mut anna = t.anna().await;
    let shown = anna.get(&page).await.expect(200);
    assert!(shown.says("Gelöscht nach dem Schließen") && shown.says("Zugang zum Server"));
    let mut sven = t.sven().await;
    let desk = sven
        .get(&format!("/desk{closed}/sensible-daten"))
        .await
        .expect(200);
    assert!(
        desk.links(&format!("/desk{closed}/sensible-daten?zeigen="))
            .is_empty()
    );
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"secret.wiped".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_deleted_at_once_by_the_customer_or_by_staff() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna, "support").await;
    let page = add(&mut anna, &ticket).await;
    let wipe = format!("{page}/loeschen");
    let one = opener(&mut sven, &ticket).await;
    let form = sven.get(&one).await.form_with("reason");
    anna.press(&page, &wipe).await.leads_to(&page);
    assert_eq!(kept(&t).await, 0);
    // who was about to open it is too late
    let late = sven.send_form(&form, &[("reason", "Prüfen")]).await;
    let late = late.leads_to(&format!("/desk{ticket}/sensible-daten"));
    assert!(
        sven.follow(late)
            .await
            .says("Diese Daten sind schon gelöscht.")
    );
    add(&mut anna, &ticket).await;
    let desk = format!("/desk{page}");
    sven.press(&desk, &format!("{desk}/loeschen"))
        .await
        .leads_to(&desk);
    assert_eq!(kept(&t).await, 0);
    assert!(anna.get(&page).await.says("Vom Support gelöscht"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_secret_wrong_staff() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let (mut berta, mut ada) = (t.berta().await, t.ada().await);
    let own = ticket(&mut anna, "support").await;
    let ticket = ticket(&mut anna, "buchhaltung").await;
    add(&mut anna, &own).await;
    add(&mut anna, &ticket).await;
    let desk = format!("/desk{ticket}/sensible-daten");
    sven.get(&desk).await.expect(404);
    let one = opener(&mut berta, &ticket).await;
    // the form of a ticket of his own, sent to the other one
    let own = opener(&mut sven, &own).await;
    let mut form = sven.get(&own).await.form_with("reason");
    form.action = one.replace("sensible-daten?", "sensible-daten/oeffnen?");
    let refused = sven
        .send_form(&form, &[("reason", "Neugier")])
        .await
        .expect(404);
    assert!(!refused.html.contains(SECRET));
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(
        acts.contains(&"secret.refused".to_owned()) && !acts.contains(&"secret.opened".to_owned())
    );
    for staff in [&mut berta, &mut ada] {
        let page = staff
            .fill(&one, &[("reason", "Erstattung")])
            .await
            .expect(200);
        assert!(page.says(SECRET));
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_stranger_finds_nothing() {
    let t = app().await;
    let (mut anna, mut fremd, mut bernd) = (t.anna().await, t.fremd().await, t.bernd().await);
    let ticket = ticket(&mut anna, "support").await;
    let page = add(&mut anna, &ticket).await;
    fremd.get(&page).await.expect(404);
    bernd.get(&page).await.expect(403);
    // a message asks for the right to messages, a ticket for that to tickets: neither way leads round it
    let message = write(&mut anna, "Nur eine Frage").await;
    let of_message = format!("{message}/sensible-daten");
    let fill = [("label", "Zugang"), ("text", SECRET)];
    anna.fill(&of_message, &fill).await.leads_to(&of_message);
    fremd.get(&of_message).await.expect(404);
    let form = anna.get(&page).await.form_to(&format!("{page}/loeschen"));
    let own = write(&mut fremd, "Meine").await;
    let mut strange = fremd
        .get(&format!("{own}/sensible-daten"))
        .await
        .form_with("text");
    strange.action = form.action.clone();
    strange.multipart = false;
    let which = form
        .fields
        .iter()
        .find(|(name, _)| name == "which")
        .unwrap();
    fremd
        .send_form(&strange, &[("which", &which.1)])
        .await
        .expect(404);
    assert_eq!(kept(&t).await, 2);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_text_with_a_secret_is_asked_about_before_it_is_sent() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let text = "Bitte prüfen Sie den Zugang.\nPasswort: Sommer2024!";
    let asked = anna
        .fill("/nachrichten/neu", &[("text", text)])
        .await
        .expect(422);
    assert!(asked.says("Das sieht nach einem Passwort aus."));
    assert!(asked.html.contains("Sommer2024!"), "the text can be mended");
    let form = asked.form_with("text");
    let moved = anna
        .send_form(&form, &[("sensibel", "verschieben")])
        .await
        .expect(303);
    let thread = moved.location().to_owned();
    let page = anna.get(&thread).await.expect(200);
    assert!(page.says("Passwort: […]") && !page.html.contains("Sommer2024"));
    assert!(page.says("Aus dem Text verschoben"));
    let desk = at_desk(&thread).replace("/nachrichten/", "/tickets/");
    let one = sven
        .get(&format!("{desk}/sensible-daten"))
        .await
        .expect(200)
        .link(&format!("{desk}/sensible-daten?zeigen="));
    let opened = sven.fill(&one, &[("reason", "Prüfen")]).await.expect(200);
    assert!(opened.says("Sommer2024!"));

    // as it is, when that is wanted; an answer, too
    let asked = anna.fill(&thread, &[("text", text)]).await.expect(422);
    let form = asked.form_with("text");
    anna.send_form(&form, &[("sensibel", "belassen")])
        .await
        .leads_to(&thread);
    assert!(anna.get(&thread).await.says("Sommer2024!"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_subject_cut() {
    let t = app().await;
    let mut anna = t.anna().await;
    // a message's beginning is its subject, even when its author wants the text as it is
    let asked = anna
        .fill(
            "/nachrichten/neu",
            &[("text", "Passwort: Sommer2024! geht nicht")],
        )
        .await
        .expect(422);
    let form = asked.form_with("text");
    anna.send_form(&form, &[("sensibel", "belassen")])
        .await
        .expect(303);
    let list = anna.get("/nachrichten").await.expect(200);
    assert!(list.says("Passwort: […]") && !list.html.contains("Sommer2024"));
    // a ticket has a subject of its own
    let fill = [
        ("department", "support"),
        ("priority", "normal"),
        ("subject", "Passwort: Sommer2024!"),
        ("text", "Geht nicht."),
    ];
    let back = anna.fill("/tickets/neu", &fill).await.expect(422);
    assert!(back.says("Bitte nennen Sie im Betreff nur, worum es geht."));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_tickets_guests_and_staff_are_asked_too() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let fill = [
        ("department", "support"),
        ("priority", "normal"),
        ("subject", "Zugang"),
        ("text", "pw: hunter2"),
    ];
    let asked = anna.fill("/tickets/neu", &fill).await.expect(422);
    let form = asked.form_with("text");
    let sent = anna
        .send_form(&form, &[("sensibel", "verschieben")])
        .await
        .expect(303);
    let ticket = sent.location().to_owned();
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("pw: […]") && page.says("Aus dem Text verschoben"));
    anna.fill(&ticket, &[("text", "pw: hunter3")])
        .await
        .expect(422);
    sven.fill(
        &format!("/desk{ticket}"),
        &[("text", "Ihr neues Passwort: Herbst2026!")],
    )
    .await
    .expect(422);
    t.run_jobs().await;
}
