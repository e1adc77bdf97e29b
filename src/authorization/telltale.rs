//! What makes a URL a response. The build gives it to the facade, too.

/// One of these with a value: RFC 6749, sections 4.1.2, 4.2.2 and 4.2.2.1; OpenID Connect Core 1.0, section 3.2.2.5.
pub(crate) const TELLTALE: &str = "access_token id_token code error";
