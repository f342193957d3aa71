//! The way to the bucket of a real S3 server: away, silent, slow, cut in the middle of what goes there and of what comes.

use crate::probe::{self, rows, sent, stored};
use files::{FILE_MAX, Place, Store};
use kernel::Secret;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::TestApp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is done to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// So many bytes still go there; then every line is cut as soon as it is used.
    CutGoing(usize),
    /// The same of what comes.
    CutComing(usize),
    /// One line, once.
    CutGoingOnce(usize),
    CutComingOnce(usize),
    /// All is taken, nothing is said.
    Silent,
    Slow,
}

#[derive(Clone)]
struct Line(Arc<Mutex<Fault>>);

impl Line {
    fn set(&self, fault: Fault) {
        *self.0.lock().unwrap() = fault;
    }

    /// Whether these bytes go on.
    fn lets(&self, going: bool, length: usize) -> Lets {
        let mut fault = self.0.lock().unwrap();
        let (left, once) = match &mut *fault {
            Fault::CutGoing(left) if going => (left, false),
            Fault::CutComing(left) if !going => (left, false),
            Fault::CutGoingOnce(left) if going => (left, true),
            Fault::CutComingOnce(left) if !going => (left, true),
            Fault::Silent if !going => return Lets::Nothing,
            Fault::Slow => return Lets::Later,
            _ => return Lets::Go,
        };
        if length <= *left {
            *left -= length;
            return Lets::Go;
        }
        *left = 0;
        if once {
            *fault = Fault::None;
        }
        Lets::Cut
    }
}

enum Lets {
    Go,
    Later,
    Nothing,
    Cut,
}

/// Passes on what is said to the server at this port.
async fn line(to: u16) -> (Line, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let line = Line(Arc::new(Mutex::new(Fault::None)));
    let shared = line.clone();
    tokio::spawn(async move {
        loop {
            let (near, _) = listener.accept().await.unwrap();
            let line = shared.clone();
            tokio::spawn(async move {
                let far = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                let (mut near_read, mut near_write) = near.into_split();
                let (mut far_read, mut far_write) = far.into_split();
                tokio::select! {
                    () = pass(&mut near_read, &mut far_write, &line, true) => {}
                    () = pass(&mut far_read, &mut near_write, &line, false) => {}
                }
            });
        }
    });
    (line, port)
}

async fn pass(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    line: &Line,
    going: bool,
) {
    let mut piece = vec![0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        match line.lets(going, length) {
            Lets::Cut => return,
            Lets::Nothing => continue,
            Lets::Later => tokio::time::sleep(Duration::from_millis(5)).await,
            Lets::Go => {}
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
    // the server may have ended it; who hears nothing does not hear that either
    if *line.0.lock().unwrap() == Fault::Silent {
        std::future::pending::<()>().await;
    }
}

/// An application whose files go to a bucket of its own name by such a line; `None` where there is no server.
async fn app(name: &str) -> Option<(TestApp, Line)> {
    let Ok(url) = std::env::var("TRESEN_TEST_S3") else {
        testkit::not_run("TRESEN_TEST_S3 names no bucket");
        return None;
    };
    let (place, endpoint) = url.split_once("?endpoint=").unwrap();
    let to = endpoint.rsplit(':').next().unwrap().parse().unwrap();
    let (line, port) = line(to).await;
    let url = format!("{place}-{name}?endpoint=http://127.0.0.1:{port}");
    let place = Place::open(&url, "test", &Secret::new("test")).unwrap();
    Some((probe::app_with(Store::new(place)).await, line))
}

fn big() -> Vec<u8> {
    (0..7_000_000_u32).map(|n| (n % 251) as u8).collect()
}

async fn read(t: &TestApp, at: usize) -> Result<Vec<u8>, files::Failed> {
    files::read(&t.files, &t.world, &stored(t).await[at], FILE_MAX).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_post_whose_files_cannot_be_stored_fails_whole_and_goes_through_later() {
    let Some((t, line)) = app("going").await else {
        return;
    };
    let big = big();
    let mut guest = t.guest();
    let mut there = 0;
    for fault in [
        // away at once, in the middle of the first piece, of the second, before the word that it is done
        Fault::CutGoing(0),
        Fault::CutGoing(2_000_000),
        Fault::CutGoing(6_000_000),
        Fault::CutComing(0),
        Fault::CutComing(1_000),
    ] {
        line.set(fault);
        let form = guest.get("/probe").await.form_with("story");
        let story = format!("Ein langer Text: {fault:?}");
        let all: [(&str, &[u8]); 2] = [("a.txt", b"eins"), ("b.bin", &big)];
        let begun = Instant::now();
        let bad = guest
            .send_files(&form, &[("story", &story)], &all)
            .await
            .expect(422);
        assert!(
            begun.elapsed() < Duration::from_secs(15),
            "{fault:?}: {:?}",
            begun.elapsed()
        );
        assert!(bad.says("nicht gespeichert werden"), "{}", bad.text());
        assert!(bad.says(&story), "the text stays");
        assert_eq!(stored(&t).await.len(), there, "nothing is attached");
        // the same again, when the line is mended
        line.set(Fault::None);
        let mut again = bad.form_with("story");
        // what did get there is not sent once more
        let kept: Vec<String> = ["a.txt", "b.bin"]
            .into_iter()
            .filter(|name| bad.says(&format!("{name} (")))
            .map(str::to_owned)
            .collect();
        let more: Vec<(&str, &[u8])> = all
            .into_iter()
            .filter(|(name, _)| !kept.iter().any(|kept| kept == name))
            .collect();
        again.multipart = true;
        guest
            .send_files(&again, &[], &more)
            .await
            .leads_to("/probe/liste");
        there += 2;
        let names: Vec<String> = stored(&t).await.into_iter().map(|file| file.name).collect();
        assert_eq!(names.len(), there, "{fault:?}: {names:?}");
        for (at, name) in names.iter().enumerate().skip(there - 2) {
            let whole = read(&t, at).await.unwrap();
            assert!(whole == if name == "a.txt" { &b"eins"[..] } else { &big });
        }
    }
    // what was left of the tries is swept, and no more than that
    t.run_jobs().await;
    t.wait(Duration::from_secs(26 * 3600));
    for _ in 0..3 {
        t.run_jobs().await;
        t.wait(Duration::from_secs(3600));
    }
    t.run_jobs().await;
    assert_eq!(rows(&t).await, there);
    let whole = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!(
        (whole.files, whole.missing.len(), whole.cut.len()),
        (there as u64, 0, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_line_that_breaks_once_or_is_slow_is_not_noticed() {
    let Some((t, line)) = app("once").await else {
        return;
    };
    let big = big();
    let mut guest = t.guest();
    for (at, fault) in [
        Fault::CutGoingOnce(3_000_000),
        Fault::CutGoingOnce(6_500_000),
        Fault::Slow,
    ]
    .into_iter()
    .enumerate()
    {
        line.set(fault);
        let found = sent(&t, &mut guest, &[("b.bin", &big)]).await;
        assert_eq!(found.len(), at + 1);
        line.set(Fault::None);
        assert!(read(&t, at).await.unwrap() == big, "{fault:?}");
    }
    for fault in [
        Fault::CutComingOnce(0),
        Fault::CutComingOnce(3_000_000),
        Fault::Slow,
    ] {
        line.set(fault);
        assert!(read(&t, 0).await.unwrap() == big, "{fault:?}");
        let answer = guest
            .get(&format!("/probe/dateien/{}", stored(&t).await[1].id))
            .await
            .expect(200);
        assert!(answer.bytes == big, "{fault:?}");
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_download_whose_line_is_gone_ends_and_gives_nothing_false() {
    let Some((t, line)) = app("coming").await else {
        return;
    };
    let big = big();
    let mut guest = t.guest();
    let found = sent(&t, &mut guest, &[("b.bin", &big)]).await;
    t.run_jobs().await;
    for fault in [Fault::CutComing(0), Fault::CutComing(4_000_000)] {
        line.set(fault);
        let failed = read(&t, 0).await.unwrap_err();
        assert!(matches!(failed, files::Failed::Away(_)), "{failed}");
    }
    line.set(Fault::CutComing(0));
    let page = format!("/probe/dateien/{}", found[0].id);
    let away = guest.get(&page).await.expect(503);
    assert!(away.says("Es ist nichts verloren"), "{}", away.text());
    line.set(Fault::None);
    assert!(guest.get(&page).await.expect(200).bytes == big);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_1_a_store_that_says_nothing_is_not_waited_for_without_end() {
    let Some((t, line)) = app("silent").await else {
        return;
    };
    let mut guest = t.guest();
    let found = sent(&t, &mut guest, &[("a.txt", b"eins")]).await;
    t.run_jobs().await;
    line.set(Fault::Silent);
    let form = guest.get("/probe").await.form_with("story");
    let begun = Instant::now();
    let mut reader = t.guest();
    let page = format!("/probe/dateien/{}", found[0].id);
    let (bad, away) = tokio::join!(
        guest.send_files(&form, &[("story", "Text")], &[("b.txt", b"zwei")]),
        reader.get(&page)
    );
    assert!(
        (Duration::from_secs(8)..Duration::from_secs(30)).contains(&begun.elapsed()),
        "{:?}",
        begun.elapsed()
    );
    away.expect(503);
    let bad = bad.expect(422);
    assert!(bad.says("nicht gespeichert werden"), "{}", bad.text());
    assert_eq!(stored(&t).await.len(), 1);
    line.set(Fault::None);
    guest
        .send_files(&bad.form_with("story"), &[], &[("b.txt", b"zwei")])
        .await
        .leads_to("/probe/liste");
    let all = stored(&t).await;
    let at = all.iter().position(|file| file.name == "b.txt").unwrap();
    assert_eq!(read(&t, at).await.unwrap(), b"zwei");
    t.run_jobs().await;
}
