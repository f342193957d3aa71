//! `tresen serve`: database, schema, key, jobs, and the listener; ends gracefully.

use crate::config::Config;
use crate::house::{self, House};
use crate::key::Keys;
use crate::{health, key, metrics, say, wire};
use anyhow::{Context, Result, bail};
use db::{Db, Engine, SchemaState};
use kernel::World;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// Opens the database and brings its schema up to date where that is this command's business.
///
/// # Errors
/// A PostgreSQL schema that is behind (names the command that mends it), or one this program does not know.
pub async fn open(config: &Config) -> Result<(Db, World)> {
    let (db, keys) = open_with_keys(config).await?;
    Ok((db, keys.world()))
}

/// As [`open`], with the keys that the world has.
///
/// # Errors
/// As [`open`].
pub async fn open_with_keys(config: &Config) -> Result<(Db, Keys)> {
    let url = config.get("database.url");
    let bare = World::system();
    let db = Db::open(url, &bare)
        .await
        .with_context(|| "database.url".to_owned())?;
    let path = Path::new(config.get("secrets.master_key_file"));
    let keys = key::read_or_make(path, &db).await?;
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
    key::bind(&keys, &db).await?;
    let db = Db::open(url, &keys.world()).await?;
    Ok((db, keys))
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
    let (db, keys) = open_with_keys(config).await?;
    let world = keys.world();
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
    let figures = match config.metrics()? {
        None => None,
        Some(address) => {
            let listener = TcpListener::bind(address);
            let taken = || format!("metrics.listen {address} cannot be taken");
            Some(listener.await.with_context(taken)?)
        }
    };
    let post = Incoming {
        lmtp: match config.lmtp()? {
            None => None,
            Some(address) => {
                let taken = || format!("mail.lmtp_listen {address} cannot be taken");
                Some(TcpListener::bind(address).await.with_context(taken)?)
            }
        },
        mailboxes: config.mailboxes()?,
    };
    say(&format!(
        "Tresen listens on {}, reached at {}",
        config.get("http.listen"),
        config.get("http.public_url")
    ));
    let replaced = key::replaced(keys, db.clone());
    tokio::select! {
        // at once: whatever is still sealed here is sealed with the former key
        () = replaced => bail!(
            "the master key was changed: this node ends, because nobody may be able to open what it seals. \
             Copy the new key file here and start it anew"
        ),
        ended = listen_with(house, db, listener, figures, post) => ended,
    }
}

/// Where mails come from.
#[derive(Default)]
pub struct Incoming {
    pub lmtp: Option<TcpListener>,
    pub mailboxes: Vec<intake::imap::Mailbox>,
}

impl Incoming {
    /// Takes mails in until `ending` turns true.
    fn start(self, house: &House, db: &Db, ending: &watch::Receiver<bool>) {
        let waker = house.worker.waker();
        let wake = move || waker.wake();
        let world = house.app.world().clone();
        let receiver = intake::Receiver::new(db.clone(), world, support::inbound::queue, wake);
        if let Some(listener) = self.lmtp {
            tokio::spawn(intake::lmtp::serve(
                listener,
                receiver.clone(),
                ending.clone(),
            ));
        }
        for mailbox in self.mailboxes {
            tokio::spawn(intake::imap::watch(
                mailbox,
                receiver.clone(),
                ending.clone(),
            ));
        }
    }
}

/// Serves a house on a listener until a signal comes: then the listener closes, and running requests and jobs get
/// their time. A second signal ends it at once.
///
/// # Errors
/// The second signal.
pub async fn listen(
    house: House,
    db: Db,
    listener: TcpListener,
    figures: Option<TcpListener>,
) -> Result<()> {
    listen_with(house, db, listener, figures, Incoming::default()).await
}

async fn listen_with(
    house: House,
    db: Db,
    listener: TcpListener,
    figures: Option<TcpListener>,
    incoming: Incoming,
) -> Result<()> {
    let mut signals = Signals::new()?;
    let (stop, ending) = watch::channel(false);
    // nobody waits for it: until it is done search goes by titles
    tokio::spawn(knowledge::warm(house.app.clone()));
    tokio::spawn(support::desk::find::warm(house.app.clone()));
    incoming.start(&house, &db, &ending);
    let (worker, jobs_end) = (house.worker.clone(), ending.clone());
    let jobs = tokio::spawn(async move { worker.run(jobs_end).await });
    // to be asked until the process is gone
    let figures = figures.map(|listener| {
        let router = metrics::router(house.app.clone(), ending.clone());
        let (open, never) = watch::channel(false);
        let task = tokio::spawn(async move {
            wire::serve(listener, router, wire::Limits::few(), never).await;
        });
        (task, open)
    });
    let router = health::with_health(house.router, db, ending.clone());
    let serving = async {
        wire::serve(listener, router, wire::Limits::default(), ending).await;
        jobs.await
    };
    let told = async {
        signals.next().await;
        tracing::info!("ending");
        // nobody listens any more where everything has ended by itself
        stop.send_replace(true);
        signals.next().await;
    };
    let ended = tokio::select! {
        ended = serving => ended.map_err(Into::into),
        () = told => Err(anyhow::anyhow!("ended at once by a second signal")),
    };
    if let Some((task, _open)) = figures {
        task.abort();
    }
    ended
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Result<Self> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
