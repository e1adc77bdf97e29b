//! What a grant brings: a token at once, or tokens that are still to be asked for or verified.

use alloc::boxed::Box;
use core::future::Future;
use core::pin::Pin;

use super::failure::Failure;
use super::http;
use super::session::Session;
#[cfg(feature = "sign-in")]
use super::verification;
#[cfg(feature = "sign-in")]
use crate::owned::SignIn;
use crate::owned::{Error, Granted, Token, TokenRequest, TokenSet};

/// What a grant begins with.
pub(super) enum Brought {
    Token(Token),
    Wanted(Wanted),
}

/// Tokens that a client has a claim to.
pub(super) enum Wanted {
    Request(Box<TokenRequest>),
    #[cfg(feature = "sign-in")]
    SignIn(Box<SignIn>),
}

pub(super) fn brought(granted: Granted) -> Brought {
    match granted {
        Granted::Token(token) => Brought::Token(token),
        Granted::Code(request) => Brought::Wanted(Wanted::Request(request)),
        #[cfg(feature = "sign-in")]
        Granted::SignIn(sign_in) => Brought::Wanted(Wanted::SignIn(sign_in)),
    }
}

impl From<TokenRequest> for Wanted {
    fn from(request: TokenRequest) -> Self {
        Self::Request(Box::new(request))
    }
}

#[cfg(feature = "sign-in")]
impl From<Box<SignIn>> for Wanted {
    fn from(sign_in: Box<SignIn>) -> Self {
        Self::SignIn(sign_in)
    }
}

type Obtaining = Pin<Box<dyn Future<Output = Result<Result<TokenSet, Error>, Failure>>>>;

impl Wanted {
    /// The same for the user of a session alone, where it says who that is.
    #[cfg(feature = "sign-in")]
    pub(super) fn of_session(self, session: Option<&TokenSet>) -> Self {
        match (self, session) {
            (Self::SignIn(sign_in), Some(set)) => Self::SignIn(Box::new(sign_in.of_session(set))),
            (wanted, _) => wanted,
        }
    }

    #[cfg(not(feature = "sign-in"))]
    pub(super) fn of_session(self, _: Option<&TokenSet>) -> Self {
        self
    }
}

impl Session {
    /// Obtains tokens: the request goes out at once, and whoever drops the future breaks it off. Inside is
    /// what the server answered, outside what was refused here.
    #[cfg_attr(
        not(feature = "sign-in"),
        allow(clippy::unused_self, reason = "others have the keys of an issuer")
    )]
    pub(super) fn obtain(&self, wanted: Wanted, timeout_ms: i32) -> Obtaining {
        match wanted {
            Wanted::Request(request) => {
                let answer = http::request_token(*request, timeout_ms);
                Box::pin(async { Ok(answer.await) })
            }
            #[cfg(feature = "sign-in")]
            Wanted::SignIn(sign_in) => Box::pin(verification::obtain(
                self.keys.clone(),
                *sign_in,
                timeout_ms,
            )),
        }
    }
}
