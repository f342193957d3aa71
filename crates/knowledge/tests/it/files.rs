//! Pictures and files of articles.

use crate::{app, file, import};
use kernel::Actor;
use testkit::{Client, TestApp};

/// One grey point.
#[rustfmt::skip]
const PNG: [u8; 70] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01,
    0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41,
    0x54, 0x78, 0xda, 0x63, 0x64, 0x60, 0xf8, 0x5f, 0x0f, 0x00, 0x02, 0x87, 0x01, 0x80, 0xeb, 0x47, 0xba, 0x92, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

const ARTICLE: &str = "/wissen/artikel/einrichten";

/// A published article with a picture and a file; gives its page at the desk.
async fn illustrated(t: &TestApp) -> String {
    let text = "![Das Menü](<Bild 1.png>)\n\nAlles steht [im Plan](plan.txt).\n\n![fremd](https://evil.test/a.png)";
    import(
        t,
        &[file("e-mail/einrichten.de.md", "title: Einrichten", text)],
    )
    .await;
    let mut ada = t.ada().await;
    let list = ada.get("/desk/wissen").await.expect(200);
    let one = list.link("/desk/wissen/artikel/");
    let form = ada
        .get(&format!("{one}/dateien"))
        .await
        .expect(200)
        .form_with("files");
    let files: [(&str, &[u8]); 2] = [("Bild 1.png", &PNG), ("plan.txt", b"Erst dies, dann das.")];
    ada.send_files(&form, &[], &files)
        .await
        .leads_to(&format!("{one}/dateien"));
    t.run_jobs().await;
    one
}

/// The picture's address as it stands in the article.
async fn picture(client: &mut Client) -> String {
    let page = client.get(ARTICLE).await.expect(200);
    let (_, rest) = page.html.split_once("<img src=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn placed(t: &TestApp, one: &str, state: &str, audience: &str) {
    let fill = [("state", state), ("audience", audience)];
    t.ada().await.fill(one, &fill).await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_pictures_stand_in_the_text_and_files_below_it() {
    let t = app().await;
    let one = illustrated(&t).await;
    let mut guest = t.guest();
    let page = guest.get(ARTICLE).await.expect(200);
    assert_eq!(page.html.matches("<img").count(), 1, "{}", page.html);
    assert!(page.html.contains("alt=\"Das Menü\"") && page.says("fremd"));
    assert!(
        !page.html.contains("evil.test"),
        "nothing comes from elsewhere"
    );
    assert!(page.says("Dateien") && page.says("plan.txt") && !page.says("Bild 1.png"));
    assert!(page.queries <= 6, "{} statements", page.queries);
    let shown = picture(&mut guest).await;
    assert!(
        shown.starts_with("/wissen/dateien/") && shown.ends_with("?bild=ja"),
        "{shown}"
    );
    let answer = guest.get(&shown).await.expect(200);
    let kind = answer.headers["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("image/"), "{kind}");
    assert_ne!(answer.bytes, PNG, "drawn anew");
    let plan = page.link("/wissen/dateien/");
    let answer = guest.get(&plan).await.expect(200);
    assert_eq!(answer.bytes, b"Erst dies, dann das.");
    assert!(
        answer.headers["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    assert!(
        guest
            .get(&format!("{ARTICLE}/drucken"))
            .await
            .html
            .contains("<img")
    );
    // the desk says what to write
    let list = t
        .sven()
        .await
        .get(&format!("{one}/dateien"))
        .await
        .expect(200);
    assert!(
        list.says("![…](<Bild 1.png>)") && list.says("[…](plan.txt)"),
        "{}",
        list.text()
    );
    assert!(
        list.forms().iter().all(|form| !form.multipart),
        "sven reads only"
    );
    let acts = t.acts(None).await;
    assert!(acts.contains(&"article.filed".to_owned()), "{acts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lesson_33_a_picture_is_for_those_who_may_read_the_article() {
    let t = app().await;
    let one = illustrated(&t).await;
    let (mut guest, mut anna) = (t.guest(), t.anna().await);
    let shown = picture(&mut guest).await;
    placed(&t, &one, "published", "customers").await;
    guest.get(&shown).await.expect(404);
    anna.get(&shown).await.expect(200);
    for (state, audience) in [
        ("published", "staff"),
        ("draft", "public"),
        ("archived", "public"),
    ] {
        placed(&t, &one, state, audience).await;
        guest.get(&shown).await.expect(404);
        anna.get(&shown).await.expect(404);
        let at_desk = format!("/desk{shown}");
        t.sven().await.get(&at_desk).await.expect(200);
        guest.get(&at_desk).await.expect(303);
    }
    placed(&t, &one, "published", "public").await;
    guest.get(&shown).await.expect(200);
    // taken away it is gone for all
    let mut ada = t.ada().await;
    let page = format!("{one}/dateien");
    let form = ada
        .get(&page)
        .await
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/entfernen"))
        .unwrap();
    ada.send_form(&form, &[]).await.leads_to(&page);
    guest.get(&shown).await.expect(404);
    let text = guest.get(ARTICLE).await.expect(200);
    assert!(
        text.says("Das Menü") && !text.html.contains("<img"),
        "its words stand in its place"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_only_files_of_articles_come_through_this_door() {
    let t = app().await;
    let one = illustrated(&t).await;
    let ctx = t.ctx(Actor::System);
    let sent = files::take(
        &t.files,
        t.db(),
        &ctx,
        files::By::System,
        "geheim.txt",
        b"x",
    )
    .await
    .unwrap();
    let path = format!("/wissen/dateien/{}", sent.id);
    t.guest().get(&path).await.expect(404);
    let mut tx = t.db().begin().await.unwrap();
    let owner = files::Owner::new("ticket", ctx.id::<kernel::CustomerId>().0);
    files::attach(&mut tx, &ctx, None, &[sent.id], owner)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.guest().get(&path).await.expect(404);
    t.ada().await.get(&format!("/desk{path}")).await.expect(404);
    // no file chosen, no right, no such article
    let mut ada = t.ada().await;
    let form = ada.get(&format!("{one}/dateien")).await.form_with("files");
    let none = ada.send_files(&form, &[], &[]).await.expect(422);
    assert!(
        none.says("Bitte wählen Sie eine Datei aus."),
        "{}",
        none.text()
    );
    let page = ada.get(&format!("{one}/dateien")).await.expect(200);
    let remove = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/entfernen"))
        .unwrap();
    let mut sven = t.sven().await;
    sven.send("POST", &remove.action, Some(Vec::new()))
        .await
        .expect(403);
    sven.send("POST", &form.action, Some(Vec::new()))
        .await
        .expect(403);
}
