//! The application: modules joined into one router, and the one layer every request goes through.

use crate::access::{Access, Right};
use crate::assets::{Asset, Assets};
use crate::cx::{Cx, Info, Who, redirect};
use crate::error::{Error, Result};
use crate::form::RawForm;
use crate::frame::Provider;
use crate::gate::Gate;
use crate::handler::{Boxed, Input};
use crate::meter::{Metered, Meters};
use crate::module::{
    Counting, FileTab, Finder, Method, Module, Nav, Overview, Place, Search, Shared, Today, Uploads,
};
use crate::templates::{Page, Sampled, Source, Templates};
use crate::texts::Texts;
use crate::{client, cookies, download, upload};
use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{ConnectInfo, RawPathParams};
use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method as HttpMethod, Request, StatusCode, header,
};
use axum::response::Response;
use axum::routing::any;
use db::Db;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use ipnet::IpNet;
use kernel::{Actor, Ctx, Locale, World};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::any::Any;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Where a visitor signs in, and where staff does.
pub const SIGN_IN: crate::Path = crate::Path::new("/anmelden");
pub const DESK_SIGN_IN: crate::Path = crate::Path::new("/desk/anmelden");
/// Where somebody who is signed in enters the password once more, before a sensitive act.
pub const CONFIRM: crate::Path = crate::Path::new("/anmelden/bestaetigen");
/// The portal's start page and the account overview.
pub const START: crate::Path = crate::Path::new("/");
pub const ACCOUNT: crate::Path = crate::Path::new("/konto");
/// Ends a look at the portal with a customer's eyes: the only thing that can be sent during one.
pub const VIEW_END: crate::Path = crate::Path::new("/konto/ansicht/beenden");
pub const DESK: crate::Path = crate::Path::new("/desk");
/// Where the search box of the desk's head leads; the words come as `suche`.
pub const DESK_SEARCH: crate::Path = crate::Path::new("/desk/suche");

/// Style sheets, the script and pictures, by the hash in their names.
const FILES: &str = "/assets/{file}";

/// A body must be there within this time.
const BODY_TIME: Duration = Duration::from_secs(30);
/// No form has more fields; each costs many times the bytes it came in.
const FIELDS: usize = 500;
/// How often a request is run again when the database asks for it.
const RUNS: usize = 10;
/// A use of a session is written down at most this often.
const TOUCH: Duration = Duration::from_secs(60);

/// What the operator has set, as far as pages need it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Origin of the portal, without a slash at the end.
    pub public_url: String,
    pub trusted_proxies: Vec<IpNet>,
    /// Bytes.
    pub max_body: usize,
    /// Bytes of a form with files.
    pub max_upload: u64,
    pub provider_name: String,
    pub hotline: String,
    pub country: kernel::Country,
    pub language: Locale,
    pub timezone: String,
    pub number_prefix: String,
    pub demo: bool,
}

impl Settings {
    /// For tests and as the base of the configuration.
    pub fn example() -> Self {
        Settings {
            public_url: "http://localhost:8080".into(),
            trusted_proxies: Vec::new(),
            max_body: 1 << 20,
            max_upload: 100 << 20,
            provider_name: "Nordlicht Hosting".into(),
            hotline: "040 66969-310".into(),
            country: kernel::Country::DE,
            language: Locale::De,
            timezone: "Europe/Berlin".into(),
            number_prefix: "K-".into(),
            demo: false,
        }
    }

    /// Whether cookies may demand an encrypted connection.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether browsers say of each request which site it comes from: they do where nobody can listen in.
    pub fn trustworthy(&self) -> bool {
        let host = self.public_url.trim_start_matches("http://");
        let here = ["localhost", "127.0.0.1", "[::1]"];
        self.secure()
            || here.iter().any(|name| {
                host.strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
            })
    }

    pub fn provider_view(&self) -> Provider {
        let digits: String = self
            .hotline
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        let href = match digits.strip_prefix('0') {
            Some(rest) if !rest.starts_with('0') && self.country == kernel::Country::DE => {
                format!("tel:+49{rest}")
            }
            _ => format!("tel:{digits}"),
        };
        Provider {
            name: self.provider_name.clone(),
            hotline: self.hotline.clone(),
            hotline_href: href,
        }
    }
}

/// The application, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    world: World,
    settings: Settings,
    gate: Box<dyn Gate>,
    texts: Arc<Texts>,
    templates: Templates,
    assets: Arc<Assets>,
    nav: Vec<Nav>,
    counters: Vec<(&'static str, Option<Right>, Counting)>,
    overview: Vec<(u16, Right, Overview)>,
    file_tabs: Vec<(u16, Right, &'static str, FileTab)>,
    today: Vec<(u16, Right, Today)>,
    search: Vec<(&'static str, Right, Search)>,
    finder: Option<Finder>,
    samples: Vec<Sampled>,
    routes: Shared<RouteInfo>,
    state: Vec<Arc<dyn Any + Send + Sync>>,
    wake: Box<dyn Fn() + Send + Sync>,
    meters: Meters,
}

/// A route as the tests that know everything see it.
#[derive(Debug, Clone)]
pub struct RouteInfo {
    pub module: &'static str,
    pub method: Method,
    pub pattern: String,
    pub access: Access,
}

/// What an application is made from.
pub struct Parts {
    pub db: Db,
    pub world: World,
    pub settings: Settings,
    pub gate: Box<dyn Gate>,
    pub modules: Vec<Module>,
    /// Typed things that contexts ask for (`cx.app.state::<T>()`).
    pub state: Vec<Arc<dyn Any + Send + Sync>>,
    /// Called after a commit, so that jobs run at once.
    pub wake: Box<dyn Fn() + Send + Sync>,
}

/// The application cannot be put together; only a fault of the program or of an operator's file.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadParts(String);

impl App {
    /// Joins the modules; gives the router to serve.
    ///
    /// # Errors
    /// A text or template that cannot be read.
    pub fn build(parts: Parts) -> std::result::Result<(App, axum::Router), BadParts> {
        let mut modules = parts.modules;
        modules.insert(0, crate::own_module());
        let bad = |error: &dyn std::fmt::Display| BadParts(error.to_string());
        let de: Vec<&str> = modules.iter().flat_map(|m| m.de.iter().copied()).collect();
        let en: Vec<&str> = modules.iter().flat_map(|m| m.en.iter().copied()).collect();
        let texts = Arc::new(Texts::load(&de, &en).map_err(|e| bad(&e))?);
        let assets = Arc::new(Assets::load());
        let sources: Vec<Source> = modules
            .iter()
            .flat_map(|m| m.templates.iter().cloned())
            .collect();
        let templates = Templates::load(&sources, &texts, &assets, &parts.settings.timezone)
            .map_err(|e| bad(&format!("{e:#}")))?;
        let mut nav = Vec::new();
        let mut counters = Vec::new();
        let mut overview = Vec::new();
        let mut file_tabs = Vec::new();
        let mut today = Vec::new();
        let mut search = Vec::new();
        let mut finder = None;
        let mut samples = Vec::new();
        let mut routes = Vec::new();
        let mut table: BTreeMap<String, Entries> = BTreeMap::new();
        for module in modules {
            nav.extend(module.nav);
            counters.extend(module.counters);
            overview.extend(module.overview);
            file_tabs.extend(module.file_tabs);
            today.extend(module.today);
            search.extend(module.search);
            finder = module.finder.or(finder);
            samples.extend(module.samples);
            for route in module.routes {
                routes.push(RouteInfo {
                    module: module.name,
                    method: route.method,
                    pattern: route.pattern.clone(),
                    access: route.access,
                });
                // leaked once at start: patterns live as long as the process
                let pattern: &'static str = Box::leak(route.pattern.clone().into_boxed_str());
                table.entry(route.pattern).or_default().push((
                    route.method,
                    route.access,
                    pattern,
                    route.handler,
                    route.upload,
                ));
            }
        }
        nav.sort_by_key(|n| n.order);
        overview.sort_by_key(|(order, ..)| *order);
        file_tabs.sort_by_key(|(order, ..)| *order);
        today.sort_by_key(|(order, ..)| *order);
        let patterns = table.values().flatten().map(|(_, _, pattern, ..)| *pattern);
        let meters = Meters::of(patterns.chain([FILES]));
        let app = App(Arc::new(Inner {
            db: parts.db,
            world: parts.world,
            settings: parts.settings,
            gate: parts.gate,
            texts,
            templates,
            assets,
            nav,
            counters,
            overview,
            file_tabs,
            today,
            search,
            finder,
            samples,
            routes: Arc::new(routes),
            state: parts.state,
            wake: parts.wake,
            meters,
        }));
        let mut router = axum::Router::new();
        for (pattern, entries) in table {
            let entries = Arc::new(entries);
            let app = app.clone();
            router = router.route(
                &pattern,
                any(
                    move |params: std::result::Result<RawPathParams, RawPathParamsRejection>,
                          request: Request<Body>| {
                        let (app, entries) = (app.clone(), entries.clone());
                        async move {
                            match params {
                                Ok(params) => {
                                    let parameter =
                                        params.iter().next().map(|(_, value)| value.to_owned());
                                    entry(app, entries, parameter, request).await
                                }
                                // bytes that are no text name nothing
                                Err(_) => lost(app, request).await,
                            }
                        }
                    },
                ),
            );
        }
        let files = app.clone();
        router = router.route(
            FILES,
            any(move |request: Request<Body>| {
                let app = files.clone();
                async move {
                    match app.0.assets.by_url(request.uri().path()) {
                        Some(asset) => {
                            let started = Instant::now();
                            let response = file(&app, asset, request.headers());
                            let (status, took) = (response.status(), started.elapsed());
                            app.0.meters.count(FILES, false, status, took);
                            response
                        }
                        None => lost(app, request).await,
                    }
                }
            }),
        );
        let unknown = app.clone();
        router = router.fallback(move |request: Request<Body>| lost(unknown.clone(), request));
        Ok((app, router))
    }

    /// The whole address of a path, for mails.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.0.settings.public_url)
    }

    pub fn db(&self) -> &Db {
        &self.0.db
    }
    pub fn world(&self) -> &World {
        &self.0.world
    }
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    pub fn texts(&self) -> &Texts {
        &self.0.texts
    }
    pub fn templates(&self) -> &Templates {
        &self.0.templates
    }
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }
    pub fn routes(&self) -> &[RouteInfo] {
        &self.0.routes
    }
    pub fn samples(&self) -> &[Sampled] {
        &self.0.samples
    }
    /// What was answered since the start, by route.
    pub fn metered(&self) -> Vec<Metered> {
        self.0.meters.read()
    }
    pub(crate) fn nav(&self) -> &[Nav] {
        &self.0.nav
    }
    /// Tiles of the account overview, in order.
    pub fn overview(&self) -> &[(u16, Right, Overview)] {
        &self.0.overview
    }
    /// Tabs of the customer file, in order.
    pub fn file_tabs(&self) -> &[(u16, Right, &'static str, FileTab)] {
        &self.0.file_tabs
    }
    /// Parts of the desk's start page, in order.
    pub fn today(&self) -> &[(u16, Right, Today)] {
        &self.0.today
    }
    /// Groups of the desk's search.
    pub fn search(&self) -> &[(&'static str, Right, Search)] {
        &self.0.search
    }
    /// Where the search box in the portal's head leads.
    pub fn finder(&self) -> Option<Finder> {
        self.0.finder
    }
    /// A typed thing given at start.
    pub fn state<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.0
            .state
            .iter()
            .find_map(|thing| thing.clone().downcast::<T>().ok())
    }
    /// Draws a template with a sample, as a page for this person or as a mail. For tests.
    ///
    /// # Errors
    /// What strict drawing finds.
    pub fn draw_sample(
        &self,
        locale: Locale,
        who: Who,
        template: &str,
        sample: minijinja::Value,
    ) -> std::result::Result<String, minijinja::Error> {
        let mut cx = nobody(
            self,
            &Arc::new(Info::unsent("")),
            &Arc::new(AtomicBool::new(false)),
            &self.0.db,
        );
        cx.ctx.locale = locale;
        cx.who = who;
        let frame = minijinja::Value::from(minijinja::value::Serde(crate::frame::Frame::of(&cx)));
        let provider =
            minijinja::Value::from(minijinja::value::Serde(self.0.settings.provider_view()));
        let mail = template.contains("/mail/");
        let context = if mail {
            minijinja::context! { lang => locale.as_str(), provider, subject => "", ..sample }
        } else {
            minijinja::context! { frame, ..sample }
        };
        self.0.templates.render(locale, template, context)
    }

    /// The customers a user belongs to, by id and name, the one used last first.
    pub async fn customers_of(
        &self,
        tx: &mut db::Tx,
        user: kernel::UserId,
    ) -> db::Result<Vec<(kernel::CustomerId, String)>> {
        self.0.gate.customers(tx, user).await
    }

    pub(crate) async fn stands(
        &self,
        tx: &mut db::Tx,
        session: kernel::Uuid,
        desk: bool,
    ) -> db::Result<bool> {
        self.0.gate.stands(tx, session, desk).await
    }

    pub fn wake(&self) {
        (self.0.wake)();
    }
    pub(crate) fn locale_of(&self, info: &Info, chosen: Option<Locale>) -> Locale {
        // the switch in the header counts at once, also against the setting in the profile
        info.cookie(cookies::language_name(self))
            .and_then(Locale::parse)
            .or(chosen)
            .or_else(|| accepted(&info.accept_language))
            .unwrap_or(self.0.settings.language)
    }
}

/// The first of our languages in `Accept-Language`; weights are taken as written in order.
fn accepted(header: &str) -> Option<Locale> {
    header
        .split(',')
        .find_map(|part| Locale::parse(part.trim().get(..2)?))
}

type Entries = Vec<(Method, Access, &'static str, Boxed, Uploads)>;

async fn entry(
    app: App,
    entries: Arc<Entries>,
    parameter: Option<String>,
    request: Request<Body>,
) -> Response {
    let wanted = match *request.method() {
        HttpMethod::GET | HttpMethod::HEAD => Some(Method::Get),
        HttpMethod::POST => Some(Method::Post),
        _ => None,
    };
    let found = entries.iter().find(|(method, ..)| Some(*method) == wanted);
    let upload = found.and_then(|(.., upload)| *upload);
    let (access, pattern, handler) = match found {
        Some((_, access, pattern, handler, _)) => (*access, *pattern, Some(handler.clone())),
        None => {
            let access = entries
                .first()
                .map_or(Access::Open, |(_, access, ..)| *access);
            (
                if access.is_desk() {
                    Access::DeskOpen
                } else {
                    Access::Open
                },
                "",
                None,
            )
        }
    };
    let head = request.method() == HttpMethod::HEAD;
    let mut response = run(app, access, pattern, handler, parameter, upload, request).await;
    if head {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn lost(app: App, request: Request<Body>) -> Response {
    let desk = request.uri().path().starts_with(DESK.pattern());
    let access = if desk { Access::DeskOpen } else { Access::Open };
    let handler: Boxed = Arc::new(|_| Box::pin(async { Err(Error::NotFound) }));
    let request = request.map(|_| Body::empty());
    run(app, access, "", Some(handler), None, None, request).await
}

/// One request: read, checked, handled, answered.
async fn run(
    app: App,
    access: Access,
    pattern: &'static str,
    handler: Option<Boxed>,
    parameter: Option<String>,
    upload: Uploads,
    request: Request<Body>,
) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let is_post = parts.method == HttpMethod::POST;
    let mut info = info(&app, access, pattern, &parts, is_post);
    let spare_used = Arc::new(AtomicBool::new(false));
    let db = app.0.db.counted();
    let border = upload::border_of(&parts.headers).filter(|_| is_post);
    let (form, early) = if let (Some(border), Some(held)) = (border, upload) {
        let check = |form: RawForm| {
            let mut info = info.clone();
            info.form_key = form_key(&form);
            let blank = nobody(&app, &Arc::new(info), &spare_used, &db);
            let headers = &parts.headers;
            async move {
                let cx = context(blank).await?;
                allowed(&cx, headers, &form)?;
                Ok(cx)
            }
        };
        let limits = upload::Limits {
            fields: FIELDS,
            held,
        };
        match upload::read(&app, &parts.headers, body, &border, limits, check).await {
            Ok(form) => (form, None),
            Err(error) => (RawForm::default(), Some(error)),
        }
    } else {
        let body = if is_post {
            read_body(&app, &parts.headers, body).await
        } else {
            Ok(Bytes::new())
        };
        match body {
            Ok(bytes) => {
                info.body_hash = Sha256::digest(&bytes).into();
                (RawForm::parse(&bytes), None)
            }
            Err(error) => (RawForm::default(), Some(error)),
        }
    };
    info.form_key = form_key(&form);
    // the key and the token change from form to form; what was said does not
    info.body_hash = content_hash(&form, info.body_hash);
    // what was said may be a password or a code: whoever gets hold of the table is not to try them out
    if let Ok(signed) = app.0.world.sign("form_keys/body", &info.body_hash) {
        info.body_hash = signed;
    }
    let info = Arc::new(info);
    let early = early.or_else(|| handler.is_none().then_some(Error::Method));
    let headers = parts.headers;
    let work = {
        let blank = nobody(&app, &info, &spare_used, &db);
        async move { attempts(blank, &headers, handler, parameter, form, early).await }
    };
    // a task of its own: a client who hangs up does not cut the work between commit and answer, and a
    // panic ends one request only
    let mut response = match tokio::spawn(work).await {
        Ok(response) => response,
        Err(panic) => {
            tracing::error!(request = info.id, %panic, "handler panicked");
            plain(StatusCode::INTERNAL_SERVER_ERROR, &info.id)
        }
    };
    finish(&app, &info, &spare_used, &mut response);
    note(&app, &info, &db, response.status(), started);
    response
}

fn form_key(form: &RawForm) -> Option<String> {
    form.get("key")
        // ours are letters and digits; others name no form
        .filter(|k| (1..=64).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic()))
        .map(str::to_owned)
}

fn content_hash(form: &RawForm, whole: [u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut any = false;
    for (name, value) in form.pairs() {
        if name != "csrf" && name != "key" {
            any = true;
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value);
        }
    }
    for (name, content) in form.seen_files() {
        any = true;
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update(content);
    }
    if any {
        hash.finalize().into()
    } else {
        whole_or_empty(form, whole)
    }
}

fn whole_or_empty(form: &RawForm, whole: [u8; 32]) -> [u8; 32] {
    if form.pairs().next().is_some() {
        Sha256::digest(b"").into()
    } else {
        whole
    }
}

fn info(
    app: &App,
    access: Access,
    route: &'static str,
    parts: &axum::http::request::Parts,
    is_post: bool,
) -> Info {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| info.0.ip());
    let ip = client::address(peer, &parts.headers, &app.0.settings.trusted_proxies);
    let text = |name: HeaderName, max: usize| -> String {
        parts
            .headers
            .get(name)
            .and_then(|v| v.to_str().ok())
            .map(|v| v.chars().take(max).collect())
            .unwrap_or_default()
    };
    let world = &app.0.world;
    Info {
        id: kernel::hex(&world.bytes::<8>()),
        path: parts.uri.path().to_owned(),
        query: RawForm::parse(parts.uri.query().unwrap_or_default().as_bytes()).readable(),
        query_string: parts.uri.query().unwrap_or_default().to_owned(),
        route,
        access,
        ip,
        network: client::network(ip),
        user_agent: text(header::USER_AGENT, 300),
        accept_language: text(header::ACCEPT_LANGUAGE, 200),
        gzip: text(header::ACCEPT_ENCODING, 200).contains("gzip"),
        cookies: cookies::read(&parts.headers),
        spare: world.token(),
        form_key: None,
        body_hash: [0; 32],
        is_post,
        is_look: parts.method == HttpMethod::GET && !parts.headers.contains_key("sec-purpose"),
    }
}

async fn read_body(app: &App, headers: &HeaderMap, body: Body) -> Result<Bytes> {
    let max = app.0.settings.max_body;
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > max as u64) {
        return Err(Error::TooLarge);
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Error::Unsupported);
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") && length != Some(0) {
        return Err(Error::Unsupported);
    }
    let read = tokio::time::timeout(BODY_TIME, Limited::new(body, max).collect()).await;
    match read {
        Err(_) => Err(Error::Bad("the body did not arrive in time")),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => {
            Err(Error::TooLarge)
        }
        Ok(Err(_)) => Err(Error::Bad("the body was cut")),
        Ok(Ok(body)) => {
            let body = body.to_bytes();
            if body.iter().filter(|b| **b == b'&').count() >= FIELDS {
                return Err(Error::Bad("too many fields"));
            }
            Ok(body)
        }
    }
}

async fn attempts(
    blank: Cx,
    headers: &HeaderMap,
    handler: Option<Boxed>,
    parameter: Option<String>,
    form: RawForm,
    early: Option<Error>,
) -> Response {
    let mut early = early;
    let (app, info) = (blank.app.clone(), blank.info.clone());
    for run in 0..RUNS {
        let cx = match context(blank.again()).await {
            Ok(cx) => cx,
            Err(Error::Retry) if run + 1 < RUNS => {
                pause(&app, run).await;
                continue;
            }
            Err(error) => {
                let error = if matches!(error, Error::Retry) {
                    Error::Busy
                } else {
                    error
                };
                return answer_error(&blank, error);
            }
        };
        // who asks is kept for the error page: the handler takes the context with it
        let face = cx.face();
        if let Some(error) = early.take() {
            return answer_error(&face, error);
        }
        if let Err(error) = allowed(&cx, headers, &form) {
            return answer_error(&face, error);
        }
        let Some(handler) = &handler else {
            return answer_error(&face, Error::Method);
        };
        let input = Input {
            cx: Some(cx),
            parameter: parameter.clone(),
            form: form.clone(),
        };
        match handler(input).await {
            Ok(response) => {
                touch(&app, &face);
                return response;
            }
            Err(Error::Retry | Error::Conflict(_)) if run + 1 < RUNS => pause(&app, run).await,
            Err(Error::Retry) => return answer_error(&face, Error::Busy),
            Err(Error::Conflict(error)) => return answer_error(&face, Error::internal(error)),
            Err(error) => return answer_error(&face, error),
        }
    }
    plain(StatusCode::SERVICE_UNAVAILABLE, &info.id)
}

/// Doubling, and different for each request so that those who collided do not meet again.
async fn pause(app: &App, run: usize) {
    let [spread] = app.0.world.bytes::<1>();
    let longest = 16_u64 << run.min(4);
    let millis = longest / 2 + longest * u64::from(spread) / 256;
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// The context before anybody was looked up; `db` counts the request's statements.
fn nobody(app: &App, info: &Arc<Info>, spare_used: &Arc<AtomicBool>, db: &Db) -> Cx {
    let locale = app.locale_of(info, None);
    Cx {
        app: app.clone(),
        ctx: Ctx::new(&app.0.world, Actor::Guest, locale),
        info: info.clone(),
        who: Who::Nobody,
        tx: Mutex::new(None),
        db: db.clone(),
        counts: Vec::new(),
        spare_used: spare_used.clone(),
    }
}

impl Cx {
    /// The same request from its start, at this moment.
    fn again(&self) -> Cx {
        nobody(&self.app, &self.info, &self.spare_used, &self.db)
    }

    fn face(&self) -> Cx {
        Cx {
            app: self.app.clone(),
            ctx: self.ctx.clone(),
            info: self.info.clone(),
            who: self.who.clone(),
            tx: Mutex::new(None),
            db: self.db.clone(),
            counts: self.counts.clone(),
            spare_used: self.spare_used.clone(),
        }
    }
}

/// Looks up who asks, in the snapshot the page goes on to use.
async fn context(mut cx: Cx) -> Result<Cx> {
    let (app, info) = (cx.app.clone(), cx.info.clone());
    let desk = info.access.is_desk();
    if !desk
        && let Some(token) = info.cookie(cookies::view_name(&app))
        && !token.is_empty()
    {
        return viewed(cx, cookies::hash(token)).await;
    }
    let Some(token) = info.cookie(cookies::session_name(&app, desk)) else {
        return Ok(cx);
    };
    let token = cookies::hash(token);
    let mut tx = cx.db.read().await?;
    let now = cx.ctx.now;
    if desk {
        if let Some(session) = app.0.gate.staff(&mut tx, token, now).await? {
            cx.ctx.actor = Actor::Staff(session.staff);
            cx.ctx.locale = app.locale_of(&info, session.locale);
            cx.who = Who::Staff(Box::new(session));
        }
    } else if let Some(session) = app.0.gate.member(&mut tx, token, now).await? {
        // what everybody may see is shown as to everybody while something else comes first
        if session.only.is_some() && info.access == Access::Open {
            return Ok(cx);
        }
        cx.ctx.actor = Actor::User(session.user);
        cx.ctx.locale = app.locale_of(&info, session.locale);
        cx.who = Who::Member(Box::new(session));
    }
    if !info.is_post {
        cx.counts = counts(&cx, &mut tx).await?;
        cx.tx = Mutex::new(Some(tx));
    }
    Ok(cx)
}

/// As staff who look with a customer's eyes. When that is over, it is said before anything else is shown: whoever has an
/// account of their own in this browser must not take it for the customer's.
async fn viewed(mut cx: Cx, token: [u8; 32]) -> Result<Cx> {
    let (app, info) = (cx.app.clone(), cx.info.clone());
    let desk = info.cookie(cookies::session_name(&app, true));
    let desk = cookies::hash(desk.ok_or(Error::ViewOver)?);
    let mut tx = cx.db.read().await?;
    let found = app.0.gate.view(&mut tx, token, desk, cx.ctx.now).await?;
    let session = found.ok_or(Error::ViewOver)?;
    let viewer = session.viewer.as_ref().ok_or(Error::ViewOver)?;
    cx.ctx.actor = Actor::Staff(viewer.staff);
    cx.ctx.locale = app.locale_of(&info, session.locale);
    // the one it is for has not seen the page
    cx.info = Arc::new(Info {
        is_look: false,
        ..Info::clone(&info)
    });
    cx.who = Who::Member(Box::new(session));
    if !info.is_post {
        cx.counts = counts(&cx, &mut tx).await?;
        cx.tx = Mutex::new(Some(tx));
    }
    Ok(cx)
}

async fn counts(cx: &Cx, tx: &mut db::Tx) -> Result<Vec<(&'static str, i64)>> {
    let mut counts: Vec<(&'static str, i64)> = Vec::new();
    for (name, right, counting) in &cx.app.0.counters {
        // another one's query has counted it already
        if counts.iter().any(|(known, _)| known == name) {
            continue;
        }
        let place = cx
            .app
            .0
            .nav
            .iter()
            .find(|nav| nav.counter == Some(name))
            .map(|nav| nav.place);
        let here = matches!(
            (&cx.who, place),
            (Who::Staff(_), Some(Place::Desk))
                | (Who::Member(_), Some(Place::Main | Place::Account(_)))
        );
        if here && right.is_none_or(|right| cx.may(right)) {
            match counting {
                Counting::Alone(counter) => counts.push((*name, counter(cx, tx).await?)),
                Counting::Together(counters) => counts.extend(counters(cx, tx).await?),
            }
        }
    }
    Ok(counts)
}

/// The route's access, then the form's origin and token.
fn allowed(cx: &Cx, headers: &HeaderMap, form: &RawForm) -> Result<()> {
    if cx.info.is_post {
        same_origin(cx, headers)?;
    }
    only_looks(cx)?;
    comes_first(cx)?;
    match (cx.info.access.stale(), &cx.who) {
        (Access::Open | Access::DeskOpen, _) => {}
        (Access::User, Who::Member(_)) => {}
        (Access::Member(right), Who::Member(_)) if cx.may(right) => {}
        (Access::Staff(right), Who::Staff(_)) if right.is_none_or(|r| cx.may(r)) => {}
        (Access::Member(_), Who::Member(_)) | (Access::Staff(_), Who::Staff(_)) => {
            tracing::info!(request = cx.info.id, path = cx.info.route, actor = ?cx.ctx.actor, "refused");
            return Err(Error::Forbidden);
        }
        _ => return Err(Error::SignIn),
    }
    if cx.info.is_post {
        cx.check_csrf(form.get("csrf").unwrap_or_default())
            .inspect_err(|_| {
                tracing::warn!(
                    request = cx.info.id,
                    path = cx.info.route,
                    "form token refused"
                );
            })?;
    }
    match cx.user() {
        Some(session) if cx.info.access.is_fresh() && !session.is_fresh(cx.ctx.now) => {
            Err(Error::Stale)
        }
        _ => Ok(()),
    }
}

/// Whoever looks with a customer's eyes sends nothing but the end of it, and does not come to what is the user's own
/// (sign-in data, devices) nor to what asks for a fresh sign-in.
fn only_looks(cx: &Cx) -> Result<()> {
    if cx.viewer().is_none() || cx.info.route == VIEW_END.pattern() {
        return Ok(());
    }
    let own = matches!(
        cx.info.access,
        Access::User | Access::FreshUser | Access::FreshMember(_)
    );
    if cx.info.is_post || own {
        return Err(Error::Viewing);
    }
    Ok(())
}

/// Somebody who must first do something is led there from everywhere else.
fn comes_first(cx: &Cx) -> Result<()> {
    let Some(paths) = cx.user().and_then(|session| session.only) else {
        return Ok(());
    };
    let open = paths.iter().any(|path| cx.info.route.starts_with(path));
    match paths.first() {
        Some(first) if !open => Err(Error::First(first)),
        _ => Ok(()),
    }
}

fn same_origin(cx: &Cx, headers: &HeaderMap) -> Result<()> {
    let text = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site");
    let foreign_site = site.is_some_and(|site| site != "same-origin");
    let own = cx.app.0.settings.public_url.as_str();
    // a page that tells no referrer (see `finish`) hides its origin, too, even from us; then the other header says it
    let hidden = |origin| origin == "null" && site == Some("same-origin");
    let foreign_origin = text("origin").is_some_and(|origin| origin != own && !hidden(origin));
    if foreign_site || foreign_origin {
        tracing::warn!(
            request = cx.info.id,
            path = cx.info.route,
            "post from another origin refused"
        );
        return Err(Error::Token);
    }
    Ok(())
}

fn touch(app: &App, cx: &Cx) {
    let (session, seen, desk) = match &cx.who {
        Who::Nobody => return,
        // the user was not here
        Who::Member(s) if s.viewer.is_some() => return,
        Who::Member(s) => (s.session, s.seen, false),
        Who::Staff(s) => (s.session, s.seen, true),
    };
    if cx.ctx.now.since(seen) < TOUCH {
        return;
    }
    let (app, ctx) = (app.clone(), cx.ctx.clone());
    tokio::spawn(async move {
        let done = async {
            let mut tx = app.0.db.aside().begin().await?;
            app.0.gate.touch(&mut tx, &ctx, session, desk).await?;
            tx.commit().await
        };
        // a lost note of use is made again by the next page
        if let Err(error) = done.await {
            tracing::debug!(%error, "session use not noted");
        }
    });
}

/// An error page.
#[derive(Debug, Serialize)]
pub struct ErrorPage {
    pub status: u16,
    pub heading: String,
    pub text: String,
    pub actions: Vec<crate::form::Link>,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "web/error.html";
    fn samples() -> Vec<Self> {
        let action = crate::form::Link {
            href: "/".into(),
            label: "Zur Startseite".into(),
        };
        let page = |status, actions| ErrorPage {
            status,
            heading: "Diese Seite gibt es nicht".into(),
            text: "Vielleicht ist die Adresse vertippt.".into(),
            actions,
        };
        vec![page(404, vec![action]), page(500, Vec::new())]
    }
}

fn answer_error(cx: &Cx, error: Error) -> Response {
    let desk = cx.info.access.is_desk();
    let (status, name, extra) = match &error {
        Error::NotFound => (StatusCode::NOT_FOUND, "not-found", None),
        Error::Forbidden => (StatusCode::FORBIDDEN, "forbidden", None),
        // the second click on the button that ended it
        Error::ViewOver if cx.info.route == VIEW_END.pattern() => {
            let mut response = redirect(DESK.pattern());
            cx.set_view(&mut response, None);
            return response;
        }
        Error::Viewing => (StatusCode::FORBIDDEN, "viewing", None),
        Error::ViewOver => (StatusCode::FORBIDDEN, "view-over", None),
        Error::Token => (StatusCode::FORBIDDEN, "token", None),
        Error::OtherCustomer => (StatusCode::CONFLICT, "other-customer", None),
        Error::AlreadySent => (StatusCode::CONFLICT, "already-sent", None),
        Error::TooMany(wait) => (
            StatusCode::TOO_MANY_REQUESTS,
            "too-many",
            Some(wait.as_secs().max(1)),
        ),
        Error::Bad(_) => (StatusCode::BAD_REQUEST, "bad", None),
        Error::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", None),
        Error::Unsupported => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad", None),
        Error::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", None),
        Error::Withheld(name) => (StatusCode::CONFLICT, *name, None),
        Error::Away(_) => (StatusCode::SERVICE_UNAVAILABLE, "files-away", Some(30)),
        Error::Busy | Error::Retry => (StatusCode::SERVICE_UNAVAILABLE, "busy", Some(5)),
        Error::Internal(_) | Error::Conflict(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "internal", None)
        }
        Error::Replay(location) => return redirect(location),
        Error::SignIn => return to_sign_in(cx, desk),
        Error::Stale => return to_confirm(cx),
        Error::First(place) => return redirect(place),
    };
    if let Error::Internal(why) | Error::Away(why) = &error {
        tracing::error!(
            request = cx.info.id,
            path = cx.info.route,
            why,
            "request failed"
        );
    }
    let (home, label) = match error {
        Error::ViewOver => (DESK.url(), "error-desk"),
        _ if desk => (DESK.url(), "error-home"),
        _ => (START.url(), "error-home"),
    };
    let action = crate::form::Link {
        href: home,
        label: cx.text(label),
    };
    let page = ErrorPage {
        status: status.as_u16(),
        heading: cx.text(&format!("error-{name}")),
        text: cx.text(&format!("error-{name}.text")),
        actions: vec![action],
    };
    let template = if desk && matches!(cx.who, Who::Staff(_)) {
        "web/desk_error.html"
    } else {
        ErrorPage::TEMPLATE
    };
    let mut response = match cx.render(
        template,
        minijinja::Value::from(minijinja::value::Serde(page)),
    ) {
        Ok(html) => cx.html(status, html),
        Err(error) => {
            tracing::error!(request = cx.info.id, %error, "error page failed");
            plain(status, &cx.info.id)
        }
    };
    if matches!(error, Error::ViewOver) {
        cx.set_view(&mut response, None);
    }
    if let Some(seconds) = extra {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn to_sign_in(cx: &Cx, desk: bool) -> Response {
    let page = if desk { DESK_SIGN_IN } else { SIGN_IN };
    if cx.info.is_post {
        return redirect(page.pattern());
    }
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("weiter", &cx.link_with("", None))
        .finish();
    redirect(&format!("{}?{query}", page.pattern()))
}

/// To the password, and then back to the page; of what was posted, to the page its form stood on.
fn to_confirm(cx: &Cx) -> Response {
    let back = if cx.info.is_post {
        page_of(cx)
    } else {
        cx.link_with("", None)
    };
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("weiter", &back)
        .finish();
    redirect(&format!("{}?{query}", CONFIRM.pattern()))
}

/// A form posts to its own page, or to a path below it.
fn page_of(cx: &Cx) -> String {
    let is_page = |pattern: &str| {
        let mut routes = cx.app.routes().iter();
        routes.any(|route| route.method == Method::Get && route.pattern == pattern)
    };
    if is_page(cx.info.route) {
        return cx.link_with("", None);
    }
    let mut path = cx.info.path.as_str();
    while let Some((above, _)) = path.rsplit_once('/') {
        if is_page(above) {
            return above.to_owned();
        }
        path = above;
    }
    START.url()
}

fn plain(status: StatusCode, request: &str) -> Response {
    let mut response = Response::new(Body::from(format!("{status} ({request})\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

fn file(app: &App, asset: &Asset, headers: &HeaderMap) -> Response {
    let gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains("gzip"));
    let mut response = Response::new(Body::from(if gzip {
        asset.gzip.clone()
    } else {
        asset.plain.clone()
    }));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
    out.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if gzip {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    safety(app, out);
    response
}

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn safety(app: &App, headers: &mut HeaderMap) {
    let fixed = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        // the origin must be told to our own forms; nothing leaves the site
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    if app.0.settings.secure() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
}

/// Headers every answer carries, and the cookies that the page called for.
fn finish(app: &App, info: &Info, spare_used: &AtomicBool, response: &mut Response) {
    safety(app, response.headers_mut());
    if response.extensions().get::<download::Sandboxed>().is_some() {
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(download::SANDBOX),
        );
    }
    if let Some(download::Policy(policy)) = response.extensions().get().copied() {
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        );
    }
    // whoever knows a mailed link is let in by it: its page tells it to nobody, not even to ourselves
    if info.route.contains("{token}") && app.0.settings.trustworthy() {
        response.headers_mut().insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
    }
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if spare_used.load(Ordering::Relaxed) {
        cookies::set(
            app,
            response,
            cookies::guest_name(app),
            &info.spare,
            Some(4 * 3600),
        );
    }
    let shown = response.status().is_success() && !info.is_post;
    if shown
        && info
            .cookie(cookies::notice_name(app))
            .is_some_and(|n| !n.is_empty())
    {
        cookies::set(app, response, cookies::notice_name(app), "", Some(0));
    }
}

/// Counts the answer and writes the one line that every request gets: the pattern, never the path, which may hold a
/// token.
fn note(app: &App, info: &Info, db: &Db, status: StatusCode, started: Instant) {
    let took = started.elapsed();
    app.0.meters.count(info.route, info.is_post, status, took);
    tracing::info!(
        target: "tresen::request",
        request = info.id,
        method = if info.is_post { "POST" } else { "GET" },
        route = info.route,
        status = status.as_u16(),
        ms = took.as_micros() as f64 / 1e3,
        statements = db.count(),
        "answered"
    );
}
