//! Servers as child processes: started, waited for, measured, and ended with this program.

use crate::http::{Connection, get};
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

const PATIENCE: Duration = Duration::from_secs(30);

pub struct Process {
    pub address: SocketAddr,
    child: Child,
    pid: u32,
    ticks: f64,
}

/// A port nobody listens on.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Process {
    /// Starts the program, which is to listen on `address`, and waits until `/readyz` answers there. What it says
    /// goes to the file `log`.
    pub async fn start(
        program: &Path,
        args: &[&str],
        environment: &[(&str, String)],
        address: SocketAddr,
        log: &Path,
    ) -> Result<Self> {
        let said = fs::File::create(log).with_context(|| log.display().to_string())?;
        let mut command = tied_to_us(program);
        command.args(args).kill_on_drop(true).stdin(Stdio::null());
        command.stdout(said.try_clone()?).stderr(said);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("TRESEN_") {
                command.env_remove(name);
            }
        }
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let child = command
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let pid = child.id().context("the server ended at once")?;
        let ticks = ticks_a_second().await;
        let mut process = Process {
            address,
            child,
            pid,
            ticks,
        };
        process.wait(log).await?;
        Ok(process)
    }

    async fn wait(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        let request = get(self.address, "/readyz", None);
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "the server ended with {status}:\n{}",
                    fs::read_to_string(log)?.trim_end()
                );
            }
            if let Ok(mut connection) = Connection::open(self.address).await
                && connection.page(&request).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!(
            "the server was not ready within {} s; see {}",
            PATIENCE.as_secs(),
            log.display()
        )
    }

    /// Time spent so far in user and system space, all threads together.
    pub fn cpu(&self) -> Result<Duration> {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.pid)).context("the server is gone")?;
        let ticks = ticks(&stat).context("/proc/PID/stat is not as expected")?;
        Ok(Duration::from_secs_f64(ticks as f64 / self.ticks))
    }
}

/// A command whose process the kernel ends when this one is killed, where the system has the tool for it.
fn tied_to_us(program: &Path) -> Command {
    let setpriv = Path::new("/usr/bin/setpriv");
    if !setpriv.exists() {
        return Command::new(program);
    }
    // it becomes the program, so the process id stays
    let mut command = Command::new(setpriv);
    command
        .arg("--pdeathsig")
        .arg("KILL")
        .arg("--")
        .arg(program);
    command
}

/// utime + stime: the 14th and 15th field; the second one, the name, may itself hold blanks and brackets.
fn ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

async fn ticks_a_second() -> f64 {
    let asked = Command::new("getconf").arg("CLK_TCK").output().await.ok();
    let text = asked.and_then(|out| String::from_utf8(out.stdout).ok());
    text.and_then(|text| text.trim().parse().ok())
        .unwrap_or(100.0)
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn ticks_are_found_behind_any_name() {
        let stat = "42 (a ) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 700 30 0 0 20 0 3 0";
        assert_eq!(ticks(stat), Some(730));
        assert_eq!(ticks("42 (a"), None);
    }
}
