//! The real mail server of these tests: `tests/counterparts/smtp_sink.py`.

use std::path::PathBuf;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

pub struct Sink {
    /// Ends with its standard input.
    _process: Child,
    pub smtp: u16,
    api: u16,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// With what the counterparts of the tests need.
pub fn python() -> PathBuf {
    let python = std::env::var_os("TRESEN_TEST_PYTHON").map_or_else(
        || root().join("target/counterparts/venv/bin/python"),
        PathBuf::from,
    );
    assert!(
        python.exists(),
        "no mail server to test with: run `cargo xtask test`, which installs it"
    );
    python
}

impl Sink {
    pub async fn start() -> Self {
        let mut process = Command::new(python())
            .arg(root().join("tests/counterparts/smtp_sink.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .await
            .unwrap();
        let ports: serde_json::Value =
            serde_json::from_str(&line).expect("the sink tells its ports");
        let port = |name: &str| u16::try_from(ports[name].as_u64().unwrap()).unwrap();
        Sink {
            smtp: port("smtp"),
            api: port("api"),
            _process: process,
        }
    }

    async fn ask(&self, method: &str, path: &str) -> serde_json::Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.api)).await.unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nHost: sink\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    pub async fn fault(&self, name: &str) {
        assert_eq!(
            self.ask("PUT", &format!("/fault/{name}")).await["fault"],
            name
        );
    }

    pub async fn mails(&self) -> Vec<serde_json::Value> {
        self.ask("GET", "/mails").await.as_array().unwrap().clone()
    }

    /// Lets connections to `port` through to the sink.
    pub async fn open_at(&self, port: u16) -> tokio::task::JoinHandle<()> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let smtp = self.smtp;
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(("127.0.0.1", smtp)).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                });
            }
        })
    }
}
