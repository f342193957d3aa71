//! The outbox on both engines: `TRESEN_TEST_DATABASE=postgres://…` moves every test to PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod desk;
mod letter;
mod outbox;
mod sink;
mod smtp;

use db::testing::TestDb;
use jobs::{Registry, States, Worker};
use kernel::{Ctx, CustomerId, Email, Locale, Moment, Secret, World};
use mail::{Draft, MailId, Post, Slot, Transport};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// 22 November 2026, 13:05 UTC.
const START: Moment = Moment::from_micros(1_795_352_700_000_000);
const LINK: &str = "https://portal.example.org/aktivieren?schluessel=abc&x=1";

struct Bench {
    world: World,
    db: TestDb,
    worker: Worker,
    /// Ids of mails that were given up, as the event told.
    failed: Arc<Mutex<Vec<String>>>,
}

impl Bench {
    async fn new(transport: impl Transport) -> Self {
        let world = World::test(START, 7);
        let db = db::testing::fresh(&world).await;
        let from = "Muster-Hosting GmbH <portal@example.org>".parse().unwrap();
        let states = States::new().with(Post::new(transport, from, "portal.example.org"));
        let failed = Arc::new(Mutex::new(Vec::new()));
        let heard = failed.clone();
        let registry = Registry::new().merge(mail::registry()).on(
            mail::FAILED,
            "test.heard",
            move |event, _| {
                heard.lock().unwrap().push(event.id);
                std::future::ready(jobs::Outcome::Done)
            },
        );
        let worker = Worker::new(db::Db::clone(&db), world.clone(), registry, states);
        Bench {
            world,
            db,
            worker,
            failed,
        }
    }

    fn ctx(&self) -> Ctx {
        Ctx::system(&self.world)
    }

    async fn queue(&self, draft: Draft) -> MailId {
        let mut tx = self.db.begin().await.unwrap();
        let id = mail::queue(&mut tx, &self.ctx(), draft).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn drain(&self) {
        self.worker.drain().await.unwrap();
    }

    fn advance(&self, by: Duration) {
        self.world.advance(by);
    }

    async fn one(&self, id: MailId) -> mail::Mail {
        let now = self.world.now();
        mail::one(&mut self.db.read().await.unwrap(), now, id)
            .await
            .unwrap()
    }

    async fn counts(&self) -> mail::Counts {
        mail::counts(&mut self.db.read().await.unwrap())
            .await
            .unwrap()
    }

    async fn jobs(&self) -> jobs::Counts {
        jobs::counts(&mut self.db.read().await.unwrap())
            .await
            .unwrap()
    }

    /// The secrets that still lie in the database.
    async fn sealed(&self) -> Vec<Vec<u8>> {
        let mut tx = self.db.read().await.unwrap();
        let stmt = db::sql!(
            (Vec<u8>,),
            "SELECT sealed FROM mail_slots WHERE sealed IS NOT NULL"
        );
        tx.all(stmt, db::params![])
            .await
            .unwrap()
            .into_iter()
            .map(|(sealed,)| sealed)
            .collect()
    }
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn customer(number: u128) -> CustomerId {
    CustomerId(kernel::Uuid::from_u128(number))
}

/// A mail without secrets.
fn notice(to: &str) -> Draft {
    Draft {
        to: email(to),
        to_name: "Änne Groß".to_owned(),
        customer: Some(customer(1)),
        user: None,
        kind: "support.answered",
        locale: Locale::De,
        subject: "Antwort auf „Störung bei müller.de“ – bitte lesen".to_owned(),
        text: "Guten Tag,\n\nes gibt eine Antwort.\n".to_owned(),
        html: "<p>Guten Tag,</p><p>es gibt eine Antwort.</p>".to_owned(),
        slots: Vec::new(),
    }
}

/// A mail with a link that lets somebody in, good for a day.
fn activation(to: &str) -> Draft {
    let slot = mail::slot("link");
    Draft {
        kind: "identity.activation",
        subject: "Bitte bestätigen Sie Ihre Adresse".to_owned(),
        text: format!("Guten Tag,\n\n{slot}\n"),
        html: format!("<p><a href=\"{slot}\">Bestätigen</a></p>"),
        slots: vec![Slot {
            name: "link",
            value: Secret::new(LINK),
            expires: Some(START + Duration::from_secs(24 * 3600)),
        }],
        ..notice(to)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_fits_the_schema() {
    let bench = Bench::new(mail::Catcher::new()).await;
    assert_eq!(
        db::testing::prepare_all(&bench.db).await.unwrap(),
        Vec::<String>::new()
    );
}
