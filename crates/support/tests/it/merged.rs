//! What becomes of a ticket that went into another one: the customer's way to it, and who is called for it.

use crate::{app, at_desk, write};
use std::time::Duration;
use testkit::{Client, TestApp};

async fn ticket(client: &mut Client, subject: &str) -> String {
    let fill = [("subject", subject), ("text", "Bitte sehen Sie nach.")];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().to_owned()
}

async fn critical(client: &mut Client) -> String {
    let fill = [
        ("emergency", "site"),
        ("subject", "Der Shop ist weg"),
        ("text", "Seit heute früh steht alles."),
    ];
    let sent = client.fill("/tickets/neu/kritisch", &fill).await;
    sent.expect(303).location().to_owned()
}

/// The number of a ticket, as its page on the desk has it.
pub(crate) async fn number_of(staff: &mut Client, desk: &str) -> String {
    let page = staff.get(&format!("{desk}/zusammenfuehren")).await;
    let text = page.expect(200).text();
    let digits = |word: &&str| word.len() == 5 && word.chars().all(|c| c.is_ascii_digit());
    let mut words = text.split_whitespace();
    words.find(digits).unwrap_or_default().to_owned()
}

async fn merge(staff: &mut Client, from: &str, into: &str) {
    let number = number_of(staff, &at_desk(into)).await;
    let page = format!("{}/zusammenfuehren", at_desk(from));
    staff
        .fill(&page, &[("number", &number)])
        .await
        .leads_to(&at_desk(into));
}

fn alarms(t: &TestApp) -> usize {
    let all = t.mails.all();
    all.iter()
        .filter(|mail| mail.subject.starts_with("Kritisches Ticket"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_merged_ticket_leads_its_customer_to_the_one_it_became() {
    let t = app().await;
    let (mut anna, mut ada, mut fremd) = (t.anna().await, t.ada().await, t.fremd().await);
    let one = ticket(&mut anna, "Eins").await;
    let two = ticket(&mut anna, "Zwei").await;
    let message = write(&mut anna, "Drei").await;
    let open = anna.get(&message).await.form_with("text");
    merge(&mut ada, &one, &two).await;
    merge(&mut ada, &message, &two).await;
    for gone in [&one, &message] {
        let answer = anna.get(gone).await.expect(303);
        assert_eq!(answer.location(), two, "{gone}");
        fremd.get(gone).await.expect(404);
    }
    fremd.get(&two).await.expect(404);
    // what was being written when they became one comes to the one that is left
    anna.send_form(&open, &[("text", "Noch etwas")])
        .await
        .leads_to(&two);
    assert!(anna.get(&two).await.expect(200).says("Noch etwas"));
    assert_eq!(anna.get(&message).await.expect(303).location(), two);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_merged_ticket_that_became_anothers_is_not_there() {
    let t = app().await;
    let (mut anna, mut fremd, mut ada) = (t.anna().await, t.fremd().await, t.ada().await);
    let one = ticket(&mut anna, "Eins").await;
    let two = ticket(&mut anna, "Zwei").await;
    merge(&mut ada, &one, &two).await;
    // as after a mistake that was put right: the one that is left belongs to somebody else
    let mut tx = t.db().begin().await.unwrap();
    let id: support::ticket::TicketId = two.rsplit('/').next().unwrap().parse().unwrap();
    let stmt = db::sql!("UPDATE tickets SET customer_id = $2 WHERE id = $1");
    tx.exec(stmt, db::params![id, t.cast.fremds]).await.unwrap();
    tx.commit().await.unwrap();
    anna.get(&one).await.expect(404);
    fremd.get(&two).await.expect(200);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_an_emergency_goes_on_in_the_ticket_it_is_merged_into() {
    let t = app().await;
    let (mut anna, mut ada) = (t.anna().await, t.ada().await);
    let calm = ticket(&mut anna, "Der Shop ist langsam").await;
    let urgent = critical(&mut anna).await;
    t.run_jobs().await;
    let first = alarms(&t);
    assert!(first > 0);
    merge(&mut ada, &urgent, &calm).await;
    let page = ada.get("/desk/eskalation").await.expect(200);
    let number = number_of(&mut ada, &at_desk(&calm)).await;
    assert!(page.says(&number), "{}", page.text());
    assert!(page.html.contains(&at_desk(&calm)) && !page.html.contains(&at_desk(&urgent)));
    // the next round calls for the one that is left
    t.wait(Duration::from_secs(20 * 60));
    t.run_jobs().await;
    assert!(alarms(&t) > first, "{first}");
    let last = t.mails.all().pop().unwrap();
    assert!(last.text.contains(&at_desk(&calm)), "{}", last.text);
    let page = anna.get(&calm).await.expect(200);
    assert!(page.says("Kritisch"));
    let mut ada = t.ada().await;
    let page = ada.get("/desk/eskalation").await;
    let take = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/uebernehmen"));
    ada.send_form(&take.unwrap(), &[])
        .await
        .leads_to(&at_desk(&calm));
    assert!(anna.get(&calm).await.says("kümmert sich jetzt"));
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(acts.contains(&"escalation.moved".to_owned()));
    t.wait(Duration::from_secs(20 * 60));
    let called = alarms(&t);
    t.run_jobs().await;
    assert_eq!(alarms(&t), called);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_two_emergencies_that_become_one_call_once() {
    let t = app().await;
    let (mut anna, mut ada) = (t.anna().await, t.ada().await);
    let (one, two) = (critical(&mut anna).await, critical(&mut anna).await);
    t.run_jobs().await;
    merge(&mut ada, &one, &two).await;
    let page = ada.get("/desk/eskalation").await.expect(200);
    let open = page.forms().into_iter();
    let open = open.filter(|form| form.action.ends_with("/uebernehmen"));
    assert_eq!(open.count(), 1);
    assert!(page.says("Beendet, ohne dass jemand übernahm"));
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(acts.contains(&"escalation.ended".to_owned()));
    let before = alarms(&t);
    t.wait(Duration::from_secs(16 * 60));
    t.run_jobs().await;
    let round = alarms(&t) - before;
    // the team is called for one ticket, not for two
    assert!(round > 0 && round * 2 == before, "{before}, {round}");
}
