//! The server as a process that can be killed.

use crate::place::Place;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use testkit::Client;
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Server {
    child: Child,
    /// From its start to the first answer of `/readyz`.
    pub ready: Duration,
}

/// A command of this program, or of `tresen` where that is given, in the place's surroundings.
pub fn command(place: &Place, program: Option<&PathBuf>, args: &[&str]) -> Result<Command> {
    let me = std::env::current_exe()?;
    let mut command = Command::new(program.unwrap_or(&me));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TRESEN_") {
            command.env_remove(name);
        }
    }
    command.args(args).envs(place.environment.clone());
    command.kill_on_drop(true).stdin(Stdio::null());
    Ok(command)
}

impl Server {
    pub async fn start(place: &Place, program: Option<&PathBuf>) -> Result<Self> {
        let log = place.path("server.log");
        let said = File::options().create(true).append(true).open(&log)?;
        let mut command = command(place, program, &["serve"])?;
        command.stdout(said.try_clone()?).stderr(said);
        let started = Instant::now();
        let mut server = Server {
            child: command.spawn()?,
            ready: Duration::ZERO,
        };
        let mut client = Client::far(place.address).await;
        while client.send("GET", "/readyz", None).await.status != 200 {
            let ended = server.child.try_wait()?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                bail!("the server did not come up ({ended:?}):\n{}", told(&log));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        server.ready = started.elapsed();
        Ok(server)
    }

    /// As the power does.
    pub async fn kill(mut self) -> Result<()> {
        self.child
            .kill()
            .await
            .context("the server cannot be killed")
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }
}

fn told(log: &Path) -> String {
    std::fs::read_to_string(log).unwrap_or_default()
}
