use crate::{app, full};
use testkit::TestApp;

async fn written(t: &TestApp) -> String {
    let fill = [
        ("title", "Umlaute in Dateinamen"),
        ("summary", "Warum die Datei anders heißt."),
        ("body", "## Warum\n\nText & <b>mehr</b>"),
        ("keywords", "UTF-8"),
    ];
    let mut ada = t.ada().await;
    let answer = ada.fill("/desk/wissen/neu", &fill).await.expect(303);
    answer.location().to_owned()
}

async fn folder(t: &TestApp) -> String {
    let mut ada = t.ada().await;
    ada.fill(
        "/desk/wissen/ordner/neu",
        &[("name_de", "Größe & mehr"), ("name_en", "Size")],
    )
    .await
    .expect(303);
    let list = ada.get("/desk/wissen/ordner").await.expect(200);
    let link = list
        .links("/desk/wissen/ordner/")
        .into_iter()
        .find(|link| !link.contains("neu"))
        .unwrap();
    link.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_from_draft_to_published() {
    let t = app().await;
    let one = written(&t).await;
    let mut ada = t.ada().await;
    let page = ada.get(&one).await.expect(200);
    assert!(
        page.says("Entwurf") && page.says("Text & <b>mehr</b>"),
        "HTML stands as text: {}",
        page.html
    );
    let slug = "/wissen/artikel/umlaute-in-dateinamen";
    t.guest().get(slug).await.expect(404);
    let missing = ada
        .fill(&one, &[("state", "published"), ("audience", "public")])
        .await
        .expect(422);
    assert!(missing.says("Bitte wählen Sie einen Ordner"));
    let folder = folder(&t).await;
    let fill = [
        ("state", "published"),
        ("audience", "public"),
        ("folder", &folder),
        ("categories", "Dateien, FTP"),
    ];
    ada.fill(&one, &fill).await.leads_to(&one);
    let page = t.guest().get(slug).await.expect(200);
    assert!(
        page.says("Größe & mehr") && page.says("Dateien"),
        "{}",
        page.text()
    );
    assert!(
        t.guest()
            .get("/wissen/kategorie/ftp")
            .await
            .says("Umlaute in Dateinamen")
    );
    assert!(
        t.guest()
            .get("/wissen/ordner/groesse-mehr")
            .await
            .says("Umlaute in Dateinamen")
    );
    ada.fill(&one, &[("state", "archived"), ("audience", "public")])
        .await
        .expect(303);
    t.guest().get(slug).await.expect(404);
    let acts = t.acts(None).await;
    for act in [
        "article.created",
        "article.placed",
        "folder.added",
        "category.added",
    ] {
        assert!(acts.iter().any(|done| done == act), "{act}: {acts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_the_preview_needs_no_script_and_saves_nothing() {
    let t = app().await;
    let mut ada = t.ada().await;
    let fill = [
        ("title", "Probe"),
        ("body", "## Eins\n\n<script>x</script>"),
        ("vorschau", "1"),
    ];
    let page = ada.fill("/desk/wissen/neu", &fill).await.expect(200);
    assert!(page.html.contains("<h2 id=\"abschnitt-eins\">Eins</h2>") && page.says("Vorschau"));
    assert!(!page.html.contains("<script>x"));
    assert!(
        page.form_with("body")
            .fields
            .iter()
            .any(|(name, value)| name == "body" && value.contains("## Eins"))
    );
    assert!(
        ada.get("/desk/wissen")
            .await
            .says("Es gibt noch keinen Artikel.")
    );
    // and then it is saved
    let form = page.form_with("body");
    let saved = ada.send_form(&form, &[]).await.expect(303);
    assert!(saved.location().starts_with("/desk/wissen/artikel/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_versions_differ_and_come_back() {
    let t = app().await;
    let one = written(&t).await;
    let mut ada = t.ada().await;
    let text = format!("{one}/text?sprache=de");
    ada.fill(&text, &[("body", "## Warum\n\nGanz anders")])
        .await
        .expect(303);
    let list = ada.get(&format!("{one}/versionen")).await.expect(200);
    assert!(list.says("Version 1") && list.says("Version 2") && list.says("Ada Admin"));
    let compare = list.link(&format!("{one}/vergleich"));
    let page = ada.get(&compare).await.expect(200);
    assert!(
        page.html
            .contains("<del>Text &amp; &lt;b&gt;mehr&lt;/b&gt;</del>"),
        "{}",
        page.html
    );
    assert!(page.html.contains("<ins>Ganz anders</ins>"));
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.contains("/zurueck"))
        .unwrap();
    ada.send_form(&form, &[("version", "1")]).await.expect(303);
    let page = ada.get(&one).await;
    assert!(page.says("Text & <b>mehr</b>"));
    assert!(
        ada.get(&format!("{one}/versionen")).await.says("Version 3"),
        "nothing is lost by going back"
    );
    ada.get(&format!("{one}/vergleich?sprache=de&von=1&bis=9"))
        .await
        .expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_two_editors_do_not_overwrite_each_other() {
    let t = app().await;
    let one = written(&t).await;
    let text = format!("{one}/text?sprache=de");
    let (mut ada, mut other) = (t.ada().await, t.ada().await);
    let (mine, theirs) = (
        ada.get(&text).await.form_with("body"),
        other.get(&text).await.form_with("body"),
    );
    ada.send_form(&mine, &[("body", "Meins")]).await.expect(303);
    let refused = other
        .send_form(&theirs, &[("body", "Ihres")])
        .await
        .expect(422);
    assert!(refused.says("Jemand hat diesen Artikel inzwischen geändert") && refused.says("Ihres"));
    let again = refused.form_with("body");
    other.send_form(&again, &[]).await.expect(303);
    assert!(ada.get(&one).await.says("Ihres"));
    assert!(ada.get(&format!("{one}/versionen")).await.says("Version 3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_a_language_goes_stale_when_the_other_changes() {
    let t = app().await;
    let one = written(&t).await;
    let mut ada = t.ada().await;
    let (de, en) = (
        format!("{one}/text?sprache=de"),
        format!("{one}/text?sprache=en"),
    );
    let page = ada.get(&en).await.expect(200);
    assert!(
        page.says("Die andere Sprache") && page.says("Umlaute in Dateinamen"),
        "the German text stands beside"
    );
    ada.fill(&en, &[("title", "Umlauts in file names"), ("body", "Text")])
        .await
        .expect(303);
    ada.fill(&de, &[("body", "Tippfehler weg"), ("minor", "on")])
        .await
        .expect(303);
    assert!(!ada.get("/desk/wissen?zustand=stale").await.says("Umlaute"));
    ada.fill(&de, &[("body", "Ganz neu")]).await.expect(303);
    let list = ada.get("/desk/wissen?zustand=stale").await.expect(200);
    assert!(
        list.says("Umlaute in Dateinamen") && list.says("EN · veraltet"),
        "{}",
        list.text()
    );
    // saved as it is, it counts as up to date again
    ada.fill(&en, &[("body", "Text")]).await.expect(303);
    assert!(!ada.get("/desk/wissen?zustand=stale").await.says("Umlaute"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_addresses_are_unique() {
    let t = full().await;
    let one = written(&t).await;
    let mut ada = t.ada().await;
    let taken = ada
        .fill(
            &one,
            &[
                ("state", "draft"),
                ("audience", "public"),
                ("slug", "Postfach voll"),
            ],
        )
        .await
        .expect(422);
    assert!(taken.says("Diese Adresse hat schon ein anderer Artikel."));
    let bad = ada
        .fill(&one, &[("state", "draft"), ("publish", "übermorgen")])
        .await
        .expect(422);
    assert!(bad.says("Bitte geben Sie einen Tag ein"));
    ada.fill(&one, &[("state", "draft"), ("publish", "24.12.2026 08:00")])
        .await
        .expect(303);
    assert!(ada.get(&one).await.html.contains("24.12.2026 08:00"));
    // the same title once more
    let again = written(&t).await;
    assert_ne!(one, again);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_a_folder_goes_when_it_is_empty() {
    let t = app().await;
    let folder = folder(&t).await;
    let one = written(&t).await;
    let mut ada = t.ada().await;
    ada.fill(
        &one,
        &[
            ("state", "draft"),
            ("audience", "staff"),
            ("folder", &folder),
        ],
    )
    .await
    .expect(303);
    let page = format!("/desk/wissen/ordner/{folder}");
    let refused = ada
        .press(&page, &format!("{page}/loeschen"))
        .await
        .expect(422);
    assert!(refused.says("In diesem Ordner liegen noch Artikel"));
    ada.fill(&one, &[("state", "draft"), ("folder", "")])
        .await
        .expect(303);
    ada.press(&page, &format!("{page}/loeschen"))
        .await
        .expect(303);
    ada.get(&page).await.expect(404);
    let twice = [("name_de", "FTP")];
    ada.fill("/desk/wissen/ordner/neu?art=category", &twice)
        .await
        .expect(303);
    assert!(
        ada.fill("/desk/wissen/ordner/neu?art=category", &twice)
            .await
            .expect(422)
            .says("gibt es schon")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_the_desk_filters_and_pages() {
    let t = full().await;
    let mut ada = t.ada().await;
    let page = ada.get("/desk/wissen").await.expect(200);
    assert_eq!(page.links("/desk/wissen/artikel/").len(), 25);
    let older = page.link("/desk/wissen?nach=");
    assert_eq!(
        ada.get(&older).await.links("/desk/wissen/artikel/").len(),
        7
    );
    assert!(ada.get("/desk/wissen?zustand=draft").await.says("Cronjobs"));
    let mails = ada.get("/desk/wissen?ordner=e-mail").await;
    assert_eq!(mails.links("/desk/wissen/artikel/").len(), 6);
    assert!(
        ada.get("/desk/wissen?suche=gibtesnicht")
            .await
            .says("Kein Artikel passt")
    );
    // everybody at the desk reads, also what is internal; writing takes the right
    let mut sven = t.sven().await;
    let list = sven.get("/desk/wissen?suche=Notfallplan").await.expect(200);
    let one = list.link("/desk/wissen/artikel/");
    let page = sven.get(&one).await.expect(200);
    assert!(
        page.says("Rufbereitschaft")
            && page
                .forms()
                .iter()
                .all(|form| !form.action.starts_with("/desk/wissen/artikel"))
    );
    sven.get(&format!("{one}/text?sprache=de"))
        .await
        .expect(403);
    sven.get("/desk/wissen/neu").await.expect(403);
}
