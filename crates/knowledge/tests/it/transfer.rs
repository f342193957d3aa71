use crate::{app, demo, file, full, import};
use knowledge::transfer::{self, File};
use testkit::TestApp;

async fn export(t: &TestApp) -> Vec<File> {
    let mut tx = t.db().read().await.unwrap();
    transfer::export(&mut tx).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_what_is_imported_is_exported_unchanged() {
    let t = full().await;
    assert_eq!(export(&t).await, demo());
    // once more changes nothing, in neither direction
    let before = t.acts(None).await.len();
    let report = import(&t, &demo()).await;
    assert_eq!((report.created, report.changed, report.same), (0, 0, 37));
    assert_eq!(t.acts(None).await.len(), before);
    // and into an empty house
    let other = app().await;
    import(&other, &export(&t).await).await;
    assert_eq!(export(&other).await, demo());
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_files_written_otherwise_come_out_as_they_were() {
    let t = app().await;
    let odd: File = (
        "e-mail/seltsam.de.md".into(),
        "\u{FEFF}---\r\nkeywords:  a, b\r\n\r\ntitle:Seltsam\r\n---\r\nZeile  \r\n\r\n\r\n".into(),
    );
    let no_end: File = (
        "e-mail/ohne.de.md".into(),
        "---\ntitle: Ohne Ende\n---\nText".into(),
    );
    let ours: File = (
        "e-mail/_ordner.md".into(),
        "---\nde: E-Mail\nposition: 0\n---\n".into(),
    );
    let left: File = ("e-mail/bild.png".into(), String::new());
    let report = import(&t, &[ours.clone(), odd.clone(), no_end.clone(), left]).await;
    assert_eq!(report.left_out, ["e-mail/bild.png"]);
    assert_eq!(export(&t).await, [ours, no_end, odd]);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_what_was_changed_at_the_desk_is_exported_as_it_is_now() {
    let t = full().await;
    let mut ada = t.ada().await;
    let list = ada.get("/desk/wissen?suche=Postfach").await.expect(200);
    let one = list.link("/desk/wissen/artikel/");
    ada.fill(
        &format!("{one}/text?sprache=de"),
        &[("body", "Kurz und gut.")],
    )
    .await
    .expect(303);
    let files = export(&t).await;
    let (_, text) = files
        .iter()
        .find(|(path, _)| path == "e-mail/postfach-voll.de.md")
        .unwrap();
    assert!(
        text.contains("title: Postfach ist voll: was tun?\n")
            && text.ends_with("---\n\nKurz und gut.\n"),
        "{text}"
    );
    let changed = files
        .iter()
        .zip(demo())
        .filter(|(now, before)| **now != *before)
        .count();
    assert_eq!(changed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_a_file_that_cannot_be_read_stops_the_import() {
    let t = app().await;
    let good = file("e-mail/gut.de.md", "title: Gut", "Text");
    let ctx = t.ctx(kernel::Actor::System);
    for (bad, why) in [
        (
            file("e-mail/Groß.de.md", "title: x", "Text"),
            "small letters",
        ),
        (file("e-mail/x.de.md", "titel: x", "Text"), "not known"),
        (
            file("e-mail/x.de.md", "title: x\nstate: fertig", "Text"),
            "draft, published",
        ),
    ] {
        let mut tx = t.db().begin().await.unwrap();
        let error = transfer::import(&mut tx, &ctx, &[good.clone(), bad])
            .await
            .unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(export(&t).await.is_empty());
}
