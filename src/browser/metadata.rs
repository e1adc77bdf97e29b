//! A server's metadata document, as a page gets it: RFC 8414, section 3.2; OpenID Connect Discovery
//! 1.0, section 4.2.

use alloc::string::String;

use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::owned::AuthorizationServer;
use crate::owned::InvalidOption;
use crate::owned::Url;

/// The members that have a meaning for us; all others are ignored (RFC 8414, section 3.2).
#[derive(Deserialize)]
struct Metadata {
    authorization_endpoint: String,
    issuer: Option<String>,
    /// RFC 9207, section 3.
    authorization_response_iss_parameter_supported: Option<bool>,
}

impl AuthorizationServer {
    /// Reads a server's metadata from the object that its JSON document is in JavaScript. An
    /// `issuer` in it, and its promise to send `iss` (RFC 9207), are kept to from then on.
    ///
    /// It must come from the server itself, or from the application's own author: who writes the
    /// document chooses where users sign in. Of a document that was fetched, compare `issuer` with
    /// the identifier that its URL was made of (RFC 8414, section 3.3).
    ///
    /// # Errors
    ///
    /// A member is missing or of the wrong type, or [`AuthorizationServer::new`] refuses the endpoint.
    pub fn from_metadata(document: &JsValue) -> Result<Self, InvalidOption> {
        let metadata: Metadata =
            serde_wasm_bindgen::from_value(document.clone()).map_err(|_| InvalidOption {
                option: "server",
                must: "be an object with the strings authorization_endpoint and, if at all, issuer, and, if at all, the boolean authorization_response_iss_parameter_supported",
            })?;
        let endpoint =
            Url::parse(&metadata.authorization_endpoint).map_err(|wrong| InvalidOption {
                option: "server.authorization_endpoint",
                ..wrong
            })?;
        let mut server = Self::new(endpoint)?;
        let promised = metadata
            .authorization_response_iss_parameter_supported
            .unwrap_or_default();
        match metadata.issuer {
            Some(issuer) => server.set_issuer(issuer, promised),
            None if promised => {
                return Err(InvalidOption {
                    option: "server.issuer",
                    must: "be there when authorization_response_iss_parameter_supported is",
                });
            }
            None => {}
        }
        Ok(server)
    }
}
