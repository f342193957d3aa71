//! A file among the sensible data of a ticket.

use crate::secret::ticket;
use std::sync::Arc;
use std::time::Duration;
use testkit::{Answer, Client, TestApp};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// No text, and nothing like it stands anywhere else.
const KEY: &[u8] = b"\xFF\x00-----Seeadler-7-Schluessel-----\xC3\x28\n";
const NAME: &str = "id_seeadler.pem";

async fn app() -> TestApp {
    let kept: Arc<files::Store> = Arc::new(files::Store::memory());
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![Arc::new(knowledge::Shelf::in_memory()), kept],
    )
    .await
}

async fn send(client: &mut Client, page: &str, fill: &[(&str, &str)], file: &[u8]) -> Answer {
    let form = client.get(page).await.expect(200).form_with("label");
    assert!(form.multipart);
    client
        .send_parts(&form, fill, &[("file", NAME, file)])
        .await
}

async fn add(client: &mut Client, ticket: &str) -> String {
    let page = format!("{ticket}/sensible-daten");
    let sent = send(client, &page, &[("label", "Zugang zum Server")], KEY).await;
    sent.leads_to(&page);
    page
}

/// Staff's answer after a reason was given.
async fn opened(staff: &mut Client, ticket: &str) -> Answer {
    let list = format!("/desk{ticket}/sensible-daten");
    let page = staff.get(&list).await.expect(200);
    let one = page.link(&format!("{list}?zeigen="));
    staff
        .fill(&one, &[("reason", "Dienst neu starten")])
        .await
        .expect(200)
}

/// Rows with anything that can be opened, and files that any store keeps.
async fn kept(t: &TestApp) -> (i64, i64) {
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (i64, i64),
        "SELECT CAST((SELECT count(*) FROM ticket_secrets WHERE sealed IS NOT NULL OR sealed_key IS NOT NULL OR sealed_file IS NOT NULL
                OR file_size IS NOT NULL) AS BIGINT) AS secrets, CAST((SELECT count(*) FROM files) AS BIGINT) AS files"
    );
    tx.one(stmt, db::params![]).await.unwrap()
}

fn contains(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|part| part == needle)
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_file_is_opened_with_a_reason_and_the_customer_sees_who() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna, "support").await;
    let page = add(&mut anna, &ticket).await;
    let shown = anna.get(&page).await.expect(200);
    assert!(shown.says("Mit einer Datei (36 Byte)") && !shown.says(NAME));

    let opened = opened(&mut sven, &ticket).await;
    assert!(opened.says(NAME) && opened.says("36 Byte"));
    assert!(!contains(opened.html.as_bytes(), b"Seeadler-7"));
    let form = opened.form_with("mark");
    let got = sven.send_form(&form, &[]).await.expect(200);
    assert_eq!(got.bytes, KEY);
    assert_eq!(got.headers["cache-control"], "no-store");
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    let policy = got.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("; sandbox"), "{policy}");
    let how = got.headers["content-disposition"].to_str().unwrap();
    assert!(
        how.starts_with("attachment;") && how.contains(NAME),
        "{how}"
    );
    // a line cut on the way: once more, without another reason
    assert_eq!(sven.send_form(&form, &[]).await.expect(200).bytes, KEY);
    let acts = t.acts(Some(t.cast.annas)).await;
    let count = |act: &str| acts.iter().filter(|one| *one == act).count();
    assert_eq!((count("secret.opened"), count("secret.file")), (1, 2));
    let seen = anna.get(&page).await.expect(200);
    assert!(seen.says("Sven Support") && seen.says("Dienst neu starten"));

    // neither another's hands nor later
    let mut ada = t.ada().await;
    let mut taken = ada.get("/desk").await.form_to("/desk/abmelden");
    taken.action = form.action.clone();
    let mark = form.fields.iter().find(|(name, _)| name == "mark").unwrap();
    let list = format!("/desk{ticket}/sensible-daten");
    let refused = ada.send_form(&taken, &[("mark", &mark.1)]).await;
    refused.leads_to(&list);
    t.wait(Duration::from_secs(601));
    let late = sven.send_form(&form, &[]).await.leads_to(&list);
    let late = sven.follow(late).await;
    assert!(late.says("noch einmal mit einem Grund"), "{}", late.text());
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_secret_file_stands_nowhere_else() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna, "support").await;
    let page = format!("{ticket}/sensible-daten");
    // a form that comes back keeps the words, never the file, and asks for it again
    let back = send(&mut anna, &page, &[("label", ""), ("user", "root")], KEY).await;
    let back = back.expect(422);
    assert!(back.says("Bitte wählen Sie die Datei noch einmal aus."));
    assert!(back.html.contains("value=\"root\"") && !back.html.contains(NAME));
    assert!(!back.says("geheimen Daten noch einmal"), "none were typed");
    assert_eq!(kept(&t).await, (0, 0), "no store has seen it");
    add(&mut anna, &ticket).await;
    assert_eq!(kept(&t).await, (1, 0));
    opened(&mut sven, &ticket).await;
    t.run_jobs().await;
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (Vec<u8>, Vec<u8>),
        "SELECT sealed, sealed_file FROM ticket_secrets WHERE sealed_file IS NOT NULL"
    );
    let stored = tx.all(stmt, db::params![]).await.unwrap();
    assert_eq!(stored.len(), 1);
    assert!(!contains(&stored[0].1, b"Seeadler") && stored[0].1.len() > KEY.len());
    assert!(
        !contains(&stored[0].0, b"seeadler"),
        "the name is sealed too"
    );
    let filter = db::audit::Filter::default();
    let lines = db::audit::list(&mut tx, &filter, db::audit::Page::Newest, 1000).await;
    let lines = lines.unwrap();
    assert!(lines.iter().all(|line| !line.detail.contains("eeadler")));
    for mail in t.mails.all() {
        assert!(!mail.text.contains("eeadler") && !mail.html.contains("eeadler"));
    }
    for path in [
        ticket.clone(),
        page,
        format!("/desk{ticket}/sensible-daten"),
    ] {
        let mut reader = match path.starts_with("/desk") {
            true => t.sven().await,
            false => t.anna().await,
        };
        let shown = reader.get(&path).await.expect(200);
        assert!(!shown.html.contains("eeadler"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_what_is_no_fitting_file_is_told_at_its_field() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = ticket(&mut anna, "support").await;
    let page = format!("{ticket}/sensible-daten");
    let label = [("label", "Zugang")];
    let most = vec![7_u8; 1_000_000];
    let large = [most.as_slice(), b"!"].concat();
    let back = send(&mut anna, &page, &label, &large).await.expect(422);
    assert!(back.says("größer als 1 MB"), "{}", back.text());
    assert!(back.html.contains("id=\"f-file-error\""));
    let back = send(&mut anna, &page, &label, b"").await.expect(422);
    assert!(back.says("Diese Datei ist leer."));
    let form = anna.get(&page).await.form_with("label");
    let twice = [("file", "a", b"a".as_slice()), ("file", "b", b"b")];
    let back = anna.send_parts(&form, &label, &twice).await.expect(422);
    assert!(back.says("nur eine Datei"));
    let none = anna.send_parts(&form, &label, &[("file", "", b"")]).await;
    let none = none.expect(422);
    assert!(
        none.says("oder wählen Sie eine Datei aus"),
        "{}",
        none.text()
    );
    assert_eq!(kept(&t).await, (0, 0));
    // the largest there may be, with a text
    let both = [("label", "Zugang"), ("text", "Kennwort dazu")];
    let form = anna.get(&page).await.form_with("label");
    let files = [("file", NAME, most.as_slice())];
    anna.send_parts(&form, &both, &files).await.leads_to(&page);
    // sent twice, it is there once
    anna.send_parts(&form, &both, &files).await.leads_to(&page);
    assert_eq!(kept(&t).await, (1, 0));
    let mut sven = t.sven().await;
    let opened = opened(&mut sven, &ticket).await;
    assert!(opened.says("Kennwort dazu"));
    let got = sven.send_form(&opened.form_with("mark"), &[]).await;
    assert!(got.expect(200).bytes == most);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_file_comes_with_a_new_ticket_and_goes_after_closing() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let form = anna.get("/tickets/neu").await.form_with("secret_label");
    let fill = [
        ("department", "support"),
        ("priority", "normal"),
        ("subject", "Umzug"),
        ("text", "Bitte umziehen."),
        ("secret_label", ""),
    ];
    let files = [
        ("files", "plan.txt", b"der Plan".as_slice()),
        ("secret_file", NAME, KEY),
    ];
    // asking for articles keeps what is no secret as well, and says what does not come back
    let asking = [("secret_label", "Schlüssel"), ("vorschlaege", "ja")];
    let asked = anna.send_parts(&form, &asking, &files[1..]).await;
    let asked = asked.expect(200);
    assert!(asked.html.contains("value=\"Schlüssel\""));
    assert!(asked.says("Bitte wählen Sie die Datei noch einmal aus."));
    // a label is missing: what is no secret comes back, the secret is asked for again
    let back = anna.send_parts(&form, &fill, &files).await.expect(422);
    assert!(back.says("plan.txt") && !back.html.contains("eeadler"));
    assert!(back.says("Bitte wählen Sie die Datei noch einmal aus."));
    assert_eq!(kept(&t).await, (0, 1), "the plan alone is in the store");
    let form = back.form_with("secret_label");
    let fill = [("secret_label", "Schlüssel für den Umzug")];
    let sent = anna.send_parts(&form, &fill, &files[1..]).await;
    let ticket = sent.expect(303).location().to_owned();
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("plan.txt") && page.says("Schlüssel für den Umzug"));
    assert_eq!(page.links("/tickets/dateien/").len(), 1);
    assert_eq!(kept(&t).await, (1, 1));
    let opened = opened(&mut sven, &ticket).await;
    let form = opened.form_with("mark");
    assert_eq!(sven.send_form(&form, &[]).await.expect(200).bytes, KEY);

    anna.press(&ticket, &format!("{ticket}/schliessen"))
        .await
        .expect(303);
    t.wait(6 * DAY);
    t.run_jobs().await;
    assert_eq!(kept(&t).await, (1, 1), "not yet");
    t.wait(2 * DAY);
    t.run_jobs().await;
    assert_eq!(kept(&t).await, (0, 1), "gone, file and all");
    let mut anna = t.anna().await;
    let page = anna.get(&format!("{ticket}/sensible-daten")).await;
    let page = page.expect(200);
    assert!(page.says("Gelöscht nach dem Schließen") && !page.says("Mit einer Datei"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_file_wiped_between_opening_and_fetching_is_gone() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let ticket = ticket(&mut anna, "support").await;
    let page = add(&mut anna, &ticket).await;
    let form = opened(&mut sven, &ticket).await.form_with("mark");
    anna.press(&page, &format!("{page}/loeschen"))
        .await
        .leads_to(&page);
    assert_eq!(kept(&t).await, (0, 0));
    let late = sven.send_form(&form, &[]).await.expect(303);
    let late = sven.follow(late).await;
    assert!(late.says("Diese Daten sind schon gelöscht."));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_4_an_emergency_takes_a_secret_file() {
    let t = app().await;
    let mut anna = t.anna().await;
    let form = anna
        .get("/tickets/neu/kritisch")
        .await
        .form_with("secret_label");
    assert!(form.multipart);
    let fill = [
        ("emergency", "site"),
        ("subject", "Der Shop ist weg"),
        ("text", "Alles steht."),
        ("accept", "on"),
        ("secret_label", "Schlüssel"),
    ];
    let files = [("secret_file", NAME, KEY)];
    let sent = anna.send_parts(&form, &fill, &files).await.expect(303);
    let ticket = sent.location().to_owned();
    let page = anna.get(&format!("{ticket}/sensible-daten")).await;
    assert!(page.says("Mit einer Datei (36 Byte)"));
    assert_eq!(kept(&t).await, (1, 0));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_3_a_changed_master_key_still_opens_the_file() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = ticket(&mut anna, "support").await;
    add(&mut anna, &ticket).await;
    t.run_jobs().await;
    let read = async || {
        let mut tx = t.db().read().await.unwrap();
        let stmt = db::sql!(
            (kernel::Uuid, Vec<u8>, Vec<u8>, Vec<u8>),
            "SELECT id, sealed_key, sealed, sealed_file FROM ticket_secrets"
        );
        let (id, key, body, file) = tx.one(stmt, db::params![]).await.unwrap();
        let sealed = support::secret::seal::Sealed {
            key,
            body,
            file: Some(file),
        };
        (support::secret::SecretId(id), sealed)
    };
    let open = |world: &kernel::World, (id, sealed): &(_, _)| {
        support::secret::seal::open_file(world, *id, sealed)
    };
    let before = read().await;
    assert_eq!(open(&t.world, &before).unwrap().unwrap(), KEY);
    let (old, new) = ([7; 32], [9; 32]);
    let keys = db::Reseal::new(&new, &[old]);
    support::reseal(t.db(), &keys).await.unwrap();
    let after = read().await;
    assert!(before.1.key != after.1.key && before.1.file == after.1.file);
    let world = kernel::World::system().with_key(new);
    assert_eq!(open(&world, &after).unwrap().unwrap(), KEY);
    assert!(open(&t.world, &after).is_err());
}
