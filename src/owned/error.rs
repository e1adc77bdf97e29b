//! What can go wrong, each with a code that never changes and one sentence that says what to do.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

use super::room::{if_any, owned};
use crate::error::{self as core_error, Invalid, Refusal, errors};

/// Of a row's variant with `said`: what the server said, as data.
macro_rules! payload {
    (said) => {
        Box<ServerError>
    };
}

macro_rules! variants {
    ($($(#[$about:meta])+ $Variant:ident $($said:ident)?: $code:literal, $message:literal;)+
     ;; $($(#[$further_about:meta])+ $Further:ident $($further_said:ident)?: $further_code:literal, $further_message:literal;)+
     ;; $($(#[$openid_about:meta])+ $OpenId:ident: $openid_code:literal, $openid_message:literal;)+) => {
        variants! {
            $($(#[$about])+ $Variant $($said)?: $code, $message;)+
            $($(#[$further_about])+ $Further $($further_said)?: $further_code, $further_message;)+
            $($(#[$openid_about])+ $OpenId: $openid_code, $openid_message;)+
        }
    };
    ($($(#[$about:meta])+ $Variant:ident $($said:ident)?: $code:literal, $message:literal;)+) => {
        /// A login, a response or a call that was refused.
        ///
        /// The sentences quote nothing from outside: no URL, no state, no token, no word of the server's.
        /// What the server said stands in [`Error::AuthorizationError`], as data.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Error { $($(#[$about])+ $Variant $((payload!($said)))?,)+ }

        impl Error {
            /// The row of this kind of failure.
            fn kind(&self) -> core_error::Error {
                match self { $(variants!(@pattern $Variant $($said)?) => core_error::Error::$Variant,)+ }
            }

            /// The stable name of this kind of failure.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self.kind() { $(core_error::Error::$Variant => $code,)+ }
            }

            /// One sentence: what happened, and what to do.
            #[must_use]
            pub fn message(&self) -> &'static str {
                match self.kind() { $(core_error::Error::$Variant => $message,)+ }
            }

            /// The failure of the core, with what the server said beside it.
            pub(super) fn new(error: core_error::Error, said: Option<Refusal<'_>>) -> Self {
                let said = || Box::new(ServerError::of(&said.unwrap_or_default()));
                match error { $(core_error::Error::$Variant => variants!(@value said $Variant $($said)?),)+ }
            }
        }
    };
    (@pattern $Variant:ident) => { Self::$Variant };
    (@pattern $Variant:ident said) => { Self::$Variant(_) };
    (@value $make:ident $Variant:ident) => { Self::$Variant };
    (@value $make:ident $Variant:ident said) => { Self::$Variant($make()) };
}
errors!(variants);

impl Error {
    /// What the server said of its refusal, where it refused.
    #[must_use]
    pub fn server(&self) -> Option<&ServerError> {
        match self {
            Self::AuthorizationError(said)
            | Self::TokenError(said)
            | Self::InteractionRequired(said)
            | Self::UserUnknown(said)
            | Self::ConsentRequired(said) => Some(said),
            _ => None,
        }
    }

    /// The same, with the status of the answer that said it.
    pub(super) fn with_status(mut self, status: u16) -> Self {
        if let Self::TokenError(said) = &mut self {
            said.status = Some(status);
        }
        self
    }

    /// The failure as the core knows it.
    pub(super) fn to_core(&self) -> core_error::Error {
        self.kind()
    }
}

impl From<core_error::Error> for Error {
    fn from(error: core_error::Error) -> Self {
        Self::new(error, None)
    }
}

/// The server's own words, as they came: inert text, never to be shown as HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerError {
    /// The error code (RFC 6749, section 4.2.2.1).
    pub error: String,
    /// For the client's developer; at most 1,024 characters.
    pub description: Option<String>,
    /// A page about the error: always `http:` or `https:`.
    pub uri: Option<String>,
    /// The HTTP status of a token endpoint's refusal; `None` of an authorization endpoint's, which comes in
    /// a redirect.
    pub status: Option<u16>,
}

impl ServerError {
    fn of(refusal: &Refusal<'_>) -> Self {
        Self {
            error: owned(refusal.error),
            description: if_any(refusal.description),
            uri: if_any(refusal.uri),
            status: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for Error {}

/// A wrong argument: the program has to be corrected, not the user's session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidOption {
    /// The option, as [`crate::Client`] and the npm package call it.
    pub option: &'static str,
    /// What it must be.
    pub must: &'static str,
}

impl InvalidOption {
    /// The option's name and what it must be, as one sentence.
    #[must_use]
    pub fn message(&self) -> String {
        format!("{self}")
    }
}

impl From<Invalid> for InvalidOption {
    fn from(invalid: Invalid) -> Self {
        let (option, must) = invalid.words();
        Self { option, must }
    }
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must {}.", self.option, self.must)
    }
}

impl core::error::Error for InvalidOption {}
