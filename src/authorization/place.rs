//! Where in a URL a response stands, and what the URL is without it: RFC 6749, section 4.2.2;
//! OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1.

use super::parameters::Parameters;
use super::telltale::TELLTALE;
use crate::syntax::arena::Arena;
use crate::syntax::form::{decoded, halves, is_named, pairs};
use crate::syntax::text::{before, consists_of, cut, is, split, to};
use crate::syntax::url::Url;

/// What of a response in the fragment may stand in the query: a state that was echoed with the redirect
/// URI's own parameters, and an issuer (RFC 9207).
pub(super) const BESIDE: &str = "state iss";

/// The component of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Query,
    Fragment,
}

/// The part of the fragment that holds parameters. A route (`/…`, `!…`) holds none, except behind
/// its `?` for an application that said that its redirect lands there. Routers put a `/` or a `?` in front
/// of what they take for a route; where a parameter of ours follows at once it is none.
pub(crate) fn parameters_of_fragment(fragment: &[u8], hash_router: bool) -> &[u8] {
    match fragment {
        [b'/' | b'?', parameters @ ..] if begins_with_parameter(parameters) => parameters,
        _ if !is_route(fragment) => fragment,
        _ => match cut(fragment, b'?') {
            (_, Some(parameters)) if hash_router => parameters,
            _ => b"",
        },
    }
}

fn begins_with_parameter(text: &[u8]) -> bool {
    let (name, value) = cut(before(text, b'&'), b'=');
    value.is_some() && is_named(name, Parameters::NAMES)
}

/// Whether a query of the redirect URI's own has a parameter of this name.
fn is_own(name: &[u8], own: &[u8]) -> bool {
    pairs(own).any(|(known, _)| decoded(known).eq(decoded(name)))
}

/// The parameters of a query that are not the redirect URI's own.
pub(crate) fn foreign<'a>(query: &'a [u8], own: &[u8], arena: &mut Arena<'a>) -> &'a [u8] {
    if own.is_empty() {
        return query;
    }
    for pair in split(query, b'&').filter(|pair| !is_own(halves(pair).0, own)) {
        arena.put(pair);
        arena.push(b'&');
    }
    arena.take()
}

fn is_route(fragment: &[u8]) -> bool {
    matches!(fragment, [b'/' | b'!', ..])
}

/// Whether the text holds a token, a code or an error.
pub(crate) fn carries_response(text: &[u8]) -> bool {
    pairs(text).any(|(name, value)| !value.is_empty() && is_named(name, TELLTALE))
}

/// What leaves a component of the URL.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// No parameter by its name.
    Nothing,
    /// What of the fragment's response stands beside it in the query.
    Beside,
    /// The parameters that are known: nobody could read the rest.
    Known,
    /// All that the server has added: it is a response.
    All,
}

impl Leaving {
    fn names(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Beside => BESIDE,
            Self::Known | Self::All => Parameters::NAMES,
        }
    }
}

/// The URL without what leaves its query and its fragment, and without what other libraries left; `None`
/// when it stays as it is. `own` is the redirect URI's query. A redirect URI has no fragment (RFC 6749,
/// section 3.1.2), so a response takes all of that along, but for a route that it stands behind.
pub(crate) fn scrub<'a>(
    url: &Url<'a>,
    own: &[u8],
    parameters_of_fragment: &'a [u8],
    of_query: Leaving,
    of_fragment: Leaving,
    arena: &mut Arena<'a>,
) -> Option<&'a [u8]> {
    let query = url.query().unwrap_or_default();
    let fragment = url.fragment().unwrap_or_default();
    let kept_query = match of_query {
        Leaving::All => own,
        _ => retain(query, of_query, own, false, arena),
    };
    let length = fragment.len().saturating_sub(parameters_of_fragment.len());
    let mut route = to(fragment, length);
    let is_alone = route.len() < 2;
    let goes = match of_fragment {
        Leaving::All => is_alone,
        // Instagram's mark behind a code.
        _ => of_query == Leaving::All && is(fragment, b"_"),
    };
    let kept = if goes {
        route = b"";
        b""
    } else {
        retain(parameters_of_fragment, of_fragment, b"", true, arena)
    };
    if kept.is_empty() && !parameters_of_fragment.is_empty() {
        route = before(route, b'?');
    }
    arena.put(route);
    arena.put(kept);
    let kept_fragment = without_token(arena.take());
    if is(kept_query, query) && is(kept_fragment, fragment) {
        return None;
    }
    arena.put(before(before(url.text(), b'#'), b'?'));
    for (delimiter, kept) in [(b'?', kept_query), (b'#', kept_fragment)] {
        if !kept.is_empty() {
            arena.push(delimiter);
            arena.put(kept);
        }
    }
    Some(arena.take())
}

/// The pairs that stay, as they were; all of the text where none leaves.
fn retain<'a>(
    text: &'a [u8],
    leaving: Leaving,
    own: &[u8],
    is_fragment: bool,
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    let mut has_left = false;
    let mut is_first = true;
    for pair in split(text, b'&') {
        let (name, value) = halves(pair);
        if (is_named(name, leaving.names()) && !is_own(name, own))
            || (is_fragment && is_residue(name, value))
        {
            has_left = true;
            continue;
        }
        if !is_first {
            arena.push(b'&');
        }
        is_first = false;
        arena.put(pair);
    }
    let kept = arena.take();
    if !has_left {
        text
    } else if consists_of(kept, |byte| byte == b'&') {
        b""
    } else {
        kept
    }
}

/// Facebook's `#_=_`; what hello.js navigates to (CVE-2020-7741), as a parameter or inside its state.
fn is_residue(name: &[u8], value: &[u8]) -> bool {
    (is(name, b"_") && is(value, b"_"))
        || is_named(name, "oauth_redirect")
        || (is_named(name, "state") && decoded(value).next() == Some(b'{'))
}

/// A broken link can put a token where no parameter is. Then only a route before it can be kept.
fn without_token(fragment: &[u8]) -> &[u8] {
    if !hides_token(fragment) {
        return fragment;
    }
    let first = before(fragment, b'&');
    if !is_route(first) {
        return b"";
    }
    let path = before(first, b'?');
    let token = path
        .windows(ACCESS_TOKEN.len())
        .position(|window| window == ACCESS_TOKEN);
    before(to(path, token.unwrap_or(path.len())), b'#')
}

const ACCESS_TOKEN: &[u8] = b"access_token=";
const ID_TOKEN: &[u8] = b"id_token=";

/// Whether a token stands in it, as a parameter or not, escaped or not.
pub(crate) fn hides_token(fragment: &[u8]) -> bool {
    split(fragment, b'&')
        .any(|pair| holds_token(decoded(pair)) || holds_token(pair.iter().copied()))
}

fn holds_token(mut text: impl Iterator<Item = u8> + Clone) -> bool {
    // An ID token's name can be the end of another word, such as `valid_token`.
    let mut begins_word = true;
    loop {
        if goes_on_behind(text.clone(), ACCESS_TOKEN)
            || (begins_word && goes_on_behind(text.clone(), ID_TOKEN))
        {
            return true;
        }
        match text.next() {
            Some(byte) => begins_word = !byte.is_ascii_alphanumeric(),
            None => return false,
        }
    }
}

/// Whether the text begins with a name and has something behind it.
fn goes_on_behind(mut text: impl Iterator<Item = u8>, name: &[u8]) -> bool {
    name.iter().all(|byte| text.next() == Some(*byte)) && text.next().is_some()
}
