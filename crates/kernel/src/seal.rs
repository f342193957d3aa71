//! Sealing: small secrets lie encrypted in the database, opened only with the installation's master key.

use crate::World;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// First byte of what is sealed: which algorithm, so that another one can follow.
const XCHACHA20_POLY1305: u8 = 1;
const NONCE: usize = 24;

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the installation's master key is not loaded")]
    NoKey,
    #[error("sealed under another key, for another place, or damaged")]
    Broken,
}

/// Seals with the installation's master key. Its `Debug` shows nothing.
#[derive(Clone)]
pub struct Sealer {
    key: Arc<Keys>,
    /// What was sealed or signed before the key was changed still counts.
    former: Arc<[Keys]>,
}

struct Keys {
    seal: XChaCha20Poly1305,
    sign: [u8; 32],
}

impl Keys {
    fn of(master: &[u8; 32]) -> Self {
        Keys {
            seal: XChaCha20Poly1305::new(&(*master).into()),
            // a key of its own: what is signed says nothing of what is sealed
            sign: keyed(master, &[b"tresen: signing"]),
        }
    }

    fn sign(&self, context: &str, data: &[u8]) -> [u8; 32] {
        let length = u64::try_from(context.len()).unwrap_or(u64::MAX);
        keyed(
            &self.sign,
            &[&length.to_be_bytes(), context.as_bytes(), data],
        )
    }
}

impl Sealer {
    /// `master` is the installation's key: 32 random bytes.
    pub fn new(master: [u8; 32]) -> Self {
        Sealer::with_former(&master, &[])
    }

    /// Seals with `master`, and opens what was sealed with one of the `former`, too.
    pub fn with_former(master: &[u8; 32], former: &[[u8; 32]]) -> Self {
        Sealer {
            key: Arc::new(Keys::of(master)),
            former: former.iter().map(Keys::of).collect(),
        }
    }

    /// What proves later that we wrote this for this use. Compare with [`Sealer::is_signed`].
    pub fn sign(&self, context: &str, data: &[u8]) -> [u8; 32] {
        self.key.sign(context, data)
    }

    /// Whether `tag` is the beginning of what [`Sealer::sign`] gives; at least eight bytes of it. Takes as long for a
    /// wrong one as for the right one.
    pub fn is_signed(&self, context: &str, data: &[u8], tag: &[u8]) -> bool {
        let fits = |keys: &Keys| {
            let right = keys.sign(context, data);
            let Some(right) = right.get(..tag.len()).filter(|_| tag.len() >= 8) else {
                return false;
            };
            bool::from(right.ct_eq(tag))
        };
        fits(&self.key) || self.former.iter().any(fits)
    }

    /// `context` names the place (table, column, row): what is sealed for one place opens at no other.
    pub fn seal(&self, world: &World, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE] = world.bytes();
        let payload = Payload {
            msg: plain,
            aad: context.as_bytes(),
        };
        let sealed = self
            .key
            .seal
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| SealError::Broken)?;
        let mut out = Vec::with_capacity(1 + NONCE + sealed.len());
        out.push(XCHACHA20_POLY1305);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (&algorithm, rest) = sealed.split_first().ok_or(SealError::Broken)?;
        if algorithm != XCHACHA20_POLY1305 {
            return Err(SealError::Broken);
        }
        let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Broken)?;
        let open = |keys: &Keys| {
            let payload = Payload {
                msg: body,
                aad: context.as_bytes(),
            };
            keys.seal.decrypt(&XNonce::from(*nonce), payload).ok()
        };
        open(&self.key)
            .or_else(|| self.former.iter().find_map(open))
            .ok_or(SealError::Broken)
    }
}

fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(«…»)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    #[test]
    fn opens_only_in_its_place_and_with_its_key() {
        let world = World::test(Moment::from_micros(0), 7);
        let sealer = Sealer::new([3; 32]);
        let sealed = sealer.seal(&world, "mail_slots/1/link", b"geheim").unwrap();
        assert_eq!(
            sealer.open("mail_slots/1/link", &sealed).unwrap(),
            b"geheim"
        );
        assert_eq!(
            sealer.open("mail_slots/2/link", &sealed),
            Err(SealError::Broken)
        );
        assert_eq!(
            Sealer::new([4; 32]).open("mail_slots/1/link", &sealed),
            Err(SealError::Broken)
        );
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert_eq!(
                sealer.open("mail_slots/1/link", &bad),
                Err(SealError::Broken)
            );
            assert_eq!(
                sealer.open("mail_slots/1/link", &sealed[..at]),
                Err(SealError::Broken)
            );
        }
    }

    #[test]
    fn a_sign_fits_its_use_its_data_and_its_key_alone() {
        let sealer = Sealer::new([3; 32]);
        let sign = sealer.sign("reply", b"17");
        assert!(sealer.is_signed("reply", b"17", &sign));
        assert!(sealer.is_signed("reply", b"17", &sign[..12]));
        assert!(!sealer.is_signed("reply", b"18", &sign));
        assert!(!sealer.is_signed("repl", b"y17", &sign));
        assert!(!Sealer::new([4; 32]).is_signed("reply", b"17", &sign));
        // too short to prove anything, or longer than a sign is
        assert!(!sealer.is_signed("reply", b"17", &sign[..7]));
        assert!(!sealer.is_signed("reply", b"17", &[sign.as_slice(), &[0]].concat()));
        for at in 0..12 {
            let mut bad = sign;
            bad[at] ^= 1;
            assert!(!sealer.is_signed("reply", b"17", &bad[..12]));
        }
        assert_ne!(&sign[..], &[3; 32]);
    }

    #[test]
    fn what_a_former_key_sealed_still_opens() {
        let world = World::test(Moment::from_micros(0), 7);
        let old = Sealer::new([3; 32]).seal(&world, "x", b"geheim").unwrap();
        let both = Sealer::with_former(&[4; 32], &[[3; 32]]);
        assert_eq!(both.open("x", &old).unwrap(), b"geheim");
        assert!(both.is_signed("x", b"1", &Sealer::new([3; 32]).sign("x", b"1")));
        assert!(Sealer::new([4; 32]).is_signed("x", b"1", &both.sign("x", b"1")));
        let new = both.seal(&world, "x", b"geheim").unwrap();
        assert_eq!(Sealer::new([4; 32]).open("x", &new).unwrap(), b"geheim");
        assert_eq!(Sealer::new([3; 32]).open("x", &new), Err(SealError::Broken));
    }

    #[test]
    fn the_same_secret_never_looks_the_same() {
        let world = World::test(Moment::from_micros(0), 7);
        let seal = || world.seal("x", b"geheim").unwrap();
        assert_ne!(seal(), seal());
        assert_eq!(world.open("x", &seal()).unwrap(), b"geheim");
        assert_eq!(World::system().seal("x", b"y"), Err(SealError::NoKey));
    }
}
