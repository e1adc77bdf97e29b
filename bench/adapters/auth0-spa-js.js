import { Auth0Client } from '@auth0/auth0-spa-js';

export const about = {
  package: '@auth0/auth0-spa-js', flow: 'code, PKCE', state: 'client', keepsOneLogin: true, openid: 'always',
  note: 'the newest that could be installed, because a dependency of 2.28.3 was not to be had',
  leaves: {
    checks: ['signature', 'kid', 'crit'],
    says: 'a check of the signature was proposed as an option, and was not taken ([pull request 1405](https://github.com/auth0/auth0-spa-js/pull/1405)).',
  },
};

export function open({ server, client_id, redirect_uri }) {
  const domain = new URL(server.issuer).origin;
  const client = new Auth0Client({ domain, clientId: client_id, authorizationParams: { redirect_uri } });
  return {
    async authorize() {
      let target;
      await client.loginWithRedirect({ openUrl: (url) => void (target = url) });
      return target;
    },
    async callback() {
      await client.handleRedirectCallback();
      return client.getTokenSilently();
    },
    user: async () => (await client.getUser())?.sub,
    async fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${await client.getTokenSilently()}`);
      return fetch(url, { ...init, headers });
    },
  };
}
