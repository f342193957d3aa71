//! Tickets on the desk: who has them, what staff writes among themselves, what belongs together.

use crate::{app, at_desk, write};
use kernel::Actor;
use support::ticket::{self, Author, NewTicket, Opened, Priority, Written};
use testkit::TestApp;

/// A ticket of Anna's.
async fn ticket(t: &TestApp, subject: &str, text: &str) -> Opened {
    let ctx = t.ctx(Actor::User(t.cast.anna));
    let author = Author::of(&ctx, "Anna Adler").unwrap();
    let new = NewTicket {
        customer: Some(t.cast.annas),
        subject,
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: None,
        company: None,
        claimed_number: None,
        language: kernel::Locale::De,
        noted: None,
        first: Written::typed(author, text),
    };
    let mut tx = t.db().begin().await.unwrap();
    let opened = ticket::open_ticket(&mut tx, &ctx, &new).await.unwrap();
    tx.commit().await.unwrap();
    opened
}

/// A guest's ticket.
async fn guests(t: &TestApp, email: &str, text: &str) -> Opened {
    let ctx = t.ctx(Actor::Guest);
    let email = TestApp::email(email);
    let new = NewTicket {
        customer: None,
        subject: "Eine Frage",
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: Some(&email),
        company: Some("Gast & Co"),
        claimed_number: None,
        language: kernel::Locale::En,
        noted: None,
        first: Written {
            channel: ticket::Channel::Form,
            proof: ticket::Proof::Unproven,
            ..Written::typed(Author::stranger("Gustav Gast"), text)
        },
    };
    let mut tx = t.db().begin().await.unwrap();
    let opened = ticket::open_ticket(&mut tx, &ctx, &new).await.unwrap();
    tx.commit().await.unwrap();
    opened
}

fn value(form: &testkit::PageForm, name: &str) -> String {
    let found = form.fields.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// The conversation on a page, without the queue beside it.
fn thread_of(page: &testkit::Answer) -> String {
    let (_, thread) = page.html.split_once("class=\"conversation\"").unwrap();
    thread.split("</ol>").next().unwrap_or_default().to_owned()
}

async fn state_of(t: &TestApp, opened: &Opened) -> ticket::State {
    let mut tx = t.db().read().await.unwrap();
    ticket::store::any(&mut tx, opened.id).await.unwrap().state
}

fn desk(opened: &Opened) -> String {
    format!("/desk/tickets/{}", opened.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_one_queue_holds_messages_and_tickets_and_is_filtered() {
    let t = app().await;
    let mut anna = t.anna().await;
    write(&mut anna, "Nur eine Nachricht").await;
    let one = ticket(&t, "Server langsam", "Er ist langsam").await;
    let mut sven = t.sven().await;
    let page = sven.get("/desk/tickets").await.expect(200);
    assert!(page.says("Nur eine Nachricht") && page.says("Server langsam"));
    sven.press(&desk(&one), &format!("{}/mir-zuweisen", desk(&one)))
        .await
        .leads_to(&desk(&one));
    for (query, message, ticket) in [
        ("art=message", true, false),
        ("art=ticket", false, true),
        ("bei=ich", false, true),
        ("bei=niemand", true, false),
        ("prioritaet=high", false, false),
        ("abteilung=support", true, true),
        ("abteilung=vertrieb", false, false),
        ("zustand=alle&art=ticket", false, true),
        ("zustand=neu&bei=niemand", true, false),
        ("zustand=alle&bei=ich&prioritaet=normal", false, true),
        ("zustand=alle&suche=server&bei=niemand", false, false),
        ("zustand=alle&suche=%2310002", false, true),
        ("suche=k-10001&art=message", true, false),
    ] {
        let page = sven
            .get(&format!("/desk/tickets?{query}"))
            .await
            .expect(200);
        assert_eq!(page.says("Nur eine Nachricht"), message, "{query}");
        assert_eq!(page.says("Server langsam"), ticket, "{query}");
    }
    // the addresses of before still lead there
    let old = sven.get("/desk/nachrichten?zustand=neu").await.expect(303);
    assert_eq!(old.location(), "/desk/tickets?art=message&zustand=neu");
    let old = sven.get(&format!("/desk/nachrichten/{}", one.id)).await;
    assert_eq!(old.expect(303).location(), desk(&one));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_abuse_draft_leak_a_note_is_never_seen_by_the_customer() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let message = write(&mut anna, "Bitte um Rückruf").await;
    let secret = "Kunde-zahlt-nie-puenktlich";
    sven.fill(&at_desk(&message), &[("note", secret)])
        .await
        .leads_to(&at_desk(&message));
    assert!(sven.get(&at_desk(&message)).await.expect(200).says(secret));
    sven.fill(&at_desk(&message), &[("text", "Wir rufen an.")])
        .await
        .expect(303);
    t.run_jobs().await;
    for path in [message.as_str(), "/nachrichten", "/konto"] {
        let page = anna.get(path).await.expect(200);
        assert!(!page.html.contains(secret), "{path}");
    }
    for letter in t.mails.all() {
        assert!(!letter.text.contains(secret));
    }
    // nobody's turn has changed
    assert!(anna.get(&message).await.says("Beantwortet"));
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"message.noted".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_details_are_changed_and_a_second_agent_is_told() {
    let t = app().await;
    let one = ticket(&t, "Alt", "Text").await;
    let (mut sven, mut berta) = (t.sven().await, t.berta().await);
    let edit = format!("{}/bearbeiten", desk(&one));
    let theirs = berta.get(&edit).await.expect(200).form_with("subject");
    sven.fill(
        &edit,
        &[
            ("subject", "Neu"),
            ("department", "buchhaltung"),
            ("priority", "high"),
        ],
    )
    .await
    .leads_to(&desk(&one));
    let page = sven.get(&desk(&one)).await.expect(200);
    assert!(page.says("Neu") && page.says("Buchhaltung") && page.says("Hoch"));
    // abuse 89
    let late = berta
        .send_form(&theirs, &[("subject", "Anders")])
        .await
        .expect(409);
    assert!(
        late.says("Inzwischen hat jemand anders") && late.says("Es ist ein Eintrag dazugekommen.")
    );
    let again = late.form_with("subject");
    berta.send_form(&again, &[]).await.leads_to(&desk(&one));
    assert!(berta.get(&desk(&one)).await.says("Anders"));
    // what is critical does not come from here
    let form = sven.get(&edit).await.form_with("subject");
    sven.send_form(&form, &[("priority", "critical")])
        .await
        .expect(422);
    sven.send_form(&form, &[("assignee", "nobody-known")])
        .await
        .expect(422);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_a_text_block_is_put_in_without_a_script() {
    let t = app().await;
    let one = ticket(&t, "Kasse", "Sie geht nicht").await;
    let mut sven = t.sven().await;
    let block = [
        ("name", "Begrüßung"),
        (
            "body_de",
            "Guten Tag {name}, zu Ticket {nummer}: {betreff}.",
        ),
    ];
    sven.fill("/desk/textbausteine/neu", &block)
        .await
        .leads_to("/desk/textbausteine");
    sven.fill("/desk/textbausteine/neu", &block)
        .await
        .expect(422);
    let form = sven.get(&desk(&one)).await.form_with("text");
    let page = sven
        .send_form(&form, &[("text", "Schon getippt"), ("dann", "baustein")])
        .await
        .expect(200);
    let filled = page.form_with("text");
    let text = value(&filled, "text");
    assert!(text.contains("Schon getippt"), "{text}");
    assert!(
        text.contains(&format!(
            "Guten Tag Anna Adler, zu Ticket {}: Kasse.",
            one.number
        )),
        "{text}"
    );
    // nothing was sent
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(!acts.contains(&"ticket.answered".to_owned()));
    let id = sven
        .get("/desk/textbausteine")
        .await
        .link("/desk/textbausteine/0");
    sven.press(&id, &format!("{id}/loeschen"))
        .await
        .leads_to("/desk/textbausteine");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_merged_tickets_keep_both_requesters_and_all_entries() {
    let t = app().await;
    let one = ticket(&t, "Server", "Der Server ist langsam").await;
    let two = guests(&t, "gast@gast.example", "Auch bei mir langsam").await;
    let mut sven = t.sven().await;
    let merge = |opened: &Opened| format!("{}/zusammenfuehren", desk(opened));
    // a customer's ticket does not go to a guest
    let number = two.number.to_string();
    let page = sven.fill(&merge(&one), &[("number", &number)]).await;
    assert!(page.expect(422).says("gehören verschiedenen Kunden"));
    let number = one.number.to_string();
    sven.fill(&merge(&two), &[("number", &number)])
        .await
        .leads_to(&desk(&one));
    let page = sven.get(&desk(&one)).await.expect(200);
    assert!(page.says("Der Server ist langsam") && page.says("Auch bei mir langsam"));
    assert!(page.says("gast@gast.example") && page.says("hierher gebracht"));
    let gone = sven.get(&desk(&two)).await.expect(200);
    assert!(gone.says("in einem anderen aufgegangen") && !gone.says("Auch bei mir langsam"));
    // once is enough, and it stays closed
    let page = sven.fill(&merge(&two), &[("number", &number)]).await;
    assert!(page.expect(422).says("schon in einem anderen"));
    let page = sven.fill(&merge(&one), &[("number", &number)]).await;
    assert!(page.expect(422).says("dasselbe Ticket"));
    let mut tx = t.db().read().await.unwrap();
    let people = ticket::people::all(&mut tx, one.id).await.unwrap();
    assert_eq!(people.len(), 2);
    let guest = people.iter().find(|one| one.user_id.is_none()).unwrap();
    // who came with the other ticket has not seen what stood here
    assert_eq!((guest.since_seq, people[0].since_seq), (2, 0));
    drop(tx);
    let acts = t.acts(None).await;
    assert_eq!(acts.iter().filter(|act| *act == "ticket.merged").count(), 2);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_an_entry_that_landed_wrong_goes_to_a_ticket_of_its_own() {
    let t = app().await;
    let one = ticket(&t, "Domain", "Die Domain fehlt").await;
    let mut sven = t.sven().await;
    sven.fill(&desk(&one), &[("text", "Welche denn?")])
        .await
        .expect(303);
    {
        // a mail that found the wrong thread
        let ctx = t.ctx(Actor::Guest);
        let mut tx = t.db().begin().await.unwrap();
        let mut found = ticket::store::any(&mut tx, one.id).await.unwrap();
        let written = Written {
            channel: ticket::Channel::Mail,
            proof: ticket::Proof::Unproven,
            why: r#"{"reference":"old"}"#,
            ..Written::typed(Author::stranger("Fritz Fremd"), "Ganz anderes Thema")
        };
        ticket::write(&mut tx, &ctx, &mut found, &written)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(state_of(&t, &one).await, ticket::State::Open);
    let page = sven
        .get(&format!("{}/verschieben?eintrag=3", desk(&one)))
        .await
        .expect(200);
    assert!(page.says("Ganz anderes Thema") && page.says("reference: old"));
    let form = page.form_with("number");
    let sent = sven
        .send_form(&form, &[("email", "fritz@fremd.example")])
        .await
        .expect(303);
    let fresh = sent.location().to_owned();
    let page = sven.get(&fresh).await.expect(200);
    assert!(page.says("Ganz anderes Thema") && page.says("fritz@fremd.example"));
    assert!(!page.says("Adler") && page.says("Neu"));
    let old = sven.get(&desk(&one)).await.expect(200);
    // whose turn it is is as before
    assert!(!thread_of(&old).contains("Ganz anderes Thema"));
    assert_eq!(state_of(&t, &one).await, ticket::State::Waiting);
    let mut anna = t.anna().await;
    let hers = anna.get(&format!("/tickets/{}", one.id)).await.expect(200);
    assert!(!hers.says("Ganz anderes Thema") && !hers.says("verschoben"));
    // the first entry with all that follow makes a ticket of its own, of the same customer
    let form = sven
        .get(&format!("{}/verschieben?eintrag=1", desk(&one)))
        .await
        .expect(200)
        .form_with("number");
    let sent = sven.send_form(&form, &[("rest", "on")]).await.expect(303);
    let page = sven.get(sent.location()).await.expect(200);
    assert!(page.says("Die Domain fehlt") && page.says("Welche denn?") && page.says("K-10001"));
    assert_eq!(state_of(&t, &one).await, ticket::State::Closed);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_links_go_both_ways() {
    let t = app().await;
    let one = ticket(&t, "Erstes", "Text").await;
    let two = ticket(&t, "Zweites", "Text").await;
    let mut sven = t.sven().await;
    let link = format!("{}/verknuepfen", desk(&one));
    let form = sven.get(&desk(&one)).await.form_to(&link);
    let number = two.number.to_string();
    sven.send_form(&form, &[("number", &number)])
        .await
        .leads_to(&desk(&one));
    assert!(sven.get(&desk(&one)).await.says("Zweites"));
    let there = sven.get(&desk(&two)).await.expect(200);
    assert!(there.says(&format!("{} Erstes", one.number)));
    let form = there.form_to(&format!("{}/verknuepfung-loesen", desk(&two)));
    sven.send_form(&form, &[]).await.leads_to(&desk(&two));
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(
        acts.contains(&"ticket.linked".to_owned()) && acts.contains(&"ticket.unlinked".to_owned())
    );
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_somebody_is_answering_for_a_minute() {
    let t = app().await;
    let one = ticket(&t, "Kasse", "Text").await;
    let (mut sven, mut berta) = (t.sven().await, t.berta().await);
    let here = format!("{}/schreibt", desk(&one));
    let csrf = sven.get(&desk(&one)).await.form_with("text");
    let csrf = value(&csrf, "csrf");
    sven.post_raw(&here, &[("csrf", &csrf)]).await.expect(204);
    assert!(berta.get(&desk(&one)).await.says("antwortet gerade"));
    assert!(!sven.get(&desk(&one)).await.says("antwortet gerade"));
    t.wait(std::time::Duration::from_secs(61));
    // a session that was used a minute ago is written down, which is not the page's
    let mut berta = t.berta().await;
    assert!(!berta.get(&desk(&one)).await.says("antwortet gerade"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_many_are_changed_at_once() {
    let t = app().await;
    let one = ticket(&t, "Erstes", "Text").await;
    let two = ticket(&t, "Zweites", "Text").await;
    let three = ticket(&t, "Drittes", "Text").await;
    let mut sven = t.sven().await;
    let form = sven
        .get("/desk/tickets")
        .await
        .form_to("/desk/tickets/auswahl");
    let (a, b) = (format!("t-{}", one.id), format!("t-{}", two.id));
    sven.send_form(&form, &[(&a, "on"), (&b, "on"), ("tun", "nehmen")])
        .await
        .expect(303);
    let mine = sven.get("/desk/tickets?bei=ich").await;
    assert!(mine.says("Erstes") && mine.says("Zweites") && !mine.says("Drittes"));
    let form = sven
        .get("/desk/tickets")
        .await
        .form_to("/desk/tickets/auswahl");
    sven.send_form(&form, &[(&a, "on"), ("tun", "schliessen")])
        .await
        .expect(303);
    assert!(
        sven.get("/desk/tickets?zustand=geschlossen")
            .await
            .says("Erstes")
    );
    let form = sven
        .get("/desk/tickets")
        .await
        .form_to("/desk/tickets/auswahl");
    let c = format!("t-{}", three.id);
    let fill = [
        (c.as_str(), "on"),
        ("tun", "abteilung"),
        ("nach-abteilung", "vertrieb"),
    ];
    sven.send_form(&form, &fill).await.expect(303);
    assert!(
        sven.get("/desk/tickets?abteilung=vertrieb")
            .await
            .says("Drittes")
    );
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_5_the_promise_stands_on_the_ticket_and_answers_are_counted() {
    let t = app().await;
    // Monday at ten; eight office hours end on Tuesday at nine
    let one = ticket(&t, "Kasse", "Sie geht nicht").await;
    t.run_jobs().await;
    let mut sven = t.sven().await;
    assert!(sven.get(&desk(&one)).await.says("03.11.2026, 09:00"));
    let empty = sven.get("/desk/tickets/zahlen").await.expect(200);
    assert!(empty.says("noch nichts beantwortet"));
    t.wait(std::time::Duration::from_secs(90 * 60));
    let mut sven = t.sven().await;
    sven.fill(&desk(&one), &[("text", "Neu starten, bitte.")])
        .await
        .expect(303);
    t.run_jobs().await;
    let page = sven.get(&desk(&one)).await.expect(200);
    assert!(!page.says("Antwort bis"));
    let figures = sven.get("/desk/tickets/zahlen").await.expect(200);
    // once, though news comes twice
    assert!(
        figures.says("90 Min.") && figures.says("100 %"),
        "{}",
        figures.text()
    );
    let mut tx = t.db().read().await.unwrap();
    let (answers,) = tx
        .one(
            db::sql!((i64,), "SELECT answers FROM response_days"),
            db::params![],
        )
        .await
        .unwrap();
    assert_eq!(answers, 1);
    drop(tx);
    // when the customer writes, the clock runs anew
    let ctx = t.ctx(Actor::User(t.cast.anna));
    let mut tx = t.db().begin().await.unwrap();
    let mut found = ticket::store::any(&mut tx, one.id).await.unwrap();
    let anna = Author::of(&ctx, "Anna Adler").unwrap();
    ticket::reply(&mut tx, &ctx, &mut found, anna, "Geht nicht")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    assert!(sven.get(&desk(&one)).await.says("03.11.2026, 10:30"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_the_search_knows_every_text_and_notes_and_only_staff_may() {
    use std::sync::Arc;
    use support::desk::find::Words;
    let t = TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(Words::in_memory()),
        ],
    )
    .await;
    let one = ticket(&t, "Kasse", "Der Zahlungsterminal zeigt einen Fehler").await;
    t.run_jobs().await;
    t.app.state::<Words>().unwrap().fill(&t.app).await;
    let mut sven = t.sven().await;
    let find = |words: &str| format!("/desk/tickets/suche?suche={words}");
    let page = sven.get(&find("terminal")).await.expect(200);
    assert!(page.says("Kasse") && page.html.contains("<mark>Zahlungsterminal</mark>"));
    assert!(
        sven.get(&find("quittung"))
            .await
            .says("Dazu wurde nichts gefunden.")
    );
    // what is written later is found at once, notes too
    sven.fill(&desk(&one), &[("note", "Quittung liegt im Schrank")])
        .await
        .expect(303);
    t.run_jobs().await;
    assert!(sven.get(&find("quittungen")).await.says("Kasse"));
    assert!(sven.get(&find(&one.number.to_string())).await.says("Kasse"));
    let mut anna = t.anna().await;
    let refused = anna.get(&find("quittung")).await;
    assert!(refused.status.as_u16() != 200 && !refused.says("Schrank"));
    assert!(sven.get(&find("%22%28%2A")).await.says("nichts gefunden"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_text_blocks_and_merging_are_a_right_of_their_own() {
    let t = app().await;
    let one = ticket(&t, "Kasse", "Text").await;
    let mut berta = t.berta().await;
    for path in [
        format!("{}/zusammenfuehren", desk(&one)),
        format!("{}/verschieben?eintrag=1", desk(&one)),
        "/desk/textbausteine/neu".to_owned(),
    ] {
        berta.get(&path).await.expect(403);
    }
    let page = berta.get(&desk(&one)).await.expect(200);
    assert!(!page.says("Zusammenführen") && !page.says("Verschieben"));
    berta.get("/desk/textbausteine").await.expect(200);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_a_text_block_is_deleted_after_a_question_and_once() {
    let t = app().await;
    let mut sven = t.sven().await;
    let block = [("name", "Gruß <an alle>"), ("body_de", "Freundliche Grüße")];
    sven.fill("/desk/textbausteine/neu", &block)
        .await
        .expect(303);
    let page = sven.get("/desk/textbausteine/neu").await.expect(200);
    assert!(!page.says("Textbaustein löschen"), "there is nothing yet");
    let one = sven
        .get("/desk/textbausteine")
        .await
        .link("/desk/textbausteine/0");
    let remove = format!("{one}/loeschen");
    let page = sven.get(&one).await.expect(200);
    // the button lies folded away behind words that do nothing, and says what will be gone
    let (_, folded) = page
        .html
        .split_once("<details class=\"fold\"")
        .expect("a question");
    let (folded, after) = folded.split_once("</details>").expect("a question");
    assert!(folded.contains("<summary>") && folded.contains(&remove));
    assert!(!folded.starts_with(" open"));
    assert!(!after.contains("/loeschen") && page.html.matches("/loeschen").count() == 1);
    assert!(page.says("Der Textbaustein „Gruß <an alle>“ steht dann niemandem mehr"));
    assert!(page.says("Endgültig löschen"));
    // asking changes nothing
    sven.get(&remove).await.expect(405);
    assert!(sven.get("/desk/textbausteine").await.says("Gruß <an alle>"));
    let form = page.form_to(&remove);
    let done = sven
        .send_form(&form, &[])
        .await
        .leads_to("/desk/textbausteine");
    assert!(
        sven.follow(done)
            .await
            .says("Der Textbaustein ist gelöscht.")
    );
    sven.send_form(&form, &[]).await.expect(404);
    t.run_jobs().await;
    let acts = t.acts(None).await;
    let removed = acts.iter().filter(|act| *act == "block.removed");
    assert_eq!(removed.count(), 1);
}
