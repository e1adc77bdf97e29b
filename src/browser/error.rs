//! The protocol's errors as the JavaScript errors that callers catch.

use wasm_bindgen::prelude::*;

use crate::error::{Error, InvalidOption};

#[wasm_bindgen(module = "/src/browser/oauth_error.js")]
extern "C" {
    type OAuthError;

    #[wasm_bindgen(constructor)]
    fn new(
        code: &str,
        message: &str,
        error: Option<&str>,
        error_description: Option<&str>,
        error_uri: Option<&str>,
    ) -> OAuthError;
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let said = match &error {
            Error::AuthorizationError(said) => Some(said),
            _ => None,
        };
        OAuthError::new(
            error.code(),
            error.message(),
            said.map(|said| said.error.as_str()),
            said.and_then(|said| said.description.as_deref()),
            said.and_then(|said| said.uri.as_deref()),
        )
        .into()
    }
}

impl From<InvalidOption> for JsValue {
    fn from(invalid: InvalidOption) -> Self {
        js_sys::TypeError::new(&invalid.message()).into()
    }
}
