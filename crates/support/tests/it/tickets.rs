//! Tickets as customers and guests use them.

use crate::app;
use kernel::{Actor, Email, Locale};
use std::time::Duration;
use support::ticket::people;
use support::ticket::store::{self, Filter};
use support::ticket::{
    self, Author, Channel, NewTicket, Priority, Proof, State, Ticket, TicketId, Written,
};
use testkit::{Answer, Client, PageForm, TestApp};

const GUEST: [(&str, &str); 6] = [
    ("email", "greta@gast.example"),
    ("name", "Greta Gast"),
    ("company", "Gasthof Gast"),
    ("subject", "Frage zu Ihren Paketen"),
    ("text", "Wie viele Postfächer sind dabei?"),
    ("consent", "on"),
];

/// Opens a ticket; gives its page.
async fn open(client: &mut Client, subject: &str, text: &str) -> String {
    let fill = [("subject", subject), ("text", text)];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().to_owned()
}

/// The reply form with what the page says is shown; it stands beside the form, where a script keeps it fresh.
fn reply(page: &Answer) -> PageForm {
    with_stand(page, page.form_with("text"))
}

fn with_stand(page: &Answer, mut form: PageForm) -> PageForm {
    let (_, after) = page.html.split_once("name=\"stand\" value=\"").unwrap();
    let (stand, _) = after.split_once('"').unwrap();
    form.fields.push(("stand".to_owned(), stand.to_owned()));
    form
}

fn id_of(page: &str) -> TicketId {
    page.rsplit('/').next().unwrap().parse().unwrap()
}

async fn stored(t: &TestApp, page: &str) -> Ticket {
    let mut tx = t.db().read().await.unwrap();
    store::any(&mut tx, id_of(page)).await.unwrap()
}

/// Staff answers, by the verb that every page of the desk calls.
async fn answer(t: &TestApp, page: &str, text: &str) {
    let ctx = t.ctx(Actor::Staff(t.cast.sven));
    let mut tx = t.db().begin().await.unwrap();
    let mut ticket = store::any(&mut tx, id_of(page)).await.unwrap();
    let author = Author::of(&ctx, "Sven Support").unwrap();
    ticket::answer(&mut tx, &ctx, &mut ticket, author, text)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// All tickets of people who are not signed in.
async fn guests(t: &TestApp) -> Vec<(String, String)> {
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (String, String),
        "SELECT subject, coalesce(requester_email, '') AS email FROM tickets WHERE customer_id IS NULL ORDER BY number"
    );
    tx.all(stmt, db::params![]).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_guest_submits_a_ticket() {
    let t = app().await;
    let mut guest = t.guest();
    let page = guest.get("/ticket-einreichen").await.expect(200);
    for words in [
        "E-Mail-Adresse",
        "Vollständiger Name",
        "Name des Unternehmens",
        "Betreff",
        "Beschreibung",
        "Datenschutz",
        "Kundennummer (optional)",
        "Absenden",
        "erreicht Sie keine Antwort von uns",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert_eq!(
        page.links("/ticket-einreichen").len(),
        page.links("/ticket-einreichen").len().max(1)
    );
    let sent = guest.fill("/ticket-einreichen", &GUEST).await.leads_to("/");
    let start = guest.follow(sent).await;
    assert!(start.says("Ihr Ticket ist angekommen."), "{}", start.text());
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (TicketId, String, String, String),
        "SELECT id, channel, department, coalesce(company, '') AS company FROM tickets"
    );
    let (id, channel, department, company) = tx.one(stmt, db::params![]).await.unwrap();
    assert_eq!(
        (channel.as_str(), department.as_str(), company.as_str()),
        ("form", "support", "Gasthof Gast")
    );
    let ticket = store::any(&mut tx, id).await.unwrap();
    assert_eq!(
        ticket.requester_email,
        Email::parse("greta@gast.example").ok()
    );
    assert_eq!((ticket.customer_id, ticket.state), (None, State::New));
    let entries = store::entries(&mut tx, id, i64::MAX, true, 9)
        .await
        .unwrap();
    assert_eq!(
        entries[0].proof,
        Proof::Unproven,
        "anybody may have typed this address"
    );
    let taking_part = people::all(&mut tx, id).await.unwrap();
    assert_eq!(taking_part.len(), 1);
    assert_eq!(taking_part[0].email, ticket.requester_email);
    drop(tx);
    // the guest cannot see it here
    guest.get(&format!("/tickets/{id}")).await.expect(303);
    t.anna()
        .await
        .get(&format!("/tickets/{id}"))
        .await
        .expect(404);
    assert!(t.acts(None).await.contains(&"ticket.opened".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_what_is_missing_is_said_at_each_field_and_nothing_is_lost() {
    let t = app().await;
    let mut guest = t.guest();
    let kept = [("text", "Mein langer Text"), ("email", "keine Adresse")];
    let page = guest.fill("/ticket-einreichen", &kept).await.expect(422);
    assert!(page.says("Mein langer Text") || page.html.contains("Mein langer Text"));
    assert!(page.html.contains("value=\"keine Adresse\""));
    for field in ["f-email", "f-name", "f-company", "f-subject", "f-consent"] {
        assert!(page.html.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(
            page.html.contains(&format!("id=\"{field}-error\"")),
            "{field}"
        );
    }
    assert!(
        !page.html.contains("f-number-error"),
        "the number is optional"
    );
    assert!(guests(&t).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_the_operator_may_let_the_company_out() {
    use std::sync::Arc;
    let loose = support::request::guest::CompanyRequired(false);
    let t = TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![Arc::new(knowledge::Shelf::in_memory()), Arc::new(loose)],
    )
    .await;
    let mut guest = t.guest();
    let page = guest.get("/ticket-einreichen").await.expect(200);
    assert!(
        page.says("Name des Unternehmens (optional)"),
        "{}",
        page.text()
    );
    let mut fill = GUEST.to_vec();
    fill.retain(|(name, _)| *name != "company");
    guest.fill("/ticket-einreichen", &fill).await.leads_to("/");
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!((Option<String>,), "SELECT company FROM tickets");
    assert_eq!(tx.one(stmt, db::params![]).await.unwrap().0, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_who_is_signed_in_is_led_to_the_form_that_knows_them() {
    let t = app().await;
    t.anna()
        .await
        .get("/ticket-einreichen")
        .await
        .leads_to("/tickets/neu");
    // Bernd may not see tickets of the account, but may write as anybody may
    t.bernd().await.get("/ticket-einreichen").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_the_same_form_sent_twice_is_one_ticket() {
    let t = app().await;
    let mut guest = t.guest();
    let form = guest.get("/ticket-einreichen").await.form_with("consent");
    guest.send_form(&form, &GUEST).await.leads_to("/");
    guest.send_form(&form, &GUEST).await.leads_to("/");
    assert_eq!(guests(&t).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_anonymous_ticket_bomb() {
    let t = app().await;
    let mut guest = t.guest();
    let mut taken = 0;
    for number in 0..30 {
        let subject = format!("Bombe {number}");
        let mut fill = GUEST.to_vec();
        fill[3].1 = &subject;
        let sent = guest.fill("/ticket-einreichen", &fill).await;
        match sent.status.as_u16() {
            303 => taken += 1,
            429 => {
                assert!(sent.says("Bitte versuchen Sie es später noch einmal."));
                assert!(sent.html.contains(&subject), "what was typed is kept");
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(taken, 5, "of one address in an hour");
    let mut others = 0;
    for number in 0..30 {
        let address = format!("opfer{number}@gast.example");
        let mut fill = GUEST.to_vec();
        fill[0].1 = &address;
        let sent = guest.fill("/ticket-einreichen", &fill).await;
        others += usize::from(sent.status.as_u16() == 303);
    }
    assert_eq!(
        others, 15,
        "of one network in an hour, the first five among them"
    );
    assert_eq!(guests(&t).await.len(), 20);
    t.wait(Duration::from_secs(3601));
    guest.fill("/ticket-einreichen", &GUEST).await.leads_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_2_a_ticket_has_a_department_and_a_priority() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get("/tickets/neu").await.expect(200);
    for words in [
        "Support Tickets",
        "Neues Ticket",
        "Abteilung",
        "Priorität",
        "Niedrig",
        "Hoch",
        "Buchhaltung",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(
        !page.html.contains("value=\"critical\""),
        "an emergency is declared elsewhere"
    );
    let fill = [
        ("department", "buchhaltung"),
        ("priority", "high"),
        ("subject", "Rechnung 4711"),
        ("text", "Der Betrag stimmt nicht."),
    ];
    let sent = anna.fill("/tickets/neu", &fill).await.expect(303);
    let place = sent.location().to_owned();
    let page = anna.follow(sent).await;
    for words in [
        "Ihr Ticket ist angekommen.",
        "Rechnung 4711",
        "Der Betrag stimmt nicht.",
        "Buchhaltung",
        "Hoch",
        "Eingegangen",
        "#10001",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let ticket = stored(&t, &place).await;
    assert_eq!(
        (ticket.department.as_str(), ticket.priority),
        ("buchhaltung", Priority::High)
    );
    assert_eq!(ticket.waiting_since, Some(testkit::START));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_2_what_no_form_offers_is_refused_and_the_text_kept() {
    let t = app().await;
    let mut anna = t.anna().await;
    for wrong in [
        ("priority", "critical"),
        ("priority", ""),
        ("department", "geheim"),
        ("department", ""),
    ] {
        let fill = [wrong, ("subject", "Betreff"), ("text", "Mein langer Text")];
        let page = anna.fill("/tickets/neu", &fill).await.expect(422);
        assert!(page.html.contains("Mein langer Text"), "{wrong:?}");
        assert!(
            page.html.contains(&format!("href=\"#f-{}\"", wrong.0)),
            "{wrong:?}"
        );
    }
    let page = anna
        .fill("/tickets/neu", &[("subject", " "), ("text", "\n")])
        .await
        .expect(422);
    assert!(page.says("Bitte schreiben Sie, worum es geht."));
    assert!(
        anna.get("/tickets")
            .await
            .says("Sie haben noch kein Ticket eingereicht.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_6_the_overview_is_filtered_and_searched() {
    let t = app().await;
    let mut anna = t.anna().await;
    let first = open(&mut anna, "Überlauf im Postfach", "a").await;
    let fill = [
        ("department", "vertrieb"),
        ("subject", "Angebot bitte"),
        ("text", "b"),
    ];
    anna.fill("/tickets/neu", &fill).await.expect(303);
    anna.press(&first, &format!("{first}/schliessen"))
        .await
        .leads_to(&first);
    let says = async |anna: &mut Client, query: &str| {
        let page = anna.get(&format!("/tickets{query}")).await.expect(200);
        (
            page.says("Überlauf im Postfach"),
            page.says("Angebot bitte"),
        )
    };
    for (query, expected) in [
        ("", (true, true)),
        ("?zustand=offen", (false, true)),
        ("?zustand=geschlossen", (true, false)),
        ("?abteilung=vertrieb", (false, true)),
        ("?abteilung=vertrieb&zustand=geschlossen", (false, false)),
        ("?suche=ueberl", (true, false)),
        ("?suche=%C3%9CBER", (true, false)),
        ("?suche=angebot", (false, true)),
        ("?suche=10002", (false, true)),
        ("?suche=%2310001", (true, false)),
        ("?suche=postfach", (false, false)),
        (
            "?suche=%00&abteilung=%00&nach=%00&zustand=%00",
            (false, false),
        ),
    ] {
        assert_eq!(says(&mut anna, query).await, expected, "{query}");
    }
    let none = anna.get("/tickets?suche=gibtesnicht").await.expect(200);
    assert!(none.says("Dazu gibt es kein Ticket."));
    let narrowed = anna.get("/tickets?suche=angebot&abteilung=vertrieb").await;
    assert!(
        narrowed
            .link("/tickets?suche=angebot&abteilung=vertrieb&zustand=offen")
            .len()
            > 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_6_the_overview_pages_by_key() {
    let t = app().await;
    let mut anna = t.anna().await;
    for number in 0..27 {
        t.wait(Duration::from_secs(1));
        open(&mut anna, &format!("Nummer {number:02}"), "x").await;
    }
    let first = anna.get("/tickets").await.expect(200);
    assert!(first.says("Nummer 26") && first.says("Nummer 02") && !first.says("Nummer 01"));
    let second = anna.get(&first.link("/tickets?nach=")).await.expect(200);
    assert!(second.says("Nummer 01") && second.says("Nummer 00") && !second.says("Nummer 02"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_ticket_is_answered_read_closed_and_opened_by_answering() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Die Kasse zeigt 502", "Seit gestern.").await;
    t.wait(Duration::from_secs(60));
    answer(&t, &ticket, "Bitte jetzt noch einmal versuchen.").await;
    let list = anna.get("/tickets").await.expect(200);
    assert!(list.says("Beantwortet") && list.html.contains("class=\"unread\""));
    assert!(anna.get("/").await.expect(200).says("Offene Tickets"));
    let page = anna.get(&ticket).await.expect(200);
    for words in [
        "Seit gestern.",
        "Bitte jetzt noch einmal versuchen.",
        "Antworten",
        "E-Mail-Adresse hinzufügen",
        "Ticket schließen",
        "Ticket-Details bearbeiten",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(
        !anna.get("/tickets").await.html.contains("class=\"unread\""),
        "read is read"
    );
    anna.fill(&ticket, &[("text", "Jetzt geht es.")])
        .await
        .leads_to(&ticket);
    assert_eq!(stored(&t, &ticket).await.state, State::Open);
    let closed = anna
        .press(&ticket, &format!("{ticket}/schliessen"))
        .await
        .leads_to(&ticket);
    assert!(
        anna.follow(closed)
            .await
            .says("Das Ticket ist geschlossen.")
    );
    let page = anna.get(&ticket).await.expect(200);
    assert!(
        page.says("Wenn Sie antworten, ist es wieder offen.") && !page.says("Ticket schließen")
    );
    anna.fill(&ticket, &[("text", "Doch nicht.")])
        .await
        .leads_to(&ticket);
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Anna Adler hat das Ticket wieder geöffnet") && page.says("In Arbeit"));
    let acts = t.acts(Some(t.cast.annas)).await;
    let of = |act: &str| acts.iter().filter(|one| *one == act).count();
    let all = ["opened", "answered", "written", "closed", "reopened"];
    let counted = all.map(|act| of(&format!("ticket.{act}")));
    assert_eq!(counted, [1, 1, 2, 1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_another_customers_ticket_is_not_there() {
    let t = app().await;
    let (mut anna, mut fremd, mut bernd) = (t.anna().await, t.fremd().await, t.bernd().await);
    let ticket = open(&mut anna, "Nur für uns", "Geheim").await;
    let own = open(&mut fremd, "Von Fremd", "x").await;
    let csrf = fremd.get(&own).await.form_with("text");
    let csrf = csrf
        .fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .unwrap()
        .1
        .clone();
    for page in ["", "/verlauf", "/details", "/personen"] {
        fremd.get(&format!("{ticket}{page}")).await.expect(404);
        bernd.get(&format!("{ticket}{page}")).await.expect(403);
        t.guest().get(&format!("{ticket}{page}")).await.expect(303);
    }
    let text = ("text", "Hallo");
    for (page, more) in [
        ("", text),
        ("", ("text", "")),
        ("/schliessen", text),
        ("/details", ("subject", "Meins")),
        ("/personen", ("emails", "fremd@fremd.example")),
        ("/personen/entfernen", ("person", "0190")),
    ] {
        let fields = [("csrf", csrf.as_str()), more];
        fremd
            .post_raw(&format!("{ticket}{page}"), &fields)
            .await
            .expect(404);
    }
    // neither kind is found where the other one lives
    let message = crate::write(&mut anna, "Eine Nachricht").await;
    let message = message.rsplit('/').next().unwrap();
    anna.get(&format!("/tickets/{message}")).await.expect(404);
    let id = id_of(&ticket);
    anna.get(&format!("/nachrichten/{id}")).await.expect(404);
    assert_eq!(stored(&t, &ticket).await.entries, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_notes_of_staff_are_not_shown_and_do_not_count() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Frage", "x").await;
    let form = reply(&anna.get(&ticket).await);
    let ctx = t.ctx(Actor::Staff(t.cast.sven));
    let mut tx = t.db().begin().await.unwrap();
    let mut stored = store::any(&mut tx, id_of(&ticket)).await.unwrap();
    let note = Written {
        internal: true,
        ..Written::typed(Author::of(&ctx, "Sven Support").unwrap(), "Zahlt schlecht")
    };
    ticket::write(&mut tx, &ctx, &mut stored, &note)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = anna.get(&ticket).await.expect(200);
    assert!(!page.says("Zahlt schlecht") && page.says("Eingegangen"));
    let part = anna.get(&format!("{ticket}/verlauf")).await.expect(200);
    assert!(!part.says("Zahlt schlecht"));
    assert!(!anna.get("/tickets").await.html.contains("class=\"unread\""));
    // the page is not behind because of it
    anna.send_form(&form, &[("text", "Noch etwas")])
        .await
        .leads_to(&ticket);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_concurrent_ticket_edit() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Frage", "x").await;
    let form = reply(&anna.get(&ticket).await);
    answer(&t, &ticket, "Die Antwort").await;
    // an older tab: told, and nothing lost
    let page = anna
        .send_form(&form, &[("text", "Meine Antwort")])
        .await
        .expect(409);
    assert!(page.says("In der Zwischenzeit ist etwas dazugekommen."));
    assert!(page.says("Die Antwort") && page.html.contains("Meine Antwort"));
    let again = reply(&page);
    anna.send_form(&again, &[("text", "Meine Antwort")])
        .await
        .leads_to(&ticket);
    // closing what has gone on is not done unseen
    let page = anna.get(&ticket).await;
    let close = with_stand(&page, page.form_to(&format!("{ticket}/schliessen")));
    answer(&t, &ticket, "Noch eine").await;
    let sent = anna.send_form(&close, &[]).await.leads_to(&ticket);
    assert!(anna.follow(sent).await.says("Bevor Sie es schließen"));
    assert_eq!(stored(&t, &ticket).await.state, State::Waiting);
    // an answer to what was closed meanwhile opens it
    let form = reply(&anna.get(&ticket).await);
    anna.press(&ticket, &format!("{ticket}/schliessen"))
        .await
        .leads_to(&ticket);
    anna.send_form(&form, &[("text", "Halt")])
        .await
        .leads_to(&ticket);
    assert_eq!(stored(&t, &ticket).await.state, State::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_details_are_edited_and_leave_lines() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Alter Betreff", "x").await;
    let details = format!("{ticket}/details");
    let old = anna.get(&details).await.form_with("subject");
    let fill = [
        ("subject", "Neuer Betreff"),
        ("department", "vertrieb"),
        ("priority", "low"),
    ];
    let sent = anna.fill(&details, &fill).await.leads_to(&ticket);
    let page = anna.follow(sent).await;
    for words in [
        "Die Details sind gespeichert.",
        "hat den Betreff geändert: Neuer Betreff",
        "hat das Ticket an die Abteilung Vertrieb gegeben",
        "hat die Priorität auf „Niedrig“ gestellt",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    // from an older page: told what holds now, and nothing is overwritten
    let page = anna
        .send_form(&old, &[("subject", "Von gestern")])
        .await
        .expect(409);
    assert!(page.says("Inzwischen hat jemand anders die Details geändert."));
    assert!(page.says("Neuer Betreff") && page.html.contains("Von gestern"));
    let again = page.form_with("subject");
    anna.send_form(&again, &[]).await.leads_to(&ticket);
    assert_eq!(stored(&t, &ticket).await.subject, "Von gestern");
    // found by the new subject
    assert!(
        anna.get("/tickets?suche=von+gest")
            .await
            .says("Von gestern")
    );
    for wrong in [
        ("priority", "critical"),
        ("department", "geheim"),
        ("subject", ""),
    ] {
        anna.fill(&details, &[wrong]).await.expect(422);
    }
    // nothing changed leaves no line
    let before = stored(&t, &ticket).await.entries;
    let same = anna.get(&details).await.form_with("subject");
    anna.send_form(&same, &[]).await.leads_to(&ticket);
    assert_eq!(stored(&t, &ticket).await.entries, before);
    let english = anna.get("/sprache?auf=en&zu=/tickets").await;
    anna.follow(english).await;
    assert!(anna.get(&ticket).await.says("passed the ticket to Sales"));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_ticket_cc_leak() {
    let t = app().await;
    let (mut anna, mut bernd) = (t.anna().await, t.bernd().await);
    let ticket = open(&mut anna, "Frage", "Vertraulich").await;
    answer(&t, &ticket, "Auch vertraulich").await;
    // a member who may see tickets, but neither opened this one nor lets people into the account
    let rights = web::Rights::new(["account.view", "tickets"]);
    let mut tx = t.db().begin().await.unwrap();
    let stmt = db::sql!("UPDATE memberships SET rights = $2 WHERE user_id = $1");
    tx.exec(stmt, db::params![t.cast.bernd, rights.stored()])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let page = bernd.get(&ticket).await.expect(200);
    assert!(page.says("Vertraulich") && !page.says("E-Mail-Adresse hinzufügen"));
    bernd.get(&format!("{ticket}/personen")).await.expect(403);
    let csrf = page.form_with("text");
    let csrf = csrf
        .fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .unwrap()
        .1
        .clone();
    for (path, field) in [("personen", "emails"), ("personen/entfernen", "person")] {
        let fields = [("csrf", csrf.as_str()), (field, "b@b.example")];
        bernd
            .post_raw(&format!("{ticket}/{path}"), &fields)
            .await
            .expect(403);
    }
    // an owner may, and whoever is added sees from then on
    let fill = [("emails", "neu@technik.example, zwei@technik.example")];
    let people = format!("{ticket}/personen");
    let sent = anna.fill(&people, &fill).await.leads_to(&ticket);
    let page = anna.follow(sent).await;
    assert!(
        page.says("Anna Adler hat neu@technik.example hinzugefügt"),
        "{}",
        page.text()
    );
    let mut tx = t.db().read().await.unwrap();
    let all = people::all(&mut tx, id_of(&ticket)).await.unwrap();
    let added: Vec<_> = all.iter().filter(|one| one.email.is_some()).collect();
    assert_eq!(added.len(), 2);
    let entries = store::entries(&mut tx, id_of(&ticket), i64::MAX, true, 99)
        .await
        .unwrap();
    for one in added {
        let visible = entries.iter().filter(|entry| entry.seq >= one.since_seq);
        assert!(
            visible
                .clone()
                .all(|entry| !entry.text.contains("ertraulich"))
        );
    }
    drop(tx);
    // once is enough
    anna.fill(&people, &fill).await.leads_to(&ticket);
    assert_eq!(stored(&t, &ticket).await.entries, 4);
    // taken out again
    let forms = anna.get(&people).await.forms();
    let form = forms
        .iter()
        .find(|form| form.action.ends_with("entfernen"))
        .unwrap()
        .clone();
    let sent = anna.send_form(&form, &[]).await.leads_to(&people);
    assert!(anna.follow(sent).await.says("Die Adresse ist entfernt."));
    let sent = anna.send_form(&form, &[]).await;
    assert!(sent.status.as_u16() == 303, "twice does no harm");
    let mut tx = t.db().read().await.unwrap();
    let all = people::all(&mut tx, id_of(&ticket)).await.unwrap();
    assert_eq!(all.iter().filter(|one| one.email.is_some()).count(), 1);
    // the requester stays
    let requester = all
        .iter()
        .find(|one| one.user_id.is_some())
        .unwrap()
        .id
        .to_string();
    drop(tx);
    let fields = [
        ("csrf", form.fields[0].1.as_str()),
        ("person", requester.as_str()),
    ];
    anna.post_raw(&format!("{people}/entfernen"), &fields).await;
    let mut tx = t.db().read().await.unwrap();
    assert_eq!(people::all(&mut tx, id_of(&ticket)).await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_ticket_has_no_end_of_addresses_but_one() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Frage", "x").await;
    let people = format!("{ticket}/personen");
    for round in 0..2 {
        let many: Vec<String> = (0..10).map(|n| format!("p{round}-{n}@b.example")).collect();
        anna.fill(&people, &[("emails", &many.join(","))])
            .await
            .leads_to(&ticket);
    }
    let page = anna
        .fill(&people, &[("emails", "noch@b.example")])
        .await
        .expect(422);
    assert!(
        page.says("Mehr als 20 Adressen kann ein Ticket nicht haben."),
        "{}",
        page.text()
    );
    let page = anna
        .fill(&people, &[("emails", "quatsch")])
        .await
        .expect(422);
    assert!(page.html.contains("quatsch"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_customer_does_not_let_in_strangers_without_end() {
    let t = app().await;
    let mut anna = t.anna().await;
    let mut all = 0;
    for round in 0..6 {
        let ticket = open(&mut anna, "Frage", "x").await;
        let many: Vec<String> = (0..10).map(|n| format!("p{round}-{n}@b.example")).collect();
        let people = format!("{ticket}/personen");
        let sent = anna.fill(&people, &[("emails", &many.join(","))]).await;
        match sent.status.as_u16() {
            303 => all += 10,
            429 => assert!(
                sent.html.contains("p5-0@b.example") || sent.html.contains("p4-0@b.example")
            ),
            other => panic!("{other}"),
        }
    }
    assert_eq!(all, 40, "in an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_ticket_subject_template() {
    let t = app().await;
    let mut anna = t.anna().await;
    let subject = "{{7*7}} ${7*7} <%= 7*7 %> {php}1{/php} {$x} <b>";
    let ticket = open(&mut anna, subject, subject).await;
    for page in [ticket.as_str(), "/tickets", "/"] {
        let page = anna.get(page).await.expect(200);
        assert!(page.says(subject), "{}", page.text());
        assert!(!page.html.contains("<b>{{") && !page.says("49"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_new_answers_come_by_themselves() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Frage", "x").await;
    let page = anna.get(&ticket).await.expect(200);
    assert!(
        page.html
            .contains(&format!("data-refresh-url=\"{ticket}/verlauf\""))
    );
    let form = page.form_with("text");
    answer(&t, &ticket, "Die Antwort").await;
    let part = anna.get(&format!("{ticket}/verlauf")).await.expect(200);
    assert!(part.says("Die Antwort") && !part.html.contains("<html"));
    assert!(
        anna.get("/tickets").await.html.contains("class=\"unread\""),
        "fetched is not read"
    );
    // the form in the page sends along what the fragment says is shown
    assert!(
        part.html
            .contains("name=\"stand\" value=\"2\" form=\"antwort-senden\"")
    );
    anna.send_form(&form, &[("text", "Danke"), ("stand", "2")])
        .await
        .leads_to(&ticket);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_mails_link_leads_there_whoever_one_acts_for() {
    let t = app().await;
    let mut clara = t.clara().await;
    let ticket = open(&mut clara, "Vom ersten Kunden", "x").await;
    let page = clara.get("/konto").await.expect(200);
    let mut form = page.form_to("/konto/wechseln");
    form.fields.retain(|(name, _)| name == "csrf");
    let second = t.cast.claras.1.to_string();
    clara
        .send_form(&form, &[("id", &second)])
        .await
        .leads_to("/konto");
    let page = clara.get(&ticket).await.expect(200);
    assert!(page.says("gehört zu Clara Claasen (K-10002)") && !page.says("Vom ersten Kunden"));
    let forms = page.forms();
    let form = forms
        .iter()
        .find(|form| form.names.iter().any(|name| name == "weiter"))
        .unwrap();
    clara.send_form(form, &[]).await.leads_to(&ticket);
    assert!(
        clara
            .get(&ticket)
            .await
            .expect(200)
            .says("Vom ersten Kunden")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_the_verb_takes_what_mails_bring() {
    let t = app().await;
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let email = Email::parse("gast@gast.example").unwrap();
    let stranger = Author::stranger("Gast");
    let first = Written {
        channel: Channel::Mail,
        proof: Proof::Failed,
        why: "{\"rule\":\"new\"}",
        quoted: "> früher",
        ..Written::typed(stranger, "Hallo")
    };
    let new = NewTicket {
        customer: None,
        subject: " \r\nBetreff\r\nBcc: x@y.example",
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: Some(&email),
        company: None,
        claimed_number: None,
        language: Locale::En,
        noted: None,
        first,
    };
    let opened = ticket::open_ticket(&mut tx, &ctx, &new).await.unwrap();
    let mut stored = store::any(&mut tx, opened.id).await.unwrap();
    assert_eq!(stored.subject, "Betreff");
    let author = Author::of(&t.ctx(Actor::User(t.cast.anna)), "Anna").unwrap();
    ticket::close(&mut tx, &ctx, &mut stored, author)
        .await
        .unwrap();
    // a machine opens nothing again, and it is nobody's turn
    let machine = Written {
        quiet: true,
        ..Written::typed(stranger, "Ich bin im Urlaub.")
    };
    ticket::write(&mut tx, &ctx, &mut stored, &machine)
        .await
        .unwrap();
    let after = store::any(&mut tx, opened.id).await.unwrap();
    assert_eq!(
        (after.state, after.waiting_since, after.entries),
        (State::Closed, None, 3)
    );
    let person = people::by_email(&mut tx, opened.id, &email)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(person.language, Locale::En);
    let none = Filter::default();
    let found = store::tickets(
        &mut tx,
        t.cast.annas,
        t.cast.anna,
        &none,
        store::newest(),
        9,
    )
    .await
    .unwrap();
    assert!(found.is_empty(), "a guest's ticket is nobody's account");
}

/// With a store of files in memory.
async fn app_with_files() -> TestApp {
    use std::sync::Arc;
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(files::Store::memory()),
        ],
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_files_hang_on_the_entries_they_came_with() {
    let t = app_with_files().await;
    let (mut anna, mut fremd) = (t.anna().await, t.fremd().await);
    let form = anna.get("/tickets/neu").await.form_with("text");
    let pdf: (&str, &[u8]) = ("Beleg März.pdf", b"%PDF-1.7 eins");
    // a fault elsewhere loses neither text nor files
    let wrong = [("subject", ""), ("text", "Siehe Anhang")];
    let page = anna.send_files(&form, &wrong, &[pdf]).await.expect(422);
    assert!(page.says("Beleg März.pdf") && page.html.contains("Siehe Anhang"));
    let again = page.form_with("text");
    let sent = anna
        .send_form(&again, &[("subject", "Mit Anhang")])
        .await
        .expect(303);
    let ticket = sent.location().to_owned();
    let page = anna.get(&ticket).await.expect(200);
    assert!(page.says("Beleg März.pdf"), "{}", page.text());
    let file = page.link("/tickets/dateien/");
    let got = anna.get(&file).await.expect(200);
    assert_eq!(got.bytes, b"%PDF-1.7 eins");
    // another customer's file is not there, and neither is one of a note
    fremd.get(&file).await.expect(404);
    t.bernd().await.get(&file).await.expect(403);
    t.guest().get(&file).await.expect(303);
    let form = anna.get(&ticket).await.form_with("text");
    let more: (&str, &[u8]) = ("zwei.txt", b"zwei");
    anna.send_files(&form, &[("text", "Noch eins")], &[more])
        .await
        .leads_to(&ticket);
    let page = anna.get(&ticket).await.expect(200);
    assert_eq!(page.links("/tickets/dateien/").len(), 2);
    let mut tx = t.db().begin().await.unwrap();
    let hidden = db::sql!("UPDATE ticket_entries SET internal = TRUE WHERE seq = 1");
    tx.exec(hidden, db::params![]).await.unwrap();
    tx.commit().await.unwrap();
    anna.get(&file).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_guests_files_come_with_the_ticket() {
    let t = app_with_files().await;
    let mut guest = t.guest();
    let form = guest.get("/ticket-einreichen").await.form_with("consent");
    let file: (&str, &[u8]) = ("bild.txt", b"Hallo");
    guest.send_files(&form, &GUEST, &[file]).await.leads_to("/");
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!((TicketId, i64), "SELECT id, files FROM tickets");
    let (id, count) = tx.one(stmt, db::params![]).await.unwrap();
    assert_eq!(count, 1);
    let found = files::of(&mut tx, ticket::owner(id)).await.unwrap();
    assert_eq!((found.len(), found[0].name.as_str()), (1, "bild.txt"));
}
