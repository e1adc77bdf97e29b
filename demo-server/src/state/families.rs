//! What a consent gives by way of a code: the code (RFC 6749, 4.1.2), and then one refresh token
//! after another (6). Together they are a family, and only its newest member is good: an older
//! one has been copied, so it ends the family (RFC 6749, 10.5; RFC 9700, 4.14.2).

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::state::accounts::Account;
use crate::state::authentication::Authentication;
use crate::state::clients::Client;
use crate::state::pkce::Challenge;
use crate::state::random;
use crate::state::scopes::Scope;

const CODE_LIFETIME: Duration = Duration::from_secs(60);
/// From each use to the next.
const REFRESH_TOKEN_LIFETIME: Duration = Duration::from_secs(8 * 3600);
/// The same in words.
pub const LIFETIME_WORDS: &str = "while it is in use and 8 hours longer";

pub struct Family {
    pub id: String,
    pub account: &'static Account,
    pub scopes: Vec<Scope>,
    /// For the ID tokens of those that asked for `openid`.
    pub authentication: Authentication,
    client: &'static Client,
    newest: Newest,
    secret: String,
    expires: Instant,
}

/// What a code is bound to; a refresh token is bound to its client alone.
pub struct CodeBinding {
    pub redirect_uri: String,
    pub challenge: Challenge,
}

enum Newest {
    Code(CodeBinding),
    RefreshToken,
}

/// What a client presents.
pub enum Presented<'a> {
    Code {
        code: &'a str,
        redirect_uri: &'a str,
        verifier: &'a str,
    },
    RefreshToken(&'a str),
}

/// No longer good, or never was; with the family that has ended for it.
pub struct Refused {
    pub ended: Option<String>,
}

/// A code or a refresh token is its family's name, a dot, and a secret of its own: so an old one
/// is told from an unknown one, and none has to be kept.
#[derive(Default)]
pub struct Families(HashMap<String, Family>);

impl Families {
    /// A new family, of which this is the code.
    pub fn begin(
        &mut self,
        client: &'static Client,
        account: &'static Account,
        scopes: Vec<Scope>,
        authentication: Authentication,
        binding: CodeBinding,
    ) -> Result<String, getrandom::Error> {
        let now = Instant::now();
        self.0.retain(|_, family| family.expires > now);
        let family = Family {
            id: random::secret()?,
            account,
            scopes,
            authentication,
            client,
            newest: Newest::Code(binding),
            secret: random::secret()?,
            expires: now + CODE_LIFETIME,
        };
        let code = family.credential();
        self.0.insert(family.id.clone(), family);
        Ok(code)
    }

    /// The family of what is presented. A code or refresh token that is presented too late, or not
    /// as its client would, may be in other hands: it ends the family.
    pub fn accept(
        &mut self,
        client: &Client,
        presented: &Presented,
    ) -> Result<&mut Family, Refused> {
        let (Presented::Code { code: text, .. } | Presented::RefreshToken(text)) = presented;
        let (id, secret) = text.split_once('.').unwrap_or_default();
        let good = self.0.get(id).is_some_and(|family| {
            family.client == client
                && random::same(&family.secret, secret)
                && family.expires > Instant::now()
                && family.newest.is(presented)
        });
        if !good {
            let ended = self.0.remove(id).map(|family| family.id);
            return Err(Refused { ended });
        }
        self.0.get_mut(id).ok_or(Refused { ended: None })
    }

    /// The client that a code or refresh token was given to, be it new or old.
    pub fn client(&self, credential: &str) -> Option<&'static Client> {
        let (id, _) = credential.split_once('.')?;
        self.0.get(id).map(|family| family.client)
    }

    /// Ends the family of a code or refresh token, be it new or old, and tells its name.
    pub fn end(&mut self, credential: &str) -> Option<String> {
        let (id, _) = credential.split_once('.')?;
        self.0.remove(id).map(|family| family.id)
    }
}

impl Family {
    /// The next refresh token, instead of what was good until now.
    pub fn renew(&mut self) -> Result<String, getrandom::Error> {
        self.secret = random::secret()?;
        // A renewed ID token answers no request of the person's (OpenID Connect Core 1.0, 12.2).
        self.authentication.nonce = None;
        self.newest = Newest::RefreshToken;
        self.expires = Instant::now() + REFRESH_TOKEN_LIFETIME;
        Ok(self.credential())
    }

    fn credential(&self) -> String {
        format!("{}.{}", self.id, self.secret)
    }
}

impl Newest {
    fn is(&self, presented: &Presented) -> bool {
        match (self, presented) {
            (
                Self::Code(binding),
                Presented::Code {
                    redirect_uri,
                    verifier,
                    ..
                },
            ) => binding.redirect_uri == *redirect_uri && binding.challenge.is_met_by(verifier),
            (Self::RefreshToken, Presented::RefreshToken(_)) => true,
            _ => false,
        }
    }
}
