use crate::{app, file, full, import};
use kernel::{Actor, Locale};
use knowledge::Shelf;
use std::sync::Arc;
use testkit::TestApp;

/// What people type, and the article that must be among the first three: compounds, plurals, umlauts, slips, questions.
const ASKED: [(&str, &str); 60] = [
    // as it stands
    ("Postfach voll", "postfach-voll"),
    ("Auth-Code", "auth-code"),
    ("Mahnung", "mahnung"),
    ("Kundennummer", "konto-und-kundennummer"),
    ("Nameserver", "nameserver"),
    ("SEPA", "sepa-mandat"),
    ("Phishing", "phishing-erkennen"),
    ("502", "fehler-500-502-503"),
    // other forms of a word
    ("Postfächer", "postfach-voll"),
    ("Passwörter", "passwort-vergessen"),
    ("Rechnungen verstehen", "rechnung-lesen"),
    ("Lastschriften", "sepa-mandat"),
    ("Kündigung", "kuendigen"),
    ("kündigt", "kuendigen"),
    ("Zertifikate", "ssl-zertifikat"),
    ("Weiterleitungen", "weiterleitung"),
    ("Sicherungen zurückholen", "datenbank-sichern"),
    ("Datenbanken", "datenbank-sichern"),
    ("Mandate", "sepa-mandat"),
    ("Mahnungen", "mahnung"),
    ("Nameservern", "nameserver"),
    ("Benutzern", "benutzer-einladen"),
    // umlauts both ways
    ("Postfaecher", "postfach-voll"),
    ("kuendigen", "kuendigen"),
    ("Passwoerter", "passwort-vergessen"),
    ("Ueberblick Menue", "portal-ueberblick"),
    ("Verlaengerung", "verlaengerung"),
    ("gefaelschte Mails", "phishing-erkennen"),
    ("Datenbank zurueckspielen", "datenbank-sichern"),
    ("WEITERLEITUNG", "weiterleitung"),
    // compounds, apart and together
    ("Serverumzug", "website-umziehen"),
    ("Server Umzug", "website-umziehen"),
    ("Tarif wechseln", "website-umziehen"),
    ("Domainumzug", "auth-code"),
    ("Domain Transfer", "auth-code"),
    ("Spamfilter", "mails-im-spam"),
    ("Mailkonto einrichten", "mailprogramm-einrichten"),
    ("Zahlungserinnerung", "mahnung"),
    ("Erinnerung Zahlung", "mahnung"),
    (
        "Kundennummern zusammenlegen",
        "kundennummern-zusammenfuehren",
    ),
    ("Speicherplatz Postfach", "postfach-voll"),
    ("Bankverbindung", "sepa-mandat"),
    ("Domaininhaber ändern", "inhaberwechsel"),
    ("Urlaubsnotiz", "abwesenheitsnotiz"),
    ("Datensicherung", "datenbank-sichern"),
    // slips of the keyboard
    ("Pasword vergesen", "passwort-vergessen"),
    ("Postfahc", "postfach-voll"),
    ("Nahmeserver", "nameserver"),
    ("Zertifkat", "ssl-zertifikat"),
    ("Kündingung", "kuendigen"),
    ("Abwesenheitnotiz", "abwesenheitsnotiz"),
    ("Rechunng", "rechnung-lesen"),
    ("Worpress langsam", "wordpress-langsam"),
    ("Authcode", "auth-code"),
    ("Lastschirft", "sepa-mandat"),
    // questions, and words that are just being typed
    ("Wie kann ich mein Passwort ändern?", "passwort-vergessen"),
    ("meine Website ist nicht erreichbar", "fehler-500-502-503"),
    (
        "Ich komme nicht mehr an meine Mails auf dem iPhone",
        "mailprogramm-einrichten",
    ),
    ("abwes", "abwesenheitsnotiz"),
    ("zweifakt", "zwei-faktor"),
];

async fn hits(t: &TestApp, words: &str) -> Vec<String> {
    let query: String = form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let page = t
        .guest()
        .get(&format!("/wissen/suche?suche={query}"))
        .await
        .expect(200);
    let mut links = page.links("/wissen/artikel/");
    links.dedup();
    links
        .iter()
        .map(|link| link.rsplit('/').next().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_sixty_german_queries_find_their_article_among_the_first_three() {
    let t = full().await;
    let mut missed = Vec::new();
    for (words, wanted) in ASKED {
        let found = hits(&t, words).await;
        if !found.iter().take(3).any(|slug| slug == wanted) {
            missed.push(format!("{words}: wanted {wanted}, found {found:?}"));
        }
    }
    assert!(
        missed.is_empty(),
        "{} of 60:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_what_was_looked_for_is_marked() {
    let t = full().await;
    let page = t
        .guest()
        .get("/wissen/suche?suche=passwoerter")
        .await
        .expect(200);
    assert!(page.html.contains("<mark>Passwort</mark>"), "{}", page.html);
    assert!(page.queries <= 6, "{} statements", page.queries);
    let page = t
        .guest()
        .get("/wissen/suche?suche=%3Cscript%3Ealert(1)%3C/script%3E")
        .await
        .expect(200);
    assert!(!page.html.contains("<script>alert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_any_text_is_a_query() {
    let t = full().await;
    let long = "wort+".repeat(2_000);
    for words in [
        "",
        "+",
        "%25%25",
        "a*",
        ".*",
        "%22",
        "(%5B",
        "%00",
        "%ff%fe",
        "%F0%9F%A6%80",
        "title%3Ax",
        &long,
    ] {
        t.guest()
            .get(&format!("/wissen/suche?suche={words}"))
            .await
            .expect(200);
        let mut guest = t.guest();
        let form = guest.get("/wissen/vorschlaege").await.form_with("subject");
        let hidden: Vec<String> = form
            .fields
            .iter()
            .filter(|(name, _)| name != "subject")
            .map(|(name, value)| {
                let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
                format!("{name}={value}")
            })
            .collect();
        let body = format!("{}&subject={words}", hidden.join("&"));
        guest
            .send("POST", "/wissen/vorschlaege", Some(body.into_bytes()))
            .await
            .expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_searches_without_hits_are_listed_on_the_desk() {
    let t = full().await;
    for words in ["Xylophon", "xylophon", "zzqx%40qqxz.qzz", "99887766+5544"] {
        assert!(
            t.guest()
                .get(&format!("/wissen/suche?suche={words}"))
                .await
                .says("Kein Artikel"),
            "{words}"
        );
    }
    // a browser that fetches ahead has nobody before it
    let mut ahead = t.guest();
    ahead
        .headers
        .push(("sec-purpose".into(), "prefetch".into()));
    ahead
        .get("/wissen/suche?suche=Quantenrechner")
        .await
        .expect(200);
    let mut ada = t.ada().await;
    let list = ada.get("/desk/wissen/suchanfragen").await.expect(200);
    assert!(list.says("Xylophon 2"), "{}", list.text());
    assert!(!list.says("zzqx@") && !list.says("9988") && !list.says("Quantenrechner"));
    let settle = list
        .forms()
        .into_iter()
        .find(|form| form.post && form.action.ends_with("/erledigt"))
        .unwrap();
    ada.send_form(&settle, &[])
        .await
        .leads_to("/desk/wissen/suchanfragen");
    assert!(!ada.get("/desk/wissen/suchanfragen").await.says("Xylophon"));
    // nobody can fill the list
    for n in 0..60 {
        let words = format!(
            "unauffindbar{}",
            "abcdefghijklmnopqrstuvwxyz"
                .chars()
                .nth(n % 26)
                .unwrap()
                .to_string()
                .repeat(n / 26 + 1)
        );
        t.guest()
            .get(&format!("/wissen/suche?suche=zzq{words}"))
            .await
            .expect(200);
    }
    let mut tx = t.db().read().await.unwrap();
    let (count,) = tx
        .one(
            db::sql!((i64,), "SELECT COUNT(*) FROM kb_misses"),
            db::params![],
        )
        .await
        .unwrap();
    assert!(count <= 30, "{count}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_changes_are_found_at_once_on_every_node() {
    let t = full().await;
    let node = t
        .second_node(
            vec![knowledge::module()],
            vec![Arc::new(Shelf::in_memory())],
        )
        .await;
    let mut there = t.guest().at(&node);
    assert!(
        there
            .get("/wissen/suche?suche=Postfach")
            .await
            .says("Postfach ist voll")
    );
    import(
        &t,
        &[file(
            "e-mail/postfach-voll.de.md",
            "title: Mailbox quillt über",
            "Über Quittungen.",
        )],
    )
    .await;
    assert_eq!(hits(&t, "Quittungen").await, ["postfach-voll"]);
    let page = there.get("/wissen/suche?suche=Quittungen").await;
    assert!(page.says("Mailbox quillt über"), "{}", page.text());
    assert!(there.get("/wissen").await.says("Mailbox quillt über"));
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_a_damaged_index_never_stops_the_portal() {
    let dir = tempfile::tempdir().unwrap();
    let t = TestApp::with(
        vec![knowledge::module()],
        vec![Arc::new(Shelf::open(dir.path()))],
    )
    .await;
    import(&t, &crate::demo()).await;
    assert!(
        hits(&t, "Postfächer")
            .await
            .contains(&"postfach-voll".to_owned())
    );
    // somebody empties the folder under the running program
    std::fs::remove_dir_all(dir.path().join("articles")).unwrap();
    import(
        &t,
        &[file("e-mail/neu.de.md", "title: Mailverteiler", "Text")],
    )
    .await;
    assert!(
        hits(&t, "Mailverteiler").await.contains(&"neu".to_owned()),
        "by title at least"
    );
    for _ in 0..3 {
        assert!(
            hits(&t, "Postfach")
                .await
                .contains(&"postfach-voll".to_owned())
        );
    }
    // a new start finds a folder full of rubbish
    let rubbish = tempfile::tempdir().unwrap();
    std::fs::create_dir(rubbish.path().join("articles")).unwrap();
    std::fs::write(rubbish.path().join("articles/meta.json"), "nichts").unwrap();
    let node = t
        .second_node(
            vec![knowledge::module()],
            vec![Arc::new(Shelf::open(rubbish.path()))],
        )
        .await;
    let page = t
        .guest()
        .at(&node)
        .get("/wissen/suche?suche=Postf%C3%A4cher")
        .await
        .expect(200);
    assert!(page.says("Postfach ist voll"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_an_index_is_filled_anew_on_command() {
    let t = full().await;
    assert!(!hits(&t, "Postfach").await.is_empty());
    let mut tx = t.db().begin().await.unwrap();
    knowledge::rebuild(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        hits(&t, "Postfächer")
            .await
            .contains(&"postfach-voll".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_articles_are_suggested_for_a_subject() {
    let t = full().await;
    let mut guest = t.guest();
    let suggested = async |guest: &mut testkit::Client, subject: &str| {
        let fill = [("subject", subject)];
        guest.fill("/wissen/vorschlaege", &fill).await.expect(200)
    };
    let subject = "Mein Postfach ist schon wieder voll";
    let page = suggested(&mut guest, subject).await;
    assert!(page.says("Passende Artikel") && page.says("Postfach ist voll: was tun?"));
    let kept = page.form_with("subject").fields;
    assert!(kept.iter().any(|(_, value)| value == subject));
    assert!(page.queries <= 6, "{} statements", page.queries);
    // what a script asks for while somebody types
    let asked = [("subject", "Postfach"), ("teil", "1")];
    let part = guest.fill("/wissen/vorschlaege", &asked).await.expect(200);
    assert!(!part.html.contains("<html") && part.says("Postfach ist voll: was tun?"));
    let asked = [("subject", "xyzzyq"), ("teil", "1")];
    let none = guest.fill("/wissen/vorschlaege", &asked).await.expect(200);
    assert_eq!(none.html.trim(), "");
    let page = suggested(&mut guest, "Eskalation").await;
    assert!(
        !page.says("Notfallplan"),
        "internal ones are offered to nobody"
    );
    assert!(
        !suggested(&mut guest, "Datenkopie")
            .await
            .says("Alle Daten herunterladen")
    );
    let mut anna = t.anna().await;
    assert!(
        suggested(&mut anna, "Datenkopie")
            .await
            .says("Alle Daten herunterladen")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_2_what_is_typed_stands_in_no_address() {
    let t = full().await;
    let mut guest = t.guest();
    let page = guest
        .get("/wissen/vorschlaege?subject=Postfach&betreff=Postfach")
        .await;
    assert!(
        !page.expect(200).says("Postfach ist voll"),
        "an address asks for nothing"
    );
    let form = guest.get("/wissen/vorschlaege").await.form_with("subject");
    assert!(form.post);
    guest
        .send(
            "POST",
            "/wissen/vorschlaege",
            Some(b"subject=Postfach".to_vec()),
        )
        .await
        .expect(403);
    // what comes after the beginning is not looked at
    let far = format!("{}Postfach", "und ".repeat(30));
    let page = guest
        .fill("/wissen/vorschlaege", &[("subject", &far)])
        .await;
    assert!(!page.expect(200).says("Postfach ist voll"));
}

#[tokio::test(flavor = "multi_thread")]
async fn lesson_31_35_offers_speak_the_readers_language() {
    let t = full().await;
    let mut guest = t.guest();
    guest.headers.push(("accept-language".into(), "en".into()));
    let page = guest
        .fill("/wissen/vorschlaege", &[("subject", "two-factor sign-in")])
        .await
        .expect(200);
    assert!(
        page.says("Set up two-factor sign-in") && !page.says("Zwei-Faktor"),
        "{}",
        page.text()
    );
    let page = guest
        .fill("/wissen/vorschlaege", &[("subject", "Postfach voll")])
        .await
        .expect(200);
    assert!(page.html.contains("lang=\"de\""), "{}", page.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_looks_for_any_more_is_forgotten() {
    let t = app().await;
    let mut ctx = t.ctx(Actor::System);
    ctx.locale = Locale::De;
    let mut tx = t.db().begin().await.unwrap();
    knowledge::misses::put(&mut tx, &ctx, "Glasfaser")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    t.wait(std::time::Duration::from_secs(91 * 86_400));
    t.run_jobs().await;
    assert!(
        t.ada()
            .await
            .get("/desk/wissen/suchanfragen")
            .await
            .says("Bisher hat jede Suche etwas gefunden.")
    );
}

/// Measured with the release profile: `cargo nextest run --release -p knowledge --run-ignored only --no-capture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; takes minutes without optimisation"]
async fn kb_2_five_thousand_articles() {
    let t = app().await;
    let bodies: Vec<(String, String)> = crate::demo()
        .into_iter()
        .filter(|(path, _)| path.ends_with(".de.md") && !path.contains("notfall"))
        .collect();
    let mut files = Vec::new();
    for n in 0..5_000 {
        let (path, text) = &bodies[n % bodies.len()];
        let path = path.replace(".de.md", &format!("-{n}.de.md"));
        let word = format!("Kennwort{}", (b'a' + u8::try_from(n % 26).unwrap()) as char);
        files.push((path, format!("{text}\n{word} {n}\n")));
    }
    import(&t, &files).await;
    let started = std::time::Instant::now();
    knowledge::warm(t.app.clone()).await;
    let filled = started.elapsed();
    let mut guest = t.guest();
    guest.get("/wissen/suche?suche=Postfach").await.expect(200);
    for path in [
        "/wissen",
        "/wissen/alle",
        "/wissen/artikel/postfach-voll-17",
        "/wissen/suche?suche=Postfach+voll",
        "/wissen/suche?suche=Passwoerter",
        "/wissen/suche?suche=Serverumzug",
        "/wissen/suche?suche=Abwesenheitnotitz",
    ] {
        let path = if path.contains("artikel") {
            guest.get("/wissen/alle").await.link("/wissen/artikel/")
        } else {
            path.to_owned()
        };
        guest.get(&path).await.expect(200);
        let started = std::time::Instant::now();
        for _ in 0..200 {
            guest.get(&path).await;
        }
        eprintln!("{path}: {:?}", started.elapsed() / 200);
    }
    eprintln!("filled in {filled:?}");
    assert!(filled.as_secs() < 20, "{filled:?}");
}
