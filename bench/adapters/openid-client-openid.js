import {
  allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, Configuration,
  enableNonRepudiationChecks, fetchProtectedResource, None, randomNonce, randomPKCECodeVerifier, randomState,
} from 'openid-client';

export const about = {
  title: 'openid-client, with openid', package: 'openid-client', flow: 'code, PKCE', state: 'page', openid: 'asked',
  note: 'leaves storage to the page', switchedOn: '`enableNonRepudiationChecks()`',
};

export function open({ server, client_id, redirect_uri }) {
  const configuration = new Configuration(server, client_id, undefined, None());
  allowInsecureRequests(configuration);
  enableNonRepudiationChecks(configuration);
  let tokens;
  return {
    async authorize() {
      const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
      sessionStorage.setItem(state, JSON.stringify({ nonce, verifier }));
      const code_challenge = await calculatePKCECodeChallenge(verifier);
      return buildAuthorizationUrl(configuration, { redirect_uri, scope: 'openid', state, nonce, code_challenge, code_challenge_method: 'S256' }).href;
    },
    async callback() {
      const url = new URL(location.href);
      const expectedState = url.searchParams.get('state');
      const kept = sessionStorage.getItem(expectedState);
      if (!kept) throw new Error('There is no such login.');
      sessionStorage.removeItem(expectedState);
      const { nonce, verifier } = JSON.parse(kept);
      const checks = { pkceCodeVerifier: verifier, expectedState, expectedNonce: nonce, idTokenExpected: true };
      tokens = await authorizationCodeGrant(configuration, url, checks);
      return tokens.access_token;
    },
    user: () => tokens?.claims().sub,
    fetch: (url, init) =>
      fetchProtectedResource(configuration, tokens.access_token, new URL(url), init?.method ?? 'GET', init?.body, new Headers(init?.headers)),
  };
}
