//! A real IMAP server (Dovecot), and lines that break at each step.

use crate::{place, receiver, stored};
use intake::imap::{Mailbox, once, watch};
use kernel::Secret;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A Dovecot of one's own, gone with the test.
struct Dovecot {
    folder: PathBuf,
    port: u16,
    /// Where TLS is spoken from the first byte, with a certificate for `localhost`.
    secure: u16,
    process: Child,
}

const BINARY: &str = "/usr/sbin/dovecot";
const IMAP: &str = "/usr/lib/dovecot/imap";

impl Dovecot {
    /// `None` where there is none.
    async fn start() -> Option<Self> {
        if !Path::new(BINARY).exists() || !Path::new(IMAP).exists() {
            testkit::not_run("mailboxes of a real IMAP server: no dovecot-imapd here");
            return None;
        }
        let said = |what: &str| {
            let out = Command::new("id").arg(what).output().unwrap();
            String::from_utf8(out.stdout).unwrap().trim().to_owned()
        };
        // root's mail it does not handle, and whoever is not root can be nobody else
        let root = said("-u") == "0";
        let (user, group, rootless) = if root {
            ("mail".to_owned(), "mail".to_owned(), String::new())
        } else {
            let (user, group) = (said("-un"), said("-gn"));
            let more = format!(
                "default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n\
                 service imap-login {{\n  chroot =\n}}\n"
            );
            (user, group, more)
        };
        let free = async || {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            listener.local_addr().unwrap().port()
        };
        let (port, secure) = (free().await, free().await);
        let folder = std::env::temp_dir().join(format!("tresen-dovecot-{port}"));
        let mail = folder.join("mail");
        std::fs::create_dir_all(&mail).unwrap();
        let mut owner = Command::new("chown");
        owner.arg(format!("{user}:{group}")).arg(&mail);
        assert!(owner.status().unwrap().success());
        certificates(&folder);
        let f = folder.display();
        let conf = format!(
            "base_dir = {f}/run\nstate_dir = {f}/state\nlog_path = {f}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
             ssl = yes\nssl_cert = <{f}/server.pem\nssl_key = <{f}/server.key\n\
             disable_plaintext_auth = no\nmail_location = maildir:{f}/mail/%u\nmail_uid = {user}\nmail_gid = {group}\nfirst_valid_uid = 1\n\
             passdb {{\n  driver = static\n  args = password=geheim\n}}\n\
             userdb {{\n  driver = static\n  args = uid={user} gid={group} home={f}/mail/%u allow_all_users=yes\n}}\n\
             service imap-login {{\n  inet_listener imap {{\n    port = {port}\n  }}\n  inet_listener imaps {{\n    port = {secure}\n  }}\n}}\n\
             service anvil {{\n  chroot =\n}}\n{rootless}"
        );
        let path = folder.join("dovecot.conf");
        std::fs::write(&path, conf).unwrap();
        let process = Command::new(BINARY)
            .arg("-F")
            .arg("-c")
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Dovecot {
            folder,
            port,
            secure,
            process,
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "Dovecot does not start"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some(server)
    }

    fn deliver(&self, name: &str, raw: &str) {
        let mut lda = Command::new("/usr/lib/dovecot/dovecot-lda")
            .arg("-c")
            .arg(self.folder.join("dovecot.conf"))
            .args(["-d", name])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(lda.stdin.as_mut().unwrap(), raw.as_bytes()).unwrap();
        assert!(lda.wait().unwrap().success());
    }

    fn mailbox(&self, name: &str, port: u16) -> Mailbox {
        let url = format!("imap://{name}@127.0.0.1:{port}/INBOX");
        Mailbox::new(&url, Secret::new("geheim"), "support").unwrap()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        let _ = Command::new("kill")
            .arg(self.process.id().to_string())
            .status();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A CA of one's own, `ca.pem`, and what it signed for `localhost`.
fn certificates(folder: &Path) {
    let extensions = "basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost\n";
    std::fs::write(folder.join("extensions"), extensions).unwrap();
    for words in [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=Probe -keyout ca.key -out ca.pem",
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out server.pem",
    ] {
        let mut openssl = Command::new("openssl");
        openssl.args(words.split(' ')).current_dir(folder);
        let out = openssl.output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{said}");
    }
}

fn mail(at: usize) -> String {
    format!(
        "From: a@b.example\r\nMessage-ID: <{at}@b.example>\r\nSubject: Nummer {at}\r\n\r\nText {at}\r\n"
    )
}

async fn until(db: &db::testing::TestDb, wanted: i64) {
    let begun = Instant::now();
    while stored(db).await != wanted {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{} instead of {wanted}",
            stored(db).await
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_mailboxes_are_read_at_once_and_each_mail_once() {
    let Some(server) = Dovecot::start().await else {
        return;
    };
    let (db, world) = place().await;
    for at in 0..3 {
        server.deliver("support", &mail(at));
    }
    // the same mail came to two addresses
    server.deliver("vertrieb", &mail(2));
    server.deliver("vertrieb", &mail(3));
    let (stop, ending) = tokio::sync::watch::channel(false);
    let mut reading = Vec::new();
    for name in ["support", "vertrieb"] {
        let mailbox = server.mailbox(name, server.port);
        reading.push(tokio::spawn(watch(
            mailbox,
            receiver(&db, &world),
            ending.clone(),
        )));
    }
    until(&db, 4).await;
    // it is told at once: polling would take far longer
    let begun = Instant::now();
    server.deliver("support", &mail(4));
    until(&db, 5).await;
    assert!(begun.elapsed() < Duration::from_secs(10));
    stop.send_replace(true);
    for one in reading {
        one.await.unwrap();
    }
    // read again from the beginning, nothing comes twice
    for name in ["support", "vertrieb"] {
        once(&server.mailbox(name, server.port), &receiver(&db, &world))
            .await
            .unwrap();
    }
    assert_eq!(stored(&db).await, 5);
    let mut tx = db.read().await.unwrap();
    let boxes = intake::store::boxes(&mut tx).await.unwrap();
    assert_eq!(
        boxes
            .iter()
            .map(|one| one.error.as_str())
            .collect::<Vec<_>>(),
        ["", ""]
    );
    assert_eq!(boxes[0].last_uid, 4);
}

/// Passes on so many bytes of the server's answers, then cuts the line.
async fn cutting(to: u16, after: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
        let (mut up, mut down) = ([0_u8; 4096], [0_u8; 64]);
        let mut left = after;
        loop {
            tokio::select! {
                said = client.read(&mut up) => match said {
                    Ok(0) | Err(_) => return,
                    Ok(length) => if server.write_all(&up[..length]).await.is_err() { return },
                },
                heard = server.read(&mut down) => match heard {
                    Ok(0) | Err(_) => return,
                    Ok(length) => {
                        let passed = length.min(left);
                        if client.write_all(&down[..passed]).await.is_err() || passed < length {
                            return;
                        }
                        left -= passed;
                    }
                },
            }
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_line_that_breaks_anywhere_loses_and_doubles_nothing() {
    let Some(server) = Dovecot::start().await else {
        return;
    };
    let (db, world) = place().await;
    for at in 0..3 {
        server.deliver("support", &mail(at));
    }
    let mut after = 0;
    let mut broken = 0;
    loop {
        let port = cutting(server.port, after).await;
        match once(&server.mailbox("support", port), &receiver(&db, &world)).await {
            Ok(()) => break,
            Err(_) => broken += 1,
        }
        after += 83;
        assert!(after < 20_000, "it never got through");
    }
    assert!(broken > 10, "{broken}");
    assert_eq!(stored(&db).await, 3);
    // a database that fails leaves the mail unseen, so that it comes again
    server.deliver("support", &mail(9));
    let failing = intake::Receiver::new(
        (*db).clone(),
        world.clone(),
        |_, _, _| Box::pin(async { Err(db::Error::other("gone")) }),
        || (),
    );
    assert!(
        once(&server.mailbox("support", server.port), &failing)
            .await
            .is_err()
    );
    assert_eq!(stored(&db).await, 3);
    once(
        &server.mailbox("support", server.port),
        &receiver(&db, &world),
    )
    .await
    .unwrap();
    assert_eq!(stored(&db).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_with_tls_only_a_server_whose_certificate_is_right_is_told_the_password() {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let Some(server) = Dovecot::start().await else {
        return;
    };
    let (db, world) = place().await;
    server.deliver("support", &mail(1));
    let own = vec![CertificateDer::from_pem_file(server.folder.join("ca.pem")).unwrap()];
    let mailbox = |host: &str, port: u16| {
        let url = format!("imaps://support@{host}:{port}/INBOX");
        Mailbox::new(&url, Secret::new("geheim"), "support").unwrap()
    };
    let (right, receiver) = (mailbox("localhost", server.secure), receiver(&db, &world));
    // signed by a CA that nobody knows
    let error = once(&right, &receiver).await.unwrap_err();
    assert!(
        error.contains("localhost") && error.contains("mail.ca_file"),
        "{error}"
    );
    // by one that is known, but for another name
    let other = mailbox("127.0.0.1", server.secure).trusting(own.clone());
    let error = once(&other, &receiver).await.unwrap_err();
    assert!(error.contains("made out to another name"), "{error}");
    // no TLS where it was asked for
    let plain = mailbox("localhost", server.port).trusting(own.clone());
    let error = once(&plain, &receiver).await.unwrap_err();
    assert!(!error.is_empty() && !error.contains("geheim"), "{error}");
    let log = std::fs::read_to_string(server.folder.join("log")).unwrap();
    assert!(!log.contains("Login: user"), "{log}");
    assert_eq!(stored(&db).await, 0);
    let right = right.trusting(own);
    once(&right, &receiver).await.unwrap();
    assert_eq!(stored(&db).await, 1);
    // and it is told at once there, too
    let (stop, ending) = tokio::sync::watch::channel(false);
    let reading = tokio::spawn(watch(right, receiver, ending));
    server.deliver("support", &mail(2));
    until(&db, 2).await;
    stop.send_replace(true);
    reading.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_9_a_wrong_password_is_told_in_words() {
    let Some(server) = Dovecot::start().await else {
        return;
    };
    let (db, world) = place().await;
    let url = format!("imap://support@127.0.0.1:{}/INBOX", server.port);
    let wrong = Mailbox::new(&url, Secret::new("falsch"), "support").unwrap();
    let error = once(&wrong, &receiver(&db, &world)).await.unwrap_err();
    assert!(!error.contains("falsch") && !error.is_empty(), "{error}");
}
