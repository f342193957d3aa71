//! The second language whole: nothing that only the German texts say stands on an English page or in an English mail.

use crate::{asvs, routes, whole};
use db::{params, sql};
use kernel::{Country, Locale};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use testkit::TestApp;
use tresen::demo::samples::{member, staff};
use web::{Access, Method, Who};

/// Single words are sought from this length on; shorter ones ("in", "war") only beside their neighbour.
const WORD: usize = 4;

/// What German dates and times are made of; the rest comes from the texts.
const CALENDAR: &[&str] = &[
    "Januar",
    "Februar",
    "März",
    "Mai",
    "Juni",
    "Juli",
    "Oktober",
    "Dezember",
    "Uhr",
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
];

/// Words and pairs of neighbours, lower case.
#[derive(Default)]
struct Words {
    single: HashSet<String>,
    pairs: HashSet<(String, String)>,
}

impl Words {
    /// Adds a stretch of text; neighbours are what only blanks separate.
    fn add(&mut self, text: &str) {
        for stretch in stretches(text) {
            self.pairs.extend(
                stretch
                    .windows(2)
                    .map(|two| (two[0].clone(), two[1].clone())),
            );
            self.single.extend(stretch);
        }
    }
    fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = Words::default();
        texts.into_iter().for_each(|text| words.add(text));
        words
    }
}

fn stretches(text: &str) -> Vec<Vec<String>> {
    // addresses are the same in every language
    let address = |word: &&str| word.starts_with('/') || word.contains("://") || word.contains('@');
    let text: String = text
        .split_inclusive(char::is_whitespace)
        .map(|word| {
            if address(&word.trim_start_matches(['(', '<']).trim()) {
                "| "
            } else {
                word
            }
        })
        .collect();
    let mut all = vec![Vec::new()];
    let mut word = String::new();
    let close = |word: &mut String, all: &mut Vec<Vec<String>>| {
        if !word.is_empty() {
            all.last_mut()
                .expect("there is always one")
                .push(std::mem::take(word));
        }
    };
    for c in text.chars() {
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        } else {
            close(&mut word, &mut all);
            if !c.is_whitespace() && c != '\u{ad}' {
                all.push(Vec::new());
            }
        }
    }
    close(&mut word, &mut all);
    all
}

/// The values of all Fluent files of one language, without variables.
fn values(language: &str) -> String {
    fn collect(dir: &Path, end: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                collect(&path, end, found);
            } else if path.to_string_lossy().ends_with(end) {
                found.push(path);
            }
        }
    }
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(crates).unwrap().flatten() {
        collect(
            &entry.path().join("texts"),
            &format!("{language}.ftl"),
            &mut files,
        );
    }
    assert!(files.len() >= 7, "{files:?}");
    let mut out = String::new();
    for file in files {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            if line.starts_with('#') {
                continue;
            }
            let key = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
            let value = match line.split_once('=') {
                Some((before, value)) if before.chars().all(key) => value,
                _ => line,
            };
            out.push_str(&plain(value));
            out.push_str(" |\n");
        }
    }
    out
}

/// A Fluent value with a stroke where a variable or the name of a case stands.
fn plain(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find(['$', '[']) {
        out.push_str(&rest[..at]);
        out.push('|');
        rest = &rest[at + 1..];
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c))
            .unwrap_or(rest.len());
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Finds German.
struct Finder {
    german: Words,
    english: Words,
}

impl Finder {
    fn new() -> Self {
        let names = |locale| -> String {
            Country::ALL
                .iter()
                .map(|country| format!("{} |\n", country.name(locale)))
                .collect()
        };
        let (de, en) = (values("de"), values("en"));
        let mut german = Words::of([de.as_str(), names(Locale::De).as_str()]);
        CALENDAR.iter().for_each(|word| german.add(word));
        let english = Words::of([en.as_str(), names(Locale::En).as_str()]);
        Finder { german, english }
    }

    fn only_german(&self, word: &str) -> bool {
        self.german.single.contains(word) && !self.english.single.contains(word)
    }

    /// What is German in these words, but for what was put in.
    fn german(&self, text: &Words, put_in: &Words) -> BTreeSet<String> {
        let long = |word: &str| word.chars().count() >= WORD;
        let single = text
            .single
            .iter()
            .filter(|word| long(word) && self.only_german(word) && !put_in.single.contains(*word))
            .cloned();
        let pairs = text
            .pairs
            .iter()
            .filter(|pair| {
                self.german.pairs.contains(pair)
                    && !self.english.pairs.contains(pair)
                    && !put_in.pairs.contains(pair)
                    && (self.only_german(&pair.0) || self.only_german(&pair.1))
                    && !(put_in.single.contains(&pair.0) && put_in.single.contains(&pair.1))
            })
            .map(|(first, second)| format!("{first} {second}"));
        single.chain(pairs).collect()
    }

    fn in_page(&self, html: &str, put_in: &Words) -> BTreeSet<String> {
        self.german(&Words::of(shown(html).iter().map(String::as_str)), put_in)
    }
}

/// Elements that hold no text, and the one that holds all.
const NOT_FOREIGN: [&str; 9] = [
    "html", "area", "br", "hr", "img", "input", "link", "meta", "use",
];
const SAID: [&str; 8] = [
    "aria-label",
    "title",
    "alt",
    "placeholder",
    "data-label",
    "label",
    "content",
    "aria-description",
];

/// Everything of a page that is seen or read out, but for what it marks as German itself.
fn shown(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    // name and depth of the element that says it is German
    let mut foreign: Option<(String, usize)> = None;
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        if foreign.is_none() {
            found.push(testkit::html::unescape(text));
        }
        rest = after;
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        match &mut foreign {
            Some((element, depth)) if *element == name => {
                if tag.starts_with('/') {
                    *depth -= 1;
                } else {
                    *depth += 1;
                }
                if *depth == 0 {
                    foreign = None;
                }
            }
            Some(_) => {}
            None if tag.contains("lang=\"de\"") && !NOT_FOREIGN.contains(&name.as_str()) => {
                foreign = Some((name.clone(), 1));
            }
            None => {
                for word in SAID {
                    let said = tag.split_once(&format!(" {word}=\""));
                    let value = said.and_then(|(_, value)| value.split('"').next());
                    // values that a machine reads hold no blank
                    found.extend(
                        value
                            .filter(|v| word != "content" || v.contains(' '))
                            .map(testkit::html::unescape),
                    );
                }
            }
        }
        if name == "script" || name == "style" {
            rest = rest.split_once("</").map_or("", |(_, after)| after);
        }
    }
    found.push(rest.to_owned());
    found
}

/// All texts within a sample: they were invented with it.
fn strings(value: &serde_json::Value, words: &mut Words) {
    match value {
        serde_json::Value::String(text) => {
            words.add(text);
            words.add(&testkit::html::text_of(text));
        }
        serde_json::Value::Array(list) => list.iter().for_each(|v| strings(v, words)),
        serde_json::Value::Object(map) => map.values().for_each(|v| strings(v, words)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_german_on_any_english_sample() {
    let t = whole().await;
    let finder = Finder::new();
    let mut problems = Vec::new();
    let mut german_pages = 0;
    for sampled in t.app.samples() {
        for (nth, sample) in (sampled.samples)().into_iter().enumerate() {
            let mut put_in = Words::of([
                t.app.settings().provider_name.as_str(),
                "Jana Petersen Segelverein Holtenau e. V. Malte Brodersen",
            ]);
            strings(&serde_json::to_value(&sample).unwrap(), &mut put_in);
            for who in [Who::Nobody, member(), staff()] {
                let draw = |locale| {
                    t.app
                        .draw_sample(locale, who.clone(), &sampled.template, sample.clone())
                        .unwrap()
                };
                let found = finder.in_page(&draw(Locale::En), &put_in);
                if !found.is_empty() {
                    problems.push(format!("{} sample {nth}: {found:?}", sampled.template));
                }
                german_pages += usize::from(!finder.in_page(&draw(Locale::De), &put_in).is_empty());
            }
        }
    }
    problems.dedup();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        german_pages > 200,
        "the finder finds German where it is: {german_pages}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_german_on_any_english_page_or_in_any_english_mail() {
    let t = whole().await;
    let finder = Finder::new();
    speak_english(&t).await;
    let things = routes::things(&t).await;
    let mut problems = Vec::new();
    let mut seen = 0;
    // the operator's own, in whatever words
    let documents: String = asvs::files("crates/legal/samples/en", ".md")
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    let names = "Anna Adler Bernd Busch Clara Claasen Ferdinand Fremd Reederei Sven Support Berta Buch Ada Admin | \
                 Nordlicht Hosting | Telefon | Ordner | Handbuch";
    for route in t.app.routes().to_vec() {
        if route.method != Method::Get || route.pattern.starts_with("/demo") {
            continue;
        }
        let Some(fixture) = routes::fixture(&route, &t, &things) else {
            continue;
        };
        let client = match route.access {
            Access::Open => t.guest(),
            Access::DeskOpen => t.guest(),
            access if access.is_desk() => t.ada().await,
            _ => t.anna().await,
        };
        let mut client = client;
        client
            .cookies
            .insert("tresen-sprache".to_owned(), "en".to_owned());
        let page = client.send("GET", &fixture.path, None).await;
        if page.html.is_empty() {
            continue;
        }
        let mut put_in = put_in(&t, names);
        if route.module == "legal" {
            put_in.add(&documents);
        }
        let found = finder.in_page(&page.html, &put_in);
        if !found.is_empty() {
            problems.push(format!("{}: {found:?}", route.pattern));
        }
        seen += 1;
    }
    t.run_jobs().await;
    let put_in = put_in(&t, names);
    let letters = t.mails.all();
    assert!(!letters.is_empty());
    for letter in letters {
        let text = [letter.subject.as_str(), letter.text.as_str()];
        let mut found = finder.german(&Words::of(text), &put_in);
        found.extend(finder.in_page(&letter.html, &put_in));
        if !found.is_empty() {
            problems.push(format!("mail «{}»: {found:?}", letter.subject));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(seen >= 30, "{seen} pages");
}

/// What people wrote, and their names.
fn put_in(t: &TestApp, names: &str) -> Words {
    let mut words = Words::of([names]);
    // placeholders are one in all languages
    support::desk::words::NAMES
        .iter()
        .for_each(|name| words.add(name));
    t.typed().iter().for_each(|text| words.add(text));
    words
}

/// Everybody's mails are in English.
async fn speak_english(t: &TestApp) {
    let mut tx = t.db().begin().await.unwrap();
    for stmt in [
        sql!("UPDATE users SET locale = 'en'"),
        sql!("UPDATE staff SET locale = 'en'"),
        sql!("UPDATE customers SET locale = 'en'"),
    ] {
        tx.exec(stmt, params![]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[test]
fn planted_german_is_found() {
    let finder = Finder::new();
    let none = Words::default();
    let page = |words: &str| format!("<html lang=\"en\"><main><p>Hello.</p>{words}</main></html>");
    for planted in [
        "<p>Bitte prüfen Sie Ihre Angaben.</p>",
        "<button aria-label=\"Schließen\">x</button>",
        "<input placeholder=\"Straße und Hausnummer\">",
        "<p>22 März 2026, 14:05 Uhr</p>",
        "<option>Österreich</option>",
        "<p>Your message is <b>Geschlossen</b></p>",
    ] {
        assert!(
            !finder.in_page(&page(planted), &none).is_empty(),
            "{planted}"
        );
    }
    for good in [
        "<p>Please check your entries.</p>",
        "<a lang=\"de\" href=\"/x\">Diese Seite auf <b>Deutsch</b> lesen</a><p>Message</p>",
        "<p>22 March 2026, 14:05</p>",
        "<form action=\"/nachrichten/schliessen\"></form>",
    ] {
        assert_eq!(
            finder.in_page(&page(good), &none),
            BTreeSet::new(),
            "{good}"
        );
    }
    // what a person wrote is theirs
    let own = Words::of(["Bitte prüfen Sie meine Straße"]);
    let quoted = page("<p>Bitte prüfen Sie meine Straße</p>");
    assert!(finder.in_page(&quoted, &own).is_empty());
    assert!(!finder.in_page(&quoted, &none).is_empty());
    // variables and cases of Fluent are no words
    assert_eq!(plain("{ $count -> [one] eine"), "{ | -> |] eine");
}
