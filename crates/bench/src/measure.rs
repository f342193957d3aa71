//! The whole run: databases, servers, every page on both of them beside the yardstick, and the table.

use crate::http::{Connection, get};
use crate::inside::{self, Cost, Inside};
use crate::lmtp;
use crate::load::{self, Figures};
use crate::pages::{PAGES, Page};
use crate::place::Place;
use crate::population::Size;
use crate::process::{Process, free_address};
use crate::report;
use crate::visit::{self, Loaded};
use crate::visitors::{self, Visitor};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub const CONNECTIONS: [usize; 2] = [1, 16];
/// What the large database is compared with.
const SMALL: u64 = 1_000;
/// A server that hangs must not hang us.
const SLACK: Duration = Duration::from_secs(30);
/// Where a person comes to us first.
const DOORS: [&str; 2] = ["/", "/anmelden"];

pub struct Options {
    /// The server's program.
    pub tresen: PathBuf,
    /// Where databases are kept.
    pub folder: PathBuf,
    pub size: Size,
    /// For each measurement.
    pub time: Duration,
}

/// One page, at each of [`CONNECTIONS`].
pub struct Row {
    pub page: Page,
    pub cost: Cost,
    pub large: [Figures; 2],
    pub small: [Figures; 2],
    /// The yardstick with as many bytes as the page has, and as many as go over the wire.
    pub bare_plain: [Figures; 2],
    pub bare_wire: [Figures; 2],
}

/// A database with its server and its visitors.
struct Side {
    place: Place,
    visitors: Vec<Visitor>,
    server: Process,
}

impl Side {
    async fn ready(options: &Options, size: Size) -> Result<Self> {
        let place = Place::ready(&options.folder, size).await?;
        let visitors = place.visitors().await?;
        let address = free_address()?;
        let environment = [
            ("TRESEN_HTTP__LISTEN", address.to_string()),
            ("TRESEN_HTTP__PUBLIC_URL", format!("http://{address}")),
        ];
        let config = place.config_file();
        let config = config.to_str().context("the folder's name is text")?;
        let args = ["--config", config, "serve"];
        let server =
            Process::start(&options.tresen, &args, &environment, address, &place.log()).await?;
        let side = Side {
            place,
            visitors,
            server,
        };
        side.warm_up().await?;
        Ok(side)
    }

    /// Every visitor sees every page once: what lies on the disk is read, and first looks at answers are noted.
    async fn warm_up(&self) -> Result<()> {
        let mut connection = Connection::open(self.server.address).await?;
        for page in PAGES {
            for visitor in &self.visitors {
                let request = page.request(self.server.address, visitor);
                let asked = connection.page(&request);
                tokio::time::timeout(SLACK, asked)
                    .await
                    .context("the server hangs")??;
            }
        }
        Ok(())
    }

    async fn run(&self, page: Page, connections: usize, time: Duration) -> Result<Figures> {
        visitors::refresh(&self.place.db).await?;
        let requests = self
            .visitors
            .iter()
            .map(|visitor| page.request(self.server.address, visitor));
        bounded(&self.server, requests.collect(), connections, time).await
    }
}

async fn bounded(
    server: &Process,
    requests: Vec<Vec<u8>>,
    connections: usize,
    time: Duration,
) -> Result<Figures> {
    let requests = Arc::new(requests);
    let run = load::run(server, &requests, connections, time);
    tokio::time::timeout(time + SLACK, run)
        .await
        .context("the server hangs")?
}

/// Measures and prints; fails only when there is nothing to measure.
pub async fn run(options: &Options) -> Result<()> {
    let large = Side::ready(options, options.size).await?;
    let small = Side::ready(options, options.size.with_customers(SMALL)).await?;
    let bare = yardstick(&options.folder).await?;
    let inside = Inside::of(&large.place)?;
    report::head(&large.place, large.visitors.len(), options.time)?;
    let mut rows = Vec::new();
    for page in PAGES {
        let cost = inside.cost(page, &large.visitors).await?;
        let row = row(page, cost, options.time, &large, &small, &bare).await?;
        report::row(&row);
        rows.push(row);
    }
    report::sizes(&rows, small.place.size, large.place.size);
    let visits = visits(&large.server).await?;
    report::visits(&visits);
    let indexing = inside::indexing(&large.place).await?;
    let inbound = lmtp::run(&options.tresen, &options.folder).await?;
    report::others(large.place.size, indexing, inbound);
    report::goals(&rows, &visits);
    report::other_goals(indexing, inbound);
    Ok(())
}

async fn row(
    page: Page,
    cost: Cost,
    time: Duration,
    large: &Side,
    small: &Side,
    bare: &Process,
) -> Result<Row> {
    let none = [Figures::default(); 2];
    let mut row = Row {
        page,
        cost,
        large: none,
        small: none,
        bare_plain: none,
        bare_wire: none,
    };
    // side by side in time, so that a slower minute of the machine touches all of them
    for (at, connections) in CONNECTIONS.into_iter().enumerate() {
        let ours = large.run(page, connections, time).await?;
        let bytes = |count: usize| vec![get(bare.address, &format!("/bytes/{count}"), None)];
        let measured = [
            (&mut row.large, ours),
            (&mut row.small, small.run(page, connections, time).await?),
            (
                &mut row.bare_plain,
                bounded(bare, bytes(cost.plain), connections, time / 2).await?,
            ),
            (
                &mut row.bare_wire,
                bounded(bare, bytes(ours.body as usize), connections, time / 2).await?,
            ),
        ];
        for (list, figures) in measured {
            if let Some(place) = list.get_mut(at) {
                *place = figures;
            }
        }
    }
    Ok(row)
}

async fn yardstick(folder: &Path) -> Result<Process> {
    let address = free_address()?;
    let me = std::env::current_exe()?;
    let args = ["bare", &address.to_string()];
    Process::start(&me, &args, &[], address, &folder.join("bare.log")).await
}

async fn visits(server: &Process) -> Result<Vec<Vec<Loaded>>> {
    let mut visits = Vec::new();
    for door in DOORS {
        visits.push(visit::first(server.address, door).await?);
    }
    Ok(visits)
}
