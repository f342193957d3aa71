//! Bytes at rest: XChaCha20-Poly1305 in chunks, so that no file is ever whole in memory.
//!
//! A stream is a byte for the way it is made, 19 random bytes, and chunks of 64 KiB with their tags. A chunk's nonce is
//! those 19 bytes, its number and whether it is the last: none can be left out, moved or cut off without being found.
//! The file's id is bound to every chunk: the bytes of one file are those of no other.

use crate::FileId;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use kernel::World;

/// Which way: so that another one can follow.
const WAY: u8 = 1;
const PREFIX: usize = 19;
pub(crate) const HEAD: usize = 1 + PREFIX;
pub(crate) const CHUNK: usize = 64 << 10;
const TAG: usize = 16;

/// What was read is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Damaged;

/// What a stream holds; the same key never opens one as the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Original,
    Picture,
}

struct Chunks {
    cipher: XChaCha20Poly1305,
    about: Vec<u8>,
    prefix: [u8; PREFIX],
    count: u32,
}

impl Chunks {
    fn new(key: &[u8; 32], id: FileId, part: Part, prefix: [u8; PREFIX]) -> Self {
        let mut about = match part {
            Part::Original => b"original ".to_vec(),
            Part::Picture => b"picture ".to_vec(),
        };
        about.extend_from_slice(id.0.as_bytes());
        Chunks {
            cipher: XChaCha20Poly1305::new(&(*key).into()),
            about,
            prefix,
            count: 0,
        }
    }

    fn nonce(&mut self, last: bool) -> Result<XNonce, Damaged> {
        let mut nonce = [0; 24];
        let (prefix, rest) = nonce.split_at_mut(PREFIX);
        prefix.copy_from_slice(&self.prefix);
        let (count, end) = rest.split_at_mut(4);
        count.copy_from_slice(&self.count.to_be_bytes());
        end.fill(u8::from(last));
        // 2^32 chunks are 256 TiB
        self.count = self.count.checked_add(1).ok_or(Damaged)?;
        Ok(XNonce::from(nonce))
    }

    fn seal(&mut self, chunk: &[u8], last: bool) -> Result<Vec<u8>, Damaged> {
        let nonce = self.nonce(last)?;
        let payload = Payload {
            msg: chunk,
            aad: &self.about,
        };
        self.cipher.encrypt(&nonce, payload).map_err(|_| Damaged)
    }

    fn open(&mut self, chunk: &[u8], last: bool) -> Result<Vec<u8>, Damaged> {
        let nonce = self.nonce(last)?;
        let payload = Payload {
            msg: chunk,
            aad: &self.about,
        };
        self.cipher.decrypt(&nonce, payload).map_err(|_| Damaged)
    }
}

/// Encrypts what is pushed.
pub(crate) struct Sealing {
    chunks: Chunks,
    held: Vec<u8>,
    head: Option<[u8; PREFIX]>,
}

impl Sealing {
    pub(crate) fn new(world: &World, key: &[u8; 32], id: FileId, part: Part) -> Self {
        let prefix = world.bytes::<PREFIX>();
        Sealing {
            chunks: Chunks::new(key, id, part, prefix),
            held: Vec::with_capacity(CHUNK),
            head: Some(prefix),
        }
    }

    /// What is to be stored by now.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Damaged> {
        let mut out = self.begin();
        self.held.extend_from_slice(bytes);
        // a whole chunk waits until more follows: the last one is marked
        let mut done = 0;
        while self.held.len() - done > CHUNK {
            let chunk = self.held.get(done..done + CHUNK).ok_or(Damaged)?;
            out.extend(self.chunks.seal(chunk, false)?);
            done += CHUNK;
        }
        self.held.drain(..done);
        Ok(out)
    }

    /// The rest.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Damaged> {
        let mut out = self.begin();
        out.extend(self.chunks.seal(&self.held, true)?);
        Ok(out)
    }

    fn begin(&mut self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(prefix) = self.head.take() {
            out.push(WAY);
            out.extend_from_slice(&prefix);
        }
        out
    }
}

/// Decrypts what is pushed; gives nothing that was not proved.
pub(crate) struct Opening {
    key: [u8; 32],
    id: FileId,
    part: Part,
    chunks: Option<Chunks>,
    held: Vec<u8>,
}

impl Opening {
    pub(crate) fn new(key: [u8; 32], id: FileId, part: Part) -> Self {
        Opening {
            key,
            id,
            part,
            chunks: None,
            held: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Damaged> {
        self.held.extend_from_slice(bytes);
        let mut done = 0;
        if self.chunks.is_none() {
            let Some(head) = self.held.first_chunk::<HEAD>() else {
                return Ok(Vec::new());
            };
            let (way, prefix) = head.split_first().ok_or(Damaged)?;
            let prefix = prefix.first_chunk::<PREFIX>().ok_or(Damaged)?;
            if *way != WAY {
                return Err(Damaged);
            }
            self.chunks = Some(Chunks::new(&self.key, self.id, self.part, *prefix));
            done = HEAD;
        }
        let chunks = self.chunks.as_mut().ok_or(Damaged)?;
        let mut out = Vec::new();
        while self.held.len() - done > CHUNK + TAG {
            let chunk = self.held.get(done..done + CHUNK + TAG).ok_or(Damaged)?;
            out.extend(chunks.open(chunk, false)?);
            done += CHUNK + TAG;
        }
        self.held.drain(..done);
        Ok(out)
    }

    /// The rest; [`Damaged`] when something was cut off.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Damaged> {
        let mut chunks = self.chunks.take().ok_or(Damaged)?;
        chunks.open(&self.held, true)
    }
}

/// How many bytes a file of this size takes in the store.
pub(crate) fn stored_size(size: u64) -> u64 {
    let chunks = size.div_ceil(CHUNK as u64).max(1);
    HEAD as u64 + size + chunks * TAG as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Moment, Uuid};
    use proptest::prelude::*;

    const KEY: [u8; 32] = [9; 32];

    fn id(n: u128) -> FileId {
        FileId(Uuid::from_u128(n))
    }

    fn seal(plain: &[u8], step: usize) -> Vec<u8> {
        let world = World::test(Moment::from_micros(0), 5);
        let mut sealing = Sealing::new(&world, &KEY, id(1), Part::Original);
        let mut out = Vec::new();
        for piece in plain.chunks(step.max(1)) {
            out.extend(sealing.push(piece).unwrap());
        }
        out.extend(sealing.finish().unwrap());
        out
    }

    fn open(sealed: &[u8], step: usize, id: FileId, part: Part) -> Result<Vec<u8>, Damaged> {
        let mut opening = Opening::new(KEY, id, part);
        let mut out = Vec::new();
        for piece in sealed.chunks(step.max(1)) {
            out.extend(opening.push(piece)?);
        }
        out.extend(opening.finish()?);
        Ok(out)
    }

    #[test]
    fn every_size_comes_back_in_any_steps() {
        for size in [
            0,
            1,
            15,
            CHUNK - 1,
            CHUNK,
            CHUNK + 1,
            2 * CHUNK,
            3 * CHUNK + 7,
        ] {
            let plain: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            let sealed = seal(&plain, 1000);
            assert_eq!(sealed.len() as u64, stored_size(size as u64), "{size}");
            assert_eq!(seal(&plain, CHUNK * 2), sealed);
            for step in [17, CHUNK, CHUNK * 9] {
                assert_eq!(open(&sealed, step, id(1), Part::Original).unwrap(), plain);
            }
        }
    }

    #[test]
    fn cut_moved_changed_or_of_another_file_is_found() {
        let plain = vec![7; 3 * CHUNK + 9];
        let sealed = seal(&plain, CHUNK);
        let whole = |bytes: &[u8]| open(bytes, 4096, id(1), Part::Original);
        assert!(whole(&sealed).is_ok());
        assert!(open(&sealed, 4096, id(2), Part::Original).is_err());
        assert!(open(&sealed, 4096, id(1), Part::Picture).is_err());
        let end = HEAD + CHUNK + TAG;
        // cut at the border of a chunk, in the middle, to nothing
        for cut in [0, 5, HEAD, end, end + 100, sealed.len() - 1] {
            assert!(whole(&sealed[..cut]).is_err(), "{cut}");
        }
        let mut swapped = sealed.clone();
        swapped[HEAD..].rotate_left(CHUNK + TAG);
        assert!(whole(&swapped).is_err());
        let mut left_out = sealed.clone();
        left_out.drain(HEAD..end);
        assert!(whole(&left_out).is_err());
        let mut longer = sealed.clone();
        longer.push(0);
        assert!(whole(&longer).is_err());
    }

    proptest! {
        #[test]
        fn a_flipped_bit_anywhere_is_found(at in 0usize..(CHUNK + 200), bit in 0u8..8) {
            let mut sealed = seal(&vec![3; CHUNK + 120], 4096);
            let at = at % sealed.len();
            sealed[at] ^= 1 << bit;
            prop_assert!(open(&sealed, 4096, id(1), Part::Original).is_err());
        }
    }
}
