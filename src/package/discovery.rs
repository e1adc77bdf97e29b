//! A server's metadata, as the facade received it.

use super::endpoint::{Members, http_response};
use super::status::{Failure, at, status};
use super::wire::{Call, Reply};
use crate::error::Error;
use crate::registration::metadata::{self, check, check_issuer, write_urls};
use crate::syntax::arena::Arena;
use crate::syntax::url::Url;

/// Where an issuer's metadata can stand.
pub(super) fn metadata_urls<'a>(
    call: &Call<'a>,
    reply: &mut Reply<'_>,
    arena: &mut Arena<'a>,
) -> Result<u8, Failure> {
    let issuer = Url::of(call.text(0));
    check_issuer(&issuer)?;
    let [first, other] = write_urls(&issuer, arena);
    reply.put(at::METADATA_URL, first);
    reply.put(at::OTHER_METADATA_URL, other);
    Ok(status::DONE)
}

/// What is checked of a document.
const CHECKED: &[&str] = &[
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "grant_types_supported",
];

/// Whether an answer is the issuer's metadata. Of the endpoints the facade gives what the browser's parser wrote.
pub(super) fn check_metadata(call: &Call<'_>, reply: &mut Reply<'_>) -> Result<u8, Failure> {
    reply.put(at::HTTP_STATUS, call.text(1));
    let answer = http_response(call, CHECKED);
    let document = answer.json_success().ok_or(Error::InvalidMetadata)?;
    check(call.text(0), document, |url, is_sound| {
        is_sound(Url::of(url))
    })?;
    Ok(status::DONE)
}

/// What decides about the response type.
const DECIDING: &[&str] = &[
    "token_endpoint",
    "response_types_supported",
    "grant_types_supported",
    "code_challenge_methods_supported",
];

/// Which response type a document's server allows.
pub(super) fn best_response_type(call: &Call<'_>, reply: &mut Reply<'_>) -> u8 {
    let choice = metadata::best_response_type(&Members::new(call, DECIDING));
    reply.put(at::BEST_TYPE, choice.response_type.as_bytes());
    reply.put(at::REASON, choice.reason.as_bytes());
    status::DONE
}
