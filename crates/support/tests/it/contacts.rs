//! Contacts of a customer that get support mail (ACC-5) take part in its tickets by mail.

use crate::inbound::deliver;
use customers::contact::{self, Contact, ContactId};
use db::{params, sql};
use kernel::{Actor, Email};
use mail::Letter;
use std::sync::Arc;
use support::inbound::Settings;
use support::outbound::Ways;
use support::ticket::people::Role;
use support::ticket::{self, Author, Side, TicketId, Written};
use testkit::TestApp;

const ANNA: &str = "anna@adler.example";
const SHARED: &str = "technik@adler.example";
const BOOKS: &str = "buchhaltung@adler.example";

async fn app() -> TestApp {
    let ways = Ways::new(
        "support+{token}@nordlicht.example",
        "portal.nordlicht.example",
    );
    TestApp::with(
        vec![knowledge::module(), support::module()],
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

async fn enter(t: &TestApp, email: &str, support: bool) -> (ContactId, Contact) {
    let contact = Contact {
        name: "Ein Postfach".into(),
        email: Email::parse(email).unwrap(),
        support,
        ..contact::example()
    };
    let ctx = t.ctx(Actor::System);
    let id: ContactId = ctx.id();
    let mut tx = t.db().begin().await.unwrap();
    contact::store::insert(&mut tx, t.cast.annas, id, ctx.now, &contact)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (id, contact)
}

async fn open(t: &TestApp) -> TicketId {
    let fill = [("subject", "Die Kasse"), ("text", "Sie geht nicht.")];
    let mut anna = t.anna().await;
    let sent = anna.fill("/tickets/neu", &fill).await.expect(303);
    t.run_jobs().await;
    let place = sent.location().to_owned();
    place.rsplit('/').next().unwrap().parse().unwrap()
}

async fn answer(t: &TestApp, id: TicketId, text: &str) {
    let author = Author {
        side: Side::Staff,
        id: Some(t.cast.sven.0),
        name: "Sven Sommer",
    };
    let mut tx = t.db().begin().await.unwrap();
    let mut ticket = ticket::store::any(&mut tx, id).await.unwrap();
    let ctx = t.ctx(Actor::Staff(t.cast.sven));
    ticket::write(&mut tx, &ctx, &mut ticket, &Written::typed(author, text))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
}

fn to(t: &TestApp, email: &str) -> Vec<Letter> {
    let all = t.mails.all().into_iter();
    all.filter(|letter| letter.to.as_str() == email).collect()
}

fn back(t: &TestApp, email: &str) -> Email {
    to(t, email).pop().unwrap().headers.reply_to.unwrap()
}

/// The shared mailbox answers, and it is certain that it does.
async fn replies(t: &TestApp, way: &Email, text: &str) {
    let raw = format!(
        "Authentication-Results: mx.nordlicht.example; dmarc=pass header.from=adler.example\r\nFrom: Technik <{SHARED}>\r\n\
         To: {way}\r\nSubject: Re: Die Kasse\r\nMessage-ID: <{}@adler.example>\r\n\r\n{text}\r\n",
        t.world.uuid().simple()
    );
    deliver(t, way.as_str(), &raw).await;
}

async fn texts(t: &TestApp, id: TicketId) -> Vec<(String, String)> {
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (String, String),
        "SELECT author_name, text FROM ticket_entries WHERE ticket_id = $1 AND kind = 'text' ORDER BY seq"
    );
    tx.all(stmt, params![id]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_contacts_for_support_get_the_mails_of_tickets_and_answer_as_themselves() {
    let t = app().await;
    enter(&t, SHARED, true).await;
    enter(&t, BOOKS, false).await;
    // the requester's own address gets no second mail
    enter(&t, ANNA, true).await;
    let id = open(&t).await;
    let first = to(&t, SHARED);
    assert_eq!(first.len(), 1);
    assert!(first[0].text.contains("Sie geht nicht."));
    t.mails.clear();
    answer(&t, id, "Wir sehen nach.").await;
    assert_eq!((to(&t, ANNA).len(), to(&t, SHARED).len()), (1, 1));
    let letter = to(&t, SHARED).pop().unwrap();
    assert!(letter.text.contains("Wir sehen nach.") && !letter.text.contains("/tickets/"));
    let raw = String::from_utf8(letter.raw().unwrap()).unwrap();
    let (theirs, hers) = (back(&t, SHARED), back(&t, ANNA));
    assert!(theirs != hers && !raw.contains(ANNA) && !raw.contains(hers.as_str()));
    // their answer is theirs, goes to the others and not back to them
    t.mails.clear();
    replies(&t, &theirs, "Jetzt geht sie wieder.").await;
    let last = texts(&t, id).await.pop().unwrap();
    assert_eq!(last, ("Technik".into(), "Jetzt geht sie wieder.".into()));
    assert_eq!((to(&t, ANNA).len(), to(&t, SHARED).len()), (1, 0));
    assert!(to(&t, BOOKS).is_empty());
    // everybody sees who takes part; it is taken out among the contacts, not here
    let mut anna = t.anna().await;
    let page = anna.get(&format!("/tickets/{id}")).await.expect(200);
    assert!(page.says(SHARED) && page.says("Kontakt Ihres Kontos"));
    let page = anna
        .get(&format!("/tickets/{id}/personen"))
        .await
        .expect(200);
    assert!(page.says(SHARED) && !page.html.contains("name=\"person\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_a_contact_that_wants_no_support_mail_any_more_is_out_at_once() {
    let t = app().await;
    let (contact, mut entered) = enter(&t, SHARED, true).await;
    let id = open(&t).await;
    let way = back(&t, SHARED);
    entered.support = false;
    let mut tx = t.db().begin().await.unwrap();
    contact::store::update(&mut tx, t.cast.annas, contact, &entered)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.mails.clear();
    answer(&t, id, "Wir sehen nach.").await;
    assert_eq!((to(&t, ANNA).len(), to(&t, SHARED).len()), (1, 0));
    // nor does what it writes come into the ticket
    replies(&t, &way, "Und ich lese noch mit.").await;
    assert_eq!(texts(&t, id).await.len(), 2);
    // ticked again, it takes part as before
    entered.support = true;
    let mut tx = t.db().begin().await.unwrap();
    contact::store::update(&mut tx, t.cast.annas, contact, &entered)
        .await
        .unwrap();
    let roles = ticket::people::all(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        roles.iter().filter(|one| one.role == Role::Contact).count(),
        1
    );
    answer(&t, id, "Erledigt.").await;
    assert_eq!(
        to(&t, SHARED).last().unwrap().headers.reply_to.as_ref(),
        Some(&way)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_contacts_of_another_customer_and_guests_tickets_are_left_alone() {
    let t = app().await;
    enter(&t, SHARED, true).await;
    let mut fremd = t.fremd().await;
    let fill = [("subject", "Fremd"), ("text", "Nichts für Anna.")];
    fremd.fill("/tickets/neu", &fill).await.expect(303);
    let fill = [
        ("email", "gast@laden.example"),
        ("name", "Gustav Gast"),
        ("company", "Laden"),
        ("subject", "Gast"),
        ("text", "Nichts für Anna."),
        ("consent", "on"),
    ];
    t.guest()
        .fill("/ticket-einreichen", &fill)
        .await
        .expect(303);
    t.run_jobs().await;
    assert!(to(&t, SHARED).is_empty());
}
