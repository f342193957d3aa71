//! One configuration: a file, each key also by environment, defaults for all.

use anyhow::{Context, Result, bail};
use kernel::{Country, Locale};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// One key: its name, its default (empty: none), and what it means.
pub struct Key {
    pub name: &'static str,
    pub default: &'static str,
    pub secret: bool,
    pub about: &'static str,
}

const fn key(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        secret: false,
        about,
    }
}
const fn secret(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        secret: true,
        about,
    }
}

/// Every key there is; the handbook's table is compared with it by a test.
pub const KEYS: &[Key] = &[
    key(
        "http.listen",
        "127.0.0.1:8080",
        "address and port to listen on",
    ),
    key(
        "http.public_url",
        "http://localhost:8080",
        "how browsers reach the portal; links in mails start with it",
    ),
    key(
        "http.trusted_proxies",
        "",
        "networks whose X-Forwarded-For is believed, separated by commas",
    ),
    key(
        "http.insecure",
        "false",
        "allow http beyond loopback; sessions can then be read on the way",
    ),
    key("http.max_body", "1048576", "bytes of a posted form"),
    key(
        "http.max_upload",
        "104857600",
        "bytes of a posted form with files; a file has 25 MB at most",
    ),
    secret(
        "database.url",
        "sqlite:tresen.db",
        "sqlite:PATH or postgres://user:password@host/name",
    ),
    key("database.url_file", "", "file that holds database.url"),
    key(
        "mail.smtp",
        "",
        "smtp[s]://user@host:port?tls=none|opportunistic|required; empty: mails wait",
    ),
    secret("mail.password", "", "password for mail.smtp"),
    key("mail.password_file", "", "file that holds mail.password"),
    key(
        "mail.ca_file",
        "",
        "file with certificates in PEM of CAs that are trusted for mail.smtp and mailboxes, beside the system's",
    ),
    key(
        "mail.from",
        "",
        "sender's address; empty: portal@ the host of http.public_url",
    ),
    key(
        "mail.reply_address",
        "",
        "where answers to mails of tickets go, as support+{token}@host; empty: they are written in the portal only",
    ),
    key(
        "mail.lmtp_listen",
        "",
        "address on which your mail server hands mails over by LMTP, such as 127.0.0.1:8024; empty: none",
    ),
    key(
        "mail.authserv_id",
        "",
        "name by which your mail server signs Authentication-Results; empty: no sender is ever proven",
    ),
    key(
        "mail.own_addresses",
        "",
        "addresses that are ours beside mail.from, separated by commas: mails from there are dropped",
    ),
    key(
        "mail.keep_days",
        "180",
        "days for which mails that came in are kept as they came; their text stays in the ticket; 0: for ever",
    ),
    key(
        "mail.dkim_domain",
        "",
        "domain that signs mails, that of mail.from; empty: unsigned",
    ),
    key(
        "mail.dkim_selector",
        "tresen",
        "name of the key in the DNS: SELECTOR._domainkey.DOMAIN",
    ),
    key(
        "mail.dkim_key_file",
        "",
        "file with the private key for DKIM in PEM, RSA or Ed25519",
    ),
    key(
        "files.url",
        "",
        "where files lie, encrypted: file:PATH or s3://BUCKET/PREFIX?endpoint=URL&region=NAME; empty: beside the SQLite file, else beside the master key",
    ),
    key("files.access_key", "", "access key for s3://"),
    secret("files.secret_key", "", "secret key for s3://"),
    key(
        "files.secret_key_file",
        "",
        "file that holds files.secret_key",
    ),
    key(
        "files.clamd",
        "",
        "scanner for files: tcp:HOST:PORT or unix:PATH of clamd; empty: nobody looks",
    ),
    key(
        "files.unscanned",
        "warn",
        "what clamd has not answered for: warn (staff gets it after a warning) or block (nobody does)",
    ),
    key(
        "search.path",
        "",
        "folder of this node's search index; empty: beside the SQLite file, else beside the master key",
    ),
    key(
        "secrets.master_key_file",
        "tresen.key",
        "key that seals secrets in the database, 32 bytes",
    ),
    key(
        "metrics.listen",
        "",
        "address for figures in Prometheus' format; empty: none",
    ),
    key("log.format", "text", "text or json"),
    key(
        "support.hours",
        "Mo-Fr 08:00-17:00",
        "when somebody is there: Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-14:00",
    ),
    key(
        "support.region",
        "DE-SH",
        "whose holidays are kept: DE-SH, AT, CH, CH-ZH; empty: none",
    ),
    key(
        "support.holidays",
        "",
        "further days, separated by commas: 12-24, easter+60, 2027-05-07",
    ),
    key(
        "support.goals",
        "low=960,normal=480,high=120,critical=30",
        "minutes until an answer, in office hours; critical around the clock",
    ),
    key(
        "support.company_required",
        "true",
        "whether a guest's ticket must name a company",
    ),
    key(
        "support.secret_days",
        "7",
        "days after closing until a ticket's sensible data are deleted; 14 at most",
    ),
    key(
        "support.undo_seconds",
        "10",
        "seconds in which staff can take an answer back before it goes out; 60 at most, 0: at once",
    ),
    key(
        "support.satisfaction",
        "false",
        "whether the page of a closed ticket asks if the customer was satisfied; never by mail",
    ),
    key(
        "support.webhook_private",
        "false",
        "whether webhooks of the escalation may go to http and into private networks",
    ),
    key(
        "provider.name",
        "Nordlicht Hosting",
        "name in header and mails",
    ),
    key(
        "provider.hotline",
        "040 66969-310",
        "telephone number in the header",
    ),
    key("provider.country", "DE", "ISO 3166 code"),
    key("provider.currency", "EUR", "ISO 4217 code"),
    key(
        "provider.timezone",
        "Europe/Berlin",
        "IANA name; all times on pages are in it",
    ),
    key(
        "provider.language",
        "de",
        "de or en: where neither browser nor user says otherwise",
    ),
    key(
        "provider.number_prefix",
        "K-",
        "stands before customer numbers",
    ),
    key(
        "provider.legal_dir",
        "",
        "folder with impressum.md, datenschutz.md, agb.md …; empty: the samples",
    ),
];

/// Where a value came from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    Default,
    File(PathBuf),
    Environment(String),
    Demo,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Environment(name) => write!(f, "${name}"),
            Origin::Demo => f.write_str("demo"),
        }
    }
}

/// All values, by key, with their origin.
#[derive(Debug, Clone)]
pub struct Config {
    values: BTreeMap<&'static str, (String, Origin)>,
    /// Mailboxes that are read: each `[[mail.inbound]]` of the file.
    inbound: Vec<Inbound>,
}

/// A mailbox that is read.
#[derive(Debug, Clone, PartialEq)]
struct Inbound {
    url: String,
    password_file: String,
    department: String,
    origin: Origin,
}

impl Config {
    /// Reads the file (the one named, else `./tresen.toml`, else `/etc/tresen/tresen.toml`, else none), then the
    /// environment.
    ///
    /// # Errors
    /// A file that cannot be read, or an unknown key: the message names the nearest known one.
    pub fn load(
        named: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self> {
        let mut config = Config {
            values: KEYS
                .iter()
                .map(|k| (k.name, (k.default.to_owned(), Origin::Default)))
                .collect(),
            inbound: Vec::new(),
        };
        let places = [
            Path::new("tresen.toml"),
            Path::new("/etc/tresen/tresen.toml"),
        ];
        let file = named.or_else(|| places.into_iter().find(|path| path.exists()));
        if let Some(file) = file {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("configuration {} cannot be read", file.display()))?;
            config.read(&text, &Origin::File(file.to_owned()))?;
        }
        for (name, value) in environment {
            let Some(rest) = name.strip_prefix("TRESEN_") else {
                continue;
            };
            // variables of the tests are no configuration
            let Some((section, field)) = rest.split_once("__") else {
                continue;
            };
            let wanted = format!("{}.{}", section.to_lowercase(), field.to_lowercase());
            config.set(&wanted, value, Origin::Environment(name))?;
        }
        config.follow_files()?;
        Ok(config)
    }

    fn read(&mut self, text: &str, origin: &Origin) -> Result<()> {
        let table: toml::Table = text
            .parse()
            .with_context(|| format!("{origin} is not TOML"))?;
        for (section, fields) in table {
            let toml::Value::Table(fields) = fields else {
                bail!("{origin}: {section} stands outside a section such as [http]");
            };
            for (field, value) in fields {
                if (section.as_str(), field.as_str()) == ("mail", "inbound") {
                    self.inbound = inbound(value, origin)?;
                    continue;
                }
                let value = match value {
                    toml::Value::String(text) => text,
                    toml::Value::Array(items) => {
                        let items: Vec<String> = items
                            .iter()
                            .map(|i| i.as_str().map_or_else(|| i.to_string(), str::to_owned))
                            .collect();
                        items.join(",")
                    }
                    other => other.to_string(),
                };
                self.set(&format!("{section}.{field}"), value, origin.clone())?;
            }
        }
        Ok(())
    }

    /// Sets one key.
    ///
    /// # Errors
    /// An unknown key.
    pub fn set(&mut self, name: &str, value: impl Into<String>, origin: Origin) -> Result<()> {
        let Some(known) = KEYS.iter().find(|k| k.name == name) else {
            let nearest = KEYS
                .iter()
                .min_by_key(|k| strsim::damerau_levenshtein(k.name, name));
            let hint = nearest
                .map(|k| format!("; did you mean {}?", k.name))
                .unwrap_or_default();
            bail!("{origin}: there is no key {name}{hint}");
        };
        self.values.insert(known.name, (value.into(), origin));
        Ok(())
    }

    /// The mailboxes that are read.
    ///
    /// # Errors
    /// An address that is none, or a password that cannot be read.
    pub fn mailboxes(&self) -> Result<Vec<intake::imap::Mailbox>> {
        let roots = self.mail_roots()?;
        let open = |one: &Inbound| {
            let path = &one.password_file;
            let password = std::fs::read_to_string(path)
                .with_context(|| format!("mail.inbound.password_file: {path} cannot be read"))?;
            let password = kernel::Secret::new(password.trim_end());
            intake::imap::Mailbox::new(&one.url, password, &one.department)
                .map(|mailbox| mailbox.trusting(roots.clone()))
                .map_err(|error| anyhow::anyhow!("mail.inbound.url: {error}"))
        };
        self.inbound.iter().map(open).collect()
    }

    /// Who else may sign the certificates of mail servers.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no certificate.
    pub fn mail_roots(&self) -> Result<Vec<CertificateDer<'static>>> {
        let path = self.get("mail.ca_file");
        if path.is_empty() {
            return Ok(Vec::new());
        }
        let read = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| format!("mail.ca_file: {path} cannot be read"))?;
        if read.is_empty() {
            bail!("mail.ca_file: {path} holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        Ok(read)
    }

    /// Where the mail server hands mails over.
    pub fn lmtp(&self) -> Result<Option<SocketAddr>> {
        match self.get("mail.lmtp_listen") {
            "" => Ok(None),
            given => given
                .parse()
                .map(Some)
                .context("mail.lmtp_listen is no address with a port, such as 127.0.0.1:8024"),
        }
    }

    /// What the rules for mails need to know.
    pub fn inbound_settings(&self) -> Result<support::inbound::Settings> {
        let mut own = vec![self.from()?];
        let more = self.get("mail.own_addresses").split(',').map(str::trim);
        own.extend(more.filter(|one| !one.is_empty()).map(str::to_owned));
        Ok(support::inbound::Settings {
            authserv_id: self.get("mail.authserv_id").to_owned(),
            own,
        })
    }

    fn follow_files(&mut self) -> Result<()> {
        for (file_key, key) in [
            ("database.url_file", "database.url"),
            ("mail.password_file", "mail.password"),
            ("files.secret_key_file", "files.secret_key"),
        ] {
            let path = self.get(file_key).to_owned();
            if !path.is_empty() {
                let value = std::fs::read_to_string(&path)
                    .with_context(|| format!("{file_key}: {path} cannot be read"))?;
                let origin = Origin::File(PathBuf::from(path));
                self.set(key, value.trim_end(), origin)?;
            }
        }
        Ok(())
    }

    pub fn get(&self, name: &str) -> &str {
        self.values
            .get(name)
            .map_or("", |(value, _)| value.as_str())
    }

    /// Key, value (secrets masked) and origin, in the order of [`KEYS`].
    pub fn in_force(&self) -> Vec<(&'static str, String, String)> {
        KEYS.iter()
            .filter_map(|k| {
                let (value, origin) = self.values.get(k.name)?;
                let shown = if k.secret {
                    masked(value)
                } else {
                    value.clone()
                };
                Some((k.name, shown, origin.to_string()))
            })
            .collect()
    }

    /// Where this node keeps its search index: a copy, which may be deleted at any time.
    pub fn search_folder(&self) -> PathBuf {
        match (
            self.get("search.path"),
            self.get("database.url").strip_prefix("sqlite:"),
        ) {
            ("", Some(file)) => PathBuf::from(format!("{file}-search")),
            // what this node alone writes lies beside what it alone reads
            ("", None) => {
                Path::new(self.get("secrets.master_key_file")).with_file_name("tresen-search")
            }
            (given, _) => PathBuf::from(given),
        }
    }

    /// Where files lie; all nodes see the same place.
    pub fn files_url(&self) -> String {
        let beside = |path: PathBuf| format!("file:{}", path.display());
        match (
            self.get("files.url"),
            self.get("database.url").strip_prefix("sqlite:"),
        ) {
            ("", Some(file)) => beside(PathBuf::from(format!(
                "{}-files",
                file.strip_prefix("//").unwrap_or(file)
            ))),
            ("", None) => beside(
                Path::new(self.get("secrets.master_key_file")).with_file_name("tresen-files"),
            ),
            (given, _) => given.to_owned(),
        }
    }

    pub fn listen(&self) -> Result<SocketAddr> {
        self.get("http.listen")
            .parse()
            .context("http.listen is no address with a port, such as 127.0.0.1:8080")
    }

    /// Where figures are asked for.
    pub fn metrics(&self) -> Result<Option<SocketAddr>> {
        match self.get("metrics.listen") {
            "" => Ok(None),
            given => given
                .parse()
                .map(Some)
                .context("metrics.listen is no address with a port, such as 127.0.0.1:9100"),
        }
    }

    /// What pages need of it.
    ///
    /// # Errors
    /// A value that does not fit its key.
    pub fn settings(&self, demo: bool) -> Result<web::Settings> {
        let public_url = self.get("http.public_url").trim_end_matches('/').to_owned();
        let insecure: bool = self
            .get("http.insecure")
            .parse()
            .context("http.insecure is true or false")?;
        let host = host_of(&public_url)?;
        if public_url.starts_with("http://") && !insecure && !is_loopback(host) {
            bail!(
                "http.public_url is http beyond this machine: set an https address (a proxy does TLS), or \
                 http.insecure = true for a closed network"
            );
        }
        let mut trusted_proxies = Vec::new();
        for net in self
            .get("http.trusted_proxies")
            .split(',')
            .map(str::trim)
            .filter(|n| !n.is_empty())
        {
            let parsed = net
                .parse()
                .or_else(|_| net.parse::<std::net::IpAddr>().map(Into::into))
                .with_context(|| {
                    format!("http.trusted_proxies: {net} is no network such as 10.0.0.0/8")
                })?;
            trusted_proxies.push(parsed);
        }
        Ok(web::Settings {
            public_url,
            trusted_proxies,
            max_body: self
                .get("http.max_body")
                .parse()
                .context("http.max_body is a number of bytes")?,
            max_upload: self
                .get("http.max_upload")
                .parse()
                .context("http.max_upload is a number of bytes")?,
            provider_name: self.get("provider.name").to_owned(),
            hotline: self.get("provider.hotline").to_owned(),
            country: Country::parse(self.get("provider.country"))
                .context("provider.country is a code of two letters, such as DE")?,
            language: Locale::parse(self.get("provider.language"))
                .context("provider.language is de or en")?,
            timezone: self.get("provider.timezone").to_owned(),
            number_prefix: self.get("provider.number_prefix").to_owned(),
            demo,
        })
    }

    /// When somebody is there, and until when an answer is promised.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn hours(&self) -> Result<support::hours::Hours> {
        support::hours::Hours::parse(
            self.get("provider.timezone"),
            self.get("support.hours"),
            self.get("support.region"),
            self.get("support.holidays"),
            self.get("support.goals"),
        )
        .map_err(|error| anyhow::anyhow!("office hours (support.*): {error}"))
    }

    /// The sender's address.
    pub fn from(&self) -> Result<String> {
        match self.get("mail.from") {
            "" => Ok(format!("portal@{}", host_of(self.get("http.public_url"))?)),
            given => Ok(given.to_owned()),
        }
    }

    /// What is in force and yet doubtful.
    pub fn doubts(&self) -> Vec<&'static str> {
        let mut doubts = Vec::new();
        if self.get("mail.smtp").is_empty() {
            doubts.push("mail.smtp is empty: mails wait in the outbox and nobody can register");
        }
        if self.get("mail.reply_address").is_empty() {
            doubts.push(
                "mail.reply_address is empty: guests cannot answer the mails of their tickets",
            );
        }
        let by_mail = !self.get("mail.lmtp_listen").is_empty() || !self.inbound.is_empty();
        if by_mail && self.get("mail.authserv_id").is_empty() {
            doubts.push("mail.authserv_id is empty: no sender of a mail is ever proven");
        }
        if !by_mail && !self.get("mail.reply_address").is_empty() {
            doubts.push("mail.reply_address is set, but no mail comes in: neither [[mail.inbound]] nor mail.lmtp_listen");
        }
        if self.get("mail.dkim_domain").is_empty() && !self.get("mail.smtp").is_empty() {
            doubts.push(
                "mail.dkim_domain is empty: mails go unsigned unless your mail server signs them",
            );
        }
        if self.get("http.public_url").starts_with("http://") {
            doubts.push("http.public_url is http: sessions can be read on the way");
        }
        if self.get("files.clamd").is_empty() {
            doubts.push("files.clamd is empty: nobody scans the files that people send");
        }
        if self.get("files.url").is_empty() && !self.get("database.url").starts_with("sqlite:") {
            doubts.push("files.url is empty: with several nodes all must see the same files");
        }
        if self.get("provider.legal_dir").is_empty() {
            doubts.push(
                "provider.legal_dir is empty: imprint and privacy pages are samples and not yours",
            );
        }
        if self.get("provider.name") == "Nordlicht Hosting" {
            doubts.push("provider.name is the sample's");
        }
        doubts
    }
}

/// `[[mail.inbound]]`: url, password_file, department.
fn inbound(value: toml::Value, origin: &Origin) -> Result<Vec<Inbound>> {
    let toml::Value::Array(items) = value else {
        bail!("{origin}: mailboxes stand in [[mail.inbound]], each for itself");
    };
    let read = |item: toml::Value| {
        let toml::Value::Table(fields) = item else {
            bail!("{origin}: mailboxes stand in [[mail.inbound]], each for itself");
        };
        let mut one = Inbound {
            url: String::new(),
            password_file: String::new(),
            department: "support".to_owned(),
            origin: origin.clone(),
        };
        for (name, value) in fields {
            let text = value
                .as_str()
                .with_context(|| format!("{origin}: mail.inbound.{name} is a text"))?;
            match name.as_str() {
                "url" => text.clone_into(&mut one.url),
                "password_file" => text.clone_into(&mut one.password_file),
                "department" => text.clone_into(&mut one.department),
                _ => bail!(
                    "{origin}: [[mail.inbound]] has url, password_file and department, and no {name}"
                ),
            }
        }
        if one.url.is_empty() || one.password_file.is_empty() {
            bail!("{origin}: [[mail.inbound]] needs url and password_file");
        }
        Ok(one)
    };
    items.into_iter().map(read).collect()
}

fn masked(value: &str) -> String {
    match value.split_once("://") {
        Some((scheme, rest)) => match rest.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://…@{host}"),
            None => value.to_owned(),
        },
        None if value.starts_with("sqlite:") || value.is_empty() => value.to_owned(),
        None => "…".to_owned(),
    }
}

/// The host of an origin, without its port.
pub fn host_of(url: &str) -> Result<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .context("http.public_url starts with http:// or https://")?;
    if rest.contains(['/', '?', '#', '@', ' ']) {
        bail!("http.public_url is an origin: scheme, host and port only");
    }
    let host = rest
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    Ok(host.map_or(rest, |(host, _)| host))
}

pub fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<Config> {
        let pairs: Vec<(String, String)> = pairs
            .iter()
            .map(|(n, v)| ((*n).into(), (*v).into()))
            .collect();
        Config::load(Some(Path::new("/dev/null")), pairs.into_iter())
    }

    #[test]
    fn ops_1_unknown_keys_are_refused_with_the_nearest_name() {
        let error = from(&[("TRESEN_HTTP__LISTNE", "x")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("http.listne") && error.contains("did you mean http.listen?"),
            "{error}"
        );
    }

    #[test]
    fn ops_1_the_environment_wins_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("t.toml");
        std::fs::write(
            &file,
            "[provider]\nname = \"Datei\"\nhotline = \"1\"\n[http]\nmax_body = 5\n",
        )
        .unwrap();
        let env = [("TRESEN_PROVIDER__NAME".to_owned(), "Umgebung".to_owned())];
        let config = Config::load(Some(&file), env.into_iter()).unwrap();
        assert_eq!(config.get("provider.name"), "Umgebung");
        assert_eq!(config.get("provider.hotline"), "1");
        assert_eq!(config.settings(false).unwrap().max_body, 5);
    }

    #[test]
    fn http_beyond_loopback_needs_a_word() {
        assert!(
            from(&[("TRESEN_HTTP__PUBLIC_URL", "http://portal.example")])
                .unwrap()
                .settings(false)
                .is_err()
        );
        let open = [
            ("TRESEN_HTTP__PUBLIC_URL", "http://portal.example"),
            ("TRESEN_HTTP__INSECURE", "true"),
        ];
        assert!(from(&open).unwrap().settings(false).is_ok());
        assert!(
            from(&[("TRESEN_HTTP__PUBLIC_URL", "https://portal.example/pfad")])
                .unwrap()
                .settings(false)
                .is_err()
        );
        assert!(
            from(&[("TRESEN_HTTP__PUBLIC_URL", "http://127.0.0.1:9000")])
                .unwrap()
                .settings(false)
                .is_ok()
        );
    }

    #[test]
    fn ops_1_the_handbook_names_every_key_with_its_default() {
        let handbook = include_str!("../../../docs/handbook/configuration.md");
        for key in KEYS {
            let default = match key.default {
                "" => "–".to_owned(),
                default => format!("`{default}`"),
            };
            let row = format!("| `{}` | {default} | ", key.name);
            assert!(handbook.contains(&row), "{row}");
        }
        let rows = handbook
            .lines()
            .filter(|line| line.starts_with("| `"))
            .count();
        assert_eq!(rows, KEYS.len(), "the handbook names a key that is none");
    }

    #[test]
    fn sup_9_a_file_of_trusted_cas_must_hold_some() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        let given = |text: &str| {
            std::fs::write(&path, text).unwrap();
            let given = [("TRESEN_MAIL__CA_FILE".into(), path.display().to_string())];
            let config = Config::load(Some(Path::new("/dev/null")), given.into_iter()).unwrap();
            config.mail_roots().map(|roots| roots.len())
        };
        let one = "-----BEGIN CERTIFICATE-----\nAAEC\n-----END CERTIFICATE-----\n";
        assert_eq!(given(&one.repeat(2)).unwrap(), 2);
        for bad in ["", "text", "-----BEGIN CERTIFICATE-----\nAAEC\n"] {
            let error = format!("{:#}", given(bad).unwrap_err());
            assert!(error.contains("mail.ca_file"), "{error}");
        }
        std::fs::remove_file(&path).unwrap();
        let gone = Config::load(
            Some(Path::new("/dev/null")),
            [("TRESEN_MAIL__CA_FILE".into(), path.display().to_string())].into_iter(),
        );
        assert!(gone.unwrap().mail_roots().is_err());
    }

    #[test]
    fn sup_9_mailboxes_stand_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let (file, password) = (dir.path().join("t.toml"), dir.path().join("password"));
        std::fs::write(&password, "geheim\n").unwrap();
        let load = |text: &str| {
            std::fs::write(
                &file,
                text.replace("PASSWORD", &password.display().to_string()),
            )
            .unwrap();
            Config::load(Some(&file), std::iter::empty())
        };
        let two = "[mail]\nlmtp_listen = \"127.0.0.1:8024\"\n[[mail.inbound]]\nurl = \"imaps://a@b.example/INBOX\"\npassword_file = \"PASSWORD\"\n\
            [[mail.inbound]]\nurl = \"imaps://c@b.example\"\npassword_file = \"PASSWORD\"\ndepartment = \"vertrieb\"\n";
        let config = load(two).unwrap();
        let boxes = config.mailboxes().unwrap();
        assert_eq!(
            (
                boxes.len(),
                boxes[0].department.as_str(),
                boxes[1].department.as_str()
            ),
            (2, "support", "vertrieb")
        );
        assert_eq!(
            config.lmtp().unwrap().map(|address| address.port()),
            Some(8024)
        );
        assert!(!format!("{config:?} {boxes:?}").contains("geheim"));
        for bad in [
            "[mail]\ninbound = \"imaps://a@b.example\"\n",
            "[[mail.inbound]]\nurl = \"imaps://a@b.example\"\n",
            "[[mail.inbound]]\nurl = \"imaps://a@b.example\"\npassword = \"x\"\n",
        ] {
            assert!(load(bad).is_err(), "{bad}");
        }
        let open = "[[mail.inbound]]\nurl = \"imap://a@b.example\"\npassword_file = \"PASSWORD\"\n";
        assert!(load(open).unwrap().mailboxes().is_err());
    }

    #[test]
    fn secrets_are_masked_when_shown() {
        let config = from(&[
            ("TRESEN_DATABASE__URL", "postgres://u:geheim@h/d"),
            ("TRESEN_MAIL__PASSWORD", "geheim"),
        ])
        .unwrap();
        assert!(!format!("{:?}", config.in_force()).contains("geheim"));
    }
}
