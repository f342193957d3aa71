//! Signed-in people for a run: fresh sessions whose tokens are known here.

use crate::pages::NARROW;
use crate::population::pick;
use crate::seed::{CLERK, bill, host};
use anyhow::{Context, Result, ensure};
use db::{Db, Tx, params, sql};
use kernel::{Ctx, CustomerId, Email, UserId, Uuid, World};
use std::time::Duration;

/// How many different people a run lets in.
const MOST: u64 = 2_000;

/// Somebody signed in, the customer acted for, one of its messages and one of its tickets; and somebody at the desk who
/// looks for them.
pub struct Visitor {
    pub token: String,
    pub message: Uuid,
    pub ticket: Uuid,
    pub customer: CustomerId,
    pub desk: String,
    /// What the desk types: a number, the beginning of a name, of an address.
    pub word: String,
    /// And what it looks for in all that was ever written.
    pub said: String,
    /// How it narrows its queue.
    pub narrow: &'static str,
    /// An article that is read, and what is looked for among all of them.
    pub article: String,
    pub question: String,
}

/// Words as people type them: other forms, compounds, slips, whole sentences.
const QUESTIONS: [&str; 8] = [
    "Postfach voll",
    "Passwörter",
    "Serverumzug",
    "Pasword vergesen",
    "Wie kann ich mein Passwort ändern?",
    "Domaininhaber",
    "Kündigung",
    "502",
];

/// What the desk looks for in tickets: a word or two of what they are about, a name with it, a number.
fn said(nth: u64, threads: u64, name: &str) -> String {
    let some = nth * 7_919 % threads;
    match nth % 8 {
        0 => host(some),
        1 => bill(some),
        2 => format!("{name} Postfach"),
        3 => name.to_owned(),
        4 => "Auth-Code".to_owned(),
        5 => "Website Umzug".to_owned(),
        6 => "Zertifikat abgelaufen".to_owned(),
        _ => "Pasword vergesen".to_owned(),
    }
}

fn typed(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn slugs(tx: &mut Tx) -> Result<Vec<String>> {
    let stmt = sql!(
        (String,),
        "SELECT slug FROM articles WHERE state = 'published' AND audience = 'public' ORDER BY id"
    );
    let all = tx.all(stmt, params![]).await?;
    Ok(all.into_iter().map(|(slug,)| slug).collect())
}

/// Replaces all sessions by new ones. Whoever writes more visits more: people are drawn by their threads, those who have
/// both a message and a ticket.
pub async fn sign_in(db: &Db, threads: u64) -> Result<Vec<Visitor>> {
    // nothing that is sealed here is opened again: any key will do
    let world = World::system().with_key([7; 32]);
    let now = world.now();
    let mut tx = db.begin().await?;
    tx.exec(sql!("DELETE FROM sessions"), params![]).await?;
    let desk = at_desk(&mut tx, &world).await?;
    let (first, last): (i64, i64) = tx
        .one(
            sql!((i64, i64), "SELECT coalesce(min(number), 0) AS first, coalesce(max(number), 0) AS last FROM tickets"),
            params![],
        )
        .await?;
    let slugs = slugs(&mut tx).await?;
    let slugs: Vec<&str> = slugs.iter().map(String::as_str).collect();
    let mut visitors = Vec::new();
    let (wanted, mut left) = (MOST.min(threads), 20 * threads);
    while (visitors.len() as u64) < wanted {
        ensure!(left > 0, "a customer with a user, a message and a ticket");
        left -= 1;
        let nth = visitors.len() as u64;
        let drawn = u64::from_le_bytes(world.bytes()) % u64::try_from(last - first + 1)?;
        let drawn: Option<Drawn> = tx
            .opt(
                sql!(
                    Drawn,
                    "SELECT t.id AS thread, t.customer_id AS customer, m.user_id AS user, c.number, c.last_name, c.billing_email \
                     FROM tickets t JOIN memberships m ON m.customer_id = t.customer_id JOIN customers c ON c.id = t.customer_id \
                     WHERE t.number = $1"
                ),
                params![first + i64::try_from(drawn)?],
            )
            .await?;
        let Some(drawn) = drawn else { continue };
        let Some((message, ticket)) = threads_of(&mut tx, &drawn, nth).await? else {
            continue;
        };
        let token = world.token();
        tx.exec(
            sql!(
                "INSERT INTO sessions (id, token_hash, user_id, customer_id, created_at, seen_at, fresh_until, user_agent, network) \
                 VALUES ($1, $2, $3, $4, $5, $5, $6, 'bench', '127.0.0.0/24')"
            ),
            params![world.uuid(), web::token_hash(&token), drawn.user, drawn.customer, now, now + Duration::from_secs(600)],
        )
        .await?;
        let word = match nth % 3 {
            0 => format!("K-{}", drawn.number),
            1 => drawn.last_name.chars().take(4).collect(),
            _ => drawn.billing_email.chars().take(9).collect(),
        };
        visitors.push(Visitor {
            token,
            message,
            ticket,
            customer: drawn.customer,
            desk: desk.clone(),
            word: typed(&word),
            narrow: pick(&NARROW, nth),
            said: typed(&said(nth, threads, &drawn.last_name)),
            article: pick(&slugs, nth).to_owned(),
            question: typed(pick(&QUESTIONS, nth)),
        });
    }
    tx.commit().await?;
    Ok(visitors)
}

/// A message and a ticket of the customer, other ones for each `nth`.
async fn threads_of(tx: &mut Tx, drawn: &Drawn, nth: u64) -> Result<Option<(Uuid, Uuid)>> {
    let stmt = sql!(
        (Uuid, bool),
        "SELECT id, (kind = 'message') AS message FROM tickets WHERE customer_id = $1 ORDER BY id"
    );
    let all = tx.all(stmt, params![drawn.customer]).await?;
    let one = |message| {
        let of: Vec<Uuid> = all
            .iter()
            .filter(|(_, is)| *is == message)
            .map(|(id, _)| *id)
            .collect();
        let own = of.iter().find(|id| **id == drawn.thread).copied();
        let other = nth.checked_rem(of.len() as u64);
        own.or_else(|| of.get(usize::try_from(other?).ok()?).copied())
    };
    Ok(one(true).zip(one(false)))
}

kernel::row! {
    struct Drawn {
        thread: Uuid,
        customer: CustomerId,
        user: UserId,
        number: i64,
        last_name: String,
        billing_email: String,
    }
}

/// Somebody of the administration, signed in.
async fn at_desk(tx: &mut Tx, world: &World) -> Result<String> {
    let ctx = Ctx::system(world);
    let email = Email::parse(CLERK).ok().context("an address")?;
    let known = identity::staff::by_email(tx, &email).await?;
    let staff = known.context("somebody at the desk")?.id;
    let info = web::Info::unsent("bench");
    let token = identity::staff::open_session(tx, &ctx, staff, &info, true).await?;
    Ok(token.expose().to_owned())
}

/// Marks all sessions as just used. The server writes a use down once a minute; which page that falls on would be
/// chance.
pub async fn refresh(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    let now = World::system().now();
    tx.exec(sql!("UPDATE sessions SET seen_at = $1"), params![now])
        .await?;
    tx.exec(sql!("UPDATE staff_sessions SET seen_at = $1"), params![now])
        .await?;
    Ok(tx.commit().await?)
}
