//! What a security key does (WebAuthn level 3), with every way to do it wrong.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use sha2::{Digest, Sha256};
use testkit::{Answer, Client};

#[derive(Clone)]
pub struct Authenticator {
    pub key: SigningKey,
    pub id: Vec<u8>,
    /// Whose it is; learnt when it is made.
    pub user: Vec<u8>,
    pub counter: u32,
    pub origin: String,
    pub site: String,
    /// Whether its owner has shown a finger.
    pub verified: bool,
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// What stands behind `"name":"` in what was asked.
pub fn word(json: &str, name: &str) -> String {
    let start = json
        .split_once(&format!("\"{name}\":\""))
        .unwrap_or_else(|| panic!("no {name} in {json}"));
    start.1.split('"').next().unwrap_or_default().to_owned()
}

impl Authenticator {
    pub fn new(seed: u8) -> Self {
        Authenticator {
            key: SigningKey::from_slice(&[seed; 32]).expect("a key"),
            id: vec![seed; 16],
            user: Vec::new(),
            counter: 0,
            origin: "http://localhost:8080".into(),
            site: "localhost".into(),
            verified: true,
        }
    }

    fn client(&self, kind: &str, asked: &str) -> Vec<u8> {
        format!(
            r#"{{"type":"{kind}","challenge":"{}","origin":"{}","crossOrigin":false}}"#,
            word(asked, "challenge"),
            self.origin
        )
        .into_bytes()
    }

    fn data(&mut self, more: &[u8], flags: u8) -> Vec<u8> {
        self.counter += 1;
        let mut data = hash(self.site.as_bytes());
        data.push(flags | 1 | if self.verified { 4 } else { 0 });
        data.extend(self.counter.to_be_bytes());
        data.extend(more);
        data
    }

    /// A new passkey, as the script sends it.
    pub fn make(&mut self, asked: &str) -> String {
        let (_, user) = asked.split_once("\"user\":").expect("a user");
        self.user = URL_SAFE_NO_PAD.decode(word(user, "id")).expect("base64");
        let point = self.key.verifying_key().to_sec1_point(false);
        let point = point.as_bytes();
        let mut more = vec![0; 16];
        more.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        more.extend(&self.id);
        more.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        more.extend(&point[1..33]);
        more.extend([0x22, 0x58, 32]);
        more.extend(&point[33..65]);
        let data = self.data(&more, 0x40);
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let client = self.client("webauthn.create", asked);
        let [id, object, client] = [&self.id, &object, &client].map(|b| URL_SAFE_NO_PAD.encode(b));
        format!(
            r#"{{"id":"{id}","rawId":"{id}","type":"public-key","extensions":{{}},"response":{{"attestationObject":"{object}","clientDataJSON":"{client}","transports":["internal"]}}}}"#
        )
    }

    /// The answer of this passkey, as the script sends it.
    pub fn answer(&mut self, asked: &str) -> String {
        let data = self.data(&[], 0);
        let client = self.client("webauthn.get", asked);
        let mut said = data.clone();
        said.extend(hash(&client));
        let signature: DerSignature = self.key.sign(&said);
        let parts = [
            &self.id,
            &data,
            &client,
            &signature.as_bytes().to_vec(),
            &self.user,
        ];
        let [id, data, client, signature, user] = parts.map(|b| URL_SAFE_NO_PAD.encode(b));
        format!(
            r#"{{"id":"{id}","rawId":"{id}","type":"public-key","extensions":{{}},"response":{{"authenticatorData":"{data}","clientDataJSON":"{client}","signature":"{signature}","userHandle":"{user}"}}}}"#
        )
    }
}

/// What the script does: asks at `begin`, with the form token of this page.
pub async fn ask(client: &mut Client, page: &str, begin: &str) -> (String, String) {
    let page = client.get(page).await.expect(200);
    let csrf = page
        .html
        .split_once("data-csrf=\"")
        .expect("a passkey box")
        .1;
    let csrf = csrf.split('"').next().unwrap_or_default().to_owned();
    let asked = client.post_raw(begin, &[("csrf", &csrf)]).await.expect(200);
    (csrf, asked.html)
}

/// Sends the answer.
pub async fn send(client: &mut Client, to: &str, csrf: &str, asked: &str, answer: &str) -> Answer {
    let ceremony = word(asked, "ceremony");
    let fields = [
        ("csrf", csrf),
        ("ceremony", &ceremony),
        ("answer", answer),
        ("name", "Mein Telefon"),
    ];
    client.post_raw(to, &fields).await
}

/// Makes a passkey for whoever is signed in.
pub async fn make(client: &mut Client, key: &mut Authenticator) -> Answer {
    let (csrf, asked) = ask(client, "/profil/passkeys", "/profil/passkeys/beginnen").await;
    let made = key.make(&asked);
    send(client, "/profil/passkeys", &csrf, &asked, &made).await
}
