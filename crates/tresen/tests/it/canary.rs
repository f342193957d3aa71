//! A full run against a real process that logs everything it can: what is secret stands in no line.

use crate::post::PostOffice;
use crate::process::Place;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use db::testing::TestDb;
use kernel::World;
use std::collections::BTreeSet;
use testkit::{Answer, Client};

const JANA: &str = "jana.canary@post.example";
const ILSE: &str = "ilse.canary@nordlicht.example";
const PASSWORD: &str = "Muscheln-am-Strand-7 & mehr";
const WRONG: &str = "Seepferdchen-im-Watt-9";
const NEXT: &str = "Leuchtfeuer-vor-Amrum-3";
const STAFF: &str = "Kohlrabi tanzt um Mitternacht";
const SMTP: &str = "Postgeheimnis-1907";
const DATABASE: &str = "Datenbankgeheimnis-1912";
/// Sensible data of a ticket.
const VAULT: &str = "Austernfischer-am-Deich-5";
/// A file among them, and what it is called.
const VAULT_FILE: &str = "Brachvogel-im-Vorland-8";
const VAULT_NAME: &str = "brachvogel-schluessel.pem";
const QUERY: &str = "Suchwort-4711-canary";

/// Secrets as they come to light during the run.
#[derive(Default)]
struct Canaries(BTreeSet<String>);

impl Canaries {
    fn add(&mut self, secret: &str) {
        assert!(
            secret.len() >= 8,
            "too short to be told from other text: {secret}"
        );
        self.0.insert(secret.to_owned());
    }

    /// Session tokens and form tokens a browser has been given.
    fn of(&mut self, client: &Client) {
        for value in client.cookies.values().filter(|value| value.len() > 20) {
            self.0.insert(value.clone());
        }
    }

    /// Each as it is, and as it may be written elsewhere.
    fn spellings(&self) -> Vec<String> {
        let mut all = Vec::new();
        for secret in &self.0 {
            let percent = |plus: bool| -> String {
                let mut out = String::new();
                for byte in secret.bytes() {
                    match byte {
                        b' ' if plus => out.push('+'),
                        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => {
                            out.push(char::from(b))
                        }
                        b => out.push_str(&format!("%{b:02X}")),
                    }
                }
                out
            };
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            all.extend([
                secret.clone(),
                percent(true),
                percent(false),
                STANDARD.encode(secret).trim_end_matches('=').to_owned(),
                URL_SAFE_NO_PAD.encode(secret),
                hex,
            ]);
        }
        all
    }
}

struct Run {
    place: Place,
    post: PostOffice,
    canaries: Canaries,
    _database: Option<TestDb>,
}

impl Run {
    async fn prepare() -> Self {
        let mut place = Place::new();
        let post = PostOffice::open().await;
        place.set("RUST_LOG", "trace");
        place.set(
            "mail.smtp",
            format!("smtp://portal@127.0.0.1:{}?tls=none", post.port),
        );
        place.set("mail.password", SMTP);
        let mut canaries = Canaries::default();
        for secret in [
            PASSWORD, WRONG, NEXT, STAFF, SMTP, VAULT, VAULT_FILE, VAULT_NAME, QUERY,
        ] {
            canaries.add(secret);
        }
        let database = db::testing::empty(&World::system()).await;
        let mut kept = None;
        if database.engine() == db::Engine::Postgres {
            let url = database.url();
            let (scheme, rest) = url.split_once("://").unwrap();
            let (user, rest) = rest.split_once('@').unwrap();
            let user = user.split(':').next().unwrap();
            place.set(
                "database.url",
                format!("{scheme}://{user}:{DATABASE}@{rest}"),
            );
            canaries.add(DATABASE);
            kept = Some(database);
        }
        place.done(&["migrate"]).await;
        Run {
            place,
            post,
            canaries,
            _database: kept,
        }
    }

    fn origin(&self, path: &str) -> String {
        format!("http://{}{path}", self.place.address)
    }

    async fn link(&mut self, to: &str, path: &str) -> String {
        let link = self.post.link(to, &self.origin(path)).await;
        self.canaries.add(link.rsplit('/').next().unwrap());
        link
    }
}

async fn sign_in(client: &mut Client, password: &str) -> Answer {
    client
        .fill("/anmelden", &[("login", JANA), ("password", password)])
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v16_2_5_canary_secrets_never_in_logs() {
    let mut run = Run::prepare().await;
    let server = run.place.serve(&["serve"]).await;
    let key = std::fs::read_to_string(run.place.path("tresen.key")).unwrap();
    let key = key.trim();
    let raw: Vec<u8> = (0..32)
        .map(|n| u8::from_str_radix(&key[2 * n..2 * n + 2], 16).unwrap())
        .collect();
    for spelling in [
        key.to_owned(),
        STANDARD.encode(&raw),
        URL_SAFE_NO_PAD.encode(&raw),
        format!("{raw:?}"),
    ] {
        run.canaries.add(spelling.trim_end_matches('='));
    }

    // a customer registers, signs in, fails to, forgets the password, and writes
    let mut jana = server.visitor().await;
    jana.headers.push((
        "user-agent".into(),
        "{\"level\":\"ERROR\",\"message\":\"forged\"}".into(),
    ));
    let person = [
        ("first_name", "Jana {\"message\":\"forged\"}"),
        ("last_name", "Petersen"),
        ("email", JANA),
        ("consent", "on"),
    ];
    jana.fill("/registrieren", &person).await.expect(303);
    let link = run.link(JANA, "/aktivieren/").await;
    jana.get(&link).await.expect(200);
    run.canaries.of(&jana);
    let passwords = [("password", PASSWORD), ("password_repeat", PASSWORD)];
    jana.fill(&link, &passwords).await.leads_to("/");
    run.canaries.of(&jana);
    jana.get(&format!("/anmelden?weiter=/konto&x={QUERY}"))
        .await;
    jana.press("/konto", "/abmelden").await.expect(303);
    sign_in(&mut jana, WRONG).await.expect(422);
    sign_in(&mut jana, PASSWORD).await.expect(303);
    run.canaries.of(&jana);
    let text = [("text", "Mein Postfach ist voll.")];
    let thread = jana
        .fill("/nachrichten/neu", &text)
        .await
        .expect(303)
        .location()
        .to_owned();
    let vault = format!("{thread}/sensible-daten");
    let kept = [("label", "Postfach"), ("user", JANA), ("text", VAULT)];
    jana.fill(&vault, &kept).await.expect(303);
    let file = [("file", VAULT_NAME, VAULT_FILE.as_bytes())];
    for (label, status) in [("", 422), ("Schlüsseldatei", 303)] {
        let form = jana.get(&vault).await.expect(200).form_with("label");
        let fill = [("label", label), ("text", VAULT)];
        jana.send_parts(&form, &fill, &file).await.expect(status);
    }
    let mut other = server.visitor().await;
    other
        .fill("/passwort", &[("login", JANA)])
        .await
        .expect(303);
    let link = run.link(JANA, "/passwort/").await;
    let passwords = [("new_password", NEXT), ("new_password_repeat", NEXT)];
    other.get(&link).await.expect(200);
    other.fill(&link, &passwords).await.expect(303);
    sign_in(&mut other, NEXT).await.expect(303);
    run.canaries.of(&other);

    // staff: invitation, password, second factor, an answer that is mailed
    let add = [
        "staff",
        "add",
        "--role",
        "admin",
        "--name",
        "Ilse Brandt",
        "--email",
        ILSE,
    ];
    let invitation = run.place.done(&add).await;
    let link = invitation
        .trim()
        .strip_prefix(&run.origin(""))
        .unwrap()
        .to_owned();
    run.canaries.add(link.rsplit('/').next().unwrap());
    let mut ilse = server.visitor().await;
    let passwords = [("password", STAFF), ("password_repeat", STAFF)];
    ilse.fill(&link, &passwords).await.expect(303);
    run.canaries.of(&ilse);
    let page = ilse.get("/desk/anmelden/einrichten").await.expect(200);
    let shown = page.html.split_once("class=\"code\">").unwrap().1;
    let shown = shown.split_once('<').unwrap().0.to_owned();
    let secret = shown.replace(' ', "");
    run.canaries.add(&shown);
    run.canaries.add(&secret);
    let code = code(&secret);
    ilse.fill("/desk/anmelden/einrichten", &[("code", &code)])
        .await
        .expect(303);
    run.canaries.of(&ilse);
    let desk_thread = thread.replace("/nachrichten/", "/desk/tickets/");
    ilse.fill(&desk_thread, &[("text", "Jetzt ist Platz.")])
        .await
        .expect(303);
    let vault = format!("{desk_thread}/sensible-daten");
    let opener = ilse.get(&vault).await.expect(200);
    let openers = opener.links(&format!("{vault}?zeigen="));
    assert_eq!(openers.len(), 2);
    for opener in openers {
        let opened = ilse.fill(&opener, &[("reason", "Postfach prüfen")]).await;
        let opened = opened.expect(200);
        assert!(opened.says(VAULT));
        if opened.says(VAULT_NAME) {
            let got = ilse.send_form(&opened.form_with("mark"), &[]).await;
            assert_eq!(got.expect(200).bytes, VAULT_FILE.as_bytes());
        }
    }
    for words in [VAULT, VAULT_FILE, VAULT_NAME] {
        let found = ilse.get(&format!("/desk/suche?suche={words}")).await;
        assert!(found.expect(200).links("/desk/tickets/0").is_empty());
        let found = ilse
            .get(&format!("/desk/tickets/suche?suche={words}"))
            .await;
        assert!(found.expect(200).links("/desk/tickets/0").is_empty());
    }
    run.post.link(JANA, &run.origin("/nachrichten/")).await;
    server.signal("TERM");
    let mut server = server;
    assert!(server.ended().await.success());

    let said = server.said();
    for canary in run.canaries.spellings() {
        let line = said.lines().find(|line| line.contains(&canary));
        assert!(
            line.is_none(),
            "{canary} stands in: {}",
            line.unwrap_or_default()
        );
    }
    // neither in a mail, but for what is mailed
    for mail in run.post.all() {
        for secret in [
            PASSWORD, WRONG, NEXT, STAFF, SMTP, VAULT, VAULT_FILE, VAULT_NAME,
        ] {
            assert!(!mail.contains(secret), "{secret} stands in a mail");
        }
    }
    // nor in a file of ours: database, search index, copy
    if run._database.is_none() {
        run.place.done(&["backup", "--to", "copy.tresen"]).await;
    }
    let spellings = run.canaries.spellings();
    let mut seen = 0;
    for file in files_in(run.place.folder.path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("tresen.key") || name == "said.log" {
            continue;
        }
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        seen += usize::from(text.contains("Mein Postfach ist voll."));
        for canary in &spellings {
            assert!(!text.contains(canary), "{canary} stands in {name}");
        }
    }
    assert!(
        run._database.is_some() || seen > 0,
        "the text of a message is found"
    );
    // the test sees what is there: the same search finds what is no secret
    assert!(said.contains("/aktivieren/{token}") && said.contains("\"level\":\"TRACE\""));
    lines_are_as_promised(&said, &code);
}

fn files_in(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_in(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn code(secret: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("letters of base 32");
    let totp = totp_rs::Builder::new().with_secret(secret).build();
    let seconds = World::system().now().micros() / 1_000_000;
    totp.expect("a secret of 20 bytes")
        .generate(seconds as u64)
        .to_string()
}

/// JSON in every line that is a log's; one line for each request, with what it promises and no more.
fn lines_are_as_promised(said: &str, code: &str) {
    let mut requests = 0;
    for line in said
        .lines()
        .filter(|line| !line.starts_with("Tresen listens"))
    {
        let event: serde_json::Value = serde_json::from_str(line).expect(line);
        assert!(
            event["timestamp"].as_str().unwrap().ends_with('Z'),
            "{line}"
        );
        assert_ne!(event["message"], "forged", "{line}");
        if event["target"] != "tresen::request" {
            continue;
        }
        requests += 1;
        let fields: BTreeSet<&str> = event
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let wanted = [
            "level",
            "message",
            "method",
            "ms",
            "request",
            "route",
            "statements",
            "status",
            "target",
            "timestamp",
        ];
        assert_eq!(fields, BTreeSet::from(wanted), "{line}");
        let route = event["route"].as_str().unwrap();
        assert!(
            !route.contains('?') && !line.contains('@') && !line.contains(code),
            "{line}"
        );
        assert!(
            event["statements"].is_u64() && event["ms"].is_f64(),
            "{line}"
        );
    }
    assert!(requests > 20, "{requests} requests");
}
