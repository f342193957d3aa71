//! Fills a database with the verbs of the contexts, so that it looks as if people had used it.

use crate::population::{Plan, Size, lean, mixed, pick};
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
use support::ticket::seed::{self as past, Act, Step};
use support::ticket::{Author, NewTicket, Priority, Side, Written};

/// Customers or threads in one transaction.
const BATCH: u64 = 2_000;
/// The time over which messages came in.
const SPAN: Duration = Duration::from_secs(540 * 86_400);
const HOUR: Duration = Duration::from_secs(3_600);

struct Words {
    people: Vec<&'static str>,
    towns: Vec<&'static str>,
    questions: Vec<&'static str>,
    answers: Vec<&'static str>,
    /// Titles and lines of articles: what tickets are about, in the words people use for it.
    subjects: Vec<&'static str>,
    lines: Vec<&'static str>,
}

impl Words {
    fn load() -> Self {
        let lines = TEXTS.iter().flat_map(|text| body(text).lines());
        Words {
            subjects: TEXTS.iter().filter_map(|text| title(text)).collect(),
            lines: lines
                .map(|line| line.trim_start_matches(['-', ' ']))
                .filter(|line| {
                    line.len() > 30 && line.is_char_boundary(1) && !line.starts_with('#')
                })
                .collect(),
            people: include_str!("../data/people.txt").lines().collect(),
            towns: include_str!("../data/towns.txt").lines().collect(),
            questions: include_str!("../data/questions.txt").lines().collect(),
            answers: include_str!("../data/answers.txt").lines().collect(),
        }
    }

    fn person(&self, n: u64) -> (&'static str, &'static str) {
        pick(&self.people, n).split_once(' ').unwrap_or_default()
    }

    /// What somebody writes: lines of articles, and a name and a number that nobody else has.
    fn text(&self, nth: u64, step: u64, ours: bool) -> String {
        let n = nth * 16 + step;
        let (questions, lines) = (&self.questions, &self.lines);
        let opening = if ours { &self.answers } else { questions };
        // not in every text, or these few would make all words frequent
        let mut text = match mixed(n * 11) % 4 {
            0 => lean(opening, n).to_owned(),
            _ => "Guten Tag,".to_owned(),
        };
        for more in 0..1 + mixed(n) % 3 {
            text.push_str("\n\n");
            text.push_str(lean(lines, n * 4 + more));
        }
        if step.is_multiple_of(3) {
            text = format!(
                "{text}\n\nEs geht um {}, Rechnung {}.",
                host(nth),
                bill(nth)
            );
        }
        text
    }
}

fn title(article: &str) -> Option<&str> {
    article
        .lines()
        .find_map(|line| line.strip_prefix("title: "))
}

fn body(article: &str) -> &str {
    let end = article.splitn(3, "---\n").nth(2);
    end.unwrap_or_default()
}

struct Person {
    customer: CustomerId,
    user: UserId,
    name: String,
}

/// Somebody of the desk, by id and name.
type Clerk = (StaffId, String);

/// How many work at the desk.
const CLERKS: u64 = 8;
/// The first of them, as whom a run looks on.
pub const CLERK: &str = "sina@nordlicht.example";

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
    let mut tx = db.begin().await?;
    let clerks = clerks(&mut tx, &world, &words).await?;
    tx.commit().await?;
    let began = Instant::now();
    let all = size.threads();
    let story = Story {
        world: &world,
        words: &words,
        size,
        clerks: &clerks,
        people: &people,
    };
    for batch in batches(all) {
        let end = batch.end;
        let mut tx = db.begin().await?;
        for nth in batch {
            world.advance(SPAN / u32::try_from(all).context("too many messages")?);
            story.thread(&mut tx, nth).await?;
        }
        tx.commit().await?;
        told("messages and tickets", end, all, began).await;
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

const TEXTS: [&str; 31] = [
    include_str!("../../tresen/demo/articles/domains/auth-code.de.md"),
    include_str!("../../tresen/demo/articles/domains/inhaberwechsel.de.md"),
    include_str!("../../tresen/demo/articles/domains/nameserver.de.md"),
    include_str!("../../tresen/demo/articles/domains/verlaengerung.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/abwesenheitsnotiz.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/mailprogramm-einrichten.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/mails-im-spam.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/phishing-erkennen.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/postfach-voll.de.md"),
    include_str!("../../tresen/demo/articles/e-mail/weiterleitung.de.md"),
    include_str!("../../tresen/demo/articles/erste-schritte/benutzer-einladen.de.md"),
    include_str!("../../tresen/demo/articles/erste-schritte/konto-und-kundennummer.de.md"),
    include_str!("../../tresen/demo/articles/erste-schritte/passwort-vergessen.de.md"),
    include_str!("../../tresen/demo/articles/erste-schritte/portal-ueberblick.de.md"),
    include_str!("../../tresen/demo/articles/erste-schritte/zwei-faktor.de.md"),
    include_str!("../../tresen/demo/articles/rechnung-und-zahlung/e-rechnung.de.md"),
    include_str!("../../tresen/demo/articles/rechnung-und-zahlung/mahnung.de.md"),
    include_str!("../../tresen/demo/articles/rechnung-und-zahlung/rechnung-lesen.de.md"),
    include_str!("../../tresen/demo/articles/rechnung-und-zahlung/sepa-mandat.de.md"),
    include_str!("../../tresen/demo/articles/vertrag-und-daten/av-vertrag.de.md"),
    include_str!("../../tresen/demo/articles/vertrag-und-daten/daten-herunterladen.de.md"),
    include_str!("../../tresen/demo/articles/vertrag-und-daten/kuendigen.de.md"),
    include_str!(
        "../../tresen/demo/articles/vertrag-und-daten/kundennummern-zusammenfuehren.de.md"
    ),
    include_str!("../../tresen/demo/articles/webhosting/cronjobs.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/datenbank-sichern.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/fehler-500-502-503.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/ftp-zugang.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/php-version.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/ssl-zertifikat.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/website-umziehen.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/wordpress-langsam.de.md"),
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

/// The desk.
async fn clerks(tx: &mut Tx, world: &World, words: &Words) -> Result<Vec<Clerk>> {
    let ctx = Ctx::new(world, Actor::System, Locale::De);
    let mut clerks = Vec::new();
    for n in 0..CLERKS {
        let (address, name) = match n {
            0 => (CLERK.to_owned(), "Sina Krüger".to_owned()),
            n => {
                let (first, last) = words.person(n);
                (
                    format!("clerk{n}@nordlicht.example"),
                    format!("{first} {last}"),
                )
            }
        };
        let email = Email::parse(&address).ok().context("an address")?;
        let seed = identity::staff::Seed {
            email: &email,
            name: &name,
            role: identity::Role::Admin,
            password_hash: "-",
            totp_secret: b"a-secret-of-20-bytes",
        };
        let id = identity::staff::seed(tx, &ctx, seed).await?;
        clerks.push((id, name));
    }
    Ok(clerks)
}

/// What is told of the past.
struct Story<'a> {
    world: &'a World,
    words: &'a Words,
    size: Size,
    clerks: &'a [Clerk],
    people: &'a [Person],
}

/// Who has a thread, and by which name.
struct Asker<'a> {
    person: Option<&'a Person>,
    name: String,
    email: Option<Email>,
}

impl Asker<'_> {
    fn author(&self) -> Author<'_> {
        Author {
            side: Side::Customer,
            id: self.person.map(|person| person.user.0),
            name: &self.name,
        }
    }
}

impl Story<'_> {
    fn at(&self, step: u64) -> Moment {
        self.world.now() + HOUR * u32::try_from(step).unwrap_or(0)
    }

    fn asker(&self, plan: Plan, nth: u64) -> Result<Asker<'_>> {
        let Some(owner) = plan.owner else {
            let (first, last) = self.words.person(nth);
            let email = Email::parse(&format!("guest{nth}@weserpost.example"));
            return Ok(Asker {
                person: None,
                name: format!("{first} {last}"),
                email: Some(email.ok().context("an address made here is one")?),
            });
        };
        let person = self.people.get(usize::try_from(owner)?);
        let person = person.context("every thread has an owner")?;
        Ok(Asker {
            person: Some(person),
            name: person.name.clone(),
            email: None,
        })
    }

    /// Whether the desk wrote the text of this place. What is open was written by the customer last, or by nobody else;
    /// of the others most were answered last.
    fn ours(&self, plan: Plan, nth: u64, step: u64) -> bool {
        let last = step + 1 == plan.texts;
        match (self.size.open(nth), nth % 10) {
            _ if step == 0 => false,
            (true, 0 | 1) => false,
            (true, 2..=4) if last => false,
            _ if last => true,
            _ => !step.is_multiple_of(2),
        }
    }

    /// Two of a hundred are not closed: the newest. Of these some are new, some answered, some asked again.
    async fn thread(&self, tx: &mut Tx, nth: u64) -> Result<()> {
        let plan = self.size.thread(nth);
        let asker = self.asker(plan, nth)?;
        let (clerk, clerk_name) = self
            .clerks
            .get(usize::try_from(mixed(nth) % CLERKS)?)
            .context("somebody at the desk")?;
        let (closed, noted) = (!self.size.open(nth), nth.is_multiple_of(7));
        let texts: Vec<(bool, String)> = (0..plan.texts)
            .map(|step| {
                let ours = self.ours(plan, nth, step);
                (ours, self.words.text(nth, step, ours))
            })
            .collect();
        let author = asker.author();
        let mut steps = Vec::new();
        for (step, (ours, text)) in (0..).zip(&texts) {
            let (at, act) = (self.at(step), Act::Write(text));
            if *ours && noted && steps.len() == 1 {
                let note = Act::Note("Beim Kollegen nachgefragt, Antwort folgt.");
                steps.push(Step::staff(at, *clerk, clerk_name, note));
            }
            steps.push(match ours {
                true => Step::staff(at, *clerk, clerk_name, act),
                false => Step {
                    at,
                    by: author,
                    act,
                },
            });
        }
        if closed {
            let at = self.at(plan.texts);
            steps.push(Step::staff(at, *clerk, clerk_name, Act::Close));
        }
        let seen = (!nth.is_multiple_of(7)).then(|| self.at(plan.texts + 1));
        let id = match asker.person {
            Some(person) if plan.message => {
                past::thread(tx, self.world, person.customer, &steps, seen).await?
            }
            _ => Some(self.ticket(tx, nth, &asker, &steps, seen).await?),
        };
        let id = id.context("a thread begins with a text")?;
        if !nth.is_multiple_of(3) {
            past::lies_with(tx, id, *clerk, clerk_name).await?;
        }
        if let (Some(person), Some(at)) = (asker.person, texts.iter().position(|(ours, _)| *ours)) {
            told_by_mail(tx, self.world, person, self.at(at as u64)).await?;
        }
        Ok(())
    }

    async fn ticket(
        &self,
        tx: &mut Tx,
        nth: u64,
        asker: &Asker<'_>,
        steps: &[Step<'_>],
        seen: Option<Moment>,
    ) -> Result<support::ticket::TicketId> {
        let (first, rest) = steps.split_first().context("a ticket begins with a text")?;
        let Act::Write(text) = first.act else {
            anyhow::bail!("a ticket begins with a text");
        };
        let subject = format!("{}: {}", lean(&self.words.subjects, nth * 3), host(nth));
        let new = NewTicket {
            customer: asker.person.map(|person| person.customer),
            subject: &subject,
            department: match mixed(nth * 5) % 10 {
                0..=5 => "support",
                6..=8 => "buchhaltung",
                _ => "vertrieb",
            },
            priority: match mixed(nth * 7) % 20 {
                0..=2 => Priority::Low,
                3..=15 => Priority::Normal,
                _ => Priority::High,
            },
            emergency: None,
            email: asker.email.as_ref(),
            company: None,
            claimed_number: None,
            language: Locale::De,
            noted: None,
            first: Written::typed(first.by, text),
        };
        Ok(past::ticket(tx, self.world, first.at, &new, rest, seen).await?)
    }
}

/// What a thread is about: a name of two words and a number.
pub fn host(nth: u64) -> String {
    let (first, second) = (pick(&STEMS, nth), pick(&STEMS, nth / 7 + 3));
    format!("{first}-{second}-{}.example", nth % 10_000)
}

/// What a guest writes.
pub fn said(nth: u64) -> String {
    Words::load().text(nth, 0, false)
}

pub fn bill(nth: u64) -> String {
    format!("RE-{:06}", nth + 100_000)
}

const STEMS: [&str; 24] = [
    "anker", "birke", "deich", "eiche", "fjord", "garten", "hafen", "insel", "kontor", "lerche",
    "mole", "nordwind", "ostsee", "pegel", "quelle", "reede", "segel", "tonne", "ulme", "vogel",
    "werft", "zander", "laden", "praxis",
];
