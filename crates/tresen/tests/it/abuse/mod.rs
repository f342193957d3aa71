//! What people will try: each case of abuse by its name. The attacks that fail stand here, too: they prove the defence.
//!
//! `accounts`: getting in and staying in; `factors`: past the second factor; `customers`: somebody else's data;
//! `support`: threads and mails; `leak`: what staff keeps to itself; `platform`: what holds for every route.

mod accounts;
mod customers;
mod factors;
mod leak;
mod platform;
mod support;

use db::{params, sql};
use kernel::StaffId;
use testkit::{Answer, Client, PageForm, TestApp};

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

fn form_urlencoded(fields: &[(&str, &str)]) -> Vec<u8> {
    let hex = |b: u8| format!("%{b:02X}");
    let word = |text: &str| text.bytes().map(hex).collect::<String>();
    let pairs: Vec<String> = fields
        .iter()
        .map(|(n, v)| format!("{}={}", word(n), word(v)))
        .collect();
    pairs.join("&").into_bytes()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

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
