//! The parameters of an authorization response: RFC 6749, sections 4.1.2 and 4.2.2.

use crate::syntax::form::parameters;

parameters! {
    /// The response parameters that have a meaning for us, if only that of leaving the URL. The first ones
    /// are those that may stand beside a fragment.
    pub(crate) struct Parameters {
        state,
        iss,
        access_token,
        token_type,
        expires_in,
        error,
        code,
        id_token,
        /// A response as a JWT (JWT Secured Authorization Response Mode).
        response,
        ;
        scope,
        error_description,
        error_uri,
        refresh_token,
        session_state,
    }
}
