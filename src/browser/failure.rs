//! What a call can fail with where the platform has a word in it.

use alloc::string::ToString;
use core::fmt;

use js_sys::{Error as Exception, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::owned::{Error, InvalidOption};

/// A call that was refused, or that the platform broke off.
///
/// ```
/// use claviger::browser::Failure;
///
/// fn sentence(failure: &Failure) -> String {
///     match failure.code() {
///         "popup_closed" => String::new(),
///         _ => failure.to_string(),
///     }
/// }
///
/// assert_eq!(sentence(&Failure::PopupClosed), "");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Failure {
    /// The protocol refused.
    OAuth(Error),
    /// A wrong argument: the program has to be corrected, not the user's session.
    Option(InvalidOption),
    /// There is no page: the program runs in a worker, or on a host that only compiles or renders it.
    NoPage,
    /// The call came from within another call of the same client's, such as from a storage that the page
    /// has wrapped. It did nothing.
    FromWithin,
    /// The resource takes its token in the query or in the body, where `fetch` puts none.
    NotInHeader,
    /// The browser allows no window here.
    PopupBlocked,
    /// The popup was closed, or another one took its place.
    PopupClosed,
    /// Nobody is signed in here any more, and the server did not confirm that it revoked the tokens (RFC
    /// 7009, section 2.2).
    RevocationUnconfirmed,
    /// There was no answer with the server's metadata.
    MetadataUnreachable,
    /// There was no answer with the issuer's keys, so no ID token could be verified (OpenID Connect Core
    /// 1.0, section 10.1).
    #[cfg(feature = "sign-in")]
    JwksUnreachable,
    /// The page has no `crypto.subtle` to verify an ID token with.
    #[cfg(feature = "sign-in")]
    CryptoUnavailable,
    /// There was no answer of the UserInfo endpoint's, or there is no such endpoint (OpenID Connect Core
    /// 1.0, section 5.3).
    #[cfg(feature = "sign-in")]
    UserinfoUnreachable,
    /// The server has no endpoint that ends the user's session there (OpenID Connect RP-Initiated Logout
    /// 1.0, section 2).
    #[cfg(feature = "sign-in")]
    EndSessionUnavailable,
    /// The platform threw: a network failure, an abort, a history that can't be changed. It is the
    /// browser's own exception, whose text may quote a URL.
    Platform(JsValue),
}

impl Failure {
    /// The stable name of this kind of failure; that of the npm package where it has the same.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OAuth(error) => error.code(),
            Self::Option(_) => "invalid_option",
            Self::NoPage => "no_page",
            Self::FromWithin => "module_failed",
            Self::NotInHeader => "not_in_header",
            Self::PopupBlocked => "popup_blocked",
            Self::PopupClosed => "popup_closed",
            Self::RevocationUnconfirmed => "revocation_unconfirmed",
            Self::MetadataUnreachable => "metadata_unreachable",
            #[cfg(feature = "sign-in")]
            Self::JwksUnreachable => "jwks_unreachable",
            #[cfg(feature = "sign-in")]
            Self::CryptoUnavailable => "crypto_unavailable",
            #[cfg(feature = "sign-in")]
            Self::UserinfoUnreachable => "userinfo_unreachable",
            #[cfg(feature = "sign-in")]
            Self::EndSessionUnavailable => "end_session_unavailable",
            Self::Platform(_) => "platform",
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::OAuth(error)
    }
}

impl From<InvalidOption> for Failure {
    fn from(wrong: InvalidOption) -> Self {
        Self::Option(wrong)
    }
}

impl From<JsValue> for Failure {
    fn from(exception: JsValue) -> Self {
        Self::Platform(exception)
    }
}

/// An exception for JavaScript: the browser's own, or an `Error` with the sentence and the
/// [`code`](Failure::code). A host has none, and gets `undefined`.
///
/// ```
/// use claviger::browser::BrowserClient;
/// use wasm_bindgen::JsValue;
///
/// # #[allow(dead_code)]
/// async fn start(client: BrowserClient) -> Result<(), JsValue> {
///     client.handle_redirect().await?;
///     Ok(())
/// }
/// ```
impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        if let Failure::Platform(exception) = failure {
            return exception;
        }
        if !cfg!(target_arch = "wasm32") {
            return Self::UNDEFINED;
        }
        let exception = Exception::new(&failure.to_string());
        let code = Self::from_str(failure.code());
        // A new object takes any property.
        let _ = Reflect::set(&exception, &Self::from_str("code"), &code);
        exception.into()
    }
}

/// The exception itself is in [`Failure::Platform`].
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OAuth(error) => return error.fmt(f),
            Self::Option(wrong) => return wrong.fmt(f),
            Self::NoPage => "There is no page here; call this where the program runs in a browser.",
            Self::FromWithin => {
                "The client was called from within one of its own calls, as from a storage that the page has wrapped; call it later."
            }
            Self::NotInHeader => {
                "This resource takes its token in the query or in the body, where fetch puts none; send what attach gives with an HTTP client of your own."
            }
            Self::PopupBlocked => {
                "The browser blocked the window; call login_popup in a click of the user, or use login."
            }
            Self::PopupClosed => {
                "The window was closed, or another one took its place, before the login was finished; sign in again."
            }
            Self::RevocationUnconfirmed => {
                "The tokens were forgotten here, but the server did not confirm that it revoked them; they may stay valid until they expire."
            }
            Self::MetadataUnreachable => {
                "The server's metadata gave no answer that this program may read; if the network works, it is not open to browsers (CORS): check the issuer, or configure the endpoints by hand."
            }
            #[cfg(feature = "sign-in")]
            Self::JwksUnreachable => {
                "The issuer's keys can't be read by this program; if the network works, jwks_uri is not open to browsers (CORS): give the keys by set_jwks, or call trust_token_endpoint."
            }
            #[cfg(feature = "sign-in")]
            Self::CryptoUnavailable => {
                "This page has no crypto.subtle to verify an ID token with; serve it over https: or from a loopback host."
            }
            #[cfg(feature = "sign-in")]
            Self::UserinfoUnreachable => {
                "There is no UserInfo answer that this program may read; check userinfo_endpoint, and that it is open to browsers (CORS)."
            }
            #[cfg(feature = "sign-in")]
            Self::EndSessionUnavailable => {
                "The server's metadata has no end_session_endpoint; call logout, and the user stays signed in at the server."
            }
            Self::Platform(_) => "The browser broke the call off; its own exception says why.",
        })
    }
}

/// Shows the kind of an exception, and not its text.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth(error) => f.debug_tuple("OAuth").field(error).finish(),
            Self::Option(wrong) => f.debug_tuple("Option").field(wrong).finish(),
            Self::Platform(exception) => match exception.dyn_ref::<Exception>() {
                Some(exception) => write!(f, "Platform({})", exception.name()),
                None => f.write_str("Platform"),
            },
            other => f.write_str(other.code()),
        }
    }
}

impl core::error::Error for Failure {}
