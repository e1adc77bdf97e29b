// The cases of tests/vectors/id_tokens.json, and what the package is asked for each.

/** The cases, each with what it leaves to the defaults. */
export function read(text) {
  const { defaults, jwks, cases } = JSON.parse(text);
  return cases.map((given) => {
    const whole = { ...defaults, ...given };
    return { ...whole, jwks: typeof whole.jwks === 'string' ? jwks[whole.jwks] : whole.jwks };
  });
}

/** The options of `verifyIdToken` for a case. */
export function optionsOfIdToken(given) {
  const { issuer, jwks, id_token_signing_alg_values_supported: algorithms, response_type, previous } = given;
  const options = {
    server: { issuer, jwks, ...(algorithms && { id_token_signing_alg_values_supported: algorithms }) },
    client_id: given.client_id,
    response_type: response_type === 'refresh' ? 'code' : response_type,
    nonce: given.nonce,
    clockTolerance: given.clock_tolerance,
    id_token_signed_response_alg: given.id_token_signed_response_alg,
    trustedAudiences: given.trusted_audiences,
    access_token: given.access_token,
    code: given.authorization_code,
    state: given.state,
    max_age: given.max_age,
    requiredAcr: given.required_acr,
    previous,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
