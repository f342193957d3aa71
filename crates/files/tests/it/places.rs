//! A folder and a bucket: the same files, encrypted; what happens when they are away.

use crate::probe::{self, sent, stored};
use files::{Failed, Place, Store};
use kernel::Secret;
use std::path::{Path, PathBuf};

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all_files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn on_disk_nothing_can_be_read_and_every_change_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::disk(&folder.path().join("files")).unwrap();
    let t = probe::app_with(Store::new(place)).await;
    let mut guest = t.guest();
    let big = b"Kanarienvogel ".repeat(600_000);
    let found = sent(
        &t,
        &mut guest,
        &[("a.txt", b"Kanarienvogel"), ("b.txt", &big)],
    )
    .await;
    t.run_jobs().await;
    let paths = all_files(folder.path());
    assert_eq!(paths.len(), 2);
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(13).any(|w| w == b"Kanarienvogel"));
    }
    let answer = guest
        .get(&format!("/probe/dateien/{}", found[1].id))
        .await
        .expect(200);
    assert!(answer.bytes == big);
    // cut at the border of a chunk: the beginning is good, and still nobody takes it for the whole
    let long = paths
        .iter()
        .max_by_key(|p| p.metadata().unwrap().len())
        .unwrap();
    let bytes = std::fs::read(long).unwrap();
    std::fs::write(long, &bytes[..20 + 3 * (65_536 + 16)]).unwrap();
    let read = files::read(&t.files, &t.world, &found[1], files::FILE_MAX).await;
    assert!(matches!(read, Err(Failed::Broken(_))));
    let found_out = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!(
        (found_out.files, found_out.cut.as_slice()),
        (2, [found[1].id].as_slice())
    );
    // gone: an error page, no half answer
    for path in &paths {
        std::fs::remove_file(path).unwrap();
    }
    guest
        .get(&format!("/probe/dateien/{}", found[0].id))
        .await
        .expect(500);
    let found_out = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!(found_out.missing.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_files_bytes_are_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let t = probe::app_with(Store::new(Place::disk(folder.path()).unwrap())).await;
    let mut guest = t.guest();
    let found = sent(&t, &mut guest, &[("a.txt", b"eins"), ("b.txt", b"zwei")]).await;
    let paths = all_files(folder.path());
    std::fs::copy(&paths[0], &paths[1]).unwrap();
    let mut good = 0;
    for file in &found {
        let read = files::read(&t.files, &t.world, file, 100).await;
        good += usize::from(read.is_ok());
    }
    assert_eq!(good, 1);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_holds_all_that_is_named() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let t = probe::app_with(Store::new(Place::disk(one.path()).unwrap())).await;
    let mut guest = t.guest();
    sent(&t, &mut guest, &[("a.txt", b"eins"), ("b.txt", b"zwei")]).await;
    t.run_jobs().await;
    let copy = Place::disk(two.path()).unwrap();
    let copied = files::copy(t.db(), t.files.place(), &copy).await.unwrap();
    assert_eq!((copied.files, copied.missing.len()), (2, 0));
    let store = Store::new(copy);
    for file in stored(&t).await {
        assert!(files::read(&store, &t.world, &file, 10).await.is_ok());
    }
    // what is there is not copied again; what is missing is named
    std::fs::remove_dir_all(
        one.path().join(
            all_files(one.path())[0]
                .parent()
                .unwrap()
                .file_name()
                .unwrap(),
        ),
    )
    .unwrap();
    assert_eq!(
        files::copy(t.db(), t.files.place(), store.place())
            .await
            .unwrap()
            .files,
        2
    );
    let three = tempfile::tempdir().unwrap();
    let third = Place::disk(three.path()).unwrap();
    let copied = files::copy(t.db(), t.files.place(), &third).await.unwrap();
    assert!(!copied.missing.is_empty());
}

#[test]
fn places_are_told_by_their_words() {
    let none = Secret::new("");
    for bad in ["", "files", "s3://", "http://x", "s3://b?where=x"] {
        assert!(Place::open(bad, "", &none).is_err(), "{bad}");
    }
    assert!(Place::open("s3://b/p?region=eu-central-1", "a", &none).is_ok());
}

/// The bucket of a real server, when `cargo xtask test` or somebody else has started one.
fn bucket() -> Option<String> {
    std::env::var("TRESEN_TEST_S3").ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_bucket_files_are_stored_read_and_deleted() {
    let Some(url) = bucket() else {
        return testkit::not_run("TRESEN_TEST_S3 names no bucket");
    };
    let place = Place::open(&url, "test", &Secret::new("test")).unwrap();
    let t = probe::app_with(Store::new(place)).await;
    let mut guest = t.guest();
    let big: Vec<u8> = (0..12_000_000u32).map(|n| (n % 251) as u8).collect();
    let found = sent(&t, &mut guest, &[("a.txt", b"eins"), ("b.bin", &big)]).await;
    t.run_jobs().await;
    let answer = guest
        .get(&format!("/probe/dateien/{}", found[1].id))
        .await
        .expect(200);
    assert!(answer.bytes == big);
    let whole = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!(
        (whole.files, whole.missing.len(), whole.cut.len()),
        (2, 0, 0)
    );
    let ctx = t.ctx(kernel::Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    files::remove(&mut tx, &ctx, found[0].id).await.unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    let whole = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!((whole.files, whole.missing.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_away_is_told_and_nothing_is_lost() {
    // nobody listens there
    let gone = "s3://files?endpoint=http://127.0.0.1:9";
    let place = Place::open(gone, "test", &Secret::new("test")).unwrap();
    let mut t = probe::app_with(Store::new(place)).await;
    t.leave_jobs();
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    let bad = guest
        .send_files(
            &form,
            &[("story", "Ein langer Text")],
            &[("a.txt", b"eins")],
        )
        .await
        .expect(422);
    assert!(bad.says("nicht gespeichert werden"), "{}", bad.text());
    assert!(bad.html.contains("Ein langer Text"));
    // one that was stored before
    let memory = Store::memory();
    let ctx = t.ctx(kernel::Actor::System);
    let up = files::take(&memory, t.db(), &ctx, files::By::System, "a.txt", b"eins")
        .await
        .unwrap();
    let mut tx = t.db().begin().await.unwrap();
    files::attach(&mut tx, &ctx, None, &[up.id], probe::OWNER)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let away = guest
        .get(&format!("/probe/dateien/{}", up.id))
        .await
        .expect(503);
    assert!(away.says("Es ist nichts verloren"), "{}", away.text());
    assert!(away.headers.contains_key("retry-after"));
}
