//! A program that signs in, for every framework: what it shows, and what its buttons do.

#[cfg(feature = "sign-in")]
mod signed_in;
#[cfg(not(feature = "sign-in"))]
mod signed_out;

#[cfg(feature = "sign-in")]
pub use signed_in::Session;
#[cfg(not(feature = "sign-in"))]
pub use signed_out::Session;

use js_sys::futures::JsFuture;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Request, Response, window};

/// The buttons: the id and the words of each.
pub const BUTTONS: [(&str, &str); 5] = [
    ("sign-in", "Sign in"),
    ("call", "Show me again"),
    ("renew", "Renew"),
    ("sign-out", "Sign out"),
    ("revoke", "Sign out, and revoke"),
];

/// What the program shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// Of a failure.
    pub code: String,
}

impl Shown {
    pub fn text(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            code: String::new(),
        }
    }
}

/// What is known of the registration.
#[derive(Clone, Deserialize)]
pub struct Registered {
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub revocation_endpoint: String,
    pub client_id: String,
    pub redirect_uri: String,
    pub api: String,
    /// How the API takes its token: in the header, unless it says `query` or `body`.
    #[serde(default)]
    pub via: String,
    #[serde(default)]
    pub auto_renew: bool,
    /// The session outlives the page, and all tabs share it.
    #[serde(default)]
    pub token_store: String,
}

/// Asks the page's server.
///
/// # Errors
///
/// The browser's exception.
pub async fn registered() -> Result<Registered, JsValue> {
    let window = window().ok_or(JsValue::UNDEFINED)?;
    let request = Request::new_with_str("/config.json")?;
    let response = JsFuture::from(window.fetch_with_request(&request)).await?;
    let response: Response = response.dyn_into()?;
    let config = JsFuture::from(response.json()?).await?;
    Ok(serde_wasm_bindgen::from_value(config)?)
}
