//! What a reader of the standards would say, by somebody else's code.

/// Whether a credential may go there: RFC 6749, sections 3.1.2.1 and 3.2; RFC 8252, section 8.3.
pub(crate) fn is_secure(url: &url::Url) -> bool {
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

/// The characters of an access token (RFC 6749, appendix A.12), but for the space.
pub(crate) fn is_access_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The value of a JSON text; none where it has a number that the grammar allows and no 64-bit float holds.
///
/// # Panics
///
/// It is no JSON.
pub(crate) fn json(text: &str) -> Option<serde_json::Value> {
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(error) => panic!("what was accepted is no JSON: {error}"),
    }
}

/// That nothing which is printed has a secret in it. Short ones occur by chance.
pub(crate) fn assert_silent(printed: &str, secrets: &[&str]) {
    for secret in secrets.iter().filter(|secret| secret.len() >= 12) {
        assert!(!printed.contains(secret), "{printed} shows {secret}");
    }
}
