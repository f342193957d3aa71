//! The list of contexts, one line each, and the house put together from them.

use crate::config::{Config, host_of};
use anyhow::{Context, Result, bail};
use db::Db;
use kernel::World;
use std::any::Any;
use std::path::Path;
use std::sync::Arc;
use web::{App, Module, Parts};

/// Every context, in the order of the arrows.
pub fn modules() -> Vec<Module> {
    vec![
        identity::module(),
        customers::module(),
        legal::module(),
        knowledge::module(),
        support::module(),
        operations::module(),
    ]
}

/// The application with its worker, not yet listening.
pub struct House {
    pub app: App,
    pub router: axum::Router,
    pub worker: jobs::Worker,
}

/// What differs between serving for real and the demo.
pub struct Setup {
    pub demo: bool,
    /// How mail leaves; without it mails wait.
    pub post: Option<mail::Post>,
    pub modules: Vec<Module>,
    pub hasher: identity::Hasher,
    /// Typed things that pages ask for.
    pub state: Vec<Arc<dyn Any + Send + Sync>>,
}

/// Puts the house together.
///
/// # Errors
/// A legal document, text or template that cannot be read.
pub fn build(db: &Db, world: &World, config: &Config, setup: Setup) -> Result<House> {
    let settings = config.settings(setup.demo)?;
    let documents = documents(config)?;
    let mut modules = setup.modules;
    let mut registry = mail::registry()
        .merge(web::registry())
        .merge(files::registry());
    for module in &mut modules {
        if let Some(add) = module.jobs.take() {
            registry = add(registry);
        }
    }
    let late = web::LateApp::default();
    let store = store(config)?;
    let mut states = jobs::States::new().with(late.clone()).with(store.clone());
    if let Some(post) = setup.post {
        states = states.with(post);
    }
    let zone = kernel::jiff::tz::TimeZone::get(&settings.timezone)
        .with_context(|| format!("provider.timezone: {} is not known", settings.timezone))?;
    let worker = jobs::Worker::new(db.clone(), world.clone(), registry, states).zone(zone);
    let waker = worker.waker();
    let mut state = setup.state;
    if let Some(notice) = documents.get(legal::Kind::Privacy, settings.language) {
        state.push(Arc::new(customers::registration::PrivacyVersion(
            notice.version.clone(),
        )));
    }
    state.push(Arc::new(documents));
    state.push(Arc::new(store));
    state.push(Arc::new(ways(config)?));
    state.push(Arc::new(config.inbound_settings()?));
    let keep = config.get("mail.keep_days").parse().ok();
    let keep = keep
        .and_then(support::inbound::Keep::of)
        .context("mail.keep_days is a number of days, 3660 at most")?;
    state.push(Arc::new(keep));
    let company: bool = config
        .get("support.company_required")
        .parse()
        .context("support.company_required is true or false")?;
    state.push(Arc::new(support::request::guest::CompanyRequired(company)));
    let days = config.get("support.secret_days").parse().ok();
    let days = days
        .and_then(support::secret::Days::of)
        .context("support.secret_days is a number of days, 14 at most")?;
    state.push(Arc::new(days));
    let wait = config.get("support.undo_seconds").parse().ok();
    let wait = wait
        .and_then(support::desk::undo::Wait::of)
        .context("support.undo_seconds is a number of seconds, 60 at most")?;
    state.push(Arc::new(wait));
    let asked: bool = config
        .get("support.satisfaction")
        .parse()
        .context("support.satisfaction is true or false")?;
    state.push(Arc::new(support::request::rate::Asked(asked)));
    let private: bool = config
        .get("support.webhook_private")
        .parse()
        .context("support.webhook_private is true or false")?;
    state.push(Arc::new(support::critical::webhook::Reach { private }));
    state.push(Arc::new(knowledge::Shelf::open(&config.search_folder())));
    state.push(Arc::new(config.hours()?));
    state.push(Arc::new(support::desk::find::Words::open(
        &config.search_folder(),
    )));
    state.push(Arc::new(setup.hasher));
    let (app, router) = App::build(Parts {
        db: db.clone(),
        world: world.clone(),
        gate: Box::new(customers::Doors::new(settings.clone())),
        settings,
        modules,
        state,
        wake: Box::new(move || waker.wake()),
    })
    .context("texts and templates")?;
    late.fill(&app);
    Ok(House {
        app,
        router,
        worker,
    })
}

/// Where files lie and who scans them, from the configuration.
pub fn store(config: &Config) -> Result<files::Store> {
    let scanner = match config.get("files.clamd") {
        "" => None,
        given => Some(given.parse().context("files.clamd")?),
    };
    let unscanned = match config.get("files.unscanned") {
        "warn" => files::Unscanned::Warn,
        "block" => files::Unscanned::Block,
        other => bail!("files.unscanned is warn or block, not {other}"),
    };
    Ok(files::Store::scanned(place(config)?, scanner, unscanned))
}

/// Where the bytes of files lie, from the configuration.
pub fn place(config: &Config) -> Result<files::Place> {
    let secret = kernel::Secret::new(config.get("files.secret_key"));
    files::Place::open(&config.files_url(), config.get("files.access_key"), &secret)
        .context("files.url")
}

/// The legal texts in force.
pub fn documents(config: &Config) -> Result<legal::Documents> {
    let dir = Some(config.get("provider.legal_dir"))
        .filter(|dir| !dir.is_empty())
        .map(Path::new);
    legal::Documents::load(dir).context("legal documents")
}

/// How mail leaves, from the configuration; `None` while no server is set.
pub fn post(config: &Config) -> Result<Option<mail::Post>> {
    let url = config.get("mail.smtp");
    if url.is_empty() {
        return Ok(None);
    }
    let password = Some(config.get("mail.password"))
        .filter(|p| !p.is_empty())
        .map(kernel::Secret::new);
    let roots = config.mail_roots()?;
    let roots: Vec<Vec<u8>> = roots.iter().map(|root| root.to_vec()).collect();
    let smtp = mail::Smtp::trusting(url, password.as_ref(), &roots)
        .map_err(|e| anyhow::anyhow!("mail.smtp: {e}"))?;
    Ok(Some(
        mail::Post::new(
            smtp,
            sender(config)?,
            host_of(config.get("http.public_url"))?,
        )
        .signed(dkim(config)?),
    ))
}

/// What signs mails, from the configuration; `None` where they go unsigned.
pub fn dkim(config: &Config) -> Result<Option<mail::Dkim>> {
    let (domain, path) = (
        config.get("mail.dkim_domain"),
        config.get("mail.dkim_key_file"),
    );
    match (domain.is_empty(), path.is_empty()) {
        (true, true) => return Ok(None),
        (true, false) => bail!("mail.dkim_key_file is set, mail.dkim_domain is not"),
        (false, true) => bail!("mail.dkim_domain is set, mail.dkim_key_file is not"),
        (false, false) => {}
    }
    let pem = std::fs::read_to_string(path)
        .with_context(|| format!("mail.dkim_key_file: {path} cannot be read"))?;
    Ok(Some(mail::Dkim::new(
        domain,
        config.get("mail.dkim_selector"),
        &pem,
    )?))
}

/// How answers to mails of tickets come back, from the configuration.
pub fn ways(config: &Config) -> Result<support::outbound::Ways> {
    let host = host_of(config.get("http.public_url"))?;
    support::outbound::Ways::new(config.get("mail.reply_address"), host)
        .map_err(|e| anyhow::anyhow!("mail.reply_address {e}"))
}

/// The sender of all mails: the provider's name and `mail.from`.
pub fn sender(config: &Config) -> Result<mail::Sender> {
    let from = config.from()?;
    let name = config.get("provider.name").replace(['\\', '"'], "");
    format!("\"{name}\" <{from}>")
        .parse()
        .map_err(|e| anyhow::anyhow!("mail.from: {e}"))
}
