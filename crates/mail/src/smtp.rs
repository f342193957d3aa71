//! SMTP, as configured in `mail.smtp`.

use crate::refused::means_the_address;
use crate::{Failure, Letter, Transport};
use kernel::Secret;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

type Pool = AsyncSmtpTransport<Tokio1Executor>;

/// For connecting; the whole exchange may take twice as long.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What is wrong with `mail.smtp`. Never holds the password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadUrl {
    #[error("begins with neither smtp:// nor smtps://")]
    Scheme,
    #[error("names no host")]
    Host,
    #[error("the port is not a number")]
    Port,
    #[error("the password does not belong into the address; name a file in mail.password_file")]
    Password,
    #[error("names a user, but there is no mail.password_file")]
    NoPassword,
    #[error("tls is none, optional words are opportunistic and required; got {0}")]
    Tls(String),
    #[error("unknown parameter {0}")]
    Parameter(String),
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    None,
    Opportunistic,
    Required,
    Wrapped,
}

/// `smtp[s]://user@host:port?tls=none|opportunistic|required`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Target {
    user: Option<String>,
    host: String,
    port: u16,
    mode: Mode,
}

impl Target {
    fn parse(url: &str) -> Result<Self, BadUrl> {
        let (wrapped, rest) = match url.strip_prefix("smtps://") {
            Some(rest) => (true, rest),
            None => (false, url.strip_prefix("smtp://").ok_or(BadUrl::Scheme)?),
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, place) = match place.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(BadUrl::Password),
            Some((user, place)) => (Some(percent_decoded(user)), place),
            None => (None, place),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        let (host, port) = match place
            .strip_prefix('[')
            .and_then(|rest| rest.split_once(']'))
        {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        if host.is_empty() || host.contains('/') {
            return Err(BadUrl::Host);
        }
        let usual = if wrapped { 465 } else { 587 };
        let port = port
            .map_or(Ok(usual), str::parse)
            .map_err(|_| BadUrl::Port)?;
        let mut mode = match (wrapped, is_loopback(host)) {
            (true, _) => Mode::Wrapped,
            (false, true) => Mode::None,
            (false, false) => Mode::Required,
        };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("tls", word)) => {
                    let wanted = match word {
                        "none" => Mode::None,
                        "opportunistic" => Mode::Opportunistic,
                        "required" => Mode::Required,
                        other => return Err(BadUrl::Tls(other.to_owned())),
                    };
                    if !wrapped {
                        mode = wanted;
                    } else if wanted != Mode::Required {
                        return Err(BadUrl::Tls(word.to_owned()));
                    }
                }
                _ => return Err(BadUrl::Parameter(pair.to_owned())),
            }
        }
        Ok(Target {
            user,
            host: host.to_owned(),
            port,
            mode,
        })
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(decoded) if byte == b'%' => {
                bytes.push(decoded);
                rest = after.get(2..).unwrap_or(&[]);
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends by SMTP over a small pool of connections.
pub struct Smtp {
    builder: AsyncSmtpTransportBuilder,
    pool: Mutex<Pool>,
    limit: Duration,
}

impl Smtp {
    /// `url` as in `mail.smtp`; `password` from `mail.password_file`. Without `tls=` the connection must be encrypted unless it stays
    /// on this machine. Must be called inside the runtime.
    pub fn new(url: &str, password: Option<&Secret>) -> Result<Self, BadUrl> {
        Smtp::trusting(url, password, &[])
    }

    /// As [`Smtp::new`]; who else may sign the server's certificate, beside those whom the system trusts: DER, one each.
    pub fn trusting(
        url: &str,
        password: Option<&Secret>,
        roots: &[Vec<u8>],
    ) -> Result<Self, BadUrl> {
        let target = Target::parse(url)?;
        let tls = || {
            let mut tls = TlsParameters::builder(target.host.clone());
            for root in roots {
                tls = tls.add_root_certificate(Certificate::from_der(root.clone())?);
            }
            tls.build()
        };
        let tls = || tls().map_err(|error: Error| BadUrl::Setup(error.to_string()));
        let mut builder = Pool::builder_dangerous(target.host.clone())
            .port(target.port)
            .tls(match target.mode {
                Mode::None => Tls::None,
                Mode::Opportunistic => Tls::Opportunistic(tls()?),
                Mode::Required => Tls::Required(tls()?),
                Mode::Wrapped => Tls::Wrapper(tls()?),
            });
        if let Some(user) = target.user {
            let password = password.ok_or(BadUrl::NoPassword)?.expose().to_owned();
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Smtp::of(builder, TIMEOUT))
    }

    /// Another limit than 30 s for connecting and twice that for the whole exchange.
    pub fn timeout(self, limit: Duration) -> Self {
        Smtp::of(self.builder, limit)
    }

    fn of(builder: AsyncSmtpTransportBuilder, limit: Duration) -> Self {
        let builder = builder.timeout(Some(limit));
        Smtp {
            pool: Mutex::new(builder.clone().build()),
            builder,
            limit,
        }
    }

    async fn exchange(&self, letter: &Letter) -> Result<(), Failure> {
        let (envelope, raw) = letter.sealed().map_err(Failure::Never)?;
        let pool = self
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let mut renew = RenewUnlessDone {
            smtp: self,
            done: false,
        };
        // the library's own limit covers connecting only
        let sent = tokio::time::timeout(self.limit * 2, pool.send_raw(&envelope, &raw)).await;
        renew.done = sent.is_ok();
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(judge(&error)),
            Err(_) => Err(Failure::Later("no answer in time".to_owned())),
        }
    }
}

/// An exchange given up half way leaves its connection in the pool although an answer is still to come on it; the next mail would
/// read that as its own. So the whole pool goes.
struct RenewUnlessDone<'a> {
    smtp: &'a Smtp,
    done: bool,
}

impl Drop for RenewUnlessDone<'_> {
    fn drop(&mut self) {
        if !self.done {
            let fresh = self.smtp.builder.clone().build();
            *self
                .smtp
                .pool
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }
}

/// 5xx is for ever, but not where the server refuses us and not the mail: a wrong password is mended by the operator.
fn judge(error: &Error) -> Failure {
    let code = error.status().map_or(0, u16::from);
    let words = error.to_string();
    if !error.is_permanent() || matches!(code, 530 | 534 | 535 | 538) {
        Failure::Later(words)
    } else if means_the_address(code, &words) {
        Failure::Refused(words)
    } else {
        Failure::Never(words)
    }
}

impl Transport for Smtp {
    fn send<'a>(
        &'a self,
        letter: &'a Letter,
    ) -> Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>> {
        Box::pin(self.exchange(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(user: Option<&str>, host: &str, port: u16, mode: Mode) -> Result<Target, BadUrl> {
        Ok(Target {
            user: user.map(str::to_owned),
            host: host.to_owned(),
            port,
            mode,
        })
    }

    #[test]
    fn the_address_of_the_server_is_read() {
        for (url, expected) in [
            (
                "smtp://mail.example.org",
                target(None, "mail.example.org", 587, Mode::Required),
            ),
            (
                "smtps://mail.example.org",
                target(None, "mail.example.org", 465, Mode::Wrapped),
            ),
            (
                "smtps://mail.example.org?tls=required",
                target(None, "mail.example.org", 465, Mode::Wrapped),
            ),
            (
                "smtp://127.0.0.1:2525",
                target(None, "127.0.0.1", 2525, Mode::None),
            ),
            ("smtp://[::1]:2525/", target(None, "::1", 2525, Mode::None)),
            (
                "smtp://localhost",
                target(None, "localhost", 587, Mode::None),
            ),
            (
                "smtp://localhost?tls=required",
                target(None, "localhost", 587, Mode::Required),
            ),
            (
                "smtp://portal%40example.org@relay.example.org:25?tls=opportunistic",
                target(
                    Some("portal@example.org"),
                    "relay.example.org",
                    25,
                    Mode::Opportunistic,
                ),
            ),
            (
                "smtp://relay?tls=none",
                target(None, "relay", 587, Mode::None),
            ),
            ("http://relay", Err(BadUrl::Scheme)),
            ("relay:25", Err(BadUrl::Scheme)),
            ("smtp://", Err(BadUrl::Host)),
            ("smtp://:25", Err(BadUrl::Host)),
            ("smtp://relay:x", Err(BadUrl::Port)),
            ("smtp://u:geheim@relay", Err(BadUrl::Password)),
            (
                "smtp://relay?tls=maybe",
                Err(BadUrl::Tls("maybe".to_owned())),
            ),
            (
                "smtps://relay?tls=none",
                Err(BadUrl::Tls("none".to_owned())),
            ),
            (
                "smtp://relay?ca=x",
                Err(BadUrl::Parameter("ca=x".to_owned())),
            ),
        ] {
            assert_eq!(Target::parse(url), expected, "{url}");
        }
    }

    #[test]
    fn percent_signs_are_decoded_and_broken_ones_kept() {
        for (text, expected) in [
            ("a%40b", "a@b"),
            ("100%", "100%"),
            ("%zz", "%zz"),
            ("%C3%A4", "ä"),
        ] {
            assert_eq!(percent_decoded(text), expected);
        }
    }
}
