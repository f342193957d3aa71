//! How sensible data lie in the database: sealed with a key of their own, which is sealed with the installation's key.
//!
//! Whoever wipes the key has wiped the data, even where its bytes still lie about; and a new master key
//! re-seals the keys alone.

use super::SecretId;
use kernel::{SealError, Sealer, Secret, World};
use serde::{Deserialize, Serialize};

/// What lies sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub user: Option<String>,
    pub text: Secret,
}

/// As stored: the data's own key, and the data.
#[derive(Clone)]
pub struct Sealed {
    pub key: Vec<u8>,
    pub body: Vec<u8>,
}

/// Where the key belongs; also asked for by whoever changes the master key.
pub fn key_place(id: SecretId) -> String {
    format!("ticket_secrets/{id}/key")
}

fn body_place(id: SecretId) -> String {
    format!("ticket_secrets/{id}/body")
}

pub fn seal(world: &World, id: SecretId, contents: &Contents) -> Result<Sealed, SealError> {
    let own: [u8; 32] = world.bytes();
    let plain = serde_json::to_vec(contents).map_err(|_| SealError::Broken)?;
    Ok(Sealed {
        key: world.seal(&key_place(id), &own)?,
        body: Sealer::new(own).seal(world, &body_place(id), &plain)?,
    })
}

pub fn open(world: &World, id: SecretId, sealed: &Sealed) -> Result<Contents, SealError> {
    let own = world.open(&key_place(id), &sealed.key)?;
    let own: [u8; 32] = own.try_into().map_err(|_| SealError::Broken)?;
    let plain = Sealer::new(own).open(&body_place(id), &sealed.body)?;
    serde_json::from_slice(&plain).map_err(|_| SealError::Broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Moment, Uuid};

    #[test]
    fn sup_3_opens_in_its_row_alone() {
        let world = World::test(Moment::from_micros(0), 7);
        let (id, other) = (SecretId(Uuid::from_u128(1)), SecretId(Uuid::from_u128(2)));
        let contents = Contents {
            user: Some("root".into()),
            text: Secret::new("geheim"),
        };
        let sealed = seal(&world, id, &contents).unwrap();
        assert_eq!(open(&world, id, &sealed).unwrap(), contents);
        // neither in another row, nor with the key of another row
        assert!(open(&world, other, &sealed).is_err());
        let second = seal(&world, id, &contents).unwrap();
        let mixed = Sealed {
            key: second.key,
            body: sealed.body.clone(),
        };
        assert!(open(&world, id, &mixed).is_err());
        assert!(open(&World::system().with_key([9; 32]), id, &sealed).is_err());
        assert!(
            seal(&World::system(), id, &contents).is_err(),
            "no key, no secrets"
        );
        assert!(!format!("{contents:?}").contains("geheim"));
    }
}
