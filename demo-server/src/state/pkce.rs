//! Proof Key for Code Exchange: RFC 7636, with S256 and no other method (RFC 9700, 2.1.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::state::random;

pub const METHOD: &str = "S256";

/// The base64url of a SHA-256 digest (4.2).
#[derive(Clone, Debug)]
pub struct Challenge(String);

impl Challenge {
    pub fn read(text: &str) -> Option<Self> {
        let digest = URL_SAFE_NO_PAD.decode(text).ok()?;
        (digest.len() == Sha256::output_size()).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 4.6: whoever has the verifier is the one who sent the challenge.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        random::same(&URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)), &self.0)
    }
}

/// 4.1: 43 to 128 letters, digits and `-._~`.
pub fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}
