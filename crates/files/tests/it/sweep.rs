//! What was sent and never belonged to anything.

use crate::probe::{self, rows, sent, stored};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(flavor = "multi_thread")]
async fn abuse_upload_then_delete_is_swept_after_a_day() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let form = guest.get("/probe").await.form_with("story");
    guest
        .send_files(&form, &[("story", "")], &[("a.txt", b"eins")])
        .await
        .expect(422);
    let attached = sent(&t, &mut guest, &[("b.txt", b"zwei")]).await;
    t.run_jobs().await;
    assert_eq!(rows(&t).await, 2);
    t.wait(23 * HOUR);
    t.run_jobs().await;
    assert_eq!(rows(&t).await, 2);
    t.wait(2 * HOUR);
    t.run_jobs().await;
    t.run_jobs().await;
    assert_eq!(rows(&t).await, 1);
    assert_eq!(stored(&t).await[0].id, attached[0].id);
    let whole = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!((whole.files, whole.missing.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_upload_then_delete_one_sender_leaves_only_so_much() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let names: Vec<String> = (0..10).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), b"x".as_slice()))
        .collect();
    for _ in 0..6 {
        let form = guest.get("/probe").await.form_with("story");
        guest
            .send_files(&form, &[("story", "")], &many)
            .await
            .expect(422);
    }
    // a new cookie helps nobody: guests are counted by their network
    let mut other = t.guest();
    let form = other.get("/probe").await.form_with("story");
    let full = other
        .send_files(&form, &[("story", "Hallo")], &[("a.txt", b"x")])
        .await
        .expect(422);
    assert!(full.says("sehr viele Dateien"), "{}", full.text());
    assert_eq!(rows(&t).await, 60);
    // without files it goes on
    other
        .send_files(&form, &[("story", "Hallo")], &[])
        .await
        .leads_to("/probe/liste");
    // and somebody who is known is not stopped by them
    let mut anna = t.anna().await;
    sent(&t, &mut anna, &[("a.txt", b"x")]).await;
    t.wait(25 * HOUR);
    sent(&t, &mut guest, &[("a.txt", b"x")]).await;
    t.run_jobs().await;
}
