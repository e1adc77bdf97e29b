//! Where in a URL a response stands, and what the URL is without it: RFC 6749, section 4.2.2;
//! OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1.

use alloc::string::String;

use crate::params::{decode, halves, pairs};
use crate::text::{concat, cut, find, split};
use crate::url::Url;

/// The response parameters that have a meaning for us, if only that of leaving the URL.
pub(crate) const PARAMETERS: [&str; 14] = [
    "access_token",
    "token_type",
    "expires_in",
    "scope",
    "state",
    "iss",
    "error",
    "error_description",
    "error_uri",
    "code",
    "id_token",
    "refresh_token",
    "response",
    "session_state",
];
/// One of these with a value makes a URL a response.
const TELLTALE: [&str; 4] = ["access_token", "id_token", "code", "error"];
/// What a stray part of a response may be in the component that holds none.
pub(crate) const STRAY: [&str; 2] = ["state", "iss"];

/// The component of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Query,
    Fragment,
}

/// The part of the fragment that holds parameters. A route (`/…`, `!…`) holds none, except behind
/// its `?` for an application that said that its redirect lands there.
pub(crate) fn parameters_of_fragment(fragment: &str, hash_router: bool) -> &str {
    if !is_route(fragment) {
        return fragment;
    }
    match cut(fragment, b'?') {
        (_, Some(parameters)) if hash_router => parameters,
        _ => "",
    }
}

fn is_route(fragment: &str) -> bool {
    fragment.starts_with('/') || fragment.starts_with('!')
}

/// Whether the text holds a token, a code or an error.
pub(crate) fn carries(text: &str) -> bool {
    pairs(text).any(|(name, value)| !value.is_empty() && is_among(name, &TELLTALE))
}

fn is_among(name: &str, names: &[&str]) -> bool {
    decode(name).is_some_and(|name| names.contains(&name.as_str()))
}

/// The URL without the parameters that leave its query and its fragment, and without what other
/// libraries left; `None` when it stays as it is.
pub(crate) fn scrub(
    url: &Url,
    parameters_of_fragment: &str,
    of_query: &[&str],
    of_fragment: &[&str],
) -> Option<String> {
    let (base, _) = cut(url.as_str(), b'#');
    let (base, query) = cut(base, b'?');
    let fragment = url.parts().fragment;
    let kept_query = query.map(|text| retain(text, of_query, false));
    let kept_fragment = fragment.map(|text| {
        let length = text.len().saturating_sub(parameters_of_fragment.len());
        let route = text.get(..length).unwrap_or_default();
        let kept = retain(parameters_of_fragment, of_fragment, true);
        let route = match route.strip_suffix('?') {
            Some(route) if kept.is_empty() => route,
            _ => route,
        };
        String::from(without_token(&concat(&[route, &kept])))
    });
    if kept_query.as_deref() == query && kept_fragment.as_deref() == fragment {
        return None;
    }
    let mut scrubbed = String::from(base);
    for (delimiter, kept) in [("?", kept_query), ("#", kept_fragment)] {
        if let Some(kept) = kept
            && !kept.is_empty()
        {
            scrubbed.push_str(delimiter);
            scrubbed.push_str(&kept);
        }
    }
    Some(scrubbed)
}

/// The pairs that stay, as they were.
fn retain(text: &str, leaving: &[&str], is_fragment: bool) -> String {
    let mut kept = String::new();
    for pair in split(text, b'&') {
        let (name, value) = halves(pair);
        if is_among(name, leaving) || (is_fragment && is_residue(name, value)) {
            continue;
        }
        if !kept.is_empty() {
            kept.push('&');
        }
        kept.push_str(pair);
    }
    kept
}

/// Facebook's `#_=_`; what hello.js navigates to (CVE-2020-7741), as a parameter or inside its state.
fn is_residue(name: &str, value: &str) -> bool {
    (name, value) == ("_", "_")
        || is_among(name, &["oauth_redirect"])
        || (is_among(name, &["state"]) && decode(value).is_some_and(|it| it.starts_with('{')))
}

/// A broken link can put a token where no parameter is. Then only a route before it can be kept.
fn without_token(fragment: &str) -> &str {
    let decoded = decode(fragment);
    if !names_token(decoded.as_deref().unwrap_or(fragment)) {
        return fragment;
    }
    let (first, _) = cut(fragment, b'&');
    if !is_route(first) {
        return "";
    }
    let (path, _) = cut(first, b'?');
    let end = find(path, ACCESS_TOKEN).unwrap_or(path.len());
    path.get(..end).unwrap_or_default()
}

const ACCESS_TOKEN: &str = "access_token=";

fn names_token(text: &str) -> bool {
    // Not the end of another word, such as `valid_token`.
    let begins_word = |at: usize| match at.checked_sub(1) {
        Some(before) => !text
            .as_bytes()
            .get(before)
            .is_some_and(u8::is_ascii_alphanumeric),
        None => true,
    };
    find(text, ACCESS_TOKEN).is_some() || find(text, "id_token=").is_some_and(begins_word)
}
