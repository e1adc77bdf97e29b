//! What a content type says: RFC 8259, section 11; RFC 6839, section 3.1; RFC 9110, section 8.3.

use super::text::{before, is_caseless, split};

const APPLICATION: &[u8] = b"application/";
const JSON_SUFFIX: &[u8] = b"+json";

/// Types of what is never JSON, whatever it looks like.
const NO_JSON: &str =
    "text/html application/xhtml+xml application/x-www-form-urlencoded multipart/form-data";

fn essence(content_type: &[u8]) -> &[u8] {
    before(content_type, b';').trim_ascii()
}

/// HTML or a form.
pub(crate) fn is_html_or_form(content_type: &[u8]) -> bool {
    let essence = essence(content_type);
    split(NO_JSON.as_bytes(), b' ').any(|it| is_caseless(essence, it))
}

/// `application/json`, or a type that says that it is written in it.
pub(crate) fn is_json(content_type: &[u8]) -> bool {
    let Some((kind, subtype)) = essence(content_type).split_at_checked(APPLICATION.len()) else {
        return false;
    };
    let suffix = subtype.len().checked_sub(JSON_SUFFIX.len());
    let suffix = suffix.and_then(|at| subtype.get(at..)).unwrap_or_default();
    is_caseless(kind, APPLICATION)
        && (is_caseless(subtype, b"json") || is_caseless(suffix, JSON_SUFFIX))
}
