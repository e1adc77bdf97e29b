import { generateCodeVerifier, OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';

export const about = {
  package: '@badgateway/oauth2-client', flow: 'code, PKCE', state: 'page',
  note: 'compares the state, and leaves making and storing it to the page',
};

export function open({ server, client_id, redirect_uri }) {
  const client = new OAuth2Client({
    clientId: client_id, authorizationEndpoint: server.authorization_endpoint, tokenEndpoint: server.token_endpoint,
  });
  let token;
  const sender = new OAuth2Fetch({ client, getNewToken: async () => token });
  return {
    async authorize() {
      const state = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
      const codeVerifier = await generateCodeVerifier();
      sessionStorage.setItem(state, codeVerifier);
      return client.authorizationCode.getAuthorizeUri({ redirectUri: redirect_uri, state, codeVerifier, scope: ['api'] });
    },
    async callback() {
      const state = new URLSearchParams(location.search).get('state');
      const codeVerifier = sessionStorage.getItem(state);
      sessionStorage.removeItem(state);
      if (!codeVerifier) throw new Error('There is no such login.');
      token = await client.authorizationCode.getTokenFromCodeRedirect(location.href, { redirectUri: redirect_uri, state, codeVerifier });
      return token.accessToken;
    },
    fetch: (url, init) => sender.fetch(url, init),
  };
}
