/** The server's metadata, as its page and itself know it. */
export const metadata = (origin) => ({
  issuer: `${origin}/`,
  authorization_endpoint: `${origin}/authorize`,
  token_endpoint: `${origin}/oauth/token`,
  end_session_endpoint: `${origin}/logout`,
  jwks_uri: `${origin}/jwks`,
  id_token_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
});
