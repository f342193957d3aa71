//! Mails of tickets: whom they go to, what they say, how answers and refusals find back.

use kernel::{Actor, Email, UserId, Uuid};
use mail::Letter;
use std::sync::Arc;
use std::time::Duration;
use support::outbound::{self, Ways};
use support::ticket::people::{self, Participant};
use support::ticket::{self, Author, Proof, Side, Ticket, TicketId, Written};
use testkit::{Client, TestApp};

async fn app() -> TestApp {
    app_with("support+{token}@nordlicht.example").await
}

async fn app_with(reply: &str) -> TestApp {
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(Ways::new(reply, "portal.nordlicht.example").unwrap()),
            Arc::new(files::Store::memory()),
        ],
    )
    .await
}

fn ways(t: &TestApp) -> Arc<Ways> {
    t.app.state::<Ways>().unwrap()
}

const SUBJECT: &str = "Die Kasse zeigt 502";
const TEXT: &str = "Seit heute morgen geht nichts mehr.";

/// Opens a ticket; gives its id.
async fn open(client: &mut Client) -> TicketId {
    let fill = [("subject", SUBJECT), ("text", TEXT)];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    let place = sent.location().to_owned();
    place.rsplit('/').next().unwrap().parse().unwrap()
}

const GUEST: &str = "gast@laden.example";

/// A guest's ticket, by the form.
async fn ask(t: &TestApp, email: &str) -> TicketId {
    let fill = [
        ("email", email),
        ("name", "Gustav Gast"),
        ("company", "Laden am Eck"),
        ("subject", SUBJECT),
        ("text", TEXT),
        ("consent", "on"),
    ];
    let mut guest = t.guest();
    guest.fill("/ticket-einreichen", &fill).await.expect(303);
    t.run_jobs().await;
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (TicketId,),
        "SELECT id FROM tickets ORDER BY number DESC LIMIT 1"
    );
    tx.one(stmt, db::params![]).await.unwrap().0
}

async fn the(t: &TestApp, id: TicketId) -> Ticket {
    let mut tx = t.db().read().await.unwrap();
    ticket::store::any(&mut tx, id).await.unwrap()
}

async fn people(t: &TestApp, id: TicketId) -> Vec<Participant> {
    let mut tx = t.db().read().await.unwrap();
    people::all(&mut tx, id).await.unwrap()
}

fn sven(t: &TestApp) -> Author<'static> {
    Author {
        side: Side::Staff,
        id: Some(t.cast.sven.0),
        name: "Sven Sommer",
    }
}

async fn write(t: &TestApp, id: TicketId, written: &Written<'_>) -> ticket::EntryId {
    let actor = match written.author.side {
        Side::Staff => Actor::Staff(t.cast.sven),
        Side::Customer => Actor::System,
    };
    let mut tx = t.db().begin().await.unwrap();
    let mut ticket = ticket::store::any(&mut tx, id).await.unwrap();
    let entry = ticket::write(&mut tx, &t.ctx(actor), &mut ticket, written)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    entry
}

async fn answer(t: &TestApp, id: TicketId, text: &str) {
    write(t, id, &Written::typed(sven(t), text)).await;
    t.run_jobs().await;
}

async fn add(t: &TestApp, client: &mut Client, id: TicketId, email: &str) {
    let path = format!("/tickets/{id}/personen");
    client.fill(&path, &[("emails", email)]).await.expect(303);
    t.run_jobs().await;
}

/// Who answers at this address, and where.
async fn replier(t: &TestApp, address: &Email) -> Option<(TicketId, Participant)> {
    let mut tx = t.db().read().await.unwrap();
    outbound::replier(&mut tx, &t.world, &ways(t), address.as_str())
        .await
        .unwrap()
}

fn to(t: &TestApp, email: &str) -> Vec<Letter> {
    let all = t.mails.all().into_iter();
    all.filter(|letter| letter.to.as_str() == email).collect()
}

fn last(t: &TestApp, email: &str) -> Letter {
    to(t, email)
        .pop()
        .unwrap_or_else(|| panic!("no mail to {email}"))
}

const ANNA: &str = "anna@adler.example";
const PARTNER: &str = "paul@partner.example";

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_an_answer_goes_in_full_to_each_who_takes_part() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    add(&t, &mut anna, id, PARTNER).await;
    t.mails.clear();
    answer(&t, id, "Wir haben nginx neu gestartet.\n\nGeht es jetzt?").await;

    // events come twice; each gets one mail of their own
    assert_eq!(t.mails.len(), 2);
    for email in [ANNA, PARTNER] {
        let letter = last(&t, email);
        assert!(
            letter
                .text
                .contains("Wir haben nginx neu gestartet.\n\nGeht es jetzt?")
        );
        assert!(letter.html.contains("nginx neu gestartet."));
        assert!(
            letter
                .text
                .contains("Sven Sommer von Nordlicht Hosting schreibt:")
        );
        assert_eq!(letter.subject, format!("[#10001] {SUBJECT}"));
        let raw = String::from_utf8(letter.raw().unwrap()).unwrap();
        assert!(!raw.contains("Auto-Submitted"), "a person wrote it");
        let other = if email == ANNA { PARTNER } else { ANNA };
        assert!(!raw.contains(other), "nobody sees the others");
    }
    // who has an account is led there, who has none is not
    assert!(last(&t, ANNA).text.contains(&format!("/tickets/{id}")));
    assert!(!last(&t, PARTNER).text.contains("/tickets/"));
    assert!(last(&t, PARTNER).text.contains("oberhalb dieser Zeile"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_mails_of_a_ticket_name_each_other_and_their_way_back() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    add(&t, &mut anna, id, PARTNER).await;
    for text in ["Erstens.", "Zweitens.", "Drittens."] {
        answer(&t, id, text).await;
    }
    let people = people(&t, id).await;
    let mut addresses = Vec::new();
    for (one, email) in people.iter().zip([ANNA, PARTNER]) {
        let letters = to(&t, email);
        let answers = letters.get(letters.len() - 3..).unwrap();
        for letter in answers {
            let of = outbound::read_message_id(&t.world, &letter.message_id).unwrap();
            assert_eq!((of.ticket, of.participant), (id, one.id));
            let back = letter.headers.reply_to.clone().unwrap();
            let (ticket, who) = replier(&t, &back).await.unwrap();
            assert_eq!((ticket, who.id), (id, one.id));
            addresses.push(back);
        }
        let raw = String::from_utf8(answers[2].raw().unwrap()).unwrap();
        let unfolded = raw.replace("\r\n ", " ");
        assert!(unfolded.contains(&format!("In-Reply-To: {}", answers[1].message_id)));
        assert_eq!(
            answers[2].headers.references.last(),
            Some(&answers[1].message_id)
        );
        assert!(
            answers[2]
                .headers
                .references
                .contains(&answers[0].message_id)
        );
    }
    addresses.dedup();
    assert_eq!(addresses.len(), 2, "one each, the same in every mail");
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_an_address_can_be_withdrawn() {
    let t = app().await;
    let id = ask(&t, GUEST).await;
    answer(&t, id, "Guten Tag.").await;
    let back = last(&t, GUEST).headers.reply_to.unwrap();
    let guest = people(&t, id).await.remove(0);
    let mut tx = t.db().begin().await.unwrap();
    outbound::withdraw(&mut tx, id, guest.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(replier(&t, &back).await.is_none());
    answer(&t, id, "Noch einmal.").await;
    let new = last(&t, GUEST).headers.reply_to.unwrap();
    assert_ne!(new, back);
    assert_eq!(replier(&t, &new).await.map(|(ticket, _)| ticket), Some(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_71_anonymous_ticket_bomb_one_confirmation_and_none_of_the_senders_words() {
    let t = app().await;
    let id = ask(&t, GUEST).await;
    t.run_jobs().await;
    let letter = last(&t, GUEST);
    let raw = String::from_utf8(letter.raw().unwrap()).unwrap();
    for word in ["Kasse", "502", "Gustav", "Gast", "Laden", "heute morgen"] {
        for part in [&letter.subject, &letter.text, &letter.html, &letter.to_name] {
            assert!(!part.contains(word), "{word} in {part}");
        }
    }
    assert_eq!(letter.subject, "[#10001] Ihre Anfrage ist angekommen");
    assert!(letter.text.contains("Nummer 10001"));
    assert!(raw.contains("Auto-Submitted: auto-generated"));
    assert!(raw.contains("X-Auto-Response-Suppress: All"));
    assert_eq!(to(&t, GUEST).len(), 1);

    // whoever types the address once more makes no second mail, in this hour
    ask(&t, GUEST).await;
    t.run_jobs().await;
    assert_eq!(to(&t, GUEST).len(), 1);
    t.wait(Duration::from_secs(3601));
    ask(&t, GUEST).await;
    t.run_jobs().await;
    assert_eq!(to(&t, GUEST).len(), 2);

    // the answer of a person comes in full, in the same thread
    answer(&t, id, "Wir sehen nach.").await;
    let answer = last(&t, GUEST);
    assert!(answer.text.contains("Wir sehen nach."));
    assert_eq!(answer.headers.references, vec![letter.message_id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_where_no_answer_arrives_the_mail_says_where_to_write() {
    let t = app_with("").await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    answer(&t, id, "Guten Tag.").await;
    let letter = last(&t, ANNA);
    assert!(letter.headers.reply_to.is_none());
    assert!(letter.text.contains("Bitte antworten Sie im Kundenportal"));
    assert!(!letter.text.contains("oberhalb"));
    let id = ask(&t, GUEST).await;
    answer(&t, id, "Guten Tag.").await;
    let letter = last(&t, GUEST);
    assert!(
        letter
            .text
            .contains("http://localhost:8080/ticket-einreichen")
    );
    assert!(letter.text.contains("Nummer 10002"));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_73_ticket_cc_leak_who_is_added_hears_what_comes_from_then_on() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    answer(&t, id, "Das steht vorher da.").await;
    add(&t, &mut anna, id, PARTNER).await;
    let letter = last(&t, PARTNER);
    assert_eq!(to(&t, PARTNER).len(), 1);
    assert!(letter.text.contains("Anna Adler"));
    for part in [&letter.subject, &letter.text, &letter.html] {
        assert!(
            !part.contains("vorher") && !part.contains("Kasse") && !part.contains("heute morgen")
        );
    }
    let note = Written {
        internal: true,
        ..Written::typed(sven(&t), "Nur für uns.")
    };
    write(&t, id, &note).await;
    t.run_jobs().await;
    assert_eq!(to(&t, PARTNER).len(), 1, "no internal note");
    // what Anna writes on goes to the one she added, and not back to her
    let before = to(&t, ANNA).len();
    let path = format!("/tickets/{id}");
    anna.fill(&path, &[("text", "Paul weiß mehr.")])
        .await
        .expect(303);
    t.run_jobs().await;
    let letter = last(&t, PARTNER);
    assert!(
        letter.text.contains("Anna Adler schreibt:") && letter.text.contains("Paul weiß mehr.")
    );
    assert_eq!(to(&t, ANNA).len(), before);
    // once taken out, nothing more
    let partner = people(&t, id).await.remove(1);
    let mut tx = t.db().begin().await.unwrap();
    let mut ticket = ticket::store::any(&mut tx, id).await.unwrap();
    let ctx = t.ctx(Actor::User(t.cast.anna));
    ticket::remove_person(&mut tx, &ctx, &mut ticket, sven(&t), partner.id)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let count = to(&t, PARTNER).len();
    answer(&t, id, "Danke.").await;
    assert_eq!(to(&t, PARTNER).len(), count);
}

/// A mail of the partner, as intake writes it.
async fn mailed(
    t: &TestApp,
    id: TicketId,
    from: &Participant,
    text: &str,
    proof: Proof,
    message_id: &str,
) {
    let author = Author::stranger("Paul Partner");
    let mut tx = t.db().begin().await.unwrap();
    let ctx = t.ctx(Actor::System);
    let mut ticket = ticket::store::any(&mut tx, id).await.unwrap();
    let written = Written {
        proof,
        ..Written::typed(author, text)
    };
    let entry = ticket::write(&mut tx, &ctx, &mut ticket, &written)
        .await
        .unwrap();
    if proof == Proof::Proven {
        outbound::came_from(
            &mut tx,
            &ctx,
            id,
            entry,
            ticket.entries,
            from.id,
            message_id,
        )
        .await
        .unwrap();
    }
    tx.commit().await.unwrap();
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_what_a_participant_mails_goes_to_the_others_if_it_is_certain_who_it_was() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    add(&t, &mut anna, id, PARTNER).await;
    let partner = people(&t, id).await.remove(1);
    t.mails.clear();
    let foreign = "<CAF+x9@mail.partner.example>";
    mailed(
        &t,
        id,
        &partner,
        "Ich habe das Protokoll.",
        Proof::Proven,
        foreign,
    )
    .await;
    assert_eq!(t.mails.len(), 1);
    assert!(last(&t, ANNA).text.contains("Ich habe das Protokoll."));
    // the next one names his own mail, so that it stands below it in his program
    answer(&t, id, "Bitte schicken Sie es uns.").await;
    assert_eq!(
        last(&t, PARTNER)
            .headers
            .references
            .last()
            .map(String::as_str),
        Some(foreign)
    );
    // an absence note is not handed on: the next program would answer that
    t.mails.clear();
    let mut tx = t.db().begin().await.unwrap();
    let ctx = t.ctx(Actor::System);
    let mut ticket = ticket::store::any(&mut tx, id).await.unwrap();
    let absent = Written {
        quiet: true,
        why: r#"{"way":"token","proof":"proven","from":"","machine":"auto-submitted"}"#,
        ..Written::typed(Author::stranger("Paul Partner"), "Ich bin im Urlaub.")
    };
    let entry = ticket::write(&mut tx, &ctx, &mut ticket, &absent)
        .await
        .unwrap();
    let seq = ticket.entries;
    outbound::came_from(
        &mut tx,
        &ctx,
        id,
        entry,
        seq,
        partner.id,
        "<ooo@partner.example>",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    assert!(t.mails.is_empty());
    // a claim is not passed on
    mailed(
        &t,
        id,
        &partner,
        "Überweisen Sie bitte",
        Proof::Unproven,
        "<x@y.example>",
    )
    .await;
    assert!(t.mails.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_who_may_not_read_tickets_any_more_gets_no_mail() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    // Bernd wrote here once, and may do little now
    let bernd = Author {
        side: Side::Customer,
        id: Some(t.cast.bernd.0),
        name: "Bernd Busch",
    };
    write(&t, id, &Written::typed(bernd, "Ich auch.")).await;
    t.run_jobs().await;
    t.mails.clear();
    answer(&t, id, "Nur für die, die dürfen.").await;
    let all: Vec<String> = t
        .mails
        .all()
        .iter()
        .map(|l| l.to.as_str().to_owned())
        .collect();
    assert_eq!(all, [ANNA]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_message_is_never_mailed_in_full() {
    let t = app().await;
    let mut anna = t.anna().await;
    let place = crate::write(&mut anna, "Eine Frage zur Rechnung").await;
    let id: TicketId = place.rsplit('/').next().unwrap().parse().unwrap();
    answer(&t, id, "Die Antwort steht hier.").await;
    assert!(
        to(&t, ANNA)
            .iter()
            .all(|l| !l.text.contains("Die Antwort steht hier."))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_mails_of_a_ticket_lie_in_the_customers_history_as_sent() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    answer(&t, id, "Wir haben nginx neu gestartet.").await;
    let mut tx = t.db().read().await.unwrap();
    let past = mail::Past::default();
    let found = mail::of_customer(&mut tx, t.cast.annas, Some(t.cast.anna), &past, None, 10)
        .await
        .unwrap();
    let row = found
        .iter()
        .find(|row| row.kind == "support.ticket-answer")
        .unwrap();
    let sent = mail::one_of_customer(&mut tx, t.cast.annas, Some(t.cast.anna), row.id)
        .await
        .unwrap();
    assert!(sent.text.contains("Wir haben nginx neu gestartet."));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_bounce_is_noted_and_told_at_the_next_sign_in() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    answer(&t, id, "Guten Tag.").await;
    let me = people(&t, id).await.remove(0);
    let entries = the(&t, id).await.entries;
    assert!(
        !anna
            .get("/")
            .await
            .expect(200)
            .text()
            .contains("nimmt unsere E-Mails nicht an")
    );
    for news in [true, false] {
        let mut tx = t.db().begin().await.unwrap();
        let ctx = t.ctx(Actor::System);
        let told = outbound::bounced(&mut tx, &ctx, id, me.id, "550 5.1.1 no such user").await;
        assert_eq!(told.unwrap(), news);
        tx.commit().await.unwrap();
    }
    assert_eq!(
        the(&t, id).await.entries,
        entries,
        "nothing comes into the thread"
    );
    assert!(people(&t, id).await[0].bounced_at.is_some());
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"ticket.bounced".to_owned())
    );

    let start = anna.get("/").await.expect(200);
    assert!(
        start
            .text()
            .contains("anna@adler.example nimmt unsere E-Mails nicht an")
    );
    let page = anna.get("/profil/nicht-erreichbar").await.expect(200);
    assert!(page.text().contains("550 5.1.1 no such user"));
    let done = anna
        .press("/profil/nicht-erreichbar", "/profil/nicht-erreichbar")
        .await;
    let start = anna.follow(done).await.expect(200);
    assert!(!start.text().contains("nimmt unsere E-Mails nicht an"));
    assert!(people(&t, id).await[0].bounced_at.is_none());
    let page = anna.get("/profil/nicht-erreichbar").await.expect(200);
    assert!(page.text().contains("alles in Ordnung"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_mail_from_there_takes_the_bounce_back() {
    let t = app().await;
    let id = ask(&t, GUEST).await;
    answer(&t, id, "Guten Tag.").await;
    let guest = people(&t, id).await.remove(0);
    let email = Email::parse(GUEST).unwrap();
    let mut tx = t.db().begin().await.unwrap();
    let ctx = t.ctx(Actor::System);
    outbound::bounced(&mut tx, &ctx, id, guest.id, "550")
        .await
        .unwrap();
    assert!(mail::refusal(&mut tx, &email).await.unwrap().is_some());
    outbound::reachable(&mut tx, id, guest.id).await.unwrap();
    assert!(mail::refusal(&mut tx, &email).await.unwrap().is_none());
    tx.commit().await.unwrap();
    assert!(people(&t, id).await[0].bounced_at.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_an_acknowledgement_goes_once_and_only_a_few_times_an_hour() {
    let t = app().await;
    let email = Email::parse(GUEST).unwrap();
    let ctx = t.ctx(Actor::System);
    for n in 0..7 {
        let mut tx = t.db().begin().await.unwrap();
        let new = ticket::NewTicket {
            customer: None,
            subject: SUBJECT,
            department: "support",
            priority: ticket::Priority::Normal,
            emergency: None,
            email: Some(&email),
            company: None,
            claimed_number: None,
            language: kernel::Locale::En,
            noted: None,
            first: Written::typed(Author::stranger("Gustav Gast"), TEXT),
        };
        let opened = ticket::open_ticket(&mut tx, &ctx, &new).await.unwrap();
        let requester = people::all(&mut tx, opened.id).await.unwrap().remove(0);
        let foreign = format!("<{n}@laden.example>");
        outbound::came_from(
            &mut tx,
            &ctx,
            opened.id,
            opened.entry,
            1,
            requester.id,
            &foreign,
        )
        .await
        .unwrap();
        for _ in 0..2 {
            outbound::acknowledge(&mut tx, &ctx, opened.id, opened.entry)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        t.run_jobs().await;
    }
    let letters = to(&t, GUEST);
    assert_eq!(letters.len(), 5);
    assert_eq!(letters[0].subject, "[#10001] Your request has arrived");
    assert!(!letters[0].text.contains("Kasse"));
    assert_eq!(letters[0].headers.references, ["<0@laden.example>"]);
    let raw = String::from_utf8(letters[0].raw().unwrap()).unwrap();
    assert!(raw.contains("Auto-Submitted: auto-replied"));
}

fn offers(page: &testkit::Answer, id: TicketId) -> bool {
    page.html.contains(&format!("/tickets/fruehere/{id}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_later_account_takes_earlier_requests_over_one_by_one() {
    let t = app().await;
    let first = ask(&t, "anna@adler.example").await;
    let second = ask(&t, "anna@adler.example").await;
    let strange = ask(&t, GUEST).await;
    answer(&t, first, "Wir sehen nach.").await;
    let back = last(&t, ANNA).headers.reply_to.unwrap();
    let mut anna = t.anna().await;
    anna.get(&format!("/tickets/{first}")).await.expect(404);
    let overview = anna.get("/tickets").await.expect(200);
    assert!(overview.text().contains("Ihre früheren Anfragen"));
    let list = anna.get("/tickets/fruehere").await.expect(200);
    assert!(offers(&list, first) && offers(&list, second));
    assert!(!offers(&list, strange));
    // only what was asked from an address of hers
    let mut fremd = t.fremd().await;
    let none = fremd.get("/tickets/fruehere").await.expect(200);
    assert!(none.text().contains("Hier steht nichts"));
    let take = format!("/tickets/fruehere/{first}");
    let form = list.form_to(&take);
    let done = anna.send_form(&form, &[]).await;
    let page = anna.follow(done).await.expect(200);
    assert!(page.text().contains("Wir sehen nach."));
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"ticket.taken-over".to_owned())
    );
    // a tab that is still open: it belongs to somebody already
    anna.send_form(&form, &[]).await.expect(404);
    let list = anna.get("/tickets/fruehere").await.expect(200);
    assert!(!offers(&list, first) && offers(&list, second));
    let mut fremd = t.fremd().await;
    fremd.get(&format!("/tickets/{first}")).await.expect(404);

    // she takes part as a user now, and the address in the mail of before is still good
    let people = people(&t, first).await;
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].user_id, Some(t.cast.anna));
    assert_eq!(
        replier(&t, &back).await.map(|(ticket, _)| ticket),
        Some(first)
    );
    assert_eq!(the(&t, first).await.customer_id, Some(t.cast.annas));
    assert_eq!(the(&t, second).await.customer_id, None);
    assert_eq!(the(&t, strange).await.customer_id, None);
    answer(&t, first, "Erledigt.").await;
    assert!(last(&t, ANNA).text.contains(&format!("/tickets/{first}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_two_who_take_over_at_once_one_gets_it() {
    let t = app().await;
    let id = ask(&t, "clara@claasen.example").await;
    let ctx = t.ctx(Actor::User(t.cast.clara));
    let (one, two) = t.cast.claras;
    let take = |customer| {
        let (t, ctx) = (&t, ctx.clone());
        async move {
            db::retry(|| async {
                let mut tx = t.db().begin().await?;
                outbound::earlier::take(&mut tx, &ctx, customer, t.cast.clara, "Clara", id).await?;
                tx.commit().await
            })
            .await
        }
    };
    let (a, b) = tokio::join!(take(one), take(two));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    let owner = if a.is_ok() { one } else { two };
    assert_eq!(the(&t, id).await.customer_id, Some(owner));
    // somebody else's user, and an address that is not proved
    let mut tx = t.db().begin().await.unwrap();
    let id = UserId(Uuid::nil());
    let nobody = outbound::earlier::take(&mut tx, &ctx, one, id, "", TicketId(Uuid::nil()));
    assert!(matches!(nobody.await, Err(db::Error::Missing)));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_10_after_a_merge_the_address_of_before_leads_to_what_became_of_it() {
    let t = app().await;
    let from = ask(&t, GUEST).await;
    answer(&t, from, "Im ersten.").await;
    let back = last(&t, GUEST).headers.reply_to.unwrap();
    let id = last(&t, GUEST).message_id;
    let into = ask(&t, "zweite@laden.example").await;
    let ctx = t.ctx(Actor::Staff(t.cast.sven));
    let mut tx = t.db().begin().await.unwrap();
    let (mut a, mut b) = (
        ticket::store::any(&mut tx, from).await.unwrap(),
        ticket::store::any(&mut tx, into).await.unwrap(),
    );
    support::desk::join::join(&mut tx, &ctx, &mut a, &mut b, sven(&t))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    let (ticket, one) = replier(&t, &back).await.unwrap();
    assert_eq!(ticket, into);
    assert_eq!(
        one.email.map(|email| email.to_string()).as_deref(),
        Some(GUEST)
    );
    let mut tx = t.db().read().await.unwrap();
    let found = outbound::referred(&mut tx, &t.world, &id).await.unwrap();
    assert_eq!(found.map(|(ticket, _)| ticket), Some(into));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_guest_gets_the_files_of_an_answer_by_a_link_of_their_own() {
    let t = app().await;
    let id = ask(&t, GUEST).await;
    let store = t.app.state::<files::Store>().unwrap();
    let ctx = t.ctx(Actor::Staff(t.cast.sven));
    let upload = files::take(
        &store,
        t.db(),
        &ctx,
        files::By::System,
        "Anleitung.txt",
        b"Schritt eins",
    )
    .await
    .unwrap();
    let new = [ticket::store::NewFile {
        id: upload.id,
        name: "Anleitung.txt".into(),
        size: 12,
    }];
    let written = Written {
        files: &new,
        ..Written::typed(sven(&t), "Anbei die Anleitung.")
    };
    write(&t, id, &written).await;
    t.run_jobs().await;
    let letter = last(&t, GUEST);
    assert!(letter.text.contains("- Anleitung.txt"));
    let start = letter
        .text
        .find("http://localhost:8080/ticket-datei/")
        .unwrap();
    let link = letter
        .text
        .get(start..)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let path = link
        .strip_prefix("http://localhost:8080")
        .unwrap()
        .to_owned();
    assert!(letter.html.contains(link));
    let got = t.guest().get(&path).await.expect(200);
    assert_eq!(got.bytes, b"Schritt eins");
    // no other link, and not when the time is over
    for at in ["/ticket-datei/".len() + 3, path.len() - 3] {
        let mut other = path.clone().into_bytes();
        let letter = other.get_mut(at).unwrap();
        *letter = if *letter == b'b' { b'c' } else { b'b' };
        let other = String::from_utf8(other).unwrap();
        t.guest().get(&other).await.expect(404);
    }
    t.guest().get("/ticket-datei/abc").await.expect(404);
    // the page on mails does not show it
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (String,),
        "SELECT text FROM mails WHERE kind = 'support.ticket-answer'"
    );
    let stored = tx.one(stmt, db::params![]).await.unwrap().0;
    assert!(!stored.contains("/ticket-datei/"));
    drop(tx);
    let guest = people(&t, id).await.remove(0);
    t.wait(Duration::from_secs(29 * 24 * 3600));
    t.guest().get(&path).await.expect(200);
    let mut tx = t.db().begin().await.unwrap();
    outbound::withdraw(&mut tx, id, guest.id).await.unwrap();
    tx.commit().await.unwrap();
    t.guest().get(&path).await.expect(404);
}
