//! A post with files: checked before a byte is kept, streamed into the store, counted on the way.

use crate::app::App;
use crate::cx::{Cx, Who};
use crate::error::{Error, Result};
use crate::form::{Fault, Held, RawForm, Upload};
use crate::multipart::{self, Multipart};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use files::{By, FILE_MAX, FILES_MAX, Failed, FileId, Intake, Store};
use futures_util::Stream;
use kernel::Uuid;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Under this name a form brings back what was uploaded with an earlier try.
pub(crate) const KEPT: &str = "kept";

/// Nothing comes for so long: over.
const STALL: Duration = Duration::from_secs(30);
/// Slower lines than this (bytes a second) do not send files.
const SLOWEST: u64 = 16 << 10;
const MEGABYTE: u64 = 1 << 20;

/// Whether this is a form with files.
pub(crate) fn border_of(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multipart::border(kind).map(str::to_owned)
}

/// What a route takes.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// So many fields.
    pub fields: usize,
    /// The file of these stays in memory.
    pub held: &'static [&'static str],
}

/// How much of it there may be, and until when it must be there.
struct Limit {
    left: u64,
    end: Instant,
}

/// Reads the form. `check` looks, before the first file is touched, whether this may be sent at all; what it gives is
/// who sends. The fields that decide on it, `csrf` and `key`, stand before the files.
pub(crate) async fn read<C, F>(
    app: &App,
    headers: &HeaderMap,
    body: Body,
    border: &str,
    limits: Limits,
    check: C,
) -> Result<RawForm>
where
    C: Fn(RawForm) -> F,
    F: Future<Output = Result<Cx>>,
{
    let max = app.settings().max_upload;
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > max) {
        return Err(Error::TooLarge);
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Error::Unsupported);
    }
    let seconds = length.unwrap_or(max) / SLOWEST;
    let mut limit = Limit {
        left: max,
        end: Instant::now() + STALL + Duration::from_secs(seconds),
    };
    let mut parts = Multipart::new(Box::pin(body.into_data_stream()), border);
    let mut form = RawForm::default();
    let mut text = app.settings().max_body as u64;
    let mut sender: Option<Sender> = None;
    while let Some(head) = limit.wait(parts.next()).await? {
        match head.file {
            None => {
                if form.pairs().count() >= limits.fields {
                    return Err(Error::Bad("too many fields"));
                }
                let value = field(&mut parts, &mut limit, &mut text).await?;
                form.add(head.name, value);
            }
            Some(name) => {
                let from = match &mut sender {
                    Some(from) => from,
                    none => none.insert(Sender::of(check(form.clone()).await?).await?),
                };
                if limits.held.contains(&head.name.as_str()) {
                    hold(&mut parts, &mut limit, &mut form, &head.name, &name).await?;
                } else {
                    file(from, &mut parts, &mut limit, &mut form, &name).await?;
                }
            }
        }
    }
    if form.pairs().any(|(name, _)| name == KEPT) {
        let sender = match sender {
            Some(sender) => Some(sender),
            // what may not be sent is refused once more, and with the right words, further on
            None => match check(form.clone()).await {
                Ok(cx) => Some(Sender::of(cx).await?),
                Err(_) => None,
            },
        };
        if let Some(sender) = sender {
            bring_back(&sender, &mut form).await?;
        }
    }
    if form.files().len() > FILES_MAX {
        form.fault(Fault::key("fault-files-too-many").arg("max", FILES_MAX as i64));
    }
    Ok(form)
}

impl Limit {
    async fn wait<T>(
        &mut self,
        reading: impl Future<Output = std::result::Result<T, multipart::Fault>>,
    ) -> Result<T> {
        let end = self.end.min(Instant::now() + STALL);
        match timeout_at(end, reading).await {
            Err(_) => Err(Error::Bad("the body did not arrive in time")),
            Ok(Err(multipart::Fault::Cut)) => Err(Error::Bad("the body was cut")),
            Ok(Err(multipart::Fault::Bad)) => Err(Error::Bad("the form cannot be read")),
            Ok(Ok(read)) => Ok(read),
        }
    }

    fn take(&mut self, bytes: usize) -> Result<()> {
        self.left = self.left.checked_sub(bytes as u64).ok_or(Error::TooLarge)?;
        Ok(())
    }
}

type Parts<S> = Multipart<S>;

async fn field<S, E>(parts: &mut Parts<S>, limit: &mut Limit, room: &mut u64) -> Result<String>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
{
    let mut value = Vec::new();
    while let Some(piece) = limit.wait(parts.chunk()).await? {
        limit.take(piece.len())?;
        *room = room
            .checked_sub(piece.len() as u64)
            .ok_or(Error::TooLarge)?;
        value.extend(piece);
    }
    Ok(String::from_utf8_lossy(&value).into_owned())
}

/// Who sends, and where to.
struct Sender {
    cx: Cx,
    store: Option<Arc<Store>>,
    by: By,
    /// The same form was sent before: its files are only compared.
    again: bool,
}

impl Sender {
    async fn of(cx: Cx) -> Result<Self> {
        let by = match &cx.who {
            Who::Member(session) => By::User(session.user),
            Who::Staff(session) => By::Staff(session.staff),
            Who::Nobody => By::Network(cx.info.network.clone()),
        };
        Ok(Sender {
            again: cx.was_sent().await?,
            store: cx.app.state::<Store>(),
            by,
            cx,
        })
    }

    fn store(&self) -> Result<&Store> {
        let store = self.store.as_deref();
        store.ok_or_else(|| Error::internal("no store of files was put in at start"))
    }

    async fn begin(&self, store: &Store, name: &str) -> std::result::Result<Intake, Failed> {
        let (db, ctx) = (&self.cx.db, &self.cx.ctx);
        Intake::begin(store, db, ctx, &self.by, name).await
    }
}

async fn file<S, E>(
    from: &Sender,
    parts: &mut Parts<S>,
    limit: &mut Limit,
    form: &mut RawForm,
    name: &str,
) -> Result<()>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
{
    let mut first = limit.wait(parts.chunk()).await?;
    if name.is_empty() && first.is_none() {
        // nothing was chosen
        return Ok(());
    }
    let mut hash = Sha256::new();
    let full = form.files().len() >= FILES_MAX;
    let mut intake = if from.again || full {
        None
    } else {
        kept_or_fault(from.begin(from.store()?, name).await, form)?
    };
    while let Some(piece) = first {
        limit.take(piece.len())?;
        hash.update(&piece);
        if let Some(open) = &mut intake
            && let Err(error) = open.write(&piece).await
        {
            if let Some(open) = intake.take() {
                open.abort().await;
            }
            kept_or_fault::<()>(Err(error), form)?;
        }
        first = limit.wait(parts.chunk()).await?;
    }
    form.saw_file(name, hash.finalize().into());
    if full && !from.again {
        form.fault(Fault::key("fault-files-too-many").arg("max", FILES_MAX as i64));
    }
    if let Some(open) = intake
        && let Some(stored) = kept_or_fault(open.finish().await, form)?
    {
        form.add_file(upload(&from.cx, stored)?);
    }
    Ok(())
}

/// A file that no store is to see: it lies in memory, and what is too large for that is read and forgotten.
async fn hold<S, E>(
    parts: &mut Parts<S>,
    limit: &mut Limit,
    form: &mut RawForm,
    field: &str,
    name: &str,
) -> Result<()>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
{
    let mut bytes = Vec::new();
    let mut hash = Sha256::new();
    let mut fits = true;
    while let Some(piece) = limit.wait(parts.chunk()).await? {
        limit.take(piece.len())?;
        hash.update(&piece);
        fits &= bytes.len() + piece.len() <= Held::MAX;
        if fits {
            bytes.extend(piece);
        } else {
            bytes = Vec::new();
        }
    }
    if name.is_empty() && bytes.is_empty() && fits {
        // nothing was chosen
        return Ok(());
    }
    form.saw_file(name, hash.finalize().into());
    let held = if !fits {
        let most = i64::try_from(Held::MAX / 1_000_000).unwrap_or(0);
        Err(Fault::key("fault-held-too-large").arg("max", most))
    } else if bytes.is_empty() {
        Err(Fault::key("fault-held-empty"))
    } else {
        Ok(Held::new(name, bytes))
    };
    form.hold(field, held);
    Ok(())
}

/// What a person can mend, or wait for, is told at the field, and everything else of the form stays.
fn kept_or_fault<T>(done: std::result::Result<T, Failed>, form: &mut RawForm) -> Result<Option<T>> {
    match done {
        Ok(done) => return Ok(Some(done)),
        Err(Failed::TooLarge) => {
            let most = i64::try_from(FILE_MAX / MEGABYTE).unwrap_or(0);
            form.fault(Fault::key("fault-file-too-large").arg("max", most));
        }
        Err(Failed::Full) => form.fault(Fault::key("fault-files-full")),
        Err(Failed::Away(error)) => {
            tracing::error!(%error, "a file could not be stored");
            form.fault(Fault::key("fault-files-away"));
        }
        Err(other) => return Err(other.into()),
    }
    Ok(None)
}

fn place(cx: &Cx) -> String {
    format!("upload/{}", cx.actor_key())
}

fn upload(cx: &Cx, stored: files::Upload) -> Result<Upload> {
    let mark = cx
        .ctx
        .world
        .seal(&place(cx), stored.id.0.as_bytes())
        .map_err(Error::internal)?;
    Ok(Upload {
        id: stored.id,
        name: stored.name,
        size: stored.size,
        mark: URL_SAFE_NO_PAD.encode(mark),
    })
}

/// What came with an earlier try and is still wanted.
async fn bring_back(from: &Sender, form: &mut RawForm) -> Result<()> {
    let cx = &from.cx;
    let marks: Vec<String> = form
        .pairs()
        .filter(|(name, _)| *name == KEPT)
        .map(|(_, mark)| mark.to_owned())
        .take(FILES_MAX)
        .collect();
    let mut tx = cx.db.read().await?;
    let mut found = Vec::new();
    for mark in marks {
        let id = URL_SAFE_NO_PAD
            .decode(&mark)
            .ok()
            .and_then(|sealed| cx.ctx.world.open(&place(cx), &sealed).ok())
            .and_then(|id| Uuid::from_slice(&id).ok())
            .map(FileId);
        let file = match id {
            Some(id) => files::uploaded(&mut tx, &cx.ctx, &from.by, id).await?,
            None => None,
        };
        match file {
            Some(file) => found.push(Upload {
                id: file.id,
                name: file.name,
                size: file.size,
                mark,
            }),
            None => form.fault(Fault::key("fault-files-lost")),
        }
    }
    form.bring_files(found);
    Ok(())
}

impl From<Failed> for Error {
    fn from(error: Failed) -> Self {
        match error {
            Failed::TooLarge => Error::TooLarge,
            Failed::Away(error) => Error::Away(error.to_string()),
            Failed::Db(error) => error.into(),
            other => Error::internal(other),
        }
    }
}
