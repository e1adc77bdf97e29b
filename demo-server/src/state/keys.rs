//! The keys that sign ID tokens: ES256 of RFC 7518, section 3.4, as JWK of RFC 7517. Discovery asks for
//! RS256 as well (section 3), but an RSA key takes seconds to make in a build for development.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::state::random;

pub const ALGORITHM: &str = "ES256";

pub struct Key {
    /// The thumbprint of the public key (RFC 7638), so that no two keys have one name.
    pub id: String,
    secret: SigningKey,
}

/// The newest one signs. The one before stays published, so that what it has signed is still good.
pub struct Keys {
    newest: Key,
    former: Option<Key>,
}

impl Keys {
    pub fn generate() -> Result<Self, getrandom::Error> {
        Ok(Self {
            newest: Key::generate()?,
            former: None,
        })
    }

    pub fn rotate(&mut self) -> Result<(), getrandom::Error> {
        let newest = Key::generate()?;
        self.former = Some(std::mem::replace(&mut self.newest, newest));
        Ok(())
    }

    pub fn newest(&self) -> &Key {
        &self.newest
    }

    /// The published key of this name.
    pub fn find(&self, id: &str) -> Option<&Key> {
        self.published().find(|key| key.id == id)
    }

    /// RFC 7517, section 5.
    pub fn to_jwk_set(&self) -> Value {
        json!({ "keys": self.published().map(Key::to_jwk).collect::<Vec<_>>() })
    }

    fn published(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.former)
    }
}

impl Key {
    pub fn generate() -> Result<Self, getrandom::Error> {
        loop {
            // Nearly every number of 256 bits is a key, and the rest are thrown again.
            if let Ok(secret) = SigningKey::from_slice(&random::bytes()?) {
                let (x, y) = coordinates(&secret);
                let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
                let id = URL_SAFE_NO_PAD.encode(Sha256::digest(members));
                return Ok(Self { id, secret });
            }
        }
    }

    /// r and s in base64url (RFC 7518, section 3.4).
    pub fn sign(&self, input: &str) -> String {
        let signature: Signature = self.secret.sign(input.as_bytes());
        URL_SAFE_NO_PAD.encode(signature.to_bytes())
    }

    pub fn has_signed(&self, input: &str, signature: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(signature)
            .ok()
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| {
                let key = self.secret.verifying_key();
                key.verify(input.as_bytes(), &signature).is_ok()
            })
    }

    /// The public key.
    fn to_jwk(&self) -> Value {
        let (x, y) = coordinates(&self.secret);
        json!({
            "kty": "EC",
            "crv": "P-256",
            "use": "sig",
            "alg": ALGORITHM,
            "kid": self.id,
            "x": x,
            "y": y,
        })
    }
}

/// RFC 7518, sections 6.2.1.2 and 6.2.1.3.
fn coordinates(secret: &SigningKey) -> (String, String) {
    let point = secret.verifying_key().to_sec1_point(false);
    let text = |bytes: Option<&p256::FieldBytes>| {
        URL_SAFE_NO_PAD.encode(bytes.map(|bytes| bytes.as_slice()).unwrap_or_default())
    };
    (text(point.x()), text(point.y()))
}
