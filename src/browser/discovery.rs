//! A server's metadata: RFC 8414; OpenID Connect Discovery 1.0.

use super::failure::Failure;
use super::http;
use super::page;
use super::time_limits::REQUEST_TIMEOUT_MS;
use crate::owned::{Metadata, Url};

/// Asks a server for its metadata. `issuer` is its identifier to the letter: the document has to name the
/// same (RFC 8414, section 3.3).
///
/// # Errors
///
/// [`Failure::Option`]: the issuer is no URL that can be one. [`Failure::MetadataUnreachable`]: neither
/// place gave an answer that this program may read. [`crate::Error::InvalidMetadata`] and
/// [`crate::Error::MetadataOfAnotherIssuer`] of the first document that came. [`Failure::NoPage`].
pub async fn discover(issuer: &str) -> Result<Metadata, Failure> {
    page::window().ok_or(Failure::NoPage)?;
    let mut failure = Failure::MetadataUnreachable;
    for url in Metadata::urls(&Url::parse(issuer)?)? {
        let Some(answer) = http::get(&url, REQUEST_TIMEOUT_MS).await else {
            continue;
        };
        match Metadata::read(issuer, &answer) {
            Ok(metadata) => return Ok(metadata),
            Err(error) if matches!(failure, Failure::MetadataUnreachable) => {
                failure = error.into();
            }
            Err(_) => {}
        }
    }
    Err(failure)
}
