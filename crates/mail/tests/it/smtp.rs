use crate::sink::Sink;
use crate::{Bench, LINK, activation, notice};
use kernel::Moment;
use mail::{Resend, Smtp, State};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio::net::TcpListener;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

fn smtp(port: u16) -> Smtp {
    Smtp::new(&format!("smtp://127.0.0.1:{port}"), None).unwrap()
}

/// The Message-IDs under which each recipient got mail, and how often.
async fn arrived(sink: &Sink) -> BTreeMap<String, Vec<String>> {
    let mut arrived: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in sink.mails().await {
        let [to] = mail["recipients"].as_array().unwrap().as_slice() else {
            panic!("each recipient gets a mail of their own")
        };
        let id = mail["messageId"].as_str().unwrap().to_owned();
        arrived
            .entry(to.as_str().unwrap().to_owned())
            .or_default()
            .push(id);
    }
    arrived
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_reads_what_was_written() {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp)).await;
    let id = bench.queue(activation("anna@example.org")).await;
    bench.drain().await;
    let mails = sink.mails().await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail["sender"], "portal@example.org");
    assert_eq!(mail["from"], "Muster-Hosting GmbH <portal@example.org>");
    assert_eq!(mail["to"], "Änne Groß <anna@example.org>");
    assert_eq!(mail["subject"], "Bitte bestätigen Sie Ihre Adresse");
    assert_eq!(mail["messageId"], format!("<{id}@portal.example.org>"));
    assert!(mail["text"].as_str().unwrap().contains(LINK));
    assert!(
        mail["html"]
            .as_str()
            .unwrap()
            .contains(&LINK.replace('&', "&amp;"))
    );
    assert_eq!(bench.one(id).await.state, State::Sent);
}

/// Queues three mails under the fault, mends it, and waits (on our clock) until nothing is left to send.
async fn outlive(fault: &str) -> (Bench, Sink) {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp)).await;
    sink.fault(fault).await;
    for to in ["anna@example.org", "bernd@example.org", "clara@example.org"] {
        bench.queue(activation(to)).await;
    }
    bench.drain().await;
    bench.advance(12 * SECOND);
    bench.drain().await;
    sink.fault("ok").await;
    for _ in 0..5 {
        bench.advance(HOUR);
        bench.drain().await;
    }
    let counts = bench.counts().await;
    assert_eq!(
        (counts.sent, counts.queued, counts.failed, counts.dead),
        (3, 0, 0, 0),
        "{fault}"
    );
    assert_eq!(bench.jobs().await, jobs::Counts::default(), "{fault}");
    assert_eq!(bench.sealed().await.len(), 0, "{fault}");
    let arrived = arrived(&sink).await;
    assert_eq!(arrived.len(), 3, "{fault}");
    for (to, ids) in &arrived {
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            1,
            "{fault}: one Message-ID for {to}"
        );
    }
    (bench, sink)
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_for_now_is_tried_again() {
    let (_, sink) = outlive("tempfail").await;
    assert_eq!(sink.mails().await.len(), 3);
    let (_, sink) = outlive("half").await;
    assert_eq!(sink.mails().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_cut_after_the_data_is_tried_again() {
    let (_, sink) = outlive("drop-lost").await;
    assert_eq!(sink.mails().await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_whose_answer_was_lost_comes_twice_as_the_same() {
    let (_, sink) = outlive("drop").await;
    assert_eq!(
        sink.mails().await.len(),
        9,
        "two lost answers each, then one that came"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_used_the_link_gets_no_second_mail() {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp)).await;
    sink.fault("drop").await;
    let id = bench.queue(activation("anna@example.org")).await;
    bench.drain().await;
    assert_eq!(bench.one(id).await.state, State::Failed);
    let mut tx = bench.db.begin().await.unwrap();
    mail::wipe(&mut tx, &bench.ctx(), id).await.unwrap();
    tx.commit().await.unwrap();
    sink.fault("ok").await;
    bench.advance(HOUR);
    bench.drain().await;
    assert_eq!(sink.mails().await.len(), 1);
    assert_eq!(bench.one(id).await.state, State::Sent);
    assert_eq!(bench.jobs().await, jobs::Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_for_ever_is_dead_and_can_be_sent_again() {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp)).await;
    sink.fault("permfail").await;
    let id = bench.queue(activation("anna@example.org")).await;
    bench.drain().await;
    let dead = bench.one(id).await;
    assert_eq!(
        (dead.state, dead.attempts, dead.can_resend),
        (State::Dead, 1, true)
    );
    assert!(dead.last_error.unwrap().contains("Not wanted here"));
    assert_eq!(*bench.failed.lock().unwrap(), [id.to_string()]);
    assert_eq!(bench.jobs().await.dead, 1);
    sink.fault("ok").await;
    let mut tx = bench.db.begin().await.unwrap();
    assert_eq!(
        mail::resend(&mut tx, &bench.ctx(), id).await.unwrap(),
        Resend::Queued(id)
    );
    tx.commit().await.unwrap();
    bench.drain().await;
    assert_eq!(bench.jobs().await, jobs::Counts::default());
    let arrived = arrived(&sink).await;
    assert_eq!(
        arrived["anna@example.org"],
        [format!("<{id}@portal.example.org>")]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_server_is_given_up_and_the_next_mail_reads_its_own_answer() {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp).timeout(SECOND / 2)).await;
    bench.queue(notice("first@example.org")).await;
    bench.drain().await;
    sink.fault("slow").await;
    let slow = bench.queue(notice("anna@example.org")).await;
    bench.drain().await;
    assert_eq!(
        bench.one(slow).await.last_error.as_deref(),
        Some("no answer in time")
    );
    sink.fault("permfail").await;
    let refused = bench.queue(notice("bernd@example.org")).await;
    bench.drain().await;
    assert_eq!(bench.one(refused).await.state, State::Dead);
    sink.fault("ok").await;
    bench.advance(HOUR);
    bench.drain().await;
    assert_eq!(bench.one(slow).await.state, State::Sent);
    assert!(arrived(&sink).await.contains_key("anna@example.org"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_over_the_weekend_loses_nothing() {
    let sink = Sink::start().await;
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let bench = Bench::new(smtp(port)).await;
    let id = bench.queue(notice("anna@example.org")).await;
    for _ in 0..180 {
        bench.drain().await;
        bench.advance(HOUR / 3);
    }
    let waiting = bench.one(id).await;
    assert_eq!(waiting.state, State::Failed);
    assert!(waiting.attempts > 40);
    let _proxy = sink.open_at(port).await;
    bench.advance(HOUR);
    bench.drain().await;
    assert_eq!(
        arrived(&sink).await["anna@example.org"],
        [format!("<{id}@portal.example.org>")]
    );
    assert_eq!(bench.one(id).await.state, State::Sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_away_makes_dead_mails_after_three_days() {
    let port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let bench = Bench::new(smtp(port)).await;
    let id = bench.queue(notice("anna@example.org")).await;
    let mut died: Option<Moment> = None;
    for _ in 0..300 {
        bench.drain().await;
        if died.is_none() && bench.one(id).await.state == State::Dead {
            died = Some(bench.world.now());
        }
        bench.advance(HOUR / 3);
    }
    let hours = died.unwrap().since(crate::START).as_secs() / 3600;
    assert!((70..=100).contains(&hours), "{hours} h");
    assert_eq!(*bench.failed.lock().unwrap(), [id.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_speaks_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let bench = Bench::new(smtp(port).timeout(SECOND / 5)).await;
    let id = bench.queue(notice("anna@example.org")).await;
    bench.drain().await;
    assert_eq!(
        bench.one(id).await.last_error.as_deref(),
        Some("no answer in time")
    );
    assert_eq!(bench.jobs().await.waiting, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_gets_no_mail_where_tls_is_required() {
    let sink = Sink::start().await;
    let url = format!("smtp://127.0.0.1:{}?tls=required", sink.smtp);
    let bench = Bench::new(Smtp::new(&url, None).unwrap()).await;
    let id = bench.queue(notice("anna@example.org")).await;
    bench.drain().await;
    assert_eq!(
        bench.one(id).await.state,
        State::Failed,
        "the operator can mend it"
    );
    assert!(sink.mails().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_what_comes_back_tells_whose_mail_it_was() {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp)).await;
    let token = crate::email("support+mzxw6ytboi@example.org");
    let headers = mail::Headers {
        message_id: Some("<a.1@example.org>".to_owned()),
        reply_to: Some(token.clone()),
        back: mail::Back::To(token),
        by: mail::By::Person,
        ..mail::Headers::default()
    };
    sink.fault("tempfail").await;
    let mut tx = bench.db.begin().await.unwrap();
    let draft = crate::notice("anna@example.org");
    mail::queue_with(&mut tx, &bench.ctx(), draft, &headers)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    bench.drain().await;
    sink.fault("ok").await;
    bench.advance(Duration::from_secs(60));
    bench.drain().await;
    let mails = sink.mails().await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail["sender"], "support+mzxw6ytboi@example.org");
    assert_eq!(mail["from"], "Muster-Hosting GmbH <portal@example.org>");
    // its own id at every try
    assert_eq!(mail["messageId"], "<a.1@example.org>");
    let replies = mail["headers"]
        .as_array()
        .unwrap()
        .iter()
        .find(|header| header[0] == "Reply-To");
    assert_eq!(
        replies.unwrap()[1],
        "Muster-Hosting GmbH <support+mzxw6ytboi@example.org>"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_an_address_that_is_none_is_noted_and_a_refused_text_is_not() {
    let sink = Sink::start().await;
    let bench = Bench::new(smtp(sink.smtp)).await;
    let anna = crate::email("anna@example.org");
    for (fault, noted) in [("permfail", false), ("nobody", true)] {
        sink.fault(fault).await;
        let id = bench.queue(crate::notice(anna.as_str())).await;
        bench.drain().await;
        assert_eq!(bench.one(id).await.state, State::Dead);
        let mut tx = bench.db.read().await.unwrap();
        let found = mail::refusal(&mut tx, &anna).await.unwrap();
        assert_eq!(found.is_some(), noted, "{fault}");
    }
    let mut tx = bench.db.begin().await.unwrap();
    let found = mail::refusal(&mut tx, &anna).await.unwrap().unwrap();
    assert!(found.reason.contains("No such mailbox"));
    assert!(mail::accept(&mut tx, &anna).await.unwrap());
    assert_eq!(mail::refusal(&mut tx, &anna).await.unwrap(), None);
    tx.commit().await.unwrap();
}
