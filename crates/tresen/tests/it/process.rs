//! The built program as a process of its own.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};
use testkit::Client;
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(30);

/// Where it lives: a folder of its own, with configuration by environment alone.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub address: SocketAddr,
    environment: Vec<(String, String)>,
}

pub struct Server {
    child: Child,
    pub address: SocketAddr,
    said: PathBuf,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = testkit::free_address();
        let mut place = Place {
            folder,
            address,
            environment: Vec::new(),
        };
        place.set("http.listen", address);
        place.set("http.public_url", format!("http://{address}"));
        place.set("log.format", "json");
        place
    }

    /// Sets a key of the configuration, or a variable where the name has no dot.
    pub fn set(&mut self, key: &str, value: impl ToString) {
        let name = match key.split_once('.') {
            Some((section, field)) => format!("TRESEN_{section}__{field}").to_uppercase(),
            None => key.to_owned(),
        };
        self.environment.push((name, value.to_string()));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tresen"));
        command.args(args).current_dir(self.folder.path());
        command.stdin(Stdio::null()).kill_on_drop(true);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("TRESEN_") || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        command.envs(self.environment.iter().map(|(n, v)| (n, v)));
        command
    }

    /// Runs a command to its end.
    pub async fn run(&self, args: &[&str]) -> Output {
        let run = self.command(args).output();
        tokio::time::timeout(PATIENCE, run).await.unwrap().unwrap()
    }

    /// Runs a command that must succeed; what it said.
    pub async fn done(&self, args: &[&str]) -> String {
        let out = self.run(args).await;
        assert!(out.status.success(), "{args:?}: {out:?}");
        String::from_utf8(out.stdout).unwrap()
    }

    /// Starts a server and waits until it is ready.
    pub async fn serve(&self, args: &[&str]) -> Server {
        let said = self.path("said.log");
        let file = File::options()
            .create(true)
            .append(true)
            .open(&said)
            .unwrap();
        let mut command = self.command(args);
        command.stdout(file.try_clone().unwrap()).stderr(file);
        let mut server = Server {
            child: command.spawn().unwrap(),
            address: self.address,
            said,
        };
        let started = Instant::now();
        let mut visitor = server.visitor().await;
        while visitor.send("GET", "/readyz", None).await.status != 200 {
            let ended = server.child.try_wait().unwrap();
            assert!(
                ended.is_none() && started.elapsed() < PATIENCE,
                "{ended:?}: {}",
                server.said()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        server
    }
}

impl Server {
    pub async fn visitor(&self) -> Client {
        Client::far(self.address).await
    }

    /// Everything written so far, logs included.
    pub fn said(&self) -> String {
        read(&self.said)
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().expect("it runs").to_string();
        let sent = std::process::Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(sent.unwrap().success());
    }

    pub async fn ended(&mut self) -> ExitStatus {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.expect("it ends").unwrap()
    }

    pub async fn stop(mut self) {
        self.signal("TERM");
        let status = self.ended().await;
        assert!(status.success(), "{status}: {}", self.said());
    }
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}
