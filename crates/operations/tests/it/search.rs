//! The search over everything, and the start page.

use crate::app;

#[tokio::test(flavor = "multi_thread")]
async fn desk_3_the_search_finds_customers_and_only_for_those_who_may() {
    let t = app().await;
    let mut sven = t.sven().await;
    assert!(
        sven.get("/desk/suche")
            .await
            .expect(200)
            .says("Geben Sie ein")
    );
    for typed in ["adler", "K-10001", "anna%40adler", "Anna+A"] {
        let page = sven
            .get(&format!("/desk/suche?suche={typed}"))
            .await
            .expect(200);
        assert!(page.says("Anna Adler"), "{typed}");
        assert!(
            !page
                .links(&format!("/desk/kunden/{}", t.cast.annas))
                .is_empty(),
            "{typed}"
        );
    }
    for typed in ["xyzxyz", "%F0%9F%98%80", "' OR 1=1 --"] {
        let page = sven
            .get(&format!("/desk/suche?suche={}", typed.replace(' ', "+")))
            .await
            .expect(200);
        assert!(page.says("Nichts gefunden."), "{typed}");
    }
    let page = sven.get("/desk/suche?suche=%E2%80%8B").await.expect(200);
    assert!(page.says("Geben Sie ein"));
    t.guest().get("/desk/suche?suche=adler").await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_2_the_start_page_shows_what_one_may_see() {
    let t = app().await;
    let page = t.ada().await.get("/desk").await.expect(200);
    assert!(
        page.says("Guten Tag, Ada Admin.")
            && page.says("Vorgänge gescheitert")
            && page.says("Zuletzt geschehen")
    );
    let page = t.sven().await.get("/desk").await.expect(200);
    assert!(page.says("E-Mails nicht zustellbar") && !page.says("Vorgänge gescheitert"));
    t.guest().get("/desk").await.expect(303);
}
