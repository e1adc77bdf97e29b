//! Where in a URL a response stands, and what the URL is without it: RFC 6749, section 4.2.2;
//! OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1.

use alloc::string::String;

use crate::params::{decode, pairs};
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
const STRAY: [&str; 2] = ["state", "iss"];

/// The component of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Query,
    Fragment,
}

/// The part of the fragment that holds parameters. A route (`/…`, `!…`) holds none, except behind
/// its `?` for an application that said that its redirect lands there.
pub(crate) fn parameters_of_fragment(fragment: Option<&str>, hash_router: bool) -> &str {
    let fragment = fragment.unwrap_or_default();
    if !is_route(fragment) {
        return fragment;
    }
    match fragment.split_once('?') {
        Some((_, parameters)) if hash_router => parameters,
        _ => "",
    }
}

fn is_route(fragment: &str) -> bool {
    fragment.starts_with(['/', '!'])
}

/// Whether the text holds a token, a code or an error.
pub(crate) fn carries(text: &str) -> bool {
    pairs(text).any(|(name, value)| !value.is_empty() && is_among(name, &TELLTALE))
}

fn is_among(name: &str, names: &[&str]) -> bool {
    decode(name).is_some_and(|name| names.contains(&&*name))
}

/// The URL without the response and without what other libraries left; `None` when it stays as it is.
pub(crate) fn scrub(
    url: &Url,
    parameters_of_fragment: &str,
    in_query: bool,
    in_fragment: bool,
) -> Option<String> {
    let names = |is_response: bool| -> &[&str] { if is_response { &PARAMETERS } else { &STRAY } };
    rewrite(url, |place, text| match place {
        Place::Query => retain(text, |name, _| !is_among(name, names(in_query))),
        Place::Fragment => {
            let route = text
                .strip_suffix(parameters_of_fragment)
                .unwrap_or_default();
            let mut kept = String::from(route);
            kept.push_str(&retain(parameters_of_fragment, |name, value| {
                !is_among(name, names(in_fragment)) && !is_residue(name, value)
            }));
            if kept.len() == route.len() && kept.ends_with('?') {
                kept.pop();
            }
            without_token(&kept).into()
        }
    })
}

/// The URL of no response without what must not stay in its fragment all the same.
pub(crate) fn scrub_residue(url: &Url) -> Option<String> {
    rewrite(url, |place, text| match place {
        Place::Query => text.into(),
        Place::Fragment => {
            without_token(&retain(text, |name, value| !is_residue(name, value))).into()
        }
    })
}

/// A broken link can put a token where no parameter is. Then only a route before it can be kept.
fn without_token(fragment: &str) -> &str {
    if !names_token(fragment) {
        return fragment;
    }
    let first = fragment.split('&').next().unwrap_or_default();
    if !is_route(first) {
        return "";
    }
    let path = first.split('?').next().unwrap_or_default();
    match first.find("access_token=") {
        Some(at) if at < path.len() => first.get(..at).unwrap_or_default(),
        _ => path,
    }
}

fn names_token(text: &str) -> bool {
    let decoded = decode(text);
    let text = decoded.as_deref().unwrap_or(text);
    text.contains("access_token=")
        || text
            .split(|c: char| c != '=' && c != '_' && !c.is_ascii_alphanumeric())
            .any(|word| word.starts_with("id_token="))
}

/// Facebook's `#_=_`; what hello.js navigates to (CVE-2020-7741), as a parameter or inside its state.
fn is_residue(name: &str, value: &str) -> bool {
    let decodes_to_object = || decode(value).is_some_and(|value| value.starts_with('{'));
    (name, value) == ("_", "_")
        || is_among(name, &["oauth_redirect"])
        || (is_among(name, &["state"]) && decodes_to_object())
}

fn retain(text: &str, mut keep: impl FnMut(&str, &str) -> bool) -> String {
    let mut kept = String::new();
    for pair in text.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if keep(name, value) {
            if !kept.is_empty() {
                kept.push('&');
            }
            kept.push_str(pair);
        }
    }
    kept
}

fn rewrite(url: &Url, mut component: impl FnMut(Place, &str) -> String) -> Option<String> {
    let parts = url.parts();
    let base = url.as_str().split(['?', '#']).next().unwrap_or_default();
    let mut rewritten = String::from(base);
    let mut is_changed = false;
    for (place, delimiter, before) in [
        (Place::Query, '?', parts.query),
        (Place::Fragment, '#', parts.fragment),
    ] {
        let Some(before) = before else { continue };
        let after = component(place, before);
        is_changed |= after != before;
        if !after.is_empty() || after == before {
            rewritten.push(delimiter);
            rewritten.push_str(&after);
        }
    }
    is_changed.then_some(rewritten)
}
