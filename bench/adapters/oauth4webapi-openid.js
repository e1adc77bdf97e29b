import {
  allowInsecureRequests, authorizationCodeGrantRequest, calculatePKCECodeChallenge, generateRandomCodeVerifier,
  generateRandomNonce, generateRandomState, getValidatedIdTokenClaims, None, processAuthorizationCodeResponse,
  protectedResourceRequest, validateApplicationLevelSignature, validateAuthResponse,
} from 'oauth4webapi';

export const about = {
  title: 'oauth4webapi, code with openid', package: 'oauth4webapi', flow: 'code, PKCE', state: 'page', openid: 'asked',
  note: 'leaves storage to the page', switchedOn: '`validateApplicationLevelSignature()`',
};

export function open({ server, client_id, redirect_uri }) {
  const client = { client_id };
  let tokens;
  return {
    async authorize() {
      const [state, nonce, verifier] = [generateRandomState(), generateRandomNonce(), generateRandomCodeVerifier()];
      sessionStorage.setItem(state, JSON.stringify({ nonce, verifier }));
      const code_challenge = await calculatePKCECodeChallenge(verifier);
      const parameters = new URLSearchParams({
        response_type: 'code', client_id, redirect_uri, scope: 'openid', state, nonce, code_challenge, code_challenge_method: 'S256',
      });
      return `${server.authorization_endpoint}?${parameters}`;
    },
    async callback() {
      const url = new URL(location.href);
      const state = url.searchParams.get('state');
      const kept = sessionStorage.getItem(state);
      if (!kept) throw new Error('There is no such login.');
      sessionStorage.removeItem(state);
      const { nonce, verifier } = JSON.parse(kept);
      const parameters = validateAuthResponse(server, client, url, state);
      const insecure = { [allowInsecureRequests]: true };
      const response = await authorizationCodeGrantRequest(server, client, None(), parameters, redirect_uri, verifier, insecure);
      const found = await processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true });
      await validateApplicationLevelSignature(server, response, insecure);
      tokens = found;
      return tokens.access_token;
    },
    user: () => tokens && getValidatedIdTokenClaims(tokens).sub,
    fetch: (url, init) =>
      protectedResourceRequest(tokens.access_token, init?.method ?? 'GET', new URL(url), new Headers(init?.headers), init?.body, { [allowInsecureRequests]: true }),
  };
}
