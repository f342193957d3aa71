//! Mails through a real server (Postfix): out by SMTP, in by LMTP, reports of what came back, two houses that mail each
//! other.

use crate::inbound::receiver;
use crate::postfix::{Postfix, Route};
use db::{params, sql};
use intake::store::{State, count};
use kernel::World;
use mail::{Post, Smtp};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::inbound::Settings;
use support::outbound::Ways;
use support::ticket::people::{self, Participant};
use support::ticket::store::Entry;
use support::ticket::{self, Ticket, TicketId, What};
use testkit::{Client, START, TestApp};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// An installation with its own key and domain, reached by LMTP.
struct House {
    t: TestApp,
    // taking in ends with it
    _open: watch::Sender<bool>,
}

async fn port() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

impl House {
    async fn open(domain: &str, key: u8, listener: TcpListener, out: &Postfix) -> House {
        let roots = std::slice::from_ref(&out.certificate);
        House::trusting(domain, key, listener, out, roots).await
    }

    /// `roots`: by whom the server's certificate may be signed.
    async fn trusting(
        domain: &str,
        key: u8,
        listener: TcpListener,
        out: &Postfix,
        roots: &[Vec<u8>],
    ) -> House {
        let url = format!("smtp://localhost:{}?tls=required", out.port);
        let smtp = Smtp::trusting(&url, None, roots).unwrap();
        let from = format!("Portal <portal@{domain}>").parse().unwrap();
        let reply = format!("support+{{token}}@{domain}");
        let t = TestApp::with(
            vec![knowledge::module(), support::module()],
            vec![
                Arc::new(World::test(START, u64::from(key)).with_key([key; 32])),
                Arc::new(Post::new(smtp, from, domain)),
                Arc::new(knowledge::Shelf::in_memory()),
                Arc::new(Ways::new(&reply, domain).unwrap()),
                Arc::new(Settings {
                    authserv_id: "mx.example".into(),
                    own: vec![format!("portal@{domain}")],
                }),
                Arc::new(files::Store::memory()),
            ],
        )
        .await;
        let (open, ending) = watch::channel(false);
        tokio::spawn(intake::lmtp::serve(listener, receiver(&t), ending));
        House { t, _open: open }
    }

    async fn count(&self, state: State) -> i64 {
        let mut tx = self.t.db().read().await.unwrap();
        count(&mut tx, state).await.unwrap()
    }

    /// Of mails that came in: those that became entries or told of one that came back, those that wait for staff, and
    /// those that were for nobody.
    async fn counts(&self) -> (i64, i64, i64) {
        let (done, held) = (State::Done, State::Quarantine);
        let (done, held) = (self.count(done).await, self.count(held).await);
        (done, held, self.count(State::Dropped).await)
    }

    async fn tickets(&self) -> Vec<Ticket> {
        let mut tx = self.t.db().read().await.unwrap();
        let stmt = sql!((TicketId,), "SELECT id FROM tickets ORDER BY number");
        let mut all = Vec::new();
        for (id,) in tx.all(stmt, params![]).await.unwrap() {
            all.push(ticket::store::any(&mut tx, id).await.unwrap());
        }
        all
    }

    async fn entries(&self, id: TicketId) -> Vec<Entry> {
        let mut tx = self.t.db().read().await.unwrap();
        let all = ticket::store::entries(&mut tx, id, i64::MAX, true, 100).await;
        let all = all.unwrap().into_iter();
        all.filter(|entry| entry.kind == What::Text).collect()
    }

    async fn people(&self, id: TicketId) -> Vec<Participant> {
        let mut tx = self.t.db().read().await.unwrap();
        people::all(&mut tx, id).await.unwrap()
    }
}

/// Lets everything happen that follows, until nothing is on its way any more.
async fn quiet(houses: &[&House], out: &Postfix) {
    let begun = Instant::now();
    let mut still = 0;
    // a server hands things from one queue to the next, and between two of them it seems to have nothing
    while still < 3 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not fall quiet: {}",
            out.log()
        );
        let idle = out.is_idle();
        let mut new = 0;
        for house in houses {
            new += house.count(State::New).await;
            house.t.run_jobs().await;
        }
        still = if idle && new == 0 { still + 1 } else { 0 };
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn answer(sven: &mut Client, id: TicketId, text: &str) {
    let path = format!("/desk/tickets/{id}");
    sven.fill(&path, &[("text", text)]).await.expect(303);
}

/// The lines of a field, unfolded.
fn field<'a>(raw: &'a str, name: &str) -> &'a str {
    let head = raw.split("\n\n").next().unwrap();
    let found = head.lines().find_map(|line| line.strip_prefix(name));
    found
        .unwrap_or_else(|| panic!("no {name} in {head}"))
        .trim()
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_through_a_real_server_an_answer_by_mail_joins_its_ticket() {
    let (listener, port) = port().await;
    let routes = [
        ("nordlicht.example", Route::Lmtp(port)),
        ("laden.example", Route::Mailbox),
    ];
    let Some(out) = Postfix::start(&routes, false) else {
        return;
    };
    let house = House::open("nordlicht.example", 1, listener, &out).await;
    let guest = "gast@laden.example";
    out.send(
        guest,
        "support@nordlicht.example",
        "From: Gustav Gast <gast@laden.example>\nTo: support@nordlicht.example\nSubject: Kasse kaputt\nMessage-ID: <1@laden.example>\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n.Schöne Grüße\n..\nSie geht nicht.\n",
    );
    quiet(&[&house], &out).await;
    let id = house.tickets().await[0].id;
    let first = house.entries(id).await.remove(0);
    assert_eq!(first.text, ".Schöne Grüße\n..\nSie geht nicht.");
    assert_eq!(out.mailbox().len(), 1, "{}", out.log());
    let mut sven = house.t.sven().await;
    answer(&mut sven, id, "Welche Version zeigt die Kasse?").await;
    quiet(&[&house], &out).await;
    let mails = out.mailbox();
    assert_eq!(mails.len(), 2);
    // as the guest's programme does it
    let got = &mails[1];
    assert!(got.contains("Welche Version zeigt die Kasse?"));
    let back = field(got, "Reply-To:");
    let back = back.rsplit('<').next().unwrap().trim_end_matches('>');
    assert!(back.starts_with("support+") && field(got, "Return-Path:").contains(back));
    let text = format!(
        "From: Gustav Gast <gast@laden.example>\nTo: {back}\nSubject: Re: {}\nIn-Reply-To: {}\nMessage-ID: <2@laden.example>\n\
         Date: Mon, 2 Nov 2026 10:00:00 +0100\n\nVersion 12.\n\n\
         Am 2.11.2026 um 10:00 schrieb Portal:\n> Welche Version zeigt die Kasse?\n",
        field(got, "Subject:"),
        field(got, "Message-ID:")
    );
    out.send(guest, back, &text);
    quiet(&[&house], &out).await;
    assert_eq!(house.tickets().await.len(), 1);
    let texts: Vec<String> = house
        .entries(id)
        .await
        .into_iter()
        .map(|e| e.text)
        .collect();
    assert_eq!(
        texts[1..],
        ["Welche Version zeigt die Kasse?", "Version 12."]
    );
    assert_eq!(house.counts().await, (2, 0, 0));
    // the same mail once more, as a server sends it that lost our answer; its own lines on top differ
    out.send(guest, back, &text);
    quiet(&[&house], &out).await;
    assert_eq!(house.counts().await, (2, 0, 0));
    assert_eq!(house.entries(id).await.len(), 3);
    assert_eq!(out.mailbox().len(), 2, "nothing is said to an answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_report_of_a_real_server_is_booked_to_whom_it_is_about() {
    let (listener, port) = port().await;
    let routes = [
        ("nordlicht.example", Route::Lmtp(port)),
        ("adler.example", Route::Bounce),
        ("fort.example", Route::Bounce),
    ];
    let Some(out) = Postfix::start(&routes, false) else {
        return;
    };
    let house = House::open("nordlicht.example", 1, listener, &out).await;
    let mut anna = house.t.anna().await;
    let sent = anna
        .fill(
            "/tickets/neu",
            &[("subject", "Kasse"), ("text", "Seit heute kaputt.")],
        )
        .await
        .expect(303);
    let id: TicketId = sent.location().rsplit('/').next().unwrap().parse().unwrap();
    let mut sven = house.t.sven().await;
    answer(&mut sven, id, "Welche Version?").await;
    quiet(&[&house], &out).await;
    // taken by the server, given up, reported: a mail out and its report in, and nothing after that
    assert_eq!(out.taken(), 1);
    assert_eq!(house.counts().await, (1, 0, 0), "{}", out.log());
    assert_eq!(house.tickets().await.len(), 1);
    assert_eq!(house.entries(id).await.len(), 2, "nothing in the thread");
    assert!(house.people(id).await[0].bounced_at.is_some());
    let page = sven.get(&format!("/desk/tickets/{id}")).await.expect(200);
    assert!(page.says("nimmt unsere E-Mails nicht an"));
    let start = anna.get("/").await.expect(200);
    assert!(start.says("anna@adler.example nimmt unsere E-Mails nicht an"));
    let page = anna.get("/profil/nicht-erreichbar").await.expect(200);
    assert!(
        page.says("5.1.1") && page.says("no such user here"),
        "{}",
        page.text()
    );

    // a stranger whose address is none: what says that a mail came is what comes back
    out.send(
        "weg@fort.example",
        "support@nordlicht.example",
        "From: weg@fort.example\nTo: support@nordlicht.example\nSubject: Frage\nMessage-ID: <1@fort.example>\n\nWie geht das?\n",
    );
    quiet(&[&house], &out).await;
    let theirs = house.tickets().await.remove(1).id;
    assert!(house.people(theirs).await[0].bounced_at.is_some());
    // theirs, and ours that says that it came
    assert_eq!(out.taken(), 3);
    assert_eq!(house.counts().await, (3, 0, 0));
    for hours in [1, 24, 24 * 7] {
        house.t.wait(Duration::from_secs(hours * 3600));
        quiet(&[&house], &out).await;
    }
    assert_eq!(out.taken(), 3, "{}", out.log());
    assert_eq!(
        (house.counts().await, house.tickets().await.len()),
        ((3, 0, 0), 2)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_no_mail_goes_to_a_server_whose_certificate_nobody_knows() {
    let (listener, port) = port().await;
    let routes = [
        ("nordlicht.example", Route::Lmtp(port)),
        ("laden.example", Route::Mailbox),
    ];
    let Some(out) = Postfix::start(&routes, false) else {
        return;
    };
    let mut house = House::trusting("nordlicht.example", 1, listener, &out, &[]).await;
    house.t.leave_jobs();
    out.send(
        "gast@laden.example",
        "support@nordlicht.example",
        "From: gast@laden.example\nTo: support@nordlicht.example\nSubject: Kasse\nMessage-ID: <1@laden.example>\n\nKaputt.\n",
    );
    quiet(&[&house], &out).await;
    assert_eq!((house.tickets().await.len(), out.taken()), (1, 1));
    let mut tx = house.t.db().read().await.unwrap();
    let stmt = sql!(
        (Option<String>,),
        "SELECT last_error FROM jobs WHERE kind = 'mail.send'"
    );
    let (error,) = tx.one(stmt, params![]).await.unwrap();
    let error = error.unwrap_or_default();
    assert!(error.contains("certificate"), "{error}");
    assert!(out.mailbox().is_empty());
}

/// Each house writes to the other's support. How many mails that made altogether, and in each what became of those that
/// came.
async fn between(forgetful: bool) -> Option<(usize, [(i64, i64, i64); 2])> {
    let ((one, to_one), (two, to_two)) = (port().await, port().await);
    let routes = [
        ("eins.example", Route::Lmtp(to_one)),
        ("zwei.example", Route::Lmtp(to_two)),
    ];
    let out = Postfix::start(&routes, forgetful)?;
    let one = House::open("eins.example", 1, one, &out).await;
    let two = House::open("zwei.example", 2, two, &out).await;
    for (from, to) in [("eins", "zwei"), ("zwei", "eins")] {
        let (from, to) = (
            format!("support@{from}.example"),
            format!("support@{to}.example"),
        );
        let raw = format!(
            "From: {from}\nTo: {to}\nSubject: Frage\nMessage-ID: <frage-{from}>\n\nSind Sie erreichbar?\n"
        );
        out.send(&from, &to, &raw);
    }
    quiet(&[&one, &two], &out).await;
    let now = async || (out.taken(), [one.counts().await, two.counts().await]);
    let after = now().await;
    // and they stay so
    for hours in [1, 6, 24, 24 * 7] {
        for house in [&one, &two] {
            house.t.wait(Duration::from_secs(hours * 3600));
        }
        quiet(&[&one, &two], &out).await;
    }
    assert_eq!(now().await, after, "{}", out.log());
    // a person's answer is a person's: it arrives and starts nothing
    let mut sven = one.t.sven().await;
    let id = one.tickets().await[0].id;
    answer(&mut sven, id, "Ja, wir sind da.").await;
    quiet(&[&one, &two], &out).await;
    let more = out.taken() - after.0;
    assert!((1..=3).contains(&more), "{more} mails more: {}", out.log());
    Some(after)
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_two_houses_that_mail_each_other_fall_quiet() {
    let Some(after) = between(false).await else {
        return;
    };
    // two mails, and that each has arrived: that opens a ticket, but nothing is said to it
    assert_eq!(after, (4, [(2, 0, 0); 2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_two_houses_fall_quiet_though_a_server_between_takes_the_marks_off() {
    let Some(after) = between(true).await else {
        return;
    };
    // without the marks it goes on for a while: until an answer to one's own mail finds its ticket, for nothing is said
    // to that
    let (all, came) = after;
    assert!((5..=8).contains(&all), "{after:?}");
    for (done, held, dropped) in came {
        assert!(done + held + dropped <= 4, "{after:?}");
    }
}
