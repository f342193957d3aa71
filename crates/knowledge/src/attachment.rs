//! Pictures and files of an article. Whoever may read the article may have them, and nobody else.

use crate::article::{ArticleId, record, store};
use crate::markdown::Own;
use db::Tx;
use files::{File, FileId, Owner};
use kernel::Ctx;
use serde_json::json;
use web::{Cx, FileView, Reader};

const OWNER: &str = "article";

pub(crate) fn owner(id: ArticleId) -> Owner {
    Owner::new(OWNER, id.0)
}

/// Files that were sent belong to the article from now on.
///
/// # Errors
/// `Missing` when there is no such article, or one of the files belongs to something already.
pub async fn attach(tx: &mut Tx, ctx: &Ctx, id: ArticleId, sent: &[FileId]) -> db::Result<()> {
    store::one(tx, id).await?;
    files::attach(tx, ctx, None, sent, owner(id)).await?;
    record(tx, ctx, "article.filed", id, json!({"files": sent.len()})).await
}

/// Takes one away; gives the article it stood in.
///
/// # Errors
/// `Missing` when no article has it.
pub async fn remove(tx: &mut Tx, ctx: &Ctx, file: FileId) -> db::Result<ArticleId> {
    let (found, id) = find(tx, file).await?.ok_or(db::Error::Missing)?;
    files::remove(tx, ctx, file).await?;
    record(tx, ctx, "article.unfiled", id, json!({"name": found.name})).await?;
    Ok(id)
}

/// A file of an article, whichever it is. Who may have it is for the caller to say.
pub async fn find(tx: &mut Tx, file: FileId) -> db::Result<Option<(File, ArticleId)>> {
    let found = files::find(tx, None, file).await?;
    Ok(found
        .filter(|file| file.owner_kind == OWNER)
        .and_then(|file| {
            let id = ArticleId(file.owner_id?);
            Some((file, id))
        }))
}

/// All files of the article; `path` leads to one of them.
pub async fn all(
    cx: &Cx,
    tx: &mut Tx,
    id: ArticleId,
    path: web::Path1,
    reader: Reader,
) -> db::Result<Vec<(FileId, FileView)>> {
    let all = files::of(tx, owner(id)).await?;
    let view = |file: &File| (file.id, FileView::of(cx, file, &path.to(file.id), reader));
    Ok(all.iter().map(view).collect())
}

/// What a text may show and link to by name.
pub fn own(views: &[(FileId, FileView)]) -> Own {
    let mut own = Own::default();
    for (_, view) in views {
        own.put(&view.name, view.href.as_deref(), view.picture.as_deref());
    }
    own
}

/// Those that do not stand in the text as pictures.
pub fn beside(views: Vec<(FileId, FileView)>) -> Vec<FileView> {
    let views = views.into_iter().map(|(_, view)| view);
    views.filter(|view| view.picture.is_none()).collect()
}
