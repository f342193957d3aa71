//! Taking an answer back before it goes out.

use crate::{at_desk, write};
use std::sync::Arc;
use std::time::Duration;
use support::desk::undo::Wait;
use testkit::{Answer, Client, TestApp};

const TEN: Duration = Duration::from_secs(10);

async fn app() -> TestApp {
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(Wait::of(10).unwrap()),
        ],
    )
    .await
}

/// A ticket of Anna's.
async fn ticket(anna: &mut Client) -> String {
    let fill = [("subject", "Server langsam"), ("text", "Er ist langsam.")];
    let sent = anna.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().to_owned()
}

/// What stands in the box for an answer.
fn box_of(page: &Answer) -> String {
    let form = page.form_with("text");
    let found = form.fields.iter().find(|(name, _)| name == "text");
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

async fn take_back(staff: &mut Client, desk: &str) -> Answer {
    staff.press(desk, &format!("{desk}/zuruecknehmen")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_an_answer_waits_ten_seconds_and_then_is_there_for_all() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna).await;
    let desk = at_desk(&ticket);
    t.run_jobs().await;
    let before = t.mails.all().len();
    sven.fill(&desk, &[("text", "Wir sehen nach.")])
        .await
        .leads_to(&desk);
    let page = sven.get(&desk).await.expect(200);
    assert!(page.says("Ihre Antwort geht hinaus in 10 Sekunden") || page.says("in 11 Sekunden"));
    assert!(page.says("Wir sehen nach.") && page.says("Rückgängig"));
    t.wait(Duration::from_secs(9));
    t.run_jobs().await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(!page.says("Wir sehen nach."), "{}", page.text());
    assert_eq!(t.mails.all().len(), before);
    t.wait(Duration::from_secs(2));
    t.run_jobs().await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Wir sehen nach."));
    assert_eq!(t.mails.all().len(), before + 1);
    let page = sven.get(&desk).await.expect(200);
    assert!(!page.says("Rückgängig"));
    let acts = t.acts(Some(t.cast.annas)).await;
    for act in ["ticket.answer_paused", "ticket.answered"] {
        assert_eq!(acts.iter().filter(|one| *one == act).count(), 1, "{act}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_what_is_taken_back_was_never_there_and_comes_back_into_the_box() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let message = write(&mut anna, "Wo liegt mein Angebot?").await;
    let desk = at_desk(&message);
    t.run_jobs().await;
    let before = t.mails.all().len();
    let form = sven.get(&desk).await.form_with("text");
    let fill = [("text", "An den falschen\nKunden"), ("dann", "schliessen")];
    sven.send_files(&form, &fill, &[("Angebot.txt", b"100 EUR")])
        .await
        .leads_to(&desk);
    let waits = sven.get(&desk).await.expect(200);
    assert!(waits.says("Angebot.txt"));
    take_back(&mut sven, &desk).await.leads_to(&desk);
    t.wait(TEN * 2);
    t.run_jobs().await;
    // nothing of it has happened: no text, no state, no clock, no mail
    let page = anna.get(&message).await.expect(200);
    assert!(!page.says("falschen") && !page.says("Angebot.txt"));
    let id = message.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = t.db().read().await.unwrap();
    let found = support::ticket::store::any(&mut tx, id).await.unwrap();
    drop(tx);
    assert_eq!(found.state, support::ticket::State::New);
    assert_eq!(
        (found.entries, found.files, found.answered_at),
        (1, 0, None)
    );
    assert!(found.waiting_since.is_some() && found.due_at.is_some());
    assert_eq!(t.mails.all().len(), before);
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(acts.contains(&"ticket.answer_taken_back".to_owned()));
    assert!(!acts.contains(&"message.answered".to_owned()));
    let page = sven.get(&desk).await.expect(200);
    assert_eq!(box_of(&page).trim_start(), "An den falschen\nKunden");
    assert!(page.says("Diese Antwort haben Sie zurückgenommen") && page.says("Angebot.txt"));
    // a colleague sees nothing of it
    let mut ada = t.ada().await;
    let theirs = ada.get(&desk).await.expect(200);
    assert!(!theirs.html.contains("An den falschen") && !theirs.says("Angebot.txt"));
    // mended and sent with its file, it is no draft any more
    let form = page.form_with("text");
    sven.send_form(&form, &[("text", "100 Euro.")])
        .await
        .leads_to(&desk);
    t.wait(TEN);
    t.run_jobs().await;
    let page = anna.get(&message).await.expect(200);
    assert!(
        page.says("100 Euro.") && page.says("Angebot.txt"),
        "{}",
        page.text()
    );
    let page = sven.get(&desk).await.expect(200);
    assert_eq!(box_of(&page), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_taking_back_comes_too_late_once_it_is_sent_and_is_only_for_its_author() {
    let t = app().await;
    let (mut anna, mut sven, mut ada) = (t.anna().await, t.sven().await, t.ada().await);
    let ticket = ticket(&mut anna).await;
    let desk = at_desk(&ticket);
    sven.fill(&desk, &[("text", "Schon unterwegs")])
        .await
        .expect(303);
    let button = sven
        .get(&desk)
        .await
        .form_to(&format!("{desk}/zuruecknehmen"));
    // a colleague is told, cannot take it back, and does not answer over it
    let page = ada.get(&desk).await.expect(200);
    assert!(page.says("geht gleich hinaus") && !page.says("Rückgängig"));
    let id = button.fields.iter().find(|(name, _)| name == "antwort");
    let id = id.map(|(_, id)| id.clone()).unwrap();
    let form = page.form_to(&format!("{desk}/mir-zuweisen"));
    let csrf = form.fields.iter().find(|(name, _)| name == "csrf");
    let fields = [("csrf", csrf.unwrap().1.as_str()), ("antwort", id.as_str())];
    ada.post_raw(&format!("{desk}/zuruecknehmen"), &fields)
        .await
        .leads_to(&desk);
    let page = ada.get(&desk).await.expect(200);
    assert!(page.says("zu spät"));
    let twice = ada.fill(&desk, &[("text", "Auch ich")]).await;
    assert!(twice.expect(409).says("Auch ich"));
    t.wait(TEN);
    t.run_jobs().await;
    sven.send_form(&button, &[]).await.leads_to(&desk);
    let page = sven.get(&desk).await.expect(200);
    assert!(page.says("zu spät") && box_of(&page).is_empty());
    assert!(anna.get(&ticket).await.expect(200).says("Schon unterwegs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_sending_and_taking_back_at_once_have_one_winner() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    for round in 0..8 {
        let text = format!("Antwort {round}");
        let ticket = ticket(&mut anna).await;
        let desk = at_desk(&ticket);
        t.run_jobs().await;
        sven.fill(&desk, &[("text", &text)]).await.expect(303);
        let form = sven
            .get(&desk)
            .await
            .form_to(&format!("{desk}/zuruecknehmen"));
        t.wait(TEN);
        let (pressed, ()) = tokio::join!(sven.send_form(&form, &[]), t.run_jobs());
        pressed.expect(303);
        t.run_jobs().await;
        let sent = anna.get(&ticket).await.expect(200).says(&text);
        let draft = box_of(&sven.get(&desk).await.expect(200)).contains(&text);
        assert!(sent != draft, "sent: {sent}, draft: {draft}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_closing_by_hand_sends_what_waits_first() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna).await;
    let desk = at_desk(&ticket);
    sven.fill(&desk, &[("text", "Erledigt.")]).await.expect(303);
    sven.press(&desk, &format!("{desk}/schliessen"))
        .await
        .leads_to(&desk);
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Erledigt.") && page.says("Geschlossen"));
    t.wait(TEN);
    t.run_jobs().await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Geschlossen"));
    assert_eq!(page.text().matches("Erledigt.").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_what_waits_goes_along_when_two_tickets_become_one() {
    let t = app().await;
    let (mut anna, mut ada) = (t.anna().await, t.ada().await);
    let (one, two) = (ticket(&mut anna).await, ticket(&mut anna).await);
    let number = crate::merged::number_of(&mut ada, &at_desk(&two)).await;
    ada.fill(&at_desk(&one), &[("text", "Kommt mit")])
        .await
        .expect(303);
    let merge = format!("{}/zusammenfuehren", at_desk(&one));
    ada.fill(&merge, &[("number", &number)])
        .await
        .leads_to(&at_desk(&two));
    assert!(ada.get(&at_desk(&two)).await.says("Rückgängig"));
    t.wait(TEN);
    t.run_jobs().await;
    assert!(anna.get(&two).await.expect(200).says("Kommt mit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_a_draft_is_thrown_away_or_forgotten_after_a_day() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna).await;
    let desk = at_desk(&ticket);
    for text in ["Eins", "Zwei"] {
        sven.fill(&desk, &[("text", text)]).await.expect(303);
        take_back(&mut sven, &desk).await.leads_to(&desk);
        assert_eq!(box_of(&sven.get(&desk).await).trim(), text);
        if text == "Eins" {
            sven.press(&desk, &format!("{desk}/entwurf-verwerfen"))
                .await
                .leads_to(&desk);
            assert_eq!(box_of(&sven.get(&desk).await), "");
        }
    }
    t.wait(Duration::from_secs(25 * 3600));
    let mut anna = t.anna().await;
    let other = self::ticket(&mut anna).await;
    let mut sven = t.sven().await;
    sven.fill(&at_desk(&other), &[("text", "Drei")])
        .await
        .expect(303);
    t.wait(TEN);
    t.run_jobs().await;
    assert_eq!(box_of(&sven.get(&desk).await), "");
}
