//! Mails that come in: which ticket each belongs to, what is done with it, what is held (SUP-9).

use db::{params, sql};
use intake::store::{State, count};
use intake::{Arrived, Receiver};
use mail::Letter;
use std::sync::Arc;
use std::time::Duration;
use support::inbound::{self, Settings};
use support::outbound::Ways;
use support::ticket::{self, Ticket, TicketId};
use testkit::{Client, TestApp};

const ANNA: &str = "anna@adler.example";
const GUEST: &str = "gast@laden.example";
pub const OURS: &str = "support@nordlicht.example";
const PROVEN: &str = "Authentication-Results: mx.nordlicht.example; dmarc=pass header.from=";

pub async fn app() -> TestApp {
    TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(
                Ways::new(
                    "support+{token}@nordlicht.example",
                    "portal.nordlicht.example",
                )
                .unwrap(),
            ),
            Arc::new(Settings {
                authserv_id: "mx.nordlicht.example".into(),
                own: vec!["portal@nordlicht.example".into()],
            }),
            Arc::new(files::Store::memory()),
        ],
    )
    .await
}

pub fn receiver(t: &TestApp) -> Receiver {
    Receiver::new(t.db().clone(), t.world.clone(), inbound::queue, || ())
}

/// Hands a mail over and lets everything happen that follows.
pub async fn deliver(t: &TestApp, to: &str, raw: &str) {
    let raw = raw.replace("\r\n", "\n").replace('\n', "\r\n");
    let arrived = Arrived {
        mailbox: "lmtp",
        uid: None,
        from: None,
        to: &[to.to_owned()],
        department: None,
        raw: raw.as_bytes(),
        size: raw.len(),
    };
    receiver(t).take(&arrived).await.unwrap();
    t.run_jobs().await;
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (Option<String>,),
        "SELECT last_error FROM jobs WHERE last_error IS NOT NULL"
    );
    assert_eq!(tx.opt(stmt, params![]).await.unwrap(), None);
}

struct Mail<'a> {
    from: &'a str,
    to: &'a str,
    subject: &'a str,
    text: &'a str,
    proven: bool,
    more: String,
}

impl<'a> Mail<'a> {
    fn of(from: &'a str, subject: &'a str, text: &'a str) -> Self {
        Mail {
            from,
            to: OURS,
            subject,
            text,
            proven: true,
            more: String::new(),
        }
    }
    fn unproven(self) -> Self {
        Mail {
            proven: false,
            ..self
        }
    }
    fn with(mut self, header: &str) -> Self {
        self.more.push_str(header);
        self.more.push('\n');
        self
    }
    fn to(self, to: &'a str) -> Self {
        Mail { to, ..self }
    }
    async fn send(&self, t: &TestApp) {
        let domain = self
            .from
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
            .trim_end_matches('>');
        let proof = if self.proven {
            format!("{PROVEN}{domain}\n")
        } else {
            String::new()
        };
        let id = if self.more.to_lowercase().contains("message-id:") {
            String::new()
        } else {
            format!("Message-ID: <{}@mail.example>\n", t.world.uuid().simple())
        };
        let raw = format!(
            "{proof}From: {}\nTo: {}\nSubject: {}\n{id}{}\n{}\n",
            self.from, self.to, self.subject, self.more, self.text
        );
        deliver(t, self.to, &raw).await;
    }
}

async fn counts(t: &TestApp) -> (i64, i64, i64) {
    let mut tx = t.db().read().await.unwrap();
    let done = count(&mut tx, State::Done).await.unwrap();
    let held = count(&mut tx, State::Quarantine).await.unwrap();
    (done, held, count(&mut tx, State::Dropped).await.unwrap())
}

async fn tickets(t: &TestApp) -> Vec<Ticket> {
    let mut tx = t.db().read().await.unwrap();
    let ids = tx
        .all(
            sql!((TicketId,), "SELECT id FROM tickets ORDER BY number"),
            params![],
        )
        .await
        .unwrap();
    let mut all = Vec::new();
    for (id,) in ids {
        all.push(ticket::store::any(&mut tx, id).await.unwrap());
    }
    all
}

async fn texts(t: &TestApp, id: TicketId) -> Vec<String> {
    let mut tx = t.db().read().await.unwrap();
    let all = ticket::store::entries(&mut tx, id, i64::MAX, true, 100)
        .await
        .unwrap();
    all.into_iter()
        .filter(|entry| entry.kind == ticket::What::Text)
        .map(|entry| entry.text)
        .collect()
}

async fn open(client: &mut Client) -> TicketId {
    let fill = [
        ("subject", "Die Kasse zeigt 502"),
        ("text", "Seit heute morgen."),
    ];
    let sent = client.fill("/tickets/neu", &fill).await.expect(303);
    sent.location().rsplit('/').next().unwrap().parse().unwrap()
}

async fn answer(t: &TestApp, sven: &mut Client, id: TicketId, text: &str) {
    sven.fill(&format!("/desk/tickets/{id}"), &[("text", text)])
        .await
        .expect(303);
    t.run_jobs().await;
}

fn back(letter: &Letter) -> String {
    letter.headers.reply_to.clone().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_new_mail_opens_a_ticket_and_is_acknowledged_once() {
    let t = app().await;
    Mail::of(
        "Gustav Gast <gast@laden.example>",
        "Kasse kaputt",
        "Guten Tag,\n\nsie geht nicht.\n\n-- \nGustav",
    )
    .send(&t)
    .await;
    let all = tickets(&t).await;
    assert_eq!(all.len(), 1);
    let ticket = &all[0];
    assert_eq!(ticket.subject, "Kasse kaputt");
    assert_eq!(ticket.requester_name, "Gustav Gast");
    assert_eq!(
        ticket
            .requester_email
            .as_ref()
            .map(ToString::to_string)
            .as_deref(),
        Some(GUEST)
    );
    assert_eq!(
        texts(&t, ticket.id).await,
        ["Guten Tag,\n\nsie geht nicht."]
    );
    let letters: Vec<Letter> = t.mails.all();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].to.as_str(), GUEST);
    assert_eq!(counts(&t).await, (1, 0, 0));
    // the desk sees where it came from
    let mut sven = t.sven().await;
    let page = sven
        .get(&format!("/desk/tickets/{}", ticket.id))
        .await
        .expect(200);
    assert!(page.says("Absender belegt") && page.says("Hat dieses Ticket eröffnet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_the_whole_way_a_guest_answers_by_mail_and_joins() {
    let t = app().await;
    let mut sven = t.sven().await;
    Mail::of(GUEST, "Kasse kaputt", "Sie geht nicht.")
        .send(&t)
        .await;
    let id = tickets(&t).await[0].id;
    answer(&t, &mut sven, id, "Welche Version?").await;
    let letter = t.mails.last_to(GUEST).unwrap();
    let text = format!(
        "Version 12.\n\nAm 2.11.2026 um 10:00 schrieb Nordlicht Hosting:\n{}",
        quoted(&letter.text)
    );
    for proven in [true, false] {
        let address = back(&letter);
        let mail = Mail::of(GUEST, "Re: [#10001] Kasse kaputt", &text).to(&address);
        let mail = if proven {
            mail
        } else {
            mail.unproven().with("X-Try: 2")
        };
        mail.send(&t).await;
    }
    assert_eq!(tickets(&t).await.len(), 1);
    assert_eq!(
        texts(&t, id).await[1..],
        ["Welche Version?", "Version 12.", "Version 12."]
    );
    let mut tx = t.db().read().await.unwrap();
    let entries = ticket::store::entries(&mut tx, id, i64::MAX, true, 100)
        .await
        .unwrap();
    let last = entries.last().unwrap();
    assert!(last.quoted.contains("Welche Version?"));
    assert_eq!(last.proof, ticket::Proof::Held);
    drop(tx);
    answer(&t, &mut sven, id, "Danke.").await;
    let letter = t.mails.last_to(GUEST).unwrap();
    assert!(letter.text.contains("Danke."));
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}

/// Everything staff is shown of one thread.
async fn entries(t: &TestApp, id: TicketId) -> Vec<ticket::store::Entry> {
    let mut tx = t.db().read().await.unwrap();
    ticket::store::entries(&mut tx, id, i64::MAX, true, 100)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_an_unproven_answer_is_kept_apart_and_moves_nothing_until_staff_accepts_it() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    let page = format!("/tickets/{id}");
    anna.fill(
        &format!("{page}/personen"),
        &[("emails", "kopie@adler.example")],
    )
    .await
    .expect(303);
    t.run_jobs().await;
    answer(&t, &mut sven, id, "Welche Version?").await;
    let address = back(&t.mails.last_to(ANNA).unwrap());
    let before = tickets(&t).await.remove(0);
    assert_eq!(before.state, ticket::State::Waiting);
    t.mails.clear();
    Mail::of(ANNA, "Re: x", "Bitte neues Passwort.")
        .unproven()
        .to(&address)
        .with("Cc: eve@evil.example")
        .send(&t)
        .await;
    // in the thread, for staff alone: the state, the clock, the people and everybody's mails are as they were
    let after = tickets(&t).await.remove(0);
    assert_eq!(
        (after.state, after.waiting_since, after.answered_at),
        (before.state, None, before.answered_at)
    );
    assert_eq!(after.last_at, before.last_at);
    assert!(t.mails.is_empty());
    assert!(!anna.get(&page).await.expect(200).says("neues Passwort"));
    let mut tx = t.db().read().await.unwrap();
    assert_eq!(ticket::people::all(&mut tx, id).await.unwrap().len(), 2);
    drop(tx);
    // it stands in the queue of what waits for us, and says why
    let queue = sven.get("/desk/tickets").await.expect(200);
    assert!(queue.says("Die Kasse zeigt 502") && queue.says("E-Mail zu prüfen"));
    let thread = sven.get(&format!("/desk/tickets/{id}")).await.expect(200);
    assert!(thread.says("Bitte neues Passwort.") && thread.says("Absender nicht belegt"));
    let accept = format!("/desk/tickets/{id}/mail-annehmen");
    sven.press(&format!("/desk/tickets/{id}"), &accept)
        .await
        .expect(303);
    t.run_jobs().await;
    // now it is as any other of theirs: seen, passed on, waiting for us
    assert!(anna.get(&page).await.expect(200).says("neues Passwort"));
    let accepted = tickets(&t).await.remove(0);
    assert_eq!(accepted.state, ticket::State::Open);
    assert!(accepted.waiting_since.is_some());
    assert!(t.mails.last_to("kopie@adler.example").is_some());
    assert!(
        t.mails.last_to(ANNA).is_none(),
        "not back to whom it is from"
    );
    assert_eq!(
        entries(&t, id).await.last().unwrap().proof,
        ticket::Proof::Accepted
    );
    let thread = sven.get(&format!("/desk/tickets/{id}")).await.expect(200);
    assert!(!thread.html.contains("mail-annehmen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_an_unproven_answer_opens_nothing_again_until_staff_accepts_it() {
    let t = app().await;
    let mut sven = t.sven().await;
    Mail::of(GUEST, "Kasse kaputt", "Sie geht nicht.")
        .send(&t)
        .await;
    let id = tickets(&t).await[0].id;
    answer(&t, &mut sven, id, "Erledigt.").await;
    let address = back(&t.mails.last_to(GUEST).unwrap());
    let page = format!("/desk/tickets/{id}");
    sven.press(&page, &format!("{page}/schliessen"))
        .await
        .expect(303);
    for (at, text) in ["Doch nicht.", "Auch das nicht.", "Und das?"]
        .into_iter()
        .enumerate()
    {
        Mail::of(GUEST, "Re: Kasse", text)
            .unproven()
            .to(&address)
            .with(&format!("X-At: {at}"))
            .send(&t)
            .await;
    }
    let all = tickets(&t).await;
    assert_eq!((all.len(), all[0].is_closed()), (1, true));
    assert!(
        sven.get("/desk/tickets")
            .await
            .expect(200)
            .says("E-Mail zu prüfen")
    );
    // not taken, it stays among staff and waits no longer; the others still do
    sven.press(&page, &format!("{page}/mail-ablehnen"))
        .await
        .expect(303);
    t.run_jobs().await;
    assert!(tickets(&t).await[0].is_closed());
    let held = |entries: Vec<ticket::store::Entry>| {
        let held = entries
            .into_iter()
            .filter(|entry| entry.proof == ticket::Proof::Held);
        held.map(|entry| entry.text).collect::<Vec<_>>()
    };
    assert_eq!(held(entries(&t, id).await), ["Auch das nicht.", "Und das?"]);
    // taken, it opens the thread again; an answer settles the rest
    sven.press(&page, &format!("{page}/mail-annehmen"))
        .await
        .expect(303);
    t.run_jobs().await;
    assert_eq!(tickets(&t).await[0].state, ticket::State::Open);
    answer(&t, &mut sven, id, "Wir sehen nach.").await;
    let queue = sven.get("/desk/tickets").await.expect(200);
    assert!(!queue.says("E-Mail zu prüfen") && !queue.says("Kasse kaputt"));
    // what we answered after is no news when it is taken: it is only shown
    sven.press(&page, &format!("{page}/mail-annehmen"))
        .await
        .expect(303);
    t.run_jobs().await;
    let ticket = tickets(&t).await.remove(0);
    assert_eq!(
        (ticket.state, ticket.waiting_since),
        (ticket::State::Waiting, None)
    );
    assert!(held(entries(&t, id).await).is_empty());
    // a machine's is kept apart as well, and waits for nobody
    Mail::of(GUEST, "Automatische Antwort", "Ich bin weg.")
        .unproven()
        .to(&address)
        .with("Auto-Submitted: auto-replied")
        .send(&t)
        .await;
    let last = entries(&t, id).await.pop().unwrap();
    assert!(last.internal && last.proof == ticket::Proof::Unproven);
    let queue = sven.get("/desk/tickets").await.expect(200);
    assert!(!queue.says("E-Mail zu prüfen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_what_is_held_is_decided_once_and_by_staff_alone() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    answer(&t, &mut sven, id, "Welche Version?").await;
    let address = back(&t.mails.last_to(ANNA).unwrap());
    Mail::of(ANNA, "Re: x", "Ich bin Anna.")
        .unproven()
        .to(&address)
        .send(&t)
        .await;
    let held = entries(&t, id).await.pop().unwrap();
    let author = ticket::Author::stranger("Sven");
    let ctx = kernel::Ctx::system(&t.world);
    for (accepts, decided) in [(true, true), (false, false), (true, false)] {
        let mut tx = t.db().begin().await.unwrap();
        let mut ticket = ticket::store::any(&mut tx, id).await.unwrap();
        let now = if accepts {
            ticket::held::accept(&mut tx, &ctx, &mut ticket, author, held.id).await
        } else {
            ticket::held::decline(&mut tx, &ctx, &ticket, held.id).await
        };
        assert_eq!(now.unwrap(), decided);
        tx.commit().await.unwrap();
    }
    t.run_jobs().await;
    assert_eq!(
        entries(&t, id).await.pop().unwrap().proof,
        ticket::Proof::Accepted
    );
    // another ticket's entry is not there
    let other = open(&mut anna).await;
    let mut tx = t.db().begin().await.unwrap();
    let mut ticket = ticket::store::any(&mut tx, other).await.unwrap();
    let first = entries(&t, id).await.remove(0);
    for entry in [held.id, first.id] {
        assert!(
            !ticket::held::accept(&mut tx, &ctx, &mut ticket, author, entry)
                .await
                .unwrap()
        );
    }
}

/// Without the name of a border server nobody is ever proven; a guest's ticket goes on all the same.
#[tokio::test(flavor = "multi_thread")]
async fn sup_9_without_a_border_server_a_guest_is_answered_all_the_same() {
    let t = TestApp::with(
        vec![knowledge::module(), support::module()],
        vec![
            Arc::new(knowledge::Shelf::in_memory()),
            Arc::new(
                Ways::new(
                    "support+{token}@nordlicht.example",
                    "portal.nordlicht.example",
                )
                .unwrap(),
            ),
            Arc::new(Settings::default()),
            Arc::new(files::Store::memory()),
        ],
    )
    .await;
    let mut sven = t.sven().await;
    Mail::of(GUEST, "Kasse kaputt", "Sie geht nicht.")
        .send(&t)
        .await;
    // one confirmation in an hour to an address that nothing proves
    Mail::of(GUEST, "Noch etwas", "Der Drucker.").send(&t).await;
    assert_eq!(t.mails.len(), 1);
    let id = tickets(&t).await[0].id;
    answer(&t, &mut sven, id, "Welche Version?").await;
    let address = back(&t.mails.last_to(GUEST).unwrap());
    Mail::of(GUEST, "Re: Kasse", "Version 12.")
        .to(&address)
        .send(&t)
        .await;
    assert!(
        sven.get("/desk/tickets")
            .await
            .expect(200)
            .says("E-Mail zu prüfen")
    );
    answer(&t, &mut sven, id, "Danke.").await;
    assert!(t.mails.last_to(GUEST).unwrap().text.contains("Danke."));
    assert!(
        !sven
            .get("/desk/tickets")
            .await
            .expect(200)
            .says("E-Mail zu prüfen")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_wrapped_outlook_mail_shows_its_text_and_files() {
    let t = app().await;
    let mut raw = 0x223E_9F78_u32.to_le_bytes().to_vec();
    raw.extend([1, 0]);
    let mut attribute = |level: u8, id: u32, data: &[u8]| {
        raw.push(level);
        raw.extend(id.to_le_bytes());
        raw.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        raw.extend(data);
        raw.extend([0, 0]);
    };
    attribute(1, 0x0002_800C, b"Anbei das Angebot.\0");
    attribute(2, 0x0006_9002, &[0; 14]);
    attribute(2, 0x0001_8010, b"Angebot.pdf\0");
    attribute(2, 0x0006_800F, b"%PDF-1.4");
    use base64::Engine;
    let coded = base64::engine::general_purpose::STANDARD.encode(&raw);
    Mail::of(GUEST, "Angebot", &coded)
        .with("MIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=winmail.dat")
        .send(&t)
        .await;
    let ticket = tickets(&t).await.remove(0);
    assert_eq!(texts(&t, ticket.id).await, ["Anbei das Angebot."]);
    let mut tx = t.db().read().await.unwrap();
    let files = ticket::store::files(&mut tx, ticket.id, true)
        .await
        .unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["winmail.dat", "Angebot.pdf"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_members_mail_joins_by_what_it_answers_and_by_the_number() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    answer(&t, &mut sven, id, "Welche Version?").await;
    let letter = t.mails.last_to(ANNA).unwrap();
    Mail::of(ANNA, "Re: was auch immer", "Durch Antworten.")
        .with(&format!("In-Reply-To: {}", letter.message_id))
        .send(&t)
        .await;
    Mail::of(
        ANNA,
        "AW: [#10001] Die Kasse zeigt 502",
        "Durch die Nummer.",
    )
    .send(&t)
    .await;
    Mail::of(ANNA, "AW: [#10001] Kasse", "Unbewiesen durch die Nummer.")
        .unproven()
        .send(&t)
        .await;
    let all = tickets(&t).await;
    assert_eq!(all.len(), 2);
    let said = texts(&t, id).await;
    assert_eq!(said[2..], ["Durch Antworten.", "Durch die Nummer."]);
    assert_eq!(texts(&t, all[1].id).await, ["Unbewiesen durch die Nummer."]);
    assert_eq!(all[1].customer_id, None, "a claim opens nobody's account");
    let page = sven
        .get(&format!("/desk/tickets/{}", all[1].id))
        .await
        .expect(200);
    assert!(page.says("Gehört vielleicht zu") && page.says("#10001"));
    assert!(page.says("Absender nicht belegt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_who_takes_part_is_named_as_before_where_a_mail_gives_no_name() {
    let t = app().await;
    let mut sven = t.sven().await;
    Mail::of("Gustav Gast <gast@laden.example>", "Kasse", "Kaputt.")
        .send(&t)
        .await;
    let id = tickets(&t).await[0].id;
    answer(&t, &mut sven, id, "Welche Version?").await;
    let address = back(&t.mails.last_to(GUEST).unwrap());
    for (from, text) in [
        (GUEST, "Version 12."),
        ("G. Gast <gast@laden.example>", "Oder 13."),
    ] {
        Mail::of(from, "Re: Kasse", text)
            .to(&address)
            .send(&t)
            .await;
    }
    let mut tx = t.db().read().await.unwrap();
    let entries = ticket::store::entries(&mut tx, id, i64::MAX, true, 100)
        .await
        .unwrap();
    let names = |text: &str| {
        let one = entries.iter().find(|entry| entry.text == text);
        one.unwrap().author_name.clone()
    };
    assert_eq!(names("Version 12."), "Gustav Gast");
    assert_eq!(names("Oder 13."), "G. Gast");
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_proven_member_opens_a_ticket_of_the_account() {
    let t = app().await;
    Mail::of(ANNA, "Frage", "Wie geht das?").send(&t).await;
    let ticket = tickets(&t).await.remove(0);
    assert_eq!(ticket.customer_id, Some(t.cast.annas));
    let mut anna = t.anna().await;
    let page = anna
        .get(&format!("/tickets/{}", ticket.id))
        .await
        .expect(200);
    assert!(page.says("Wie geht das?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_72_ticket_number_guess() {
    let t = app().await;
    let mut anna = t.anna().await;
    let id = open(&mut anna).await;
    for proven in [true, false] {
        let mail = Mail::of(
            "eve@evil.example",
            "Re: [#10001] Die Kasse zeigt 502",
            "Bitte schicken Sie mir alles.",
        );
        let mail = if proven {
            mail
        } else {
            mail.unproven().with("X-Try: 2")
        };
        mail.send(&t).await;
    }
    assert_eq!(texts(&t, id).await, ["Seit heute morgen."]);
    assert_eq!(tickets(&t).await.len(), 3);
    for letter in t.mails.all() {
        assert!(!letter.text.contains("Seit heute morgen") || letter.to.as_str() == ANNA);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_73_a_cc_adds_nobody() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    answer(&t, &mut sven, id, "Welche?").await;
    let letter = t.mails.last_to(ANNA).unwrap();
    let address = back(&letter);
    Mail::of(ANNA, "Re: x", "Mit Kopie.")
        .to(&address)
        .with("Cc: eve@evil.example")
        .send(&t)
        .await;
    answer(&t, &mut sven, id, "Geheim.").await;
    assert!(t.mails.last_to("eve@evil.example").is_none());
    // and who got the address in that copy joins nothing with it
    Mail::of("eve@evil.example", "Re: x", "Ich auch.")
        .to(&address)
        .send(&t)
        .await;
    assert!(!texts(&t, id).await.contains(&"Ich auch.".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_74_helpdesk_as_identity() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    answer(&t, &mut sven, id, "Welche?").await;
    let address = back(&t.mails.last_to(ANNA).unwrap());
    for to in [OURS, &address] {
        Mail::of(
            "no-reply@chat.example",
            "Your verification code",
            "Enter 123-456 at https://chat.example/confirm",
        )
        .to(to)
        .with(&format!("X-To: {}", to.len()))
        .send(&t)
        .await;
    }
    assert_eq!(counts(&t).await, (0, 2, 0));
    assert_eq!(tickets(&t).await.len(), 1);
    let page = sven.get("/desk/posteingang").await.expect(200);
    assert!(page.says("Bestätigung eines fremden Dienstes"));
    // taken in by staff it stays among staff
    let one = page.link("/desk/posteingang/0");
    sven.fill(&one, &[("number", "10001")]).await.expect(303);
    t.run_jobs().await;
    let page = anna.get(&format!("/tickets/{id}")).await.expect(200);
    assert!(!page.says("123-456"));
    assert!(
        texts(&t, id)
            .await
            .iter()
            .any(|text| text.contains("123-456"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_75_critical_by_mail() {
    let t = app().await;
    Mail::of(ANNA, "Kritisch: alles steht", "Priorität: kritisch")
        .with("X-Priority: 1\nImportance: high")
        .send(&t)
        .await;
    let ticket = tickets(&t).await.remove(0);
    assert_eq!(ticket.priority, ticket::Priority::Normal);
    assert_eq!(ticket.emergency, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_forged_sender_is_held_and_staff_can_take_it() {
    let t = app().await;
    let mut sven = t.sven().await;
    Mail::of(ANNA, "Bitte Passwort ändern", "Ich bin Anna.")
        .unproven()
        .with("Authentication-Results: mx.nordlicht.example; dkim=pass header.d=adler.example; dmarc=fail header.from=adler.example")
        .send(&t)
        .await;
    assert_eq!(counts(&t).await, (0, 1, 0));
    assert!(t.mails.is_empty());
    let page = sven.get("/desk/posteingang").await.expect(200);
    assert!(page.says("Absender gefälscht"));
    let one = page.link("/desk/posteingang/0");
    let shown = sven.get(&one).await.expect(200);
    assert!(shown.says("Ich bin Anna."));
    let original = sven.get(&format!("{one}/original")).await.expect(200);
    assert!(original.html.contains("dmarc=fail"));
    sven.fill(&one, &[("number", "99999")]).await.expect(422);
    let sent = sven.fill(&one, &[("number", "")]).await.expect(303);
    assert!(sent.location().starts_with("/desk/tickets/"));
    t.run_jobs().await;
    let ticket = tickets(&t).await.remove(0);
    assert_eq!((ticket.customer_id, counts(&t).await), (None, (1, 0, 0)));
    assert!(t.mails.is_empty(), "who knows whose address that is");
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_the_same_mail_is_taken_once() {
    let t = app().await;
    let raw = "From: gast@laden.example\nTo: support@nordlicht.example\nMessage-ID: <1@laden.example>\nSubject: Eins\n\nText\n";
    for trace in [
        "",
        "Return-Path: <gast@laden.example>\nReceived: by a\n",
        "Delivered-To: x@nordlicht.example\nReceived: by b\n with c\n",
    ] {
        deliver(&t, OURS, &format!("{trace}{raw}")).await;
    }
    assert_eq!(tickets(&t).await.len(), 1);
    assert_eq!(counts(&t).await, (1, 0, 0));
    assert_eq!(t.mails.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_no_machine_is_answered_and_none_moves_a_thread() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    answer(&t, &mut sven, id, "Erledigt.").await;
    let address = back(&t.mails.last_to(ANNA).unwrap());
    sven.press(
        &format!("/desk/tickets/{id}"),
        &format!("/desk/tickets/{id}/schliessen"),
    )
    .await
    .expect(303);
    t.run_jobs().await;
    t.mails.clear();
    Mail::of(ANNA, "Automatische Antwort: [#10001]", "Ich bin im Urlaub.")
        .to(&address)
        .with("Auto-Submitted: auto-replied")
        .send(&t)
        .await;
    let ticket = tickets(&t).await.remove(0);
    assert!(ticket.is_closed());
    assert!(
        texts(&t, id)
            .await
            .contains(&"Ich bin im Urlaub.".to_owned())
    );
    Mail::of("newsletter@shop.example", "Angebote", "Kaufen.")
        .with("List-Id: <a.b>")
        .send(&t)
        .await;
    Mail::of("meier@shop.example", "Abwesenheitsnotiz", "Ich bin weg.")
        .send(&t)
        .await;
    assert!(t.mails.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_own_mails_are_dropped() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let id = open(&mut anna).await;
    answer(&t, &mut sven, id, "Erledigt.").await;
    let letter = t.mails.last_to(ANNA).unwrap();
    t.mails.clear();
    deliver(&t, OURS, &String::from_utf8(letter.raw().unwrap()).unwrap()).await;
    Mail::of("portal@nordlicht.example", "Re: x", "y")
        .send(&t)
        .await;
    assert_eq!(counts(&t).await, (0, 0, 2));
    assert!(t.mails.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_bounce_is_noted_with_whom_it_could_not_reach() {
    let t = app().await;
    let mut sven = t.sven().await;
    Mail::of(GUEST, "Kasse", "Kaputt.").send(&t).await;
    let id = tickets(&t).await[0].id;
    answer(&t, &mut sven, id, "Welche?").await;
    let letter = t.mails.last_to(GUEST).unwrap();
    let report = |status: &str, action: &str| {
        format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: {}\nSubject: Undelivered Mail Returned to Sender\nMessage-ID: <{status}@mx.example>\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\nMIME-Version: 1.0\n\n--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n\
             Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {GUEST}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 no such user\n\n\
             --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {}\nSubject: x\n\n--b--\n",
            back(&letter),
            letter.message_id
        )
    };
    let bounced = || async {
        let mut tx = t.db().read().await.unwrap();
        ticket::people::all(&mut tx, id).await.unwrap()[0]
            .bounced_at
            .is_some()
    };
    deliver(&t, &back(&letter), &report("4.4.1", "delayed")).await;
    assert!(!bounced().await, "later is not never");
    t.mails.clear();
    deliver(&t, &back(&letter), &report("5.1.1", "failed")).await;
    assert!(bounced().await);
    assert_eq!(texts(&t, id).await.len(), 2, "nothing was added");
    assert!(t.mails.is_empty());
    assert_eq!(tickets(&t).await.len(), 1);
    // and gone when something comes from there
    Mail::of(GUEST, "Re: x", "Doch da.")
        .to(&back(&letter))
        .send(&t)
        .await;
    assert!(!bounced().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_read_receipts_and_spam_reports_are_no_messages() {
    let t = app().await;
    for kind in ["disposition-notification", "feedback-report"] {
        deliver(
            &t,
            OURS,
            &format!("From: {GUEST}\nTo: {OURS}\nSubject: Gelesen\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type={kind}; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/{kind}\n\nA: b\n\n--b--\n"),
        )
        .await;
    }
    assert_eq!(counts(&t).await, (0, 0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_floods_are_held_and_the_address_is_paused() {
    let t = app().await;
    for at in 0..14 {
        Mail::of("bot@shop.example", "Bestellung", &format!("Nummer {at}"))
            .with("Auto-Submitted: auto-generated")
            .send(&t)
            .await;
    }
    // ten new tickets in an hour; the breaker is for machines
    assert_eq!(tickets(&t).await.len(), 10);
    assert_eq!(counts(&t).await, (10, 4, 0));
    let mut sven = t.sven().await;
    let page = sven.get("/desk/posteingang").await.expect(200);
    assert!(page.says("bot@shop.example") && page.says("Wieder annehmen"));
    // others are not held up
    Mail::of(GUEST, "Kasse", "Kaputt.").send(&t).await;
    assert_eq!(tickets(&t).await.len(), 11);
    sven.press("/desk/posteingang", "/desk/posteingang/freigeben")
        .await
        .expect(303);
    t.wait(Duration::from_secs(3700));
    Mail::of("bot@shop.example", "Bestellung", "Später")
        .with("Auto-Submitted: auto-generated")
        .send(&t)
        .await;
    assert_eq!(tickets(&t).await.len(), 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_the_same_words_again_and_again_are_held() {
    let t = app().await;
    let text = "Ihre Anfrage ist bei uns eingegangen und wird so bald wie möglich bearbeitet.";
    for at in 0..6 {
        Mail::of("service@firma.example", "Re: Ihre Anfrage", text)
            .with(&format!("X-Nr: {at}"))
            .send(&t)
            .await;
    }
    assert_eq!(tickets(&t).await.len(), 3);
    assert_eq!(counts(&t).await, (3, 3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_79_html_mail_xss_and_tracking() {
    let t = app().await;
    let mut sven = t.sven().await;
    let html = "<p>Guten <b>Tag</b></p><script>alert(1)</script><img src=\"https://evil.example/pixel.gif?id=1\" alt=\"Logo\"><div style=\"position:fixed\" onclick=\"alert(1)\">x</div><style>a[href^=x]{background:url(https://evil.example/y)}</style>";
    Mail::of(GUEST, "Bunt", html)
        .with("MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8")
        .send(&t)
        .await;
    let ticket = tickets(&t).await.remove(0);
    let page = sven
        .get(&format!("/desk/tickets/{}", ticket.id))
        .await
        .expect(200);
    assert!(!page.html.contains("evil.example"));
    let frame = page.link(&format!("/desk/tickets/{}/mail?", ticket.id));
    let around = sven.get(&frame).await.expect(200);
    assert!(
        around.html.contains("sandbox=\"allow-popups") && !around.html.contains("evil.example")
    );
    let content = frame.replace("/mail?", "/mail/inhalt?");
    let inside = sven.get(&content).await.expect(200);
    let policy = inside.headers["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("sandbox")
            && !policy.contains("https:"),
        "{policy}"
    );
    assert!(inside.html.contains("<b>Tag</b>"));
    for word in ["evil.example", "script", "onclick", "style", "position"] {
        assert!(!inside.html.contains(word), "{word}: {}", inside.html);
    }
    let with = sven.get(&format!("{content}&bilder=ja")).await.expect(200);
    assert!(with.html.contains("https://evil.example/pixel.gif") && !with.html.contains("onclick"));
    // nobody else's ticket, nobody without the right
    let other = content.replace(&ticket.id.to_string(), "00000000000000000000000000000001");
    sven.get(&other).await.expect(404);
    t.anna().await.get(&content).await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_files_come_along() {
    let t = app().await;
    let body = "--b\nContent-Type: text/plain; charset=utf-8\n\nAnbei.\n--b\nContent-Type: application/pdf; name=\"../../Rechnung.pdf\"\nContent-Disposition: attachment; filename=\"../../Rechnung.pdf\"\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--b--";
    Mail::of(GUEST, "Datei", body)
        .with("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b")
        .send(&t)
        .await;
    let ticket = tickets(&t).await.remove(0);
    let mut tx = t.db().read().await.unwrap();
    let files = ticket::store::files(&mut tx, ticket.id, true)
        .await
        .unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["Rechnung.pdf"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_87_mime_bomb_becomes_a_ticket_with_a_note() {
    let t = app().await;
    let deep: String = (0..10_000)
        .map(|at| {
            format!(
                "--b{at}\nContent-Type: multipart/mixed; boundary=b{}\n\n",
                at + 1
            )
        })
        .collect();
    for (body, header) in [
        (
            deep.as_str(),
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0".to_owned(),
        ),
        ("Hallo", "X-Bomb: 1\n".repeat(100_000).trim_end().to_owned()),
    ] {
        let begun = std::time::Instant::now();
        Mail::of(GUEST, "Bombe", body).with(&header).send(&t).await;
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{:?}",
            begun.elapsed()
        );
    }
    let all = tickets(&t).await;
    assert_eq!(all.len(), 2);
    for ticket in all {
        assert_eq!(ticket.subject, "Bombe");
        assert!(texts(&t, ticket.id).await[0].contains("zu groß oder zu verschachtelt"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_broken_things_end_before_staff_or_as_a_ticket() {
    let t = app().await;
    for raw in [
        "",
        "\n",
        "Hallo\n",
        "\u{0}\u{0}\n",
        "From:\nTo:\n\n",
        "From: a@b.example, c@d.example\n\nZwei",
        "Subject: =?utf-8?q?=00=0d=0aBcc:?=\n\nx",
    ] {
        deliver(&t, OURS, raw).await;
    }
    let (done, held, dropped) = counts(&t).await;
    assert_eq!((done + held, dropped), (7, 0));
    for ticket in tickets(&t).await {
        assert!(!ticket.subject.contains(['\r', '\n', '\0']));
        assert_eq!(ticket.requester_email, None);
    }
    assert!(t.mails.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_only_who_may_handles_the_inbox() {
    let t = app().await;
    Mail::of(ANNA, "x", "y")
        .unproven()
        .with("Authentication-Results: mx.nordlicht.example; dmarc=fail")
        .send(&t)
        .await;
    let mut sven = t.sven().await;
    let one = sven
        .get("/desk/posteingang")
        .await
        .expect(200)
        .link("/desk/posteingang/0");
    let mut berta = t.berta().await;
    berta.get("/desk/posteingang").await.expect(403);
    berta.get(&one).await.expect(403);
    berta.get(&format!("{one}/original")).await.expect(404);
    t.anna().await.get(&one).await.expect(303);
    sven.press(&one, &format!("{one}/verwerfen"))
        .await
        .expect(303);
    assert_eq!(counts(&t).await, (0, 0, 1));
    let page = sven
        .get("/desk/posteingang?zustand=dropped")
        .await
        .expect(200);
    assert!(page.says("Von Mitarbeitern verworfen"));
    sven.press(&one, &format!("{one}/nochmals"))
        .await
        .expect(303);
    t.run_jobs().await;
    assert_eq!(counts(&t).await, (0, 1, 0));
}
