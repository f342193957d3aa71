//! People who write without a pause: addresses and messages over HTTP, mails over LMTP, each until it is answered.

use crate::mails;
use crate::notes::Notes;
use crate::place::Plan;
use anyhow::{Context, Result, bail};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use testkit::{Client, PageForm};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// How every text of ours begins.
pub const MARK: &str = "Probe-";
/// What stands in a mail as it comes in, and nowhere in what becomes of it; there, [`MARK`] stands in clear and not before.
pub const RAW: &str = "Ankunft-";
/// The address book takes no more than a hundred.
const ADDRESSES: usize = 90;
/// A server that is away is asked again after this time; for longer than [`PATIENCE`] it is not waited for.
pub(crate) const BREATH: Duration = Duration::from_millis(15);
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Writes until the standard input ends.
pub async fn until_told(plan: &Path, notes: &Path) -> Result<()> {
    let plan = Plan::read(plan)?;
    let notes = Arc::new(Notes::open(notes)?);
    let enough = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for (nth, writer) in plan.writers.iter().enumerate() {
        let mut client = plan.client(writer).await;
        let (notes, enough) = (notes.clone(), enough.clone());
        writers.spawn(async move {
            let mut written = 0;
            while !enough.load(Ordering::Relaxed) {
                let mark = format!("{MARK}{nth}-{written}");
                let what = match written % 3 {
                    0 if written / 3 < ADDRESSES => What::Address,
                    _ => What::Message,
                };
                one(&mut client, &notes, what, &mark).await?;
                written += 1;
            }
            anyhow::Ok(())
        });
    }
    for nth in 0..plan.mailers {
        let (notes, enough, lmtp) = (notes.clone(), enough.clone(), plan.lmtp);
        let before = plan.writers.len();
        writers.spawn(async move {
            let mut written = 0;
            while !enough.load(Ordering::Relaxed) {
                mails::one(lmtp, &notes, (before + nth, written)).await?;
                written += 1;
            }
            anyhow::Ok(())
        });
    }
    let (tell, told) = oneshot::channel();
    // a thread of its own, for which nobody waits at the end
    std::thread::spawn(move || {
        let ended = std::io::stdin().read_to_end(&mut Vec::new());
        tell.send(ended)
    });
    tokio::select! {
        told = told => drop(told??),
        // nobody stops by himself but for a fault
        Some(ended) = writers.join_next() => ended??,
    }
    enough.store(true, Ordering::Relaxed);
    while let Some(ended) = writers.join_next().await {
        ended??;
    }
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum What {
    Address,
    Message,
}

impl What {
    /// The form's page, a field of it, and what is filled in.
    fn form(self, mark: &str) -> (&'static str, &'static str, Vec<(&'static str, &str)>) {
        match self {
            What::Address => (
                "/konto/adressen/neu",
                "street",
                vec![
                    ("street", mark),
                    ("first_name", "Paula"),
                    ("last_name", "Probe"),
                    ("postcode", "24105"),
                    ("town", "Kiel"),
                    ("country", "DE"),
                ],
            ),
            What::Message => ("/nachrichten/neu", "text", vec![("text", mark)]),
        }
    }
}

/// One form, from its page to its answer, however often the server goes away meanwhile.
async fn one(client: &mut Client, notes: &Notes, what: What, mark: &str) -> Result<()> {
    let (path, field, fill) = what.form(mark);
    let form = page(client, path, field).await?;
    let key = form.fields.iter().find(|(name, _)| name == "key");
    let (_, key) = key.context("the form has no key")?;
    notes.sent(mark, key)?;
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let answer = client.send_form(&form, &fill).await;
        match answer.status.as_u16() {
            303 if answer.location().starts_with("/anmelden") => bail!("{mark}: signed out"),
            303 => return notes.promised(mark),
            away @ (502 | 503) => {
                notes.again(mark, away)?;
                tokio::time::sleep(BREATH).await;
            }
            other => bail!("{mark}: {other} {}", answer.text()),
        }
    }
    bail!("{mark}: no answer within {} s", PATIENCE.as_secs())
}

async fn page(client: &mut Client, path: &str, field: &str) -> Result<PageForm> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let answer = client.send("GET", path, None).await;
        match answer.status.as_u16() {
            200 => return Ok(answer.form_with(field)),
            502 | 503 => tokio::time::sleep(BREATH).await,
            other => bail!("{path}: {other} {} {}", answer.location(), answer.text()),
        }
    }
    bail!("{path}: no answer within {} s", PATIENCE.as_secs())
}
