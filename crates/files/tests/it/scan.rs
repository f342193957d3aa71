//! The scanner: what it says counts, and what it does not say counts as nothing.

use crate::probe::{self, sent, stored};
use files::{Clamd, Place, Scan, Store, Unscanned};
use std::sync::{Arc, Mutex};
use testkit::TestApp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The test file every scanner knows, in two halves so that this source is not taken for it.
fn eicar() -> Vec<u8> {
    let halves = [
        r"X5O!P%@AP[4\PZX54(P^)7CC)7}$",
        "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    ];
    halves.concat().into_bytes()
}

/// Says what it is told to say; `""` hangs up.
async fn parrot() -> (Clamd, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    let words = Arc::new(Mutex::new(String::new()));
    let said = words.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let words = said.lock().unwrap().clone();
            if words.is_empty() {
                continue;
            }
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            loop {
                let length = stream.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length as usize];
                stream.read_exact(&mut piece).await.unwrap();
            }
            stream
                .write_all(format!("{words}\0").as_bytes())
                .await
                .unwrap();
        }
    });
    (format!("tcp:{place}").parse().unwrap(), words)
}

async fn status(t: &TestApp, desk: bool, id: files::FileId, more: &str) -> u16 {
    let mut client = if desk { t.sven().await } else { t.guest() };
    let start = if desk { "/desk" } else { "" };
    let path = format!("{start}/probe/dateien/{id}{more}");
    client.get(&path).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_answer_a_file_is_for_staff_with_a_warning() {
    let (clamd, words) = parrot().await;
    let store = Store::scanned(Place::memory(), Some(clamd), Unscanned::Warn);
    let mut t = probe::app_with(store).await;
    t.leave_jobs();
    let mut guest = t.guest();
    let id = sent(&t, &mut guest, &[("a.txt", b"eins")]).await[0].id;
    t.run_jobs().await;
    assert_eq!(stored(&t).await[0].scan, Scan::Unscanned);
    assert_eq!(status(&t, false, id, "").await, 409);
    let mut sven = t.sven().await;
    let warned = sven
        .get(&format!("/desk/probe/dateien/{id}"))
        .await
        .expect(200);
    assert!(warned.says("Ungeprüfte Datei"), "{}", warned.text());
    let anyway = warned.link(&format!("/desk/probe/dateien/{id}?"));
    assert_eq!(sven.get(&anyway).await.expect(200).bytes, b"eins");
    assert!(
        sven.get("/desk/probe")
            .await
            .says("nicht auf Schadsoftware geprüft")
    );
    assert!(guest.get("/probe/liste").await.says("wird noch geprüft"));
    // what cannot be understood is no answer either
    *words.lock().unwrap() = "INSTREAM size limit exceeded. ERROR".into();
    t.wait(std::time::Duration::from_secs(60));
    t.run_jobs().await;
    assert_eq!(stored(&t).await[0].scan, Scan::Unscanned);
    *words.lock().unwrap() = "stream: OK".into();
    t.wait(std::time::Duration::from_secs(3600));
    t.run_jobs().await;
    assert_eq!(stored(&t).await[0].scan, Scan::Clean);
    assert_eq!(status(&t, false, id, "").await, 200);
    assert_eq!(status(&t, true, id, "").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_may_block_what_nobody_has_scanned() {
    let (clamd, _words) = parrot().await;
    let store = Store::scanned(Place::memory(), Some(clamd), Unscanned::Block);
    let mut t = probe::app_with(store).await;
    t.leave_jobs();
    let mut guest = t.guest();
    let id = sent(&t, &mut guest, &[("a.txt", b"eins")]).await[0].id;
    t.run_jobs().await;
    assert_eq!(status(&t, true, id, "?trotzdem=ja").await, 409);
    assert_eq!(status(&t, false, id, "?trotzdem=ja").await, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_infected_goes_to_nobody() {
    let (clamd, words) = parrot().await;
    *words.lock().unwrap() = "stream: Win.Test.EICAR_HDB-1 FOUND".into();
    let store = Store::scanned(Place::memory(), Some(clamd), Unscanned::Warn);
    let t = probe::app_with(store).await;
    let mut guest = t.guest();
    let id = sent(&t, &mut guest, &[("a.txt", b"eins")]).await[0].id;
    t.run_jobs().await;
    assert_eq!(stored(&t).await[0].scan, Scan::Infected);
    for (desk, more) in [
        (false, ""),
        (true, ""),
        (true, "?trotzdem=ja"),
        (true, "?bild=ja"),
    ] {
        assert_eq!(status(&t, desk, id, more).await, 409);
    }
    assert!(guest.get("/probe/liste").await.says("gesperrt"));
    let acts = t.acts(None).await;
    assert_eq!(acts.iter().filter(|act| *act == "file.infected").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_clamd_finds_the_test_file_everywhere() {
    let Ok(clamd) = std::env::var("TRESEN_TEST_CLAMD") else {
        return testkit::not_run("TRESEN_TEST_CLAMD names no scanner");
    };
    let store = Store::scanned(
        Place::memory(),
        Some(clamd.parse().unwrap()),
        Unscanned::Warn,
    );
    let t = probe::app_with(store).await;
    let mut guest = t.guest();
    let mut inside = vec![0; 3_000_000];
    inside.extend(eicar());
    let large = vec![b'a'; 25 << 20];
    let files: [(&str, &[u8]); 5] = [
        ("harmlos.txt", b"Guten Tag"),
        ("eicar.com", &eicar()),
        ("darin.bin", &inside),
        ("groß.txt", &large),
        ("leer.txt", b""),
    ];
    sent(&t, &mut guest, &files).await;
    t.run_jobs().await;
    let scans: Vec<Scan> = stored(&t).await.iter().map(|file| file.scan).collect();
    assert_eq!(
        scans,
        [
            Scan::Clean,
            Scan::Infected,
            Scan::Infected,
            Scan::Clean,
            Scan::Clean
        ]
    );
}
