//! The binary: configuration, the list of contexts, and the commands.

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use kernel::{Actor, Ctx, Email, Locale, World};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use tresen::config::Config;
use tresen::{check, demo, say, serve};

/// A portal for the customers of a provider, and the desk behind it.
#[derive(Parser)]
#[command(name = "tresen", version)]
struct Cli {
    /// The configuration file; else ./tresen.toml, then /etc/tresen/tresen.toml.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the portal and the desk.
    Serve,
    /// A portal full of invented customers, to look around in.
    Demo {
        /// Keep the data here; else in a temporary folder that goes with the process.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Listen here.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
    },
    /// Says what is in force, from where, and what is doubtful.
    Check,
    /// Brings the database's schema up to date.
    Migrate,
    /// The provider's people.
    #[command(subcommand)]
    Staff(Staff),
}

#[derive(Subcommand)]
enum Staff {
    /// Adds somebody to the desk and prints a one-time link, good for 24 hours.
    Add {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// support, accounting, sales, editing or admin
        #[arg(long)]
        role: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let told = writeln!(std::io::stderr(), "tresen: {error:#}");
            if told.is_err() {
                ExitCode::from(2)
            } else {
                ExitCode::FAILURE
            }
        }
    }
}

fn start(cli: Cli) -> Result<()> {
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        bail!("encryption was set up twice");
    }
    let config = Config::load(cli.config.as_deref(), std::env::vars())?;
    log(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve => serve::run(&config).await,
            Command::Demo { data, listen } => demo::run(data, &listen).await,
            Command::Check => check::run(&config).await,
            Command::Migrate => {
                let db = db::Db::open(config.get("database.url"), &World::system()).await?;
                serve::migrate(&db).await?;
                say("The schema is up to date.");
                Ok(())
            }
            Command::Staff(Staff::Add { email, name, role }) => {
                staff_add(&config, &email, &name, &role).await
            }
        }
    })
}

fn log(config: &Config) -> Result<()> {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    match config.get("log.format") {
        "text" => builder.init(),
        "json" => builder.json().init(),
        other => bail!("log.format is text or json, not {other}"),
    }
    Ok(())
}

async fn staff_add(config: &Config, email: &str, name: &str, role: &str) -> Result<()> {
    let (db, world) = serve::open(config).await?;
    let email = Email::parse(email)
        .ok()
        .context("--email is no e-mail address")?;
    let role = identity::Role::parse(role)
        .context("--role is support, accounting, sales, editing or admin")?;
    let ctx = Ctx::new(&world, Actor::System, Locale::De);
    let mut tx = db.begin().await?;
    let link = identity::staff::add(&mut tx, &ctx, &email, name, role)
        .await
        .map_err(|error| {
            if error.conflict_on("staff.email") {
                anyhow::anyhow!("{} is at the desk already", email.as_str())
            } else {
                error.into()
            }
        })?;
    tx.commit().await?;
    let url = config.get("http.public_url").trim_end_matches('/');
    say(&format!("{url}{}", identity::INVITATION.to(link.expose())));
    Ok(())
}
