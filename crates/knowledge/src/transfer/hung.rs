//! What hangs on articles: pictures and files, as `FOLDER/SLUG/NAME`. Their bytes are the caller's: they are read and
//! stored outside of any transaction.

use super::folder_of;
use crate::article::{ArticleId, store};
use crate::attachment::{self, owner};
use crate::group;
use db::Tx;
use files::{File, FileId};
use kernel::Ctx;
use std::collections::BTreeSet;

/// A file and where it goes.
#[derive(Debug)]
pub struct Hung {
    pub path: String,
    pub file: File,
}

/// The article and the name that a path stands for; `None` when it is no place for such a file.
pub fn hung_at(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.split('/');
    let (folder, slug, name) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = parts.next().is_none()
        && crate::slug(folder) == folder
        && crate::slug(slug) == slug
        && files::clean(name) == name;
    fits.then_some((slug, name))
}

/// All of them, in the order of their paths.
pub async fn hung(tx: &mut Tx) -> db::Result<Vec<Hung>> {
    let groups = group::store::all(tx).await?;
    let mut all = Vec::new();
    for settings in store::all(tx).await? {
        let folder = folder_of(&groups, settings.folder_id);
        let mut taken = BTreeSet::new();
        // of two with one name the later is the one a text means, so the earlier one gives way
        for file in files::of(tx, owner(settings.id)).await?.into_iter().rev() {
            let name = (1..)
                .map(|number| numbered(&file.name, number))
                .find(|name| !taken.contains(name))
                .unwrap_or_default();
            taken.insert(name.clone());
            all.push(Hung {
                path: format!("{folder}/{}/{name}", settings.slug),
                file,
            });
        }
    }
    all.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(all)
}

fn numbered(name: &str, number: usize) -> String {
    if number == 1 {
        return name.to_owned();
    }
    match name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, ending)) => format!("{stem} ({number}).{ending}"),
        None => format!("{name} ({number})"),
    }
}

/// The file of this name that the article has already, be there one of either.
pub async fn present(tx: &mut Tx, slug: &str, name: &str) -> db::Result<Option<File>> {
    let Some(article) = store::by_slug(tx, slug).await? else {
        return Ok(None);
    };
    of_name(tx, article.id, name).await
}

async fn of_name(tx: &mut Tx, id: ArticleId, name: &str) -> db::Result<Option<File>> {
    let all = files::of(tx, owner(id)).await?;
    Ok(all.into_iter().rev().find(|file| file.name == name))
}

/// Hangs a stored file on the article, in the place of the one that has its name; `false` when there is no such article.
pub async fn hang(
    tx: &mut Tx,
    ctx: &Ctx,
    slug: &str,
    name: &str,
    file: FileId,
) -> db::Result<bool> {
    let Some(article) = store::by_slug(tx, slug).await? else {
        return Ok(false);
    };
    if let Some(old) = of_name(tx, article.id, name).await? {
        attachment::remove(tx, ctx, old.id).await?;
    }
    attachment::attach(tx, ctx, article.id, &[file]).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stands_for_an_article_and_a_name() {
        assert_eq!(
            hung_at("e-mail/einrichten/Bild 1.png"),
            Some(("einrichten", "Bild 1.png"))
        );
        for path in [
            "bild.png",
            "e-mail/bild.png",
            "e-mail/einrichten/mehr/bild.png",
            "E Mail/einrichten/bild.png",
            "e-mail/../bild.png",
            "e-mail/einrichten/..",
            "e-mail/einrichten/a:b.png",
            "e-mail/einrichten/",
        ] {
            assert_eq!(hung_at(path), None, "{path}");
        }
        assert_eq!(numbered("a.b.png", 1), "a.b.png");
        assert_eq!(numbered("a.b.png", 2), "a.b (2).png");
        assert_eq!(numbered("LIESMICH", 3), "LIESMICH (3)");
    }
}
