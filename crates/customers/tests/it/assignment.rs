//! Fields that no form asks for, and fields that come twice.

use crate::app;
use testkit::{Client, PageForm, TestApp};

/// Columns that nobody may set through a form.
const COLUMNS: [(&str, &str); 16] = [
    ("id", "00000000-0000-7000-8000-000000000000"),
    ("customer_id", "00000000-0000-7000-8000-000000000000"),
    ("customer", "K-10004"),
    ("number", "1"),
    ("version", "99"),
    ("created_at", "0"),
    ("kind_at", "0"),
    ("warning", "x"),
    ("is_owner", "true"),
    ("is_main_owner", "true"),
    ("rights", "account.edit users"),
    ("role", "admin"),
    ("verified", "true"),
    ("balance", "1000000"),
    ("price", "0"),
    ("state", "closed"),
];

async fn forms(t: &TestApp) -> Vec<(Client, PageForm)> {
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let mut forms = Vec::new();
    for (path, field) in [
        ("/konto/daten", "billing_email"),
        ("/konto/bearbeiten", "last_name"),
        ("/konto/adressen/neu", "street"),
        ("/konto/kontakte/neu", "name"),
    ] {
        let mut anna = t.anna().await;
        let form = anna.get(path).await.expect(200).form_with(field);
        forms.push((anna, form));
    }
    for (path, field) in [
        (format!("{file}/daten"), "billing_email"),
        (format!("{file}?reiter=desk-notes"), "text"),
        (format!("{file}/einladen"), "email"),
        (
            format!("{file}/benutzer?benutzer={}", t.cast.bernd),
            "holds",
        ),
        ("/desk/kunden/neu".into(), "town"),
    ] {
        let mut sven = t.sven().await;
        let form = sven.get(&path).await.expect(200).form_with(field);
        forms.push((sven, form));
    }
    forms
}

const GOOD: [(&str, &str); 10] = [
    ("first_name", "Anna"),
    ("last_name", "Adler"),
    ("street", "Deichstraße 7"),
    ("postcode", "20459"),
    ("town", "Hamburg"),
    ("name", "Kontor"),
    ("text", "Notiz"),
    ("general", "on"),
    ("billing_email", "anna@adler.example"),
    ("mails", "on"),
];

fn good(form: &PageForm) -> Vec<(&'static str, &'static str)> {
    let mut fill: Vec<_> = GOOD
        .into_iter()
        .filter(|(name, _)| form.names.iter().any(|n| n == name))
        .collect();
    if form.names.iter().any(|n| n == "email") && !form.action.ends_with("bearbeiten") {
        fill.push(("email", "nora@neu.example"));
    }
    fill
}

#[tokio::test(flavor = "multi_thread")]
async fn mass_assignment() {
    let t = app().await;
    for (mut client, form) in forms(&t).await {
        let mut fill = good(&form);
        fill.extend(
            COLUMNS
                .into_iter()
                .filter(|(n, _)| !form.names.iter().any(|f| f == n)),
        );
        let answer = client.send_form(&form, &fill).await;
        let status = answer.status.as_u16();
        assert!(
            matches!(status, 303 | 422 | 409),
            "{}: {status}",
            form.action
        );
    }
    let mut tx = t.db().read().await.expect("a transaction");
    let anna = customers::customer::store::one(&mut tx, t.cast.annas)
        .await
        .expect("Anna");
    assert_eq!((anna.number, anna.warning), (10_001, None));
    assert!(anna.version < 5);
    let bernd = customers::member::edit::one(&mut tx, t.cast.annas, t.cast.bernd)
        .await
        .expect("Bernd");
    assert!(!bernd.is_owner && !bernd.is_main_owner);
    assert!(!bernd.rights.contains("account.edit"), "{}", bernd.rights);
    let fremds = customers::address::store::list(&mut tx, t.cast.fremds)
        .await
        .expect("a list");
    assert!(fremds.is_empty());
    drop(tx);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hpp() {
    let t = app().await;
    for (mut client, form) in forms(&t).await {
        for name in form.names.iter().filter(|n| *n != "csrf" && *n != "key") {
            let mut twice = form.clone();
            twice.fields.retain(|(n, _)| n != name);
            for value in ["eins", "zwei"] {
                twice.fields.push((name.clone(), value.to_owned()));
            }
            let status = client.send_form(&twice, &[]).await.status.as_u16();
            assert_eq!(status, 400, "{name} twice to {}", form.action);
        }
    }
    // buttons that name a thing
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let mut sven = t.sven().await;
    let page = sven
        .get(&format!("{file}/benutzer?benutzer={}", t.cast.bernd))
        .await;
    for path in [
        "entfernen",
        "hauptinhaber",
        "passwort",
        "abmelden",
        "zwei-faktor",
    ] {
        let mut form = page.form_to(&format!("{file}/benutzer/{path}"));
        form.fields
            .push(("benutzer".into(), t.cast.anna.to_string()));
        assert_eq!(
            sven.send_form(&form, &[]).await.status.as_u16(),
            400,
            "{path}"
        );
    }
    // of a query that names two, the one that is checked is the one that is used
    let path = format!(
        "{file}/benutzer?benutzer={}&benutzer={}",
        t.cast.bernd, t.cast.fremd
    );
    let page = sven.get(&path).await.expect(200);
    let own = page.form_with("holds").action;
    assert!(own.ends_with(&t.cast.bernd.to_string()), "{own}");
}
