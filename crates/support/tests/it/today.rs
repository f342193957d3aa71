//! What the desk's start page shows of tickets (DESK-2).

use crate::{at_desk, write};
use std::sync::Arc;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn desk_2_the_start_page_shows_what_is_due_and_both_charts_with_their_tables() {
    let t = TestApp::with(
        vec![operations::module(), knowledge::module(), support::module()],
        vec![Arc::new(knowledge::Shelf::in_memory())],
    )
    .await;
    let (mut anna, mut sven, mut ada) = (t.anna().await, t.sven().await, t.ada().await);
    let first = write(&mut anna, "Wartet schon").await;
    let page = sven.get("/desk").await.expect(200);
    assert!(page.says("Tickets nach Stand") && page.says("noch nichts beantwortet"));
    sven.fill(&at_desk(&first), &[("text", "Bitte sehr.")])
        .await
        .expect(303);
    let next = write(&mut anna, "Noch eine Frage").await;
    t.run_jobs().await;
    // overdue by now
    t.wait(std::time::Duration::from_secs(5 * 86400));
    let mut sven = t.sven().await;
    let page = sven.get("/desk").await.expect(200);
    for words in [
        "Heute fällig",
        "Noch eine Frage",
        "Überfällig",
        "Tickets nach Stand",
        "Zeit bis zur Antwort",
        "Zahlen als Tabelle",
    ] {
        assert!(page.says(words), "{words}");
    }
    assert!(!page.says("Wartet schon"));
    assert!(page.html.contains(&at_desk(&next)));
    assert_eq!(page.html.matches("<svg class=\"chart-bar\"").count(), 4);
    assert!(page.html.contains("<figure class=\"chart\">"));
    // everything that a page may show stands on this one, and it stays within its statements
    let mut ada_now = t.ada().await;
    ada_now.get("/desk").await.expect(200);
    ada.get("/desk").await;
    t.run_jobs().await;
}
