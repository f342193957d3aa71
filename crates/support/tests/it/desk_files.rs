//! Files that staff sends along: with an answer, with an internal note, on tickets and on messages.

use crate::{at_desk, write};
use std::sync::Arc;
use std::time::Duration;
use support::outbound::Ways;
use testkit::{Client, TestApp};

async fn app() -> TestApp {
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(Ways::new("support+{token}@nordlicht.example", "portal.example").unwrap()),
            Arc::new(files::Store::memory()),
        ],
    )
    .await
}

async fn ticket(client: &mut Client) -> String {
    let fill = [
        ("subject", "Der Shop steht"),
        ("text", "Seit heute früh."),
        ("department", "support"),
        ("priority", "normal"),
    ];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().to_owned()
}

/// What hangs on threads, and what lies about.
async fn counted(t: &TestApp) -> (i64, i64) {
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (i64, i64),
        "SELECT CAST((SELECT count(*) FROM entry_files) AS BIGINT) AS hung,
                CAST((SELECT count(*) FROM files WHERE attached_at IS NULL) AS BIGINT) AS loose"
    );
    tx.one(stmt, db::params![]).await.unwrap()
}

const MANUAL: (&str, &[u8]) = ("Anleitung für Möwen.pdf", b"%PDF-1.7 Schritt eins");

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_an_answer_of_the_desk_brings_its_files() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna).await;
    let desk = format!("/desk{ticket}");
    // without a text nothing goes out, and the file waits in the form
    let form = sven.get(&desk).await.expect(200).form_with("text");
    let page = sven
        .send_files(&form, &[("text", " ")], &[MANUAL])
        .await
        .expect(422);
    assert!(page.says("Anleitung für Möwen.pdf") && page.says("schreiben Sie, worum es geht"));
    // a text that asks back keeps it, too
    let form = page.form_with("text");
    let page = sven
        .send_form(&form, &[("text", "Ihr neues Passwort: Herbst2026!")])
        .await
        .expect(422);
    assert!(page.says("Anleitung für Möwen.pdf") && page.html.contains("Herbst2026!"));
    assert_eq!(counted(&t).await, (0, 1));
    let form = page.form_with("text");
    let fill = [("text", "Anbei die Anleitung.")];
    let sent = sven.send_form(&form, &fill).await;
    let sent = sent.leads_to(&desk);
    // sent twice, it hangs there once
    sven.send_form(&form, &fill).await.leads_to(&desk);
    assert_eq!(counted(&t).await, (1, 0));
    let shown = sven.follow(sent).await.expect(200);
    let own = shown.link("/desk/dateien/");
    assert_eq!(sven.get(&own).await.expect(200).bytes, MANUAL.1);

    let shown = anna.get(&ticket).await.expect(200);
    assert!(shown.says("Anbei die Anleitung.") && shown.says("Anleitung für Möwen.pdf"));
    let file = shown.link("/tickets/dateien/");
    let got = anna.get(&file).await.expect(200);
    assert_eq!(got.bytes, MANUAL.1);
    let how = got.headers["content-disposition"].to_str().unwrap();
    assert!(how.starts_with("attachment;"), "{how}");
    let policy = got.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("sandbox"), "{policy}");
    t.fremd().await.get(&file).await.expect(404);
    // the mail names it; whoever reads the portal finds it there
    let letter = t.mail_to("anna@adler.example").await;
    assert!(letter.text.contains("- Anleitung für Möwen.pdf (21 Byte)"));
    assert!(!letter.text.contains("/ticket-datei/"));
    assert!(letter.text.contains(&ticket));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_files_of_an_internal_note_stay_with_staff() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna).await;
    let desk = format!("/desk{ticket}");
    t.run_jobs().await;
    let before = t.mails.all().len();
    let form = sven.get(&desk).await.expect(200).form_with("note");
    let secret: (&str, &[u8]) = ("nur-intern.txt", b"Frist der Kundin");
    let page = sven
        .send_files(&form, &[("note", "")], &[secret])
        .await
        .expect(422);
    assert!(page.says("nur-intern.txt"));
    let form = page.form_with("note");
    sven.send_form(&form, &[("note", "Siehe Anhang")])
        .await
        .leads_to(&desk);
    t.run_jobs().await;
    let shown = sven.get(&desk).await.expect(200);
    assert!(shown.says("nur-intern.txt"));
    let own = shown.link("/desk/dateien/");
    assert_eq!(sven.get(&own).await.expect(200).bytes, secret.1);

    let page = anna.get(&ticket).await.expect(200);
    assert!(!page.says("nur-intern") && page.links("/tickets/dateien/").is_empty());
    let part = anna.get(&format!("{ticket}/verlauf")).await.expect(200);
    assert!(!part.html.contains("nur-intern"));
    // nor by its id, on any way to files
    let id = own.rsplit('/').next().unwrap();
    for way in ["/tickets/dateien", "/nachrichten/dateien"] {
        anna.get(&format!("{way}/{id}")).await.expect(404);
    }
    anna.get(&own).await.expect(303);
    assert_eq!(t.mails.all().len(), before, "nobody is told");
    // an answer after it does not bring it along
    sven.fill(&desk, &[("text", "Erledigt.")]).await.expect(303);
    let letter = t.mail_to("anna@adler.example").await;
    assert!(letter.text.contains("Erledigt.") && !letter.text.contains("nur-intern"));
    assert!(!letter.html.contains("nur-intern"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_message_answered_with_a_file_shows_it() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let thread = write(&mut anna, "Wo steht das?").await;
    let desk = at_desk(&thread);
    let form = sven.get(&desk).await.expect(200).form_with("text");
    sven.send_files(&form, &[("text", "Hier.")], &[MANUAL])
        .await
        .leads_to(&desk);
    let page = anna.get(&thread).await.expect(200);
    assert!(page.says("Anleitung für Möwen.pdf"));
    let file = page.link("/nachrichten/dateien/");
    assert_eq!(anna.get(&file).await.expect(200).bytes, MANUAL.1);
    t.fremd().await.get(&file).await.expect(404);
    t.guest().get(&file).await.expect(303);
    // the right to tickets does not open what hangs on messages
    let id = file.rsplit('/').next().unwrap();
    anna.get(&format!("/tickets/dateien/{id}"))
        .await
        .expect(404);
    // the mail of a message says that an answer waits, and no more (SUP-8)
    let letter = t.mail_to("anna@adler.example").await;
    assert!(!letter.text.contains("Anleitung") && !letter.text.contains("Hier."));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_guest_gets_the_desks_files_by_mail_and_is_told_when_the_link_is_over() {
    let t = app().await;
    let mut guest = t.guest();
    let fill = [
        ("email", "gast@laden.example"),
        ("name", "Gustav Gast"),
        ("company", "Laden am Eck"),
        ("subject", "Anleitung gesucht"),
        ("text", "Wo finde ich sie?"),
        ("consent", "on"),
    ];
    guest.fill("/ticket-einreichen", &fill).await.leads_to("/");
    t.run_jobs().await;
    let mut sven = t.sven().await;
    let queue = sven.get("/desk/tickets").await.expect(200);
    let desk = queue
        .links("/desk/tickets/0")
        .first()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let form = sven.get(&desk).await.expect(200).form_with("text");
    let two: (&str, &[u8]) = ("zwei.txt", b"zwei");
    sven.send_files(&form, &[("text", "Anbei.")], &[MANUAL, two])
        .await
        .expect(303);
    let letter = t.mail_to("gast@laden.example").await;
    assert!(letter.text.contains("- Anleitung für Möwen.pdf (21 Byte)"));
    let links: Vec<String> = letter
        .text
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("http://localhost:8080"))
        .filter(|path| path.starts_with("/ticket-datei/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(links.len(), 2, "{}", letter.text);
    assert_eq!(guest.get(&links[0]).await.expect(200).bytes, MANUAL.1);
    assert_eq!(guest.get(&links[1]).await.expect(200).bytes, b"zwei");
    t.wait(Duration::from_secs(31 * 24 * 3600));
    let late = guest.get(&links[0]).await.expect(409);
    assert!(late.says("Dieser Link gilt nicht mehr") && late.says("antworten Sie auf die E-Mail"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_a_text_block_and_an_answer_in_between_keep_the_files() {
    let t = app().await;
    let (mut anna, mut sven, mut ada) = (t.anna().await, t.sven().await, t.ada().await);
    let ticket = ticket(&mut anna).await;
    let desk = format!("/desk{ticket}");
    let block = [("name", "Gruß"), ("body_de", "Freundliche Grüße")];
    ada.fill("/desk/textbausteine/neu", &block)
        .await
        .expect(303);
    let page = sven.get(&desk).await.expect(200);
    let chosen = page.html.split("<select id=\"baustein\"").nth(1).unwrap();
    let chosen = chosen.split("value=\"").nth(1).unwrap();
    let chosen = chosen.split('"').next().unwrap().to_owned();
    let form = page.form_with("text");
    let fill = [
        ("text", "Anbei."),
        ("baustein", chosen.as_str()),
        ("dann", "baustein"),
    ];
    let page = sven.send_files(&form, &fill, &[MANUAL]).await.expect(200);
    assert!(page.html.contains("Freundliche Grüße") && page.says("Anleitung für Möwen.pdf"));
    // Anna writes meanwhile
    anna.fill(&ticket, &[("text", "Hat sich erledigt.")])
        .await
        .expect(303);
    let form = page.form_with("text");
    let page = sven.send_form(&form, &[]).await.expect(409);
    assert!(page.says("Hat sich erledigt.") && page.says("Anleitung für Möwen.pdf"));
    // and eleven are one too many
    let form = page.form_with("text");
    let names: Vec<String> = (0..10).map(|n| format!("{n}.txt")).collect();
    let more: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), name.as_bytes()))
        .collect();
    let page = sven.send_files(&form, &[], &more).await.expect(422);
    assert!(page.says("höchstens 10 Dateien"), "{}", page.text());
    assert_eq!(counted(&t).await.0, 0);
}
