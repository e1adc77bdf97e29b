//! Wrong arguments, a row each: the program has to be corrected, not the user's session.

/// Hands the rows to another macro: each is a variant, the option by the name that the crate and the npm
/// package have for it, and what it must be. The numbers of the rows are what the package's module
/// answers, and its small entry knows those of the first group alone; the third one is OpenID Connect's.
macro_rules! options {
    ($use_rows:ident) => {
        $use_rows! {
        AuthorizationEndpoint: "server.authorization_endpoint", "be an absolute https: URL (http: on a loopback host) without fragment, credentials, or a parameter that this package sets";
        IssuerOfPromise: "server.issuer", "be there when authorization_response_iss_parameter_supported is";
        ClientId: "client_id", "be the identifier that the server gave this client, in printable ASCII characters";
        RedirectUri: "redirect_uri", "be an absolute https: URL (http: on a loopback host, or a private-use scheme) without fragment or credentials";
        Scope: "scope", "be scope tokens with single spaces between them, in printable ASCII characters other than \" and \\";
        StateLifetime: "stateLifetime", "be a positive whole number of seconds";
        AssumeTokenType: "assumeTokenType", "be 'Bearer'";
        Resources: "resources", "be absolute https: URLs (http: on a loopback host) without credentials, wildcard, query or fragment";
        Parameters: "parameters", "have names other than response_type, client_id, redirect_uri and state, each once (resource and audience may be lists)";
        ;;
        ParametersForCode: "parameters", "have names other than response_mode, code_challenge and code_challenge_method, which this package sets";
        AuthorizationEndpointForCode: "server.authorization_endpoint", "be without response_mode, code_challenge and code_challenge_method, which this package sets";
        ClientIdAtEndpoints: "client_id", "be the same at the authorization endpoint and at the token endpoint";
        ResponseMode: "response_mode", "be 'query' or 'fragment'";
        TokenEndpoint: "server.token_endpoint", "be an absolute https: URL (http: on a loopback host) without fragment or credentials";
        TokenEndpointForCode: "server.token_endpoint", "be there for the response_type code";
        RevocationEndpoint: "server.revocation_endpoint", "be an absolute https: URL (http: on a loopback host) without fragment or credentials";
        ClientSecret: "client_secret", "be the secret that the server gave this client, in printable ASCII characters";
        ClientSecretForMethod: "client_secret", "be there, or token_endpoint_auth_method be 'none'";
        ClientSecretInPage: "client_secret", "stay out of a page, where everybody who opens it can read it; register a public client, or set allowSecretInBrowser to true if the page's only user is the secret's owner";
        AuthenticationMethod: "token_endpoint_auth_method", "be 'client_secret_basic' or 'client_secret_post' beside a client_secret";
        TokenRequestFormat: "tokenRequestFormat", "be 'form', 'json' or 'query'";
        GrantType: "grant_type", "be a grant type of RFC 6749 or an absolute URI";
        GrantParameters: "parameters", "have names other than grant_type, client_id and client_secret, each once (resource and audience may be lists), and values that are not empty";
        TokenParameters: "tokenParameters", "have names other than grant_type, client_id, client_secret, code, redirect_uri, code_verifier, refresh_token and scope, each once (resource and audience may be lists), and values that are not empty";
        RenewalParameters: "parameters", "have names other than scope, prompt, nonce and those that a login or a token request sets itself, each once (resource and audience may be lists), values that are not empty, and a max_age in whole seconds";
        ClientIdWithColon: "client_id", "be without : where encodeBasicCredentials is false";
        Issuer: "issuer", "be an absolute https: URL (http: on a loopback host) without query, fragment or credentials";
        TokenStore: "tokenStore", "be 'memory', 'session' or 'local'";
        ExpiryMargin: "expiryMargin", "be a whole number of seconds, 0 or more";
        RenewAt: "renewAt", "be a share of a token's life, such as 0.8";
        ResourceHeader: "resources.header", "be a header's name that is free for a credential, such as 'Authorization'";
        ResourceHeaderVia: "resources.header", "be there only where via is 'header'";
        ResourceVia: "resources.via", "be 'header', 'query' or 'body'";
        ResourceViaForPassword: "resources.via", "be 'header' for a user name and password";
        ResourceScheme: "resources.scheme", "be an authentication scheme's name, such as 'OAuth', or null for the bare token";
        ResourceSchemeVia: "resources.scheme", "be there only where via is 'header'";
        ResourceSchemeForPassword: "resources.scheme", "be left out for a user name and password";
        CredentialType: "credential.type", "be 'bearer' or 'basic'";
        CredentialToken: "credential.token", "consist of printable ASCII characters without spaces";
        CredentialUsername: "credential.username", "be without : and control characters";
        CredentialPassword: "credential.password", "be without control characters";
        ;;
        IssuerOfIdToken: "server.issuer", "be there for the scope openid, exactly as the server writes it";
        SignedResponseAlg: "id_token_signed_response_alg", "be RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519 or EdDSA";
        TrustedAudiences: "trustedAudiences", "be texts that are not empty";
        ClockTolerance: "clockTolerance", "be a whole number of seconds, at most 600";
        JwksUri: "server.jwks_uri", "be an absolute https: URL (http: on a loopback host) without fragment or credentials, or server.jwks be there";
        UserinfoEndpoint: "server.userinfo_endpoint", "be an absolute https: URL (http: on a loopback host) without fragment or credentials";
        LoginParameters: "parameters", "have no nonce, no prompt beside none, and a max_age in whole seconds";
        EndSessionEndpoint: "server.end_session_endpoint", "be an absolute https: URL (http: on a loopback host) without fragment or credentials";
        PostLogoutRedirectUri: "post_logout_redirect_uri", "be an absolute https: URL (http: on a loopback host, or a private-use scheme) without fragment or credentials";
        LogoutParameters: "parameters", "have names other than id_token_hint, client_id, post_logout_redirect_uri and state, each once";
        }
    };
}
pub(crate) use options;
