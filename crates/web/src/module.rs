//! What a context gives to the whole: one value, drawn up in its `lib.rs`.

use crate::access::{Access, Right};
use crate::cx::Cx;
use crate::handler::{Boxed, Handler, boxed};
use crate::mails::MailPage;
use crate::path::{Path, Pattern};
use crate::templates::{Page, Sampled, Source};
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::CustomerId;
use minijinja::value::{Serde, Value};
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::Arc;

/// The method of a route. GET answers HEAD, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// `None`: no files. Else the fields whose file lies in memory alone; those of all others go into the store.
pub type Uploads = Option<&'static [&'static str]>;

/// One route.
pub struct Route {
    pub method: Method,
    pub pattern: String,
    pub access: Access,
    pub handler: Boxed,
    /// Whether files may come with its form, and in which fields they stay in memory.
    pub upload: Uploads,
}

/// Where a navigation entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The portal's main menu, for guests.
    Guests,
    /// At the right of the bar while nobody is signed in.
    Door,
    /// The portal's main menu, signed in.
    Main,
    /// The menu behind the name; entries of one group stand together.
    Account(u8),
    /// The desk's side bar.
    Desk,
    Foot,
}

/// An entry of a menu. It is shown to those who may call it.
#[derive(Debug, Clone)]
pub struct Nav {
    pub place: Place,
    /// Entries of a place stand in this order.
    pub order: u16,
    /// Text key.
    pub label: &'static str,
    pub href: String,
    pub right: Option<Right>,
    pub icon: &'static str,
    /// Name of the counter that stands behind the entry (see [`Module::counter`]).
    pub counter: Option<&'static str>,
    /// While the counter counts, a bar stands over every page of the desk (see [`Module::with_alarm`]).
    pub alarm: Option<Alarm>,
}

/// A bar over every page of the desk.
#[derive(Debug, Clone, Copy)]
pub struct Alarm {
    /// Text key, with `$count`.
    pub text: &'static str,
    /// Gives the bar alone, for the script that keeps it fresh.
    pub fragment: Path,
}

/// Counts something for the menu of whoever asks: one query.
pub type Counter = for<'a> fn(&'a Cx, &'a mut Tx) -> BoxFuture<'a, db::Result<i64>>;

/// Counts for several entries with one query: names of counters with their numbers.
pub type Counters =
    for<'a> fn(&'a Cx, &'a mut Tx) -> BoxFuture<'a, db::Result<Vec<(&'static str, i64)>>>;

/// How a counter gets its number.
#[derive(Clone, Copy)]
pub enum Counting {
    Alone(Counter),
    Together(Counters),
}

/// A tile of the account overview, drawn by its own template.
pub type Overview =
    for<'a> fn(&'a Cx, &'a mut Tx, CustomerId) -> BoxFuture<'a, crate::Result<Option<Tile>>>;

/// A tab or list on the customer file of the desk, drawn by its own template.
pub type FileTab =
    for<'a> fn(&'a Cx, &'a mut Tx, CustomerId) -> BoxFuture<'a, crate::Result<Option<Tile>>>;

/// A part of the desk's start page, drawn by its own template.
pub type Today = for<'a> fn(&'a Cx, &'a mut Tx) -> BoxFuture<'a, crate::Result<Option<Tile>>>;

/// A part of a page that a higher context gives: a template and its context.
#[derive(Debug, Clone, Serialize)]
pub struct Tile {
    pub template: &'static str,
    pub data: serde_json::Value,
}

impl Tile {
    pub fn of<P: Page>(page: &P) -> crate::Result<Self> {
        let data = serde_json::to_value(page).map_err(crate::Error::internal)?;
        Ok(Tile {
            template: P::TEMPLATE,
            data,
        })
    }
}

/// A hit of the desk's search.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    pub href: String,
    pub title: String,
    pub note: String,
}

/// Finds things for the desk's search: what was typed, never blank; at most ten hits.
pub type Search = for<'a> fn(&'a Cx, &'a mut Tx, &'a str) -> BoxFuture<'a, crate::Result<Vec<Hit>>>;

/// Where the search box in the head of the portal's pages leads.
#[derive(Debug, Clone, Copy)]
pub struct Finder {
    pub path: Path,
    /// Text key.
    pub label: &'static str,
}

/// One context's contribution.
pub struct Module {
    pub name: &'static str,
    pub de: Vec<&'static str>,
    pub en: Vec<&'static str>,
    pub templates: Vec<Source>,
    pub routes: Vec<Route>,
    pub nav: Vec<Nav>,
    pub portal_rights: Vec<Right>,
    pub desk_rights: Vec<Right>,
    pub samples: Vec<Sampled>,
    pub counters: Vec<(&'static str, Option<Right>, Counting)>,
    pub overview: Vec<(u16, Right, Overview)>,
    pub file_tabs: Vec<(u16, Right, &'static str, FileTab)>,
    pub today: Vec<(u16, Right, Today)>,
    pub search: Vec<(&'static str, Right, Search)>,
    pub finder: Option<Finder>,
    pub jobs: Option<Box<dyn FnOnce(jobs::Registry) -> jobs::Registry + Send>>,
}

impl Module {
    pub fn new(name: &'static str) -> Self {
        Module {
            name,
            de: Vec::new(),
            en: Vec::new(),
            templates: Vec::new(),
            routes: Vec::new(),
            nav: Vec::new(),
            portal_rights: Vec::new(),
            desk_rights: Vec::new(),
            samples: Vec::new(),
            counters: Vec::new(),
            overview: Vec::new(),
            file_tabs: Vec::new(),
            today: Vec::new(),
            search: Vec::new(),
            finder: None,
            jobs: None,
        }
    }

    /// The Fluent files.
    pub fn texts(mut self, de: &'static str, en: &'static str) -> Self {
        self.de.push(de);
        self.en.push(en);
        self
    }

    /// The embedded folder of templates; their names get the module's name in front.
    pub fn templates<E: RustEmbed>(mut self) -> Self {
        for name in E::iter() {
            if let Some(file) = E::get(&name) {
                let source = String::from_utf8_lossy(&file.data).into_owned();
                self.templates
                    .push((format!("{}/{name}", self.name), source));
            }
        }
        self
    }

    pub fn get<A>(mut self, path: impl Pattern, access: Access, handler: impl Handler<A>) -> Self {
        self.route(Method::Get, path.pattern(), access, boxed(handler));
        self
    }

    pub fn post<A>(mut self, path: impl Pattern, access: Access, handler: impl Handler<A>) -> Self {
        self.route(Method::Post, path.pattern(), access, boxed(handler));
        self
    }

    fn route(&mut self, method: Method, pattern: &str, access: Access, handler: Boxed) {
        self.routes.push(Route {
            method,
            pattern: pattern.to_owned(),
            access,
            handler,
            upload: None,
        });
    }

    /// Files may come with the form of the last route: a field `files: web::Files = files()`. They are streamed into the
    /// store before the handler runs, after origin, token and rights were looked at.
    pub fn upload(self) -> Self {
        self.upload_held(&[])
    }

    /// As [`Module::upload`]; what comes in these fields lies in memory alone (`file: web::Held = held()`) and reaches
    /// no store but the handler's.
    pub fn upload_held(mut self, fields: &'static [&'static str]) -> Self {
        if let Some(route) = self.routes.last_mut() {
            route.upload = Some(fields);
        }
        self
    }

    pub fn nav(
        mut self,
        place: Place,
        order: u16,
        label: &'static str,
        href: impl Into<String>,
    ) -> Self {
        self.nav.push(Nav {
            place,
            order,
            label,
            href: href.into(),
            right: None,
            icon: "list",
            counter: None,
            alarm: None,
        });
        self
    }

    /// The last entry is for holders of this right only.
    pub fn with_right(mut self, right: Right) -> Self {
        if let Some(nav) = self.nav.last_mut() {
            nav.right = Some(right);
        }
        self
    }

    pub fn with_icon(mut self, icon: &'static str) -> Self {
        if let Some(nav) = self.nav.last_mut() {
            nav.icon = icon;
        }
        self
    }

    /// A counter behind the last entry.
    pub fn with_counter(self, name: &'static str, counter: Counter) -> Self {
        self.counted(name, Counting::Alone(counter))
    }

    /// As [`Module::with_counter`], by a query that counts for other entries, too: it runs once.
    pub fn with_counters(self, name: &'static str, counters: Counters) -> Self {
        self.counted(name, Counting::Together(counters))
    }

    fn counted(mut self, name: &'static str, counting: Counting) -> Self {
        if let Some(nav) = self.nav.last_mut() {
            nav.counter = Some(name);
            self.counters.push((name, nav.right, counting));
        }
        self
    }

    /// The last entry's counter is an alarm: `text` is a text key with `$count`, `fragment` gives the bar alone.
    pub fn with_alarm(mut self, text: &'static str, fragment: Path) -> Self {
        if let Some(nav) = self.nav.last_mut() {
            nav.alarm = Some(Alarm { text, fragment });
        }
        self
    }

    pub fn portal_rights(mut self, rights: &[Right]) -> Self {
        self.portal_rights.extend_from_slice(rights);
        self
    }

    pub fn desk_rights(mut self, rights: &[Right]) -> Self {
        self.desk_rights.extend_from_slice(rights);
        self
    }

    /// A page context whose samples a test draws in every language.
    pub fn page<P: Page + 'static>(mut self) -> Self {
        self.samples.push(Sampled::of::<P>());
        self
    }

    /// A mail whose samples a test draws in every language.
    pub fn mail<M: MailPage + 'static>(mut self) -> Self {
        for ending in ["txt", "html"] {
            self.samples.push(Sampled {
                template: format!("{}.{ending}", M::TEMPLATE),
                samples: || {
                    M::samples()
                        .into_iter()
                        .map(|m| Value::from(Serde(m)))
                        .collect()
                },
            });
        }
        self
    }

    /// A tile of the account overview, for holders of the right.
    pub fn overview(mut self, order: u16, right: Right, tile: Overview) -> Self {
        self.overview.push((order, right, tile));
        self
    }

    /// A section of the customer file, for staff with the right; `label` is a text key.
    pub fn file_tab(mut self, order: u16, right: Right, label: &'static str, tab: FileTab) -> Self {
        self.file_tabs.push((order, right, label, tab));
        self
    }

    /// A part of the desk's start page, for staff with the right.
    pub fn today(mut self, order: u16, right: Right, tile: Today) -> Self {
        self.today.push((order, right, tile));
        self
    }

    /// A group of the desk's search; `label` is a text key.
    pub fn search(mut self, label: &'static str, right: Right, search: Search) -> Self {
        self.search.push((label, right, search));
        self
    }

    /// The search box in the head of the portal's pages leads here, the words as `suche`; `label` is a text key.
    pub fn finder(mut self, path: Path, label: &'static str) -> Self {
        self.finder = Some(Finder { path, label });
        self
    }

    /// Jobs, schedules and event handlers; what was added before stays.
    pub fn jobs(
        mut self,
        add: impl FnOnce(jobs::Registry) -> jobs::Registry + Send + 'static,
    ) -> Self {
        let before = self.jobs.take();
        self.jobs = Some(Box::new(move |registry| match before {
            Some(before) => add(before(registry)),
            None => add(registry),
        }));
        self
    }
}

/// What modules share at run time.
pub(crate) type Shared<T> = Arc<Vec<T>>;
