//! Sealing: small secrets lie encrypted in the database, opened only with the installation's master key.

use crate::World;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use std::sync::Arc;

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
pub struct Sealer(Arc<XChaCha20Poly1305>);

impl Sealer {
    /// `master` is the installation's key: 32 random bytes.
    pub fn new(master: [u8; 32]) -> Self {
        Sealer(Arc::new(XChaCha20Poly1305::new(&master.into())))
    }

    /// `context` names the place (table, column, row): what is sealed for one place opens at no other.
    pub fn seal(&self, world: &World, context: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE] = world.bytes();
        let payload = Payload {
            msg: plain,
            aad: context.as_bytes(),
        };
        let sealed = self
            .0
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
        let payload = Payload {
            msg: body,
            aad: context.as_bytes(),
        };
        self.0
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| SealError::Broken)
    }
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
    fn the_same_secret_never_looks_the_same() {
        let world = World::test(Moment::from_micros(0), 7);
        let seal = || world.seal("x", b"geheim").unwrap();
        assert_ne!(seal(), seal());
        assert_eq!(world.open("x", &seal()).unwrap(), b"geheim");
        assert_eq!(World::system().seal("x", b"y"), Err(SealError::NoKey));
    }
}
