//! One configuration: a file, each key also by environment, defaults for all.

use anyhow::{Context, Result, bail};
use kernel::{Country, Locale};
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
        "mail.from",
        "",
        "sender's address; empty: portal@ the host of http.public_url",
    ),
    key("files.url", "", "where files lie; not used yet"),
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

    fn follow_files(&mut self) -> Result<()> {
        for (file_key, key) in [
            ("database.url_file", "database.url"),
            ("mail.password_file", "mail.password"),
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
        if self.get("http.public_url").starts_with("http://") {
            doubts.push("http.public_url is http: sessions can be read on the way");
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
    fn secrets_are_masked_when_shown() {
        let config = from(&[
            ("TRESEN_DATABASE__URL", "postgres://u:geheim@h/d"),
            ("TRESEN_MAIL__PASSWORD", "geheim"),
        ])
        .unwrap();
        assert!(!format!("{:?}", config.in_force()).contains("geheim"));
    }
}
