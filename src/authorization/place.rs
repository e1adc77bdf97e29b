//! Where in a URL a response stands, and what the URL is without it: RFC 6749, section 4.2.2;
//! OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1.

use super::parameters::Parameters;
use super::telltale::TELLTALE;
use crate::syntax::arena::Arena;
use crate::syntax::form::{decoded, halves, is_named, pairs};
use crate::syntax::text::{before, cut, is, split, to};
use crate::syntax::url::Url;

/// What a stray part of a response may be in the component that holds none.
const STRAY: &str = "state iss";

/// The component of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Query,
    Fragment,
}

/// The part of the fragment that holds parameters. A route (`/…`, `!…`) holds none, except behind
/// its `?` for an application that said that its redirect lands there.
pub(crate) fn parameters_of_fragment(fragment: &[u8], hash_router: bool) -> &[u8] {
    if !is_route(fragment) {
        return fragment;
    }
    match cut(fragment, b'?') {
        (_, Some(parameters)) if hash_router => parameters,
        _ => b"",
    }
}

fn is_route(fragment: &[u8]) -> bool {
    matches!(fragment, [b'/' | b'!', ..])
}

/// Whether the text holds a token, a code or an error.
pub(crate) fn carries_response(text: &[u8]) -> bool {
    pairs(text).any(|(name, value)| !value.is_empty() && is_named(name, TELLTALE))
}

/// Which parameters leave a component of the URL.
#[derive(Clone, Copy)]
pub(crate) enum Leaving {
    /// None by its name.
    Nothing,
    /// Those that the other component's response left here.
    Stray,
    /// All of a response.
    Response,
}

impl Leaving {
    fn names(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Stray => STRAY,
            Self::Response => Parameters::NAMES,
        }
    }
}

/// The URL without the parameters that leave its query and its fragment, and without what other
/// libraries left; `None` when it stays as it is.
pub(crate) fn scrub<'a>(
    url: &Url<'a>,
    parameters_of_fragment: &'a [u8],
    of_query: Leaving,
    of_fragment: Leaving,
    arena: &mut Arena<'a>,
) -> Option<&'a [u8]> {
    let query = url.query().unwrap_or_default();
    let fragment = url.fragment().unwrap_or_default();
    let kept_query = retain(query, of_query, false, arena);
    let kept = retain(parameters_of_fragment, of_fragment, true, arena);
    let length = fragment.len().saturating_sub(parameters_of_fragment.len());
    let mut route = to(fragment, length);
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
    is_fragment: bool,
    arena: &mut Arena<'a>,
) -> &'a [u8] {
    let mut has_left = false;
    let mut is_first = true;
    for pair in split(text, b'&') {
        let (name, value) = halves(pair);
        if is_named(name, leaving.names()) || (is_fragment && is_residue(name, value)) {
            has_left = true;
            continue;
        }
        if !is_first {
            arena.push(b'&');
        }
        // An empty pair before the first one that stays is no reason for a delimiter.
        is_first &= pair.is_empty();
        arena.put(pair);
    }
    let kept = arena.take();
    if has_left { kept } else { text }
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
