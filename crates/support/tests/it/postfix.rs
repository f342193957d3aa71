//! A mail server of one's own (Debian's Postfix), gone with the test.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = "/usr/sbin/postfix";

/// Waits for the end of its own input, which is a pipe held by the test, however that ends; then stops the server.
const KEEPER: &str = r#"postfix=$1; conf=$2; "$postfix" -c "$conf" start-fg & read -r _; "$postfix" -c "$conf" abort 2>/dev/null; wait; rm -rf "${conf%/conf}""#;

const SERVICES: &str = "\
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
";

/// Where mails to a domain go.
pub enum Route {
    /// Handed on by LMTP to this port.
    Lmtp(u16),
    /// Taken, and then refused for good: the sender gets a report.
    Bounce,
    /// Into mailboxes, which [`Postfix::mailbox`] reads.
    Mailbox,
}

pub struct Postfix {
    folder: PathBuf,
    pub port: u16,
    /// That of its certificate for `localhost`, which nobody else has signed.
    pub certificate: Vec<u8>,
    keeper: Child,
}

impl Postfix {
    /// `None` where there is none. `forgetful`: it takes off all marks by which machines tell their mails.
    pub fn start(routes: &[(&str, Route)], forgetful: bool) -> Option<Self> {
        let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        if !root || !Path::new(BINARY).exists() {
            testkit::not_run("mails through a real server: no postfix here, or not root");
            return None;
        }
        let port = testkit::free_address().port();
        let folder = std::env::temp_dir().join(format!("tresen-postfix-{port}"));
        let conf = folder.join("conf");
        for name in ["conf", "spool", "data", "boxes"] {
            std::fs::create_dir_all(folder.join(name)).unwrap();
        }
        let own = |user: &str, name: &str| {
            let mut chown = Command::new("chown");
            chown.arg(user).arg(folder.join(name));
            assert!(chown.status().unwrap().success());
        };
        own("postfix", "data");
        own("nobody", "boxes");
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&folder, open).unwrap();
        let f = folder.display();
        let routes: String = routes
            .iter()
            .map(|(domain, route)| match route {
                Route::Lmtp(port) => format!("{domain} lmtp:[127.0.0.1]:{port}\n"),
                Route::Bounce => format!("{domain} error:5.1.1 no such user here\n"),
                Route::Mailbox => format!("{domain} virtual:\n"),
            })
            .collect();
        std::fs::write(conf.join("transport"), routes).unwrap();
        let forgets = if forgetful {
            "/^(Auto-Submitted|X-Auto-Response-Suppress|Precedence|List-[A-Za-z]*):/ IGNORE\n"
        } else {
            ""
        };
        std::fs::write(conf.join("headers"), forgets).unwrap();
        let services = format!("127.0.0.1:{port} inet n - n - - smtpd\n{SERVICES}");
        std::fs::write(conf.join("master.cf"), services).unwrap();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {f}/spool\ndata_directory = {f}/data\nmaillog_file = /dev/stdout\n\
             myhostname = mx.example\nmydestination =\nalias_maps =\nalias_database =\ninet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\nmynetworks = 127.0.0.0/8\nlmtp_host_lookup = native\nlocal_recipient_maps =\n\
             transport_maps = texthash:{f}/conf/transport\nheader_checks = regexp:{f}/conf/headers\n\
             default_transport = error:5.1.2 no way there\nsmtpd_reject_unlisted_recipient = no\n\
             smtpd_relay_restrictions = permit_mynetworks, reject\n\
             smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {f}/server.pem\nsmtpd_tls_key_file = {f}/server.key\nvirtual_mailbox_base = {f}/boxes\n\
             virtual_mailbox_maps = static:all/\nvirtual_uid_maps = static:65534\nvirtual_gid_maps = static:65534\n\
             virtual_minimum_uid = 1\nminimal_backoff_time = 1s\nmaximal_backoff_time = 2s\nqueue_run_delay = 1s\n"
        );
        std::fs::write(conf.join("main.cf"), main).unwrap();
        let certificate = certificate(&folder);
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper", BINARY])
            .arg(&conf)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Postfix {
            folder,
            port,
            certificate,
            keeper,
        };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "Postfix does not start: {}",
                server.log()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// How many mails were handed in. Reports that it writes itself do not count.
    pub fn taken(&self) -> usize {
        self.log().matches(": client=").count()
    }

    /// Whether nothing is on its way.
    pub fn is_idle(&self) -> bool {
        let mut ask = Command::new("/usr/sbin/postqueue");
        ask.arg("-c").arg(self.folder.join("conf")).arg("-j");
        let said = ask.output().unwrap();
        assert!(
            said.status.success(),
            "{}",
            String::from_utf8_lossy(&said.stderr)
        );
        said.stdout.is_empty()
    }

    /// Hands a mail in as anybody may. `from` is where it goes back to.
    pub fn send(&self, from: &str, to: &str, raw: &str) {
        let line = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        line.set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut write = line.try_clone().unwrap();
        let mut read = BufReader::new(line);
        let mut hear = |wanted: &str| {
            let mut answer = String::from("   -");
            while answer.as_bytes().get(3) == Some(&b'-') {
                answer.clear();
                read.read_line(&mut answer).unwrap();
            }
            assert!(answer.starts_with(wanted), "{answer}");
        };
        hear("220");
        let body = raw.replace("\r\n", "\n").replace('\n', "\r\n");
        let body = body.replace("\r\n.", "\r\n..");
        for (said, wanted) in [
            ("EHLO far.example".to_owned(), "250"),
            (format!("MAIL FROM:<{from}>"), "250"),
            (format!("RCPT TO:<{to}>"), "250"),
            ("DATA".to_owned(), "354"),
            (format!("{body}\r\n."), "250"),
            ("QUIT".to_owned(), "221"),
        ] {
            write.write_all(format!("{said}\r\n").as_bytes()).unwrap();
            hear(wanted);
        }
    }

    /// What lies in the mailboxes, the oldest first.
    pub fn mailbox(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.folder.join("boxes/all/new")) else {
            return Vec::new();
        };
        let mut mails: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
        mails.sort_by_key(|path| std::fs::metadata(path).unwrap().modified().unwrap());
        mails
            .iter()
            .map(|path| String::from_utf8(std::fs::read(path).unwrap()).unwrap())
            .collect()
    }
}

/// `server.pem` and its key; what it is in DER.
fn certificate(folder: &Path) -> Vec<u8> {
    let openssl = |words: &str| {
        let mut openssl = Command::new("openssl");
        let out = openssl.args(words.split(' ')).current_dir(folder).output();
        let out = out.unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{said}");
        out.stdout
    };
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
         -addext basicConstraints=critical,CA:FALSE -keyout server.key -out server.pem",
    );
    openssl("x509 -in server.pem -outform der")
}

impl Drop for Postfix {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}
