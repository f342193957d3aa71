//! DKIM (RFC 6376): a signature of the provider's domain on every mail, so that others can tell it from a forged one.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::Moment;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;

/// What is signed when it is there.
const SIGNED: [&str; 13] = [
    "from",
    "reply-to",
    "to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "auto-submitted",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "thread-topic",
];
/// Named once more than they are there, so that nobody can add a second one.
const ONCE: [&str; 5] = ["from", "reply-to", "to", "subject", "date"];
/// Verifiers refuse shorter keys (RFC 8301).
const SHORTEST: usize = 1024;

/// What is wrong with the key or its names. Never holds the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDkim {
    #[error("mail.dkim_domain is no domain such as nordlicht.example")]
    Domain,
    #[error("mail.dkim_selector is no word such as tresen-2026")]
    Selector,
    #[error("mail.dkim_key_file holds no private key in PEM")]
    Pem,
    #[error("mail.dkim_key_file holds a key that is neither RSA nor Ed25519")]
    Kind,
    #[error("mail.dkim_key_file holds an RSA key of {0} bits; 1024 are the least, 2048 are usual")]
    Short(usize),
}

/// Signs for one domain. Clones share the key.
#[derive(Clone)]
pub struct Dkim(Arc<Inner>);

struct Inner {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Rsa(rsa::KeyPair),
    Ed25519(Ed25519KeyPair),
}

impl std::fmt::Debug for Dkim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dkim({})", self.record().0)
    }
}

impl Dkim {
    /// `pem`: a private key as `openssl genrsa` or `openssl genpkey -algorithm ed25519` writes it.
    pub fn new(domain: &str, selector: &str, pem: &str) -> Result<Self, BadDkim> {
        let domain = domain.trim().to_ascii_lowercase();
        if !domain.contains('.') || !is_name(&domain) {
            return Err(BadDkim::Domain);
        }
        let selector = selector.trim().to_ascii_lowercase();
        if !is_name(&selector) {
            return Err(BadDkim::Selector);
        }
        let key = Key::read(pem)?;
        Ok(Dkim(Arc::new(Inner {
            domain,
            selector,
            key,
        })))
    }

    pub fn domain(&self) -> &str {
        &self.0.domain
    }

    /// The name and the text of the TXT record that must stand in the DNS.
    pub fn record(&self) -> (String, String) {
        let name = format!("{}._domainkey.{}", self.0.selector, self.0.domain);
        let (kind, public) = match &self.0.key {
            Key::Rsa(pair) => {
                let der: Option<PublicKeyX509Der<'_>> = pair.public_key().as_der().ok();
                ("rsa", der.map(|der| STANDARD.encode(der.as_ref())))
            }
            Key::Ed25519(pair) => ("ed25519", Some(STANDARD.encode(pair.public_key()))),
        };
        let text = format!("v=DKIM1; k={kind}; p={}", public.unwrap_or_default());
        (name, text)
    }

    /// The header to put before the message, with its line end. The same for the same message and moment.
    pub(crate) fn sign(&self, raw: &[u8], at: Moment) -> Result<String, String> {
        let text = std::str::from_utf8(raw).map_err(|_| "the message is no text".to_owned())?;
        let (head, body) = text
            .split_once("\r\n\r\n")
            .ok_or_else(|| "the message has no body".to_owned())?;
        let body = digest(&SHA256, relaxed_body(body).as_bytes());
        let fields = fields(head);
        let mut names: Vec<&str> = Vec::new();
        let mut signed = String::new();
        for name in SIGNED {
            if let Some((_, value)) = fields.iter().find(|(known, _)| known == name) {
                names.push(name);
                signed.push_str(&relaxed(name, value));
                signed.push_str("\r\n");
            }
        }
        names.extend(ONCE);
        let algorithm = match &self.0.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        };
        let value = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={};\r\n bh={};\r\n b=",
            self.0.domain,
            self.0.selector,
            at.micros() / 1_000_000,
            names.join(":"),
            STANDARD.encode(body),
        );
        signed.push_str(&relaxed("dkim-signature", &value));
        let signature = self.0.key.sign(signed.as_bytes())?;
        Ok(format!(
            "DKIM-Signature: {value}{}\r\n",
            folded(&STANDARD.encode(signature))
        ))
    }
}

impl Key {
    fn read(pem: &str) -> Result<Self, BadDkim> {
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| BadDkim::Pem)?;
        let key = match &der {
            PrivateKeyDer::Pkcs1(der) => {
                rsa::KeyPair::from_der(der.secret_pkcs1_der()).map(Key::Rsa)
            }
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                rsa::KeyPair::from_pkcs8(der)
                    .map(Key::Rsa)
                    .or_else(|_| Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Key::Ed25519))
            }
            _ => return Err(BadDkim::Kind),
        };
        let key = key.map_err(|_| BadDkim::Kind)?;
        match &key {
            Key::Rsa(pair) if pair.public_modulus_len() * 8 < SHORTEST => {
                Err(BadDkim::Short(pair.public_modulus_len() * 8))
            }
            _ => Ok(key),
        }
    }

    fn sign(&self, data: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            Key::Rsa(pair) => {
                let mut out = vec![0; pair.public_modulus_len()];
                // this padding draws nothing at random
                let random = SystemRandom::new();
                pair.sign(&RSA_PKCS1_SHA256, &random, data, &mut out)
                    .map_err(|_| "the DKIM key does not sign".to_owned())?;
                Ok(out)
            }
            // RFC 8463: the hash is signed, not the text
            Key::Ed25519(pair) => Ok(pair.sign(digest(&SHA256, data).as_ref()).as_ref().to_vec()),
        }
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        })
}

/// The header fields, names in lower case, values as they stand.
fn fields(head: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => {
                value.push_str("\r\n");
                value.push_str(line);
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    fields.push((name.trim_end().to_ascii_lowercase(), value.to_owned()));
                }
            }
        }
    }
    fields
}

/// RFC 6376, 3.4.2: unfolded, every run of blanks one blank, none at the ends.
fn relaxed(name: &str, value: &str) -> String {
    let words: Vec<&str> = value
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    format!("{name}:{}", words.join(" "))
}

/// RFC 6376, 3.4.4: runs of blanks one blank, none at the end of a line, no empty lines at the end.
fn relaxed_body(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut empty = 0;
    let body = body.strip_suffix("\r\n").unwrap_or(body);
    for line in body.split("\r\n") {
        let mut relaxed = String::with_capacity(line.len());
        for c in line.chars() {
            match c {
                ' ' | '\t' if relaxed.ends_with(' ') => {}
                ' ' | '\t' => relaxed.push(' '),
                c => relaxed.push(c),
            }
        }
        let line = relaxed.strip_suffix(' ').unwrap_or(&relaxed);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            out.push_str("\r\n");
        }
        out.push_str(line);
        out.push_str("\r\n");
    }
    out
}

fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 70 == 0 {
            out.push_str("\r\n ");
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_relaxed_as_the_standard_says() {
        for (body, expected) in [
            ("", ""),
            ("\r\n", ""),
            ("\r\n\r\n\r\n", ""),
            (" \t \r\n", ""),
            (" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"),
            ("a\r\n\r\nb", "a\r\n\r\nb\r\n"),
            ("a", "a\r\n"),
        ] {
            assert_eq!(relaxed_body(body), expected, "{body:?}");
        }
    }

    #[test]
    fn headers_are_relaxed_as_the_standard_says() {
        let fields = fields("A: X\r\nB : Y\t\r\n\tZ  ");
        let relaxed: Vec<String> = fields
            .iter()
            .map(|(name, value)| relaxed(name, value))
            .collect();
        assert_eq!(relaxed, ["a:X", "b:Y Z"]);
    }

    #[test]
    fn keys_and_names_that_cannot_work_are_refused() {
        for (domain, selector, pem, expected) in [
            ("localhost", "a", "", BadDkim::Domain),
            ("a b.de", "a", "", BadDkim::Domain),
            ("a.de;", "a", "", BadDkim::Domain),
            ("a.de", "", "", BadDkim::Selector),
            ("a.de", "a; x=1", "", BadDkim::Selector),
            ("a.de", "a", "no key", BadDkim::Pem),
            (
                "a.de",
                "a",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                BadDkim::Kind,
            ),
        ] {
            assert_eq!(Dkim::new(domain, selector, pem).unwrap_err(), expected);
        }
    }
}
