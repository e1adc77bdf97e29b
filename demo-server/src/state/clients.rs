//! The registered clients: RFC 6749, section 2, and their redirect URIs, section 3.1.2.

use std::time::Duration;

#[derive(Debug, PartialEq)]
pub struct Client {
    pub id: &'static str,
    pub name: &'static str,
    /// How long an access token lives; nothing: until the server stops.
    pub lifetime: Option<Duration>,
    /// The same in words.
    pub lifetime_words: &'static str,
}

static CLIENTS: [Client; 4] = [
    Client {
        id: "city-issues",
        name: "City Issues",
        lifetime: Some(Duration::from_secs(7200)),
        lifetime_words: "for 2 hours",
    },
    Client {
        id: "city-issues-short",
        name: "City Issues (short)",
        lifetime: Some(Duration::from_secs(3)),
        lifetime_words: "for 3 seconds",
    },
    Client {
        id: "city-issues-medium",
        name: "City Issues (medium)",
        lifetime: Some(Duration::from_secs(40)),
        lifetime_words: "for 40 seconds",
    },
    Client {
        id: "city-issues-forever",
        name: "City Issues (forever)",
        lifetime: None,
        lifetime_words: "until this server stops",
    },
];

pub fn find(id: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.id == id)
}

/// Why a redirect URI can't be registered: 3.1.2 asks for an absolute URI without a fragment.
pub fn redirect_uri_problem(uri: &str) -> Option<&'static str> {
    if !uri.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some("holds a space, a control character or a character outside ASCII");
    }
    if uri.contains('#') {
        return Some("has a fragment");
    }
    let Some((scheme, rest)) = uri.split_once(':') else {
        return Some("is not absolute");
    };
    let named = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !named || rest.is_empty() {
        return Some("is not absolute");
    }
    match scheme.to_ascii_lowercase().as_str() {
        "about" | "blob" | "data" | "file" | "javascript" | "vbscript" => {
            Some("has a scheme that a browser does not treat as a place to return to")
        }
        "http" | "https" => match web_authority(uri) {
            Some(_) => None,
            None => Some("has no plain host name and port"),
        },
        _ => None,
    }
}

/// The origin of an `http` or `https` URI.
pub fn web_origin(uri: &str) -> Option<String> {
    let (scheme, _) = uri.split_once(':')?;
    Some(format!(
        "{}://{}",
        scheme.to_ascii_lowercase(),
        web_authority(uri)?.to_ascii_lowercase()
    ))
}

/// The source that a Content-Security-Policy must allow, for a form's answer to reach the URI.
pub fn policy_source(uri: &str) -> String {
    match web_origin(uri) {
        // The policy's grammar has no IPv6 addresses.
        Some(origin) if !origin.contains('[') => origin,
        _ => format!("{}:", uri.split(':').next().unwrap_or_default()),
    }
}

fn web_authority(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let authority = rest.split(['/', '?', '\\']).next()?;
    let plain = !authority.is_empty()
        && authority
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.:[]_".contains(c));
    (web && plain).then_some(authority)
}
