//! Mails handed in by LMTP, as a mail server does: the same bytes again until the server says that it has them.

use crate::notes::Notes;
use crate::place::BORDER;
use crate::write::{BREATH, MARK, PATIENCE, RAW};
use anyhow::{Result, bail};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// So many mails make one conversation: the first opens a ticket, the others answer it.
const EACH: usize = 3;
/// Mails are taken far faster than they are looked at, and each is looked for at the end.
const PAUSE: Duration = Duration::from_millis(200);
/// An answer that takes longer is one that never comes.
const SILENCE: Duration = Duration::from_secs(10);

/// One mail, however often the server goes away meanwhile. What the server has said 250 to is promised.
pub async fn one(lmtp: SocketAddr, notes: &Notes, (who, nth): (usize, usize)) -> Result<()> {
    let mark = format!("{MARK}{who}-{nth}");
    let (from, raw) = mail(who, nth);
    notes.sent(&mark, &from)?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let handed = tokio::time::timeout(SILENCE, hand_in(lmtp, &from, &raw)).await;
        match handed {
            Ok(Ok(250)) => {
                notes.promised(&mark)?;
                tokio::time::sleep(PAUSE).await;
                return Ok(());
            }
            Ok(Ok(code @ 400..500)) => notes.again(&mark, code)?,
            Ok(Ok(code)) => bail!("{mark}: {code}"),
            Ok(Err(_)) | Err(_) => notes.again(&mark, 0)?,
        }
        tokio::time::sleep(BREATH).await;
    }
    bail!("{mark}: no answer within {} s", PATIENCE.as_secs())
}

/// Its sender and its bytes. The mark stands in the text in such a way that only who has read the mail writes it.
fn mail(who: usize, nth: usize) -> (String, String) {
    let first = nth - nth % EACH;
    let from = format!("gast{who}-{first}@laden.example");
    let answers = match nth - first {
        0 => String::new(),
        _ => format!("In-Reply-To: <{who}-{first}@laden.example>\r\n"),
    };
    let hidden = MARK.replace('P', "=50");
    let raw = format!(
        "Authentication-Results: {BORDER}; dmarc=pass header.from=laden.example\r\nX-Step: {RAW}{who}-{nth}\r\n\
         From: {from}\r\nTo: support@probe.example\r\nSubject: Frage\r\nMessage-ID: <{who}-{nth}@laden.example>\r\n{answers}\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         {hidden}{who}-{nth}\r\n"
    );
    (from, raw)
}

/// The last code that the server gave.
async fn hand_in(lmtp: SocketAddr, from: &str, raw: &str) -> std::io::Result<u16> {
    let line = TcpStream::connect(lmtp).await?;
    let (read, mut write) = line.into_split();
    let mut read = BufReader::new(read);
    let mut code = answer(&mut read).await?;
    for said in [
        "LHLO mx.probe.example",
        &format!("MAIL FROM:<{from}>"),
        "RCPT TO:<support@probe.example>",
        "DATA",
        &format!("{raw}."),
    ] {
        if code >= 400 {
            return Ok(code);
        }
        write.write_all(format!("{said}\r\n").as_bytes()).await?;
        code = answer(&mut read).await?;
    }
    Ok(code)
}

async fn answer(read: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<u16> {
    loop {
        let mut line = String::new();
        read.read_line(&mut line).await?;
        let code = line.get(..3).and_then(|code| code.parse().ok());
        match (code, line.as_bytes().get(3)) {
            (Some(_), Some(b'-')) => {}
            (Some(code), _) if line.ends_with('\n') => return Ok(code),
            // cut on its way
            _ => return Err(std::io::ErrorKind::UnexpectedEof.into()),
        }
    }
}
