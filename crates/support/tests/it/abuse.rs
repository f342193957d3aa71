//! What somebody may try who wants to read or write as another.

use crate::inbound::{OURS, app, deliver};
use db::{params, sql};
use mail::Letter;
use support::ticket::{self, Proof, TicketId, What};
use testkit::{Client, TestApp};

const ANNA: &str = "anna@adler.example";
const EVE: &str = "eve@evil.example";

/// Hands over a mail that nothing proves.
async fn claims(t: &TestApp, from: &str, answers: &str, text: &str) {
    let raw = format!(
        "From: {from}\r\nTo: support@nordlicht.example\r\nSubject: Re: Kasse\r\nMessage-ID: <{}@evil.example>\r\n\
         In-Reply-To: {answers}\r\n\r\n{text}\r\n",
        t.world.uuid().simple()
    );
    deliver(t, OURS, &raw).await;
}

async fn open(client: &mut Client, subject: &str) -> TicketId {
    let fill = [("subject", subject), ("text", "Seit heute morgen.")];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().rsplit('/').next().unwrap().parse().unwrap()
}

async fn answer(t: &TestApp, sven: &mut Client, id: TicketId, text: &str) {
    let page = format!("/desk/tickets/{id}");
    sven.fill(&page, &[("text", text)]).await.expect(303);
    t.run_jobs().await;
}

async fn number(t: &TestApp, id: TicketId) -> String {
    let mut tx = t.db().read().await.unwrap();
    let ticket = ticket::store::any(&mut tx, id).await.unwrap();
    ticket.number.to_string()
}

/// Who is said to have written what, and how sure that is.
async fn said(t: &TestApp, id: TicketId) -> Vec<(String, String, Proof)> {
    let mut tx = t.db().read().await.unwrap();
    let all = ticket::store::entries(&mut tx, id, i64::MAX, true, 100)
        .await
        .unwrap();
    all.into_iter()
        .filter(|entry| entry.kind == What::Text)
        .map(|entry| (entry.author_name, entry.text, entry.proof))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_72_the_mail_of_a_merged_ticket_lets_its_reader_write_as_nobody_else() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let (one, other) = (
        open(&mut anna, "Die Kasse").await,
        open(&mut anna, "Der Drucker").await,
    );
    let people = format!("/tickets/{one}/personen");
    anna.fill(&people, &[("emails", EVE)]).await.expect(303);
    t.run_jobs().await;
    answer(&t, &mut sven, one, "Welche Version?").await;
    let eves: Letter = t.mails.last_to(EVE).unwrap();
    let into = number(&t, other).await;
    let merge = format!("/desk/tickets/{one}/zusammenfuehren");
    sven.fill(&merge, &[("number", &into)]).await.expect(303);
    t.run_jobs().await;

    claims(&t, ANNA, &eves.message_id, "Bitte kündigen Sie alles.").await;
    let forged = |text: &str| text.contains("kündigen");
    assert!(
        !said(&t, other)
            .await
            .iter()
            .any(|(_, text, _)| forged(text)),
        "Eve's mail let somebody write as Anna"
    );
    // what she was told herself still leads her there, apart
    claims(&t, EVE, &eves.message_id, "Version 12.").await;
    let found = said(&t, other).await;
    assert!(
        found
            .iter()
            .any(|(_, text, proof)| text == "Version 12." && *proof == Proof::Held),
        "{found:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_72_who_took_part_in_both_is_known_after_a_merge() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let (one, other) = (
        open(&mut anna, "Die Kasse").await,
        open(&mut anna, "Der Drucker").await,
    );
    answer(&t, &mut sven, one, "Welche Version?").await;
    let annas: Letter = t.mails.last_to(ANNA).unwrap();
    let into = number(&t, other).await;
    let merge = format!("/desk/tickets/{one}/zusammenfuehren");
    sven.fill(&merge, &[("number", &into)]).await.expect(303);
    t.run_jobs().await;
    claims(&t, ANNA, &annas.message_id, "Version 12.").await;
    let found = said(&t, other).await;
    assert!(
        found
            .iter()
            .any(|(_, text, proof)| text == "Version 12." && *proof == Proof::Held),
        "{found:?}"
    );
}

async fn merge(t: &TestApp, sven: &mut Client, from: TicketId, into: TicketId) {
    let number = number(t, into).await;
    let page = format!("/desk/tickets/{from}/zusammenfuehren");
    sven.fill(&page, &[("number", &number)]).await.expect(303);
    t.wait(std::time::Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_89_an_answer_written_while_two_merges_happen_is_not_lost_between_them() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let mut all = Vec::new();
    for subject in ["Die Kasse", "Der Drucker", "Das Netz"] {
        all.push(open(&mut anna, subject).await);
    }
    let sent = anna
        .fill("/nachrichten/neu", &[("text", "Die Waage")])
        .await;
    let message = sent.expect(303).location().to_owned();
    let id: TicketId = message.rsplit('/').next().unwrap().parse().unwrap();
    let ticket = anna.get(&format!("/tickets/{}", all[0])).await.expect(200);
    let thread = anna.get(&message).await.expect(200);
    merge(&t, &mut sven, id, all[0]).await;
    merge(&t, &mut sven, all[0], all[1]).await;
    merge(&t, &mut sven, all[1], all[2]).await;
    for (page, text) in [(ticket, "Zum Ticket."), (thread, "Zur Nachricht.")] {
        let form = page.form_with("text");
        anna.send_form(&form, &[("text", text)]).await.expect(303);
    }
    let found: Vec<String> = said(&t, all[2])
        .await
        .into_iter()
        .map(|(_, text, _)| text)
        .collect();
    for text in ["Zum Ticket.", "Zur Nachricht."] {
        assert!(found.iter().any(|one| one == text), "{text}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_76_marks_that_turn_the_direction_stand_in_no_name_and_no_subject() {
    let t = app().await;
    let mut guest = t.guest();
    let fill = [
        ("email", EVE),
        ("name", "Eve\u{202E}tropuS"),
        ("company", "\u{2067}Evil"),
        ("subject", "Rechnung\u{202E}fdp.exe"),
        ("text", "Guten Tag"),
        ("consent", "on"),
    ];
    guest.fill("/ticket-einreichen", &fill).await.expect(303);
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (String, String, Option<String>),
        "SELECT subject, requester_name, company FROM tickets"
    );
    let found = tx.one(stmt, params![]).await.unwrap();
    let wanted = (
        "Rechnungfdp.exe".to_owned(),
        "EvetropuS".to_owned(),
        Some("Evil".to_owned()),
    );
    assert_eq!(found, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_odd_bytes_in_hidden_fields_are_no_fault_of_ours() {
    let t = app().await;
    let mut ada = t.ada().await;
    let page = ada.get("/desk/tickets").await.expect(200);
    let csrf = page
        .html
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap()
        .to_owned();
    let mut anna = t.anna().await;
    let ticket = open(&mut anna, "Die Kasse").await;
    let suggested = anna
        .fill("/wissen/vorschlaege", &[("subject", "a\0b")])
        .await;
    assert!(suggested.status.as_u16() < 500);
    let offered = [("text", "a\0b"), ("vorschlaege", "ja")];
    let offered = anna.fill("/nachrichten/neu", &offered).await;
    assert!(offered.status.as_u16() < 500);
    for (path, field) in [
        ("/desk/posteingang/freigeben".to_owned(), "sender"),
        ("/desk/tickets/auswahl".to_owned(), "nach-abteilung"),
        (
            format!("/desk/tickets/{ticket}/verknuepfung-loesen"),
            "anderes",
        ),
        (format!("/desk/tickets/{ticket}/mail-annehmen"), "eintrag"),
    ] {
        let chosen = format!("t-{ticket}");
        let fields = [
            ("csrf", csrf.as_str()),
            ("key", ""),
            (field, "a\0b"),
            ("tun", "abteilung"),
            (chosen.as_str(), "on"),
        ];
        let answer = ada.post_raw(&path, &fields).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
    }
}
