//! A database with people who are signed in, and what a server and the writers must know of it.

use anyhow::{Context, Result};
use customers::customer::{self, Kind, NewCustomer};
use customers::member::{self, Role};
use db::testing::TestDb;
use db::{Db, Stmt, Tx, Value, params, sql};
use identity::users::{self, NewUser};
use kernel::{Actor, Ctx, Email, Locale, World};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use testkit::Client;
use tresen::config::{Config, Origin};

const WRITERS: usize = 6;

/// For the processes that write and compare.
#[derive(Serialize, Deserialize)]
pub struct Plan {
    pub address: SocketAddr,
    pub writers: Vec<Writer>,
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
}

pub struct Place {
    folder: tempfile::TempDir,
    pub db: Db,
    pub address: SocketAddr,
    /// How a server finds its database; a proxy may stand before it.
    pub environment: Vec<(String, String)>,
    _server: Option<TestDb>,
}

impl Place {
    /// On SQLite, or in a new database of the PostgreSQL server at this address.
    pub async fn ready(postgres: Option<&str>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let address = crate::server::free_address()?;
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
            environment: settings
                .into_iter()
                .map(|(name, value)| (variable(name), value))
                .collect(),
            _server: server,
        };
        place.people(&world).await?;
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

    async fn people(&self, world: &World) -> Result<()> {
        let ctx = Ctx::new(world, Actor::System, Locale::De);
        let mut tx = self.db.begin().await?;
        let mut writers = Vec::new();
        for nth in 0..WRITERS {
            writers.push(person(&mut tx, &ctx, nth).await?);
        }
        tx.commit().await?;
        let plan = Plan {
            address: self.address,
            writers,
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
             FROM tickets WHERE number = (SELECT max(number) FROM tickets) RETURNING subject"
        );
        self.planted(stmt, &params![World::system().uuid()]).await
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
