//! The other side of files: an S3 server and a virus scanner, both real programs, gone with their owner.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::shell;

/// Starts the server and waits for the end of its own input, which is a pipe held by this program; then stops the server
/// and clears up.
const KEEPER: &str = r#"data=$1; shift; "$@" & server=$!; read -r _; kill "$server"; wait "$server"; rm -rf "$data""#;

const BUCKET: &str = "tresen";

/// A server that runs until this value is dropped or this program ends, however it ends.
pub struct Counterpart {
    /// What tests are told.
    pub address: String,
    keeper: Child,
}

impl Counterpart {
    /// An S3 server in memory, with an empty bucket. It does not look at signatures.
    pub fn bucket(python: &Path) -> Result<Self> {
        let (port, data) = (shell::free_port()?, folder("s3")?);
        let mut server = Command::new(python.with_file_name("moto_server"));
        server.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let address = format!("s3://{BUCKET}/tests?endpoint=http://127.0.0.1:{port}");
        let counterpart = Self::start("s3", &server, &data, port, address)?;
        make_bucket(port)?;
        Ok(counterpart)
    }

    /// clamd, which knows nothing but the file that all scanners are tried with.
    pub fn scanner() -> Result<Self> {
        let (port, data) = (shell::free_port()?, folder("clamd")?);
        // in halves: this source must not be taken for it
        let halves: [&[u8]; 2] = [
            br"X5O!P%@AP[4\PZX54(P^)7CC)7}$",
            b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
        ];
        let hex: String = halves.concat().iter().map(|b| format!("{b:02x}")).collect();
        let known = data.join("known");
        fs::create_dir(&known)?;
        fs::write(known.join("tresen.ndb"), format!("Tresen.Test:0:*:{hex}\n"))?;
        let settings = data.join("clamd.conf");
        fs::write(
            &settings,
            format!(
                "TCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {}\nTemporaryDirectory {}\nForeground yes\n\
                 StreamMaxLength 30M\nMaxFileSize 30M\nMaxScanSize 100M\n",
                known.display(),
                data.display()
            ),
        )?;
        // Debian keeps it apart from an ordinary PATH
        let debian = Path::new("/usr/sbin/clamd");
        let mut server = Command::new(if debian.exists() {
            debian
        } else {
            Path::new("clamd")
        });
        server.arg("--config-file").arg(&settings);
        let address = format!("tcp:127.0.0.1:{port}");
        Self::start("clamd", &server, &data, port, address)
    }

    fn start(
        name: &str,
        server: &Command,
        data: &Path,
        port: u16,
        address: String,
    ) -> Result<Self> {
        let logs = shell::counterparts().join("logs");
        fs::create_dir_all(&logs)?;
        let log_file = logs.join(format!("{name}-{port}.log"));
        let log = fs::File::create(&log_file)?;
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(data)
            .arg(server.get_program())
            .args(server.get_args())
            // Its own group: Ctrl-C is for the tests, which end this in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if keeper.try_wait()?.is_some() || start.elapsed() > Duration::from_secs(60) {
                let said = fs::read_to_string(&log_file).unwrap_or_default();
                bail!("{name} did not come up on port {port}:\n{said}");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(Self { address, keeper })
    }
}

impl Drop for Counterpart {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

fn make_bucket(port: u16) -> Result<()> {
    let mut line = TcpStream::connect(("127.0.0.1", port))?;
    write!(
        line,
        "PUT /{BUCKET} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: AWS4-HMAC-SHA256 \
         Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    line.read_to_string(&mut answer)?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("the S3 server made no bucket: {answer}");
    }
    Ok(())
}

fn folder(name: &str) -> Result<PathBuf> {
    let folder = shell::counterparts().join(format!("{name}-{}", std::process::id()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
