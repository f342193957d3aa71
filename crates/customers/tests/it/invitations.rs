//! DESK-5 and invitations: `/desk/kunden/neu`, `/einladung/{token}`.

use crate::app;
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const NEW: &str = "/desk/kunden/neu";
const OWN: &str = "Kohlrabi tanzt um Mitternacht";
const DAY: Duration = Duration::from_secs(24 * 3600);

const KNOWN: [(&str, &str); 8] = [
    ("kind", "company"),
    ("company", "Neu & Söhne GmbH"),
    ("first_name", "Nora"),
    ("last_name", "Neumann"),
    ("email", "Nora@Neu.example"),
    ("street", "Deichstraße 7"),
    ("postcode", "20459"),
    ("town", "Hamburg"),
];

async fn make(sven: &mut Client, changes: &[(&str, &str)]) -> Answer {
    let mut fill: Vec<(&str, &str)> = KNOWN.to_vec();
    fill.retain(|(name, _)| !changes.iter().any(|(n, _)| n == name));
    fill.extend_from_slice(changes);
    sven.fill(NEW, &fill).await
}

async fn link(t: &TestApp, email: &str) -> String {
    TestApp::link_in(&t.mail_to(email).await)
}

async fn accept_new(client: &mut Client, link: &str) -> Answer {
    let fill = [
        ("first_name", "Nora"),
        ("password", OWN),
        ("password_repeat", OWN),
    ];
    client.fill(link, &fill).await
}

async fn invite(t: &TestApp, email: &str, more: &[(&str, &str)]) -> Answer {
    let page = format!("/desk/kunden/{}/einladen", t.cast.annas);
    let mut fill = vec![("email", email)];
    fill.extend_from_slice(more);
    t.sven().await.fill(&page, &fill).await
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_5_staff_makes_a_customer_and_the_owner_accepts() {
    let t = app().await;
    let mut sven = t.sven().await;
    let answer = make(&mut sven, &[]).await;
    let page = sven.follow(answer).await.expect(200);
    for words in [
        "Neu & Söhne GmbH",
        "K-10005",
        "nora@neu.example",
        "Hauptinhaber",
        "Für diesen Kunden kann sich niemand anmelden.",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let letter = t.mail_to("nora@neu.example").await;
    for words in ["Nora Neumann", "K-10005", "sieben Tage"] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    let link = TestApp::link_in(&letter);
    let mut guest = t.guest();
    for _ in 0..2 {
        let page = guest.get(&link).await.expect(200);
        assert!(page.says("Neu & Söhne GmbH") && page.says("nora@neu.example"));
        assert!(
            page.form_with("password")
                .fields
                .contains(&("last_name".into(), "Neumann".into()))
        );
    }
    for (fill, words) in [
        (
            [("password", "kurz"), ("password_repeat", "kurz")],
            "mindestens 12 Zeichen",
        ),
        (
            [("password", OWN), ("password_repeat", "anders")],
            "stimmen nicht überein",
        ),
        (
            [
                ("password", "nora@neu.example"),
                ("password_repeat", "nora@neu.example"),
            ],
            "leicht zu erraten",
        ),
    ] {
        let page = guest.fill(&link, &fill).await.expect(422);
        assert!(page.says(words), "{words}: {}", page.text());
    }
    accept_new(&mut guest, &link).await.leads_to("/");
    let page = guest.get("/konto").await.expect(200);
    for words in ["Hallo, Nora Neumann", "K-10005", "20459 Hamburg"] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    guest.get("/konto/daten").await.expect(200);
    // the number signs her in
    let fill = [("login", "k-10005"), ("password", OWN)];
    t.guest().fill("/anmelden", &fill).await.leads_to("/konto");
    // used, altered, unknown
    let page = t.guest().get(&link).await.expect(410);
    assert!(page.says("schon angenommen"), "{}", page.text());
    let page = t.guest().get(&format!("{link}x")).await.expect(410);
    assert!(page.says("kennen wir nicht"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_5_faults_stand_together_and_the_address_may_be_missing() {
    let t = app().await;
    let mut sven = t.sven().await;
    let page = make(
        &mut sven,
        &[
            ("last_name", ""),
            ("postcode", "2045"),
            ("email", "x"),
            ("town", ""),
        ],
    )
    .await
    .expect(422);
    for words in [
        "Bitte füllen Sie dieses Feld aus.",
        "mit fünf Ziffern",
        "vollständige E-Mail-Adresse",
        "Adresse ganz ein",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let page = make(&mut sven, &[("kind", "private")]).await.expect(422);
    assert!(page.says("Eine Firma gehört"), "{}", page.text());
    make(&mut sven, &[("street", ""), ("postcode", ""), ("town", "")])
        .await
        .expect(303);
    t.mail_to("nora@neu.example").await;
    // who may only look makes none
    let mut tx = t.db().read().await.expect("a transaction");
    let found = customers::customer::by_number(&mut tx, "10006", "K-").await;
    assert!(
        found.expect("an answer").is_none(),
        "refused forms leave nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_5_a_user_who_is_there_already_accepts_after_sign_in() {
    let t = app().await;
    let mut sven = t.sven().await;
    make(&mut sven, &[("email", "fremd@fremd.example")])
        .await
        .expect(303);
    let link = link(&t, "fremd@fremd.example").await;
    let mut guest = t.guest();
    let page = guest.get(&link).await.expect(200);
    assert!(page.says("Melden Sie sich damit an") && !page.html.contains("name=\"password\""));
    let sign_in = page.link("/anmelden?weiter=");
    let fill = [("login", "fremd@fremd.example"), ("password", PASSWORD)];
    guest.fill(&sign_in, &fill).await.leads_to(&link);
    let answer = guest.press(&link, &link).await.leads_to("/");
    let page = guest.follow(answer).await;
    assert!(
        page.says("Neu & Söhne GmbH") && page.says("Kunde wechseln"),
        "{}",
        page.text()
    );
    // pressed once more it is used
    guest.get(&link).await.expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_5_links_end_are_sent_again_and_withdrawn() {
    let t = app().await;
    let mut sven = t.sven().await;
    let users = make(&mut sven, &[]).await.location().to_owned();
    let first = link(&t, "nora@neu.example").await;
    let file = users.split('?').next().unwrap_or_default().to_owned();
    let again = format!("{file}/einladung/senden");
    let id = {
        let page = sven.get(&users).await;
        let (_, rest) = page
            .html
            .split_once("name=\"einladung\" value=\"")
            .expect("a button");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    t.wait(Duration::from_secs(1));
    let form = sven.get(&users).await.form_to(&again);
    sven.send_form(&form, &[("einladung", &id)])
        .await
        .leads_to(&users);
    let second = link(&t, "nora@neu.example").await;
    assert_ne!(first, second);
    let page = t.guest().get(&first).await.expect(410);
    assert!(page.says("gilt nicht mehr"), "{}", page.text());
    t.guest().get(&second).await.expect(200);
    // seven days, no more
    t.wait(7 * DAY);
    t.guest().get(&second).await.expect(410);
    let mut sven = t.sven().await;
    let page = sven.get(&users).await;
    assert!(page.says("Abgelaufen"), "{}", page.text());
    let form = page.form_to(&again);
    sven.send_form(&form, &[("einladung", &id)])
        .await
        .leads_to(&users);
    let third = link(&t, "nora@neu.example").await;
    let back = format!("{file}/einladung/zuruecknehmen");
    let form = sven.get(&users).await.form_to(&back);
    let page = t.guest().get(&third).await.expect(200);
    sven.send_form(&form, &[("einladung", &id)])
        .await
        .leads_to(&users);
    t.guest().get(&third).await.expect(410);
    let fill = [
        ("first_name", "Nora"),
        ("password", OWN),
        ("password_repeat", OWN),
    ];
    t.guest()
        .send_form(&page.form_with("password"), &fill)
        .await
        .expect(403);
    assert!(!sven.get(&users).await.says("nora@neu.example Hauptinhaber"));
    // of another customer it is unknown
    let foreign = format!("/desk/kunden/{}/einladung/senden", t.cast.fremds);
    let mut form = form.clone();
    form.action = foreign;
    sven.send_form(&form, &[("einladung", &id)])
        .await
        .expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_further_user_is_invited_with_rights() {
    let t = app().await;
    let users = format!("/desk/kunden/{}?reiter=desk-members", t.cast.annas);
    invite(&t, "nora@neu.example", &[("mails", "on"), ("messages", "")])
        .await
        .leads_to(&users);
    for (email, words) in [
        ("nora@neu.example", "offene Einladung"),
        ("bernd@adler.example", "gehört schon zu diesem Kunden"),
        ("x", "vollständige E-Mail-Adresse"),
    ] {
        let page = invite(&t, email, &[]).await.expect(422);
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let link = link(&t, "nora@neu.example").await;
    let mut guest = t.guest();
    let fill = [
        ("first_name", "Nora"),
        ("last_name", "Neumann"),
        ("password", OWN),
        ("password_repeat", OWN),
    ];
    guest.fill(&link, &fill).await.leads_to("/");
    guest.get("/konto").await.expect(200);
    guest.get("/konto/daten").await.expect(403);
    let page = t.sven().await.get(&users).await;
    assert!(page.says("Nora Neumann") && page.says("Mit einzelnen Berechtigungen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn invitation_forwarded() {
    let t = app().await;
    invite(&t, "nora@neu.example", &[]).await.expect(303);
    let link = link(&t, "nora@neu.example").await;
    // Fremd got it from Nora: seen by him or pressed, it gives him nothing
    let mut fremd = t.fremd().await;
    let page = fremd.get(&link).await.expect(403);
    assert!(
        page.says("mit einer anderen Adresse angemeldet"),
        "{}",
        page.text()
    );
    let csrf = page.form_to("/abmelden").fields[0].1.clone();
    let names = [("first_name", "F"), ("last_name", "F")];
    let password = [("password", OWN), ("password_repeat", OWN)];
    let fields = [
        ("csrf", csrf.as_str()),
        names[0],
        names[1],
        password[0],
        password[1],
    ];
    fremd.post_raw(&link, &fields).await.expect(403);
    fremd.post_raw(&link, &fields[..1]).await.expect(403);
    assert!(!fremd.get("/konto").await.says("K-10001"));
    let page = t
        .sven()
        .await
        .get(&format!(
            "/desk/kunden/{}?reiter=desk-members",
            t.cast.annas
        ))
        .await;
    assert!(!page.says("Ferdinand"), "{}", page.text());
    // with the address proven it is his
    fremd
        .fill("/profil/adressen/neu", &[("email", "nora@neu.example")])
        .await
        .expect(303);
    fremd.get(&link).await.expect(403);
    let proof = self::link(&t, "nora@neu.example").await;
    fremd.press(&proof, &proof).await.expect(303);
    fremd.press(&link, &link).await.leads_to("/");
    assert!(fremd.get("/konto").await.says("K-10001"));
}

#[tokio::test(flavor = "multi_thread")]
async fn invitation_existing_account() {
    let t = app().await;
    invite(&t, "fremd@fremd.example", &[]).await.expect(303);
    let link = link(&t, "fremd@fremd.example").await;
    // a guest cannot set a password for somebody who is there, nor join by posting
    let mut guest = t.guest();
    let csrf = guest.get("/registrieren").await.form_with("email").fields[0]
        .1
        .clone();
    let fields = [
        ("csrf", csrf.as_str()),
        ("first_name", "F"),
        ("last_name", "F"),
        ("password", OWN),
        ("password_repeat", OWN),
    ];
    let page = guest.post_raw(&link, &fields).await.expect(200);
    assert!(page.says("Melden Sie sich damit an"), "{}", page.text());
    let fill = [("login", "fremd@fremd.example"), ("password", OWN)];
    t.guest().fill("/anmelden", &fill).await.expect(422);
    assert!(!t.fremd().await.get("/konto").await.says("K-10001"));
    // and rights held already are kept
    let mut fremd = t.fremd().await;
    fremd.press(&link, &link).await.leads_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn invitation_escalation() {
    let t = app().await;
    // customers have no page yet that gives rights away, and the desk's are closed to them
    let mut bernd = t.bernd().await;
    let csrf = bernd.get("/konto").await.form_to("/abmelden").fields[0]
        .1
        .clone();
    let own = t.cast.bernd.to_string();
    for path in [
        "benutzer",
        "benutzer/hauptinhaber",
        "einladen",
        "notizen",
        "daten",
    ] {
        let path = format!("/desk/kunden/{}/{path}?benutzer={own}", t.cast.annas);
        let fields = [
            ("csrf", csrf.as_str()),
            ("benutzer", own.as_str()),
            ("holds", "owner"),
            ("email", "x@post.example"),
        ];
        bernd.post_raw(&path, &fields).await.expect(303);
    }
    bernd.get("/konto/daten").await.expect(403);
    // nor does staff without the right
    let ctx = t.ctx(kernel::Actor::System);
    let mut tx = t.db().begin().await.expect("a transaction");
    let seed = identity::staff::Seed {
        email: &TestApp::email("edda@nordlicht.example"),
        name: "Edda Redaktion",
        role: identity::Role::Editing,
        password_hash: "x",
        totp_secret: b"a-secret-of-20-bytes",
    };
    let edda = identity::staff::seed(&mut tx, &ctx, seed)
        .await
        .expect("staff");
    let token =
        identity::staff::open_session(&mut tx, &ctx, edda, &web::Info::unsent("Test"), true)
            .await
            .expect("a session");
    tx.commit().await.expect("a commit");
    let mut edda = t.guest();
    edda.cookies
        .insert("tresen-desk".into(), token.expose().into());
    let one = format!("/desk/kunden/{}/benutzer?benutzer={own}", t.cast.annas);
    for path in [NEW, one.as_str()] {
        edda.get(path).await.expect(403);
    }
    // the offer stands in the row, not in what is posted with the link
    invite(&t, "nora@neu.example", &[]).await.expect(303);
    let link = link(&t, "nora@neu.example").await;
    let mut guest = t.guest();
    let form = guest.get(&link).await.form_with("password");
    let fill = [
        ("first_name", "N"),
        ("last_name", "N"),
        ("password", OWN),
        ("password_repeat", OWN),
        ("role", "main-owner"),
        ("holds", "owner"),
        ("rights", "account.edit"),
        ("customer", "K-10004"),
    ];
    guest.send_form(&form, &fill).await.leads_to("/");
    guest.get("/konto/daten").await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn invitation_twice_at_once_is_accepted_once() {
    let t = app().await;
    invite(&t, "nora@neu.example", &[]).await.expect(303);
    let link = link(&t, "nora@neu.example").await;
    let mut guests = Vec::new();
    for _ in 0..10 {
        let mut guest = t.guest();
        let form = guest.get(&link).await.form_with("password");
        guests.push((guest, form));
    }
    let mut tries = Vec::new();
    for (at, (mut guest, form)) in guests.into_iter().enumerate() {
        let name = format!("N{at}");
        tries.push(tokio::spawn(async move {
            let fill = [
                ("first_name", name.as_str()),
                ("last_name", "Neumann"),
                ("password", OWN),
                ("password_repeat", OWN),
            ];
            guest.send_form(&form, &fill).await.status.as_u16()
        }));
    }
    let mut seen = Vec::new();
    for one in tries {
        seen.push(one.await.expect("no panic"));
    }
    let accepted = seen.iter().filter(|status| **status == 303).count();
    assert_eq!(accepted, 1, "{seen:?}");
    // the others read that it was accepted, or are asked to sign in
    assert!(
        seen.iter().all(|status| matches!(status, 303 | 410 | 200)),
        "{seen:?}"
    );
    let page = t
        .sven()
        .await
        .get(&format!(
            "/desk/kunden/{}?reiter=desk-members",
            t.cast.annas
        ))
        .await;
    assert_eq!(page.text().matches("Neumann").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn invitation_that_nobody_accepts_is_forgotten() {
    let t = app().await;
    invite(&t, "nora@neu.example", &[]).await.expect(303);
    t.mail_to("nora@neu.example").await;
    let count = async || {
        let mut tx = t.db().read().await.expect("a transaction");
        let open = customers::invitation::store::list(&mut tx, t.cast.annas).await;
        open.expect("a list").len()
    };
    t.wait(90 * DAY);
    t.run_jobs().await;
    assert_eq!(count().await, 1);
    t.wait(9 * DAY);
    t.run_jobs().await;
    assert_eq!(count().await, 0);
}
