//! `tresen serve`: database, schema, key, jobs, and the listener; ends gracefully.

use crate::config::Config;
use crate::house::{self, House};
use crate::{health, key, say};
use anyhow::{Context, Result, bail};
use db::{Db, Engine, SchemaState};
use kernel::World;
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Opens the database and brings its schema up to date where that is this command's business.
///
/// # Errors
/// A PostgreSQL schema that is behind (names the command that mends it), or one this program does not know.
pub async fn open(config: &Config) -> Result<(Db, World)> {
    let url = config.get("database.url");
    let bare = World::system();
    let db = Db::open(url, &bare)
        .await
        .with_context(|| "database.url".to_owned())?;
    let path = Path::new(config.get("secrets.master_key_file"));
    let key = key::read_or_make(path, &db).await?;
    match (db.schema_state().await?, db.engine()) {
        (SchemaState::UpToDate, _) => {}
        (SchemaState::Unknown(reason), _) => {
            bail!("the database is not one this program knows: {reason}")
        }
        (SchemaState::Pending(_), Engine::Sqlite) => migrate(&db).await?,
        (SchemaState::Pending(files), Engine::Postgres) => {
            bail!(
                "the database lacks {}: run `tresen migrate` first",
                files.join(", ")
            )
        }
    }
    let world = World::system().with_key(key);
    let db = Db::open(url, &world).await?;
    Ok((db, world))
}

/// Runs what is pending and says so.
pub async fn migrate(db: &Db) -> Result<()> {
    let report = db.migrate().await?;
    if let Some(copy) = &report.copy {
        say(&format!(
            "kept a copy of the database as {}",
            copy.display()
        ));
    }
    Ok(())
}

/// Serves until the process is told to end.
pub async fn run(config: &Config) -> Result<()> {
    let (db, world) = open(config).await?;
    let post = house::post(config)?;
    if post.is_none() {
        tracing::warn!("mail.smtp is not set: mails wait in the outbox");
    }
    let hasher = identity::Hasher::new();
    let setup = house::Setup {
        demo: false,
        post,
        modules: house::modules(),
        hasher,
        state: Vec::new(),
    };
    let house = house::build(&db, &world, config, setup)?;
    let listener = TcpListener::bind(config.listen()?)
        .await
        .with_context(|| format!("http.listen {} cannot be taken", config.get("http.listen")))?;
    say(&format!(
        "Tresen listens on {}, reached at {}",
        config.get("http.listen"),
        config.get("http.public_url")
    ));
    listen(house, db, listener).await
}

/// Serves a house on a listener: first the listener stops, then running requests end, then the jobs.
pub async fn listen(house: House, db: Db, listener: TcpListener) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let jobs = {
        let (worker, stopped) = (house.worker.clone(), stopped.clone());
        tokio::spawn(async move { worker.run(stopped).await })
    };
    let router =
        health::with_health(house.router, db).into_make_service_with_connect_info::<SocketAddr>();
    let ended = async move {
        told_to_end().await;
        if stop.send(true).is_err() {
            tracing::debug!("nobody left to tell");
        }
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(ended)
        .await?;
    jobs.await?;
    Ok(())
}

async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
    tracing::info!("ending");
}
