//! Somebody else's data, and two hands at one record.

use super::{ODD, STREET, annas, at_once, count, statuses, token, value};
use crate::whole;
use db::{params, sql};
use kernel::Uuid;
use testkit::{Answer, PageForm};

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_thing_answers_as_one_that_does_not_exist() {
    let t = whole().await;
    let (address, thread) = annas(&t).await;
    let nothing = Uuid::from_u128(7).to_string();
    let mut fremd = t.fremd().await;
    let bare = |answer: &Answer, id: &str| {
        let start = answer.html.find("<main").unwrap_or_default();
        let end = answer.html.find("</main>").unwrap_or(answer.html.len());
        // each request has a number of its own
        let main = answer.html[start..end].replace(id, "");
        let (before, after) = main.split_once("Vorgang ").unwrap_or((&main, ""));
        format!("{before}{}", after.get(16..).unwrap_or_default())
    };
    for (path, end) in [
        (&address, ""),
        (&address, "/loeschen"),
        (&thread, ""),
        (&thread, "/schliessen"),
    ] {
        let (folder, id) = path.rsplit_once('/').unwrap();
        let theirs = fremd.get(&format!("{path}{end}")).await;
        let none = fremd.get(&format!("{folder}/{nothing}{end}")).await;
        assert_eq!(theirs.status, none.status, "{path}{end}");
        assert!(matches!(theirs.status.as_u16(), 404 | 405), "{path}{end}");
        assert_eq!(bare(&theirs, id), bare(&none, &nothing));
    }
    let csrf = token(&mut fremd, false).await;
    let mut fill = STREET.to_vec();
    fill.extend([("csrf", csrf.as_str()), ("text", "Fremd"), ("stand", "1")]);
    for path in [
        address.clone(),
        format!("{address}?stand=1"),
        format!("{address}/loeschen"),
        thread.clone(),
        format!("{thread}/schliessen"),
    ] {
        fremd.post_raw(&path, &fill).await.expect(404);
    }
    // wrong entries, too, tell nothing
    for path in [&address, &thread] {
        fremd.post_raw(path, &[("csrf", &csrf)]).await.expect(404);
    }
    let anna = t.anna().await.get(&thread).await.expect(200);
    assert!(!anna.says("Fremd"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs() {
    let t = whole().await;
    let (address, _) = annas(&t).await;
    let mut anna = t.anna().await;
    let form = anna.get(&address).await.form_with("street");
    let mut other = form.clone();
    other
        .fields
        .iter_mut()
        .filter(|(n, _)| n == "key")
        .for_each(|(_, v)| v.push('2'));
    anna.send_form(&form, &[("street", "Im ersten Fenster 1")])
        .await
        .expect(303);
    let late = anna
        .send_form(&other, &[("street", "Im zweiten Fenster 2")])
        .await
        .expect(409);
    assert!(late.html.contains("Im zweiten Fenster 2") && late.says("Im ersten Fenster 1"));
    // many at once: one default each
    let mut bare = anna.get("/konto/adressen/neu").await.form_with("street");
    bare.fields.retain(|(n, _)| n != "key");
    let mut fill = STREET.to_vec();
    fill.extend([("billing", "ja"), ("delivery", "ja")]);
    let answers = at_once(&anna, &bare, &fill, 12).await;
    assert!(
        statuses(&answers).iter().all(|s| matches!(s, 303 | 422)),
        "{:?}",
        statuses(&answers)
    );
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (i64,),
        "SELECT CAST(count(*) AS BIGINT) FROM addresses WHERE billing = TRUE"
    );
    assert_eq!(tx.one(stmt, params![]).await.unwrap().0, 1);
    drop(tx);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_in_account_form() {
    let t = whole().await;
    let (address, thread) = annas(&t).await;
    t.run_jobs().await;
    let before = count(&t, "addresses").await;
    let mut anna = t.anna().await;
    let csrf = token(&mut anna, false).await;
    for name in ["street[0]", "street[]", "street[$gt]", "street.eq"] {
        let mut fields: Vec<(&str, &str)> = STREET
            .iter()
            .copied()
            .filter(|(n, _)| *n != "street")
            .collect();
        fields.extend([(name, "EXP(710)"), ("csrf", csrf.as_str())]);
        anna.post_raw("/konto/adressen/neu", &fields)
            .await
            .expect(422);
    }
    assert_eq!(count(&t, "addresses").await, before);
    // every field of every form, with everything odd; also the hidden ones
    let desk_thread = thread.replace("/nachrichten/", "/desk/tickets/");
    let mut broken = Vec::new();
    let long = "a".repeat(20_001);
    let marks = "\u{489}\u{E31}\u{5B0}".repeat(20_000);
    for page in [
        "/konto/adressen/neu",
        address.as_str(),
        "/nachrichten/neu",
        &thread,
        "/registrieren",
        "/anmelden",
        "/desk/anmelden",
        &desk_thread,
    ] {
        let mut client = match page {
            p if p.starts_with("/desk/tickets") => t.sven().await,
            "/registrieren" | "/anmelden" | "/desk/anmelden" => t.guest(),
            _ => t.anna().await,
        };
        let forms: Vec<PageForm> = client
            .get(page)
            .await
            .expect(200)
            .forms()
            .into_iter()
            .filter(|f| f.post && !f.action.contains("abmelden"))
            .collect();
        assert!(!forms.is_empty());
        for form in forms {
            for name in form.names.iter().filter(|n| *n != "csrf") {
                for odd in ODD.iter().copied().chain([long.as_str(), marks.as_str()]) {
                    let mut form = form.clone();
                    for (n, v) in &mut form.fields {
                        if v.is_empty() && n != name {
                            "x".clone_into(v);
                        }
                    }
                    let answer = client.send_form(&form, &[(name, odd)]).await;
                    if answer.status.as_u16() >= 500 {
                        broken.push(format!(
                            "{} {name}={:.40}: {}",
                            form.action,
                            odd.escape_debug(),
                            answer.status
                        ));
                    }
                }
                let body = [
                    name.as_bytes(),
                    b"=%ff%fe%00%c0%af&csrf=".as_slice(),
                    value(&form, "csrf").as_bytes(),
                ]
                .concat();
                let status = client
                    .send("POST", &form.action, Some(body))
                    .await
                    .status
                    .as_u16();
                if status >= 500 {
                    broken.push(format!("{} {name} bytes: {status}", form.action));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    t.run_jobs().await;
}
