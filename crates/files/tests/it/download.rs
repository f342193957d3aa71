//! What goes out: to nobody but those who may, and so that no browser runs it.

use crate::probe::{self, sent, stored};
use files::{FileId, Owner, Picture};

/// One pixel.
const PNG: &[u8] = &[
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0,
    0, 0, 144, 119, 83, 222, 0, 0, 0, 12, 73, 68, 65, 84, 120, 156, 99, 80, 112, 72, 0, 0, 1, 68,
    0, 193, 11, 141, 150, 66, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

#[tokio::test(flavor = "multi_thread")]
async fn abuse_svg_attachment_and_sniffing_nothing_runs() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let gifar = [
        b"GIF89a\x01\0\x01\0".as_slice(),
        b"PK\x03\x04 und ein Archiv dahinter",
    ]
    .concat();
    let found = sent(
        &t,
        &mut guest,
        &[
            (
                "bild.svg",
                b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            ),
            ("harmlos.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
            ("a.gif", &gifar),
            ("b.pdf", b"%PDF-1.7 /JS (app.alert(1))"),
            ("c.html", b"nur Text"),
        ],
    )
    .await;
    let served = [
        "application/octet-stream",
        "application/octet-stream",
        "image/gif",
        "application/pdf",
        "text/plain; charset=utf-8",
    ];
    for (file, kind) in found.iter().zip(served) {
        let answer = guest
            .get(&format!("/probe/dateien/{}", file.id))
            .await
            .expect(200);
        let header = |name: &str| answer.headers[name].to_str().unwrap();
        assert_eq!(header("content-type"), kind, "{}", file.name);
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-disposition").starts_with("attachment;"));
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
        );
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("content-length"), file.size.to_string());
        assert_eq!(answer.bytes.len(), file.size as usize);
    }
    // what is no picture is not shown as one
    t.run_jobs().await;
    guest
        .get(&format!("/probe/dateien/{}?bild=ja", found[0].id))
        .await
        .expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_shown_as_they_were_drawn_anew() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let hidden = b"<script>alert(1)</script>";
    let polyglot = [PNG, hidden].concat();
    let mut bomb = PNG.to_vec();
    bomb[16..24].copy_from_slice(&[0, 0, 0xfd, 0xe8, 0, 0, 0xfd, 0xe8]);
    let found = sent(
        &t,
        &mut guest,
        &[("Bild.png", &polyglot), ("bombe.png", &bomb)],
    )
    .await;
    let path = format!("/probe/dateien/{}?bild=ja", found[0].id);
    guest.get(&path).await.expect(404);
    t.run_jobs().await;
    let found = stored(&t).await;
    assert_eq!(
        (found[0].picture, found[1].picture),
        (Picture::Ready, Picture::Refused)
    );
    let shown = guest.get(&path).await.expect(200);
    assert_eq!(shown.headers["content-type"], "image/png");
    assert!(
        shown.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("inline;")
    );
    assert_eq!(
        shown.headers["content-security-policy"],
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    );
    assert!(!shown.bytes.windows(hidden.len()).any(|w| w == hidden));
    // as it was sent, to be kept
    let whole = guest
        .get(&format!("/probe/dateien/{}", found[0].id))
        .await
        .expect(200);
    assert!(whole.bytes == polyglot);
    let list = guest.get("/probe/liste").await.expect(200);
    assert!(list.html.contains("<img") && list.says("Bild.png"));
    guest
        .get(&format!("/probe/dateien/{}?bild=ja", found[1].id))
        .await
        .expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_7_a_strangers_file_is_not_found() {
    let t = probe::app().await;
    let ctx = t.ctx(kernel::Actor::User(t.cast.anna));
    let up = files::take(
        &t.files,
        t.db(),
        &ctx,
        files::By::User(t.cast.anna),
        "a.txt",
        b"geheim",
    )
    .await
    .unwrap();
    let mut guest = t.guest();
    // what belongs to nothing is nobody's
    guest
        .get(&format!("/probe/dateien/{}", up.id))
        .await
        .expect(404);
    let mut tx = t.db().begin().await.unwrap();
    files::attach(&mut tx, &ctx, Some(t.cast.annas), &[up.id], probe::OWNER)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // a customer's is no guest's, and no other customer's
    guest
        .get(&format!("/probe/dateien/{}", up.id))
        .await
        .expect(404);
    let mut tx = t.db().read().await.unwrap();
    assert!(
        files::find(&mut tx, Some(t.cast.annas), up.id)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        files::find(&mut tx, Some(t.cast.fremds), up.id)
            .await
            .unwrap()
            .is_none()
    );
    drop(tx);
    // and it belongs to one thing only
    let mut tx = t.db().begin().await.unwrap();
    let other = Owner::new("other", kernel::Uuid::from_u128(9));
    let refused = files::attach(&mut tx, &ctx, Some(t.cast.fremds), &[up.id], other).await;
    assert!(matches!(refused, Err(db::Error::Missing)));
    drop(tx);
    for bad in ["0190", "../../etc/passwd", "%2e%2e%2f", "%00"] {
        let status = guest
            .get(&format!("/probe/dateien/{bad}"))
            .await
            .status
            .as_u16();
        assert!(matches!(status, 400 | 404), "{bad}: {status}");
    }
    let unknown = FileId(t.world.uuid());
    guest
        .get(&format!("/probe/dateien/{unknown}"))
        .await
        .expect(404);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_go_where_their_thing_goes() {
    let t = probe::app().await;
    let mut guest = t.guest();
    let found = sent(&t, &mut guest, &[("a.txt", b"eins"), ("b.txt", b"zwei")]).await;
    let ctx = t.ctx(kernel::Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    files::hand_over(&mut tx, probe::OWNER, t.cast.annas)
        .await
        .unwrap();
    assert!(
        files::find(&mut tx, Some(t.cast.annas), found[0].id)
            .await
            .unwrap()
            .is_some()
    );
    let other = Owner::new("probe", kernel::Uuid::from_u128(8));
    files::move_to(&mut tx, probe::OWNER, other, Some(t.cast.annas))
        .await
        .unwrap();
    assert_eq!(files::of(&mut tx, other).await.unwrap().len(), 2);
    assert!(files::of(&mut tx, probe::OWNER).await.unwrap().is_empty());
    assert!(files::remove(&mut tx, &ctx, found[0].id).await.unwrap());
    assert!(!files::remove(&mut tx, &ctx, found[0].id).await.unwrap());
    tx.commit().await.unwrap();
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"file.removed".to_owned())
    );
    t.run_jobs().await;
    let whole = files::missing(t.db(), t.files.place()).await.unwrap();
    assert_eq!((whole.files, whole.missing.len()), (1, 0));
}
