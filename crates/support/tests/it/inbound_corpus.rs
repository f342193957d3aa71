//! Every message that packages on this machine carry ends as exactly one entry, or before staff (SUP-9).

use crate::inbound::{app, receiver};
use db::{params, sql};
use intake::Arrived;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_every_message_of_every_corpus_ends_somewhere() {
    let t = app().await;
    let receiver = receiver(&t);
    let (mut well_formed, mut entries, mut all) = (0, 0, 0);
    let mut seen = std::collections::BTreeSet::new();
    for (_, path) in testkit::corpus::messages() {
        let raw = std::fs::read(&path).unwrap();
        let arrived = Arrived {
            mailbox: "lmtp",
            uid: None,
            from: Some("somebody@mail.example"),
            to: &["support@nordlicht.example".to_owned()],
            department: None,
            raw: &raw,
            size: raw.len(),
        };
        // budgets of an address are another test's
        t.wait(Duration::from_secs(3700));
        let begun = Instant::now();
        let id = receiver.take(&arrived).await.unwrap();
        t.worker.drain().await.unwrap();
        assert!(
            begun.elapsed() < Duration::from_secs(3),
            "{}: {:?}",
            path.display(),
            begun.elapsed()
        );
        assert_eq!(
            id.is_some(),
            seen.insert(intake::store::fingerprint(&raw)),
            "{}",
            path.display()
        );
        let Some(id) = id else {
            continue;
        };
        let mut tx = t.db().read().await.unwrap();
        let one = intake::store::one(&mut tx, id).await.unwrap();
        let stmt = sql!(
            (i64,),
            "SELECT CAST(count(*) AS BIGINT) FROM inbound_mails m JOIN ticket_entries e ON e.id = m.entry_id WHERE m.id = $1"
        );
        let (there,) = tx.one(stmt, params![id]).await.unwrap();
        let state = one.state.as_str();
        let report = matches!(
            one.reason.as_str(),
            "bounce" | "delayed" | "receipt" | "feedback"
        );
        assert!(
            there == 1 || state == "quarantine" || report,
            "{}: {state} {}",
            path.display(),
            one.reason
        );
        assert!(there == 0 || state == "done", "{}", path.display());
        all += 1;
        if !path
            .components()
            .any(|part| part.as_os_str() == "malformed")
        {
            well_formed += 1;
            entries += usize::from(there == 1 || report);
        }
        drop(tx);
    }
    assert!(all >= 90, "{all} messages");
    assert!(
        entries * 100 >= well_formed * 95,
        "{entries} of {well_formed}"
    );
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (i64, i64),
        "SELECT CAST(count(*) AS BIGINT), CAST(count(DISTINCT entry_id) AS BIGINT) FROM inbound_mails WHERE entry_id IS NOT NULL"
    );
    let (mails, distinct) = tx.one(stmt, params![]).await.unwrap();
    assert_eq!(mails, distinct);
}

/// How many mails a second go the whole way; `cargo nextest run -p support --run-ignored only --release speed`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a figure"]
async fn sup_9_speed_from_lmtp_to_ticket() {
    let t = app().await;
    let (read, mut write) = tokio::io::duplex(1 << 20);
    let (server_read, server_write) = tokio::io::split(read);
    let receiver = receiver(&t);
    let serving =
        tokio::spawn(
            async move { intake::lmtp::session(server_read, server_write, &receiver).await },
        );
    const COUNT: usize = 300;
    let begun = Instant::now();
    let talk = async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut heard, mut buffer) = (0, vec![0_u8; 65_536]);
        write.write_all(b"LHLO x\r\n").await.unwrap();
        for at in 0..COUNT {
            let mail = format!(
                "MAIL FROM:<k{at}@b.example>\r\nRCPT TO:<support@nordlicht.example>\r\nDATA\r\nFrom: k{at}@b.example\r\nSubject: Frage {at}\r\nMessage-ID: <{at}@b.example>\r\n\r\nGuten Tag,\r\n\r\nFrage {at}?\r\n.\r\n"
            );
            write.write_all(mail.as_bytes()).await.unwrap();
            while heard < at + 1 {
                let length = write.read(&mut buffer).await.unwrap();
                heard += String::from_utf8_lossy(&buffer[..length])
                    .matches("stored")
                    .count();
            }
        }
    };
    talk.await;
    let took = begun.elapsed();
    let (_open, ending) = tokio::sync::watch::channel(false);
    let worker = t.worker.clone();
    let working = tokio::spawn(async move { worker.run(ending).await });
    loop {
        let mut tx = t.db().read().await.unwrap();
        if intake::store::count(&mut tx, intake::store::State::New)
            .await
            .unwrap()
            == 0
        {
            break;
        }
        drop(tx);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let all = begun.elapsed();
    println!(
        "{COUNT} mails: stored in {took:?}, tickets after {all:?}: {:.0} a second",
        COUNT as f64 / all.as_secs_f64()
    );
    working.abort();
    serving.abort();
}
