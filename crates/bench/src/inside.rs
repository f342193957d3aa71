//! The same pages drawn within this process: there statements can be counted, and a profiler sees nothing else.

use crate::pages::{PAGES, Page};
use crate::place::Place;
use crate::visitors::Visitor;
use anyhow::{Context, Result, ensure};
use axum::body::Body;
use axum::http::{Request, header};
use db::Db;
use http_body_util::BodyExt;
use kernel::World;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};
use tower::ServiceExt;
use tresen::house::{self, Setup};

/// Visitors whose pages are looked at.
const SOME: usize = 200;

/// What one page costs the database at most, and its mean bytes before compression.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub queries: u64,
    pub plain: usize,
}

pub struct Inside {
    router: axum::Router,
    app: web::App,
    db: Db,
}

impl Inside {
    pub fn of(place: &Place) -> Result<Self> {
        Self::with(place, None)
    }

    fn with(place: &Place, search: Option<&Path>) -> Result<Self> {
        let setup = Setup {
            demo: false,
            post: None,
            modules: house::modules(),
            hasher: identity::Hasher::new(),
            state: Vec::new(),
        };
        let world = World::system().with_key([7; 32]);
        let house = house::build(&place.db, &world, &place.config(search)?, setup)?;
        Ok(Inside {
            router: house.router,
            app: house.app,
            db: place.db.clone(),
        })
    }

    /// Brings the indexes of words up to date; a server would do it while it is measured.
    pub async fn warm(&self) {
        knowledge::warm(self.app.clone()).await;
        support::desk::find::warm(self.app.clone()).await;
    }

    /// Draws a page and tells its bytes.
    pub async fn draw(&self, page: Page, visitor: &Visitor, gzip: bool) -> Result<usize> {
        let mut request = Request::builder().uri(page.path(visitor));
        if let Some(cookie) = page.cookie(visitor) {
            request = request.header(header::COOKIE, cookie);
        }
        if gzip {
            request = request.header(header::ACCEPT_ENCODING, "gzip");
        }
        let request = request.body(Body::empty())?;
        let answer = self.router.clone().oneshot(request).await?;
        let status = answer.status();
        ensure!(status == 200, "{} answers {status}", page.path(visitor));
        Ok(answer.into_body().collect().await?.to_bytes().len())
    }

    pub async fn cost(&self, page: Page, visitors: &[Visitor]) -> Result<Cost> {
        let (mut queries, mut bytes, mut count) = (0, 0, 0);
        for visitor in visitors.iter().take(SOME) {
            // the second time is the usual one: a first look at an answer is written down
            self.draw(page, visitor, false).await?;
            let before = self.db.queries();
            bytes += self.draw(page, visitor, false).await?;
            queries = queries.max(self.db.queries() - before);
            count += 1;
        }
        let plain = bytes / count.max(1);
        Ok(Cost { queries, plain })
    }
}

/// How long it takes until all articles of the place can be found, in an index that is begun anew.
pub async fn indexing(place: &Place) -> Result<Duration> {
    let folder = place.scratch();
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let inside = Inside::with(place, Some(&folder))?;
    let began = Instant::now();
    knowledge::warm(inside.app.clone()).await;
    let took = began.elapsed();
    drop(inside);
    fs::remove_dir_all(&folder)?;
    Ok(took)
}

/// Draws the page whose name holds `name` so many times, for a profiler to look on.
pub async fn draw(place: &Place, name: &str, times: usize) -> Result<()> {
    let page = PAGES.into_iter().find(|page| page.name.contains(name));
    let page = page.context("no page has such a name")?;
    let visitors = place.visitors().await?;
    let inside = Inside::of(place)?;
    let began = Instant::now();
    for visitor in visitors.iter().cycle().take(times) {
        inside.draw(page, visitor, true).await?;
    }
    let each = began.elapsed().as_secs_f64() * 1e3 / times.max(1) as f64;
    println!("{}: {each:.3} ms each", page.name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::Size;

    /// What is measured still exists and still takes few statements, whatever the pages become.
    #[tokio::test]
    async fn every_page_answers_on_a_seeded_database() {
        let folder = tempfile::tempdir().unwrap();
        let size = Size::new(40, 400);
        let place = Place::ready(folder.path(), size).await.unwrap();
        let visitors = place.visitors().await.unwrap();
        assert_eq!(visitors.len(), 100);
        let inside = Inside::of(&place).unwrap();
        let some = visitors.get(..20).unwrap();
        for page in PAGES {
            let cost = inside.cost(page, some).await.unwrap();
            assert!(cost.plain > 1_000, "{page:?} {cost:?}");
            assert!(cost.queries <= 12, "{page:?} {cost:?}");
        }
        draw(&place, "thread", 3).await.unwrap();
        assert!(indexing(&place).await.unwrap() > Duration::ZERO);
        let again = Place::ready(folder.path(), size).await.unwrap();
        assert_eq!(again.visitors().await.unwrap().len(), 100);
    }
}
