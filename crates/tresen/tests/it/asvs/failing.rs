//! What happens when something inside breaks: access is refused, the page tells nothing, the log tells what.

use crate::whole;
use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use testkit::{Answer, Client, PASSWORD, TestApp};

/// Everything that is logged by this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn here() -> Log {
        static LOG: OnceLock<Log> = OnceLock::new();
        let log = LOG.get_or_init(|| {
            let log = Log::default();
            let writer = log.clone();
            let _ = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::INFO)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .try_init();
            log
        });
        log.clone()
    }

    /// The lines that hold all these words.
    fn lines(&self, words: &[&str]) -> Vec<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&all)
            .lines()
            .filter(|line| words.iter().all(|word| line.contains(word)))
            .map(str::to_owned)
            .collect()
    }
}

/// Takes a table away, as a fault at its first statement would.
async fn lose(t: &TestApp, table: &str) {
    db::testing::create(
        t.db(),
        &format!("ALTER TABLE {table} RENAME TO lost_{table};\n"),
    )
    .await
    .unwrap();
}

async fn find(t: &TestApp, table: &str) {
    db::testing::create(
        t.db(),
        &format!("ALTER TABLE lost_{table} RENAME TO {table};\n"),
    )
    .await
    .unwrap();
}

/// The number of the request that an error page shows.
fn number(answer: &Answer) -> String {
    let text = answer.text();
    let digits = |word: &&str| word.len() == 16 && word.chars().all(|c| c.is_ascii_hexdigit());
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .find(digits)
        .unwrap_or_else(|| panic!("no number of a request on: {text}"))
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn v16_5_1_errors_show_an_id_and_nothing_else() {
    let log = Log::here();
    let t = whole().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    lose(&t, "tickets").await;
    for (client, path) in [(&mut anna, "/nachrichten"), (&mut sven, "/desk/tickets")] {
        let answer = client.get(path).await.expect(500);
        for word in [
            "FROM tickets",
            "table: tickets",
            "SELECT",
            "no such table",
            "does not exist",
            "panicked",
            ".rs",
            "sqlite",
            "postgres",
        ] {
            assert!(!answer.html.contains(word), "{path}: {word}");
        }
        let id = number(&answer);
        // and the log tells the rest under that number (16.3.4)
        let told = log.lines(&[&id, "request failed"]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("tickets") && told[0].contains("ERROR"),
            "{told:?}"
        );
    }
    find(&t, "tickets").await;
    anna.get("/nachrichten").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn v16_3_2_and_3_refused_access_and_bypass_attempts_are_logged() {
    let log = Log::here();
    let t = whole().await;
    // without the right
    let refused = t.bernd().await.get("/nachrichten").await.expect(403);
    assert_eq!(log.lines(&[&number(&refused), "refused"]).len(), 1);
    // a form from elsewhere
    let mut anna = t.anna().await;
    let form = anna.get("/nachrichten/neu").await.form_with("text");
    anna.headers = vec![("origin".into(), "https://evil.test".into())];
    let foreign = anna.send_form(&form, &[("text", "x")]).await.expect(403);
    assert_eq!(
        log.lines(&[&number(&foreign), "WARN", "another origin"])
            .len(),
        1
    );
    anna.headers.clear();
    // without the form's token
    let bare = anna
        .post_raw("/nachrichten/neu", &[("text", "x"), ("csrf", "a.b")])
        .await
        .expect(403);
    assert_eq!(log.lines(&[&number(&bare), "WARN", "form token"]).len(), 1);
    // what was typed stands nowhere
    assert!(log.lines(&["evil.test"]).is_empty() && log.lines(&["a.b"]).is_empty());
}

/// Whichever guard breaks: nobody gets in, and nobody's data are shown.
#[tokio::test(flavor = "multi_thread")]
async fn v16_5_3_errors_fail_closed() {
    let t = whole().await;
    let closed = |answer: &Answer, guard: &str| {
        let status = answer.status.as_u16();
        assert!(matches!(status, 303 | 403 | 500 | 503), "{guard}: {status}");
        assert!(!answer.says("Adler") && !answer.says("K-10001"), "{guard}");
    };
    let without_session = |client: &Client, guard: &str| {
        let let_in = client
            .cookies
            .keys()
            .any(|name| name == "tresen" || name == "tresen-desk");
        assert!(!let_in, "{guard}");
    };
    for guard in ["sessions", "memberships"] {
        let mut anna = t.anna().await;
        lose(&t, guard).await;
        for path in ["/konto", "/konto/adressen", "/nachrichten"] {
            closed(&anna.get(path).await, guard);
        }
        find(&t, guard).await;
        anna.get("/konto").await.expect(200);
    }
    let mut sven = t.sven().await;
    lose(&t, "staff_sessions").await;
    closed(&sven.get("/desk/kunden").await, "staff_sessions");
    find(&t, "staff_sessions").await;
    // a right password does not help where tries cannot be counted or the log not be written
    for guard in ["throttles", "audit", "sessions"] {
        let mut guest = t.guest();
        let form = guest.get("/anmelden").await.form_with("login");
        let fill = [("login", "anna@adler.example"), ("password", PASSWORD)];
        lose(&t, guard).await;
        closed(&guest.send_form(&form, &fill).await, guard);
        find(&t, guard).await;
        without_session(&guest, guard);
        let mut guest = t.guest();
        let form = guest.get("/desk/anmelden").await.form_with("email");
        let fill = [("email", "sven@nordlicht.example"), ("password", PASSWORD)];
        let guard = if guard == "sessions" {
            "staff_sessions"
        } else {
            guard
        };
        lose(&t, guard).await;
        let answer = guest.send_form(&form, &fill).await;
        find(&t, guard).await;
        if guard == "audit" {
            // the password alone opens nothing at the desk; its line is written with the second factor
            guest.get("/desk").await.expect(303);
        } else {
            closed(&answer, guard);
            without_session(&guest, guard);
        }
    }
}
