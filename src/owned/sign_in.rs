//! A sign-in with OpenID Connect: what a response brought, or a renewal, on its way to a verified ID
//! token. OpenID Connect Core 1.0, sections 3.1.3.3, 3.2.2.5 and 12.2.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt;

use super::error::Error;
use super::id_token::{IdToken, UnverifiedIdToken};
use super::relying_party::{ExpectedIdToken, Place, RelyingParty};
use super::room::{owned, with_room};
use super::token::{Token, TokenSet};
use super::token_endpoint::{HttpRequest, HttpResponse, TokenRequest};
use crate::openid::key_set::check_answer;
use crate::syntax::json::Document as _;

/// A subject that no ID token has.
const NOBODY: &str = "\u{0}";

/// What a client got that asks for ID tokens: a code, as the request that exchanges it; or an ID token
/// itself, perhaps with a token. Nothing of it is shown before it is verified.
///
/// ```
/// # fn send(request: &claviger::HttpRequest) -> claviger::HttpResponse { unimplemented!() }
/// use claviger::{Error, Received, SignIn, TokenSet};
///
/// /// `keys` are the issuer's, as JSON text; `now` is in seconds since 1970.
/// fn signed_in(sign_in: SignIn, keys: &str, now: u64) -> Result<TokenSet, Error> {
///     let answer = sign_in.http().map(send);
///     match sign_in.finish(answer.as_ref(), now)? {
///         Received::Unchanged(set) => Ok(set),
///         Received::Unverified(unverified) => {
///             let check = unverified.id_token().clone().check(keys)?;
/// #           #[cfg(feature = "verify")]
///             let id_token = check.verified(&check.run())?;
/// #           #[cfg(not(feature = "verify"))]
/// #           let id_token = check.verified(&claviger::CheckOutcome::default())?;
///             unverified.verified(&id_token)
///         }
///     }
/// }
/// ```
#[derive(Clone)]
pub struct SignIn {
    party: RelyingParty,
    /// What the login kept of what it asked for.
    asked: String,
    came: Came,
    /// A refresh of the session, and not another login.
    is_renewal: bool,
    /// The user of the session that it renews; empty where anybody may sign in.
    subject: String,
}

#[derive(Clone)]
enum Came {
    Code(Box<TokenRequest>),
    IdToken(String, Option<Token>),
}

/// What a sign-in comes to before its ID token is verified.
#[derive(Debug)]
pub enum Received {
    /// With an ID token that is to be verified.
    Unverified(Box<UnverifiedTokenSet>),
    /// A renewal without a new ID token, which leaves the session's as it is (section 12.2).
    Unchanged(TokenSet),
}

/// Tokens that count once their ID token is verified.
#[derive(Clone)]
pub struct UnverifiedTokenSet {
    set: TokenSet,
    id_token: UnverifiedIdToken,
    text: String,
}

impl SignIn {
    pub(super) fn by_request(party: &RelyingParty, asked: String, request: TokenRequest) -> Self {
        Self::new(party, asked, Came::Code(Box::new(request)))
    }

    pub(super) fn in_redirect(
        party: &RelyingParty,
        asked: String,
        id_token: String,
        token: Option<Token>,
    ) -> Self {
        Self::new(party, asked, Came::IdToken(id_token, token))
    }

    fn new(party: &RelyingParty, asked: String, came: Came) -> Self {
        Self {
            party: party.clone(),
            asked,
            came,
            is_renewal: false,
            subject: String::new(),
        }
    }

    /// The same as the refresh of a session that has this ID token, or an empty text.
    pub(super) fn refreshing(self, previous: &str) -> Self {
        Self {
            is_renewal: true,
            subject: subject(&self.party, previous),
            ..self
        }
    }

    /// The same for the user of a session alone: what a login without its user, as in a hidden frame,
    /// brings of somebody else is refused.
    #[must_use]
    pub fn of_session(self, session: &TokenSet) -> Self {
        Self {
            subject: subject(&self.party, session.id_token_text().unwrap_or_default()),
            ..self
        }
    }

    /// Whether its ID token is verified with the issuer's keys, see [`UnverifiedIdToken::needs_keys`]; they
    /// can be asked for beside [the request](Self::http) then.
    #[must_use]
    pub fn needs_keys(&self) -> bool {
        !(self.http().is_some() && self.party.trusts_token_endpoint())
    }

    /// The request to send; `None` where all has come already.
    #[must_use]
    pub fn http(&self) -> Option<&HttpRequest> {
        match &self.came {
            Came::Code(request) => Some(request.http()),
            Came::IdToken(..) => None,
        }
    }

    /// Takes the answer to its request, where it has one, and makes every check that needs no key. `now` is
    /// in seconds since 1970.
    ///
    /// # Errors
    ///
    /// [`Error::TokenEndpointUnreachable`]: there is a request, and no answer. Those of
    /// [`TokenRequest::finish`] and of [`RelyingParty::read`].
    pub fn finish(self, answer: Option<&HttpResponse>, now: u64) -> Result<Received, Error> {
        self.answered(answer, now)?
    }

    /// The same, where it matters who has refused: outside, the server; inside, the checks.
    pub(crate) fn answered(
        self,
        answer: Option<&HttpResponse>,
        now: u64,
    ) -> Result<Result<Received, Error>, Error> {
        let Self {
            party,
            asked,
            came,
            is_renewal,
            subject,
        } = self;
        let read = |set: TokenSet, text: &str, place: Place| {
            let expected = ExpectedIdToken::of_kept(&asked, is_renewal)?.with_subject(&subject);
            let expected = expected.beside(set.token.access_token(), place);
            let id_token = party.read(text, &expected, now)?;
            Ok(Received::Unverified(Box::new(UnverifiedTokenSet {
                set,
                id_token,
                text: text.into(),
            })))
        };
        match came {
            Came::Code(request) => {
                let answer = answer.ok_or(Error::TokenEndpointUnreachable)?;
                let set = request.finish(answer, now)?;
                Ok(match id_token_in(answer) {
                    Ok(text) if is_renewal && text.is_empty() => Ok(Received::Unchanged(set)),
                    Ok(text) => read(set, &text, Place::TokenEndpoint),
                    Err(error) => Err(error),
                })
            }
            Came::IdToken(text, token) => {
                let set = token.map_or_else(|| TokenSet::without_token(now), TokenSet::from);
                Ok(read(set, &text, Place::Redirect))
            }
        }
    }
}

/// The user of an ID token that was verified when it came; empty where there is none. One that is no longer
/// this client's can be nobody's.
fn subject(party: &RelyingParty, id_token: &str) -> String {
    if id_token.is_empty() {
        return String::new();
    }
    let known = party.read_again(id_token);
    known.map_or_else(|| NOBODY.into(), |known| known.subject().into())
}

/// The ID token that a token endpoint gave; empty where there is none.
fn id_token_in(answer: &HttpResponse) -> Result<String, Error> {
    let document = answer.0.document().ok_or(Error::InvalidTokenResponse)?;
    let text = document.text("id_token");
    text.map(owned).map_err(|_| Error::IdTokenMalformed)
}

impl UnverifiedTokenSet {
    /// The ID token, to be checked with the issuer's keys.
    #[must_use]
    pub fn id_token(&self) -> &UnverifiedIdToken {
        &self.id_token
    }

    /// The tokens, with the verified ID token.
    ///
    /// # Errors
    ///
    /// [`Error::NonceMismatch`]: that is another one.
    pub fn verified(self, id_token: &IdToken) -> Result<TokenSet, Error> {
        if id_token.as_str() != self.text {
            return Err(Error::NonceMismatch);
        }
        Ok(self.set.with_id_token(id_token))
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("http", &self.http())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for UnverifiedTokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedTokenSet").finish_non_exhaustive()
    }
}

/// Reads the answer to a request for an issuer's keys (RFC 7517, section 5): at most 256 KiB and 64 keys.
/// `content_type` is the value of the header, empty where there is none.
///
/// ```
/// let keys = claviger::read_key_set(200, "application/jwk-set+json", br#"{"keys":[]}"#);
/// assert_eq!(keys.unwrap(), r#"{"keys":[]}"#);
/// ```
///
/// # Errors
///
/// [`Error::InvalidJwks`]: it is no key set.
pub fn read_key_set(status: u16, content_type: &str, body: &[u8]) -> Result<String, Error> {
    with_room(&(content_type, body), |(content_type, body), arena| {
        check_answer(status.into(), content_type.as_bytes(), body, arena)?;
        Ok(owned(body))
    })
}
