//! Articles as a folder of Markdown files, and back: `FOLDER/SLUG.de.md`, the folder's names in `FOLDER/_ordner.md`, the
//! categories' in `_kategorien.md`; an article's pictures and files in a folder of its own, `FOLDER/SLUG/`. What was
//! imported and not changed since is exported byte for byte.

mod hung;

pub use hung::{Hung, hang, hung, hung_at, present};

use crate::GroupId;
use crate::article::{self, ArticleId, Audience, Placed, State, Text, Write, store};
use crate::group::{self, Kind, Names, Position};
use db::Tx;
use kernel::{Ctx, Locale, Moment};
use std::collections::BTreeMap;

/// A file: its path below the folder, with slashes, and what is in it.
pub type File = (String, String);

/// A file that cannot be read, by its path.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    #[error("{0}: {1}")]
    File(String, &'static str),
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// What an import did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub created: usize,
    pub changed: usize,
    pub same: usize,
    /// Files that are none of ours.
    pub left_out: Vec<String>,
}

const FOLDER_FILE: &str = "_ordner.md";
const CATEGORY_FILE: &str = "_kategorien.md";

/// What stands before a text, between two lines of three hyphens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Front {
    title: String,
    summary: Option<String>,
    keywords: Option<String>,
    categories: Option<String>,
    state: Option<String>,
    audience: Option<String>,
    published: Option<Moment>,
}

/// Names and values of what stands before a text, and the text.
type Parts<'a> = (Vec<(&'a str, &'a str)>, &'a str);

fn lines_of(text: &str) -> Result<Parts<'_>, &'static str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let after = text
        .strip_prefix("---\n")
        .or_else(|| text.strip_prefix("---\r\n"))
        .ok_or("does not begin with a line «---»")?;
    let mut at = 0;
    let mut pairs = Vec::new();
    for line in after.split_inclusive('\n') {
        at += line.len();
        let line = line.trim_end();
        if line == "---" {
            return Ok((pairs, after.get(at..).unwrap_or_default()));
        }
        if line.is_empty() {
            continue;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or("a line before the text is not «name: value»")?;
        pairs.push((name.trim(), value.trim()));
    }
    Err("the lines before the text do not end with «---»")
}

fn parse(text: &str) -> Result<(Front, String), &'static str> {
    let (pairs, body) = lines_of(text)?;
    let mut front = Front::default();
    for (name, value) in pairs {
        let value = value.to_owned();
        let given = Some(value.clone()).filter(|value| !value.is_empty());
        match name {
            "title" => front.title = value,
            "summary" => front.summary = given,
            "keywords" => front.keywords = given,
            "categories" => front.categories = given,
            "state" => front.state = given,
            "audience" => front.audience = given,
            "published" => {
                let at: kernel::jiff::Timestamp = value
                    .parse()
                    .map_err(|_| "«published» is no time such as 2026-11-22T08:00:00Z")?;
                front.published = Some(Moment::from_micros(at.as_microsecond()));
            }
            _ => return Err("a name before the text is not known"),
        }
    }
    if front.title.is_empty() {
        return Err("has no title");
    }
    let body = body.replace("\r\n", "\n").trim().to_owned();
    if body.is_empty() {
        return Err("has no text");
    }
    let clean = |text: &str| kernel::clean_text(text).is_ok_and(|clean| clean == text);
    let all = [
        Some(&body),
        Some(&front.title),
        front.summary.as_ref(),
        front.keywords.as_ref(),
    ];
    if !all.into_iter().flatten().all(|text| clean(text)) {
        return Err("holds control characters");
    }
    Ok((front, body))
}

fn draw(front: &Front, body: &str) -> String {
    let published = front.published.map(|at| at.timestamp().to_string());
    let all = [
        ("title", Some(&front.title)),
        ("summary", front.summary.as_ref()),
        ("keywords", front.keywords.as_ref()),
        ("categories", front.categories.as_ref()),
        ("state", front.state.as_ref()),
        ("audience", front.audience.as_ref()),
        ("published", published.as_ref()),
    ];
    let mut text = String::from("---\n");
    for (name, value) in all {
        if let Some(value) = value {
            // a short text may have been written in several lines; here each name has one
            let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
            let line = lines.collect::<Vec<_>>().join(" ");
            text.push_str(&format!("{name}: {line}\n"));
        }
    }
    text.push_str("---\n\n");
    text.push_str(body);
    text.push('\n');
    text
}

/// A file read and written out anew, without regard to what is stored.
///
/// # Errors
/// Why it is no article.
pub fn anew(text: &str) -> Result<String, &'static str> {
    parse(text).map(|(front, body)| draw(&front, &body))
}

/// Reads files into the knowledge base: folders and categories, then articles by their address. What is there and says
/// the same stays untouched; nothing is taken away.
///
/// # Errors
/// The first file that cannot be read; then the transaction must not be committed.
pub async fn import(tx: &mut Tx, ctx: &Ctx, files: &[File]) -> Result<Report, BadFile> {
    let mut report = Report::default();
    let mut articles: Vec<(&str, &str, Locale, &str)> = Vec::new();
    for (path, text) in files {
        let bad = |why| BadFile::File(path.clone(), why);
        match path.split('/').collect::<Vec<_>>().as_slice() {
            [CATEGORY_FILE] => categories(tx, ctx, text).await?.map_err(bad)?,
            [folder, FOLDER_FILE] => folder_names(tx, ctx, folder, text).await?.map_err(bad)?,
            [folder, name] => match split_name(name) {
                Some((slug, locale)) => {
                    if crate::slug(slug) != *slug || crate::slug(folder) != *folder {
                        return Err(bad("names are small letters, digits and hyphens"));
                    }
                    articles.push((folder, slug, locale, path));
                }
                None => report.left_out.push(path.clone()),
            },
            _ => report.left_out.push(path.clone()),
        }
    }
    // settings stand in the first language, so German comes before English
    articles.sort_by_key(|(_, slug, locale, _)| (slug.to_owned(), locale.as_str()));
    let texts: BTreeMap<&str, &str> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    for (folder, slug, locale, path) in articles {
        let text = texts.get(path).copied().unwrap_or_default();
        let did = one(tx, ctx, folder, slug, locale, text).await;
        match did.map_err(|error| error.of(path))? {
            Did::Created => report.created += 1,
            Did::Changed => report.changed += 1,
            Did::Nothing => report.same += 1,
        }
    }
    Ok(report)
}

fn split_name(name: &str) -> Option<(&str, Locale)> {
    let stem = name.strip_suffix(".md")?;
    let (slug, language) = stem.rsplit_once('.')?;
    Some((slug, Locale::parse(language)?))
}

async fn categories(tx: &mut Tx, ctx: &Ctx, text: &str) -> db::Result<Result<(), &'static str>> {
    for (at, line) in text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .enumerate()
    {
        let Some((slug, names)) = line.split_once(':') else {
            return Ok(Err("a line is not «slug: Name | Name»"));
        };
        let (de, en) = names.split_once('|').unwrap_or((names, ""));
        let position = i64::try_from(at + 1).unwrap_or_default() * 10;
        put_group(tx, ctx, Kind::Category, slug.trim(), de, en, position).await?;
    }
    Ok(Ok(()))
}

async fn folder_names(
    tx: &mut Tx,
    ctx: &Ctx,
    slug: &str,
    text: &str,
) -> db::Result<Result<(), &'static str>> {
    let (pairs, _) = match lines_of(text) {
        Ok(read) => read,
        Err(why) => return Ok(Err(why)),
    };
    let read = |wanted: &str| {
        pairs
            .iter()
            .find(|(name, _)| *name == wanted)
            .map_or("", |(_, value)| *value)
    };
    if read("de").is_empty() {
        return Ok(Err("has no line «de: Name»"));
    }
    let position = read("position").parse().unwrap_or_default();
    put_group(
        tx,
        ctx,
        Kind::Folder,
        slug,
        read("de"),
        read("en"),
        position,
    )
    .await?;
    Ok(Ok(()))
}

async fn put_group(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: Kind,
    slug: &str,
    de: &str,
    en: &str,
    position: i64,
) -> db::Result<GroupId> {
    let names = Names {
        name_de: de.trim().to_owned(),
        name_en: Some(en.trim().to_owned()).filter(|name| !name.is_empty()),
        position: Position(position),
    };
    match group::store::by_slug(tx, kind, slug).await? {
        Some(known) => {
            let same = known.name_de == names.name_de
                && known.name_en == names.name_en
                && known.position == position;
            if !same {
                group::change(tx, ctx, known.id, &names).await?;
            }
            Ok(known.id)
        }
        None => match group::add_as(tx, ctx, kind, slug, &names).await {
            Ok(id) => Ok(id),
            Err(group::Refused::Db(error)) => Err(error),
            Err(_) => Err(db::Error::Missing),
        },
    }
}

enum Did {
    Created,
    Changed,
    Nothing,
}

enum Fault {
    Why(&'static str),
    Db(db::Error),
}

impl Fault {
    fn of(self, path: &str) -> BadFile {
        match self {
            Fault::Why(why) => BadFile::File(path.to_owned(), why),
            Fault::Db(error) => BadFile::Db(error),
        }
    }
}
impl From<db::Error> for Fault {
    fn from(error: db::Error) -> Self {
        Fault::Db(error)
    }
}
impl From<article::Refused> for Fault {
    fn from(refused: article::Refused) -> Self {
        match refused {
            article::Refused::Db(error) => Fault::Db(error),
            article::Refused::Stale => Fault::Why("was changed meanwhile"),
            article::Refused::SlugTaken => Fault::Why("another article has this name"),
        }
    }
}

async fn one(
    tx: &mut Tx,
    ctx: &Ctx,
    folder: &str,
    slug: &str,
    locale: Locale,
    text: &str,
) -> Result<Did, Fault> {
    let (front, body) = parse(text).map_err(Fault::Why)?;
    let write = Write {
        title: front.title.clone(),
        summary: front.summary.clone(),
        body,
        keywords: front.keywords.clone(),
        minor: true,
    };
    let folder = match group::store::by_slug(tx, Kind::Folder, folder).await? {
        Some(folder) => folder.id,
        None => put_group(tx, ctx, Kind::Folder, folder, folder, "", 0).await?,
    };
    let known = store::by_slug(tx, slug).await?;
    let (id, seen, created) = match &known {
        Some(known) => (known.id, store::text(tx, known.id, locale).await?, false),
        None => (
            article::create(tx, ctx, locale, "", &write).await?,
            None,
            true,
        ),
    };
    let same = seen
        .as_ref()
        .is_some_and(|now| now.says(&write) && now.source.as_deref() == Some(text));
    let version = match created {
        true => 1,
        false => seen.as_ref().map_or(0, |now| now.version),
    };
    if !same {
        article::replace(tx, ctx, id, locale, "", &write, version, Some(text)).await?;
    }
    let placed = placed(tx, ctx, &front, known.as_ref(), folder, slug).await?;
    let moved = placed.is_some();
    if let Some(placed) = placed {
        article::place(tx, ctx, id, &placed).await?;
    }
    Ok(match (created, same && !moved) {
        (true, _) => Did::Created,
        (false, true) => Did::Nothing,
        (false, false) => Did::Changed,
    })
}

/// Where the article is to stand; `None` when it stands there.
async fn placed(
    tx: &mut Tx,
    ctx: &Ctx,
    front: &Front,
    known: Option<&article::Settings>,
    folder: GroupId,
    slug: &str,
) -> Result<Option<Placed>, Fault> {
    let state = match front.state.as_deref() {
        Some(word) => {
            State::parse(word).ok_or(Fault::Why("«state» is draft, published or archived"))?
        }
        None => known.map_or(State::Published, |known| known.state),
    };
    let audience = match front.audience.as_deref() {
        Some(word) => {
            Audience::parse(word).ok_or(Fault::Why("«audience» is public, customers or staff"))?
        }
        None => known.map_or(Audience::Public, |known| known.audience),
    };
    let categories = match front.categories.as_deref() {
        Some(words) => named(tx, ctx, words).await?,
        None => known.map_or_else(Vec::new, |known| ids(&known.categories)),
    };
    let publish = front
        .published
        .or(known.and_then(|known| known.published_at));
    let stays = known.is_some_and(|known| {
        known.state == state
            && known.audience == audience
            && known.folder_id == Some(folder)
            && ids(&known.categories) == categories
            && (front.published.is_none() || known.published_at == publish)
    });
    Ok((!stays).then(|| Placed {
        state,
        audience,
        folder: Some(folder),
        categories,
        slug: slug.to_owned(),
        publish,
    }))
}

fn ids(stored: &str) -> Vec<GroupId> {
    stored.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// The categories of these names, separated by commas; new ones are made.
pub(crate) async fn named(tx: &mut Tx, ctx: &Ctx, words: &str) -> db::Result<Vec<GroupId>> {
    let all = group::store::all(tx).await?;
    let mut found = Vec::new();
    for word in words
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .take(10)
    {
        let slug = crate::slug(word);
        let is = |group: &&group::Group| {
            let key = kernel::fold(word);
            group.kind == Kind::Category
                && (group.slug == slug
                    || kernel::fold(&group.name_de) == key
                    || group.name_en.as_deref().map(kernel::fold) == Some(key))
        };
        let id = match all.iter().find(is) {
            Some(known) => known.id,
            None if slug.is_empty() => continue,
            None => put_group(tx, ctx, Kind::Category, &slug, word, "", 0).await?,
        };
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// All articles as files; drafts and archived ones, too. An article without a folder stands in `ohne-ordner`.
pub async fn export(tx: &mut Tx) -> db::Result<Vec<File>> {
    let groups = group::store::all(tx).await?;
    let name = |id: GroupId| groups.iter().find(|group| group.id == id);
    let mut files = Vec::new();
    let mut lines = String::new();
    for group in &groups {
        let en = group.name_en.as_deref();
        match group.kind {
            Kind::Folder => {
                let en = en.map(|name| format!("en: {name}\n")).unwrap_or_default();
                let text = format!(
                    "---\nde: {}\n{en}position: {}\n---\n",
                    group.name_de, group.position
                );
                files.push((format!("{}/{FOLDER_FILE}", group.slug), text));
            }
            Kind::Category => {
                let en = en.map(|name| format!(" | {name}")).unwrap_or_default();
                lines.push_str(&format!("{}: {}{en}\n", group.slug, group.name_de));
            }
        }
    }
    if !lines.is_empty() {
        files.push((CATEGORY_FILE.to_owned(), lines));
    }
    let mut texts: BTreeMap<ArticleId, Vec<Text>> = BTreeMap::new();
    for owned in store::all_texts(tx).await? {
        texts.entry(owned.article_id).or_default().push(owned.text);
    }
    for settings in store::all(tx).await? {
        let folder = folder_of(&groups, settings.folder_id);
        let categories: Vec<&str> = ids(&settings.categories)
            .into_iter()
            .filter_map(name)
            .map(|group| group.slug.as_str())
            .collect();
        for (at, text) in texts
            .remove(&settings.id)
            .unwrap_or_default()
            .iter()
            .enumerate()
        {
            let path = format!("{folder}/{}.{}.md", settings.slug, text.locale.as_str());
            let front = front_of(&settings, text, &categories, at == 0);
            files.push((path, as_file(&front, text)));
        }
    }
    files.sort();
    Ok(files)
}

fn folder_of(groups: &[group::Group], folder: Option<GroupId>) -> &str {
    let found = groups.iter().find(|group| Some(group.id) == folder);
    found.map_or("ohne-ordner", |group| group.slug.as_str())
}

fn front_of(settings: &article::Settings, text: &Text, categories: &[&str], first: bool) -> Front {
    let own = |value: String| first.then_some(value).filter(|value| !value.is_empty());
    Front {
        title: text.title.clone(),
        summary: text.summary.clone(),
        keywords: text.keywords.clone(),
        categories: own(categories.join(", ")),
        state: own(settings.state.as_str().to_owned()),
        audience: own(settings.audience.as_str().to_owned()),
        published: settings.published_at.filter(|_| first),
    }
}

/// The file it came from, if that says what is true now.
fn as_file(front: &Front, text: &Text) -> String {
    let kept = text.source.as_deref().filter(|source| match parse(source) {
        Ok((said, body)) => {
            let or = |said: &Option<String>, now: &Option<String>| said.is_none() || now.is_none() || said == now;
            let slugs = |words: &Option<String>| {
                words.as_ref().map(|words| words.split(',').map(crate::slug).collect::<Vec<_>>().join(", "))
            };
            body == text.body
                && said.title == front.title
                && said.summary == front.summary
                && said.keywords == front.keywords
                && or(&slugs(&said.categories), &front.categories)
                && or(&said.state, &front.state)
                && or(&said.audience, &front.audience)
                && (said.published.is_none() || front.published.is_none() || said.published == front.published)
                // what the file leaves to the default must still be the default
                && (said.state.is_some() || front.state.as_deref().is_none_or(|state| state == "published"))
                && (said.audience.is_some() || front.audience.as_deref().is_none_or(|audience| audience == "public"))
                && (said.categories.is_some() || front.categories.is_none())
        }
        Err(_) => false,
    });
    match kept {
        Some(source) => source.to_owned(),
        None => draw(front, &text.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn files_are_read_whatever_their_line_ends() {
        let text = "\u{FEFF}---\r\ntitle: Postfach: voll?\r\n\r\nkeywords: quota\r\n---\r\n\r\nErste\r\n\r\nZweite\r\n";
        let (front, body) = parse(text).unwrap();
        assert_eq!(front.title, "Postfach: voll?");
        assert_eq!(front.keywords.as_deref(), Some("quota"));
        assert_eq!(body, "Erste\n\nZweite");
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (text, why) in [
            ("# Titel", "begin"),
            ("---\ntitle: a\n", "end"),
            ("---\ntitle\n---\nx", "name: value"),
            ("---\nfarbe: rot\n---\nx", "not known"),
            ("---\nsummary: a\n---\nx", "no title"),
            ("---\ntitle: a\n---\n \n", "no text"),
            ("---\ntitle: a\npublished: gestern\n---\nx", "no time"),
            ("---\ntitle: a\n---\nx\u{0}", "control"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }

    #[test]
    fn a_short_text_of_several_lines_is_taken_back() {
        let front = Front {
            title: "a".into(),
            summary: Some("eins\n\nzwei: drei\n---".into()),
            ..Front::default()
        };
        let (back, _) = parse(&draw(&front, "x")).unwrap();
        assert_eq!(back.summary.as_deref(), Some("eins zwei: drei ---"));
    }

    proptest! {
        #[test]
        fn what_is_drawn_reads_back(title in "[A-Za-zäöü:#-][A-Za-zäöü :#-]{0,20}[a-z]", body in "[a-z#*\n -]{0,60}x") {
            let body = body.trim().to_owned();
            let front = Front { title: title.trim().to_owned(), state: Some("draft".into()), published: Some(Moment::from_micros(1_000_000)), ..Front::default() };
            prop_assert_eq!(parse(&draw(&front, &body)).unwrap(), (front, body));
        }
    }
}
