//! Where in a URL a response stands, and what the URL is without it: RFC 6749, section 4.2.2;
//! OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1.

use alloc::string::String;

use crate::syntax::form::{decode, halves, is_among, next_pair};
use crate::syntax::text::{concat, cut, find, split, split_at};
use crate::syntax::url::Url;

/// The response parameters that have a meaning for us, if only that of leaving the URL.
pub(crate) const PARAMETERS: &str = "access_token token_type expires_in scope state iss error error_description error_uri code id_token refresh_token response session_state";
/// One of these with a value makes a URL a response.
const TELLTALE: &str = "access_token id_token code error";
/// What a stray part of a response may be in the component that holds none.
pub(crate) const STRAY: &str = "state iss";

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
    fragment.starts_with("/") || fragment.starts_with("!")
}

/// Whether the text holds a token, a code or an error.
pub(crate) fn carries(text: &str) -> bool {
    let mut form = split(text, b'&');
    while let Some((name, value)) = next_pair(&mut form) {
        if !value.is_empty() && is_among(name, TELLTALE) {
            return true;
        }
    }
    false
}

/// The URL without the parameters that leave its query and its fragment, and without what other
/// libraries left; `None` when it stays as it is.
pub(crate) fn scrub(
    url: &Url,
    parameters_of_fragment: &str,
    of_query: &str,
    of_fragment: &str,
) -> Option<String> {
    let (base, fragment) = cut(url.as_str(), b'#');
    let (base, query) = cut(base, b'?');
    let (query, fragment) = (query.unwrap_or_default(), fragment.unwrap_or_default());
    let kept_query = retain(query, of_query, false);
    let length = fragment.len().saturating_sub(parameters_of_fragment.len());
    let mut route = split_at(fragment, length).0;
    let kept_parameters = retain(parameters_of_fragment, of_fragment, true);
    if kept_parameters.is_empty() && !parameters_of_fragment.is_empty() {
        route = cut(route, b'?').0;
    }
    let kept_fragment = concat(&[route, &kept_parameters]);
    let kept_fragment = without_token(&kept_fragment);
    if kept_query == query && kept_fragment == fragment {
        return None;
    }
    let delimiter = |delimiter, text: &str| if text.is_empty() { "" } else { delimiter };
    Some(concat(&[
        base,
        delimiter("?", &kept_query),
        &kept_query,
        delimiter("#", kept_fragment),
        kept_fragment,
    ]))
}

/// The pairs that stay, as they were; all of the text where none leaves.
fn retain(text: &str, leaving: &str, is_fragment: bool) -> String {
    let mut kept = String::new();
    let mut has_left = false;
    for pair in split(text, b'&') {
        let (name, value) = halves(pair);
        if is_among(name, leaving) || (is_fragment && is_residue(name, value)) {
            has_left = true;
            continue;
        }
        if !kept.is_empty() {
            kept.push_str("&");
        }
        kept.push_str(pair);
    }
    if has_left { kept } else { text.into() }
}

/// Facebook's `#_=_`; what hello.js navigates to (CVE-2020-7741), as a parameter or inside its state.
fn is_residue(name: &str, value: &str) -> bool {
    (name, value) == ("_", "_")
        || is_among(name, "oauth_redirect")
        || (is_among(name, "state") && decode(value).is_some_and(|it| it.starts_with("{")))
}

/// A broken link can put a token where no parameter is. Then only a route before it can be kept.
fn without_token(fragment: &str) -> &str {
    if !hides_token(fragment) {
        return fragment;
    }
    let (first, _) = cut(fragment, b'&');
    if !is_route(first) {
        return "";
    }
    let (path, _) = cut(first, b'?');
    let end = find(path, ACCESS_TOKEN).unwrap_or(path.len());
    cut(split_at(path, end).0, b'#').0
}

const ACCESS_TOKEN: &str = "access_token=";

/// Whether a token stands in it, as a parameter or not.
pub(crate) fn hides_token(fragment: &str) -> bool {
    split(fragment, b'&').any(|pair| {
        let decoded = decode(pair);
        let text = decoded.as_deref().unwrap_or(pair);
        let names = |name: &str, is_word: bool| {
            find(text, name).is_some_and(|at| {
                // Not the end of another word, such as `valid_token`.
                let before = at.checked_sub(1).and_then(|at| text.as_bytes().get(at));
                at.saturating_add(name.len()) < text.len()
                    && !(is_word && before.is_some_and(u8::is_ascii_alphanumeric))
            })
        };
        names(ACCESS_TOKEN, false) || names("id_token=", true)
    })
}
