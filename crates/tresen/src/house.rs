//! The list of contexts, one line each, and the house put together from them.

use crate::config::{Config, host_of};
use anyhow::{Context, Result};
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
    let mut registry = mail::registry().merge(web::registry());
    for module in &mut modules {
        if let Some(add) = module.jobs.take() {
            registry = add(registry);
        }
    }
    let late = web::LateApp::default();
    let mut states = jobs::States::new().with(late.clone());
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
    state.push(Arc::new(knowledge::Shelf::open(&config.search_folder())));
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
    let smtp =
        mail::Smtp::new(url, password.as_ref()).map_err(|e| anyhow::anyhow!("mail.smtp: {e}"))?;
    Ok(Some(mail::Post::new(
        smtp,
        sender(config)?,
        host_of(config.get("http.public_url"))?,
    )))
}

/// The sender of all mails: the provider's name and `mail.from`.
pub fn sender(config: &Config) -> Result<mail::Sender> {
    let from = config.from()?;
    let name = config.get("provider.name").replace(['\\', '"'], "");
    format!("\"{name}\" <{from}>")
        .parse()
        .map_err(|e| anyhow::anyhow!("mail.from: {e}"))
}
