use crate::app;
use testkit::{Client, PASSWORD};
fn keep(name: &str, html: &str) {
    std::fs::write(format!("/tmp/customers-dump/{name}.html"), html).unwrap();
}
async fn assets(c: &mut Client, html: &str) { let html = &testkit::html::unescape(html);
    for part in html.split("/assets/").skip(1) {
        let f = part.split(['"', '#']).next().unwrap();
        let a = c.get(&format!("/assets/{f}")).await;
        std::fs::create_dir_all("/tmp/customers-dump/assets").unwrap();
        std::fs::write(format!("/tmp/customers-dump/assets/{f}"), a.html).unwrap();
    }
}
#[tokio::test(flavor = "multi_thread")]
async fn dump() {
    std::fs::create_dir_all("/tmp/customers-dump").unwrap();
    let t = app().await;
    let mut g = t.guest();
    for (n, p) in [
        ("start", "/"),
        ("anmelden", "/anmelden"),
        ("registrieren", "/registrieren"),
        ("bestaetigt", "/registrieren/bestaetigt"),
        ("tot", "/aktivieren/x"),
    ] {
        let a = g.get(p).await;
        assets(&mut g, &a.html).await;
        keep(n, &a.html);
    }
    let a = g
        .fill("/registrieren", &[("first_name", ""), ("email", "x")])
        .await;
    keep("registrieren-falsch", &a.html);
    let a = g
        .fill("/anmelden", &[("login", "K-10001"), ("password", "x")])
        .await;
    keep("anmelden-falsch", &a.html);
    g.fill(
        "/registrieren",
        &[
            ("first_name", "Nele"),
            ("last_name", "Neumann"),
            ("email", "n@n.example"),
            ("consent", "on"),
        ],
    )
    .await;
    let m = t.mail_to("n@n.example").await;
    keep("mail", &m.html);
    let l = testkit::TestApp::link_in(&m);
    let a = g.get(&l).await;
    keep("aktivieren", &a.html);
    let mut c = t.clara().await;
    let a = c.get("/konto/adressen").await;
    keep("adressen-leer", &a.html);
    let a = c.get("/konto").await;
    keep("konto-leer", &a.html);
    for s in ["Deichstraße 7", "Kanalweg 3", "Am Alten Hafen 112a"] {
        c.fill(
            "/konto/adressen/neu",
            &[
                ("street", s),
                ("postcode", "20459"),
                ("town", "Hamburg"),
                ("first_name", "Clara"),
                ("last_name", "Claasen"),
                ("company", "Reederei Claasen GmbH & Co. KG"),
                ("phone", "040 123456"),
            ],
        )
        .await;
    }
    let a = c.get("/konto/adressen").await;
    let e = a.link("/konto/adressen/0");
    keep("adressen", &a.html);
    assets(&mut c, &a.html).await;
    let a = c.get(&e).await;
    keep("adresse", &a.html);
    let f = a.form_with("street"); let f2 = c.get(&e).await.form_with("street");
    let b = c.send_form(&f, &[("street", ""), ("postcode", "1")]).await;
    keep("adresse-falsch", &b.html);
    c.send_form(&f, &[("street", "Neuer Weg 1")]).await;
    let b = c.send_form(&f2, &[("street", "Anderer Weg 1")]).await;
    keep("adresse-stand", &b.html);
    let a = c.get(&format!("{e}/loeschen")).await;
    keep("loeschen-standard", &a.html);
    let l = c.get("/konto/adressen").await;
    let d = l
        .links("/konto/adressen/")
        .into_iter()
        .find(|h| h.ends_with("loeschen"))
        .unwrap();
    let a = c.get(&d).await;
    keep("loeschen", &a.html);
    let a = c.get("/konto").await;
    keep("konto", &a.html);
    let a = c.get("/").await;
    keep("start-innen", &a.html);
    let mut s = t.sven().await;
    let a = s.get("/desk/kunden").await;
    keep("desk-kunden", &a.html);
    assets(&mut s, &a.html).await;
    let a = s.get("/desk/kunden?suche=claa").await;
    let f = a.link("/desk/kunden/");
    let a = s.get("/desk/kunden?suche=zzz").await;
    keep("desk-leer", &a.html);
    let _ = f;
    let a = s.get(&format!("/desk/kunden/{}", t.cast.claras.0)).await;
    keep("desk-akte", &a.html);
    let _ = PASSWORD;
}
