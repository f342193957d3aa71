//! The binary: configuration, the list of contexts, and the commands.

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use kernel::{Actor, Ctx, Email, Locale, World};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use tresen::config::Config;
use tresen::{again, articles, backup, check, demo, doctor, logs, rotate, say, serve};

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
    /// Copies the database while it is in use.
    Backup {
        /// The new file; else one with the time in its name, here.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Brings a copy back to an empty place.
    Restore {
        /// What `backup` wrote.
        file: PathBuf,
    },
    /// Checks that what is stored is whole: the log's chain, the key, rows that belong together. Ends with 1 on a fault.
    Doctor,
    /// The provider's people.
    #[command(subcommand)]
    Staff(Staff),
    /// The knowledge base as a folder of Markdown files.
    #[command(subcommand)]
    Articles(Articles),
    /// The master key.
    #[command(subcommand)]
    Keys(Keys),
    /// The search indexes.
    #[command(subcommand)]
    Search(Search),
}

#[derive(Subcommand)]
enum Articles {
    /// Reads FOLDER/NAME.de.md and FOLDER/NAME.en.md below DIR, and pictures and files from FOLDER/NAME/; what is there
    /// already is changed where it differs.
    Import { dir: PathBuf },
    /// Writes all articles below DIR; what was imported and not changed since comes out as it was.
    Export { dir: PathBuf },
}

#[derive(Subcommand)]
enum Keys {
    /// Makes a new master key and seals everything anew under it, while the service rests.
    Rotate,
    /// Takes former keys out of the key file.
    Forget,
}

#[derive(Subcommand)]
enum Search {
    /// Has every node fill its index anew, at its next search.
    Rebuild,
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
    /// Takes password and second factor from somebody at the desk, ends all sessions, and prints a one-time link to set
    /// up both anew, good for 24 hours.
    Reset {
        #[arg(long)]
        email: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match start(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let told = writeln!(std::io::stderr(), "tresen: {error:#}");
            if told.is_err() || error.is::<backup::Elsewhere>() {
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
    // whoever looks around wants to see what is wrong, not every request
    let quiet = matches!(cli.command, Command::Demo { .. });
    logs::begin(
        &config,
        if quiet {
            "info,tresen::request=off"
        } else {
            "info"
        },
    )?;
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
            Command::Articles(Articles::Import { dir }) => articles::import(&config, &dir).await,
            Command::Articles(Articles::Export { dir }) => articles::export(&config, &dir).await,
            Command::Search(Search::Rebuild) => articles::rebuild(&config).await,
            Command::Keys(Keys::Rotate) => rotate::rotate(&config).await,
            Command::Keys(Keys::Forget) => rotate::forget(&config).await,
            Command::Doctor => doctor::run(&config).await,
            Command::Backup { to } => backup::backup(&config, to).await,
            Command::Restore { file } => backup::restore(&config, &file).await,
            Command::Staff(Staff::Add { email, name, role }) => {
                staff_add(&config, &email, &name, &role).await
            }
            Command::Staff(Staff::Reset { email }) => staff_reset(&config, &email).await,
        }
    })
}

async fn staff_reset(config: &Config, email: &str) -> Result<()> {
    let (db, world) = serve::open(config).await?;
    let email = Email::parse(email)
        .ok()
        .context("--email is no e-mail address")?;
    let ctx = Ctx::new(&world, Actor::System, Locale::De);
    let link = again(|| async {
        let mut tx = db.begin().await?;
        let row = identity::staff::by_email(&mut tx, &email)
            .await?
            .filter(|row| row.active)
            .with_context(|| format!("nobody at the desk has the address {}", email.as_str()))?;
        let link = identity::staff::reset(&mut tx, &ctx, row.id).await?;
        tx.commit().await?;
        Ok(link)
    })
    .await?;
    let url = config.get("http.public_url").trim_end_matches('/');
    say(&format!("{url}{}", identity::INVITATION.to(link.expose())));
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
    let link = again(|| async {
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
        Ok(link)
    })
    .await?;
    let url = config.get("http.public_url").trim_end_matches('/');
    say(&format!("{url}{}", identity::INVITATION.to(link.expose())));
    Ok(())
}
