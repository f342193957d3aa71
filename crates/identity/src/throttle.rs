//! Growing delays after failed tries; in the database, so that they hold over restarts and nodes.
//!
//! The key's first word says which rule holds: `account:<id>` and `network:<net>:<what>` for sign-in and codes,
//! `device:<id>` for both in a browser that is known, `passkey-network:<net>` for questions to nobody in particular,
//! `mail:<email>`, `mail:reset:<email>` and `mail-network:<net>` for mails that anybody can cause, `feedback:<net>` for
//! what readers say, `ticket:<email>` and `ticket-network:<net>` for tickets of people who are not signed in,
//! `ticket-people:<customer>` for addresses that customers let into tickets, `desk:<email>` for sign-ins of staff from everywhere together.

use db::{Result, Tx, params, sql};
use kernel::{CustomerId, Email, Moment};
use std::time::Duration;
use web::Fault;

const HOUR: Duration = Duration::from_secs(3600);
/// The first delay, which doubles up to [`LONGEST`].
pub const FIRST: Duration = Duration::from_secs(2);
pub const LONGEST: Duration = Duration::from_secs(900);

/// What holds for one kind of key.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// So many tries cost nothing.
    pub free: i64,
    /// The free tries begin anew after this time.
    pub window: Duration,
    /// Doubling delays after that, forgotten an hour after the last try; otherwise nothing more in this window.
    pub doubling: bool,
}

/// The rule of a key, or of its first word.
pub fn rule(key: &str) -> Rule {
    match key.split(':').next() {
        Some("mail") => Rule {
            free: 3,
            window: HOUR,
            doubling: false,
        },
        Some("mail-network") => Rule {
            free: 20,
            window: HOUR,
            doubling: false,
        },
        Some("ticket") => Rule {
            free: 5,
            window: HOUR,
            doubling: false,
        },
        Some("ticket-network") => Rule {
            free: 20,
            window: HOUR,
            doubling: false,
        },
        Some("ticket-people") => Rule {
            free: 40,
            window: HOUR,
            doubling: false,
        },
        Some("feedback") => Rule {
            free: 20,
            window: HOUR,
            doubling: false,
        },
        Some("desk") => Rule {
            free: 100,
            window: HOUR,
            doubling: true,
        },
        Some("passkey-network") => Rule {
            free: 200,
            window: Duration::from_secs(600),
            doubling: false,
        },
        Some("network") => Rule {
            free: 20,
            window: Duration::from_secs(600),
            doubling: true,
        },
        _ => Rule {
            free: 5,
            window: HOUR,
            doubling: true,
        },
    }
}

kernel::row! {
    struct Row { tries: i64, since: Moment, until: Moment, last_at: Moment }
}

async fn read(tx: &mut Tx, key: &str) -> Result<Option<Row>> {
    let stmt = sql!(
        Row,
        "SELECT tries, since, until, last_at FROM throttles WHERE key = $1"
    );
    tx.opt(stmt, params![key]).await
}

// what still counts of earlier tries
fn live(row: Option<Row>, rule: Rule, now: Moment) -> Option<Row> {
    row.filter(|row| {
        if rule.doubling && row.tries >= rule.free {
            now.since(row.last_at) < HOUR
        } else {
            now.since(row.since) < rule.window
        }
    })
}

/// Whether a try is allowed now; if not, after which time. Check once more in the transaction that notes the
/// outcome: of many tries at once only the free ones get an answer.
pub async fn check(
    tx: &mut Tx,
    now: Moment,
    key: &str,
) -> Result<std::result::Result<(), Duration>> {
    let row = live(read(tx, key).await?, rule(key), now);
    Ok(match row {
        Some(row) if row.until > now => Err(row.until.since(now)),
        _ => Ok(()),
    })
}

/// Notes a failed try, or a mail that goes out. Must be committed although the answer is an error page.
pub async fn fail(tx: &mut Tx, now: Moment, key: &str) -> Result<()> {
    let rule = rule(key);
    let before = live(read(tx, key).await?, rule, now);
    let tries = before.as_ref().map_or(0, |row| row.tries) + 1;
    let since = before.as_ref().map_or(now, |row| row.since);
    let until = match tries - rule.free {
        over if over < 0 => now,
        over if rule.doubling => now + delay(over),
        _ => since + rule.window,
    };
    let stmt = sql!(
        "INSERT INTO throttles (key, tries, since, until, last_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (key) DO UPDATE SET tries = excluded.tries, since = excluded.since, until = excluded.until, \
         last_at = excluded.last_at"
    );
    tx.exec(stmt, params![key, tries, since, until, now])
        .await
        .map(drop)
}

fn delay(over: i64) -> Duration {
    let doublings = u32::try_from(over).unwrap_or(u32::MAX).min(16);
    FIRST
        .saturating_mul(2u32.saturating_pow(doublings))
        .min(LONGEST)
}

/// Counts a mail that anybody can cause, to any address; `false` when it must not go out.
pub async fn mail(tx: &mut Tx, now: Moment, to: &Email, network: &str) -> Result<bool> {
    counted(
        tx,
        now,
        &[format!("mail:{to}"), format!("mail-network:{network}")],
    )
    .await
}

/// As [`mail`], of the address alone.
pub async fn mail_to(tx: &mut Tx, now: Moment, to: &Email) -> Result<bool> {
    counted(tx, now, &[format!("mail:{to}")]).await
}

/// As [`mail_to`], of mails that bring a new password: what strangers cause in other ways must not use these up.
pub async fn reset_mail_to(tx: &mut Tx, now: Moment, to: &Email) -> Result<bool> {
    counted(tx, now, &[format!("mail:reset:{to}")]).await
}

/// As [`mail`], of the network alone: while nobody knows yet whether a mail goes out.
pub async fn mail_of_network(tx: &mut Tx, now: Moment, network: &str) -> Result<bool> {
    counted(tx, now, &[format!("mail-network:{network}")]).await
}

/// Counts a ticket of somebody who is not signed in; if there were too many, after which time the next may come.
pub async fn ticket(
    tx: &mut Tx,
    now: Moment,
    from: &Email,
    network: &str,
) -> Result<std::result::Result<(), Duration>> {
    let keys = [
        format!("ticket:{from}"),
        format!("ticket-network:{network}"),
    ];
    for key in &keys {
        if let Err(wait) = check(tx, now, key).await? {
            return Ok(Err(wait));
        }
    }
    for key in &keys {
        fail(tx, now, key).await?;
    }
    Ok(Ok(()))
}

/// Counts addresses that a customer lets into a ticket, who get mails then; if there were too many, after which time
/// more may come.
pub async fn ticket_people(
    tx: &mut Tx,
    now: Moment,
    customer: CustomerId,
    addresses: usize,
) -> Result<std::result::Result<(), Duration>> {
    let key = format!("ticket-people:{customer}");
    if let Err(wait) = check(tx, now, &key).await? {
        return Ok(Err(wait));
    }
    for _ in 0..addresses {
        fail(tx, now, &key).await?;
    }
    Ok(Ok(()))
}

async fn counted(tx: &mut Tx, now: Moment, keys: &[String]) -> Result<bool> {
    for key in keys {
        if check(tx, now, key).await?.is_err() {
            return Ok(false);
        }
    }
    for key in keys {
        fail(tx, now, key).await?;
    }
    Ok(true)
}

/// What to say to somebody who has to wait.
pub fn fault(wait: Duration) -> Fault {
    match wait.as_secs().max(1) {
        seconds @ 0..120 => Fault::key("fault-wait").arg("seconds", seconds as i64),
        seconds => Fault::key("fault-wait-long").arg("minutes", seconds.div_ceil(60) as i64),
    }
}

/// Forgets the failed tries of an account. Never for a network: whoever has one account there would free all tries.
pub async fn succeed(tx: &mut Tx, key: &str) -> Result<()> {
    tx.exec(sql!("DELETE FROM throttles WHERE key = $1"), params![key])
        .await
        .map(drop)
}
