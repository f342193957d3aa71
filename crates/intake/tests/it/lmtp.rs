//! LMTP: what a mail server says, and what it must be told.

use crate::{place, raws, receiver, stored};
use intake::lmtp::session;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Says everything at once and gives all answers.
async fn talk(receiver: &intake::Receiver, said: &[u8]) -> String {
    let (client, server) = tokio::io::duplex(1 << 20);
    let (read, write) = tokio::io::split(server);
    let (mut answers, mut line) = tokio::io::split(client);
    let receiver = receiver.clone();
    let serving = tokio::spawn(async move { session(read, write, &receiver).await });
    let said = said.to_vec();
    let saying = tokio::spawn(async move {
        let _ = line.write_all(&said).await;
        let _ = line.shutdown().await;
    });
    let mut heard = Vec::new();
    answers.read_to_end(&mut heard).await.unwrap();
    saying.await.unwrap();
    serving.await.unwrap().unwrap();
    String::from_utf8(heard).unwrap()
}

fn codes(heard: &str) -> Vec<&str> {
    heard
        .lines()
        .filter(|line| line.as_bytes().get(3) != Some(&b'-'))
        .map(|line| &line[..3])
        .collect()
}

const BEGIN: &str =
    "LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<support@nordlicht.example>\r\nDATA\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_each_recipient_gets_its_answer_after_the_mail_is_stored() {
    let (db, world) = place().await;
    let said = "LHLO mx\r\nMAIL FROM:<> SIZE=100 BODY=8BITMIME\r\nRCPT TO:<a@n.example>\r\nRCPT TO:<b@n.example>\r\nDATA\r\nSubject: x\r\n\r\n..Punkt\r\n.\r\nQUIT\r\n";
    let heard = talk(&receiver(&db, &world), said.as_bytes()).await;
    assert_eq!(
        codes(&heard),
        [
            "220", "250", "250", "250", "250", "354", "250", "250", "221"
        ]
    );
    assert_eq!(raws(&db).await, [b"Subject: x\r\n\r\n.Punkt\r\n".to_vec()]);
    let mut tx = db.read().await.unwrap();
    let listed = intake::store::list(&mut tx, intake::store::State::New, None, 9)
        .await
        .unwrap();
    let raw = intake::store::raw(&mut tx, listed[0].id).await.unwrap();
    assert_eq!(raw.envelope_from.as_deref(), Some(""));
    assert_eq!(raw.envelope().to, ["a@n.example", "b@n.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_78_smtp_smuggling_is_one_message() {
    let (db, world) = place().await;
    for (at, end) in ["\n.\n", "\r.\r\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\n.\r"]
        .into_iter()
        .enumerate()
    {
        let said = format!(
            "{BEGIN}Subject: {at}\r\n\r\nEins{end}MAIL FROM:<eve@evil.example>\r\nRCPT TO:<b@n.example>\r\nDATA\r\nSubject: zwei\r\n\r\n\r\n.\r\nQUIT\r\n"
        );
        let heard = talk(&receiver(&db, &world), said.as_bytes()).await;
        assert_eq!(
            codes(&heard),
            ["220", "250", "250", "250", "354", "250", "221"],
            "{end:?}: {heard}"
        );
    }
    let all = raws(&db).await;
    assert_eq!(all.len(), 6);
    for raw in all {
        let text = String::from_utf8(raw).unwrap();
        assert!(text.contains("eve@evil.example") && text.contains("Subject: zwei"));
        assert!(
            !text.replace("\r\n", "").contains(['\r', '\n']),
            "bare line ends are gone"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_what_makes_no_sense_is_refused_and_nothing_is_stored() {
    let (db, world) = place().await;
    let receiver = receiver(&db, &world);
    for (said, expected) in [
        (
            "MAIL FROM:<a@b.example>\r\nQUIT\r\n",
            vec!["220", "503", "221"],
        ),
        (
            "LHLO x\r\nRCPT TO:<a@b.example>\r\nDATA\r\nQUIT\r\n",
            vec!["220", "250", "503", "503", "221"],
        ),
        (
            "LHLO x\r\nMAIL FROM:a@b.example\r\nQUIT\r\n",
            vec!["220", "250", "501", "221"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<a@b.example> SIZE=99999999999\r\nQUIT\r\n",
            vec!["220", "250", "552", "221"],
        ),
        (
            "LHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<>\r\nRSET\r\nNOOP\r\nVRFY x\r\nHELO x\r\n",
            vec!["220", "250", "250", "501", "250", "250", "252", "500"],
        ),
        ("LHLO x\nQUIT\r\n", vec!["220", "500"]),
        (BEGIN, vec!["220", "250", "250", "250", "354"]),
    ] {
        let heard = talk(&receiver, said.as_bytes()).await;
        assert_eq!(codes(&heard), expected, "{said:?}");
    }
    let long = format!("LHLO {}\r\n", "x".repeat(100_000));
    assert_eq!(
        codes(&talk(&receiver, long.as_bytes()).await),
        ["220", "500"]
    );
    // the line broke in the middle of a mail
    let heard = talk(&receiver, format!("{BEGIN}Subject: halb\r\n").as_bytes()).await;
    assert_eq!(codes(&heard).last(), Some(&"354"));
    assert_eq!(stored(&db).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_mail_that_is_too_large_is_refused_and_the_next_is_taken() {
    let (db, world) = place().await;
    let mut said = format!("{BEGIN}Subject: groß\r\n\r\n").into_bytes();
    said.resize(said.len() + intake::lmtp::LARGEST + 10, b'x');
    said.extend_from_slice(b"\r\n.\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<a@n.example>\r\nDATA\r\nSubject: klein\r\n\r\n\r\n.\r\nQUIT\r\n");
    let heard = talk(&receiver(&db, &world), &said).await;
    assert_eq!(
        codes(&heard),
        [
            "220", "250", "250", "250", "354", "552", "250", "250", "354", "250", "221"
        ]
    );
    assert_eq!(stored(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_mail_that_comes_twice_is_stored_once() {
    let (db, world) = place().await;
    let receiver = receiver(&db, &world);
    for trace in [
        "",
        "Return-Path: <a@b.example>\r\nDelivered-To: x@n.example\r\nReceived: from y\r\n by z\r\n",
    ] {
        let said = format!(
            "{BEGIN}{trace}Subject: x\r\nReceived-By: me\r\n\r\nReceived: im Text\r\n.\r\nQUIT\r\n"
        );
        let heard = talk(&receiver, said.as_bytes()).await;
        assert_eq!(
            codes(&heard),
            ["220", "250", "250", "250", "354", "250", "221"]
        );
    }
    assert_eq!(stored(&db).await, 1);
}

/// A database that is gone: the sender's server keeps the mail.
#[tokio::test(flavor = "multi_thread")]
async fn sup_9_without_the_database_the_mail_is_not_taken() {
    let (db, world) = place().await;
    let broken = intake::Receiver::new(
        (*db).clone(),
        world.clone(),
        |_, _, _| Box::pin(async { Err(db::Error::other("gone")) }),
        || (),
    );
    let said = format!("{BEGIN}Subject: x\r\n\r\ny\r\n.\r\nQUIT\r\n");
    let heard = talk(&broken, said.as_bytes()).await;
    assert_eq!(
        codes(&heard),
        ["220", "250", "250", "250", "354", "451", "221"]
    );
    assert_eq!(stored(&db).await, 0);
    let heard = talk(&receiver(&db, &world), said.as_bytes()).await;
    assert_eq!(codes(&heard)[5], "250");
    assert_eq!(stored(&db).await, 1);
}
