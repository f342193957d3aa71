//! "E-Mail-Verlauf" of mails that came in (ACC-7): those that stand in the customer's tickets, and no others.

use crate::inbound::{OURS, deliver};
use db::{params, sql};
use std::sync::Arc;
use std::time::Duration;
use support::desk::join::{join, part};
use support::inbound::Settings;
use support::outbound::Ways;
use support::ticket::{Author, TicketId, store};
use testkit::{Client, TestApp};

const LIST: &str = "/konto/mails";

async fn app() -> TestApp {
    let ways = Ways::new(
        "support+{token}@nordlicht.example",
        "portal.nordlicht.example",
    );
    TestApp::with(
        vec![knowledge::module(), support::module(), operations::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(ways.unwrap()),
            Arc::new(Settings {
                authserv_id: "mx.nordlicht.example".into(),
                own: Vec::new(),
            }),
            Arc::new(files::Store::memory()),
        ],
    )
    .await
}

async fn proven(t: &TestApp, from: &str, subject: &str, text: &str) {
    let domain = from.rsplit('@').next().unwrap().trim_end_matches('>');
    let proof =
        format!("Authentication-Results: mx.nordlicht.example; dmarc=pass header.from={domain}\n");
    arrive(t, &proof, from, subject, text).await;
}

async fn unproven(t: &TestApp, from: &str, subject: &str, text: &str) {
    arrive(t, "", from, subject, text).await;
}

async fn arrive(t: &TestApp, proof: &str, from: &str, subject: &str, text: &str) {
    let raw = format!(
        "{proof}From: {from}\n\
         To: support@nordlicht.example\nSubject: {subject}\nMessage-ID: <{}@mail.example>\n\n{text}\n",
        t.world.uuid().simple()
    );
    deliver(t, OURS, &raw).await;
}

/// A mail of ours.
async fn send(t: &TestApp, subject: &str) {
    let draft = mail::Draft {
        to: kernel::Email::parse("anna@adler.example").unwrap(),
        to_name: "Anna Adler".into(),
        customer: Some(t.cast.annas),
        user: None,
        kind: "support.answer",
        locale: kernel::Locale::De,
        subject: subject.into(),
        text: "Guten Tag".into(),
        html: String::new(),
        slots: Vec::new(),
    };
    let mut tx = t.db().begin().await.unwrap();
    mail::queue(&mut tx, &t.ctx(kernel::Actor::System), draft)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
}

async fn ticket(t: &TestApp, subject: &str) -> String {
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!((kernel::Uuid,), "SELECT id FROM tickets WHERE subject = $1");
    let id = tx.one(stmt, params![subject]).await.unwrap().0;
    format!("/desk/tickets/{}", id.simple())
}

async fn numbered(t: &TestApp, subject: &str) -> String {
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!((i64,), "SELECT number FROM tickets WHERE subject = $1");
    tx.one(stmt, params![subject]).await.unwrap().0.to_string()
}

/// The subjects of the mails in the list that came in.
async fn came(client: &mut Client) -> Vec<String> {
    let list = client
        .get(&format!("{LIST}?zustand=eingegangen"))
        .await
        .expect(200);
    let rows = list.html.split("<tbody>").nth(1).unwrap_or_default();
    let mut found: Vec<String> = rows
        .split("<a href=\"/konto/mails/eingang/")
        .skip(1)
        .map(|row| {
            let (_, row) = row.split_once('>').unwrap();
            row.split("</a>").next().unwrap().to_owned()
        })
        .collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_mails_both_ways_stand_in_the_history_with_their_direction() {
    let t = app().await;
    let link = format!(
        "{}/passwort/neu/Zk3_x9QmT0aLr7vBn2WcY5dEf8GhJ1KpU4sXoM6iRt0",
        web::Settings::example().public_url
    );
    let text = format!(
        "Guten Tag,\n\ndas Postfach <voll> ist voll.\n\n-- \nAnna\n\n> Neues Passwort: {link}"
    );
    proven(&t, "Anna Adler <anna@adler.example>", "Das Postfach", &text).await;
    send(&t, "Re: Das Postfach").await;
    let mut anna = t.anna().await;
    let list = anna.get(LIST).await.expect(200);
    assert!(list.says("An uns von anna@adler.example"));
    assert!(list.says("Von uns an anna@adler.example"));
    assert_eq!(came(&mut anna).await, ["Das Postfach"]);
    let one = anna
        .get(&list.link("/konto/mails/eingang/"))
        .await
        .expect(200);
    for word in [
        "An uns",
        "Das Postfach",
        "das Postfach <voll> ist voll.",
        "Anna Adler <anna@adler.example>",
        "support@nordlicht.example",
        "[Link entfernt]",
    ] {
        assert!(one.says(word), "{word}");
    }
    assert!(one.html.contains("&lt;voll&gt;") && !one.html.contains("Zk3_x9"));
    // the customer's file shows the same
    let mut sven = t.sven().await;
    let mut ada = t.ada().await;
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let page = ada.get(&file).await.expect(200);
    let tab = page
        .links(&file)
        .into_iter()
        .find(|link| link.contains("mails"))
        .unwrap_or(file);
    let page = ada.get(&tab).await.expect(200);
    assert!(
        page.says("An uns von anna@adler.example") && page.says("Von uns an anna@adler.example")
    );
    let path = page.link("/desk/vorgaenge/mails/eingang/");
    let shown = ada.get(&path).await.expect(200);
    assert!(shown.says("[Link entfernt]") && !shown.html.contains("Zk3_x9"));
    let one = list.link("/konto/mails/eingang/");
    // nobody else
    t.fremd().await.get(&one).await.expect(404);
    assert!(came(&mut t.fremd().await).await.is_empty());
    t.bernd().await.get(&one).await.expect(403);
    t.guest().get(&one).await.expect(303);
    t.guest().get(&path).await.expect(303);
    sven.get(&one).await.expect(303);
    for odd in ["0190", "%00", "0193a1b2-7c4d-7e8f-9a0b-1c2d3e4f5a6b"] {
        anna.get(&format!("/konto/mails/eingang/{odd}"))
            .await
            .expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_a_mail_is_in_the_history_of_the_customer_whose_ticket_it_stands_in() {
    let t = app().await;
    let mut anna = t.anna().await;
    // a guest's, what a service asks (it is held), and one of which nobody knows whether she wrote it
    proven(&t, "gast@laden.example", "Vom Gast", "Was kostet es?").await;
    proven(
        &t,
        "no-reply@dienst.example",
        "Confirm your email address",
        "Confirm your email address: https://dienst.example/c/1",
    )
    .await;
    unproven(&t, "anna@adler.example", "Ohne Beleg", "Bin ich das?").await;
    proven(&t, "anna@adler.example", "Von Anna", "Es geht nicht.").await;
    assert_eq!(came(&mut anna).await, ["Von Anna"]);
    // what staff takes in of what was held is for staff alone
    let mut ada = t.ada().await;
    let held = ada
        .get("/desk/posteingang")
        .await
        .expect(200)
        .link("/desk/posteingang/0");
    let number = numbered(&t, "Von Anna").await;
    ada.fill(&held, &[("number", &number)]).await.expect(303);
    assert_eq!(came(&mut anna).await, ["Von Anna"]);
    // what she takes over is hers from then on
    let list = anna.get("/tickets/fruehere").await.expect(200);
    let take = list
        .html
        .split("action=\"")
        .find(|part| part.starts_with("/tickets/fruehere/"))
        .unwrap();
    let take = take.split('"').next().unwrap();
    anna.send_form(&list.form_to(take), &[]).await.expect(303);
    assert_eq!(came(&mut anna).await, ["Ohne Beleg", "Von Anna"]);
    // what landed wrong goes to whom it belongs, and out of her history
    let id = async |subject: &str| {
        let path = ticket(&t, subject).await;
        TicketId(kernel::Uuid::try_parse(path.rsplit('/').next().unwrap()).unwrap())
    };
    let (wrong, right) = (id("Von Anna").await, id("Vom Gast").await);
    let ctx = t.ctx(kernel::Actor::Staff(t.cast.ada));
    let mut tx = t.db().begin().await.unwrap();
    let mut from = store::any(&mut tx, wrong).await.unwrap();
    let mut into = store::any(&mut tx, right).await.unwrap();
    let staff = Author::stranger("Ada");
    part(&mut tx, &ctx, &mut from, &mut into, staff, 1, false)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(came(&mut anna).await, ["Ohne Beleg"]);
    // and a guest's ticket that becomes part of hers brings its mails
    t.wait(Duration::from_secs(1));
    let ctx = t.ctx(kernel::Actor::Staff(t.cast.ada));
    let hers = id("Ohne Beleg").await;
    let mut tx = t.db().begin().await.unwrap();
    let mut from = store::any(&mut tx, right).await.unwrap();
    let mut into = store::any(&mut tx, hers).await.unwrap();
    join(&mut tx, &ctx, &mut from, &mut into, staff)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        came(&mut anna).await,
        ["Ohne Beleg", "Vom Gast", "Von Anna"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_the_history_pages_by_key_over_both_directions() {
    let t = app().await;
    for number in 0..30 {
        proven(
            &t,
            "anna@adler.example",
            &format!("Nummer {number:02}"),
            &format!("Es geht um Nummer {number}."),
        )
        .await;
        send(&t, &format!("Unsere Nummer {number:02}")).await;
        // nobody writes too much in an hour
        t.wait(Duration::from_secs(if number % 3 == 0 {
            1800
        } else {
            700
        }));
    }
    t.run_jobs().await;
    let mut anna = t.anna().await;
    let (mut seen, mut next) = (Vec::new(), Some(LIST.to_owned()));
    let mut pages = 0;
    while let Some(path) = next {
        let page = anna.get(&path).await.expect(200);
        pages += 1;
        seen.extend(page.links("/konto/mails/"));
        next = page
            .links("/konto/mails?")
            .into_iter()
            .find(|link| link.contains("nach="));
    }
    let came = seen
        .iter()
        .filter(|link| link.contains("/eingang/"))
        .count();
    assert_eq!((came, seen.len(), pages), (30, 60, 3));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60);
}

/// What nothing proves to be hers does not stand in her history until staff has said that it is.
#[tokio::test(flavor = "multi_thread")]
async fn acc_7_a_held_mail_stands_in_the_history_once_it_is_accepted() {
    let t = app().await;
    let mut anna = t.anna().await;
    proven(&t, "anna@adler.example", "Die Kasse", "Sie geht nicht.").await;
    let desk = ticket(&t, "Die Kasse").await;
    let mut sven = t.sven().await;
    sven.fill(&desk, &[("text", "Wir sehen nach.")])
        .await
        .expect(303);
    t.wait(Duration::from_secs(60));
    t.run_jobs().await;
    let letter = t.mails.last_to("anna@adler.example").unwrap();
    let way = letter.headers.reply_to.unwrap();
    for text in ["Und jetzt?", "Noch etwas."] {
        let raw = format!(
            "From: anna@adler.example\nTo: {way}\nSubject: Re: Die Kasse\nMessage-ID: <{}@mail.example>\n\n{text}\n",
            t.world.uuid().simple()
        );
        deliver(&t, way.as_str(), &raw).await;
    }
    assert_eq!(came(&mut anna).await, ["Die Kasse"]);
    for (act, wanted) in [("mail-ablehnen", 1), ("mail-annehmen", 2)] {
        sven.press(&desk, &format!("{desk}/{act}"))
            .await
            .expect(303);
        assert_eq!(came(&mut anna).await.len(), wanted, "{act}");
    }
}
