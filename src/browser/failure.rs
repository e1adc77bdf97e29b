//! What a call can fail with where the platform has a word in it.

use core::fmt;

use js_sys::Error as Exception;
use wasm_bindgen::{JsCast, JsValue};

use crate::owned::Error;

/// A call that was refused, or that the platform broke off.
pub enum Failure {
    /// The protocol refused.
    OAuth(Error),
    /// The platform threw: a network failure, an abort, a history that can't be changed. It is the
    /// browser's own exception, whose text may quote a URL.
    Platform(JsValue),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::OAuth(error)
    }
}

impl From<JsValue> for Failure {
    fn from(exception: JsValue) -> Self {
        Self::Platform(exception)
    }
}

/// The exception itself is in [`Failure::Platform`].
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth(error) => error.fmt(f),
            Self::Platform(_) => {
                f.write_str("The browser broke the call off; its own exception says why.")
            }
        }
    }
}

/// Shows the kind of an exception, and not its text.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth(error) => f.debug_tuple("OAuth").field(error).finish(),
            Self::Platform(exception) => match exception.dyn_ref::<Exception>() {
                Some(exception) => write!(f, "Platform({})", exception.name()),
                None => f.write_str("Platform"),
            },
        }
    }
}

impl core::error::Error for Failure {}
