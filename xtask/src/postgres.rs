//! A throw-away PostgreSQL cluster: quick, on loopback only, gone with its owner.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::certificates::Certificates;
use crate::{install, shell};

#[derive(clap::Args)]
pub struct Args {
    /// A fixed port instead of a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
}

/// Runs until this value is dropped or this program ends, however it ends.
pub struct Cluster {
    port: u16,
    keeper: Child,
}

/// Starts the server and waits for the end of its own input; then stops the server and clears up. The
/// input is a pipe held by this program, so even its violent end closes it.
const KEEPER: &str = r#"data=$1; shift; "$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"; rm -rf "$data""#;

impl Cluster {
    /// Starts one on the given port, 0 for a free one. It speaks TLS with whoever wants it.
    pub fn start(bin: &Path, port: u16) -> Result<Self> {
        let port = if port == 0 { shell::free_port()? } else { port };
        let data = data_folder(port)?;
        let init = bin.join("initdb");
        shell::quiet(as_postgres(&init).arg("--pgdata").arg(&data).args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]))?;
        let certificates = Certificates::make()?;
        for (name, kept) in [("server.pem", "server.crt"), ("server.key", "server.key")] {
            owned(
                &data.join(kept),
                &fs::read(certificates.folder().join(name))?,
            )?;
        }
        let log = fs::File::create(log_file(port)?)?;
        let server = as_postgres(&bin.join("postgres"));
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&data)
            .arg(server.get_program())
            .args(server.get_args())
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string()])
            .args(settings())
            .current_dir("/")
            // Its own group: Ctrl-C is for the tests, which end this in order.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("PostgreSQL could not be started")?;
        let mut cluster = Self { port, keeper };
        cluster.wait_until_ready(bin)?;
        Ok(cluster)
    }

    /// Where the superuser connects.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, bin: &Path) -> Result<()> {
        let start = Instant::now();
        let port = self.port.to_string();
        while shell::answer(
            bin.join("pg_isready"),
            &["-q", "-h", "127.0.0.1", "-p", &port],
        )
        .is_none()
        {
            if self.keeper.try_wait()?.is_some() || start.elapsed() > Duration::from_secs(30) {
                let said = fs::read_to_string(log_file(self.port)?).unwrap_or_default();
                bail!("PostgreSQL did not come up on port {port}:\n{said}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// For work by hand: a cluster that lives as long as this command.
pub fn run(args: &Args) -> Result<()> {
    let tools = install::for_tests(install::Wanted {
        postgres: true,
        ..Default::default()
    })?;
    let cluster = Cluster::start(&tools.postgres()?, args.port)?;
    println!("{}", cluster.url());
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Tests may lose data when the machine falls, so nothing waits for the disk.
fn settings() -> impl Iterator<Item = &'static str> {
    [
        "listen_addresses=127.0.0.1",
        "ssl=on",
        "unix_socket_directories=",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=200",
        "shared_buffers=128MB",
        "autovacuum_naptime=5s",
        "log_min_messages=warning",
    ]
    .into_iter()
    .flat_map(|setting| ["-c", setting])
}

/// PostgreSQL refuses to run as root. setpriv becomes the program, so the keeper's child is the server itself.
fn as_postgres(program: &Path) -> Command {
    if !install::is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            "--",
        ])
        .arg(program)
        .current_dir("/");
    command
}

/// An empty folder that the server's user owns. Under a checkout which that user may not enter, it lies in the system's temporary folder.
fn data_folder(port: u16) -> Result<PathBuf> {
    let name = format!("pg-{port}");
    let near = shell::counterparts();
    fs::create_dir_all(&near)?;
    let reachable = as_postgres(Path::new("test"))
        .arg("-x")
        .arg(&near)
        .status()
        .is_ok_and(|status| status.success());
    let data = if reachable {
        near.join(name)
    } else {
        std::env::temp_dir().join(format!("tresen-{name}"))
    };
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    fs::create_dir(&data)?;
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700))?;
    given(&data)?;
    Ok(data)
}

/// A file that only the server's user may read.
fn owned(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    given(path)
}

fn given(path: &Path) -> Result<()> {
    if install::is_root() {
        let owner = fs::metadata("/var/lib/postgresql").context("the user postgres has no home")?;
        std::os::unix::fs::chown(path, Some(owner.uid()), Some(owner.gid()))?;
    }
    Ok(())
}

fn log_file(port: u16) -> Result<PathBuf> {
    let logs = shell::counterparts().join("logs");
    fs::create_dir_all(&logs)?;
    Ok(logs.join(format!("pg-{port}.log")))
}
