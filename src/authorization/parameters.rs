//! The parameters of an authorization response: RFC 6749, sections 4.1.2 and 4.2.2.

use crate::syntax::form::parameters;

parameters! {
    /// The response parameters that have a meaning for us, if only that of leaving the URL.
    pub(crate) struct Parameters {
        access_token,
        token_type,
        expires_in,
        scope,
        state,
        iss,
        error,
        error_description,
        error_uri,
        code,
        id_token,
        refresh_token,
        /// A response as a JWT (JWT Secured Authorization Response Mode).
        response,
        session_state,
    }
}
