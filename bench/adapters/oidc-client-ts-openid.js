import { UserManager } from 'oidc-client-ts';

export const about = {
  title: 'oidc-client-ts, with openid', package: 'oidc-client-ts', flow: 'code, PKCE', state: 'client', openid: 'asked',
  leaves: {
    checks: ['signature', 'alg', 'kid', 'crit'],
    says: 'its maintainer says that the signature is left out by design, because the code flow does not need it ([issue 1355](https://github.com/authts/oidc-client-ts/issues/1355)).',
  },
};

export function open({ server, client_id, redirect_uri }) {
  let target;
  const navigator = {
    prepare: async () => ({ navigate: async ({ url }) => void (target = url), close() {} }),
  };
  // Without a scope it asks for openid.
  const manager = new UserManager({ authority: server.issuer, metadata: server, client_id, redirect_uri }, navigator);
  return {
    async authorize() {
      await manager.signinRedirect();
      return target;
    },
    callback: async () => (await manager.signinRedirectCallback()).access_token,
    user: async () => (await manager.getUser())?.profile.sub,
    async fetch(url, init) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${(await manager.getUser()).access_token}`);
      return fetch(url, { ...init, headers });
    },
  };
}
