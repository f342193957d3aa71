//! What is thrown at, and what must hold.

use crate::markup::{Allowed, check};
use crate::{mail, upload, winmail};
use kernel::{Locale, Uuid};
use knowledge::{diff, markdown, transfer};
use search::{Document, Index, Mark, Query};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;
use web::form::RawForm;

/// The shape of what came out, without its words: an input with a new one is worth changing further.
pub type Seen = u64;

pub struct Target {
    pub name: &'static str,
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What such an input is made of.
    pub words: &'static [&'static str],
    /// What was seen, or what was promised and does not hold.
    pub run: fn(&[u8]) -> Result<Seen, String>,
}

pub const TARGETS: &[Target] = &[
    Target {
        name: "markdown",
        seeds: articles,
        words: MARKDOWN,
        run: draws,
    },
    Target {
        name: "search-query",
        seeds: queries,
        words: WORDS,
        run: finds,
    },
    Target {
        name: "search-text",
        seeds: articles,
        words: WORDS,
        run: indexes,
    },
    Target {
        name: "article-file",
        seeds: articles,
        words: FRONT,
        run: reads,
    },
    Target {
        name: "difference",
        seeds: articles,
        words: LINES,
        run: differs,
    },
    Target {
        name: "mail",
        seeds: mail::mails,
        words: mail::LINES,
        run: mail::parses,
    },
    Target {
        name: "mail-winmail",
        seeds: winmail::seeds,
        words: winmail::WORDS,
        run: winmail::unwraps,
    },
    Target {
        name: "mail-html",
        seeds: mail::pages,
        words: mail::TAGS,
        run: mail::cleans,
    },
    Target {
        name: "mail-quote",
        seeds: mail::answers,
        words: mail::QUOTES,
        run: mail::cuts,
    },
    Target {
        name: "upload",
        seeds: upload::bodies,
        words: upload::WORDS,
        run: upload::reads,
    },
    Target {
        name: "form",
        seeds: forms,
        words: PAIRS,
        run: parses,
    },
];

pub(crate) fn shape(of: impl Hash) -> Seen {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Large numbers in steps: twice as much is something new, one more is not.
pub(crate) fn about(number: usize) -> u32 {
    usize::BITS - number.leading_zeros()
}

const ARTICLES: [&str; 3] = [
    include_str!("../../tresen/demo/articles/e-mail/mailprogramm-einrichten.de.md"),
    include_str!("../../tresen/demo/articles/webhosting/fehler-500-502-503.de.md"),
    "---\ntitle: Alles\nstate: draft\n---\n\n# Größe *prüfen*\n\n> Zitat\n\n1. eins\n   - zwei\n\n| a | b |\n|:-|-:|\n| `1` | **2** |\n\n```sh\nls\n```\n\n<b>roh</b> [a](/wissen \"Titel\") ![Bild](b.png) <post@nordlicht.example> ~~weg~~  \n---\n",
];

fn articles() -> Vec<Vec<u8>> {
    ARTICLES.map(|text| text.as_bytes().to_vec()).to_vec()
}

const MARKDOWN: &[&str] = &[
    "# ",
    "###### ",
    "> ",
    "- ",
    "1. ",
    "```",
    "~~~",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "](",
    ")",
    "![",
    "|",
    "|-|\n",
    "\n",
    "\n\n",
    "    ",
    "<b>",
    "</b>",
    "<script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?",
    "javascript:alert(1)",
    "data:text/html,",
    "//evil.test",
    "/\\evil.test",
    "https://x.test/?a=1&b",
    "<https://x.test>",
    "[a]: ",
    "[a]",
    "&#106;",
    "&colon;",
    "\\",
    "===\n",
    "---\n",
    " onload=\"x\"",
    " \"Titel\"",
    "post@x.test",
    "<mailto:a@b.c>",
    "b.png",
    "![x](b.png)",
];

const PAGE: Allowed = Allowed {
    tags: &[
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "em",
        "strong",
        "del",
        "ul",
        "ol",
        "li",
        "a",
        "code",
        "pre",
        "blockquote",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
        "br",
        "div",
        "img",
    ],
    alone: &["hr", "br", "img"],
    attributes: &["href", "title", "id", "start", "class", "src", "alt"],
};

/// An article is HTML of our own making, whatever was written; its words come out once, for the search.
fn draws(input: &[u8]) -> Result<Seen, String> {
    let text = String::from_utf8_lossy(input);
    let mut own = markdown::Own::default();
    own.put(
        "b.png",
        Some("/wissen/dateien/1"),
        Some("/wissen/dateien/1?bild=ja"),
    );
    let drawn = markdown::draw_with(&text, &own);
    let met = check(&drawn.html, &PAGE)?;
    let mut ids: Vec<&str> = drawn
        .contents
        .iter()
        .map(|heading| heading.id.as_str())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != all {
        return Err("two headings have one place".into());
    }
    let plain = markdown::plain(&text);
    if plain.len() > 4 * text.len() + 16 {
        return Err(format!(
            "{} bytes of words from {}",
            plain.len(),
            text.len()
        ));
    }
    let mut pairs: Vec<(&str, usize)> = met
        .iter()
        .map(|(name, depth)| (name.as_str(), (*depth).min(3)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    Ok(shape((pairs, about(met.len()))))
}

const WORDS: &[&str] = &[
    "Postfach",
    "Postfächer",
    "postfaecher",
    "Server",
    "umzug",
    "Passwort",
    "Pasword",
    "ß",
    "Straße",
    "ss",
    "ä",
    "ae",
    "-",
    "'",
    "e",
    "en",
    "er",
    "s",
    "nicht",
    "die",
    "Domain",
    "Auth-Code",
    "502",
    "a",
    "*",
    "?",
    "\"",
    ":",
    "AND",
    "OR",
    "~",
    "^",
    "+",
    " ",
    "\n",
    "title:",
    "[",
    "TO",
    "é",
    "日本語",
    "\u{301}",
    "www.",
    ".de",
    "@",
];

fn queries() -> Vec<Vec<u8>> {
    [
        "Postfach voll",
        "Wie kann ich mein Passwort ändern?",
        "Serverumzug",
        "Fehler 502",
        "a*",
        "title:(x OR y)~2^3",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

fn document(number: u128, text: &str) -> Document {
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    Document {
        id: Uuid::from_u128(number),
        locale: Locale::De,
        audience: "public",
        title: title.into(),
        keywords: "Kennwort Login".into(),
        body: markdown::plain(body),
    }
}

const MARK: Mark = Mark {
    epoch: 1,
    revision: 1,
};

/// Any text is a query; it never damages the index, and what is marked is the text itself.
fn finds(input: &[u8]) -> Result<Seen, String> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let index = Index::in_memory();
        let all = (1..)
            .zip(ARTICLES)
            .map(|(number, text)| document(number, text));
        index
            .fill(all, MARK)
            .expect("the articles of the demo can be indexed");
        index
    });
    let text = String::from_utf8_lossy(input);
    let query = Query {
        text: &text,
        audiences: &["public"],
        locale: Locale::De,
        limit: 10,
    };
    let found = index
        .find(&query)
        .map_err(|error| format!("damages the index: {error}"))?;
    for source in [ARTICLES.first().copied().unwrap_or_default(), &text] {
        let marked: String = found
            .marker
            .mark(source)
            .into_iter()
            .map(|piece| piece.text)
            .collect();
        if marked != source {
            return Err("marking changes the text".into());
        }
        let excerpt: usize = found
            .marker
            .excerpt(source, 220)
            .iter()
            .map(|piece| piece.text.len())
            .sum();
        if excerpt > 1_000 {
            return Err(format!("an excerpt of {excerpt} bytes"));
        }
    }
    let hits: Vec<Uuid> = found.hits.iter().map(|hit| hit.id).collect();
    Ok(shape((hits, about(text.split_whitespace().count()))))
}

/// Any text can be indexed, and its first word finds it.
fn indexes(input: &[u8]) -> Result<Seen, String> {
    let text = String::from_utf8_lossy(input);
    let index = Index::in_memory();
    index
        .fill([document(1, &text)], MARK)
        .map_err(|error| format!("cannot be indexed: {error}"))?;
    let letters =
        |word: &&str| (4..20).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase());
    let title = text.lines().next().unwrap_or_default();
    let Some(word) = title.split(' ').find(letters) else {
        return Ok(shape(about(text.len())));
    };
    let query = Query {
        text: word,
        audiences: &["public"],
        locale: Locale::De,
        limit: 10,
    };
    let found = index.find(&query).map_err(|error| error.to_string())?;
    if found.hits.is_empty() {
        return Err(format!("«{word}» is in the title and not found"));
    }
    Ok(shape((about(text.len()), word.len())))
}

const FRONT: &[&str] = &[
    "---\n",
    "title: ",
    "summary: ",
    "keywords: ",
    "categories: ",
    "state: draft\n",
    "state: published\n",
    "audience: staff\n",
    "published: 2026-11-22T08:00:00Z\n",
    "published: -9999-01-01T00:00:00Z\n",
    "\r\n",
    "\n\n",
    ":",
    "\u{FEFF}",
    "a",
];

/// What is taken can be written out and taken again, and says the same then.
fn reads(input: &[u8]) -> Result<Seen, String> {
    let text = String::from_utf8_lossy(input);
    let once = match transfer::anew(&text) {
        Ok(once) => once,
        Err(why) => return Ok(shape(why)),
    };
    match transfer::anew(&once) {
        Ok(twice) if twice == once => {}
        Ok(_) => return Err("says something else the second time".into()),
        Err(why) => return Err(format!("is not taken back: {why}")),
    }
    let head = once.split("\n---\n").next().unwrap_or_default();
    let names: Vec<&str> = head
        .lines()
        .filter_map(|line| Some(line.split_once(':')?.0))
        .collect();
    Ok(shape(names))
}

const LINES: &[&str] = &["\n", "a\n", "b\n", "c\n", "\r\n", "\0", "Text\n", "\n\n\n"];

/// Both texts can be read off their difference.
fn differs(input: &[u8]) -> Result<Seen, String> {
    let text = String::from_utf8_lossy(input);
    let (old, new) = text
        .split_once('\0')
        .unwrap_or((&text, ARTICLES.first().copied().unwrap_or_default()));
    let lines = diff::lines(old, new);
    let without = |fate: diff::Fate| -> Vec<&str> {
        let kept = lines.iter().filter(|line| line.fate != fate);
        kept.map(|line| line.text.as_str()).collect()
    };
    let (kept_old, kept_new) = (without(diff::Fate::Added), without(diff::Fate::Removed));
    if kept_old != old.lines().collect::<Vec<_>>() || kept_new != new.lines().collect::<Vec<_>>() {
        return Err("a text cannot be read off its difference".into());
    }
    let count = |fate: diff::Fate| about(lines.iter().filter(|line| line.fate == fate).count());
    Ok(shape((
        count(diff::Fate::Same),
        count(diff::Fate::Added),
        count(diff::Fate::Removed),
    )))
}

const PAIRS: &[&str] = &[
    "&", "=", "+", "%", "%00", "%ff", "%C3%A4", "%", "csrf=", "text=", "a=b&", ";", "[]", "&&&&",
];

fn forms() -> Vec<Vec<u8>> {
    ["csrf=x&key=y&text=Hallo+Welt%21%0D%0A", "a=1&a=2&b"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}

/// Any body is a form; names and values are no longer than it.
fn parses(input: &[u8]) -> Result<Seen, String> {
    let form = RawForm::parse(input);
    let (count, length) = form.pairs().fold((0, 0), |(count, length), (name, value)| {
        (count + 1, length + name.len() + value.len())
    });
    // a byte that cannot be read becomes a sign of three
    if length > 3 * input.len() {
        return Err(format!("{length} bytes from {}", input.len()));
    }
    let repeats = form
        .pairs()
        .filter(|(name, _)| form.repeats(name))
        .take(1)
        .count();
    Ok(shape((about(count), about(length), repeats)))
}
