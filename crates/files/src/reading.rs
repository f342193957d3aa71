//! How bytes go out again: decrypted as they go, nothing that was not proved.

use crate::crypt::{Damaged, Opening, Part};
use crate::intake::{picture_of, place_of};
use crate::{Failed, File, FileId, Store, key};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream as streams};
use kernel::World;

/// The bytes of a file, piece by piece.
pub type Content = BoxStream<'static, Result<Bytes, Failed>>;

/// The file as it was sent. The first piece is there already, so that what cannot be read is known before an answer
/// begins.
///
/// # Errors
/// [`Failed::Broken`] when the bytes are missing or damaged at their beginning; the store's.
pub async fn stream(store: &Store, world: &World, file: &File) -> Result<Content, Failed> {
    let file_key = key::unwrap(world, file.id, &file.wrapped)?;
    open(store, &place_of(file.id), file_key, file.id, Part::Original).await
}

/// The picture as it was drawn anew: its bytes, and what kind they are.
///
/// # Errors
/// As [`stream`].
pub async fn picture(store: &Store, world: &World, file: &File) -> Result<Vec<u8>, Failed> {
    let file_key = key::unwrap(world, file.id, &file.wrapped)?;
    let drawn = open(
        store,
        &picture_of(file.id),
        file_key,
        file.id,
        Part::Picture,
    )
    .await?;
    gather(drawn, u64::MAX).await
}

/// The whole file, as sent, in memory; at most `max` bytes.
///
/// # Errors
/// [`Failed::TooLarge`], and as [`stream`].
pub async fn read(store: &Store, world: &World, file: &File, max: u64) -> Result<Vec<u8>, Failed> {
    if u64::try_from(file.size).unwrap_or(u64::MAX) > max {
        return Err(Failed::TooLarge);
    }
    gather(stream(store, world, file).await?, max).await
}

async fn gather(content: Content, max: u64) -> Result<Vec<u8>, Failed> {
    let mut all = Vec::new();
    let mut content = content;
    while let Some(piece) = content.try_next().await? {
        if (all.len() + piece.len()) as u64 > max {
            return Err(Failed::TooLarge);
        }
        all.extend_from_slice(&piece);
    }
    Ok(all)
}

struct Flow {
    sealed: BoxStream<'static, Result<Bytes, crate::Away>>,
    opening: Option<Opening>,
    id: FileId,
}

async fn open(
    store: &Store,
    name: &str,
    file_key: [u8; 32],
    id: FileId,
    part: Part,
) -> Result<Content, Failed> {
    let sealed = store.place().get(name).await?.ok_or(Failed::Broken(id))?;
    let mut flow = Flow {
        sealed,
        opening: Some(Opening::new(file_key, id, part)),
        id,
    };
    let first = flow.next().await?;
    let rest = streams::try_unfold(flow, |mut flow| async move {
        Ok(flow.next().await?.map(|piece| (piece, flow)))
    });
    Ok(streams::iter(first.map(Ok)).chain(rest).boxed())
}

impl Flow {
    /// The next piece that was proved; `None` at a proved end.
    async fn next(&mut self) -> Result<Option<Bytes>, Failed> {
        let broken = Failed::Broken(self.id);
        loop {
            let Some(opening) = &mut self.opening else {
                return Ok(None);
            };
            let plain = match self.sealed.try_next().await? {
                Some(sealed) => opening.push(&sealed),
                None => match self.opening.take() {
                    Some(opening) => opening.finish(),
                    None => return Ok(None),
                },
            };
            match plain {
                Ok(plain) if plain.is_empty() && self.opening.is_some() => {}
                Ok(plain) if plain.is_empty() => return Ok(None),
                Ok(plain) => return Ok(Some(plain.into())),
                Err(Damaged) => return Err(broken),
            }
        }
    }
}
