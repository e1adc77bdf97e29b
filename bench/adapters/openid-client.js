import {
  allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, Configuration,
  fetchProtectedResource, None, randomPKCECodeVerifier, randomState,
} from 'openid-client';

export const about = { package: 'openid-client', flow: 'code, PKCE', state: 'page', note: 'leaves storage to the page' };

export function open({ server, client_id, redirect_uri }) {
  const configuration = new Configuration(server, client_id, undefined, None());
  allowInsecureRequests(configuration);
  let token;
  return {
    async authorize() {
      const [state, verifier] = [randomState(), randomPKCECodeVerifier()];
      sessionStorage.setItem(state, verifier);
      const code_challenge = await calculatePKCECodeChallenge(verifier);
      return buildAuthorizationUrl(configuration, { redirect_uri, scope: 'api', state, code_challenge, code_challenge_method: 'S256' }).href;
    },
    async callback() {
      const url = new URL(location.href);
      const expectedState = url.searchParams.get('state');
      const pkceCodeVerifier = sessionStorage.getItem(expectedState);
      sessionStorage.removeItem(expectedState);
      if (!pkceCodeVerifier) throw new Error('There is no such login.');
      return (token = (await authorizationCodeGrant(configuration, url, { pkceCodeVerifier, expectedState })).access_token);
    },
    fetch: (url, init) => fetchProtectedResource(configuration, token, new URL(url), init?.method ?? 'GET', init?.body, new Headers(init?.headers)),
  };
}
