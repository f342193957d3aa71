//! Articles offered to somebody who writes to us.

use crate::app;
use kernel::{Actor, Locale};
use testkit::{Answer, TestApp};

/// Two published articles: one for all, one for staff.
async fn filled() -> TestApp {
    let t = app().await;
    let ctx = t.ctx(Actor::System);
    let file = |path: &str, head: &str| {
        let text = format!("---\n{head}\n---\n\nSchritt für Schritt.\n");
        (path.to_owned(), text)
    };
    let files = [
        file(
            "e-mail/postfach.de.md",
            "title: Postfach ist voll: was tun?\nsummary: Wie Sie Platz schaffen.",
        ),
        file(
            "e-mail/intern.de.md",
            "title: Postfach intern verschieben\naudience: staff",
        ),
    ];
    let mut tx = t.db().begin().await.unwrap();
    knowledge::transfer::import(&mut tx, &ctx, &files)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t
}

fn text_of(page: &Answer) -> String {
    let form = page.form_with("text");
    let text = form.fields.into_iter().find(|(name, _)| name == "text");
    text.unwrap().1
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_fitting_articles_are_offered_without_a_script() {
    let t = filled().await;
    let mut anna = t.anna().await;
    let page = anna.get("/nachrichten/neu").await.expect(200);
    assert!(page.says("Passende Artikel suchen"));
    let form = page.form_with("text");
    let text = "  Mein Postfach ist voll\n\nNeues kommt nicht mehr an.";
    let asked = anna
        .send_form(&form, &[("text", text), ("vorschlaege", "1")])
        .await
        .expect(200);
    assert!(
        asked.says("Ein passender Artikel") && asked.says("Postfach ist voll: was tun?"),
        "{}",
        asked.text()
    );
    assert!(asked.says("Wie Sie Platz schaffen.") && !asked.says("intern verschieben"));
    assert_eq!(text_of(&asked), text, "the text stays as it was typed");
    // an article opens beside the form
    assert!(
        asked
            .html
            .contains("href=\"/wissen/artikel/postfach\" target=\"_blank\""),
        "{}",
        asked.html
    );
    assert!(
        anna.get("/nachrichten")
            .await
            .expect(200)
            .links("/nachrichten/0")
            .is_empty(),
        "nothing was sent"
    );
    // and now it is
    let sent = anna
        .send_form(&asked.form_with("text"), &[])
        .await
        .expect(303);
    assert!(sent.location().starts_with("/nachrichten/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_without_an_article_the_page_says_so_and_asks_for_the_text() {
    let t = filled().await;
    let mut anna = t.anna().await;
    for text in ["Xylophon", "", "  \n", "ab"] {
        let page = anna
            .fill("/nachrichten/neu", &[("text", text), ("vorschlaege", "1")])
            .await
            .expect(200);
        assert!(
            page.says("Dazu haben wir keinen Artikel."),
            "{text}: {}",
            page.text()
        );
    }
    let mut english = t.anna().await;
    english
        .headers
        .push(("accept-language".into(), Locale::En.as_str().into()));
    english.get("/nachrichten/neu").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_script_asks_with_the_token_of_the_form() {
    let t = filled().await;
    let mut anna = t.anna().await;
    let page = anna.get("/nachrichten/neu").await.expect(200);
    assert!(
        page.html
            .contains("data-offer=\"/wissen/vorschlaege\" data-offer-field=\"text\"")
    );
    let mut form = page.form_with("text");
    form.action = "/wissen/vorschlaege".into();
    form.fields.retain(|(name, _)| name == "csrf");
    let part = anna
        .send_form(&form, &[("subject", "Postfach voll"), ("teil", "1")])
        .await
        .expect(200);
    assert!(part.says("Postfach ist voll: was tun?") && !part.html.contains("<html"));
}
