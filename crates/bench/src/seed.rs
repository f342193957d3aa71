//! Fills a database with the verbs of the contexts, so that it looks as if people had used it.

use crate::population::{Size, pick};
use anyhow::{Context, Result};
use customers::address::{self, Address, Postcode};
use customers::contact::Contact;
use customers::customer::{self, Kind, NewCustomer};
use customers::member::{self, Role};
use db::{Db, Tx, params, sql};
use identity::users::{self, NewUser};
use kernel::{Actor, Ctx, CustomerId, Email, Locale, Moment, Phone, StaffId, UserId, World};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};
use support::ticket::seed::{Act, Step, thread};

/// Customers or messages in one transaction.
const BATCH: u64 = 2_000;
/// The time over which messages came in.
const SPAN: Duration = Duration::from_secs(540 * 86_400);
const HOUR: Duration = Duration::from_secs(3_600);

struct Words {
    people: Vec<&'static str>,
    towns: Vec<&'static str>,
    questions: Vec<&'static str>,
    answers: Vec<&'static str>,
}

impl Words {
    fn load() -> Self {
        Words {
            people: include_str!("../data/people.txt").lines().collect(),
            towns: include_str!("../data/towns.txt").lines().collect(),
            questions: include_str!("../data/questions.txt").lines().collect(),
            answers: include_str!("../data/answers.txt").lines().collect(),
        }
    }

    fn person(&self, n: u64) -> (&'static str, &'static str) {
        pick(&self.people, n).split_once(' ').unwrap_or_default()
    }
}

struct Person {
    customer: CustomerId,
    user: UserId,
    name: String,
}

/// Fills an empty, migrated database.
pub async fn fill(db: &Db, size: Size) -> Result<()> {
    let words = Words::load();
    let start = World::system().now() - SPAN - SPAN - HOUR * 24;
    // ids are drawn by the world's clock: a world of our own may stand in the past
    let world = World::test(start, 1);
    let began = Instant::now();
    let mut people = Vec::new();
    for batch in batches(size.customers) {
        let mut tx = db.begin().await?;
        for n in batch {
            world.advance(SPAN / u32::try_from(size.customers).context("too many customers")?);
            people.push(person(&mut tx, &world, &words, n).await?);
        }
        tx.commit().await?;
        told("customers", people.len() as u64, size.customers, began).await;
    }
    let began = Instant::now();
    for batch in batches(size.messages) {
        let end = batch.end;
        let mut tx = db.begin().await?;
        for nth in batch {
            world.advance(SPAN / u32::try_from(size.messages).context("too many messages")?);
            let owner = usize::try_from(size.owner(nth))?;
            let person = people.get(owner).context("every message has an owner")?;
            message(&mut tx, &world, &words, nth, person).await?;
        }
        tx.commit().await?;
        told("messages", end, size.messages, began).await;
    }
    articles(db, &world, &words, size.articles()).await
}

/// Articles in one transaction.
const ARTICLES: u64 = 100;

/// Texts of the demo, each with words that no other has.
async fn articles(db: &Db, world: &World, words: &Words, all: u64) -> Result<()> {
    let began = Instant::now();
    for first in (0..all).step_by(ARTICLES as usize) {
        let end = (first + ARTICLES).min(all);
        let files: Vec<knowledge::transfer::File> =
            (first..end).map(|n| article(words, n)).collect();
        let ctx = Ctx::new(world, Actor::System, Locale::De);
        let mut tx = db.begin().await?;
        knowledge::transfer::import(&mut tx, &ctx, &files).await?;
        tx.commit().await?;
        told("articles", end, all, began).await;
    }
    Ok(())
}

fn article(words: &Words, n: u64) -> knowledge::transfer::File {
    let base = pick(&TEXTS, n);
    let (place, person) = (pick(&words.towns, n), words.person(n));
    let question = pick(&words.questions, n * 3 + 1);
    let answer = pick(&words.answers, n * 5 + 2);
    let text = format!(
        "{}\n\n## {} {} in {place}\n\n{question}\n\n{answer}\n",
        base.trim_end(),
        person.0,
        person.1
    );
    (format!("{}/artikel-{n}.de.md", pick(&FOLDERS, n / 7)), text)
}

const FOLDERS: [&str; 6] = [
    "erste-schritte",
    "webhosting",
    "e-mail",
    "domains",
    "rechnung-und-zahlung",
    "vertrag-und-daten",
];

const TEXTS: [&str; 8] = [
    include_str!("../../tresen/demo/articles/e-mail/postfach-voll.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/mailprogramm-einrichten.de.md"),
    include_str!("../../tresen/demo/articles/domains/auth-code.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/fehler-500-502-503.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/website-umziehen.de.md"),
    include_str!("../../tresen/demo/articles/rechnung-und-zahlung/rechnung-lesen.de.md"),
    include_str!("../../tresen/demo/articles/erste-schritte/passwort-vergessen.de.md"),
    include_str!("../../tresen/demo/articles/vertrag-und-daten/kuendigen.de.md"),
];

fn batches(all: u64) -> impl Iterator<Item = std::ops::Range<u64>> {
    (0..all.div_ceil(BATCH)).map(move |n| n * BATCH..((n + 1) * BATCH).min(all))
}

/// Says how far it is, to somebody who looks on; a file gets the last line only.
async fn told(what: &str, done: u64, all: u64, began: Instant) {
    let mut out = std::io::stdout();
    let line = format!(
        "  {done} of {all} {what}, {:.0} s",
        began.elapsed().as_secs_f64()
    );
    if done == all {
        println!("{line}");
    } else if out.is_terminal() {
        print!("{line}\r");
    }
    // a closed terminal does not matter here, and a signal must get its turn
    let _ = out.flush();
    tokio::task::yield_now().await;
}

async fn person(tx: &mut Tx, world: &World, words: &Words, n: u64) -> Result<Person> {
    let ctx = Ctx::new(world, Actor::System, Locale::De);
    let (first, last) = words.person(n);
    let email = Email::parse(&format!("person{n}@weserpost.example"))
        .ok()
        .context("an address made here is one")?;
    let new = NewUser {
        first_name: first.into(),
        last_name: last.into(),
        email: email.clone(),
        verified: true,
    };
    let user = users::create(tx, &ctx, &new).await?;
    let company = n
        .is_multiple_of(3)
        .then(|| format!("{last} & Söhne GmbH {n}"));
    let new = NewCustomer {
        kind: if company.is_some() {
            Kind::Company
        } else {
            Kind::Private
        },
        company,
        salutation: None,
        first_name: first.into(),
        last_name: last.into(),
        phone: Phone::parse(&format!("0431 555{n:07}")).ok(),
        billing_email: email,
        locale: Locale::De,
    };
    let (customer, _) = customer::create(tx, &ctx, &new, serde_json::json!("seed")).await?;
    member::add(tx, &ctx, customer, user, &Role::MainOwner).await?;
    for nth in 0..=n % 4 {
        let address = home(words, n * 4 + nth, first, last)?;
        address::add(tx, &ctx, customer, &address).await?;
    }
    for nth in 0..n % 3 {
        let contact = contact(words, n * 3 + nth)?;
        customers::contact::store::insert(tx, customer, ctx.id(), ctx.now, &contact).await?;
    }
    Ok(Person {
        customer,
        user,
        name: format!("{first} {last}"),
    })
}

fn home(words: &Words, n: u64, first: &str, last: &str) -> Result<Address> {
    let (postcode, town) = pick(&words.towns, n)
        .split_once(' ')
        .context("a town with its postcode")?;
    Ok(Address {
        first_name: first.into(),
        last_name: last.into(),
        street: format!("Holtenauer Straße {}", n % 180 + 1),
        postcode: Postcode::new(postcode),
        town: town.into(),
        billing: false,
        ..customers::address::example()
    })
}

fn contact(words: &Words, n: u64) -> Result<Contact> {
    let (first, last) = words.person(n);
    let email = Email::parse(&format!("contact{n}@weserpost.example"));
    Ok(Contact {
        name: format!("{first} {last}"),
        email: email.ok().context("an address made here is one")?,
        ..customers::contact::example()
    })
}

/// What a customer was told of an answer, as it stands in the history: sent long ago.
async fn told_by_mail(tx: &mut Tx, world: &World, person: &Person, at: Moment) -> Result<()> {
    let stmt = sql!(
        "INSERT INTO mails (id, customer_id, user_id, to_email, to_name, kind, locale, subject, text, html, state, attempts, created_at, sent_at) \
         VALUES ($1, $2, $3, 'person@weserpost.example', $4, 'support.answer', 'de', 'Eine Antwort wartet auf Sie', \
         'Bitte melden Sie sich an.', '<p>Bitte melden Sie sich an.</p>', 'sent', 1, $5, $5)"
    );
    let id = world.uuid_at(at);
    let values = params![id, person.customer, person.user, &person.name, at];
    tx.exec(stmt, values).await?;
    Ok(())
}

/// Every fifth message is still open, two of five are answered, one is closed, one asked again.
async fn message(
    tx: &mut Tx,
    world: &World,
    words: &Words,
    nth: u64,
    person: &Person,
) -> Result<()> {
    let at = |step: u64| -> Moment { world.now() + HOUR * u32::try_from(step).unwrap_or(0) };
    let staff = StaffId::from(kernel::Uuid::from_u128(u128::from(nth % 8)));
    let asked = [pick(&words.questions, nth), pick(&words.questions, nth + 1)].join("\n\n");
    let answered = [pick(&words.answers, nth), pick(&words.answers, nth + 3)].join("\n\n");
    let mut steps = vec![Step::user(
        at(0),
        person.user,
        &person.name,
        Act::Write(&asked),
    )];
    let kind = nth % 5;
    if kind > 0 {
        steps.push(Step::staff(at(1), staff, "Support", Act::Write(&answered)));
        told_by_mail(tx, world, person, at(1)).await?;
    }
    if kind == 3 {
        steps.push(Step::staff(at(2), staff, "Support", Act::Close));
    }
    if kind == 4 {
        steps.push(Step::user(
            at(3),
            person.user,
            &person.name,
            Act::Write(&asked),
        ));
    }
    let seen = (!nth.is_multiple_of(7)).then(|| at(4));
    thread(tx, world, person.customer, &steps, seen).await?;
    Ok(())
}
