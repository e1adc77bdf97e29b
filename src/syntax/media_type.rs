//! The media type of JSON: RFC 8259, section 11; RFC 6839, section 3.1.

use super::text::{before, is_caseless};

const APPLICATION: &[u8] = b"application/";
const JSON_SUFFIX: &[u8] = b"+json";

/// `application/json`, or a type that says that it is written in it.
pub(crate) fn is_json(content_type: &[u8]) -> bool {
    let essence = before(content_type, b';').trim_ascii();
    let Some((kind, subtype)) = essence.split_at_checked(APPLICATION.len()) else {
        return false;
    };
    let suffix = subtype.len().checked_sub(JSON_SUFFIX.len());
    let suffix = suffix.and_then(|at| subtype.get(at..)).unwrap_or_default();
    is_caseless(kind, APPLICATION)
        && (is_caseless(subtype, b"json") || is_caseless(suffix, JSON_SUFFIX))
}
