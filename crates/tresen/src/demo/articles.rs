//! The demo's knowledge base: articles from `demo/articles`, votes, manuals, searches that found nothing.

use anyhow::{Context, Result};
use db::Tx;
use kernel::{Actor, Ctx, Locale, Moment, World};
use knowledge::article::{self, store};
use knowledge::feedback::{self, Feedback, Helpful};
use knowledge::group::Position;
use knowledge::manual::{self, Manual, Target};
use knowledge::misses;
use knowledge::transfer::{self, File};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(rust_embed::RustEmbed)]
#[folder = "demo/articles"]
struct Articles;

const DAY: u64 = 86_400;

/// The files as `tresen articles import` would read them.
pub fn files() -> Vec<File> {
    let read = |name: std::borrow::Cow<'static, str>| {
        let file = Articles::get(&name)?;
        Some((
            name.into_owned(),
            String::from_utf8_lossy(&file.data).into_owned(),
        ))
    };
    let mut files: Vec<File> = Articles::iter().filter_map(read).collect();
    files.sort();
    files
}

/// Fills the knowledge base; dates relative to `now`.
pub async fn settle(tx: &mut Tx, world: &World, now: Moment) -> Result<()> {
    let at = |days: u64| Ctx {
        world: world.clone(),
        now: now - Duration::from_secs(days * DAY),
        actor: Actor::System,
        locale: Locale::De,
    };
    let (names, articles): (Vec<File>, Vec<File>) = files().into_iter().partition(|(path, _)| {
        path.rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with('_'))
    });
    transfer::import(tx, &at(520), &names).await?;
    let mut by_slug: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for (path, text) in articles {
        let slug = path.split('.').next().unwrap_or_default().to_owned();
        by_slug.entry(slug).or_default().push((path, text));
    }
    for (at_place, (slug, files)) in by_slug.into_iter().enumerate() {
        let days = 20 + 13 * u64::try_from(at_place)?;
        transfer::import(tx, &at(days), &files).await?;
        let slug = slug.rsplit('/').next().unwrap_or_default();
        votes(tx, &at, slug, at_place).await?;
    }
    rewrite(tx, &at(3)).await?;
    manuals(tx, &at(400)).await?;
    for (days, words) in [
        (1, "Glasfaser"),
        (2, "Videokonferenz"),
        (2, "glasfaser"),
        (9, "Parkplatz Kiel"),
    ] {
        misses::put(tx, &at(days), words).await?;
    }
    Ok(())
}

/// A few months of votes: more where the article is read more.
async fn votes(tx: &mut Tx, at: &impl Fn(u64) -> Ctx, slug: &str, place: usize) -> Result<()> {
    let Some(found) = store::by_slug(tx, slug).await? else {
        return Ok(());
    };
    if found.state != article::State::Published {
        return Ok(());
    }
    let comments = [
        "Die Schritte stimmen nicht mehr, der Knopf heißt jetzt anders.",
        "Mir fehlt ein Bild davon.",
    ];
    for n in 0..(place * 7) % 17 {
        let days = 2 + 11 * u64::try_from(n)?;
        let no = (n + place).is_multiple_of(5);
        let said = Feedback {
            helpful: if no { Helpful::No } else { Helpful::Yes },
            unclear: no && n.is_multiple_of(2),
            wrong: no && !n.is_multiple_of(2),
            other: false,
            long: false,
            comment: comments
                .get(n)
                .filter(|_| no)
                .map(|text| (*text).to_owned()),
        };
        let (reader, network) = (format!("demo-{n}"), format!("demo-{place}-{n}"));
        feedback::vote(tx, &at(days), found.id, &reader, &network, &said).await?;
    }
    Ok(())
}

/// One article was brought up to date in German, and its English version was not.
async fn rewrite(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    let found = store::by_slug(tx, "mailprogramm-einrichten")
        .await?
        .context("the article")?;
    let now = store::text(tx, found.id, Locale::De)
        .await?
        .context("its text")?;
    let mut write = now.write();
    write.body = write.body.replace(
        "## Senden klappt nicht",
        "Auf dem iPhone wählen Sie beim Anlegen **Andere**.\n\n## Senden klappt nicht",
    );
    article::write(
        tx,
        ctx,
        found.id,
        Locale::De,
        "Malte Brodersen",
        &write,
        now.version,
    )
    .await?;
    Ok(())
}

async fn manuals(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    let all = [
        (
            "Cloud-Server Schäre: Verwaltung",
            "Cloud server Schäre: administration",
            "PDF, 84 Seiten",
            "PDF, 84 pages",
        ),
        (
            "Mailpaket Kontor für Verwalter",
            "Mail package Kontor for administrators",
            "PDF, 41 Seiten",
            "PDF, 41 pages",
        ),
        (
            "Umzug zu Nordlicht",
            "Moving to Nordlicht",
            "PDF, 22 Seiten",
            "PDF, 22 pages",
        ),
    ];
    for (at, (de, en, note_de, note_en)) in all.into_iter().enumerate() {
        let manual = Manual {
            title_de: de.into(),
            title_en: Some(en.into()),
            link: Target(format!("https://nordlicht.example/handbuch/{}.pdf", at + 1)),
            note_de: Some(note_de.into()),
            note_en: Some(note_en.into()),
            position: Position(i64::try_from(at)? * 10 + 10),
        };
        manual::add(tx, ctx, &manual).await?;
    }
    Ok(())
}
