//! Getting in: guessing, enumerating, planted sessions, links.

use super::{
    ANNA, SVEN, annas, at_once, count, form_urlencoded, register, sign_in, statuses, token, value,
};
use crate::whole;
use kernel::Uuid;
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::{PASSWORD, TestApp};
use web::Method;

#[tokio::test(flavor = "multi_thread")]
async fn login_csrf() {
    let t = whole().await;
    let fields = [("login", ANNA), ("password", PASSWORD)];
    let before = count(&t, "sessions").await;
    // a foreign page: no cookie of ours, or the victim's with the attacker's token
    t.guest().post_raw("/anmelden", &fields).await.expect(403);
    let mut attacker = t.guest();
    let form = attacker.get("/anmelden").await.form_with("login");
    let csrf = value(&form, "csrf");
    let mut victim = t.guest();
    victim.get("/anmelden").await;
    for token in [csrf.as_str(), "", ".", "x.y"] {
        let fields = [("csrf", token), ("login", ANNA), ("password", PASSWORD)];
        for path in ["/anmelden", "/registrieren"] {
            victim.post_raw(path, &fields).await.expect(403);
        }
        let fields = [("csrf", token), ("email", SVEN), ("password", PASSWORD)];
        victim.post_raw("/desk/anmelden", &fields).await.expect(403);
    }
    assert_eq!(count(&t, "sessions").await, before);
    assert!(!victim.cookies.contains_key("tresen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn csrf_all_routes() {
    let t = whole().await;
    let (address, thread) = annas(&t).await;
    let mail = {
        t.run_jobs().await;
        let mut guest = t.guest();
        register(&mut guest, "Jana", "Petersen", "jana@post.example")
            .await
            .expect(303);
        t.run_jobs().await;
        t.ada()
            .await
            .get("/desk/vorgaenge/mails")
            .await
            .link("/desk/vorgaenge/mails/0")
    };
    let before = count(&t, "audit").await;
    let mut fremd = t.fremd().await;
    let foreign = token(&mut fremd, false).await;
    let mut guest = t.guest();
    let spare = value(&guest.get("/anmelden").await.form_with("login"), "csrf");
    let routes: Vec<_> = t
        .app
        .routes()
        .iter()
        .filter(|r| r.method == Method::Post)
        .cloned()
        .collect();
    assert!(routes.len() >= 15);
    for route in routes {
        let path = match route.pattern.as_str() {
            p if p.starts_with("/konto/adressen/{id}") => {
                p.replace("/konto/adressen/{id}", &address)
            }
            p if p.starts_with("/nachrichten/{id}") => p.replace("/nachrichten/{id}", &thread),
            p if p.starts_with("/desk/tickets/{id}") => p.replace(
                "/tickets/{id}",
                &thread.replace("/nachrichten/", "/tickets/"),
            ),
            p if p.starts_with("/desk/vorgaenge/mails/{id}") => {
                p.replace("/desk/vorgaenge/mails/{id}", &mail)
            }
            p => p
                .replace("{id}", &Uuid::nil().to_string())
                .replace("{token}", "x"),
        };
        let desk = route.access.is_desk();
        let mut victim = if desk { t.ada().await } else { t.anna().await };
        let own = token(&mut victim, desk).await;
        let fill = |csrf: &str| -> Vec<u8> {
            form_urlencoded(&[("csrf", csrf), ("text", "x"), ("id", "x"), ("street", "x")])
        };
        // a fetch or a form of another site, even with the right token
        for (name, value) in [
            ("origin", "https://evil.test"),
            ("origin", "null"),
            ("origin", "http://localhost:8080.evil.test"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            victim.headers = vec![(name.into(), value.into())];
            let answer = victim.send("POST", &path, Some(fill(&own))).await;
            assert_eq!(answer.status.as_u16(), 403, "{path} {name}: {value}");
        }
        victim.headers.clear();
        for csrf in ["", &foreign, &spare] {
            let answer = victim.send("POST", &path, Some(fill(csrf))).await;
            assert_eq!(answer.status.as_u16(), 403, "{path}");
        }
        // the body as another kind; a picture's address
        victim.headers = vec![("content-type".into(), "text/plain".into())];
        let answer = victim.send("POST", &path, Some(fill(&own))).await;
        assert!(
            matches!(answer.status.as_u16(), 403 | 415),
            "{path}: {}",
            answer.status
        );
        victim.headers.clear();
        let with = format!("{path}?csrf={own}&text=x");
        let answer = victim.send("GET", &with, None).await;
        assert!(answer.status.as_u16() < 500, "{path}");
    }
    assert_eq!(count(&t, "audit").await, before, "nothing was done");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn session_fixation() {
    let t = whole().await;
    // a session of the attacker's planted in the victim's browser
    let attacker = t.fremd().await;
    let planted = attacker.cookies["tresen"].clone();
    let mut victim = t.guest();
    victim
        .cookies
        .insert("tresen".into(), "selbst-gewählt".replace('ä', "a"));
    sign_in(&mut victim, ANNA, PASSWORD).await.expect(303);
    assert_ne!(victim.cookies["tresen"], "selbst-gewahlt");
    let own = victim.cookies["tresen"].clone();
    let mut other = t.guest();
    other.cookies.insert("tresen".into(), planted.clone());
    let page = other.get("/konto").await.expect(200);
    assert!(
        !page.says("Anna"),
        "the planted session never becomes Anna's"
    );
    // the guest token planted before signing in is worth nothing after it
    let mut victim = t.guest();
    let form = victim.get("/anmelden").await.form_with("login");
    victim
        .send_form(&form, &[("login", ANNA), ("password", PASSWORD)])
        .await
        .expect(303);
    let csrf = value(&form, "csrf");
    victim
        .post_raw("/nachrichten/neu", &[("csrf", &csrf), ("text", "x")])
        .await
        .expect(403);
    // two sign-ins, two tokens; a portal cookie opens no desk and the other way round
    assert_ne!(own, victim.cookies["tresen"]);
    let mut mixed = t.guest();
    mixed.cookies.insert("tresen-desk".into(), own);
    mixed.get("/desk").await.expect(303);
    let sven = t.sven().await.cookies["tresen-desk"].clone();
    mixed.cookies.insert("tresen".into(), sven);
    mixed.get("/konto").await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn session_after_logout() {
    let t = whole().await;
    for desk in [false, true] {
        let mut person = if desk { t.sven().await } else { t.anna().await };
        let copy = person.clone();
        let (page, out) = if desk {
            ("/desk", "/desk/abmelden")
        } else {
            ("/konto", "/abmelden")
        };
        person.press(page, out).await.expect(303);
        assert!(
            person
                .cookies
                .iter()
                .all(|(n, _)| n != "tresen" && n != "tresen-desk")
        );
        let mut thief = copy.clone();
        thief.get(page).await.expect(303);
        thief.post_raw(out, &[("csrf", "x")]).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn enumerate_login() {
    let t = whole().await;
    let mut seen = BTreeSet::new();
    let mut times = Vec::new();
    for login in [
        ANNA,
        "niemand@adler.example",
        "K-10001",
        "K-99999",
        "gar kein Name",
        "10001",
        "99999",
    ] {
        let mut guest = t.guest();
        let form = guest.get("/anmelden").await.form_with("login");
        let began = std::time::Instant::now();
        let answer = guest
            .send_form(&form, &[("login", login), ("password", "falsch")])
            .await;
        times.push(began.elapsed());
        let main = answer.text().replace(login, "");
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        seen.insert((
            answer.status.as_u16(),
            main.len(),
            names,
            guest.cookies.len(),
        ));
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    let mut desk = BTreeSet::new();
    for email in [SVEN, "niemand@nordlicht.example"] {
        let mut guest = t.guest();
        let fill = [("email", email), ("password", "falsch")];
        let answer = guest.fill("/desk/anmelden", &fill).await;
        desk.insert((
            answer.status.as_u16(),
            answer.text().replace(email, "").len(),
        ));
    }
    assert_eq!(desk.len(), 1, "{desk:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn enumerate_by_customer_number() {
    let t = whole().await;
    // in whatever way a number is typed, a known one and an unknown one slow down alike
    let mut shapes = Vec::new();
    for number in ["10001", "99999"] {
        let mut shape = Vec::new();
        for (nth, spelling) in ["N", "K-N", "k N", " N ", "K-0N", "kN", "N", "K-N"]
            .iter()
            .enumerate()
        {
            let mut guest = t.guest();
            let login = spelling.replace('N', number);
            let answer = sign_in(&mut guest, &login, "falsch").await;
            shape.push((nth, answer.status.as_u16()));
        }
        shapes.push(shape);
    }
    assert_eq!(shapes[0], shapes[1]);
    let refused = shapes[0]
        .iter()
        .filter(|(_, status)| *status == 429)
        .count();
    assert!(refused >= 2, "{shapes:?}");
    // and an address, whatever its case
    let mut seen = Vec::new();
    for name in ["anna@adler.example", "niemand@adler.example"] {
        let mut shape = Vec::new();
        t.wait(Duration::from_secs(2 * 3600));
        for login in [
            name.to_owned(),
            name.to_uppercase(),
            format!("\u{feff}{name}"),
            format!(" {name}"),
            name.to_owned(),
            name.to_uppercase(),
        ] {
            shape.push(
                sign_in(&mut t.guest(), &login, "falsch")
                    .await
                    .status
                    .as_u16(),
            );
        }
        seen.push(shape);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn credential_stuffing() {
    let t = whole().await;
    // many names from one network: after the free ones nothing is said about any password
    let mut answered = 0;
    for nth in 0..40 {
        let answer = sign_in(&mut t.guest(), &format!("n{nth}@adler.example"), "falsch").await;
        answered += u32::from(answer.status.as_u16() == 422);
    }
    assert!(answered <= 20, "{answered}");
    let right = sign_in(&mut t.guest(), ANNA, PASSWORD).await;
    assert_eq!(
        right.status.as_u16(),
        429,
        "right passwords wait as wrong ones do"
    );
    // tried at once, they are no more
    t.wait(Duration::from_secs(3 * 3600));
    let mut guest = t.guest();
    let form = guest.get("/anmelden").await.form_with("login");
    let fill = [("login", ANNA), ("password", "falsch")];
    let answers = at_once(&guest, &form, &fill, 16).await;
    let told = answers.iter().filter(|a| a.status.as_u16() == 422).count();
    assert!(told <= 5, "{:?}", statuses(&answers));
    assert!(
        answers
            .iter()
            .all(|a| matches!(a.status.as_u16(), 422 | 429 | 503)),
        "{:?}",
        statuses(&answers)
    );
    // and it ends
    t.wait(Duration::from_secs(3600));
    sign_in(&mut t.guest(), ANNA, PASSWORD).await.expect(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn enumerate_register() {
    let t = whole().await;
    let mut seen = BTreeSet::new();
    for (nth, email) in [
        ANNA,
        "neu@adler.example",
        ANNA,
        "neu@adler.example",
        ANNA,
        ANNA,
        ANNA,
    ]
    .iter()
    .enumerate()
    {
        let mut guest = t.guest();
        let answer = register(&mut guest, "Jana", "Petersen", email).await;
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        let (status, place) = (answer.status.as_u16(), answer.location().to_owned());
        let page = guest.follow(answer).await.expect(200);
        // the last ones send no mail at all, and say the same
        seen.insert((status, place, names, page.text().len(), guest.cookies.len()));
        assert!(!page.html.contains(email), "{nth}");
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    t.run_jobs().await;
    let to = |email: &str| {
        t.mails
            .all()
            .iter()
            .filter(|l| l.to.as_str() == email)
            .count()
    };
    assert_eq!(
        (to(ANNA), to("neu@adler.example")),
        (3, 2),
        "at most three an hour"
    );
    let owner = t.mails.last_to(ANNA).unwrap();
    assert!(!owner.text.contains("/aktivieren/") && !owner.text.contains("Jana"));
    assert!(owner.text.contains("Anna Adler"));
    let new = t.mails.last_to("neu@adler.example").unwrap();
    assert!(
        !new.text.contains("Jana"),
        "a stranger's words go to nobody"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn activation_link_in_parallel() {
    let t = whole().await;
    let mut jana = t.guest();
    register(&mut jana, "Jana", "Petersen", "jana@post.example")
        .await
        .expect(303);
    let link = TestApp::link_in(&t.mail_to("jana@post.example").await);
    let (users, customers) = (count(&t, "users").await, count(&t, "customers").await);
    let form = jana.get(&link).await.expect(200).form_with("password");
    let fill = [
        ("password", "Muscheln-am-Strand-7"),
        ("password_repeat", "Muscheln-am-Strand-7"),
    ];
    let answers = at_once(&jana, &form, &fill, 20).await;
    let all = statuses(&answers);
    assert_eq!(all.iter().filter(|s| **s == 303).count(), 1, "{all:?}");
    assert!(all.iter().all(|s| matches!(s, 303 | 410 | 503)), "{all:?}");
    assert_eq!(count(&t, "users").await, users + 1);
    assert_eq!(count(&t, "customers").await, customers + 1);
    jana.get(&link).await.expect(410);
    // altered, cut, of another kind
    let (folder, secret) = link.rsplit_once('/').unwrap();
    for other in [
        &secret[1..],
        &format!("{secret}a"),
        &secret.to_uppercase(),
        "0",
        "%00",
        &"a".repeat(9000),
    ] {
        jana.get(&format!("{folder}/{other}")).await.expect(410);
        jana.get(&format!("/desk/einladung/{other}"))
            .await
            .expect(410);
    }
    jana.get(&format!("/desk/einladung/{secret}"))
        .await
        .expect(410);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_activation_link_dies_with_the_newer_one() {
    let t = whole().await;
    let mut jana = t.guest();
    register(&mut jana, "Jana", "Petersen", "jana@post.example")
        .await
        .expect(303);
    let first = TestApp::link_in(&t.mail_to("jana@post.example").await);
    register(&mut t.guest(), "Eva", "Boese", "jana@post.example")
        .await
        .expect(303);
    let second = TestApp::link_in(&t.mail_to("jana@post.example").await);
    assert_ne!(first, second);
    jana.get(&first).await.expect(410);
    jana.get(&second).await.expect(200);
    t.wait(Duration::from_secs(49 * 3600));
    jana.get(&second).await.expect(410);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn host_header_in_mail() {
    let t = whole().await;
    let mut jana = t.guest();
    for name in [
        "host",
        "x-forwarded-host",
        "forwarded",
        "x-original-url",
        "x-rewrite-url",
    ] {
        jana.headers.push((name.into(), "evil.test".into()));
    }
    jana.headers
        .push(("x-forwarded-proto".into(), "javascript".into()));
    register(&mut jana, "Jana", "Petersen", "jana@post.example")
        .await
        .expect(303);
    let letter = t.mail_to("jana@post.example").await;
    assert!(letter.text.contains("http://localhost:8080/aktivieren/"));
    let raw = String::from_utf8_lossy(&letter.raw().unwrap()).into_owned();
    assert!(!raw.contains("evil.test"));
    // cache_poisoning_by_host: nothing of it stands on a page, and no page is kept by a cache
    for path in ["/", "/anmelden", "/registrieren", "/desk/anmelden"] {
        let page = jana.get(path).await.expect(200);
        assert!(!page.html.contains("evil.test"), "{path}");
        assert_eq!(page.headers["cache-control"], "no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_stay_here() {
    let t = whole().await;
    for evil in [
        "//evil.test",
        "/\\evil.test",
        "https://evil.test",
        "\\\\evil.test",
        "/%09/evil.test",
        "/\t/evil.test",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: x=y",
        "http:evil.test",
        " //evil.test",
        "/\u{2044}evil.test",
        "//evil.test/%2e%2e",
    ] {
        let query: String = evil.bytes().map(|b| format!("%{b:02X}")).collect();
        let answer = t
            .guest()
            .get(&format!("/sprache?auf=en&zu={query}"))
            .await
            .expect(303);
        let place = answer.location().to_owned();
        assert!(
            place.starts_with('/') && !place.starts_with("//") && !place.contains('\\'),
            "{evil}: {place}"
        );
        let mut guest = t.guest();
        let path = format!("/anmelden?weiter={query}");
        let place = guest
            .fill(&path, &[("login", ANNA), ("password", PASSWORD)])
            .await
            .expect(303)
            .location()
            .to_owned();
        assert!(
            place.starts_with('/') && !place.starts_with("//") && !place.contains('\\'),
            "{evil}: {place}"
        );
        // signed in already
        let place = guest.get(&path).await.expect(303).location().to_owned();
        assert!(
            place.starts_with('/') && !place.starts_with("//"),
            "{evil}: {place}"
        );
        let mut clara = t.clara().await;
        let csrf = token(&mut clara, false).await;
        let own = t.cast.claras.1.to_string();
        let fields = [
            ("csrf", csrf.as_str()),
            ("id", &own),
            ("weiter", evil),
            ("zu", evil),
        ];
        let place = clara
            .post_raw("/konto/wechseln", &fields)
            .await
            .expect(303)
            .location()
            .to_owned();
        assert!(
            place.starts_with('/') && !place.starts_with("//") && !place.contains('\\'),
            "{evil}: {place}"
        );
    }
}
