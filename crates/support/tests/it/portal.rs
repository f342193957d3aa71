//! The customers' pages.

use crate::{app, at_desk, write};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_message_is_written_answered_and_read() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let page = anna.get("/nachrichten").await.expect(200);
    assert!(page.says("Sie haben uns noch nicht geschrieben"));
    let text = "Die Kasse zeigt Fehler 502\n\nSeit gestern, bei jedem dritten Aufruf.";
    let thread = write(&mut anna, text).await;
    let page = anna.get(&thread).await.expect(200);
    assert!(page.says("Ihre Nachricht ist angekommen."));
    assert!(page.says("Seit gestern, bei jedem dritten Aufruf."));
    let list = anna.get("/nachrichten").await.expect(200);
    assert!(list.says("Die Kasse zeigt Fehler 502") && list.says("Eingegangen"));

    t.wait(Duration::from_secs(30));
    let sent = sven
        .fill(
            &at_desk(&thread),
            &[("text", "Bitte versuchen Sie es jetzt.")],
        )
        .await;
    sent.leads_to(&at_desk(&thread));
    let mail = t.mail_to("anna@adler.example").await;
    assert_eq!(mail.subject, "Eine Antwort wartet auf Sie");
    assert!(
        !mail.text.contains("jetzt") && !mail.html.contains("jetzt"),
        "no word of the answer"
    );
    assert_eq!(testkit::TestApp::link_in(&mail), thread);
    assert!(
        t.mails.last_to("bernd@adler.example").is_none(),
        "Bernd may not read messages"
    );

    let list = anna.get("/nachrichten").await.expect(200);
    assert!(list.says("Beantwortet") && list.says("Neu") && list.html.contains("class=\"unread\""));
    assert!(list.html.contains("<span class=\"badge\">1</span>") || list.says("1"));
    let page = anna.get(&thread).await.expect(200);
    assert!(page.says("Bitte versuchen Sie es jetzt."));
    let list = anna.get("/nachrichten").await.expect(200);
    assert!(!list.html.contains("class=\"unread\""), "read is read");
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(acts.first().map(String::as_str), Some("message.answered"));
    assert!(acts.contains(&"message.written".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_empty_and_overlong_are_refused_and_the_text_is_kept() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna
        .fill("/nachrichten/neu", &[("text", " \n ")])
        .await
        .expect(422);
    assert!(page.says("Bitte schreiben Sie, worum es geht."));
    let long = format!("Anfang {}", "x".repeat(20_000));
    let page = anna
        .fill("/nachrichten/neu", &[("text", &long)])
        .await
        .expect(422);
    assert!(page.html.contains(&long), "nothing is lost");
    let page = anna
        .fill("/nachrichten/neu", &[("text", "a\0b")])
        .await
        .expect(422);
    assert!(page.says("Zeichen"));
    let thread = write(&mut anna, "Gut").await;
    let page = anna.fill(&thread, &[("text", "")]).await.expect(422);
    assert!(page.says("Bitte schreiben Sie, worum es geht."));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_the_subject_is_cut_and_the_text_kept() {
    let t = app().await;
    let mut anna = t.anna().await;
    let family = "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}";
    let text = format!("  \n {}ende\nzweite Zeile", family.repeat(100));
    let thread = write(&mut anna, &text).await;
    let list = anna.get("/nachrichten").await.expect(200);
    assert!(list.html.contains(&format!(">{}</a>", family.repeat(100))));
    assert!(!list.says("ende"));
    let page = anna.get(&thread).await.expect(200);
    assert!(
        page.html
            .contains(&format!("{}ende<br>zweite Zeile", family.repeat(100)))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_thread_is_closed_and_opened_by_answering() {
    let t = app().await;
    let mut anna = t.anna().await;
    let thread = write(&mut anna, "Hat sich erledigt?").await;
    let close = format!("{thread}/schliessen");
    let closed = anna.press(&thread, &close).await.leads_to(&thread);
    assert!(
        anna.follow(closed)
            .await
            .says("Die Nachricht ist geschlossen.")
    );
    let list = anna.get("/nachrichten?zustand=offen").await.expect(200);
    assert!(list.says("Hier steht zurzeit keine Nachricht."));
    let list = anna
        .get("/nachrichten?zustand=geschlossen")
        .await
        .expect(200);
    assert!(list.says("Hat sich erledigt?"));
    anna.fill(&thread, &[("text", "Doch nicht.")])
        .await
        .leads_to(&thread);
    let page = anna.get(&thread).await.expect(200);
    assert!(page.says("hat die Nachricht wieder geöffnet") && page.says("In Arbeit"));
    let acts = t.acts(Some(t.cast.annas)).await;
    let last = [
        "message.written",
        "message.reopened",
        "message.closed",
        "message.written",
    ];
    assert_eq!(
        acts.iter()
            .filter(|act| act.starts_with("message."))
            .count(),
        last.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_strangers_message_is_not_there() {
    let t = app().await;
    let (mut anna, mut fremd, mut bernd) = (t.anna().await, t.fremd().await, t.bernd().await);
    let thread = write(&mut anna, "Nur für uns").await;
    let own = write(&mut fremd, "Von Fremd").await;
    fremd.get(&thread).await.expect(404);
    let form = fremd.get(&own).await.form_with("text");
    let csrf = form
        .fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .unwrap()
        .1
        .clone();
    fremd
        .post_raw(&thread, &[("csrf", &csrf), ("text", "Hallo")])
        .await
        .expect(404);
    fremd
        .post_raw(&thread, &[("csrf", &csrf), ("text", "")])
        .await
        .expect(404);
    fremd
        .post_raw(&format!("{thread}/schliessen"), &[("csrf", &csrf)])
        .await
        .expect(404);
    bernd.get(&thread).await.expect(403);
    bernd.get("/nachrichten").await.expect(403);
    t.guest().get("/nachrichten").await.expect(303);
    anna.get("/nachrichten/0190").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_the_same_form_sent_twice_is_one_message() {
    let t = app().await;
    let mut anna = t.anna().await;
    let form = anna.get("/nachrichten/neu").await.form_with("text");
    let first = anna
        .send_form(&form, &[("text", "Einmal")])
        .await
        .expect(303);
    let again = anna
        .send_form(&form, &[("text", "Einmal")])
        .await
        .expect(303);
    assert_eq!(first.location(), again.location());
    anna.send_form(&form, &[("text", "Anders")])
        .await
        .expect(409);
    assert_eq!(
        anna.get("/nachrichten").await.links("/nachrichten/0").len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_the_overview_pages_by_key() {
    let t = app().await;
    let mut anna = t.anna().await;
    for number in 0..27 {
        t.wait(Duration::from_secs(1));
        write(&mut anna, &format!("Nummer {number:02}")).await;
    }
    let first = anna.get("/nachrichten").await.expect(200);
    assert!(first.says("Nummer 26") && first.says("Nummer 02") && !first.says("Nummer 01"));
    let second = anna
        .get(&first.link("/nachrichten?nach="))
        .await
        .expect(200);
    assert!(second.says("Nummer 01") && second.says("Nummer 00") && !second.says("Nummer 02"));
    for odd in ["x", "1-1", "-", "99999999999999999999-0", "5-", "%00"] {
        anna.get(&format!("/nachrichten?nach={odd}"))
            .await
            .expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_old_entries_of_a_long_thread_are_a_link_away() {
    let t = app().await;
    let mut anna = t.anna().await;
    let thread = write(&mut anna, "Eintrag 001").await;
    let form = anna.get(&thread).await.form_with("text");
    let csrf = form
        .fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .unwrap()
        .1
        .clone();
    for number in 2..=102 {
        let text = format!("Eintrag {number:03}");
        anna.post_raw(&thread, &[("csrf", &csrf), ("text", &text)])
            .await
            .expect(303);
    }
    let page = anna.get(&thread).await.expect(200);
    assert!(page.says("Eintrag 102") && page.says("Eintrag 003") && !page.says("Eintrag 002"));
    let older = anna
        .get(&page.link(&format!("{thread}?vor=")))
        .await
        .expect(200);
    assert!(older.says("Eintrag 002") && older.says("Eintrag 001 ") && !older.says("Eintrag 003"));
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_2_the_overview_shows_open_messages() {
    let t = app().await;
    let mut anna = t.anna().await;
    assert!(
        anna.get("/konto")
            .await
            .expect(200)
            .says("Zurzeit ist keine Nachricht offen.")
    );
    let thread = write(&mut anna, "Ist noch offen").await;
    let page = anna.get("/konto").await.expect(200);
    assert!(page.says("Ist noch offen"));
    assert_eq!(page.link("/nachrichten/0"), thread);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_mails_link_leads_there_whoever_one_acts_for() {
    let t = app().await;
    let (mut clara, mut sven) = (t.clara().await, t.sven().await);
    let thread = write(&mut clara, "Vom ersten Kunden").await;
    sven.fill(&at_desk(&thread), &[("text", "Die Antwort")])
        .await
        .expect(303);
    assert_eq!(
        testkit::TestApp::link_in(&t.mail_to("clara@claasen.example").await),
        thread
    );
    let page = clara.get("/konto").await.expect(200);
    let mut form = page.form_to("/konto/wechseln");
    form.fields.retain(|(name, _)| name == "csrf");
    let second = t.cast.claras.1.to_string();
    clara
        .send_form(&form, &[("id", &second)])
        .await
        .leads_to("/konto");
    let page = clara.get(&thread).await.expect(200);
    assert!(page.says("gehört zu Clara Claasen (K-10002)") && !page.says("Vom ersten Kunden"));
    let forms = page.forms();
    let form = forms
        .iter()
        .find(|form| form.names.iter().any(|name| name == "weiter"))
        .unwrap();
    clara.send_form(form, &[]).await.leads_to(&thread);
    assert!(clara.get(&thread).await.expect(200).says("Die Antwort"));
    // elsewhere than to us leads nowhere else
    clara
        .send_form(form, &[("weiter", "//evil.test")])
        .await
        .leads_to("/konto");
}
