//! The verification of ID tokens in a page: OpenID Connect Core 1.0, section 3.1.3.7.

use core::future::Future;

use super::failure::Failure;
use super::http;
use super::issuers_keys::IssuersKeys;
use super::page;
use super::web_crypto;
use crate::owned::{Error, IdToken, Received, SignIn, TokenSet, UnverifiedIdToken};

/// Obtains tokens, and verifies the ID token among them. Its keys are asked for beside them, so that nobody
/// waits for these alone.
pub(super) fn obtain(
    keys: IssuersKeys,
    sign_in: SignIn,
    timeout_ms: i32,
) -> impl Future<Output = Result<Result<TokenSet, Error>, Failure>> + use<> {
    if sign_in.needs_keys() {
        keys.prepare();
    }
    let sent = sign_in
        .http()
        .map(|request| http::send(request, timeout_ms));
    async move {
        let answer = match sent {
            Some(sent) => sent.await,
            None => None,
        };
        let received = match sign_in.answered(answer.as_ref(), page::now()) {
            Ok(received) => received?,
            Err(error) => return Ok(Err(error)),
        };
        Ok(Ok(match received {
            Received::Unchanged(tokens) => tokens,
            Received::Unverified(unverified) => {
                let id_token = verify(unverified.id_token(), &keys).await?;
                unverified.verified(&id_token)?
            }
        }))
    }
}

async fn verify(id_token: &UnverifiedIdToken, keys: &IssuersKeys) -> Result<IdToken, Failure> {
    if !id_token.needs_keys() {
        return attempt(id_token, "").await?.map_err(Into::into);
    }
    let mut known = keys.get().await?;
    loop {
        let error = match attempt(id_token, &known).await? {
            Ok(id_token) => return Ok(id_token),
            Err(error) => error,
        };
        let is_rotated = id_token.may_refetch(&error, keys.refetched_at(), page::now());
        // Another login may have asked for them again meanwhile.
        let newer = if is_rotated {
            keys.refetch().await?
        } else {
            keys.get().await?
        };
        if newer == known {
            return Err(error.into());
        }
        known = newer;
    }
}

/// Outside is what the platform has against it.
async fn attempt(
    id_token: &UnverifiedIdToken,
    key_set: &str,
) -> Result<Result<IdToken, Error>, Failure> {
    let check = match id_token.clone().check(key_set) {
        Ok(check) => check,
        Err(error) => return Ok(Err(error)),
    };
    let outcome = web_crypto::run(&check).await?;
    Ok(check.verified(&outcome))
}
