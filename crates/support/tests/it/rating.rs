//! Whether a customer was content with a ticket.

use crate::at_desk;
use std::sync::Arc;
use support::request::rate::Asked;
use testkit::{Client, TestApp};

async fn app(asked: bool) -> TestApp {
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(Asked(asked)),
        ],
    )
    .await
}

async fn closed(client: &mut Client) -> String {
    let fill = [("subject", "Server langsam"), ("text", "Er ist langsam.")];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    let ticket = sent.location().to_owned();
    client
        .press(&ticket, &format!("{ticket}/schliessen"))
        .await
        .leads_to(&ticket);
    ticket
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_a_closed_ticket_asks_once_and_the_desk_reads_the_answer() {
    let t = app(true).await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let fill = [("subject", "Noch offen"), ("text", "Hallo")];
    let open = anna.fill("/tickets/neu", &fill).await.location().to_owned();
    assert!(
        !anna
            .get(&open)
            .await
            .expect(200)
            .says("Waren Sie zufrieden?")
    );
    let ticket = closed(&mut anna).await;
    t.run_jobs().await;
    let mails = t.mails.all().len();
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Waren Sie zufrieden?"));
    let form = page.form_with("answer");
    // neither word chosen
    let back = anna
        .send_form(&form, &[("comment", "Hm")])
        .await
        .expect(422);
    assert!(back.says("Waren Sie zufrieden?"));
    let fill = [("answer", "bad"), ("comment", "Zu <langsam>")];
    anna.send_form(&form, &fill).await.leads_to(&ticket);
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Ihre Bewertung: Nicht gut"));
    // one vote a ticket, also from a page that was open before
    let mut again = t.anna().await;
    let stale = form.clone();
    let fill = [("answer", "good"), ("key", "another-key-of-another-form")];
    again.send_form(&stale, &fill).await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Ihre Bewertung: Nicht gut"));
    let desk = sven.get(&at_desk(&ticket)).await.expect(200);
    assert!(desk.says("Bewertung des Kunden") && desk.says("Zu <langsam>"));
    let figures = sven.get("/desk/tickets/zahlen").await.expect(200);
    assert!(figures.says("Zufriedenheit") && figures.says("Gut 0 Nicht gut 1"));
    t.run_jobs().await;
    assert_eq!(t.mails.all().len(), mails, "nobody gets a mail about it");
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(acts.iter().filter(|act| *act == "ticket.rated").count(), 1);
    // reopened, it asks no more
    anna.fill(&ticket, &[("text", "Doch noch etwas")]).await;
    assert!(!anna.get(&ticket).await.says("Ihre Bewertung"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_nothing_is_asked_unless_the_operator_wants_it() {
    let t = app(false).await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = closed(&mut anna).await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(!page.says("Waren Sie zufrieden?"));
    let figures = sven.get("/desk/tickets/zahlen").await.expect(200);
    assert!(!figures.says("Zufriedenheit"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_rating_a_strangers_ticket_is_not_there() {
    let t = app(true).await;
    let (mut anna, mut fremd) = (t.anna().await, t.fremd().await);
    let (theirs, own) = (closed(&mut anna).await, closed(&mut fremd).await);
    let mut form = fremd.get(&own).await.form_with("answer");
    form.action = format!("{theirs}/bewertung");
    fremd
        .send_form(&form, &[("answer", "bad")])
        .await
        .expect(404);
    assert!(anna.get(&theirs).await.says("Waren Sie zufrieden?"));
    t.run_jobs().await;
}
