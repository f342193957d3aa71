//! What holds for every route: odd parameters, floods, traces.

use super::{
    ANNA, ODD, STREET, SVEN, annas, code_of, count, encoded, register, sign_in, token, write,
};
use crate::whole;
use db::{params, sql};
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::{PASSWORD, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn hpp() {
    let t = whole().await;
    let mut clara = t.clara().await;
    let csrf = token(&mut clara, false).await;
    let (own, foreign) = (t.cast.claras.1.to_string(), t.cast.annas.to_string());
    // the one that is checked is the one that is used
    for (first, second, status) in [(&foreign, &own, 404), (&own, &foreign, 303)] {
        let fields = [("csrf", csrf.as_str()), ("id", first), ("id", second)];
        let answer = clara
            .post_raw("/konto/wechseln", &fields)
            .await
            .expect(status);
        let page = clara.get("/konto").await.expect(200);
        assert!(!page.says("K-10001"), "{}", answer.text());
    }
    // fields of a form that come twice are refused, wherever
    let csrf = token(&mut clara, false).await;
    let fields = [("csrf", csrf.as_str()), ("text", "eins"), ("text", "zwei")];
    clara
        .post_raw("/nachrichten/neu", &fields)
        .await
        .expect(400);
    // what stands in the address does not count as a field
    let fields = [("csrf", csrf.as_str())];
    clara
        .post_raw("/nachrichten/neu?text=Hallo&csrf=x", &fields)
        .await
        .expect(422);
    assert_eq!(count(&t, "tickets").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn mass_assignment() {
    let t = whole().await;
    let mut anna = t.anna().await;
    let csrf = token(&mut anna, false).await;
    let foreign = t.cast.fremds.to_string();
    let more = [
        ("csrf", csrf.as_str()),
        ("customer_id", &foreign),
        ("user_id", &foreign),
        ("id", &foreign),
        ("is_owner", "true"),
        ("rights", "staff.manage"),
        ("internal", "true"),
        ("state", "closed"),
        ("version", "99"),
        ("dann", "schliessen"),
    ];
    let mut address = STREET.to_vec();
    address.extend(more);
    anna.post_raw("/konto/adressen/neu", &address)
        .await
        .expect(303);
    let mut message = vec![("text", "Hallo")];
    message.extend(more);
    let thread = anna
        .post_raw("/nachrichten/neu", &message)
        .await
        .expect(303);
    let page = anna.get(thread.location()).await.expect(200);
    assert!(!page.says("Geschlossen") && page.says("Hallo"));
    assert!(anna.get("/konto/adressen").await.says("Erste Gasse 1"));
    let mut fremd = t.fremd().await;
    assert!(!fremd.get("/konto/adressen").await.says("Erste Gasse 1"));
    fremd.get(thread.location()).await.expect(404);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_are_all_served() {
    let t = whole().await;
    // the pages first: their statements are counted
    let mut sends = Vec::new();
    let fremd = t.fremd().await;
    for nth in 0..24 {
        let mut client = fremd.clone();
        let form = client.get("/nachrichten/neu").await.form_with("text");
        sends.push((client, form, vec![("text", format!("Nachricht {nth}"))]));
    }
    for nth in 0..16 {
        let mut guest = t.guest();
        let form = guest.get("/registrieren").await.form_with("email");
        let person = [
            ("first_name", "N".to_owned()),
            ("last_name", "N".to_owned()),
            ("email", format!("n{nth}@post.example")),
            ("consent", "ja".to_owned()),
        ];
        sends.push((guest, form, person.into()));
    }
    let hands: Vec<_> = sends
        .into_iter()
        .map(|(mut client, form, fill)| {
            tokio::spawn(async move {
                let fill: Vec<_> = fill.iter().map(|(n, v)| (*n, v.as_str())).collect();
                client.send_form(&form, &fill).await
            })
        })
        .collect();
    let mut codes = Vec::new();
    for hand in hands {
        codes.push(hand.await.unwrap().status.as_u16());
    }
    assert!(codes.iter().all(|s| *s == 303), "{codes:?}");
    assert_eq!(count(&t, "tickets").await, 24);
    t.run_jobs().await;
    assert_eq!(t.mails.len(), 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_by_cookie() {
    let t = whole().await;
    for value in [
        "notice-<script>",
        "error-internal",
        "notice-../../x",
        "notice-",
        "frame-desk",
        "notice-activated.text",
        "a=b",
        "\"notice-activated\"",
        &"n".repeat(8000),
    ] {
        let mut guest = t.guest();
        guest.cookies.insert("tresen-hinweis".into(), value.into());
        let page = guest.get("/").await.expect(200);
        assert!(!page.html.contains(value), "{value}");
        assert!(
            !guest.cookies.contains_key("tresen-hinweis"),
            "shown or not, it is gone"
        );
    }
    let mut guest = t.guest();
    guest
        .cookies
        .insert("tresen-sprache".into(), "xx<script>".into());
    assert!(
        guest
            .get("/")
            .await
            .expect(200)
            .html
            .contains("lang=\"de\"")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_in_every_parameter() {
    let t = whole().await;
    let (address, thread) = annas(&t).await;
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let mut anna = t.anna().await;
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let desk_thread = thread.replace("/nachrichten/", "/desk/tickets/");
    let pages: &[(&str, &[&str])] = &[
        (
            "/desk/protokoll",
            &["was", "wer", "kunde", "von", "bis", "nach"],
        ),
        ("/desk/vorgaenge/mails", &["zustand", "an", "kunde", "nach"]),
        ("/desk/vorgaenge/jobs", &["zustand", "nach"]),
        ("/desk/kunden", &["suche", "nach"]),
        (&file, &["reiter"]),
        ("/desk/suche", &["suche"]),
        (
            "/desk/tickets",
            &[
                "zustand",
                "suche",
                "nach",
                "art",
                "abteilung",
                "prioritaet",
                "bei",
            ],
        ),
        ("/desk/tickets/suche", &["suche"]),
        ("/desk/tickets/liste", &["zustand", "suche", "nach", "auf"]),
        (&desk_thread, &["zustand", "suche", "nach", "vor", "stand"]),
        ("/nachrichten", &["zustand", "nach"]),
        (&thread, &["vor"]),
        (&address, &["stand"]),
        ("/anmelden", &["weiter"]),
        ("/sprache", &["auf", "zu"]),
        ("/", &["x"]),
    ];
    let huge = "\u{e4}".repeat(9000);
    let mut broken = Vec::new();
    for (page, names) in pages {
        for name in *names {
            for odd in ODD.iter().copied().chain([huge.as_str()]) {
                let path = format!("{page}?{name}={}", encoded(odd));
                let client = if page.starts_with("/desk") {
                    &mut ada
                } else {
                    &mut anna
                };
                let answer = client.get(&path).await;
                let fits = matches!(answer.status.as_u16(), 200 | 303 | 404);
                if !fits || answer.says("Panik") {
                    broken.push(format!(
                        "{page}?{name}={:.40}: {}",
                        odd.escape_debug(),
                        answer.status
                    ));
                }
            }
            // bytes that are no text, the name twice, as a list
            for tail in ["=%ff%fe%c0%80", "=%", "=%zz", "[]=1", "[$ne]=1", "=a&x=b"] {
                let client = if page.starts_with("/desk") {
                    &mut ada
                } else {
                    &mut anna
                };
                let status = client
                    .get(&format!("{page}?{name}{tail}&{name}=b"))
                    .await
                    .status
                    .as_u16();
                if status >= 500 {
                    broken.push(format!("{page}?{name}{tail}: {status}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hash_flood() {
    let t = whole().await;
    let mut guest = t.guest();
    guest.get("/anmelden").await;
    // very many fields cost a refusal, not memory
    let began = std::time::Instant::now();
    let body: Vec<u8> = (0..120_000)
        .flat_map(|n| format!("f{n}&").into_bytes())
        .collect();
    let answer = guest.send("POST", "/anmelden", Some(body)).await;
    assert_eq!(answer.status.as_u16(), 400);
    let many: Vec<(String, String)> = (0..400).map(|n| (format!("f{n}"), "x".into())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    guest.post_raw("/anmelden", &many).await.expect(403);
    let query: String = (0..6000).map(|n| format!("k{n}=v&")).collect();
    guest.get(&format!("/anmelden?{query}")).await.expect(200);
    let marks = "%cc%81".repeat(170_000).into_bytes();
    let answer = guest
        .send(
            "POST",
            "/anmelden",
            Some([b"login=".as_slice(), &marks].concat()),
        )
        .await;
    assert_eq!(answer.status.as_u16(), 403);
    // cookies without end
    guest
        .cookies
        .extend((0..5000).map(|n| (format!("c{n}"), "x".to_owned())));
    guest.get("/").await.expect(200);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn search_dos() {
    let t = whole().await;
    let mut ada = t.ada().await;
    let words = "wort ".repeat(2000);
    for text in [
        "%%%%",
        "a*",
        "^(a+)+$",
        "\u{202e}\u{5d0}",
        words.as_str(),
        &"\u{FDFA}".repeat(2000),
        &"a\u{300}".repeat(4000),
    ] {
        for page in ["/desk/suche", "/desk/kunden", "/desk/tickets"] {
            let began = std::time::Instant::now();
            ada.get(&format!("{page}?suche={}", encoded(text)))
                .await
                .expect(200);
            assert!(
                began.elapsed() < Duration::from_secs(3),
                "{page} {:.20}",
                text
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn path_traversal() {
    let t = whole().await;
    let mut guest = t.guest();
    for path in [
        "/assets/..%2f..%2fCargo.toml",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/%00",
        "/assets/%ff",
        "/..%2f..%2f",
        "/%ff%fe",
        "/desk/%00",
        "//evil.test",
        "/aktivieren/%ff%fe",
        "/nachrichten/%ff",
        "/konto/adressen/%c0%af",
        "/desk/kunden/%ff",
        "/desk/einladung/%ff",
        "/demo/mails/%ff",
        "/%0d%0aSet-Cookie:%20x=y",
    ] {
        for mut client in [guest.clone(), t.anna().await, t.ada().await] {
            for method in ["GET", "HEAD", "POST", "PUT"] {
                let answer = client.send(method, path, None).await;
                assert!(
                    (300..500).contains(&answer.status.as_u16()),
                    "{method} {path}: {}",
                    answer.status
                );
                assert!(
                    answer.headers.contains_key("content-security-policy"),
                    "{method} {path}"
                );
                assert!(!answer.html.contains("root:") && !answer.html.contains("[workspace]"));
            }
        }
    }
    let page = guest.get("/nachrichten/%ff").await;
    assert_eq!(page.status.as_u16(), 404);
    assert!(
        page.html.contains("<main"),
        "a page, as for any unknown address"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_leave_no_trace() {
    let t = whole().await;
    let mut jana = t.guest();
    register(&mut jana, "Jana", "Petersen", "jana@post.example")
        .await
        .expect(303);
    let link = TestApp::link_in(&t.mail_to("jana@post.example").await);
    let secret = link.rsplit('/').next().unwrap().to_owned();
    let password = "Muscheln-am-Strand-7";
    jana.fill(
        &link,
        &[("password", password), ("password_repeat", password)],
    )
    .await
    .expect(303);
    t.run_jobs().await;
    let cookie = jana.cookies["tresen"].clone();
    // the history of mails
    let mut ada = t.ada().await;
    let list = ada.get("/desk/vorgaenge/mails").await.expect(200);
    let mut seen = 0;
    for mail in list.links("/desk/vorgaenge/mails/0") {
        let page = ada.get(&mail).await.expect(200);
        assert!(!page.html.contains(&secret), "{mail}");
        seen += usize::from(page.says("[Link entfernt]"));
    }
    assert!(seen > 0);
    // what is stored
    let mut tx = t.db().read().await.unwrap();
    let mut all = Vec::new();
    for stmt in [
        sql!((String,), "SELECT detail FROM audit"),
        sql!((String,), "SELECT location FROM form_keys"),
        sql!((String,), "SELECT text FROM mails"),
        sql!((String,), "SELECT html FROM mails"),
        sql!((String,), "SELECT payload FROM links"),
        sql!((String,), "SELECT hash FROM passwords"),
        sql!((String,), "SELECT actor FROM form_keys"),
    ] {
        all.extend(
            tx.all(stmt, params![])
                .await
                .unwrap()
                .into_iter()
                .map(|(text,)| text),
        );
    }
    drop(tx);
    for text in &all {
        for secret in [secret.as_str(), password, PASSWORD, cookie.as_str()] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(ada.get("/desk/protokoll").await.says("Jana Petersen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_act_leaves_a_line() {
    let t = whole().await;
    let mut anna = t.guest();
    sign_in(&mut anna, ANNA, "falsch").await.expect(422);
    sign_in(&mut anna, ANNA, PASSWORD).await.expect(303);
    for street in ["Erste 1", "Zweite 2"] {
        let mut fill: Vec<_> = STREET
            .iter()
            .copied()
            .filter(|(n, _)| *n != "street")
            .collect();
        fill.insert(0, ("street", street));
        anna.fill("/konto/adressen/neu", &fill).await.expect(303);
    }
    let book = anna.get("/konto/adressen").await;
    let spare = book
        .links("/konto/adressen/0")
        .into_iter()
        .find(|l| l.ends_with("/loeschen"))
        .unwrap();
    anna.fill(
        spare.trim_end_matches("/loeschen"),
        &[("street", "Dritte 3")],
    )
    .await
    .expect(303);
    anna.press(&spare, &spare).await.expect(303);
    let thread = write(&mut anna, "Hallo").await;
    let desk = thread.replace("/nachrichten/", "/desk/tickets/");
    let mut sven = t.guest();
    sven.fill("/desk/anmelden", &[("email", SVEN), ("password", "falsch")])
        .await
        .expect(422);
    sven.fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    let code = code_of(&t, t.cast.sven).await;
    sven.fill("/desk/anmelden/code", &[("code", "000000")])
        .await
        .expect(422);
    sven.fill("/desk/anmelden/code", &[("code", &code)])
        .await
        .expect(303);
    sven.fill(&desk, &[("text", "Guten Tag")]).await.expect(303);
    sven.press(&desk, &format!("{desk}/schliessen"))
        .await
        .expect(303);
    sven.press(&desk, &format!("{desk}/oeffnen"))
        .await
        .expect(303);
    t.run_jobs().await;
    let mail = t
        .ada()
        .await
        .get("/desk/vorgaenge/mails")
        .await
        .link("/desk/vorgaenge/mails/0");
    sven.press(&mail, &format!("{mail}/senden"))
        .await
        .expect(303);
    sven.press("/desk", "/desk/abmelden").await.expect(303);
    anna.press("/konto", "/abmelden").await.expect(303);
    let acts: BTreeSet<String> = t.acts(None).await.into_iter().collect();
    for act in [
        "session.refused",
        "session.opened",
        "session.ended",
        "address.added",
        "address.changed",
        "address.removed",
        "message.written",
        "staff.sign_in_failed",
        "staff.code_failed",
        "staff.signed_in",
        "message.answered",
        "message.closed",
        "message.reopened",
        "mail.resent",
        "staff.signed_out",
    ] {
        assert!(acts.contains(act), "{act} in {acts:?}");
    }
    // each word of the log is a word
    let log = t.ada().await.get("/desk/protokoll").await.expect(200);
    for act in &acts {
        assert!(!log.says(&format!(" {act} ")), "{act}");
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clickjacking() {
    let t = whole().await;
    for (mut client, path) in [
        (t.guest(), "/anmelden"),
        (t.anna().await, "/konto"),
        (t.ada().await, "/desk"),
        (t.guest(), "/nachrichten/%ff"),
    ] {
        let answer = client.get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        for rule in [
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "default-src 'none'",
            "script-src 'self'",
        ] {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"));
    }
    let mut guest = t.guest();
    sign_in(&mut guest, ANNA, PASSWORD).await;
    let mut again = t.guest();
    let form = again.get("/anmelden").await.form_with("login");
    let answer = again
        .send_form(&form, &[("login", ANNA), ("password", PASSWORD)])
        .await;
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.contains("HttpOnly")
                && cookie.contains("SameSite=Lax")
                && cookie.contains("Path=/"),
            "{cookie}"
        );
    }
}
