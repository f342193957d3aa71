//! Whether time tells who is known: sign-in, registration and forgotten password, each for people who exist and for
//! people who do not, in random order, compared by Welch's t.

use crate::http::Connection;
use crate::place::Place;
use crate::population::Size;
use crate::process::{Process, free_address};
use anyhow::{Context, Result, bail};
use db::{Db, params, sql};
use kernel::{Secret, World};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;

/// People of the database; each is asked for once.
const PEOPLE: u64 = 1_100;
/// Asked for before anything counts.
const WARM: u64 = 50;
/// Beyond this the two kinds differ: one chance in 100,000 that equal ones do.
const LIMIT: f64 = 4.5;

pub struct Options {
    /// The server's program.
    pub tresen: PathBuf,
    /// Where databases are kept.
    pub folder: PathBuf,
    /// Of each kind.
    pub samples: u64,
    /// An empty database of a PostgreSQL server, in place of one below the folder.
    pub database: Option<String>,
}

/// A form that anybody can send about somebody.
struct Door {
    name: &'static str,
    path: &'static str,
    /// The field that names the person.
    who: &'static [&'static str],
    others: &'static [(&'static str, &'static str)],
    /// What it answers, known or not.
    status: u16,
}

const DOORS: [Door; 3] = [
    Door {
        name: "sign-in",
        path: "/anmelden",
        who: &["login"],
        others: &[("password", "ein falsches Passwort")],
        status: 422,
    },
    Door {
        name: "register",
        path: "/registrieren",
        who: &["email"],
        others: &[
            ("first_name", "Wiebke"),
            ("last_name", "Hansen"),
            ("consent", "on"),
        ],
        status: 303,
    },
    Door {
        name: "reset",
        path: "/passwort",
        who: &["login", "email", "who"],
        others: &[],
        status: 303,
    },
];

pub async fn run(options: &Options) -> Result<()> {
    let samples = options.samples.min(PEOPLE - WARM);
    let size = Size::new(PEOPLE, 4 * PEOPLE);
    let place = match &options.database {
        None => Place::ready(&options.folder, size).await?,
        Some(url) => Place::on_server(&options.folder, url, size).await?,
    };
    let address = free_address()?;
    let environment = [
        ("TRESEN_HTTP__LISTEN", address.to_string()),
        ("TRESEN_HTTP__PUBLIC_URL", format!("http://{address}")),
        // every sample comes from a network of its own, so that no throttle takes part
        ("TRESEN_HTTP__TRUSTED_PROXIES", "127.0.0.0/8".to_owned()),
    ];
    let config = place.config_file();
    let config = config.to_str().context("the folder's name is text")?;
    let args = ["--config", config, "serve"];
    give_passwords(&place.db).await?;
    let server =
        Process::start(&options.tresen, &args, &environment, address, &place.log()).await?;
    println!("\n{samples} samples of each kind in random order, ms from sending to the last byte");
    println!(
        "{:<10} {:>10} {:>10} {:>10} {:>10} {:>8}  |t| < {LIMIT}",
        "", "known", "unknown", "median", "median", "t"
    );
    let mut missed = Vec::new();
    for door in &DOORS {
        forget(&place.db).await?;
        match measure(server.address, door, samples).await? {
            None => println!("{:<10} no such page", door.name),
            Some([known, unknown]) => {
                let t = welch(&known, &unknown);
                let held = t.abs() < LIMIT;
                println!(
                    "{:<10} {:>10.3} {:>10.3} {:>10.3} {:>10.3} {t:>8.2}  {}",
                    door.name,
                    mean(&known),
                    mean(&unknown),
                    median(&known),
                    median(&unknown),
                    if held { "held" } else { "missed" }
                );
                missed.extend((!held).then_some(door.name));
            }
        }
    }
    forget(&place.db).await?;
    if missed.is_empty() {
        Ok(())
    } else {
        bail!("time tells who is known: {}", missed.join(", "))
    }
}

/// Everybody gets the same password: only the work of checking one counts.
async fn give_passwords(db: &Db) -> Result<()> {
    let password = Secret::new("Leuchtturm-am-Deich-1887");
    let hash = identity::Hasher::new().hash(&password).await?;
    let mut tx = db.begin().await?;
    tx.exec(
        sql!(
            "INSERT INTO passwords (user_id, hash, changed_at) SELECT id, $1, $2 FROM users WHERE TRUE \
             ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash"
        ),
        params![hash, World::system().now()],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// What an earlier run left behind would count.
async fn forget(db: &Db) -> Result<()> {
    let mut tx = db.begin().await?;
    tx.exec(sql!("DELETE FROM throttles"), params![]).await?;
    Ok(tx.commit().await?)
}

/// Milliseconds for known and for unknown people.
async fn measure(server: SocketAddr, door: &Door, samples: u64) -> Result<Option<[Vec<f64>; 2]>> {
    let mut connection = Connection::open(server).await?;
    let mut times = [Vec::new(), Vec::new()];
    for (nth, (kind, person)) in order(samples).into_iter().enumerate() {
        let host = if kind == 0 { "weserpost" } else { "unbekannt" };
        let who = format!("person{person}@{host}.example");
        let network = format!("10.{}.{}.7", nth / 250 + 1, nth % 250);
        let Some(form) = Form::open(&mut connection, server, door, &network).await? else {
            return Ok(None);
        };
        let request = form.request(server, door, &who, &network);
        let began = Instant::now();
        let answer = connection.ask(&request).await?;
        let took = began.elapsed();
        if answer.status != door.status {
            bail!(
                "{} for {who}: {} instead of {}\n{}",
                door.name,
                answer.status,
                door.status,
                String::from_utf8_lossy(connection.body())
            );
        }
        if person >= WARM
            && let Some(list) = times.get_mut(kind)
        {
            list.push(took.as_secs_f64() * 1e3);
        }
    }
    Ok(Some(times))
}

/// Kind (0 known, 1 unknown) and number of each person: the first to warm up, then all in random order.
fn order(samples: u64) -> Vec<(usize, u64)> {
    let world = World::system();
    let pairs = |range: std::ops::Range<u64>| range.flat_map(|person| [(0, person), (1, person)]);
    let mut late: Vec<([u8; 8], (usize, u64))> = pairs(WARM..WARM + samples)
        .map(|pair| (world.bytes(), pair))
        .collect();
    late.sort_unstable();
    pairs(0..WARM)
        .chain(late.into_iter().map(|(_, pair)| pair))
        .collect()
}

/// What the page hands out for the form's sending.
struct Form {
    cookies: String,
    csrf: String,
    key: String,
    who: &'static str,
}

impl Form {
    async fn open(
        connection: &mut Connection,
        server: SocketAddr,
        door: &Door,
        network: &str,
    ) -> Result<Option<Self>> {
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {server}\r\nUser-Agent: bench\r\nAccept-Language: de\r\nX-Forwarded-For: {network}\r\n\r\n",
            door.path
        );
        let answer = connection.ask(request.as_bytes()).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let head = connection.head();
        let cookies: Vec<&str> = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            .filter_map(|(_, value)| value.trim().split(';').next())
            .collect();
        let page = String::from_utf8_lossy(connection.body()).into_owned();
        let named = |name: &&&str| page.contains(&format!("name=\"{name}\""));
        Ok(Some(Form {
            cookies: cookies.join("; "),
            csrf: hidden(&page, "csrf").context("a form token")?,
            key: hidden(&page, "key").unwrap_or_default(),
            who: door.who.iter().find(named).context("a field for a name")?,
        }))
    }

    fn request(&self, server: SocketAddr, door: &Door, who: &str, network: &str) -> Vec<u8> {
        let own = [
            ("csrf", self.csrf.as_str()),
            ("key", self.key.as_str()),
            (self.who, who),
        ];
        let pairs: Vec<String> = own
            .iter()
            .chain(door.others)
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let body = pairs.join("&");
        format!(
            "POST {} HTTP/1.1\r\nHost: {server}\r\nUser-Agent: bench\r\nAccept-Language: de\r\nX-Forwarded-For: {network}\r\n\
             Cookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            door.path,
            self.cookies,
            body.len()
        )
        .into_bytes()
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split('"').next()?.to_owned())
}

fn mean(times: &[f64]) -> f64 {
    times.iter().sum::<f64>() / times.len() as f64
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Of the mean.
fn squared_error(times: &[f64]) -> f64 {
    let mean = mean(times);
    let squares: f64 = times.iter().map(|time| (time - mean).powi(2)).sum();
    squares / (times.len() as f64 - 1.0) / times.len() as f64
}

/// Welch's t: how many standard errors lie between the means.
fn welch(a: &[f64], b: &[f64]) -> f64 {
    (mean(a) - mean(b)) / (squared_error(a) + squared_error(b)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{WARM, hidden, order, welch};
    use std::collections::BTreeSet;

    #[test]
    fn a_difference_is_seen_and_noise_is_not() {
        // ± 10 % around the same time, and 2 % more
        let noise = |n: u32| f64::from((n * 7_919) % 201) / 1000.0 + 0.9;
        let known: Vec<f64> = (0..1000).map(noise).collect();
        let unknown: Vec<f64> = (500..1500).map(noise).collect();
        let late: Vec<f64> = unknown.iter().map(|time| time + 0.02).collect();
        assert!(welch(&known, &unknown).abs() < 4.5);
        assert!(welch(&known, &late) < -4.5);
        let sum = welch(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]);
        assert!((sum + 1.549).abs() < 0.001, "{sum}");
    }

    #[test]
    fn everybody_is_asked_for_once_and_in_no_order() {
        let all = order(100);
        assert_eq!(all.len() as u64, 2 * (100 + WARM));
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(!all.is_sorted());
    }

    #[test]
    fn hidden_fields_are_read() {
        let page =
            "<input type=\"hidden\" name=\"csrf\" value=\"a.b\"><input name=\"key\" value=\"\">";
        assert_eq!(hidden(page, "csrf").as_deref(), Some("a.b"));
        assert_eq!(hidden(page, "key").as_deref(), Some(""));
        assert_eq!(hidden(page, "other"), None);
    }
}
