//! A database with people who are signed in, and what a server, those who write and those who look must know of it.

use anyhow::{Context, Result, ensure};
use customers::customer::{self, Kind, NewCustomer};
use customers::member::{self, Role};
use db::testing::TestDb;
use db::{Db, Stmt, Tx, Value, params, sql};
use identity::users::{self, NewUser};
use kernel::{Actor, Ctx, Email, Locale, World};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use testkit::Client;
use tresen::config::{Config, Origin};

const WRITERS: usize = 6;
const MAILERS: usize = 4;
/// No mail waits longer; what the queue tries again comes within seconds at first.
const PATIENCE: Duration = Duration::from_secs(90);

/// By which the border server signs what it says of a sender.
pub const BORDER: &str = "mx.probe.example";

/// For the processes that write and compare.
#[derive(Serialize, Deserialize)]
pub struct Plan {
    pub address: SocketAddr,
    /// Where mails are handed in.
    pub lmtp: SocketAddr,
    pub writers: Vec<Writer>,
    /// How many write mails.
    pub mailers: usize,
    /// Staff who looks at what became of them.
    desk: String,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Forms and mails at once.
    All,
    Forms,
    Mails,
}

#[derive(Serialize, Deserialize)]
pub struct Writer {
    token: String,
}

impl Plan {
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Ok(serde_json::from_str(&text)?)
    }

    pub async fn client(&self, writer: &Writer) -> Client {
        let mut client = Client::far(self.address).await;
        client.cookies.insert("tresen".into(), writer.token.clone());
        client
    }

    pub async fn staff(&self) -> Client {
        let mut client = Client::far(self.address).await;
        client
            .cookies
            .insert("tresen-desk".into(), self.desk.clone());
        client
    }
}

pub struct Place {
    folder: tempfile::TempDir,
    pub db: Db,
    pub address: SocketAddr,
    lmtp: SocketAddr,
    /// How a server finds its database; a proxy may stand before it.
    pub environment: Vec<(String, String)>,
    _server: Option<TestDb>,
}

impl Place {
    /// On SQLite, or in a new database of the PostgreSQL server at this address.
    pub async fn ready(postgres: Option<&str>, load: Load) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (address, lmtp) = (testkit::free_address(), testkit::free_address());
        let mut server = None;
        let url = match postgres {
            None => format!("sqlite:{}", folder.path().join("tresen.db").display()),
            Some(_) => {
                let test = db::testing::empty(&World::system()).await;
                test.migrate().await?;
                let url = test.url().to_owned();
                server = Some(test);
                url
            }
        };
        let key = folder.path().join("tresen.key");
        let settings = [
            ("http.listen", address.to_string()),
            ("http.public_url", format!("http://{address}")),
            ("database.url", url),
            ("secrets.master_key_file", key.display().to_string()),
            ("mail.lmtp_listen", lmtp.to_string()),
            ("mail.authserv_id", BORDER.to_owned()),
        ];
        let mut config = Config::load(Some(Path::new("/dev/null")), std::iter::empty())?;
        for (name, value) in &settings {
            config.set(name, value.clone(), Origin::Default)?;
        }
        let (db, world) = tresen::serve::open(&config).await?;
        let place = Place {
            folder,
            db,
            address,
            lmtp,
            environment: settings
                .into_iter()
                .map(|(name, value)| (variable(name), value))
                .collect(),
            _server: server,
        };
        place.people(&world, load).await?;
        Ok(place)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn plan(&self) -> PathBuf {
        self.path("plan.json")
    }

    pub fn notes(&self) -> PathBuf {
        self.path("notes")
    }

    /// Leads the server to its database by another way.
    pub fn through(&mut self, url: &str) {
        self.environment
            .retain(|(name, _)| *name != variable("database.url"));
        self.environment
            .push((variable("database.url"), url.to_owned()));
    }

    async fn people(&self, world: &World, load: Load) -> Result<()> {
        let ctx = Ctx::new(world, Actor::System, Locale::De);
        let mut tx = self.db.begin().await?;
        let mut writers = Vec::new();
        if load != Load::Mails {
            for nth in 0..WRITERS {
                writers.push(person(&mut tx, &ctx, nth).await?);
            }
        }
        let desk = staff(&mut tx, &ctx).await?;
        tx.commit().await?;
        let plan = Plan {
            address: self.address,
            lmtp: self.lmtp,
            writers,
            mailers: if load == Load::Forms { 0 } else { MAILERS },
            desk,
        };
        std::fs::write(self.plan(), serde_json::to_string(&plan)?)?;
        Ok(())
    }

    /// Takes one address away behind everybody's back; its mark.
    pub async fn plant_loss(&self) -> Result<String> {
        let stmt = sql!(
            (String,),
            "DELETE FROM addresses WHERE id = (SELECT id FROM addresses WHERE street LIKE 'Probe-%' ORDER BY id DESC LIMIT 1) RETURNING street"
        );
        self.planted(stmt, &params![]).await
    }

    /// Stores one message a second time; its mark.
    pub async fn plant_double(&self) -> Result<String> {
        let stmt = sql!(
            (String,),
            "INSERT INTO tickets (id, number, customer_id, kind, channel, subject, subject_key, state, requester_id, \
             requester_name, opened_at, last_at, last_by, answered_at, waiting_since, closed_at, entries) \
             SELECT $1, number + 900000, customer_id, kind, channel, subject, subject_key, state, requester_id, \
             requester_name, opened_at, last_at, last_by, answered_at, waiting_since, closed_at, entries \
             FROM tickets WHERE number = (SELECT max(number) FROM tickets WHERE kind = 'message') RETURNING subject"
        );
        self.planted(stmt, &params![World::system().uuid()]).await
    }

    /// Takes what one mail said out of its ticket; its mark.
    pub async fn plant_lost_mail(&self) -> Result<String> {
        let stmt = sql!(
            (String,),
            "DELETE FROM ticket_entries WHERE id = (SELECT id FROM ticket_entries WHERE channel = 'mail' ORDER BY id DESC LIMIT 1) RETURNING text"
        );
        self.planted(stmt, &params![]).await
    }

    /// Writes what one mail said once more into its ticket; its mark.
    pub async fn plant_doubled_mail(&self) -> Result<String> {
        let stmt = sql!(
            (String,),
            "INSERT INTO ticket_entries (id, ticket_id, customer_id, seq, kind, at, author_kind, author_id, author_name, \
             channel, proof, internal, text) \
             SELECT $1, ticket_id, customer_id, seq + 1000, kind, at, author_kind, author_id, author_name, \
             channel, proof, internal, text \
             FROM ticket_entries WHERE id = (SELECT id FROM ticket_entries WHERE channel = 'mail' ORDER BY id DESC LIMIT 1) RETURNING text"
        );
        self.planted(stmt, &params![World::system().uuid()]).await
    }

    /// What a killed server had begun is taken up when its lease ends, five minutes later: here at once.
    pub async fn end_leases(&self) -> Result<()> {
        let stmt = sql!("UPDATE jobs SET locked_until = 0 WHERE state = 'running'");
        db::retry(|| async {
            let mut tx = self.db.begin().await?;
            tx.exec(stmt, params![]).await?;
            tx.commit().await
        })
        .await?;
        Ok(())
    }

    /// Waits until every mail that was taken has been looked at.
    pub async fn looked_at(&self) -> Result<()> {
        let stmt = sql!(
            (i64,),
            "SELECT CAST(count(*) AS BIGINT) FROM inbound_mails WHERE state = 'new'"
        );
        let begun = Instant::now();
        loop {
            let mut tx = self.db.read().await?;
            let (left,) = tx.one(stmt, params![]).await?;
            drop(tx);
            if left == 0 {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < PATIENCE,
                "{left} mails are never looked at"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The server still works meanwhile, so PostgreSQL may ask for the transaction again.
    async fn planted(&self, stmt: &'static Stmt<(String,)>, params: &[Value]) -> Result<String> {
        let (mark,) = db::retry(|| async {
            let mut tx = self.db.begin().await?;
            let row = tx.one(stmt, params).await?;
            tx.commit().await?;
            Ok(row)
        })
        .await?;
        Ok(mark)
    }
}

/// The token of somebody at the desk.
async fn staff(tx: &mut Tx, ctx: &Ctx) -> Result<String> {
    let email = Email::parse("sina@probe.example")
        .ok()
        .context("an address made here is one")?;
    let seed = identity::staff::Seed {
        email: &email,
        name: "Sina Probe",
        role: identity::Role::parse("support").context("a role")?,
        password_hash: "none",
        totp_secret: b"a-secret-of-20-bytes",
    };
    let staff = identity::staff::seed(tx, ctx, seed).await?;
    let info = web::Info::unsent("faults");
    let token = identity::staff::open_session(tx, ctx, staff, &info, true).await?;
    Ok(token.expose().to_owned())
}

async fn person(tx: &mut Tx, ctx: &Ctx, nth: usize) -> Result<Writer> {
    let email = Email::parse(&format!("paula{nth}@probe.example"))
        .ok()
        .context("an address made here is one")?;
    let new = NewUser {
        first_name: "Paula".into(),
        last_name: "Probe".into(),
        email: email.clone(),
        verified: true,
    };
    let user = users::create(tx, ctx, &new).await?;
    let new = NewCustomer {
        kind: Kind::Private,
        company: None,
        salutation: None,
        first_name: "Paula".into(),
        last_name: "Probe".into(),
        phone: None,
        billing_email: email,
        locale: Locale::De,
    };
    let (customer, _) = customer::create(tx, ctx, &new, serde_json::Value::Null).await?;
    member::add(tx, ctx, customer, user, &Role::MainOwner).await?;
    let info = web::Info::unsent("faults");
    let token = identity::sessions::open(tx, ctx, user, Some(customer), &info).await?;
    Ok(Writer {
        token: token.expose().to_owned(),
    })
}

fn variable(key: &str) -> String {
    let name = key.replace('.', "__").to_uppercase();
    format!("TRESEN_{name}")
}
