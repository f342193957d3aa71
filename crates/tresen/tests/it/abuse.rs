//! What people will try: each case of abuse by its name. The attacks that fail stand here, too: they prove the defence.

use crate::whole;
use db::{params, sql};
use kernel::{StaffId, Uuid};
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, PageForm, TestApp};
use web::Method;

const ANNA: &str = "anna@adler.example";
const SVEN: &str = "sven@nordlicht.example";

/// The same form sent by so many hands at once.
async fn at_once(
    client: &Client,
    form: &PageForm,
    fill: &[(&str, &str)],
    times: usize,
) -> Vec<Answer> {
    let mut hands = Vec::new();
    for _ in 0..times {
        let (mut client, form) = (client.clone(), form.clone());
        let fill: Vec<(String, String)> = fill
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        hands.push(tokio::spawn(async move {
            let fill: Vec<(&str, &str)> =
                fill.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            client.send_form(&form, &fill).await
        }));
    }
    let mut answers = Vec::new();
    for hand in hands {
        answers.push(hand.await.unwrap());
    }
    answers
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|a| a.status.as_u16()).collect()
}

fn value(form: &PageForm, name: &str) -> String {
    let found = form.fields.iter().find(|(n, _)| n == name);
    found.map(|(_, v)| v.clone()).unwrap_or_default()
}

/// A form token of this person's own.
async fn token(client: &mut Client, desk: bool) -> String {
    let (page, action) = if desk {
        ("/desk", "/desk/abmelden")
    } else {
        ("/nachrichten", "/abmelden")
    };
    value(&client.get(page).await.form_to(action), "csrf")
}

async fn count(t: &TestApp, table: &'static str) -> i64 {
    let mut tx = t.db().read().await.unwrap();
    let stmt = match table {
        "audit" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM audit"),
        "addresses" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM addresses"),
        "tickets" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM tickets"),
        "entries" => sql!(
            (i64,),
            "SELECT CAST(count(*) AS BIGINT) FROM ticket_entries"
        ),
        "users" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM users"),
        "customers" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM customers"),
        "sessions" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM sessions"),
        "mails" => sql!((i64,), "SELECT CAST(count(*) AS BIGINT) FROM mails"),
        _ => panic!("{table} is not counted"),
    };
    tx.one(stmt, params![]).await.unwrap().0
}

const STREET: &[(&str, &str)] = &[
    ("street", "Erste Gasse 1"),
    ("first_name", "Anna"),
    ("last_name", "Adler"),
    ("postcode", "24105"),
    ("town", "Kiel"),
    ("country", "DE"),
];

async fn write(client: &mut Client, text: &str) -> String {
    let sent = client.fill("/nachrichten/neu", &[("text", text)]).await;
    sent.expect(303).location().to_owned()
}

async fn sign_in(client: &mut Client, login: &str, password: &str) -> Answer {
    client
        .fill("/anmelden", &[("login", login), ("password", password)])
        .await
}

async fn register(client: &mut Client, first: &str, last: &str, email: &str) -> Answer {
    let person = [
        ("first_name", first),
        ("last_name", last),
        ("email", email),
        ("consent", "ja"),
    ];
    client.fill("/registrieren", &person).await
}

async fn code_of(t: &TestApp, staff: StaffId) -> String {
    let mut tx = t.db().read().await.unwrap();
    identity::staff::current_code(&mut tx, &t.world, staff, t.world.now())
        .await
        .unwrap()
        .unwrap()
}

/// Ids of Anna's address and thread.
async fn annas(t: &TestApp) -> (String, String) {
    let mut anna = t.anna().await;
    anna.fill("/konto/adressen/neu", STREET).await.expect(303);
    let thread = write(&mut anna, "Nur für Anna").await;
    let book = anna.get("/konto/adressen").await;
    let address = book.links("/konto/adressen/0").into_iter().next().unwrap();
    (address, thread)
}

// (a) somebody else's data

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

// (b) and (c) getting in

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
            p if p.starts_with("/desk/nachrichten/{id}") => p.replace("/nachrichten/{id}", &thread),
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

fn form_urlencoded(fields: &[(&str, &str)]) -> Vec<u8> {
    let hex = |b: u8| format!("%{b:02X}");
    let word = |text: &str| text.bytes().map(hex).collect::<String>();
    let pairs: Vec<String> = fields
        .iter()
        .map(|(n, v)| format!("{}={}", word(n), word(v)))
        .collect();
    pairs.join("&").into_bytes()
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
async fn totp_twice() {
    let t = whole().await;
    let code = code_of(&t, t.cast.sven).await;
    let mut halves = Vec::new();
    for _ in 0..2 {
        let mut guest = t.guest();
        guest
            .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
            .await
            .leads_to("/desk/anmelden/code");
        let form = guest
            .get("/desk/anmelden/code")
            .await
            .expect(200)
            .form_with("code");
        halves.push((guest, form));
    }
    // the same code in two browsers and many times at once: one gets in
    let (first, second) = (halves.remove(0), halves.remove(0));
    let fill = [("code", code.as_str())];
    let (a, b) = tokio::join!(
        at_once(&first.0, &first.1, &fill, 8),
        at_once(&second.0, &second.1, &fill, 8)
    );
    let in_cookies: BTreeSet<String> = a
        .iter()
        .chain(&b)
        .flat_map(|answer| {
            answer
                .headers
                .get_all("set-cookie")
                .iter()
                .map(|v| v.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|c| c.starts_with("tresen-desk="))
        .collect();
    assert_eq!(in_cookies.len(), 1, "{:?} {:?}", statuses(&a), statuses(&b));
    assert!(
        a.iter()
            .chain(&b)
            .all(|x| x.status.as_u16() < 500 || x.status.as_u16() == 503)
    );
    // nor does an older step count after a newer one
    t.wait(Duration::from_secs(3600));
    let mut guest = t.guest();
    guest
        .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    guest
        .fill("/desk/anmelden/code", &[("code", &code)])
        .await
        .expect(422);
    let new = code_of(&t, t.cast.sven).await;
    guest
        .fill("/desk/anmelden/code", &[("code", &new)])
        .await
        .leads_to("/desk");
    guest.get("/desk").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn totp_brute() {
    let t = whole().await;
    let right = code_of(&t, t.cast.sven).await;
    let mut told = 0;
    for nth in 0..30 {
        // a session of its own for each try: the delay is the person's
        let mut guest = t.guest();
        guest
            .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
            .await
            .expect(303);
        let typed = format!(
            "{:06}",
            (right.parse::<u32>().unwrap() + 1 + nth) % 1_000_000
        );
        let answer = guest.fill("/desk/anmelden/code", &[("code", &typed)]).await;
        told += u32::from(answer.status.as_u16() == 422);
    }
    assert!(told <= 5, "{told}");
    let mut guest = t.guest();
    guest
        .fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    guest
        .fill("/desk/anmelden/code", &[("code", &right)])
        .await
        .expect(429);
    assert_eq!(count(&t, "audit").await, {
        let lines = t.acts(None).await;
        assert!(
            lines
                .iter()
                .filter(|act| *act == "staff.code_failed")
                .count()
                <= 5
        );
        lines.len() as i64
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn twofa_skip() {
    let t = whole().await;
    let mut half = t.guest();
    half.fill("/desk/anmelden", &[("email", SVEN), ("password", PASSWORD)])
        .await
        .expect(303);
    assert!(half.cookies.contains_key("tresen-desk"));
    for route in t
        .app
        .routes()
        .iter()
        .filter(|r| matches!(r.access, web::Access::Staff(_)))
    {
        let path = route.pattern.replace("{id}", &t.cast.annas.to_string());
        let answer = match route.method {
            Method::Get => half.send("GET", &path, None).await,
            Method::Post => half.post_raw(&path, &[("csrf", "x"), ("text", "x")]).await,
        };
        assert_eq!(answer.status.as_u16(), 303, "{path}");
        assert!(answer.location().starts_with("/desk/anmelden"), "{path}");
    }
    // who has a second factor is not led to set up another
    half.get("/desk/anmelden/einrichten")
        .await
        .leads_to("/desk/anmelden/code");
    let page = half.get("/desk/anmelden/code").await.expect(200);
    assert!(
        !page.html.contains("data:image"),
        "the secret is not shown again"
    );
    // the half session ends by itself
    t.wait(Duration::from_secs(901));
    half.get("/desk/anmelden/code")
        .await
        .leads_to("/desk/anmelden");
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

// (d) losing and doubling

#[tokio::test(flavor = "multi_thread")]
async fn double_submit() {
    let t = whole().await;
    let mut anna = t.anna().await;
    let message = anna.get("/nachrichten/neu").await.form_with("text");
    let answers = at_once(&anna, &message, &[("text", "Einmal, bitte")], 20).await;
    let places: BTreeSet<&str> = answers.iter().map(Answer::location).collect();
    assert!(
        statuses(&answers).iter().all(|s| *s == 303),
        "{:?}",
        statuses(&answers)
    );
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(
        (count(&t, "tickets").await, count(&t, "entries").await),
        (1, 1)
    );
    let address = anna.get("/konto/adressen/neu").await.form_with("street");
    let answers = at_once(&anna, &address, STREET, 20).await;
    assert!(
        statuses(&answers).iter().all(|s| *s == 303),
        "{:?}",
        statuses(&answers)
    );
    assert_eq!(count(&t, "addresses").await, 1);
    // the answer of the desk, and the mail it sends
    let thread = format!("/desk{}", answers_place(&mut anna).await);
    let mut sven = t.sven().await;
    let form = sven.get(&thread).await.form_with("text");
    let answers = at_once(&sven, &form, &[("text", "Gern")], 20).await;
    assert!(
        statuses(&answers).iter().all(|s| *s == 303),
        "{:?}",
        statuses(&answers)
    );
    assert_eq!(count(&t, "entries").await, 2);
    t.run_jobs().await;
    assert_eq!(
        t.mails
            .all()
            .iter()
            .filter(|l| l.to.as_str() == ANNA)
            .count(),
        1
    );
    // other words under the same key are not swallowed
    let changed = anna.send_form(&message, &[("text", "Etwas anderes")]).await;
    assert_eq!(changed.status.as_u16(), 409);
    // a key of somebody else's means nothing
    let mut fremd = t.fremd().await;
    let own = fremd.get("/nachrichten/neu").await.form_with("text");
    let key = value(&message, "key");
    let sent = fremd
        .send_form(&own, &[("key", &key), ("text", "Einmal, bitte")])
        .await
        .expect(303);
    assert!(!places.contains(sent.location()));
    t.run_jobs().await;
}

async fn answers_place(client: &mut Client) -> String {
    client.get("/nachrichten").await.link("/nachrichten/0")
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_ticket_edit() {
    let t = whole().await;
    let mut anna = t.anna().await;
    let thread = write(&mut anna, "Es geht los").await;
    let desk = format!("/desk{thread}");
    let mut sven = t.sven().await;
    let page = anna.get(&thread).await;
    let (reply, close) = (
        page.form_with("text"),
        page.form_to(&format!("{thread}/schliessen")),
    );
    let page = sven.get(&desk).await;
    let (answer, shut) = (
        page.form_with("text"),
        page.form_to(&format!("{desk}/schliessen")),
    );
    // each of these is a new act: the forms' keys are taken away
    let bare = |form: &PageForm| {
        let mut form = form.clone();
        form.fields.retain(|(n, _)| n != "key");
        form
    };
    let (reply, close, answer, shut) = (bare(&reply), bare(&close), bare(&answer), bare(&shut));
    let (replies, closes, answers, shuts) = tokio::join!(
        at_once(&anna, &reply, &[("text", "Noch etwas")], 8),
        at_once(&anna, &close, &[], 4),
        at_once(&sven, &answer, &[("text", "Guten Tag")], 8),
        at_once(&sven, &shut, &[], 4)
    );
    let codes = [
        statuses(&replies),
        statuses(&closes),
        statuses(&answers),
        statuses(&shuts),
    ];
    assert!(
        codes.iter().flatten().all(|s| matches!(s, 303 | 409)),
        "{codes:?}"
    );
    assert!(
        codes[0].iter().all(|s| *s == 303),
        "a customer's words are always taken: {codes:?}"
    );
    let kept = codes[2].iter().filter(|s| **s == 409).count();
    assert!(
        answers
            .iter()
            .filter(|a| a.status.as_u16() == 409)
            .all(|a| a.html.contains("Guten Tag")),
        "entries are kept"
    );
    let page = anna.get(&thread).await.expect(200);
    assert_eq!(page.text().matches("Noch etwas").count(), 8);
    let words = page.text().matches("Guten Tag").count();
    assert_eq!(words, 8 - kept);
    // no entry has another's place
    let mut tx = t.db().read().await.unwrap();
    let rows: Vec<(i64,)> = tx
        .all(
            sql!((i64,), "SELECT seq FROM ticket_entries ORDER BY seq"),
            params![],
        )
        .await
        .unwrap();
    let (entries,): (i64,) = tx
        .one(sql!((i64,), "SELECT entries FROM tickets"), params![])
        .await
        .unwrap();
    drop(tx);
    assert_eq!(
        rows.iter().map(|(n,)| *n).collect::<Vec<_>>(),
        (1..=entries).collect::<Vec<_>>()
    );
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

// (e) getting words where they do something

const MARKUP: &[&str] = &[
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "{7*7}",
    "{% include \"/etc/passwd\" %}",
    "{{ frame.csrf }}",
    "{{slot:link}}",
    "{ $name }",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</textarea><script>",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "%3Cscript%3E",
    "=?utf-8?q?=3Cscript=3E?=",
    "\u{202e}fdp.exe",
    "javascript:alert(1)",
];

#[tokio::test(flavor = "multi_thread")]
async fn ticket_subject_template() {
    let t = whole().await;
    let mut sven = t.sven().await;
    let mut ada = t.ada().await;
    for (nth, evil) in MARKUP.iter().enumerate() {
        let mut anna = t.anna().await;
        let thread = write(&mut anna, evil).await;
        let mut fill = STREET.to_vec();
        fill.retain(|(n, _)| !matches!(*n, "street" | "town"));
        fill.extend([
            ("street", *evil),
            ("town", *evil),
            ("company", *evil),
            ("extra", *evil),
        ]);
        anna.fill("/konto/adressen/neu", &fill).await;
        let desk = format!("/desk{thread}");
        sven.fill(&desk, &[("text", evil)]).await.expect(303);
        let file = format!("/desk/kunden/{}", t.cast.annas);
        let pages = [
            anna.get(&thread).await,
            anna.get("/nachrichten").await,
            anna.get("/konto").await,
            anna.get("/konto/adressen").await,
            sven.get(&desk).await,
            sven.get("/desk/nachrichten").await,
            sven.get("/desk/nachrichten?zustand=alle").await,
            sven.get(&file).await,
            sven.get(&format!("{file}?reiter=message-nav")).await,
            ada.get("/desk/protokoll").await,
            ada.get("/desk").await,
            sven.get(&format!(
                "/desk/suche?suche={}",
                String::from_utf8(form_urlencoded(&[("", evil)]))
                    .unwrap()
                    .trim_start_matches('=')
            ))
            .await,
        ];
        for (at, page) in pages.into_iter().enumerate() {
            let page = page.expect(200);
            plain(&page.html, &format!("{nth} {evil} on page {at}"));
            assert!(
                !page.html.contains(">49<") && !page.html.contains("49</"),
                "{evil}"
            );
        }
        let shown = anna.get(&thread).await;
        assert!(
            shown.says(evil),
            "{evil}: the very characters stand there: {}",
            shown.text()
        );
        t.run_jobs().await;
        let letter = t.mails.last_to(ANNA).unwrap();
        assert!(
            !letter.text.contains(evil) && !letter.html.contains(evil),
            "no text of the thread in mails"
        );
        // wrong entries are shown again, as characters
        let again = anna
            .fill(
                "/konto/adressen/neu",
                &[("street", evil), ("postcode", evil), ("phone", evil)],
            )
            .await
            .expect(422);
        plain(&again.html, evil);
    }
}

/// Nothing but our own markup.
fn plain(html: &str, what: &str) {
    for sign in [
        "<script>alert",
        "<img src=x",
        "onmouseover='alert",
        "</textarea><script>",
        "/etc/passwd\" %}<",
        "root:x:",
    ] {
        assert!(!html.contains(sign), "{what}: {sign}");
    }
    assert!(!html.contains("href=\"javascript:"), "{what}");
    // all scripts come from files
    for part in html.split("<script").skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        assert!(tag.contains("src=\"/assets/"), "{what}: <script{tag}>");
    }
    for handler in [" onclick=", " onload=", " onerror=", " onsubmit="] {
        assert!(
            !html.split('<').skip(1).any(|t| t
                .split('>')
                .next()
                .is_some_and(|tag| tag.contains(handler) && !tag.contains('&'))),
            "{what}: {handler}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_header_injection() {
    let t = whole().await;
    for (nth, name) in [
        "Jana <eva@evil.test>",
        "\"Jana\" Bcc: eva@evil.test",
        "Jana, eva@evil.test",
        "=?utf-8?q?Jana=0D=0ABcc:_eva@evil.test?=",
        "J\u{e4}na <b>",
        "Jana;eva@evil.test:",
        "(Jana)",
        "Jana\\",
        "\u{202e}anaJ",
        "\u{2028}Jana",
        "{{slot:link}}",
        "<script>alert(1)</script>",
    ]
    .iter()
    .enumerate()
    {
        t.wait(Duration::from_secs(3700));
        let email = format!("jana{nth}@post.example");
        let mut guest = t.guest();
        let answer = register(&mut guest, name, name, &email).await;
        if answer.status.as_u16() == 422 {
            continue;
        }
        let letter = t.mail_to(&email).await;
        assert!(!letter.text.contains(name), "the link's mail names nobody");
        let link = TestApp::link_in(&letter);
        let page = guest.get(&link).await.expect(200);
        plain(&page.html, name);
        let fill = [
            ("password", "Muscheln-am-Strand-7"),
            ("password_repeat", "Muscheln-am-Strand-7"),
        ];
        let start = guest.fill(&link, &fill).await;
        plain(&guest.follow(start).await.html, name);
        // now a mail that names the person
        register(&mut t.guest(), "x", "y", &email).await.expect(303);
        let letter = t.mail_to(&email).await;
        assert!(
            letter.text.contains("Passwort")
                || letter.to_name.contains("Jana")
                || !letter.to_name.is_empty()
        );
        let raw = String::from_utf8(letter.raw().unwrap()).unwrap();
        let (head, _) = raw.split_once("\r\n\r\n").unwrap();
        let fields: Vec<&str> = head
            .split("\r\n")
            .filter(|l| !l.starts_with([' ', '\t']))
            .map(|l| l.split(':').next().unwrap())
            .collect();
        let known: BTreeSet<&str> = fields.iter().copied().collect();
        assert_eq!(known.len(), fields.len(), "{head}");
        assert!(
            known.iter().all(|f| [
                "From",
                "To",
                "Subject",
                "Message-ID",
                "Date",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "MIME-Version",
                "Content-Type"
            ]
            .contains(f)),
            "{head}"
        );
        assert!(
            !raw.replace("\r\n", "").contains(['\r', '\n']),
            "bare line ends"
        );
        assert!(!letter.html.contains("<script>") && !letter.html.contains("<b>,"));
        assert_eq!(letter.to.as_str(), email);
        let to = head
            .split("\r\nTo:")
            .nth(1)
            .unwrap()
            .split("\r\n")
            .next()
            .unwrap();
        assert!(!to.contains("eva@evil.test>"), "{to}");
    }
    for line in [
        "Jana\r\nBcc: eva@evil.test",
        "Jana\nX: y",
        "Ja\0na",
        "Jana\u{85}x",
    ] {
        register(&mut t.guest(), line, "Petersen", "j@post.example")
            .await
            .expect(422);
        register(
            &mut t.guest(),
            "Jana",
            "Petersen",
            &format!("j@post.example{line}"),
        )
        .await
        .expect(422);
    }
    t.run_jobs().await;
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

// (f) breaking it

const ODD: &[&str] = &[
    "\0",
    "a\0b",
    "' OR '1'='1",
    "\"; DROP TABLE tickets; --",
    "' UNION SELECT password FROM staff --",
    "%",
    "_%",
    "\\",
    "\u{10FFFF}",
    "\u{FFFD}",
    "-1",
    "0",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1e308",
    "NaN",
    "true",
    "null",
    "[]",
    "{}",
    "2026-02-30",
    "9999-12-31",
    "-9999-01-01",
    "0000-00-00",
    "31.12.2026",
    "2026-11-22T00:00",
    "\u{661}\u{662}",
    "9223372036854775807-ffffffff-ffff-ffff-ffff-ffffffffffff",
    "-9223372036854775808-00000000000000000000000000000000",
    "-",
    "0-",
    "1-x",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "{00000000-0000-0000-0000-000000000000}",
    "\u{202e}\u{200b}",
    "\u{FDFA}",
    "../../etc/passwd",
    "message-nav",
    "mail.",
    "staff",
    "alle",
    "dead",
];

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_in_every_parameter() {
    let t = whole().await;
    let (address, thread) = annas(&t).await;
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let mut anna = t.anna().await;
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let desk_thread = format!("/desk{thread}");
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
        ("/desk/nachrichten", &["zustand", "suche", "nach"]),
        (
            "/desk/nachrichten/liste",
            &["zustand", "suche", "nach", "auf"],
        ),
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
    let desk_thread = format!("/desk{thread}");
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
            p if p.starts_with("/desk/nachrichten") => t.sven().await,
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

#[tokio::test(flavor = "multi_thread")]
async fn subject_cut() {
    let t = whole().await;
    let mut anna = t.anna().await;
    // one character with marks without end, of kinds that no search key drops, and in no order that packs well
    let mut seed = 7_u32;
    let marks: String = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x591 + (seed >> 16) % 28).unwrap()
    })
    .take(100_000)
    .collect();
    let thread = write(&mut anna, &format!("a{marks}\nUnd nun?")).await;
    // and characters that grow when they are folded
    let grown: String = (0..100)
        .map(|n| char::from_u32(0x3300 + n).unwrap())
        .collect();
    write(&mut anna, &format!("{}{grown}", "\u{FDFA}".repeat(50))).await;
    let list = anna.get("/nachrichten").await.expect(200);
    assert!(
        list.html.len() < 60_000,
        "a subject does not fill pages: {}",
        list.html.len()
    );
    assert!(anna.get(&thread).await.expect(200).says("Und nun?"));
    let queue = t
        .sven()
        .await
        .get("/desk/nachrichten?zustand=alle")
        .await
        .expect(200);
    assert!(queue.html.len() < 80_000, "{}", queue.html.len());
    // names that grow, too
    let name: String = (0..60)
        .map(|n| char::from_u32(0x3300 + n).unwrap())
        .collect();
    let other: String = (60..120)
        .map(|n| char::from_u32(0x3300 + n).unwrap())
        .collect();
    let mut guest = t.guest();
    register(&mut guest, &name, &other, "lang@post.example")
        .await
        .expect(303);
    let link = TestApp::link_in(&t.mail_to("lang@post.example").await);
    let fill = [
        ("password", "Muscheln-am-Strand-7"),
        ("password_repeat", "Muscheln-am-Strand-7"),
    ];
    guest.fill(&link, &fill).await.expect(303);
    t.run_jobs().await;
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
        for page in ["/desk/suche", "/desk/kunden", "/desk/nachrichten"] {
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

// (g) traces

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
    let desk = format!("/desk{thread}");
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
