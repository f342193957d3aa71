//! The legal pages, as a visitor sees them.

use legal::Documents;
use std::any::Any;
use std::sync::Arc;
use testkit::{Client, TestApp};

async fn portal(documents: Documents) -> TestApp {
    let state: Vec<Arc<dyn Any + Send + Sync>> = vec![Arc::new(documents)];
    TestApp::with(vec![legal::module()], state).await
}

async fn title(client: &mut Client, path: &str) -> String {
    let answer = client.get(path).await.expect(200);
    assert!(answer.html.contains("<article class=\"prose\""), "{path}");
    let (_, rest) = answer.html.split_once("<h1>").expect("a heading");
    rest.split("</h1>").next().expect("its end").to_owned()
}

const PAGES: [(&str, &str, &str); 5] = [
    ("/impressum", "Impressum", "Imprint"),
    ("/datenschutz", "Hinweise zum Datenschutz", "Privacy notice"),
    (
        "/agb",
        "Allgemeine Geschäftsbedingungen",
        "Terms and conditions",
    ),
    ("/widerruf", "Widerrufsbelehrung", "Right of withdrawal"),
    ("/barrierefreiheit", "Barrierefreiheit", "Accessibility"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn law_1_documents_are_read_without_signing_in_in_both_languages() {
    let app = portal(Documents::load(None).unwrap()).await;
    for (path, german, english) in PAGES {
        let mut guest = app.guest();
        assert_eq!(title(&mut guest, path).await, german);
        assert!(guest.cookies.is_empty(), "{path} needs no cookie");
        guest
            .headers
            .push(("accept-language".into(), "en-GB,en;q=0.8".into()));
        assert_eq!(title(&mut guest, path).await, english);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn law_1_every_page_links_to_all_documents() {
    let app = portal(Documents::load(None).unwrap()).await;
    let mut anna = app.anna().await;
    for path in ["/impressum", "/registrieren", "/gibt-es-nicht"] {
        for answer in [app.guest().get(path).await, anna.get(path).await] {
            for (document, ..) in PAGES {
                assert!(
                    !answer.links(document).is_empty(),
                    "{path}: no link to {document}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn law_1_samples_say_that_they_are_samples() {
    let app = portal(Documents::load(None).unwrap()).await;
    assert!(
        app.guest()
            .get("/agb")
            .await
            .expect(200)
            .says("Dies ist ein Mustertext.")
    );

    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("de")).unwrap();
    std::fs::write(
        dir.path().join("de/agb.md"),
        "# Unsere AGB\n\nKurz & gut.\n",
    )
    .unwrap();
    let app = portal(Documents::load(Some(dir.path())).unwrap()).await;
    let own = app.guest().get("/agb").await.expect(200);
    assert!(own.says("Unsere AGB") && own.says("Kurz & gut.") && !own.says("Mustertext"));
    assert!(
        app.guest()
            .get("/impressum")
            .await
            .expect(200)
            .says("Mustertext")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn law_1_a_text_in_one_language_says_so_in_the_other() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("de")).unwrap();
    std::fs::write(dir.path().join("de/agb.md"), "# Unsere AGB\n\nText.\n").unwrap();
    let app = portal(Documents::load(Some(dir.path())).unwrap()).await;
    let mut guest = app.guest();
    guest.headers.push(("accept-language".into(), "en".into()));
    let page = guest.get("/agb").await.expect(200);
    assert!(page.html.contains("<article class=\"prose\" lang=\"de\">"));
    assert!(page.says("This text is available in German only."));
}
