//! "Protokoll".

use crate::{app, queue};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_the_log_is_filtered() {
    let t = app().await;
    let (mut anna, mut ada) = (t.anna().await, t.ada().await);
    let mut address = anna
        .get("/konto/adressen/neu")
        .await
        .expect(200)
        .form_with("first_name");
    address
        .fields
        .retain(|(name, _)| name == "csrf" || name == "key" || name == "country");
    let fill = [
        ("first_name", "Anna"),
        ("last_name", "Adler"),
        ("street", "Weg 1"),
        ("postcode", "24105"),
        ("town", "Kiel"),
        ("city", "Kiel"),
    ];
    anna.send_form(&address, &fill).await.expect(303);
    for (query, found) in [
        ("", true),
        ("?was=address.", true),
        ("?was=message.", false),
        ("?wer=user", true),
        ("?wer=guest", false),
        ("?kunde=K-10001", true),
        ("?kunde=10002", false),
        ("?kunde=99999", false),
        ("?von=2026-11-02&bis=2026-11-02", true),
        ("?bis=2026-11-01", false),
        ("?von=2026-11-03", false),
        ("?von=gestern&bis=%00&nach=quatsch", true),
    ] {
        let page = ada
            .get(&format!("/desk/protokoll{query}"))
            .await
            .expect(200);
        // the word stands in the filter, too
        let rows = page.html.split("<tbody>").nth(1).unwrap_or_default();
        assert_eq!(
            rows.contains("Adresse angelegt") && rows.contains("Anna Adler"),
            found,
            "{query}"
        );
    }
    let page = ada.get("/desk/protokoll?was=message.").await.expect(200);
    assert!(page.says("Kein Eintrag passt."));
    let tab = format!("/desk/kunden/{}?reiter=log-nav", t.cast.annas);
    assert!(ada.get(&tab).await.expect(200).says("Adresse angelegt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_the_log_pages_by_key() {
    let t = app().await;
    for number in 0..30 {
        let id = queue(
            &t,
            t.cast.annas,
            "anna@adler.example",
            &format!("Mail {number}"),
        )
        .await;
        t.run_jobs().await;
        let mut tx = t.db().begin().await.unwrap();
        let ctx = kernel::Ctx::system(&t.world);
        mail::resend(&mut tx, &ctx, id).await.unwrap();
        tx.commit().await.unwrap();
        t.wait(Duration::from_secs(1));
    }
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let first = ada.get("/desk/protokoll?was=mail.").await.expect(200);
    let rows = |html: &str| html.matches("E-Mail noch einmal gesendet").count();
    assert_eq!(rows(&first.html), 25);
    let older = first
        .links("/desk/protokoll?")
        .into_iter()
        .find(|link| link.contains("nach="))
        .unwrap();
    assert_eq!(rows(&ada.get(&older).await.expect(200).html), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_only_those_with_the_right_see_the_log() {
    let t = app().await;
    t.sven().await.get("/desk/protokoll").await.expect(403);
    t.guest().get("/desk/protokoll").await.expect(303);
    let start = t.sven().await.get("/desk").await.expect(200);
    assert!(start.links("/desk/protokoll").is_empty());
}
