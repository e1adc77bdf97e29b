//! The client as a relying party: OpenID Connect Core 1.0, sections 2 and 3.1.2.1.

use alloc::string::{String, ToString};
use core::fmt;

#[cfg(feature = "sign-in")]
use super::error::Error;
use super::error::InvalidOption;
use super::provider::Provider;
use super::room::owned;
#[cfg(feature = "sign-in")]
use super::room::with_room;
use crate::error::Invalid;
use crate::openid::relying_party::{self as core_party, Beside, CLOCK_TOLERANCE_SECONDS};
#[cfg(feature = "sign-in")]
use crate::openid::request::Asked;
use crate::syntax::secret::base64url;

/// A client at an OpenID provider: what all of its ID tokens have to fit.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    issuer: String,
    client_id: String,
    registered_algorithm: String,
    pub(super) supported_algorithms: Option<String>,
    /// Each in a line.
    trusted_audiences: String,
    clock_tolerance: u64,
    pub(super) provider: Provider,
}

impl RelyingParty {
    /// `issuer` is the provider's identifier, to the letter.
    ///
    /// # Errors
    ///
    /// The issuer is empty.
    pub fn new(issuer: String, client_id: String) -> Result<Self, InvalidOption> {
        let party = Self {
            issuer,
            client_id,
            registered_algorithm: String::new(),
            supported_algorithms: None,
            trusted_audiences: String::new(),
            clock_tolerance: CLOCK_TOLERANCE_SECONDS,
            provider: Provider::default(),
        };
        party.as_core().check()?;
        Ok(party)
    }

    /// The algorithm that the client is registered with (`id_token_signed_response_alg`): no other one is
    /// taken then.
    ///
    /// # Errors
    ///
    /// It is none of RS, PS and ES with 256, 384 or 512, Ed25519, and `EdDSA`.
    pub fn set_algorithm(&mut self, algorithm: &str) -> Result<(), InvalidOption> {
        let party = Self {
            registered_algorithm: algorithm.into(),
            ..self.clone()
        };
        if algorithm.is_empty() {
            return Err(Invalid::SignedResponseAlg.into());
        }
        self.replace_by(party)
    }

    /// An audience that an ID token may have beside the client.
    ///
    /// # Errors
    ///
    /// The text is empty or has several lines.
    pub fn trust_audience(&mut self, audience: &str) -> Result<(), InvalidOption> {
        if audience.is_empty() || audience.contains('\n') {
            return Err(Invalid::TrustedAudiences.into());
        }
        if !self.trusted_audiences.is_empty() {
            self.trusted_audiences.push('\n');
        }
        self.trusted_audiences.push_str(audience);
        Ok(())
    }

    /// Seconds by which this clock may differ from the provider's; 300 by default.
    ///
    /// # Errors
    ///
    /// It is more than 600.
    pub fn set_clock_tolerance(&mut self, seconds: u64) -> Result<(), InvalidOption> {
        let party = Self {
            clock_tolerance: seconds,
            ..self.clone()
        };
        self.replace_by(party)
    }

    #[cfg(feature = "sign-in")]
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    #[cfg(feature = "sign-in")]
    pub(crate) fn client_id(&self) -> &str {
        &self.client_id
    }

    fn replace_by(&mut self, party: Self) -> Result<(), InvalidOption> {
        party.as_core().check()?;
        *self = party;
        Ok(())
    }

    pub(super) fn as_core(&self) -> core_party::RelyingParty<'_> {
        core_party::RelyingParty {
            issuer: self.issuer.as_bytes(),
            client_id: self.client_id.as_bytes(),
            registered_algorithm: self.registered_algorithm.as_bytes(),
            supported_algorithms: self.supported_algorithms.as_deref().map(str::as_bytes),
            trusted_audiences: self.trusted_audiences.as_bytes(),
            clock_tolerance: self.clock_tolerance,
        }
    }
}

/// The `nonce` of one login: 256 random bits that its request sends, and that its ID token has to have.
///
/// Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Nonce(String);

impl Nonce {
    /// Of 32 bytes from a random source that is fit for secrets. They are for this alone: a nonce that was
    /// derived from the state would be as public as that.
    #[must_use]
    pub fn new(random: &[u8; 32]) -> Self {
        Self(owned(&base64url(random)))
    }

    /// One that was kept.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self(text.to_string())
    }

    /// The value as it travels, for the request's parameter `nonce`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce([redacted])")
    }
}

/// Where an ID token came.
#[cfg(feature = "sign-in")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    TokenEndpoint,
    Redirect,
}

/// What one ID token has to fit: what its login, or its renewal, asked for.
///
/// Its `Debug` shows no secret.
#[derive(Clone)]
pub struct ExpectedIdToken {
    nonce: Nonce,
    /// A renewal's may have no nonce (section 12.2).
    is_renewal: bool,
    subject: String,
    max_age: Option<u64>,
    required_acr: String,
    access_token: String,
    is_in_redirect: bool,
    /// The token endpoint gave it, whose TLS says who wrote it.
    pub(super) is_from_token_endpoint: bool,
    code: String,
    state: String,
}

impl ExpectedIdToken {
    /// The ID token of a login with this nonce.
    #[must_use]
    pub fn of_login(nonce: Nonce) -> Self {
        Self {
            nonce,
            is_renewal: false,
            subject: String::new(),
            max_age: None,
            required_acr: String::new(),
            access_token: String::new(),
            is_in_redirect: false,
            is_from_token_endpoint: false,
            code: String::new(),
            state: String::new(),
        }
    }

    /// One that a refresh brought: of the user of the session, and with the nonce of its login or none.
    #[must_use]
    pub fn of_renewal(nonce: Nonce, subject: &str) -> Self {
        Self {
            is_renewal: true,
            subject: subject.into(),
            ..Self::of_login(nonce)
        }
    }

    /// What a login kept of what it asked for, with its nonce; `is_renewal` where a refresh of its session
    /// brought this one.
    #[cfg(feature = "sign-in")]
    pub(super) fn of_kept(parameters: &str, is_renewal: bool) -> Result<Self, Error> {
        with_room(parameters, |parameters, arena| {
            let asked = Asked::parse(parameters.as_bytes(), arena)?;
            Ok::<_, Error>(Self {
                is_renewal,
                max_age: asked.max_age,
                required_acr: owned(asked.required_acr),
                ..Self::of_login(Nonce(owned(asked.nonce)))
            })
        })
    }

    /// The access token that came beside it there; empty where it came alone.
    #[cfg(feature = "sign-in")]
    pub(super) fn beside(self, access_token: &str, place: Place) -> Self {
        let is_in_redirect = place == Place::Redirect;
        Self {
            access_token: access_token.into(),
            is_in_redirect,
            is_from_token_endpoint: !is_in_redirect,
            ..self
        }
    }

    /// The user, where the login was for one who is known.
    #[must_use]
    pub fn with_subject(self, subject: &str) -> Self {
        Self {
            subject: subject.into(),
            ..self
        }
    }

    /// The request's `max_age`: seconds since the user signed in.
    #[must_use]
    pub fn with_max_age(self, seconds: u64) -> Self {
        Self {
            max_age: Some(seconds),
            ..self
        }
    }

    /// Authentication contexts of which one is demanded (section 5.5.1.1), with single spaces between them.
    #[must_use]
    pub fn with_required_acr(self, values: &str) -> Self {
        Self {
            required_acr: values.into(),
            ..self
        }
    }

    /// The access token that the token endpoint gave beside the ID token: an `at_hash` is its hash.
    #[must_use]
    pub fn beside_access_token(self, access_token: &str) -> Self {
        Self {
            access_token: access_token.into(),
            is_in_redirect: false,
            ..self
        }
    }

    /// The access token that came in the redirect beside the ID token, which must have its `at_hash`
    /// (section 3.2.2.10).
    #[must_use]
    pub fn beside_access_token_in_redirect(self, access_token: &str) -> Self {
        Self {
            access_token: access_token.into(),
            is_in_redirect: true,
            ..self
        }
    }

    /// The code that came beside the ID token, which must have its `c_hash` (section 3.3.2.11).
    #[must_use]
    pub fn beside_code(self, code: &str) -> Self {
        Self {
            code: code.into(),
            ..self
        }
    }

    /// The state that came beside the ID token: an `s_hash` is its hash (FAPI 1.0 Advanced, section 5.2.2.1).
    #[must_use]
    pub fn beside_state(self, state: &str) -> Self {
        Self {
            state: state.into(),
            ..self
        }
    }

    pub(super) fn as_core(&self) -> core_party::Expected<'_> {
        let nonce = self.nonce.as_str().as_bytes();
        core_party::Expected {
            nonce: if self.is_renewal {
                core_party::Nonce::OfSession(nonce)
            } else {
                core_party::Nonce::Sent(nonce)
            },
            max_age: self.max_age,
            required_acr: self.required_acr.as_bytes(),
            subject: self.subject.as_bytes(),
            beside: Beside {
                access_token: self.access_token.as_bytes(),
                is_in_redirect: self.is_in_redirect,
                code: self.code.as_bytes(),
                state: self.state.as_bytes(),
            },
        }
    }
}

impl fmt::Debug for ExpectedIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExpectedIdToken")
            .field("nonce", &self.nonce)
            .field("max_age", &self.max_age)
            .field("required_acr", &self.required_acr)
            .finish_non_exhaustive()
    }
}
