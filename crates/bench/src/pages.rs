//! The pages that are measured, and how many statements each of them sends.

use crate::http::get;
use crate::place::Place;
use crate::visitors::Visitor;
use anyhow::{Result, ensure};
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use kernel::World;
use std::net::SocketAddr;
use tower::ServiceExt;
use tresen::house::{self, Setup};

#[derive(Debug, Clone, Copy)]
pub struct Page {
    pub name: &'static str,
    path: &'static str,
    signed_in: bool,
}

const fn page(name: &'static str, path: &'static str, signed_in: bool) -> Page {
    Page {
        name,
        path,
        signed_in,
    }
}

pub const PAGES: [Page; 5] = [
    page("sign-in page", "/anmelden", false),
    page("account overview", "/konto", true),
    page("address book", "/konto/adressen", true),
    page("message list", "/nachrichten", true),
    page("thread", "/nachrichten/{id}", true),
];

impl Page {
    fn path(self, visitor: &Visitor) -> String {
        self.path.replace("{id}", &visitor.message.to_string())
    }

    /// The request a visitor's browser sends.
    pub fn request(self, host: SocketAddr, visitor: &Visitor) -> Vec<u8> {
        get(
            host,
            &self.path(visitor),
            self.signed_in.then_some(visitor.token.as_str()),
        )
    }
}

/// What one page costs the database, and its bytes before compression.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub queries: u64,
    pub plain: usize,
}

/// Draws each page within this process, where statements can be counted.
pub async fn costs(place: &Place, visitor: &Visitor) -> Result<Vec<Cost>> {
    let world = World::system().with_key([7; 32]);
    let setup = Setup {
        demo: false,
        post: None,
        modules: house::modules(),
        hasher: identity::Hasher::new(),
        state: Vec::new(),
    };
    let house = house::build(&place.db, &world, &place.config()?, setup)?;
    let mut costs = Vec::new();
    for page in PAGES {
        let mut cost = Cost {
            queries: 0,
            plain: 0,
        };
        // the second time is the usual one: a first look at an answer is written down
        for _ in 0..2 {
            let mut request = Request::builder().uri(page.path(visitor));
            if page.signed_in {
                request = request.header(header::COOKIE, format!("tresen={}", visitor.token));
            }
            let before = place.db.queries();
            let answer = house
                .router
                .clone()
                .oneshot(request.body(Body::empty())?)
                .await?;
            cost.queries = place.db.queries() - before;
            let status = answer.status();
            cost.plain = answer.into_body().collect().await?.to_bytes().len();
            ensure!(status == 200, "{} answers {status}", page.path(visitor));
        }
        costs.push(cost);
    }
    Ok(costs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::Size;

    /// What is measured still exists and still takes few statements, whatever the pages become.
    #[tokio::test]
    async fn every_page_answers_on_a_seeded_database() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::ready(folder.path(), Size::new(10, 40))
            .await
            .unwrap();
        let visitors = place.visitors().await.unwrap();
        assert_eq!(visitors.len(), 40);
        for visitor in visitors.iter().take(5) {
            for (page, cost) in PAGES.iter().zip(costs(&place, visitor).await.unwrap()) {
                assert!(cost.plain > 1_000, "{page:?} {cost:?}");
                assert!(cost.queries <= 12, "{page:?} {cost:?}");
            }
        }
        let again = Place::ready(folder.path(), Size::new(10, 40))
            .await
            .unwrap();
        assert_eq!(again.visitors().await.unwrap().len(), 40);
    }
}
