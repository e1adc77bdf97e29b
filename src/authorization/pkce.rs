//! Proof Key for Code Exchange: RFC 7636, with S256 and nothing else.

use alloc::string::String;

use hmac_sha256::Hash;

use crate::syntax::secret::base64url;

/// The only method: `plain` would show the verifier to whoever sees the request (section 7.2).
pub(crate) const METHOD: &str = "S256";

/// What the authorization request shows of a verifier (section 4.2).
pub(crate) fn challenge(verifier: &str) -> String {
    base64url(&Hash::hash(verifier.as_bytes()))
}
