//! Mailboxes read by IMAP. A mail is marked as seen after it is stored; what is read twice is stored once.

use crate::receive::Receiver;
use crate::store::{self, Arrived};
use async_imap::{Client, Session};
use futures_util::StreamExt;
use kernel::{Ctx, Secret};
use rustls::pki_types::CertificateDer;
use rustls::{CertificateError, Error as TlsError};
use rustls_platform_verifier::Verifier;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// How long one exchange with the server may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Without news the mailbox is read anyway: servers forget to tell.
const LOOK_AGAIN: Duration = Duration::from_secs(300);
/// Where the server cannot tell.
const POLL: Duration = Duration::from_secs(20);
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Of mails larger than we take, so much is fetched.
const BEGINNING: usize = 1024 * 1024;

/// What is wrong with the address of a mailbox. Never holds the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    #[error("begins with neither imaps:// nor imap://")]
    Scheme,
    #[error("names no user: imaps://user@host/INBOX")]
    User,
    #[error("names no host")]
    Host,
    #[error("the port is not a number")]
    Port,
    #[error("the password does not belong into the address; name a file in password_file")]
    Password,
    #[error("imap:// without TLS is for this machine only; use imaps://")]
    NoTls,
}

/// A mailbox that is read.
#[derive(Debug, Clone)]
pub struct Mailbox {
    /// `imap:user@host/INBOX`, as the desk shows it.
    pub name: String,
    host: String,
    port: u16,
    tls: bool,
    user: String,
    password: Secret,
    folder: String,
    /// Whom its mails are for.
    pub department: String,
    roots: Vec<CertificateDer<'static>>,
}

impl Mailbox {
    /// Who else may sign the server's certificate, beside those whom the system trusts.
    #[must_use]
    pub fn trusting(mut self, roots: Vec<CertificateDer<'static>>) -> Self {
        self.roots = roots;
        self
    }

    /// # Errors
    /// What is wrong with the address.
    pub fn new(url: &str, password: Secret, department: &str) -> Result<Self, BadUrl> {
        let (tls, rest) = match url.strip_prefix("imaps://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("imap://").ok_or(BadUrl::Scheme)?),
        };
        let (place, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = place.rsplit_once('@').ok_or(BadUrl::User)?;
        if user.is_empty() {
            return Err(BadUrl::User);
        }
        if user.contains(':') {
            return Err(BadUrl::Password);
        }
        let (host, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => match host.rsplit_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (host, None),
            },
        };
        if host.is_empty() {
            return Err(BadUrl::Host);
        }
        let usual = if tls { 993 } else { 143 };
        let port = port
            .map_or(Ok(usual), str::parse)
            .map_err(|_| BadUrl::Port)?;
        let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if !tls && !local {
            return Err(BadUrl::NoTls);
        }
        let folder = if folder.is_empty() { "INBOX" } else { folder };
        let user = user.replace("%40", "@");
        Ok(Mailbox {
            name: format!("imap:{user}@{host}/{folder}"),
            host: host.to_owned(),
            port,
            tls,
            user,
            password,
            folder: folder.to_owned(),
            department: department.to_owned(),
            roots: Vec::new(),
        })
    }
}

/// Why a session ended.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("{0}")]
    Imap(#[from] async_imap::error::Error),
    #[error("{0}")]
    Line(#[from] std::io::Error),
    #[error("{0}")]
    Certificate(String),
    #[error("TLS: {0}")]
    Tls(#[from] TlsError),
    #[error("{0}")]
    Db(#[from] db::Error),
    #[error("the server does not answer")]
    Silent,
    #[error("the server closed the connection")]
    Closed,
}

trait Line: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug> Line for T {}
type Open = Session<Box<dyn Line>>;

/// Reads the mailbox until `ending` turns true: at once when the server tells that something came, and again and again
/// when the line breaks.
pub async fn watch(mailbox: Mailbox, receiver: Receiver, mut ending: watch::Receiver<bool>) {
    let mut wait = FIRST_WAIT;
    loop {
        let mut read = 0_u64;
        let over = ending.clone();
        let ended = tokio::select! {
            ended = follow(&mailbox, &receiver, over, &mut read) => ended,
            _ = ending.wait_for(|ending| *ending) => return,
        };
        if *ending.borrow() {
            return;
        }
        if let Err(error) = ended {
            let error = error.to_string();
            tracing::warn!(mailbox = mailbox.name, error, "the mailbox cannot be read");
            note_error(&mailbox, &receiver, &error).await;
        }
        wait = if read > 0 {
            FIRST_WAIT
        } else {
            (wait * 2).min(LONGEST_WAIT)
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = ending.wait_for(|ending| *ending) => return,
        }
    }
}

/// Reads what is there now and ends.
///
/// # Errors
/// What went wrong, in words for the operator.
pub async fn once(mailbox: &Mailbox, receiver: &Receiver) -> Result<(), String> {
    let look = async {
        let mut session = connect(mailbox).await?;
        pull(mailbox, receiver, &mut session).await?;
        within(session.logout()).await
    };
    look.await.map_err(|error| error.to_string())
}

async fn note_error(mailbox: &Mailbox, receiver: &Receiver, error: &str) {
    let noted = async {
        let ctx = Ctx::system(&receiver.world);
        let mut tx = receiver.db.begin().await?;
        store::note_error(&mut tx, &ctx, &mailbox.name, error).await?;
        tx.commit().await
    };
    let noted: db::Result<()> = noted.await;
    if let Err(error) = noted {
        tracing::warn!(%error, "nor can this be noted");
    }
}

async fn follow(
    mailbox: &Mailbox,
    receiver: &Receiver,
    mut ending: watch::Receiver<bool>,
    read: &mut u64,
) -> Result<(), Ended> {
    let mut session = connect(mailbox).await?;
    let idle = within(session.capabilities()).await?.has_str("IDLE");
    loop {
        pull(mailbox, receiver, &mut session).await?;
        *read += 1;
        if idle {
            let mut handle = session.idle();
            within(handle.init()).await?;
            let (news, stop) = handle.wait_with_timeout(LOOK_AGAIN);
            tokio::select! {
                news = news => drop(news?),
                _ = ending.wait_for(|ending| *ending) => return Ok(()),
            }
            drop(stop);
            session = within(handle.done()).await?;
        } else {
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                _ = ending.wait_for(|ending| *ending) => return Ok(()),
            }
            within(session.noop()).await?;
        }
    }
}

async fn within<T, E: Into<Ended>>(work: impl Future<Output = Result<T, E>>) -> Result<T, Ended> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(Into::into),
        Err(_) => Err(Ended::Silent),
    }
}

async fn connect(mailbox: &Mailbox) -> Result<Open, Ended> {
    let stream = within(TcpStream::connect((mailbox.host.as_str(), mailbox.port))).await?;
    let line: Box<dyn Line> = if mailbox.tls {
        Box::new(secured(mailbox, stream).await?)
    } else {
        Box::new(stream)
    };
    let mut client = Client::new(line);
    within(client.read_response()).await?.ok_or(Ended::Closed)?;
    let login = client.login(&mailbox.user, mailbox.password.expose());
    let session = within(async { login.await.map_err(|(error, _)| error) }).await?;
    Ok(session)
}

async fn secured(mailbox: &Mailbox, stream: TcpStream) -> Result<impl Line + use<>, Ended> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(mailbox.roots.clone(), provider.clone())?;
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    let name = rustls::pki_types::ServerName::try_from(mailbox.host.clone())
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let connected = within(connector.connect(name, stream)).await;
    connected.map_err(|ended| match ended {
        Ended::Line(error) => match doubt(&error, &mailbox.host) {
            Some(words) => Ended::Certificate(words),
            None => Ended::Line(error),
        },
        other => other,
    })
}

/// What is wrong with the server's certificate, in words for the operator; `None` where that is not the trouble.
fn doubt(error: &std::io::Error, host: &str) -> Option<String> {
    let Some(TlsError::InvalidCertificate(why)) = error.get_ref()?.downcast_ref() else {
        return None;
    };
    Some(match why {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => format!(
            "the certificate of {host} is signed by nobody this machine trusts; where that is a CA of your own, name its file in mail.ca_file"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("the certificate that {host} shows is made out to another name ({why})")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("the certificate of {host} has expired ({why})")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!(
                "the certificate of {host} is not valid yet; look at this machine's clock ({why})"
            )
        }
        other => format!("the certificate of {host} is refused: {other}"),
    })
}

/// Stores everything that is new.
async fn pull(mailbox: &Mailbox, receiver: &Receiver, session: &mut Open) -> Result<(), Ended> {
    let selected = within(session.select(&mailbox.folder)).await?;
    let validity = i64::from(selected.uid_validity.unwrap_or(0));
    let known = {
        let mut tx = receiver.db.read().await?;
        store::mailbox(&mut tx, &mailbox.name).await?
    };
    let last = known
        .filter(|known| known.uidvalidity == validity)
        .map_or(0, |known| known.last_uid);
    let mut wanted: BTreeSet<u32> = within(session.uid_search("UNSEEN"))
        .await?
        .into_iter()
        .collect();
    if last > 0 {
        // whoever else reads this mailbox may have marked something before us
        let newer = within(session.uid_search(format!("UID {}:*", last + 1))).await?;
        wanted.extend(newer.into_iter().filter(|uid| i64::from(*uid) > last));
    }
    let mut highest = last;
    for uid in wanted {
        fetch(mailbox, receiver, session, validity, uid).await?;
        highest = highest.max(i64::from(uid));
    }
    // an empty mailbox is one that was read, too
    let highest = highest.max(selected.uid_next.map_or(0, |next| i64::from(next) - 1));
    let ctx = Ctx::system(&receiver.world);
    let mut tx = receiver.db.begin().await?;
    store::note_box(&mut tx, &ctx, &mailbox.name, validity, highest).await?;
    tx.commit().await?;
    Ok(())
}

async fn fetch(
    mailbox: &Mailbox,
    receiver: &Receiver,
    session: &mut Open,
    validity: i64,
    uid: u32,
) -> Result<(), Ended> {
    let sizes = one(session, uid, "(UID RFC822.SIZE)").await?;
    let Some(size) = sizes
        .and_then(|fetched| fetched.size)
        .and_then(|size| usize::try_from(size).ok())
    else {
        // gone meanwhile
        return Ok(());
    };
    let query = if size > crate::lmtp::LARGEST {
        format!("(UID BODY.PEEK[]<0.{BEGINNING}>)")
    } else {
        "(UID BODY.PEEK[])".to_owned()
    };
    let Some(fetched) = one(session, uid, &query).await? else {
        return Ok(());
    };
    let raw = fetched.body().unwrap_or_default();
    let arrived = Arrived {
        mailbox: &mailbox.name,
        uid: Some((validity, i64::from(uid))),
        from: None,
        to: &[],
        department: Some(&mailbox.department),
        raw,
        size: if size > crate::lmtp::LARGEST {
            size
        } else {
            raw.len()
        },
    };
    receiver.take(&arrived).await?;
    drop(fetched);
    let marked = async {
        let mut answers = session
            .uid_store(uid.to_string(), "+FLAGS.SILENT (\\Seen)")
            .await?;
        while let Some(answer) = answers.next().await {
            answer?;
        }
        Ok::<(), async_imap::error::Error>(())
    };
    within(marked).await
}

async fn one(
    session: &mut Open,
    uid: u32,
    query: &str,
) -> Result<Option<async_imap::types::Fetch>, Ended> {
    let fetched = async {
        let mut answers = session.uid_fetch(uid.to_string(), query).await?;
        let mut found = None;
        while let Some(answer) = answers.next().await {
            let answer = answer?;
            // servers tell of other mails in between
            if answer.uid == Some(uid) {
                found = Some(answer);
            }
        }
        Ok::<_, async_imap::error::Error>(found)
    };
    within(fetched).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sup_9_addresses_of_mailboxes() {
        let of = |url: &str| Mailbox::new(url, Secret::new("geheim"), "support");
        let whole =
            of("imaps://support%40nordlicht.example@mail.nordlicht.example:1993/Eingang").unwrap();
        assert_eq!(
            (
                whole.port,
                whole.tls,
                whole.user.as_str(),
                whole.folder.as_str()
            ),
            (1993, true, "support@nordlicht.example", "Eingang")
        );
        assert!(!format!("{whole:?}").contains("geheim"));
        assert_eq!(of("imaps://a@b.example").unwrap().folder, "INBOX");
        assert!(!of("imap://a@127.0.0.1:143/INBOX").unwrap().tls);
        assert!(of("imap://a@[::1]/INBOX").is_ok());
        for (url, bad) in [
            ("pop3://a@b.example", BadUrl::Scheme),
            ("imaps://b.example/INBOX", BadUrl::User),
            ("imaps://a:b@c.example", BadUrl::Password),
            ("imaps://a@", BadUrl::Host),
            ("imaps://a@b.example:x", BadUrl::Port),
            ("imap://a@b.example", BadUrl::NoTls),
        ] {
            assert_eq!(of(url).unwrap_err(), bad, "{url}");
        }
    }
}
