//! How fast mails become tickets: a server takes them by LMTP, looks at each, answers guests through a mail server that
//! takes everything. New ones and answers to earlier ones are mixed, every tenth has a file.

use crate::place::Place;
use crate::population::Size;
use crate::process::{Process, free_address};
use crate::seed;
use anyhow::{Context, Result, ensure};
use db::{Db, params, sql};
use kernel::World;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Mails of the first wave, which the second one answers in its half.
const FIRST: u64 = 500;
const SECOND: u64 = 1_000;
const CONNECTIONS: u64 = 4;
/// Until everything that a wave causes is done.
const PATIENCE: Duration = Duration::from_secs(300);
const LOOK: Duration = Duration::from_millis(50);

/// What the second wave showed.
#[derive(Debug, Clone, Copy)]
pub struct Inbound {
    pub mails: u64,
    /// Mails a second until all were stored, stood in a ticket, and had everything done that follows.
    pub stored: f64,
    pub taken: f64,
    pub followed: f64,
    /// Milliseconds of the server's time for one of them, all that follows included.
    pub cpu_ms: f64,
}

/// Measures with a small database of its own, made anew each time.
pub async fn run(tresen: &Path, folder: &Path) -> Result<Inbound> {
    let place = Place::anew(folder, "lmtp", Size::new(1_000, 10_000)).await?;
    let out = TcpListener::bind("127.0.0.1:0").await?;
    let way_out = out.local_addr()?;
    let _sink = Sink(tokio::spawn(take_all(out)));
    let (address, lmtp) = (free_address()?, free_address()?);
    let environment = [
        ("TRESEN_HTTP__LISTEN", address.to_string()),
        ("TRESEN_HTTP__PUBLIC_URL", format!("http://{address}")),
        ("TRESEN_MAIL__SMTP", format!("smtp://{way_out}?tls=none")),
        ("TRESEN_MAIL__FROM", "support@nordlicht.example".to_owned()),
        (
            "TRESEN_MAIL__REPLY_ADDRESS",
            "support+{token}@nordlicht.example".to_owned(),
        ),
        ("TRESEN_MAIL__LMTP_LISTEN", lmtp.to_string()),
        ("TRESEN_MAIL__AUTHSERV_ID", "mx.bench".to_owned()),
    ];
    let config = place.config_file();
    let config = config.to_str().context("the folder's name is text")?;
    let args = ["--config", config, "serve"];
    let server = Process::start(tresen, &args, &environment, address, &place.log()).await?;
    wave(&place.db, lmtp, 0..FIRST).await?;
    let before = server.cpu()?;
    let times = wave(&place.db, lmtp, FIRST..FIRST + SECOND).await?;
    let cpu = server.cpu()? - before;
    let seen = seen(&place.db).await?;
    let (tickets, answers) = (FIRST + SECOND / 2, SECOND / 2);
    ensure!(
        (seen.opened, seen.joined, seen.others)
            == (i64::try_from(tickets)?, i64::try_from(answers)?, 0),
        "{tickets} tickets and {answers} answers were to come, but: {seen:?}"
    );
    let rate = |time: Duration| SECOND as f64 / time.as_secs_f64();
    Ok(Inbound {
        mails: SECOND,
        stored: rate(times.stored),
        taken: rate(times.taken),
        followed: rate(times.followed),
        cpu_ms: cpu.as_secs_f64() * 1e3 / SECOND as f64,
    })
}

struct Times {
    stored: Duration,
    taken: Duration,
    followed: Duration,
}

async fn wave(db: &Db, lmtp: SocketAddr, mails: std::ops::Range<u64>) -> Result<Times> {
    let all = mails.end;
    let began = Instant::now();
    let mut sessions = JoinSet::new();
    for nth in 0..CONNECTIONS {
        let own: Vec<u64> = mails.clone().filter(|n| n % CONNECTIONS == nth).collect();
        sessions.spawn(hand_over(lmtp, own));
    }
    while let Some(done) = sessions.join_next().await {
        done??;
    }
    let stored = began.elapsed();
    let mut taken = None;
    loop {
        let seen = seen(db).await?;
        let settled = seen.opened + seen.joined + seen.others;
        if taken.is_none() && settled == i64::try_from(all)? {
            taken = Some(began.elapsed());
        }
        if let Some(taken) = taken.filter(|_| seen.due == 0) {
            let followed = began.elapsed();
            return Ok(Times {
                stored,
                taken,
                followed,
            });
        }
        ensure!(began.elapsed() < PATIENCE, "mails wait: {seen:?}");
        tokio::time::sleep(LOOK).await;
    }
}

kernel::row! {
    #[derive(Debug)]
    struct Seen {
        opened: i64,
        joined: i64,
        // neither, but not waiting
        others: i64,
        // jobs to be done now
        due: i64,
    }
}

async fn seen(db: &Db) -> Result<Seen> {
    let stmt = sql!(
        Seen,
        "SELECT CAST(coalesce(sum(CASE WHEN state = 'done' AND opened THEN 1 ELSE 0 END), 0) AS BIGINT) AS opened, \
         CAST(coalesce(sum(CASE WHEN state = 'done' AND NOT opened THEN 1 ELSE 0 END), 0) AS BIGINT) AS joined, \
         CAST(coalesce(sum(CASE WHEN state NOT IN ('new', 'done') THEN 1 ELSE 0 END), 0) AS BIGINT) AS others, \
         CAST((SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running') AND run_at <= $1) AS BIGINT) AS due FROM inbound_mails"
    );
    let mut tx = db.read().await?;
    Ok(tx.one(stmt, params![World::system().now()]).await?)
}

/// One session: each mail is handed over when the one before is stored.
async fn hand_over(to: SocketAddr, mails: Vec<u64>) -> Result<()> {
    let mut line = Line::open(to).await?;
    line.expect("220").await?;
    line.say("LHLO bench", "250").await?;
    for n in mails {
        let mail = Mail::of(n);
        line.say(&format!("MAIL FROM:<{}>", mail.from), "250")
            .await?;
        line.say("RCPT TO:<support@nordlicht.example>", "250")
            .await?;
        line.say("DATA", "354").await?;
        line.say(&format!("{}\r\n.", mail.raw), "250").await?;
    }
    line.say("QUIT", "221").await
}

struct Line {
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

impl Line {
    async fn open(to: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        let read = BufReader::new(read);
        Ok(Line { read, write })
    }

    async fn say(&mut self, text: &str, wanted: &str) -> Result<()> {
        self.write
            .write_all(format!("{text}\r\n").as_bytes())
            .await?;
        self.expect(wanted).await
    }

    async fn expect(&mut self, wanted: &str) -> Result<()> {
        loop {
            let mut line = String::new();
            let read = tokio::time::timeout(PATIENCE, self.read.read_line(&mut line)).await??;
            ensure!(read > 0, "the server closed the LMTP session");
            ensure!(line.starts_with(wanted), "LMTP: {}", line.trim_end());
            if line.get(3..4) != Some("-") {
                return Ok(());
            }
        }
    }
}

struct Mail {
    from: String,
    raw: String,
}

impl Mail {
    /// The `n`th mail; of the second wave every other answers one of the first, and comes from whom that came from.
    fn of(n: u64) -> Mail {
        let answers = (n >= FIRST && n.is_multiple_of(2)).then(|| (n - FIRST) / 2);
        let from = format!("guest{}@post.example", answers.unwrap_or(n));
        let about = answers.unwrap_or(n);
        let subject = format!("Frage zu {}", seed::host(about));
        let (subject, thread) = match answers {
            None => (subject, String::new()),
            Some(first) => (
                format!("Re: {subject}"),
                format!(
                    "In-Reply-To: <bench-{first}@post.example>\r\nReferences: <bench-{first}@post.example>\r\n"
                ),
            ),
        };
        let mut text = seed::said(n).replace('\n', "\r\n");
        if answers.is_some() {
            let said = seed::said(about).replace('\n', "\r\n> ");
            text = format!("{text}\r\n\r\nAm 12.11.2025 um 10:14 schrieb Nordlicht:\r\n> {said}");
        }
        let head = format!(
            "Authentication-Results: mx.bench; dmarc=pass header.from=post.example\r\nFrom: \"Gast {about}\" <{from}>\r\n\
             To: support@nordlicht.example\r\nSubject: {subject}\r\nDate: Wed, 12 Nov 2025 11:14:00 +0100\r\n\
             Message-ID: <bench-{n}@post.example>\r\n{thread}MIME-Version: 1.0\r\n"
        );
        let plain =
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n";
        let raw = if n % 10 == 3 {
            let file = format!("{n} 2025-11-12 10:13:59 502 Bad Gateway\r\n").repeat(500);
            format!(
                "{head}Content-Type: multipart/mixed; boundary=\"part-{n}\"\r\n\r\n--part-{n}\r\n{plain}\r\n{text}\r\n--part-{n}\r\n\
                 Content-Type: text/plain; name=\"protokoll.txt\"\r\nContent-Disposition: attachment; filename=\"protokoll.txt\"\r\n\r\n\
                 {file}\r\n--part-{n}--\r\n"
            )
        } else {
            format!("{head}{plain}\r\n{text}\r\n")
        };
        Mail { from, raw }
    }
}

/// A mail server that takes everything, ended with the run.
struct Sink(tokio::task::JoinHandle<()>);

impl Drop for Sink {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn take_all(listener: TcpListener) {
    let mut sessions = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        sessions.spawn(take_session(stream));
    }
}

async fn take_session(stream: TcpStream) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut data = false;
    write.write_all(b"220 bench\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        if data && line != "." {
            continue;
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        data = verb == "DATA";
        let answer: &[u8] = match verb.as_str() {
            "DATA" => b"354 go on\r\n",
            "EHLO" => b"250-bench\r\n250 8BITMIME\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_from_whom_the_first_mail_came() {
        let (first, answer) = (Mail::of(7), Mail::of(FIRST + 14));
        assert_eq!(first.from, answer.from);
        assert!(first.raw.contains("Message-ID: <bench-7@"));
        assert!(answer.raw.contains("In-Reply-To: <bench-7@"));
        assert_ne!(Mail::of(FIRST + 15).from, first.from);
        assert!(Mail::of(13).raw.contains("protokoll.txt"));
    }
}
