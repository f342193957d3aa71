//! `tresen demo`: the portal full of invented customers, in a folder of its own, with mails caught.

mod articles;
mod critical;
mod desk;
mod files;
mod page;
mod post;
mod reply;
pub mod samples;
mod seed;
mod tickets;
mod transport;

use crate::config::{Config, Origin, host_of};
use crate::{house, say, serve};
use anyhow::{Context, Result};
use db::Db;
use kernel::World;
use mail::Catcher;
use page::People;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use transport::DemoTransport;

pub use page::module;

/// Seeds on first use, prints who can sign in, and serves.
///
/// # Errors
/// A folder that cannot be written, or an address that cannot be listened on.
pub async fn run(data: Option<PathBuf>, listen: &str) -> Result<()> {
    let temporary = match data {
        Some(_) => None,
        None => Some(tempfile::tempdir().context("a temporary folder")?),
    };
    let folder = data.unwrap_or_else(|| {
        temporary
            .as_ref()
            .map(|dir| dir.path().to_owned())
            .unwrap_or_default()
    });
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    let listen = std::env::var("TRESEN_HTTP__LISTEN").unwrap_or_else(|_| listen.to_owned());
    let config = config(&folder, &listen)?;
    let (db, world) = serve::open(&config).await?;
    let hasher = identity::Hasher::new();
    let fresh = seed::is_empty(&db).await?;
    if fresh {
        say("Setting up the demonstration …");
    }
    let (people, due) = seed::settle(&db, &world, &hasher, fresh).await?;
    let catcher = Catcher::new();
    let house = assemble(
        &db,
        &world,
        &config,
        hasher,
        people.clone(),
        catcher.clone(),
    )?;
    if fresh {
        seed::mails(&house.app, &db, &world, due).await?;
        house.worker.drain().await?;
        post::fill(&house, &db, &world, &catcher).await?;
        seed::age_mails(&db).await?;
    }
    let listener = TcpListener::bind(config.listen()?).await.with_context(|| {
        format!("{listen} cannot be taken: --listen 127.0.0.1:PORT names another")
    })?;
    greet(&config, &people);
    serve::listen(house, db, listener, None).await?;
    drop(temporary);
    Ok(())
}

fn config(folder: &Path, listen: &str) -> Result<Config> {
    let mut config = Config::load(Some(Path::new("/dev/null")), std::iter::empty())?;
    let port = listen.rsplit_once(':').map_or("8080", |(_, port)| port);
    let public = std::env::var("TRESEN_HTTP__PUBLIC_URL")
        .unwrap_or_else(|_| format!("http://localhost:{port}"));
    let path = |name: &str| folder.join(name).display().to_string();
    for (key, value) in [
        ("http.listen", listen.to_owned()),
        ("http.public_url", public),
        ("database.url", format!("sqlite:{}", path("tresen.db"))),
        ("secrets.master_key_file", path("tresen.key")),
        ("mail.from", "portal@nordlicht.example".to_owned()),
        ("mail.authserv_id", reply::BORDER.to_owned()),
        (
            "mail.reply_address",
            "support+{token}@nordlicht.example".to_owned(),
        ),
        ("support.satisfaction", "true".to_owned()),
    ] {
        config.set(key, value, Origin::Demo)?;
    }
    Ok(config)
}

/// The house of the demo: all contexts, the page `/demo`, and mail that stays here.
///
/// # Errors
/// As [`house::build`].
pub fn assemble(
    db: &Db,
    world: &World,
    config: &Config,
    hasher: identity::Hasher,
    people: Arc<People>,
    catcher: Catcher,
) -> Result<house::House> {
    let transport = DemoTransport::new(catcher.clone());
    let host = host_of(config.get("http.public_url"))?;
    let post = mail::Post::new(transport, house::sender(config)?, host);
    let mut modules = house::modules();
    modules.push(module());
    let state: Vec<Arc<dyn std::any::Any + Send + Sync>> = vec![people, Arc::new(catcher)];
    house::build(
        db,
        world,
        config,
        house::Setup {
            demo: true,
            post: Some(post),
            modules,
            hasher,
            state,
        },
    )
}

fn greet(config: &Config, people: &People) {
    say(&format!(
        "\n  {}   (mails and codes: {}/demo)\n",
        config.get("http.public_url"),
        config.get("http.public_url")
    ));
    say("  Customers:");
    for person in &people.customers {
        say(&format!(
            "    {:<34} {}   {}",
            person.sign_in, person.password, person.about
        ));
    }
    say("  Staff, at /desk:");
    for (person, _) in &people.staff {
        say(&format!(
            "    {:<34} {}   {}",
            person.sign_in, person.password, person.about
        ));
    }
    say("\n  Ctrl-C ends it.");
}
