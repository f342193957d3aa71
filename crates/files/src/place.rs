//! Where the encrypted bytes lie: a folder, an S3 bucket, or memory.

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use kernel::Secret;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Name;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart,
};
use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// S3 takes no smaller pieces.
const PIECE: usize = 5 << 20;
/// Pieces on their way at once, each in memory.
const PIECES: usize = 1;
/// A page that waits for S3 says so after this time.
const PATIENCE: Duration = Duration::from_secs(8);
/// As long as nothing at all comes; whoever reads slowly may take far longer for the whole of it.
const SILENCE: Duration = Duration::from_secs(15);

/// The store does not answer, or not as it should.
#[derive(Debug, thiserror::Error)]
#[error("the store of files: {0}")]
pub struct Away(String);

/// A `files.url` that is none.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadPlace(String);

/// A place for bytes under a name. Names are ours, never a sender's.
#[derive(Clone)]
pub struct Place {
    objects: Arc<dyn ObjectStore>,
    folder: Option<PathBuf>,
    about: String,
}

impl Place {
    /// `file:PATH`, or `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(url: &str, access_key: &str, secret_key: &Secret) -> Result<Self, BadPlace> {
        if let Some(folder) = url.strip_prefix("file:") {
            return Place::disk(Path::new(folder.strip_prefix("//").unwrap_or(folder)));
        }
        match url.strip_prefix("s3://") {
            Some(rest) => Place::s3(rest, access_key, secret_key),
            None => Err(BadPlace("it begins with file: or s3://".into())),
        }
    }

    /// A folder, made where it is missing; nobody else can look into it.
    pub fn disk(folder: &Path) -> Result<Self, BadPlace> {
        let bad =
            |error: &dyn std::fmt::Display| BadPlace(format!("{}: {error}", folder.display()));
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|e| bad(&e))?;
        let mode = fs::metadata(folder)
            .map_err(|e| bad(&e))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            tracing::warn!(folder = %folder.display(), "the folder of files can be read by others; chmod 700 it");
        }
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(|e| bad(&e))?;
        Ok(Place {
            objects: Arc::new(objects),
            folder: Some(folder.to_owned()),
            about: format!("the folder {}", folder.display()),
        })
    }

    fn s3(rest: &str, access_key: &str, secret_key: &Secret) -> Result<Self, BadPlace> {
        let (place, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(BadPlace("a bucket stands behind s3://".into()));
        }
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(bucket)
            .with_region("us-east-1")
            .with_access_key_id(access_key)
            .with_secret_access_key(secret_key.expose())
            .with_client_options(
                ClientOptions::new()
                    .with_connect_timeout(Duration::from_secs(3))
                    .with_timeout_disabled()
                    .with_read_timeout(SILENCE),
            )
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 3,
                retry_timeout: PATIENCE,
            });
        for option in options.split('&').filter(|option| !option.is_empty()) {
            builder = match option.split_once('=') {
                Some(("region", region)) => builder.with_region(region),
                Some(("endpoint", endpoint)) => builder
                    .with_endpoint(endpoint)
                    .with_allow_http(endpoint.starts_with("http://")),
                _ => return Err(BadPlace(format!("{option} is no option of s3://"))),
            };
        }
        let objects = builder.build().map_err(|e| BadPlace(e.to_string()))?;
        let prefix = prefix.trim_matches('/');
        let objects: Arc<dyn ObjectStore> = if prefix.is_empty() {
            Arc::new(objects)
        } else {
            Arc::new(object_store::prefix::PrefixStore::new(objects, prefix))
        };
        Ok(Place {
            objects,
            folder: None,
            about: format!("the bucket {bucket}"),
        })
    }

    pub fn memory() -> Self {
        Place {
            objects: Arc::new(InMemory::new()),
            folder: None,
            about: "memory".into(),
        }
    }

    /// In words, for the operator.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The folder, where it is one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    pub(crate) fn put(&self, name: &str) -> Putting {
        Putting {
            place: self.clone(),
            name: Name::from(name),
            held: Vec::new(),
            pieces: None,
        }
    }

    /// The bytes, piece by piece; `None` when there is nothing of this name.
    pub(crate) async fn get(
        &self,
        name: &str,
    ) -> Result<Option<BoxStream<'static, Result<Bytes, Away>>>, Away> {
        let got = tokio::time::timeout(PATIENCE, self.objects.get(&Name::from(name))).await;
        match got.map_err(|_| Away("no answer in time".into()))? {
            Ok(found) => Ok(Some(found.into_stream().map_err(away).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(away(error)),
        }
    }

    /// Gone, also when it was not there.
    pub(crate) async fn delete(&self, name: &str) -> Result<(), Away> {
        if let Some(folder) = &self.folder {
            sweep_parts(folder, name);
        }
        match self.objects.delete(&Name::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }

    /// Everything that lies here, with its size.
    pub(crate) async fn sizes(&self) -> Result<HashMap<String, u64>, Away> {
        self.objects
            .list(None)
            .map_ok(|found| (found.location.to_string(), found.size))
            .try_collect()
            .await
            .map_err(away)
    }
}

fn away(error: object_store::Error) -> Away {
    Away(error.to_string())
}

/// What an upload that was cut left beside the name.
fn sweep_parts(folder: &Path, name: &str) {
    let path = folder.join(name);
    let (Some(above), Some(own)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
    else {
        return;
    };
    let begins = format!("{own}#");
    for entry in fs::read_dir(above).into_iter().flatten().flatten() {
        let is_part = entry
            .file_name()
            .to_str()
            .is_some_and(|name| name.starts_with(&begins));
        if is_part && let Err(error) = fs::remove_file(entry.path()) {
            tracing::warn!(file = %entry.path().display(), %error, "left behind");
        }
    }
}

/// Bytes on their way to a place. Dropped without [`Putting::finish`], there is nothing under the name.
pub(crate) struct Putting {
    place: Place,
    name: Name,
    held: Vec<u8>,
    pieces: Option<WriteMultipart>,
}

impl Putting {
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Away> {
        if let Some(pieces) = &mut self.pieces {
            pieces.wait_for_capacity(PIECES).await.map_err(away)?;
            pieces.write(bytes);
            return Ok(());
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() >= PIECE {
            let upload = self.place.objects.put_multipart(&self.name).await;
            let mut pieces = WriteMultipart::new_with_chunk_size(upload.map_err(away)?, PIECE);
            pieces.write(&std::mem::take(&mut self.held));
            self.pieces = Some(pieces);
        }
        Ok(())
    }

    /// The bytes are there, and stay there when the power fails.
    pub(crate) async fn finish(self) -> Result<(), Away> {
        match self.pieces {
            Some(pieces) => drop(pieces.finish().await.map_err(away)?),
            None => {
                let put = self.place.objects.put(&self.name, self.held.into());
                drop(put.await.map_err(away)?);
            }
        }
        match &self.place.folder {
            Some(folder) => settle(folder.join(self.name.as_ref())).await,
            None => Ok(()),
        }
    }

    pub(crate) async fn abort(self) {
        if let Some(pieces) = self.pieces
            && let Err(error) = pieces.abort().await
        {
            tracing::debug!(%error, "an upload could not be taken back; it is swept");
        }
    }
}

/// A new name is on the disk only when its folder is, and that only when the one above is.
async fn settle(path: PathBuf) -> Result<(), Away> {
    let synced = tokio::task::spawn_blocking(move || {
        File::open(&path)?.sync_all()?;
        for above in path.ancestors().skip(1).take(2) {
            File::open(above)?.sync_all()?;
        }
        std::io::Result::Ok(())
    });
    match synced.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(Away(error.to_string())),
        Err(error) => Err(Away(error.to_string())),
    }
}
