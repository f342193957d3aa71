//! "Protokoll".

use crate::{app, queue};
use db::audit::{Entry, record};
use kernel::Actor;
use serde_json::json;
use std::time::Duration;
use testkit::TestApp;

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

async fn act(
    t: &TestApp,
    actor: Actor,
    act: &'static str,
    subject: &'static str,
    id: &str,
    detail: serde_json::Value,
) {
    let entry = Entry {
        act,
        customer: Some(t.cast.annas),
        subject,
        subject_id: id.into(),
        detail,
    };
    let mut tx = t.db().begin().await.unwrap();
    record(&mut tx, &t.ctx(actor), entry).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_the_log_is_filtered_by_person_and_thing() {
    let t = app().await;
    act(
        &t,
        Actor::User(t.cast.anna),
        "mail.resent",
        "mail",
        "0190-1",
        json!({}),
    )
    .await;
    act(
        &t,
        Actor::Staff(t.cast.sven),
        "mail.failed",
        "mail",
        "0190-2",
        json!({}),
    )
    .await;
    let mut ada = t.ada().await;
    for (query, anna, sven) in [
        ("?person=anna%40adler.example", true, false),
        ("?person=SVEN%40nordlicht.example", false, true),
        (
            "?person=SVEN%40nordlicht.example&kunde=K-10001",
            false,
            true,
        ),
        ("?person=niemand%40adler.example", false, false),
        ("?person=quatsch", false, false),
        ("?gegenstand=mail", true, true),
        ("?gegenstand=mail&id=0190-1", true, false),
        ("?gegenstand=address", false, false),
        ("?id=0190-2&was=mail.", false, true),
    ] {
        let page = ada
            .get(&format!("/desk/protokoll{query}"))
            .await
            .expect(200);
        let rows = page.html.split("<tbody>").nth(1).unwrap_or_default();
        assert_eq!(
            rows.contains("E-Mail noch einmal gesendet"),
            anna,
            "{query}"
        );
        assert_eq!(rows.contains("E-Mail nicht zustellbar"), sven, "{query}");
    }
    let page = ada.get("/desk/protokoll?gegenstand=mail").await.expect(200);
    let more = page.link("/desk/protokoll?gegenstand=mail&id=");
    assert!(ada.get(&more).await.expect(200).says("Filter entfernen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_abuse_88_csv_injection_the_log_is_exported_as_csv() {
    let t = app().await;
    act(
        &t,
        Actor::Guest,
        "mail.failed",
        "=cmd()",
        "+1\"2",
        json!({ "reason": "a;b\r\nc" }),
    )
    .await;
    let mut ada = t.ada().await;
    let page = ada.get("/desk/protokoll?was=mail.").await.expect(200);
    let form = page.form_to("/desk/protokoll/export");
    let file = ada.send_form(&form, &[("format", "csv")]).await.expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"protokoll-2026-11-02.csv\""
    );
    let lines: Vec<&str> = file.html.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 2, "{}", file.html);
    assert!(lines[0].starts_with("\"seq\";\"id\";\"at\""));
    for part in [
        "\"2026-11-02T09:00:00Z\"",
        "\"Ohne Anmeldung\"",
        "\"K-10001\"",
        "\"'=cmd()\"",
        "\"'+1\"\"2\"",
        "a;b\\r\\nc",
    ] {
        assert!(lines[1].contains(part), "{part} in {}", lines[1]);
    }
    assert!(t.acts(None).await.contains(&"audit.exported".to_owned()));
    ada.send_form(&form, &[("format", "exe")]).await.expect(400);
    t.sven()
        .await
        .post_raw("/desk/protokoll/export", &[("format", "csv")])
        .await
        .expect(403);
    let unknown = form
        .fields
        .iter()
        .cloned()
        .chain([("kunde".into(), "99999".into())]);
    let fields: Vec<(String, String)> = unknown.collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let sent = ada
        .post_raw(
            "/desk/protokoll/export",
            &[fields.as_slice(), &[("format", "csv")]].concat(),
        )
        .await;
    assert_eq!(sent.location(), "/desk/protokoll?was=mail.&kunde=99999");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_abuse_101_log_injection_an_exported_line_is_one_line() {
    let t = app().await;
    let evil = "a\r\n{\"act\":\"forged\"}\u{2028}\u{1b}[31m\u{0}";
    for number in 0..2_500 {
        if number % 500 == 0 {
            t.wait(Duration::from_secs(1));
        }
        let id = number.to_string();
        act(
            &t,
            Actor::User(t.cast.anna),
            "mail.failed",
            "mail",
            &id,
            json!({ "name": evil }),
        )
        .await;
    }
    let mut ada = t.ada().await;
    let form = ada
        .get("/desk/protokoll?was=mail.")
        .await
        .expect(200)
        .form_to("/desk/protokoll/export");
    let file = ada
        .send_form(&form, &[("format", "jsonl")])
        .await
        .expect(200);
    let lines: Vec<serde_json::Value> = file
        .html
        .lines()
        .map(|line| serde_json::from_str(line).expect("one thing a line"))
        .collect();
    assert_eq!(lines.len(), 2_500);
    let mut ids: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["subject_id"].as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 2_500, "each once, over several reads");
    for line in &lines {
        assert_eq!(
            (&line["act"], &line["detail"]["name"], &line["actor"]),
            (&json!("mail.failed"), &json!(evil), &json!("Anna Adler"))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_v16_4_2_the_log_is_sealed_a_few_seconds_later() {
    let t = app().await;
    t.run_jobs().await;
    act(&t, Actor::System, "mail.failed", "mail", "1", json!({})).await;
    let verdict = async || {
        let mut tx = t.db().read().await.unwrap();
        db::audit::chain::verify(&mut tx, &t.world).await.unwrap()
    };
    assert!(verdict().await.open_since.is_some());
    t.wait(Duration::from_secs(10));
    t.run_jobs().await;
    let sealed = verdict().await;
    assert_eq!((sealed.broken, sealed.open_since), (None, None));
    assert!(sealed.lines > 0);
    let page = t
        .ada()
        .await
        .get("/desk/protokoll?was=mail.")
        .await
        .expect(200);
    assert!(page.says("Versiegelt als Nr."));
}
