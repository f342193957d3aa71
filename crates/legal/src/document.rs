//! Legal documents: which there are, where they come from, which version is in force.

use crate::markdown::{self, BadMarkdown};
use kernel::Locale;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

/// No legal text is longer; a file that is was not meant.
const MAX_BYTES: u64 = 1 << 20;

/// Address of the closed European dispute platform. It must not be linked any more.
const CLOSED_PLATFORM: &str = "ec.europa.eu/consumers/odr";

#[derive(RustEmbed)]
#[folder = "samples"]
struct Samples;

/// The documents a portal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Imprint,
    Privacy,
    Terms,
    Withdrawal,
    Accessibility,
}

impl Kind {
    pub const ALL: [Kind; 5] = [
        Kind::Imprint,
        Kind::Privacy,
        Kind::Terms,
        Kind::Withdrawal,
        Kind::Accessibility,
    ];

    /// File name without `.md`, and the last part of the page's path.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Imprint => "impressum",
            Kind::Privacy => "datenschutz",
            Kind::Terms => "agb",
            Kind::Withdrawal => "widerruf",
            Kind::Accessibility => "barrierefreiheit",
        }
    }
}

/// One document as visitors of one language see it.
#[derive(Debug, Clone)]
pub struct Document {
    pub kind: Kind,
    /// The language of the visitor.
    pub locale: Locale,
    /// The language the text is written in: another one when the operator has it in one language only.
    pub written_in: Locale,
    /// The first heading.
    pub title: String,
    /// What follows it. Made by us: no raw HTML, no script, no foreign picture.
    pub html: String,
    /// Changes with every change of the text; what somebody agreed to is noted by it.
    pub version: String,
    /// Whether this is the text that came with the program.
    pub sample: bool,
    closed_platform: bool,
}

/// The documents in force, read once at start.
#[derive(Debug, Clone)]
pub struct Documents {
    documents: Vec<Document>,
    stray: Vec<PathBuf>,
}

/// The documents cannot be shown as they are.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{path}: {error}", path = .path.display())]
    Read {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{path}: not UTF-8 text", path = .0.display())]
    NotText(PathBuf),
    #[error("{path}: larger than 1 MiB", path = .0.display())]
    TooLarge(PathBuf),
    #[error("{path}: {fault}", path = .path.display())]
    Markdown { path: PathBuf, fault: BadMarkdown },
    #[error("{path}: is not a folder", path = .0.display())]
    NoFolder(PathBuf),
}

/// Something that `tresen check` should say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The sample is shown, or a copy of it.
    Sample(Kind, Locale),
    /// Shown in the other language, because there is no file in this one.
    Untranslated(Kind, Locale),
    /// Names the European dispute platform, which is closed.
    ClosedPlatform(Kind, Locale),
    /// A Markdown file that no page shows.
    Stray(PathBuf),
}

impl Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::Sample(kind, locale) => {
                write!(
                    f,
                    "{} ({}): the sample text is shown",
                    kind.name(),
                    locale.as_str()
                )
            }
            Doubt::Untranslated(kind, locale) => {
                write!(
                    f,
                    "{} ({}): shown in the other language",
                    kind.name(),
                    locale.as_str()
                )
            }
            Doubt::ClosedPlatform(kind, locale) => write!(
                f,
                "{} ({}): names the European dispute platform, which was closed on 20 July 2025",
                kind.name(),
                locale.as_str()
            ),
            Doubt::Stray(path) => write!(f, "{}: no page shows this file", path.display()),
        }
    }
}

impl Documents {
    /// Reads `DIR/de/impressum.md` (or `DIR/impressum.md` for both languages) and so on; what is missing there is
    /// taken from the other language, then from the embedded samples.
    ///
    /// # Errors
    /// A file that cannot be read, or holds what a legal page does not show (raw HTML, a link to a script).
    pub fn load(dir: Option<&Path>) -> Result<Self, LoadError> {
        if let Some(dir) = dir
            && !dir.is_dir()
        {
            return Err(LoadError::NoFolder(dir.to_owned()));
        }
        let mut documents = Vec::with_capacity(2 * Kind::ALL.len());
        for kind in Kind::ALL {
            for locale in [Locale::De, Locale::En] {
                documents.push(find(dir, kind, locale)?);
            }
        }
        let stray = dir.map(strays).transpose()?.unwrap_or_default();
        Ok(Documents { documents, stray })
    }

    /// The document for a visitor of this language.
    pub fn get(&self, kind: Kind, locale: Locale) -> Option<&Document> {
        self.documents
            .iter()
            .find(|d| d.kind == kind && d.locale == locale)
    }

    /// What the operator should look at; empty when all is his own and complete.
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        for document in &self.documents {
            let Document { kind, locale, .. } = *document;
            if document.sample {
                doubts.push(Doubt::Sample(kind, locale));
            }
            if document.written_in != locale {
                doubts.push(Doubt::Untranslated(kind, locale));
            }
            if document.closed_platform {
                doubts.push(Doubt::ClosedPlatform(kind, locale));
            }
        }
        doubts.extend(self.stray.iter().cloned().map(Doubt::Stray));
        doubts
    }
}

fn other(locale: Locale) -> Locale {
    match locale {
        Locale::De => Locale::En,
        Locale::En => Locale::De,
    }
}

fn find(dir: Option<&Path>, kind: Kind, locale: Locale) -> Result<Document, LoadError> {
    let file = format!("{}.md", kind.name());
    let own = |locale: Locale| Path::new(locale.as_str()).join(&file);
    if let Some(dir) = dir {
        // a file beside the language folders is German, or whatever its author wrote; nobody is told otherwise
        let places = [
            (own(locale), locale),
            (PathBuf::from(&file), locale),
            (own(other(locale)), other(locale)),
        ];
        for (place, written_in) in places {
            let path = dir.join(place);
            if let Some(source) = read(&path)? {
                return document(kind, locale, written_in, &path, &source);
            }
        }
    }
    let path = own(locale);
    document(kind, locale, locale, &path, &sample(kind, locale))
}

fn sample(kind: Kind, locale: Locale) -> String {
    Samples::get(&format!("{}/{}.md", locale.as_str(), kind.name()))
        .map(|file| String::from_utf8_lossy(&file.data).into_owned())
        .unwrap_or_default()
}

fn document(
    kind: Kind,
    locale: Locale,
    written_in: Locale,
    path: &Path,
    source: &str,
) -> Result<Document, LoadError> {
    let source = source.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let drawn = markdown::draw(&source).map_err(|fault| LoadError::Markdown {
        path: path.to_owned(),
        fault,
    })?;
    Ok(Document {
        kind,
        locale,
        written_in,
        title: drawn.title,
        html: drawn.html,
        version: version(&source),
        sample: source == sample(kind, written_in),
        closed_platform: source.contains(CLOSED_PLATFORM),
    })
}

/// Twelve hexadecimal digits: enough to tell the versions of one text apart, short enough to be read out.
fn version(source: &str) -> String {
    let mut digits = kernel::hex(&Sha256::digest(source.as_bytes()));
    digits.truncate(12);
    digits
}

/// The file's text; `None` when there is no such file.
fn read(path: &Path) -> Result<Option<String>, LoadError> {
    let failed = |error| LoadError::Read {
        path: path.to_owned(),
        error,
    };
    let size = match std::fs::metadata(path) {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if size > MAX_BYTES {
        return Err(LoadError::TooLarge(path.to_owned()));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| LoadError::NotText(path.to_owned()))
}

fn strays(dir: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let mut found = Vec::new();
    for folder in [dir.to_owned(), dir.join("de"), dir.join("en")] {
        if !folder.is_dir() {
            continue;
        }
        let failed = |error| LoadError::Read {
            path: folder.clone(),
            error,
        };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let known = |name: &str| Kind::ALL.iter().any(|kind| kind.name() == name);
            let stem = path
                .file_stem()
                .and_then(|s| s.to_str())
                .unwrap_or_default();
            if path.extension().is_some_and(|e| e == "md") && !known(stem) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        dir
    }

    #[test]
    fn samples_are_complete_in_both_languages() {
        let documents = Documents::load(None).unwrap();
        for kind in Kind::ALL {
            for locale in [Locale::De, Locale::En] {
                let document = documents.get(kind, locale).unwrap();
                assert!(document.sample);
                assert!(!document.title.is_empty());
                assert!(document.html.len() > 500, "{kind:?} {locale:?}");
                assert_eq!(document.version.len(), 12);
            }
        }
        let doubts = documents.doubts();
        assert_eq!(doubts.len(), 10);
        assert!(
            doubts
                .iter()
                .all(|doubt| matches!(doubt, Doubt::Sample(..)))
        );
    }

    #[test]
    fn files_override_one_by_one() {
        let dir = folder(&[
            ("de/impressum.md", "# Impressum\n\nMuster & Co.\n"),
            ("en/impressum.md", "# Imprint\n\nMuster & Co.\n"),
            ("agb.md", "# Unsere AGB\n\nText.\n"),
            ("de/widerruf.md", "# Widerruf\n\nText.\n"),
        ]);
        let documents = Documents::load(Some(dir.path())).unwrap();
        let get = |kind, locale| documents.get(kind, locale).unwrap();
        assert_eq!(get(Kind::Imprint, Locale::En).title, "Imprint");
        assert_eq!(
            get(Kind::Imprint, Locale::De).html,
            "<p>Muster &amp; Co.</p>\n"
        );
        assert_eq!(get(Kind::Terms, Locale::En).title, "Unsere AGB");
        let foreign = get(Kind::Withdrawal, Locale::En);
        assert_eq!(
            (foreign.title.as_str(), foreign.written_in),
            ("Widerruf", Locale::De)
        );
        assert!(get(Kind::Privacy, Locale::De).sample);
        assert!(!get(Kind::Imprint, Locale::De).sample);
        assert!(
            documents
                .doubts()
                .contains(&Doubt::Untranslated(Kind::Withdrawal, Locale::En))
        );
    }

    #[test]
    fn version_changes_with_the_text_alone() {
        let text = "# AGB\n\nEins.\n";
        let windows = text.replace('\n', "\r\n");
        let first = folder(&[("agb.md", text)]);
        let same = folder(&[("agb.md", &format!("\u{feff}{windows}"))]);
        let other = folder(&[("agb.md", "# AGB\n\nZwei.\n")]);
        let version = |dir: &tempfile::TempDir| {
            Documents::load(Some(dir.path()))
                .unwrap()
                .get(Kind::Terms, Locale::De)
                .unwrap()
                .version
                .clone()
        };
        assert_eq!(version(&first), version(&same));
        assert_ne!(version(&first), version(&other));
    }

    #[test]
    fn doubtful_files_are_named() {
        let sample = sample(Kind::Terms, Locale::De);
        let dir = folder(&[
            ("de/agb.md", &sample),
            ("de/impresum.md", "# Vertippt"),
            (
                "impressum.md",
                "# Impressum\n\n<https://ec.europa.eu/consumers/odr/>\n",
            ),
        ]);
        let doubts = Documents::load(Some(dir.path())).unwrap().doubts();
        assert!(doubts.contains(&Doubt::Sample(Kind::Terms, Locale::De)));
        assert!(doubts.contains(&Doubt::Stray(dir.path().join("de/impresum.md"))));
        assert!(doubts.contains(&Doubt::ClosedPlatform(Kind::Imprint, Locale::De)));
    }

    #[test]
    fn what_cannot_be_shown_is_refused_with_its_place() {
        let dir = folder(&[("de/agb.md", "# AGB\n\nText\n\n<script>alert(1)</script>\n")]);
        let error = Documents::load(Some(dir.path())).unwrap_err().to_string();
        assert!(
            error.contains("agb.md") && error.contains("line 5"),
            "{error}"
        );
        let broken = tempfile::tempdir().unwrap();
        fs::write(broken.path().join("agb.md"), [0x23, 0x20, 0xff]).unwrap();
        assert!(matches!(
            Documents::load(Some(broken.path())),
            Err(LoadError::NotText(_))
        ));
        assert!(matches!(
            Documents::load(Some(Path::new("/nowhere/at/all"))),
            Err(LoadError::NoFolder(_))
        ));
    }
}
