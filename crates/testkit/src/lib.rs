//! The test kit: an application on its own database, a cast, a browser without a screen.
//!
//! `TestApp::new(modules)` runs on SQLite; with `TRESEN_TEST_DATABASE` on PostgreSQL. The clock stands still until it is
//! moved, randomness is seeded, mails are caught, events come twice. Dropping the application fails when due jobs are
//! left. A page that runs more than eight statements fails.

mod cast;
mod client;
pub mod corpus;
mod far;
pub mod html;

pub use cast::Cast;
pub use client::{Answer, Client};
pub use html::PageForm;
/// For the tests of crates below it that reach the browser.
pub use web;

use db::testing::TestDb;
use kernel::{Actor, Ctx, Email, Locale, Moment, World};
use mail::{Catcher, Letter, Post, Sender};
use std::any::Any;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use web::{App, Module, Parts, Settings};

/// A counterpart is missing: a fault where everything has been installed, a word to the reader elsewhere.
///
/// # Panics
/// When the variable `CI` is `true`.
#[track_caller]
pub fn not_run(what: &str) {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "not run: {what}");
    eprintln!("NOT RUN: {what}");
}

/// Where nobody listens, for a server that is told its address: below the ports that the system gives to connections
/// going out, one of which could take it before the server does, or while it is started again.
///
/// # Panics
/// When a thousand ports are taken.
pub fn free_address() -> SocketAddr {
    (0..1_000)
        .map(|_| 20_000 + u16::from_be_bytes(World::system().bytes()) % 12_000)
        .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .find(|address| TcpListener::bind(address).is_ok())
        .expect("a free port")
}

/// Monday, 2 November 2026, 10:00 in Berlin.
pub const START: Moment = Moment::from_micros(1_793_610_000_000_000);

/// The password of everybody in the cast.
pub const PASSWORD: &str = "Vier-Pferde-trinken-Tee";

/// An application for one test.
pub struct TestApp {
    pub app: App,
    pub world: World,
    pub mails: Catcher,
    /// In memory, without a scanner.
    pub files: files::Store,
    pub worker: jobs::Worker,
    pub cast: Cast,
    router: axum::Router,
    db: TestDb,
    typed: client::Typed,
    may_leave_jobs: bool,
}

impl TestApp {
    /// The cast and these contexts; `identity` and `customers` are always there.
    pub async fn new(modules: Vec<Module>) -> Self {
        TestApp::with(modules, Vec::new()).await
    }

    /// With typed things that the contexts ask for.
    pub async fn with(modules: Vec<Module>, state: Vec<Arc<dyn Any + Send + Sync>>) -> Self {
        // a test may bring a world, a way out for mails and a store of its own
        let world = brought::<World>(&state).unwrap_or_else(|| World::test(START, 42));
        let db = db::testing::fresh(&world).await;
        let (all, registry) = joined(modules);
        let mails = Catcher::new();
        let from: Sender = "Nordlicht Hosting <portal@nordlicht.example>"
            .parse()
            .expect("a sender");
        let post =
            brought::<Post>(&state).unwrap_or_else(|| Post::new(mails.clone(), from, "localhost"));
        let late = web::LateApp::default();
        let store = brought(&state).unwrap_or_else(files::Store::memory);
        let states = jobs::States::new()
            .with(post)
            .with(late.clone())
            .with(store.clone());
        let worker = jobs::Worker::new(
            (*db).clone(),
            world.clone(),
            registry.deliver_twice(true),
            states,
        );
        let hasher = identity::Hasher::for_tests();
        let cast = Cast::settle(&db, &world, &hasher).await;
        let mut things: Vec<Arc<dyn Any + Send + Sync>> = vec![
            Arc::new(hasher),
            Arc::new(mails.clone()),
            Arc::new(store.clone()),
        ];
        things.extend(state);
        let (app, router) = built(Settings::example(), (*db).clone(), &world, all, things);
        late.fill(&app);
        TestApp {
            app,
            world,
            mails,
            files: store,
            worker,
            cast,
            router,
            db,
            typed: client::Typed::default(),
            may_leave_jobs: false,
        }
    }

    /// Another node on the same database: its own connections, gate and hasher; the clock is shared. SQLite has one
    /// process, so there the connections are shared, too. Jobs stay with the first node.
    pub async fn second_node(
        &self,
        modules: Vec<Module>,
        state: Vec<Arc<dyn Any + Send + Sync>>,
    ) -> Node {
        self.node_with(Settings::example(), modules, state).await
    }

    /// As [`TestApp::second_node`], set otherwise.
    pub async fn node_with(
        &self,
        settings: Settings,
        modules: Vec<Module>,
        state: Vec<Arc<dyn Any + Send + Sync>>,
    ) -> Node {
        let db = match self.db.engine() {
            db::Engine::Sqlite => (*self.db).clone(),
            db::Engine::Postgres => db::Db::open(self.db.url(), &self.world)
                .await
                .expect("the database opens once more"),
        };
        let mut things: Vec<Arc<dyn Any + Send + Sync>> = vec![
            Arc::new(identity::Hasher::for_tests()),
            Arc::new(self.mails.clone()),
            Arc::new(self.files.clone()),
        ];
        things.extend(state);
        let (all, _) = joined(modules);
        let (app, router) = built(settings, db.clone(), &self.world, all, things);
        let typed = self.typed.clone();
        Node {
            app,
            router,
            db,
            typed,
        }
    }

    pub fn db(&self) -> &db::Db {
        &self.db
    }

    /// Where a second node can open the same database.
    pub fn database_url(&self) -> &str {
        self.db.url()
    }

    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// A visitor.
    pub fn guest(&self) -> Client {
        Client::new(self.router.clone(), (*self.db).clone(), self.typed.clone())
    }

    /// Everything that was filled into forms so far.
    pub fn typed(&self) -> Vec<String> {
        self.typed.all()
    }

    /// Anna, who owns a customer.
    pub async fn anna(&self) -> Client {
        self.signed_in(self.cast.anna, self.cast.annas).await
    }
    /// Bernd, who may do little for Anna's customer: `account.view` and `addresses`.
    pub async fn bernd(&self) -> Client {
        self.signed_in(self.cast.bernd, self.cast.annas).await
    }
    /// Clara, who owns two customers; she acts for the first.
    pub async fn clara(&self) -> Client {
        self.signed_in(self.cast.clara, self.cast.claras.0).await
    }
    /// Fremd, who has nothing to do with the others.
    pub async fn fremd(&self) -> Client {
        self.signed_in(self.cast.fremd, self.cast.fremds).await
    }
    /// Sven of the support.
    pub async fn sven(&self) -> Client {
        self.at_desk(self.cast.sven).await
    }
    /// Berta of the accounts.
    pub async fn berta(&self) -> Client {
        self.at_desk(self.cast.berta).await
    }
    /// Ada of the administration, who may do everything.
    pub async fn ada(&self) -> Client {
        self.at_desk(self.cast.ada).await
    }

    async fn signed_in(&self, user: kernel::UserId, customer: kernel::CustomerId) -> Client {
        let ctx = self.ctx(Actor::User(user));
        let mut tx = self.db.begin().await.expect("a transaction");
        let token = identity::sessions::open(
            &mut tx,
            &ctx,
            user,
            Some(customer),
            &web::Info::unsent("Test"),
        )
        .await
        .expect("a session");
        tx.commit().await.expect("a commit");
        let mut client = self.guest();
        client
            .cookies
            .insert("tresen".into(), token.expose().into());
        client
    }

    async fn at_desk(&self, staff: kernel::StaffId) -> Client {
        let ctx = self.ctx(Actor::Staff(staff));
        let mut tx = self.db.begin().await.expect("a transaction");
        let token =
            identity::staff::open_session(&mut tx, &ctx, staff, &web::Info::unsent("Test"), true)
                .await
                .expect("a session");
        tx.commit().await.expect("a commit");
        let mut client = self.guest();
        client
            .cookies
            .insert("tresen-desk".into(), token.expose().into());
        client
    }

    pub fn ctx(&self, actor: Actor) -> Ctx {
        Ctx::new(&self.world, actor, Locale::De)
    }

    /// Moves the clock.
    pub fn wait(&self, by: Duration) {
        self.world.advance(by);
    }

    /// Runs all jobs that are due.
    pub async fn run_jobs(&self) {
        self.worker.drain().await.expect("the jobs end");
    }

    /// Runs the jobs, and gives the last mail to this address.
    pub async fn mail_to(&self, email: &str) -> Letter {
        self.run_jobs().await;
        self.mails
            .last_to(email)
            .unwrap_or_else(|| panic!("no mail to {email}"))
    }

    /// The path of the first link in a mail of ours.
    pub fn link_in(letter: &Letter) -> String {
        let start = Settings::example().public_url;
        letter
            .text
            .split_whitespace()
            .find_map(|word| word.strip_prefix(&start))
            .unwrap_or_else(|| panic!("no link in: {}", letter.text))
            .to_owned()
    }

    /// The acts in a customer's log, the newest first.
    pub async fn acts(&self, customer: Option<kernel::CustomerId>) -> Vec<String> {
        let mut tx = self.db.read().await.expect("a transaction");
        let filter = db::audit::Filter {
            customer,
            ..db::audit::Filter::default()
        };
        let lines = db::audit::list(&mut tx, &filter, db::audit::Page::Newest, 1000)
            .await
            .expect("the log");
        lines.into_iter().map(|line| line.act).collect()
    }

    /// For tests that end with jobs waiting.
    pub fn leave_jobs(&mut self) {
        self.may_leave_jobs = true;
    }

    /// An address for tests.
    pub fn email(text: &str) -> Email {
        Email::parse(text).expect("an address")
    }
}

/// What [`TestApp::second_node`] makes.
pub struct Node {
    pub app: App,
    pub(crate) router: axum::Router,
    pub(crate) db: db::Db,
    typed: client::Typed,
}

impl Node {
    /// A visitor of this node.
    pub fn guest(&self) -> Client {
        Client::new(self.router.clone(), self.db.clone(), self.typed.clone())
    }
}

/// The thing of this type among those that a test brings.
fn brought<T: Any + Clone + Send + Sync>(state: &[Arc<dyn Any + Send + Sync>]) -> Option<T> {
    state.iter().find_map(|thing| {
        let thing: &(dyn Any + Send + Sync) = thing.as_ref();
        thing.downcast_ref::<T>().cloned()
    })
}

/// All modules with those that are always there, and their jobs.
fn joined(modules: Vec<Module>) -> (Vec<Module>, jobs::Registry) {
    let mut all = vec![identity::module(), customers::module()];
    all.extend(modules);
    let mut registry = mail::registry()
        .merge(web::registry())
        .merge(files::registry());
    for module in &mut all {
        if let Some(add) = module.jobs.take() {
            registry = add(registry);
        }
    }
    (all, registry)
}

fn built(
    settings: Settings,
    db: db::Db,
    world: &World,
    modules: Vec<Module>,
    state: Vec<Arc<dyn Any + Send + Sync>>,
) -> (App, axum::Router) {
    App::build(Parts {
        db,
        world: world.clone(),
        gate: Box::new(customers::Doors::new(settings.clone())),
        settings,
        modules,
        state,
        wake: Box::new(|| ()),
    })
    .expect("the modules fit together")
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if self.may_leave_jobs || std::thread::panicking() {
            return;
        }
        let due = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(self.worker.drain())
        });
        // the first round always fires what is scheduled; what was enqueued must have been run by the test
        assert!(due.is_ok(), "jobs that do not end");
    }
}
