//! Articles: their settings, their texts in two languages, and all versions of each.

pub mod store;

use crate::{GroupId, shelf};
use db::Tx;
use db::audit::{self, Entry};
use kernel::jiff::{civil, tz::TimeZone};
use kernel::{Actor, Ctx, Locale, Moment};
use serde_json::json;
use web::form::{Fault, Field, FieldValue};

kernel::typed_id!(/** An article; sorts by time. */ ArticleId);

kernel::words! {
    pub enum State {
        /// Readers do not see it.
        Draft = "draft",
        /// Readers see it from its date on.
        Published = "published",
        /// Put away; nobody sees it but the desk.
        Archived = "archived",
    }
}
web::choice!(State, "article-state");

kernel::words! {
    /// Who may read it.
    pub enum Audience {
        Public = "public",
        /// Whoever is signed in.
        Customers = "customers",
        /// Internal.
        Staff = "staff",
    }
}
web::choice!(Audience, "article-audience");

web::form! {
    /// One language of an article, as it is written.
    #[derive(PartialEq)]
    pub struct Write as "article"; {
        title: String = line(150),
        summary: Option<String> = text(300).rows(2),
        body: String = text(60_000).rows(22),
        keywords: Option<String> = line(300),
        /// The other language stays up to date.
        minor: bool = tick(),
    }
}

web::form! {
    /// Where and for whom an article stands.
    pub struct Place as "shelve", check = wants_a_folder; {
        state: State = select().half(),
        audience: Audience = select().half(),
        folder: Option<GroupId> = select(),
        categories: Option<String> = line(200),
        slug: Slug = line(80),
        publish: Option<PublishAt> = line(16).inputmode("numeric"),
    }
}

fn wants_a_folder(place: &mut Place, faults: &mut web::form::Faults) {
    if place.state == State::Published && place.folder.is_none() {
        faults.add("folder", Fault::key("fault-article-folder"));
    }
}

/// The last part of an article's address: small letters, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(pub String);

impl FieldValue for Slug {
    fn parse(field: &Field, raw: &str) -> Result<Self, Fault> {
        let slug = crate::slug(raw);
        if slug.is_empty() {
            return Err(Fault::key("fault-required"));
        }
        if slug.len() > field.max {
            return Err(Fault::key("fault-too-long").arg("max", field.max as i64));
        }
        Ok(Slug(slug))
    }
    fn raw(&self) -> String {
        self.0.clone()
    }
}

impl FieldValue for GroupId {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        raw.parse().map_err(|()| Fault::key("fault-choice"))
    }
    fn raw(&self) -> String {
        self.to_string()
    }
}

/// A day and, if one likes, a time of day: 22.11.2026 14:30.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishAt(pub civil::DateTime);

impl PublishAt {
    pub fn of(at: Moment, zone: &TimeZone) -> Self {
        PublishAt(at.timestamp().to_zoned(zone.clone()).datetime())
    }

    pub fn moment(self, zone: &TimeZone) -> Moment {
        let zoned = self.0.to_zoned(zone.clone());
        Moment::from_micros(zoned.map_or(0, |zoned| zoned.timestamp().as_microsecond()))
    }
}

impl FieldValue for PublishAt {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        let formats = ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"];
        let days = ["%d.%m.%Y", "%Y-%m-%d"];
        let raw = raw.trim();
        let time = formats
            .iter()
            .find_map(|format| civil::DateTime::strptime(format, raw).ok());
        let day = || {
            let day = days
                .iter()
                .find_map(|format| civil::Date::strptime(format, raw).ok())?;
            Some(day.to_datetime(civil::Time::midnight()))
        };
        time.or_else(day)
            .filter(|at| (2000..2200).contains(&at.year()))
            .map(PublishAt)
            .ok_or_else(|| Fault::key("fault-publish"))
    }
    fn raw(&self) -> String {
        self.0.strftime("%d.%m.%Y %H:%M").to_string()
    }
}

kernel::row! {
    /// One language of an article, as it is stored.
    #[derive(Debug, Clone)]
    pub struct Text {
        pub locale: Locale,
        pub version: i64,
        pub title: String,
        pub summary: Option<String>,
        pub keywords: Option<String>,
        pub body: String,
        pub stale: bool,
        pub changed_at: Moment,
        pub source: Option<String>,
    }
}

impl Text {
    pub fn write(&self) -> Write {
        Write {
            title: self.title.clone(),
            summary: self.summary.clone(),
            body: self.body.clone(),
            keywords: self.keywords.clone(),
            minor: false,
        }
    }

    pub fn says(&self, write: &Write) -> bool {
        self.title == write.title
            && self.summary == write.summary
            && self.keywords == write.keywords
            && self.body == write.body
    }
}

kernel::row! {
    /// The settings of an article; categories are ids separated by blanks.
    #[derive(Debug, Clone)]
    pub struct Settings {
        pub id: ArticleId,
        pub slug: String,
        pub folder_id: Option<GroupId>,
        pub categories: String,
        pub state: State,
        pub audience: Audience,
        pub published_at: Option<Moment>,
        pub changed_at: Moment,
    }
}

/// Why an article was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody saved another version since the form was drawn.
    #[error("changed meanwhile")]
    Stale,
    /// Another article has this address.
    #[error("address taken")]
    SlugTaken,
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// A new article: a draft without a folder. Its address comes from the title.
pub async fn create(
    tx: &mut Tx,
    ctx: &Ctx,
    locale: Locale,
    by: &str,
    write: &Write,
) -> db::Result<ArticleId> {
    let id: ArticleId = ctx.id();
    let mut slug = crate::slug(&write.title);
    if slug.is_empty() || store::slug_taken(tx, &slug, id).await? {
        let short = id.to_string();
        slug = format!("{slug}-{}", short.get(20..).unwrap_or(&short));
    }
    let revision = shelf::bump(tx).await?;
    let settings = Settings {
        id,
        slug,
        folder_id: None,
        categories: String::new(),
        state: State::Draft,
        audience: Audience::Public,
        published_at: None,
        changed_at: ctx.now,
    };
    store::insert(tx, &settings, revision).await?;
    put_text(tx, ctx, id, locale, by, write, 1, None).await?;
    record(
        tx,
        ctx,
        "article.created",
        id,
        json!({"title": write.title}),
    )
    .await?;
    Ok(id)
}

/// Writes one language; `seen` is the version the form was drawn from, 0 for a language that was not there. The other
/// language counts as out of date from then on, unless the change is a minor one.
///
/// # Errors
/// [`Refused::Stale`]
pub async fn write(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ArticleId,
    locale: Locale,
    by: &str,
    write: &Write,
    seen: i64,
) -> Result<(), Refused> {
    replace(tx, ctx, id, locale, by, write, seen, None).await
}

#[expect(
    clippy::too_many_arguments,
    reason = "the source comes along at an import only"
)]
pub(crate) async fn replace(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ArticleId,
    locale: Locale,
    by: &str,
    write: &Write,
    seen: i64,
    source: Option<&str>,
) -> Result<(), Refused> {
    store::one(tx, id).await?;
    let now = store::text(tx, id, locale).await?;
    let version = now.as_ref().map_or(0, |text| text.version);
    if version != seen {
        return Err(Refused::Stale);
    }
    let same = now.as_ref().is_some_and(|text| text.says(write));
    if same && source.is_none() && !now.as_ref().is_some_and(|text| text.stale) {
        return Ok(());
    }
    let next = if same { version } else { version + 1 };
    put_text(tx, ctx, id, locale, by, write, next, source).await?;
    if !write.minor && !same {
        store::mark_other_stale(tx, id, locale).await?;
    }
    let revision = shelf::bump(tx).await?;
    store::touch(tx, id, revision, ctx.now).await?;
    let detail = json!({"language": locale.as_str(), "version": next, "minor": write.minor});
    record(tx, ctx, "article.written", id, detail).await?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "a row of this width")]
async fn put_text(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ArticleId,
    locale: Locale,
    by: &str,
    write: &Write,
    version: i64,
    source: Option<&str>,
) -> db::Result<()> {
    let text = Text {
        locale,
        version,
        title: write.title.clone(),
        summary: write.summary.clone(),
        keywords: write.keywords.clone(),
        body: write.body.clone(),
        stale: false,
        changed_at: ctx.now,
        source: source.map(str::to_owned),
    };
    store::put_text(tx, id, &text).await?;
    store::put_version(tx, id, &text, by).await
}

/// What the form of settings says, in stored words.
pub struct Placed {
    pub state: State,
    pub audience: Audience,
    pub folder: Option<GroupId>,
    pub categories: Vec<GroupId>,
    pub slug: String,
    pub publish: Option<Moment>,
}

/// Sets where and for whom an article stands. Published without a date means from now on.
///
/// # Errors
/// [`Refused::SlugTaken`]
pub async fn place(tx: &mut Tx, ctx: &Ctx, id: ArticleId, placed: &Placed) -> Result<(), Refused> {
    let before = store::one(tx, id).await?;
    if store::slug_taken(tx, &placed.slug, id).await? {
        return Err(Refused::SlugTaken);
    }
    let from_now = placed.state == State::Published;
    let at = placed
        .publish
        .or(before
            .published_at
            .filter(|_| before.state == State::Published))
        .or(from_now.then_some(ctx.now));
    let categories: Vec<String> = placed.categories.iter().map(GroupId::to_string).collect();
    let settings = Settings {
        id,
        slug: placed.slug.clone(),
        folder_id: placed.folder,
        categories: categories.join(" "),
        state: placed.state,
        audience: placed.audience,
        published_at: at,
        changed_at: ctx.now,
    };
    let revision = shelf::bump(tx).await?;
    store::update(tx, &settings, revision).await?;
    let detail = json!({
        "state": [before.state, placed.state],
        "audience": [before.audience, placed.audience],
        "slug": placed.slug,
    });
    record(tx, ctx, "article.placed", id, detail).await?;
    Ok(())
}

/// Makes what a version said the newest version.
///
/// # Errors
/// A version that never was is [`db::Error::Missing`].
pub async fn restore(
    tx: &mut Tx,
    ctx: &Ctx,
    id: ArticleId,
    locale: Locale,
    by: &str,
    version: i64,
) -> Result<(), Refused> {
    let old = store::version(tx, id, locale, version).await?;
    let seen = store::text(tx, id, locale)
        .await?
        .map_or(0, |text| text.version);
    write(tx, ctx, id, locale, by, &old.write(), seen).await
}

pub(crate) async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    act: &'static str,
    id: ArticleId,
    detail: serde_json::Value,
) -> db::Result<()> {
    let entry = Entry {
        act,
        customer: None,
        subject: "article",
        subject_id: id.to_string(),
        detail,
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// The name that stands with a version.
pub async fn author(tx: &mut Tx, ctx: &Ctx) -> db::Result<String> {
    match ctx.actor {
        Actor::Staff(id) => identity::staff::name(tx, id).await,
        _ => Ok(String::new()),
    }
}
