//! The ID token: OpenID Connect Core 1.0, sections 2 and 3.1.3.6, as a JWS of RFC 7515.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::state::accounts::Account;
use crate::state::authentication::Authentication;
use crate::state::clients::Client;
use crate::state::clock;
use crate::state::keys::{self, Key};
use crate::state::random;
use crate::state::scopes::Scope;
use crate::state::site::Site;
use crate::state::wrong::Wrong;

const LIFETIME_SECONDS: u64 = 3600;

/// What an ID token is about, and what comes with it.
pub struct Statement<'a> {
    pub client: &'a Client,
    pub account: &'a Account,
    pub scopes: &'a [Scope],
    pub authentication: &'a Authentication,
    /// Bound to it by `at_hash`.
    pub access_token: Option<&'a str>,
}

impl Statement<'_> {
    /// The ID token; with a fault, where one was asked for.
    pub fn sign(&self, site: &Site) -> Result<String, getrandom::Error> {
        let wrong = site.wrong().take();
        let mut claims = self.claims(&site.origin);
        match wrong {
            Some(Wrong::Nonce) => claims["nonce"] = random::secret()?.into(),
            Some(Wrong::Audience) => claims["aud"] = "another-client".into(),
            Some(Wrong::Signature) | None => {}
        }
        let keys = site.keys();
        let named = keys.newest();
        let header = json!({ "alg": keys::ALGORITHM, "typ": "JWT", "kid": named.id });
        let input = format!("{}.{}", encode(&header), encode(&claims));
        let signature = match wrong {
            Some(Wrong::Signature) => Key::generate()?.sign(&input),
            _ => named.sign(&input),
        };
        Ok(format!("{input}.{signature}"))
    }

    /// The name alone of what `profile` allows: the ID token may stand in a URL, and UserInfo has the rest.
    fn claims(&self, issuer: &str) -> Value {
        let now = clock::unix_seconds();
        let mut claims = json!({
            "iss": issuer,
            "sub": self.account.subject(),
            "aud": self.client.id,
            "iat": now,
            "exp": now.saturating_add(LIFETIME_SECONDS),
            "auth_time": self.authentication.time,
        });
        if let Some(nonce) = &self.authentication.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        if let Some(token) = self.access_token {
            claims["at_hash"] = left_half_of_hash(token).into();
        }
        if self.scopes.contains(&Scope::Profile) {
            claims["name"] = self.account.name.into();
        }
        claims
    }
}

/// Of an ID token that this server has signed: whom it names, and for which client. One that has
/// expired still says so (RP-Initiated Logout 1.0, section 4).
pub struct Hint {
    pub subject: String,
    pub client: String,
}

impl Hint {
    pub fn read(id_token: &str, site: &Site) -> Option<Self> {
        let (input, signature) = id_token.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let header = decode(header)?;
        let is_ours = site
            .keys()
            .find(header["kid"].as_str()?)
            .is_some_and(|key| {
                header["alg"] == keys::ALGORITHM && key.has_signed(input, signature)
            });
        let claims = decode(claims).filter(|_| is_ours)?;
        Some(Self {
            subject: claims["sub"].as_str()?.to_owned(),
            client: claims["aud"].as_str()?.to_owned(),
        })
    }
}

/// 3.1.3.6: the left half of the hash that the algorithm has.
pub fn left_half_of_hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    let (left, _) = digest.split_at(digest.len() / 2);
    URL_SAFE_NO_PAD.encode(left)
}

fn encode(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

fn decode(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
