//! Proof Key for Code Exchange: RFC 7636, with S256 and nothing else.

use hmac_sha256::Hash;

use crate::syntax::secret::{STATE_LENGTH, base64url};

/// What the authorization request shows of a verifier (section 4.2).
pub(crate) fn challenge(verifier: &[u8]) -> [u8; STATE_LENGTH] {
    base64url(&Hash::hash(verifier))
}
