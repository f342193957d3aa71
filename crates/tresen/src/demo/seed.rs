//! Fills the demo: customers, users, addresses, staff, threads, mails, a dead job; dates relative to today.

use super::page::{People, Person};
use super::transport::REFUSED;
use anyhow::{Context, Result};
use customers::address::{self, Address};
use customers::customer::{self, Kind, NewCustomer};
use customers::member::{self, Role};
use db::{Db, Tx, params, sql};
use jobs::{Job, JobCx, Outcome, Retry};
use kernel::{
    Actor, Ctx, CustomerId, Email, Locale, Moment, Phone, Secret, StaffId, UserId, World,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use support::message::notice::AnswerWaiting;
use support::ticket::seed::{Act, Step};
use web::form::{Form, RawForm};

/// Everybody's password in the demo.
const PASSWORD: &str = "Leuchtturm-vor-Kiel-1895";

const STAFF: [(&str, &str, &str, &[u8; 20]); 2] = [
    (
        "Malte Brodersen",
        "malte@nordlicht.example",
        "support",
        b"leuchtturm-kiel-0001",
    ),
    (
        "Sina Krüger",
        "sina@nordlicht.example",
        "admin",
        b"leuchtturm-kiel-0002",
    ),
];

#[derive(Deserialize)]
struct CustomerFile {
    customer: Vec<DemoCustomer>,
}

#[derive(Deserialize)]
struct DemoCustomer {
    nr: usize,
    kind: String,
    company: Option<String>,
    salutation: Option<String>,
    first: String,
    last: String,
    email: String,
    phone: Option<String>,
    language: String,
    joined_days_ago: u64,
    #[serde(default)]
    user: Vec<DemoUser>,
    #[serde(default)]
    address: Vec<DemoAddress>,
}

#[derive(Deserialize)]
struct DemoUser {
    first: String,
    last: String,
    email: String,
}

/// Fields by the names of the form.
type DemoAddress = HashMap<String, toml::Value>;

#[derive(Deserialize)]
struct ThreadFile {
    thread: Vec<DemoThread>,
}

#[derive(Deserialize)]
struct DemoThread {
    customer: usize,
    state: String,
    closed_ago_minutes: Option<u64>,
    closed_by: Option<String>,
    message: Vec<DemoMessage>,
}

#[derive(Deserialize)]
struct DemoMessage {
    by: String,
    ago_minutes: u64,
    text: String,
}

/// A job that cannot succeed, so that the desk has something to look at.
#[derive(Serialize, Deserialize)]
struct Stranded {
    note: String,
}

impl Job for Stranded {
    const KIND: &'static str = "demo.stranded";
    const RETRY: Retry = Retry::usual();
    async fn run(self, _: &JobCx) -> Outcome {
        Outcome::GiveUp(self.note)
    }
}

pub fn jobs(registry: jobs::Registry) -> jobs::Registry {
    registry.job::<Stranded>()
}

/// Whether the demo has not been set up yet.
pub async fn is_empty(db: &Db) -> Result<bool> {
    let mut tx = db.read().await?;
    Ok(!identity::staff::any(&mut tx).await?)
}

/// Makes everything on first use; says who can sign in, and who is to have got mails ([`mails`]).
pub async fn settle(
    db: &Db,
    world: &World,
    hasher: &identity::Hasher,
    fresh: bool,
) -> Result<(Arc<People>, Vec<Due>)> {
    let mut due = Vec::new();
    let customers: CustomerFile = toml::from_str(include_str!("../../demo/customers.toml"))?;
    if fresh {
        let hash = hasher
            .hash(&Secret::new(PASSWORD))
            .await
            .map_err(|_| anyhow::anyhow!("hashing is busy"))?;
        let mut tx = db.begin().await?;
        let now = world.now();
        let mut stage = Stage {
            tx: &mut tx,
            world,
            hash,
            now,
            ten: ten_today(now)?,
        };
        let staff = stage.staff().await?;
        let placed = stage.customers(&customers.customer).await?;
        stage.threads(&placed, &staff).await?;
        super::tickets::fill(&mut stage, &placed, &staff).await?;
        super::critical::fill(&mut stage, &placed, &staff).await?;
        stage.odds().await?;
        super::articles::settle(&mut tx, world, now).await?;
        super::files::fill(&mut tx, world).await?;
        super::desk::fill(&mut tx, world).await?;
        due = Stage::due(&placed);
        tx.commit().await?;
    }
    Ok((people(db, &customers.customer).await?, due))
}

async fn people(db: &Db, all: &[DemoCustomer]) -> Result<Arc<People>> {
    let person = |nr: usize, about: &str| {
        all.iter().find(|c| c.nr == nr).map(|c| Person {
            name: format!("{} {}", c.first, c.last),
            sign_in: c.email.clone(),
            password: PASSWORD.into(),
            about: about.into(),
        })
    };
    let second = all
        .iter()
        .find(|c| c.nr == 42)
        .and_then(|c| c.user.first())
        .map(|u| Person {
            name: format!("{} {}", u.first, u.last),
            sign_in: u.email.clone(),
            password: PASSWORD.into(),
            about: "Feinkost Müllers & Töchter, wenige Berechtigungen".into(),
        });
    let customers = [
        person(1, "zwei Kundennummern"),
        person(42, "Firma mit zwei Benutzern"),
        second,
    ];
    let mut tx = db.read().await?;
    let listed = identity::staff::list(&mut tx).await?;
    let staff = STAFF
        .iter()
        .filter_map(|(name, email, role, _)| {
            let found = listed.iter().find(|s| s.email.as_str() == *email)?;
            let about = if *role == "admin" {
                "Verwaltung"
            } else {
                "Support"
            };
            let person = Person {
                name: (*name).into(),
                sign_in: (*email).into(),
                password: PASSWORD.into(),
                about: about.into(),
            };
            Some((person, found.id))
        })
        .collect();
    Ok(Arc::new(People {
        customers: customers.into_iter().flatten().collect(),
        staff,
    }))
}

/// What a customer became.
pub(super) struct Placed {
    pub(super) customer: CustomerId,
    pub(super) owner: UserId,
    pub(super) name: String,
    email: String,
    second: Option<(UserId, String)>,
    pub(super) locale: Locale,
}

pub(super) struct Stage<'a> {
    tx: &'a mut Tx,
    world: &'a World,
    hash: String,
    now: Moment,
    ten: Moment,
}

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

impl Stage<'_> {
    fn ctx(&self, ago: Duration, actor: Actor, locale: Locale) -> Ctx {
        Ctx {
            world: self.world.clone(),
            now: self.now - ago,
            actor,
            locale,
        }
    }

    /// What lies back more than two days is counted from ten in the morning, so that answers fall into office hours.
    pub(super) fn moment(&self, ago_minutes: u64) -> Moment {
        let base = if ago_minutes > 2880 {
            self.ten
        } else {
            self.now
        };
        base - minutes(ago_minutes)
    }

    pub(super) fn now(&self) -> Moment {
        self.now
    }

    pub(super) fn parts(&mut self) -> (&mut Tx, &World) {
        (self.tx, self.world)
    }

    async fn staff(&mut self) -> Result<HashMap<String, StaffId>> {
        let mut ids = HashMap::new();
        for (name, email, role, secret) in STAFF {
            let ctx = self.ctx(minutes(60 * 24 * 560), Actor::System, Locale::De);
            let email = Email::parse(email).ok().context("staff address")?;
            let role = identity::Role::parse(role).context("staff role")?;
            let id = identity::staff::seed(
                self.tx,
                &ctx,
                identity::staff::Seed {
                    email: &email,
                    name,
                    role,
                    password_hash: &self.hash,
                    totp_secret: secret,
                },
            )
            .await?;
            ids.insert(name.to_owned(), id);
        }
        Ok(ids)
    }

    async fn customers(&mut self, all: &[DemoCustomer]) -> Result<HashMap<usize, Placed>> {
        let mut placed = HashMap::new();
        let mut users: HashMap<&str, UserId> = HashMap::new();
        for demo in all {
            let locale = Locale::parse(&demo.language).unwrap_or(Locale::De);
            let ctx = self.ctx(
                minutes(60 * 24 * demo.joined_days_ago),
                Actor::Guest,
                locale,
            );
            let owner = match users.get(demo.email.as_str()) {
                Some(user) => *user,
                None => {
                    self.user(&ctx, &demo.first, &demo.last, &demo.email)
                        .await?
                }
            };
            users.insert(&demo.email, owner);
            let ctx = Ctx {
                actor: Actor::User(owner),
                ..ctx
            };
            let customer = self.customer(&ctx, demo, owner).await?;
            let second = self.second(&ctx, demo, customer).await?;
            let name = format!("{} {}", demo.first, demo.last);
            placed.insert(
                demo.nr,
                Placed {
                    customer,
                    owner,
                    name,
                    email: demo.email.clone(),
                    second,
                    locale,
                },
            );
        }
        Ok(placed)
    }

    async fn user(&mut self, ctx: &Ctx, first: &str, last: &str, email: &str) -> Result<UserId> {
        let new = identity::users::NewUser {
            first_name: first.into(),
            last_name: last.into(),
            email: Email::parse(email).ok().with_context(|| email.to_owned())?,
            verified: true,
        };
        let user = identity::users::create(self.tx, ctx, &new).await?;
        identity::passwords::set(self.tx, ctx, user, &self.hash).await?;
        Ok(user)
    }

    async fn customer(
        &mut self,
        ctx: &Ctx,
        demo: &DemoCustomer,
        owner: UserId,
    ) -> Result<CustomerId> {
        let new = NewCustomer {
            kind: Kind::parse(&demo.kind).with_context(|| demo.kind.clone())?,
            company: demo.company.clone(),
            salutation: demo.salutation.clone(),
            first_name: demo.first.clone(),
            last_name: demo.last.clone(),
            phone: phone(demo.phone.as_deref())?,
            billing_email: Email::parse(&demo.email).ok().context("e-mail")?,
            locale: ctx.locale,
        };
        let (customer, _) =
            customer::create(self.tx, ctx, &new, serde_json::json!("registration")).await?;
        member::add(self.tx, ctx, customer, owner, &Role::MainOwner).await?;
        for entry in &demo.address {
            let address = Address::read(&raw(entry))
                .map_err(|faults| anyhow::anyhow!("address of {}: {faults:?}", demo.email))?;
            address::add(self.tx, ctx, customer, &address).await?;
        }
        Ok(customer)
    }

    async fn second(
        &mut self,
        ctx: &Ctx,
        demo: &DemoCustomer,
        customer: CustomerId,
    ) -> Result<Option<(UserId, String)>> {
        let Some(more) = demo.user.first() else {
            return Ok(None);
        };
        let user = self.user(ctx, &more.first, &more.last, &more.email).await?;
        let rights = [customers::rights::ACCOUNT_VIEW, customers::rights::MESSAGES];
        let role = Role::With(web::Rights::new(rights.iter().map(|right| right.0)));
        member::add(self.tx, ctx, customer, user, &role).await?;
        Ok(Some((user, format!("{} {}", more.first, more.last))))
    }

    async fn threads(
        &mut self,
        placed: &HashMap<usize, Placed>,
        staff: &HashMap<String, StaffId>,
    ) -> Result<()> {
        let file: ThreadFile = toml::from_str(include_str!("../../demo/threads.toml"))?;
        for thread in &file.thread {
            let owner = placed
                .get(&thread.customer)
                .context("a thread's customer")?;
            self.thread(thread, owner, staff).await?;
        }
        Ok(())
    }

    async fn thread(
        &mut self,
        thread: &DemoThread,
        owner: &Placed,
        staff: &HashMap<String, StaffId>,
    ) -> Result<()> {
        let author = |by: &str| match (by, &owner.second) {
            ("customer-2", Some((user, name))) => (Actor::User(*user), name.clone()),
            (name, _) => match staff.get(name) {
                Some(id) => (Actor::Staff(*id), name.to_owned()),
                None => (Actor::User(owner.owner), owner.name.clone()),
            },
        };
        let mut writers = Vec::new();
        for message in &thread.message {
            let at = self.moment(message.ago_minutes);
            writers.push((at, author(&message.by), Act::Write(message.text.trim())));
        }
        if let Some(ago) = thread.closed_ago_minutes {
            let by = author(thread.closed_by.as_deref().unwrap_or("customer"));
            writers.push((self.moment(ago), by, Act::Close));
        }
        writers.sort_by_key(|(at, ..)| *at);
        let steps: Vec<Step<'_>> = writers
            .iter()
            .map(|(at, (actor, name), act)| match actor {
                Actor::Staff(staff) => Step::staff(*at, *staff, name, *act),
                Actor::User(user) => Step::user(*at, *user, name, *act),
                Actor::System | Actor::Guest => Step::user(*at, owner.owner, name, *act),
            })
            .collect();
        // what is closed has been read; a fresh answer has not
        let seen = (thread.state != "answered").then_some(self.now);
        support::ticket::seed::thread(self.tx, self.world, owner.customer, &steps, seen).await?;
        Ok(())
    }

    /// Jobs that gave up, and some for later.
    async fn odds(&mut self) -> Result<()> {
        const NOTES: [&str; 3] = [
            "Der Zählerdienst antwortet nicht: Zeit überschritten nach 30 s",
            "Die Gegenstelle hat die Verbindung beendet",
            "Antwort 503: bitte später noch einmal versuchen",
        ];
        for (nth, note) in NOTES.iter().cycle().take(31).enumerate() {
            let hours = 30 + 17 * u64::try_from(nth).unwrap_or(0);
            let ctx = self.ctx(minutes(60 * hours), Actor::System, Locale::De);
            let note = (*note).to_owned();
            let job = jobs::enqueue(self.tx, &ctx, &Stranded { note: note.clone() }).await?;
            // without the warnings that each would write at the first start
            let stmt =
                sql!("UPDATE jobs SET state = 'dead', attempts = 1, last_error = $2 WHERE id = $1");
            self.tx.exec(stmt, params![job, note]).await?;
        }
        let ctx = self.ctx(minutes(90), Actor::System, Locale::De);
        for day in 1..=28_u64 {
            let note = "Diese Aufgabe der Demonstration tut nichts".to_owned();
            let at = self.now + minutes(60 * 24 * day);
            jobs::enqueue_at(self.tx, &ctx, &Stranded { note }, at).await?;
        }
        Ok(())
    }

    /// Who got a mail in the past.
    fn due(placed: &HashMap<usize, Placed>) -> Vec<Due> {
        let due = |nr: usize| {
            let owner = placed.get(&nr)?;
            let refused = matches!(nr, 7 | 19 | 33);
            Some(Due {
                customer: owner.customer,
                user: owner.owner,
                name: owner.name.clone(),
                email: if refused {
                    format!("alt-{nr}@{REFUSED}")
                } else {
                    owner.email.clone()
                },
                locale: owner.locale,
                days: u64::try_from(nr).unwrap_or(1) * 11,
            })
        };
        let once = (1..=40).filter_map(due);
        // one customer has a history with a second page
        let often = (1..=28).filter_map(|nth| {
            let days = 13 * nth;
            due(41).map(|due| Due { days, ..due })
        });
        once.chain(often).collect()
    }
}

/// A mail that went, or was refused, so many days ago.
pub struct Due {
    customer: CustomerId,
    user: UserId,
    name: String,
    email: String,
    locale: Locale,
    days: u64,
}

/// The mails of the past, in the product's own words.
pub async fn mails(app: &web::App, db: &Db, world: &World, all: Vec<Due>) -> Result<()> {
    let mut tx = db.begin().await?;
    let public = &app.settings().public_url;
    let url = format!("{public}{}", support::message::portal::LIST.url());
    for due in all {
        let ctx = Ctx {
            world: world.clone(),
            now: world.now() - minutes(60 * 24 * due.days),
            actor: Actor::System,
            locale: due.locale,
        };
        let page = AnswerWaiting {
            name: due.name.clone(),
            url: url.clone(),
        };
        let words = web::draw(app, due.locale, page)
            .map_err(|error| anyhow::anyhow!("a mail of the past: {error}"))?;
        let draft = mail::Draft {
            to: Email::parse(&due.email).ok().context("address")?,
            to_name: due.name,
            customer: Some(due.customer),
            user: Some(due.user),
            kind: "support.answer-waiting",
            locale: due.locale,
            subject: words.subject,
            text: words.text,
            html: words.html,
            slots: Vec::new(),
        };
        mail::queue(&mut tx, &ctx, draft).await?;
    }
    super::files::invitations(app, &mut tx, world).await?;
    // so that a visitor finds something to answer as a guest
    support::outbound::tell_guests(&mut tx, &Ctx::system(world), 3).await?;
    tx.commit().await?;
    Ok(())
}

/// A posted form as somebody would have filled it in.
fn raw(entry: &DemoAddress) -> RawForm {
    let mut raw = RawForm::default();
    for (name, value) in entry {
        match value {
            toml::Value::Boolean(ticked) => raw.set(name, if *ticked { "on" } else { "" }),
            toml::Value::String(text) => raw.set(name, text.as_str()),
            other => raw.set(name, other.to_string()),
        }
    }
    raw
}

fn ten_today(now: Moment) -> Result<Moment> {
    let berlin = kernel::jiff::tz::TimeZone::get("Europe/Berlin")?;
    let today = now.timestamp().to_zoned(berlin);
    let ten = today
        .with()
        .hour(10)
        .minute(0)
        .second(0)
        .subsec_nanosecond(0)
        .build()?;
    Ok(Moment::from_micros(ten.timestamp().as_microsecond()))
}

fn phone(typed: Option<&str>) -> Result<Option<Phone>> {
    typed
        .map(|typed| Phone::parse(typed).map_err(|_| anyhow::anyhow!("telephone {typed}")))
        .transpose()
}

/// These mails were written when the answers were that they carry.
pub async fn age_answers(db: &Db, sent: &[mail::Letter], at: Moment) -> Result<()> {
    let mut tx = db.begin().await?;
    for letter in sent {
        tx.exec(
            sql!("UPDATE mails SET created_at = $2 WHERE id = $1"),
            params![letter.id, at],
        )
        .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Mails that were sent while seeding went out on the day they were queued.
pub async fn age_mails(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.exec(
        sql!("UPDATE mails SET sent_at = created_at + 4000000 WHERE sent_at IS NOT NULL"),
        params![],
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
