//! Hashing of passwords: slow on purpose, so only as many at once as there are cores.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use kernel::Secret;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long a request waits for its turn.
const WAIT: Duration = Duration::from_secs(2);

/// No turn within two seconds: the page is answered with 503.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct Busy;

impl From<Busy> for web::Error {
    fn from(_: Busy) -> Self {
        web::Error::Busy
    }
}

/// Hashes and verifies with argon2id. One for the whole process.
pub struct Hasher {
    argon: Argon2<'static>,
    turns: Arc<Semaphore>,
    width: usize,
    // somebody unknown takes as long as somebody with a password
    nobody: Arc<str>,
    done: AtomicU64,
}

impl Hasher {
    /// The production parameters: 19 MiB, two passes, one lane; as wide as the cores.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Hasher::with(19 * 1024, 2, cores)
    }

    /// Cheap and worthless: for tests and the demo's invented people.
    pub fn for_tests() -> Self {
        Hasher::with(8, 1, 8)
    }

    fn with(memory: u32, passes: u32, turns: usize) -> Self {
        let params = Params::new(memory, passes, 1, None).expect("fixed parameters in range");
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = argon
            .hash_password(b"nobody")
            .expect("a short text can be hashed");
        Hasher {
            argon,
            turns: Arc::new(Semaphore::new(turns)),
            width: turns,
            nobody: nobody.to_string().into(),
            done: AtomicU64::new(0),
        }
    }

    /// The one given to the application at start.
    ///
    /// # Errors
    /// When the start-up code forgot it.
    pub fn of(app: &web::App) -> web::Result<Arc<Hasher>> {
        app.state()
            .ok_or_else(|| web::Error::internal("no Hasher in the application's state"))
    }

    /// The hash in PHC form, with a salt of its own. Call before the transaction opens.
    pub async fn hash(&self, password: &Secret) -> Result<String, Busy> {
        let turn = self.turn().await?;
        let (argon, password) = (self.argon.clone(), password.clone());
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            argon
                .hash_password(password.expose().as_bytes())
                .map(|hash| hash.to_string())
        });
        match done.await {
            Ok(Ok(hash)) => Ok(hash),
            Ok(Err(error)) => {
                tracing::error!(%error, "hashing failed");
                Err(Busy)
            }
            Err(_) => Err(Busy),
        }
    }

    /// Whether the password fits. `None` (no such person, no password) takes as long and is always wrong.
    pub async fn verify(&self, hash: Option<&str>, password: &Secret) -> Result<bool, Busy> {
        let turn = self.turn().await?;
        let known = hash.is_some();
        let hash = hash.map_or_else(|| self.nobody.clone(), Arc::from);
        let (argon, password) = (self.argon.clone(), password.clone());
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let hash = PasswordHash::new(&hash).ok()?;
            Some(
                argon
                    .verify_password(password.expose().as_bytes(), &hash)
                    .is_ok(),
            )
        });
        match done.await {
            Ok(Some(fits)) => Ok(fits && known),
            Ok(None) => {
                tracing::error!("a stored password hash cannot be read");
                Ok(false)
            }
            Err(_) => Err(Busy),
        }
    }

    /// The hashes of short secrets that share a salt; takes one turn. For codes that must be found by what was typed.
    pub async fn derive(
        &self,
        secrets: Vec<Secret>,
        salt: [u8; 16],
    ) -> Result<Vec<[u8; 32]>, Busy> {
        let turn = self.turn().await?;
        let argon = self.argon.clone();
        let one = move |secret: &Secret| {
            let mut out = [0; 32];
            argon
                .hash_password_into(secret.expose().as_bytes(), &salt, &mut out)
                .map(|()| out)
        };
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            secrets.iter().map(one).collect::<Result<Vec<_>, _>>()
        });
        match done.await {
            Ok(Ok(hashes)) => Ok(hashes),
            Ok(Err(error)) => {
                tracing::error!(%error, "hashing failed");
                Err(Busy)
            }
            Err(_) => Err(Busy),
        }
    }

    /// How many are being computed now.
    pub fn in_use(&self) -> usize {
        self.width.saturating_sub(self.turns.available_permits())
    }

    /// How many hashes have been computed since the start.
    pub fn computed(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Busy> {
        match tokio::time::timeout(WAIT, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => {
                self.done.fetch_add(1, Ordering::Relaxed);
                Ok(turn)
            }
            _ => Err(Busy),
        }
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Hasher::new()
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}
