//! Ten codes for the day on which the phone is gone: shown once, each good once. For users and for staff.
//!
//! A code is short enough to type and too short for a plain hash: it is hashed as a password is. The codes of a set share
//! their salt, so that one hash of what was typed finds the right one.

use crate::hasher::{Busy, Hasher};
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Moment, Secret, Uuid, World};

/// Codes of a set.
pub const CODES: usize = 10;
/// Letters of a code: 60 bits.
const LETTERS: usize = 12;
// nothing that is mistaken for another; 32, so that each is as likely
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A new set, not yet stored.
pub struct Set {
    /// As they are shown.
    pub codes: Vec<String>,
    salt: [u8; 16],
    hashes: Vec<[u8; 32]>,
}

fn code(world: &World) -> String {
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied();
    let bytes = world.bytes::<LETTERS>();
    bytes.iter().filter_map(letter).map(char::from).collect()
}

fn shown(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join("-")
}

/// What was typed as a code, without what people put between; `None` when it is none.
fn typed(text: &str) -> Option<String> {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .collect();
    let fits = clean.len() == LETTERS && clean.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(clean)
}

impl Set {
    /// Draws a set. Call before the transaction opens: it hashes ten times.
    ///
    /// # Errors
    /// No turn in time.
    pub async fn draw(world: &World, hasher: &Hasher) -> std::result::Result<Self, Busy> {
        let salt = world.bytes::<16>();
        let codes: Vec<String> = (0..CODES).map(|_| code(world)).collect();
        let secrets = codes
            .iter()
            .map(|code| Secret::new(code.as_str()))
            .collect();
        let hashes = hasher.derive(secrets, salt).await?;
        Ok(Set {
            codes: codes.iter().map(|code| shown(code)).collect(),
            salt,
            hashes,
        })
    }
}

/// The salt of somebody's set; `None` without one.
pub async fn salt(tx: &mut Tx, owner: Uuid) -> Result<Option<[u8; 16]>> {
    let stmt = sql!(
        (Vec<u8>,),
        "SELECT salt FROM recovery_codes WHERE owner_id = $1 LIMIT 1"
    );
    let found = tx.opt(stmt, params![owner]).await?;
    Ok(found.and_then(|row| row.0.try_into().ok()))
}

/// The hash of what was typed, if it may be a code. Call outside of a write transaction.
///
/// # Errors
/// No turn in time.
pub async fn hash(
    hasher: &Hasher,
    text: &str,
    salt: Option<[u8; 16]>,
) -> std::result::Result<Option<[u8; 32]>, Busy> {
    match typed(text).zip(salt) {
        Some((code, salt)) => {
            let hashes = hasher.derive(vec![Secret::new(code)], salt).await?;
            Ok(hashes.into_iter().next())
        }
        None => Ok(None),
    }
}

/// Uses a code up; `false` when there is none such, or it was used before. Of two at once one gets it.
pub async fn spend(tx: &mut Tx, now: Moment, owner: Uuid, hash: [u8; 32]) -> Result<bool> {
    let stmt = sql!(
        "UPDATE recovery_codes SET used_at = $3 WHERE owner_id = $1 AND hash = $2 AND used_at IS NULL"
    );
    Ok(tx.exec(stmt, params![owner, hash, now]).await? == 1)
}

/// Stores a set in the place of the one before.
pub async fn replace(tx: &mut Tx, ctx: &Ctx, owner: Uuid, set: &Set) -> Result<()> {
    clear(tx, owner).await?;
    let stmt = sql!(
        "INSERT INTO recovery_codes (id, owner_id, salt, hash, created_at) VALUES ($1, $2, $3, $4, $5)"
    );
    for hash in &set.hashes {
        let params = params![ctx.id::<Uuid>(), owner, set.salt.to_vec(), *hash, ctx.now];
        tx.exec(stmt, params).await?;
    }
    Ok(())
}

pub async fn clear(tx: &mut Tx, owner: Uuid) -> Result<()> {
    let stmt = sql!("DELETE FROM recovery_codes WHERE owner_id = $1");
    tx.exec(stmt, params![owner]).await.map(drop)
}

/// How many are not used yet.
pub async fn left(tx: &mut Tx, owner: Uuid) -> Result<i64> {
    let stmt = sql!(
        (i64,),
        "SELECT COUNT(*) FROM recovery_codes WHERE owner_id = $1 AND used_at IS NULL"
    );
    Ok(tx.one(stmt, params![owner]).await?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn v6_5_4_code_entropy_at_least_20_bits() {
        let world = World::test(Moment::from_micros(0), 5);
        let set = Set::draw(&world, &Hasher::for_tests()).await.unwrap();
        let mut codes = set.codes.clone();
        codes.sort();
        codes.dedup();
        assert_eq!((codes.len(), set.hashes.len()), (CODES, CODES));
        for code in &codes {
            assert_eq!(code.len(), LETTERS + 2, "{code}");
            assert_eq!(typed(code).map(|code| shown(&code)).as_ref(), Some(code));
        }
        // five bits a letter
        assert!(codes[0].replace('-', "").len() * 5 >= 20);
    }

    #[tokio::test]
    async fn auth_6_a_code_is_found_however_it_is_typed() {
        let world = World::test(Moment::from_micros(0), 5);
        let hasher = Hasher::for_tests();
        let set = Set::draw(&world, &hasher).await.unwrap();
        let code = &set.codes[3];
        for text in [
            code.clone(),
            code.to_uppercase(),
            format!(" {} ", code.replace('-', " ")),
            code.replace('-', ""),
        ] {
            let found = hash(&hasher, &text, Some(set.salt)).await.unwrap();
            assert_eq!(found, Some(set.hashes[3]), "{text}");
        }
        for text in ["", "123456", "abcd-efgh-jkm0", "ä", &"a".repeat(10_000)] {
            assert_eq!(hash(&hasher, text, Some(set.salt)).await.unwrap(), None);
        }
        assert_eq!(hash(&hasher, code, None).await.unwrap(), None);
    }
}
