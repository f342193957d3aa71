//! Clock and randomness, handed in and never taken from the system; who acts and when.

use crate::data::{BadValue, FromValue, Kind, Value};
use crate::seal::{SealError, Sealer};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::{Builder, Uuid};

crate::typed_id!(/** A person who signs in. */ UserId);
crate::typed_id!(/** A contract partner; carries the customer number. */ CustomerId);
crate::typed_id!(/** One of the provider's people at the desk. */ StaffId);

/// A point in time: microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    pub const fn from_micros(micros: i64) -> Self {
        Moment(micros)
    }
    pub const fn micros(self) -> i64 {
        self.0
    }
    pub fn timestamp(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
    /// Time from `earlier` to here; zero when `earlier` is later.
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}
fn micros(by: Duration) -> i64 {
    i64::try_from(by.as_micros()).unwrap_or(i64::MAX)
}
impl Add<Duration> for Moment {
    type Output = Moment;
    fn add(self, by: Duration) -> Moment {
        Moment(self.0.saturating_add(micros(by)))
    }
}
impl Sub<Duration> for Moment {
    type Output = Moment;
    fn sub(self, by: Duration) -> Moment {
        Moment(self.0.saturating_sub(micros(by)))
    }
}
impl From<Moment> for Value {
    fn from(moment: Moment) -> Value {
        Value::Int(moment.0)
    }
}
impl FromValue for Moment {
    const KIND: Kind = Kind::Int;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        i64::from_value(value).map(Moment)
    }
}

/// Clock, randomness and master key of the process. Tests move the clock and seed the randomness.
#[derive(Clone)]
pub struct World {
    source: Source,
    sealer: Option<Sealer>,
}

#[derive(Clone)]
enum Source {
    System,
    Test(Arc<Mutex<TestWorld>>),
}

struct TestWorld {
    now: Moment,
    state: u64,
}

impl World {
    /// The system's clock and random source; seals nothing until [`World::with_key`] was called.
    pub fn system() -> Self {
        World {
            source: Source::System,
            sealer: None,
        }
    }

    /// The same world with the installation's master key.
    pub fn with_key(self, master: [u8; 32]) -> Self {
        World {
            sealer: Some(Sealer::new(master)),
            ..self
        }
    }

    /// The same world with a new master key, which still opens what the former ones sealed.
    pub fn with_keys(self, master: &[u8; 32], former: &[[u8; 32]]) -> Self {
        World {
            sealer: Some(Sealer::with_former(master, former)),
            ..self
        }
    }

    /// Seals a small secret for one place, as `mail_slots/<id>/<name>`.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        self.sealer
            .as_ref()
            .ok_or(SealError::NoKey)?
            .seal(self, context, plain)
    }

    /// Opens what [`World::seal`] made for the same place.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        self.sealer
            .as_ref()
            .ok_or(SealError::NoKey)?
            .open(context, sealed)
    }

    /// What proves later that we wrote this for this use, as `reply address`.
    pub fn sign(&self, context: &str, data: &[u8]) -> Result<[u8; 32], SealError> {
        let sealer = self.sealer.as_ref().ok_or(SealError::NoKey)?;
        Ok(sealer.sign(context, data))
    }

    /// Whether `tag` is what [`World::sign`] gives, or its beginning; in constant time.
    pub fn is_signed(&self, context: &str, data: &[u8], tag: &[u8]) -> bool {
        self.sealer
            .as_ref()
            .is_some_and(|sealer| sealer.is_signed(context, data, tag))
    }

    /// A world that stands still at `start`, draws the same random bytes for the same `seed`, and has a key of its own.
    pub fn test(start: Moment, seed: u64) -> Self {
        let source = Source::Test(Arc::new(Mutex::new(TestWorld {
            now: start,
            state: seed,
        })));
        World {
            source,
            sealer: Some(Sealer::new([7; 32])),
        }
    }

    pub fn now(&self) -> Moment {
        match &self.source {
            Source::System => Moment(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, micros),
            ),
            Source::Test(test) => test.lock().unwrap_or_else(PoisonError::into_inner).now,
        }
    }

    /// Moves a test's clock; the system's does not move.
    pub fn advance(&self, by: Duration) {
        if let Source::Test(test) = &self.source {
            let mut test = test.lock().unwrap_or_else(PoisonError::into_inner);
            test.now = test.now + by;
        }
    }

    /// Sets a test's clock.
    pub fn set(&self, now: Moment) {
        if let Source::Test(test) = &self.source {
            test.lock().unwrap_or_else(PoisonError::into_inner).now = now;
        }
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        match &self.source {
            Source::System => {
                getrandom::fill(&mut out).expect("the system's random source answers");
            }
            Source::Test(test) => {
                let mut test = test.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in out.chunks_mut(8) {
                    // splitmix64: repeatable, and needs no crate
                    test.state = test.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                    let mut z = test.state;
                    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                    let word = (z ^ (z >> 31)).to_le_bytes();
                    chunk.copy_from_slice(word.get(..chunk.len()).unwrap_or(&[]));
                }
            }
        }
        out
    }

    /// A version 7 id: sorts by time.
    pub fn uuid(&self) -> Uuid {
        self.uuid_at(self.now())
    }

    /// A version 7 id as of `at` (demo data and imports lie in the past).
    pub fn uuid_at(&self, at: Moment) -> Uuid {
        let micros = u64::try_from(at.micros()).unwrap_or(0);
        let mut random = self.bytes::<10>();
        // the bits after the milliseconds carry the rest of the microseconds, so that ids sort by time
        let [high, low] = u16::to_be_bytes(u16::try_from(micros % 1000).unwrap_or(0) << 2);
        random[0] = high;
        random[1] = low;
        Builder::from_unix_timestamp_millis(micros / 1000, &random).into_uuid()
    }

    /// 256 random bits in URL-safe letters: for links and sessions.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>())
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    System,
    Guest,
    User(UserId),
    Staff(StaffId),
}

impl Actor {
    pub fn kind(self) -> &'static str {
        match self {
            Actor::System => "system",
            Actor::Guest => "guest",
            Actor::User(_) => "user",
            Actor::Staff(_) => "staff",
        }
    }
    pub fn id(self) -> Option<Uuid> {
        match self {
            Actor::User(id) => Some(id.0),
            Actor::Staff(id) => Some(id.0),
            Actor::System | Actor::Guest => None,
        }
    }
}

/// Who acts, when, and in which language: the second argument of every verb.
#[derive(Clone)]
pub struct Ctx {
    pub world: World,
    pub now: Moment,
    pub actor: Actor,
    pub locale: crate::Locale,
}

impl Ctx {
    pub fn new(world: &World, actor: Actor, locale: crate::Locale) -> Self {
        Ctx {
            now: world.now(),
            world: world.clone(),
            actor,
            locale,
        }
    }
    pub fn system(world: &World) -> Self {
        Ctx::new(world, Actor::System, crate::Locale::De)
    }
    /// A new id as of this act.
    pub fn id<T: From<Uuid>>(&self) -> T {
        T::from(self.world.uuid_at(self.now))
    }
}

/// A text that never shows itself in logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }
    pub fn expose(&self) -> &str {
        &self.0
    }
}
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("«…»")
    }
}
impl std::fmt::Display for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("«…»")
    }
}
