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
    /// What the file is called that lies beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// As stored: the data's own key, the data, and the file among them.
#[derive(Clone)]
pub struct Sealed {
    pub key: Vec<u8>,
    pub body: Vec<u8>,
    pub file: Option<Vec<u8>>,
}

/// Where the key belongs; also asked for by whoever changes the master key.
pub fn key_place(id: SecretId) -> String {
    format!("ticket_secrets/{id}/key")
}

fn body_place(id: SecretId) -> String {
    format!("ticket_secrets/{id}/body")
}

fn file_place(id: SecretId) -> String {
    format!("ticket_secrets/{id}/file")
}

pub fn seal(
    world: &World,
    id: SecretId,
    contents: &Contents,
    file: Option<&[u8]>,
) -> Result<Sealed, SealError> {
    let own: [u8; 32] = world.bytes();
    let plain = serde_json::to_vec(contents).map_err(|_| SealError::Broken)?;
    let sealer = Sealer::new(own);
    let file = file.map(|bytes| sealer.seal(world, &file_place(id), bytes));
    Ok(Sealed {
        key: world.seal(&key_place(id), &own)?,
        body: sealer.seal(world, &body_place(id), &plain)?,
        file: file.transpose()?,
    })
}

pub fn open(world: &World, id: SecretId, sealed: &Sealed) -> Result<Contents, SealError> {
    let plain = own(world, id, &sealed.key)?.open(&body_place(id), &sealed.body)?;
    serde_json::from_slice(&plain).map_err(|_| SealError::Broken)
}

/// The file; none where there is none.
pub fn open_file(
    world: &World,
    id: SecretId,
    sealed: &Sealed,
) -> Result<Option<Vec<u8>>, SealError> {
    let Some(file) = &sealed.file else {
        return Ok(None);
    };
    own(world, id, &sealed.key)?
        .open(&file_place(id), file)
        .map(Some)
}

fn own(world: &World, id: SecretId, key: &[u8]) -> Result<Sealer, SealError> {
    let own = world.open(&key_place(id), key)?;
    let own: [u8; 32] = own.try_into().map_err(|_| SealError::Broken)?;
    Ok(Sealer::new(own))
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
            file: Some("schluessel.pem".into()),
        };
        let bytes = [0xFFu8, 0, 7, 0xC3].repeat(100);
        let sealed = seal(&world, id, &contents, Some(&bytes)).unwrap();
        assert_eq!(open(&world, id, &sealed).unwrap(), contents);
        assert_eq!(open_file(&world, id, &sealed).unwrap(), Some(bytes));
        assert!(open_file(&world, other, &sealed).is_err());
        // neither in place of the other
        let swapped = Sealed {
            body: sealed.file.clone().unwrap(),
            file: Some(sealed.body.clone()),
            ..sealed.clone()
        };
        assert!(open(&world, id, &swapped).is_err());
        assert!(open_file(&world, id, &swapped).is_err());
        // what was sealed before there were files
        let before = serde_json::from_str::<Contents>(r#"{"user":null,"text":"alt"}"#);
        assert_eq!(before.unwrap().file, None);
        // neither in another row, nor with the key of another row
        assert!(open(&world, other, &sealed).is_err());
        let second = seal(&world, id, &contents, None).unwrap();
        assert_eq!(open_file(&world, id, &second).unwrap(), None);
        let mixed = Sealed {
            key: second.key,
            ..sealed.clone()
        };
        assert!(open(&world, id, &mixed).is_err());
        assert!(open_file(&world, id, &mixed).is_err());
        assert!(open(&World::system().with_key([9; 32]), id, &sealed).is_err());
        assert!(
            seal(&World::system(), id, &contents, None).is_err(),
            "no key, no secrets"
        );
        assert!(!format!("{contents:?}").contains("geheim"));
    }
}
